"""The interval of a coefficient of agreement that does not break in few units or at perfect agreement."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

# Spread evenly over all patterns: half a unit in each cell of the two by two table of two coders.
_ADDED_UNITS = 2.0
# With more coders the patterns of two categories are too many to list; those with one dissenting coder stand for them.
_MOST_CODERS = 6
_STEP = 1e-5


def possible_patterns(coders: int, categories: int) -> Ints:
    """Patterns of ratings that the added units are spread over: those with at most two different categories."""
    found = [(category,) * coders for category in range(categories)]
    for one, other in combinations(range(categories), 2):
        if coders <= _MOST_CODERS:
            found += [pattern for pattern in product((one, other), repeat=coders) if len(set(pattern)) == 2]
        else:
            found += [(a,) * place + (b,) + (a,) * (coders - place - 1) for a, b in ((one, other), (other, one)) for place in range(coders)]
    return np.array(found, dtype=np.int64).reshape(len(found), coders)


def delta_interval(
    compute: Callable[[Floats], Floats],
    times: Floats,
    added: int,
    value: float,
    units: int,
    coders: int,
    confidence: float,
    lowest: float,
    clusters: tuple[Ints, Ints] | None = None,
) -> tuple[float, float]:
    """Delta limits with Student's t around the coefficient of the filled patterns, widened to hold the coefficient itself.

    Args:
        compute: the coefficient of each row of frequencies; the last `added` columns are the patterns to fill.
        times: frequencies of the observed patterns.
        added: how many patterns are filled.
        value: the coefficient of the observed ratings.
        units: with at least two ratings.
        coders: who rated.
        confidence: of the interval.
        lowest: the smallest value that the coefficient can have.
        clusters: the pattern and the cluster of each unit; a cluster is then what varies.
    """
    from scipy import stats

    filled = np.concatenate([times, np.full(added, _ADDED_UNITS / added)])
    stepped = compute(np.vstack([filled, filled + _STEP * np.eye(len(filled))]))
    slopes = (stepped[1:] - stepped[0]) / _STEP
    # With two coders the added units are half a unit a cell or more; spread over the patterns of more coders they weigh too little.
    inflated = 1.0 if coders == 2 and clusters is None else (units + _ADDED_UNITS) / (units - 1)
    freedom = units - 1
    if clusters is None:
        variance = inflated * (float(filled @ slopes**2) - float(filled @ slopes) ** 2 / filled.sum())
    else:
        pattern, cluster = clusters
        sums = np.bincount(cluster, weights=slopes[pattern])
        freedom = len(sums) - 1
        if freedom < 1:
            return lowest, 1.0
        own = len(sums) / freedom * float(((sums - sums.mean()) ** 2).sum())
        variance = inflated * (own + float(filled[len(times) :] @ slopes[len(times) :] ** 2))
    reach = float(stats.t.ppf(0.5 + confidence / 2, freedom)) * float(np.sqrt(max(0.0, variance)))
    return min(value, max(lowest, float(stepped[0]) - reach)), max(value, min(1.0, float(stepped[0]) + reach))
