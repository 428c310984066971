"""Goal status: what was measured set against each success criterion, by rule or by a reasoned judgement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import GOAL_STATUSES, Goal, Goals, timeless
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import LANGUAGES, Joined, Phrase, Sayable
from vvvresearch.monitoring._scoreboard import (
    AllMeasured,
    Judged,
    Measured,
    Read,
    Status,
    Target,
    certain,
    judge,
    read_against,
    remarks_on,
    scoreboard,
    targets,
)
from vvvresearch.results import Base, Column, Interval, Labels, Measure, Picture, Result, Total, address_part, whole
from vvvresearch.statistics.intervals import worst_case_bounds

_GOAL_COLUMNS = (
    *("goal", "unit", "type", "direction", "target", "target_share", "status", "rule_status", "proxy"),
    *("gap_least", "gap_most", "planned_gap_least", "planned_gap_most", "by", "place"),
)
_READING_COLUMNS = (
    *("goal", "reading", "evidence", "measure", "value", "share", "count", "n", "direction", "target", "target_share", "reached"),
    *(
        "population",
        "lower",
        "upper",
        "certain",
        "gap",
        "gap_share",
        "planned",
        "gap_if_planned",
        "gap_if_planned_share",
        "as_of",
        "source",
    ),
)
_READING_MEASURES = (
    Measure("value", "number", of="", only_known=True),
    Measure("share", "share", count="count", known="share", only_known=True),
    Measure("count", only_known=True),
    Measure("n", only_known=True),
    Measure("lower", "share", of="population", known="lower", only_known=True),
    Measure("upper", "share", of="population", known="upper", only_known=True),
    Measure("gap", "number", of="", only_known=True),
    Measure("gap_share", "points", of="n", only_known=True),
    Measure("gap_if_planned", "number", of="", only_known=True),
    Measure("gap_if_planned_share", "points", of="n", only_known=True),
)


def goal_status(goals: Goals) -> Result:
    """The status of every success criterion.

    The rule: a goal is decided by its direct readings; without any, by its proxies, and the status says so; indirect
    readings never decide. A number of another measure than the goal's (a flow where the goal asks for a stock) is a
    proxy whatever it is called. In an interim round a reached target, or one that what is planned would reach, is
    `on_track`; else the goal is `short_by` the gap. In a final round it is `realised` or `not_realised`. Readings that
    disagree give `depends`: both are shown. Nothing measured is `no_data`, never a blank. A qualitative goal shows its
    evidence statement. A judgement overrides the rule, with its reason, and the rule's own answer stays beside it.

    Args:
        goals: definitions and measured values, e.g. `open_round("2021-note").goals`.

    Returns:
        Result, one row a goal: goal, unit, type, direction, target (or target_share, 0–1), status and rule_status (what the rule
        alone gives; `GOAL_STATUSES`), proxy, the gaps of the readings that decide, by and place of a judgement. Part `readings`: goal,
        reading, evidence, measure, value (or share, with count and n), gap, gap_if_planned. Part `scoreboard`: each goal in
        one line with its short name, the lowest and the highest reading, `goals.<goal>.low` and `.high`. Part `overall`: goals that are
        graded together. Addresses `goals.<goal>.target`, `goals.<goal>.<reading>.value`, `goals.count.<status>`, `goals.total.n`.

    Raises:
        AnalysisError: a measured percentage above 100 or below 0, or no goals.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.evidence import Goal, Goals
        >>> words = {"da": "30 kurser", "en": "30 courses"}
        >>> goal = Goal.model_validate({"id": "T", "definition": words, "unit": "course", "type": "number", "target": 30,
        ...     "measure": "flow", "readings": [{"id": "held", "label": words, "measure": "flow"}]})
        >>> table = goal_status(Goals((goal,), pd.DataFrame({"goal": ["T"], "reading": ["held"], "value": [12]})))
        >>> table.cell("goals.t.held.gap").value, table.in_language("en").shown().at[0, "Status"]
        (18.0, 'short by 18')
    """
    if not isinstance(goals, Goals):
        raise AnalysisError(f"goals are needed, not {type(goals).__name__}", where="goals", todo="take a round's: open_round(...).goals")
    measured = {(row["goal"], row["reading"]): row for row in goals.measured.to_dict("records")}
    judged = [judge(goal, [read_against(goal, reading, measured) for reading in goal.readings], goals.interim) for goal in goals.goals]
    frame = pd.DataFrame([one.row for one in judged], columns=list(_GOAL_COLUMNS))
    readings = _readings(goals, judged)
    base = Base(len(frame), "goal")
    names = ("goal", "definition", "target", "measured", "status", "reason")
    labels = {name: Phrase(f"goals.column_{name}") for name in names}
    by_goal = {one.goal.id: tuple(readings.frame[readings.frame["goal"] == one.goal.id].to_dict("records")) for one in judged}
    overall = _overall(goals, frame, base)
    return Result(
        frame=frame,
        base=base,
        title=Phrase("goals.title"),
        notes=_notes(goals, judged, overall),
        shows=(
            Column("goal", labels["goal"]),
            Column("definition", labels["definition"]),
            Target("target", labels["target"]),
            AllMeasured("measured", labels["measured"], readings=by_goal, names=readings.labels["label"]),
            Status("status", labels["status"]),
            Column("reason", labels["reason"]),
        ),
        kind=goals.kind,
        at="goals",
        keys=("goal",),
        measures=(
            Measure("target", "number", of="", only_known=True),
            Measure("target_share", "share", of="", only_known=True),
        ),
        categories={"status": GOAL_STATUSES},
        labels={
            "definition": Labels({(goal.id,): goal.definition for goal in goals.goals}, on=("goal",)),
            "reason": Labels({(one.goal.id,): one.reason for one in judged}, on=("goal",)),
        },
        totals={"n": Total(len(frame), base)},
        parts={"scoreboard": scoreboard(goals, judged, frame), "readings": readings} | ({"overall": overall} if len(overall) else {}),
    )


def _readings(goals: Goals, judged: list[Judged]) -> Result:
    rows = [_reading_row(one.goal, read) for one in judged for read in one.readings]
    pairs = [(one.goal, read) for one in judged for read in one.readings]
    frame = pd.DataFrame(rows, columns=list(_READING_COLUMNS))
    on = ("goal", "reading")
    label = Labels({(goal.id, read.reading.id): read.reading.label for goal, read in pairs}, on=on)
    heads = {name: Phrase(f"goals.column_{name}") for name in ("goal", "label", "measured", "target", "as_of", "source", "note")}
    sources = {name: goals.sources.get(name, name) for name in frame["source"]}
    return Result(
        frame=frame,
        base=Base(len(frame), "value"),
        title=Phrase("goals.readings_title"),
        notes=(Phrase("goals.note_proxy"), *([Phrase("goals.note_bounds")] if frame["lower"].notna().any() else [])),
        shows=(
            Column("goal", heads["goal"]),
            Column("label", heads["label"]),
            Measured("measured", heads["measured"]),
            *([Interval("bounds", Phrase("goals.column_bounds"), scale=100)] if frame["lower"].notna().any() else []),
            Target("target", heads["target"]),
            Column("as_of", heads["as_of"]),
            Column("source", heads["source"]),
            Column("note", heads["note"]),
        ),
        kind=goals.kind,
        at="goals",
        keys=on,
        measures=_READING_MEASURES,
        labels={
            "label": label,
            "note": Labels({(goal.id, read.reading.id): Joined(tuple(remarks_on(goal, read)), " ") for goal, read in pairs}, on=on),
            "source": Labels(sources),
        },
        bases={
            (row["goal"], row["reading"]): Base(whole(row["n"]), source=sources[row["source"]], wave=row["as_of"])
            for row in frame.to_dict("records")
        },
        base_on=on,
    )


def _reading_row(goal: Goal, one: Read) -> dict[str, Any]:
    is_share = goal.type == "percent" or one.measure == "share"
    scale = 100 if is_share else 1
    exact = {"": one.value, "gap": one.gap, "planned": one.planned, "gap_if_planned": one.gap_if_planned}
    amount = {name: None if value is None else float(value / scale) for name, value in exact.items()}
    row: dict[str, Any] = {"goal": goal.id, "reading": one.reading.id, "evidence": one.evidence, "measure": one.measure}
    row |= {"direction": goal.direction, "reached": one.reached, "as_of": one.reading.as_of, "source": one.source}
    row |= {"count": None if one.count is None else int(one.count), "n": None if one.n is None else int(one.n)} | targets(goal)
    row |= _bounds(goal, one)
    row |= {"value": None if is_share else amount[""], "share": amount[""] if is_share else None, "planned": amount["planned"]}
    for name in ("gap", "gap_if_planned"):
        row |= {name: None if is_share else amount[name], f"{name}_share": amount[name] if is_share else None}
    return row


def _bounds(goal: Goal, one: Read) -> dict[str, Any]:
    """What the share may be in the whole population, and whether the target is reached, or missed, at both ends."""
    nothing = {"population": goal.population, "lower": None, "upper": None, "certain": None}
    size = goal.population
    if size is None or one.count is None or one.n is None or goal.target is None:
        return nothing
    if one.n > size:
        what = f"{goal.id}: the population ({size}) is smaller than the number of answers ({int(one.n)})"
        raise AnalysisError(what, where="population", todo="give the size of the frame the answers come from, or leave it out")
    limits = worst_case_bounds(int(one.count), int(one.n), size)
    return nothing | {"lower": limits.lower, "upper": limits.upper, "certain": certain(goal, one)}


def _overall(goals: Goals, frame: pd.DataFrame, base: Base) -> Result:
    """Goals that are graded together: all realised is realised, none even partly is not realised, anything between is partly realised."""
    graded: dict[str, list[str]] = {}
    words: dict[str, str | Sayable] = {}
    for goal, status in zip(goals.goals, frame["status"], strict=True):
        if goal.part_of:
            part = address_part(goal.part_of.da)
            words[part] = goal.part_of
            graded.setdefault(part, []).append(status)
    rows = []
    for part, statuses in graded.items():
        realised = statuses.count("realised")
        some = realised + statuses.count("partly_realised")
        grade = "realised" if realised == len(statuses) else "partly_realised" if some else "not_realised"
        rows.append({"part": part, "status": grade, "realised": realised, "n": len(statuses)})
    return Result(
        frame=pd.DataFrame(rows, columns=["part", "status", "realised", "n"]),
        base=base,
        title=Phrase("goals.title"),
        shows=(
            Column("part", Phrase("goals.column_goal")),
            Column("status", Phrase("goals.column_status"), words="goals"),
            Column("realised", Phrase("goals.realised"), "count"),
            Column("n", Phrase("common.n"), "count"),
        ),
        kind=goals.kind,
        at="goals/overall",
        keys=("part",),
        measures=(Measure("realised"), Measure("n")),
        labels={"part": Labels(words)},
    )


def _notes(goals: Goals, judged: list[Judged], overall: Result) -> tuple[Phrase, ...]:
    notes = [Phrase("goals.note_interim" if goals.interim else "goals.note_final")]
    rows = [one.row for one in judged]
    if any(row["proxy"] for row in rows):
        notes.append(Phrase("goals.note_proxy"))
    if any(row["rule_status"] == "depends" for row in rows):
        notes.append(Phrase("goals.note_depends"))
    if any(row["by"] for row in rows):
        notes.append(Phrase("goals.note_override"))
    for row in overall.frame.to_dict("records"):
        values = {"part": overall.labels["part"].words[row["part"]], "status": Phrase(f"goals.{row['status']}")}
        notes.append(Phrase("goals.note_overall", values | {"realised": row["realised"], "of": row["n"]}))
    return tuple(notes)


# A goal is the same one while these stay; a new target is another bar for the same thing.
_SAME = ("unit", "type", "measure", "direction", "numerator", "denominator")
_KEPT = ("evidence", "measure", "value", "share", "count", "n", "direction", "target", "target_share", "reached", "as_of", "source")


def goal_trend(rounds: Mapping[str, Goals], titles: Mapping[str, str | Sayable] | None = None) -> Result:
    """What was measured for each goal, round by round.

    Goals and readings are the same by their ids. Nothing is tested or called progress: each round's number stands beside that of the
    round before, with its own date and target, and a break says where unit, measure or definition changed.

    Args:
        rounds: a round's id → its goals, in the order of time; goals that the last one does not have are left out.
        titles: what the rounds are called; default their ids.

    Returns:
        Result; .frame: goal, reading, round, value (or share, count, n), target (or target_share), reached, as_of, source, status (of
        the goal in that round), break. Addresses `goal-trend.<goal>.<reading>.<round>.value`, `.share`, `.count`, `.n`.

    Raises:
        AnalysisError: fewer than two rounds.

    Example:
        >>> words = {"da": "30 kurser", "en": "30 courses"}
        >>> goal = Goal.model_validate({"id": "T", "definition": words, "unit": "course", "type": "number", "target": 30,
        ...     "measure": "flow", "readings": [{"id": "held", "label": words, "measure": "flow"}]})
        >>> def held(value):
        ...     return Goals((goal,), pd.DataFrame({"goal": ["T"], "reading": ["held"], "value": [value]}))
        >>> trend = goal_trend({"2023": held(12), "2024": held(31)})
        >>> trend.frame[["round", "value", "status", "break"]].values.tolist()
        [['2023', 12.0, 'short_by', False], ['2024', 31.0, 'on_track', False]]
    """
    if len(rounds) < 2:
        raise AnalysisError("a trend needs at least two rounds", where="rounds")
    newest = list(rounds.values())[-1]
    status = {name: goal_status(goals) for name, goals in rounds.items()}
    rows: list[dict[str, Any]] = []
    for goal in newest.goals:
        before: Goal | None = None
        for name, goals in rounds.items():
            own = next((one for one in goals.goals if one.id == goal.id), None)
            if own is None:
                continue
            judged = status[name].frame.set_index("goal")["status"][goal.id]
            changed = before is not None and not _is_same(before, own)
            readings = status[name]["readings"].frame
            for row in readings[readings["goal"] == goal.id].to_dict("records"):
                kept = {column: row[column] for column in _KEPT}
                rows.append({"goal": goal.id, "reading": row["reading"], "round": name, **kept, "status": judged, "break": changed})
            before = own
    frame = pd.DataFrame(rows, columns=["goal", "reading", "round", *_KEPT, "status", "break"])
    order = {reading: place for place, reading in enumerate(dict.fromkeys(zip(frame["goal"], frame["reading"], strict=True)))}
    place = [order[reading] for reading in zip(frame["goal"], frame["reading"], strict=True)]
    frame = frame.assign(place=place).sort_values("place", kind="stable").drop(columns="place").reset_index(drop=True)
    readings_of = {
        (goal.id, reading.id, name): reading.label for name, goals in rounds.items() for goal in goals.goals for reading in goal.readings
    }
    return Result(
        frame=frame,
        base=Base(len(newest.goals), "goal"),
        title=Phrase("goals.trend_title"),
        notes=(Phrase("goals.trend_note"),),
        shows=(
            Column("goal", Phrase("goals.column_goal")),
            Column("label", Phrase("goals.column_label")),
            Column("round", Phrase("goals.trend_round")),
            Measured("measured", Phrase("goals.column_measured")),
            Target("target", Phrase("goals.column_target")),
            Column("as_of", Phrase("goals.column_as_of")),
            Column("reached", Phrase("goals.trend_reached")),
            Column("break", Phrase("goals.trend_break")),
        ),
        kind=combined_kind(goals.kind for goals in rounds.values()),
        at="goal-trend",
        keys=("goal", "reading", "round"),
        measures=(
            Measure("value", "number", of="", only_known=True),
            Measure("share", "share", count="count", known="share", only_known=True),
            Measure("count", only_known=True),
            Measure("n", only_known=True),
        ),
        labels={"round": Labels(dict(titles or {})), "label": Labels(readings_of, on=("goal", "reading", "round"))},
        pictures=_pictures(frame, readings_of, dict(titles or {})),
    )


def _pictures(
    frame: pd.DataFrame, words: Mapping[tuple[str, str, str], str | Sayable], titles: Mapping[str, str | Sayable]
) -> dict[str, Picture]:
    """The shares that several rounds measured for a goal that stayed the same, side by side; none where there is no such share."""
    told = frame[frame["n"].notna() & frame["count"].notna()].groupby(["goal", "reading"], sort=False)
    same = [own for _, own in told if own["round"].nunique() > 1 and not own["break"].any()]
    if not same:
        return {}
    drawn = pd.concat(same)
    rows = zip(drawn["goal"], drawn["reading"], drawn["round"], strict=True)
    labels = [Joined((row[0], words.get(row, row[1])), ": ") for row in rows]
    waves = [titles.get(name, name) for name in drawn["round"]]
    return {
        "bars": Picture("wave_bars", pd.DataFrame({"label": labels, "wave": waves}).assign(**drawn[["count", "n"]].reset_index(drop=True)))
    }


def _is_same(before: Goal, now: Goal) -> bool:
    """Whether a goal is what it was, but for the year that its words may name."""
    alike = all(getattr(before, field) == getattr(now, field) for field in _SAME)
    return alike and all(timeless(before.definition.say(lang)) == timeless(now.definition.say(lang)) for lang in LANGUAGES)
