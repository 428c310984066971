"""A text as a reader sees it: without invisible characters, with ordinary digits, signs and spaces, and letters in one piece."""

from __future__ import annotations

import re
import unicodedata

# Soft hyphen, zero-width and bidirectional marks; full-width forms; digits of any script but ours; spaces of odd widths;
# accents that stand by themselves, as file names from some systems have them.
_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_ACCENT = "\u0300-\u036f"
_SPACES = "\u00a0\u2000-\u200a\u202f\u205f\u3000"
_ODD = re.compile(rf"[{_INVISIBLE}{_ACCENT}{_SPACES}\u2010-\u2012\u2212\ufe63\uff01-\uff5e]|(?![0-9])\d")
_HIDDEN = re.compile(rf"[{_INVISIBLE}]")
_HYPHENS = dict.fromkeys("\u2010\u2011\u2012\u2212\ufe63", "-")


def plain(text: str) -> tuple[str, list[int] | None]:
    """The text to look at, and where each of its characters stands in the original (None: it is the original)."""
    if not _ODD.search(text):
        return text, None
    shown: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if _HIDDEN.match(character):
            continue
        if "\u0300" <= character <= "\u036f" and shown:
            composed = unicodedata.normalize("NFC", shown[-1] + character)
            if len(composed) == 1:
                shown[-1] = composed
            continue
        shown.append(_ordinary(character) if _ODD.match(character) else character)
        places.append(place)
    return "".join(shown), places


def _ordinary(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return _HYPHENS.get(character) or unicodedata.normalize("NFKC", character)[:1]
