"""What is settled goes into our own readers as it is, with the values that were planted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.intake.first_set import FIRST, cycle
from tests.intake.planted import D, Planted
from vvvresearch import sources
from vvvresearch.errors import SourceError
from vvvresearch.evidence import read_programme, read_questionnaire
from vvvresearch.intake import Normalised, Settled, normalised, propose, settle

PROGRAMME = read_programme(Path("nowhere"))
READERS: dict[str, Any] = {
    "interviews": sources.read_interviews,
    "codings": sources.read_codings,
    "codebook": sources.read_codebook,
    "matches": sources.read_matches,
    "monitoring": sources.read_monitoring,
    "courses": sources.read_courses,
    "counts": sources.read_counts,
    "mappings": sources.read_mappings,
    "guide": sources.read_register,
    "claims": sources.read_register,
    "judgements": sources.read_register,
    "attributes": sources.read_register,
}
BY_NAME = {planted.name: planted for planted in FIRST}
PLAIN = [planted for planted in FIRST if planted.asks == set() and planted.kind in READERS]


def taken(planted: Planted, folder: Path, answers: dict[str, Any] | None = None) -> tuple[Settled, Normalised]:
    path = planted.write(folder)
    partials = {"partials": "complete-before-partial"} if "partials" in (planted.asks or ()) else {}
    settled = settle(propose(path, programme=PROGRAMME), {**partials, **(answers or {})})
    return settled, normalised(path, settled)


def as_csv(frame: pd.DataFrame, folder: Path, name: str = "normal.csv") -> Path:
    path = folder / name
    frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("planted", PLAIN, ids=lambda planted: planted.name)
def test_our_own_reader_takes_what_was_normalised(planted: Planted, tmp_path: Path) -> None:
    _, normal = taken(planted, tmp_path)
    (frame,) = normal.frames.values()
    read = READERS[planted.kind](as_csv(frame, tmp_path))
    total = [row for row in planted.rows[1:] if row and row[0] == "I alt"]
    table = read.frame if hasattr(read, "frame") else read.links
    if planted.kind != "codebook" and planted.name != "register-titel.xlsx":
        assert len(table) == len(planted.rows) - 1 - len(total)


def test_titles_above_and_totals_below_the_table_are_no_rows(tmp_path: Path) -> None:
    settled, normal = taken(BY_NAME["monitorering.xlsx"], tmp_path, {"this_file.extract": "2023-05"})
    frame = sources.read_monitoring(as_csv(normal.frames["monitoring"], tmp_path)).frame
    assert len(frame) == 11
    assert settled.header == "2"
    assert frame["municipality"].tolist()[-2:] == ["0190", "0860"]
    assert set(frame["extract"]) == {"2023-05"}
    assert frame["status"].tolist()[:2] == ["present", "absent"]
    assert set(frame["definition"]) == {"VVV i dag"}


def test_dates_that_a_spreadsheet_turned_round_are_turned_back_when_told(tmp_path: Path) -> None:
    planted = BY_NAME["matches-ombyttet.xlsx"]
    _, turned = taken(planted, tmp_path, {"swapped.start": "turn"})
    # The cell of 5 February was the second of May.
    assert turned.frames["matches"]["start"].tolist()[:2] == ["2022-05-13", "2022-05-02"]
    _, kept = taken(planted, tmp_path, {"swapped.start": "keep"})
    assert kept.frames["matches"]["start"].tolist()[1] == "2022-02-05"


def test_dates_get_their_missing_year_from_the_answer_and_american_ones_their_month_first(tmp_path: Path) -> None:
    _, dated = taken(BY_NAME["matches-uden-aar.csv"], tmp_path, {"this_file.year": 2021})
    assert dated.frames["matches"]["start"].tolist()[0] == "2021-05-01"
    _, american = taken(BY_NAME["matches-us.csv"], tmp_path)
    assert american.frames["matches"]["end"].tolist()[0] == "2022-09-13"


def test_reasons_keep_their_words_and_get_their_class(tmp_path: Path) -> None:
    _, normal = taken(BY_NAME["matches-nye-grunde.xlsx"], tmp_path, {"values.reason": {"Fik hund": "changed_life", "Andet": "-"}})
    frame = normal.frames["matches"]
    assert frame["reason"].tolist()[:3] == ["Flyttet", "Fik hund", "Andet"]
    assert frame["reason_class"].tolist()[:3] == ["moved", "changed_life", ""]


def answers_of(tmp_path: Path) -> Planted:
    towns = [
        *cycle(
            [
                "Horsens",
                "Vejle",
                "Kolding",
                "Esbjerg",
                "Viborg",
                "Skive",
                "Struer",
                "Lemvig",
                "Varde",
                "Billund",
                "Odense",
                "Nyborg",
                "Assens",
                "Faaborg-Midtfyn",
            ],
            14,
        ),
        "Horsens",
        "Vejle",
    ]
    states = ["Nogen svar", "Gennemført", *["Gennemført"] * 12, "Gennemført", "Gennemført"]
    days = [D(2023, 5, number + 1) for number in range(14)] + [D(2023, 4, 1), D(2023, 6, 1)]
    degree = cycle(["I nogen grad", "I høj grad", "Slet ikke", "Ved ikke"], 16)
    rows = [
        ["Kommune", "Samlet status", "Afsluttet", "I hvilken grad styrkes sproget hos deltagerne?", "Hvem? - Jobcenter", "Hvem? - Skole"]
    ]
    rows += [
        [town, state, day, answer, "Valgt" if number % 2 else "Ikke valgt", "Ikke valgt"]
        for number, (town, state, day, answer) in enumerate(zip(towns, states, days, degree, strict=True))
    ]
    return Planted("svar.xlsx", rows, "survey")


def test_complete_answers_stay_before_partial_ones_and_later_before_earlier_and_both_are_logged(tmp_path: Path) -> None:
    settled, normal = taken(answers_of(tmp_path), tmp_path)
    assert settled.unit == "municipality"
    frame, log = normal.frames["answers"], normal.log
    assert len(frame) == 14
    assert log is not None
    # Row 2 is Horsens' partial answer, row 3 Vejle's earlier one; rows 16 and 17 stay.
    assert log["row"].tolist() == [2, 3]
    assert [why.partition(";")[0] for why in log["why"]] == ["complete-before-partial", "later-before-earlier"]
    assert {16, 17} <= set(frame.index)


def test_the_draft_questionnaire_has_short_ids_the_true_order_and_fits_the_answers(tmp_path: Path) -> None:
    _, normal = taken(answers_of(tmp_path), tmp_path)
    definition = tmp_path / "questionnaire.toml"
    definition.write_text(normal.questionnaire, encoding="utf-8")
    questionnaire = read_questionnaire(definition)
    survey = sources.read_survey(as_csv(normal.frames["answers"], tmp_path), questionnaire)
    assert len(survey.answers) == 14
    assert all(len(item.id) <= 24 for item in questionnaire.items)
    likert = next(item for item in questionnaire.items if item.type == "likert")
    options = questionnaire.options(likert)
    assert [(option.code, option.role) for option in options] == [
        ("high", "answer"),
        ("some", "answer"),
        ("none", "answer"),
        ("dont_know", "dont_know"),
    ]
    boxes = next(item for item in questionnaire.items if item.type == "multiple")
    assert survey.answers[f"{boxes.id}:jobcenter"].tolist().count("1") == 7


@pytest.mark.parametrize("name", ["surveyxact.xlsx", "personer.csv", "limesurvey.csv", "forms.xlsx", "to-raekker.xlsx"])
def test_surveys_of_other_programs_fit_the_questionnaires_drafted_from_them(name: str, tmp_path: Path) -> None:
    planted = BY_NAME[name]
    _, normal = taken(planted, tmp_path)
    definition = tmp_path / "questionnaire.toml"
    definition.write_text(normal.questionnaire, encoding="utf-8")
    survey = sources.read_survey(as_csv(normal.frames["answers"], tmp_path), definition)
    assert len(survey.answers) == len(normal.frames["answers"])
    assert survey.questionnaire is not None
    wanted = sum(kind != "-" for kind in (*planted.items.values(), *planted.groups.values()))
    town = "municipality" in planted.columns.values() and planted.unit == "respondent"
    assert len(survey.questionnaire.items) == wanted + town


def test_persons_of_one_municipality_are_no_doubles(tmp_path: Path) -> None:
    settled, normal = taken(BY_NAME["personer.csv"], tmp_path)
    assert settled.unit == "respondent"
    assert len(normal.frames["answers"]) == 20
    assert normal.log is not None
    assert normal.log.empty


def test_numbers_without_labels_get_the_labels_that_are_answered_for_all_columns_at_once(tmp_path: Path) -> None:
    meaning = {"1": "Slet ikke", "2": "I ringe grad", "3": "I nogen grad", "4": "I høj grad", "5": "I meget høj grad"}
    _, normal = taken(BY_NAME["koder.csv"], tmp_path, {"labels.1": meaning})
    definition = tmp_path / "questionnaire.toml"
    definition.write_text(normal.questionnaire, encoding="utf-8")
    questionnaire = read_questionnaire(definition)
    assert [item.type for item in questionnaire.items] == ["likert"] * 3
    assert [option.label.da for option in questionnaire.options(questionnaire.item("q1"))] == list(meaning.values())


def test_a_labelled_file_keeps_its_codes(project: Path, tmp_path: Path) -> None:
    path = project / "surveys/demo/municipal-2021.sav"
    settled = settle(propose(path, programme=PROGRAMME))
    normal = normalised(path, settled)
    definition = tmp_path / "questionnaire.toml"
    definition.write_text(normal.questionnaire, encoding="utf-8")
    survey = sources.read_survey(as_csv(normal.frames["answers"], tmp_path), definition)
    own = sources.read_survey(path).answers
    assert survey.answers["benefit_language"].tolist() == own["benefit_language"].map(lambda code: code or "").tolist()
    assert survey.questionnaire is not None
    assert [option.code for option in survey.questionnaire.options(survey.questionnaire.item("benefit_language"))][:3] == [
        "high",
        "some",
        "low",
    ]


def test_another_file_than_the_one_that_was_looked_at_is_refused(tmp_path: Path) -> None:
    planted = BY_NAME["kodninger.csv"]
    path = planted.write(tmp_path)
    settled = settle(propose(path, programme=PROGRAMME))
    path.write_bytes(path.read_bytes() + b"I09;et nyt citat;Sprog;AB\r\n")
    with pytest.raises(SourceError, match="not the one"):
        normalised(path, settled)


def test_a_project_of_a_qda_program_is_taken_as_it_is(project: Path) -> None:
    path = project / "interviews/demo/demo.qdpx"
    proposal = propose(path, programme=PROGRAMME)
    assert (proposal.kind, proposal.questions) == ("codings", ())
    assert normalised(path, settle(proposal)).frames == {}


def test_rows_that_are_equal_in_every_cell_count_once_where_they_share_a_key(tmp_path: Path) -> None:
    planted = BY_NAME["matches.xlsx"]
    doubled = Planted("dobbelt.xlsx", [*planted.rows, planted.rows[3]], "matches")
    _, normal = taken(doubled, tmp_path)
    assert len(normal.frames["matches"]) == 10
    assert normal.log is not None
    assert normal.log["row"].tolist() == [12]


def test_two_answers_of_a_municipality_without_times_are_asked(tmp_path: Path) -> None:
    _, normal = taken(BY_NAME["mellem.csv"], tmp_path, {"unit": "municipality", "doubles": "first"})
    assert len(normal.frames["answers"]) == 12
    assert min(normal.frames["answers"].index) == 2


def test_an_extract_that_was_pasted_twice_counts_every_municipality_once_and_asks_of_none(tmp_path: Path) -> None:
    rows = [[name, status] for name, status in (("Vejle", "Ja"), ("Odense", "Nej"), ("Aarhus", "Ja"), ("Greve", "Planlagt"))]
    pasted = Planted("maj 2025.xlsx", [["Kommune", "Indsats"], *rows, *rows], "monitoring")
    _, normal = taken(pasted, tmp_path, {"this_file.extract": "2025-05"})
    assert sorted(normal.frames["monitoring"]["status"]) == ["absent", "planned", "present", "present"]
    assert normal.log is not None
    assert normal.log["row"].tolist() == [6, 7, 8, 9]


def test_quarters_side_by_side_leave_out_what_is_blank_and_a_bare_number_behind_the_year_is_one(tmp_path: Path) -> None:
    wide = [["Kommune", "2024-1", "2024-2"], ["Vejle", "Grøn", ""], ["Odense", "Gul", "Rød"], ["Aarhus", "Grøn", "Grøn"]]
    _, normal = taken(Planted("farver.xlsx", wide, "categories"), tmp_path)
    frame = normal.frames["categories"]
    assert sorted(frame["quarter"].value_counts().to_dict().items()) == [("2024-Q1", 3), ("2024-Q2", 2)]
