"""The sums that tie cells together, as a network of flows where they form one, else as plain equations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_matrix

from vvvresearch.privacy._count_table import CountTable

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Sums:
    """Cells and the equations over them.

    Args:
        values: the count of each cell.
        equations: one row an equation (whole minus parts is 0), one column a cell.
        tail, head: where the equations form a network, the node that each cell leaves and the one it enters: every cell stands
            once with plus and once with minus. Tables with a hierarchy in at most one direction do; None otherwise.
    """

    values: NDArray[np.int64]
    equations: Any
    tail: NDArray[np.int64] | None = None
    head: NDArray[np.int64] | None = None


def sums_of(table: CountTable) -> Sums:
    """The sums of one table; cell (row, column) is number row × columns + column."""
    flat_columns = len(table.columns.sums) == 1
    if flat_columns or len(table.rows.sums) == 1:
        return _network(table, transposed=not flat_columns)
    return Sums(table.values.ravel(), _matrix(_equations(table), table.values.size))


def _equations(table: CountTable) -> list[tuple[int, list[int]]]:
    """(whole, parts) for every sum, by number of cell."""
    n_rows, n_columns = table.values.shape
    number = np.arange(n_rows * n_columns).reshape(n_rows, n_columns)
    found = []
    for whole, parts in table.columns.sums.items():
        found += [(int(number[row, whole]), number[row, parts].tolist()) for row in range(n_rows)]
    for whole, parts in table.rows.sums.items():
        found += [(int(number[whole, column]), number[parts, column].tolist()) for column in range(n_columns)]
    return found


def _matrix(equations: Sequence[tuple[int, Sequence[int]]], n_cells: int) -> Any:
    rows = [number for number, (_, parts) in enumerate(equations) for _ in range(1 + len(parts))]
    columns = [cell for whole, parts in equations for cell in (whole, *parts)]
    signs = [sign for _, parts in equations for sign in (1.0, *([-1.0] * len(parts)))]
    return csr_matrix((signs, (rows, columns)), shape=(len(equations), n_cells))


def _network(table: CountTable, transposed: bool) -> Sums:
    """The incidence matrix of a table whose tree lies along one axis.

    Nodes are the leaves of the tree (their sum over the flat axis), the sums of the tree in each column of the flat axis, and one
    for the total's own sum. The sums of inner rows over the flat axis follow from the others and need no node.
    """
    tree = table.columns if transposed else table.rows
    width = len((table.rows if transposed else table.columns).labels)
    depth = len(tree.labels)
    inner = set(tree.sums)
    node: dict[tuple[int, int], int] = {}

    def number(row: int, column: int) -> int:
        return node.setdefault((row, column), len(node))

    tail = np.empty((depth, width), dtype=np.int64)
    head = np.empty((depth, width), dtype=np.int64)
    for row in range(depth):
        for column in range(width):
            own = number(row, column) if row in inner else number(row, -1)
            above = number(-1, -1) if tree.parent[row] == -1 else number(tree.parent[row], column)
            # The flat axis' total stands on the other side of its sum.
            tail[row, column], head[row, column] = (above, own) if column == width - 1 else (own, above)
    if transposed:
        tail, head = tail.T, head.T
    cells = np.arange(tail.size)
    data = np.concatenate([np.ones(tail.size), -np.ones(tail.size)])
    matrix = csr_matrix((data, (np.concatenate([tail.ravel(), head.ravel()]), np.tile(cells, 2))), shape=(len(node), tail.size))
    return Sums(table.values.ravel(), matrix, tail.ravel().copy(), head.ravel().copy())
