"""Ordered answers in several groups: the rank test."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import numbers_of
from vvvresearch.statistics.exact_tests import Significance

__all__ = ["kruskal"]


def kruskal(groups: Mapping[str, Sequence[float]]) -> Significance:
    """The Kruskal–Wallis rank test with its correction for ties; NaN when all answers are the same.

    Args:
        groups: ordered answers (numbers) by group; at least two groups with answers.

    Example:
        >>> round(kruskal({"a": [1, 2, 2], "b": [3, 4, 4], "c": [2, 3, 3]}).p_value, 4)
        0.0462
    """
    from scipy import stats

    filled = [values for values in (numbers_of(each, "groups").tolist() for each in groups.values()) if values]
    if len(filled) < 2:
        raise AnalysisError("a comparison needs at least two groups with answers", where="groups")
    if len({value for values in filled for value in values}) == 1:
        return Significance(math.nan, 0.0, "kruskal-wallis")
    found = stats.kruskal(*filled)
    return Significance(float(found.pvalue), float(found.statistic), "kruskal-wallis")
