"""A file as a plain grid of cells, nothing interpreted: every row, every sheet that can be seen."""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.errors import SourceError

# What a cell can be: text, a number or a date; an empty cell is "".
Cell = str | int | float | datetime.date

_SEPARATORS = (";", ",", "\t", "|")
_MOST_CELLS = 20_000_000


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet.

    Args:
        rows: as in the file, empty rows included.
        sheet: name of the sheet, "" in a CSV file.
        others: names of further visible sheets that hold something.
    """

    rows: list[list[Cell]]
    sheet: str = ""
    others: tuple[str, ...] = ()


def read_grid(path: Path, sheet: str = "") -> Grid:
    """The cells of a CSV file, or of a sheet: the largest visible one when none is named.

    Raises:
        SourceError: not readable, damaged, or no such sheet.
    """
    return _csv(path) if path.suffix.casefold() in (".csv", ".txt", ".tsv") else _workbook(path, sheet)


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
    import openpyxl

    if "[Content_Types].xml" not in files.open_archive(path).names:
        raise SourceError("this is not an XLSX workbook", where=path)
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(files.read_bytes(path)), read_only=True, data_only=True, keep_links=False)
    except Exception as problem:  # openpyxl raises many kinds on damaged workbooks
        raise SourceError("the workbook cannot be opened", where=path, why=f"{type(problem).__name__}: {problem}") from None
    try:
        seen = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        if wanted and wanted not in [sheet.title for sheet in seen]:
            raise SourceError(f"the workbook has no sheet {wanted!r}", where=path, todo="sheets: " + ", ".join(one.title for one in seen))
        grids = {sheet.title: _sheet(sheet, path) for sheet in seen}
    except SourceError:
        raise
    except Exception as problem:  # openpyxl raises many kinds on damaged sheets
        raise SourceError("the workbook is damaged", where=path, why=f"{type(problem).__name__}: {problem}") from None
    finally:
        workbook.close()
    filled = {name: sum(cell != "" for row in rows for cell in row) for name, rows in grids.items()}
    if not any(filled.values()):
        raise SourceError("the workbook is empty", where=path)
    title = wanted or max(filled, key=lambda name: filled[name])
    return Grid(grids[title], title, tuple(name for name, count in filled.items() if count and name != title))


def _sheet(sheet: Any, path: Path) -> list[list[Cell]]:
    sheet.reset_dimensions()  # what a workbook claims about its size is not trusted
    rows: list[list[Cell]] = []
    held = 0
    for cells in sheet.iter_rows(values_only=True):
        rows.append([_cell(cell) for cell in cells])
        held += len(cells)
        if held > _MOST_CELLS:
            raise SourceError("the sheet is too large", where=f"{path}, sheet {sheet.title}", why=f"at most {_MOST_CELLS:,} cells")
    return rows


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime.datetime):
        return value.date() if value.time() == datetime.time() else value
    return value if isinstance(value, datetime.date) else str(value)
