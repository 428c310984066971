"""Sources by themselves: their files are there, each can be read and used, answers follow their routes, documents agree with themselves."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from vvvresearch.check._evidence import Examined, UnreadableError, one_slip_apart
from vvvresearch.check._fault import Fault, Notice, TomlLines, faults_of, nearest, toml_lines
from vvvresearch.errors import SchemaError, VvvError
from vvvresearch.evidence import SOURCE_TYPES, Codings, can_combine, combine
from vvvresearch.intake import fold, read_map, roles_of
from vvvresearch.rounds import Trace, traces

if TYPE_CHECKING:
    from vvvresearch.locales import Lang
    from vvvresearch.published import Finding
    from vvvresearch.rounds import Source


# What each type of source is for: where it can be read and not used, the analysis says why.
_USES: dict[str, Callable[[Any], Any]] = {
    "claims": lambda opened: opened.triangulate(),
    "attributes": lambda opened: opened.perspectives(),
    "configurations": lambda opened: opened.configurations(),
    "ledger": lambda opened: [opened.evidence_ledger(hypothesis=one) for one in opened.hypotheses],
    "theory": lambda opened: opened.theory_of_change(),
    "contacts": lambda opened: opened.contacts(),
    "monitoring": lambda opened: opened.presence(),
    "matches": lambda opened: (opened.match_volume(), opened.ended_by_reason()),
    "counts": lambda opened: opened.volume(),
    "courses": lambda opened: opened.course_table(),
    "interviews": lambda opened: opened.interview_table(),
}


_MISFIT = re.compile(
    r"(?P<item>[\w-]+): (the item has no column|is neither a code nor a label of this item)(?:.*?did you mean (?P<near>[\w-]+)\?)?"
)
# Losses of reading that are faults of the project, not of what the model can hold.
_ASTRAY = frozenset((
    "cases' references to sources that the project lacks", "members of cases that the project lacks",
    "variables of cases that the project lacks", "codings of a code that the codebook lacks", "values of a variable that the project lacks",
))  # fmt: skip
# Two names of files that differ by a few signs.
_ALIKE = 0.75


def source_faults(opened: Examined) -> Iterator[Fault]:
    """The faults of every source: files that are not there, and what their readers find."""
    for number, source in enumerate(opened.spec.sources):
        if source.type == "documentary":
            continue
        lost = False
        for field in ("path", "questionnaire", "invited", "margins", "codebook", "texts", "links"):
            name = getattr(source, field)
            if name and not (opened.root / name).exists():
                lost = True
                place = opened.root / name
                beside = [one.name for one in place.parent.iterdir()] if place.parent.is_dir() else []
                row = opened.lines.of(name, "sources", number, field)
                named = {(opened.root / one.path).name for one in opened.spec.sources}
                near = [one for one in beside if one_slip_apart(one, place.name)]
                near += [one for one in beside if one not in named and SequenceMatcher(None, one, place.name).ratio() >= _ALIKE]
                if near:
                    what = f"the source {source.id}: there is no {name}"
                    yield Fault("source", opened.file, row, what, "", f"did you mean {near[0]}?")
                    continue
                why = f"the source {source.id} names it in {opened.file}, line {row}"
                yield Fault(
                    "source",
                    name,
                    None,
                    f"there is no {name}",
                    why,
                    f"put the file there, or correct {field}; {nearest(place.name, beside)}",
                )
        yield from _map_faults(opened, source)
        try:
            read = opened.as_read(source.id)
        except VvvError as problem:
            if not lost:
                found = faults_of(problem, "source", source.path, opened.root)
                yield from _in_the_questionnaire(opened, source, found)
            continue
        if source.type == "codings":
            yield from _astray(source, read)
    yield from _several(opened)


def _map_faults(opened: Examined, source: Source) -> Iterator[Fault]:
    """Columns that a map gives a role which is one slip from a role of its kind, and none: they would go along as words of their own."""
    if not source.map:
        return
    try:
        settled = read_map(opened.root / source.map, opened.root / source.path)
    except VvvError:
        return  # told by whatever reads the source
    roles = roles_of(settled.kind) if settled.kind != "survey" else {}
    for name, value in settled.decisions.items():
        own = fold(settled.words.get(name, "")).replace(" ", "_")
        if (
            name.startswith("column.")
            and value not in (*roles, own)
            and (near := [one for one in roles if one_slip_apart(one, str(value))])
        ):
            row = toml_lines(opened.root / source.map).of(value, "decided", name)
            what = f"the column {settled.words.get(name, name)} is taken for {value!r}, which is nothing that {settled.kind} have"
            yield Fault("source", source.map, row, what, "", f"did you mean {near[0]}?")


def _astray(source: Source, codings: Codings) -> Iterator[Fault]:
    """References of a project that lead nowhere: a coding, who was interviewed, or what is known of a person is lost with them."""
    for loss in codings.losses:
        if loss.what in _ASTRAY:
            why = "what they refer to is missing, so they are left out"
            what = f"the project refers to what it does not hold: {loss.count} {loss.what}"
            yield Fault("source", source.path, None, what, why, "export the project again, with all its sources")


def _in_the_questionnaire(opened: Examined, source: Source, found: Iterator[Fault]) -> Iterator[Fault]:
    """Faults of a survey whose file is as it was taken in: what does not fit is in the questionnaire, at the item or the answer."""
    if not (source.map and source.questionnaire) or source.id in opened.changed:
        yield from found
        return
    lines = toml_lines(opened.root / source.questionnaire)
    told = set()
    for fault in found:
        match = _MISFIT.match(fault.what) if fault.file == source.path else None
        row = _line_of(lines, match["item"], match["near"] or "") if match else None
        if match is None or row is None:
            yield fault
        elif row not in told:
            told.add(row)
            yield replace(fault, file=source.questionnaire, row=row)


def _line_of(lines: TomlLines, item: str, code: str) -> int | None:
    """The line of a questionnaire where an item stands, or its answer of a code."""
    rows = [number for number, line in enumerate(lines.text, 1) if line.strip() == f'id = "{item}"']
    if not rows or not code:
        return rows[0] if rows else None
    below = (number for number, line in enumerate(lines.text, 1) if number > rows[0] and f'code = "{code}"' in line)
    return next(below, rows[0])


def _several(opened: Examined) -> Iterator[Fault]:
    """Two sources of a type of which a round has one, and files of one type that cannot be put together."""
    first: dict[str, str] = {}
    parts: dict[str, list[str]] = {}
    for source in opened.readable():
        if can_combine(opened.as_read(source.id)):
            parts.setdefault(source.type, []).append(source.id)
    for names in parts.values():
        try:
            combine([opened.as_read(name) for name in names])
        except VvvError as problem:
            yield from faults_of(problem, "source", opened.source(names[-1]).path, opened.root)
    for number, source in enumerate(opened.spec.sources):
        if source.type in first and SOURCE_TYPES[source.type].single and source.type not in parts:
            row = opened.lines.at("sources", number, "type")
            what = f"the sources {first[source.type]} and {source.id} are both of the type {source.type}"
            yield Fault("source", opened.file, row, what, "a round has at most one of them", "put them together, or leave one out")
        first.setdefault(source.type, source.id)


def use_faults(opened: Examined, told: set[str]) -> Iterator[Fault]:
    """Sources that can be read and not used.

    Args:
        opened: the round.
        told: files of which something is told already; what follows from it is not told again.
    """
    for kind, use in _USES.items():
        found = opened.one(kind)
        if found is None or any(name == found[0].path or name.startswith(f"{found[0].path}/") for name in told):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                use(opened)
        except UnreadableError:
            continue
        except VvvError as problem:
            yield from _placed(opened, kind, problem, found[0].path)
    for source in opened.readable("answers_as_received"):
        if source.survey in opened.surveys and source.path not in told:
            try:
                opened.cleaned(source.survey)
            except UnreadableError:
                continue
            except VvvError as problem:
                yield from faults_of(problem, "source", source.path, opened.root)


def _placed(opened: Examined, kind: str, problem: VvvError, path: str) -> Iterator[Fault]:
    """The faults of an analysis: it counts the records of all files of a type, from 0, and a reader of faults the rows of one."""
    if not isinstance(problem, SchemaError):
        yield from faults_of(problem, "source", path, opened.root)
        return
    for failure in problem.failures:
        number, where, row = failure.row, path, None
        for source in opened.readable(kind) if number is not None else ():
            frame = getattr(opened.as_read(source.id), "frame", None)
            if frame is not None and number is not None and number < len(frame):
                where, row = source.path, opened.row(source, frame, number)
                break
            number = number - len(frame) if frame is not None and number is not None else number
        own = SchemaError(problem.what, [replace(failure, row=row)], where=where, why=problem.why, todo=problem.todo)
        yield from faults_of(own, "source", where, opened.root)


def route_notices(opened: Examined) -> Iterator[Notice]:
    """Answers of people whom the route does not lead to the item, for rows that are answers."""
    from vvvresearch.survey import base_table

    for source in opened.readable("survey"):
        if (survey := opened.read(source.id)).questionnaire is None:
            continue
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            base_table(survey)
        yield from (Notice("route", source.id, text) for text in dict.fromkeys(str(one.message) for one in caught))


def published_notices(opened: Examined, lang: str) -> Iterator[Notice]:
    """Where published documents do not agree with themselves: a finding about them, and no fault of the round."""
    if opened.one("published") is None:
        return
    from vvvresearch.locales import check_lang
    from vvvresearch.published import find_inconsistencies

    courses = [opened.read(source.id) for source in opened.readable("courses")]
    for finding in find_inconsistencies(opened.published, courses):
        yield notice_of(finding, check_lang(lang))


def notice_of(finding: Finding, lang: Lang) -> Notice:
    """A finding about published numbers in words, with its ground."""
    from vvvresearch.locales import say, text

    where = f"{finding.document}, {finding.lines}" if finding.lines else finding.document
    what = f"{text(f'consistency.kind_{finding.kind}', lang)}: {say(finding.printed, lang)}"
    why = " ".join(say(part, lang) for part in finding.hypotheses)
    ground = text(f"consistency.ground_{finding.needs}", lang)
    return Notice("published", where, what, say(finding.possible or "", lang), why, ground)


_TODO = 'take it out of the file, or accept it in round.toml: [[accepted]] fault = "…", reason = "…", by = "…"'
_NAMES = "decide on each in round.toml: [[may_stand]] name, reason, by; or [[accepted]] fault, reason, by; or take it out of the file"
_LISTED = 8


def identifier_faults(opened: Examined) -> Iterator[Fault]:
    """Every direct identifier in a text that can be shown, by its place; what stands there is not repeated."""
    for one in _traces(opened):
        if one.direct:
            yield Fault("identifier", one.file, None, one.what, f"found by: {one.rule}", _TODO)


def identifiers_to_decide(opened: Examined) -> Iterator[str]:
    """Names and rare stories that nobody has decided on."""
    left = [one for one in _traces(opened) if not one.direct and not opened.spec.reason_for(one.what)]
    by_file: dict[str, list[Trace]] = {}
    for one in left:
        by_file.setdefault(one.file, []).append(one)
    for file, found in by_file.items():
        places = "; ".join(f"{one.kind} in {one.where}" for one in found[:_LISTED])
        more = f"; and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
        yield f"{file}: {len(found)} places may name or single out a person (content {found[0].content}): {places}{more}; {_NAMES}"


def _traces(opened: Examined) -> list[Trace]:
    return traces(opened.root, opened.spec)
