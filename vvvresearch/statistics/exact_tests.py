"""Exact tests for small groups: two by two tables, paired answers, trends and ranks with ties."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Real
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import numbers_of, several, whole_number, whole_numbers
from vvvresearch.statistics._linear import linear_test

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Significance", "boschloo", "cochran_armitage", "fisher", "freeman_halton", "mann_whitney", "mcnemar"]

# Outcomes of two groups that Boschloo's test lists.
_MOST = 10_000_000
Alternative = Literal["two-sided", "less", "greater"]


@dataclass(frozen=True)
class Significance:
    """What a test says.

    Args:
        p_value: the p-value; NaN where the data leave nothing to test (an empty margin).
        statistic: the statistic it rests on.
        test: the name of the test.
        error: where outcomes were drawn at random, half of the 99 % interval of the p-value; 0 when it was counted out.
    """

    p_value: float
    statistic: float
    test: str
    error: float = 0.0


def two_by_two(table: Sequence[Sequence[int]]) -> tuple[int, int, int, int]:
    """The four cells (a, b, c, d) of [[a, b], [c, d]], checked."""
    rows = [whole_numbers(row, "table") for row in several(table, "table")]
    if len(rows) != 2 or any(len(row) != 2 for row in rows):
        raise AnalysisError("the test needs a table of two rows and two columns", where="table", todo="rows are groups, columns yes and no")
    if min(min(row) for row in rows) < 0:
        raise AnalysisError("a table of counts has no negative cells", where="table")
    return rows[0][0], rows[0][1], rows[1][0], rows[1][1]


def fisher(table: Sequence[Sequence[int]], alternative: Alternative = "two-sided") -> Significance:
    """Fisher's exact test; two-sided it adds all tables that are no more probable than the observed one.

    Args:
        table: [[yes, no] of the first group, [yes, no] of the second].
        alternative: "greater" tests whether the first group says yes more often.

    Returns:
        Significance; the statistic is the sample odds ratio. An interval that agrees with the p-value: `conditional_odds_ratio`.

    Example:
        >>> round(fisher([[40, 32], [31, 28]]).p_value, 4)
        0.8602
    """
    a, b, c, d = two_by_two(table)
    if alternative not in ("two-sided", "less", "greater"):
        raise AnalysisError(f"there is no alternative {alternative!r}", where="alternative", todo='use "two-sided", "less" or "greater"')
    ratio = math.nan if a * d == b * c == 0 else math.inf if b * c == 0 else a * d / (b * c)
    if 0 in (a + b, c + d, a + c, b + d):
        return Significance(math.nan, ratio, "fisher")
    chances = hypergeometric(a + b, c + d, a + c)
    own = a - max(0, a - d)
    if alternative == "two-sided":
        p_value = float(as_rare(chances)[own])
    else:
        p_value = float(chances[: own + 1].sum() if alternative == "less" else chances[own:].sum())
    return Significance(min(1.0, p_value), ratio, "fisher")


def hypergeometric(n1: int, n2: int, hits: int) -> NDArray[np.float64]:
    """The chances of the smallest to the largest number of hits in the first group, the margins given."""
    import numpy as np
    from scipy import special

    cells = np.arange(max(0, hits - n2), min(n1, hits) + 1)
    logs = [special.gammaln(part + 1) for part in (cells, n1 - cells, hits - cells, n2 - hits + cells)]
    # Divided by their sum, so that what logarithms of large factorials lose is lost by all alike.
    exponents = -np.sum(logs, axis=0)
    chances = np.exp(exponents - exponents.max())
    found: NDArray[np.float64] = chances / chances.sum()
    return found


def as_rare(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """For every outcome the chance of one that is no more probable; the factor lets rounding errors pass, as in R."""
    import numpy as np

    ranked = np.sort(chances)
    up_to = np.searchsorted(ranked, chances * (1 + 1e-7), side="right")
    found: NDArray[np.float64] = np.minimum(1.0, np.cumsum(ranked)[up_to - 1])
    return found


def boschloo(table: Sequence[Sequence[int]], alternative: Alternative = "two-sided") -> Significance:
    """Boschloo's unconditional exact test of two independent proportions; more powerful than Fisher's.

    Args:
        table: [[yes, no] of the first group, [yes, no] of the second]; the sizes of the groups are fixed.
        alternative: "greater" tests whether the first group says yes more often. Two-sided is twice the smaller side.

    Example:
        >>> round(boschloo([[40, 32], [31, 28]]).p_value, 4)
        0.7401
    """
    from scipy import stats

    a, b, c, d = two_by_two(table)
    if 0 in (a + b, c + d, a + c, b + d):
        return Significance(math.nan, math.nan, "boschloo")
    if (a + b) * (c + d) > _MOST:
        raise AnalysisError("there are more outcomes than can be listed", where=f"groups of {a + b} and {c + d}", todo="use fisher")
    # scipy's groups are the columns.
    found = stats.boschloo_exact([[a, c], [b, d]], alternative, n=64)
    return Significance(min(1.0, float(found.pvalue)), float(found.statistic), "boschloo")


def mcnemar(only_first: int, only_second: int, *, mid_p: bool = False) -> Significance:
    """The exact test of paired yes/no answers: only those who changed count (McNemar 1947, exact binomial).

    Args:
        only_first: pairs with yes only in the first wave.
        only_second: pairs with yes only in the second wave.
        mid_p: count half of the observed outcome (Fagerland, Lydersen and Laake 2013).

    Example:
        >>> mcnemar(1, 7).p_value
        0.0703125
    """
    b, c = whole_number(only_first, "only_first"), whole_number(only_second, "only_second")
    if min(b, c) < 0:
        raise AnalysisError("a number of pairs is never negative", where="only_first, only_second")
    changed = b + c
    name = "mcnemar, mid-p" if mid_p else "mcnemar"
    if changed == 0:
        return Significance(1.0, 0.0, name)
    tail = sum(math.comb(changed, k) for k in range(min(b, c) + 1))
    doubled = Fraction(2 * tail, 2**changed)
    if mid_p:
        doubled -= Fraction(math.comb(changed, b), 2**changed)
    return Significance(min(1.0, float(doubled)), float(b - c), name)


def cochran_armitage(hits: Sequence[int], sizes: Sequence[int], scores: Sequence[float] | None = None) -> Significance:
    """The exact Cochran–Armitage test of a trend in proportions over ordered groups.

    Conditional on the margins; two-sided it adds all outcomes at least as far from the expected sum of scores.

    Args:
        hits: yes answers in each group, in order.
        sizes: answers in each group.
        scores: one for each group; default 0, 1, 2, …

    Returns:
        Significance; the statistic is the sum of scores of the hits minus its expectation.

    Example:
        >>> round(cochran_armitage([1, 2, 5], [6, 6, 6]).p_value, 4)
        0.0435
    """
    yes = whole_numbers(hits, "hits")
    all_of = whole_numbers(sizes, "sizes")
    values = list(range(len(yes))) if scores is None else several(scores, "scores")
    if not len(yes) == len(all_of) == len(values) or len(yes) < 2:
        raise AnalysisError("a trend needs hits, sizes and scores of the same two or more groups", where="hits, sizes, scores")
    if any(not 0 <= part <= whole for part, whole in zip(yes, all_of, strict=True)):
        raise AnalysisError("the hits of a group lie between 0 and its size", where="hits")
    if not all(isinstance(value, Real) and math.isfinite(value) for value in values):
        raise AnalysisError("every group needs a score that is a number", where="scores")
    p_value, distance = linear_test(all_of, [Fraction(str(value)) for value in values], yes)
    return Significance(p_value, distance, "cochran-armitage, exact")


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> Significance:
    """The exact Wilcoxon–Mann–Whitney test by permutation of the mid-ranks, right also with ties.

    Own code: the exact method of scipy 1.17 takes the distribution without ties.

    Args:
        first, second: ordered answers of two independent groups, without missing values.

    Returns:
        Significance; the statistic is the rank sum of the first group minus its expectation.

    Raises:
        AnalysisError: an empty group, values that are not numbers, or more answers than can be counted exactly.

    Example:
        >>> round(mann_whitney([1, 2, 2, 3], [2, 3, 4, 4]).p_value, 4)
        0.2
    """
    a, b = numbers_of(first, "first").tolist(), numbers_of(second, "second").tolist()
    if not a or not b or any(not math.isfinite(value) for value in (*a, *b)):
        raise AnalysisError(
            "both groups need answers, and every answer must be a number", where="first, second", todo="leave out missing values"
        )
    levels = sorted({*a, *b})
    ties = [a.count(level) + b.count(level) for level in levels]
    ranks, before = [], 0
    for size in ties:
        ranks.append(Fraction(2 * before + size + 1, 2))
        before += size
    p_value, distance = linear_test(ties, ranks, [a.count(level) for level in levels])
    return Significance(p_value, distance, "mann-whitney, exact")


def freeman_halton(table: Sequence[Sequence[int]], *, seed: int = 20190301, draws: int = 100_000) -> Significance:
    """Fisher's exact test for larger tables (Freeman and Halton 1951): all tables that are no more probable than the observed one.

    Exact for what a few seconds allow (about 4 × 4 with 150 answers, 5 × 5 with 60, 3 × 8 with 100). Larger tables are drawn at
    random with the margins held, which the name of the test then says. Neither depends on the order of groups or answers.

    Args:
        table: counts, groups in rows, answers in columns. Empty rows and columns are left out.
        seed: for the drawn tables.
        draws: how many are drawn.

    Returns:
        Significance; where tables were drawn, `error` is how far p may be off.

    Raises:
        AnalysisError: rows of unlike length, or counts that are none.

    Example:
        >>> round(freeman_halton([[4, 2, 1], [1, 3, 5], [0, 2, 6]]).p_value, 5)
        0.07439
    """
    import numpy as np

    from vvvresearch.statistics._larger_tables import TooManyTables, probability_of_rarer_tables

    rows = [whole_numbers(row, "table") for row in several(table, "table")]
    if not rows or any(len(row) != len(rows[0]) for row in rows) or min(min(row, default=-1) for row in rows) < 0:
        raise AnalysisError("the test needs a full table of counts", where="table")
    counts = np.array(rows, dtype=np.int64)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return Significance(math.nan, math.nan, "freeman-halton")
    try:
        return Significance(probability_of_rarer_tables(counts), math.nan, "freeman-halton")
    except TooManyTables:
        return _drawn_tables(counts, seed, draws)


def _drawn_tables(counts: NDArray[np.int64], seed: int, draws: int) -> Significance:
    import numpy as np
    from scipy import stats

    # The draws depend on the order of the margins, the answer must not.
    table = counts if counts.shape[0] <= counts.shape[1] else counts.T
    drawn = stats.random_table(np.sort(table.sum(axis=1)), np.sort(table.sum(axis=0)), seed=np.random.default_rng(seed))
    observed = stats.random_table(table.sum(axis=1), table.sum(axis=0)).logpmf(table)
    as_rare = int((drawn.logpmf(drawn.rvs(draws)) <= observed + 1e-7).sum())
    p_value = (as_rare + 1) / (draws + 1)
    error = NormalDist().inv_cdf(0.995) * math.sqrt(p_value * (1 - p_value) / draws)
    return Significance(p_value, math.nan, f"freeman-halton, {draws} tables drawn", error)
