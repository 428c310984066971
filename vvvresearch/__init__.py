"""A workbench for evaluations of the volunteer-friend programme Venner Viser Vej.

    import vvvresearch as vvv
    r = vvv.open_round("2021-note")

Names are handed on lazily: importing the package loads neither pandas nor anything else heavy.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from vvvresearch._version import __version__
from vvvresearch.errors import (
    AnalysisError,
    DisclosureError,
    NotebookError,
    NotPermittedError,
    RenderError,
    RoundError,
    SchemaError,
    SourceError,
    VvvError,
)

# Results know that they can be drawn, not by what: the floor above names itself here.
DRAWER = "vvvresearch.figures:draw"
# So do numbers know that evidence stands behind them.
EXPLORER = "vvvresearch.exploring:evidence_of"
# public name -> the room whose face hands it on
_LAZY: dict[str, str] = {
    "open_round": "vvvresearch.rounds",
    "rounds": "vvvresearch.rounds",
    "read_codebook": "vvvresearch.sources",
    "draft_questionnaire": "vvvresearch.sources",
    "explore": "vvvresearch.rounds",
    "read_codings": "vvvresearch.sources",
    "read_mappings": "vvvresearch.sources",
    "read_survey": "vvvresearch.sources",
    "write_codings": "vvvresearch.sources",
    "write_refi": "vvvresearch.sources",
    "write_survey": "vvvresearch.sources",
}

__all__ = [
    "AnalysisError",
    "DisclosureError",
    "NotPermittedError",
    "NotebookError",
    "RenderError",
    "RoundError",
    "SchemaError",
    "SourceError",
    "VvvError",
    "__version__",
    *sorted(_LAZY),
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    if name.startswith("_"):
        raise AttributeError(f"module 'vvvresearch' has no attribute {name!r}")
    if find_spec(f"vvvresearch.{name}") is not None:
        return import_module(f"vvvresearch.{name}")
    return import_module("vvvresearch.rounds.calling._names").function_meant(name)


def elsewhere(room: str) -> Callable[[str], Any]:
    """What a room's face gives for a name that it has not: what the package gives, from whichever room.

    Example:
        >>> import vvvresearch.survey
        >>> vvvresearch.survey.proportion_interval(30, 42).method
        'wilson'
    """

    def named(name: str) -> Any:
        # What is imported from a folder is asked for here first; the import system goes on when it is not found.
        if name.startswith("_") or find_spec(f"{room}.{name}") is not None:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        return __getattr__(name)

    return named


def __dir__() -> list[str]:
    return sorted(__all__)
