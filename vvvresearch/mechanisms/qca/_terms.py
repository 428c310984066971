"""Terms: how they are written, DEV*~URB or DEV[2]*URB[0], and the prime implicants, the shortest that cover no negative row.

A term that covers the configuration r is r with some conditions kept: a subset S of the conditions. All 2^k subsets are
judged at once for each positive row, by sums over supersets, so the work is p · k · 2^k and never 3^k.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.mechanisms.qca._data import SetData
from vvvresearch.mechanisms.qca._search import Deadline
from vvvresearch.results import address_part

if TYPE_CHECKING:
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Bools = np.ndarray[Any, np.dtype[np.bool_]]


Cube = tuple[int, ...]


def literal_text(name: str, value: int, multi_value: bool) -> str:
    """One literal as written.

    Example:
        >>> literal_text("URB", 0, False), literal_text("DEV", 2, True)
        ('~URB', 'DEV[2]')
    """
    if multi_value:
        return f"{name}[{value}]"
    return name if value == 1 else f"~{name}"


def literal_key(name: str, value: int, multi_value: bool) -> str:
    """One literal as a part of an address.

    Example:
        >>> literal_key("URB", 0, False), literal_key("DEV", 2, True)
        ('not-urb', 'dev-2')
    """
    if multi_value:
        return f"{address_part(name)}-{value}"
    return address_part(name) if value == 1 else f"not-{address_part(name)}"


def term_key(data: SetData, cube: Sequence[int]) -> str:
    """A term as a part of an address, whatever order its conditions were given in: "not-urb/stb"."""
    literals = zip(data.conditions, cube, strict=True)
    return "/".join(sorted(literal_key(name, value, data.multi_value) for name, value in literals if value >= 0)) or "always"


def term_text(data: SetData, cube: Sequence[int]) -> str:
    """A term as written; a term without literals is "1", true of every case."""
    written = [literal_text(name, value, data.multi_value) for name, value in zip(data.conditions, cube, strict=True) if value >= 0]
    return "*".join(written) or "1"


def term_pattern(data: SetData, cube: Sequence[int]) -> dict[str, int]:
    """A term as {condition: value}, the way it is typed in."""
    return {name: value for name, value in zip(data.conditions, cube, strict=True) if value >= 0}


def covers_row(cube: Sequence[int], config: Sequence[int]) -> bool:
    """Whether a configuration falls under a term."""
    return all(value < 0 or value == held for value, held in zip(cube, config, strict=True))


def is_subset(narrow: Sequence[int], wide: Sequence[int]) -> bool:
    """Whether every configuration of one term falls under another."""
    return all(value < 0 or value == held for value, held in zip(wide, narrow, strict=True))


def primes_avoiding(positive: Ints, negative: Ints, deadline: Deadline) -> list[Cube] | None:
    """Primes when everything but the negative configurations may be covered.

    None when the time ran out.
    """
    conditions = positive.shape[1]
    bits = 1 << np.arange(conditions, dtype=np.int64)
    found: dict[Cube, None] = {}
    for row in positive:
        if deadline.passed():
            return None
        touched = np.zeros(1 << conditions, dtype=bool)
        touched[(negative == row) @ bits] = True
        for place in range(conditions):
            halves = touched.reshape(-1, 2, 1 << place)
            halves[:, 0] |= halves[:, 1]
        _collect(found, row, ~touched)
    return sorted(found, key=_reading_order)


def primes_within(positive: Ints, allowed: Ints, levels: tuple[int, ...], deadline: Deadline) -> list[Cube] | None:
    """Primes when only the allowed configurations may be covered.

    A term is an implicant when as many allowed configurations fall under it as it has configurations at all.
    """
    conditions = positive.shape[1]
    bits = 1 << np.arange(conditions, dtype=np.int64)
    size = np.ones(1, dtype=np.int64)
    for level in levels:
        # Bit set: the condition is kept and has one value; not set: it may have any of its values.
        size = np.concatenate([size * level, size])
    found: dict[Cube, None] = {}
    for row in positive:
        if deadline.passed():
            return None
        held = np.bincount((allowed == row) @ bits, minlength=1 << conditions).astype(np.int64)
        for place in range(conditions):
            halves = held.reshape(-1, 2, 1 << place)
            halves[:, 0] += halves[:, 1]
        _collect(found, row, held == size)
    return sorted(found, key=_reading_order)


def _collect(found: dict[Cube, None], row: Ints, implicant: Bools) -> None:
    """Add the implicants of a row from which no condition can be dropped."""
    minimal = implicant.copy()
    for place in range(len(row)):
        halves = minimal.reshape(-1, 2, 1 << place)
        shorter = implicant.reshape(-1, 2, 1 << place)
        halves[:, 1] &= ~shorter[:, 0]
    for subset in np.flatnonzero(minimal):
        cube = tuple(int(value) if subset >> place & 1 else -1 for place, value in enumerate(row))
        found[cube] = None


def _reading_order(cube: Cube) -> tuple[tuple[bool, int], ...]:
    """Terms with the first conditions come first, presence before absence."""
    return tuple((value < 0, -value) for value in cube)
