"""Cells of an OpenDocument spreadsheet (.ods), as LibreOffice saves it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from vvvresearch import files
from vvvresearch.errors import SourceError

if TYPE_CHECKING:
    from vvvresearch.intake._workbook import Cell

# A spreadsheet fills its last row and column up with repetitions of an empty cell.
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384


def open_document_rows(path: Path) -> dict[str, tuple[list[list[Cell]], bool]]:
    """The cells of each sheet by its name, and whether the sheet is out of sight.

    Raises:
        SourceError: damaged.
    """
    archive = files.open_archive(path)
    try:
        content = files.parse_xml(archive.read("content.xml"), "content.xml")
        hidden = {
            _of(style, "name") for style in content.iter() if _name(style) == "style" for one in style if _of(one, "display") == "false"
        }
        tables = [one for one in content.iter() if _name(one) == "table"]
        return {_of(one, "name"): (_rows(one), _of(one, "style-name") in hidden) for one in tables}
    except (KeyError, ValueError, OverflowError) as problem:
        raise SourceError("the workbook is damaged", where=path, why=f"{type(problem).__name__}: {problem}") from None


def _rows(table: Element) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for row in (one for one in table.iter() if _name(one) == "table-row"):
        cells = list(islice(_cells(row), _MOST_COLUMNS))
        while cells and cells[-1] == "":
            cells.pop()
        times = int(_of(row, "number-rows-repeated") or 1)
        if len(rows) + times > _MOST_ROWS and cells:
            raise ValueError(f"more than {_MOST_ROWS:,} cells")
        # Empty rows at the end are those that a spreadsheet always has.
        rows += [list(cells) for _ in range(min(times, _MOST_ROWS - len(rows)) if cells or times < _MOST_COLUMNS else 0)]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cells(row: Element) -> Iterator[Cell]:
    for cell in (one for one in row if _name(one) in ("table-cell", "covered-table-cell")):
        value = _value(cell)
        for _ in range(int(_of(cell, "number-columns-repeated") or 1)):
            yield value


def _value(cell: Element) -> Cell:
    kind, stored = _of(cell, "value-type"), _of(cell, "value")
    if kind in ("float", "currency", "percentage") and stored:
        number = float(stored)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if kind == "date":
        moment = datetime.datetime.fromisoformat(_of(cell, "date-value"))
        return moment.date() if moment.time() == datetime.time() else moment
    return "\n".join("".join(part.itertext()) for part in cell if _name(part) == "p").strip()


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _of(element: Element, name: str) -> str:
    """An attribute, whatever the namespace of its name."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
