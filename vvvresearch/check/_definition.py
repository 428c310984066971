"""The definition itself: what keeps it from being read, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vvvresearch.check._fault import Fault, faults_of, quoted
from vvvresearch.check._lines import TomlLines, toml_lines
from vvvresearch.errors import RoundError, VvvError, did_you_mean
from vvvresearch.evidence import Words
from vvvresearch.files import read_toml
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
