"""Ordered answers in several groups: the rank test and the proportional-odds model."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import alpha_of, numbers_of
from vvvresearch.statistics.exact_tests import Significance

__all__ = ["GroupOdds", "OrdinalModel", "kruskal", "proportional_odds"]

# A log odds ratio beyond this means that a group has answers at one end of the scale only.
_SEPARATED = 12.0


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


@dataclass(frozen=True)
class GroupOdds:
    """The odds of a higher answer in one group against the reference group.

    Args:
        group: its name.
        odds_ratio, lower, upper: Wald limits on the log scale.
        p_value: Wald test.
    """

    group: str
    odds_ratio: float
    lower: float
    upper: float
    p_value: float


@dataclass(frozen=True)
class OrdinalModel:
    """A proportional-odds model of ordered answers by group.

    Args:
        reference: the group the odds are relative to.
        odds: one for each other group; empty when the model cannot tell.
        p_value: likelihood ratio test of all groups; NaN when the model cannot tell.
        separated: a group's answers lie at one end only, so its odds ratio has no finite estimate.
        level: confidence level.
    """

    reference: str
    odds: tuple[GroupOdds, ...]
    p_value: float
    separated: bool
    level: float


def proportional_odds(groups: Mapping[str, Sequence[float]], level: float = 0.95) -> OrdinalModel:
    """Fit ordered answers on groups (McCullagh 1980): one odds ratio a group, the same at every cut of the scale.

    Args:
        groups: ordered answers (numbers) by group; the first group is the reference.
        level: confidence level.

    Returns:
        OrdinalModel; under separation it says so and gives no odds ratios instead of large arbitrary ones.

    Raises:
        AnalysisError: fewer than two groups with answers, only one answer level, or a fit that does not converge.

    Example:
        >>> model = proportional_odds({"a": [1, 2, 2, 3, 3, 1], "b": [2, 3, 3, 2, 1, 3]})
        >>> model.odds[0].odds_ratio > 1
        True
    """
    import numpy as np
    from scipy import stats
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    given = {name: numbers_of(values, "groups") for name, values in groups.items()}
    names = [name for name, values in given.items() if len(values)]
    answers = np.concatenate([given[name] for name in names]) if names else np.array([])
    if len(names) < 2:
        raise AnalysisError("a comparison needs at least two groups with answers", where="groups")
    levels, codes = np.unique(answers, return_inverse=True)
    if len(levels) < 2:
        raise AnalysisError("everybody gave the same answer, so there is nothing to model", where="groups")
    member = np.repeat(np.arange(len(names)), [len(groups[name]) for name in names])
    design = (member[:, None] == np.arange(1, len(names))).astype(float)
    if _separated(member, codes, len(names)):
        return OrdinalModel(names[0], (), math.nan, True, level)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = OrderedModel(codes, design, distr="logit").fit(method="bfgs", disp=False, maxiter=500, gtol=1e-6)
    slopes = np.asarray(fitted.params)[: len(names) - 1]
    errors = np.asarray(fitted.bse)[: len(names) - 1]
    if np.abs(slopes).max() > _SEPARATED:
        return OrdinalModel(names[0], (), math.nan, True, level)
    gradient = np.abs(fitted.model.score(np.asarray(fitted.params))).max()
    if not np.isfinite(errors).all() or gradient > 1e-2:
        raise AnalysisError(
            "the proportional-odds model did not converge", why="the answers are too few or too unevenly spread", todo="use the rank test"
        )
    shares = np.bincount(codes) / len(codes)
    null = float((np.bincount(codes) * np.log(shares)).sum())
    likelihood_ratio = max(0.0, 2 * (float(fitted.llf) - null))
    z = stats.norm.ppf(1 - alpha_of(level) / 2)
    odds = tuple(
        GroupOdds(name, math.exp(b), math.exp(b - z * se), math.exp(b + z * se), float(2 * stats.norm.sf(abs(b / se))))
        for name, b, se in zip(names[1:], slopes, errors, strict=True)
    )
    return OrdinalModel(names[0], odds, float(stats.chi2.sf(likelihood_ratio, len(names) - 1)), False, level)


def _separated(member: object, codes: object, groups: int) -> bool:
    """Whether some group stands wholly at one end of the scale that the other groups do not leave for the other side."""
    import numpy as np

    places, answers = np.asarray(member), np.asarray(codes)
    for group in range(groups):
        own, others = answers[places == group], answers[places != group]
        if own.min() >= others.max() or own.max() <= others.min():
            return True
        if own.min() == own.max() and own.min() in (answers.min(), answers.max()):
            return True
    return False
