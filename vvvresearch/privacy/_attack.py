"""The attack: what a reader can work out about hidden cells from everything that is shipped.

Shares no code with the choice of the cells (`_suppression.py`), so that neither repeats the other's mistake. It never looks at a hidden
count: a table with `×` or nothing in those cells gives the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

from vvvresearch.errors import AnalysisError, require_table
from vvvresearch.privacy._attack_program import Knowledge, Relation

if TYPE_CHECKING:
    import pandas as pd

Cell = tuple[Hashable, Hashable]
_TOTAL_WORDS = frozenset({"total", "totalt", "i alt", "ialt"})


class Intervals(Mapping[Cell, tuple[int, float]]):
    """(row, column) of each hidden cell → the least and the greatest count it can be (`math.inf` without an end).

    Args:
        bounds: the intervals.
    """

    def __init__(self, bounds: Mapping[Cell, tuple[int, float]]) -> None:
        self._bounds = dict(bounds)

    def __getitem__(self, cell: Cell) -> tuple[int, float]:
        return self._bounds[cell]

    def __iter__(self) -> Iterator[Cell]:
        return iter(self._bounds)

    def __len__(self) -> int:
        return len(self._bounds)

    @property
    def frame(self) -> pd.DataFrame:
        """One row a hidden cell: row, column, lower, upper."""
        import pandas as pd

        rows = [(*cell, low, high) for cell, (low, high) in self._bounds.items()]
        return pd.DataFrame(rows, columns=["row", "column", "lower", "upper"])

    @property
    def exact(self) -> list[Cell]:
        """Hidden cells whose count can be computed."""
        return [cell for cell, (low, high) in self._bounds.items() if low == high]

    def below(self, threshold: int) -> list[Cell]:
        """Hidden cells that can be shown to be below a threshold."""
        return [cell for cell, (_, high) in self._bounds.items() if high < threshold]

    def __repr__(self) -> str:
        return f"{len(self)} hidden cells, {len(self.exact)} of them can be computed"


def attack(
    table: pd.DataFrame,
    hidden: pd.DataFrame,
    *,
    hierarchy: Mapping[Any, Sequence[Any]] | None = None,
    column_hierarchy: Mapping[Any, Sequence[Any]] | None = None,
    percentages: pd.DataFrame | None = None,
    of: Literal["rows", "columns"] = "rows",
    decimals: int = 0,
    zeros_known: bool = False,
    threshold: int | None = None,
) -> Intervals:
    """Bound every hidden cell of a table by linear programming, then by whole numbers.

    Args:
        table: counts; a row or column named "Total" or "I alt" is the sum of the others. What stands in hidden cells is not read.
        hidden: bool, labelled like the table.
        hierarchy, column_hierarchy: rows and columns that are sums of others, as in `suppress`.
        percentages: percentages that are shipped beside the counts, labelled like (part of) the table; missing or no number where none
            is shown.
        of: what the percentages are of: the total column ("rows") or the total row.
        decimals: their decimals.
        zeros_known: hidden cells cannot be 0, since zeros are never hidden.
        threshold: given, the reader also knows that among hidden cells tied by sums at least one is below it.

    Returns:
        Intervals: (row, column) → (lower, upper), with .frame, .exact and .below(threshold).

    Raises:
        AnalysisError: labels that do not fit, no counts in shown cells, or nothing fits what is shown.

    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame({"ja": [9, 2, 11], "nej": [8, 12, 20], "Total": [17, 14, 31]}, index=["Aalborg", "Thisted", "Total"])
        >>> hidden = pd.DataFrame(False, table.index, table.columns)
        >>> hidden.loc[["Aalborg", "Thisted"], ["ja", "nej"]] = True
        >>> attack(table, hidden)["Thisted", "ja"]
        (0, 11)
    """
    require_table(table, "table")
    check_mask(table, hidden, "table")
    knowledge = Knowledge(least=1 if zeros_known else 0, threshold=threshold)
    unknown: list[Hashable] = []
    for row in table.index:
        for column in table.columns:
            if hidden.at[row, column]:
                unknown.append((row, column))
            else:
                knowledge.known[(row, column)] = read_count(table.at[row, column], f"row {row!r}, column {column!r}")
    for whole, parts in sums(list(table.index), hierarchy or {}, "rows"):
        for column in table.columns:
            knowledge.is_sum((whole, column), [(part, column) for part in parts], f"row {whole!r}, column {column!r}")
    for whole, parts in sums(list(table.columns), column_hierarchy or {}, "columns"):
        for row in table.index:
            knowledge.is_sum((row, whole), [(row, part) for part in parts], f"row {row!r}, column {whole!r}")
    if percentages is not None:
        knowledge.relations += _roundings(table, percentages, of, decimals)
    return Intervals(knowledge.bounds(unknown))  # type: ignore[arg-type]


def sums(labels: list[Any], hierarchy: Mapping[Any, Sequence[Any]], where: str) -> list[tuple[Any, list[Any]]]:
    """(whole, parts) along one axis: the groups, and the total over whatever is part of no group."""
    inside = [part for parts in hierarchy.values() for part in parts]
    strangers = [label for label in (*hierarchy, *inside) if label not in labels]
    if strangers:
        raise AnalysisError(f"{strangers[0]!r} of the hierarchy is not in the table", where=where)
    found = [(whole, list(parts)) for whole, parts in hierarchy.items()]
    totals = [label for label in labels if is_total(label)]
    if len(totals) > 1:
        raise AnalysisError(f"there are two totals, {totals[0]!r} and {totals[1]!r}", where=where)
    top = [label for label in labels if label not in inside and label not in totals]
    return found + [(total, top) for total in totals if top]


def is_total(label: object) -> bool:
    """Whether a label says that its line is the sum of the others."""
    return isinstance(label, str) and " ".join(label.lower().split()) in _TOTAL_WORDS


def read_count(value: Any, where: str) -> int:
    """A shown cell as a whole number."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if not (number >= 0 and number == int(number)):
        raise AnalysisError(
            "a shown cell holds no count", where=where, why="only hidden cells may be without one", todo="mark it as hidden"
        )
    return int(number)


def check_mask(table: pd.DataFrame, hidden: pd.DataFrame, where: str) -> None:
    require_table(hidden, "hidden")
    if table.index.has_duplicates or table.columns.has_duplicates:
        raise AnalysisError("a label stands twice", where=where, todo="give every row and column its own label")
    if not (table.index.equals(hidden.index) and table.columns.equals(hidden.columns)):
        raise AnalysisError(
            "the marks of hidden cells are not labelled like the table", where=where, todo="give `.hidden` of the same table"
        )
    if not all(str(kind) in ("bool", "boolean") for kind in hidden.dtypes) or hidden.isna().to_numpy().any():
        raise AnalysisError("the marks of hidden cells are not all true or false", where=where)


def _roundings(table: pd.DataFrame, percentages: pd.DataFrame, of: str, decimals: int) -> list[Relation]:
    """A printed percentage p of n says that 100 × count lies within half a last digit of p × n."""
    labels = list(table.columns if of == "rows" else table.index)
    totals = [label for label in labels if is_total(label)]
    if not totals:
        raise AnalysisError("percentages need their base in the table", where=f"of={of!r}", todo="give the table with its total")
    half = 0.5 / 10**decimals
    found: list[Relation] = []
    for row in percentages.index:
        for column in percentages.columns:
            value = percentages.at[row, column]
            if not isinstance(value, Real) or math.isnan(value) or (column if of == "rows" else row) == totals[0]:
                continue
            base = (row, totals[0]) if of == "rows" else (totals[0], column)
            where = f"percentage of row {row!r}, column {column!r}"
            found.append(Relation({(row, column): 1.0, base: -(float(value) - half) / 100}, 0.0, float("inf"), where))
            found.append(Relation({(row, column): 1.0, base: -(float(value) + half) / 100}, -float("inf"), 0.0, where))
    return found
