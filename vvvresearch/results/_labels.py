"""Labels: the words of a value that stands in a frame as a code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vvvresearch.locales import Lang, Sayable, has_words, say, text


@dataclass(frozen=True)
class Labels:
    """Words for the values of a column.

    The same code may have other words beside other keys ("yes" of one item is "Refers", of another "Yes"), so a label may hang
    on several columns; words that are no value at all (a definition, a reason) hang on the row's keys alone.

    Args:
        words: from a value, or from the values of `on` in their order, to its words.
        on: the columns that the words hang on; empty: the column itself.
        table: a table of words of `locales`, for what `words` does not hold.
    """

    words: Mapping[Any, str | Sayable]
    on: tuple[str, ...] = ()
    table: str = ""

    def say(self, value: Any, row: Mapping[Any, Any], lang: Lang) -> str:
        """The words of a value in its row; a value without words is shown as it is.

        Example:
            >>> labels = Labels({("refers", "yes"): "Henviser", ("wish", "yes"): "Ja"}, on=("item", "code"))
            >>> labels.say("yes", {"item": "wish", "code": "yes"}, "da")
            'Ja'
        """
        key = tuple(row[name] for name in self.on) if self.on else value
        if key in self.words:
            return say(self.words[key], lang)
        if self.table and has_words(f"{self.table}.{value}"):
            return text(f"{self.table}.{value}", lang)
        return str(value)
