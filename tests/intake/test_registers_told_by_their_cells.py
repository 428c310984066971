"""Pairs, waves and copied rows that only the cells of a file show, under headings that no list knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from books import book

from vvvresearch.evidence import venner_viser_vej
from vvvresearch.intake import normalised, propose, settle
from vvvresearch.monitoring import funnel


def _register(pair: list[str], time: list[str]) -> list[list[Any]]:
    people = [(role, f"{role[:2]}{number}") for number in range(1, 6) for role in ("Flygtning", "Frivillig")]
    rows: list[list[Any]] = [["Nr.", "Rolle", "Person", "Duo", "Sæson", "Må citeres"]]
    for turn, word in enumerate(time):
        for place, (role, person) in enumerate(people):
            rows.append([turn * len(people) + place + 1, role, person, pair[place // 2], word, "ja"])
    return rows


@pytest.mark.parametrize(
    ("pair", "time", "asked"),
    [
        (["A1", "A2", "A3", "A4", "A5"], ["vinter", "sommer"], {"role.pair": {"duo"}, "role.wave": {"saeson"}}),
        # Two flygtninge and two frivillige in one value are a team, no pair; one season for all is no wave.
        (["A1", "A1", "A2", "A2", "A3"], ["vinter"], {}),
    ],
)
def test_a_pair_and_a_wave_are_asked_for_where_the_cells_show_them(
    tmp_path: Path, pair: list[str], time: list[str], asked: dict[str, set[str]]
) -> None:
    proposal = propose(book(tmp_path / "oversigt.xlsx", _register(pair, time)), programme=venner_viser_vej())
    assert proposal.kind == "interviews"
    questions = {one.id: {choice for choice, _ in one.choices} - {"-"} for one in proposal.questions}
    assert {name: found for name, found in questions.items() if name in ("role.pair", "role.wave")} == asked


def test_those_who_have_not_begun_are_no_matches_where_a_date_says_since_when_they_wait(tmp_path: Path) -> None:
    heads = ["Forløbsnr.", "Borger", "Frivillig", "Visiteret", "Første møde", "Afsluttet", "Årsag"]
    rows = [
        [f"F{n}", f"B{n}", f"V{n}" if n < 7 else "", f"2027-01-{n:02d}", f"2027-02-{n:02d}" if n < 7 else "",
         "2027-05-01" if n < 4 else "", "Flyttet" if n < 4 else ""]
        for n in range(1, 10)
    ]  # fmt: skip
    path = book(tmp_path / "forløb.xlsx", [heads, *rows])
    proposal = propose(path, programme=venner_viser_vej())
    asked = {one.id: one for one in proposal.questions}
    assert [choice for choice, _ in asked["role.offered"].choices] == ["visiteret", "-"]
    # A register in which all have begun asks nothing about it.
    assert "role.offered" not in {
        one.id for one in propose(book(tmp_path / "b.xlsx", [heads, *rows[:6]]), programme=venner_viser_vej()).questions
    }
    answers = {name: one.proposal or one.choices[0][0] for name, one in asked.items()}
    read = normalised(path, settle(proposal, answers)).frames["matches"]
    steps = funnel(read).frame[["step", "n", "open"]]
    assert steps.to_numpy().tolist() == [["offered", 9, 3], ["started", 6, 0]]


def test_a_sheet_joined_with_itself_counts_each_form_once_and_forms_without_a_clock_stay(tmp_path: Path) -> None:
    for clock, left in ((":0{n}", 6), ("", 7)):
        answers = [
            [f"2026/05/1{n} 10:2{n}{clock.format(n=n)}" if clock else "2026-05-11", ("Ja", "Nej")[n % 2], f"Bog {n}"] for n in range(6)
        ]
        rows = [["Tidsstempel", "Kommer du igen?", "Hvilken bog valgte I?"], *answers, answers[2]]
        path = book(tmp_path / f"Læsere {left} (Svar) - Formularsvar 1.xlsx", rows)
        proposal = propose(path, programme=venner_viser_vej(), kind="survey")
        settled = settle(proposal, {one.id: one.proposal or one.choices[0][0] for one in proposal.questions})
        assert len(normalised(path, settled).frames["answers"]) == left
        assert proposal.source == f"laesere-{left}"
