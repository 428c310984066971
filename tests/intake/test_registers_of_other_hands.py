"""Registers as other people keep them: taken for what they are, or asked for with the right kind first, and never for another."""

from __future__ import annotations

import datetime
import itertools
import random
from pathlib import Path
from typing import Any

import pytest
from books import book

from vvvresearch.errors import SourceError
from vvvresearch.evidence import venner_viser_vej
from vvvresearch.intake import normalised, propose, settle

TOWNS = ("Aarhus", "Odense", "Vejle", "Kolding", "Esbjerg", "Herning", "Viborg", "Randers", "Horsens", "Skive")
DRAW = random.Random(31)


def day() -> datetime.date:
    return datetime.date(2025, 1, 1) + datetime.timedelta(DRAW.randrange(400))


def any_of(*words: str) -> Any:
    return DRAW.choice(words)


TABLES: dict[str, tuple[str, list[str], Any]] = {
    "aftaler med kommunerne": ("agreements", ["Kommune", "Skrevet under", "Gælder til"], lambda n: [TOWNS[n % 10], day(), day()]),
    "aktiviteter i foråret": (
        "activities",
        ["Hvornår", "Hvad lavede I?", "Hvor mange kom", "Kommune"],
        lambda n: [day(), any_of("Fællesspisning", "Tur", "Lektiecafé"), DRAW.randrange(2, 30), TOWNS[n % 10]],
    ),
    "Bedømmelser af par": (
        "judgements",
        ["Par", "Betingelse", "Vurdering", "Begrundelse"],
        lambda n: [f"P{n // 3}", ("Fælles interesse", "Fast tid", "Ro")[n % 3], any_of("0", "0,33", "0,67", "1"), "Set i begge interview"],
    ),
    "befolkning": ("context", ["Kommune", "År", "Indbyggere"], lambda n: [TOWNS[n % 10], 2024, DRAW.randrange(40_000, 90_000)]),
    "log boligområder": (
        "housing_areas",
        ["Boligområde", "Kommune", "Dato", "Hvad skete der"],
        lambda n: [any_of("Nordparken", "Sydhøj"), TOWNS[n % 10], day(), any_of("Møde", "Infostand")],
    ),
    "Volunteers list": (
        "volunteers",
        ["Volunteer no.", "Joined", "Municipality", "How did you hear about us?"],
        lambda n: [f"V{n:03}", day(), TOWNS[n % 10], any_of("Facebook", "A friend", "Church")],
    ),
    "kampagner": ("campaigns", ["Kampagne", "Hvornår", "Kanal"], lambda n: [f"Bliv ven {n}", "2025 K2", any_of("Radio", "Plakat")]),
    "materialer": (
        "materials",
        ["Titel", "Slags", "Til hvem", "Udgivet"],
        lambda n: [f"Folder {n}", any_of("folder", "film"), any_of("frivillige", "kommuner"), day()],
    ),
    "matches pr. 31-12": (
        "snapshots",
        ["År", "Match", "Kommune", "Status pr. 31/12"],
        lambda n: [2024 + n // 12, f"M{n % 12}", TOWNS[n % 10], any_of("aktiv", "ophørt")],
    ),
    "tilbud om ven": (
        "offers",
        ["Sag", "Spurgt den", "Sagde ja", "Kommune"],
        lambda n: [f"S{n}", day(), any_of("ja", "nej"), TOWNS[n % 10]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_a_register_is_known_or_asked_for_with_its_kind_first(tmp_path: Path, name: str) -> None:
    kind, headings, row = TABLES[name]
    path = book(tmp_path / f"{name}.xlsx", [headings, *(row(number) for number in range(24))])
    proposal = propose(path, programme=venner_viser_vej())
    if not proposal.kind:
        (asked,) = proposal.questions
        assert asked.proposal == asked.choices[0][0] == kind
        assert len(asked.choices) <= 6
    else:
        assert proposal.kind == kind


def test_a_list_of_a_year_is_that_of_its_last_day(tmp_path: Path) -> None:
    _, headings, row = TABLES["matches pr. 31-12"]
    path = book(tmp_path / "matches pr. 31-12.xlsx", [headings, *(row(number) for number in range(24))])
    proposal = propose(path, programme=venner_viser_vej(), kind="snapshots")
    settled = settle(proposal, {one.id: one.proposal or one.choices[0][0] for one in proposal.questions})
    frame = next(iter(normalised(path, settled).frames.values()))
    assert set(frame["date"]) == {"2024-12-31", "2025-12-31"}


def test_a_file_of_nothing_known_stays_refused(tmp_path: Path) -> None:
    rows = [
        ["Bil", "Kilometer", "Værksted"],
        *([f"B{n}", n * 100, word] for n, word in zip(range(20), itertools.cycle("xyz"), strict=False)),
    ]
    with pytest.raises(SourceError, match="no kind"):
        propose(book(tmp_path / "biler.xlsx", rows), programme=venner_viser_vej())
