"""The word lists of this room: names by origin, what is no person, and the words around them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

NAME_LISTS = (
    "danish",
    "danish_family",
    "arabic",
    "kurdish",
    "persian_dari",
    "tigrinya",
    "amharic",
    "somali",
    "ukrainian_russian",
    "burmese_karen",
    "congolese",
    "vietnamese",
    "tamil",
    "bosnian",
    "british_irish",
    "other",
    "east_and_horn",
)


@cache
def _lists() -> dict[str, frozenset[str]]:
    folder = resources.files("vvvresearch.privacy") / "data"
    listed = [tomllib.loads((folder / file).read_text(encoding="utf-8")) for file in ("names.toml", "not_persons.toml", "cues.toml")]
    return {key: frozenset(words.split() if isinstance(words, str) else words) for table in listed for key, words in table.items()}


def words_of(key: str) -> frozenset[str]:
    """A list of the data files, in lower case."""
    return _lists()[key]
