"""Rounds: the definition in one TOML file, and what it opens.

What opens a round's data is handed on lazily: whoever only reads definitions does not wait for pandas.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from vvvresearch.rounds._find import (
    APPROVALS,
    DEFINITION,
    HIDDEN,
    WITHDRAWALS,
    belongs_to,
    find_root,
    list_rounds,
    load_spec,
    newest_round,
    notebook_file,
    packaged_notebooks,
    packaged_tutorials,
    report_source,
)
from vvvresearch.rounds._next_round import Inheritance, inherit
from vvvresearch.rounds._spec import ContextEvent, Deviation, FrontMatter, Notebook, Period, Previous, RoundSpec, Source, Subgroups

if TYPE_CHECKING:
    from vvvresearch.errors import NameNote
    from vvvresearch.rounds._add import Added, add_source
    from vvvresearch.rounds._adding import Adding
    from vvvresearch.rounds._guard import Trace, stop_identifiers, traces, undecided
    from vvvresearch.rounds._migrate import migrate_round
    from vvvresearch.rounds._opening import explore, open_round, preload_sheets, rounds
    from vvvresearch.rounds._page import PARTS, TABLES, TOLD, Page, chapter_title
    from vvvresearch.rounds._propose_source import is_left_out, leave_out, propose_source, sheets_of, surveys_before
    from vvvresearch.rounds._round import Round
    from vvvresearch.rounds._sources import preload, read_source
    from vvvresearch.rounds._surveys import Surveys
    from vvvresearch.rounds._written import Value, read_values, source_behind, sources_of

_LAZY = {
    "Added": "_add",
    "Adding": "_adding",
    "NameNote": "calling._guesses",
    "Page": "_page",
    "Round": "_round",
    "Surveys": "_surveys",
    "Trace": "_guard",
    "Value": "_written",
    "add_source": "_add",
    "PARTS": "_page",
    "TABLES": "_page",
    "TOLD": "_page",
    "chapter_title": "_page",
    "explore": "_opening",
    "is_left_out": "_propose_source",
    "leave_out": "_propose_source",
    "migrate_round": "_migrate",
    "open_round": "_opening",
    "preload": "_sources",
    "preload_sheets": "_opening",
    "propose_source": "_propose_source",
    "sheets_of": "_propose_source",
    "read_source": "_sources",
    "read_values": "_written",
    "rounds": "_opening",
    "source_behind": "_written",
    "sources_of": "_written",
    "stop_identifiers": "_guard",
    "surveys_before": "_propose_source",
    "traces": "_guard",
    "undecided": "_guard",
}

__all__ = [
    "APPROVALS",
    "DEFINITION",
    "HIDDEN",
    "PARTS",
    "TABLES",
    "TOLD",
    "WITHDRAWALS",
    "Added",
    "Adding",
    "ContextEvent",
    "Deviation",
    "FrontMatter",
    "Inheritance",
    "NameNote",
    "Notebook",
    "Page",
    "Period",
    "Previous",
    "Round",
    "RoundSpec",
    "Source",
    "Subgroups",
    "Surveys",
    "Trace",
    "Value",
    "add_source",
    "belongs_to",
    "chapter_title",
    "explore",
    "find_root",
    "inherit",
    "is_left_out",
    "leave_out",
    "list_rounds",
    "load_spec",
    "migrate_round",
    "newest_round",
    "notebook_file",
    "open_round",
    "packaged_notebooks",
    "packaged_tutorials",
    "preload",
    "preload_sheets",
    "propose_source",
    "read_source",
    "read_values",
    "report_source",
    "rounds",
    "sheets_of",
    "source_behind",
    "sources_of",
    "stop_identifiers",
    "surveys_before",
    "traces",
    "undecided",
]


class _Room(ModuleType):
    """The room's name is also a promised call: `vvv.rounds()`. Importing the room must not take that away."""

    def __call__(self, root: str | Path | None = None) -> Any:
        return __getattr__("rounds")(root)


sys.modules[__name__].__class__ = _Room


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(f"vvvresearch.rounds.{_LAZY[name]}"), name)
    raise AttributeError(f"module 'vvvresearch.rounds' has no attribute {name!r}")
