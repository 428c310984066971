"""Quotes without positions: found in the transcript when they stand there exactly once, never guessed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

# What word processors change by themselves, and characters nobody sees.
_SAME = str.maketrans({**dict.fromkeys("’‘‚‛´`", "'"), **dict.fromkeys("“”„‟»«", '"'), **dict.fromkeys("‐‑‒–—−", "-")})
_UNSEEN = {"\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"}
_AROUND = "\"'“”„»«’‘ \t\n"


@dataclass(frozen=True)
class Located:
    """Where a quote stands; `matches` tells why there is no place: 0 is missing, more than 1 ambiguous."""

    start: int | None
    end: int | None
    matches: int


@dataclass(frozen=True)
class Transcript:
    """A text to find quotes in."""

    text: str

    @cached_property
    def _folded(self) -> tuple[str, list[int]]:
        """The text with spaces and typography made alike, and for each character its place in the text."""
        return _fold(self.text)

    def locate(self, quote: str) -> Located:
        """The place of a quote: exact first, then apart from spaces, line ends, dashes and quotation marks.

        Example:
            >>> Transcript("vi mødes hver  tirsdag").locate("hver tirsdag")
            Located(start=9, end=22, matches=1)
        """
        if quote.strip():
            places = _places(self.text, quote)
            if len(places) == 1:
                return Located(places[0], places[0] + len(quote), 1)
            if places:
                return Located(None, None, len(places))
        wanted = _fold(quote.strip(_AROUND))[0]
        if not wanted:
            return Located(None, None, 0)
        text, origins = self._folded
        places = _places(text, wanted)
        if len(places) != 1:
            return Located(None, None, len(places))
        last = origins[places[0] + len(wanted) - 1]
        return Located(origins[places[0]], last + 1, 1)


def _places(text: str, wanted: str) -> list[int]:
    """The first few places of a string, overlapping ones too."""
    found: list[int] = []
    place = text.find(wanted)
    while place >= 0 and len(found) < 10:
        found.append(place)
        place = text.find(wanted, place + 1)
    return found


def _fold(text: str) -> tuple[str, list[int]]:
    folded: list[str] = []
    origins: list[int] = []
    for place, mark in enumerate(text):
        if mark in _UNSEEN:
            continue
        for one in " " if mark.isspace() else unicodedata.normalize("NFKD", mark.translate(_SAME)):
            if one == " " and (not folded or folded[-1] == " "):
                continue
            folded.append(one)
            origins.append(place)
    while folded and folded[-1] == " ":
        folded.pop()
        origins.pop()
    return "".join(folded), origins
