"""What could have been seen: the power of a comparison of two groups, and the least difference it would find."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from numbers import Real
from typing import TYPE_CHECKING, Literal

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._all_tables import p_of_listed, rejected_of_drawn
from vvvresearch.statistics._interval import numbers_of, whole_number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = [
    "Test",
    "least_detectable_gap",
    "least_detectable_in_table",
    "least_detectable_points",
    "least_detectable_shift",
    "power_of_gap",
    "power_of_proportions",
    "power_of_ranks",
]

Test = Literal["fisher", "boschloo"]
# Outcomes of two groups that are listed (3,000 answers each), and of more.
_MOST, _LISTED = 9_000_000, 300_000
# Common proportions that Boschloo's test tries.
_GRID = 129


def power_of_proportions(n1: int, n2: int, p1: float, p2: float, alpha: float = 0.05, test: Test = "fisher") -> float:
    """The chance that the exact test rejects at `alpha` when the shares are p1 and p2: every outcome is listed.

    Args:
        n1, n2: sizes of the groups.
        p1, p2: true shares, 0 to 1.
        alpha: the level that decides: .05 divided by the number of hypotheses where a family is adjusted (Holm's first step).
        test: "fisher" or "boschloo" (two-sided, twice the smaller side).

    Returns:
        The power, 0 to 1.

    Raises:
        AnalysisError: empty groups, shares or a level outside 0–1, or an unknown test.

    Example:
        >>> round(power_of_proportions(20, 20, 0.15, 0.60), 2)
        0.8
    """

    sizes = _sizes(n1, n2)
    for share, name in ((p1, "p1"), (p2, "p2")):
        _share(share, name)
    return _of_all_tables(p_values_of_all_tables(sizes, test) <= _level(alpha), sizes, (p1, p2))


def _of_all_tables(rejected: NDArray[np.bool_], sizes: Sequence[int], shares: Sequence[float]) -> float:
    """The chance of the outcomes that are rejected."""
    chance = rejected.astype(np.float64)
    for n, share in zip(sizes, shares, strict=True):
        chance = np.tensordot(_binomial(n, np.array([share]))[:, 0], chance, axes=1)
    return float(chance)


@lru_cache(maxsize=4096)
def least_detectable_points(
    n1: int, n2: int, p1: float, alpha: float = 0.05, power: float = 0.8, test: Test = "fisher", *, upwards: bool = True
) -> float | None:
    """The smallest rise (or fall) from p1 that the test would find with the wanted power.

    Args:
        n1, n2: sizes of the groups.
        p1: share in the first group.
        alpha: the level that decides, as in `power_of_proportions`.
        power: the wanted power.
        test: as in `power_of_proportions`.
        upwards: a rise, else a fall.

    Returns:
        A difference of shares, 0 to 1; None where not even all (or none) in the second group would be found.

    Raises:
        AnalysisError: as `power_of_proportions`.

    Example:
        >>> least_detectable_points(30, 30, 0.2, upwards=False) is None, round(least_detectable_points(30, 30, 0.2), 2)
        (True, 0.38)
    """

    sizes = _sizes(n1, n2)
    _share(p1, "p1")
    _share(power, "power")
    rejected = _binomial(sizes[0], np.array([p1]))[:, 0] @ (p_values_of_all_tables(sizes, test) <= _level(alpha))

    def reached(places: Floats) -> Floats:
        return np.asarray(rejected @ _binomial(sizes[1], places))

    inside, outside = (1.0 if upwards else 0.0), p1
    for _ in range(3):
        places = np.linspace(inside, outside, 101)
        short = np.flatnonzero(reached(places) < power)
        if not len(short):
            break
        if short[0] == 0:
            return None
        inside, outside = float(places[short[0] - 1]), float(places[short[0]])
    return abs(inside - p1)


def least_detectable_in_table(
    sizes: Sequence[int], answers: int, p1: float, alpha: float = 0.05, power: float = 0.8, *, upwards: bool = True
) -> float | None:
    """The smallest difference in one answer between the first two groups that the test of a whole cross-table would find.

    The other groups are taken to lie in the middle, the other answers to share what is left.

    Args:
        sizes: of the groups, those that differ first.
        answers: how many answers the table has.
        p1: share of the answer in the first group.
        alpha, power, upwards: as in `least_detectable_points`.

    Returns:
        A difference of shares, 0 to 1; None where not even all (or none) in the second group would be found.

    Raises:
        AnalysisError: as `least_detectable_points`.

    Note:
        With two answers every outcome is listed where they are few. Else tables are drawn: rejected are those that are as rare on the
        test's own scale as `alpha` among tables without a difference.

    Example:
        >>> round(least_detectable_in_table([15, 15, 15, 15], 2, 0.4), 2), round(least_detectable_points(15, 15, 0.4), 2)
        (0.53, 0.52)
    """
    if len(sizes) == answers == 2:
        return least_detectable_points(sizes[0], sizes[1], p1, alpha, power, upwards=upwards)
    _share(p1, "p1")
    _share(power, "power")
    groups, start, level = tuple(whole_number(n, "sizes") for n in sizes), p1 if upwards else 1 - p1, _level(alpha)
    if min(groups) < 1:
        raise AnalysisError("every group needs answers", where="sizes")
    listed = answers == 2 and math.prod(n + 1 for n in groups) <= _LISTED
    rejected = p_values_of_all_tables(groups, "fisher") <= level if listed else None

    def found(difference: float) -> float:
        seen = [min(1.0, start + difference * part) for part in (0.0, 1.0, *[0.5] * (len(groups) - 2))]
        shares = seen if upwards else [1 - share for share in seen]
        return _of_all_tables(rejected, groups, shares) if rejected is not None else rejected_of_drawn(groups, answers, shares, level)

    low, high = 0.0, 1 - start
    if found(high) < power:
        return None
    while high - low > 2e-3:
        middle = (low + high) / 2
        low, high = (low, middle) if found(middle) >= power else (middle, high)
    return high


def power_of_gap(pairs: int, only_first: float, only_second: float, alpha: float = 0.05) -> float:
    """The chance that McNemar's exact test rejects when each half alone says yes in these shares of the pairs: every outcome is listed.

    Args:
        pairs: how many.
        only_first, only_second: true shares of pairs in which only the first half, or only the second, says yes.
        alpha: the level that decides, as in `power_of_proportions`.

    Raises:
        AnalysisError: no pairs, shares that are negative or more than 1 together, or a level outside 0–1.

    Example:
        >>> round(power_of_gap(12, 0.05, 0.65), 2)
        0.69
    """
    from scipy import special

    n = whole_number(pairs, "pairs")
    if n < 1:
        raise AnalysisError("there are no pairs", where="pairs")
    _countable(n, n)
    if not all(isinstance(one, Real) for one in (only_first, only_second)) or not (
        min(only_first, only_second) >= 0 and only_first + only_second <= 1 + 1e-12
    ):
        raise AnalysisError("the two shares of pairs lie between 0 and 1 together", where="only_first, only_second")
    rejected = 2 * special.bdtr(*_smaller_and_both(n), 0.5) <= _level(alpha)
    first = _binomial(n, np.array([only_first]))[:, 0]
    left = min(1.0, only_second / (1 - only_first)) if only_first < 1 else 0.0
    hits, others = np.arange(n + 1)[None, :], n - np.arange(n + 1)[:, None]
    possible = np.maximum(others - hits, 0)
    ways = special.gammaln(others + 1) - special.gammaln(hits + 1) - special.gammaln(possible + 1)
    second = np.where(hits <= others, np.exp(ways + special.xlogy(hits, left) + special.xlog1py(possible, -left)), 0.0)
    return float(first @ (second * rejected).sum(axis=1))


def _smaller_and_both(n: int) -> tuple[Floats, np.ndarray]:
    """Of every two numbers up to n the smaller, and their sum, which the binomial distribution takes as a whole number only."""
    number = np.arange(n + 1)
    return np.minimum(number[:, None], number).astype(np.float64), number[:, None] + number


@lru_cache(maxsize=1024)
def least_detectable_gap(pairs: int, rarer: float, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """The smallest gap between the halves of pairs that McNemar's exact test would find with the wanted power.

    Args:
        pairs: how many.
        rarer: the share of pairs in which only the half with fewer yes says yes; the other half alone says yes in so much more.
        alpha, power: as in `least_detectable_points`.

    Returns:
        A difference of shares, 0 to 1; None where not even the largest gap would be found.

    Raises:
        AnalysisError: as `power_of_gap`.

    Example:
        >>> round(least_detectable_gap(12, 0.05), 2), least_detectable_gap(5, 0.0) is None
        (0.68, True)
    """
    _share(power, "power")
    _share(rarer, "rarer")
    low, high = 0.0, 1 - 2 * rarer
    if high <= 0 or power_of_gap(pairs, rarer, rarer + high, alpha) < power:
        return None
    while high - low > 1e-5:
        middle = (low + high) / 2
        low, high = (low, middle) if power_of_gap(pairs, rarer, rarer + middle, alpha) >= power else (middle, high)
    return high


def _binomial(n: int, shares: Floats) -> Floats:
    """The chances of 0 … n, one column a share."""
    from scipy import special

    hits = np.arange(n + 1)[:, None]
    ways = special.gammaln(n + 1) - special.gammaln(hits + 1) - special.gammaln(n - hits + 1)
    chances: Floats = np.exp(ways + special.xlogy(hits, shares) + special.xlog1py(n - hits, -shares))
    return chances


@lru_cache(maxsize=64)
def p_values_of_all_tables(sizes: tuple[int, ...], test: Test) -> Floats:
    """The two-sided p-value of every outcome: yes answers of the first group × of the second, and so on ("fisher" takes more than two)."""
    from scipy import stats

    if test not in ("fisher", "boschloo"):
        raise AnalysisError(f"the power of the test {test!r} is not known", where="test", todo='use "fisher" or "boschloo"')
    if test == "boschloo":
        (n1, n2), (yes1, yes2) = sizes, np.ix_(*(np.arange(n + 1) for n in sizes))
        fewer = stats.hypergeom.cdf(yes1, n1 + n2, yes1 + yes2, n1)
        more = stats.hypergeom.sf(yes1 - 1, n1 + n2, yes1 + yes2, n1)
        sides = np.minimum(_unconditional(fewer, n1, n2), _unconditional(more, n1, n2))
        return np.asarray(np.minimum(1.0, 2 * sides))
    return p_of_listed(sizes)


def _unconditional(order: Floats, n1: int, n2: int) -> Floats:
    """For every outcome the largest chance, over common proportions, of an outcome that is as extreme in the given order."""

    shares = np.linspace(0, 1, _GRID)[1:-1]
    places = np.argsort(order, axis=None)
    ranked = order.ravel()[places]
    one, two = np.unravel_index(places, order.shape)
    first, second = (_binomial(n, shares) for n in (n1, n2))
    largest = np.cumsum(first[one] * second[two], axis=0).max(axis=1)
    last_of_equals = np.searchsorted(ranked, ranked * (1 + 1e-9), side="right") - 1
    found = np.empty(order.size)
    found[places] = largest[last_of_equals]
    return found.reshape(order.shape)


def power_of_ranks(first: ArrayLike, second: ArrayLike, n1: int, n2: int, alpha: float = 0.05) -> float:
    """The chance that the Wilcoxon–Mann–Whitney test rejects when answers fall on the levels with these shares.

    Args:
        first, second: share of each ordered level in the two groups, the same levels.
        n1, n2: sizes of the groups.
        alpha: the level that decides.

    Returns:
        The power by the normal approximation with the exact variances under the null and under these shares, ties included.

    Raises:
        AnalysisError: empty groups, unlike levels, or shares that do not add up to 1.

    Source:
        Zhao, Rahardja and Qu 2008, with the variance of the alternative (Lehmann 1975).

    Example:
        >>> round(power_of_ranks([0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], 20, 20), 2)
        0.85
    """
    n1, n2 = _sizes(n1, n2)
    one, two = _levels(first, "first"), _levels(second, "second")
    if len(one) != len(two):
        raise AnalysisError("both groups need the same levels", where="first, second")
    pooled = (n1 * one + n2 * two) / (n1 + n2)
    null, shift, spread = _rank_moments(pooled, pooled, n1, n2)[1], *_rank_moments(one, two, n1, n2)
    if null <= 0:
        return 0.0
    from scipy import stats

    limit = float(stats.norm.ppf(1 - _level(alpha) / 2)) * math.sqrt(null)
    if spread <= 0:
        return float(abs(shift) > limit)
    return float(stats.norm.sf((limit - shift) / math.sqrt(spread)) + stats.norm.cdf((-limit - shift) / math.sqrt(spread)))


def _rank_moments(one: Floats, two: Floats, n1: int, n2: int) -> tuple[float, float]:
    """Expectation and variance of P̂(first > second) + ½P̂(equal) − ½."""
    above_two, above_one = np.cumsum(two) - two / 2, np.cumsum(one) - one / 2
    theta = float(one @ above_two)
    of_first = float(one @ above_two**2) - theta**2
    of_second = float(two @ (1 - above_one) ** 2) - theta**2
    alone = theta - float(one @ two) / 4 - theta**2
    return theta - 0.5, (alone + (n2 - 1) * of_first + (n1 - 1) * of_second) / (n1 * n2)


def least_detectable_shift(shares: ArrayLike, n1: int, n2: int, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """The smallest Cliff's delta that the rank test would find, when one group's answers are moved up by one common odds ratio.

    Args:
        shares: share of each ordered level, both groups together.
        n1, n2: sizes of the groups.
        alpha: the level that decides.
        power: the wanted power.

    Returns:
        Cliff's delta, 0 to 1; None where not even the largest move would be found.

    Raises:
        AnalysisError: as `power_of_ranks`.

    Source: proportional odds as the alternative (Whitehead 1993).

    Example:
        >>> round(least_detectable_shift([0.25, 0.25, 0.25, 0.25], 20, 20), 2)
        0.48
    """
    base = _levels(shares, "shares")
    _share(power, "power")

    def moved(log_odds: float) -> Floats:
        at_most = np.cumsum(base)[:-1]
        shifted = at_most / (at_most + (1 - at_most) * math.exp(log_odds))
        up: Floats = np.diff(np.concatenate([[0.0], shifted, [1.0]]))
        return up

    low, high = 0.0, 12.0
    if power_of_ranks(moved(high / 2), moved(-high / 2), n1, n2, alpha) < power:
        return None
    for _ in range(50):
        middle = (low + high) / 2
        if power_of_ranks(moved(middle / 2), moved(-middle / 2), n1, n2, alpha) >= power:
            high = middle
        else:
            low = middle
    return 2 * _rank_moments(moved(high / 2), moved(-high / 2), n1, n2)[0]


def _sizes(n1: object, n2: object) -> tuple[int, int]:
    sizes = whole_number(n1, "n1"), whole_number(n2, "n2")
    if min(sizes) < 1:
        raise AnalysisError("both groups need answers", where="n1, n2")
    _countable(*sizes)
    return sizes


def _countable(n1: int, n2: int) -> None:
    if n1 * n2 > _MOST:
        raise AnalysisError(f"{n1} and {n2} answers have more outcomes than can be listed", where="n1, n2")


def _share(value: float, name: str) -> None:
    if not isinstance(value, Real) or not 0 <= value <= 1:
        raise AnalysisError(f"{value!r} is no share", where=name, why="a share lies between 0 and 1")


def _level(alpha: float) -> float:
    if not isinstance(alpha, Real) or not 0 < alpha < 1:
        raise AnalysisError(f"the level must lie between 0 and 1, not {alpha!r}", where="alpha", todo="write 0.05 for 5 %")
    return alpha


def _levels(shares: ArrayLike, name: str) -> Floats:
    found = numbers_of(shares, name)
    if not len(found) or not np.isfinite(found).all() or (found < 0).any() or abs(found.sum() - 1) > 1e-6:
        raise AnalysisError("the shares of the levels must add up to 1", where=name)
    return found
