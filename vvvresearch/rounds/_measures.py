"""What was measured for a round's goals, taken from its sources as the definition says."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import RoundError, did_you_mean
from vvvresearch.evidence import MEASURED_COLUMNS, Goal, Interviews, Published, Reading, Register, Survey

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round

_SUM = re.compile(r"sum\((\w+)\)")


def measure_goals(opened: Round) -> pd.DataFrame:
    """One row a reading of each goal: value, count, base, planned, source.

    Raises:
        RoundError: a reading takes something its source does not have.
    """
    rows = [_measured(opened, goal, reading) for goal in opened.spec.goals for reading in goal.readings]
    return pd.DataFrame(rows, columns=list(MEASURED_COLUMNS), dtype=object)


def _measured(opened: Round, goal: Goal, reading: Reading) -> dict[str, Any]:
    row: dict[str, Any] = {"goal": goal.id, "reading": reading.id, "value": None, "count": None, "base": None, "planned": None}
    row["source"] = opened.source(reading.source).title if reading.source else ""
    if not reading.source or not reading.take:
        return row
    where = f"rounds/{opened.spec.id}/round.toml, goal {goal.id}, reading {reading.id}"
    evidence = opened.read(reading.source)
    value, count, base = take(evidence, reading.take, where)
    row |= {"value": value, "count": count, "base": base}
    if reading.planned:
        row["planned"] = take(evidence, reading.planned, where)[0]
    return row


def take(evidence: Any, expression: str, where: str) -> tuple[Any, int | None, int | None]:
    """A number from a source: its value, and count and base where it is a share.

    `rows` and `sum(column)` of a register or interviews; an id of a count; a fact's id or `figure:key,key` of what was
    published; `item=code,code` of a survey, over those who answered the item.
    """
    if isinstance(evidence, Survey):
        return _survey_share(evidence, expression, where)
    if isinstance(evidence, Published):
        return _published(evidence, expression, where)
    if isinstance(evidence, Register | Interviews):
        frame = evidence.frame
        if expression == "rows":
            return len(frame), None, None
        if (match := _SUM.fullmatch(expression)) and match[1] in frame.columns:
            return int(frame[match[1]].sum()), None, None
        if "count" in frame.columns and expression in set(frame["count"]):
            return int(frame.loc[frame["count"] == expression, "value"].iloc[0]), None, None
    raise RoundError(f"{expression!r} cannot be taken from this source", where=where, todo="write rows, sum(column) or an id that it has")


def _survey_share(survey: Survey, expression: str, where: str) -> tuple[Any, int | None, int | None]:
    item, _, codes = expression.partition("=")
    if item not in survey.answers.columns:
        raise RoundError(f"the survey has no item {item!r}", where=where, todo=did_you_mean(item, survey.answers.columns))
    column = survey.answers[item].astype("string").fillna("")
    base = int((column != "").sum())
    count = int(column.isin(codes.split(",")).sum())
    return (Fraction(100 * count, base) if base else None), count, base


def _published(published: Published, expression: str, where: str) -> tuple[Any, int | None, int | None]:
    figure, _, keys = expression.partition(":")
    if not keys:
        rows = published.facts[published.facts["fact"] == expression]
        if rows.empty:
            raise RoundError(f"no fact {expression!r} was published", where=where, todo=did_you_mean(expression, published.facts["fact"]))
        value = rows["value"].iloc[0]
        return (None if pd.isna(value) else int(value)), None, None
    values = published.values_of(figure)
    chosen = values[values["key"].isin(keys.split(","))]
    if len(chosen) != len(keys.split(",")):
        raise RoundError(f"{figure} has no answer {keys}", where=where, todo=did_you_mean(keys, values["key"]))
    base = published.figure(figure)["base"]
    known = None if pd.isna(base) else int(base)
    if chosen["count"].notna().all() and known:
        count = int(chosen["count"].sum())
        return Fraction(100 * count, known), count, known
    if len(chosen) == 1 and chosen["percent"].notna().all():
        return chosen["percent"].iloc[0], None, known
    return None, None, known
