"""Stretches of a long text that are worth a close look: those around figures, and those around words that announce something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

DIGITS = re.compile(r"\d+")
_BEFORE = 100
_AFTER = 120
_SLACK = 60


def stems(words: str) -> tuple[str, ...]:
    """Parts of words in lower case, given with strokes between them: what `around_stems` looks for."""
    return tuple(words.split("|"))


def lowered(text: str) -> str:
    """The text in lower case with every character in its place, which `str.lower` does not promise."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(sign if len(sign.lower()) != 1 else sign.lower() for sign in text)


def around_figures(text: str) -> list[tuple[int, int]]:
    """Stretches around figures, start and end."""
    return around(text, (match.span() for match in DIGITS.finditer(text)))


def around_stems(text: str, small: str, stems: Iterable[str], signs: re.Pattern[str] | None = None) -> list[tuple[int, int]]:
    """Stretches around parts of words, and around what a pattern finds.

    Args:
        text: the text.
        small: the same in lower case.
        stems: parts of words in lower case.
        signs: a pattern for lower case.
    """
    found = [(place, place + len(stem)) for stem in stems for place in places(small, stem)]
    return around(text, sorted(found + [match.span() for match in signs.finditer(small)] if signs else found))


@lru_cache(maxsize=1)
def _index(small: str) -> tuple[str, dict[str, list[int]]]:
    """Every word of a text once, each on a line, and where each stands: a stem is looked for among them and not in all of the text."""
    found: dict[str, list[int]] = {}
    place = 0
    for word in small.replace("\n", " ").replace("\t", " ").replace("\r", " ").split(" "):
        if word in found:
            found[word].append(place)
        elif word:
            found[word] = [place]
        place += len(word) + 1
    return "\n" + "\n".join(found) + "\n", found


def places(small: str, stem: str) -> Iterator[int]:
    """Where a part of a word stands in a text in lower case; a blank before or behind it is an end of the text too."""
    vocabulary, found = _index(small)
    whole = stem.strip()
    first, goes_on, _ = whole.partition(" ")
    key = ("\n" if stem[0].isspace() else "") + first + ("\n" if goes_on or stem[-1].isspace() else "")
    at = vocabulary.find(key)
    while at >= 0:
        place = at + (key[0] == "\n")
        head = vocabulary.rfind("\n", 0, place) + 1
        for start in found[vocabulary[head : vocabulary.find("\n", place)]]:
            if not goes_on or small.startswith(whole, start + place - head):
                yield start + place - head
        at = vocabulary.find(key, at + 1)


def around(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans with room on both sides, from blank to blank, put together where they meet."""
    stretches: list[tuple[int, int]] = []
    for first, last in spans:
        start, end = max(0, first - _BEFORE), min(len(text), last + _AFTER)
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        else:
            stretches.append((start, end))
    return _apart((_blank_before(text, start), _blank_after(text, end)) for start, end in stretches)


def _apart(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in stretches:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def _blank_before(text: str, place: int) -> int:
    blank = max(text.rfind(" ", max(0, place - _SLACK), place), text.rfind("\n", max(0, place - _SLACK), place))
    return blank + 1 if blank >= 0 else max(0, place - _SLACK)


def _blank_after(text: str, place: int) -> int:
    blanks = [blank for blank in (text.find(" ", place, place + _SLACK), text.find("\n", place, place + _SLACK)) if blank >= 0]
    return min(blanks) if blanks else min(len(text), place + _SLACK)
