"""Intervals for survey figures: a proportion, its worst case, a difference, and the counts behind a percentage."""

from __future__ import annotations

from vvvresearch.statistics import differences, intervals
from vvvresearch.statistics.intervals import Interval
from vvvresearch.statistics.rounding import possible_counts

__all__ = ["Interval", "difference_interval", "possible_counts", "proportion_interval", "worst_case_bounds"]


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
    return intervals.interval_of_proportion(x, n, population, method, level)


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
    return intervals.worst_case(x, n, population)


def difference_interval(
    x1: int,
    n1: int,
    x2: int,
    n2: int,
    method: str = "miettinen-nurminen",
    level: float = 0.95,
    *,
    population1: int | None = None,
    population2: int | None = None,
) -> Interval:
    """An interval for the difference x1/n1 − x2/n2 of two independent proportions.

    Args:
        x1, n1: count and base of the first group.
        x2, n2: count and base of the second group.
        method: "miettinen-nurminen" (score) or "newcombe" (hybrid of two Wilson intervals).
        level: confidence level, between 0 and 1.
        population1, population2: sizes of the groups' frames; "newcombe" then rests on Wilson limits corrected for them.

    Returns:
        Interval with limits between −1 and 1 and the difference as `.estimate`.

    Raises:
        AnalysisError: impossible counts, an unknown method, or populations with "miettinen-nurminen".

    Source:
        Miettinen and Nurminen 1985 (variance times N/(N−1)); Newcombe 1998, method 10.

    Example:
        >>> lower, upper = difference_interval(40, 72, 31, 59)
        >>> f"{lower:.4f} {upper:.4f}"
        '-0.1399 0.1993'
    """
    return differences.interval_of_difference(x1, n1, x2, n2, method, level, population1=population1, population2=population2)
