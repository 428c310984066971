"""Templates: filled in as a spreadsheet program would, they are read without a question, whatever language they are in."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from vvvresearch import files
from vvvresearch.errors import SchemaError, SourceError
from vvvresearch.evidence import (
    COUNT_COLUMNS,
    COURSE_COLUMNS,
    LINK_COLUMNS,
    MATCH_COLUMNS,
    MONITORING_COLUMNS,
    NODE_COLUMNS,
    REGISTER_COLUMNS,
    SOURCE_TYPES,
    Programme,
    municipalities,
    read_programme,
    venner_viser_vej,
)
from vvvresearch.intake import propose
from vvvresearch.intake._kind import WORDED
from vvvresearch.intake._words import table_kinds
from vvvresearch.locales import Lang
from vvvresearch.sources import (
    is_template,
    read_codebook,
    read_codings,
    read_configurations,
    read_counts,
    read_courses,
    read_interviews,
    read_ledger,
    read_mappings,
    read_matches,
    read_monitoring,
    read_published,
    read_register,
    read_theory,
    template_bytes,
    template_kind,
    template_kinds,
    template_tables,
    template_type,
)
from vvvresearch.sources.templates import TemplateColumn, template_sheets

# Tables whose columns are a round's own, and what is only described.
WITHOUT = {"answers_as_received", "register", "documentary"}
DAY = datetime.date(2025, 5, 3)
LANGUAGES: tuple[Lang, ...] = ("da", "en")


def filled(folder: Path, kind: str, rows: list[dict[str, Any]], *, lang: Lang = "da", sheet: int = 0, path: Path | None = None) -> Path:
    """A template with rows, each cell under its heading in that language as a person types it; `rows` use readers' names."""
    source = path or folder / f"{kind}.xlsx"
    if path is None:
        source.write_bytes(template_bytes(kind, venner_viser_vej(), lang))
    columns = {column.name: column for column in template_sheets(kind, venner_viser_vej(), lang)[sheet].columns}
    book = openpyxl.load_workbook(source)
    worksheet = book.worksheets[sheet]
    places = {cell.value: cell.column for cell in worksheet[1]}
    for number, row in enumerate(rows, 2):
        for name, value in row.items():
            column = columns[name]
            shown = next((word for word, known in column.words.items() if known == value), value)
            worksheet.cell(number, places[column.heading], shown)
    book.save(source)
    return source


def test_every_type_of_source_that_is_a_table_has_a_template() -> None:
    assert set(template_kinds()) & set(SOURCE_TYPES) == set(SOURCE_TYPES) - WITHOUT
    assert {template_type(kind) for kind in set(template_kinds()) - set(SOURCE_TYPES)} <= {"register", "matches"}


@pytest.mark.parametrize("kind", sorted(template_kinds()))
def test_a_template_has_an_empty_sheet_an_explanation_of_every_column_and_lists_that_offer_its_words(kind: str) -> None:
    for lang in LANGUAGES:
        book = openpyxl.load_workbook(io.BytesIO(template_bytes(kind, venner_viser_vej(), lang)))
        sheets = template_sheets(kind, venner_viser_vej(), lang)
        *tables, explanation, lists = book.worksheets
        assert lists.sheet_state == "veryHidden"
        told = [[cell.value for cell in row] for row in explanation.iter_rows()]
        for sheet, worksheet in zip(sheets, tables, strict=True):
            assert worksheet.max_row == 1, "no examples that could be taken for data"
            assert [cell.value for cell in worksheet[1]] == [column.heading for column in sheet.columns]
            assert {column.heading for column in sheet.columns} <= {row[0] for row in told}
            rules = {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule for rule in worksheet.data_validations.dataValidation}
            for place, column in enumerate(sheet.columns, 1):
                offered = offer(rules.get(openpyxl.utils.get_column_letter(place)), lists)
                assert offered == (list(column.words) or None), (kind, column.name)


def offer(rule: Any, lists: Any) -> list[str] | None:
    """The words that a drop-down list offers, found where its rule says; None where there is no list."""
    if rule is None or rule.type != "list":
        return None
    first, last = (int(part.rpartition("$")[2]) for part in rule.formula1.partition("!")[2].split(":"))
    return [lists.cell(row, 3).value for row in range(first, last + 1)]


def test_dates_and_numbers_are_checked_by_the_spreadsheet_and_text_stays_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_bytes("matches", venner_viser_vej())))
    sheet = book.worksheets[0]
    columns = template_sheets("matches", venner_viser_vej())[0].columns
    rules = {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule.type for rule in sheet.data_validations.dataValidation}
    letters = {column.name: openpyxl.utils.get_column_letter(place) for place, column in enumerate(columns, 1)}
    assert (rules[letters["start"]], rules[letters["persons"]]) == ("date", "whole")
    assert letters["reason"] not in rules
    assert sheet.column_dimensions[letters["match"]].number_format == "@", "an age band 10-12 must not become a date"


def test_the_same_template_is_the_same_bytes() -> None:
    assert template_bytes("guide", venner_viser_vej()) == template_bytes("guide", venner_viser_vej())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_interview_register_is_read_as_it_was_filled_in(tmp_path: Path, lang: Lang) -> None:
    row = {
        "interview": "07", "respondent_group": "volunteer", "person": "v7", "pair": "P1", "wave": "2", "month": DAY, "mode": "phone",
        "interpreter": "no", "age_band": "10-12", "sex": "female", "arrival_group": "new", "match_type": "family",
        "relation_state": "troubled", "municipality": "0492", "source": "v07", "consent_analysis": "yes", "consent_quote": "no",
    }  # fmt: skip
    found = read_interviews(filled(tmp_path, "interviews", [row], lang=lang)).frame.iloc[0].to_dict()
    assert found["month"] == "2025-05"
    expected = row | {"interpreter": False, "consent_analysis": True, "consent_quote": False, "month": "2025-05"}
    assert {name: found[name] for name in row} == expected


@pytest.mark.parametrize("typed", [DAY, "03-05-2025", "3.5.2025", "2025-05-03"])
def test_a_date_is_read_as_a_cell_or_as_people_type_it_day_first(tmp_path: Path, typed: object) -> None:
    row = {"course": "K1", "name": "A", "date": typed, "participants": 12, "format": "webinar", "type": "workshop"}
    frame = read_courses(filled(tmp_path, "courses", [row])).frame
    assert frame.iloc[0][list(COURSE_COLUMNS)].tolist() == ["K1", "A", DAY, 12, "webinar", "workshop"]


def test_registers_of_matches_counts_and_monitoring_are_read(tmp_path: Path) -> None:
    match = {"match": "M1", "start": DAY, "persons": 3, "municipality": "0751", "match_type": "single"}
    ended = match | {"match": "M2", "end": datetime.date(2025, 6, 1), "reason": "flyttet", "reason_class": "moved"}
    matches = read_matches(filled(tmp_path, "matches", [match, ended])).frame
    assert matches["reason_class"].tolist() == ["", "moved"]
    assert matches["end"].tolist() == [None, datetime.date(2025, 6, 1)]
    assert "volunteer" not in matches.columns, "a column that nobody filled in would be missing answers"
    extract = {"extract": DAY, "municipality": "0563", "status": "planned", "definition": "en gruppe"}
    monitoring = read_monitoring(filled(tmp_path, "monitoring", [extract])).frame
    assert monitoring.iloc[0][list(MONITORING_COLUMNS)].tolist() == ["2025-05", "0563", "planned", "en gruppe"]
    count = {"count": "a", "value": 130, "measure": "stock", "unit": "match", "as_of": DAY}
    counts = read_counts(filled(tmp_path, "counts", [count])).frame
    assert counts.iloc[0][["value", "measure", "unit", "as_of", "what"]].tolist() == [130, "stock", "match", "2025-05", ""]


def test_memberships_are_numbers_from_0_to_1(tmp_path: Path) -> None:
    rows = [{"case": f"P{number}", "condition": "GOOD", "membership": value} for number, value in enumerate((0, 0.33, "0,67", 1))]
    path = filled(tmp_path, "judgements", rows)
    assert read_register(path, shares=["membership"]).frame["membership"].tolist() == [0, 0.33, 0.67, 1]
    with pytest.raises(SchemaError, match="row 2, membership: a number from 0 to 1"):
        read_register(filled(tmp_path, "judgements", [{"case": "P1", "condition": "GOOD", "membership": "1.2"}]), shares=["membership"])


def test_a_mapping_is_read_from_its_two_sheets(tmp_path: Path) -> None:
    link = {"case": "P1", "wave": "1", "perspective": "refugee", "cause": "tid", "effect": "sprog", "direction": "hinders"}
    path = filled(tmp_path, "mappings", [link | {"strength": "3", "informant": "F1;V1", "date": DAY}])
    nodes = [("tid", "factor"), ("sprog", "outcome_area")]
    rows = [{"case": "P1", "wave": "1", "perspective": "refugee", "node": name, "type": kind, "label": name} for name, kind in nodes]
    mappings = read_mappings(filled(tmp_path, "mappings", rows, sheet=1, path=path))
    assert mappings.nodes["type"].tolist() == ["factor", "outcome_area"]
    assert mappings.links[["direction", "strength", "informant", "date"]].to_numpy().tolist() == [
        ["hinders", 3, "F1", "2025-05-03"],
        ["hinders", 3, "V1", "2025-05-03"],
    ]


def test_a_theory_of_change_is_read_from_its_two_sheets(tmp_path: Path) -> None:
    boxes = [
        {"id": "moede", "level": "activity", "label_da": "Mødes", "codes": "Aktiviteter > Møder; Tid"},
        {"id": "dansk", "level": "goal"},
    ]
    path = filled(tmp_path, "theory", [boxes[0], boxes[1] | {"label_da": "Dansk", "label_en": "Danish"}])
    theory = read_theory(filled(tmp_path, "theory", [{"id": "a1", "from": "moede", "to": "dansk"}], sheet=1, path=path))
    assert [(one.id, one.level, one.label.en, one.codes) for one in theory.elements] == [
        ("moede", "activity", "Mødes", ["Aktiviteter > Møder", "Tid"]),
        ("dansk", "goal", "Danish", []),
    ]
    assert [(arrow.cause, arrow.effect, arrow.assumption) for arrow in theory.arrows] == [("moede", "dansk", None)]
    wrong = filled(tmp_path, "theory", [{"id": "a1", "from": "moede", "to": "dnask"}], sheet=1, path=path)
    with pytest.raises(SchemaError, match="did you mean dansk"):
        read_theory(wrong)


def test_configurations_are_read_with_their_passages_for_and_against(tmp_path: Path) -> None:
    record = {
        "id": "CMO-1",
        "statement": "Hvis",
        "contexts": "a; b",
        "resource": "r",
        "reasoning": "t",
        "outcome": "Dansk",
        "status": "refuted",
    }
    path = filled(tmp_path, "configurations", [record | {"outcome_direction": "hinders", "actor": "volunteer"}])
    passages = [{"configuration": "CMO-1", "side": side, "source": "F1", "text": side} for side in ("refuting", "supporting")]
    read = read_configurations(filled(tmp_path, "configurations", passages, sheet=1, path=path))
    assert read.records.iloc[0][["context", "direction", "actor", "status"]].tolist() == ["a;b", "hinders", "volunteer", "refuted"]
    assert sorted(read.passages[["stance", "quote"]].to_numpy().tolist()) == [["refutes", "refuting"], ["supports", "supporting"]]
    strange = [{"configuration": "CMO-2", "side": "refuting", "source": "F1", "text": "x"}]
    with pytest.raises(SchemaError, match="missing"):
        read_configurations(filled(tmp_path, "configurations", strange, sheet=1, path=path))


def test_a_ledger_is_the_same_from_a_template_as_from_text(tmp_path: Path) -> None:
    said = [{"id": name, "statement_da": name, "prior_from": 0.25, "prior_to": "0,5"} for name in ("H", "R")]
    path = filled(tmp_path, "ledger", said)
    item = {"id": "E1", "text_da": "brev", "hypothesis": "H", "seen": "not seen", "sensitivity_from": 0.5, "sensitivity_to": 0.75}
    filled(tmp_path, "ledger", [item | {"package": "p"}], sheet=1, path=path)
    filled(tmp_path, "ledger", [{"item": "E1", "rival": "R", "from": 0.125, "to": 0.25}], sheet=2, path=path)
    text = tmp_path / "ledger.toml"
    text.write_text(
        """schema_version = 1
[[hypotheses]]
id = "H"
statement = { da = "H", en = "H" }
prior = [0.25, 0.5]
[[hypotheses]]
id = "R"
statement = { da = "R", en = "R" }
prior = [0.25, 0.5]
[[items]]
id = "E1"
text = { da = "brev", en = "brev" }
hypothesis = "H"
seen = false
package = "p"
sensitivity = [0.5, 0.75]
type_one = { R = [0.125, 0.25] }
""",
        encoding="utf-8",
    )
    (one,), (other,) = read_ledger(path), read_ledger(text)
    assert one.items.to_dict("records") == other.items.to_dict("records")
    assert (one.priors, one.statement, one.rivals) == (other.priors, other.statement, other.rivals)


def test_codings_and_codebook_are_read_with_their_stance(tmp_path: Path) -> None:
    said = {"source": "F1", "text": "Jeg fik ikke flere venner af det her", "code_path": "Udbytte > Netværk", "coder": "AB"}
    frame = read_codings(filled(tmp_path, "codings", [said | {"stance": "contradicted"}, said | {"text": "Vi taler dansk hver uge"}])).frame
    assert frame["stance"].tolist()[0] == "contradicted"
    assert frame["code_path"].tolist() == ["Udbytte > Netværk"] * 2
    book = read_codebook(
        filled(tmp_path, "codebook", [{"code_path": "Udbytte"}, {"code_path": "Udbytte > Netværk", "definition": "venner"}])
    )
    assert list(book.paths) == ["Udbytte", "Udbytte > Netværk"]


def test_the_groups_of_another_programme_stand_in_its_templates(tmp_path: Path) -> None:
    data = {
        "schema_version": 1,
        "name": {"da": "Vejen", "en": "The Way"},
        "halves": ["young", "mentor"],
        "groups": {
            "young": {"label": {"da": "Unge", "en": "Young people"}, "one": {"da": "ung", "en": "young person"}},
            "mentor": {"label": {"da": "Mentorer", "en": "Mentors"}, "one": {"da": "mentor", "en": "mentor"}},
        },
    }
    programme = Programme.model_validate(data)
    path = tmp_path / "interviews.xlsx"
    path.write_bytes(template_bytes("interviews", programme))
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(2, 1, "1")
    book.worksheets[0].cell(2, 2, "Ung")
    book.save(path)
    groups = read_interviews(path, groups=tuple(programme.groups), halves=programme.halves).frame["respondent_group"].tolist()
    assert groups == ["young"]


def test_a_word_that_is_in_no_list_is_refused_by_its_row_and_never_guessed(tmp_path: Path) -> None:
    path = filled(tmp_path, "interviews", [{"interview": "1", "respondent_group": "volunteer", "mode": "Brevdue"}])
    with pytest.raises(SchemaError, match="row 2, mode"):
        read_interviews(path)


def test_a_column_with_names_that_somebody_added_is_refused(tmp_path: Path) -> None:
    path = filled(tmp_path, "interviews", [{"interview": "1", "respondent_group": "volunteer"}])
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(1, 40, "Telefonnummer")
    book.worksheets[0].cell(1, 21, "Navn")
    for place in range(22, 40):
        book.worksheets[0].cell(1, place, f"Ekstra {place}")
    book.save(path)
    with pytest.raises(SchemaError, match="holds no names or contact data"):
        read_interviews(path)


def test_sheets_may_be_moved_but_not_renamed(tmp_path: Path) -> None:
    path = filled(tmp_path, "guide", [{"respondent_group": "refugee", "code_path": "Udbytte"}])
    book = openpyxl.load_workbook(path)
    book.move_sheet(book.worksheets[0], 1)
    book.save(path)
    assert read_register(path).frame.iloc[0].tolist() == ["refugee", "Udbytte"]
    book.worksheets[1].title = "Min"
    book.save(path)
    with pytest.raises(SourceError, match="lost its sheet 'Interviewguide'"):
        read_register(path)


def test_a_template_says_its_kind_and_another_workbook_is_none(tmp_path: Path, project: Path) -> None:
    path = filled(tmp_path, "agreements", [])
    assert (is_template(path), template_kind(path)) == (True, "agreements")
    other = project / "surveys/demo/leaders-2021.xlsx"
    assert (is_template(other), template_kind(other), template_kind(project / "README.md")) == (False, "", "")


def test_templates_have_every_column_that_a_reader_needs() -> None:
    needed = {
        "interviews": REGISTER_COLUMNS, "courses": COURSE_COLUMNS, "counts": COUNT_COLUMNS, "matches": MATCH_COLUMNS,
        "monitoring": MONITORING_COLUMNS,
    }  # fmt: skip
    for kind, columns in needed.items():
        names = {column.name: column for column in template_sheets(kind, venner_viser_vej())[0].columns}
        assert set(columns) <= names.keys()
        assert not [name for name in columns if names[name].optional]
    links, nodes = template_sheets("mappings", venner_viser_vej())
    assert {column.name for column in links.columns} == set(LINK_COLUMNS)
    assert {column.name for column in nodes.columns} == set(NODE_COLUMNS)


def test_a_list_of_municipalities_has_all_98_by_name() -> None:
    words = template_sheets("agreements", venner_viser_vej())[0].columns[0].words
    assert words["Ærø"] == "0492"
    assert sorted(words.values()) == sorted(municipalities()["code"])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(set(template_kinds()) & set(table_kinds())))
def test_the_words_of_a_template_are_those_that_intake_knows(kind: str, lang: Lang) -> None:
    """A table that somebody copied out of a template still goes in: headings and words have one meaning everywhere."""
    from vvvresearch.intake._fold import fold
    from vvvresearch.intake._words import meanings

    roles = {role.name: role for role in table_kinds()[kind].roles}
    for column in template_sheets(kind, venner_viser_vej(), lang)[0].columns:
        name = {"code_path": "code"}.get(column.name, column.name) if kind == "codings" else column.name
        if name not in roles or (roles[name].exact is None and roles[name].stem is None):
            continue
        assert roles[name].fits_heading(fold(column.heading)), (column.name, column.heading)
        if roles[name].values in WORDED - {"group", "half", "reason"}:
            known = meanings(roles[name].values)
            assert {word: known.get(fold(word)) for word in column.words} == dict(column.words)


def test_a_table_copied_out_of_a_template_is_recognised(tmp_path: Path) -> None:
    rest = {"reason": "flyttet", "municipality": "0751"}
    rows = [
        {"match": f"M{n}", "start": datetime.date(2025, n + 1, 3), "end": datetime.date(2025, 12, n + 1), "persons": n % 4 + 1, **rest}
        for n in range(12)
    ]
    book = openpyxl.load_workbook(filled(tmp_path, "matches", rows))
    for sheet in book.worksheets[1:]:
        book.remove(sheet)
    book.save(tmp_path / "copied.xlsx")
    proposal = propose(tmp_path / "copied.xlsx", programme=read_programme(tmp_path))
    decided = {one.id: one.value for one in proposal.decided}
    assert (proposal.kind, decided["column.startdato"], decided["column.slutdato"]) == ("matches", "start", "end")


@pytest.mark.parametrize("kind", sorted(set(template_kinds()) - {"survey", "goals"}))
def test_a_filled_template_goes_in_without_a_question_as_what_it_is(tmp_path: Path, kind: str) -> None:
    from vvvresearch.intake import normalised, settle

    required = [column.name for column in template_sheets(kind, venner_viser_vej())[0].columns if column.required]
    proposal = propose(filled(tmp_path, kind, [dict.fromkeys(required, "1")]), programme=venner_viser_vej())
    assert (proposal.kind, proposal.sure, proposal.questions) == (kind, True, ())
    assert proposal.type in SOURCE_TYPES
    assert "1 rækker" in proposal.told[0]
    assert normalised(proposal.path, settle(proposal)).frames == {}, "its reader takes it as it is"


def test_goals_of_a_filled_template_are_a_list_that_asks_what_it_does_not_say(tmp_path: Path) -> None:
    rows = [
        {"goal": "Få forløb brydes", "target": "højst 10 %", "indicator": "Andel, der brydes før tid"},
        {"goal": "Der er 300 nye match", "target": "300"},
    ]
    proposal = propose(filled(tmp_path, "goals", rows), programme=venner_viser_vej())
    decided = {one.id: one.value for one in proposal.decided}
    assert (proposal.kind, decided["goal.1.target"], decided["goal.1.direction"]) == ("goals", "10 %", "at_most")
    assert decided["goal.1.indicator"] == "Andel, der brydes før tid"
    assert decided["goal.2.target"] == "300"
    assert {"goal.1.unit", "goal.2.unit"} & {one.id for one in proposal.questions}


def test_answers_with_questions_of_ones_own_are_looked_at_and_not_the_explanation(tmp_path: Path) -> None:
    path = filled(tmp_path, "survey", [])
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.cell(1, 4, "Henviser I borgere til en frivillig ven?")
    for number, name in enumerate(("Aarhus", "Vejle", "Ærø", "Fanø", "Lejre"), 2):
        for place, value in enumerate((name, "Gennemført", DAY, "Ja" if number % 2 else "Nej"), 1):
            sheet.cell(number, place, value)
    book.save(path)
    proposal = propose(path, programme=venner_viser_vej())
    assert proposal.kind == "survey"
    assert proposal.headings == ("Kommune", "Status", "Modtaget", "Henviser I borgere til en frivillig ven?")
    assert proposal.unit == "municipality"


def test_columns_of_one_template_have_headings_of_their_own() -> None:
    for kind in template_kinds():
        for lang in LANGUAGES:
            for sheet in template_sheets(kind, venner_viser_vej(), lang):
                headings = [column.heading for column in sheet.columns]
                assert len(set(headings)) == len(headings), kind
                assert len(sheet.title) <= 31
                assert all(isinstance(column, TemplateColumn) for column in sheet.columns)


@pytest.mark.parametrize("kind", ["interviews", "mappings"])
def test_every_sheet_of_a_template_can_be_scanned_and_holds_no_number_or_address_of_a_person(tmp_path: Path, kind: str) -> None:
    from vvvresearch.privacy import scan_file

    found = list(scan_file(filled(tmp_path, kind, [])))
    assert [finding.kind for _, finding in found if finding.kind not in ("PERSON", "RARE")] == []


def test_an_empty_template_is_an_empty_table(tmp_path: Path) -> None:
    assert {kind: len(next(iter(template_tables(filled(tmp_path, kind, [])).values()))) for kind in ("guide", "matches")} == {
        "guide": 0,
        "matches": 0,
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_filled_template_of_published_numbers_is_read_as_its_six_tables(tmp_path: Path, lang: Lang) -> None:
    folder = Path("surveys/2021-note/published")
    sheets = [sheet.name for sheet in template_sheets("published", venner_viser_vej(), lang)]
    path = tmp_path / "trykt.xlsx"
    for place, name in enumerate(sheets):
        rows = [{column: cell for column, cell in row.items() if cell} for row in files.read_csv(folder / f"{name}.csv").to_dict("records")]
        filled(tmp_path, "published", rows, lang=lang, sheet=place, path=path if place else None)
        (tmp_path / "published.xlsx").rename(path) if not place else None
    read, own = read_published(path), read_published(folder)
    for name in sheets:
        assert getattr(read, name).astype(str).values.tolist() == getattr(own, name).astype(str).values.tolist()
