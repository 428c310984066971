"""The state of an answer in a column for each state, as SurveyXact writes it, as one column of words."""

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


def with_state(table: Table) -> Table:
    """A table whose boxes for the state of an answer are one column; a single box says whether the answer is complete."""
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


def _state(column: Column) -> str:
    """The state that a box is for, "" for a column that is none."""
    values = {fold(text) for text in column.counts}
    if numbered := _NUMBERED.fullmatch(column.heading):
        return _STATES.get(numbered[1], "") if values <= {"0", "1"} else ""
    named = _NAMED.fullmatch(column.heading)
    if named is None or fold(named[1]) not in meanings("status"):
        return ""
    return named[1] if values <= {"0", "1", "valgt", "ikke valgt", "x", fold(named[1])} else ""
