"""What joins compare: columns of sources as text, and words that are probably another word misspelt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.check._evidence import Examined
    from vvvresearch.rounds import Source


_RARE, _USUAL, _SHORTEST = 1, 4, 5
_ENDINGS = ("s", "e", "r", "n")
_NUMBER = re.compile(r"^(\D*)(\d+)$")


def one_slip_apart(one: str, other: str) -> bool:
    """Whether two words differ by one letter or by two neighbours that changed places; digits are never a slip.

    Example:
        >>> one_slip_apart("present", "presnt"), one_slip_apart("friend", "freind"), one_slip_apart("P01", "P02")
        (True, True, False)
    """
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    mine, theirs = one[start : len(one) - end], other[start : len(other) - end]
    if any(mark.isdigit() for mark in mine + theirs):
        return False
    return max(len(mine), len(theirs)) == 1 or (len(mine) == 2 and mine == theirs[::-1])


def slips(values: Iterable[str]) -> dict[str, str]:
    """Values that stand once and are one slip from one that is usual, each with what was probably meant.

    Example:
        >>> slips(["present"] * 5 + ["presnt", "planned"])
        {'presnt': 'present'}
    """
    counted = Counter(value for value in values if value)
    usual = [value for value, count in counted.items() if count >= _USUAL and len(value) >= _SHORTEST]
    rare = [value for value, count in counted.items() if count <= _RARE]
    found = {value: next((one for one in usual if _slip(value, one)), "") for value in rare}
    return {value: meant for value, meant in found.items() if meant}


def _slip(value: str, usual: str) -> bool:
    # A plural or a definite form is another word, not a slip.
    longer, shorter = max(value, usual, key=len), min(value, usual, key=len)
    ending = longer.casefold().removeprefix(shorter.casefold())
    return one_slip_apart(value.casefold(), usual.casefold()) and ending not in _ENDINGS


def out_of_line(values: Iterable[str], *, panel: bool = False) -> dict[str, str]:
    """Numbered values (waves, years) that stand once and far from the usual ones, each with the nearest of those.

    Args:
        values: the cells of a column.
        panel: whether each value stands for many rows, as an extract does, so that one alone is out of line wherever it lies.

    Example:
        >>> out_of_line(["1"] * 5 + ["2"] * 5 + ["22"]), out_of_line(["1"] * 5 + ["2"])
        ({'22': '2'}, {})
    """
    counted = Counter(value for value in values if value)
    split = {value: (match[1], int(match[2])) for value in counted if (match := _NUMBER.match(value))}
    usual = {value: split.get(value, (value, 0)) for value, count in counted.items() if count >= _USUAL and (panel or value in split)}
    found = {}
    for value, count in counted.items():
        if count > _RARE or not usual or value in usual:
            continue
        stem, number = split.get(value, (value, None))
        same = [other for own, other in usual.values() if own == stem]
        if not panel and number is not None and same and min(same) - 1 <= number <= max(same) + 1:
            continue
        near = max(sorted(usual), key=lambda one: SequenceMatcher(None, one, value).ratio())
        if number is not None and not same:
            near = next((one for one, (_, other) in usual.items() if other == number), near)
        found[value] = near
    return found


# A column of a table that is free to name anything is held against what there is where most of it fits.
MOSTLY = 0.5
NAMED = 0.8


def registered(opened: Examined) -> tuple[Source, pd.DataFrame] | None:
    """The interview register and its source."""
    found = opened.one("interviews")
    return None if found is None else (found[0], found[1].frame)


def cell_texts(column: pd.Series[Any]) -> list[str]:
    """The cells of a column, without spaces around them."""
    return [str(cell).strip() for cell in column]


def filled(column: pd.Series[Any]) -> set[str]:
    """The values of a column that stand there."""
    return set(cell_texts(column)) - {""}


def book_codes(opened: Examined) -> set[str]:
    """The codes of the codebook, or of the one that the codings carry."""
    if (found := opened.one("codebook")) is not None:
        return set(found[1].paths)
    return set(found[1].codebook.paths) if (found := opened.one("codings")) is not None else set()
