"""Before and after below each other or on two sheets, visits side by side, states that say never, legends: as people lay them out."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from books import book

from vvvresearch.evidence import join_code, venner_viser_vej
from vvvresearch.intake import Proposal, each_occasion, normalised, propose, settle

PROGRAMME = venner_viser_vej()
PERSONS = 24
# Planted: person → (before, after); 8 stands for "don't know".
MOVES = {n: (1 + n % 4, 8 if n == 5 else min(5, 2 + n % 4 if n % 3 else 1 + n % 4)) for n in range(1, PERSONS + 1)}
LEGEND = "8 = ved ikke, 9 = ubesvaret. Spørgsmål 2 er vendt."


def asked(found: Proposal) -> set[str]:
    return {one.id for one in found.questions}


def decided(found: Proposal) -> dict[str, Any]:
    return {one.id: one.value for one in found.decided}


def one_below_the_other(path: Path) -> Path:
    rows: list[list[Any]] = [["Lb.nr.", "Deltager-id", "Måling", "Dato", "Mod", "Søvn"]]
    for turn, word in enumerate(("Før", "Efter")):
        rows += [
            [len(rows) + n, f"D-{n:03}", word if n % 5 else word.upper(), f"{n:02}-0{3 + 3 * turn}-2027", pair[turn], 1 + n % 5]
            for n, pair in MOVES.items()
            if turn == 0 or n % 4
        ]
    rows.append([len(rows), "D-007", "Efter", "30-06-2027", 1, 1])
    return book(path, [*rows, [], [LEGEND]])


def on_two_sheets(path: Path) -> Path:
    from openpyxl import Workbook

    made = Workbook()
    for turn, name in enumerate(("Start", "Slut")):
        page = made.active if turn == 0 else made.create_sheet()
        assert page is not None
        page.title = name
        head = ["ID", "Dato", "Mod", "Søvn"]
        order = (0, 1, 2, 3) if turn == 0 else (1, 0, 3, 2)
        page.append([head[place] for place in order])
        for n, pair in MOVES.items():
            row: list[Any] = [f"D-{n:03}" if turn == 0 else f"d-{n}", f"{n:02}-0{3 + 3 * turn}-2027", pair[turn], 1 + n % 5]
            if turn == 0 or n % 4:
                page.append([row[place] for place in order])
        page.append([])
        page.append([LEGEND])
    made.save(path)
    return path


@pytest.mark.parametrize("laid_out", [one_below_the_other, on_two_sheets])
def test_the_same_persons_at_two_times_become_two_surveys_whose_persons_meet(laid_out: Any, tmp_path: Path) -> None:
    # A file that is called by both times is of neither.
    found = propose(laid_out(tmp_path / "skema før og efter.xlsx"), programme=PROGRAMME)
    assert (found.kind, asked(found)) == ("survey", {"labels.1"})
    assert (decided(found)["missing.8"], "missing.9" in decided(found)) == ("dont_know", False), "no 9 stands in the file"
    (scale,) = found.questions
    assert [value for value, _ in scale.choices] == ["number", "1-5"]
    before, after = (normalised(one.path, one) for one in each_occasion(settle(found, {"labels.1": "1-5"})))
    first, second = (one.frames["answers"].set_index("respondent") for one in (before, after))
    assert len(first) == PERSONS
    assert set(second.index) == {who for who, n in zip(first.index, MOVES, strict=True) if n % 4}
    item = next(name for name in first if "mod" in name)
    meant = {who: pair for who, (n, pair) in zip(first.index, MOVES.items(), strict=True) if n % 4}
    if laid_out is one_below_the_other:
        # Who answered twice at one time is counted with the later answer.
        meant[first.index[6]] = (MOVES[7][0], 1)
    assert {who: (int(first[item][who]), int(second[item][who])) for who in second.index} == meant
    assert 'label = { da = "ved ikke"' in after.questionnaire
    assert 'wave = { da = "før 2027"' in before.questionnaire
    assert 'wave = { da = "efter 2027"' in after.questionnaire


def test_a_register_of_persons_with_a_date_a_visit_has_a_row_an_interview_and_none_for_the_cancelled(tmp_path: Path) -> None:
    head = ["Nr.", "Pseudonym", "Gruppe", "Runde 1", "Runde 2", "Samtykke", "Status", "Tlf. (intern)"]
    rows = [
        [f"F{n:02}", f"Navn{n}", ("Frivillig", "Flygtning")[n % 2], f"{n + 1:02}-03-2027", "" if n % 3 else f"{n + 1:02}-08-2027", "Ja",
         "Aflyst" if n == 4 else "Gennemført", "slettet"]
        for n in range(12)
    ]  # fmt: skip
    found = propose(book(tmp_path / "log.xlsx", [head, *rows]), programme=PROGRAMME)
    assert found.kind == "interviews"
    assert decided(found)["column.tlf-intern"] == "-"
    frame = normalised(found.path, settle(found, {one.id: "quote" for one in found.questions})).frames["interviews"]
    held = frame["interview"].tolist()
    assert len(held) == 11 + 4
    assert "F04" not in held
    assert Counter(frame["person"])["F03"] == 2
    assert dict(zip(frame["interview"], frame["month"], strict=True))["F03 (2)"] == "2027-08-04"[: len(frame["month"].iloc[0])]
    assert join_code("F03 Ask (2)") == join_code("F03 (2)") != join_code("F03 Ask")


def test_comments_and_transcripts_that_do_not_count_are_asked(tmp_path: Path) -> None:
    head = ["Dokumentname", "Code", "Segment", "Anfang", "Ende", "Kommentar", "Bearbeitet von"]
    rows = [
        [f"F{n % 10:02} Navn", f"Hjælp > {('Tid', 'Tillid')[n % 2]}", f"Det var godt, at nogen kom forbi den dag {n}", n + 1, n + 1,
         "udgår – dublet" if n in (3, 8) else "se memo" if n % 2 else "", "AB"]
        for n in range(40)
    ]  # fmt: skip
    rows += [["Prøve", "Hjælp > Tid", "Vi prøver lige guiden af på en kollega her", 1, 1, "", "AB"], rows[0]]
    registered = [f"F{n:02}" for n in range(10)]
    found = propose(book(tmp_path / "koder.xlsx", [head, *rows]), programme=PROGRAMME, registered=registered)
    assert asked(found) == {"dropped", "unregistered"}
    frame = normalised(found.path, settle(found, {"dropped": "left-out", "unregistered": "left-out"})).frames["codings"]
    assert len(frame) == 38
    assert len(normalised(found.path, settle(found, {"dropped": "kept", "unregistered": "kept"})).frames["codings"]) == 41


def test_matches_that_never_began_or_are_over_without_a_day_are_asked_and_a_planned_end_goes_on(tmp_path: Path) -> None:
    head = ["Sagsnr", "Startdato", "Slutdato", "Sagsstatus", "Ophørsårsag", "Personer"]
    rows: list[list[Any]] = [[f"S-{n}", f"{n + 1:02}-02-2027", f"{n + 1:02}-05-2027", "Lukket", "flyttet", 1] for n in range(10)]
    rows += [[f"S-{n}", f"{n:02}-03-2027", "", "Åben", "", 1] for n in range(10, 20)]
    rows += [
        ["S-30", "02-03-2027", "", "Annulleret", "", 1],
        ["S-31", "02-03-2027", "", "Lukket", "flyttet", 1],
        ["S-32", "02-03-2027", "14-12-2027", "Åben", "", 1],
    ]
    path = book(tmp_path / "sager.xlsx", [head, *rows])
    found = propose(path, programme=PROGRAMME, seen_until=datetime.date(2027, 9, 30))
    assert asked(found) == {"unbegun", "unended"}
    assert any("i gang den dag" in one for one in found.told)
    frame = normalised(path, settle(found, {"unbegun": "left-out", "unended": "going-on"})).frames["matches"].set_index("match")
    assert "S-30" not in frame.index
    assert (frame.loc[["S-31", "S-32"], ["end", "reason"]] == "").all(axis=None)
    assert (frame["end"] == "").sum() == 12


@pytest.mark.parametrize(("heading", "unit"), [("Hvilken afdeling svarer du for?", True), ("Hvor længe har du været her?", False)])
def test_a_place_in_a_municipality_that_answered_twice_is_asked(heading: str, unit: bool, tmp_path: Path) -> None:
    towns, places = ("Odense", "Vejle", "Viborg", "Skive", "Nstved"), ("Børn", "Job", "Bolig", "Ydelse", "Kultur")
    head = ["Svar-ID", "Dato for indsendelse", "Dato for sidste handling", "Hvilken kommune er I?", heading, "Hvor godt kender I os?"]
    pairs = [(town, place) for town in towns for place in places]
    rows = [
        [n, f"2027-09-{1 + n % 28:02} 10:00:00", f"2027-09-{1 + n % 28:02} 10:00:00", *pair, ("Godt", "Slet ikke")[n % 2]]
        for n, pair in enumerate([*pairs, pairs[3]])
    ]
    rows.append([99, "", "2027-09-20 10:00:00", "TEST", "test", "Godt"])
    found = propose(book(tmp_path / "svar.xlsx", [head, *rows]), programme=PROGRAMME)
    assert decided(found)["column.dato-for-indsendelse"] == "submitted"
    assert ("unit" in asked(found)) is unit
    assert any("prøvede skemaet" in one for one in found.told)
    assert decided(found)["municipality.nstved"] == "0370"
