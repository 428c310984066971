"""A grid as a table: titles above it, its heading (one row or two), its rows, and what stands below it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from vvvresearch.errors import SourceError
from vvvresearch.intake._fold import clean, fold, slugs
from vvvresearch.intake._grid import Grid
from vvvresearch.intake._workbook import Cell
from vvvresearch.kinds import DataKind

_TOTALS = re.compile(r"(i alt|ialt|total|totalt|sum|samlet|hele landet|grand total|totals)( .*)?")
_REMARKS = re.compile(r"(kilde|note|noter|source|anm|bemaerk)\b.*")
_LOOKED_AT, _FILL, _TEXTS = 10, 0.6, 0.7
_NUMERAL = re.compile(r"[-+]?\d+([.,]\d+)?%?")


@dataclass(frozen=True)
class Column:
    """One column.

    Args:
        heading: as in the file, cleaned; two rows of headings are joined with " - ".
        id: the heading as an id, each once a table.
        cells: one a row; "" where empty.
    """

    heading: str
    id: str
    cells: tuple[Cell, ...]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The cells as cleaned text; whole numbers without decimals, dates as ISO text."""
        known: dict[tuple[type, Cell], str] = {}
        found = []
        for cell in self.cells:
            key = (type(cell), cell)
            if key not in known:
                known[key] = cell_text(cell)
            found.append(known[key])
        return tuple(found)

    @cached_property
    def lined(self) -> tuple[str, ...]:
        """The cells as cleaned text, with the breaks of lines that part several things in one cell."""
        pairs = zip(self.cells, self.texts, strict=True)
        return tuple(
            "\n".join(part for line in cell.splitlines() if (part := clean(line)))
            if isinstance(cell, str) and "\n" in cell.strip()
            else text
            for cell, text in pairs
        )

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The texts of cells that hold something."""
        return tuple(text for text in self.texts if text)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Each different text and how often it stands, in order of appearance."""
        found: dict[str, int] = {}
        for text in self.filled:
            found[text] = found.get(text, 0) + 1
        return found

    @cached_property
    def folded(self) -> str:
        """The heading, folded."""
        return fold(self.heading)


@dataclass(frozen=True)
class Table:
    """A table as it stands in a file.

    Args:
        columns: in order.
        lines: the row of the file that each row stands on.
        sheet: name of the sheet, "" without one.
        header: the row of the heading, "3", or "3+4" where it has two.
        titles: what stands above the heading.
        totals: how many rows of totals stand below and were left out.
        remarks: how many rows of remarks stand below and were left out.
        others: names of other sheets that hold something.
        hidden: names of sheets out of sight that hold something.
        second: the row where another table begins below this one, and its headings; () without one.
        unnamed: how many columns have cells and no heading.
        filled_down: how many rows have a cell from a merged one above.
        stacked: the headings of columns that said the same at several times and are rows now.
        labelled: id of a column → code → label, in a labelled file.
        ordinal: ids of columns that a labelled file calls ordinal.
        sets: (question, ids of its boxes) for the multiple-response sets of a labelled file.
        kind: what a labelled file says of its data.
    """

    columns: tuple[Column, ...]
    lines: tuple[int, ...]
    sheet: str = ""
    header: str = "1"
    titles: tuple[str, ...] = ()
    totals: int = 0
    remarks: int = 0
    others: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    unnamed: int = 0
    filled_down: int = 0
    stacked: tuple[str, ...] = ()
    labelled: dict[str, dict[str, str]] = field(default_factory=dict)
    ordinal: frozenset[str] = frozenset()
    sets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    kind: DataKind = DataKind.REAL

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, identifier: str) -> Column | None:
        """A column by its id."""
        return next((column for column in self.columns if column.id == identifier), None)


def cell_text(cell: Cell) -> str:
    """A cell as cleaned text."""
    if isinstance(cell, str):
        text = clean(cell)
        # An apostrophe that keeps a spreadsheet from computing a text is no part of it.
        return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return (
        cell.isoformat(" ") if isinstance(cell, datetime.datetime) else cell.isoformat() if isinstance(cell, datetime.date) else str(cell)
    )


def find_table(grid: Grid, where: object) -> Table:
    """The table in a grid.

    Raises:
        SourceError: there is no row that could be a heading, or nothing below it.
    """
    rows = [[*row] for row in grid.rows]
    widths = [sum(cell != "" and clean(str(cell)) != "" for cell in row) for row in rows]
    filled = [number for number, width in enumerate(widths) if width]
    if not filled:
        raise SourceError("the table is empty", where=where)
    widest = max(widths[number] for number in filled[:200])
    top = next((n for n in filled[:_LOOKED_AT] if widths[n] >= _FILL * widest and _is_heading(rows[n])), None)
    if top is None:
        raise SourceError("no row is a heading", where=where, why=f"none of the first {_LOOKED_AT} rows holds names of columns")
    names, first, last = _names(rows, top, filled, grid.across)
    titles = tuple(clean(" ".join(str(cell) for cell in rows[n] if cell != "")) for n in filled if n < first)
    body = [n for n in filled if n > last]
    filled_down = _fill_merged(rows, grid.merged, last)
    body, second = _without_second(rows, body, len(names))
    body, totals, remarks = _without_footer(rows, body)
    if not body:
        raise SourceError("the table has a heading and no rows", where=where)
    width = max(len(names), *(len(rows[n]) for n in body))
    names += [""] * (width - len(names))
    cells = [tuple(rows[n][place] if place < len(rows[n]) else "" for n in body) for place in range(width)]
    unnamed = sum(not name and any(cell != "" for cell in column) for name, column in zip(names, cells, strict=True))
    kept = [place for place in range(width) if names[place]]
    ids = slugs([names[place] for place in kept])
    columns = tuple(Column(names[place], identifier, cells[place]) for place, identifier in zip(kept, ids, strict=True))
    header = str(first + 1) if first == last else f"{first + 1}+{last + 1}"
    return Table(
        columns, tuple(n + 1 for n in body), grid.sheet, header, titles, totals, remarks, grid.others, grid.hidden, second, unnamed,
        filled_down,
    )  # fmt: skip


def _without_second(rows: list[list[Cell]], body: list[int], width: int) -> tuple[list[int], tuple[str, ...]]:
    """The rows above another table on the same sheet, and the row and headings of that other one.

    It begins after an empty row, with names where the column above holds numbers, dates or words that come again.
    """
    for place, number in enumerate(body):
        if not 2 <= place < len(body) - 1 or body[place - 1] == number - 1 or not _is_heading(rows[number]):
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


def _fill_merged(rows: list[list[Cell]], merged: Sequence[tuple[int, int, int]], heading: int) -> int:
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


def _is_heading(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if cell != ""]
    texts = [cell for cell in filled if isinstance(cell, str) and not _NUMERAL.fullmatch(clean(cell))]
    return len(texts) >= _TEXTS * len(filled)


def _names(rows: list[list[Cell]], top: int, filled: list[int], across: Sequence[tuple[int, int, int]]) -> tuple[list[str], int, int]:
    """The headings, and the first and last row they stand on."""
    own = [clean(str(cell)) for cell in rows[top]]
    while own and not own[-1]:
        own.pop()
    below = next((n for n in filled if n > top), None)
    if below is not None and (parts := _second_row(own, rows, below, filled)):
        return _joined(own, parts, _spans(across, top)), top, below
    above = next((n for n in reversed(filled) if n < top), None)
    if above is not None and above == top - 1:
        upper = [clean(str(cell)) for cell in rows[above]]
        upper += [""] * (len(own) - len(upper))
        places = [place for place, name in enumerate(upper) if name]
        spans = [place for place in places if place + 1 < len(own) and not upper[place + 1] and own[place]]
        # One cell in the first column is a title; a group stands above the columns it holds.
        if spans and spans != [0] and (len(places) > 1 or places[0] > 0) and _is_heading(rows[above]):
            return _joined(upper, own, _spans(across, above)), above, top
    return own, top, top


def _second_row(own: list[str], rows: list[list[Cell]], below: int, filled: list[int]) -> list[str]:
    """The row under a heading that names the columns of its groups; nothing when it is a row of data."""
    parts = [clean(str(cell)) for cell in rows[below]]
    width = max(len(own), len(parts))
    own, parts = own + [""] * (width - len(own)), parts + [""] * (width - len(parts))
    repeated = {place for place, name in enumerate(own) if name and own.count(name) > 1}
    gaps = {place for place, name in enumerate(own) if not name and parts[place]} | repeated
    if len(gaps) < 1 or not _is_heading(rows[below]) or any(not parts[place] for place in gaps):
        return []
    later = [n for n in filled if n > below]
    if not later:
        return []
    again = sum(any(place < len(rows[n]) and clean(str(rows[n][place])) == parts[place] for n in later) for place in gaps)
    # Words of data come again in their column; names of columns do not.
    return parts if 2 * again < len(gaps) and any(not part for part in parts) | (again == 0) else []


def _spans(across: Sequence[tuple[int, int, int]], row: int) -> dict[int, int]:
    """The first column of each cell of a row that is merged to the right, and its last one."""
    return {first: last for number, first, last in across if number == row}


def _joined(upper: list[str], lower: list[str], spans: Mapping[int, int]) -> list[str]:
    """Two rows of headings as one; without merged cells a group goes on until the next one begins."""
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    names, group, end = [], "", width
    for place, (top, part) in enumerate(zip(upper, lower, strict=True)):
        if top:
            group, end = (top if part else ""), spans.get(place, place) if spans else width
        elif place > end:
            group = ""
        names.append(f"{group} - {part}" if group and part else part or top)
    return names


def _without_footer(rows: list[list[Cell]], body: list[int]) -> tuple[list[int], int, int]:
    totals = remarks = 0
    body = list(body)
    while body:
        filled = [clean(str(cell)) for cell in rows[body[-1]] if cell != ""]
        first = fold(filled[0])
        if _TOTALS.fullmatch(first) and len(first) < 40:
            totals += 1
        elif len(filled) == 1 and _REMARKS.fullmatch(first):
            remarks += 1
        else:
            break
        body.pop()
    return body, totals, remarks
