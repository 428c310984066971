"""Cells of a workbook, of XLSX straight from its parts: a survey of 300 columns is read in a second, not in ten."""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import Element

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.files import Archive

# What a cell can be: text, a number or a date; an empty cell is "".
Cell = str | int | float | datetime.date

_MOST_CELLS = 20_000_000
# Number formats that are dates: the built-in ones, and those with day, month or year outside of quotes and brackets.
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_DIGITS = "0123456789"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook.

    Args:
        rows: its cells, empty rows included.
        merged: cells merged downwards: column, first and last row, all from 0.
        across: cells merged to the right: row, first and last column, all from 0.
        hidden: whether a spreadsheet keeps it out of sight.
        unseen_rows, unseen_columns: the rows and columns that it keeps out of sight, from 0.
    """

    rows: list[list[Cell]]
    merged: tuple[tuple[int, int, int], ...] = ()
    across: tuple[tuple[int, int, int], ...] = ()
    hidden: bool = False
    unseen_rows: frozenset[int] = frozenset()
    unseen_columns: frozenset[int] = frozenset()


class _NotComputed(Exception):
    """A cell with a formula and no value; its message is the cell."""


def read_sheets(path: Path) -> dict[str, Sheet]:
    """The cells of each sheet, by its name; formulas give their stored value.

    Raises:
        SourceError: not a workbook, or damaged.
    """
    archive = files.open_archive(path)
    if "content.xml" in archive.names:
        return {name: Sheet(rows, hidden=hidden) for name, (rows, hidden) in open_document_rows(path).items()}
    if "[Content_Types].xml" not in archive.names or "xl/workbook.xml" not in archive.names:
        raise SourceError("this is not an XLSX workbook", where=path)
    try:
        with files.collector_paused():
            return _sheets(archive)
    except _NotComputed as cell:
        raise SourceError(
            "a formula has no stored value",
            where=path,
            why=f"cell {cell}: the file was written by a program that does not compute",
            todo="open it in a spreadsheet and save it",
        ) from None
    except (KeyError, IndexError, ValueError, OverflowError) as problem:
        raise SourceError("the workbook is damaged", where=path, why=f"{type(problem).__name__}: {problem}") from None


def _sheets(archive: Archive) -> dict[str, Sheet]:
    book = _part(archive, "xl/workbook.xml")
    places = {
        one.get("Id", ""): posixpath.normpath(posixpath.join("xl", one.get("Target", "").removeprefix("/xl/")))
        for one in _part(archive, "xl/_rels/workbook.xml.rels")
    }
    epoch = datetime.datetime(1904, 1, 1) if _flag(book, "workbookPr", "date1904") else datetime.datetime(1899, 12, 30)
    strings = [_text(item) for item in _part(archive, "xl/sharedStrings.xml")] if "xl/sharedStrings.xml" in archive.names else []
    dates = _date_styles(_part(archive, "xl/styles.xml")) if "xl/styles.xml" in archive.names else frozenset()
    sheets = {}
    for sheet in (one for one in book.iter() if _name(one) == "sheet"):
        key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        if "worksheets" in places.get(key, ""):
            part, hidden = _part(archive, places[key]), sheet.get("state", "visible") != "visible"
            sheets[sheet.get("name", "")] = Sheet(_sheet_rows(part, strings, dates, epoch, hidden), *_merged(part), hidden, *_unseen(part))
    return sheets


def _part(archive: Archive, name: str) -> Element:
    return files.parse_xml(archive.read(name), name)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _flag(root: Element, tag: str, attribute: str) -> bool:
    return any(one.get(attribute) in ("1", "true") for one in root.iter() if _name(one) == tag)


def _text(item: Element) -> str:
    """The text of a shared or inline string: its runs, without the readings of foreign signs."""
    parts = []
    for child in item:
        if child.tag.endswith("}t"):
            parts.append(child.text or "")
        elif child.tag.endswith("}r"):
            parts += [one.text or "" for one in child if one.tag.endswith("}t")]
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    """A text with the signs that XML cannot hold, which a spreadsheet writes as _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _date_styles(styles: Element) -> frozenset[int]:
    """The cell styles whose numbers are dates."""
    formats = {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in styles.iter() if _name(one) == "numFmt"}
    written = {
        number
        for number, code in formats.items()
        if re.search(r"[dmyhs]", _LITERAL.sub("", code.casefold())) and code.casefold() != "general"
    }
    cells = next((one for one in styles if _name(one) == "cellXfs"), ())
    return frozenset(place for place, one in enumerate(cells) if int(one.get("numFmtId", "0")) in _BUILT_IN_DATES | written)


def _sheet_rows(sheet: Element, strings: list[str], dates: frozenset[int], epoch: datetime.datetime, hidden: bool) -> list[list[Cell]]:
    try:
        return _rows(sheet, strings, dates, epoch)
    except _NotComputed:
        if hidden:
            # Nothing of it is read; that it is there is told.
            return [["?"]]
        raise


def _rows(sheet: Element, strings: list[str], dates: frozenset[int], epoch: datetime.datetime) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    held = 0
    data = next((one for one in sheet if _name(one) == "sheetData"), ())
    for row in data:
        number = int(row.get("r", len(rows) + 1))
        if not len(rows) < number <= 1_048_576:
            raise ValueError(f"row {number} is out of place")
        while len(rows) < number - 1:
            rows.append([])
        cells: list[Cell] = []
        for cell in row:
            reference = cell.get("r")
            place = _column(reference.rstrip(_DIGITS)) if reference else len(cells)
            if place > len(cells):
                cells += [""] * (place - len(cells))
            cells.append(_value(cell, strings, dates, epoch))
        rows.append(cells)
        held += len(cells)
        if held > _MOST_CELLS:
            raise ValueError(f"more than {_MOST_CELLS:,} cells")
    return rows


def _merged(sheet: Element) -> tuple[tuple[tuple[int, int, int], ...], tuple[tuple[int, int, int], ...]]:
    """Cells of one column that are merged over several rows, and cells that are merged over several columns."""
    down, across = [], []
    for one in (cell for group in sheet if _name(group) == "mergeCells" for cell in group):
        parts = _RANGE.fullmatch(one.get("ref", ""))
        if parts and parts[1] == parts[3] and parts[2] != parts[4]:
            down.append((_column(parts[1]), int(parts[2]) - 1, int(parts[4]) - 1))
        elif parts and parts[1] != parts[3]:
            across.append((int(parts[2]) - 1, _column(parts[1]), _column(parts[3])))
    return tuple(down), tuple(across)


def _unseen(sheet: Element) -> tuple[frozenset[int], frozenset[int]]:
    """The rows and columns that are out of sight; a filter hides rows too."""
    parts = [one for group in sheet if _name(group) in ("sheetData", "cols") for one in group if one.get("hidden") in ("1", "true")]
    rows = {int(one.get("r", "1")) - 1 for one in parts if _name(one) == "row"}
    spans = [(int(one.get("min", "1")), min(int(one.get("max", "1")), 16_384)) for one in parts if _name(one) == "col"]
    return frozenset(rows), frozenset(place - 1 for first, last in spans for place in range(first, last + 1))


@lru_cache(maxsize=16_384)
def _column(letters: str) -> int:
    """The place of a column from 0 by its letters.

    Example:
        >>> _column("A"), _column("AB")
        (0, 27)
    """
    place = 0
    for sign in letters:
        place = place * 26 + ord(sign) - 64
    if not 0 < place <= 16_384:
        raise ValueError(f"no column is called {letters}")
    return place - 1


def _value(cell: Element, strings: list[str], dates: frozenset[int], epoch: datetime.datetime) -> Cell:
    kind = cell.get("t", "n")
    stored, formula = None, False
    for child in cell:
        if child.tag.endswith("}f"):
            formula = True
        elif child.tag.endswith("}v"):
            stored = child.text
        elif child.tag.endswith("}is"):
            return _text(child)
    # A text that a formula made may be empty; a number is there or was never computed.
    if formula and stored is None and kind != "str":
        raise _NotComputed(cell.get("r", ""))
    if stored is None:
        return ""
    if kind == "s":
        return strings[int(stored)]
    if kind == "n":
        return _number(float(stored), int(cell.get("s", "0")) in dates, epoch)
    if kind == "d":
        moment = datetime.datetime.fromisoformat(stored)
        return moment.date() if moment.time() == datetime.time() else moment
    return _unescaped(stored) if kind == "str" else stored


def _number(value: float, is_date: bool, epoch: datetime.datetime) -> Cell:
    if is_date and value >= 1:
        # Times are kept to the second; a spreadsheet stores them as parts of a day.
        moment = epoch + datetime.timedelta(seconds=round(value * 86_400))
        return moment.date() if moment.time() == datetime.time() else moment
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


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
        return {_of(one, "name"): (_open_rows(one), _of(one, "style-name") in hidden) for one in tables}
    except (KeyError, ValueError, OverflowError) as problem:
        raise SourceError("the workbook is damaged", where=path, why=f"{type(problem).__name__}: {problem}") from None


def _open_rows(table: Element) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for row in (one for one in table.iter() if _name(one) == "table-row"):
        cells = list(islice(_open_cells(row), _MOST_COLUMNS))
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


def _open_cells(row: Element) -> Iterator[Cell]:
    for cell in (one for one in row if _name(one) in ("table-cell", "covered-table-cell")):
        value = _open_value(cell)
        for _ in range(int(_of(cell, "number-columns-repeated") or 1)):
            yield value


def _open_value(cell: Element) -> Cell:
    kind, stored = _of(cell, "value-type"), _of(cell, "value")
    if kind in ("float", "currency", "percentage") and stored:
        number = float(stored)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if kind == "date":
        moment = datetime.datetime.fromisoformat(_of(cell, "date-value"))
        return moment.date() if moment.time() == datetime.time() else moment
    return "\n".join("".join(part.itertext()) for part in cell if _name(part) == "p").strip()


def _of(element: Element, name: str) -> str:
    """An attribute, whatever the namespace of its name."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
