"""Rounds: the definition in one TOML file, and what it opens.

What opens a round's data is handed on lazily: whoever only reads definitions does not wait for pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vvvresearch.rounds._find import DEFINITION, find_root, list_rounds, load_spec, report_source
from vvvresearch.rounds._spec import (
    ContextEvent,
    Deviation,
    FrontMatter,
    Notebook,
    Period,
    RoundSpec,
    Source,
    Subgroups,
)

if TYPE_CHECKING:
    from vvvresearch.rounds._check import RoundCheck, check_rounds
    from vvvresearch.rounds._round import Round, Surveys, open_round

_LAZY = {
    "Round": "_round",
    "RoundCheck": "_check",
    "Surveys": "_round",
    "check_rounds": "_check",
    "open_round": "_round",
}

__all__ = [
    "DEFINITION",
    "ContextEvent",
    "Deviation",
    "FrontMatter",
    "Notebook",
    "Period",
    "Round",
    "RoundCheck",
    "RoundSpec",
    "Source",
    "Subgroups",
    "Surveys",
    "check_rounds",
    "find_root",
    "list_rounds",
    "load_spec",
    "open_round",
    "report_source",
]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(f"vvvresearch.rounds.{_LAZY[name]}"), name)
    raise AttributeError(f"module 'vvvresearch.rounds' has no attribute {name!r}")
