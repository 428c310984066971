"""From a view to a grid of words: headings, cells and which columns are numbers. The only place where a table is worded."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import Lang, say
from vvvresearch.results._columns import Column, Labels, Share, group_heading
from vvvresearch.results._measure import is_missing, whole

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.results._result import Result
    from vvvresearch.results._view import View


@dataclass(frozen=True)
class Grid:
    """A table in words.

    Args:
        headings: one a column.
        rows: cells, row by row.
        numeric: which columns are set flush right.
        columns: the columns that are shown, for their notes.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    columns: tuple[Column, ...]


def shown_columns(result: Result, chosen: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of a view, in order.

    Raises:
        AnalysisError: a chosen column that neither the layout nor the frame has.
    """
    known = {column.name: column for column in result.shows}
    if not chosen:
        return result.shows or tuple(plain_column(result.frame, str(name)) for name in result.frame.columns)
    found = []
    for name in chosen:
        if name in known:
            found.append(known[name])
        elif name in result.frame.columns:
            found.append(plain_column(result.frame, name))
        elif (share := next((one for one in result.measures if one.name == name and one.format == "share"), None)) is not None:
            found.append(Share(name, count=share.count, n=share.of, known=share.known))
        else:
            names = [*known, *map(str, result.frame.columns)]
            raise AnalysisError(f"there is no column {name!r}", where="columns", todo=did_you_mean(name, names))
    return tuple(found)


def plain_column(frame: pd.DataFrame, name: str) -> Column:
    """A column as it is, for results that declare nothing."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(frame[name]):
        return Column(name)
    if pd.api.types.is_integer_dtype(frame[name]):
        return Column(name, format="count")
    if pd.api.types.is_float_dtype(frame[name]):
        return Column(name, format="number", decimals=3)
    return Column(name)


def long_grid(result: Result, frame: pd.DataFrame, columns: tuple[Column, ...]) -> Grid:
    """One line a row."""
    lang, labels = result.lang, result.labels
    records = frame.to_dict("records")
    rows = tuple(tuple(column.write_row(row, lang, result.small_n, labels) for column in columns) for row in records)
    return Grid(tuple(column.heading(lang) for column in columns), rows, tuple(column.is_number for column in columns), columns)


def wide_grid(result: Result, frame: pd.DataFrame, columns: tuple[Column, ...], over: str) -> Grid:
    """One line for each value of the other keys, the values of `over` side by side. Rows are gathered by value, never by label."""
    lang, labels = result.lang, result.labels
    beside = [column for column in columns if column.name in result.keys and column.name != over]
    spread = [column for column in columns if column.name not in result.keys and not column.once]
    once = [column for column in columns if column.once]
    others = [key for key in result.keys if key != over]
    records = frame.to_dict("records")
    lines: dict[tuple[Any, ...], dict[Any, dict[Any, Any]]] = {}
    for row in records:
        lines.setdefault(tuple(row[key] for key in others), {})[row[over]] = row
    groups = list(dict.fromkeys(row[over] for row in records))
    headings = [column.heading(lang) for column in beside]
    for group in groups:
        members = [cells[group] for cells in lines.values() if group in cells]
        name = _group_name(result, over, group, members[0], lang, labels)
        bases = {whole(row.get("n")) for row in members} - {None}
        n = bases.pop() if len(bases) == 1 else None
        for column in spread:
            head = group_heading(column, name, n, lang)
            headings.append(head if len(spread) == 1 or column.across else f"{head}: {column.heading(lang)}")
    rows = []
    for cells in lines.values():
        first = next(iter(cells.values()))
        line = [column.write_row(first, lang, result.small_n, labels) for column in beside]
        for group in groups:
            line += [column.write_row(cells[group], lang, result.small_n, labels) if group in cells else "–" for column in spread]
        rows.append(tuple(line + [column.write_row(_known(cells, column), lang, result.small_n, labels) for column in once]))
    headings += [column.heading(lang) for column in once]
    numeric = [column.is_number for column in beside] + [column.is_number for column in spread] * len(groups)
    return Grid(tuple(headings), tuple(rows), (*numeric, *(column.is_number for column in once)), (*beside, *spread, *once))


def _known(cells: dict[Any, dict[Any, Any]], column: Column) -> dict[Any, Any]:
    """The first group's row that knows what is the same for all of them."""
    rows = list(cells.values())
    return next((row for row in rows if not is_missing(row.get(column.name))), rows[0])


def _group_name(result: Result, over: str, group: Any, row: dict[Any, Any], lang: Lang, labels: Any) -> str:
    declared = next((column for column in result.shows if column.name == over), Column(over))
    if isinstance(labels.get(over), Labels):
        return say(labels[over].say(group, row, lang), lang)
    return declared.write(group, lang)


class Columns(tuple[str, ...]):
    """The names of the columns of a view, which choose among them where they are called."""

    view: View

    def __new__(cls, view: View) -> Self:
        """The columns of a view."""
        found = super().__new__(cls, view.names)
        found.view = view
        return found

    def __call__(self, *names: str) -> View:
        """Only these columns, in this order."""
        view = self.view
        if not view.absent:
            shown_columns(view.result, names)
        return dataclasses.replace(view, chosen=names)

    def tolist(self) -> list[str]:
        """The names."""
        return list(self)

    def __repr__(self) -> str:
        told = super().__repr__()
        return told if len(told) < 1000 else f"{told[:1000]} … ({len(self)} columns)"
