"""The conditional odds ratio of a two by two table with an interval that agrees with its test."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import alpha_of
from vvvresearch.statistics.exact_tests import two_by_two

__all__ = ["OddsRatio", "conditional_odds_ratio"]


@dataclass(frozen=True)
class OddsRatio:
    """A conditional odds ratio.

    Args:
        value: the conditional maximum likelihood estimate; 0 or infinity at the ends, NaN with an empty margin.
        lower, upper: the outermost odds ratios that the test below does not reject.
        p_value: of that test against an odds ratio of 1.
        level: confidence level.
        test: "central" (twice the smaller tail) or "minlike" (tables no more probable than the observed one).
    """

    value: float
    lower: float
    upper: float
    p_value: float
    level: float
    test: str


def conditional_odds_ratio(
    table: Sequence[Sequence[int]], level: float = 0.95, test: Literal["minlike", "central"] = "minlike"
) -> OddsRatio:
    """The odds ratio given both margins, with the test and the interval that belong together.

    The usual print-out pairs Fisher's two-sided p-value ("minlike") with limits of the central test: then the interval can hold 1
    although p is well below 5 %, or the other way round (Fay 2010). Here both come from one test.

    Args:
        table: [[yes, no] of the first group, [yes, no] of the second].
        level: confidence level.
        test: "minlike" (the p-value of `fisher`) or "central" (the limits most programs print).

    Returns:
        OddsRatio. What "minlike" does not reject can have a small hole, which its limits close; "central" has none.

    Raises:
        AnalysisError: no two by two table of counts, or a level outside 0–1.

    Source:
        Cornfield 1956; Fay 2010, "Two-sided exact tests and matching confidence intervals for discrete data".

    Example:
        >>> found = conditional_odds_ratio([[40, 32], [31, 28]], test="central")
        >>> f"{found.value:.3f} {found.lower:.3f} {found.upper:.3f}"
        '1.128 0.534 2.385'
    """
    a, b, c, d = two_by_two(table)
    alpha = alpha_of(level)
    if test not in ("minlike", "central"):
        raise AnalysisError(f"there is no matching interval for the test {test!r}", where="test", todo='use "minlike" or "central"')
    low, high = max(0, a + c - (c + d)), min(a + b, a + c)
    if low == high:
        return OddsRatio(math.nan, 0.0, math.inf, 1.0, level, test)
    weights = _Weights(low, [_log_comb(a + b, k) + _log_comb(c + d, a + c - k) for k in range(low, high + 1)], a)
    p_value = weights.minlike if test == "minlike" else weights.central
    lower = 0.0 if a == low else math.exp(weights.outermost(p_value, alpha, up=False))
    upper = math.inf if a == high else math.exp(weights.outermost(p_value, alpha, up=True))
    return OddsRatio(weights.estimate(), lower, upper, p_value(0.0), level, test)


def _log_comb(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


class _Weights:
    """The noncentral hypergeometric distribution of the first cell, by the logarithm of the odds ratio."""

    def __init__(self, low: int, logs: list[float], observed: int) -> None:
        self.cells = range(low, low + len(logs))
        self.logs = logs
        self.observed = observed

    def probabilities(self, log_ratio: float) -> list[float]:
        tilted = [log + k * log_ratio for log, k in zip(self.logs, self.cells, strict=True)]
        top = max(tilted)
        raw = [math.exp(value - top) for value in tilted]
        total = sum(raw)
        return [value / total for value in raw]

    def minlike(self, log_ratio: float) -> float:
        shares = self.probabilities(log_ratio)
        seen = shares[self.observed - self.cells[0]]
        return min(1.0, sum(share for share in shares if share <= seen * (1 + 1e-7)))

    def central(self, log_ratio: float) -> float:
        shares = self.probabilities(log_ratio)
        place = self.observed - self.cells[0]
        return min(1.0, 2 * min(sum(shares[: place + 1]), sum(shares[place:])))

    def estimate(self) -> float:
        if self.observed == self.cells[0]:
            return 0.0
        if self.observed == self.cells[-1]:
            return math.inf

        def excess(log_ratio: float) -> float:
            return sum(k * share for k, share in zip(self.cells, self.probabilities(log_ratio), strict=True)) - self.observed

        from scipy import optimize

        return math.exp(float(optimize.brentq(excess, -60, 60, xtol=1e-12)))

    def outermost(self, p_value: Callable[[float], float], alpha: float, *, up: bool) -> float:
        """The outermost log odds ratio whose p-value is above alpha.

        The minlike p-value jumps where another table becomes exactly as probable as the observed one and is smooth between, so
        every stretch between two jumps is searched by itself, from the outside inwards.
        """
        place = self.observed - self.cells[0]
        jumps = sorted(
            (self.logs[place] - log) / (k - self.observed) for log, k in zip(self.logs, self.cells, strict=True) if k != self.observed
        )
        ends = [-60.0, *(jump for jump in jumps if -60 < jump < 60), 60.0]
        stretches = list(pairwise(ends))
        for start, stop in reversed(stretches) if up else stretches:
            inner, outer = (start, stop) if up else (stop, start)
            found = _last_above(p_value, alpha, inner, outer)
            if found is not None:
                return found
        return 0.0


def _last_above(p_value: Callable[[float], float], alpha: float, inner: float, outer: float) -> float | None:
    """Within one smooth stretch, the place nearest to `outer` where the p-value is above alpha; None when it is nowhere."""
    steps = 48
    margin = (outer - inner) * 1e-9
    places = [outer - margin - (outer - inner - 2 * margin) * step / steps for step in range(steps + 1)]
    above = next((step for step, place in enumerate(places) if p_value(place) > alpha), None)
    if above is None:
        return None
    if above == 0:
        return outer
    inside, outside = places[above], places[above - 1]
    for _ in range(80):
        middle = (inside + outside) / 2
        if p_value(middle) > alpha:
            inside = middle
        else:
            outside = middle
    return inside
