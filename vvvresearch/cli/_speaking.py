"""The language in which a person is told what went wrong: the round's own first language, unless another is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vvvresearch.errors import VvvError
from vvvresearch.locales import Lang, error_in_danish, in_danish, text
from vvvresearch.rounds import load_spec

if TYPE_CHECKING:
    from vvvresearch.batch import Failure
    from vvvresearch.cli._workspace import Workspace


def language_of(workspace: Workspace, round_id: str, lang: str | None) -> Lang:
    """The language that a round's people read; `lang` where it is "da" or "en"."""
    if lang in ("da", "en"):
        return "en" if lang == "en" else "da"
    try:
        return "en" if load_spec(workspace.root, round_id).languages[0] == "en" else "da"
    except VvvError:
        return "da"  # a definition that cannot be read is told as a fault


def error_text(problem: VvvError, lang: Lang) -> str:
    """An error as it is printed."""
    return error_in_danish(problem) if lang == "da" else str(problem)


def failure_text(failure: Failure, lang: Lang) -> str:
    """A failed step as it is printed."""
    if lang == "en":
        return failure.text()
    told = replace(
        failure,
        message=in_danish(failure.message),
        where=in_danish(failure.where),
        why=in_danish(failure.why),
        todo=in_danish(failure.todo),
    )
    labels = {name: text(f"checking.{word}", "da") for name, word in (("where", "where"), ("why", "why"), ("to do", "todo"))}
    return told.text(labels)
