"""Do groups of matches last equally long: the log-rank test and its weighted family."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import format_p
from vvvresearch.monitoring.matches._risk_sets import Floats, Observations, Values, before, labelled, observe, risk_sets, survival_curve


@dataclass(frozen=True, repr=False)
class GroupTest:
    """A test of equal curves.

    Attributes:
        statistic: chi-squared statistic.
        df: degrees of freedom.
        p: p-value; NaN where fewer than two groups can be compared.
        frame: one row a group, the numbers that the test sets against each other.
    """

    statistic: float
    df: int
    p: float
    frame: pd.DataFrame

    def __repr__(self) -> str:
        return f"GroupTest({told_test(self.statistic, self.df, self.p)})"


def told_test(statistic: float, df: int, p: float) -> str:
    """A test in one line, or why there is none.

    Example:
        >>> told_test(5.0523, 1, 0.0246), told_test(float("nan"), 1, float("nan"))
        ('chi-squared 5.05, df 1, p 0.025', 'no p: too few ended in the groups to compare them')
    """
    if math.isnan(p):
        return "no p: too few ended in the groups to compare them"
    return f"chi-squared {statistic:.2f}, df {df}, p {format_p(p, 'en')}"


def log_rank(
    time: Values,
    event: Values,
    group: Values,
    entry: Values | None = None,
    strata: Values | None = None,
    rho: float = 0.0,
) -> GroupTest:
    """Whether groups have the same survival curve.

    Log-rank test (Mantel 1966) with the hypergeometric variance at ties; `rho` weights the times by S(t−)^rho as Harrington and
    Fleming (1982) do: 0 the log-rank test, 1 the Peto–Peto modification of the Wilcoxon test. With strata, groups are compared inside each.

    Args:
        time: length n.
        event: length n, 1 ended, 0 censored.
        group: length n, labels of at least two groups.
        entry: length n, delayed entry.
        strata: length n, labels.
        rho: weight.

    Returns:
        GroupTest; .frame: group, n, observed, expected.

    Raises:
        AnalysisError: one group only; what `kaplan_meier` raises.

    Example:
        >>> test = log_rank([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 0, 1], ["a", "a", "a", "b", "b", "b"])
        >>> test.df, round(test.statistic, 3)
        (1, 5.052)
    """
    seen = observe(time, event, entry, group)
    need_groups(seen)
    n_groups = len(seen.groups)
    observed, expected = np.zeros(n_groups), np.zeros(n_groups)
    variance = np.zeros((n_groups, n_groups))
    for part in stratified(seen, strata):
        sets = risk_sets(part)
        deaths = sets.events[0]
        total, risk = deaths.sum(axis=0), sets.at_risk.sum(axis=0)
        used = total > 0
        total, risk, deaths, own = total[used], risk[used], deaths[:, used], sets.at_risk[:, used]
        weight = before(survival_curve(risk, total), 1.0) ** rho
        share = own / risk
        observed += (weight * deaths).sum(axis=1)
        expected += (weight * total * share).sum(axis=1)
        spread = weight**2 * total * (risk - total) / np.maximum(risk - 1, 1)
        variance += np.diag((spread * share).sum(axis=1)) - (spread * share) @ share.T
    statistic, df, p = quadratic_test(observed - expected, variance, expected > 0)
    sizes = np.bincount(seen.group, minlength=n_groups)
    frame = pd.DataFrame({"group": list(seen.groups), "n": sizes, "observed": observed, "expected": expected})
    return GroupTest(statistic, df, p, frame)


def need_groups(seen: Observations) -> None:
    """Raise where there is nothing to compare."""
    if len(seen.groups) < 2:
        raise AnalysisError("a comparison needs at least two groups", where="group")


def stratified(seen: Observations, strata: Values | None) -> list[Observations]:
    """The observations of each stratum."""
    if strata is None:
        return [seen]
    codes, labels = labelled(strata, len(seen.kept), "strata")
    codes = codes[seen.kept]
    return [seen.of(codes == place) for place in range(len(labels)) if (codes == place).any()]


def quadratic_test(difference: Floats, variance: Floats, comparable: npt.NDArray[np.bool_]) -> tuple[float, int, float]:
    """Chi-squared test of differences that sum to 0, among the groups that could be compared at all."""
    from scipy.stats import chi2

    places = np.flatnonzero(comparable)[1:]
    if len(places) == 0 or np.linalg.matrix_rank(variance[np.ix_(places, places)]) < len(places):
        return float("nan"), max(len(places), 0), float("nan")
    chosen = difference[places]
    statistic = float(chosen @ np.linalg.solve(variance[np.ix_(places, places)], chosen))
    return statistic, len(places), float(chi2.sf(statistic, len(places)))
