"""Intervals for the difference of two independent proportions."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import half_up
from vvvresearch.statistics._interval import Interval, counts_of, z_of
from vvvresearch.statistics.intervals import finite_wilson, wilson

__all__ = ["difference_interval", "mee", "miettinen_nurminen", "newcombe", "points_between"]


def points_between(x1: int, n1: int, x2: int, n2: int, decimals: int = 1) -> Decimal:
    """How many percentage points lie from x1/n1 to x2/n2, rounded half up (away from zero) from the counts themselves.

    A difference of two percentages that were rounded, or computed in binary, misses one tie in six.

    Args:
        x1, n1: count and base that the change starts from.
        x2, n2: count and base that it ends at.
        decimals: printed decimals.

    Example:
        >>> print(points_between(3, 10, 15, 80))
        -11.3
    """
    (x1, n1), (x2, n2) = counts_of(x1, n1, suffix="1"), counts_of(x2, n2, suffix="2")
    return half_up(100 * (Fraction(x2, n2) - Fraction(x1, n1)), decimals)


def miettinen_nurminen(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> Interval:
    """Miettinen and Nurminen's (1985) score interval for p1 − p2, with the variance factor N/(N−1).

    Own code: the score interval for differences in statsmodels 0.15 returns wrong limits.

    Example:
        >>> interval = miettinen_nurminen(38, 42, 12, 13)
        >>> f"{interval.lower:.4f} {interval.upper:.4f}"
        '-0.1669 0.2499'
    """
    (x1, n1), (x2, n2) = counts_of(x1, n1, suffix="1"), counts_of(x2, n2, suffix="2")
    return _score(x1, n1, x2, n2, level, (n1 + n2) / (n1 + n2 - 1), "miettinen-nurminen")


def mee(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> Interval:
    """Mee's (1984) score interval: Miettinen–Nurminen without the variance factor."""
    (x1, n1), (x2, n2) = counts_of(x1, n1, suffix="1"), counts_of(x2, n2, suffix="2")
    return _score(x1, n1, x2, n2, level, 1.0, "mee")


def _score(x1: int, n1: int, x2: int, n2: int, level: float, factor: float, method: str) -> Interval:
    from scipy import optimize

    z = z_of(level)
    p1, p2 = x1 / n1, x2 / n2
    estimate = p1 - p2

    def excess(delta: float) -> float:
        first = constrained_first(p1, p2, n1, n2, delta)
        second = first - delta
        variance = factor * (first * (1 - first) / n1 + second * (1 - second) / n2)
        return (estimate - delta) ** 2 - z * z * variance

    # The limits are never this near to the estimate, but at the estimate itself the variance may be 0 (0 of n1 against 0 of n2).
    step = 1e-7
    lower = -1.0 if estimate - step <= -1 else float(optimize.brentq(excess, -1.0, estimate - step, xtol=1e-13))
    upper = 1.0 if estimate + step >= 1 else float(optimize.brentq(excess, estimate + step, 1.0, xtol=1e-13))
    return Interval(lower, upper, method, level, estimate)


def constrained_first(p1: float, p2: float, n1: float, n2: float, delta: float) -> float:
    """The maximum likelihood p1 under p1 − p2 = delta: the root of a cubic in closed form (Farrington and Manning 1990)."""
    low, high = max(0.0, delta), min(1.0, 1.0 + delta)
    if high - low < 1e-12:
        return low
    ratio = n2 / n1
    a = 1 + ratio
    b = -(1 + ratio + p1 + ratio * p2 + delta * (ratio + 2))
    c = delta * delta + delta * (2 * p1 + ratio + 1) + p1 + ratio * p2
    d = -p1 * delta * (1 + delta)
    v = (b / (3 * a)) ** 3 - b * c / (6 * a * a) + d / (2 * a)
    u = math.copysign(math.sqrt(max(0.0, (b / (3 * a)) ** 2 - c / (3 * a))), v)
    if u == 0:
        return min(high, max(low, -b / (3 * a)))
    angle = (math.pi + math.acos(max(-1.0, min(1.0, v / u**3)))) / 3
    return min(high, max(low, 2 * u * math.cos(angle) - b / (3 * a)))


def newcombe(
    x1: int, n1: int, x2: int, n2: int, level: float = 0.95, *, population1: int | None = None, population2: int | None = None
) -> Interval:
    """Newcombe's (1998) hybrid score interval, method 10; with frames it rests on Wilson limits corrected for them.

    Example:
        >>> interval = newcombe(40, 72, 31, 59)
        >>> f"{interval.lower:.4f} {interval.upper:.4f}"
        '-0.1372 0.1960'
    """
    counts_of(x1, n1, suffix="1")
    counts_of(x2, n2, suffix="2")
    first = wilson(x1, n1, level) if population1 is None else finite_wilson(x1, n1, population1, level)
    second = wilson(x2, n2, level) if population2 is None else finite_wilson(x2, n2, population2, level)
    name = "newcombe" if population1 is None and population2 is None else "newcombe, finite population"
    return hybrid(x1 / n1, first, x2 / n2, second, name, level)


def hybrid(p1: float, first: Interval, p2: float, second: Interval, method: str, level: float, correlation: float = 0.0) -> Interval:
    """Limits of p1 − p2 from the limits of each, for estimates with a correlation (Newcombe 1998; Zou and Donner 2008).

    Args:
        p1, p2: the two estimates.
        first, second: their own intervals at the same level.
        correlation: between the two estimates; 0 when the groups are apart.
    """
    down1, up1, down2, up2 = p1 - first.lower, first.upper - p1, p2 - second.lower, second.upper - p2
    below = down1**2 - 2 * correlation * down1 * up2 + up2**2
    above = up1**2 - 2 * correlation * up1 * down2 + down2**2
    estimate = p1 - p2
    lower, upper = estimate - math.sqrt(max(0.0, below)), estimate + math.sqrt(max(0.0, above))
    return Interval(max(-1.0, lower), min(1.0, upper), method, level, estimate)


_METHODS = ("miettinen-nurminen", "newcombe", "mee")


def difference_interval(
    x1: int,
    n1: int,
    x2: int,
    n2: int,
    method: str = "miettinen-nurminen",
    level: float = 0.95,
    *,
    population1: int | None = None,
    population2: int | None = None,
) -> Interval:
    """An interval for the difference x1/n1 − x2/n2 of two independent proportions.

    Args:
        x1, n1: count and base of the first group.
        x2, n2: count and base of the second group.
        method: "miettinen-nurminen" (score) or "newcombe" (hybrid of two Wilson intervals).
        level: confidence level, between 0 and 1.
        population1, population2: sizes of the groups' frames; "newcombe" then rests on Wilson limits corrected for them.

    Returns:
        Interval with limits between −1 and 1 and the difference as `.estimate`.

    Raises:
        AnalysisError: impossible counts, an unknown method, or populations with "miettinen-nurminen".

    Source:
        Miettinen and Nurminen 1985 (variance times N/(N−1)); Newcombe 1998, method 10.

    Example:
        >>> lower, upper = difference_interval(40, 72, 31, 59)
        >>> f"{lower:.4f} {upper:.4f}"
        '-0.1399 0.1993'
    """
    name = str(method).lower().replace("_", "-")
    if name not in _METHODS:
        raise AnalysisError(f"there is no interval for differences called {method!r}", where="method", todo=did_you_mean(name, _METHODS))
    if name == "newcombe":
        return newcombe(x1, n1, x2, n2, level, population1=population1, population2=population2)
    if population1 is not None or population2 is not None:
        raise AnalysisError(
            f"{name} has no correction for a finite population", where="population1, population2", todo='use method="newcombe" with frames'
        )
    return miettinen_nurminen(x1, n1, x2, n2, level) if name == "miettinen-nurminen" else mee(x1, n1, x2, n2, level)
