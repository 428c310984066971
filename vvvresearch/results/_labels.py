"""Labels: the words of a value that stands in a frame as a code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vvvresearch.locales import LANGUAGES, Lang, Sayable, has_words, say, text, the_one

if TYPE_CHECKING:
    import pandas as pd


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
        """The words of a value in its row; a value without words is shown as it is, a missing one as nothing.

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
        return "" if value is None or value != value else str(value)


def value_meant(labels: Mapping[str, Labels], rows: pd.DataFrame, column: str, said: object) -> Any:
    """The value of a column that is meant: as it stands, by its words in either language, or by the last part of a path.

    Args:
        labels: the words of the result's columns.
        rows: the result's frame.
        column: one of its columns.
        said: what was given.

    Returns:
        The value; None where no row, or values of several, are called so.
    """
    first = rows.drop_duplicates(column)
    values = {str(value): value for value in first[column]}
    if str(said) in values:
        return values[str(said)]
    if isinstance(said, int | float) and (alike := [value for value in values.values() if value == said]):
        return alike[0]
    words = labels.get(column, Labels({}))
    known = {}
    for row in first.to_dict("records"):
        told = [words.say(row[column], row, lang) for lang in LANGUAGES] if set(words.on) <= set(row) else []
        known[str(row[column])] = [*told, *(one.rpartition(" > ")[2] for one in (str(row[column]), *told))]
    meant = the_one(said, known, part=False)
    return None if meant is None else values[meant]
