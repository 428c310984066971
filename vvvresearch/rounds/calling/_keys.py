"""What `r["…"]` means: a source, a number, a table, an analysis, or a code, goal, interview or item by what it is called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import CallError, VvvError, did_you_mean
from vvvresearch.rounds.calling._meaning import fits, meant_by, source_named

_ENDINGS = (".csv", ".xlsx", ".sav", ".qdpx", ".docx", ".txt")

if TYPE_CHECKING:
    from vvvresearch.rounds._round import Round


def keyed(opened: Round, name: str) -> Any:
    """What is called so in a round.

    Raises:
        VvvError: nothing is, or an item of several surveys; with the calls that may be meant.
    """
    if name in opened.surveys:
        return opened.surveys[name]
    if name in {source.id for source in opened.spec.sources}:
        return opened.read(name)
    files = {Path(source.path).stem.casefold(): source.id for source in opened.spec.sources if source.path}
    if found_file := files.get(Path(name).stem.casefold() if Path(name).suffix.casefold() in _ENDINGS else name.casefold()):
        return keyed(opened, found_file)
    survey, dot, item = name.partition(".")
    if dot and fits(opened, "survey", survey) and opened.surveys[str(meant_by(opened, "survey", survey))].item_named(item):
        return opened.tabulate(str(meant_by(opened, "survey", survey)), item)
    if "." in name:
        return opened.cell(name)
    if found := called(opened, name):
        return found()
    try:
        return getattr(opened, name)
    except AttributeError as unknown:
        known = {source.id for source in opened.spec.sources} | {goal.id for goal in opened.spec.goals}
        if opened.has("codings"):
            known |= {str(path).rpartition(" > ")[2] for path in opened.codebook.paths}
        near = did_you_mean(name, known)
        todo = near if "did you" in near else str(unknown)
        raise CallError(f"the round has nothing called {name!r}", where=f"r[{name!r}]", todo=todo) from None


def called(opened: Round, name: str) -> Any:
    """How that is made which only one thing in the round is called; None where nothing of these is."""
    if hasattr(type(opened), name):
        return None
    if name in {goal.id for goal in opened.spec.goals}:
        return lambda: opened.goal_status()[name]
    if source := source_named(opened, name, part=False):
        return lambda: opened[source]
    if fits(opened, "pair", name):
        return lambda: opened.portrait(str(meant_by(opened, "pair", name)))
    if fits(opened, "survey", name):
        return lambda: opened.surveys[str(meant_by(opened, "survey", name))]
    try:
        if fits(opened, "interview", name):
            return lambda: opened.transcript(str(meant_by(opened, "interview", name)))
    except VvvError:
        return None
    if fits(opened, "code", name):
        return lambda: opened.theme_table(under=str(meant_by(opened, "code", name)))
    asked = surveys_asking(opened, name)
    return (lambda: opened.tabulate(asked[0], name)) if len(asked) == 1 else None


def surveys_asking(opened: Round, item: str) -> list[str]:
    """The surveys with an item of this very id: of a key alone, words of a question would say too little."""
    asked = {name: survey.questionnaire for name, survey in opened.surveys.items()} if opened.has("survey") else {}
    return [name for name, one in asked.items() if one is not None and item in {question.id for question in one.items}]
