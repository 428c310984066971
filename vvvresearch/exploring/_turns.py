"""Transcripts as turns: who speaks, and what stands before and after a passage."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

_SPEAKER = re.compile(r"^\s*([^\s:][^:\n]{0,39}):\s+")
_TURN = re.compile(r"[^\n]*\S[^\n]*")


@dataclass(frozen=True)
class Turn:
    """One turn of a transcript.

    Args:
        start, end: its place, end exclusive.
        speaker: who speaks, "" where the transcript does not say.
        begins: where what is said begins, after the speaker's name.
    """

    start: int
    end: int
    speaker: str
    begins: int


@lru_cache(maxsize=2048)
def turns_of(text: str) -> tuple[Turn, ...]:
    """The turns of a transcript: its lines, each with the name that stands before its colon.

    Example:
        >>> [turn.speaker for turn in turns_of("Interviewer: Hvordan gik det?\\n\\nRana: Godt.")]
        ['Interviewer', 'Rana']
    """
    found = []
    for line in _TURN.finditer(text):
        named = _SPEAKER.match(line[0])
        begins = line.start() + (named.end() if named else 0)
        found.append(Turn(line.start(), line.end(), named[1].strip() if named else "", begins))
    return tuple(found)


@lru_cache(maxsize=2048)
def _starts(text: str) -> tuple[int, ...]:
    return tuple(turn.start for turn in turns_of(text))


def turns_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The numbers of the first and the last turn that a passage touches."""
    starts = _starts(text)
    first = max(bisect_right(starts, start) - 1, 0)
    return first, max(bisect_right(starts, max(end - 1, start)) - 1, first)


def context_of(text: str, start: int, end: int) -> tuple[str, str, str]:
    """Who speaks where a passage begins, and the turn before and after it.

    Example:
        >>> context_of("A: Et.\\nB: To.\\nA: Tre.", 10, 13)
        ('B', 'A: Et.', 'A: Tre.')
    """
    turns = turns_of(text)
    if not turns:
        return "", "", ""
    first, last = turns_around(text, start, end)
    before = text[turns[first - 1].start : turns[first - 1].end].strip() if first else ""
    after = text[turns[last + 1].start : turns[last + 1].end].strip() if last + 1 < len(turns) else ""
    return turns[first].speaker, before, after
