"""Many tests at once: p-values adjusted within a family that is declared and named."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.statistics._interval import Interval, numbers_of

__all__ = [
    "Family",
    "adjust",
    "agreeing",
    "alpha_of_family",
    "benjamini_hochberg",
    "deciding_alpha",
    "holm",
    "level_of_families",
    "rejected",
]

# Two probabilities that are nearer to each other than this are the same: 1/20 is no more than 1 − 0.95.
_ALIKE = 1e-12


@dataclass(frozen=True)
class Family:
    """The tests that were adjusted together.

    Args:
        name: what the family is, in words.
        method: "holm", "benjamini-hochberg" or "none".
        size: how many tests it holds (those that could not be done are not counted).
        raw: p-values as given; NaN where no test was possible.
        adjusted: adjusted p-values in the same order.
    """

    name: str
    method: str
    size: int
    raw: tuple[float, ...]
    adjusted: tuple[float, ...]


def rejected(p_value: float, alpha: float) -> bool:
    """Whether a test rejects at a level: its p is no more than that. A p that is missing rejects nothing.

    Example:
        >>> [rejected(p, 0.05) for p in (1 / 20, 0.05 + 1e-15, 0.0501, float("nan"))]
        [True, True, False, False]
    """
    return bool(p_value <= alpha + _ALIKE)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's (1979) step-down adjustment, which holds the chance of any false finding. NaN stays NaN and is not counted.

    Example:
        >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
        [0.03, 0.06, 0.06]
    """
    p_values, order, adjusted = _ordered(p_values)
    running = 0.0
    for rank, place in enumerate(order):
        running = max(running, min(1.0, (len(order) - rank) * p_values[place]))
        adjusted[place] = running
    return adjusted


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's (1995) step-up adjustment, which holds the share of false findings.

    Example:
        >>> [round(p, 3) for p in benjamini_hochberg([0.01, 0.04, 0.03])]
        [0.03, 0.04, 0.04]
    """
    p_values, order, adjusted = _ordered(p_values)
    running = 1.0
    for rank in range(len(order) - 1, -1, -1):
        place = order[rank]
        running = min(running, len(order) * p_values[place] / (rank + 1))
        adjusted[place] = running
    return adjusted


def _ordered(p_values: Sequence[float]) -> tuple[list[float], list[int], list[float]]:
    given: list[float] = numbers_of(p_values, "p_values").tolist()
    bad = [p for p in given if not math.isnan(p) and not 0 <= p <= 1 + 1e-9]
    if bad:
        raise AnalysisError(f"{bad[0]} is no p-value", where="p_values", why="a p-value lies between 0 and 1")
    order = sorted((place for place, p in enumerate(given) if not math.isnan(p)), key=lambda place: given[place])
    return given, order, [math.nan] * len(given)


def _unadjusted(p_values: Sequence[float]) -> list[float]:
    return [float(p) for p in p_values]


_METHODS = {"holm": holm, "benjamini-hochberg": benjamini_hochberg, "none": _unadjusted}


def adjust(p_values: Sequence[float], method: str = "holm", family: str = "") -> Family:
    """Adjust the p-values of one declared family.

    Args:
        p_values: one for each test; NaN where no test was possible.
        method: "holm", "benjamini-hochberg" or "none".
        family: what the tests have in common, in words; printed with the result.

    Raises:
        AnalysisError: an unknown method, or numbers that are no p-values.

    Example:
        >>> adjust([0.01, 0.04], family="items of the battery").size
        2
    """
    name = str(method).lower().replace("_", "-")
    if name not in _METHODS:
        raise AnalysisError(f"there is no adjustment called {method!r}", where="method", todo=did_you_mean(name, _METHODS))
    raw = tuple(numbers_of(p_values, "p_values").tolist())
    return Family(family, name, sum(not math.isnan(p) for p in raw), raw, tuple(_METHODS[name](raw)))


def level_of_families(adjusted: Sequence[Sequence[float]], alpha: float = 0.05) -> float:
    """The level at which the tests of several families may be told together, in one report or summary.

    Every family by itself is wrong in at most `alpha` of all cases; who tells of eight families is wrong far more often. So the
    smallest adjusted p of each family stands for it, families are chosen among each other (Benjamini and Hochberg), and what stands
    in a chosen family is told where its adjusted p is at most `alpha` times the share of families that were chosen. Where nothing
    at all is so, something is told in at most `alpha` of all cases; where much is so, hardly anything is lost.

    Args:
        adjusted: the adjusted p-values of each family; NaN where no test was possible.
        alpha: the level of the whole.

    Returns:
        The level: a test is told where its adjusted p is at most this; 0 where no family is chosen.

    Source: Benjamini and Bogomolov 2014.

    Example:
        >>> round(level_of_families([[0.001, 0.4], [0.03, 0.9], [0.7], [0.02]]), 4)
        0.0375
        >>> level_of_families([[0.04, 0.4], [0.9], [0.7]])
        0.0
    """
    smallest = [min(known) for own in adjusted if (known := [p for p in own if not math.isnan(p)])]
    chosen = sum(rejected(p, alpha) for p in benjamini_hochberg(smallest))
    return alpha * chosen / len(smallest) if smallest else 0.0


def deciding_alpha(raw: float, adjusted: float, alpha: float, size: int) -> float:
    """The level at which a test's own p is judged in its family: it is rejected exactly where the adjusted p is, at `alpha`.

    Args:
        raw, adjusted: the p of one test.
        alpha: the level of the family.
        size: tests in the family.

    Example:
        >>> deciding_alpha(0.01, 0.03, 0.05, 3) == 0.05 / 3
        True
    """
    if math.isnan(raw) or adjusted <= 0:
        return alpha / max(size, 1)
    return max(alpha * raw / adjusted, alpha / max(size, 1))


def alpha_of_family(alpha: float, size: int, method: str) -> float:
    """The level that every test of a family can count on: `alpha` over their number, unless nothing is adjusted.

    Example:
        >>> alpha_of_family(0.05, 5, "holm"), alpha_of_family(0.05, 5, "none")
        (0.01, 0.05)
    """
    return alpha if method == "none" else alpha / max(size, 1)


# As near as limits come to 0 without holding it.
_BESIDE = 1e-9


def agreeing(limits: Interval, p_value: float, alpha: float) -> tuple[float, float]:
    """Limits that hold 0 where the test does not reject it, and end beside it where it does: limits by a formula may say otherwise.

    Example:
        >>> agreeing(Interval(0.1, 0.9, "score", 0.95), 0.1, 0.05)
        (0.0, 0.9)
        >>> agreeing(Interval(-0.1, 0.9, "score", 0.95, estimate=0.5), 0.01, 0.05)
        (1e-09, 0.9)
    """
    lower, upper = limits
    if math.isnan(p_value):
        return lower, upper
    if not rejected(p_value, alpha):
        return min(lower, 0.0), max(upper, 0.0)
    estimate = limits.estimate or 0.0
    return max(lower, _BESIDE) if estimate > _BESIDE else lower, min(upper, -_BESIDE) if estimate < -_BESIDE else upper
