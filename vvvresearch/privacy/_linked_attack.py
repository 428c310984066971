"""The attack on several tables that are shipped together or one after the other."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError
from vvvresearch.privacy._attack import Cell, Intervals, check_mask, is_total, read_count, sums
from vvvresearch.privacy._attack_program import Knowledge

if TYPE_CHECKING:
    import pandas as pd


def attack_linked(
    tables: Mapping[str, pd.DataFrame],
    hidden: Mapping[str, pd.DataFrame],
    *,
    hierarchies: Mapping[Hashable, Mapping[Any, Sequence[Any]]] | None = None,
    where: Mapping[str, Mapping[Hashable, Hashable]] | None = None,
    subsets: Sequence[tuple[str, str]] = (),
    overlapping: Collection[str] = (),
    zeros_known: bool = False,
    threshold: int | None = None,
) -> dict[str, Intervals]:
    """Bound every hidden cell of tables that a reader can hold beside each other.

    Args:
        tables: name → counts with named rows and columns; earlier releases are tables like the others.
        hidden: name → bool marks; a table without marks shows everything.
        hierarchies, where, subsets: how the tables hang together, as in `suppress_linked`.
        overlapping: tables without totals whose categories overlap or are not all there, so that they add up to nothing that another
            table shows.
        zeros_known, threshold: as in `attack`.

    Returns:
        name → Intervals of its hidden cells; for each of `subsets` also "whole - part" → Intervals of the differences.

    Raises:
        AnalysisError: labels that do not fit, or tables that contradict each other.

    Example:
        >>> import pandas as pd
        >>> all_ = pd.DataFrame({"n": [9]}, index=["Thy"]).rename_axis(index="place", columns="count")
        >>> women = pd.DataFrame({"n": [7]}, index=["Thy"]).rename_axis(index="place", columns="count")
        >>> found = attack_linked({"all": all_, "women": women}, {}, where={"women": {"sex": "f"}}, subsets=[("all", "women")])
        >>> found["all - women"]["Thy", "n"]
        (2, 2)
    """
    limits = where or {}
    knowledge = Knowledge(least=1 if zeros_known else 0, threshold=threshold)
    names: dict[str, dict[Cell, Hashable]] = {}
    for name, table in tables.items():
        if table.index.name is None or table.columns.name is None:
            raise AnalysisError("linked tables need names for what their rows and columns are", where=name)
        if name in hidden:
            check_mask(table, hidden[name], name)
        names[name] = {(row, column): _name(table, row, column, limits.get(name, {})) for row in table.index for column in table.columns}
        for (row, column), cell in names[name].items():
            if name in hidden and hidden[name].at[row, column]:
                continue
            count = read_count(table.at[row, column], f"{name}, row {row!r}, column {column!r}")
            if knowledge.known.setdefault(cell, count) != count:
                raise AnalysisError("two tables show different counts for the same cell", where=f"{name}, row {row!r}, column {column!r}")
    everything = {cell for cells in names.values() for cell in cells.values()}
    for name, table in tables.items():
        _sums_within(knowledge, name, table, hierarchies or {}, limits.get(name, {}), everything if name not in overlapping else set())
    _sums_across(knowledge, everything, hierarchies or {})
    differences = {pair: _differences(knowledge, names[pair[0]], names[pair[1]], limits.get(pair[1], {})) for pair in subsets}
    rests = [rest for found in differences.values() for rest in found.values()]
    unknown = sorted(everything - set(knowledge.known), key=_in_order)
    bounds = knowledge.bounds([*unknown, *dict.fromkeys(rests)])
    # A cell that is hidden in one table and shown in another is known.
    bounds |= {cell: (count, count) for cell, count in knowledge.known.items()}
    result = {
        name: Intervals({place: bounds[cell] for place, cell in cells.items() if name in hidden and hidden[name].at[place]})
        for name, cells in names.items()
    }
    for (whole, part), found in differences.items():
        result[f"{whole} - {part}"] = Intervals({place: bounds[rest] for place, rest in found.items()})
    return result


def _in_order(cell: Any) -> list[str]:
    return sorted(map(repr, cell))


def _name(table: pd.DataFrame, row: Hashable, column: Hashable, limits: Mapping[Hashable, Hashable]) -> Hashable:
    """What a cell counts: its labels under their names, without totals, and what the table is limited to."""
    pairs = [(table.index.name, row), (table.columns.name, column)]
    return frozenset([pair for pair in pairs if not is_total(pair[1])] + list(limits.items()))


def _sums_within(
    knowledge: Knowledge,
    name: str,
    table: pd.DataFrame,
    hierarchies: Mapping[Hashable, Mapping[Any, Sequence[Any]]],
    limits: Mapping[Hashable, Hashable],
    others: Collection[Hashable],
) -> None:
    """The sums of one table; a total that it does not print may stand in another."""
    for labels, across, is_row in ((list(table.index), table.columns, True), (list(table.columns), table.index, False)):
        own = hierarchies.get(table.index.name if is_row else table.columns.name, {})
        groups = {whole: parts for whole, parts in own.items() if whole in labels and set(parts) <= set(labels)}
        found = sums(labels, groups, name)
        if not any(is_total(label) for label in labels):
            inside = {part for parts in groups.values() for part in parts}
            found.append(("Total", [label for label in labels if label not in inside]))
        for whole, parts in found:
            for other in across:
                cells = [_name(table, label, other, limits) if is_row else _name(table, other, label, limits) for label in (whole, *parts)]
                if whole in labels or cells[0] in others:
                    knowledge.is_sum(cells[0], cells[1:], f"{name}, {whole!r} of {other!r}")


def _sums_across(knowledge: Knowledge, cells: Collection[Hashable], hierarchies: Mapping[Hashable, Mapping[Any, Sequence[Any]]]) -> None:
    for axis, groups in hierarchies.items():
        for whole, parts in groups.items():
            for cell in sorted((one for one in cells if (axis, whole) in one), key=_in_order):  # type: ignore[operator]
                members = [(cell - {(axis, whole)}) | {(axis, part)} for part in parts]  # type: ignore[operator]
                if all(member in cells for member in members):
                    knowledge.is_sum(cell, members, f"{whole!r} over several tables")


def _differences(
    knowledge: Knowledge, whole: Mapping[Cell, Hashable], part: Mapping[Cell, Hashable], limits: Mapping[Hashable, Hashable]
) -> dict[Cell, Hashable]:
    """A new unknown for each cell of the whole that the part has too."""
    smaller = {cell - set(limits.items()): cell for cell in part.values()}  # type: ignore[operator]
    found: dict[Cell, Hashable] = {}
    for place, cell in whole.items():
        if cell in smaller:
            rest = ("difference", cell, smaller[cell])
            knowledge.unprinted.add(rest)
            knowledge.is_sum(cell, [smaller[cell], rest], f"difference in row {place[0]!r}, column {place[1]!r}")
            found[place] = rest
    return found
