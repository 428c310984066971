"""Mappings in a workbook: links on one sheet, what their factors are on another."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from vvvresearch.errors import SourceError
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._columns import propose_columns
from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._kind import Candidate, match_columns
from vvvresearch.intake._proposal import Draft
from vvvresearch.intake._settle import Settled
from vvvresearch.intake._table import Table, find_table
from vvvresearch.intake._words import table_kinds

NODES = "nodes."


def links_sheet(path: Path, table: Table, tests: Tests) -> str:
    """The sheet of links in a workbook whose largest sheet holds the factors; "" where the sheet that was read is right."""
    if _nodes_on(table, tests) is None:
        return ""
    for name in table.others:
        other = _table(path, name)
        if other is not None and not set(match_columns(table_kinds()["mappings"], list(other.columns), tests).missing) & {
            "cause",
            "effect",
        }:
            return name
    return ""


def propose_nodes(draft: Draft, path: Path, table: Table, tests: Tests) -> None:
    """Decide and ask about the sheet of factors beside a sheet of links; the ids begin with `nodes.`."""
    for name in table.others:
        other = _table(path, name)
        found = _nodes_on(other, tests) if other is not None else None
        if other is None or found is None:
            continue
        own = Draft(draft.lang, "nodes")
        propose_columns(own, other, found, (), tests)
        draft.decide(f"{NODES}sheet", name, name, "heading+values")
        for decision in own.decided.values():
            draft.decide(f"{NODES}{decision.id}", decision.what, decision.value, decision.why)
        for question in own.questions.values():
            targets = tuple(f"{NODES}{target}" for target in (question.targets or (question.id,)))
            draft.ask(dataclasses.replace(question, id=f"{NODES}{question.id}", targets=targets))
        draft.losses += own.losses
        return


def nodes_of(path: Path, settled: Settled) -> tuple[Table, Settled] | None:
    """The sheet of factors with the decisions about it, None where there is none."""
    sheet = settled.decisions.get(f"{NODES}sheet")
    if sheet is None:
        return None
    own = dataclasses.replace(settled, kind="nodes", decisions=settled.starting(NODES))
    return find_table(read_grid(path, str(sheet)), path), own


def _nodes_on(table: Table, tests: Tests) -> Candidate | None:
    found = match_columns(table_kinds()["nodes"], list(table.columns), tests)
    return None if found.missing else found


def _table(path: Path, sheet: str) -> Table | None:
    try:
        return find_table(read_grid(path, sheet), path)
    except SourceError:
        return None
