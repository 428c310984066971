"""The rule of goals: what was read, how far it is from the target, and which status follows."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Goal, Reading
from vvvresearch.locales import Joined, Phrase, Sayable, is_sayable


@dataclass(frozen=True)
class Read:
    """One reading with its exact numbers: percentages where the goal is a percentage."""

    reading: Reading
    evidence: str
    measure: str
    value: Fraction | None
    planned: Fraction | None
    count: Fraction | None
    n: Fraction | None
    source: str
    reached: bool | None
    gap: Fraction | None
    gap_if_planned: Fraction | None
    lacking: Sayable | None = None


@dataclass(frozen=True)
class Judged:
    """One goal with its status."""

    goal: Goal
    readings: tuple[Read, ...]
    row: dict[str, Any]
    reason: str | Sayable


def _number(value: Any) -> Fraction | None:
    if value is None or (not isinstance(value, str | Fraction) and pd.isna(value)):
        return None
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def read_against(goal: Goal, reading: Reading, measured: dict[Any, dict[Any, Any]]) -> Read:
    row = measured.get((goal.id, reading.id), {})
    value, planned = _number(row.get("value")), _number(row.get("planned"))
    measure = reading.measure or row.get("measure") or goal.measure
    if value is not None and (goal.type == "percent" or measure == "share") and not 0 <= value <= 100:
        raise AnalysisError(f"{goal.id}: {reading.id} is measured as {float(value):g} %", why="a percentage lies between 0 and 100")
    evidence = reading.evidence
    if evidence == "direct" and goal.measure and measure != goal.measure and goal.type != "qualitative":
        evidence = "proxy"  # a number of another measure than the goal's own cannot be direct evidence for it
    hit = gap = gap_if_planned = None
    if value is not None and goal.target is not None and evidence != "indirect":
        hit, gap = _against(goal, value)
        gap_if_planned = _against(goal, value + planned)[1] if planned is not None else None
    count, n = _number(row.get("count")), _number(row.get("base"))
    named, lacking = row.get("source"), row.get("lacking")
    source, told = named if isinstance(named, str) else "", lacking if is_sayable(lacking) else None
    return Read(reading, evidence, measure, value, planned, count, n, source, hit, gap, gap_if_planned, told)


def reached(goal: Goal, value: Fraction) -> bool:
    """Whether a value reaches the target as the goal's direction says."""
    return _against(goal, value)[0]


def _against(goal: Goal, value: Fraction) -> tuple[bool, Fraction]:
    """Whether the target is reached, and how far away it is (0 when reached)."""
    assert goal.target is not None
    target = Fraction(str(goal.target))
    if goal.direction == "at_least":
        return value >= target, max(Fraction(0), target - value)
    hit = value <= target if goal.direction == "at_most" else value < target
    return hit, Fraction(0) if hit else value - target


def certain(goal: Goal, one: Read) -> bool | None:
    """Whether the target is reached, or missed, whatever those answer who were not heard; None where all were, or nobody says how many."""
    size = goal.population
    if size is None or one.count is None or one.n is None or goal.target is None:
        return None
    ends = (int(one.count), int(one.count) + size - int(one.n))
    return len({reached(goal, Fraction(100 * count, size)) for count in ends}) == 1


def judge(goal: Goal, readings: list[Read], interim: bool) -> Judged:
    status, proxy, deciding = _by_rule(goal, readings, interim)
    rule, by, place = status, "", ""
    reason: str | Sayable = goal.evidence or "" if goal.type == "qualitative" else _remarks(goal, readings)
    if goal.override is not None:
        status, proxy = goal.override.status, False
        reason, by, place = goal.override.reason, goal.override.by, goal.override.place
    scale = 100 if goal.type == "percent" else 1
    spans: dict[str, Any] = {}
    for name, gaps in (("gap", [one.gap for one in deciding]), ("planned_gap", [one.gap_if_planned for one in deciding])):
        known = [float(gap / scale) for gap in gaps if gap is not None]
        spans |= {f"{name}_least": min(known, default=None), f"{name}_most": max(known, default=None)}
    row: dict[str, Any] = {"goal": goal.id, "unit": goal.unit, "type": goal.type, "direction": goal.direction}
    row |= {"status": status, "rule_status": rule}
    row |= {"proxy": proxy, "by": by, "place": place or goal.place} | targets(goal) | spans
    return Judged(goal, tuple(readings), row, reason)


def targets(goal: Goal) -> dict[str, Any]:
    percent = goal.type == "percent" and goal.target is not None
    return {"target": None if percent else goal.target, "target_share": float(Fraction(str(goal.target)) / 100) if percent else None}


def _by_rule(goal: Goal, readings: list[Read], interim: bool) -> tuple[str, bool, list[Read]]:
    if goal.type == "qualitative":
        return "qualitative", False, []
    for evidence in ("direct", "proxy"):
        deciding = [one for one in readings if one.evidence == evidence and one.reached is not None]
        if not deciding:
            continue
        hit = [one.reached or (interim and one.gap_if_planned == 0) for one in deciding]
        if all(hit):
            return ("on_track" if interim else "realised"), evidence == "proxy", deciding
        if any(hit):
            return "depends", evidence == "proxy", deciding
        return ("short_by" if interim else "not_realised"), evidence == "proxy", deciding
    return "no_data", False, []


def remarks_on(goal: Goal, one: Read) -> list[str | Sayable]:
    """What keeps a reading from being the goal's own number."""
    said: list[str | Sayable] = [part for part in (one.lacking, one.reading.note) if part]
    if certain(goal, one) is False:
        said.append(Phrase("goals.not_certain", {"n": int(one.n or 0), "population": goal.population}))
    if one.evidence != one.reading.evidence and one.lacking is None:
        kinds = {"had": Phrase(f"goals.measure_{one.measure}"), "asked": Phrase(f"goals.measure_{goal.measure}")}
        said.append(Phrase("goals.other_measure", kinds))
    return said


def _remarks(goal: Goal, readings: list[Read]) -> Joined:
    if not readings:
        return Joined((Phrase("goals.not_taken"),), " ")
    found: list[str | Sayable] = []
    for one in readings:
        found += [part for part in remarks_on(goal, one) if part not in found]
    return Joined(tuple(found), " ")
