"""Why matches end: cumulative incidence of each reason, the others being competing risks; and Gray's test of whether groups differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.monitoring.matches._kaplan_meier import need_groups, quadratic_test, stratified, told_test
from vvvresearch.monitoring.matches._risk_sets import (
    Floats,
    Observations,
    RiskSets,
    Told,
    Values,
    before,
    observe,
    risk_sets,
    survival_curve,
)
from vvvresearch.results import Drawn


@dataclass(frozen=True, repr=False)
class CumulativeIncidence(Told):
    """Cumulative incidence curves.

    Attributes:
        frame: one row a group, reason and distinct exit time of the group: group, reason, time, incidence, se.
        sizes: one row a group and reason: group, reason, n (of the group), events.
        never_at_risk: observations left out because they enter when they end.
    """

    frame: pd.DataFrame
    sizes: pd.DataFrame
    never_at_risk: int

    def plot(self) -> Drawn:
        """The curves as a picture; times are days."""
        from vvvresearch.figures import survival_plot

        return survival_plot(self)

    def at(self, times: Values) -> pd.DataFrame:
        """The curves at given times: group, reason, time, incidence, se; NaN after a group's last time.

        Example:
            >>> curves = cumulative_incidence([1, 2, 3], ["moved", "", "natural"])
            >>> curves.at([2.5]).query("reason == 'moved'")["incidence"].round(3).tolist()
            [0.333]
        """
        wanted = np.asarray(times, float)
        parts = []
        for (group, reason), curve in self.frame.groupby(["group", "reason"], sort=False, observed=True):
            known = curve["time"].to_numpy(float)
            last = np.searchsorted(known, wanted, side="right") - 1
            columns: dict[str, object] = {"group": group, "reason": reason, "time": wanted}
            for name in ("incidence", "se"):
                column = np.where(last < 0, 0.0, curve[name].to_numpy(float)[np.maximum(last, 0)])
                columns[name] = np.where(wanted > known[-1], np.nan, column)
            parts.append(pd.DataFrame(columns))
        return pd.concat(parts, ignore_index=True)


def cumulative_incidence(time: Values, reason: Values, entry: Values | None = None, group: Values | None = None) -> CumulativeIncidence:
    """The share of matches that have ended for each reason, by time since the start.

    Aalen–Johansen estimate with competing risks; the standard error is the infinitesimal jackknife, which R's survival prints too
    (without late entry it is Greenwood's multinomial formula). Over all reasons the incidences sum to 1 − Kaplan–Meier.

    Args:
        time: length n, time from start to end or to the last observation.
        reason: length n, names or codes as they stand in the data; "", missing or the code 0: still lasted (censored).
        entry: length n, time from start to the first observation (delayed entry).
        group: length n, labels.

    Returns:
        CumulativeIncidence; .frame: group, reason, time, incidence, se.

    Raises:
        AnalysisError: unlike lengths, missing or negative times, entry after exit, no reason at all.

    Example:
        >>> frame = cumulative_incidence([1, 2, 2, 4], ["moved", "natural", "", "moved"]).frame
        >>> frame.query("reason == 'moved'")[["time", "incidence"]].values.tolist()
        [[1.0, 0.25], [2.0, 0.25], [4.0, 0.75]]
    """
    return incidence_of(observe(time, reason, entry, group, reasons=True))


def incidence_of(seen: Observations) -> CumulativeIncidence:
    """`cumulative_incidence` of observations that are already on one clock."""
    sets = risk_sets(seen)
    parts = []
    for place, group_label in enumerate(seen.groups):
        own = seen.of(seen.group == place) if seen.enter is not None else None
        rows = sets.leaving[place] > 0
        for number, label in enumerate(seen.causes):
            incidence, se = _curve(sets, place, number, own)
            columns = {"group": group_label, "reason": label, "time": seen.times[rows], "incidence": incidence[rows], "se": se[rows]}
            parts.append(pd.DataFrame(columns))
    sizes = pd.DataFrame(
        [
            (group_label, label, int(sets.leaving[place].sum()), int(sets.events[number, place].sum()))
            for place, group_label in enumerate(seen.groups)
            for number, label in enumerate(seen.causes)
        ],
        columns=["group", "reason", "n", "events"],
    )
    return CumulativeIncidence(pd.concat(parts, ignore_index=True), sizes, seen.never_at_risk)


def _curve(sets: RiskSets, place: int, number: int, own: Observations | None) -> tuple[Floats, Floats]:
    """Incidence and standard error of one reason in one group.

    The influence of an observation on the incidence F at time t is linear in F(t): a jump when it ends and a drift at every event
    time at which it is at risk, each written a + F(t)·b. Sums of a², ab and b² over observations therefore give the variance at
    every t at once.
    """
    at_risk, all_events = sets.at_risk[place].astype(float), sets.events[:, place].sum(axis=0)
    events, leaving = sets.events[number, place], sets.leaving[place]
    survival_before = before(survival_curve(sets.at_risk[place], all_events), 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        one = np.where(at_risk > 0, 1 / at_risk, 0.0)
        # When all at risk end at once, nobody is left for whom the rest of the curve could matter.
        rest = np.where((at_risk > all_events) & (at_risk > 0), 1 / (at_risk - all_events), 0.0)
    incidence = np.cumsum(survival_before * events * one)
    drift_a = np.cumsum((survival_before * events * one + all_events * rest * incidence) * one)
    drift_b = np.cumsum(all_events * rest * one)
    jump_a, jump_b = incidence * rest, -rest
    own_jump_a = survival_before * one + jump_a

    # Each observation's drift is counted from its entry; without late entries that is from 0.
    gained = [
        (events, own_jump_a - drift_a, jump_b + drift_b),
        (all_events - events, jump_a - drift_a, jump_b + drift_b),
        (leaving - all_events, -drift_a, drift_b),
    ]
    if own is None:
        aa = sum(n * a * a for n, a, _ in gained)
        ab = sum(n * a * b for n, a, b in gained)
        bb = sum(n * b * b for n, _, b in gained)
        staying = leaving[::-1].cumsum()[::-1] - leaving
        still = (staying * drift_a**2, -staying * drift_a * drift_b, staying * drift_b**2)
    else:
        aa, ab, bb, still = _late_entry(own, number, gained, drift_a, drift_b)
    done = np.cumsum(aa), np.cumsum(ab), np.cumsum(bb)
    variance = (done[0] + still[0]) + 2 * incidence * (done[1] + still[1]) + incidence**2 * (done[2] + still[2])
    return incidence, np.sqrt(np.maximum(variance, 0.0))


def _late_entry(
    own: Observations, number: int, gained: list[tuple[Floats, Floats, Floats]], drift_a: Floats, drift_b: Floats
) -> tuple[Floats, Floats, Floats, tuple[Floats, Floats, Floats]]:
    assert own.enter is not None
    n_times = len(drift_a)
    skipped_a, skipped_b = (np.concatenate([[0.0], drift])[own.enter] for drift in (drift_a, drift_b))
    kind = np.where(own.cause == number + 1, 0, np.where(own.cause > 0, 1, 2))
    a = np.stack([part[1] for part in gained])[kind, own.exit] + skipped_a
    b = np.stack([part[2] for part in gained])[kind, own.exit] - skipped_b

    def by_exit(weights: Floats) -> Floats:
        return np.asarray(np.bincount(own.exit, weights=weights, minlength=n_times), np.float64)

    def present(weights: Floats) -> Floats:
        """Sum over those who have entered by a time and leave after it."""
        assert own.enter is not None
        arrived = np.cumsum(np.bincount(own.enter, weights=weights, minlength=n_times + 1))[:n_times]
        return np.asarray(arrived - np.cumsum(by_exit(weights)), np.float64)

    count, sum_a, sum_b = present(np.ones(len(a))), present(skipped_a), present(skipped_b)
    still = (
        count * drift_a**2 - 2 * drift_a * sum_a + present(skipped_a**2),
        -(count * drift_a * drift_b - drift_a * sum_b - drift_b * sum_a + present(skipped_a * skipped_b)),
        count * drift_b**2 - 2 * drift_b * sum_b + present(skipped_b**2),
    )
    return by_exit(a * a), by_exit(a * b), by_exit(b * b), still


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
