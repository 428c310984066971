"""A reader who also knows the rule: cells are hidden only because a cell tied to them is small.

Where hidden cells are tied by sums, at least one of them is small, or none would be hidden. A small cell that could reach the threshold
only in tables where no tied cell is small is therefore shown to be small to a reader who knows this. Whether the reader can run this
very program backwards, over every table that would give the same choice, is not modelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, hstack, identity, vstack
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray


def binding(equations: Any, unseen: NDArray[np.bool_]) -> Any:
    """The sums that tie cells: one with a part that no table shows ties nothing."""
    return equations[np.flatnonzero(np.asarray(abs(equations[:, np.flatnonzero(unseen)]).sum(axis=1)).ravel() == 0)]


def tied_cells(equations: Any, hidden: NDArray[np.bool_], cell: int) -> NDArray[np.int64]:
    """The hidden cells that sums tie to a hidden cell, itself included."""
    cells = np.flatnonzero(hidden)
    among = abs(equations[:, cells])
    _, component = connected_components(among.T @ among, directed=False)
    found: NDArray[np.int64] = cells[component == component[np.searchsorted(cells, cell)]]
    return found


def around(equations: Any, group: NDArray[np.int64]) -> NDArray[np.int64]:
    """The cells outside a group that share a sum with one of it."""
    touched = np.flatnonzero(np.asarray(abs(equations[:, group]).sum(axis=1)).ravel())
    near = np.asarray(abs(equations[touched]).sum(axis=0)).ravel() > 0
    near[group] = False
    return np.flatnonzero(near)


def agrees_with_rule(
    equations: Any,
    values: NDArray[np.int64],
    least: NDArray[np.int64],
    group: NDArray[np.int64],
    unseen: NDArray[np.bool_],
    cell: int,
    small: tuple[int, int],
) -> bool:
    """Whether some table agrees with what is shown, lets the cell reach the threshold and has another small cell in its group.

    Args:
        equations, values, least: the sums, the counts and the least value that is possible for each cell.
        group: the hidden cells tied to the cell, itself included.
        unseen: cells that no table shows; they may move as well.
        cell: the small cell.
        small: (smallest, threshold): small counts are at least the one and below the other.
    """
    smallest, threshold = small
    cells = np.concatenate([group, np.flatnonzero(unseen)])
    others = np.flatnonzero(group != cell)
    if not len(others):
        return False
    size, n_others = len(cells), len(others)
    counts = values[cells].astype(float)
    big = float(counts.max() + 1000 * threshold)
    choose = csr_matrix((np.ones(n_others), (np.arange(n_others), others)), shape=(n_others, size))
    one = identity(n_others, format="csr")
    sums = hstack([equations[:, cells], csr_matrix((equations.shape[0], n_others))])
    some = csr_matrix(np.concatenate([np.zeros(size), np.ones(n_others)]))
    # A chosen cell is small: count + move ≤ threshold - 1, and ≥ smallest.
    matrix = vstack([sums, some, hstack([choose, big * one]), hstack([choose, -smallest * one])], format="csr")
    n_sums = equations.shape[0]
    lower = np.concatenate([np.zeros(n_sums), [1.0], np.full(n_others, -np.inf), -counts[others]])
    upper = np.concatenate([np.zeros(n_sums), [np.inf], threshold - 1 + big - counts[others], np.full(n_others, np.inf)])
    start = least[cells] - counts
    start[cells == cell] = threshold - values[cell]
    solved = milp(
        np.zeros(size + n_others),
        constraints=LinearConstraint(matrix, lower, upper),
        bounds=Bounds(np.concatenate([start, np.zeros(n_others)]), np.concatenate([np.full(size, np.inf), np.ones(n_others)])),
        integrality=np.ones(size + n_others),
    )
    return solved.x is not None
