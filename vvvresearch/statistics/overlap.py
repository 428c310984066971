"""Two waves with partly the same respondents: tests and limits that count the overlap, and ranges where it is not known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import Interval, counts_of, population_of, whole_number
from vvvresearch.statistics.differences import hybrid
from vvvresearch.statistics.exact_tests import Significance
from vvvresearch.statistics.intervals import finite_wilson, wilson

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["PRange", "Pairs", "change_interval", "overlapping_t", "overlapping_z", "unlinked_p"]

# Margins tried in each wave: all of them up to here, evenly spread ones with both ends beyond.
_MARGINS = 300


@dataclass(frozen=True)
class Pairs:
    """Yes/no answers of those who answered in both waves.

    Args:
        both: yes in both.
        only_first, only_second: yes in one wave only.
        neither: yes in none.
    """

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def n(self) -> int:
        """How many answered twice."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def phi(self) -> float:
        """The correlation of the two answers; 0 where one of them does not vary."""
        a, b, c, d = self.both, self.only_first, self.only_second, self.neither
        product = (a + b) * (c + d) * (a + c) * (b + d)
        return (a * d - b * c) / math.sqrt(product) if product else 0.0


def overlapping_z(x1: int, n1: int, x2: int, n2: int, pairs: Pairs) -> Significance:
    """The z test of two proportions from partly overlapping samples.

    z = (p2 − p1) / √(p(1−p)·(1/n1 + 1/n2 − 2·φ·nc/(n1·n2))), p pooled over both waves, φ the correlation among the nc pairs.

    Args:
        x1, n1: yes answers and answers of the first wave, pairs included.
        x2, n2: the same for the second wave.
        pairs: those who answered twice.

    Source:
        Derrick, Dobson-McKittrick, Toher and White 2015, statistic z8 (Pearson's phi, pooled proportion).

    Example:
        >>> round(overlapping_z(20, 42, 34, 55, Pairs(14, 3, 6, 12)).statistic, 3)
        1.74
    """
    (x1, n1), (x2, n2) = counts_of(x1, n1, suffix="1"), counts_of(x2, n2, suffix="2")
    _check_pairs(x1, n1, x2, n2, pairs)
    return _pooled_z(x1, n1, x2, n2, pairs.phi * pairs.n)


def _pooled_z(x1: int, n1: int, x2: int, n2: int, shared: float) -> Significance:
    pooled = (x1 + x2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2 - 2 * shared / (n1 * n2))
    difference = x2 / n2 - x1 / n1
    if pooled in (0, 1):
        return Significance(math.nan, 0.0, "overlapping z")
    if variance <= 1e-15:
        return Significance(
            1.0 if abs(difference) < 1e-12 else 0.0, math.copysign(math.inf, difference) if difference else 0.0, "overlapping z"
        )
    z = difference / math.sqrt(variance)
    return Significance(2 * NormalDist().cdf(-abs(z)), z, "overlapping z")


def _check_pairs(x1: int, n1: int, x2: int, n2: int, pairs: Pairs) -> None:
    cells = (pairs.both, pairs.only_first, pairs.only_second, pairs.neither)
    if min(whole_number(cell, "pairs") for cell in cells) < 0:
        raise AnalysisError("a number of pairs is never negative", where="pairs")
    yes_first, yes_second = pairs.both + pairs.only_first, pairs.both + pairs.only_second
    fits_first = yes_first <= x1 and pairs.n - yes_first <= n1 - x1
    fits_second = yes_second <= x2 and pairs.n - yes_second <= n2 - x2
    if not (fits_first and fits_second):
        raise AnalysisError("the pairs are not part of the waves", where="pairs", why="a wave's counts include those who answered twice")


def overlapping_t(
    first: Sequence[float], second: Sequence[float], pairs: Sequence[tuple[float, float]], *, equal_variances: bool = False
) -> Significance:
    """The t test of two means from partly overlapping samples.

    Args:
        first: values of those who answered in the first wave only.
        second: values of those who answered in the second wave only.
        pairs: (first, second) of those who answered twice.
        equal_variances: pool the variances of the waves (T_new1) instead of keeping them apart (T_new2).

    Returns:
        Significance; the statistic is t for second minus first, with Derrick's degrees of freedom.

    Raises:
        AnalysisError: fewer than two values in a wave.

    Source:
        Derrick, Toher and White 2017. T_new2 is Welch's test without pairs and the paired test with pairs only.

    Example:
        >>> round(overlapping_t([1, 2, 2, 3], [3, 4, 4], [(1, 2), (2, 2), (3, 4)]).p_value, 3)
        0.025
    """
    import numpy as np
    from scipy import stats

    one = np.array([*first, *(pair[0] for pair in pairs)], dtype=float)
    two = np.array([*second, *(pair[1] for pair in pairs)], dtype=float)
    if min(len(one), len(two)) < 2 or not (np.isfinite(one).all() and np.isfinite(two).all()):
        raise AnalysisError("each wave needs at least two answers, all of them numbers", where="first, second, pairs")
    n1, n2, both = len(one), len(two), len(pairs)
    v1, v2 = float(one.var(ddof=1)), float(two.var(ddof=1))
    linked = np.array(pairs, dtype=float).reshape(-1, 2)
    varies = both > 1 and bool((linked.std(axis=0) > 0).all())
    r = float(np.corrcoef(linked.T)[0, 1]) if varies else 0.0
    if equal_variances:
        v1 = v2 = ((n1 - 1) * v1 + (n2 - 1) * v2) / (n1 + n2 - 2)
    variance = v1 / n1 + v2 / n2 - 2 * r * math.sqrt(v1 * v2) * both / (n1 * n2)
    difference = float(two.mean() - one.mean())
    if variance <= 1e-15:
        return Significance(
            math.nan if difference == 0 else 0.0, math.nan if difference == 0 else math.copysign(math.inf, difference), "overlapping t"
        )
    spread = v1 / n1 + v2 / n2
    gamma = spread**2 / ((v1 / n1) ** 2 / (n1 - 1) + (v2 / n2) ** 2 / (n2 - 1))
    apart = n1 + n2 - 2 * both
    if equal_variances:
        gamma = n1 + n2 - 2
    freedom = (both - 1) + (gamma - both + 1) / (apart + 2 * both) * apart
    t = difference / math.sqrt(variance)
    return Significance(float(2 * stats.t.sf(abs(t), freedom)), t, "overlapping t")


def change_interval(
    x1: int,
    n1: int,
    x2: int,
    n2: int,
    pairs: Pairs | None = None,
    level: float = 0.95,
    *,
    population1: int | None = None,
    population2: int | None = None,
) -> Interval:
    """Limits of the change p2 − p1 between two waves, with the overlap and the frames taken into account.

    The hybrid of each wave's Wilson limits with the correlation of the two estimates. In frames of sizes N1 and N2 the covariance
    is φ·S1·S2·(nc/(n1·n2) − M/(N1·N2)), where the smaller frame (M units) is taken to lie within the larger.

    Args:
        x1, n1, x2, n2: yes answers and answers of each wave.
        pairs: those who answered twice; None for independent waves.
        level: confidence level.
        population1, population2: sizes of the frames; give both or none.

    Source:
        Zou and Donner 2008 (limits from limits); Qualité and Tillé 2008 (covariance of overlapping samples of a finite population).

    Example:
        >>> lower, upper = change_interval(20, 42, 34, 55, Pairs(14, 3, 6, 12), population1=98, population2=98)
        >>> f"{lower:.3f} {upper:.3f}"
        '0.016 0.263'
    """
    (x1, n1), (x2, n2) = counts_of(x1, n1, suffix="1"), counts_of(x2, n2, suffix="2")
    if (population1 is None) != (population2 is None):
        raise AnalysisError("both waves need a frame, or none", where="population1, population2")
    p1, p2 = x1 / n1, x2 / n2
    shared = 0.0
    if pairs is not None:
        _check_pairs(x1, n1, x2, n2, pairs)
    phi, both = (pairs.phi, pairs.n) if pairs is not None else (0.0, 0)
    if population1 is None or population2 is None:
        shared = phi * both / math.sqrt(n1 * n2)
        first, second, name = wilson(x1, n1, level), wilson(x2, n2, level), "hybrid of Wilson limits"
    else:
        size1, size2 = population_of(population1, n1, name="population1"), population_of(population2, n2, name="population2")
        left = (1 / n1 - 1 / size1) * (1 / n2 - 1 / size2)
        if left > 0:
            shared = phi * (both / (n1 * n2) - min(size1, size2) / (size1 * size2)) / math.sqrt(left)
        first, second = finite_wilson(x1, n1, size1, level), finite_wilson(x2, n2, size2, level)
        name = "hybrid of Wilson limits, finite populations"
    return hybrid(p2, second, p1, first, name, level, max(-1.0, min(1.0, shared)))


@dataclass(frozen=True)
class PRange:
    """The p-values that are possible when nobody knows who answered twice, or what they answered.

    Args:
        lowest, highest: over all tables of pairs that the waves allow.
        independent: as if the waves were independent.
        overlap: fewest and most respondents who can have answered twice.
    """

    lowest: float
    highest: float
    independent: float
    overlap: tuple[int, int]


def unlinked_p(x1: int, n1: int, x2: int, n2: int, overlap: int | tuple[int, int] | None = None, population: int | None = None) -> PRange:
    """The range of p for two waves whose respondents cannot be linked.

    Args:
        x1, n1, x2, n2: yes answers and answers of each wave.
        overlap: how many answered twice, or (fewest, most); None for all that is possible.
        population: size of the common frame; it forces an overlap of at least n1 + n2 − N.

    Returns:
        PRange over every feasible table of pairs, by the statistic of `overlapping_z`.

    Example:
        >>> found = unlinked_p(20, 42, 34, 55, overlap=35)
        >>> found.lowest < 0.05 < found.independent < found.highest
        True
    """
    (x1, n1), (x2, n2) = counts_of(x1, n1, suffix="1"), counts_of(x2, n2, suffix="2")
    fewest, most = 0, min(n1, n2)
    if population is not None:
        fewest = max(0, n1 + n2 - population_of(population, max(n1, n2)))
    if overlap is not None:
        given = (overlap, overlap) if isinstance(overlap, int) else overlap
        low, high = whole_number(given[0], "overlap"), whole_number(given[1], "overlap")
        if not fewest <= low <= high <= most:
            raise AnalysisError(
                f"an overlap of {low}–{high} is not possible",
                where="overlap",
                why=f"these waves allow {fewest} to {most} respondents in both",
            )
        fewest, most = low, high
    extremes = [_shared_extremes(x1, n1, x2, n2, both) for both in _tried(fewest, most)]
    lowest_shared, highest_shared = min(low for low, _ in extremes), max(high for _, high in extremes)
    return PRange(
        _pooled_z(x1, n1, x2, n2, highest_shared).p_value,
        _pooled_z(x1, n1, x2, n2, lowest_shared).p_value,
        _pooled_z(x1, n1, x2, n2, 0.0).p_value,
        (fewest, most),
    )


def _tried(fewest: int, most: int) -> Sequence[int]:
    """Every overlap, or for large waves enough of them with both ends."""
    step = max(1, (most - fewest) // 100)
    return sorted({*range(fewest, most + 1, step), most})


def _grid(low: int, high: int) -> NDArray[np.int64]:
    import numpy as np

    if high - low < _MARGINS:
        return np.arange(low, high + 1)
    return np.unique(np.linspace(low, high, _MARGINS).astype(np.int64))


def _shared_extremes(x1: int, n1: int, x2: int, n2: int, both: int) -> tuple[float, float]:
    """Smallest and largest φ·nc over all tables of `both` pairs that the two waves allow."""
    import numpy as np

    if both == 0:
        return 0.0, 0.0
    firsts = _grid(max(0, both - (n1 - x1)), min(both, x1))[:, None]
    seconds = _grid(max(0, both - (n2 - x2)), min(both, x2))[None, :]
    spread = np.sqrt(firsts * (both - firsts) * (seconds * (both - seconds)).astype(float))
    centre = firsts * seconds / both
    with np.errstate(divide="ignore", invalid="ignore"):
        high = np.where(spread > 0, both * (np.minimum(firsts, seconds) - centre) / spread, 0.0)
        low = np.where(spread > 0, both * (np.maximum(0, firsts + seconds - both) - centre) / spread, 0.0)
    return float(low.min()) * both, float(high.max()) * both
