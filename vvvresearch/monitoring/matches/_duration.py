"""How long matches last and why they end, by group, and the share that was broken off under each reading of the criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import REASON_CLASSES
from vvvresearch.monitoring.matches._cumulative_incidence import CumulativeIncidence, gray_of, incidence_of
from vvvresearch.monitoring.matches._events import OPEN, Bools, Date, MatchEvents, as_events, categories, date_of, group_column, known_day
from vvvresearch.monitoring.matches._kaplan_meier import ConfidenceType, GroupTest, KaplanMeier, kaplan_meier, log_rank
from vvvresearch.monitoring.matches._risk_sets import Ints, Told, Values, labelled, observe
from vvvresearch.statistics.intervals import wilson

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
    # Those whose day of the end is not known have ended and lasted nobody knows how long.
    counts["ended_timed"] = [len(own) for own in lasted]
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


def observation_times(events: pd.DataFrame | MatchEvents) -> pd.DataFrame:
    """How many days each match was seen to last, whether it ended and since when it was under observation.

    A match that started before the register knew of it (`registered` later than `start`) is under observation from then on: had it
    ended before, the register would not hold it. One that has ended on a day that is not known was never under observation.
    One that was registered at its start is under observation from the start, so its entry is −1: it is at risk on its first day too.

    Args:
        events: register of matches (`match_events`).

    Returns:
        DataFrame, indexed by the register's rows: match, time (days), event (1 ended), reason (class, "" while it lasts), entry (days;
            no column where every match was registered at its start).

    Raises:
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": ["a", "b"], "start": ["2020-01-01", "2020-01-11"], "end": ["2020-01-31", ""], "as_of": "2020-02-10"}
        >>> observation_times(pd.DataFrame(rows))[["time", "event"]].values.tolist()
        [[30, 1], [30, 0]]
    """
    register = as_events(events)
    ended = register.end < OPEN
    time = np.where(ended, register.end, register.last_day) - register.start
    columns = {
        "match": register.frame["match"],
        "time": time,
        "event": ended.astype(int),
        "reason": register.frame["reason_class"],
    }
    entry = np.full(len(register), -1)
    if "registered" in register.frame.columns:
        registered = register.frame["registered"].to_numpy("datetime64[D]")
        late = np.where(np.isnat(registered), 0, registered.astype(np.int64) - register.start)
        # Who was registered after the end was never under observation; entry at the end says so.
        entry = np.where(late > 0, np.minimum(late, time), -1)
    if (entry >= 0).any():
        columns["entry"] = entry
    found = pd.DataFrame(columns)
    return found[~register.some_day] if register.some_day.any() else found


# Which reasons count as broken off: because of the relation; so or for a reason that nobody stated; everything but a natural end.
READINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "relation": ("premature",),
        "relation_or_unknown": ("premature", "unknown"),
        "not_natural": ("premature", "moved", "changed_life", "unknown"),
    }
)
# Broken off of what: matches that ended; those whose reason is known; matches that started.
DENOMINATORS = ("ended", "ended_known", "started")


@dataclass(frozen=True, repr=False)
class BrokenOff(Told):
    """The share of matches broken off.

    Attributes:
        frame: one row a reading and denominator: reading, denominator, count, n, share, lower, upper.
        readings: which reason classes each reading counts.
        since, until: the period: ends in it for the denominators of ended matches, starts in it for started ones.
        level: of the limits.
    """

    frame: pd.DataFrame
    readings: Mapping[str, tuple[str, ...]]
    since: pd.Timestamp
    until: pd.Timestamp
    level: float


def broken_off(
    events: pd.DataFrame | MatchEvents,
    readings: Mapping[str, Sequence[str]] = READINGS,
    denominators: Sequence[str] = DENOMINATORS,
    since: Date | None = None,
    until: Date | None = None,
    level: float = 0.95,
) -> BrokenOff:
    """The share of matches broken off, with Wilson's interval, under every declared reading and denominator side by side.

    The criterion ("fewer than 15 % broken off") does not say of what, nor which reasons count, so no single one is the answer.
    Of matches that started, those that still last may yet be broken off: that share is a lower one; the share by a horizon is in
    `endings`. The interval takes the register's matches as a sample of how matches go.

    Args:
        events: register of matches (`match_events`).
        readings: name → reason classes, or the register's own reasons, that count as broken off.
        denominators: of `DENOMINATORS`: "ended", "ended_known" (ended for a known reason; ends for unknown reasons are neither counted
            nor in the base), "started".
        since, until: first and last day of the period; default the register's first start and its extract.
        level: confidence level.

    Returns:
        BrokenOff; .frame: reading, denominator, count, n, share, lower, upper.

    Raises:
        AnalysisError: an unknown class or denominator, a day after the extract, a period that ends before it begins.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": list("abcd"), "start": "2020-01-01", "end": ["2020-02-01", "2020-03-01", "2020-04-01", ""],
        ...     "reason": ["premature", "natural", "", ""], "as_of": "2020-12-31"}
        >>> broken_off(pd.DataFrame(rows)).frame.query("reading == 'relation'")[["denominator", "count", "n"]].values.tolist()
        [['ended', 1, 3], ['ended_known', 1, 2], ['started', 1, 4]]
    """
    register = as_events(events)
    reason = register.frame["reason_class"]
    # The register's own words for reasons, where it has some beside their classes.
    words = register.frame["reason"] if "reason" in register.frame.columns else reason
    known = {*REASON_CLASSES, *map(str, words.dropna())}
    for name, classes in readings.items():
        for word in classes:
            if word not in known:
                raise AnalysisError(f"the reading {name!r} counts an unknown reason", where="readings", todo=did_you_mean(word, known))
    for name in denominators:
        if name not in DENOMINATORS:
            raise AnalysisError(f"there is no denominator {name!r}", where="denominators", todo=did_you_mean(name, DENOMINATORS))
    first = int(register.start.min()) if since is None else known_day(register, since)
    last = register.last_day if until is None else known_day(register, until)
    if last < first:
        raise AnalysisError("the period ends before it begins", where="until")
    bases = _bases(register, (reason == "unknown").to_numpy(bool), first, last)
    rows = []
    for reading, classes in readings.items():
        counted = (reason.isin(list(classes)) | words.isin(list(classes))).to_numpy(bool)
        for denominator in denominators:
            base = bases[denominator]
            count, n = int((counted & base).sum()), int(base.sum())
            limits = wilson(count, n, level) if n else None
            share = (count / n, limits.lower, limits.upper) if limits else (np.nan, np.nan, np.nan)
            rows.append((reading, denominator, count, n, *share))
    frame = pd.DataFrame(rows, columns=["reading", "denominator", "count", "n", "share", "lower", "upper"])
    declared = {name: tuple(classes) for name, classes in readings.items()}
    return BrokenOff(frame, MappingProxyType(declared), date_of(first), date_of(last), level)


def _bases(register: MatchEvents, unknown: Bools, first: int, last: int) -> dict[str, Bools]:
    ended = (register.end < OPEN) & (register.end >= first) & (register.end <= last)
    started = (register.start >= first) & (register.start <= last)
    return {"ended": ended, "ended_known": ended & ~unknown, "started": started}
