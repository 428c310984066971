"""What a candidate and an outcome have to do with each other: exact tests of two columns."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.differences import miettinen_nurminen
from vvvresearch.statistics.exact_tests import boschloo, mann_whitney
from vvvresearch.statistics.odds_ratios import conditional_odds_ratio
from vvvresearch.statistics.ranks import cliffs_delta

if TYPE_CHECKING:
    import pandas as pd


def is_yes_no(column: pd.Series[Any]) -> bool:
    """Whether a column holds 0 and 1 only."""
    return set(column.unique()) <= {0.0, 1.0}


def association(used: pd.DataFrame, outcome: str, candidate: str, level: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of a candidate, and the counts behind it."""
    x, y = used[candidate], used[outcome]
    if is_yes_no(x) and is_yes_no(y):
        return two_by_two(x, y, candidate, level)
    if is_yes_no(x):
        return ranks(y[x == 1], y[x == 0], candidate, level)
    if is_yes_no(y):
        return ranks(x[y == 1], x[y == 0], candidate, level)
    raise AnalysisError(f"{candidate!r} and {outcome!r} are both ordered", todo="one of the two must be yes/no (1 and 0)")


def two_by_two(x: pd.Series[Any], y: pd.Series[Any], candidate: str, level: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of two yes/no columns by Fisher's test, with the counts."""
    counts = {value: (int(y[x == value].sum()), int((x == value).sum())) for value in (1, 0)}
    (a, n1), (c, n2) = counts[1], counts[0]
    cells = [{"candidate": candidate, "value": value, "yes": yes, "n": n} for value, (yes, n) in counts.items()]
    if not n1 or not n2:
        return {"test": "fisher", "p": math.nan}, cells
    table = [[a, n1 - a], [c, n2 - c]]
    row = {
        "test": "fisher",
        "effect": float(Fraction(a, n1) - Fraction(c, n2)),
        **table_limits(a, n1, c, n2, level),
        "p_boschloo": boschloo(table).p_value if 0 < a + c < n1 + n2 else math.nan,
        "separated": 0 in (a, n1 - a, c, n2 - c),
    }
    return row, cells


def table_limits(a: int, n1: int, c: int, n2: int, level: float) -> dict[str, float]:
    """Limits of the difference and of the conditional odds ratio, with the p of the latter's test."""
    odds = conditional_odds_ratio([[a, n1 - a], [c, n2 - c]], level)
    interval = miettinen_nurminen(a, n1, c, n2, level)
    found = {"lower": interval.lower, "upper": interval.upper, "odds_ratio": odds.value, "or_lower": odds.lower, "or_upper": odds.upper}
    return found | {"p": odds.p_value}


def ranks(first: pd.Series[Any], second: pd.Series[Any], candidate: str, level: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of ordered values on two sides by the exact permutation of ranks, with the numbers of cases."""
    cells = [{"candidate": candidate, "value": value, "yes": math.nan, "n": len(group)} for value, group in ((1, first), (0, second))]
    if first.empty or second.empty:
        return {"test": "ranks", "p": math.nan}, cells
    a, b = first.tolist(), second.tolist()
    delta = cliffs_delta(a, b, level)
    return {
        "test": "ranks",
        "effect": delta.estimate,
        "lower": delta.lower,
        "upper": delta.upper,
        "p": mann_whitney(a, b).p_value,
        "separated": min(a) > max(b) or min(b) > max(a),
    }, cells
