"""The last look at a choice of hidden cells before it is handed on: what a reader could compute, by linear programs over all cells at once.

Knows only the sums, the counts and the marks. Nothing of how the choice was made is used (`_optimum.py`, `_protection.py`), so that a
search that was stopped by the clock, or that errs, is found out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from vvvresearch.privacy._sums import Sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEAR = 1e-6


class FinalAudit:
    """A reader of one choice of hidden cells.

    Args:
        sums: cells and equations.
        hidden: whether each cell is hidden, unseen cells included.
        least: the least value that a reader must think possible, for each cell.
    """

    def __init__(self, sums: Sums, hidden: NDArray[np.bool_], least: NDArray[np.int64]) -> None:
        self.cells = np.flatnonzero(hidden)
        self.equations: Any = csr_matrix(sums.equations)[:, self.cells]
        # How far a count may fall; another table is the counts plus such moves.
        self.fall = (least - sums.values)[self.cells].astype(float)

    def cannot_rise(self, rise: Mapping[int, int]) -> list[int]:
        """The small cells that no other whole table lets reach the threshold.

        Args:
            rise: small cell → threshold minus count; each is hidden.
        """
        wanted = {int(np.searchsorted(self.cells, cell)): float(rise[cell]) for cell in sorted(rise)}
        stuck = []
        while wanted:
            cell = next(iter(wanted))
            # Where one rises, as many others as can rise with it; one alone where the others are in its way.
            places, heights = np.array(list(wanted)), np.array(list(wanted.values()))
            cost, most = np.zeros(len(self.cells)), np.full(len(self.cells), np.inf)
            cost[places], most[places] = -1 / heights, heights
            moved = self._table(cost, {cell: wanted[cell]}, most)
            if moved is None:
                moved = self._table(np.zeros(len(self.cells)), {cell: wanted[cell]})
            if moved is None:
                stuck.append(int(self.cells[cell]))
                del wanted[cell]
            else:
                wanted = {place: height for place, height in wanted.items() if moved[place] < height - _NEAR}
        return stuck

    def computed(self) -> NDArray[np.int64]:
        """The hidden cells that have the same count in every whole table that agrees with what is shown."""
        fixed = np.ones(len(self.cells), dtype=bool)
        weights = np.random.default_rng(0).uniform(0.5, 1.0, len(self.cells))
        # Where the cells left could move, weights drawn at random would tell one table from another. A thousand is as good as any number.
        for most in (1.0, 1000.0):  # the first moves many cells a little at once, the second decides
            sign, still = 1.0, 0
            while fixed.any() and still < 2:
                moved = self._table(np.where(fixed, sign * weights, 0.0), {}, most)
                moves = np.zeros(len(fixed), dtype=bool) if moved is None else np.abs(moved) > 0.5
                still = 0 if moves[fixed].any() else still + 1
                fixed &= ~moves
                sign = -sign
        found: NDArray[np.int64] = self.cells[fixed]
        return found

    def _table(
        self, cost: NDArray[np.float64], at_least: Mapping[int, float], most: float | NDArray[np.float64] = np.inf
    ) -> NDArray[np.float64] | None:
        """The moves to the cheapest whole table, or None where there is none; with one number for `most` they fall no further either."""
        lower = np.maximum(self.fall, -most) if isinstance(most, float) else self.fall.copy()
        upper = np.broadcast_to(most, len(self.fall))
        for cell, up in at_least.items():
            lower[cell] = up
        sums = LinearConstraint(self.equations, 0, 0)
        solved = milp(cost, constraints=sums, bounds=Bounds(lower, upper), integrality=np.ones(len(cost)))
        return None if solved.x is None else np.round(solved.x)
