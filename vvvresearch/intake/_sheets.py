"""Workbooks with several tables: each further sheet that holds one as a file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.evidence import Programme
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._coding_tables import is_export, links_sheet, nodes_sheet
from vvvresearch.intake._fold import file_words
from vvvresearch.intake._grid import Grid, read_grid
from vvvresearch.intake._kind import recognise
from vvvresearch.intake._label_sheets import explains
from vvvresearch.intake._municipalities import own_municipalities
from vvvresearch.intake._occasions import on_sheets
from vvvresearch.intake._opened import alike, stacked
from vvvresearch.intake._table import Table, table_on
from vvvresearch.sources import template_sheet

if TYPE_CHECKING:
    import pandas as pd

_WORKBOOKS = (".xlsx", ".ods")
# What is of no known kind and smaller than this is a note beside a table.
_LEAST_ROWS, _LEAST_COLUMNS = 8, 3


def sheets_apart(path: Path, folder: Path, programme: Programme, municipalities: pd.DataFrame | None = None) -> list[Path]:
    """The further sheets of a workbook that hold tables of their own, each as a workbook in a folder; the file itself is only read.

    Sheets that belong to what is read of the file stay with it: labels of its codes, the same questions at another time, the factors of
    links. The largest visible sheet is the file's own.

    Args:
        path: the workbook; any other file has none.
        folder: where the new files are written, called "register (Referrals).xlsx".
        programme: whose groups may occur.
        municipalities: code and name of a round's own (invented) municipalities; default the 98.

    Raises:
        SourceError: the workbook is damaged.
    """
    if path.suffix.casefold() not in _WORKBOOKS or template_sheet(path):
        return []
    main, tests = table_on(path), Tests(programme, own_municipalities(municipalities))
    if main is None or not main.others or is_export(main):
        return []
    if on_sheets(path, main) is not None or links_sheet(path, main, tests) or nodes_sheet(path, main, tests):
        return []
    # What stands below the rows of the file's own sheet is in what is read of it.
    below = stacked(path, main, tests.municipalities, "Sheet")
    apart = []
    for name in main.others if below is None else below.others:
        other = table_on(path, name)
        # The same columns again, and not below the first, are a copy of it.
        if other is None or alike(main, other) or explains(path, name, other) or not _stands_alone(other, path, name, tests):
            continue
        target = folder / f"{path.stem} ({files.safe_name(name)}).xlsx"
        target.write_bytes(_alone(read_grid(path, name)))
        apart.append(target)
    return apart


def _stands_alone(table: Table, path: Path, name: str, tests: Tests) -> bool:
    """Whether a sheet is surely of a known kind, or large enough to be a table of the round's own."""
    filled = [column for column in table.columns if column.filled]
    found = recognise(table, tests, file_words(f"{path.stem} {name}"))
    return (found.sure and bool(found.candidates)) or (len(table) >= _LEAST_ROWS and len(filled) >= _LEAST_COLUMNS)


def _alone(grid: Grid) -> bytes:
    down = [(first, column, last, column) for column, first, last in grid.merged]
    across = [(row, first, row, last) for row, first, last in grid.across]
    return files.sheet_bytes(grid.sheet, grid.rows, [*down, *across])
