"""How reliable a battery of items is as one scale: Cronbach's alpha and McDonald's omega with limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import Interval, alpha_of, numbers_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Reliability", "cronbach_alpha", "mcdonald_omega"]


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha of a battery.

    Args:
        alpha: with limits; `.estimate` is the coefficient, which is negative where items go against each other.
        without: alpha of the battery without each item, in order; None where the sum of the others does not vary; empty for two items.
        n: respondents who answered every item.
        items: number of items.
    """

    alpha: Interval
    without: tuple[float | None, ...]
    n: int
    items: int


def cronbach_alpha(answers: ArrayLike, level: float = 0.95) -> Reliability:
    """Cronbach's alpha of those who answered every item, with Feldt's limits.

    Args:
        answers: respondents × items, numbers that all point the same way; NaN is no answer.
        level: of the limits.

    Returns:
        Reliability.

    Raises:
        AnalysisError: fewer than two items or two complete respondents, or a battery whose sum does not vary.

    Source:
        Cronbach 1951; Feldt 1965 for the limits, (1 − α)/(1 − α̂) ~ F((n − 1), (n − 1)(k − 1)).

    Example:
        >>> found = cronbach_alpha([[1, 2, 1], [2, 2, 3], [3, 4, 3], [4, 4, 5], [5, 4, 4]])
        >>> round(found.alpha.estimate, 3), round(found.alpha.lower, 2)
        (0.922, 0.6)
    """
    import numpy as np

    table = numbers_of(answers, "answers", 2)
    if table.ndim != 2 or table.shape[1] < 2:
        raise AnalysisError("a scale needs at least two items", where="answers", todo="one row a respondent, one column an item")
    table = table[np.isfinite(table).all(axis=1)]
    n, items = table.shape
    if n < 2:
        raise AnalysisError("fewer than two respondents answered every item", where="answers")
    value = _alpha(np.cov(table.T))
    if value is None:
        raise AnalysisError("the sum of the items does not vary, so there is no reliability", where="answers")
    lower, upper = _feldt(value, n, items, level)
    without = tuple(_alpha(np.cov(np.delete(table, item, axis=1).T)) for item in range(items)) if items > 2 else ()
    return Reliability(Interval(lower, upper, "feldt", level, value), without, n, items)


def _feldt(value: float, n: int, items: int, level: float) -> tuple[float, float]:
    from scipy import stats

    tail = alpha_of(level) / 2
    lower, upper = (1 - (1 - value) * float(stats.f.ppf(share, n - 1, (n - 1) * (items - 1))) for share in (1 - tail, tail))
    return lower, upper


def _alpha(covariance: ArrayLike) -> float | None:
    import numpy as np

    table = np.asarray(covariance)
    total = float(table.sum())
    return len(table) / (len(table) - 1) * (1 - float(np.trace(table)) / total) if total > 1e-12 else None


def mcdonald_omega(answers: ArrayLike, level: float = 0.95) -> Interval | None:
    """McDonald's omega of those who answered every item: (Σλ)²/((Σλ)² + Σψ) of one common factor.

    Args:
        answers: respondents × items, numbers that all point the same way; NaN is no answer.
        level: of the limits, which are Feldt's with omega in the place of alpha: samples drawn anew from few respondents hold the truth in
            91 % only.

    Returns:
        Interval with the coefficient as `.estimate`; None where one factor cannot be told: fewer than three items that vary.

    Source:
        McDonald 1999; loadings by least squares on the covariances beside the diagonal (Harman and Jones 1966); Feldt 1965.

    Example:
        >>> found = mcdonald_omega([[1, 2, 1], [2, 2, 3], [3, 4, 3], [4, 4, 5], [5, 4, 4]])
        >>> round(found.estimate, 2)
        0.94
    """
    import numpy as np

    table = numbers_of(answers, "answers", 2)
    table = table[np.isfinite(table).all(axis=1)]
    value = _omega(np.cov(table.T)) if len(table) > 2 and table.shape[1] > 2 else math.nan
    if math.isnan(value):
        return None
    lower, upper = _feldt(value, table.shape[0], table.shape[1], level)
    return Interval(max(0.0, lower), upper, "feldt", level, value)


def _omega(covariance: ArrayLike) -> float:
    """Of one factor fitted to the covariances beside the diagonal; NaN where an item does not vary or the factor is not there."""
    import numpy as np

    table = np.asarray(covariance)
    variances = np.diag(table)
    if (variances <= 1e-12).any():
        return math.nan
    shared = variances * 0.5
    for _ in range(200):
        reduced = table - np.diag(variances - shared)
        values, vectors = np.linalg.eigh(reduced)
        loadings = vectors[:, -1] * math.sqrt(max(values[-1], 0.0))
        before, shared = shared, np.minimum(loadings**2, variances)
        if np.abs(shared - before).max() < 1e-10 * variances.max():
            break
    common = float(loadings.sum()) ** 2
    return common / (common + float((variances - shared).sum())) if common > 0 else math.nan
