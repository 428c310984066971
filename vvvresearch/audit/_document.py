"""A document as blocks: headings, paragraphs, list items, captions, notes and tables, each with its own line."""

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
