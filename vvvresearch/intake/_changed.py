"""A file that was changed after it was taken in: how its rows and columns were marked, and what of it its map does not know."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher

from vvvresearch.errors import Failure, SchemaError, SourceError, did_you_mean
from vvvresearch.intake._cells import is_nothing, quarter_of, share_of_numbers
from vvvresearch.intake._dates import read_date
from vvvresearch.intake._fold import fold
from vvvresearch.intake._municipalities import Municipalities
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


_MOST_ROWS, _MOST_TOLD, _SIGNS = 20_000, 30, 5


def row_marks(table: Table) -> dict[str, str]:
    """The marks of rows and columns as the saved map keeps them; a very long table has none.

    A mark is a part of a digest: it tells that a row is another one, never what stood in it.
    """
    if len(table) > _MOST_ROWS:
        return {}
    return {"rows": " ".join(_rows(table)), "columns": " ".join(f"{column.id}={_mark(column.texts)}" for column in table.columns)}


def is_unchanged(table: Table, settled: Settled) -> bool:
    """Whether every row and column is as it was; False where nothing tells."""
    marks = row_marks(table)
    return bool(marks) and all(settled.this_file.get(name, "") == mark for name, mark in marks.items())


def changed_rows(table: Table, settled: Settled) -> list[Failure]:
    """One failure a row that is new, changed or gone since the file was taken in; none where nothing tells, or too many are.

    Args:
        table: the file as it is now.
        settled: what its map says.
    """
    before, now = settled.this_file.get("rows", "").split(), _rows(table)
    if not before or before == now:
        return []
    columns = dict(one.rpartition("=")[::2] for one in settled.this_file.get("columns", "").split())
    other = [column.heading for column in table.columns if columns.get(column.id) != _mark(column.texts)]
    failures = []
    for what, first, last, start, stop in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        same = min(last - first, stop - start) if what == "replace" else 0
        for place in range(start, stop):
            changed = place - start < same
            column = ", ".join(other) if changed and len(other) <= 3 and len(before) == len(now) else ""
            problem = "changed since the file was taken in" if changed else "this row was not there when the file was taken in"
            failures.append(Failure(table.lines[place], column, "", problem))
        gone = last - first - (stop - start) if what in ("delete", "replace") else 0
        if gone > 0:
            line = table.lines[stop] if stop < len(table) else table.lines[-1] + 1
            problem = "a row is gone" if gone == 1 else f"{gone} rows are gone"
            failures.append(Failure(line, "", "", f"before this row {problem} since the file was taken in"))
    return failures if len(failures) <= max(1, min(_MOST_TOLD, len(now) // 2)) else []


def _rows(table: Table) -> list[str]:
    return [_mark(row) for row in zip(*(column.texts for column in table.columns), strict=True)]


def _mark(texts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:_SIGNS]
