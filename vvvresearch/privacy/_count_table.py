"""A table of counts as cells and sums: what adds up to what, and which cells a reader could link."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError, did_you_mean, require_table

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

Hierarchy = Mapping[Any, Sequence[Any]]
TOTALS = ("total", "totalt", "i alt", "ialt")


@dataclass(frozen=True)
class Axis:
    """The rows or columns of a table as a tree whose root is the total.

    Args:
        labels: the labels in the order of the table; the last is the total, `None` where the table shows none.
        parent: for each label the place of the label it is a part of; -1 for the total.
    """

    labels: tuple[Hashable | None, ...]
    parent: tuple[int, ...]

    @property
    def leaves(self) -> list[int]:
        """Places that are the sum of nothing else."""
        return [place for place in range(len(self.labels)) if place not in self.parent]

    @property
    def sums(self) -> dict[int, list[int]]:
        """Each sum with its parts."""
        return {whole: [part for part, above in enumerate(self.parent) if above == whole] for whole in sorted(set(self.parent) - {-1})}


@dataclass(frozen=True)
class CountTable:
    """Counts with all their sums; a sum that the table does not show is there as well, as a cell nobody is shown.

    Args:
        values: counts, rows × columns, the totals last.
        rows, columns: the trees.
        published: whether a cell stands in the table, rows × columns.
        order: places of the table's own rows and columns in `values`.
    """

    values: NDArray[np.int64]
    rows: Axis
    columns: Axis
    published: NDArray[np.bool_]
    order: tuple[list[int], list[int]]


def count_table(table: pd.DataFrame, rows: Hierarchy | None = None, columns: Hierarchy | None = None, where: str = "table") -> CountTable:
    """Check a table of counts and complete its sums.

    Raises:
        AnalysisError: no table, no counts, labels that stand twice, a hierarchy that does not fit, sums that do not add up.
    """
    require_table(table, where)
    if table.empty:
        raise AnalysisError("the table has no cells", where=where)
    row_axis, row_order = _axis(list(table.index), rows or {}, f"{where}, rows")
    column_axis, column_order = _axis(list(table.columns), columns or {}, f"{where}, columns")
    values = np.zeros((len(row_axis.labels), len(column_axis.labels)), dtype=np.int64)
    values[np.ix_(row_order, column_order)] = _counts(table, where)
    published = np.zeros(values.shape, dtype=bool)
    published[np.ix_(row_order, column_order)] = True
    if row_axis.labels[-1] is None:
        values[-1] = values[[part for part, above in enumerate(row_axis.parent) if above == len(row_axis.labels) - 1]].sum(axis=0)
    if column_axis.labels[-1] is None:
        tops = [part for part, above in enumerate(column_axis.parent) if above == len(column_axis.labels) - 1]
        values[:, -1] = values[:, tops].sum(axis=1)
    _check_sums(values, row_axis, f"{where}, rows")
    _check_sums(values.T, column_axis, f"{where}, columns")
    return CountTable(values, row_axis, column_axis, published, (row_order, column_order))


def _counts(table: pd.DataFrame, where: str) -> NDArray[np.int64]:
    try:
        numbers = table.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        raise AnalysisError(
            "the table holds something that is no number", where=where, todo="give the counts before any cell is hidden"
        ) from None
    broken = ~np.isfinite(numbers) | (numbers < 0) | (numbers != np.floor(numbers)) | (numbers > 2**31)
    if broken.any():
        row, column = (int(place) for place in np.argwhere(broken)[0])
        raise AnalysisError(
            f"{numbers[row, column]:g} is no count",
            where=f"{where}, row {table.index[row]!r}, column {table.columns[column]!r}",
            why="counts are 0, 1, 2 …; what is not known cannot be protected",
            todo="fill in the count, or leave the row out",
        )
    return numbers.astype(np.int64)


def totals_of(labels: Iterable[Any]) -> list[Any]:
    """The labels that say that their line is the sum of the others.

    Example:
        >>> totals_of(["Thy", "I alt"])
        ['I alt']
    """
    return [label for label in labels if isinstance(label, str) and " ".join(label.split()).casefold() in TOTALS]


def _axis(labels: list[Any], hierarchy: Hierarchy, where: str) -> tuple[Axis, list[int]]:
    """The tree of an axis, and where each of the table's labels stands in it."""
    if len(set(labels)) != len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        raise AnalysisError(f"the label {twice!r} stands twice", where=where, todo="give every row and column its own label")
    totals = totals_of(labels)
    if len(totals) > 1:
        raise AnalysisError(f"there are two totals, {totals[0]!r} and {totals[1]!r}", where=where, todo="name one of them otherwise")
    parts = [label for label in labels if label not in totals]
    tree = [*parts, totals[0] if totals else None]
    place = {label: number for number, label in enumerate(tree)}
    parent = [len(parts)] * len(parts) + [-1]
    placed: set[Any] = set()
    for whole, members in hierarchy.items():
        if isinstance(members, str) or not members:
            raise AnalysisError(
                f"the group {whole!r} has no list of parts", where=where, todo='for example {"North": ["Aalborg", "Thisted"]}'
            )
        for label in (whole, *members):
            if label not in place:
                raise AnalysisError(
                    f"{label!r} of the hierarchy is not in the table", where=where, todo=did_you_mean(str(label), map(str, labels))
                )
        for member in members:
            if member in placed or member in totals or member == whole:
                raise AnalysisError(
                    f"{member!r} cannot be a part of {whole!r}", where=where, why="a part belongs to one sum, and a total to none"
                )
            placed.add(member)
            parent[place[member]] = place[whole]
    _check_tree(parent, tree, where)
    return Axis(tuple(tree), tuple(parent)), [place[label] for label in labels]


def _check_tree(parent: list[int], labels: list[Any], where: str) -> None:
    for start in range(len(parent)):
        above, steps = start, 0
        while above != -1:
            above, steps = parent[above], steps + 1
            if steps > len(parent):
                raise AnalysisError(f"{labels[start]!r} is a part of itself", where=where)


def _check_sums(values: NDArray[np.int64], axis: Axis, where: str) -> None:
    for whole, parts in axis.sums.items():
        wrong = np.flatnonzero(values[whole] != values[parts].sum(axis=0))
        if wrong.size:
            raise AnalysisError(
                f"{axis.labels[whole]!r} is not the sum of its parts ({values[whole, wrong[0]]} against {values[parts, wrong[0]].sum()})",
                where=where,
                why="protection rests on what adds up to what",
                todo="mend the sum; a base that is no sum of the others (answers that overlap) needs another name and a table of its own",
            )
