"""What a table was like when it was taken in: a short mark for each row and column, so that a later change has its row and column."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from difflib import SequenceMatcher

from vvvresearch.errors import Failure
from vvvresearch.intake._settle import Settled
from vvvresearch.intake._table import Table

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
