"""A file as a plain grid of cells, nothing interpreted: every row, every sheet that can be seen."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.intake._workbook import Cell, read_sheets
from vvvresearch.sources import document_tables, document_text

_LEAST_COLUMNS = 3
_SEPARATORS = (";", ",", "\t", "|")


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet.

    Args:
        rows: as in the file, empty rows included.
        sheet: name of the sheet, "" in a CSV file.
        others: names of further visible sheets that hold something.
        hidden: names of sheets out of sight that hold something.
        merged: cells merged downwards: column, first and last row, all from 0.
        across: cells merged to the right: row, first and last column, all from 0.
        unseen_rows, unseen_columns: the rows and columns that a spreadsheet keeps out of sight, from 0.
    """

    rows: list[list[Cell]]
    sheet: str = ""
    others: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int], ...] = ()
    across: tuple[tuple[int, int, int], ...] = ()
    unseen_rows: frozenset[int] = frozenset()
    unseen_columns: frozenset[int] = frozenset()


def read_grid(path: Path, sheet: str = "") -> Grid:
    """The cells of a CSV file, or of a sheet: the largest visible one when none is named.

    Raises:
        SourceError: not readable, damaged, or no such sheet.
    """
    ending = path.suffix.casefold()
    return _csv(path) if ending in (".csv", ".txt", ".tsv") else _document(path, sheet) if ending == ".docx" else _workbook(path, sheet)


def document_grids(path: Path) -> dict[str, list[list[Cell]]]:
    """The tables of a Word document by their number; those of the same headings are one.

    Raises:
        SourceError: not a document.
    """
    found: dict[tuple[str, ...], list[list[Cell]]] = {}
    for rows in document_tables(path):
        if rows:
            found.setdefault(tuple(rows[0]), [[*rows[0]]]).extend([[*row] for row in rows[1:]])
    return {str(number): rows for number, rows in enumerate(found.values(), start=1)}


def is_tabular(path: Path) -> bool:
    """Whether a Word document is a table of several columns with some words around it."""
    wide = [row for rows in document_grids(path).values() if len(rows) > 1 and len(rows[0]) >= _LEAST_COLUMNS for row in rows]
    return 2 * sum(len(str(cell).split()) for row in wide for cell in row) > len(document_text(path).split())


def _document(path: Path, wanted: str) -> Grid:
    grids = document_grids(path)
    if wanted and wanted not in grids:
        raise SourceError(f"the workbook has no sheet {wanted!r}", where=path, todo="sheets: " + ", ".join(grids))
    if not grids:
        raise SourceError("the table is empty", where=path)
    title = wanted or max(grids, key=lambda name: len(grids[name]) * len(grids[name][0]))
    return Grid(grids[title], title if len(grids) > 1 else "", tuple(name for name in grids if name != title))


def _csv(path: Path) -> Grid:
    text = files.read_text(path, fallback="cp1252")
    # Titles above the header hold no separators, so the mark is the one that splits most lines.
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    if not lines:
        raise SourceError("the table is empty", where=path)
    separator = max(_SEPARATORS, key=lambda mark: (_regular(lines, mark), sum(line.count(mark) for line in lines)))
    bound = csv.field_size_limit(len(text) + 1)
    try:
        rows: list[list[Cell]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as problem:
        raise SourceError("the CSV file is broken", where=path, why=str(problem)) from None
    finally:
        csv.field_size_limit(bound)
    return Grid(rows)


def _regular(lines: list[str], mark: str) -> int:
    """How many lines have the commonest number of a mark."""
    counts = [sum(part.count(mark) for part in line.split('"')[::2]) for line in lines]
    found = [count for count in counts if count]
    return max((found.count(count) for count in set(found)), default=0)


def _workbook(path: Path, wanted: str) -> Grid:
    sheets = read_sheets(path)
    grids = {name: one for name, one in sheets.items() if not one.hidden}
    hidden = tuple(name for name, one in sheets.items() if one.hidden and any(cell != "" for row in one.rows for cell in row))
    if wanted and wanted not in grids:
        raise SourceError(f"the workbook has no sheet {wanted!r}", where=path, todo="sheets: " + ", ".join(grids))
    filled = {name: sum(cell != "" for row in one.rows for cell in row) for name, one in grids.items()}
    if not any(filled.values()):
        raise SourceError("the workbook is empty", where=path)
    title = wanted or max(filled, key=lambda name: filled[name])
    others = tuple(name for name, count in filled.items() if count and name != title)
    own = grids[title]
    return Grid(own.rows, title, others, hidden, own.merged, own.across, own.unseen_rows, own.unseen_columns)
