"""Rounds: the definition in one TOML file, and what it opens."""

from vvvresearch.rounds._find import find_root, list_rounds, load_spec
from vvvresearch.rounds._round import Round, Surveys, open_round
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

__all__ = [
    "ContextEvent",
    "Deviation",
    "FrontMatter",
    "Notebook",
    "Period",
    "Round",
    "RoundSpec",
    "Source",
    "Subgroups",
    "Surveys",
    "find_root",
    "list_rounds",
    "load_spec",
    "open_round",
]
