"""Matches and persons at a date, between two dates, in a year and ever: snapshots from events, and numbers that are never mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, require_table
from vvvresearch.monitoring.matches._events import (
    OPEN,
    PERSONS,
    Bools,
    Date,
    MatchEvents,
    as_events,
    date_of,
    day_number,
    group_column,
    known_day,
)
from vvvresearch.monitoring.matches._risk_sets import Ints, labelled


@dataclass(frozen=True, repr=False)
class MatchSet:
    """Some matches, each once.

    Attributes:
        frame: one row a match, the columns of the register.
    """

    frame: pd.DataFrame

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} matches)"

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def matches(self) -> int:
        """How many matches."""
        return len(self.frame)

    @property
    def persons(self) -> int | None:
        """How many different refugees; None where the register does not tell them apart."""
        return self._different("refugee")

    @property
    def volunteers(self) -> int | None:
        """How many different volunteers; None where the register does not tell them apart."""
        return self._different("volunteer")

    def _different(self, name: str) -> int | None:
        return int(self.frame[name].nunique()) if name in self.frame.columns else None


@dataclass(frozen=True, repr=False)
class Snapshot(MatchSet):
    """The matches that are active at the end of a day.

    Attributes:
        date: the day.
    """

    date: pd.Timestamp

    def __repr__(self) -> str:
        day = "no day" if pd.isna(self.date) else f"{self.date:%Y-%m-%d}"
        return f"Snapshot({day}: {len(self)} matches)"


def snapshot(events: pd.DataFrame | MatchEvents, date: Date) -> Snapshot:
    """The matches that are active at the end of a day: started on it or before, not ended on it or before.

    Args:
        events: register of matches (`match_events`).
        date: the day; not after the extract.

    Returns:
        Snapshot; .frame: the rows of the active matches, .matches, .persons, .volunteers.

    Raises:
        AnalysisError: the day lies after the extract.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": ["a", "b", "c"], "start": ["2020-01-01", "2020-05-01", "2020-07-01"], "end": ["2020-06-30", "", ""]}
        >>> snapshot(pd.DataFrame(rows), "2020-06-30").frame["match"].tolist()
        ['b']
    """
    register = as_events(events)
    day = known_day(register, date)
    active = (register.start <= day) & (register.end > day)
    return Snapshot(register.frame[active].reset_index(drop=True), date_of(day))


def read_snapshot(frame: pd.DataFrame, date: Date) -> Snapshot:
    """A yearly list of active matches as it was handed in, for use beside snapshots of events.

    Args:
        frame: one row an active match; match (id), and where known refugee and volunteer.
        date: the day it stands for.

    Raises:
        AnalysisError: no column match, or a match stands twice.

    Example:
        >>> len(read_snapshot(pd.DataFrame({"match": ["a", "b"]}), "2020-12-31"))
        2
    """
    require_table(frame, "frame")
    if "match" not in frame.columns:
        raise AnalysisError("a snapshot needs the column match", where="frame")
    if (twice := int(frame["match"].duplicated().sum())) or frame["match"].isna().any():
        raise AnalysisError(f"{twice} matches stand twice or have no id", where="match", todo="keep one row a match")
    return Snapshot(frame.reset_index(drop=True), date_of(day_number(date)))


def started(earlier: Snapshot, later: Snapshot) -> MatchSet:
    """Matches of the later snapshot that the earlier one has not.

    A match that starts and ends between the two is in neither: this is a lower bound of the matches that started.

    Example:
        >>> first = read_snapshot(pd.DataFrame({"match": ["a", "b"]}), "2020-12-31")
        >>> second = read_snapshot(pd.DataFrame({"match": ["b", "c"]}), "2021-12-31")
        >>> started(first, second).frame["match"].tolist(), ended(first, second).frame["match"].tolist(), len(kept(first, second))
        (['c'], ['a'], 1)
    """
    _in_order(earlier, later)
    return _those(later, ~later.frame["match"].isin(earlier.frame["match"]))


def ended(earlier: Snapshot, later: Snapshot) -> MatchSet:
    """Matches of the earlier snapshot that the later one has no more."""
    _in_order(earlier, later)
    return _those(earlier, ~earlier.frame["match"].isin(later.frame["match"]))


def kept(earlier: Snapshot, later: Snapshot) -> MatchSet:
    """Matches that are in both snapshots."""
    _in_order(earlier, later)
    return _those(later, later.frame["match"].isin(earlier.frame["match"]))


def snapshot_volume(snapshots: Sequence[Snapshot]) -> pd.DataFrame:
    """Active, new, ended and ever from snapshots alone, with what each number is.

    Active is exact. New and ended miss what came and went between two snapshots, and ever misses it too: lower bounds. New and
    ended need an earlier snapshot, so the first has none.

    Args:
        snapshots: at least one, of different days.

    Returns:
        DataFrame measure ("active", "new", "ended", "ever"), unit ("match", "refugee", "volunteer"), period (from the snapshot
        before, "" for active and ever), as_of, value, bound ("exact" or "lower").

    Raises:
        AnalysisError: none, or two of one day.

    Example:
        >>> first = read_snapshot(pd.DataFrame({"match": ["a", "b"]}), "2020-12-31")
        >>> second = read_snapshot(pd.DataFrame({"match": ["b", "c"]}), "2021-12-31")
        >>> snapshot_volume([first, second]).query("measure == 'ever'")["value"].tolist()
        [2, 3]
    """
    ordered = sorted(snapshots, key=lambda one: one.date)
    if not ordered or len({one.date for one in ordered}) < len(ordered):
        raise AnalysisError("snapshots of different days are needed", where="snapshots")
    units = {"match": "match", **{name: name for name in PERSONS if all(name in one.frame.columns for one in ordered)}}
    rows = []
    for unit, column in units.items():
        ever: set[object] = set()
        before: Snapshot | None = None
        for now in ordered:
            ever |= set(now.frame[column])
            day = f"{now.date:%Y-%m-%d}"
            rows.append(("active", unit, "", day, now.frame[column].nunique(), "exact"))
            if before is not None:
                since = f"{before.date:%Y-%m-%d}"
                rows.append(("new", unit, since, day, started(before, now).frame[column].nunique(), "lower"))
                rows.append(("ended", unit, since, day, ended(before, now).frame[column].nunique(), "lower"))
            rows.append(("ever", unit, "", day, len(ever), "lower"))
            before = now
    return pd.DataFrame(rows, columns=["measure", "unit", "period", "as_of", "value", "bound"])


def _in_order(earlier: Snapshot, later: Snapshot) -> None:
    if earlier.date >= later.date:
        raise AnalysisError("the first snapshot must be the earlier one", where="earlier")


def _those(whole: Snapshot, chosen: pd.Series) -> MatchSet:
    return MatchSet(whole.frame[np.asarray(chosen, bool)].reset_index(drop=True))


_COLUMNS = ["group", "measure", "unit", "period", "as_of", "value", "bound"]


def volume(events: pd.DataFrame | MatchEvents, years: Sequence[int] | None = None, by: str | None = None) -> pd.DataFrame:
    """Active, new, ended and ever for every year, from events: exact; matches, refugees and volunteers apart.

    A year closes on 31 December, the last one on the day of the extract. New are all who start a match in the year, a person
    with two starts once; first are those who never had a match before, so that their sum over years is ever. Ended persons
    are those with a match that ended, whether or not another began.

    Args:
        events: register of matches (`match_events`).
        years: default all from the first start to the extract.
        by: a column, counted for each of its values and in all; a person in two groups is in both, and once in all.

    Returns:
        DataFrame group ("total" first), measure ("active", "new", "first", "ended", "ever"), unit ("match", "refugee", "volunteer"),
        period (year; "" for active and ever), as_of (day; "" for new, first and ended), value, bound ("exact"). A unit that the
        register does not know has no rows.

    Raises:
        AnalysisError: no such column.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": ["a", "b"], "refugee": ["r", "r"], "start": ["2020-01-01", "2020-09-01"], "end": ["2020-05-01", ""]}
        >>> frame = volume(pd.DataFrame(rows), [2020])
        >>> frame.query("measure == 'new'")[["unit", "value"]].values.tolist()
        [['match', 2], ['refugee', 1]]
    """
    register = as_events(events)
    column = group_column(register, by)
    codes, labels = labelled(column, len(register), str(by))
    groups = 0 if column is None else len(labels)
    if years is None:
        first = date_of(register.start.min()).year
        years = range(first, register.as_of.year + 1)
    rows: list[tuple[object, ...]] = []
    for unit in ("match", *PERSONS):
        ids = np.arange(len(register)) if unit == "match" else getattr(register, unit)
        if ids is None:
            continue
        for where, chosen in _slices(codes, groups):
            label = "total" if where is None else labels[where]
            rows += [(label, *row) for row in _counts(register, unit, ids, years, chosen)]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _slices(codes: Ints, groups: int) -> list[tuple[int | None, Ints | slice]]:
    """All rows, then the rows of each group."""
    if not groups:
        return [(None, slice(None))]
    order = np.argsort(codes, kind="stable")
    edges = np.searchsorted(codes[order], np.arange(groups + 1))
    return [(None, slice(None)), *((place, order[edges[place] : edges[place + 1]]) for place in range(groups))]


def _counts(register: MatchEvents, unit: str, ids: Ints, years: Sequence[int], chosen: Ints | slice) -> list[tuple[object, ...]]:
    start, end, who = register.start[chosen], register.end[chosen], ids[chosen]
    if not isinstance(chosen, slice):
        # Small numbers keep the marks of a group short, whatever the register's size.
        who = pd.factorize(who)[0]
    size = int(who.max()) + 1
    seen = np.zeros(size, bool)

    def different(rows: Bools) -> int:
        if unit == "match":
            return int(np.count_nonzero(rows))
        mark = np.zeros(size, bool)
        mark[who[rows]] = True
        return int(np.count_nonzero(mark))

    found: list[tuple[object, ...]] = []
    counted_until = -OPEN
    for year in sorted(years):
        opening, closing = day_number(f"{year}-01-01"), min(day_number(f"{year}-12-31"), register.last_day)
        if opening > register.last_day:
            continue
        day = f"{date_of(closing):%Y-%m-%d}"
        starting = (start >= opening) & (start <= closing)
        seen[who[(start > counted_until) & (start < opening)]] = True
        earlier = int(np.count_nonzero(seen))
        seen[who[starting]] = True
        ever, counted_until = int(np.count_nonzero(seen)), closing
        found.append(("active", unit, "", day, different((start <= closing) & (end > closing)), "exact"))
        found.append(("new", unit, str(year), "", different(starting), "exact"))
        if unit != "match":
            found.append(("first", unit, str(year), "", ever - earlier, "exact"))
        found.append(("ended", unit, str(year), "", different((end >= opening) & (end <= closing)), "exact"))
        found.append(("ever", unit, "", day, ever, "exact"))
    return found
