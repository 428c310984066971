"""The last look at a choice of hidden cells before it is handed on: what a reader could compute, by linear programs over all cells at once.

Knows only the sums, the counts and the marks. Nothing of how the choice was made is used (`_optimum.py`, `_protection.py`), so that a
search that was stopped by the clock, or that errs, is found out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, hstack, identity, vstack

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
        wanted = np.searchsorted(self.cells, sorted(rise))
        height = np.array([rise[cell] for cell in sorted(rise)], dtype=float)
        while len(wanted):
            risen = self._together(wanted, height)[wanted] >= height - _NEAR
            if not risen.any():
                break
            wanted, height = wanted[~risen], height[~risen]
        return [
            int(self.cells[cell])
            for cell, up in zip(wanted, height, strict=True)
            if self._table(np.zeros(len(self.cells)), {cell: up}) is None
        ]

    def computed(self) -> NDArray[np.int64]:
        """The hidden cells that have the same count in every whole table that agrees with what is shown."""
        fixed = np.ones(len(self.cells), dtype=bool)
        weights = np.random.default_rng(0).uniform(0.5, 1.0, len(self.cells))
        # Where the cells left could move, weights drawn at random would tell one table from another. A thousand is as good as any number.
        sign, still = 1.0, 0
        while fixed.any() and still < 2:
            moved = self._table(np.where(fixed, sign * weights, 0.0), {}, within=1000.0)
            moves = np.zeros(len(fixed), dtype=bool) if moved is None else np.abs(moved) > 0.5
            still = 0 if moves[fixed].any() else still + 1
            fixed &= ~moves
            sign = -sign
        found: NDArray[np.int64] = self.cells[fixed]
        return found

    def _together(self, wanted: NDArray[np.int64], height: NDArray[np.float64]) -> NDArray[np.float64]:
        """One table in which as much as possible of the rises happens at the same time."""
        n, k = len(self.cells), len(wanted)
        chosen = csr_matrix((np.ones(k), (np.arange(k), wanted)), shape=(k, n))
        matrix = vstack([hstack([self.equations, csr_matrix((self.equations.shape[0], k))]), hstack([chosen, -identity(k)])], format="csr")
        n_sums = self.equations.shape[0]
        solved = milp(
            np.concatenate([np.zeros(n), -1.0 / height]),
            constraints=LinearConstraint(matrix, np.zeros(n_sums + k), np.concatenate([np.zeros(n_sums), np.full(k, np.inf)])),
            bounds=Bounds(np.concatenate([self.fall, np.zeros(k)]), np.concatenate([np.full(n, np.inf), height])),
            integrality=np.concatenate([np.ones(n), np.zeros(k)]),
            options={"time_limit": 2.0, "mip_rel_gap": 0.2},
        )
        return np.zeros(n) if solved.x is None else np.round(solved.x[:n])

    def _table(self, cost: NDArray[np.float64], at_least: Mapping[int, float], within: float = np.inf) -> NDArray[np.float64] | None:
        """The moves to the cheapest whole table, or None where there is none."""
        lower, upper = np.maximum(self.fall, -within), np.full(len(self.fall), within)
        for cell, up in at_least.items():
            lower[cell] = up
        sums = LinearConstraint(self.equations, 0, 0)
        solved = milp(cost, constraints=sums, bounds=Bounds(lower, upper), integrality=np.ones(len(cost)))
        return None if solved.x is None else np.round(solved.x)
