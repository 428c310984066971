"""A list of questions in a file of its own: what the codes that an export of answers has as headings ask, and the answers in order."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

from vvvresearch.errors import SourceError
from vvvresearch.intake._fold import fold
from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._redcap import Field
from vvvresearch.intake._scales import is_dont_know
from vvvresearch.intake._sheets import is_codebook, said_on
from vvvresearch.intake._table import Table, find_table

_TABLES, _MOST_TABLES = (".csv", ".xlsx"), 60
_HALF, _LEAST, _WORDS = 0.5, 3, 2.5
# What stands between the answers that could be given.
_BETWEEN = (" | ", "|", ";", " / ", "\n")
_NUMBERED = re.compile(r"(-?\w{1,4}) ?[=:] ?(\S.*)")

# What the map of a file keeps of the list: heading → what `Field.packed` says of it.
QUESTIONS = "questions"


def questions_beside(path: Path, table: Table) -> dict[str, Field]:
    """Folded heading → what was asked, of the list in the folder of an export that knows most headings that are codes; empty without one.

    Args:
        path: of the export.
        table: its answers.
    """
    found: dict[str, Field] = {}
    headings = {column.folded for column in table.columns}
    for one in _beside(path):
        fields = _listed(one)
        known = fields.keys() & headings
        if len(known) >= max(_LEAST, _HALF * len(fields)) and len(known) > len(found.keys() & headings):
            found = {name: fields[name] for name in fields if name in known}
    return found


def answers_beside(path: Path) -> str:
    """The name of the export in the same folder whose headings a file lists with their questions; "" where it is no such list."""
    fields = _listed(path)
    for one in _beside(path) if len(fields) >= _LEAST else ():
        table = _table(one)
        known = fields.keys() & {column.folded for column in table.columns} if table is not None else ()
        if len(known) >= max(_LEAST, _HALF * len(fields)):
            return one.name
    return ""


def with_questions(table: Table, fields: Mapping[str, Field]) -> Table:
    """Answers under the questions that a list says, with the answers that could be given in their order.

    Args:
        table: of an export.
        fields: folded heading → what was asked, of `questions_beside`.
    """
    labelled, columns = dict(table.labelled), []
    for column in table.columns:
        field = fields.get(column.folded)
        if field is None:
            columns.append(column)
            continue
        choices, given = field.choices, [text for text in column.counts if not is_dont_know(text)]
        coded = bool(given) and all(text in choices for text in given)
        labels = list(choices.values())
        if coded or (given and all(text in labels for text in given)):
            # What stands beside the answers of the list ("don't know") was an answer too.
            others = [text for text in column.counts if text not in choices and text not in labels]
            labelled[column.id] = (dict(choices) if coded else dict(zip(labels, labels, strict=True))) | dict(
                zip(others, others, strict=True)
            )
        cells = tuple(choices.get(text, text) for text in column.texts) if coded else column.cells
        columns.append(dataclasses.replace(column, heading=field.label, cells=cells))
    return dataclasses.replace(table, columns=tuple(columns), labelled=labelled)


def _listed(path: Path) -> dict[str, Field]:
    """Folded code → its question and the answers to it, of a table with a column of codes and one of words, or of sheets of variables and
    labels; empty where it is no such table."""
    table = _table(path)
    if table is not None and is_codebook(table):
        labels, asked, _ = said_on(path, (table.sheet, *table.others))
        return {name: Field(name, asked.get(name, name), "", labels.get(name, {})) for name in {**labels, **asked} if name}
    codes = (
        [one for one in table.columns if len(one.counts) == len(one.texts) and not any(" " in text for text in one.texts)] if table else []
    )
    if table is None or not codes:
        return {}
    worded = [one for one in table.columns if one not in codes and len(one.filled) == len(one.texts)]
    asked = max(worded, key=lambda one: sum(len(text.split()) for text in one.texts), default=None)
    if asked is None or sum(len(text.split()) for text in asked.texts) < _WORDS * len(asked.texts):
        return {}
    answers = next(
        (one for one in table.columns if one not in (codes[0], asked) and any(len(_choices(text)) > 1 for text in one.lined)), None
    )
    told = answers.lined if answers is not None else ("",) * len(table)
    rows = zip(codes[0].texts, asked.texts, told, strict=True)
    return {fold(code): Field(code, question, "", _choices(said)) for code, question, said in rows}


def _choices(said: str) -> dict[str, str]:
    """Code → answer of a cell that lists them; answers without codes stand for themselves."""
    mark = next((one for one in _BETWEEN if one in said), "")
    parts = [part.strip() for part in said.split(mark)] if mark else []
    coded = [_NUMBERED.fullmatch(part) for part in parts]
    return {one[1]: one[2] for one in coded if one} if parts and all(coded) else {part: part for part in parts if part}


def _beside(path: Path) -> list[Path]:
    return [one for one in sorted(path.parent.iterdir()) if one.suffix.casefold() in _TABLES and one != path][:_MOST_TABLES]


def _table(path: Path) -> Table | None:
    try:
        return find_table(read_grid(path), path)
    except (SourceError, OSError):
        return None
