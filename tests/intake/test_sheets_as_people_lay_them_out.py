"""Sheets with sums between groups, rows of units, boxes under one heading, sheets of labels: what is data, what it means, what is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from vvvresearch.evidence import read_programme
from vvvresearch.intake import Proposal, normalised, propose, settle
from vvvresearch.intake._earlier import _likeness
from vvvresearch.intake._grid import without_totals, without_units
from vvvresearch.intake._personal import is_personal
from vvvresearch.intake._scales import scale_of
from vvvresearch.intake._table import Column
from vvvresearch.intake._words import reason_class
from vvvresearch.sources.templates._workbook import _cell, _Told

PROGRAMME = read_programme(Path("."))
TOWNS = ("Vejle", "Odense", "Thisted", "Skive", "Assens", "Varde", "Nyborg", "Greve")


def book(path: Path, rows: list[list[Any]], sheets: dict[str, list[list[Any]]] | None = None, unseen: str = "") -> Proposal:
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    for name, other in (sheets or {}).items():
        sheet = made.create_sheet(name)
        for row in other:
            sheet.append(row)
    if unseen:
        made.worksheets[0].row_dimensions[4].hidden = True
        made.worksheets[0].column_dimensions[unseen].hidden = True
    made.save(path)
    return propose(path, programme=PROGRAMME)


def decided(found: Proposal) -> dict[str, Any]:
    return {one.id: one.value for one in found.decided}


@pytest.mark.parametrize("sizes", [(1,), (2, 3), (1, 4, 2)])
@pytest.mark.parametrize("words", ["{} i alt", "I alt", "Subtotal", "{} total"])
@pytest.mark.parametrize("grand", [False, True])
def test_sums_of_groups_are_no_data_and_every_other_row_is(sizes: tuple[int, ...], words: str, grand: bool) -> None:
    rows: list[list[Any]] = []
    data = []
    for number, size in enumerate(sizes):
        for place in range(size):
            data.append(len(rows))
            rows.append([f"Region {number}", TOWNS[place], "Ja", "Nej", place])
        rows.append([words.format(f"Region {number}"), "", "", "", size])
    rows += [["Hele landet", "", "", "", 9]] if grand else []
    assert without_totals(rows, list(range(len(rows))))[:2] == (data, len(sizes) + grand)


def test_a_row_that_is_filled_is_no_sum_whatever_it_is_called() -> None:
    rows: list[list[Any]] = [["Total", "Ja", 3], ["Kommunikation i alt", "Nej", 4], ["Ro", "Ja", 5]]
    assert without_totals(rows, [0, 1, 2]) == ([0, 1, 2], 0, ())


def test_units_below_a_heading_are_left_out_and_a_first_row_of_answers_is_not() -> None:
    data = ["Vejle", "Ja", 3]
    assert without_units([["", "ja/nej", "stk."], data], [0, 1]) == ([1], True)
    assert without_units([["Vejle", "ja/nej", "stk."], data], [0, 1])[1] is False
    assert without_units([["", "Ja", "stk."], data], [0, 1])[1] is False


def test_hidden_rows_and_columns_are_read_and_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Kommune", "VVV i dag", "Antal venskaber"], *([town, "Ja", n] for n, town in enumerate(TOWNS))]
    found = book(tmp_path / "a.xlsx", rows, unseen="C")
    assert any("Antal venskaber" in told and ": 1;" in told for told in found.told)
    assert len(normalised(found.path, settle(found, {"this_file.extract": "2024-05"})).frames["monitoring"]) == len(TOWNS)


def test_a_table_that_begins_again_is_asked_and_not_read_as_rows(tmp_path: Path) -> None:
    head = ["Kursus", "Dato", "Tilmeldte", "Deltog"]
    rows: list[list[Any]] = [["Kurser"], head, *([f"Velkommen nr. {n}", f"1{n}.3.2023", 9, 8] for n in range(4))]
    found = book(tmp_path / "a.xlsx", [*rows, [], ["Aftener"], head, ["Aften om ro", "2.4.2023", 5, 4], ["Aften om mad", "3.4.2023", 5, 4]])
    answers = {one.id: one.proposal or "physical" for one in found.questions}
    assert "second_table" in answers
    assert len(normalised(found.path, settle(found, answers)).frames["courses"]) == 4


def test_boxes_under_one_heading_of_referrals_are_one_list(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Kommune", "Til stede i dag", "Henvisere", ""], ["", "", "Jobcenter", "Sprogskole"]]
    ticks = [("x", None), (None, "x"), ("x", "x"), (None, None)] * 2
    rows += [[town, "Ja" if n % 2 else "Nej", *own] for n, (town, own) in enumerate(zip(TOWNS, ticks, strict=True))]
    found = book(tmp_path / "a.xlsx", rows)
    frame = normalised(found.path, settle(found, {"this_file.extract": "2024-05"})).frames["monitoring"]
    assert [*frame["referral_sources"]][:4] == ["Jobcenter", "Sprogskole", "Jobcenter; Sprogskole", ""]


def test_a_coding_sheet_is_known_by_its_passages_and_its_column_of_them_is_confirmed(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Nr", "Respondent", "Undertema", "Det blev sagt", "Kodet af"]]
    rows += [[n, f"IV{n % 3}", ("Ro", "Mod")[n % 2], f"Vi gik en lang tur om søen dag {n}", "AB"] for n in range(9)]
    found = book(tmp_path / "a.xlsx", rows)
    assert found.kind == "codings"
    assert ("Det blev sagt = text",) in [one.items for one in found.questions]


def test_a_sheet_of_labels_gives_variables_their_questions_and_boxes_their_names(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["id", "submitdate", "q1", "q2[SQ001]", "q2[SQ002]", "q3"]]
    rows += [[n, "2023-05-01", n % 3 + 1, "YN"[n % 2], "NY"[n % 2], n % 9] for n in range(1, 20)]
    labels = [["Variable", "Question", "Value", "Label"]]
    labels += [["q1", "How well do you get on?", str(n), word] for n, word in enumerate(("Badly", "Neither", "Well"), 1)]
    labels += [[f"q2[SQ00{n}]", f"What do you do? [{word}]", "Y", "Yes"] for n, word in enumerate(("Sport", "Homework"), 1)]
    found = book(tmp_path / "a.xlsx", rows, {"Labels": [*labels, ["q3", "How many months?", "", ""]]})
    own = decided(found)
    assert own["item.q1"] == "likert"
    assert own["scale.q1"] == ["Well", "Neither", "Badly"]
    assert own["group.what-do-you-do"] == "multiple"
    assert own["item.q3"] == "number"
    assert not found.questions


@pytest.mark.parametrize("thing", ["Kursets", "Holdets", "Skolens", "Gruppens", "Kommunens"])
def test_what_things_are_called_is_no_name_of_a_person(thing: str) -> None:
    column = Column(f"{thing} navn", "navn", ("Ro og mod", "Sprog til daglig"))
    assert not is_personal(column)
    assert is_personal(Column("Kursistens navn", "navn", ("Aa Bb", "Cc Dd")))


def test_reasons_in_free_words() -> None:
    assert reason_class("Vides ikke") == "unknown"
    assert reason_class("De passede ikke sammen, stoppede før tid") == "premature"
    assert reason_class("Completed as planned") == "natural"
    assert reason_class("Did not get along") == "premature"
    # Two classes, or one that is denied, are asked.
    assert reason_class("Fik fuldtidsjob") == "changed_life"
    assert reason_class("Fik fuldtidsjob og har ikke tid mere") == ""


def test_degrees_of_one_word_are_a_scale_of_seven_steps() -> None:
    steps = [
        "Strongly agree",
        "Agree",
        "Somewhat agree",
        "Neither agree nor disagree",
        "Somewhat disagree",
        "Disagree",
        "Strongly disagree",
    ]
    found = scale_of(reversed(steps))
    assert (found.order, found.middle, found.sure) == (tuple(steps), steps[3], True)


def test_a_changed_wording_is_near_its_old_one_and_another_question_is_not() -> None:
    old = "har-kommunen-i-dag-en-aftale-med-en-frivillig-organisation-om-venskaber"
    new = "har-kommunen-for-tiden-en-aftale-med-en-eller-flere-frivillige-organisationer-om-venskaber"
    assert _likeness(new, old) >= 0.75 > _likeness("hvor-tilfreds-er-du-alt-i-alt-med-samarbejdet", old)


@pytest.mark.parametrize(
    ("written", "cells", "read"),
    [
        ("1. maj 2024", "date", "2024-05-01"),
        ("den 12. okt. 2023", "date", "2023-10-12"),
        ("3 May 2024", "month", "2024-05"),
        ("maj 2024", "month", "2024-05"),
        ("maj 2024", "date", "maj 2024"),
        ("1. uge 2024", "date", "1. uge 2024"),
    ],
)
def test_a_date_in_words_in_our_template_is_that_date(written: str, cells: str, read: str) -> None:
    assert _cell(written, _Told("Start", cells, False)) == read
