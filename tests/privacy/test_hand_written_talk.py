"""What is found in sentences that were each written by hand: 13 origins of names, every direct identifier, traps, and clean talk."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from vvvresearch.privacy import Finding, scan_text

DATA = Path(__file__).parent / "data"
DIRECT = ("CPR", "PHONE", "EMAIL", "SOCIAL", "ID", "ADDRESS", "DOB", "PLATE")
_ESCAPED = {r"\n": "\n", r"\r": "\r", r"\t": "\t"}


def marked() -> Iterator[tuple[str, str, str, int, int]]:
    """Group, position, sentence, start and end of everything that must be found."""
    for line in (DATA / "talk.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        group, position, rest = line.split("|", 2)
        rest = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), rest)
        rest = re.sub(r"\\[nrt]", lambda match: _ESCAPED[match[0]], rest)
        text = re.sub("[⟦⟧]", "", rest)
        for number, match in enumerate(re.finditer("⟦([^⟧]*)⟧", rest)):
            start = match.start() - 2 * number
            yield group, position, text, start, start + len(match[1])


@cache
def scanned(text: str) -> tuple[Finding, ...]:
    return tuple(scan_text(text))


def is_found(group: str, text: str, start: int, end: int) -> bool:
    """Every word of a name is touched; an identifier is covered but for its edges, by whatever direct kind."""
    near = [one for one in scanned(text) if one.start < end and one.end > start]
    if group in DIRECT:
        return any(one.kind not in ("PERSON", "RARE") and one.start <= start + 2 and one.end >= end - 3 for one in near)
    words = [(start + match.start(), start + match.end()) for match in re.finditer(r"\S+", text[start:end])]
    return all(any(one.start < last and one.end > first for one in near) for first, last in words)


@cache
def by_group() -> dict[str, list[bool]]:
    found: dict[str, list[bool]] = defaultdict(list)
    for group, _, text, start, end in marked():
        found[group].append(is_found(group, text, start, end))
    return found


def test_of_names_ninety_five_in_a_hundred_are_found_and_ninety_of_each_origin() -> None:
    origins = {group: hits for group, hits in by_group().items() if group not in DIRECT}
    assert len(origins) == 13
    assert min(len(hits) for hits in origins.values()) >= 30
    hits = [hit for group in origins.values() for hit in group]
    assert sum(hits) / len(hits) >= 0.95
    assert {origin: sum(hits) / len(hits) for origin, hits in origins.items() if sum(hits) / len(hits) < 0.9} == {}


@pytest.mark.parametrize("kind", ["CPR", "EMAIL"])
def test_every_one_of_a_kind_that_must_not_slip_is_found(kind: str) -> None:
    assert len(by_group()[kind]) >= 30
    assert all(by_group()[kind])


def test_of_direct_identifiers_ninety_eight_in_a_hundred_are_found() -> None:
    hits = [hit for group in DIRECT for hit in by_group()[group]]
    assert len(hits) > 240
    assert sum(hits) / len(hits) >= 0.98


def test_of_traps_at_most_six_in_a_hundred_are_flagged() -> None:
    lines = [line for line in (DATA / "talk_traps.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    flagged = [line for line in lines if any(one.kind != "RARE" for one in scan_text(line))]
    assert len(lines) > 180
    assert len(flagged) / len(lines) <= 0.06


def test_clean_talk_raises_at_most_one_alarm_in_a_thousand_words() -> None:
    text = (DATA / "talk_clean.txt").read_text(encoding="utf-8")
    assert len(text.split()) > 6000
    assert sum(one.kind != "RARE" for one in scan_text(text)) <= len(text.split()) / 1000
