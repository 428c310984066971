"""How a result's columns are headed and written when shown, plain or made of several; and the words of a value that is a code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from vvvresearch.conditions import column_called
from vvvresearch.errors import UnknownNameError, did_you_mean
from vvvresearch.locales import (
    LANGUAGES,
    Lang,
    Phrase,
    Sayable,
    format_coefficient,
    format_date,
    format_number,
    format_p,
    format_percent,
    format_period,
    half_up,
    has_words,
    is_sayable,
    say,
    text,
    the_one,
)
from vvvresearch.results._measure import counts_say_it, hundredfold, is_missing, whole

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.results._view import View


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


Format = Literal["text", "count", "number", "coefficient", "percent", "points", "p", "date"]


@dataclass(frozen=True)
class Column:
    """One shown column of a result.

    Args:
        name: the column of the frame.
        label: its heading; default the name.
        format: "text", "count", "number" (with `decimals`), "coefficient" (a
            number that is written as 1 only where it is 1), "percent" (values 0–100), "points" (−1 to 1), "p" or "date".
        decimals: digits for numbers and percentages.
        words: a table of words whose keys the values are ("groups"); labels of the result come before it.
        note: what a reader must know of this column; printed under the table where the column is shown.
        across: a phrase with `{group}` and `{n}` for the heading where groups stand side by side; default the group's name.
        once: where groups stand side by side, shown once at the end since it is the same for all of them.
    """

    name: str
    label: str | Sayable = ""
    format: Format = "text"
    decimals: int = 0
    words: str = ""
    note: str | Sayable = ""
    across: str = ""
    once: bool = False

    def heading(self, lang: Lang) -> str:
        """The heading in a language."""
        return say(self.label, lang) or self.name

    def write(self, value: Any, lang: Lang) -> str:
        """One value as a reader sees it; what is missing is an en dash."""
        if is_sayable(value):
            return value.say(lang)
        if self.words and isinstance(value, str) and has_words(f"{self.words}.{value}"):
            return text(f"{self.words}.{value}", lang)
        if is_missing(value):
            return "" if self.format == "text" else "–"
        if self.format == "date":
            return format_period(value, lang) if isinstance(value, str) else format_date(value, lang)
        if isinstance(value, bool) or type(value).__name__ == "bool":
            return text("common.yes" if value else "common.no", lang)
        if self.format == "text" or isinstance(value, str):
            return str(value)
        number = value if isinstance(value, int | float | Fraction) else float(value)
        if self.format == "percent":
            return format_percent(number, self.decimals, lang)
        if self.format == "points":
            return format_number(half_up(hundredfold(number), self.decimals), self.decimals, lang)
        if self.format == "p":
            return format_p(float(number), lang)
        return (format_coefficient if self.format == "coefficient" else format_number)(number, self.decimals, lang)

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """What stands in this column of a row; `small_n` is for shares. What the frame has no column for is words of other columns."""
        if self.name in labels and self.name not in row:
            return labels[self.name].say("", row, lang)
        value = row[self.name]
        if self.name in labels and not is_missing(value) and not is_sayable(value):
            return labels[self.name].say(value, row, lang)
        return self.write(value, lang)

    def notes(self, rows: pd.DataFrame, small_n: int) -> tuple[str | Sayable, ...]:
        """What is printed of the column under a table of these rows."""
        return (self.note,) if self.note else ()

    @property
    def is_number(self) -> bool:
        """Whether the column is set flush right."""
        return self.format != "text"


@dataclass(frozen=True)
class Tested(Column):
    """A p; not shown where a side is so small that counts say it better.

    Args:
        sides: columns with the n of the sides that are compared.
    """

    sides: tuple[str, ...] = ("n1", "n2")

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The p of a row."""
        return super().write_row({**row, self.name: None} if counts_say_it(row, self.sides, small_n) else row, lang, small_n, labels)

    def notes(self, rows: pd.DataFrame, small_n: int) -> tuple[str | Sayable, ...]:
        """Of a p that is not shown the reason too."""
        known = rows[rows[self.name].notna()].to_dict("records")
        hidden = any(counts_say_it(row, self.sides, small_n) for row in known)
        return (*super().notes(rows, small_n), *([Phrase("common.p_hidden", {"n": small_n})] if hidden else []))


@dataclass(frozen=True)
class Share(Column):
    """A share made of its count and base: "71 %", with `counts` "71 % (30 af 42)", on a small base "2 af 7".

    Args:
        count, n: columns of the frame.
        counts: whether the counts stand beside the percentage.
        known: a column with the share itself, for weighted and printed shares.
    """

    count: str = "count"
    n: str = "n"
    counts: bool = False
    known: str = ""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The share of a row; an en dash where it is not known."""
        count, n = whole(row.get(self.count)), whole(row.get(self.n))
        known = row.get(self.known) if self.known else None
        if count is not None and n and n < small_n:
            return text("common.of", lang, part=count, whole=n)
        if not is_missing(known):
            share: Any = known
        elif count is not None and n:
            share = Fraction(count, n)
        else:
            return "–"
        percent = format_percent(half_up(hundredfold(share), self.decimals), self.decimals, lang)
        return text("common.share_of", lang, percent=percent, count=count, n=n) if self.counts and count is not None else percent

    @property
    def is_number(self) -> bool:
        """Shares are set flush right."""
        return True


@dataclass(frozen=True)
class Interval(Column):
    """Two limits as one column: "−12,4 til 3,0".

    Args:
        lower, upper: columns of the frame.
        scale: what they are multiplied by: 100 for limits of shares.
    """

    lower: str = "lower"
    upper: str = "upper"
    scale: int = 1

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The limits of a row; an en dash where there are none."""
        if is_missing(row.get(self.lower)) or is_missing(row.get(self.upper)):
            return "–"
        limits = (half_up(self.scale * row[name], self.decimals) for name in (self.lower, self.upper))
        low, high = (format_number(limit, self.decimals, lang) for limit in limits)
        return text("common.range", lang, lower=low, upper=high)

    @property
    def is_number(self) -> bool:
        """Limits are set flush right."""
        return True


@dataclass(frozen=True)
class Move(Column):
    """Two shares of one base, one after the other: "74 % → 57 % (n = 35)"; on a small base their counts.

    Args:
        before, after, n: columns of the frame with the counts and their base.
    """

    before: str = "before"
    after: str = "after"
    n: str = "n"

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """Both shares of a row."""
        n = whole(row.get(self.n))
        counts = [whole(row.get(name)) for name in (self.before, self.after)]
        if not n or None in counts:
            return "–"
        shown = [
            str(count) if n < small_n else format_percent(half_up(Fraction(100 * (count or 0), n), self.decimals), self.decimals, lang)
            for count in counts
        ]
        return text("common.moved", lang, before=shown[0], after=shown[1], n=n)


@dataclass(frozen=True)
class Names(Column):
    """A list of ids in one cell, each with its words.

    Args:
        mark: what stands between them.
    """

    mark: str = ", "

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The names of a row."""
        value = row[self.name]
        ids: Sequence[Any] = value if isinstance(value, list | tuple) else () if is_missing(value) or value == "" else (value,)
        if self.name in labels:
            return self.mark.join(labels[self.name].say(one, row, lang) for one in ids)
        return self.mark.join(self.write(one, lang) for one in ids)


@dataclass(frozen=True)
class Labelled(Column):
    """The words of several keys as one column: "Henviser I? – Ja".

    Args:
        of: columns whose values have labels.
        mark: what stands between them.
    """

    of: tuple[str, ...] = ()
    mark: str = " – "

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The words of a row; what has none is left out."""
        found = [labels[name].say(row[name], row, lang) if name in labels else self.write(row[name], lang) for name in self.of]
        return self.mark.join(words for words in found if words)


def group_heading(column: Column, group: str, n: int | None, lang: Lang) -> str:
    """The heading of a group that stands beside others."""
    return Phrase(column.across, {"group": group, "n": n if n is not None else "–"}).say(lang) if column.across else group


class Row(dict[str, Any]):
    """A row by its place: what stands in it by the name of its column too, and what stands behind it."""

    def __init__(self, told: Mapping[Any, Any], view: View, behind: frozenset[str]) -> None:
        super().__init__(told)
        self._view, self._behind = view, behind

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if (column := column_called(name, list(self))) is not None:
            return self[column]
        result = self._view.result
        if name in ("name", "label", "title", "navn") and result.keys:
            key = result.keys[0]
            return result.labels[key].say(self[key], self, self._view.lang) if key in result.labels else self[key]
        if name in ("n", "count", "antal", "value", "number") and result.measures:
            return self[result.measures[0].name]
        if name in self._behind:
            return lambda: self._view.evidence(**{key: self[key] for key in self._view.result.keys or list(self)[:1]})
        raise UnknownNameError(f"a row has no {name!r}; {did_you_mean(name, ['evidence', *self])}")
