"""Behind counts of events: rows of the monitoring extracts, the registers of matches and courses, yearly counts, readings of goals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from vvvresearch.evidence import REASON_CLASSES, span_of
from vvvresearch.exploring._asked import Asked, Found, Opener, distinct
from vvvresearch.monitoring import category_rows, checked_offers, needs_told, referral_rows, with_reasons
from vvvresearch.monitoring.matches import READINGS
from vvvresearch.results import TOTAL
from vvvresearch.results import whole as whole_number

_ALIKE = 1e-9
_WAITS = ("matched", "waiting", "stopped")


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
    # The register's own words for reasons are counted beside their classes.
    own = ended["reason"].fillna("").map(str) if "reason" in ended.columns else reasons
    told = str(asked.row["reason_class"])
    names = [told] if (own == told).any() else told.split("/")
    by = reasons if set(names) <= set(REASON_CLASSES) else own
    chosen = ended[by.isin(names)]
    states = {str(name): part for name, part in ended.groupby(by, sort=False)}
    whole = {name: len(part) for name, part in states.items()}
    if asked.measure == "n":
        return Found(base, "events", "match", len(base), whole, states)
    value: Any = len(chosen) if asked.measure != "share" else Fraction(len(chosen), len(base)) if len(base) else None
    return Found(chosen, "events", "match", value, whole, states)


def course_cell(asked: Asked) -> Found:
    """Courses, with format, type and participants."""
    own, measure = asked.given("courses").frame, asked.measure
    wanted = {name: str(asked.row[name]) for name in asked.result.keys if name in asked.row}
    if not asked.row:
        of_type = next((kind for kind in ("workshop", "course") if kind in measure), "")
        wanted = {"type": of_type} if of_type else {"format": "webinar"} if measure == "webinars" else {}
        wanted |= {"format": "physical"} if measure.startswith("physical_") else {}
    for name, value in wanted.items():
        column = "date" if name == "year" else name
        own = own[own[column].astype(str).str[: 4 if name == "year" else None] == value] if column in own.columns else own
    added = measure.endswith("participants") and own["participants"].notna().any()
    return counted_events(asked, own, "course", int(own["participants"].sum()) if added else None if "course" in wanted else len(own))


def goal_cell(asked: Asked) -> Found:
    """What was measured for a goal: the evidence behind the number that its reading takes."""
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
    behind = table.evidence(base if asked.measure == "n" and base in table._by_address else cell.address)
    value: Any = float(behind.value) if isinstance(behind.value, Fraction) else behind.value
    if asked.measure == "count":
        value = cell.count
    elif asked.measure == "n":
        value = cell.n
    elif asked.measure not in ("value", "share", ""):
        value = None
    states = {f"{one.id}": opened.located(each.address).evidence(each.address).frame for one, each in taken} if len(taken) > 1 else {}
    states |= {name: part.frame for name, part in behind.parts.items()}
    whole = {name: len(part) for name, part in states.items()} | dict(behind.whole)
    return Found(behind.frame.assign(reading=reading.id), behind.form, behind.unit, value, whole, states)


def match_rows(asked: Asked) -> Found:
    """The matches behind a duration or an ending: of a group where the row names one."""
    if "reading" in asked.row:
        return broken_off_cell(asked)
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
    return counted_events(asked, chosen, "match", value)


def counted_events(asked: Asked, rows: pd.DataFrame, unit: str, value: Any) -> Found:
    """These rows, where they count as the table does.

    A number that they do not make is counted by a rule that is not known here: its row is shown, and no others as if they were behind it.
    """
    said = asked.number.value if asked.number is not None else None
    if value is not None and said is not None and abs(float(said) - float(value)) > _ALIKE:
        return own_row(asked)
    return Found(rows, "events", unit, value)


def _share_or_count(asked: Asked, chosen: pd.DataFrame, base: pd.DataFrame, unit: str) -> Found:
    """Rows that are counted one by one, and their share of others; the base of the share by its own name."""
    if asked.measure == "share":
        return counted_events(asked, chosen, unit, Fraction(len(chosen), len(base)) if len(base) else None)
    return counted_events(asked, chosen, unit, len(chosen) if asked.measure in ("n", "count", "next", "stopped", "open", *_WAITS) else None)


def transition_cell(asked: Asked) -> Found:
    """The municipalities that went from one category to another, that hold one, or that are on a list."""
    row, data = asked.row, asked.given("categories")
    rows, _ = category_rows(getattr(data, "frame", data))
    if "state" in row:
        base = rows[rows["when"] == row["when"]]
        return _share_or_count(asked, base[base["state"] == row["state"]], base, "municipality")
    if "municipality" in row:
        return Found(rows[rows["municipality"] == row["municipality"]], "events", "when")
    if "before" not in row:
        listed = asked.result.parts.get({"unstable": "unstable", "watched": "watch"}.get(asked.measure, ""))
        return own_row(asked) if listed is None else counted_events(asked, listed.frame, "municipality", len(listed.frame))
    wide = rows.pivot(index="municipality", columns="when", values="state")
    steps = [step for step in dict.fromkeys(asked.result.frame["step"]) if step != TOTAL and row["step"] in (step, TOTAL)]
    both = [wide[step.split("/")].dropna().set_axis(["before", "after"], axis=1).assign(step=step).reset_index() for step in steps]
    base = pd.concat([one[one["before"] == row["before"]] for one in both], ignore_index=True)
    # A municipality may go the same way at several steps.
    return _share_or_count(asked, base[base["after"] == row["after"]], base, "" if row["step"] == TOTAL else "municipality")


def referral_cell(asked: Asked) -> Found:
    """Those whom a source referred in a period; those whom two referred."""
    rows, _, by_person = referral_rows(asked.given("matches"), asked.given("by"), asked.given("period"))
    if "source" not in asked.row and asked.measure == "twice":
        known = rows[rows["source"] != "unknown"]
        rows = known[known.groupby("person")["source"].transform("nunique") > 1]
    base = rows if asked.row.get("period", TOTAL) == TOTAL else rows[rows["period"] == asked.row["period"]]
    own = base if asked.row.get("source", TOTAL) == TOTAL else base[base["source"] == asked.row["source"]]
    if asked.measure == "matches":
        return counted_events(asked, own, "", len(own))
    of = distinct(base, "person")
    value = {"persons": distinct(own, "person"), "twice": distinct(own, "person"), "n": of}.get(asked.measure)
    share = Fraction(distinct(own, "person"), of) if asked.measure == "share" and of else None
    return counted_events(
        asked, base if asked.measure == "n" else own, "person" if by_person else "match", share if share is not None else value
    )


def offer_cell(asked: Asked) -> Found:
    """The cases that reached a step, went on from it, stopped there or are open."""
    register, _ = checked_offers(asked.given("offers"))
    frame, row = register.frame, asked.row
    if "step" not in row:
        return own_row(asked)
    place = register.steps.index(row["step"])
    here = frame[frame[row["step"]].notna()]
    last = place + 1 == len(register.steps)
    on = here[[False] * len(here)] if last else here[here[register.steps[place + 1]].notna()]
    rest = here.drop(on.index)
    left = rest[rest["stopped"].notna()] if "stopped" in rest else rest[:0]
    if "reason" in row:
        own = left[left["stop_reason"].fillna("").astype(str).replace("", "unknown") == row["reason"]]
        return _share_or_count(asked, own, left, "case")
    if asked.measure == "persons":
        return counted_events(asked, here, "person", distinct(here, "person") if "person" in here else None)
    chosen = {"next": on, "stopped": left, "open": rest[:0] if last else rest.drop(left.index)}.get(asked.measure, here)
    return _share_or_count(asked, chosen, frame[frame[register.steps[place - 1]].notna()] if place else frame[:0], "case")


def waiting_cell(asked: Asked) -> Found:
    """The cases that accepted, or were offered where no acceptance is held: matched, waiting or stopped."""
    register, _ = checked_offers(asked.given("offers"))
    since, reached = register.waited
    own, by = register.frame[register.frame[since].notna()], asked.given("by")
    if by and asked.row.get("group", TOTAL) != TOTAL:
        own = own[own[by].astype(object).fillna("").astype(str).replace("", "unknown") == str(asked.row["group"])]
    rest = own[own[reached].isna()]
    gone = rest[rest["stopped"].notna()] if "stopped" in rest else rest[:0]
    chosen = {"matched": own.drop(rest.index), "stopped": gone, "waiting": rest.drop(gone.index)}.get(asked.measure, own)
    return counted_events(asked, chosen, "case", len(chosen) if asked.measure in ("n", *_WAITS) else None)


def broken_off_cell(asked: Asked) -> Found:
    """The matches that a reading counts as broken off, of those that ended or started."""
    if "reading" not in asked.row:
        return own_row(asked)
    register, _ = with_reasons(asked.given("matches"))
    frame, of = register.frame, asked.row["denominator"]
    day = frame["start" if of == "started" else "end"]
    since, until = asked.given("since"), asked.given("until")
    within = day.notna() & (day >= pd.Timestamp(since or day.min())) & (day <= pd.Timestamp(until or day.max()))
    base = frame[within & ((frame["reason_class"] != "unknown") if of == "ended_known" else True)]
    own = base[base["reason_class"].isin(list((asked.given("readings") or READINGS)[asked.row["reading"]]))]
    return _share_or_count(asked, base if asked.measure == "n" else own, base, "match")


OPENERS: dict[str, Opener] = {
    "presence": presence_cell,
    "volume": volume_cell,
    "match_volume": volume_cell,
    "ended_by_reason": ended_cell,
    "course_table": course_cell,
    "goal_status": goal_cell,
    "transitions": transition_cell,
    "referrals": referral_cell,
    "funnel": offer_cell,
    "waiting": waiting_cell,
    "broken_off": broken_off_cell,
    **dict.fromkeys(("duration", "endings", "scenario"), match_rows),
}
