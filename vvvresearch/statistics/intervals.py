"""Intervals for one proportion: from an unlimited and from a finite population, and bounds that assume nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.statistics._interval import Interval, alpha_of, counts_of, exact_tail, population_of, z_of

__all__ = [
    "FINITE_METHODS",
    "METHODS",
    "Interval",
    "agresti_coull",
    "clopper_pearson",
    "finite_exact",
    "finite_mid_p",
    "finite_wilson",
    "jeffreys",
    "mid_p",
    "proportion_interval",
    "wilson",
    "worst_case_bounds",
]

# Above this population the tails are summed in floating point; below it in exact integers, so that ties with α/2 are decided rightly.
_EXACT_POPULATION = 3000


def wilson(x: int, n: int, level: float = 0.95) -> Interval:
    """Wilson's score interval (Wilson 1927), without continuity correction.

    Example:
        >>> interval = wilson(40, 72)
        >>> f"{interval.lower:.3f} {interval.upper:.3f}"
        '0.441 0.665'
    """
    x, n = counts_of(x, n)
    lower, upper = wilson_limits(x / n, n, z_of(level))
    return Interval(0.0 if x == 0 else lower, 1.0 if x == n else upper, "wilson", level, x / n)


def wilson_limits(p: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's limits for a proportion and a base that may be an effective, fractional one."""
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def clopper_pearson(x: int, n: int, level: float = 0.95) -> Interval:
    """The exact binomial interval with equal tails (Clopper and Pearson 1934)."""
    from scipy import stats

    x, n = counts_of(x, n)
    alpha = alpha_of(level)
    lower = 0.0 if x == 0 else float(stats.beta.ppf(alpha / 2, x, n - x + 1))
    upper = 1.0 if x == n else float(stats.beta.ppf(1 - alpha / 2, x + 1, n - x))
    return Interval(lower, upper, "clopper-pearson", level, x / n)


def jeffreys(x: int, n: int, level: float = 0.95) -> Interval:
    """Equal-tailed posterior limits under Jeffreys' prior; 0 and 1 at the ends (Brown, Cai and DasGupta 2001)."""
    from scipy import stats

    x, n = counts_of(x, n)
    alpha = alpha_of(level)
    lower = 0.0 if x == 0 else float(stats.beta.ppf(alpha / 2, x + 0.5, n - x + 0.5))
    upper = 1.0 if x == n else float(stats.beta.ppf(1 - alpha / 2, x + 0.5, n - x + 0.5))
    return Interval(lower, upper, "jeffreys", level, x / n)


def agresti_coull(x: int, n: int, level: float = 0.95) -> Interval:
    """Agresti and Coull's (1998) interval: Wald around Wilson's centre, cut at 0 and 1."""
    x, n = counts_of(x, n)
    z = z_of(level)
    size = n + z * z
    centre = (x + z * z / 2) / size
    half = z * math.sqrt(centre * (1 - centre) / size)
    return Interval(max(0.0, centre - half), min(1.0, centre + half), "agresti-coull", level, x / n)


def mid_p(x: int, n: int, level: float = 0.95) -> Interval:
    """Clopper–Pearson with half of the observed outcome's probability in each tail (Lancaster 1961)."""
    from scipy import optimize, stats

    x, n = counts_of(x, n)
    tail = alpha_of(level) / 2

    def excess_above(p: float) -> float:
        return float(stats.binom.sf(x, n, p) + stats.binom.pmf(x, n, p) / 2 - tail)

    def excess_below(p: float) -> float:
        return float(stats.binom.cdf(x - 1, n, p) + stats.binom.pmf(x, n, p) / 2 - tail)

    lower = 0.0 if x == 0 else float(optimize.brentq(excess_above, 0.0, x / n, xtol=1e-14))
    upper = 1.0 if x == n else float(optimize.brentq(excess_below, x / n, 1.0, xtol=1e-14))
    return Interval(lower, upper, "mid-p", level, x / n)


def finite_wilson(x: int, n: int, population: int, level: float = 0.95) -> Interval:
    """Wilson with n replaced by n(N−1)/(N−n); a full count has no uncertainty and gives one point.

    Example:
        >>> interval = finite_wilson(39, 69, 98)
        >>> f"{interval.lower:.4f} {interval.upper:.4f}"
        '0.5007 0.6276'
    """
    x, n = counts_of(x, n)
    size = population_of(population, n)
    z = z_of(level)
    p = x / n
    if n == size:
        return Interval(p, p, "wilson, finite population", level, p, x, x)
    lower, upper = wilson_limits(p, n * (size - 1) / (size - n), z)
    return Interval(0.0 if x == 0 else lower, 1.0 if x == n else upper, "wilson, finite population", level, p)


def finite_exact(x: int, n: int, population: int, level: float = 0.95) -> Interval:
    """Exact limits for a finite population: all M with P(X ≥ x | M) > α/2 and P(X ≤ x | M) > α/2, X hypergeometric.

    Equal tails in the sense of Buonaccorsi (1987). It assumes that those who answered are like a random sample of the frame.

    Example:
        >>> interval = finite_exact(40, 72, 98)
        >>> interval.lower_count, interval.upper_count
        (48, 60)
    """
    return _finite(x, n, population, level, half_point=False)


def finite_mid_p(x: int, n: int, population: int, level: float = 0.95) -> Interval:
    """As `finite_exact` with half of the observed outcome's probability in each tail: shorter, may fall below the level."""
    return _finite(x, n, population, level, half_point=True)


def _finite(x: int, n: int, population: int, level: float, *, half_point: bool) -> Interval:
    x, n = counts_of(x, n)
    size = population_of(population, n)
    alpha_of(level)
    tail = exact_tail(level)
    # Both tails are monotone in M, so each limit is found by halving instead of trying every M.
    lower = _first(x, size - n + x, lambda m: _upper_tail(x, n, m, size, half_point) > tail)
    # The lower tail of x among M hits is the upper tail of n − x among N − M misses.
    misses = _first(n - x, size - x, lambda m: _upper_tail(n - x, n, m, size, half_point) > tail)
    upper = size - misses
    name = "mid-p, finite population" if half_point else "exact, finite population"
    return Interval(lower / size, upper / size, name, level, x / n, lower, upper)


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The smallest number in low…high for which a monotone condition holds; it holds at `high`."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _upper_tail(x: int, n: int, hits: int, size: int, half_point: bool) -> Fraction | float:
    """P(X ≥ x) for n drawn of `size` with `hits` hits; with `half_point` only half of P(X = x) counts."""
    if size > _EXACT_POPULATION:
        from scipy import stats

        point = float(stats.hypergeom.pmf(x, size, hits, n)) if half_point else 0.0
        return float(stats.hypergeom.sf(x - 1, size, hits, n)) - point / 2
    top, bottom = min(n, hits), max(x, n - (size - hits))
    if bottom > top:
        return Fraction(0)
    term = math.comb(hits, bottom) * math.comb(size - hits, n - bottom)
    doubled = term if half_point and bottom == x else 2 * term
    for k in range(bottom, top):
        term = term * (hits - k) * (n - k) // ((k + 1) * (size - hits - n + k + 1))
        doubled += 2 * term
    return Fraction(doubled, 2 * math.comb(size, n))


def worst_case_bounds(x: int, n: int, population: int) -> Interval:
    """Bounds of a frame's proportion that assume nothing about those who did not answer.

    Args:
        x: how many answered so.
        n: how many answered.
        population: size of the frame.

    Returns:
        Interval from x/N to (x + N − n)/N, level 1.0: it holds whatever the others would have said.

    Raises:
        AnalysisError: impossible counts, or a population smaller than n.

    Source:
        Manski 1989, bounds without assumptions.

    Example:
        >>> lower, upper = worst_case_bounds(40, 72, 98)
        >>> f"{lower:.3f} {upper:.3f}"
        '0.408 0.673'
    """
    x, n = counts_of(x, n)
    size = population_of(population, n)
    upper = x + size - n
    return Interval(x / size, upper / size, "worst case", 1.0, x / n, x, upper)


METHODS = {"wilson": wilson, "clopper-pearson": clopper_pearson, "jeffreys": jeffreys, "agresti-coull": agresti_coull, "mid-p": mid_p}
FINITE_METHODS = {"exact": finite_exact, "wilson": finite_wilson, "mid-p": finite_mid_p}
_OTHER_NAMES = {"hypergeometric": "exact", "midp": "mid-p"}


def proportion_interval(x: int, n: int, population: int | None = None, method: str | None = None, level: float = 0.95) -> Interval:
    """An interval for a proportion, from an unlimited population or from a known frame.

    Without a population: "wilson" (the default), "clopper-pearson", "jeffreys", "agresti-coull" or "mid-p". With one: "exact" (the
    default: equal-tailed inversion of the hypergeometric distribution, which never leaves the worst case), "wilson" (n replaced by
    n(N−1)/(N−n), which covers less than it says) or "mid-p". All of them take those who answered as if they were drawn at random;
    where respondents were chosen otherwise, `worst_case_bounds` leads.

    Args:
        x: how many answered so (0 … n).
        n: how many answered (the item's base), at least 1.
        population: size of the frame; None for an unlimited one.
        method: see above; None takes the default.
        level: confidence level, between 0 and 1.

    Returns:
        Interval with `.lower`, `.upper` (proportions 0–1), `.method`, `.level`; it unpacks as two numbers.

    Raises:
        AnalysisError: impossible counts, an empty base, a population smaller than n, an unknown method.

    Source:
        Wilson 1927; Clopper and Pearson 1934; Brown, Cai and DasGupta 2001; Buonaccorsi 1987 for finite populations.

    Example:
        >>> lower, upper = proportion_interval(40, 72, population=98)
        >>> f"{lower:.3f} {upper:.3f}"
        '0.490 0.612'
    """
    name = ("wilson" if population is None else "exact") if method is None else str(method).lower().replace("_", "-")
    name = _OTHER_NAMES.get(name, name)
    if population is None:
        if name == "exact":
            name = "clopper-pearson"
        if name not in METHODS:
            raise AnalysisError(f"there is no interval called {method!r}", where="method", todo=did_you_mean(name, METHODS))
        return METHODS[name](x, n, level)
    if name not in FINITE_METHODS:
        raise AnalysisError(
            f"there is no interval called {method!r} for a finite population",
            where="method",
            why="a correction for the population exists for these only: " + ", ".join(FINITE_METHODS),
            todo='use "exact" with a population, or leave the population out',
        )
    return FINITE_METHODS[name](x, n, population, level)
