"""Tables as people keep them: times beside each other, cells merged downwards, names where codes belong. Truth is planted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import SourceError
from vvvresearch.evidence import municipalities, read_programme
from vvvresearch.intake import Proposal, normalised, propose, settle

NAMES = list(municipalities()["name"])
CODES = list(municipalities()["code"])


def workbook(path: Path, rows: list[list[Any]], merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    return path


def proposed(path: Path, **given: Any) -> Proposal:
    return propose(path, programme=read_programme(Path()), **given)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.sampled_from([1, 2, 3]), min_size=3, max_size=3), min_size=5, max_size=12))
def test_quarters_beside_each_other_are_one_row_a_municipality_and_quarter(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[int]]
) -> None:
    path = tmp_path_factory.mktemp("q") / "kategorier.xlsx"
    heads = ["1. kvartal 2031", "Q2 2031", "3. kvt. 2031"]
    workbook(path, [["Kommune", *heads], *([NAMES[place], *row] for place, row in enumerate(cells))])
    found = proposed(path)
    assert (found.kind, found.sure) == ("categories", True)
    (frame,) = normalised(path, settle(found)).frames.values()
    read = {(row["municipality"], row["quarter"]): row["category"] for row in frame.to_dict("records")}
    assert read == {
        (CODES[place], f"2031-Q{number}"): str(value) for place, row in enumerate(cells) for number, value in enumerate(row, start=1)
    }


def test_one_word_that_no_other_quarter_has_loses_no_quarter_and_is_told_with_its_row(tmp_path: Path) -> None:
    cells = [["Grøn", "Gul", "Rød"][place % 3] for place in range(5)]
    rows = [[NAMES[place], cell, "lilla" if place == 3 else cell, cell] for place, cell in enumerate(cells)]
    found = proposed(workbook(tmp_path / "k.xlsx", [["Kommune", "1. kvartal 2031", "2. kvartal 2031", "3. kvartal 2031"], *rows]))
    (frame,) = normalised(found.path, settle(found)).frames.values()
    assert dict(frame["quarter"].value_counts()) == {"2031-Q1": 5, "2031-Q2": 5, "2031-Q3": 5}
    assert not found.losses
    assert any("lilla (5)" in told for told in found.told)


def test_two_months_of_one_sheet_are_two_extracts(tmp_path: Path) -> None:
    rows = [[NAMES[place], "Ja" if place < 20 else "Nej", "Ja" if place < 25 else "Nej"] for place in range(30)]
    path = workbook(tmp_path / "status.xlsx", [["Kommune", "Aktiv nov. 2030", "Aktiv maj 2031"], *rows])
    found = proposed(path)
    assert found.sure
    frame = normalised(path, settle(found)).frames["monitoring"]
    assert frame.groupby("extract")["status"].apply(lambda one: int((one == "present").sum())).to_dict() == {"2030-11": 20, "2031-05": 25}


def test_a_year_and_a_quarter_in_two_columns_are_one_time(tmp_path: Path) -> None:
    rows = [[NAMES[place], 2031, quarter, 2] for place in range(6) for quarter in (1, 2)]
    path = workbook(tmp_path / "k.xlsx", [["Kommune", "År", "Kvartal", "Kategori"], *rows])
    (frame,) = normalised(path, settle(proposed(path))).frames.values()
    assert sorted(set(frame["quarter"])) == ["2031-Q1", "2031-Q2"]


QUOTES = ["vi mødes hver torsdag og laver mad", "jeg turde ikke ringe til dem", "hun kom også om vinteren", "det er svært at nå det hele"]


def test_a_merged_interview_holds_for_each_of_its_passages(tmp_path: Path) -> None:
    rows = [
        ["Interview", "Citat", "Kode"],
        ["S-1", QUOTES[0], "Tid"],
        [None, QUOTES[1], "Mod"],
        ["S-2", QUOTES[2], "Tid"],
        [None, QUOTES[3], "Tid"],
    ]
    path = workbook(tmp_path / "k.xlsx", rows, ("A2:A3", "A4:A5"))
    found = proposed(path)
    assert any("2" in told and "flettet" in told for told in found.told)
    frame = normalised(path, settle(found, {"columns": "yes"} if not found.sure else {})).frames["codings"]
    assert list(frame["interview"]) == ["S-1", "S-1", "S-2", "S-2"]


def test_an_interview_written_once_above_its_passages_is_asked_and_then_holds_for_them(tmp_path: Path) -> None:
    rows = [
        ["Interview", "Citat", "Kode"],
        ["S-1", QUOTES[0], "Tid"],
        [None, QUOTES[1], "Mod"],
        ["S-2", QUOTES[2], "Tid"],
        [None, QUOTES[3], "Tid"],
    ]
    path = workbook(tmp_path / "k.xlsx", rows)
    found = proposed(path)
    assert "blank.source" in {question.id for question in found.questions}
    answers = {question.id: question.proposal for question in found.questions}
    frame = normalised(path, settle(found, answers)).frames["codings"]
    assert list(frame["interview"]) == ["S-1", "S-1", "S-2", "S-2"]


def test_two_rows_of_headings_are_not_filled_from_their_merged_cells(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Kommune", "Til stede", "Behov", None], [None, None, "nyankomne", "længere ophold"]]
    rows += [[NAMES[place], "Ja", "Intet", "Stort"] for place in range(8)]
    path = workbook(tmp_path / "m.xlsx", rows, ("A1:A2", "B1:B2", "C1:D1"))
    roles = {one.id: one.value for one in proposed(path).decided}
    assert roles["column.behov-nyankomne"] == "need_new_arrivals"
    assert roles["column.kommune"] == "municipality"


PEOPLE = [("Samira Haddad", "Jens Holm"), ("Ali Rezai", "Inge Bang"), ("Yusuf Omar", "Karen Lund"), ("Leyla Demir", "Poul Beck")]


def test_names_under_the_headings_for_codes_of_persons_are_left_out_and_never_printed(tmp_path: Path) -> None:
    rows = [
        ["Flygtning", "Frivillig", "Matchet", "Afsluttet", "Årsag"],
        *([*both, f"{day}. maj 2031", None, None] for day, both in enumerate(PEOPLE, 1)),
    ]
    path = workbook(tmp_path / "match.xlsx", rows)
    found = proposed(path)
    roles = {one.id: one.value for one in found.decided}
    assert (found.kind, roles["column.flygtning"], roles["column.frivillig"]) == ("matches", "-", "-")
    assert not any(name in str(found.as_dict()) for both in PEOPLE for name in both)


def test_codes_of_persons_stay(tmp_path: Path) -> None:
    rows = [
        ["Flygtning", "Frivillig", "Matchet", "Afsluttet"],
        *([f"FLY-{day}", f"FRI-{day}", f"{day}. maj 2031", None] for day in range(1, 7)),
    ]
    roles = {one.id: one.value for one in proposed(workbook(tmp_path / "match.xlsx", rows)).decided}
    assert (roles["column.flygtning"], roles["column.frivillig"]) == ("refugee", "volunteer")


def test_a_formula_without_a_value_is_an_error_that_names_its_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path / "f.xlsx", [["Kommune", "Til stede"], ["Odense", "=1+1"]])
    with pytest.raises(SourceError, match=r"(?s)formula has no stored value.*B2"):
        proposed(path)


def test_decimals_are_no_bands_and_no_survey(tmp_path: Path) -> None:
    path = tmp_path / "steder.csv"
    path.write_text("lat,lon,navn\n55.4,10.3,Odense\n56.1,10.2,Aarhus\n57.0,9.9,Aalborg\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no kind that is known"):
        proposed(path)


def test_a_group_that_no_programme_knows_is_asked_for_and_not_refused(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Nr.", "Type", "Bølge", "Interviewform"]]
    rows += [[number, ("Nabo", "Gæst")[number % 2], 1, ("telefon", "fysisk")[number % 2]] for number in range(1, 9)]
    path = workbook(tmp_path / "liste.xlsx", rows)
    assert proposed(path).questions[0].id == "kind"
    asked = {question.id: question for question in proposed(path, kind="interviews").questions}
    assert asked["values.respondent_group"].items == ("Gæst", "Nabo")


def test_labels_of_one_stem_over_boxes_are_one_question_in_a_labelled_file(tmp_path: Path) -> None:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"resp": ["a", "b", "c", "d"], "v1": [0, 1, 1, 0], "v2": [1, 1, 0, 0]})
    labels = {"v1": "Hvad bruger du tid på? [Møder]", "v2": "Hvad bruger du tid på? [Telefon]", "resp": "Respondent"}
    boxes = {0: "Ikke valgt", 1: "Valgt"}
    path = tmp_path / "l.sav"
    pyreadstat.write_sav(frame, str(path), column_labels=labels, variable_value_labels={"v1": boxes, "v2": boxes})
    answers = normalised(path, settle(proposed(path))).frames["answers"]
    ticked = {str(name).partition(":")[2]: int((answers[name] == "1").sum()) for name in answers.columns if ":" in str(name)}
    assert ticked == {"moeder": 2, "telefon": 2}
