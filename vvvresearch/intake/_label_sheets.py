"""A workbook of answers in numbers with a sheet that says what they mean: its labels take the numbers' place."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from vvvresearch.errors import SourceError
from vvvresearch.intake._fold import fold
from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._table import Table, find_table

_VARIABLE = re.compile(r"(variabel|variable|kolonne|column|item|spoergsmaal|question|felt|field)( ?(navn|name|id|nr|no|kode|code))?")
_VALUE = re.compile(r"(vaerdi|value|kode|code|svar ?kode|answer ?code|tal)( ?(nr|no))?")
_LABEL = re.compile(
    r"(label|etiket|betydning|meaning|svar ?(tekst|mulighed)?|answer ?(text|label)?|value ?label|vaerdi ?label|tekst|text)s?"
)


def with_labels(table: Table, path: Path) -> Table:
    """A table whose numbers are labels where another visible sheet says what every one of them means; else the table as it is."""
    if table.labelled:
        return table
    labels: dict[str, dict[str, str]] = {}
    for name in table.others:
        for variable, words in _on_sheet(path, name).items():
            labels.setdefault(variable, words)
    labelled = {}
    columns = []
    for column in table.columns:
        words = labels.get(fold(column.heading), {})
        if words and column.counts and column.counts.keys() <= words.keys():
            labelled[column.id] = words
            column = dataclasses.replace(column, cells=tuple(words.get(text, text) for text in column.texts))
        columns.append(column)
    return dataclasses.replace(table, columns=tuple(columns), labelled=labelled) if labelled else table


def _on_sheet(path: Path, name: str) -> dict[str, dict[str, str]]:
    """Folded variable → code → label, of a sheet with a column for each of the three; empty where it is no such sheet."""
    try:
        table = find_table(read_grid(path, name), path)
    except SourceError:
        return {}
    found = [next((one for one in table.columns if kind.fullmatch(one.folded)), None) for kind in (_VARIABLE, _VALUE, _LABEL)]
    variables, values, labels = found
    if variables is None or values is None or labels is None or labels in (variables, values):
        return {}
    known: dict[str, dict[str, str]] = {}
    variable = ""
    for own, value, label in zip(variables.texts, values.texts, labels.texts, strict=True):
        # The name of a variable often stands once, above its codes.
        variable = fold(own) or variable
        if variable and value and label and known.setdefault(variable, {}).setdefault(value, label) != label:
            return {}
    return known
