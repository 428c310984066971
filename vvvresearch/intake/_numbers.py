"""Numbers as people write them: marks between thousands, decimal commas, a dash where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from vvvresearch.intake._scales import NUMBER_WORDS
from vvvresearch.intake._table import Column

# What a mark between three digits is: nothing to decide, a mark of thousands, a decimal mark, or either.
Marks = Literal["plain", "thousands", "decimals", "open"]

_THREES = re.compile(r"[-+]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_SPACED = re.compile(r"[-+]?\d{1,3}(?:[  \u00a0\u202f'’]\d{3})+(?:,\d+)?")
_DANISH, _ENGLISH = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+,\d+"), re.compile(r"[-+]?\d{1,3}(?:,\d{3})+\.\d+")
_SIMPLE = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
# Who writes "ca. 6" tells the number that he knows.
_ABOUT = re.compile(r"(ca\.?|cirka|omkring|omtrent|about|approx\.?|around|~) *(?=\d)", re.IGNORECASE)
# A mark behind a number points at a remark.
_NOTED = re.compile(r"(?<=\d) ?[*†‡¹²³]+\)?$")
_NOTHING = frozenset(("-", "–", "—", "--", "."))


def is_nothing(text: str) -> bool:
    """Whether a cell holds a sign for no number.

    Example:
        >>> is_nothing("-"), is_nothing("0")
        (True, False)
    """
    return text.strip() in _NOTHING


def is_number(text: str) -> bool:
    """Whether a text is a number, however its thousands and decimals are marked.

    Example:
        >>> is_number("1.204"), is_number("1 204,5"), is_number("12 %"), is_number("ca. 20*"), is_number("over 20")
        (True, True, True, True, False)
    """
    bare = _bare(text)
    return any(pattern.fullmatch(bare) for pattern in (_SIMPLE, _THREES, _SPACED, _DANISH, _ENGLISH))


def marks_of(column: Column) -> Marks:
    """What the marks in the texts of a column are; a number cell of a workbook has none.

    Example:
        >>> [marks_of(Column("Antal", "antal", cells)) for cells in (("1.204", "37"), ("1.204", "3,5"), ("1.204", "1.5"), ("12", "3,5"))]
        ['open', 'thousands', 'decimals', 'plain']
    """
    texts = [_bare(text) for text, cell in zip(column.texts, column.cells, strict=True) if text and isinstance(cell, str)]
    threes = {found[1] for text in texts if (found := _THREES.fullmatch(text))}
    if not threes:
        return "plain"
    if len(threes) > 1:
        return "open"
    mark = threes.pop()
    told = {_told(text, mark) for text in texts} - {""}
    return "thousands" if told == {"thousands"} else "decimals" if told == {"decimals"} else "open"


def _told(text: str, mark: str) -> str:
    """What one text says of a mark: several groups or another decimal mark make it one of thousands."""
    other = "," if mark == "." else "."
    if text.count(mark) > 1 or (mark in text and other in text) or re.fullmatch(rf"[-+]?\d+{re.escape(other)}\d{{1,2}}", text):
        return "thousands"
    found = re.fullmatch(rf"[-+]?\d+{re.escape(mark)}(\d+)", text)
    return "decimals" if found and (len(found[1]) != 3 or text.lstrip("+-").startswith("0")) else ""


def number_text(text: str, thousands: bool) -> str:
    """A number with a decimal point and no other mark; a sign for none as an empty cell, what is no number as it is.

    Args:
        text: a cell.
        thousands: whether a single mark before three digits parts thousands.

    Example:
        >>> [number_text(one, True) for one in ("1.204", "1.204,5", "3,5", "-", "ca. 20", "over 20", "to")]
        ['1204', '1204.5', '3.5', '', '20', 'over 20', '2']
        >>> number_text("1.204", False)
        '1.204'
    """
    bare = _bare(text)
    if is_nothing(bare):
        return ""
    if _SPACED.fullmatch(bare):
        return re.sub(r"[  \u00a0\u202f'’]", "", bare).replace(",", ".")
    if _DANISH.fullmatch(bare):
        return bare.replace(".", "").replace(",", ".")
    if _ENGLISH.fullmatch(bare):
        return bare.replace(",", "")
    if (threes := _THREES.fullmatch(bare)) and (thousands or bare.count(threes[1]) > 1):
        return bare.replace(threes[1], "")
    if _SIMPLE.fullmatch(bare):
        return bare.replace(",", ".")
    # Among numbers somebody writes "en", or "none".
    return f"{NUMBER_WORDS[words]:g}" if (words := bare.casefold()) in NUMBER_WORDS else text


def number_texts(column: Column, marks: str) -> list[str]:
    """The cells of a column as numbers; a number cell of a workbook is one already."""
    return [
        number_text(text, marks == "thousands") if isinstance(cell, str) else text
        for text, cell in zip(column.texts, column.cells, strict=True)
    ]


def share_of_numbers(texts: Iterable[str], whole: bool = False) -> float:
    """How many of the texts that hold more than a sign for nothing are numbers, or whole ones of at most seven digits."""
    held = [text for text in texts if not is_nothing(text)]
    if not held:
        return 0.0
    fits = [re.fullmatch(r"\d{1,7}", number_text(text, True)) is not None if whole else is_number(text) for text in held]
    return sum(fits) / len(held)


def _bare(text: str) -> str:
    return _NOTED.sub("", _ABOUT.sub("", text.strip())).removesuffix("%").rstrip()
