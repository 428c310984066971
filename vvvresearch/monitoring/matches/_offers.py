"""From offer to match: the register of offers, the funnel, and how long who accepted waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, Failure, SchemaError, require_table
from vvvresearch.monitoring.matches._cumulative_incidence import cumulative_incidence
from vvvresearch.monitoring.matches._duration import SMALL_N
from vvvresearch.monitoring.matches._events import CodedColumn, Date, Dates, Fault, date_of, day_number, failures_of
from vvvresearch.monitoring.matches._kaplan_meier import kaplan_meier
from vvvresearch.monitoring.matches._risk_sets import Told
from vvvresearch.statistics.intervals import wilson

STEPS = ("offered", "accepted", "matched", "started")
_SAID = frozenset(("yes", "no", "unknown", ""))
# Three months.
WITHIN = 91


@dataclass(frozen=True, repr=False)
class Offers:
    """A checked register of offers; `offer_events` makes it.

    Attributes:
        frame: one row a case, its dates as datetime64.
        as_of: the day of the extract.
        steps: the steps that the register holds, in their order.
        undated: those of them that are known to have been reached, and not when.
    """

    frame: pd.DataFrame
    as_of: pd.Timestamp
    steps: tuple[str, ...]
    undated: tuple[str, ...] = ()

    @property
    def waited(self) -> tuple[str, str]:
        """The steps between which a case waits: the last one with a date before there is a match, and the match."""
        before = [step for step in self.steps if step not in ("matched", "started", *self.undated)]
        return before[-1], "matched" if "matched" in self.steps else "started"

    def __repr__(self) -> str:
        return f"Offers({len(self.frame)} cases until {self.as_of:%Y-%m-%d})"


@dataclass(frozen=True, repr=False)
class Funnel(Told):
    """How many went from step to step.

    Attributes:
        frame: one row a step: step, n (cases that reached it), persons (different ones; missing without a person column), next (went on),
            stopped, open (neither), share (of those at the step before), lower, upper. n = next + stopped + open.
        reasons: one row a step and reason of those who stopped there: step, reason, n; "" where no reason is stated.
    """

    frame: pd.DataFrame
    reasons: pd.DataFrame


def offer_events(frame: pd.DataFrame, as_of: Date | None = None) -> Offers:
    """Check a register of offers; every fault is told at once.

    Args:
        frame: one row a case: case (id), a date for each step reached (referred, offered, accepted, matched, started: one of the first
            two and one of the last two at least; accepted may say yes and no without a date), and where known person (id), stopped (date
            on which the case ended without a match: no offer, no thanks, given up), stop_reason, and columns to group by.
        as_of: the extract's date; default the last date in the register.

    Raises:
        AnalysisError: no table or no case.
        SchemaError: missing columns and ids, a case that stands twice, no dates, a later step without or before an earlier one, a
            stop before the last step or after the match started, dates after the extract's.

    Example:
        >>> rows = {"case": ["a", "b"], "offered": "2021-01-01", "accepted": ["2021-01-05", ""], "matched": "", "started": ""}
        >>> offer_events(pd.DataFrame(rows)).steps
        ('offered', 'accepted', 'matched', 'started')
    """
    require_table(frame, "offers")
    reached = "started" if "started" in frame.columns else "matched"
    first = "referred" if "referred" in frame.columns else "offered"
    if missing := [name for name in ("case", first, reached) if name not in frame.columns]:
        raise _schema_error([Failure(None, name, "", "the column is missing") for name in missing])
    if frame.empty:
        raise AnalysisError("the register holds no case", where="offers")
    steps = tuple(name for name in ("referred", *STEPS) if name in frame.columns)
    frame, undated = _with_days(frame, steps)
    dated = [*steps, *(["stopped"] if "stopped" in frame.columns else [])]
    columns = {name: CodedColumn.of(frame[name]) for name in ("case", *dated)}
    dates = {name: columns[name].dates() for name in dated}
    known = [days[~np.isnat(days)] for days in dates.values()]
    if not any(len(days) for days in known):
        raise AnalysisError("no case has a date", where="offers")
    last = date_of(day_number(as_of)) if as_of is not None else pd.Timestamp(max(days.max() for days in known if len(days)))
    if failures := failures_of(frame, _faults(columns, dates, steps, last)):
        raise _schema_error(failures)
    checked = frame.assign(**{name: days.astype("datetime64[s]") for name, days in dates.items()}).reset_index(drop=True)
    return Offers(checked, last, steps, undated)


def _with_days(frame: pd.DataFrame, steps: tuple[str, ...]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """A register whose acceptances are told by yes and no: each stands on the day of the step before, and counts without a day."""
    said = frame["accepted"].fillna("").astype(str) if "accepted" in steps else pd.Series(dtype=str)
    if said.empty or not set(said) <= _SAID or not set(said) & {"yes", "no"}:
        return frame, ()
    before = steps[steps.index("accepted") - 1]
    declined = (said == "no").to_numpy()
    stopped = frame["stopped"] if "stopped" in frame.columns else pd.Series("", index=frame.index)
    told = {
        "accepted": frame[before].where((said == "yes").to_numpy(), ""),
        "stopped": stopped.mask(declined & (stopped == ""), frame[before]),
    }
    return frame.assign(**told), ("accepted",)


def funnel(offers: pd.DataFrame | Offers, level: float = 0.95) -> Funnel:
    """How many were offered a friend, accepted, were matched and started; who stopped where and why.

    Cases are counted, and persons beside them: a person with two cases is one person at each step. Shares are of the cases at the
    step before, with Wilson's interval; those who still wait there are in that base, so a recent register understates them.

    Args:
        offers: register of offers (`offer_events`).
        level: confidence level.

    Returns:
        Funnel.

    Raises:
        SchemaError: the register has faults.

    Example:
        >>> rows = {"case": list("abc"), "offered": "2021-01-01", "accepted": ["2021-01-05", "2021-01-06", ""],
        ...     "matched": ["2021-02-01", "", ""], "started": "", "stopped": ["", "", "2021-01-03"], "stop_reason": ["", "", "no time"]}
        >>> funnel(pd.DataFrame(rows)).frame[["step", "n", "next", "stopped", "open"]].values.tolist()
        [['offered', 3, 2, 1, 0], ['accepted', 2, 1, 0, 1], ['matched', 1, 0, 0, 1], ['started', 0, 0, 0, 0]]
    """
    register = offers if isinstance(offers, Offers) else offer_events(offers)
    frame = register.frame
    reached = [frame[step].notna().to_numpy() for step in register.steps]
    stopped = frame["stopped"].notna().to_numpy() if "stopped" in frame.columns else np.zeros(len(frame), bool)
    reasons = frame["stop_reason"].fillna("").astype(str) if "stop_reason" in frame.columns else pd.Series([""] * len(frame))
    rows, told = [], []
    for place, step in enumerate(register.steps):
        here = reached[place]
        on = reached[place + 1] if place + 1 < len(register.steps) else np.zeros(len(frame), bool)
        left = here & ~on & stopped
        persons = int(frame.loc[here, "person"].nunique()) if "person" in frame.columns else None
        share: tuple[float, float, float] = (np.nan, np.nan, np.nan)
        if place and (of := int(reached[place - 1].sum())):
            limits = wilson(int(here.sum()), of, level)
            share = (here.sum() / of, limits.lower, limits.upper)
        last = place + 1 == len(register.steps)
        open_ = 0 if last else int((here & ~on & ~left).sum())
        rows.append((step, int(here.sum()), persons, int(on.sum()), int(left.sum()), open_, *share))
        told += [(step, reason, int(n)) for reason, n in reasons[left].value_counts().sort_index().items()]
    columns = ["step", "n", "persons", "next", "stopped", "open", "share", "lower", "upper"]
    table = pd.DataFrame(rows, columns=columns).astype({"persons": "Int64"})
    return Funnel(table, pd.DataFrame(told, columns=["step", "reason", "n"]))


def waiting_time(
    offers: pd.DataFrame | Offers, within: int = WITHIN, by: str | None = None, small_n: int = SMALL_N, level: float = 0.95
) -> pd.DataFrame:
    """How long who accepted waits for a match, and the share that has one within three months; from the offer, where no acceptance is held.

    Who still waits is censored on the day of the extract. The median is of the waiting time were nobody to give up (Kaplan–Meier);
    the share counts who gave up as not matched (cumulative incidence), with limits on the log(−log) scale.

    Args:
        offers: register of offers (`offer_events`).
        within: days.
        by: a column of the register; left out: all cases together.
        small_n: groups with fewer cases show their counts only.
        level: confidence level.

    Returns:
        DataFrame group, n (who waited), matched, waiting, stopped, median, median_lower, median_upper (days), share, lower, upper.

    Raises:
        AnalysisError: nobody waited, no such column.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"case": list("abcdef"), "offered": "2021-01-01", "accepted": "2021-01-01", "started": "", "matched": ["2021-01-11",
        ...     "2021-01-21", "2021-01-31", "2021-05-01", "2021-06-01", ""]}
        >>> waiting_time(pd.DataFrame(rows))[["n", "matched", "waiting", "share"]].values.tolist()
        [[6.0, 5.0, 1.0, 0.5]]
    """
    from scipy.stats import norm

    register = offers if isinstance(offers, Offers) else offer_events(offers)
    if by is not None and by not in register.frame.columns:
        raise AnalysisError(f"the register has no column {by!r}", where="by", todo="known: " + ", ".join(map(str, register.frame.columns)))
    since, reached = register.waited
    frame = register.frame[register.frame[[since, *register.undated]].notna().all(axis=1)].reset_index(drop=True)
    if frame.empty:
        raise AnalysisError("nobody waits or has waited for a match", where=since)
    matched = frame[reached].notna()
    gone = frame["stopped"].notna() & ~matched if "stopped" in frame.columns else pd.Series(False, index=frame.index)
    until = frame[reached].where(matched, frame["stopped"].where(gone, register.as_of) if gone.any() else register.as_of)
    days = (until - frame[since]).dt.days
    outcome = pd.Series(np.where(matched, "matched", np.where(gone, "stopped", "")))
    group = pd.Series([""] * len(frame)) if by is None else frame[by].astype(object).fillna("")
    z = float(norm.ppf(0.5 + level / 2))
    rows = []
    for label, places in group.groupby(group, sort=True).groups.items():
        own, times = outcome[places], days[places]
        counts = len(own), int((own == "matched").sum()), int((own == "").sum()), int((own == "stopped").sum())
        numbers: list[Any] = [np.nan] * 6
        if counts[0] >= small_n:
            median = kaplan_meier(times, own == "matched", level=level).quantile(0.5).iloc[0]
            numbers = [median["quantile"], median["lower"], median["upper"], *_share(times, own, within, z)]
        rows.append((label, *counts, *numbers))
    columns = ["group", "n", "matched", "waiting", "stopped", "median", "median_lower", "median_upper", "share", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns)


def _share(times: pd.Series, outcome: pd.Series, within: int, z: float) -> tuple[float, float, float]:
    if not (outcome == "matched").any():
        return (0.0, np.nan, np.nan) if (times >= within).any() else (np.nan, np.nan, np.nan)
    found = cumulative_incidence(times, outcome).at([within]).query("reason == 'matched'").iloc[0]
    share, se = float(found["incidence"]), float(found["se"])
    if not 0 < share < 1:
        return share, np.nan, np.nan
    half = z * se / (share * np.log(share))
    return share, float(share ** np.exp(-half)), float(share ** np.exp(half))


def _schema_error(failures: list[Failure]) -> SchemaError:
    return SchemaError(
        "the register of offers cannot be counted as it stands", failures, todo="mend the rows in the source and read it again"
    )


def _faults(columns: dict[str, CodedColumn], dates: dict[str, Dates], steps: tuple[str, ...], last: pd.Timestamp) -> Iterator[Fault]:
    blank = {name: column.empty for name, column in columns.items()}
    yield blank["case"], "case", "the case has no id"
    yield pd.Series(columns["case"].codes).duplicated().to_numpy() & ~blank["case"], "case", "the case stands twice"
    for name, days in dates.items():
        yield np.isnat(days) & ~blank[name], name, "is no date; write 2021-12-31"
        yield days > last.to_datetime64(), name, f"lies after the extract of {last:%Y-%m-%d}"
    for earlier, later in pairwise(steps):
        yield blank[earlier] & ~blank[later], earlier, f"{later} without {earlier}"
        yield dates[later] < dates[earlier], later, f"{later} before {earlier}"
    if "stopped" in dates:
        for step in steps[:-1]:
            yield dates["stopped"] < dates[step], "stopped", f"stopped before {step}"
        too_late = "stopped after the match started; that belongs to the matches"
        yield ~blank["stopped"] & ~blank[steps[-1]], "stopped", too_late
