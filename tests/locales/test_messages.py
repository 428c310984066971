"""The catalogue of messages: Danish words for what errors say in English; that every message is in it, `tests/test_words.py` sees."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from english_words import english_words

from vvvresearch.errors import Failure, SchemaError
from vvvresearch.locales import error_in_danish, in_danish

MESSAGES = Path(__file__).parents[2] / "vvvresearch" / "locales" / "messages"
CATALOGUE = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in MESSAGES.glob("*.toml")}


def gaps(words: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", words)


@pytest.mark.parametrize("room", sorted(CATALOGUE))
def test_the_danish_words_have_the_same_gaps_and_are_danish(room: str) -> None:
    for english, danish in CATALOGUE[room].items():
        assert set(gaps(danish)) <= set(gaps(english)), english
        assert len(set(gaps(english))) == len(gaps(english)), english
        assert not english_words(danish), danish


def test_a_message_stands_in_one_room_only() -> None:
    rooms: dict[str, list[str]] = {}
    for room, entries in CATALOGUE.items():
        for english in entries:
            rooms.setdefault(english, []).append(room)
    assert not {english: names for english, names in rooms.items() if len(names) > 1}


@pytest.mark.parametrize(
    ("english", "danish"),
    [
        ("the table 'koder' has more than 7 rows", "tabellen 'koder' har mere end 7 rækker"),
        ("not a whole number of at least 0 (found 'mange')", "ikke et helt tal på mindst 0 (fandt 'mange')"),
        ("memos on something that the project lacks: 3", "noter om noget, som projektet ikke har: 3"),
        ("a.csv: 1 places may name or single out a person (content 9f): PERSON in row 3, navn; decide on each in round.toml: "
         "[[may_stand]] name, reason, by; or [[accepted]] fault, reason, by; or take it out of the file",
         "a.csv: 1 steder nævner måske en person eller gør, at en kan genkendes (indhold 9f): PERSON i række 3, navn; afgør hvert af dem i "
         "round.toml: [[may_stand]] name, reason, by; eller [[accepted]] fault, reason, by; eller tag det ud af filen"),
        ("found by: Danish number with country code", "fundet ved: dansk nummer med landekode"),
        ("the step notebooks/a is new", "trinnet notebooks/a er ny"),
        ("the file is on fire", "the file is on fire"),
    ],
)  # fmt: skip
def test_messages_in_messages_are_told_whole_and_unknown_ones_not_by_halves(english: str, danish: str) -> None:
    assert in_danish(english) == danish


def test_a_table_that_breaks_its_schema_is_told_in_danish_row_by_row() -> None:
    failures = [Failure(3, "wave", "x", "a number is needed"), *(Failure(None, "", "", "the column is missing") for _ in range(20))]
    told = error_in_danish(SchemaError("the register is not usable", failures, where="a.csv")).splitlines()
    assert told[:4] == [
        "registret kan ikke bruges",
        "  hvor: a.csv",
        "  - række 3, wave: der skal stå et tal (fandt 'x')",
        "  - tabellen: kolonnen mangler",
    ]
    assert told[-1] == "  … og 1 til"
