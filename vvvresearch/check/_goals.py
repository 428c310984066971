"""Goals: each number that a goal takes must be there, be of the goal's unit and lie within what it can be."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

from vvvresearch.check._evidence import Examined, UnreadableError
from vvvresearch.check._fault import Fault
from vvvresearch.errors import SchemaError, VvvError
from vvvresearch.evidence import Goal, Reading, Taken
from vvvresearch.rounds._measures import cell_of, lacks, measured

# Who is counted, where a goal and its number must agree. Courses, areas and programmes have numbers of many kinds.
_UNITS = ("municipality", "leader", "match", "group")
_PEOPLE = ("person", "participant", "leader", "volunteer", "refugee")


def goal_faults(opened: Examined) -> Iterator[Fault]:
    """What is wrong with each reading of each goal."""
    faulty = False
    for number, goal in enumerate(opened.spec.goals):
        most = len(opened.municipalities)
        if goal.unit == "municipality" and goal.type == "number" and goal.target is not None and goal.target > most:
            what = f"the goal {goal.id} asks for {goal.target:g} of {most} municipalities"
            yield Fault("goal", opened.file, opened.lines.at("goals", number, "target"), what)
        for place, reading in enumerate(goal.readings):
            for fault in _reading_faults(opened, goal, number, reading, place):
                faulty = True
                yield fault
    if not faulty and opened.spec.goals:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                opened.goal_status()
        except UnreadableError:
            return
        except VvvError as problem:
            goal_id = problem.what.split(":")[0]
            number = next((n for n, goal in enumerate(opened.spec.goals) if goal.id == goal_id), 0)
            yield Fault("goal", opened.file, opened.lines.at("goals", number), problem.what, problem.why, problem.todo)


def _reading_faults(opened: Examined, goal: Goal, number: int, reading: Reading, place: int) -> Iterator[Fault]:
    if reading.taken is None:
        return
    named = f"the goal {goal.id}, {reading.id}"
    for taken in (one for one in (reading.taken, reading.planned) if one is not None):
        try:
            reason = lacks(opened, taken)
        except UnreadableError:
            return
        except VvvError:
            reason = None
        if reason is not None:
            row = _line(opened, number, place, taken, taken.cell or taken.survey)
            todo = "add the source, or take another number"
            yield Fault("goal", opened.file, row, f"{named}: it names a source that the round does not have", reason.say("en"), todo)
            return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            measured(opened, goal, reading)
            cell = cell_of(opened, reading.taken, share=goal.type == "percent", when=reading.as_of or goal.as_of)
    except (UnreadableError, SchemaError):
        return  # rests on rows that are told where they stand
    except VvvError as problem:
        row = _line(opened, number, place, reading.taken, problem.what)
        yield Fault("goal", opened.file, row, f"{named}: {problem.what}", problem.why, problem.todo)
        return
    row = _line(opened, number, place, reading.taken, cell.address)
    if goal.type == "percent" and cell.format not in ("share", "points"):
        yield Fault("goal", opened.file, row, f"{named}: {cell.address} is a {cell.format}, and the goal a percentage", "", "take a share")
    elif goal.type == "number" and cell.format == "share":
        yield Fault("goal", opened.file, row, f"{named}: {cell.address} is a share, and the goal a number", "", "take a count")
    elif reading.evidence == "direct" and not _fits(goal.unit, unit := str(cell.row.get("unit") or cell.base.unit)):
        what = f"{named}: {cell.address} counts by {unit}, and the goal by {goal.unit}"
        row = opened.lines.at("goals", number, "unit")
        yield Fault("goal", opened.file, row, what, "", 'correct the unit, take another number, or say evidence = "proxy"')


def _fits(unit: str, counted: str) -> bool:
    if unit == counted or counted not in (*_UNITS, *_PEOPLE) or unit not in (*_UNITS, *_PEOPLE):
        return True
    return unit in _PEOPLE and counted in _PEOPLE and "leader" not in (unit, counted)


def _line(opened: Examined, number: int, place: int, taken: Taken, words: str) -> int | None:
    """The line of the part of a reading that an error speaks of: the code of an answer, an item, an address."""
    given: list[Any] = [
        taken.cell,
        taken.survey,
        taken.item,
        *taken.answers,
        taken.extract,
        *taken.reason_class,
        taken.year,
        taken.presence,
    ]
    named = [one for one in given if one and (f"{one!r}" in words or str(one) == words)]
    best = max(named, key=lambda one: words.rfind(str(one)), default=next((one for one in given if one), ""))
    inside = ("goals", number, "readings", place) if opened.lines.at("goals", number, "readings", place) else ("goals", number)
    if opened.lines.places.get(("goals", number, "readings", place)) is None:
        inside = ("goals", number)
    return opened.lines.of(best, *inside)


def follow_up_faults(opened: Examined) -> Iterator[Fault]:
    """What is wrong in this round's answers to recommendations, beside those that earlier rounds made."""
    from vvvresearch.monitoring import recommendation_faults

    if (found := opened.one("recommendations")) is None:
        return
    try:
        earlier = {one.id: table for one in opened.earlier if (table := one.rows_of("recommendations")) is not None}
    except VvvError:
        return  # an earlier round that cannot be opened is told where it is named
    for fault in recommendation_faults({**earlier, opened.id: found[1].frame}):
        if fault.round == opened.id:
            yield Fault("goal", found[0].path, fault.row, fault.what, "", fault.todo)
