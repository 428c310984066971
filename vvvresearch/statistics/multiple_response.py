"""Comparing groups on a question with several answers: the Rao–Scott correction for answers that go together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import numbers_of, several

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["RaoScott", "rao_scott"]


@dataclass(frozen=True)
class RaoScott:
    """A test of all options of a multiple-response question at once.

    Args:
        statistic: Σ of the options' Pearson statistics.
        corrected: the statistic after the second-order correction.
        degrees: its degrees of freedom.
        p_value: of the corrected statistic; NaN when no option varies.
        naive_p: as if options were answered independently; shown to say what the correction does.
        options: how many options vary and are counted.
    """

    statistic: float
    corrected: float
    degrees: float
    p_value: float
    naive_p: float
    options: int


def rao_scott(ticks: NDArray[Any], groups: Sequence[object]) -> RaoScott:
    """Whether groups differ in what they tick, over all options together.

    Respondents can tick several options, so the Pearson statistics of the options are not independent and their sum is not
    chi-square. Under the null hypothesis it is Σλ·χ²(g−1), λ the eigenvalues of the options' correlation matrix; the second-order
    correction divides by Σλ²/Σλ and takes (g−1)·(Σλ)²/Σλ² degrees of freedom.

    Args:
        ticks: respondents × options, 0 or 1; only those who answered the battery.
        groups: the group of each respondent.

    Raises:
        AnalysisError: fewer than two groups, or lengths that differ.

    Source:
        Rao and Scott 1981; for multiple responses Thomas and Decady 2004, Bilder and Loughin 2004.

    Example:
        >>> import numpy as np
        >>> ticks = np.array([[1, 1], [1, 0], [1, 1], [0, 0], [0, 0], [1, 0], [0, 0], [0, 1]])
        >>> round(rao_scott(ticks, list("aaaabbbb")).p_value, 3)
        0.281
    """
    import numpy as np
    from scipy import stats

    table = numbers_of(ticks, "ticks", 2)
    names = np.asarray([str(group) for group in several(groups, "groups")])
    if len(table) != len(names):
        raise AnalysisError("every respondent needs a row of ticks and a group", where="ticks, groups")
    if not np.isin(table, (0.0, 1.0)).all():
        raise AnalysisError("a tick is 0 or 1", where="ticks", todo="leave out those who did not answer the question")
    labels, sizes = np.unique(names, return_counts=True)
    if len(labels) < 2:
        raise AnalysisError("a comparison needs at least two groups", where="groups")
    table = table[:, (table.min(axis=0) < 1) & (table.max(axis=0) > 0)]
    options = table.shape[1]
    if options == 0:
        return RaoScott(0.0, 0.0, 0.0, math.nan, math.nan, 0)
    shares = table.mean(axis=0)
    means = np.array([table[names == label].mean(axis=0) for label in labels])
    statistic = float((sizes[:, None] * (means - shares) ** 2 / (shares * (1 - shares))).sum())
    spread = np.sqrt(shares * (1 - shares))
    correlation = (table - shares).T @ (table - shares) / len(table) / np.outer(spread, spread)
    squares = float((correlation**2).sum())
    factor = squares / options
    freedom = (len(labels) - 1) * options / factor
    corrected = statistic / factor
    naive = float(stats.chi2.sf(statistic, (len(labels) - 1) * options))
    return RaoScott(statistic, corrected, freedom, float(stats.chi2.sf(corrected, freedom)), naive, options)
