"""Prime implicants: the shortest terms that cover a positive configuration and none that they must not.

A term that covers the configuration r is r with some conditions kept: a subset S of the conditions. All 2^k subsets are
judged at once for each positive row, by sums over supersets, so the work is p · k · 2^k and never 3^k.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.mechanisms.qca._terms import Cube
from vvvresearch.mechanisms.qca._time_limit import Deadline

if TYPE_CHECKING:
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Bools = np.ndarray[Any, np.dtype[np.bool_]]


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
