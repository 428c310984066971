"""Fisher's exact test of a table of any size: the network of its columns, cut in the middle."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    # What one node holds: sums of log n! over the cells laid, in order, and the probability of each sum.
    Paths = tuple[Floats, Floats]

# Elementary steps that take about ten seconds; a table that needs more is drawn at random instead.
_MOST_STEPS = 150_000_000
# Tables whose probabilities agree to this factor are equally probable, as in R.
_TIE = 1e-7
# Partial tables are left out while they add up to less than this probability.
_NEGLIGIBLE = 1e-10


class TooManyTables(Exception):
    """The network is larger than what can be summed in seconds."""


def probability_of_rarer_tables(counts: Ints) -> float:
    """P of all tables with the margins of `counts` that are no more probable than it.

    Columns are laid one after another; all that matters for the rest is what is left of the row totals, in any order (the nodes
    of Mehta and Patel's network). Partial tables are summed from the first column to the middle and from the last column to
    the middle; where they meet, the tables more probable than the observed one are counted. A partial table that no
    completion can make so probable is dropped at once.

    Args:
        counts: a table without empty rows and columns, at least two by two.

    Raises:
        TooManyTables: more steps than a few seconds allow.

    Source: Mehta and Patel 1983; the lower bound of a path is the Lagrangian dual of the shortest path.
    """
    table = counts if counts.shape[0] <= counts.shape[1] else counts.T
    network = _Network(np.sort(table.sum(axis=1)), np.sort(table.sum(axis=0))[::-1])
    observed = float(network.log_factorials[table].sum())
    return network.rarer_than(observed)


class _Network:
    def __init__(self, rows: Ints, columns: Ints) -> None:
        self.rows, self.columns = rows, columns
        self.total = int(rows.sum())
        self.log_factorials: Floats = np.array([math.lgamma(k + 1) for k in range(self.total + 1)])
        if (self.total + 1) ** len(rows) > np.iinfo(np.int64).max:
            raise TooManyTables
        self.powers: Ints = np.array([(self.total + 1) ** place for place in range(len(rows))], dtype=np.int64)
        self.steps = 0
        self.ends: dict[tuple[int, int], Paths] = {}

    def rarer_than(self, observed: float) -> float:
        limit = observed - _TIE
        middle = (len(self.columns) + 1) // 2
        nodes: dict[int, Paths] = {int(self.rows @ self.powers): (np.zeros(1), np.ones(1))}
        for place in range(middle):
            nodes = self._after(nodes, place, limit)
            if not nodes:
                return 1.0
        more_probable = 0.0
        for key, (values, shares) in nodes.items():
            ends, ways = self._to_the_end(key, middle)
            sums = np.concatenate([[0.0], np.cumsum(ways)])
            more_probable += float((shares * sums[np.searchsorted(ends, limit - values, side="left")]).sum())
        return min(1.0, max(0.0, 1.0 - more_probable))

    def _after(self, nodes: dict[int, Paths], place: int, limit: float) -> dict[int, Paths]:
        """The nodes after one more column, each with the partial tables that can still become more probable than the limit."""
        keys, values, shares = [], [], []
        for key, (past, weight) in nodes.items():
            left = self._rows_left(key)
            laid, cells, chance = self._column(left, place)
            children, of_column = np.unique(np.sort(left - laid, axis=1) @ self.powers, return_inverse=True)
            room = limit - self._least_to_come(self._rows_left(children[:, None]), place + 1)[of_column] - cells
            self._count(len(past) * len(laid))
            path, column = np.nonzero(past[:, None] < room[None, :])
            keys.append(children[of_column[column]])
            values.append(past[path] + cells[column])
            shares.append(weight[path] * chance[column])
        return self._gathered(np.concatenate(keys), np.concatenate(values), np.concatenate(shares))

    def _to_the_end(self, key: int, place: int) -> Paths:
        """All ways to lay the columns from `place` on, with their probabilities given the node."""
        if (place, key) in self.ends:
            return self.ends[place, key]
        left = self._rows_left(key)
        if place == len(self.columns) - 1:
            found = np.array([self.log_factorials[left].sum()]), np.ones(1)
        elif place == len(self.columns) - 2:
            laid, cells, chance = self._column(left, place)
            found = _merged(cells + self.log_factorials[left - laid].sum(axis=1), chance)
        else:
            laid, cells, chance = self._column(left, place)
            children = np.sort(left - laid, axis=1) @ self.powers
            parts = []
            for child in np.unique(children).tolist():
                own = children == child
                steps, weights = _merged(cells[own], chance[own])
                values, shares = self._to_the_end(child, place + 1)
                self._count(len(steps) * len(values))
                parts.append(((steps[:, None] + values).ravel(), (weights[:, None] * shares).ravel()))
            found = _merged(np.concatenate([values for values, _ in parts]), np.concatenate([shares for _, shares in parts]))
        self.ends[place, key] = found
        return found

    def _rows_left(self, key: int | Ints) -> Ints:
        left: Ints = key // self.powers % (self.total + 1)
        return left

    def _column(self, left: Ints, place: int) -> tuple[Ints, Floats, Floats]:
        """Every way to lay one column: its cells, their sum of log n!, and its probability."""
        size, whole = int(self.columns[place]), int(left.sum())
        laid = _columns_of(left, size)
        self._count(len(laid) * len(left))
        log = self.log_factorials
        cells = log[laid].sum(axis=1)
        ways = log[left].sum() - cells - log[left - laid].sum(axis=1)
        return laid, cells, np.exp(ways - (log[whole] - log[size] - log[whole - size]))

    def _least_to_come(self, left: Ints, place: int) -> Floats:
        """No completion has a smaller sum of log n! than this.

        For any multipliers λ = a(row) + b(column) the sum of min over n of (log n! − λn), plus Σ a·row + Σ b·column, is such a bound
        (Lagrangian dual); the minimum stands at n = ⌊exp λ⌋. Near independence, with half an answer more a cell, it is tight.
        """
        log = self.log_factorials
        if place == len(self.columns) - 1:
            last: Floats = log[left].sum(axis=1)
            return last
        columns = self.columns[place:]
        rows = left + len(columns) / 2
        shares = (columns + left.shape[1] / 2) / (columns.sum() + left.shape[1] * len(columns) / 2)
        expected = rows[:, :, None] * shares
        nearest = np.minimum(np.floor(expected), self.total).astype(np.int64)
        relaxed = log[nearest] - np.log(expected) * nearest
        bound: Floats = relaxed.sum(axis=(1, 2)) + (np.log(rows) * left).sum(axis=1) + float((np.log(shares) * columns).sum())
        return bound - 1e-9

    def _gathered(self, keys: Ints, values: Floats, shares: Floats) -> dict[int, Paths]:
        self._count(4 * len(keys))
        rarest = np.sort(shares)
        dropped = int(np.searchsorted(np.cumsum(rarest), _NEGLIGIBLE))
        if dropped:
            kept = shares >= rarest[min(dropped, len(rarest) - 1)]
            keys, values, shares = keys[kept], values[kept], shares[kept]
        order = np.argsort(keys, kind="stable")
        keys, values, shares = keys[order], values[order], shares[order]
        edges = np.flatnonzero(np.diff(keys)) + 1
        starts = [0, *edges.tolist()] if len(keys) else []
        stops = [*edges.tolist(), len(keys)]
        return {int(keys[i]): _merged(values[i:j], shares[i:j]) for i, j in zip(starts, stops, strict=False)}

    def _count(self, steps: int) -> None:
        self.steps += steps
        if self.steps > _MOST_STEPS:
            raise TooManyTables


def _columns_of(left: Ints, size: int) -> Ints:
    """All ways to lay a column of `size` answers into rows that have room for `left`."""
    laid, open_still = np.zeros((1, 0), dtype=np.int64), np.array([size])
    for row in range(len(left)):
        fewest = np.maximum(0, open_still - int(left[row + 1 :].sum()))
        ways = np.minimum(left[row], open_still) - fewest + 1
        before = np.repeat(np.arange(len(laid)), ways)
        chosen = np.arange(len(before)) - np.repeat(np.cumsum(ways) - ways, ways) + fewest[before]
        laid, open_still = np.column_stack([laid[before], chosen]), open_still[before] - chosen
    return laid


def _merged(values: Floats, shares: Floats) -> Paths:
    """The values in order, equal ones once with their summed probability."""
    order = np.argsort(values)
    values, shares = values[order], shares[order]
    first = np.concatenate([[0], np.flatnonzero(np.diff(values) > 1e-10) + 1])
    return values[first], np.add.reduceat(shares, first)
