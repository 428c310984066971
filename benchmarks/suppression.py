"""How long it takes to choose the cells to hide, what is proved of them, and whether they stand the attack.

    python benchmarks/suppression.py [--tables 1000] [--limit 10] [--seed 0] [--random-only]

First municipalities × answers (98 × 12 with totals) with counts of different size; then random tables with totals and hierarchies, each
attacked by the program that shares no code with the choice.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

from vvvresearch.privacy import attack, suppress


def municipal(mean: float, seed: int) -> pd.DataFrame:
    """Skewed counts of 98 municipalities and 12 answers with both totals."""
    numbers = np.random.default_rng(seed)
    counts = numbers.poisson(numbers.gamma(0.8, mean / 0.8, (98, 12)))
    table = pd.DataFrame(counts, index=[f"m{row}" for row in range(98)], columns=[f"a{column}" for column in range(12)])
    table["Total"] = table.sum(axis=1)
    table.loc["Total"] = table.sum()
    return table


def grouped(numbers: np.random.Generator) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """A random table with totals, two groups of rows and a group of groups."""
    n_rows, n_columns = int(numbers.integers(4, 13)), int(numbers.integers(2, 8))
    counts = numbers.poisson(numbers.gamma(0.8, numbers.choice([3, 6, 12, 25]), (n_rows, n_columns)))
    table = pd.DataFrame(counts, index=[f"r{row}" for row in range(n_rows)], columns=[f"c{column}" for column in range(n_columns)])
    total, cut = table.sum(), int(numbers.integers(2, n_rows - 1))
    hierarchy = {"North": list(table.index[:cut]), "South": list(table.index[cut:])}
    if numbers.random() < 0.3 and cut > 2:
        hierarchy = {"North": ["Far north", *table.index[2:cut]], "Far north": list(table.index[:2]), "South": hierarchy["South"]}
    table.loc["South"] = table.loc[hierarchy["South"]].sum()
    if "Far north" in hierarchy:
        table.loc["Far north"] = table.loc[hierarchy["Far north"]].sum()
    table.loc["North"] = table.loc[hierarchy["North"]].sum()
    table.loc["Total"] = total
    table["Total"] = table.sum(axis=1)
    return table, hierarchy


def main() -> None:
    """Print one line a large table, then what became of the random ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--limit", type=float, default=10.0, help="seconds a table")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--random-only", action="store_true", help="without the large tables")
    given = parser.parse_args()
    print(f"{'mean':>5} {'small':>6} {'hidden':>7} {'proved':>7} {'answers':>8} {'proved':>7} {'seconds':>8}")
    for mean in () if given.random_only else (3, 6, 12, 30, 100):
        for seed in (0, 1):
            table = municipal(mean, seed)
            start = time.perf_counter()
            result = suppress(table, time_limit=given.limit)
            seconds = time.perf_counter() - start
            small = int(result.primary.to_numpy().sum())
            numbers = (mean, small, result.cells, result.least_cells, result.answers, result.least_answers)
            print("{:>5} {:>6} {:>7} {:>7} {:>8} {:>7}".format(*numbers), f"{seconds:>8.2f}", flush=True)
    generator = np.random.default_rng(given.seed)
    broken = exact = unproved = 0
    times: list[float] = []
    for _ in range(given.tables):
        table, hierarchy = grouped(generator)
        threshold = int(generator.choice([3, 5, 10]))
        start = time.perf_counter()
        result = suppress(table, threshold, hierarchy, time_limit=given.limit)
        times.append(time.perf_counter() - start)
        found = attack(result.shown, result.hidden, hierarchy=hierarchy)
        broken += any(result.primary.at[cell] for cell in found.below(threshold))
        exact += bool(found.exact)
        unproved += not result.optimal
    if times:
        print(f"{given.tables} random tables with totals and hierarchies: {broken} with a small cell shown to be small, {exact} with a")
        print(f"cell computed, {unproved} not proved optimal; seconds: median {np.median(times):.3f}, most {max(times):.2f}")


if __name__ == "__main__":
    main()
