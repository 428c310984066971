"""The tables of the 2021 note, made again by the engine that tabulates any survey; figures as requirements R041–R050 print them."""

from __future__ import annotations

from pathlib import Path

import pytest

import vvvresearch as vvv
from vvvresearch.evidence import Survey
from vvvresearch.locales import half_up
from vvvresearch.results import Result
from vvvresearch.survey import tabulate


@pytest.fixture(scope="module")
def note(project: Path) -> Survey:
    survey: Survey = vvv.open_round("2021-note", root=project).surveys["municipal-2021"]
    return survey


def percents(table: Result) -> list[int]:
    return [int(half_up(100 * cell.value)) for cell in table.cells if cell.address.endswith(".share")]


def item_with(survey: Survey, place: str) -> list[str]:
    assert survey.questionnaire is not None
    return [item.id for item in survey.questionnaire.items if item.place.endswith(place)]


def test_table_6_has_its_six_percentages_and_the_note_on_several_answers(note: Survey) -> None:
    (item,) = item_with(note, "Tabel 6")
    table = tabulate(note, item)
    assert percents(table) == [94, 71, 65, 48, 29, 26]
    assert "Flere svar" in table.note


def test_table_7_adds_up_to_101_and_says_why(note: Survey) -> None:
    (item,) = item_with(note, "Tabel 7")
    table = tabulate(note, item)
    assert table.frame["count"].tolist() == [8, 10, 12, 0, 5, 7]
    assert sum(percents(table)) == 101
    assert "101" in table.note


def test_each_pair_of_table_11_equals_its_base_of_29_and_rows_are_sorted_by_yes(note: Survey) -> None:
    table = tabulate(note, "benefits")
    sums = table.frame.groupby("item", sort=False)["count"].sum()
    assert len(sums) == 8
    assert set(sums) == {29} == {table.base.n}
    yes = table.frame.loc[table.frame["code"] == "yes", "count"].tolist()
    assert yes == sorted(yes, reverse=True)
    printed = tabulate(note, "benefits_by_printed_route")
    assert printed.base.asked == 22
    assert "29" in printed.note


def test_the_first_figure_routes_the_second(note: Survey) -> None:
    first = tabulate(note, "refers")
    assert dict(zip(first.frame["code"], first.frame["count"], strict=True))["yes"] == 22
    assert tabulate(note, "agreement").base.asked == 22
    assert "reconstructed" in first.in_language("en").caption.casefold()
