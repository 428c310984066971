"""How readers see a survey table: options down, groups or options across, small bases as counts."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vvvresearch.locales import Phrase
from vvvresearch.results import Column
from vvvresearch.survey.tabulation._rows import Row

_LABEL = Column("label", Phrase("tabulation.answer"))
_TEXT = Column("text", Phrase("tabulation.statement"))


@dataclass(frozen=True)
class Layout:
    """A wide table and its columns."""

    wide: pd.DataFrame
    columns: tuple[Column, ...]


def _cell(row: Row, small: int) -> float | Phrase:
    if row.percent == row.percent and row.n < small and row.count == row.count:
        return Phrase("common.of", {"part": int(row.count), "whole": row.n})
    return row.percent


def lay_out(rows: list[Row], *, battery: bool, decimals: int, small: int, shares: list[str]) -> Layout:
    """The layout that fits a table.

    Args:
        rows: all rows.
        battery: several items, one line each.
        decimals: digits of percentages.
        small: bases below it are shown as counts.
        shares: codes of the options that a battery in a banner shows (its yes or its top box).
    """
    grouped = any(row.by for row in rows)
    if battery:
        return _battery_groups(rows, decimals, small, shares) if grouped else _battery(rows, decimals, small)
    return _groups(rows, decimals, small) if grouped else _single(rows, decimals, small)


def _single(rows: list[Row], decimals: int, small: int) -> Layout:
    table: dict[str, list[object]] = {"label": [row.label for row in rows], "count": [row.count for row in rows]}
    columns = [_LABEL, Column("count", Phrase("common.n"), "count")]
    hidden = any(row.n < small for row in rows)
    weighted = any(row.weighted == row.weighted for row in rows)
    if not hidden:
        table["percent"] = [row.percent for row in rows]
        columns.append(Column("percent", Phrase("tabulation.weighted_percent" if weighted else "common.percent"), "percent", decimals))
        if weighted:
            table["plain"] = [row.percent_unweighted for row in rows]
            columns.append(Column("plain", Phrase("tabulation.unweighted_percent"), "percent", decimals))
    for name in ("worst_lower", "worst_upper", "lower", "upper"):
        values = [getattr(row, name) for row in rows]
        if any(value == value for value in values):
            table[name] = values
            columns.append(Column(name, Phrase(f"tabulation.{name}"), "percent", 1))
    return Layout(pd.DataFrame(table), tuple(columns))


def _groups(rows: list[Row], decimals: int, small: int) -> Layout:
    heads = {(row.by, row.group): row for row in rows}
    lines = {row.code: row.label for row in rows}
    cells = {(row.by, row.group, row.code): _cell(row, small) for row in rows}
    table: dict[str, list[object]] = {"label": list(lines.values())}
    columns = [_LABEL]
    for place, ((by, group), row) in enumerate(heads.items()):
        name = f"g{place}"
        table[name] = [cells.get((by, group, code), float("nan")) for code in lines]
        columns.append(Column(name, Phrase("tabulation.group_n", {"group": row.group_label, "n": row.n}), "percent", decimals))
    return Layout(pd.DataFrame(table), tuple(columns))


def _battery(rows: list[Row], decimals: int, small: int) -> Layout:
    lines = {row.item: row for row in rows}
    options = {row.code: row.label for row in rows}
    by_cell = {(row.item, row.code): row for row in rows}
    table: dict[str, list[object]] = {"text": [row.text for row in lines.values()]}
    columns = [_TEXT]
    counts_too = len(options) <= 3
    for place, (code, label) in enumerate(options.items()):
        found = [by_cell.get((item, code)) for item in lines]
        if counts_too:
            table[f"c{place}"] = [float("nan") if row is None else row.count for row in found]
            columns.append(Column(f"c{place}", Phrase("tabulation.option_count", {"option": label}), "count"))
        table[f"p{place}"] = [float("nan") if row is None else _cell(row, small) for row in found]
        columns.append(Column(f"p{place}", Phrase("tabulation.option_percent", {"option": label}), "percent", decimals))
    table["n"] = [row.n for row in lines.values()]
    return Layout(pd.DataFrame(table), (*columns, Column("n", "n", "count")))


def _battery_groups(rows: list[Row], decimals: int, small: int, shares: list[str]) -> Layout:
    from vvvresearch.survey.tabulation._table import percent_of

    lines = {row.item: row.text for row in rows}
    heads = {(row.by, row.group): row.group_label for row in rows}
    sums: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        if row.code in shares:
            sums.setdefault((row.item, row.by, row.group), []).append(row)
    table: dict[str, list[object]] = {"text": list(lines.values())}
    columns = [_TEXT]
    for place, ((by, group), label) in enumerate(heads.items()):
        cells: list[object] = []
        for item in lines:
            parts = sums.get((item, by, group), [])
            n = parts[0].n if parts else 0
            count = sum(row.count for row in parts)
            weighted = sum(row.share for row in parts)
            plain = all(row.weighted != row.weighted for row in parts)
            if n and n < small:
                cells.append(Phrase("common.of", {"part": int(count), "whole": n}))
            else:
                cells.append(percent_of(count, n, decimals) if plain else percent_of(weighted, 1, decimals) if parts else float("nan"))
        table[f"g{place}"] = cells
        columns.append(Column(f"g{place}", label, "percent", decimals))
    return Layout(pd.DataFrame(table), tuple(columns))
