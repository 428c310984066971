"""A text as a reader sees it: without invisible characters, and with ordinary digits and signs."""

from __future__ import annotations

import re
import unicodedata

# Soft hyphen, zero-width and bidirectional marks; full-width forms; digits of any script but ours.
_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_ODD = re.compile(rf"[{_INVISIBLE}\u2010\u2011\u2212\uff01-\uff5e]|(?![0-9])\d")
_HIDDEN = re.compile(rf"[{_INVISIBLE}]")
_HYPHENS = {"\u2010": "-", "\u2011": "-", "\u2212": "-"}


def plain(text: str) -> tuple[str, list[int] | None]:
    """The text to look at, and where each of its characters stands in the original (None: it is the original)."""
    if not _ODD.search(text):
        return text, None
    shown, places = [], []
    for place, character in enumerate(text):
        if _HIDDEN.match(character):
            continue
        shown.append(_ordinary(character) if _ODD.match(character) else character)
        places.append(place)
    return "".join(shown), places


def _ordinary(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return _HYPHENS.get(character) or unicodedata.normalize("NFKC", character)
