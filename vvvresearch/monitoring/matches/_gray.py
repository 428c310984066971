"""Do groups end for a reason equally often: Gray's test of cumulative incidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.monitoring.matches._log_rank import need_groups, quadratic_test, stratified, told_test
from vvvresearch.monitoring.matches._risk_sets import Floats, Observations, RiskSets, Values, before, observe, risk_sets, survival_curve


@dataclass(frozen=True, repr=False)
class IncidenceTest:
    """Tests of equal cumulative incidence, one for each reason.

    Attributes:
        frame: one row a reason: reason, statistic, df, p; NaN where fewer than two groups can be compared.
        groups: one row a reason and group: reason, group, n, observed (ends for this reason), expected (were the incidences equal).
    """

    frame: pd.DataFrame
    groups: pd.DataFrame

    def __repr__(self) -> str:
        rows = self.frame.to_dict("records")
        told = [f"{row['reason']}: {told_test(row['statistic'], row['df'], row['p'])}" for row in rows]
        return f"IncidenceTest({'; '.join(told)})"


def gray(time: Values, reason: Values, group: Values, cause: Any = None, strata: Values | None = None, rho: float = 0.0) -> IncidenceTest:
    """Whether groups have the same cumulative incidence of each reason.

    Gray's (1988) K-sample test, equal to `cuminc` of R's cmprsk. It compares the incidences themselves, not the rates among those
    who still last.

    Args:
        time: length n.
        reason: length n, names or codes; "", missing or the code 0: censored.
        group: length n, labels of at least two groups.
        cause: the one reason to compare; left out: each by itself.
        strata: length n, labels.
        rho: weight (1 − F(t−))^rho.

    Returns:
        IncidenceTest; .frame: reason, statistic, df, p.

    Raises:
        AnalysisError: one group only, a cause that does not occur; what `cumulative_incidence` raises.

    Example:
        >>> test = gray([1, 2, 3, 4, 5, 6], ["x", "x", "y", "y", "x", ""], list("aaabbb"))
        >>> test.frame.round(3).values.tolist()
        [['x', 2.438, 1, 0.118], ['y', 0.762, 1, 0.383]]
    """
    return gray_of(observe(time, reason, None, group, reasons=True), cause, strata, rho)


def gray_of(seen: Observations, cause: Any = None, strata: Values | None = None, rho: float = 0.0) -> IncidenceTest:
    """`gray` on observations that are already on one clock."""
    need_groups(seen)
    numbers = range(len(seen.causes)) if cause is None else [cause_position(seen.causes, cause)]
    parts = [risk_sets(part) for part in stratified(seen, strata)]
    sizes = np.bincount(seen.group, minlength=len(seen.groups))
    tests, groups = [], []
    for number in numbers:
        found = [_stratum(sets, number, rho) for sets in parts]
        observed, expected, variance = (np.sum([part[place] for part in found], axis=0) for place in range(3))
        reason = seen.causes[number]
        tests.append((reason, *quadratic_test(observed - expected, variance, expected > 0)))
        columns = {"reason": reason, "group": list(seen.groups), "n": sizes, "observed": observed, "expected": expected}
        groups.append(pd.DataFrame(columns))
    return IncidenceTest(pd.DataFrame(tests, columns=["reason", "statistic", "df", "p"]), pd.concat(groups, ignore_index=True))


def cause_position(causes: tuple[Any, ...], cause: Any) -> int:
    """Where a reason stands among those that occur.

    Raises:
        AnalysisError: it does not occur.
    """
    if cause not in causes:
        raise AnalysisError(f"the reason {cause!r} does not occur", where="cause", todo=did_you_mean(str(cause), map(str, causes)))
    return causes.index(cause)


def _stratum(sets: RiskSets, number: int, rho: float) -> tuple[Floats, Floats, Floats]:
    """Observed and expected ends and the variance of their difference (Gray 1988, sections 2 and 3)."""
    all_events = sets.events.sum(axis=0)
    used = all_events.sum(axis=0) > 0
    risk, any_end = sets.at_risk[:, used], all_events[:, used]
    ends = sets.events[number][:, used]
    others = any_end - ends
    survival = survival_curve(risk, any_end)
    survival_before = before(survival, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        incidence = np.cumsum(np.where(risk > 0, survival_before * ends / risk, 0.0), axis=1)
        # The size of a group were nobody censored, and how many of them have not ended for this reason.
        size = np.where(risk > 0, risk / survival_before, 0.0)
    subject = size * (1 - before(incidence, 0.0))
    total = ends.sum(axis=0)
    all_size = size.sum(axis=0)
    pooled = np.cumsum(total / all_size)
    pooled_before = before(pooled, 0.0)
    weight = (1 - pooled_before) ** rho
    observed = (weight * ends).sum(axis=1)
    expected = (weight * total * subject / subject.sum(axis=0)).sum(axis=1)

    n_groups = len(risk)
    share = size / all_size
    # covariance[i, k, t]: how the score of group i answers to the incidence of group k at t, and its integral up to t.
    covariance = weight * size[:, None, :] * (np.eye(n_groups)[:, :, None] - share[None, :, :])
    integral = np.cumsum(covariance * total / (all_size * (1 - pooled_before)), axis=2)
    later = integral[:, :, -1:] - integral
    with np.errstate(invalid="ignore", divide="ignore"):
        remaining = np.where(survival > 0, (1 - pooled) / survival, 0.0)
        tied_ends = 1 - np.where(total > 1, (total - 1) / (all_size * survival_before - 1), 0.0)
        spread_ends = np.where(risk > 0, tied_ends * survival_before * total / (all_size * risk), 0.0)
        tied_others = 1 - np.where(others > 1, (others - 1) / (risk - 1), 0.0)
        spread_others = np.where((risk > 0) & (survival > 0), tied_others * survival_before**2 * others / risk.astype(float) ** 2, 0.0)
    answer = covariance + (1 - remaining) * later
    variance = np.einsum("ikt,jkt,kt->ij", answer, answer, spread_ends)
    answer = remaining * later
    variance += np.einsum("ikt,jkt,kt->ij", answer, answer, spread_others)
    return observed, expected, variance
