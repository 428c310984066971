"""Goals by rule and in words: how far from the target, which status follows, and all of them on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Goal, Goals, Reading
from vvvresearch.locales import Joined, Lang, Phrase, Sayable, format_number, format_percent, half_up, is_sayable, text
from vvvresearch.results import Base, Column, Labels, Measure, Result, is_missing, whole


@dataclass(frozen=True)
class Extent(Column):
    """The lowest and the highest reading: "39", "39–64", "31 %–36 %"."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The readings of a goal's row."""
        shown = []
        for end in ("low", "high"):
            if not is_missing(row[end]):
                shown.append(format_number(half_up(row[end]), 0, lang))
            elif not is_missing(row[f"{end}_share"]):
                shown.append(format_percent(half_up(100 * row[f"{end}_share"]), 0, lang))
        return "–".join(dict.fromkeys(shown)) if shown else text("common.no_data", lang)


def scoreboard(goals: Goals, judged: Sequence[Judged], frame: pd.DataFrame) -> Result:
    """Every goal in one line, for the first page of a report.

    Args:
        goals: definitions and measured values.
        judged: each goal with its status.
        frame: one row a goal, as `goal_status` has it.

    Returns:
        Result; frame as given, and low, high (or low_share, high_share, 0–1) of the readings that decide, or of those there are.
        Addresses `goals.<goal>.low`, `.high`, `.low_share`, `.high_share`.
    """
    ends = pd.DataFrame([_ends(one) for one in judged], columns=["low", "high", "low_share", "high_share"])
    names = {(one.goal.id,): one.goal.short or one.goal.definition for one in judged}
    return Result(
        frame=pd.concat([frame.reset_index(drop=True), ends], axis=1),
        base=Base(len(frame), "goal"),
        title=Phrase("goals.scoreboard_title"),
        notes=(Phrase("goals.note_extent"),),
        shows=(
            Column("name", Phrase("goals.column_goal")),
            Target("target", Phrase("goals.column_target")),
            Extent("extent", Phrase("goals.column_measured")),
            Status("status", Phrase("goals.column_status")),
        ),
        kind=goals.kind,
        at="goals",
        keys=("goal",),
        measures=(
            *(Measure(end, "number", of="", only_known=True) for end in ("low", "high")),
            *(Measure(f"{end}_share", "share", of="", only_known=True) for end in ("low", "high")),
        ),
        labels={"name": Labels(names, on=("goal",))},
    )


def _ends(one: Judged) -> dict[str, float | None]:
    read = [reading for reading in one.readings if reading.value is not None]
    deciding = [reading for reading in read if reading.evidence == "direct"] or read
    shares = [one.goal.type == "percent" or reading.measure == "share" for reading in deciding]
    if not deciding or len(set(shares)) > 1:
        # A number and a share have no common scale.
        deciding, shares = deciding[:1], shares[:1]
    found = [float(reading.value / (100 if shares[0] else 1)) for reading in deciding if reading.value is not None]
    ends = {"low": min(found), "high": max(found)} if found else {}
    return {f"{name}_share" if shares[0] else name: end for name, end in ends.items()}


_MOST_DECIMALS = 3


@dataclass(frozen=True)
class Target(Column):
    """The target with its direction: "mindst 90", "under 15 %"."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The target of a goal's row."""
        if not is_missing(row["target"]):
            number = format_number(row["target"], 0 if whole(row["target"]) is not None else 1, lang)
        elif not is_missing(row["target_share"]):
            percent = half_up(100 * row["target_share"], 1)
            number = format_percent(percent, 0 if percent == percent.to_integral_value() else 1, lang)
        else:
            return text("goals.no_target", lang)
        return text(f"goals.{row['direction']}", lang, n=number)


@dataclass(frozen=True)
class Status(Column):
    """The status with its gap, what is planned, and whether it rests on a proxy: "mangler 7 (3, hvis det planlagte lykkes)"."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The status of a goal's row."""
        status = row["status"]
        gap = _span(row, "gap", lang)
        over = status == "short_by" and row["direction"] != "at_least"
        # A goal that is below 15 per cent is not reached at 15, and nothing is lacking either.
        key = ("not_below" if row["gap_most"] == 0 else "over_by") if over else status
        words = Phrase(f"goals.{key}", {"gap": gap}).say(lang)
        if status == "short_by" and (planned := _span(row, "planned_gap", lang)):
            words += text("goals.if_planned", lang, gap=planned)
        return words + (text("goals.by_proxy", lang) if row["proxy"] else "")


# From here on a decimal says nothing.
_LARGE = 100


@dataclass(frozen=True)
class Measured(Column):
    """What one reading measured: "83", "29 % (10 af 35)", "6.063 (tilnærmet)"."""

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The number of a reading's row."""
        count, n = whole(row["count"]), whole(row["n"])
        if not is_missing(row["value"]):
            # A mean of 3.3 is written so beside a target of 3.5.
            decimals = 0 if float(row["value"]).is_integer() or abs(row["value"]) >= _LARGE else 1
            shown = format_number(half_up(row["value"], decimals), decimals, lang)
        elif is_missing(row["share"]):
            shown = text("common.no_data", lang)
        elif count is not None and n is not None and n < small_n:
            shown = text("common.of", lang, part=count, whole=n)
        else:
            shown = format_percent(half_up(100 * row["share"]), 0, lang)
            if count is not None and n is not None:
                shown = text("common.share_of", lang, percent=shown, count=count, n=n)
        return shown + (text(f"goals.mark_{row['evidence']}", lang) if row["evidence"] != "direct" else "")


@dataclass(frozen=True)
class AllMeasured(Column):
    """Every reading of a goal in one cell: "Viden: i høj grad: 29 % (10 af 35); …".

    Args:
        readings: the rows of the readings, by goal.
        names: what each reading is called.
    """

    readings: Mapping[str, tuple[Mapping[Any, Any], ...]] = field(default_factory=dict)
    names: Labels = field(default_factory=lambda: Labels({}))

    def write_row(self, row: Mapping[Any, Any], lang: Lang, small_n: int, labels: Mapping[str, Labels]) -> str:
        """The readings of a goal's row."""
        one = Measured(self.name)
        return "; ".join(
            f"{self.names.say('', reading, lang)}: {one.write_row(reading, lang, small_n, labels)}"
            for reading in self.readings.get(row["goal"], ())
        )


def _span(row: Mapping[Any, Any], name: str, lang: Lang) -> str:
    """The least and the largest gap, in numbers or percentage points; a gap that is there is never written as 0."""
    limits = [row[f"{name}_least"], row[f"{name}_most"]]
    if any(is_missing(limit) for limit in limits):
        return ""
    scaled = [100 * limit if row["type"] == "percent" else limit for limit in limits]
    decimals = next((d for d in range(_MOST_DECIMALS) if all(half_up(one, d) or not one for one in scaled)), _MOST_DECIMALS)
    low, high = (format_number(half_up(one, decimals), decimals, lang) for one in scaled)
    shown = low if low == high else f"{low}–{high}"
    return text("goals.points", lang, n=shown) if row["type"] == "percent" else shown


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
