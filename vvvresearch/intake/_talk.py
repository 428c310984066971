"""Whether a text is the transcript of an interview or another paper: turns of talk, its name, the words that minutes begin with."""

from __future__ import annotations

import re
from collections import Counter

from vvvresearch.intake._fold import fold

_CLOCK = r"[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?"
_LABEL = re.compile(rf"(?:{_CLOCK}\s*)?(?P<label>[^\W\d_][\w. -]{{0,24}}?)\s*(?:{_CLOCK})?\s*:(?:\s|$)")
_NAMED = re.compile(
    r".*(interview|samtale|udskrift|trans[ks]).*|[a-z]{0,3}\d{1,3}( ?\d{1,3})?[a-z]?|"
    r"(int|fly|fri|flygtning|frivillig|informant|borger|par|person)\w* ?\d+.*"
)
_PAPER = re.compile(
    r"(moede)?referat( .*)?|.* referat( .*)?|dagsorden( .*)?|minutes( .*)?|agenda( .*)?|til ?stede( .*)?|deltagere( .*)?|afbud( .*)?|"
    r"present|apologies( .*)?|attendees( .*)?|invitation( .*)?|nyhedsbrev( .*)?|newsletter( .*)?|budget( .*)?"
)
_TOP, _TURNS = 12, 2


def is_transcript(stem: str, content: str) -> bool:
    """Whether a text is surely a transcript: its lines are turns of two who talk, or its name says so; and nothing says it is a paper.

    Args:
        stem: its file name without ending.
        content: its text.

    Example:
        >>> is_transcript("V24-03", "I: Hvordan går det?\\nF: Godt.\\nI: Og skolen?\\nF: Den er svær.")
        True
        >>> is_transcript("styregruppe", "Referat 3. maj\\nTil stede: to\\n1. Økonomi\\nBeslutning: godkendt")
        False
    """
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    name = fold(stem)
    if any(_PAPER.fullmatch(fold(line)) for line in lines[:_TOP]) or _PAPER.fullmatch(name):
        return False
    labels = Counter(found["label"].casefold() for line in lines if (found := _LABEL.match(line)))
    turns = sum(count >= _TURNS for count in labels.values()) >= _TURNS
    return turns or _NAMED.fullmatch(name) is not None
