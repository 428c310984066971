"""How long matches last and why they end, by group, with few matches said and not shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.monitoring.matches._cumulative_incidence import CumulativeIncidence, cumulative_incidence
from vvvresearch.monitoring.matches._events import REASON_CLASSES, MatchEvents, as_events, group_column
from vvvresearch.monitoring.matches._gray import gray
from vvvresearch.monitoring.matches._kaplan_meier import ConfidenceType, KaplanMeier, kaplan_meier
from vvvresearch.monitoring.matches._log_rank import GroupTest, log_rank
from vvvresearch.monitoring.matches._observation import observation_times

SMALL_N = 5
# Half a year, one, two and three years in days.
HORIZONS = (183, 365, 730, 1096)


@dataclass(frozen=True)
class Durations:
    """How long matches last.

    Attributes:
        frame: one row a group: group, n, ended, open, median, lower, upper (days; NaN where the curve does not reach a half,
            or where the group is small).
        lasting: one row a group and horizon: group, days, at_risk, share, lower, upper: the share of matches that last that long.
        curves: the Kaplan–Meier curves of the groups that are not small; None where all are.
        test: log-rank test of these groups; None with fewer than two.
        small: groups with fewer matches than `small_n`; only their n is shown.
    """

    frame: pd.DataFrame
    lasting: pd.DataFrame
    curves: KaplanMeier | None
    test: GroupTest | None
    small: tuple[Any, ...]


@dataclass(frozen=True)
class Endings:
    """Why matches end.

    Attributes:
        frame: one row a group and reason class: group, reason, ended (how many); by group they sum to its ended matches.
        shares: one row a group, reason and horizon: group, reason, days, incidence, se: the share of all matches that have ended for the
            reason by then.
        curves: cumulative incidence of the groups that are not small; None where nothing ended.
        tests: Gray's test by reason, over the groups that are not small; reason, statistic, df, p.
        small: groups with fewer matches than `small_n`; only their counts are shown.
    """

    frame: pd.DataFrame
    shares: pd.DataFrame
    curves: CumulativeIncidence | None
    tests: pd.DataFrame
    small: tuple[Any, ...]


def duration(
    events: pd.DataFrame | MatchEvents,
    by: str | None = None,
    at: Sequence[int] = HORIZONS,
    small_n: int = SMALL_N,
    conf_type: ConfidenceType = "log",
    level: float = 0.95,
) -> Durations:
    """How long matches last, by group: Kaplan–Meier with open matches censored on the day of the extract and late registration.

    Args:
        events: register of matches (`match_events`).
        by: a column of the register; left out: all matches together.
        at: horizons in days.
        small_n: groups with fewer matches show their n only and are in no test.
        conf_type: scale of the limits, as in `kaplan_meier`.
        level: confidence level.

    Returns:
        Durations.

    Raises:
        AnalysisError: no such column.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": list("abcde"), "start": "2020-01-01", "as_of": "2020-12-31",
        ...     "end": ["2020-01-11", "2020-01-21", "2020-01-31", "2020-02-10", ""]}
        >>> duration(pd.DataFrame(rows)).frame[["n", "ended", "open", "median"]].values.tolist()
        [[5.0, 4.0, 1.0, 30.0]]
    """
    times, group, small = _observed(events, by, small_n)
    counts = _counts(times, group)
    shown = ~group.isin(small).to_numpy()
    seen, labels = times[shown], group[shown]
    if not len(seen):
        return Durations(counts.assign(median=np.nan, lower=np.nan, upper=np.nan), _no_rows(), None, None, small)
    curves = kaplan_meier(seen["time"], seen["event"], seen.get("entry"), labels, conf_type, level)
    medians = curves.quantile(0.5)[["group", "quantile", "lower", "upper"]].rename(columns={"quantile": "median"})
    lasting = curves.at(at).rename(columns={"time": "days", "survival": "share"}).drop(columns="se")
    several = labels.nunique() > 1 and bool(seen["event"].any())
    test = log_rank(seen["time"], seen["event"], labels, seen.get("entry")) if several else None
    return Durations(counts.merge(medians, on="group", how="left"), lasting, curves, test, small)


def endings(events: pd.DataFrame | MatchEvents, by: str | None = None, at: Sequence[int] = HORIZONS, small_n: int = SMALL_N) -> Endings:
    """Why matches end, by group: counts by reason class, and the share ended for each reason by horizon with the others competing.

    Args:
        events: register of matches (`match_events`).
        by: a column of the register; left out: all matches together.
        at: horizons in days.
        small_n: groups with fewer matches show their counts only and are in no test.

    Returns:
        Endings.

    Raises:
        AnalysisError: no such column.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": list("abcde"), "start": "2020-01-01", "as_of": "2021-12-31", "reason": ["moved", "moved", "premature", "", ""],
        ...     "end": ["2020-02-01", "2020-03-01", "2020-04-01", "2020-05-01", ""]}
        >>> endings(pd.DataFrame(rows)).frame[["reason", "ended"]].values.tolist()
        [['natural', 0], ['premature', 1], ['moved', 2], ['changed_life', 0], ['unknown', 1]]
    """
    times, group, small = _observed(events, by, small_n)
    table = pd.crosstab(group, times["reason"]).reindex(columns=list(REASON_CLASSES), fill_value=0)
    frame = table.rename_axis(index="group").reset_index().melt("group", var_name="reason", value_name="ended")
    frame = frame.sort_values("group", kind="stable", ignore_index=True)
    shown = ~group.isin(small).to_numpy()
    seen, labels = times[shown], group[shown]
    tests = pd.DataFrame(columns=["reason", "statistic", "df", "p"])
    if not seen["event"].any():
        shares = pd.DataFrame(columns=["group", "reason", "days", "incidence", "se"])
        return Endings(frame, shares, None, tests, small)
    curves = cumulative_incidence(seen["time"], seen["reason"], seen.get("entry"), labels)
    shares = curves.at(at).rename(columns={"time": "days"})
    # Gray's test knows no late entry, so it is left out where matches were registered late.
    if labels.nunique() > 1 and "entry" not in seen:
        found = [(reason, gray(seen["time"], seen["reason"], labels, reason)) for reason in sorted(set(seen["reason"]) - {""})]
        tests = pd.DataFrame([(reason, test.statistic, test.df, test.p) for reason, test in found], columns=tests.columns)
    return Endings(frame, shares, curves, tests, small)


def _observed(events: pd.DataFrame | MatchEvents, by: str | None, small_n: int) -> tuple[pd.DataFrame, pd.Series, tuple[Any, ...]]:
    register = as_events(events)
    column = group_column(register, by)
    group = pd.Series([""] * len(register)) if column is None else column
    sizes = group.value_counts(sort=False)
    small = tuple(sorted((label for label in sizes.index if sizes[label] < small_n), key=str))
    return observation_times(register), group, small


def _counts(times: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    grouped = times["event"].groupby(group, observed=True)
    counts = pd.DataFrame({"n": grouped.size(), "ended": grouped.sum()}).rename_axis("group").reset_index()
    return counts.assign(open=counts["n"] - counts["ended"])


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame(columns=["group", "days", "at_risk", "share", "lower", "upper"])
