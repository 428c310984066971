"""Two waves with partly the same respondents: tests and limits that count the overlap, and ranges where it is not known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._change import Change
from vvvresearch.statistics._interval import Interval, alpha_of, counts_of, numbers_of, population_of, whole_number
from vvvresearch.statistics.exact_tests import Significance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = [
    "MeanChange",
    "PRange",
    "Pairs",
    "change_interval",
    "least_detectable_change",
    "overlapping_t",
    "overlapping_z",
    "unlinked_interval",
    "unlinked_p",
]

# Margins tried in each wave: all of them up to here, evenly spread ones with both ends beyond.
_MARGINS = 300
# Answers rearranged in one lot, so that memory stays small.
_TOGETHER = 1_000_000


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


def overlapping_z(
    x1: int, n1: int, x2: int, n2: int, pairs: Pairs, *, population1: int | None = None, population2: int | None = None
) -> Significance:
    """The z test of two proportions from partly overlapping samples.

    z = (p2 − p1) / √(p(1−p)·(1/n1 + 1/n2 − 2·φ·nc/(n1·n2))), p pooled over both waves, φ the correlation among the nc pairs. In
    frames of sizes N1 and N2 the terms are (N−n)/((N−1)·n) and the covariance is that of two samples of one population.

    Args:
        x1, n1: yes answers and answers of the first wave, pairs included.
        x2, n2: the same for the second wave.
        pairs: those who answered twice.
        population1, population2: sizes of the frames; give both or none.

    Returns:
        Significance; NaN where nothing varies, or where both frames answered in full and nothing is left to chance.

    Source:
        Derrick, Dobson-McKittrick, Toher and White 2015, statistic z8 (Pearson's phi, pooled proportion); Qualité and Tillé 2008
        for the covariance in a finite population.

    Example:
        >>> round(overlapping_z(20, 42, 34, 55, Pairs(14, 3, 6, 12)).statistic, 3)
        1.74
    """
    (x1, n1), (x2, n2) = counts_of(x1, n1, suffix="1"), counts_of(x2, n2, suffix="2")
    _check_pairs(x1, n1, x2, n2, pairs)
    return Change.of(x1, n1, x2, n2, pairs.phi * pairs.n, pairs.phi, population1, population2).test()


def _check_pairs(x1: int, n1: int, x2: int, n2: int, pairs: Pairs) -> None:
    cells = (pairs.both, pairs.only_first, pairs.only_second, pairs.neither)
    if min(whole_number(cell, "pairs") for cell in cells) < 0:
        raise AnalysisError("a number of pairs is never negative", where="pairs")
    yes_first, yes_second = pairs.both + pairs.only_first, pairs.both + pairs.only_second
    fits_first = yes_first <= x1 and pairs.n - yes_first <= n1 - x1
    fits_second = yes_second <= x2 and pairs.n - yes_second <= n2 - x2
    if not (fits_first and fits_second):
        raise AnalysisError("the pairs are not part of the waves", where="pairs", why="a wave's counts include those who answered twice")


@dataclass(frozen=True)
class MeanChange(Significance):
    """What a test of two means says, and the limits that follow from it.

    Args:
        change: second mean less the first.
        standard_error: of the change; 0 where nothing varies.
        drawn: |t| in the rearrangements, in order.
    """

    change: float = 0.0
    standard_error: float = 0.0
    drawn: tuple[float, ...] = ()

    def limits(self, level: float) -> Interval:
        """The changes that are not farther from the one seen than chance takes t at the level; NaN where nothing varies, or too little."""
        # So many rearrangements may be beyond where p is no more than 1 − level.
        beyond = math.floor(alpha_of(level) * (len(self.drawn) + 1) + 1e-9)
        known = self.standard_error > 0 and math.isfinite(self.drawn[-max(beyond, 1)])
        reach = self.drawn[-max(beyond, 1)] * self.standard_error if known else math.nan
        return Interval(self.change - reach, self.change + reach, self.test, level, self.change)


def overlapping_t(
    first: Sequence[float], second: Sequence[float], pairs: Sequence[tuple[float, float]], *, draws: int = 9_999, seed: int = 2021
) -> MeanChange:
    """The test of two means from partly overlapping samples.

    t is the change over its standard error, as Derrick and others have it. Chance is what t is when the answers change places: those of
    one wave only among each other, those of a respondent who answered twice between the waves. Student's distribution would reject
    in 10 to 20 % of cases where few counts stand against many.

    Args:
        first: values of those who answered in the first wave only.
        second: values of those who answered in the second wave only.
        pairs: (first, second) of those who answered twice.
        draws, seed: of the rearrangements.

    Returns:
        MeanChange; the statistic is t for second minus first. NaN where all answers are the same.

    Raises:
        AnalysisError: fewer than two values in a wave.

    Source:
        Derrick, Toher and White 2017, statistic T_new2 (Welch's without pairs, the paired one with pairs only); Janssen 1997 and
        Amro and Pauly 2017 for permuting it.

    Example:
        >>> round(overlapping_t([1, 2, 2, 3], [3, 4, 4], [(1, 2), (2, 2), (3, 4)]).p_value, 2)
        0.02
    """
    import numpy as np

    linked = numbers_of([one for pair in pairs for one in pair], "pairs").reshape(-1, 2)
    alone, n_first = numbers_of([*first, *second], "first, second"), len(first)
    sizes = n_first + len(pairs), len(second) + len(pairs)
    if min(sizes) < 2 or not (np.isfinite(alone).all() and np.isfinite(linked).all()):
        raise AnalysisError("each wave needs at least two answers, all of them numbers", where="first, second, pairs")
    change, error = _mean_change(alone[None, :], linked[None, :, :], n_first)
    t = float(_ratios(change, error)[0])
    if np.ptp(np.r_[alone, linked.ravel()]) == 0:
        return MeanChange(math.nan, 0.0, "overlapping t")
    rng = np.random.default_rng(seed)
    lots = []
    for lot in np.array_split(np.arange(draws), -(-draws * sum(sizes) // _TOGETHER)):
        moved = rng.permuted(np.tile(alone, (len(lot), 1)), axis=1)
        turned = np.where(rng.random((len(lot), len(linked), 1)) < 0.5, linked, linked[:, ::-1])
        lots.append(np.abs(_ratios(*_mean_change(moved, turned, n_first))))
    drawn = np.sort(np.concatenate(lots))
    p_value = (draws - int(np.searchsorted(drawn, abs(t) * (1 - 1e-9))) + 1) / (draws + 1)
    off = NormalDist().inv_cdf(0.995) * math.sqrt(p_value * (1 - p_value) / draws)
    return MeanChange(p_value, t, "overlapping t", off, float(change[0]), float(error[0]), tuple(drawn.tolist()))


def _mean_change(alone: Floats, linked: Floats, n_first: int) -> tuple[Floats, Floats]:
    """Second mean less the first and its standard error, for each row of answers."""
    import numpy as np

    one, two = np.hstack([alone[:, :n_first], linked[:, :, 0]]), np.hstack([alone[:, n_first:], linked[:, :, 1]])
    n1, n2, both = one.shape[1], two.shape[1], linked.shape[1]
    v1, v2 = one.var(axis=1, ddof=1), two.var(axis=1, ddof=1)
    apart = linked - linked.mean(axis=1, keepdims=True) if both else linked
    together, scale = apart.prod(axis=2).sum(axis=1), np.sqrt((apart**2).sum(axis=1).prod(axis=1))
    r = np.divide(together, scale, out=np.zeros_like(scale), where=scale > 1e-12)
    variance = v1 / n1 + v2 / n2 - 2 * r * np.sqrt(v1 * v2) * both / (n1 * n2)
    return two.mean(axis=1) - one.mean(axis=1), np.sqrt(np.where(variance > 1e-15, variance, 0.0))


def _ratios(change: Floats, error: Floats) -> Floats:
    """t: 0 without a change, without end where a change has no error."""
    import numpy as np

    still = np.where(np.abs(change) < 1e-12, 0.0, np.copysign(np.inf, change))
    return np.divide(change, error, out=still, where=error > 0)


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
    """Limits of the change p2 − p1 between two waves: the changes that `overlapping_z` does not reject.

    Args:
        x1, n1, x2, n2: yes answers and answers of each wave.
        pairs: those who answered twice; None for independent waves.
        level: confidence level.
        population1, population2: sizes of the frames; give both or none.

    Returns:
        Interval; it leaves 0 out exactly where the test's p is below 1 − level. Of zero width only where both frames answered in full.

    Source:
        Mee 1984 and Farrington and Manning 1990 for the score limits, with the covariance of Derrick and others 2015 and of Qualité
        and Tillé 2008.

    Example:
        >>> lower, upper = change_interval(20, 42, 34, 55, Pairs(14, 3, 6, 12), population1=98, population2=98)
        >>> f"{lower:.3f} {upper:.3f}"
        '0.016 0.265'
    """
    (x1, n1), (x2, n2) = counts_of(x1, n1, suffix="1"), counts_of(x2, n2, suffix="2")
    twice = pairs or Pairs(0, 0, 0, 0)
    _check_pairs(x1, n1, x2, n2, twice)
    if not twice.only_first + twice.only_second and twice.n == n1 == n2:
        # Nobody changed among all who answered: half a unit in each cell keeps the limits apart.
        a, b = (cell + 0.5 for cell in (twice.both, twice.neither))
        phi = (a * b - 0.25) / ((a + 0.5) * (b + 0.5))
    else:
        phi = twice.phi
    return Change.of(x1, n1, x2, n2, phi * twice.n, phi, population1, population2).limits(level)


def least_detectable_change(
    x1: int,
    n1: int,
    x2: int,
    n2: int,
    pairs: Pairs | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    *,
    population1: int | None = None,
    population2: int | None = None,
) -> float | None:
    """The smallest change from the first wave's share that `overlapping_z` would find, in the direction of the change that was seen.

    Args:
        x1, n1, x2, n2, pairs, population1, population2: as `change_interval`.
        alpha: the level that decides.
        power: the wanted chance of finding it.

    Returns:
        A difference of shares, 0 to 1; None where not even a change to none or all would be found.

    Example:
        >>> round(least_detectable_change(20, 42, 34, 55), 2)
        0.28
    """
    (x1, n1), (x2, n2) = counts_of(x1, n1, suffix="1"), counts_of(x2, n2, suffix="2")
    twice = pairs or Pairs(0, 0, 0, 0)
    _check_pairs(x1, n1, x2, n2, twice)
    return Change.of(x1, n1, x2, n2, twice.phi * twice.n, twice.phi, population1, population2).least_detectable(alpha, power)


def unlinked_interval(
    x1: int, n1: int, x2: int, n2: int, overlap: int | tuple[int, int] | None = None, level: float = 0.95, population: int | None = None
) -> Interval:
    """Limits of the change between waves that cannot be linked, whatever table of pairs stands behind them.

    Args:
        x1, n1, x2, n2, overlap, population: as `unlinked_p`.
        level: confidence level.

    Returns:
        Interval; it leaves 0 out exactly where the highest possible p is below 1 − level.

    Example:
        >>> lower, upper = unlinked_interval(20, 42, 34, 55, overlap=35)
        >>> f"{lower:.3f} {upper:.3f}"
        '-0.117 0.385'
    """
    (x1, n1), (x2, n2) = counts_of(x1, n1, suffix="1"), counts_of(x2, n2, suffix="2")
    _, (lowest, _) = _possible(x1, n1, x2, n2, overlap, population)
    return Change.of(x1, n1, x2, n2, lowest).limits(level)


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
    possible, (lowest, highest) = _possible(x1, n1, x2, n2, overlap, population)
    smallest, largest, independent = (Change.of(x1, n1, x2, n2, shared).test().p_value for shared in (highest, lowest, 0.0))
    return PRange(smallest, largest, independent, possible)


def _possible(
    x1: int, n1: int, x2: int, n2: int, overlap: int | tuple[int, int] | None, population: int | None
) -> tuple[tuple[int, int], tuple[float, float]]:
    """How many can have answered twice, and the smallest and largest φ·nc."""
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
    return (fewest, most), (min(low for low, _ in extremes), max(high for _, high in extremes))


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
