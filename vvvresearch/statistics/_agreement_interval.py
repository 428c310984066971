"""Intervals of a coefficient of agreement that do not break in few units or at perfect agreement.

They are quantiles of a Dirichlet distribution; units that lie in clusters have the delta method.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

# With more coders the patterns of two categories are too many to list; those with one dissenting coder stand for them.
_MOST_CODERS = 6
_STEP = 1e-5
# Units before anything is seen, half of them for agreement: of a Dirichlet distribution (with two coders and two categories a quarter
# a pattern), and of the delta method. And how many tables are drawn.
_PRIOR, _ADDED_UNITS = 1.0, 2.0
_DRAWS = 4096
# How much of what a level leaves outside lies below and above: at 95 % the quantiles are 1.5 and 99.25 %. Those of 2.5 and 97.5 % cover
# down to 89 %. Near full agreement the width is that of the lower limit, and the upper one misses most.
_BELOW, _ABOVE = 0.3, 0.15


def possible_patterns(coders: int, categories: int) -> Ints:
    """Patterns of ratings that the added units are spread over: those with at most two different categories."""
    found = [(category,) * coders for category in range(categories)]
    for one, other in combinations(range(categories), 2):
        if coders <= _MOST_CODERS:
            found += [pattern for pattern in product((one, other), repeat=coders) if len(set(pattern)) == 2]
        else:
            found += [(a,) * place + (b,) + (a,) * (coders - place - 1) for a, b in ((one, other), (other, one)) for place in range(coders)]
    return np.array(found, dtype=np.int64).reshape(len(found), coders)


def of_one_mind(patterns: Ints) -> NDArray[np.bool_]:
    """Whether all chose the same in each pattern."""
    alike: NDArray[np.bool_] = (patterns == patterns[:, :1]).all(axis=1)
    return alike


def _before(patterns: Ints, units: float) -> Floats:
    """What each of the possible patterns has before anything is seen: half of the units for agreement, half for the rest.

    Spread evenly over the patterns of many coders the units would nearly all be disagreement: limits then covered down to 44 %.
    """
    agreed = of_one_mind(patterns)
    found: Floats = units / 2 / np.where(agreed, agreed.sum(), (~agreed).sum())
    return found


def dirichlet_interval(
    compute: Callable[[Floats], Floats], shapes: Floats, agree: NDArray[np.bool_], value: float, confidence: float, lowest: float
) -> tuple[float, float]:
    """Quantiles of the coefficient over tables that could lie behind the ratings, widened to hold the coefficient itself.

    Of two coders and two categories the same patterns always have the same limits, whichever coder or category comes first.

    Args:
        compute: the coefficient of each row of frequencies.
        shapes: how often each pattern occurs, with what it has before (`with_prior`).
        agree: whether all chose the same in the pattern.
        value: the coefficient of the observed ratings.
        confidence: of the interval.
        lowest: the smallest value that the coefficient can have.
    """
    order = np.lexsort((~agree, shapes))
    drawn = np.empty((_DRAWS, len(shapes)))
    for place, pattern in enumerate(order):
        drawn[:, pattern] = _gamma(len(shapes), place, float(shapes[pattern]))
    found = compute(drawn * (shapes.sum() / drawn.sum(axis=1, keepdims=True)))
    outside = 1 - confidence
    lower, upper = np.quantile(found[~np.isnan(found)], [_BELOW * outside, 1 - _ABOVE * outside])
    return min(value, max(lowest, float(lower))), max(value, min(1.0, float(upper)))


@lru_cache(maxsize=1024)
def _gamma(columns: int, place: int, shape: float) -> Floats:
    """One column of gamma variates that fill their space evenly together: four thousand tell as much as a hundred thousand at random."""
    from scipy import special

    found: Floats = special.gammaincinv(shape, _even(columns)[:, place])
    return found


@cache
def _even(columns: int) -> Floats:
    from scipy.stats import qmc

    points: Floats = qmc.Sobol(columns, scramble=False).random(_DRAWS) + 0.5 / _DRAWS
    return points


def with_prior(rows: Ints, times: Floats, possible: Ints) -> tuple[Ints, Floats]:
    """What coders chose or could have, each pattern once, and how often, with what it has before anything is seen."""
    found, place = np.unique(np.vstack([rows[times > 0], possible]), axis=0, return_inverse=True)
    times = times[times > 0]
    return found, np.bincount(place.ravel(), np.r_[times, _before(possible, _PRIOR)]).astype(np.float64)


def delta_interval(
    compute: Callable[[Floats], Floats],
    times: Floats,
    possible: Ints,
    value: float,
    units: int,
    confidence: float,
    lowest: float,
    clusters: tuple[Ints, Ints],
) -> tuple[float, float]:
    """Delta limits with Student's t around the coefficient of the filled patterns, widened to hold the coefficient itself.

    Args:
        compute: the coefficient of each row of frequencies; the last columns are the patterns to fill.
        times: frequencies of the observed patterns.
        possible: the patterns to fill.
        value: the coefficient of the observed ratings.
        units: with at least two ratings.
        confidence: of the interval.
        lowest: the smallest value that the coefficient can have.
        clusters: the pattern and the cluster of each unit; a cluster is then what varies.
    """
    from scipy import stats

    filled = np.concatenate([times, _before(possible, _ADDED_UNITS)])
    stepped = compute(np.vstack([filled, filled + _STEP * np.eye(len(filled))]))
    slopes = (stepped[1:] - stepped[0]) / _STEP
    pattern, cluster = clusters
    sums = np.bincount(cluster, weights=slopes[pattern])
    freedom = len(sums) - 1
    if freedom < 1:
        return lowest, 1.0
    own = len(sums) / freedom * float(((sums - sums.mean()) ** 2).sum())
    # The added units weigh too little.
    inflated = (units + _ADDED_UNITS) / (units - 1)
    variance = inflated * (own + float(filled[len(times) :] @ slopes[len(times) :] ** 2))
    reach = float(stats.t.ppf(0.5 + confidence / 2, freedom)) * float(np.sqrt(max(0.0, variance)))
    return min(value, max(lowest, float(stepped[0]) - reach)), max(value, min(1.0, float(stepped[0]) + reach))
