"""Goals over rounds: what was measured for the same goal each time, and a break where it is no longer the same goal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Goal, Goals, timeless
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import LANGUAGES, Joined, Phrase, Sayable
from vvvresearch.monitoring._goal_columns import Measured, Target
from vvvresearch.monitoring._goals import goal_status
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result

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
