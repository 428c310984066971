"""The definition of a round: what keeps it from being read, each with its line, and the definition mended as far as a check needs it."""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vvvresearch.check._fault import Fault, Place, TomlLines, faults_of, quoted, toml_lines
from vvvresearch.errors import RoundError, VvvError, did_you_mean
from vvvresearch.evidence import Words
from vvvresearch.files import read_text, read_toml
from vvvresearch.rounds import RoundSpec

_TWICE = re.compile(r"the (?:source|goal|notebook) (\S+) stands twice")
_NAMED = re.compile(r"'([^']+)'")


def definition_faults(root: Path, file: str, problem: RoundError) -> Iterator[Fault]:
    """The faults of a definition that cannot be opened.

    Args:
        root: the workspace.
        file: the definition, relative to it.
        problem: what opening it raised.
    """
    path = root / file
    try:
        data = read_toml(path)
    except VvvError as unreadable:
        yield from faults_of(unreadable, "definition", file, root)
        return
    lines = toml_lines(path)
    try:
        RoundSpec.model_validate(data)
    except ValidationError as wrong:
        for error in wrong.errors():
            place = tuple(error["loc"])
            # pydantic tells one wrong value once for each form that it might have had.
            if "ends before" in error["msg"]:
                place = (*place, "end")
            inside = place if lines.at(*place) is not None else place[:1]
            value = "" if isinstance(error["input"], dict | list) else str(error["input"])
            message = error["msg"].removeprefix("Value error, ")
            for part in message.split("; ") if message.count("; ") and not value else [message]:
                word = value or next(iter(_NAMED.findall(part)), "")
                row = _second(lines, part) or (lines.of(word, *inside) if word else lines.at(*inside))
                todo = _todo(place, error["type"])
                what = f"{'.'.join(map(str, place))}: {part}" if place else part
                found = f" (found {quoted(value)})" if value and value not in part else ""
                yield Fault("definition", file, row, f"{what}{found}", "", todo)
        return
    unit = re.search(r"counts by '(\w+)'", problem.what)
    row = lines.of(unit[1]) if unit else lines.at("id") if "round is" in problem.what else lines.at("schema_version")
    yield Fault("definition", file, row, problem.what, problem.why, problem.todo)


def _second(lines: TomlLines, problem: str) -> int | None:
    """The line on which an id stands for the second time."""
    twice = _TWICE.fullmatch(problem)
    if twice is None:
        return None
    own = re.compile(rf'\s*id *= *"{re.escape(twice[1])}"')
    named = [number for number, line in enumerate(lines.text, start=1) if own.match(line)]
    return named[1] if len(named) > 1 else None


def _todo(place: tuple[Any, ...], kind: str) -> str:
    if kind != "extra_forbidden":
        return "correct the TOML file"
    return did_you_mean(str(place[-1]), fields_at(place))


def fields_at(place: tuple[Any, ...]) -> list[str]:
    """The fields that may stand where a key of a definition stands."""
    model: Any = RoundSpec
    for part in place[:-1]:
        if isinstance(part, str) and hasattr(model, "model_fields") and part in model.model_fields:
            model = _model_in(model.model_fields[part].annotation)
    return list(model.model_fields) if hasattr(model, "model_fields") else list(Words.model_fields)


def _model_in(annotation: Any) -> Any:
    """The model that a field holds, alone or in a list."""
    if hasattr(annotation, "model_fields"):
        return annotation
    return next((found for part in getattr(annotation, "__args__", ()) if (found := _model_in(part)) is not None), None)


_MOST, _LINES = 40, 5
_MEANT = re.compile(r"did you mean ([\w-]+)\?")
_EXPECTED = re.compile(r"'([^']*)'")
_LINE = re.compile(r"at line (\d+)")
# What looks at files alone, and what a source that had to be left out could make look wrong.
_OF_FILES = frozenset(("source", "identifier", "notebook"))
# What a round cannot be without, and what rules nothing out.
_INSTEAD: dict[str, Any] = {
    "period": {"start": datetime.date(1900, 1, 1), "end": datetime.date(2199, 12, 31)},
    "title": {"da": "-", "en": "-"},
    "report_type": "note",
    "kind": "real",
}
_LISTS = ("sources", "goals", "conditions", "pages")


@dataclass(frozen=True)
class Mended:
    """A definition that can be read.

    Args:
        spec: what it would be.
        lost: whether something had to be left out rather than read as what was meant.
        sources_lost: whether a source was.
    """

    spec: RoundSpec
    lost: bool = False
    sources_lost: bool = False

    def holds(self, fault: Fault, definition: str) -> bool:
        """Whether a fault would be there too once the definition is right."""
        if not self.lost:
            return True
        return fault.file != definition and (fault.check in _OF_FILES or (fault.check == "join" and not self.sources_lost))


def mended(path: Path, round_id: str) -> Mended | None:
    """A definition whose faulty values are read as the nearest that may stand there, and left out where none is near.

    Args:
        path: the definition.
        round_id: the round that it must be of.

    Returns:
        What can be read of it, None where that is not enough.
    """
    data, lost = _data(path)
    left_out: list[Place] = []
    for _ in range(_MOST):
        try:
            spec = RoundSpec.model_validate(data)
        except ValidationError as problem:
            error = problem.errors()[0]
            place = _mend(data, error)
            if place is None:
                return None
            left_out += [place] if place else []
            continue
        if spec.id != round_id:
            return None
        return Mended(spec, lost or bool(left_out), lost or any(place[:1] == ("sources",) and len(place) == 2 for place in left_out))
    return None


def _data(path: Path) -> tuple[dict[str, Any], bool]:
    """The definition's values, and whether lines of it that are no TOML were left out."""
    try:
        lines = read_text(path).split("\n")
    except VvvError:
        return {}, True
    for left in range(_LINES + 1):
        try:
            return tomllib.loads("\n".join(lines)), left > 0
        except tomllib.TOMLDecodeError as problem:
            found = _LINE.search(str(problem))
            number = int(found[1]) if found else len(lines)
            lines[min(number, len(lines)) - 1] = ""
    return {}, True


def _mend(data: dict[str, Any], error: Any) -> Place | None:
    """Put one fault right: () where what was meant is clear, the place of what was left out, None where nothing can be done."""
    if error["type"] == "missing" and (name := error["loc"][0]) not in data:
        if name in _INSTEAD:
            data[name] = _INSTEAD[name]
        return (name,) if name in data else None
    holder, place = _walk(data, error["loc"])
    key = place[-1] if place else None
    if error["type"] == "extra_forbidden" and isinstance(holder, dict):
        near = difflib.get_close_matches(str(key), [name for name in fields_at(place) if name not in holder], 1, 0.6)
        value = holder.pop(key)
        if near:
            holder[near[0]] = value
        return () if near else place
    value = holder[key] if place else None
    if isinstance(value, str):
        meant = _MEANT.search(error["msg"])
        known = [meant[1]] if meant else _EXPECTED.findall(str(error.get("ctx", {}).get("expected", "")))
        near = known if meant else difflib.get_close_matches(value, known, 1, 0.5)
        if near and near[0] != value:
            holder[key] = near[0]
            return ()
    return _left_out(data, place)


def _walk(data: dict[str, Any], loc: tuple[Any, ...]) -> tuple[Any, Place]:
    """What holds the faulty value, and its place; names of forms, which a place of pydantic's has too, are passed over."""
    holder: Any = data
    value: Any = data
    place: list[Any] = []
    for part in loc:
        inside = part in value if isinstance(value, dict) else isinstance(part, int) and isinstance(value, list) and part < len(value)
        if inside:
            holder, value = value, value[part]
            place.append(part)
    return holder, tuple(place)


def _left_out(data: dict[str, Any], place: Place) -> Place | None:
    """Take a value out; of a list of tables its whole entry, where nothing less helps."""
    if not place:
        return None
    entry = place[:2] if place[0] in _LISTS and len(place) >= 2 else place
    own = place if len(place) > len(entry) else entry
    holder: Any = data
    for part in own[:-1]:
        holder = holder[part]
    del holder[own[-1]]
    return own
