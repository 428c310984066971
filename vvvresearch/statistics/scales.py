"""How reliable a battery of items is as one scale: Cronbach's alpha with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import Interval, alpha_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["Reliability", "cronbach_alpha"]


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha of a battery.

    Args:
        alpha: with limits; `.estimate` is the coefficient, which is negative where items go against each other.
        without: alpha of the battery without each item, in order; empty for two items.
        n: respondents who answered every item.
        items: number of items.
    """

    alpha: Interval
    without: tuple[float, ...]
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
    from scipy import stats

    table = np.asarray(answers, dtype=float)
    if table.ndim != 2 or table.shape[1] < 2:
        raise AnalysisError("a scale needs at least two items", where="answers", todo="one row a respondent, one column an item")
    table = table[np.isfinite(table).all(axis=1)]
    n, items = table.shape
    if n < 2:
        raise AnalysisError("fewer than two respondents answered every item", where="answers")
    value = _alpha(np.cov(table.T))
    if math.isnan(value):
        raise AnalysisError("the sum of the items does not vary, so there is no reliability", where="answers")
    tail = alpha_of(level) / 2
    lower, upper = (1 - (1 - value) * float(stats.f.ppf(share, n - 1, (n - 1) * (items - 1))) for share in (1 - tail, tail))
    without = tuple(_alpha(np.cov(np.delete(table, item, axis=1).T)) for item in range(items)) if items > 2 else ()
    return Reliability(Interval(lower, upper, "feldt", level, value), without, n, items)


def _alpha(covariance: ArrayLike) -> float:
    import numpy as np

    table = np.asarray(covariance)
    total = float(table.sum())
    return len(table) / (len(table) - 1) * (1 - float(np.trace(table)) / total) if total > 1e-12 else math.nan
