"""Behind counts of records: volunteers, activities, agreements, yearly lists, materials, campaigns and housing areas, row by row."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pandas as pd

from vvvresearch.exploring._asked import Asked, Found, Opener, distinct
from vvvresearch.exploring._registers import counted_events, own_row
from vvvresearch.monitoring._agreements import HERE, agreement_states
from vvvresearch.monitoring._records import cells_of, checked, last_day, stated
from vvvresearch.monitoring._recruitment import there_on
from vvvresearch.monitoring._volume import UNITS, apart_of, rows_of_events
from vvvresearch.results import TOTAL

# Numbers about the whole that count different values of a column, and those that count records.
_DIFFERENT = {"municipalities": "municipality", "areas": "area"}
_RECORDS = ("n", "steps", "ever", "agreements", "standing", "expiring", "active", "new", "left", "trained")


def record_cell(asked: Asked) -> Found:
    """The records with the values that the row names, counted or added up."""
    if asked.about == "count":
        return own_row(asked)
    if asked.measure == "here":
        here = asked.result.frame[asked.result.frame["stage"].isin(HERE)]
        return counted_events(asked, here, "area", len(here))
    return _of(asked, asked.given("register"))


def _of(asked: Asked, register: Any) -> Found:
    frame = getattr(register, "frame", register)
    own = frame
    for name in asked.result.keys:
        value = str(asked.row.get(name, TOTAL))
        if value != TOTAL:
            own = own[(cells_of(own, "date").str[:4] if name == "year" else stated(cells_of(own, name))) == value]
    return _counted(asked, own, len(frame))


def _counted(asked: Asked, own: pd.DataFrame, n: int) -> Found:
    value: Any = None
    column = _DIFFERENT.get(asked.measure, "")
    if asked.measure in own.columns and (numbers := pd.to_numeric(own[asked.measure], errors="coerce")).notna().any():
        value = int(numbers.sum())
    elif column in own.columns:
        value = distinct(own, column)
    elif asked.measure == "share":
        value = Fraction(len(own), n) if n else None
    elif asked.measure in _RECORDS:
        value = len(own)
    return counted_events(asked, own, column, value)


def volunteer_cell(asked: Asked) -> Found:
    """Volunteers who were there at the end of a year or on the last day, who began in it, who stopped."""
    register = asked.given("register")
    frame, year = getattr(register, "frame", register), str(asked.row.get("year") or "")
    day = last_day(frame, asked.given("on") or "", "since", "until")
    there = there_on(frame, min(f"{year}-12-31", day) if year else day)
    if "organisation" in asked.row or "recruited_by" in asked.row:
        return _of(asked, frame[there] if "organisation" in asked.row else frame)
    began, stopped = cells_of(frame, "since").str[:4] == year, cells_of(frame, "until").str[:4] == year
    trained = there & (cells_of(frame, "trained") == "yes")
    chosen = {"new": began, "left": stopped, "trained": trained, "ever": pd.Series(True, index=frame.index)}.get(asked.measure, there)
    return _counted(asked, frame[chosen], len(frame))


def agreement_cell(asked: Asked) -> Found:
    """The agreements of the municipalities in a state, or those in force, of a type, about to expire."""
    register, places, row = asked.given("register"), asked.given("municipalities"), asked.row
    frame = getattr(register, "frame", register)
    rows = agreement_states(frame, last_day(frame, asked.given("on") or "", "signed"))
    standing = rows[rows["state"] == "in_force"]
    if "state" not in row:
        listed = asked.result.parts.get("expiring") if asked.measure == "expiring" else None
        if asked.measure == "several":
            own = standing[standing["organisation"] != ""]
            own = own[own.groupby("municipality")["organisation"].transform("nunique") > 1]
            return counted_events(asked, own, "municipality", distinct(own, "municipality"))
        return _of(asked, rows if asked.measure == "agreements" else standing if listed is None else listed.frame)
    codes = list(dict.fromkeys(rows["municipality"] if places is None else places["code"].astype(str)))
    order = ("in_force", "expired", "not_yet")
    state = {one: next(name for name in order if name in set(part)) for one, part in rows.groupby("municipality")["state"]}
    named = [code for code in codes if state.get(code, "none") == row["state"]]
    own = pd.DataFrame({"municipality": named, "state": row["state"]}).merge(rows, on=["municipality", "state"], how="left")
    value = Fraction(len(named), len(codes)) if asked.measure == "share" and codes else len(named)
    return counted_events(asked, own, "municipality", value)


def snapshot_cell(asked: Asked) -> Found:
    """The lines of the lists that a number of them counts, or the matches of the register that stand beside it."""
    register, row = asked.given("register"), asked.row
    frame = getattr(register, "frame", register)

    def events() -> Any:
        return asked.kept("events", lambda: checked(asked.given("matches"))[0])

    if asked.measure == "apart":
        apart = apart_of(frame, events())
        return counted_events(asked, apart, "", len(apart))
    if not row:
        return counted_events(asked, frame, "date", distinct(frame, "date"))
    column = next(name for name, unit in UNITS.items() if unit == row["unit"])
    if asked.measure == "events":
        own = rows_of_events(events(), {**row, "unit": column})
        return counted_events(asked, frame[:0] if own is None else own, column, None if own is None else distinct(own, column))
    days = pd.to_datetime(frame["date"]).dt.strftime("%Y-%m-%d")
    now, before = frame[days == row["as_of"]], frame[days == row["period"]]
    own = {
        "active": now,
        "new": now[~now["match"].isin(before["match"])],
        "ended": before[~before["match"].isin(now["match"])],
        "ever": frame[days <= row["as_of"]],
    }[row["measure"]]
    return counted_events(asked, own, column, distinct(own, column))


OPENERS: dict[str, Opener] = {
    **dict.fromkeys(("activities", "materials", "campaigns", "housing_areas"), record_cell),
    "volunteers": volunteer_cell,
    "agreements": agreement_cell,
    "snapshots": snapshot_cell,
}
