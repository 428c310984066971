"""The fewest cells to hide, then those on which least rests, then the fewest answers: integer programs with cuts as needed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix

from vvvresearch.privacy._protection import Cut, Protection, constraint_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Choice:
    """The cells to hide, with what is proved of them.

    `least_cells` and `least_answers` are lower bounds that no safe choice can beat (of answers: none with as few cells on which
    as little rests).
    """

    hidden: NDArray[np.bool_]
    least_cells: int
    least_answers: int


class Search:
    """One search over a table.

    Args:
        protection: the reader's side.
        can_hide: cells that may be hidden.
        free: cells that nobody is shown anyway; hiding them costs nothing.
        spare: how much rests on each cell: of the choices with fewest cells the one that takes least is made.
        seconds: the time limit, in processor time.
    """

    def __init__(
        self, protection: Protection, can_hide: NDArray[np.bool_], free: NDArray[np.bool_], spare: NDArray[np.int64], seconds: float
    ) -> None:
        self.protection = protection
        self.small = sorted(protection.rise)
        self.n = len(can_hide)
        self.must = free.copy()
        self.must[self.small] = True
        self.can = can_hide | self.must
        self.price = np.where(free, 0, 1)
        self.spare = np.where(free, 0, spare)
        self.answers = np.where(free, 0, protection.sums.values)
        # The order in which cells are taken and given back where there is no time to prove what is best.
        self.worth = self.answers + self.spare * (1 + self.answers.sum())
        # Processor time: a machine that has other work too must not hide more of a report's numbers.
        self.began = time.monotonic(), time.process_time()
        self.end = time.process_time() + seconds
        self.seconds = seconds
        self.cuts: list[Cut] = [cut for cell in self.small for cut in protection.first_cuts(cell)]
        self.partners = self._partners(free)

    def run(self) -> Choice:
        """Fewest cells, then the least that rests on them, then fewest answers among those."""
        if not self.protection.cuts(self.must.astype(float), self.small):
            return Choice(self.must, int(self.price[self.must].sum()), int(self.answers[self.must].sum()))
        self._relax()
        best, least_cells = self._minimise(self.price, self.can, {}, self.end - 0.25 * self.seconds)
        if best is self.can:
            # No time for anything better: what nobody needs is given back, for a quarter of the limit more.
            best = self._pruned(best, time.process_time() + 0.25 * self.seconds)
        cells = int(self.price[best].sum())
        if least_cells < cells:
            return Choice(best, least_cells, int(self.answers[self.must].sum()))
        best, least_spared = self._minimise(self.spare, best, {"price": cells}, self.end)
        spared = int(self.spare[best].sum())
        if least_spared < spared:
            return Choice(best, least_cells, int(self.answers[self.must].sum()))
        best, least_answers = self._minimise(self.answers, best, {"price": cells, "spare": spared}, self.end)
        return Choice(best, least_cells, least_answers)

    def _slowness(self) -> float:
        """Seconds by the clock for one of this process's, since the solver has no other clock."""
        clock, own = time.monotonic() - self.began[0], time.process_time() - self.began[1]
        return min(20.0, max(1.0, clock / max(own, 0.01)))

    def _partners(self, free: NDArray[np.bool_]) -> LinearConstraint:
        """A hidden cell that is alone in a sum can be computed, so that hiding it is never worth its price."""
        equations = self.protection.sums.equations.tocoo()
        rows, columns = equations.row, equations.col
        members = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=equations.shape)
        wanted = ~free[columns]
        rows, columns = rows[wanted], columns[wanted]
        matrix = members[rows] - csr_matrix((np.full(len(rows), 2.0), (np.arange(len(rows)), columns)), shape=(len(rows), self.n))
        return LinearConstraint(matrix, 0, np.inf)

    def _bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self.must.astype(float), self.can.astype(float)

    def _relax(self) -> None:
        """Cuts from the linear relaxation: cheap to solve, and most of what the integer program needs."""
        lower, upper = self._bounds()
        previous, still = -1.0, 0
        while time.process_time() < self.end - 0.7 * self.seconds and still < 3:
            both = [constraint_of(self.cuts, self.n), self.partners]
            a_ub = -csr_matrix(_stack([one.A for one in both]))
            b_ub = -np.concatenate([np.broadcast_to(one.lb, one.A.shape[0]) for one in both])
            solved = linprog(self.price, A_ub=a_ub, b_ub=b_ub, bounds=np.c_[lower, upper])
            new = self.protection.cuts(np.clip(solved.x, 0, 1), self.small)
            if not new:
                return
            self.cuts += new
            still = still + 1 if solved.fun < previous + 0.05 else 0
            previous = solved.fun

    def _minimise(
        self, cost: NDArray[np.int64], best: NDArray[np.bool_], settled: dict[str, int], end: float
    ) -> tuple[NDArray[np.bool_], int]:
        """The cheapest safe choice known and a proved lower bound of its cost, at the costs that are settled already."""
        lower, upper = self._bounds()
        bound = int(cost[self.must].sum())
        while bound < cost[best].sum() and (left := end - time.process_time()) > 0:
            constraints = [constraint_of(self.cuts, self.n), self.partners]
            constraints += [LinearConstraint(getattr(self, name)[np.newaxis, :], value, value) for name, value in settled.items()]
            options = {"time_limit": left * self._slowness(), "mip_rel_gap": 0.9 / max(1, int(cost[best].sum()))}
            solved = milp(cost, constraints=constraints, bounds=Bounds(lower, upper), integrality=np.ones(self.n), options=options)
            if solved.mip_dual_bound is not None and np.isfinite(solved.mip_dual_bound):
                bound = max(bound, int(np.ceil(solved.mip_dual_bound - 1e-6)))
            if solved.x is None:
                break
            chosen = np.round(solved.x)
            new = self.protection.cuts(chosen, self.small)
            self.cuts += new
            found = self._pruned(self._repaired(chosen), end) if new else chosen > 0.5
            if cost[found].sum() < cost[best].sum() and all(getattr(self, name)[found].sum() == value for name, value in settled.items()):
                best = found
        return best, min(bound, int(cost[best].sum()))

    def _repaired(self, chosen: NDArray[np.float64]) -> NDArray[np.bool_]:
        """A safe choice from one that may not be: for every cell that is not safe, the cheapest way to let it rise."""
        hidden = chosen > 0.5
        equations = self.protection.sums.equations
        for cell in self.small:
            if not self.protection.cuts(hidden.astype(float), [cell]):
                continue
            rise, cells = self.protection.rise[cell], np.flatnonzero(self.can)
            at = int(np.searchsorted(cells, cell))
            cost = np.where(hidden[cells], 0.001, 1.0) + 1e-4 * np.minimum(self.worth[cells], 1000) / 1000
            # Two moves a cell, up and down; the small cell goes up by its rise and not down.
            is_small = np.arange(len(cells)) == at
            least = np.concatenate([np.where(is_small, rise, 0), np.zeros(len(cells))])
            most = np.concatenate([np.where(is_small, rise, np.inf), np.where(is_small, 0, self.protection.room[cells])])
            both = csr_matrix(_stack([equations[:, cells].T, -equations[:, cells].T])).T
            bounds = np.c_[least, most]
            solved = linprog(np.concatenate([cost, cost]), A_eq=both, b_eq=np.zeros(equations.shape[0]), bounds=bounds)
            moved = solved.x[: len(cells)] + solved.x[len(cells) :]
            hidden[cells[moved > 1e-7]] = True
        while broken := self.protection.cuts(hidden.astype(float), self.small):
            near = broken[0].cells[self.can[broken[0].cells] & ~hidden[broken[0].cells]]
            if not len(near):
                return self.can.copy()
            hidden[near[np.argmin(self.worth[near])]] = True
        return hidden

    def _pruned(self, hidden: NDArray[np.bool_], end: float) -> NDArray[np.bool_]:
        """Without the cells that no small cell needs; those to be spared and those with most answers are given back first."""
        hidden = hidden.copy()
        moves = {cell: set(_known(self.protection.movement(hidden, cell))) for cell in self.small}
        for cell in sorted(np.flatnonzero(hidden & ~self.must), key=lambda one: -int(self.worth[one])):
            if time.process_time() > end:
                break
            hidden[cell] = False
            renewed = {}
            for small in self.small:
                if cell in moves[small]:
                    move = self.protection.movement(hidden, small)
                    if move is None:
                        hidden[cell] = True
                        break
                    renewed[small] = set(move)
            else:
                moves.update(renewed)
        return hidden


def _known(movement: NDArray[np.int64] | None) -> NDArray[np.int64]:
    assert movement is not None, "pruning starts from a safe choice"
    return movement


def _stack(parts: list[Any]) -> Any:
    from scipy.sparse import vstack

    return vstack(parts, format="csr")
