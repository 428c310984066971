"""A grid as a table: titles above it, its heading (one row or two), its rows, and what stands below it."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.errors import SourceError
from vvvresearch.intake._fold import clean, fold, slug, slugs
from vvvresearch.intake._grid import Grid, are_years, fill_merged, is_heading, read_grid, without_second, without_totals, without_units
from vvvresearch.intake._workbook import Cell
from vvvresearch.kinds import DataKind

if TYPE_CHECKING:
    pass

_LOOKED_AT, _FILL = 10, 0.6
_MOST_NAMED = 8
_CODED = re.compile(r"^[A-Za-z][\w#]*(?:\[[^\]]*\])*\. (?=\S+ \S|\S{4})")
# Columns of a survey program that are called by the same words in its code and below it, before a row of questions is one.
_NAMED_TWICE = 4
_MINUS = str.maketrans("÷−–", "---")
_PROGRAM_ID = re.compile(r'\{"ImportId":.*\}')
# What SurveyMonkey writes below a question that has one column, and what it says of the question; and a word that is more than a tick.
_ONE_COLUMN = {"response": "", "svar": "", "open ended response": " (open-ended)", "aabent svar": " (fritekst)"}
_CHOSEN = 3
_CHOICE = re.compile(r" - Selected Choice(?= - |$)")


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

    @property
    def called(self) -> str:
        """What it is called beside its words ("q4-1" of a column Q4_1 whose question stands below), else its heading."""
        words = slug(self.heading, 2 * len(self.heading))
        ends = () if words.startswith(self.id) else [place for place, sign in enumerate(self.id[:-2]) if sign == "-"]
        return next((self.id[:place] for place in ends if words.startswith(self.id[place + 1 :])), self.heading)

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
        totals: how many rows of totals, below the table or between its groups, were left out.
        remarks: the rows of remarks that stand below and were left out.
        others: names of other sheets that hold something.
        hidden: names of sheets out of sight that hold something.
        second: the row where another table begins below this one, and its headings; () without one.
        unnamed: how many columns have cells and no heading.
        filled_down: how many rows have a cell from a merged one above.
        stacked: the headings of columns that said the same at several times and are rows now.
        labelled: id of a column → code → label, in a labelled file.
        ordinal: ids of columns that a labelled file calls ordinal.
        numeric: ids of columns that a data dictionary calls numbers.
        sets: (question, ids of its boxes) for the multiple-response sets of a labelled file.
        kind: what a labelled file says of its data.
        units: whether a row of units ("%", "kr.", "ja/nej") stands below the heading and was left out.
        unseen_rows: how many of the rows a spreadsheet keeps out of sight.
        unseen_columns: the headings of columns that it keeps out of sight.
        trials: how many rows of those who only tried the survey were left out.
        sheets: time → its sheet, where rows of several sheets stand below each other.
        times: the time of each such row.
        legends: what other sheets say that codes mean ("9 = not answered").
        withdrawn: how many rows are of those whom another sheet lists as having withdrawn their consent.
        respelt: how many codes stood in other capitals than their like.
    """

    columns: tuple[Column, ...]
    lines: tuple[int, ...]
    sheet: str = ""
    header: str = "1"
    titles: tuple[str, ...] = ()
    totals: int = 0
    remarks: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    unnamed: int = 0
    filled_down: int = 0
    stacked: tuple[str, ...] = ()
    labelled: dict[str, dict[str, str]] = field(default_factory=dict)
    ordinal: frozenset[str] = frozenset()
    numeric: frozenset[str] = frozenset()
    sets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    kind: DataKind = DataKind.REAL
    units: bool = False
    unseen_rows: int = 0
    unseen_columns: tuple[str, ...] = ()
    trials: int = 0
    sheets: dict[str, str] = field(default_factory=dict)
    times: tuple[str, ...] = ()
    legends: tuple[str, ...] = ()
    withdrawn: int = 0
    respelt: int = 0

    def repeated(self) -> list[tuple[int, int]]:
        """The rows that are equal in every cell to one above, capitals and the signs of minus aside, each with the first such row, by their
        lines."""
        first: dict[tuple[str, ...], int] = {}
        rows = zip(*([text.casefold().translate(_MINUS) for text in column.texts] for column in self.columns), strict=True)
        known = [(line, first.setdefault(row, line)) for line, row in zip(self.lines, rows, strict=True)]
        return [(line, above) for line, above in known if above != line]

    def __len__(self) -> int:
        return len(self.lines)

    def named(self, rows: Iterable[int]) -> str:
        """The lines of the first few of some rows, in words: "4, 10, 21"."""
        return ", ".join(str(self.lines[row]) for row in islice(rows, _MOST_NAMED))

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


def table_on(path: Path, sheet: str = "") -> Table | None:
    """The table on a sheet, or in a file without sheets; None where there is none."""
    try:
        return find_table(read_grid(path, sheet), path)
    except SourceError:
        return None


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
    top = next((n for n in filled[:_LOOKED_AT] if widths[n] >= _FILL * widest and is_heading(rows[n])), None)
    if top is None:
        raise SourceError("no row is a heading", where=where, why=f"none of the first {_LOOKED_AT} rows holds names of columns")
    names, first, last = _names(rows, top, filled, grid.across)
    titles = tuple(clean(" ".join(str(cell) for cell in rows[n] if cell != "")) for n in filled if n < first)
    body = [n for n in filled if n > last]
    filled_down = fill_merged(rows, grid.merged, last)
    body, units = without_units(rows, body)
    body, second = without_second(rows, body, names)
    body, totals, remarks = without_totals(rows, body)
    if not body:
        raise SourceError("the table has a heading and no rows", where=where)
    width = max(len(names), *(len(rows[n]) for n in body))
    names += [""] * (width - len(names))
    cells = [tuple(rows[n][place] if place < len(rows[n]) else "" for n in body) for place in range(width)]
    unnamed = sum(not name and any(cell != "" for cell in column) for name, column in zip(names, cells, strict=True))
    kept = [place for place in range(width) if names[place]]
    # The code stays in the id: it is the same when the question is worded anew.
    ids, headings = slugs([names[place] for place in kept]), _without_codes([names[place] for place in kept])
    columns = tuple(Column(heading, identifier, cells[place]) for place, identifier, heading in zip(kept, ids, headings, strict=True))
    header = str(first + 1) if first == last else f"{first + 1}+{last + 1}"
    return Table(
        columns, tuple(n + 1 for n in body), grid.sheet, header, titles, totals, remarks, grid.others, grid.hidden, second, unnamed,
        filled_down, units=units, unseen_rows=sum(n in grid.unseen_rows for n in body),
        unseen_columns=tuple(names[place] for place in kept if place in grid.unseen_columns),
    )  # fmt: skip


def _without_codes(names: list[str]) -> list[str]:
    """Headings without the codes that LimeSurvey puts before each question: "G1Q3[A1]. What helped? [Books]"; its own columns (id,
    submitdate) may have none. Where two questions have the same words their codes tell them apart."""
    bare = [_CODED.sub("", name) for name in names]
    coded = sum(own != name for own, name in zip(bare, names, strict=True))
    if coded <= 1 or 2 * coded <= len(names):
        return names
    times = Counter(bare)
    return [own if times[own] == 1 else name for own, name in zip(bare, names, strict=True)]


def _names(rows: list[list[Cell]], top: int, filled: list[int], across: Sequence[tuple[int, int, int]]) -> tuple[list[str], int, int]:
    """The headings, and the first and last row they stand on."""
    own = [clean(str(cell)) for cell in rows[top]]
    while own and not own[-1]:
        own.pop()
    below = next((n for n in filled if n > top), None)
    if below is not None and (questions := _questions_below(own, rows[below])):
        after = next((n for n in filled if n > below), below)
        named = all(_PROGRAM_ID.fullmatch(clean(str(cell))) for cell in rows[after] if cell != "")
        return questions, top, after if named else below
    if below is not None and (parts := _second_row(own, rows, below, filled)):
        return _joined(own, parts, _spans(across, top)), top, below
    above = next((n for n in reversed(filled) if n < top), None)
    if above is not None and above == top - 1:
        upper = [clean(str(cell)) for cell in rows[above]]
        upper += [""] * (len(own) - len(upper))
        places = [place for place, name in enumerate(upper) if name]
        spans = [place for place in places if place + 1 < len(own) and not upper[place + 1] and own[place]]
        # One cell in the first column is a title; a group stands above the columns it holds.
        if spans and spans != [0] and (len(places) > 1 or places[0] > 0) and is_heading(rows[above]):
            return _joined(upper, own, _spans(across, above)), above, top
    return own, top, top


def _questions_below(codes: list[str], row: Sequence[Cell]) -> list[str]:
    """Headings of a row of codes and the row of questions that Qualtrics writes below it, as "Q4. How long?"; nothing where it is none.

    The program's own columns tell it: they are called alike in both, "ResponseId" and "Response ID".
    """
    texts = [_CHOICE.sub("", clean(str(cell))) for cell in row] + [""] * (len(codes) - len(row))
    twice = sum(fold(code).replace(" ", "") == fold(words).replace(" ", "") != "" for code, words in zip(codes, texts, strict=False))
    if twice < _NAMED_TWICE:
        return []
    return [f"{code}. {words}" if code and words and code != words else words or code for code, words in zip(codes, texts, strict=False)]


def _second_row(own: list[str], rows: list[list[Cell]], below: int, filled: list[int]) -> list[str]:
    """The row under a heading that names the columns of its groups; nothing when it is a row of data."""
    parts = [clean(str(cell)) for cell in rows[below]]
    width = max(len(own), len(parts))
    own, parts = own + [""] * (width - len(own)), parts + [""] * (width - len(parts))
    repeated = {place for place, name in enumerate(own) if name and own.count(name) > 1}
    gaps = {place for place, name in enumerate(own) if not name and parts[place]} | repeated
    # "2026 | 2028" below a merged "Mål" names its columns, where nothing else stands on the row.
    if len(gaps) < 1 or not (is_heading(rows[below]) or are_years(rows[below])) or any(not parts[place] for place in gaps):
        return []
    later = [n for n in filled if n > below]
    if not later:
        return []
    again = sum(_comes_again(rows, later, place, parts[place]) for place in gaps)
    # Words of data come again in their column; names of columns do not.
    return parts if 2 * again < len(gaps) and any(not part for part in parts) | (again == 0) else []


def _comes_again(rows: list[list[Cell]], later: Sequence[int], place: int, part: str) -> bool:
    """Whether a word is one of the words of its column; SurveyMonkey fills a box with what stands above it, and with nothing else."""
    words = {clean(str(rows[n][place])) for n in later if place < len(rows[n])} - {""}
    return part in words and (words != {part} or len(part) < _CHOSEN)


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
        alone = _ONE_COLUMN.get(fold(part)) if top else None
        names.append(
            f"{group} - {part}" if group and part and alone is None else f"{top}{alone}" if top and alone is not None else part or top
        )
    return names


def equal_rows(table: Table) -> list[tuple[int, str, str]]:
    """The rows that are equal in every cell to one above, with what and why."""
    return [(line, "equal row", f"the same as row {above}") for line, above in table.repeated()]
