"""How long the exact minimisation takes with all models, on random crisp and fuzzy data.

    python benchmarks/qca.py [--seeds 10] [--limit 60]

No other program is timed beside it: the R package QCA needs R, and the Python package pyqca, which gives one model where
several exist, is not among this project's packages. What can be timed beside it is counting: the last column says how
many times slower trying every term (3^k of them) is than finding the prime implicants here, on the same table.
"""

from __future__ import annotations

import argparse
import time
from itertools import product

import numpy as np
import pandas as pd

from vvvresearch.mechanisms.qca import TruthTable, minimize, truth_table
from vvvresearch.mechanisms.qca._search import Deadline
from vvvresearch.mechanisms.qca._terms import primes_avoiding


def random_table(conditions: int, cases: int, seed: int, fuzzy: bool) -> TruthTable:
    """A truth table of random data: the hardest there is, since nothing explains anything."""
    numbers = np.random.default_rng(seed)
    names = [f"C{place}" for place in range(conditions)]
    values = numbers.integers(0, 2, (cases, conditions + 1)).astype(float)
    if fuzzy:
        values = np.abs(values - numbers.uniform(0, 0.35, values.shape))
    data = pd.DataFrame(values, columns=[*names, "Y"], index=[f"case {number}" for number in range(cases)])
    return truth_table(data, "Y", names, inclusion_cut=0.8, pri_cut=0.5 if fuzzy else 0.0)


def seconds_for_primes(table: TruthTable) -> float:
    """Time to find the prime implicants here."""
    start = time.perf_counter()
    primes_avoiding(table.rows_with("1"), table.rows_with("0"), Deadline(None))
    return time.perf_counter() - start


def seconds_for_counting(table: TruthTable) -> float:
    """Time to try every term against every negative row, estimated from the first 20,000 terms."""
    negative = table.rows_with("0")
    k = len(table.data.conditions)
    start = time.perf_counter()
    tried = 0
    for cube in product((-1, 0, 1), repeat=k):
        pattern = np.asarray(cube)
        bool(((negative == pattern) | (pattern < 0)).all(axis=1).any())
        tried += 1
        if tried == 20_000:
            break
    return (time.perf_counter() - start) * 3**k / tried


def main() -> None:
    """Print one line a size and kind of data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds after which a table counts as not complete")
    parser.add_argument("--sizes", default="8,10,12", help="numbers of conditions")
    given = parser.parse_args()
    headings = ("conditions", "cases", "data", "rows 1/0", "complete", "median s", "worst s", "most models", "primes: times faster")
    print(" ".join(f"{heading:>11}" for heading in headings))
    for conditions in (int(size) for size in given.sizes.split(",")):
        for fuzzy in (False, True):
            seconds, models, complete = [], [], 0
            for seed in range(given.seeds):
                table = random_table(conditions, 80, seed, fuzzy)
                start = time.perf_counter()
                solution = minimize(table, "parsimonious", time_limit=given.limit)
                seconds.append(time.perf_counter() - start)
                models.append(len(solution.models))
                complete += solution.complete
            ratio = seconds_for_counting(table) / seconds_for_primes(table)
            rows = f"{table.out.count('1')}/{table.out.count('0')}"
            cells = (conditions, 80, "fuzzy" if fuzzy else "crisp", rows, f"{complete}/{given.seeds}")
            numbers = (f"{np.median(seconds):.2f}", f"{max(seconds):.2f}", f"{max(models):,}", f"{ratio:.0f}")
            print(" ".join(f"{cell:>11}" for cell in (*cells, *numbers)), flush=True)


if __name__ == "__main__":
    main()
