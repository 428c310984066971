"""A file as the table that it is read as: what a proposal looks at, and what a settled file is read with again."""

from __future__ import annotations

import dataclasses
import itertools
import re
from pathlib import Path

from vvvresearch.errors import SourceError
from vvvresearch.intake._fold import fold
from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._label_sheets import labelled_table
from vvvresearch.intake._municipalities import Municipalities
from vvvresearch.intake._periods import with_times_as_rows
from vvvresearch.intake._table import Column, Table, find_table
from vvvresearch.sources import LABELLED

# The decision that sheets of the same columns stand below each other: the heading that tells them apart.
STACKED = "stacked"
_ALIKE, _COPIED = 2 / 3, 0.5
_TO_BE_IGNORED = re.compile(
    r"(this is |dette er )?(a |en )?test\w*( \w+)?( \d+)? (please |skal |maa |venligst )?"
    r"(ignore\w*|ignorer\w*|delete\w*|disregard|slet\w*)( \w+)?"
)
_TRIED = re.compile(r"(test(er|ing|svar|ning)?|proeve(svar)?|asdf\w*)( (test|svar|1|2))*")
# Where nothing but a key or a place can stand, the word alone says that the row is a trial.
_NAMES_A_ROW = re.compile(r"(\w+ )*\w*(noegle|key|token|id|nr|no|number|nummer|kode|code|kommune\w*|municipality|kunde|sted|place|site)")
_TRIED_TWICE = 2


def opened(path: Path, sheet: str, known: Municipalities) -> Table:
    """The table of a file or of one of its sheets, without the rows of who only tried a form.

    Args:
        path: a labelled file, a table, or a document with tables.
        sheet: the sheet of a workbook; "" for the largest visible one.
        known: the municipalities whose figures may stand side by side by quarters.

    Raises:
        SourceError: not readable, or no table.
    """
    if path.suffix.casefold() in LABELLED:
        return _without_trials(labelled_table(path))
    return _without_trials(with_times_as_rows(find_table(read_grid(path, sheet), path), known))


def stacked(path: Path, table: Table, known: Municipalities, heading: str) -> Table | None:
    """The rows of all sheets that have the columns of a table, below each other, with the name of the sheet in a column of its own; None
    where no other sheet has them. A sheet that mostly repeats the rows of another is a copy and is left out.

    Args:
        path: the workbook.
        table: of one of its sheets.
        known: as in `opened`.
        heading: of the column with the names of the sheets.
    """
    tables = {table.sheet: table}
    for name in table.others:
        try:
            other = opened(path, name, known)
        except SourceError:
            continue
        if alike(table, other) and not any(_copied(other, one) for one in tables.values()):
            tables[name] = other
    if len(tables) == 1:
        return None
    # In the order in which the workbook has them, which is that of their time.
    order = sorted(tables, key=lambda name: (natural(name), name))
    first = {column.id: column for one in tables.values() for column in one.columns}
    columns = [Column(heading, fold(heading).replace(" ", "-"), tuple(name for name in order for _ in tables[name].lines))]
    for key, one in first.items():
        own_cells = ((tables[name].column(key), len(tables[name])) for name in order)
        cells = itertools.chain.from_iterable(("",) * count if column is None else column.cells for column, count in own_cells)
        columns.append(dataclasses.replace(one, cells=tuple(cells)))
    return dataclasses.replace(
        table, columns=tuple(columns), lines=tuple(range(1, len(columns[0].cells) + 1)), sheet="",
        others=tuple(name for name in table.others if name not in tables), totals=sum(one.totals for one in tables.values()),
        trials=sum(one.trials for one in tables.values()),
    )  # fmt: skip


def alike(one: Table, other: Table) -> bool:
    """Whether two tables have the same columns, but for a few."""
    own, theirs = ({column.id for column in table.columns} for table in (one, other))
    return len(own & theirs) >= _ALIKE * len(own | theirs)


def natural(name: str) -> list[int]:
    """The numbers of a name, by which sheets stand in order."""
    return [int(number) for number in re.findall(r"\d+", name)]


def _copied(one: Table, other: Table) -> bool:
    rows, others = (set(zip(*(column.texts for column in table.columns), strict=True)) for table in (one, other))
    return len(rows & others) >= _COPIED * min(len(rows), len(others))


def _without_trials(table: Table) -> Table:
    """A table without the rows of who only tried the form: a cell asks to be ignored ("TEST please ignore"), a key or a place is called
    so, or two cells say "test"."""
    kept = [row for row in range(len(table)) if sum(_tried(column, row) for column in table.columns) < _TRIED_TWICE]
    if len(kept) == len(table):
        return table
    columns = tuple(dataclasses.replace(column, cells=tuple(column.cells[row] for row in kept)) for column in table.columns)
    lines = tuple(table.lines[row] for row in kept)
    return dataclasses.replace(table, columns=columns, lines=lines, trials=table.trials + len(table) - len(kept))


def _tried(column: Column, row: int) -> int:
    """How much a cell says that nobody answered: 2 where it asks to be ignored or is a key or a place, 1 where it may be a name or an
    answer."""
    said = fold(column.texts[row])
    if _TO_BE_IGNORED.fullmatch(said):
        return _TRIED_TWICE
    alone = _NAMES_A_ROW.fullmatch(column.folded) is not None
    return (_TRIED_TWICE if alone else 1) if _TRIED.fullmatch(said) else 0
