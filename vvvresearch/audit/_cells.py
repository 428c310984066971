"""Cells of a table: numbers of either language, percentages, and rows of plain text cut into label and cells."""

from __future__ import annotations

import re
from fractions import Fraction

from vvvresearch.audit._document import Cell, Table, TableRow

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
