"""Goal status: what was measured set against each success criterion, by rule or by a reasoned judgement."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Goal, Goals, Reading
from vvvresearch.locales import Lang, Phrase, check_lang, format_number, format_percent, half_up
from vvvresearch.results import Base, Column, Result

_READING_COLUMNS = (
    "goal",
    "reading",
    "label",
    "evidence",
    "measure",
    "unit",
    "value",
    "count",
    "base",
    "target",
    "direction",
    "reached",
    "gap",
    "gap_if_planned",
    "as_of",
    "source",
    "note",
    "measured",
    "target_words",
)
_GOAL_COLUMNS = (
    "goal",
    "definition",
    "unit",
    "target",
    "status",
    "status_words",
    "rule_status",
    "measured",
    "reason",
    "by",
    "place",
    "proxy",
)


@dataclass(frozen=True, kw_only=True, repr=False)
class GoalTable(Result):
    """The status of goals.

    `frame` has one row a goal: goal, definition, unit, target, status (a key of `GOAL_STATUSES`), status_words, rule_status (what
    the rule alone gives), measured (the readings in words), reason, by and place (of a judgement), proxy (whether the status
    rests on something near the goal). `readings` has one row a reading with value, count, base, reached, gap and
    gap_if_planned. `overall` grades goals that are graded together: part → (status, realised, of).
    """

    readings: pd.DataFrame = field(default_factory=pd.DataFrame)
    overall: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    def reading_table(self) -> Result:
        """Every reading of every goal for readers: what was measured, against what, as of when, from which source."""
        shown = ("goal", "label", "measured", "target_words", "as_of", "source", "note")
        return Result(
            frame=self.readings,
            base=Base(len(self.readings), "value"),
            title=Phrase("goals.readings_title"),
            notes=(Phrase("goals.note_proxy"),),
            shows=tuple(Column(name, Phrase(f"goals.column_{name.removesuffix('_words')}")) for name in shown),
            kind=self.kind,
            lang=self.lang,
        )


def goal_status(goals: Goals, lang: str = "da") -> GoalTable:
    """The status of every success criterion.

    The rule: a goal is decided by its direct readings; without any, by its proxies, and the status says so; indirect
    readings never decide. A number of another measure than the goal's (a flow where the goal asks for a stock) is a
    proxy whatever it is called. In an interim round a reached target, or one that what is planned would reach, is
    `on_track`; else the goal is `short_by` the gap. In a final round it is `realised` or `not_realised`. Readings that
    disagree give `depends`: both are shown. Nothing measured is `no_data`, never a blank. A qualitative goal shows its
    evidence statement. A judgement overrides the rule, with its reason, and the rule's own answer stays beside it.

    Args:
        goals: definitions and measured values, e.g. `open_round("2021-note").goals`.
        lang: "da" or "en".

    Returns:
        GoalTable.

    Raises:
        AnalysisError: a measured percentage above 100 or below 0.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.evidence import Goal, Goals
        >>> words = {"da": "30 kurser", "en": "30 courses"}
        >>> goal = Goal.model_validate({"id": "T", "definition": words, "unit": "course", "type": "number", "target": 30,
        ...     "measure": "flow", "readings": [{"id": "held", "label": words, "measure": "flow"}]})
        >>> measured = pd.DataFrame({"goal": ["T"], "reading": ["held"], "value": [12], "count": [None], "base": [None],
        ...     "planned": [None], "source": ["register"]})
        >>> goal_status(Goals((goal,), measured), lang="en").frame.at[0, "status_words"]
        'short by 18'
    """
    said = check_lang(lang)
    if not isinstance(goals, Goals):
        raise AnalysisError(f"goals are needed, not {type(goals).__name__}", where="goals", todo="take a round's: open_round(...).goals")
    measured = {(row["goal"], row["reading"]): row for row in goals.measured.to_dict("records")}
    readings, rows = [], []
    for goal in goals.goals:
        own = [_reading_row(goal, reading, measured.get((goal.id, reading.id), {}), said) for reading in goal.readings]
        readings += own
        rows.append(_goal_row(goal, own, goals.interim, said))
    frame = pd.DataFrame(rows, columns=list(_GOAL_COLUMNS))
    notes: list[str | Phrase] = [Phrase("goals.note_interim" if goals.interim else "goals.note_final")]
    if any(row["proxy"] for row in rows):
        notes.append(Phrase("goals.note_proxy"))
    if any(row["rule_status"] == "depends" for row in rows):
        notes.append(Phrase("goals.note_depends"))
    if any(row["by"] for row in rows):
        notes.append(Phrase("goals.note_override"))
    overall = _overall(goals.goals, frame)
    parts = {goal.part_of.da: goal.part_of for goal in goals.goals if goal.part_of}
    notes += [
        Phrase("goals.note_overall", {"part": parts[part].say(said), "status": Phrase(f"goals.{status}"), "realised": realised, "of": of})
        for part, (status, realised, of) in overall.items()
    ]
    return GoalTable(
        frame=frame,
        readings=pd.DataFrame(readings, columns=list(_READING_COLUMNS)),
        overall=overall,
        base=Base(len(frame), "goal"),
        title=Phrase("goals.title"),
        notes=tuple(notes),
        shows=tuple(
            Column(name, Phrase(f"goals.column_{name}")) for name in ("goal", "definition", "target", "measured", "status_words", "reason")
        ),
        kind=goals.kind,
        lang=said,
    )


def _number(value: Any) -> Fraction | None:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _effective_evidence(goal: Goal, reading: Reading) -> str:
    """A number of another measure than the goal's own cannot be direct evidence for it."""
    if reading.evidence == "direct" and reading.measure != goal.measure and goal.type != "qualitative":
        return "proxy"
    return reading.evidence


def _reading_row(goal: Goal, reading: Reading, measured: dict[Any, Any], lang: Lang) -> dict[str, Any]:
    value = _number(measured.get("value"))
    if value is not None and (goal.type == "percent" or reading.measure == "share") and not 0 <= value <= 100:
        raise AnalysisError(f"{goal.id}: {reading.id} is measured as {float(value):g} %", why="a percentage lies between 0 and 100")
    evidence = _effective_evidence(goal, reading)
    planned = _number(measured.get("planned"))
    reached = gap = gap_planned = None
    if value is not None and goal.target is not None and evidence != "indirect":
        reached, gap = _against(goal, value)
        gap_planned = _against(goal, value + planned)[1] if planned is not None else None
    notes = [reading.note.say(lang)] if reading.note else []
    if evidence != reading.evidence:
        notes.append(Phrase("goals.other_measure", {"had": _measure(reading.measure), "asked": _measure(goal.measure)}).say(lang))
    source = measured.get("source", "")
    row = {
        "goal": goal.id,
        "reading": reading.id,
        "label": reading.label.say(lang),
        "evidence": evidence,
        "measure": reading.measure,
        "unit": goal.unit,
        "value": value,
        "count": measured.get("count"),
        "base": measured.get("base"),
        "target": goal.target,
        "direction": goal.direction,
        "reached": reached,
        "gap": gap,
        "gap_if_planned": gap_planned,
        "as_of": reading.as_of,
        "source": source.say(lang) if hasattr(source, "say") else source,
        "note": " ".join(notes),
        "target_words": _target_words(goal, lang),
    }
    return row | {"measured": _value_words(row, lang)}


def _measure(name: str) -> Phrase:
    return Phrase(f"goals.measure_{name}")


def _against(goal: Goal, value: Fraction) -> tuple[bool, Fraction]:
    """Whether the target is reached, and how far away it is (0 when reached)."""
    assert goal.target is not None
    target = Fraction(str(goal.target))
    if goal.direction == "at_least":
        return value >= target, max(Fraction(0), target - value)
    reached = value <= target if goal.direction == "at_most" else value < target
    return reached, Fraction(0) if reached else value - target


def _goal_row(goal: Goal, readings: list[dict[str, Any]], interim: bool, lang: Lang) -> dict[str, Any]:
    status, proxy, deciding = _by_rule(goal, readings, interim)
    rule = status
    reason = goal.evidence.say(lang) if goal.type == "qualitative" and goal.evidence else ""
    by = place = ""
    if goal.override is not None:
        status, proxy = goal.override.status, False
        reason, by, place = goal.override.reason.say(lang), goal.override.by, goal.override.place
    elif goal.type != "qualitative":
        reason = " ".join(dict.fromkeys(row["note"] for row in readings if row["note"]))
    return {
        "goal": goal.id,
        "definition": goal.definition.say(lang),
        "unit": goal.unit,
        "target": _target_words(goal, lang),
        "status": status,
        "status_words": _status_words(goal, status, deciding, proxy, lang),
        "rule_status": rule,
        "measured": "; ".join(f"{row['label']}: {row['measured']}" for row in readings),
        "reason": reason,
        "by": by,
        "place": place or goal.place,
        "proxy": proxy,
    }


def _by_rule(goal: Goal, readings: list[dict[str, Any]], interim: bool) -> tuple[str, bool, list[dict[str, Any]]]:
    if goal.type == "qualitative":
        return "qualitative", False, []
    for evidence in ("direct", "proxy"):
        deciding = [row for row in readings if row["evidence"] == evidence and row["reached"] is not None]
        if not deciding:
            continue
        proxy = evidence == "proxy"
        hit = [row["reached"] or (interim and row["gap_if_planned"] == 0) for row in deciding]
        if all(hit):
            return ("on_track" if interim else "realised"), proxy, deciding
        if any(hit):
            return "depends", proxy, deciding
        return ("short_by" if interim else "not_realised"), proxy, deciding
    return "no_data", False, []


def _amount(goal: Goal, values: list[Fraction], lang: Lang) -> str:
    """One amount, or the span of several, in numbers or percentage points."""
    low, high = (format_number(half_up(value), 0, lang) for value in (min(values), max(values)))
    shown = low if low == high else f"{low}–{high}"
    return Phrase("goals.points", {"n": shown}).say(lang) if goal.type == "percent" else shown


def _status_words(goal: Goal, status: str, deciding: list[dict[str, Any]], proxy: bool, lang: Lang) -> str:
    gap = _amount(goal, [row["gap"] for row in deciding], lang) if deciding else ""
    over = status == "short_by" and goal.direction != "at_least"
    words = Phrase("goals.over_by" if over else f"goals.{status}", {"gap": gap}).say(lang)
    planned = [row["gap_if_planned"] for row in deciding if row["gap_if_planned"] is not None]
    if status == "short_by" and planned:
        words += Phrase("goals.if_planned", {"gap": _amount(goal, planned, lang)}).say(lang)
    return words + (Phrase("goals.by_proxy").say(lang) if proxy else "")


def _target_words(goal: Goal, lang: Lang) -> str:
    if goal.target is None:
        return Phrase("goals.no_target").say(lang)
    target = Fraction(str(goal.target))
    write = format_percent if goal.type == "percent" else format_number
    number = write(target, 0 if target.denominator == 1 else 1, lang)
    return Phrase(f"goals.{goal.direction}", {"n": number}).say(lang)


def _value_words(row: dict[str, Any], lang: Lang) -> str:
    value = row["value"]
    if value is None:
        shown = Phrase("common.no_data").say(lang)
    elif row["measure"] == "share":
        shown = format_percent(value, 0, lang)
        count, base = _number(row["count"]), _number(row["base"])
        if count is not None and base is not None:
            shown += " (" + Phrase("common.of", {"part": int(count), "whole": int(base)}).say(lang) + ")"
    else:
        shown = format_number(half_up(value), 0, lang)
    mark = Phrase(f"goals.mark_{row['evidence']}").say(lang) if row["evidence"] != "direct" else ""
    return f"{shown}{mark}"


def _overall(goals: tuple[Goal, ...], frame: pd.DataFrame) -> dict[str, tuple[str, int, int]]:
    """All realised is realised, none even partly is not realised, anything between is partly realised."""
    graded: dict[str, list[str]] = {}
    for goal, status in zip(goals, frame["status"], strict=True):
        if goal.part_of:
            graded.setdefault(goal.part_of.da, []).append(status)
    found = {}
    for part, statuses in graded.items():
        realised = statuses.count("realised")
        some = realised + statuses.count("partly_realised")
        grade = "realised" if realised == len(statuses) else "partly_realised" if some else "not_realised"
        found[part] = (grade, realised, len(statuses))
    return found
