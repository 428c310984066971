"""The cells of several tables as one system: the same person counted under the same labels is the same cell."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_matrix

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.privacy._count_table import CountTable, Hierarchy, count_table

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# (dimension, label) pairs without the totals; a cell that no table shows has its table's name among them where it is no other's.
Identity = frozenset[tuple[Hashable, Hashable]]


@dataclass
class Cells:
    """All cells with what adds up to what.

    Args:
        values: cell → count.
        addresses: cell → where it stands.
        equations: (whole, parts).
    """

    values: dict[Identity, int] = field(default_factory=dict)
    addresses: dict[Identity, str] = field(default_factory=dict)
    equations: set[tuple[Identity, frozenset[Identity]]] = field(default_factory=set)

    def add(self, cell: Identity, value: int, address: str) -> None:
        """A cell's count, which must be the same wherever the cell stands."""
        if self.values.setdefault(cell, value) != value:
            raise AnalysisError(
                "two tables give different counts for the same cell",
                where=f"{self.addresses[cell]}; {address}",
                why="cells with the same labels are taken to count the same persons",
                todo="say with `where` what a table is limited to",
            )
        self.addresses.setdefault(cell, address)

    def add_sum(self, whole: Identity, parts: Collection[Identity]) -> None:
        """A cell is the sum of others."""
        if self.values[whole] != sum(self.values[part] for part in parts):
            raise AnalysisError(
                "a sum in one table is not that of its parts in another", where=self.addresses[whole], todo="mend the counts"
            )
        self.equations.add((whole, frozenset(parts)))

    def matrix(self, order: Sequence[Identity]) -> Any:
        """The equations over the cells in an order."""
        place = {cell: number for number, cell in enumerate(order)}
        equations = sorted(self.equations, key=lambda equation: (place[equation[0]], sorted(place[part] for part in equation[1])))
        rows = [number for number, (_, parts) in enumerate(equations) for _ in range(1 + len(parts))]
        columns = [place[cell] for whole, parts in equations for cell in (whole, *sorted(parts, key=lambda part: place[part]))]
        signs = [sign for _, parts in equations for sign in (1.0, *([-1.0] * len(parts)))]
        return csr_matrix((signs, (rows, columns)), shape=(len(equations), len(order)))


@dataclass(frozen=True)
class Placed:
    """One table with the identity of each of its cells, totals that it does not show included."""

    counts: CountTable
    identities: NDArray[Any]

    @property
    def own(self) -> NDArray[Any]:
        """The identities in the table's own order of rows and columns."""
        found: NDArray[Any] = self.identities[np.ix_(*self.counts.order)]
        return found


def place(
    name: str, table: pd.DataFrame, hierarchies: Mapping[Hashable, Hierarchy], limits: Mapping[Hashable, Hashable], cells: Cells
) -> Placed:
    """Give every cell of a table its identity, and add those that it shows.

    Raises:
        AnalysisError: rows or columns have no name, or what `count_table` refuses.
    """
    row_name, column_name = table.index.name, table.columns.name
    if row_name is None or column_name is None:
        raise AnalysisError(
            "linked tables need names for what their rows and columns are",
            where=name,
            why="cells of two tables are the same when they have the same labels under the same names",
            todo='table.rename_axis(index="region", columns="sex")',
        )
    counts = count_table(table, _fitting(hierarchies, row_name, table.index), _fitting(hierarchies, column_name, table.columns), name)
    identities = np.empty(counts.values.shape, dtype=object)
    last_row, last_column = (size - 1 for size in counts.values.shape)
    for row, column in np.ndindex(counts.values.shape):
        pairs = [(row_name, counts.rows.labels[row])] * (row != last_row) + [(column_name, counts.columns.labels[column])] * (
            column != last_column
        )
        identity: Identity = frozenset([*pairs, *limits.items()])
        identities[row, column] = identity
        if counts.published[row, column]:
            address = f"{name}, row {counts.rows.labels[row]!r}, column {counts.columns.labels[column]!r}"
            cells.add(identity, int(counts.values[row, column]), address)
    return Placed(counts, identities)


def add_sums(name: str, placed: Placed, cells: Cells) -> bool:
    """Add a table's sums, once every table's own cells are known.

    A total that the table does not show may stand in another table. Where it has another count there, the categories overlap or are
    not all there, and the table's totals are cells of its own.

    Returns:
        Whether the table's totals are other tables' where these show them.
    """
    counts, identities = placed.counts, placed.identities
    unprinted = [(row, column) for row, column in np.argwhere(~counts.published).tolist()]
    agrees = all(cells.values.get(identities[spot], counts.values[spot]) == counts.values[spot] for spot in unprinted)
    for spot in unprinted:
        if not agrees:
            identities[spot] = identities[spot] | {("sum in", name), spot}
        cells.add(identities[spot], int(counts.values[spot]), f"{name}, a total")
    for whole, parts in counts.rows.sums.items():
        for column in range(counts.values.shape[1]):
            cells.add_sum(identities[whole, column], list(identities[parts, column]))
    for whole, parts in counts.columns.sums.items():
        for row in range(counts.values.shape[0]):
            cells.add_sum(identities[row, whole], list(identities[row, parts]))
    return agrees


def _fitting(hierarchies: Mapping[Hashable, Hierarchy], name: Hashable, labels: Collection[Any]) -> dict[Any, Sequence[Any]]:
    """The groups that stand whole in a table."""
    known = set(labels)
    return {whole: parts for whole, parts in hierarchies.get(name, {}).items() if whole in known and known.issuperset(parts)}


def tie_across(cells: Cells, hierarchies: Mapping[Hashable, Hierarchy]) -> None:
    """Sums whose whole stands in one table and whose parts stand in another."""
    for name, hierarchy in hierarchies.items():
        for whole, parts in hierarchy.items():
            for cell in [cell for cell in cells.values if (name, whole) in cell]:
                members = [cell - {(name, whole)} | {(name, part)} for part in parts]
                if all(member in cells.values for member in members):
                    cells.add_sum(cell, members)


def subtract(cells: Cells, whole: Placed, part: Placed, limits: Mapping[Hashable, Hashable], pair: tuple[str, str]) -> Iterator[Identity]:
    """The cells that nobody prints and everybody can compute: one table minus another that counts some of its persons."""
    parts = {identity - set(limits.items()): identity for identity in part.own.ravel()}
    general = {identity: identity for identity in whole.own.ravel()}
    shared = [identity for identity in parts if identity in general]
    if not shared:
        raise AnalysisError(
            f"{pair[1]!r} shares no cell with {pair[0]!r}", where="subsets", todo="give both the same labels, names of rows and of columns"
        )
    for identity in shared:
        left = cells.values[identity] - cells.values[parts[identity]]
        where = f"{pair[0]} minus {pair[1]}, {cells.addresses[identity]}"
        if left < 0:
            raise AnalysisError(
                f"{pair[1]!r} counts more than {pair[0]!r}", where=where, why="it is said to count some of the same persons"
            )
        rest = identity | {("minus", parts[identity])}
        cells.add(rest, left, where)
        cells.add_sum(identity, [parts[identity], rest])
        yield rest


def check_names(given: Collection[Any], known: Collection[str], where: str) -> None:
    """One error for the name of a table that is not there."""
    for name in given:
        if name not in known:
            raise AnalysisError(f"there is no table {name!r}", where=where, todo=did_you_mean(str(name), known))
