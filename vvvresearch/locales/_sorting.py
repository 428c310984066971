"""Danish alphabetical order: æ, ø, å last, `aa` as `å` in names, accents beside their letter."""

from __future__ import annotations

import unicodedata

_LAST = {"æ": "{1", "ä": "{1", "ø": "{2", "ö": "{2", "å": "{3"}


def sort_key(text: str) -> tuple[str, str]:
    """A key that puts texts in Danish order.

    Example:
        >>> sorted(["Århus", "Aabenraa", "Ærø", "Zoo", "Østerby"], key=sort_key)
        ['Zoo', 'Ærø', 'Østerby', 'Aabenraa', 'Århus']
    """
    lowered = unicodedata.normalize("NFC", text).casefold().replace("aa", "å")
    plain = []
    for letter in lowered:
        plain.append(_LAST.get(letter) or unicodedata.normalize("NFD", letter)[0])
    return "".join(plain), lowered
