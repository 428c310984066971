"""A file as a plain grid of cells, nothing interpreted; and which rows below a heading are data."""

from __future__ import annotations

import csv
import datetime
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.intake._fold import clean, fold
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


_TOTALS = re.compile(r"(i alt|ialt|total|totalt|sum|samlet|hele landet|grand total|totals|in all|altogether|overall)( .*)?")
_SUBTOTALS = re.compile(r"(.+ )?(i alt|ialt|total|totalt|subtotal|sum)")
_REMARKS = re.compile(r"(kilde|note|noter|source|anm|bemaerk)\b.*")
# "n/a = not handed in", and sentences: no name of a place or a person.
_LEGEND = re.compile(r"\S{1,12} = \S.+|(?:\S+ ){4,}\S+\.?")
_UNITS = re.compile(
    r"%|pct|procent|per ?cent|kr|dkk|mio kr|stk|antal|number|n|ja nej|yes no|j n|y n|dato|date|maaned|month|aar|years?|dage|days|"
    r"timer|hours|minutter|min|tekst|text|tal|personer|persons|(dd|d)? ?(mm|m) ?(aaaa|aa|yyyy|yy)|(aaaa|yyyy) mm( dd)?|1 5|0 1|x"
)
_NUMERAL = re.compile(r"[-+]?\d+([.,]\d+)?%?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TEXTS, _THIN, _SHORT = 0.7, 0.6, 40
_LEAST_SUMMED, _LEAST_SUMS, _LAST_ROWS = 3, 2, 4
_SHARE = re.compile(r"[-+]?\d+([.,]\d+)? ?(%|pct\.?|procent)")


def is_heading(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if cell != ""]
    texts = [cell for cell in filled if isinstance(cell, str) and not _NUMERAL.fullmatch(clean(cell))]
    # Years or months side by side name columns as well, behind at least one that says what they are of.
    years = [clean(str(cell)) for cell in filled if isinstance(cell, datetime.date) or _YEAR.fullmatch(clean(str(cell)))]
    if texts and len(years) > 1 and filled[0] in texts and years == sorted(set(years)):
        return len(texts) + len(years) == len(filled)
    return len(texts) >= _TEXTS * len(filled)


def are_years(row: Sequence[Cell]) -> bool:
    """Whether a row has nothing but years, one after the other, behind an empty first cell."""
    years = [clean(str(cell)) for cell in row if cell != ""]
    return row[0] == "" and len(years) > 1 and years == sorted(set(years)) and all(_YEAR.fullmatch(one) for one in years)


def is_total(words: str) -> bool:
    """Whether a cell or a heading says that a sum stands there."""
    return _TOTALS.fullmatch(fold(words)) is not None


def without_units(rows: list[list[Cell]], body: list[int]) -> tuple[list[int], bool]:
    """The rows without a first one that says what the columns are counted in, and whether there was one."""
    if len(body) < 2:
        return body, False
    cells = [clean(str(cell)) for cell in rows[body[0]] if cell != ""]
    # A row of data begins with what it is about; among units its first cell is empty.
    told = len(cells) >= 2 and rows[body[0]][0] == "" and all(_UNITS.fullmatch(fold(cell) or cell) for cell in cells)
    return (body[1:], True) if told else (body, False)


def without_second(rows: list[list[Cell]], body: list[int], headings: list[str]) -> tuple[list[int], tuple[str, ...]]:
    """The rows above another table on the same sheet, and the row and headings of that other one.

    It begins after an empty row, with names where the column above holds numbers, dates or words that come again, or with the headings of
    the first.
    """
    width = len(headings)
    for place, number in enumerate(body):
        own = [clean(str(cell)) for cell in rows[number] if cell != ""]
        if 2 <= place < len(body) - 1 and len(own) > 1 and own == [name for name in headings if name]:
            # What stands alone above the headings is the title of the other table.
            first = [n for n in body[:place] if n < number - 1 or sum(cell != "" for cell in rows[n]) > 1]
            return first, (str(number + 1), *own)
        if not 2 <= place < len(body) - 1 or body[place - 1] == number - 1 or not is_heading(rows[number]):
            continue
        names = [(column, clean(str(cell))) for column, cell in enumerate(rows[number]) if cell != ""]
        above = {
            column: [clean(str(rows[n][column])) for n in body[:place] if column < len(rows[n]) and rows[n][column] != ""]
            for column, _ in names
        }
        foreign = [name for column, name in names if name not in above[column]]
        telling = [column for column, _ in names if column >= width or _is_plain(rows, body[:place], column)]
        after = rows[body[place + 1]]
        if len(names) >= 2 and len(foreign) == len(names) and telling and sum(cell != "" for cell in after) >= 2:
            return body[:place], (str(number + 1), *(name for _, name in names))
    return body, ()


def _is_plain(rows: list[list[Cell]], body: list[int], column: int) -> bool:
    """Whether a column holds numbers, dates or words that come again, so that a new word in it is no value of it."""
    cells = [rows[n][column] for n in body if column < len(rows[n]) and rows[n][column] != ""]
    texts = [clean(str(cell)) for cell in cells]
    numbers = sum(not isinstance(cell, str) or bool(_NUMERAL.fullmatch(text)) for cell, text in zip(cells, texts, strict=True))
    return bool(cells) and (numbers == len(cells) or (len(cells) >= 6 and 3 * len(set(texts)) <= len(cells)))


def fill_merged(rows: list[list[Cell]], merged: Sequence[tuple[int, int, int]], heading: int) -> int:
    """Give the value of a cell that is merged downwards to each row it spans, below the heading; how many rows gained one."""
    gained = set()
    for place, first, final in merged:
        value = rows[first][place] if heading < first < len(rows) and place < len(rows[first]) else ""
        for number in range(first + 1, min(final + 1, len(rows))) if value != "" else ():
            row = rows[number]
            # A row that holds nothing of its own stays empty.
            if any(cell != "" for cell in row):
                row += [""] * (place + 1 - len(row))
                row[place] = value
                gained.add(number)
    return len(gained)


def without_totals(rows: list[list[Cell]], body: list[int]) -> tuple[list[int], int, tuple[str, ...]]:
    """The rows without those of sums and remarks below them and without sums of groups between them; how many sums, and the remarks."""
    totals, remarks = 0, []
    body = list(body)
    # Shares and the like below the sum of all are no row of data: they have fewer cells than it, or percentages alone.
    ends = [n for n in body[-_LAST_ROWS:-1] if _is_total(rows[n])]
    below = [n for n in body if ends and n > ends[-1]]
    if below and all(_says_less(rows[n], rows[ends[-1]]) for n in below):
        remarks = [clean(str(cell)) for n in below for cell in rows[n][:1] if cell != ""]
        body = body[: len(body) - len(below)]
    while body:
        filled = [clean(str(cell)) for cell in rows[body[-1]] if cell != ""]
        first = fold(filled[0])
        # Below a gap, words that stand alone in the first cell are no row of data.
        apart = len(body) > 1 and body[-2] < body[-1] - 1 and rows[body[-1]][0] != "" and " " in first
        if _is_total(rows[body[-1]]) or _sums_up(rows, body):
            totals += 1
        elif len(filled) == 1 and (apart or _REMARKS.fullmatch(first.strip()) or _LEGEND.fullmatch(filled[0])):
            remarks.append(filled[0])
        else:
            break
        body.pop()
    widths = {n: sum(cell != "" for cell in rows[n]) for n in body}
    usual = sorted(widths.values())[len(widths) // 2] if widths else 0
    sums = [n for n in body if widths[n] <= _THIN * usual and _is_sum(rows[n])]
    return [n for n in body if n not in sums], totals + len(sums), tuple(remarks)


def _is_total(row: Sequence[Cell]) -> bool:
    first = fold(next((clean(str(cell)) for cell in row if cell != ""), ""))
    return _TOTALS.fullmatch(first) is not None and len(first) < _SHORT


def _says_less(row: Sequence[Cell], total: Sequence[Cell]) -> bool:
    own, sums = ([clean(str(cell)) for cell in cells if cell != ""] for cells in (row, total))
    return 2 * len(own) < len(sums) or all(_SHARE.fullmatch(cell) for cell in own[1:])


def _sums_up(rows: list[list[Cell]], body: list[int]) -> bool:
    """Whether the last row holds the sums of the columns above it: of all that are numbers, and of two at least, whatever it is called."""
    *above, last = body
    if len(above) < _LEAST_SUMMED:
        return False
    sums = []
    for place, cell in enumerate(rows[last]):
        if not _is_quantity(cell):
            continue
        column = [rows[n][place] for n in above if place < len(rows[n]) and rows[n][place] != ""]
        if column and all(map(_is_quantity, column)):
            sums.append(math.isclose(sum(map(float, column)), float(cell), abs_tol=1e-6))  # type: ignore[arg-type]
    return len(sums) >= _LEAST_SUMS and all(sums)


def _is_quantity(cell: Cell) -> bool:
    return isinstance(cell, int | float) or (_NUMERAL.fullmatch(clean(str(cell))) is not None and str(cell).isdigit())


def _is_sum(row: Sequence[Cell]) -> bool:
    """Whether a row is a sum: its only words say so, and numbers stand beside them."""
    words = [cell for cell in row if isinstance(cell, str) and clean(cell) and not _NUMERAL.fullmatch(clean(cell))]
    numbers = sum(cell != "" for cell in row) - len(words)
    return len(words) == 1 and numbers >= 1 and len(words[0]) < _SHORT and _SUBTOTALS.fullmatch(fold(words[0])) is not None
