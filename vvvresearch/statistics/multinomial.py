"""Simultaneous intervals for the shares of several answer levels."""

from __future__ import annotations

from collections.abc import Sequence

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.statistics._interval import Interval, alpha_of, whole_numbers

__all__ = ["multinomial_intervals"]

_METHODS = {"goodman": "goodman", "sison-glaz": "sison-glaz"}


def multinomial_intervals(counts: Sequence[int], method: str = "goodman", level: float = 0.95) -> tuple[Interval, ...]:
    """Intervals that hold together, with at least about the level, for all answer levels of one item.

    Args:
        counts: answers at each level, zero levels included; at least two levels.
        method: "goodman" (1965; any counts) or "sison-glaz" (1995; shorter, meant for seven levels or more; it
            falls below the level when answers are few).
        level: joint confidence level.

    Returns:
        One Interval for each level, in order.

    Raises:
        AnalysisError: fewer than two levels, negative counts, no answers, an unknown method.

    Source:
        Goodman 1965; Sison and Glaz 1995.

    Example:
        >>> first, *rest = multinomial_intervals([23, 12, 44], "sison-glaz")
        >>> f"{first.lower:.4f} {first.upper:.4f}"
        '0.1899 0.4107'
    """
    from statsmodels.stats.proportion import multinomial_proportions_confint

    name = str(method).lower().replace("_", "-")
    if name not in _METHODS:
        raise AnalysisError(f"there is no multinomial interval called {method!r}", where="method", todo=did_you_mean(name, _METHODS))
    whole = whole_numbers(counts, "counts")
    total = sum(whole)
    if len(whole) < 2:
        raise AnalysisError("simultaneous intervals need at least two levels", where="counts", todo="use proportion_interval for one")
    if min(whole) < 0 or total == 0:
        raise AnalysisError("counts must not be negative, and not all zero", where=f"counts = {whole}")
    limits = multinomial_proportions_confint(whole, alpha_of(level), method=_METHODS[name])
    return tuple(
        Interval(max(0.0, float(lower)), min(1.0, float(upper)), name, level, count / total)
        for (lower, upper), count in zip(limits, whole, strict=True)
    )
