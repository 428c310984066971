"""Names: which of several is meant by a word, and Danish alphabetical order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
# Plurals and definite forms, Danish and English.
_ENDING = re.compile(r"(?<=\w{3})(?:erne|ene|ier|ies|er|es|en|et|s|e|r)$")


def the_one(said: object, named: Mapping[str, Iterable[str]], *, part: bool = True) -> str | None:
    """The one that is meant: by its id or any of its names as they stand, in another case or spelling, in the plural, else by words
    that stand in the names of one alone.

    Args:
        said: what was given.
        named: ids, each with its other names.
        part: whether some of the words of a name are enough.

    Returns:
        The id; None where nothing is called so, or several are.

    Example:
        >>> items = {"refers": ["Does the municipality refer?"], "reads": ["Has it read the leaflet?"]}
        >>> the_one("leaflet", items), the_one("Refers", items), the_one("it", items)
        ('reads', 'refers', None)
    """
    word = str(said).strip()
    if word in named:
        return word
    plain, stems = _words(word), [_stem(one) for one in _words(word)]
    if not plain:
        return None
    names = {key: [_words(one) for one in (key, *others)] for key, others in named.items()}
    for told in (plain, stems):
        found = [
            key for key, known in names.items() if any((one if told is plain else [_stem(two) for two in one]) == told for one in known)
        ]
        if found:
            return found[0] if len(found) == 1 else None
    # Two words as they stand say more than one of the same length.
    if not part or max(map(len, plain)) < 4:
        return None
    # A whole word of a name goes before a word that only begins alike.
    within = [key for key, known in names.items() if any(set(plain) <= set(one) for one in known)]
    if not within and max(map(len, plain if len(plain) > 1 else stems)) > 3:
        within = [key for key, known in names.items() if any(_holds(one, stems) for one in known)]
    return within[0] if len(within) == 1 else None


def _words(said: str) -> list[str]:
    return re.findall(r"\w+", said.casefold().translate(_DANISH).replace("_", " "))


def _stem(word: str) -> str:
    return _ENDING.sub("", word)


def _holds(words: list[str], stems: list[str]) -> bool:
    """Whether every stem begins a word, in their order."""
    left = iter(words)
    return all(any(word.startswith(stem) for word in left) for stem in stems)


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
