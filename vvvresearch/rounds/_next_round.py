"""What the next round takes over from an earlier one: definitions that are used again, never findings and never data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vvvresearch import files
from vvvresearch.evidence import Goal, Reading
from vvvresearch.locales import LANGUAGES, text
from vvvresearch.rounds._find import DEFINITION
from vvvresearch.rounds._spec import RoundSpec, Source

_FOLDERS = ("rounds", "interviews", "surveys")
# The part of an intake map that held for its own file, with the tables inside it.
_THIS_FILE = re.compile(r"^\[this_file[\].][^\n]*\n(?:(?!\[)[^\n]*\n)*", re.MULTILINE)
_OF_GOALS = ("numerator", "denominator", "part_of", "place")


@dataclass(frozen=True)
class Inheritance:
    """What a round takes over from the one before.

    Args:
        contents: files of the new round, path → content: intake maps, definitions of questionnaires.
        sources: its sources so far, as TOML: the codebook, which stays where it is.
        goals: the goals with their targets, as TOML; how each was measured stands in a comment.
    """

    contents: dict[str, str]
    sources: str
    goals: str


def inherit(root: Path, earlier: RoundSpec, round_id: str) -> Inheritance:
    """What the round `round_id` takes over from an earlier one.

    Args:
        root: the workspace.
        earlier: the round before.
        round_id: the new round.

    Returns:
        Inheritance. Overridden statuses, readings, evidence statements and everything that was found stay behind; so do data.
    """
    contents = _maps(root, earlier.id, round_id)
    blocks = [_codebook(source) for source in earlier.sources if source.type == "codebook" and (root / source.path).is_file()]
    for source in earlier.sources:
        path = root / source.questionnaire
        if source.questionnaire and path.is_file():
            name = f"rounds/{round_id}/questionnaires/{path.name}"
            contents[name] = files.read_text(path)
            blocks.append(_survey(source, name))
    goals = "\n".join(_goal(goal) for goal in earlier.goals)
    return Inheritance(contents, "\n".join(blocks), goals)


def _maps(root: Path, earlier: str, round_id: str) -> dict[str, str]:
    """The intake maps below an earlier round's folders, without what held for their own files."""
    found = {}
    for folder in _FOLDERS:
        home = root / folder / earlier
        for path in sorted(home.rglob("*.toml")) if home.is_dir() else ():
            content = files.read_text(path)
            if path.name != DEFINITION and _is_map(content):
                inner = path.relative_to(home).as_posix()
                found[f"{folder}/{round_id}/{inner}"] = _THIS_FILE.sub("", content.rstrip("\n") + "\n").rstrip("\n") + "\n"
    return found


def _is_map(content: str) -> bool:
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError:
        return False
    return isinstance(data.get("kind"), str) and isinstance(data.get("file"), dict) and isinstance(data.get("decided", {}), dict)


def _lines(values: dict[str, Any]) -> str:
    return "".join(f"{name} = {files.toml(value)}\n" for name, value in values.items())


def _words(value: Any) -> Any:
    return {"da": value.da, "en": value.en} if hasattr(value, "da") else value


def _codebook(source: Source) -> str:
    """The codebook, which stays where it is: both rounds code with the same one until somebody changes it."""
    return "[[sources]]\n" + _lines({"id": source.id, "type": source.type, "path": source.path, "title": _words(source.title)})


def _survey(source: Source, questionnaire: str) -> str:
    """A survey that is asked again: its definition is there, its answers are not yet."""
    head = {"id": source.id, "type": "survey", "questionnaire": questionnaire, "title": _words(source.title)}
    return f"# {text('rounds.asked_again', 'da')} / {text('rounds.asked_again', 'en')}\n" + "".join(
        f"#{line}\n" for line in ("[[sources]]\n" + _lines(head)).splitlines()
    )


def _goal(goal: Goal) -> str:
    values: dict[str, Any] = {"id": goal.id, "definition": _words(goal.definition), "unit": goal.unit}
    values |= {name: _words(getattr(goal, name)) for name in _OF_GOALS if getattr(goal, name)}
    values["type"] = goal.type
    if goal.measure != ("share" if goal.type == "percent" else "stock"):
        values["measure"] = goal.measure
    if goal.target is not None:
        values["target"] = int(goal.target) if goal.target.is_integer() else goal.target
    if goal.direction != "at_least":
        values["direction"] = goal.direction
    if goal.as_of:
        values["as_of"] = goal.as_of
    if goal.type == "qualitative":
        values["evidence"] = {lang: text("chapters.finding_here", lang) for lang in LANGUAGES}
    return "[[goals]]\n" + _lines({name: value for name, value in values.items() if value != ""}) + "".join(_measures(goal))


def _measures(goal: Goal) -> Iterator[str]:
    """How the goal was measured, to be taken up where the new round has the same source."""
    for reading in goal.readings:
        if reading.taken is not None:
            taken = {name: value for name, value in reading.taken.model_dump().items() if value}
            yield f"# {text('rounds.measured_before', 'da')} / {text('rounds.measured_before', 'en')}: {_evidence(reading)}\n"
            yield f"#measure = {files.toml(taken)}\n"


def _evidence(reading: Reading) -> str:
    return f"{reading.label.da} ({reading.evidence})"
