"""Settings of the definition against the evidence: cross-tables, trends, pairs, connections, attributes, events, numbers of goals."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from vvvresearch.check._evidence import Examined, UnreadableError, filled, registered
from vvvresearch.check._fault import Fault, nearest, quoted
from vvvresearch.errors import AnalysisError, SchemaError, VvvError
from vvvresearch.evidence import REGISTER_COLUMNS, Goal, Reading, Survey, Taken
from vvvresearch.files import read_csv
from vvvresearch.mechanisms import case_conditions
from vvvresearch.rounds import list_rounds, surveys_before
from vvvresearch.rounds._measures import cell_of, lacks, measured


def setting_faults(opened: Examined) -> Iterator[Fault]:
    """Settings that name what there is not."""
    for look in _LOOKS:
        try:
            yield from look(opened)
        except VvvError:
            continue  # rests on a source that is told where it stands


def _missing(opened: Examined, what: str, word: str, known: Iterable[str], *place: str | int) -> Fault:
    return Fault("setting", opened.file, opened.lines.of(word, *place), f"{what} {quoted(word)}", "", nearest(word, known))


def _surveys(opened: Examined) -> list[str]:
    return [source.id for source in opened.spec.sources if source.type == "survey"]


def _items(survey: Survey) -> list[str]:
    return [item.id for item in survey.questionnaire.items] if survey.questionnaire else [str(name) for name in survey.answers.columns]


def _previous(opened: Examined) -> Iterator[Fault]:
    if opened.spec.previous is None:
        return
    others = [name for name in list_rounds(opened.root) if name != opened.id]
    if opened.spec.previous.round not in others:
        yield _missing(opened, "previous: this workspace has no round", opened.spec.previous.round, others, "previous", "round")
        return
    before = surveys_before(opened.root, opened.spec)
    for name in _surveys(opened):
        if name in before:
            what = f"the survey {name} stands in this round and in an earlier one ({before[name]})"
            todo = f"give each wave an id of its own, for example {name}-{opened.spec.period.end.year}"
            yield Fault("setting", opened.file, opened.lines.of(name), what, "the address of a number would mean two", todo)


def _wave(opened: Examined) -> Iterator[Fault]:
    """The wave of the round's own interviews, of which none is in the register."""
    register = registered(opened)
    waves = filled(register[1]["wave"]) if register is not None else set()
    if opened.spec.wave and waves and opened.spec.wave not in waves:
        yield _missing(opened, "wave: no interview of the register has the wave", opened.spec.wave, sorted(waves), "wave")


def _crosses(opened: Examined) -> Iterator[Fault]:
    read = {source.id: opened.as_read(source.id) for source in opened.readable("survey")}
    found = []
    for number, cross in enumerate(opened.spec.crosses):
        if cross.survey not in _surveys(opened):
            found.append(_missing(opened, "crosses: the round has no survey", cross.survey, _surveys(opened), "crosses", number, "survey"))
            continue
        if cross.survey not in read:
            continue
        survey = read[cross.survey]
        items = _items(survey)
        if cross.item not in items:
            found.append(_missing(opened, f"crosses: {cross.survey} has no item", cross.item, items, "crosses", number, "item"))
        variables = [*items, *(map(str, survey.invited.columns) if survey.invited is not None else ()), *map(str, survey.answers.columns)]
        if cross.by not in variables:
            what = f"crosses: {cross.survey} has no variable"
            found.append(_missing(opened, what, cross.by, dict.fromkeys(variables), "crosses", number, "by"))
    yield from found
    if not found and opened.spec.crosses and all(cross.survey in read for cross in opened.spec.crosses):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                opened.crosses()
        except AnalysisError as problem:
            yield Fault("setting", opened.file, opened.lines.at("crosses"), f"crosses: {problem.what}", problem.why, problem.todo)


def _trends(opened: Examined) -> Iterator[Fault]:
    items = {item for source in opened.readable("survey") for item in _items(opened.as_read(source.id))}
    for name in opened.spec.trends:
        if name not in items and items:
            yield _missing(opened, "trends: no survey has the item", name, items, "trends")
        elif not items and not opened.has("survey"):
            yield Fault("setting", opened.file, opened.lines.of(name, "trends"), f"trends: the round has no survey to follow {name!r} in")


def _sources(opened: Examined) -> Iterator[Fault]:
    for number, source in enumerate(opened.spec.sources):
        if source.survey and source.survey not in _surveys(opened):
            yield _missing(opened, f"{source.id}: the round has no survey", source.survey, _surveys(opened), "sources", number, "survey")
        if source.finished and source in list(opened.readable("answers_as_received")):
            columns = [str(name) for name in opened.as_read(source.id).frame.columns]
            if source.finished not in columns:
                what = f"{source.id}: the answers have no column"
                yield _missing(opened, what, source.finished, columns, "sources", number, "finished")


def _portrayed(opened: Examined) -> Iterator[Fault]:
    if not opened.spec.portrayed:
        return
    if not opened.has("mappings"):
        what = "portrayed: the round has no mappings to portray pairs from"
        yield Fault("setting", opened.file, opened.lines.at("portrayed"), what, "", "add the mappings, or leave the setting out")
        return
    if opened.one("mappings") is None or opened.one("interviews") is None:
        return
    cases = set(map(str, opened.as_read(opened.one("mappings")[0].id).links["case"]))  # type: ignore[index]
    for pair in opened.spec.portrayed:
        if pair not in cases:
            yield _missing(opened, "portrayed: the mappings have no pair", pair, cases, "portrayed")
            continue
        try:
            opened.portrayable((pair,))
        except AnalysisError as problem:
            yield Fault("setting", opened.file, opened.lines.of(pair, "portrayed"), problem.what, problem.why, problem.todo)


def _connections(opened: Examined) -> Iterator[Fault]:
    if not opened.spec.maps.connections or (found := opened.one("mappings")) is None:
        return
    nodes = {str(node) for side in ("cause", "effect") for node in found[1].links[side]}
    for connection in opened.spec.maps.connections:
        for end in connection:
            if end not in nodes:
                yield _missing(opened, "maps, connections: the mappings have no factor", end, nodes, "maps", "connections")


def _attributes(opened: Examined) -> Iterator[Fault]:
    if not opened.has("interviews") or "attributes" not in opened.spec.themes.model_fields_set:
        return
    register = registered(opened)
    known = list(register[1].columns) if register is not None else list(REGISTER_COLUMNS)
    for name in opened.spec.themes.attributes:
        if name not in known:
            yield _missing(opened, "themes, attributes: the register has no column", name, known, "themes", "attributes")


def _representation(opened: Examined) -> Iterator[Fault]:
    lists = [opened.as_read(source.id).invited for source in opened.readable("survey")]
    columns = {str(name) for frame in lists if frame is not None for name in frame.columns}
    for name in opened.spec.representation.by:
        if columns and name not in columns:
            yield _missing(opened, "representation, by: no list of invited has the column", name, columns, "representation", "by")


def _affected(opened: Examined) -> Iterator[Fault]:
    known = [*(goal.id for goal in opened.spec.goals), *(source.id for source in opened.spec.sources)]
    for number, event in enumerate(opened.spec.context):
        for name in event.affects:
            if name not in known:
                yield _missing(opened, "context, affects: there is no goal or source", name, known, "context", number, "affects")


def _for_each(opened: Examined) -> Iterator[Fault]:
    for number, book in enumerate(opened.spec.notebooks):
        if (each := book.for_each) is None or not each.table:
            continue
        path = opened.root / each.table
        row = opened.lines.of(each.table, "notebooks", number)
        if not path.is_file():
            beside = [one.name for one in path.parent.glob("*.csv")] if path.parent.is_dir() else []
            yield Fault("setting", opened.file, row, f"{book.id}: there is no table {each.table}", "", nearest(path.name, beside))
            continue
        columns = [str(name) for name in read_csv(path).columns]
        for name in (each.name, *each.parameters.values()):
            if name not in columns:
                what = f"{book.id}: {each.table} has no column {name!r}"
                line = opened.lines.of(name, "notebooks", number)
                yield Fault("setting", opened.file, line, what, "", nearest(name, columns))


_LOOKS = (
    _previous, _wave, _crosses, _trends, _sources, _portrayed, _connections, _attributes, _representation, _affected, _for_each,
)  # fmt: skip


def condition_faults(opened: Examined) -> Iterator[Fault]:
    """Conditions and outcomes whose rule points at nothing, and columns of the attributes that are not there."""
    types = {source.type for source in opened.spec.sources}
    there = {source.type for source in opened.readable()}
    for kind, declared in (("conditions", opened.spec.conditions), ("outcomes", opened.spec.outcomes)):
        for number, one in enumerate(declared):
            needs, row = one.rule.needs, opened.lines.at(kind, number, "rule")
            if needs not in types:
                todo = f"add a source of the type {needs}, or give another rule"
                what = f"the condition {one.id!r} needs {needs}, and the round has no such source"
                yield Fault("condition", opened.file, row, what, "", todo)
            elif needs in there:
                try:
                    case_conditions({one.id: one.rule.rule()}, **opened.grounds_of({needs}))
                except UnreadableError:
                    continue
                except VvvError as problem:
                    yield Fault("condition", opened.file, row, f"{one.id}: {problem.what}", problem.why, problem.todo)
    if (found := opened.one("attributes")) is None:
        return
    columns = [str(name) for name in found[1].frame.columns]
    settings = opened.spec.perspectives
    for field, names in (("expected", settings.expected), ("leave_out", settings.leave_out)):
        for name in names:
            if name not in columns:
                what = f"perspectives, {field}: the attributes have no column {name!r}"
                row = opened.lines.of(name, "perspectives", field)
                yield Fault("condition", opened.file, row, what, "", nearest(name, columns))


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
