"""The state of an answer as one column of words: of a column for each state, as SurveyXact writes it, or of Qualtrics' two columns."""

from __future__ import annotations

import dataclasses
import re

from vvvresearch.intake._fold import fold
from vvvresearch.intake._surveyed import UNTICKED
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import meanings

_NUMBERED = re.compile(r"stat(?:us)?(?:overall)?[_ ](\d)")
_NAMED = re.compile(r"(?:samlet )?status - (.+)", re.IGNORECASE)
_STATES = {"1": "Ny", "2": "Distribueret", "3": "Nogen svar", "4": "Gennemført", "5": "Frafaldet"}
_DONE = "4"
# Qualtrics: whether an answer was sent in, and whether it is one at all; words or the numbers that stand for them.
_FINISHED = {"true": "Gennemført", "1": "Gennemført", "false": "Nogen svar", "0": "Nogen svar"}
_TRIAL = frozenset(("survey preview", "survey test", "spam", "survey preview spam", "1", "2", "8", "9"))
_ANSWERED = frozenset(("ip address", "imported", "offline survey response", "anonymous", "0", "4", "16", "17", "32", "40", "48"))


def with_state(table: Table) -> Table:
    """A table whose boxes for the state of an answer are one column; a single box says whether the answer is complete."""
    table = _with_finished(table)
    boxes = {column.id: state for column in table.columns if (state := _state(column))}
    if not boxes or (len(boxes) == 1 and list(boxes.values()) != [_STATES[_DONE]]):
        return table
    members = [column for column in table.columns if column.id in boxes]
    otherwise = _STATES["3"] if len(members) == 1 else ""
    words = [
        next((boxes[column.id] for column in members if (text := column.texts[row]) and fold(text) not in UNTICKED), otherwise)
        for row in range(len(table))
    ]
    if not all(words):
        return table
    first = members[0]
    combined = Column(first.heading, first.id, tuple(words))
    columns = [combined if column is first else column for column in table.columns if column is first or column.id not in boxes]
    return dataclasses.replace(table, columns=tuple(columns))


def _with_finished(table: Table) -> Table:
    """A table of Qualtrics whose column "Finished" says it in words, without the rows of those who only tried the survey."""
    done = next((column for column in table.columns if column.folded == "finished" and _FINISHED.keys() >= _values(column)), None)
    if done is None:
        return table
    types = (column for column in table.columns if column.folded in ("response type", "status"))
    kind = next((column for column in types if _values(column) <= _TRIAL | _ANSWERED), None)
    kept = [row for row in range(len(table)) if kind is None or fold(kind.texts[row]) not in _TRIAL]
    columns = [
        dataclasses.replace(
            column, cells=tuple(_FINISHED.get(fold(column.texts[row]), "") if column is done else column.cells[row] for row in kept)
        )
        for column in table.columns
        if column is not kind
    ]
    lines = tuple(table.lines[row] for row in kept)
    return dataclasses.replace(table, columns=tuple(columns), lines=lines, trials=len(table) - len(kept))


def _values(column: Column) -> set[str]:
    return {fold(text) for text in column.counts}


def _state(column: Column) -> str:
    """The state that a box is for, "" for a column that is none."""
    values = _values(column)
    if numbered := _NUMBERED.fullmatch(column.heading):
        return _STATES.get(numbered[1], "") if values <= {"0", "1"} else ""
    named = _NAMED.fullmatch(column.heading)
    if named is None or fold(named[1]) not in meanings("status"):
        return ""
    return named[1] if values <= {"0", "1", "valgt", "ikke valgt", "x", fold(named[1])} else ""
