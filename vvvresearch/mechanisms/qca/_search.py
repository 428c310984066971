"""Exact search for set covers on bit masks: the least size, all covers of it, all covers without a surplus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vvvresearch.mechanisms.qca._deadline import Deadline

# Bounds are sums of floats; a bound must exceed the terms left by more than their rounding errors to prune.
_SLACK = 1e-7
_CHUNK = 10
# With this many terms left a linear program costs less than the branches it cuts; found by timing random tables.
_BOUND_FROM = 6


class OutOfTime(Exception):
    """The deadline passed during a search."""


class SmallerCover(Exception):
    """A cover with fewer columns than were thought to be needed."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


@dataclass(frozen=True)
class Bound:
    """At least `proved` columns are needed, and `cover` is the shortest cover known."""

    proved: int
    cover: tuple[int, ...]


def bits_of(mask: int) -> Iterator[int]:
    """The positions of the bits of a mask, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def least_size(columns: Sequence[int], rows: int, deadline: Deadline) -> Bound:
    """How few columns cover all rows, by integer programming; both bounds where the time runs out."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    greedy = _greedy(columns, rows)
    if len(greedy) == 1 or deadline.passed():
        return Bound(1, greedy)
    matrix = _matrix(columns, rows)
    left = deadline.left()
    options = {"mip_rel_gap": 0.0} if left is None else {"mip_rel_gap": 0.0, "time_limit": max(left, 0.01)}
    ones = np.ones(len(columns))
    solved = milp(ones, constraints=LinearConstraint(matrix, 1, np.inf), integrality=ones, bounds=Bounds(0, 1), options=options)
    cover = greedy
    if solved.x is not None:
        chosen = tuple(int(column) for column in np.flatnonzero(solved.x > 0.5))
        joined = 0
        for column in chosen:
            joined |= columns[column]
        if joined == rows and len(chosen) < len(cover):
            cover = chosen
    dual = getattr(solved, "mip_dual_bound", None)
    proved = int(np.ceil(dual - 1e-6)) if dual is not None and np.isfinite(dual) else 1
    return Bound(len(cover) if solved.status == 0 else min(max(1, proved), len(cover)), cover)


def all_of_size(columns: Sequence[int], rows: int, size: int, deadline: Deadline) -> Iterator[tuple[int, ...]]:
    """Every cover with exactly `size` columns, which must be the least size.

    Branches on the row with the fewest columns left, gives up a branch when a lower bound proves it needs more
    columns than are left, and drops columns whose reduced cost proves that they cannot be part of a cover. The bounds
    are dual solutions scaled until they are feasible, so they hold whatever the precision of the solver.

    Raises:
        SmallerCover: one exists; OutOfTime: the deadline passed.
    """
    search = _Search(columns, rows, deadline)
    yield from search.covers(rows, (), (1 << len(columns)) - 1, size, _no_bound())


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
        self.by_one: dict[int, int] = {}

    def covers(
        self, open_rows: int, chosen: tuple[int, ...], allowed: int, left: int, bound: Sequence[Sequence[float]]
    ) -> Iterator[tuple[int, ...]]:
        self.steps += 1
        if self.steps % 512 == 0 and self.deadline.passed():
            raise OutOfTime
        if not open_rows:
            raise SmallerCover(len(chosen))
        if left == 1:
            for column in bits_of(self._single(open_rows) & allowed):
                yield (*chosen, column)
            return
        needed, rest = 0.0, open_rows
        for table in bound:
            needed += table[rest & 1023]
            rest >>= _CHUNK
        if needed > left + _SLACK:
            return
        if left >= _BOUND_FROM:
            needed, bound, allowed = self._tighten(open_rows, allowed, left)
            if needed > left + _SLACK:
                return
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
            yield from self.covers(open_rows & ~self.columns[column], (*chosen, column), allowed, left - 1, bound)

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

    def _tighten(self, open_rows: int, allowed: int, left: int) -> tuple[float, Sequence[Sequence[float]], int]:
        from scipy.optimize import Bounds, LinearConstraint, milp

        rows, columns = list(bits_of(open_rows)), list(bits_of(allowed))
        matrix = self.matrix[np.ix_(columns, rows)]
        ones = np.ones(len(rows))
        solved = milp(-ones, constraints=LinearConstraint(matrix, -np.inf, 1), bounds=Bounds(0, 1))
        prices = ones / max(1.0, float(matrix.sum(axis=1).max(initial=1))) if solved.x is None else np.clip(solved.x, 0, None)
        loads = matrix @ prices
        scale = max(1.0, float(loads.max(initial=0.0)))
        prices, loads = prices / scale, loads / scale
        needed = float(prices.sum())
        spare = left - needed + _SLACK
        for column, load in zip(columns, loads.tolist(), strict=True):
            if 1 - load > spare:
                allowed &= ~(1 << column)
        full = np.zeros(self.n_rows)
        full[rows] = prices
        return needed, _sum_tables(full.tolist()), allowed


def _no_bound() -> list[list[float]]:
    return []


def _sum_tables(prices: list[float]) -> list[list[float]]:
    """For every ten rows the summed price of each of their subsets, so that a bound is a few look-ups."""
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


def _matrix(columns: Sequence[int], rows: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.asarray([[mask >> row & 1 for mask in columns] for row in bits_of(rows)], dtype=float)


def _greedy(columns: Sequence[int], rows: int) -> tuple[int, ...]:
    chosen: list[int] = []
    while rows:
        best = max(range(len(columns)), key=lambda column: (columns[column] & rows).bit_count())
        chosen.append(best)
        rows &= ~columns[best]
    return tuple(chosen)
