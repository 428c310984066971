"""Random tables with totals and hierarchies, and a reader made only of equations, for the tests of suppression."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np
import pandas as pd
from scipy.optimize import linprog


def random_table(numbers: np.random.Generator, n_rows: int, n_columns: int, totals: str) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Skewed counts with the totals asked for ("rows", "columns", "both", "") and, at random, a group of rows."""
    counts = numbers.poisson(numbers.gamma(0.8, numbers.choice([4, 8, 15]), (n_rows, n_columns)))
    table = pd.DataFrame(counts, index=[f"r{row}" for row in range(n_rows)], columns=[f"c{column}" for column in range(n_columns)])
    total, hierarchy = table.sum(), {}
    if n_rows > 2 and numbers.random() < 0.6:
        hierarchy = {"North": list(table.index[: numbers.integers(2, n_rows)])}
        table.loc["North"] = table.loc[hierarchy["North"]].sum()
    if totals in ("rows", "both"):
        table.loc["Total"] = total
    if totals in ("columns", "both"):
        table["Total"] = table.sum(axis=1)
    return table, hierarchy


def equations(table: pd.DataFrame, hierarchy: dict[str, list[str]]) -> np.ndarray:
    """One row an equation over the cells in reading order."""
    place = {cell: number for number, cell in enumerate(product(table.index, table.columns))}
    inside = {part for parts in hierarchy.values() for part in parts}
    row_sums = dict(hierarchy)
    if "Total" in table.index:
        row_sums["Total"] = [row for row in table.index if row != "Total" and row not in inside]
    sums = [((whole, column), [(part, column) for part in parts]) for whole, parts in row_sums.items() for column in table.columns]
    if "Total" in table.columns:
        sums += [((row, "Total"), [(row, column) for column in table.columns if column != "Total"]) for row in table.index]
    matrix = np.zeros((len(sums), len(place)))
    for number, (whole, parts) in enumerate(sums):
        matrix[number, place[whole]] = 1
        matrix[number, [place[part] for part in parts]] = -1
    return matrix


def interval(matrix: np.ndarray, values: np.ndarray, hidden: list[int], cell: int) -> tuple[float, float]:
    """What the linear program says of one hidden cell."""
    ends = []
    for sign in (1.0, -1.0):
        objective = [sign if other == cell else 0.0 for other in hidden]
        knows = {"A_eq": matrix[:, hidden], "b_eq": matrix[:, hidden] @ values[hidden]} if len(matrix) else {}
        solved = linprog(objective, bounds=(0, None), **knows)
        ends.append(sign * solved.fun if solved.status == 0 else np.inf)
    return ends[0], ends[1]


def is_safe(matrix: np.ndarray, values: np.ndarray, hidden: list[int], threshold: int) -> bool:
    """The standard: small cells reach the threshold, no other hidden cell is exact."""
    for cell in hidden:
        low, high = interval(matrix, values, hidden, cell)
        if high < threshold - 1e-6 if 0 < values[cell] < threshold else high - low < 1e-6:
            return False
    return True


def brute_force(table: pd.DataFrame, hierarchy: dict[str, list[str]], threshold: int, spare: Sequence[int] = ()) -> tuple[int, int, int]:
    """Fewest cells, then fewest of those to be spared, then fewest answers, by trying every choice."""
    matrix, values = equations(table, hierarchy), table.to_numpy().ravel()
    small = [cell for cell in range(len(values)) if 0 < values[cell] < threshold]
    others = [cell for cell in range(len(values)) if cell not in small]
    for more in range(len(others) + 1):
        choices = [sorted([*small, *chosen]) for chosen in combinations(others, more)]
        for hidden in sorted(choices, key=lambda choice: (len({*choice} & {*spare}), values[choice].sum())):
            if is_safe(matrix, values, hidden, threshold):
                return len(hidden), len({*hidden} & {*spare}), int(values[hidden].sum())
    raise AssertionError("hiding everything is always safe")
