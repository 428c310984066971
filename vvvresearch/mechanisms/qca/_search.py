"""Exact search for set covers on bit masks: a lower bound, all covers of a size, all covers without a surplus."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError

if TYPE_CHECKING:
    Floats = np.ndarray[Any, np.dtype[np.float64]]


# Bounds are sums of floats; a bound must exceed the terms left by more than their rounding errors to prune.
_SLACK = 1e-7
_CHUNK = 5
_LAST = (1 << _CHUNK) - 1
# In the first levels of a search, with this many terms left, a linear program costs less than the branches it cuts; below
# them raising the prices one has does. Found by timing random tables.
_SOLVE_LEVELS = 3
_SOLVE_FROM = 6
_RAISE_FROM = 5


class OutOfTime(Exception):
    """The deadline passed during a search."""


def bits_of(mask: int) -> Iterator[int]:
    """The positions of the bits of a mask, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def lower_bound(columns: Sequence[int], rows: int) -> int:
    """A number of columns that any cover needs: the linear program's value, rounded up."""
    if any(mask == rows for mask in columns):
        return 1
    search = _Search(columns, rows, Deadline(None))
    prices, _ = search.best_prices(list(bits_of(rows)), list(range(len(columns))))
    return max(1, int(np.ceil(float(prices.sum()) - _SLACK)))


def all_of_size(columns: Sequence[int], rows: int, size: int, deadline: Deadline) -> Iterator[tuple[int, ...]]:
    """Every cover with `size` columns; there must be none with fewer.

    Branches on the row with the fewest columns left, gives up a branch when a lower bound proves it needs more
    columns than are left, and drops columns whose reduced cost proves that they cannot be part of a cover. The bounds
    are dual solutions scaled until they are feasible, so they hold whatever the precision of the solver.

    Raises:
        OutOfTime: the deadline passed.
    """
    search = _Search(columns, rows, deadline)
    search.solve_from = max(_SOLVE_FROM, size - _SOLVE_LEVELS)
    yield from search.covers(rows, (), (1 << len(columns)) - 1, size, np.zeros(search.n_rows), [])


def all_without_surplus(columns: Sequence[int], rows: int, deadline: Deadline) -> Iterator[tuple[int, ...]]:
    """Every cover in which each column has a row of its own."""
    coverers = _coverers(columns, rows)
    steps = 0

    def extend(open_rows: int, chosen: tuple[int, ...], own: tuple[int, ...], allowed: int) -> Iterator[tuple[int, ...]]:
        nonlocal steps
        steps += 1
        if steps % 512 == 0 and deadline.passed():
            raise OutOfTime
        if not open_rows:
            yield chosen
            return
        branch = min((coverers[row] & allowed for row in bits_of(open_rows)), key=int.bit_count)
        for column in bits_of(branch):
            allowed &= ~(1 << column)
            mask = columns[column]
            kept = tuple(rows_of & ~mask for rows_of in own)
            if all(kept):
                yield from extend(open_rows & ~mask, (*chosen, column), (*kept, mask & open_rows), allowed)

    yield from extend(rows, (), (), (1 << len(columns)) - 1)


class _Search:
    """The state of one enumeration."""

    def __init__(self, columns: Sequence[int], rows: int, deadline: Deadline) -> None:
        self.columns = list(columns)
        self.n_rows = rows.bit_length()
        self.coverers = _coverers(columns, rows)
        self.matrix = np.asarray([[mask >> row & 1 for row in range(self.n_rows)] for mask in columns], dtype=float)
        self.deadline = deadline
        self.steps = 0
        self.solve_from = _SOLVE_FROM
        self.by_one: dict[int, int] = {}

    def covers(
        self, open_rows: int, chosen: tuple[int, ...], allowed: int, left: int, prices: Floats, sums: Sequence[Sequence[float]]
    ) -> Iterator[tuple[int, ...]]:
        """Covers of the open rows with the allowed columns; `sums` are look-up tables of the `prices`."""
        self.steps += 1
        if self.steps % 512 == 0 and self.deadline.passed():
            raise OutOfTime
        if left == 1:
            for column in bits_of(self._single(open_rows) & allowed):
                yield (*chosen, column)
            return
        needed, rest = 0.0, open_rows
        for table in sums:
            needed += table[rest & _LAST]
            rest >>= _CHUNK
        if needed > left + _SLACK:
            return
        if left >= _RAISE_FROM:
            needed, prices, allowed = self._tighten(open_rows, allowed, left, prices)
            if needed > left + _SLACK:
                return
            sums = _sum_tables(prices.tolist())
        branch, fewest, rest = 0, 1 << 30, open_rows
        while rest:
            lowest = rest & -rest
            rest ^= lowest
            candidates = self.coverers[lowest.bit_length() - 1] & allowed
            count = candidates.bit_count()
            if count < fewest:
                branch, fewest = candidates, count
                if count <= 1:
                    break
        for column in bits_of(branch):
            # Later branches leave out the columns tried before, so that each cover is met once.
            allowed &= ~(1 << column)
            yield from self.covers(open_rows & ~self.columns[column], (*chosen, column), allowed, left - 1, prices, sums)

    def _single(self, open_rows: int) -> int:
        """The columns that cover all of these rows at once; the same rows are met again and again."""
        known = self.by_one.get(open_rows)
        if known is None:
            known = -1
            for row in bits_of(open_rows):
                known &= self.coverers[row]
            if len(self.by_one) < 2_000_000:
                self.by_one[open_rows] = known
        return known

    def _tighten(self, open_rows: int, allowed: int, left: int, prices: Floats) -> tuple[float, Floats, int]:
        """A better bound for these rows and columns, and the columns without those it rules out."""
        rows, columns = list(bits_of(open_rows)), list(bits_of(allowed))
        if not columns:
            return float("inf"), prices, allowed
        if left >= self.solve_from:
            if self.deadline.passed():
                raise OutOfTime
            priced, loads = self.best_prices(rows, columns)
        else:
            priced, loads = _raised(self.matrix[np.ix_(columns, rows)], prices[rows])
        needed = float(priced.sum())
        spare = left - needed + _SLACK
        for column, load in zip(columns, loads.tolist(), strict=True):
            if 1 - load > spare:
                allowed &= ~(1 << column)
        full = np.zeros(self.n_rows)
        full[rows] = priced
        return needed, full, allowed

    def best_prices(self, rows: list[int], columns: list[int]) -> tuple[Floats, Floats]:
        """Prices of rows, as high in sum as they can be while no column's rows cost more than 1; and what columns cost."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        matrix = self.matrix[np.ix_(columns, rows)]
        ones = np.ones(len(rows))
        solved = milp(-ones, constraints=LinearConstraint(matrix, -np.inf, 1), bounds=Bounds(0, 1))
        prices = np.zeros(len(rows)) if solved.x is None else np.clip(solved.x, 0, None)
        loads = matrix @ prices
        scale = max(1.0, float(loads.max(initial=0.0)))
        return prices / scale, loads / scale


def _raised(matrix: Floats, prices: Floats) -> tuple[Floats, Floats]:
    """Prices raised row by row as far as the columns allow: a bound nearly as good as the linear program's, far cheaper."""
    raised = prices.copy()
    spare = 1 - matrix @ raised
    for row in np.argsort(matrix.sum(axis=0)):
        holders = matrix[:, row] > 0
        room = float(spare[holders].min(initial=1.0))
        if room > 0:
            raised[row] += room
            spare[holders] -= room
    return raised, 1 - spare


def _sum_tables(prices: list[float]) -> list[list[float]]:
    """For every five rows the summed price of each of their subsets, so that a bound is a few look-ups."""
    tables = []
    for start in range(0, len(prices), _CHUNK):
        sums = [0.0]
        for price in prices[start : start + _CHUNK]:
            sums += [price + before for before in sums]
        tables.append(sums)
    return tables


def _coverers(columns: Sequence[int], rows: int) -> list[int]:
    found = [0] * rows.bit_length()
    for column, mask in enumerate(columns):
        for row in bits_of(mask):
            found[row] |= 1 << column
    return found


def greedy_cover(columns: Sequence[int], rows: int) -> tuple[int, ...]:
    """A cover that is often short: always the column with the most open rows."""
    chosen: list[int] = []
    while rows:
        best = max(range(len(columns)), key=lambda column: (columns[column] & rows).bit_count())
        chosen.append(best)
        rows &= ~columns[best]
    return tuple(chosen)


class Deadline:
    """When to stop; without a limit it never passes."""

    def __init__(self, seconds: float | None) -> None:
        if seconds is not None and not seconds > 0:
            raise AnalysisError(f"time_limit is {seconds!r}", why="it is a number of seconds above 0, or None")
        self._end = None if seconds is None else time.monotonic() + seconds

    def passed(self) -> bool:
        """Whether the time is up."""
        return self._end is not None and time.monotonic() >= self._end

    def left(self) -> float | None:
        """Seconds left, or None without a limit."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())
