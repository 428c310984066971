"""Themes told twice: by both halves of a pair, or by one person at two times; the difference, its limits and its test."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pandas as pd

from vvvresearch.statistics.exact_tests import mcnemar
from vvvresearch.statistics.multiplicity import adjust, agreeing, alpha_of_family, deciding_alpha
from vvvresearch.statistics.overlap import Pairs, change_interval
from vvvresearch.statistics.power import least_detectable_gap


def paired_rows(told: Mapping[str, Pairs], level: float) -> tuple[pd.DataFrame, int]:
    """What each theme's pairs of answers say, as one family of McNemar's exact tests.

    Args:
        told: theme → its pairs of answers.
        level: confidence level of the family.

    Returns:
        Frame, one row a theme: code_path, n, first, second, both, first_only, second_only, gap (share of the second less that of the
        first), lower, upper, level, p, p_adjusted, least_detectable (NaN where no gap would have been found); and how many tests were made.
    """
    tests = adjust([mcnemar(one.only_first, one.only_second).p_value for one in told.values()], "holm", "")
    rows = []
    for (path, pairs), p, adjusted in zip(told.items(), tests.raw, tests.adjusted, strict=True):
        n, first, second = pairs.n, pairs.both + pairs.only_first, pairs.both + pairs.only_second
        own_alpha = deciding_alpha(p, adjusted, 1 - level, tests.size)
        lower, upper = agreeing(change_interval(first, n, second, n, pairs, 1 - own_alpha), adjusted, 1 - level)
        rarer = min(pairs.only_first, pairs.only_second) / n
        least = least_detectable_gap(n, rarer, alpha_of_family(1 - level, tests.size, "holm"))
        gap = float(Fraction(second - first, n))
        seen = float("nan") if least is None else least
        rows.append(
            (path, n, first, second, pairs.both, pairs.only_first, pairs.only_second, gap, lower, upper, 1 - own_alpha, p, adjusted, seen)
        )
    return pd.DataFrame(rows, columns=_COLUMNS), tests.size


_COLUMNS = [
    "code_path", "n", "first", "second", "both", "first_only", "second_only", "gap", "lower", "upper", "level", "p", "p_adjusted",
    "least_detectable",
]  # fmt: skip
