"""How long matches last and why they end, by group, with few matches said and not shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.evidence import REASON_CLASSES
from vvvresearch.monitoring.matches._cumulative_incidence import CumulativeIncidence, gray_of, incidence_of
from vvvresearch.monitoring.matches._events import OPEN, MatchEvents, as_events, categories, group_column
from vvvresearch.monitoring.matches._kaplan_meier import ConfidenceType, KaplanMeier, kaplan_meier
from vvvresearch.monitoring.matches._log_rank import GroupTest, log_rank
from vvvresearch.monitoring.matches._observation import observation_times
from vvvresearch.monitoring.matches._risk_sets import Ints, Told, Values, labelled, observe

SMALL_N = 5
# Half a year, one, two and three years in days.
HORIZONS = (183, 365, 730, 1096)


@dataclass(frozen=True, repr=False)
class Durations(Told):
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


@dataclass(frozen=True, repr=False)
class Endings(Told):
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
    conf_type: ConfidenceType = "beta-product",
    level: float = 0.95,
) -> Durations:
    """How long matches last, by group: Kaplan–Meier with open matches censored on the day of the extract and late registration.

    Args:
        events: register of matches (`match_events`).
        by: a column of the register; left out: all matches together.
        at: horizons in days.
        small_n: groups with fewer matches show their n only and are in no test.
        conf_type: of the limits, as in `kaplan_meier`; on the log(−log) scale early shares of eight to twelve cover 81–87 %.
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
    register = as_events(events)
    times, groups = observation_times(register), _Groups.of(register, by, small_n)
    n, ended = groups.counted(np.ones(len(register))), groups.counted(register.end < OPEN)
    counts = pd.DataFrame({"group": list(groups.labels), "n": n, "ended": ended, "open": n - ended})
    over, places = np.asarray(times["event"], bool), range(len(groups.labels))
    lasted = [times["time"].to_numpy()[over & (groups.codes[times.index] == place)] for place in places]
    few = [label in groups.small or not len(own) for label, own in zip(groups.labels, lasted, strict=True)]
    counts["ended_median"] = [np.nan if hidden else float(np.median(own)) for hidden, own in zip(few, lasted, strict=True)]
    seen, labels = groups.shown(times)
    if not len(seen):
        lasting = pd.DataFrame(columns=["group", "days", "at_risk", "share", "lower", "upper"])
        return Durations(counts.assign(median=np.nan, lower=np.nan, upper=np.nan), lasting, None, None, groups.small)
    curves = kaplan_meier(seen["time"], seen["event"], seen.get("entry"), labels, conf_type, level)
    medians = curves.quantile(0.5)[["group", "quantile", "lower", "upper"]].rename(columns={"quantile": "median"})
    lasting = curves.at(at).rename(columns={"time": "days", "survival": "share"}).drop(columns="se")
    several = len(groups.labels) - len(groups.small) > 1 and bool(seen["event"].any())
    test = log_rank(seen["time"], seen["event"], labels, seen.get("entry")) if several else None
    return Durations(counts.merge(medians, on="group", how="left"), lasting, curves, test, groups.small)


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
    register = as_events(events)
    times, groups = observation_times(register), _Groups.of(register, by, small_n)
    counts = {reason: groups.counted(register.frame["reason_class"] == reason) for reason in REASON_CLASSES}
    rows = [(label, reason, n[place]) for place, label in enumerate(groups.labels) for reason, n in counts.items()]
    frame = pd.DataFrame(rows, columns=["group", "reason", "ended"])
    seen, labels = groups.shown(times)
    tests = pd.DataFrame(columns=["reason", "statistic", "df", "p"])
    if not seen["event"].any():
        shares = pd.DataFrame(columns=["group", "reason", "days", "incidence", "se"])
        return Endings(frame, shares, None, tests, groups.small)
    observed = observe(seen["time"], seen["reason"], seen.get("entry"), labels, reasons=True)
    curves = incidence_of(observed)
    shares = curves.at(at).rename(columns={"time": "days"})
    # Gray's test knows no late entry, so it is left out where matches were registered late.
    if len(observed.groups) > 1 and observed.enter is None:
        tests = gray_of(observed).frame
    return Endings(frame, shares, curves, tests, groups.small)


@dataclass(frozen=True)
class _Groups:
    """The groups of a register: a position for every match, and which groups are small."""

    codes: Ints
    labels: tuple[Any, ...]
    small: tuple[Any, ...]

    @classmethod
    def of(cls, register: MatchEvents, by: str | None, small_n: int) -> _Groups:
        codes, labels = labelled(group_column(register, by), len(register), str(by))
        sizes = np.bincount(codes, minlength=len(labels))
        return cls(codes, labels, tuple(label for label, n in zip(labels, sizes, strict=True) if n < small_n))

    def counted(self, chosen: Values) -> Ints:
        """How many of the chosen matches (1 or true) each group has."""
        return np.bincount(self.codes[np.asarray(chosen, bool)], minlength=len(self.labels)).astype(np.int64)

    def shown(self, times: pd.DataFrame) -> tuple[pd.DataFrame, pd.Categorical]:
        """The rows of the groups that are not small, and their groups."""
        codes = self.codes if len(times) == len(self.codes) else self.codes[times.index]
        groups = categories(codes, self.labels)
        if not self.small:
            return times, groups
        large = ~np.isin(codes, [self.labels.index(label) for label in self.small])
        return times[large], groups[large]
