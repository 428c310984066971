"""Volume: participants as a stock, a flow and a total, three numbers that are never mixed; and what yearly lists say of them."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.evidence import COUNT_COLUMNS, MEASURES, Register, span_of
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import Joined, Phrase
from vvvresearch.monitoring._records import Matches, cells_of, checked, records
from vvvresearch.monitoring.matches import MatchEvents, read_snapshot, snapshot, snapshot_volume
from vvvresearch.monitoring.matches._events import CodedColumn, date_of, day_number
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result, Total

_ORDER = {"stock": 0, "flow": 1, "total": 2}
_COLUMNS = ("count", "measure", "role", "unit", "organisation", "period", "as_of", "value", "derived", "composite")
# What a count declares (its measure, and what it counts where that is not who is new) -> its part in a picture of the course of time.
_ROLES = {
    ("stock", ""): "stock",
    ("flow", ""): "inflow",
    ("flow", "ended"): "outflow",
    ("flow", "helped"): "helped",
    ("total", ""): "total",
}
_WORDS = {"stock": "stock", "inflow": "flow", "outflow": "ended", "helped": "helped", "total": "total"}
_DRAWN = ("stock", "inflow", "outflow")
_SEVERAL_YEARS = re.compile(r"\d{4}\D+\d{4}")
_MOST_FLOWS = 12
# "person" and "participant" are one unit under two names in the sources.
_SAME_UNIT = {"participant": "person"}


def volume(counts: Register | pd.DataFrame, years: Sequence[int | str] | None = None) -> Result:
    """How many participants or matches: the stock at a date, the flow over a period, the total over time, side by side.

    From yearly counts the numbers are taken as they are; a total that is exactly a stock plus later flows is flagged:
    it is neither exact nor a proven bound, since people who ended before the stock was counted are missing and people can be
    matched again. From a register of matches they are counted: active on 31 December, started in the year, ended in the
    year, ever started; matches, persons and volunteers apart, and different persons where the register has their ids.

    Args:
        counts: counts (`COUNT_COLUMNS`) or a register of matches (`MATCH_COLUMNS`).
        years: for matches the years to count, or parts of them ("2024-H2", "2024-Q3", "2024-06"); default all years from the first start
            to the last event.

    Returns:
        Result; frame count (id), measure ("stock", "flow", "total"), role ("stock", "inflow", "outflow", "helped", "total"), unit,
        organisation, period, as_of, value, derived (by us), composite (a total made of a stock and flows). Addresses
        `counts.<count>.value`, of a register `matches.<started|ended|active|ever>-<unit>-<year or part>.value`. Picture: stock_flow.

    Raises:
        AnalysisError: the table is neither.
        SchemaError: the register of matches has faults, every one with its row.

    Example:
        >>> rows = pd.DataFrame({"match": ["a", "b"], "start": [datetime.date(2019, 5, 1), datetime.date(2020, 2, 1)],
        ...     "end": [datetime.date(2020, 3, 1), None], "reason": ["moved", ""], "persons": [2, 1], "municipality": ["", ""]})
        >>> volume(Register(rows)).cell("matches.active-match-2019.value").value
        1
    """
    data = counts if isinstance(counts, Register) else Register(counts)
    require_table(data.frame, "counts")
    columns = set(data.frame.columns)
    if {"measure", "value"} <= columns:
        at, rows, notes = "counts", _from_counts(data), [Phrase("programme.volume_note")]
    elif {"start", "end"} <= columns:
        at = "matches"
        rows, notes = _from_matches(data, years)
    else:
        raise AnalysisError(
            "volume needs yearly counts or a register of matches",
            why="the table has neither measure and value nor start and end",
            todo="hand in round.counts or round.matches",
        )
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    frame["value"] = frame["value"].astype("Int64")
    if frame["composite"].any():
        notes.append(Phrase("programme.volume_composite"))
    if at == "counts" and frame["derived"].any():
        notes.append(Phrase("programme.volume_derived"))
    if frame["unit"].nunique() > 1:
        notes.append(Phrase("programme.volume_units"))
    shown = (("role", "text"), ("period", "date"), ("as_of", "date"), ("organisation", "text"), ("value", "count"))
    return Result(
        frame=frame,
        base=Base(len(frame), "value"),
        title=Phrase("programme.volume_title"),
        notes=tuple(notes),
        shows=tuple(Column(name, Phrase(f"programme.volume_{name}"), shape) for name, shape in shown),  # type: ignore[arg-type]
        kind=data.kind,
        at=at,
        keys=("count",),
        measures=(Measure("value", of=""),),
        labels={"role": Labels({pair: _what(*pair) for pair in zip(frame["role"], frame["unit"], strict=True)}, on=("role", "unit"))},
        bases={(row["count"],): Base(None, row["unit"], source=row["organisation"]) for row in rows},
        base_on=("count",),
        pictures=_pictures(frame),
    )


def _what(role: str, unit: str) -> Phrase:
    return Phrase("programme.volume_row", {"measure": Phrase(f"programme.measure_{_WORDS[role]}"), "unit": Phrase(f"units.{unit}")})


def _from_counts(counts: Register) -> list[dict[str, Any]]:
    frame = records(counts, "counts", (*COUNT_COLUMNS[:8], "derived")).frame
    if strange := sorted(set(cells_of(frame, "measure")) - set(MEASURES)):
        raise AnalysisError(f"{strange[0]!r} is no measure of a count", where="measure", todo=did_you_mean(strange[0], MEASURES))
    rows = [
        {
            "count": row["count"],
            "measure": row["measure"],
            "role": _ROLES.get((row["measure"], row["what"] or ""), row["measure"]),
            "unit": row["unit"],
            "organisation": row["organisation"],
            "period": row["period"],
            "as_of": row["as_of"],
            "value": row["value"],
            "derived": bool(row["derived"]),
            "composite": row["measure"] == "total" and _is_stock_plus_flows(row, frame),
        }
        for row in frame.to_dict("records")
    ]
    return sorted(rows, key=lambda row: (_ORDER[row["measure"]], row["as_of"] or row["period"], row["organisation"]))


def _is_stock_plus_flows(total: dict[Any, Any], frame: pd.DataFrame) -> bool:
    flows = [int(value) for value in frame.loc[frame["measure"] == "flow", "value"].dropna()][:_MOST_FLOWS]
    stocks = [int(value) for value in frame.loc[frame["measure"] == "stock", "value"].dropna()]
    sums = {sum(chosen) for size in range(1, len(flows) + 1) for chosen in combinations(flows, size)}
    return any(int(total["value"]) - stock in sums for stock in stocks)


def _from_matches(matches: Register, years: Sequence[int | str] | None) -> tuple[list[dict[str, Any]], list[Phrase]]:
    known = ~(CodedColumn.of(matches.frame["start"]).empty & CodedColumn.of(matches.frame["end"]).empty)
    if not known.any():
        raise AnalysisError("no match has a start date", todo="hand in a register with start dates")
    events = checked(matches if known.all() else dataclasses.replace(matches, frame=matches.frame[known]))[0]
    rows = []
    first, last = date_of(int(events.start.min())).year, events.as_of.date()
    for year in years if years is not None else range(first, last.year + 1):
        # Nothing is known after the extract, or without its date the last event, so the last year is counted up to it.
        span = span_of(str(year))
        if span is None:
            raise AnalysisError(f"{year!r} is no part of the calendar", where="years", todo="2024, 2024-H2, 2024-Q3, 2024-06 or 2024-06-30")
        closing = min(span[1], max(last, span[0]))
        opens, closes = (day_number(day) for day in (span[0], closing))
        chosen = {
            "active": (events.start <= closes) & (events.end > closes),
            "started": (events.start >= opens) & (events.start <= closes),
            "ended": (events.end >= opens) & (events.end <= closes),
            "ever": events.start <= closes,
        }
        for name, mask in chosen.items():
            rows.append(_event_row(name, "match", str(year), span, closing, int(mask.sum())))
            if (persons := persons_among(events, mask)) is not None:
                rows.append(_event_row(name, "person", str(year), span, closing, persons))
            if events.volunteer is not None:
                rows.append(_event_row(name, "volunteer", str(year), span, closing, _different(events.volunteer, mask)))
    until = "programme.volume_seen" if "as_of" in matches.frame.columns else "programme.volume_until"
    notes = [Phrase("programme.volume_events"), Phrase(until, {"date": last})]
    if events.some_day.any():
        notes.append(Phrase("programme.volume_some_day", {"n": int(events.some_day.sum())}))
    if opened := _opened_late(events):
        notes.append(Phrase("programme.volume_opened", {"date": date_of(opened).date()}))
    if missing := int((~known).sum()):
        notes.append(Phrase("programme.volume_no_start", {"n": missing}))
    if events.refugee is not None:
        notes.append(Phrase("programme.volume_distinct"))
    elif "persons" in matches.frame.columns:
        notes.append(Phrase("programme.volume_again"))
    return rows, notes


def _opened_late(events: MatchEvents) -> int:
    """The day on which a register was opened that holds matches from before; 0 where it was there from the first."""
    if "registered" not in events.frame.columns:
        return 0
    registered = events.frame["registered"].to_numpy("datetime64[D]")
    known = registered[~np.isnat(registered)].astype(np.int64)
    return int(known.min()) if len(known) and known.min() > events.start.min() else 0


def persons_among(events: MatchEvents, chosen: npt.NDArray[np.bool_]) -> int | None:
    """How many persons on the refugees' side the chosen matches hold; None where the register does not say.

    With ids each person is counted once, however many matches; a family that one id stands for counts with the most persons that
    one of its matches has. Without ids every match counts its persons.
    """
    sizes = pd.to_numeric(events.frame["persons"]).to_numpy(float) if "persons" in events.frame.columns else None
    if events.refugee is None:
        return None if sizes is None else int(np.nansum(sizes[chosen]))
    if sizes is None:
        return _different(events.refugee, chosen)
    largest = np.zeros(int(events.refugee.max()) + 1)
    np.maximum.at(largest, events.refugee[chosen], np.nan_to_num(sizes[chosen], nan=1.0))
    return int(largest.sum())


def _different(ids: npt.NDArray[np.int64], chosen: npt.NDArray[np.bool_]) -> int:
    mark = np.zeros(int(ids.max()) + 1, bool)
    mark[ids[chosen]] = True
    return int(np.count_nonzero(mark))


_EVENTS = {"active": ("stock", "stock"), "started": ("flow", "inflow"), "ended": ("flow", "outflow"), "ever": ("total", "total")}


def _event_row(
    name: str, unit: str, year: str, span: tuple[datetime.date, datetime.date], closing: datetime.date, value: int
) -> dict[str, Any]:
    measure, role = _EVENTS[name]
    period = year if closing == span[1] else f"{span[0]:%Y-%m}/{closing:%Y-%m}"
    return {
        "count": f"{name}-{unit}-{year}",
        "measure": measure,
        "role": role,
        "unit": unit,
        "organisation": "",
        "period": period if measure == "flow" else "",
        "as_of": "" if measure == "flow" else closing.isoformat(),
        "value": value,
        "derived": True,
        "composite": False,
    }


def _pictures(frame: pd.DataFrame) -> dict[str, Picture]:
    """Stock, inflow and outflow by year, of the unit and organisation that are known for most years; its title names them."""
    moments = frame["as_of"].where(frame["as_of"] != "", frame["period"]).astype(str)
    rows = frame.assign(year=moments.str[:4], unit=frame["unit"].replace(_SAME_UNIT))
    # A number for several years belongs to none of them, and a stock of places is none of people.
    several = rows["period"].astype(str).str.match(_SEVERAL_YEARS) & ~rows["period"].astype(str).str.match(r"(\d{4})-01/\1")
    rows = rows[rows["role"].isin(_DRAWN) & rows["value"].notna() & ~several & (rows["unit"] != "municipality")]
    if rows.empty:
        return {}
    groups = rows.groupby(["organisation", "unit"], sort=False)
    (organisation, unit), group = max(groups, key=lambda pair: (pair[1]["year"].nunique(), len(pair[1])))
    wide = group.pivot_table(index="year", columns="role", values="value", aggfunc="first")
    table = wide[[name for name in _DRAWN if name in wide]].astype(float).reset_index()
    # A part of a year is said to be one.
    parts = {row["year"]: row["period"] for row in group.to_dict("records") if row["period"] and row["period"] != row["year"]}
    table["period"] = [parts.get(year, year) for year in table.pop("year")]
    who: list[Any] = [Phrase(f"units.{unit}"), *([organisation] if organisation else [])]
    return {"stock_flow": Picture("stock_flow", table, Phrase("programme.flow_title", {"who": Joined(tuple(who), ", ")}))}


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
