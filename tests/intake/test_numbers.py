"""Numbers as people write them: what a mark before three digits is, where only other cells or a person can say."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from books import book
from hypothesis import given
from hypothesis import strategies as st

from vvvresearch.evidence import venner_viser_vej
from vvvresearch.intake import normalised, propose, settle
from vvvresearch.intake._cells import is_number, marks_of, number_text, share_of_numbers
from vvvresearch.intake._table import Column


@given(st.integers(1000, 10**9), st.sampled_from([".", ",", " ", "\u00a0", "'"]))
def test_marks_of_thousands_are_read_back_whatever_they_are(value: int, mark: str) -> None:
    written = f"{value:,}".replace(",", mark)
    assert is_number(written)
    assert number_text(written, True) == str(value)


@given(st.integers(1000, 10**7), st.integers(1, 99))
def test_thousands_and_decimals_together_leave_nothing_open(value: int, cents: int) -> None:
    english = f"{value + cents / 100:,.2f}"
    danish = english.translate(str.maketrans(",.", ".,"))
    assert {number_text(one, thousands) for one in (english, danish) for thousands in (True, False)} == {f"{value}.{cents:02}"}


@pytest.mark.parametrize(
    ("cells", "marks"),
    [
        (["12", "7", "3,5"], "plain"),
        (["1.204", "37", "588"], "open"),
        (["1.204", "3,5"], "thousands"),
        (["1.204", "2.011.300"], "thousands"),
        (["1.204", "0.5"], "decimals"),
        (["0.125", "0.375"], "decimals"),
        (["1.204", "1,204"], "open"),
        ([1.204, 2.5], "plain"),
    ],
)
def test_other_cells_say_what_a_mark_is_or_it_stays_open(cells: list[Any], marks: str) -> None:
    assert marks_of(Column("Antal", "antal", tuple(cells))) == marks


def test_a_sign_for_nothing_counts_neither_for_nor_against_a_column_of_numbers() -> None:
    assert share_of_numbers(["1.204", "-", "37"], whole=True) == 1
    assert share_of_numbers(["1.5", "2"], whole=True) == 0.5
    assert share_of_numbers(["-", "–"]) == 0


def test_whole_numbers_have_thousands_and_an_open_mark_of_others_is_asked(tmp_path: Path) -> None:
    events = [["Kursus", "Dato", "Form", "Type", "Fremmødte"]]
    events += [[f"Temadag {n}", datetime.date(2025, n, 4), "fysisk", "kursus", text] for n, text in enumerate(("1.204", "37", "12"), 1)]
    proposal = propose(book(tmp_path / "kurser.xlsx", events), programme=venner_viser_vej())
    frames = normalised(proposal.path, settle(proposal, {"columns": "yes"} if proposal.questions else {})).frames
    assert list(frames["courses"]["participants"]) == ["1204", "37", "12"]
    figures = book(tmp_path / "tal.xlsx", [["År", "Nøgletal", "Værdi"], ["2023", "Ankomne", "1.204"], ["2024", "Ankomne", "2.011"]])
    (asked,) = propose(figures, programme=venner_viser_vej()).questions
    assert asked.id == "numbers.vaerdi"
    for answer, first in (("thousands", "1204"), ("decimals", "1.204")):
        settled = settle(propose(figures, programme=venner_viser_vej()), {asked.id: answer})
        assert next(iter(normalised(figures, settled).frames["context"]["value"])) == first


def test_a_survey_of_numbers_with_words_among_them_is_asked_and_never_taken_for_words(tmp_path: Path) -> None:
    rows = [["Respondentnøgle", "Hvor mange borgere har I henvist?", "Henviser I borgere til tilbuddet?"]]
    rows += [[n, ("en del" if n == 3 else "ca. 20" if n == 6 else "1.200" if n == 5 else n), ("Ja", "Nej")[n % 2]] for n in range(1, 13)]
    path = book(tmp_path / "svar.xlsx", rows)
    proposal = propose(path, programme=venner_viser_vej())
    (asked,) = [one for one in proposal.questions if one.id == "item.hvor-mange-borgere-har-i-henvist"]
    assert "4" in asked.question, "the row is told, not the answer"
    settled = settle(proposal, {one.id: one.proposal for one in proposal.questions})
    answers = normalised(path, settled).frames["answers"]
    (column,) = [name for name in answers.columns if "henvist" in str(name)]
    assert list(answers[column])[:6] == ["1", "2", "", "4", "1200", "20"]


def test_figures_of_a_year_without_a_name_are_asked_for_what_they_count(tmp_path: Path) -> None:
    path = book(
        tmp_path / "tal.xlsx", [["År", "Hvad er talt op", "Antal"], ["2023", "Aktive", 12], ["2023", "Nye", 3], ["2024", "Aktive", 14]]
    )
    proposal = propose(path, programme=venner_viser_vej(), kind="context")
    assert [one.id for one in proposal.questions] == ["role.figure"]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How likely are you to recommend it? (0 = not at all, 10 = extremely)", False),
        ("På en skala fra 0 til 10, hvor tilfreds er du?", False),
        ("Hvor tryg er du? 0: slet ikke, 10: helt", False),
        ("Giv forløbet karakter (0–10)", False),
        ("Hvor tryg er du? (1 = slet ikke, 5 = helt)", True),
        ("Hvor tryg er du?", True),
    ],
)
def test_a_rating_whose_ends_the_question_names_is_a_number(tmp_path: Path, question: str, asked: bool) -> None:
    rows = [["Respondentnøgle", question, "Henviser I borgere til tilbuddet?"]]
    rows += [[n, 1 + n % 5 if asked else n % 11, ("Ja", "Nej")[n % 2]] for n in range(1, 30)]
    proposal = propose(book(tmp_path / "svar.xlsx", rows), programme=venner_viser_vej())
    assert any(one.id.startswith("labels.") for one in proposal.questions) is asked
