"""Behind counts of events: rows of the monitoring extracts, the registers of matches and courses, yearly counts, readings of goals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.evidence import span_of
from vvvresearch.exploring._asked import Asked, Found, Opener, distinct
from vvvresearch.monitoring import needs_told
from vvvresearch.results import TOTAL
from vvvresearch.results import whole as whole_number


def own_row(asked: Asked) -> Found:
    """The row of the table itself, where a number rests on nothing finer; the whole table where it is about all of it."""
    frame = asked.result.frame
    if not asked.row:
        column = next((name for name, values in asked.result.categories.items() if asked.about == "count" and asked.measure_in(values)), "")
        if column:
            kept = frame[frame[column].map(asked.is_measure)]
            return Found(kept, "rows", "", len(kept))
        return Found(frame, "rows")
    if asked.whole is not None and asked.whole is not asked.result and (counted := _counted_rows(asked, asked.whole.frame)) is not None:
        return Found(counted, "rows", "", len(counted))
    place = np.ones(len(frame), dtype=bool)
    for name in asked.result.keys or tuple(map(str, frame.columns)):
        place &= (frame[name].astype(str) == str(asked.row[name])).to_numpy()
    return Found(frame[place], "rows")


def _counted_rows(asked: Asked, frame: pd.DataFrame) -> pd.DataFrame | None:
    """The rows of the whole table that a number of its summary counts; None where it counts none of them."""
    if asked.number is None or not set(asked.result.keys) <= set(map(str, frame.columns)):
        return None
    own = frame
    for name in asked.result.keys:
        own = own[own[name].astype(str) == str(asked.row[name])]
    for name in frame.columns:
        meant = own[name].map(lambda one: isinstance(one, str) and asked.is_measure(one)).to_numpy(dtype=bool)
        if meant.any() or (frame[name] == asked.measure).any():
            return own[meant] if int(meant.sum()) == asked.number.value else None
    return None


def presence_cell(asked: Asked) -> Found:
    """Municipalities of an extract with a status, or with a verdict on the need of one group."""
    frame = asked.given("monitoring").frame
    if "municipality" not in frame.columns or not asked.row:
        return own_row(asked)
    own = frame[frame["extract"].astype(str) == str(asked.row["extract"])]
    told = needs_told(own, str(asked.row["group"])) if "verdict" in asked.row else own["status"]
    states = {str(state): part for state, part in own.groupby(told, sort=False)}
    chosen = own[told == asked.row["verdict" if "verdict" in asked.row else "status"]]
    whole = {name: distinct(part, "municipality") for name, part in states.items()}
    count = distinct(chosen, "municipality")
    if asked.measure == "share":
        n = whole_number(asked.row.get("of"))
        return Found(chosen, "events", "municipality", Fraction(count, n) if n else None, whole, states)
    return Found(chosen, "events", "municipality", count, whole, states)


def volume_cell(asked: Asked) -> Found:
    """The matches that were active, started, ended or ever there; the rows of yearly counts."""
    data = asked.given("counts") if asked.given("counts") is not None else asked.given("matches")
    frame = data.frame if hasattr(data, "frame") else data
    if not asked.row:
        return own_row(asked)
    if "start" not in frame.columns:
        own = frame[frame["count"].astype(str) == str(asked.row["count"])]
        value = own["value"].iloc[0] if len(own) == 1 else None
        return Found(own, "events", "", None if value is None or pd.isna(value) else int(value))
    role, unit, year = str(asked.row["count"]).split("-", 2)
    own = _matches_of(frame, role, year, asked.row)
    if unit == "match":
        return Found(own, "events", "match", len(own))
    return Found(own, "events", "match", _different(own, unit))


def _different(own: pd.DataFrame, unit: str) -> int | None:
    """How many volunteers, or persons on the refugees' side: each once where the register has ids, a family as its largest match."""
    if unit == "volunteer":
        return distinct(own, "volunteer")
    sizes = own["persons"] if "persons" in own.columns else None
    if "refugee" in own.columns:
        return distinct(own, "refugee") if sizes is None else int(sizes.fillna(1).groupby(own["refugee"]).max().sum())
    return None if sizes is None or sizes.isna().any() else int(sizes.sum())


def _matches_of(frame: pd.DataFrame, role: str, year: str, row: Any) -> pd.DataFrame:
    start, end = (pd.to_datetime(frame[name].replace("", None)) for name in ("start", "end"))
    first, last = map(pd.Timestamp, span_of(year) or ("1678-01-01", "2262-01-01"))
    closing = pd.Timestamp(row["as_of"]) if str(row.get("as_of") or "") else last
    if role == "active":
        return frame[(start <= closing) & (end.isna() | (end > closing))]
    if role == "ever":
        return frame[start <= closing]
    return frame[(start if role == "started" else end).between(first, last)]


def ended_cell(asked: Asked) -> Found:
    """Matches that ended for a class of reasons."""
    frame = asked.given("matches").frame
    if span := span_of(str(asked.given("year") or "")):
        # Of all that started, those of the year; else those that ended in it.
        days = pd.to_datetime(frame["start" if asked.given("of") == "started" else "end"].replace("", None))
        frame = frame[days.between(*map(pd.Timestamp, span))]
    ended = frame[frame["end"].fillna("").astype(str).replace("NaT", "") != ""]
    reasons = ended["reason_class"].fillna("").replace("", "unknown") if "reason_class" in ended.columns else None
    if reasons is None or not asked.row:
        return own_row(asked)
    base = {"started": frame, "ended_known": ended[reasons != "unknown"]}.get(asked.given("of"), ended)
    chosen = ended[reasons.isin(str(asked.row["reason_class"]).split("/"))]
    states = {str(name): part for name, part in ended.groupby(reasons, sort=False)}
    whole = {name: len(part) for name, part in states.items()}
    if asked.measure == "n":
        return Found(base, "events", "match", len(base), whole, states)
    value: Any = len(chosen) if asked.measure != "share" else Fraction(len(chosen), len(base)) if len(base) else None
    return Found(chosen, "events", "match", value, whole, states)


def course_cell(asked: Asked) -> Found:
    """Courses, with format, type and participants."""
    frame = asked.given("courses").frame
    if asked.row and "course" not in asked.row:
        kinds = [name for name in ("type", "format") if name in asked.row and name in frame.columns]
        own = frame[[all(str(row[name]) == str(asked.row[name]) for name in kinds) for row in frame[kinds].to_dict("records")]]
        of_kind = len(own) if asked.measure == "n" else int(own["participants"].sum()) if asked.measure == "participants" else None
        if of_kind is not None and asked.number is not None and asked.number.value != of_kind:
            return own_row(asked)
        return Found(own, "events", "course", of_kind)
    if asked.row:
        own = frame[frame["course"].astype(str) == str(asked.row["course"])]
        value = own["participants"].iloc[0] if asked.measure == "participants" and len(own) == 1 else None
        return Found(own, "events", "course", None if value is None or pd.isna(value) else int(value))
    kind = {"courses": "course", "workshops": "workshop", "workshop_participants": "workshop"}.get(asked.measure)
    own = frame[frame["type"] == kind] if kind and "type" in frame.columns else frame
    if asked.measure.startswith("physical_"):
        own = frame[(frame["format"] == "physical") & (frame["type"] == asked.measure.removeprefix("physical_").removesuffix("s"))]
    if asked.measure == "webinars":
        own = frame[frame["format"] == "webinar"]
    counted = own["participants"].sum() if asked.measure.endswith("participants") else len(own)
    if asked.number is not None and asked.number.value != counted:
        return own_row(asked)
    return Found(own, "events", "course", int(counted))


def goal_cell(asked: Asked) -> Found:
    """What was measured for a goal: the evidence behind the number that its reading takes."""
    from vvvresearch.exploring._find import evidence_of

    opened, row = asked.made.opened, asked.row
    if opened is None or not row:
        return own_row(asked)
    goal = next((one for one in opened.spec.goals if one.id == row["goal"]), None)
    readings = [one for one in goal.readings if one.id == row.get("reading", one.id)] if goal is not None else []
    taken = [(one, cell) for one in readings if (cell := opened.measured_cell(goal, one)) is not None]
    if not taken:
        return own_row(asked)
    reading, cell = taken[0]
    table, base = opened.located(cell.address), f"{cell.address.rpartition('.')[0]}.n"
    behind = evidence_of(table, base if asked.measure == "n" and base in table._by_address else cell.address)
    value: Any = float(behind.value) if isinstance(behind.value, Fraction) else behind.value
    if asked.measure == "count":
        value = cell.count
    elif asked.measure == "n":
        value = cell.n
    elif asked.measure not in ("value", "share", ""):
        value = None
    states = {f"{one.id}": evidence_of(opened.located(each.address), each.address).frame for one, each in taken} if len(taken) > 1 else {}
    states |= {name: part.frame for name, part in behind.parts.items()}
    whole = {name: len(part) for name, part in states.items()} | dict(behind.whole)
    return Found(behind.frame.assign(reading=reading.id), behind.form, behind.unit, value, whole, states)


def match_rows(asked: Asked) -> Found:
    """The matches behind a duration, an ending or a transition: of a group where the row names one."""
    data = next((asked.given(name) for name in ("matches", "events", "register") if asked.given(name) is not None), None)
    frame = getattr(data, "frame", data)
    if not isinstance(frame, pd.DataFrame) or "start" not in frame.columns:
        return own_row(asked)
    by, group = asked.given("by"), asked.row.get("group", TOTAL)
    if by and str(group) != TOTAL and by in frame.columns:
        frame = frame[frame[by].astype(str) == str(group)]
    over = frame["end"].fillna("").astype(str).replace("NaT", "") != ""
    base = frame
    if "reason_class" in asked.row and "reason_class" in frame.columns:
        base = frame[over]
        frame = base[base["reason_class"].fillna("").replace("", "unknown") == asked.row["reason_class"]]
    chosen = {"n": base, "ended": frame[over], "open": frame[~over]}.get(asked.measure, frame)
    value: Any = len(chosen) if asked.measure in ("n", "ended", "open", "matches", "started", "count") else None
    if asked.measure == "share" and base is not frame and len(base):
        value = Fraction(len(frame), len(base))
    if value is not None and asked.number is not None and asked.number.value != value:
        # The number counts by a rule that is not known here: its row is shown, and no other matches as if they were behind it.
        return own_row(asked)
    return Found(chosen, "events", "match", value)


OPENERS: dict[str, Opener] = {
    "presence": presence_cell,
    "volume": volume_cell,
    "match_volume": volume_cell,
    "ended_by_reason": ended_cell,
    "course_table": course_cell,
    "goal_status": goal_cell,
    **dict.fromkeys(("duration", "endings", "transitions", "scenario"), match_rows),
}
