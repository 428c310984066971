"""Traps in files of evaluators: two keys, themes above subthemes, sheets out of sight, a second table, states in boxes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from vvvresearch.errors import SourceError
from vvvresearch.evidence import read_programme
from vvvresearch.intake import Proposal, normalised, propose, settle

PROGRAMME = read_programme(Path("."))


def book(path: Path, rows: list[list[Any]], hidden: str = "") -> Proposal:
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    if hidden:
        sheet = made.create_sheet(hidden)
        sheet.append(["Navn", "Telefon"])
        sheet.sheet_state = "hidden"
    made.save(path)
    return propose(path, programme=PROGRAMME)


def test_two_columns_that_could_be_the_key_are_asked(tmp_path: Path) -> None:
    rows = [["Løbenr", "Interviewnr", "Rolle"], *([n, f"X{n + 40}", ("Flygtning", "Frivillig")[n % 2]] for n in range(1, 9))]
    asked = {one.id: {value for value, _ in one.choices} for one in book(tmp_path / "a.xlsx", rows).questions}
    assert asked["role.interview"] == {"loebenr", "interviewnr"}


def test_themes_stand_above_their_subthemes_and_one_name_may_lie_under_two(tmp_path: Path) -> None:
    words = "Når nogen taler om det her"
    rows = [
        ["Tema", "Undertema", "Definition"],
        ["A", "Tid", words],
        ["B", "Tid", f"{words} igen"],
        ["B", "Sted", words],
        ["B", None, words],
    ]
    found = book(tmp_path / "a.xlsx", [rows[0], *rows[1:], ["A", "Mod", words], ["A", "Ro", words], ["A", "Rum", words]])
    answers = {one.id: one.proposal or "-" for one in found.questions}
    paths = normalised(found.path, settle(found, answers)).frames["codebook"]["code_path"]
    assert [*paths][:4] == ["A > Tid", "B > Tid", "B > Sted", "B"]


def test_a_hidden_sheet_is_told_and_a_second_table_is_asked(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Kommune", "VVV i dag", "Antal"]]
    rows += [[town, ("Ja", "Nej")[n % 2], n] for n, town in enumerate(("Vejle", "Odense", "Thisted", "Skive", "Assens", "Varde", "Nyborg"))]
    found = book(
        tmp_path / "a.xlsx", [*rows, [], ["Forening", "By", "Medlemmer"], ["Den Ene", "Her", 4], ["Den Anden", "Der", 5]], "Kontakter"
    )
    assert any("Kontakter" in told for told in found.told)
    assert "second_table" in {one.id for one in found.questions}
    assert not [one.id for one in found.questions if one.id.startswith("municipality.")]


def test_boxes_for_the_state_of_an_answer_are_one_state(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["respondent", "statoverall_1", "statoverall_3", "statoverall_4", "Har du børn?", "Hvor tit mødes I?"]]
    rows += [
        [n, int(n == 1), int(n == 2), int(n > 2), ("Ja", "Nej")[n % 2], ("Ugentligt", "Månedligt", "Sjældnere")[n % 3]]
        for n in range(1, 13)
    ]
    found = book(tmp_path / "a.xlsx", rows)
    decided = {one.id: one.value for one in found.decided}
    assert [name for name, value in decided.items() if value == "status"] == ["column.statoverall-1"]
    assert "partials" in {one.id for one in found.questions}


def test_an_island_is_not_taken_for_another_that_sounds_alike(tmp_path: Path) -> None:
    towns = ("Vejle", "Odense", "Thisted", "Skive", "Assens", "Varde", "Nyborg", "Sonderborg", "Årø")
    found = book(tmp_path / "a.xlsx", [["Kommune", "VVV i dag"], *([town, ("Ja", "Nej")[n % 2]] for n, town in enumerate(towns))])
    decided = {one.id: one.value for one in found.decided}
    assert decided["municipality.sonderborg"] == "0540"
    assert "municipality.aaroe" not in decided


def test_a_checklist_of_yes_and_no_is_asked_for_and_never_taken_for_an_extract(tmp_path: Path) -> None:
    path = tmp_path / "tjek.csv"
    rows = "Aalborg;ja;ja;nej;ja\nRanders;nej;ja;ja;nej\nViborg;ja;nej;nej;ja\nHorsens;ja;ja;ja;ja\n"
    path.write_text(f"Kommune;Skriftlig aftale;Kontaktperson;Faste møder;Henviser\n{rows}", encoding="utf-8")
    found = propose(path, programme=PROGRAMME)
    assert [one.id for one in found.questions] == ["kind"]
    assert not found.decided


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("svar.xls", ".xlsx"),
        ("svar.xlsb", ".xlsx"),
        ("udskrift.doc", ".docx"),
        ("rapport.pdf", ".docx"),
        ("projekt.nvpx", ".qdpx"),
        ("a.rds", ".sav"),
    ],
)
def test_a_file_of_another_program_is_told_what_to_save_it_as(name: str, better: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(SourceError) as caught:
        propose(tmp_path / name, programme=PROGRAMME)
    assert caught.value.todo == f"open it in its program and save it as {better}"
