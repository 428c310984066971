"""The language in which a person is told what came of a command: the round's own first language, unless another is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from vvvresearch.errors import VvvError
from vvvresearch.locales import LANGUAGES, Lang, error_in_danish, in_danish, text

if TYPE_CHECKING:
    from vvvresearch.batch import Failure
    from vvvresearch.cli._workspace import Workspace


def language_of(workspace: Workspace, round_id: str, lang: str | None) -> Lang:
    """The language that a round's people read; `lang` where it is "da" or "en"."""
    if lang in LANGUAGES:
        return "en" if lang == "en" else "da"
    from vvvresearch.rounds import load_spec

    try:
        return "en" if load_spec(workspace.root, round_id).languages[0] == "en" else "da"
    except VvvError:
        return "da"  # a definition that cannot be read is told as a fault


def language_here(workspace: Workspace, rounds: Sequence[str], lang: str | None) -> Lang:
    """The language of the first of these rounds that is there, else of the workspace's first round; Danish where there is none."""
    known = workspace.round_ids()
    return language_of(workspace, next((name for name in (*rounds, *known) if name in known), ""), lang)


def spoken(lang: str | None) -> Lang:
    """The language of a command that needs no round: Danish, unless English is asked for."""
    return "en" if lang == "en" else "da"


def said(words: str, lang: Lang) -> str:
    """A message as it is printed; messages are made in English."""
    return in_danish(words) if lang == "da" else words


def error_text(problem: VvvError, lang: Lang) -> str:
    """An error as it is printed."""
    return error_in_danish(problem) if lang == "da" else str(problem)


def failure_text(failure: Failure, lang: Lang) -> str:
    """A failed step as it is printed."""
    if lang == "en":
        return failure.text()
    told = replace(
        failure,
        cell=in_danish(failure.cell),
        message=in_danish(failure.message),
        where=in_danish(failure.where),
        why=in_danish(failure.why),
        todo=in_danish(failure.todo),
    )
    labels = {name: text(f"checking.{word}", "da") for name, word in (("where", "where"), ("why", "why"), ("to do", "todo"))}
    labels |= {name: text(f"commands.failure_{name}", "da") for name in ("failed", "notebook", "line", "code", "within", "see")}
    return told.text(labels)
