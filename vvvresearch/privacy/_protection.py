"""How far a reader of what is shown must let each small cell reach, and which hidden cells are missing for it.

A small cell is safe when the hidden cells can move, within the sums and never below their least value, so that it reaches the
threshold. What cannot move is told by a cut: a set of cells of which more must be hidden (Fischetti & Salazar-González, "Models and
algorithms for optimizing cell suppression in tabular data with linear constraints", JASA 95, 2000). In a network a cut is a minimum cut
(Kelly, Golden & Assad, "Cell suppression: disclosure protection for sensitive tabular data", Networks 22, 1992); elsewhere it comes from
the dual of the reader's linear program.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from vvvresearch.privacy._rule import agrees_with_rule, around, binding, tied_cells
from vvvresearch.privacy._sums import Sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GRAIN = 10_000


@dataclass(frozen=True)
class Cut:
    """Σ weights × hidden ≥ rhs holds for every safe choice of hidden cells."""

    cells: NDArray[np.int64]
    weights: NDArray[np.float64]
    rhs: float


class Protection:
    """The reader's side of a table.

    Args:
        sums: cells and equations.
        rise: by how much each small cell must be able to rise (threshold minus count).
        least: the least value that a reader must think possible, for each cell.
        unseen: cells that no table shows.
        rule: (smallest, threshold) where the reader also reasons from the rule (`_rule.py`), else None.
    """

    def __init__(
        self, sums: Sums, rise: dict[int, int], least: NDArray[np.int64], unseen: NDArray[np.bool_], rule: tuple[int, int] | None = None
    ) -> None:
        self.sums = sums
        self.rise = rise
        self.least = least
        self.room = sums.values - least
        self.unseen = unseen
        self.rule = rule
        self._binding = binding(sums.equations, unseen)
        self._columns = sums.equations.tocsc()
        if sums.tail is not None and sums.head is not None:
            self._prepare(sums.tail, sums.head)

    def cuts(self, hidden: NDArray[np.float64], cells: Iterable[int]) -> list[Cut]:
        """The cuts that a choice breaks, for some small cells; fractional choices are allowed.

        None for 0/1 choices means that each of the cells can reach the threshold.
        """
        find = self._flow_cuts if self.sums.tail is not None else self._dual_cuts
        found = []
        for cell in cells:
            broken = [cut for cut in find(hidden, cell) if (cut.weights * hidden[cut.cells]).sum() < cut.rhs - 1e-6]
            found += broken if broken or self.rule is None else self._rule_cuts(hidden, cell)
        return found

    def _rule_cuts(self, hidden: NDArray[np.float64], cell: int) -> list[Cut]:
        if self.rule is None or self.unseen[cell] or ((hidden > 1e-6) & (hidden < 1 - 1e-6)).any():
            return []
        group = tied_cells(self._binding, (hidden > 0.5) & ~self.unseen, cell)
        if agrees_with_rule(self.sums.equations, self.sums.values, self.least, group, self.unseen, cell, self.rule):
            return []
        near = around(self._binding, group)
        return [Cut(near, np.ones(len(near)), 1.0)]

    def movement(self, hidden: NDArray[np.bool_], cell: int) -> NDArray[np.int64] | None:
        """The hidden cells that may move so that the cell reaches the threshold; None where it cannot."""
        if self.rule is not None:
            return None if self.cuts(hidden.astype(float), [cell]) else np.flatnonzero(hidden)
        if self.sums.tail is not None:
            return self._flow_movement(hidden, cell)
        table = self.witness(hidden, cell)
        return None if table is None else np.flatnonzero(table != self.sums.values)

    def first_cuts(self, cell: int) -> list[Cut]:
        """For each sum that holds a small cell: the others in it must be able to make up for its rise."""
        rise = self.rise[cell]
        found = []
        equations = self.sums.equations
        for number in self._equations_of(cell):
            start, end = equations.indptr[number], equations.indptr[number + 1]
            members, signs = equations.indices[start:end], equations.data[start:end]
            own = signs[members == cell][0]
            others = members != cell
            weights = np.where(signs[others] == own, np.minimum(self.room[members[others]], rise), rise)
            found.append(Cut(members[others], weights.astype(float), float(rise)))
        return found

    def _equations_of(self, cell: int) -> NDArray[np.int64]:
        columns = self._columns
        found: NDArray[np.int64] = columns.indices[columns.indptr[cell] : columns.indptr[cell + 1]]
        return found

    # The network: a rise is a flow through the cell that must come back through other hidden cells.

    def _prepare(self, tail: NDArray[np.int64], head: NDArray[np.int64]) -> None:
        n_nodes, n_cells = self.sums.equations.shape
        start = np.concatenate([tail, head])
        end = np.concatenate([head, tail])
        order = np.lexsort((end, start))
        self._start, self._end = start[order], end[order]
        self._cell = order % n_cells
        self._is_up = order < n_cells
        self._n_nodes = n_nodes

    def _flow(self, hidden: NDArray[np.float64], cell: int) -> tuple[Any, Any, NDArray[np.float64]]:
        """The largest flow that brings a rise back, the arcs' capacities, and their limits were every cell hidden."""
        assert self.sums.tail is not None
        assert self.sums.head is not None
        rise = self.rise[cell]
        limit = np.where(self._is_up, rise, np.minimum(self.room[self._cell], rise))
        limit = np.where(self._cell == cell, 0, limit)
        capacity = np.round(limit * hidden[self._cell] * _GRAIN).astype(np.int32)
        is_open = capacity > 0
        shape = (self._n_nodes, self._n_nodes)
        graph = csr_matrix((capacity[is_open], (self._start[is_open], self._end[is_open])), shape=shape)
        return maximum_flow(graph, int(self.sums.head[cell]), int(self.sums.tail[cell])), graph, limit

    def _flow_movement(self, hidden: NDArray[np.bool_], cell: int) -> NDArray[np.int64] | None:
        result, _, _ = self._flow(hidden.astype(float), cell)
        if result.flow_value < self.rise[cell] * _GRAIN:
            return None
        flow = result.flow.tocoo()
        used = flow.row[flow.data > 0] * self._n_nodes + flow.col[flow.data > 0]
        moved: NDArray[np.int64] = self._cell[np.isin(self._start * self._n_nodes + self._end, used)]
        return moved

    def _flow_cuts(self, hidden: NDArray[np.float64], cell: int) -> list[Cut]:
        assert self.sums.tail is not None
        assert self.sums.head is not None
        rise = self.rise[cell]
        result, graph, limit = self._flow(hidden, cell)
        if result.flow_value >= rise * _GRAIN * (1 - 1e-4):
            return []
        left = graph - result.flow
        left.data = np.where(left.data > 0, left.data, 0)
        left.eliminate_zeros()
        reached, reaching = (np.zeros(self._n_nodes, dtype=bool) for _ in range(2))
        reached[breadth_first_order(left, int(self.sums.head[cell]), return_predecessors=False)] = True
        reaching[breadth_first_order(left.T.tocsr(), int(self.sums.tail[cell]), return_predecessors=False)] = True
        sides = [reached] if (reached == ~reaching).all() else [reached, ~reaching]
        crossings = [side[self._start] & ~side[self._end] & (limit > 0) for side in sides]
        return [Cut(self._cell[crossing], limit[crossing].astype(float), float(rise)) for crossing in crossings]

    # Any other system: the dual of the reader's linear program.

    def _dual_cuts(self, hidden: NDArray[np.float64], cell: int) -> list[Cut]:
        rise = self.rise[cell]
        open_cells = np.flatnonzero(hidden > 1e-9)
        equations = self.sums.equations
        objective = np.zeros(len(open_cells))
        objective[open_cells == cell] = -1.0
        # A whole choice is the reader's own program, without upper ends; a fraction of a cell may move by that fraction.
        whole = bool((hidden[open_cells] > 1 - 1e-9).all())
        upper = np.full(len(open_cells), np.inf) if whole else rise * hidden[open_cells]
        upper[open_cells == cell] = rise
        lower = -np.minimum(self.room[open_cells], np.inf if whole else rise) * hidden[open_cells]
        solved = linprog(objective, A_eq=equations[:, open_cells], b_eq=np.zeros(equations.shape[0]), bounds=np.c_[lower, upper])
        if -solved.fun >= rise - 1e-7:
            return self._whole_number_cuts(hidden, cell) if whole else []
        reduced = equations.T @ solved.eqlin.marginals
        reduced[cell] += 1.0
        up, down = reduced > 1e-9, reduced < -1e-9
        weights = np.where(up, float(rise), np.where(down, np.minimum(-reduced * self.room, rise), 0.0))
        weights[cell] = 0.0
        cells = np.flatnonzero(weights > 1e-9)
        return [Cut(cells, weights[cells], float(rise))]

    def _whole_number_cuts(self, hidden: NDArray[np.float64], cell: int) -> list[Cut]:
        """Counts are whole: where only fractions reach the threshold, some cell more must be hidden."""
        if self.witness(hidden > 0.5, cell) is not None:
            return []
        near = around(self.sums.equations, tied_cells(self.sums.equations, hidden > 0.5, cell))
        return [Cut(near, np.ones(len(near)), 1.0)]

    def witness(self, hidden: NDArray[np.bool_], cell: int) -> NDArray[np.int64] | None:
        """A whole-number table that agrees with all that is shown and where the cell reaches the threshold, or None."""
        cells = np.flatnonzero(hidden)
        lower = -self.room[cells].astype(float)
        lower[cells == cell] = self.rise[cell]
        sums = LinearConstraint(self.sums.equations[:, cells], 0, 0)
        solved = milp(np.ones(len(cells)), constraints=sums, bounds=Bounds(lower, np.inf), integrality=np.ones(len(cells)))
        if solved.x is None:
            return None
        table = self.sums.values.copy()
        table[cells] += np.round(solved.x).astype(np.int64)
        return table


def constraint_of(cuts: list[Cut], n_cells: int) -> Any:
    """Cuts as one linear constraint over the cells."""
    rows = np.repeat(np.arange(len(cuts)), [len(cut.cells) for cut in cuts])
    columns = np.concatenate([cut.cells for cut in cuts])
    matrix = csr_matrix((np.concatenate([cut.weights for cut in cuts]), (rows, columns)), shape=(len(cuts), n_cells))
    return LinearConstraint(matrix, np.array([cut.rhs for cut in cuts]), np.inf)
