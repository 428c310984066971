"""A file that was changed after it was taken in: which of its cells and headings its map does not know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from vvvresearch.errors import Failure, SchemaError, SourceError, did_you_mean
from vvvresearch.intake._cells import quarter_of
from vvvresearch.intake._dates import read_date
from vvvresearch.intake._fold import fold
from vvvresearch.intake._municipalities import Municipalities
from vvvresearch.intake._numbers import is_nothing, share_of_numbers
from vvvresearch.intake._personal import can_be_shown, value_ids
from vvvresearch.intake._settle import Settled
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import TableKind, roles_of

_MOSTLY = 0.8
_PLAIN = ("code", "name", "alias", "former")
_SHAPES = {
    "category": re.compile(r"[123]|(kategori )?[123]|groen|gul|roed|green|yellow|red"),
    "membership": re.compile(r"[01]|0?[.,]\d+|1[.,]0+"),
    "small": re.compile(r".*\d.*|foerste.*|anden.*|first.*|second.*"),
    "age": re.compile(r".*\d.*"),
}


class ChangedError(SchemaError, SourceError):
    """A file is not as it was when it was taken in; `failures` names the rows that are others, where its map can tell them."""


def strange_cells(table: Table, kind: TableKind, settled: Settled, known: Municipalities) -> list[Failure]:
    """What of a changed file its map cannot read: a heading that is gone, a word, a name, a date or a number that is none.

    Args:
        table: the file as it is now.
        kind: its kind.
        settled: what was decided when it was taken in.
        known: the municipalities.

    Returns:
        One failure a cell, with its row; none where the change is one that the map can read.
    """
    there = {column.id: column for column in table.columns}
    roles = settled.roles()
    # Where headings stand in two rows, the lower one names the columns.
    head = int(re.split(r"\D", table.header)[-1] or 1)
    failures = [
        Failure(
            head, settled.words.get(f"column.{name}", name), "", f"the column is missing; {did_you_mean(name, there.keys() - roles.keys())}"
        )
        for name in roles
        if name not in there
    ]
    for name, role in roles.items():
        if (column := there.get(name)) is not None:
            failures += _in_column(table, column, role, kind, settled, known)
    return sorted(failures, key=lambda failure: failure.row or 0)


def _in_column(table: Table, column: Column, role: str, kind: TableKind, settled: Settled, known: Municipalities) -> Iterator[Failure]:
    found = roles_of(kind.name).get(role)
    test = found.values if found is not None else "any"
    reads, problem = _reading(column, role, test, settled, known)
    wrong = {text for text in column.counts if not reads(text)}
    # A column whose every other cell is strange was read otherwise from the start.
    if not wrong or sum(column.counts[text] for text in wrong) > (1 - _MOSTLY) * len(column.filled) + 1:
        return
    right = [text for text in column.counts if text not in wrong and can_be_shown(text)]
    for line, text in zip(table.lines, column.texts, strict=True):
        if text in wrong:
            shown = text if can_be_shown(text) else ""
            yield Failure(line, column.heading, shown, f"{problem}; {did_you_mean(shown, right)}" if right else problem)


def _reading(column: Column, role: str, test: str, settled: Settled, known: Municipalities) -> tuple[Callable[[str], bool], str]:
    """How a cell of a role is read, and what is wrong with one that cannot be."""
    if role == "municipality":
        keys = value_ids(column.counts)
        decided = settled.starting("municipality.")
        # A slip that nobody has looked at is no name.
        return lambda text: keys[text] in decided or known.find(text).how in _PLAIN, "this is no municipality"
    words = settled.starting(f"value.{role}.")
    if words:
        keys = value_ids(column.counts)
        return lambda text: keys[text] in words, "this word was not there when the file was taken in"
    if test == "date":
        cells = dict(zip(column.texts, column.cells, strict=True))
        month_first = settled.decisions.get(f"dates.{column.id}") == "month"
        year = settled.this_file.get("year", "")
        return (
            lambda text: read_date(cells[text], month_first=month_first, year=int(year) if year else None).kind != "none",
            "this is no date",
        )
    if test == "quarter":
        return lambda text: quarter_of(text) != "", "this is no quarter"
    if test in ("whole", "number"):
        return lambda text: share_of_numbers([text], test == "whole") == 1 or is_nothing(text), "this is no number"
    if (shape := _SHAPES.get(test)) is not None:
        return lambda text: shape.fullmatch(fold(text)) is not None or shape.fullmatch(text) is not None, "this is no such value"
    return lambda text: True, ""
