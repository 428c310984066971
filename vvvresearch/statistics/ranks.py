"""How far two groups of ordered answers lie apart: Cliff's delta with an interval that holds in small groups."""

from __future__ import annotations

from collections.abc import Sequence

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import Interval, numbers_of, z_of

__all__ = ["cliffs_delta"]


def cliffs_delta(first: Sequence[float], second: Sequence[float], level: float = 0.95) -> Interval:
    """P(first > second) − P(first < second) for two independent groups, with limits that also hold for four against four.

    θ = (δ + 1)/2 is the area under the curve. The limits are the θ for which (θ̂ − θ)² = z²·V(θ), where V is Hanley and McNeil's
    variance with both group sizes replaced by their mean less one in its numerator. Two groups that do not overlap get limits too.

    Args:
        first, second: ordered answers (numbers) of two groups, without missing values; ties are allowed.
        level: confidence level.

    Returns:
        Interval between −1 and 1, with the delta as `.estimate`; never of zero width.

    Raises:
        AnalysisError: a group without answers, or answers that are no numbers.

    Source:
        Newcombe 2006, Statistics in Medicine 25:559, method 5; Cliff 1993.

    Example:
        >>> lower, upper = cliffs_delta([4, 5, 6], [1, 2, 3])
        >>> f"{lower:.3f} {upper:.0f}"
        '0.002 1'
    """
    import numpy as np
    from scipy import optimize

    one, two = numbers_of(first, "first"), numbers_of(second, "second")
    if not len(one) or not len(two) or not (np.isfinite(one).all() and np.isfinite(two).all()):
        raise AnalysisError(
            "both groups need answers, and every answer must be a number", where="first, second", todo="leave out missing values"
        )
    z = z_of(level)
    delta = float(np.sign(one[:, None] - two[None, :]).mean())
    seen, mean_size = (delta + 1) / 2, (len(one) + len(two)) / 2 - 1

    def excess(theta: float) -> float:
        spread = 1 + mean_size * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        variance = z * z * spread / (len(one) * len(two))
        return (seen - theta) ** 2 - theta * (1 - theta) * variance

    # At full separation the estimate itself is a root as well, since V(0) = V(1) = 0; the limit is the other one.
    near = 1e-9
    lower = 0.0 if seen <= near else float(optimize.brentq(excess, 0.0, seen - near, xtol=1e-13))
    upper = 1.0 if seen >= 1 - near else float(optimize.brentq(excess, seen + near, 1.0, xtol=1e-13))
    return Interval(2 * lower - 1, 2 * upper - 1, "newcombe 2006, method 5", level, delta)
