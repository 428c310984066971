"""A document as blocks: headings, paragraphs, list items, captions, notes and tables with their cells, each with its own line."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal

from vvvresearch.locales import Lang

# "Hele byen", "all schools": the last row of a table is then its total.
THE_WHOLE = re.compile(r"\W*(?:hele|the whole|whole|alle|all|samtlige) (?!tid|dag|time|day)[^\W\d]+\W*$", re.IGNORECASE)
BlockKind = Literal["heading", "paragraph", "item", "caption", "note", "table"]


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its words and, where it holds a number, the number."""

    text: str
    value: Fraction | None = None
    decimals: int = 0
    percent: bool = False


@dataclass(frozen=True)
class TableRow:
    """A row of a table: its label, the cells behind it, its line, and whether it is the sum of all others."""

    label: str
    cells: tuple[Cell, ...]
    line: int
    total: bool = False


@dataclass(frozen=True)
class Table:
    """A table: the heading row and the rows below it."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]

    @cached_property
    def with_total(self) -> Table:
        """The table with its last row marked where a column adds up to it, whatever it is called: "Borough", "Kommunen"."""
        if self.rows and THE_WHOLE.match(self.rows[-1].label):
            return replace(self, rows=(*self.rows[:-1], replace(self.rows[-1], total=True)))
        if len(self.rows) < 4 or self.rows[-1].total:
            return self
        others, last = self.rows[:-1], self.rows[-1]
        columns = [[row.cells[at].value for row in others if at < len(row.cells)] for at in range(len(last.cells))]
        added = [sum(value for value in column if value is not None) for column in columns]
        whole = [cell.value is not None and cell.value > 20 and cell.value == one for cell, one in zip(last.cells, added, strict=True)]
        shares = [cell.percent or cell.decimals > 0 or cell.value == 100 for cell in last.cells]
        if not any(one and not share for one, share in zip(whole, shares, strict=True)):
            return self
        return replace(self, rows=(*self.rows[:-1], replace(last, total=True)))

    @property
    def text(self) -> str:
        """All words of the heading row."""
        return " ".join(self.header)


@dataclass(frozen=True)
class Block:
    """A piece of a document.

    Attributes:
        kind: what it is.
        text: its words; lines are separated by "\\n".
        line: the line of its first character, from 1.
        lines: the line of each line of the text.
        level: of a heading, its depth.
        table: of a table, its rows.
    """

    kind: BlockKind
    text: str
    line: int
    lines: tuple[int, ...] = ()
    level: int = 0
    table: Table | None = None

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        starts += [at + 1 for at, character in enumerate(self.text) if character == "\n"]
        return starts

    def line_at(self, offset: int) -> int:
        """The document's line of a character of the text."""
        position = bisect_right(self._starts, offset) - 1
        return self.lines[position] if position < len(self.lines) else self.line + position


@dataclass(frozen=True)
class Unread:
    """Something in a document that could not be read: never a finding, never guessed."""

    line: int
    reason: str
    words: str = ""


@dataclass(frozen=True)
class Document:
    """A document that was read.

    Attributes:
        name: its file's name.
        lang: the language that most of it is written in.
        blocks: what was read, in reading order.
        unread: what was not.
    """

    name: str
    lang: Lang
    blocks: tuple[Block, ...]
    unread: tuple[Unread, ...] = field(default=())

    @property
    def words(self) -> int:
        """How many words were read."""
        return sum(len(block.text.split()) for block in self.blocks)


_NUMBER = r"[-−–]?\d{1,3}(?:[.,\u00a0 ]\d{3})+(?:[.,]\d{1,2})?|[-−–]?\d+(?:[.,]\d+)?"
_PERCENT = r"\s?(?:%|pct\.?|procent|per ?cent)"
_CELL = re.compile(rf"(?P<number>{_NUMBER})(?P<percent>{_PERCENT})?(?:\*+|\s?\([^()]*\))?", re.IGNORECASE)
# "12 (24 %)": a count and its percentage in one cell.
_BOTH = re.compile(rf"(?P<count>{_NUMBER})\s*\(\s*(?P<share>{_NUMBER})(?P<percent>{_PERCENT})?\s*\)", re.IGNORECASE)
_TAIL = re.compile(
    rf"(?:(?:^|"
    rf"(?<=\s))(?:{_BOTH.pattern.replace('?P<count>', '?:').replace('?P<share>', '?:').replace('?P<percent>', '?:')}|"
    rf"(?:{_NUMBER})(?:{_PERCENT})?\*?|[-–—])\s*)+$",
    re.IGNORECASE,
)
_PIECE = re.compile(rf"({_NUMBER})\s*\(\s*({_NUMBER})({_PERCENT})?\s*\)|({_NUMBER})({_PERCENT})?\*?|([-–—])", re.IGNORECASE)
_EMPTY = frozenset({"", "-", "–", "—", ".", "..", "•", "na", "n/a"})
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")


def number_of(shown: str) -> tuple[Fraction, int]:
    """The value of a printed number and its decimals; three digits after a single sign are thousands."""
    text = shown.replace("−", "-").replace("–", "-").replace("\u00a0", " ")
    sign = -1 if text.startswith("-") else 1
    groups = re.split(r"[.,  ]", text.lstrip("-"))
    thousands = groups[0] != "0" and len(groups[0]) <= 3
    if len(groups) == 1:
        return Fraction(sign * int(groups[0])), 0
    if thousands and all(len(group) == 3 for group in groups[1:]):
        return Fraction(sign * int("".join(groups))), 0
    return Fraction(sign * int("".join(groups)), 10 ** len(groups[-1])), len(groups[-1])


def cells_of(text: str) -> tuple[Cell, ...]:
    """What one printed cell holds: "12 (24 %)" is a count and a percentage."""
    stripped = text.strip().strip("*_").strip()
    both = _BOTH.fullmatch(stripped)
    if both:
        count, share = number_of(both["count"]), number_of(both["share"])
        return Cell(both["count"], *count), Cell(both["share"], *share, percent=True)
    found = _CELL.fullmatch(stripped)
    if found and not _DATE.fullmatch(stripped):
        return (Cell(stripped, *number_of(found["number"]), percent=found["percent"] is not None),)
    return (Cell(stripped),)


def split_row(line: str) -> tuple[str, tuple[str, ...]] | None:
    """Label and printed cells of a line of text that has columns by pipes, tabs or wide gaps; None where it has none."""
    stripped = line.strip()
    if stripped.count("|") >= 2 or (stripped.count("|") == 1 and not stripped.endswith("|")):
        parts = [part.strip() for part in stripped.strip("|").split("|")]
    elif "\t" in stripped:
        parts = [part.strip() for part in stripped.split("\t")]
    elif re.search(r"\S {2,}\S", stripped):
        parts = re.split(r" {2,}", stripped)
    else:
        return None
    return (parts[0], tuple(parts[1:])) if len(parts) > 1 else None


def narrow_row(line: str) -> tuple[str, tuple[str, ...]] | None:
    """Label and cells of a line whose columns stand one space apart: "Ja, altid 29 94%"; None without a number at its end."""
    stripped = line.strip()
    tail = _TAIL.search(stripped)
    if tail is None:
        return None
    pieces = tuple(match[0].strip() for match in _PIECE.finditer(tail[0]))
    return stripped[: tail.start()].strip(), pieces


def row_of(label: str, printed: tuple[str, ...], line: int) -> TableRow:
    """A row of a table from its printed cells."""
    cells: list[Cell] = []
    for one in printed:
        cells += cells_of(one)
    return TableRow(label.strip().strip("*_").strip(), tuple(cells), line)


def table_of(lines: list[tuple[str, tuple[str, ...], int]]) -> Table:
    """A table from its printed rows; the rows before the first that holds a number are its heading."""
    header: list[str] = []
    rows: list[TableRow] = []
    for label, printed, line in lines:
        row = row_of(label, printed, line)
        filled = [cell for cell in row.cells if cell.text.lower() not in _EMPTY]
        numeric = [cell for cell in filled if cell.value is not None]
        years = numeric and all(not cell.percent and 1990 <= (cell.value or 0) <= 2100 for cell in numeric)
        if not rows and (not numeric or years):
            if header and len(header) == len(printed) + 1:
                header = [f"{one} {more}".strip() for one, more in zip(header, (label, *printed), strict=True)]
            else:
                header = [label, *printed]
            continue
        if numeric or filled or row.label:
            rows.append(row)
    return Table(tuple(header), tuple(rows))
