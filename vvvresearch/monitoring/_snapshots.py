"""Yearly lists of active matches: what they say, and whether the register of events says the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vvvresearch.evidence import Register
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._records import Matches, checked, records
from vvvresearch.monitoring.matches import MatchEvents, read_snapshot, snapshot, snapshot_volume
from vvvresearch.results import Base, Column, Labels, Measure, Result, Total

UNITS = {"match": "match", "refugee": "person", "volunteer": "volunteer"}


def snapshots(register: Register | pd.DataFrame, *, matches: Matches | None = None) -> Result:
    """Active, new, ended and ever, from lists of the matches that were active on a day, beside the register of events.

    What is active on a day is exact. What came and went between two lists is in neither, so new, ended and ever are lower bounds; they
    are never added to what events say, only set beside it.

    Args:
        register: one row an active match and day: date, match (the same id on all lists), and where known refugee and volunteer.
        matches: the register of matches, where there is one.

    Returns:
        Result; frame as_of, measure, unit, period, value, bound ("exact" or "lower"), events (the same by the register of matches, exact;
        not known where there is none, or the day lies after it). Addresses `snapshots.<as_of>.<measure>.<unit>.value`, `.events`.
        Totals: `lists`, and where there is a register `apart` (matches that only one of the two has as active, over all days).

    Raises:
        AnalysisError: no table, columns are missing, a match stands twice on a day.
        SchemaError: the register of matches has faults.

    Example:
        >>> rows = {"date": ["2020-12-31"] * 2 + ["2021-12-31"], "match": ["a", "b", "b"]}
        >>> snapshots(pd.DataFrame(rows)).cell("snapshots.2021-12-31.ended.match.value").value
        1
    """
    known = records(register, "snapshots", ("date", "match"))
    columns = [name for name in UNITS if name in known.frame.columns]
    lists = [read_snapshot(own[columns], str(date)) for date, own in known.frame.groupby("date", sort=True)]
    frame = snapshot_volume(lists)[["as_of", "measure", "unit", "period", "value", "bound"]]
    events, kind, apart = None, known.kind, None
    if matches is not None:
        events, other = checked(matches)
        kind = combined_kind((known.kind, other))
        apart = apart_of(known.frame, events)
    beside = [None if events is None else rows_of_events(events, row) for row in frame.to_dict("records")]
    counted = [None if own is None else own[unit].nunique() for own, unit in zip(beside, frame["unit"], strict=True)]
    frame["events"] = pd.Series(counted, index=frame.index, dtype="Int64")
    frame["unit"] = frame["unit"].map(UNITS)
    base = Base(int(known.frame["match"].nunique()), "match")
    shown = (Column("events", Phrase("monitoring.snapshots_events"), "count"),) if events is not None else ()
    notes = [Phrase("monitoring.snapshots_note")]
    if apart is not None:
        notes.append(Phrase("monitoring.snapshots_apart", {"n": len(apart)}))
    return Result(
        frame=frame,
        base=base,
        title=Phrase("monitoring.snapshots_title"),
        notes=tuple(notes),
        shows=(
            Column("as_of", Phrase("programme.volume_as_of")),
            Column("measure", Phrase("monitoring.snapshots_measure")),
            Column("unit", Phrase("monitoring.snapshots_unit")),
            Column("value", Phrase("monitoring.snapshots_value"), "count"),
            Column("bound", Phrase("monitoring.snapshots_bound")),
            *shown,
        ),
        kind=kind,
        at="snapshots",
        keys=("as_of", "measure", "unit"),
        measures=(Measure("value", of=""), Measure("events", of="", only_known=True)),
        labels={
            "measure": Labels({one: Phrase(f"monitoring.snapshots_{one}") for one in ("active", "new", "ended", "ever")}),
            "unit": Labels({one: Phrase(f"units.{one}") for one in UNITS.values()}),
            "bound": Labels({one: Phrase(f"monitoring.bound_{one}") for one in ("exact", "lower")}),
        },
        bases={(unit,): Base(None, unit) for unit in UNITS.values()},
        base_on=("unit",),
        totals={"lists": Total(len(lists), base)} | ({} if apart is None else {"apart": Total(len(apart), base)}),
    )


def rows_of_events(events: MatchEvents, row: Mapping[Any, Any]) -> pd.DataFrame | None:
    """The matches by which the register of events says the same thing; None after its last day, or where it does not know the persons."""
    day = pd.Timestamp(row["as_of"])
    if day > events.as_of or (row["unit"] != "match" and row["unit"] not in events.frame.columns):
        return None
    begin, end = events.frame["start"], events.frame["end"]
    if row["measure"] == "active":
        return events.frame[(begin <= day) & ~(end <= day)]
    if row["measure"] == "ever":
        return events.frame[begin <= day]
    moment = begin if row["measure"] == "new" else end
    return events.frame[(moment > pd.Timestamp(row["period"])) & (moment <= day)]


def apart_of(lists: pd.DataFrame, events: MatchEvents) -> pd.DataFrame:
    """Matches that only a list or only the register has as active on the list's day: date, match, only_in."""
    found = []
    for date, own in lists.groupby("date", sort=True):
        if pd.Timestamp(str(date)) <= events.as_of:
            listed, active = set(own["match"]), set(snapshot(events, str(date)).frame["match"])
            found += [(date, one, "list" if one in listed else "register") for one in sorted(listed ^ active)]
    return pd.DataFrame(found, columns=["date", "match", "only_in"])
