"""`vvv diff`: what changed between two rounds, or two runs of one, number by number."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from vvvresearch.batch import Change, compare_runs
from vvvresearch.cli._speaking import language_of, said
from vvvresearch.cli._workspace import DONE, Workspace, check_choice, tell, tell_json
from vvvresearch.locales import LANGUAGES, Lang, text


def diff(workspace: Workspace, old: str, new: str | None, lang: str | None, as_json: bool) -> int:
    """Compare the finished folders; what differs is no failure."""
    check_choice(lang, "--lang", LANGUAGES)
    first = workspace.specs([old])[0]
    language = lang or first.languages[0]
    if new is None:
        before, after = workspace.outputs / old / f".{language}.previous", workspace.outputs / old / language
    else:
        workspace.specs([new])
        before, after = workspace.outputs / old / language, workspace.outputs / new / language
    changes = compare_runs(before, after)
    if as_json:
        tell_json([asdict(change) for change in changes])
    else:
        _explain(changes, before, after, workspace, language_of(workspace, old, lang))
    return DONE


def _explain(changes: tuple[Change, ...], before: Path, after: Path, workspace: Workspace, lang: Lang) -> None:
    for change in changes:
        tell(f"{change.key}: {_text(change.old)} → {_text(change.new)}")
        for reason in change.reasons:
            tell(f"    {said(reason, lang)}")
    places = {name: place.relative_to(workspace.root).as_posix() for name, place in (("before", before), ("after", after))}
    if changes:
        tell(text("commands.diff_some", lang, count=len(changes), **places))
    else:
        tell(text("commands.diff_none", lang, **places))


def _text(value: Any) -> str:
    if value is None:
        return "–"
    shown = value.get("shown")
    first = next(iter(shown.values()), "") if isinstance(shown, dict) else shown
    number = first or value.get("number")
    return f"{number} (n = {value['n']})" if value.get("n") is not None else str(number)
