"""Labels of answers: those that a labelled file holds, and those of a workbook's sheet that says what variables ask and numbers mean."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection
from pathlib import Path

from vvvresearch.evidence import occasion_in
from vvvresearch.intake._fold import fold, slug
from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._table import Column, Table, cell_text, table_on

_VARIABLE = re.compile(r"(variabel|variable|kolonne|column|item|spoergsmaal|question|felt|field)( ?(navn|name|id|nr|no|kode|code))?")
_VALUE = re.compile(r"(vaerdi|value|kode|code|svar ?kode|answer ?code|tal)( ?(nr|no))?")
_LABEL = re.compile(
    r"(label|etiket|betydning|meaning|svar ?(tekst|mulighed)?|answer ?(text|label)?|value ?label|vaerdi ?label|tekst|text)s?"
)


_WORDING = re.compile(r"(spoergsmaal|question|ordlyd|wording|formulering|text|tekst)(s? ?(tekst|text|ordlyd|wording))?")


def with_labels(table: Table, path: Path) -> Table:
    """A table with what other visible sheets say of it: numbers become labels where every one of them has one, the words of all answers
    that could be given are known, headings become questions, and lines such as "9 = not answered" stand beside the table."""
    if table.labelled:
        return table
    labels: dict[str, dict[str, str]] = {}
    asked: dict[str, str] = {}
    lines: list[str] = []
    for name in table.others:
        of_sheet, questions = _on_sheet(path, name)
        if not of_sheet:
            questions, further = _words_on(path, name)
            lines += further
        labels, asked = {**of_sheet, **labels}, {**questions, **asked}
    of_question = {fold(question): labels[name] for name, question in asked.items() if name in labels}
    labelled = {}
    columns = []
    for column in table.columns:
        heading = fold(column.heading)
        words = labels.get(heading) or of_question.get(heading, {})
        if words and column.counts and column.counts.keys() <= words.keys():
            labelled[column.id] = words
            column = dataclasses.replace(column, cells=tuple(words.get(text, text) for text in column.texts))
        elif words and column.counts and {fold(text) for text in column.counts} <= {fold(label) for label in words.values()}:
            labelled[column.id] = words
        columns.append(dataclasses.replace(column, heading=asked.get(_variable(column, asked), column.heading)))
    return dataclasses.replace(table, columns=tuple(columns), labelled=labelled, legends=tuple(lines))


def _variable(column: Column, asked: Collection[str]) -> str:
    """The variable that a column is of: its heading, or what stands before the time in it ("TE1" of "TE1_T2")."""
    heading = fold(column.heading)
    first, _, rest = heading.rpartition(" ")
    return first if heading not in asked and first in asked and occasion_in(rest) else heading


def _words_on(path: Path, name: str) -> tuple[dict[str, str], list[str]]:
    """Folded variable → its question, of a sheet with a name and a text on each of its lines; and the lines that say what codes mean."""
    rows = [[text for cell in row if (text := cell_text(cell))] for row in read_grid(path, name).rows]
    pairs = [(fold(cells[0]), cells[1]) for cells in rows if len(cells) == 2 and " " not in cells[0].strip() and " " in cells[1].strip()]
    return (dict(pairs) if len(dict(pairs)) == len(pairs) > 1 else {}), [cell for cells in rows for cell in cells if "=" in cell]


def _on_sheet(path: Path, name: str) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Folded variable → code → label, of a sheet with a column for each of the three, and folded variable → its question where a further
    column says it; empty where it is no such sheet."""
    table = table_on(path, name)
    return ({}, {}) if table is None else _meanings(table)


def explains(path: Path, name: str, table: Table) -> bool:
    """Whether a sheet says what the codes or the names of other columns mean, as a table or line by line."""
    return bool(_meanings(table)[0]) or bool(_words_on(path, name)[0])


def _meanings(table: Table) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    found = [next((one for one in table.columns if kind.fullmatch(one.folded)), None) for kind in (_VARIABLE, _VALUE, _LABEL)]
    variables, values, labels = found
    if variables is None or values is None or labels is None or labels in (variables, values):
        return {}, {}
    wording = next((one for one in table.columns if one not in found and _WORDING.fullmatch(one.folded)), None)
    known: dict[str, dict[str, str]] = {}
    variable = ""
    asked: dict[str, set[str]] = {}
    for own, value, label, question in zip(variables.texts, values.texts, labels.texts, (wording or labels).texts, strict=True):
        # The name of a variable often stands once, above its codes.
        variable = fold(own) or variable
        if variable and value and label and known.setdefault(variable, {}).setdefault(value, label) != label:
            return {}, {}
        if variable and wording is not None and question:
            asked.setdefault(variable, set()).add(question)
    return known, {name: next(iter(questions)) for name, questions in asked.items() if len(questions) == 1}


def labelled_table(path: Path) -> Table:
    """A labelled file as a table of its labels, with what the codes mean."""
    from vvvresearch.evidence import code_text
    from vvvresearch.sources import read_labelled

    survey = read_labelled(path)
    columns, labelled = [], {}
    for name in map(str, survey.answers.columns):
        variable = survey.variables.get(name)
        labels = variable.labels if variable is not None else {}
        identifier = slug(name)
        cells = tuple(labels.get(code_text(cell), code_text(cell)) for cell in survey.answers[name])
        heading = variable.label if variable is not None and variable.label else name
        columns.append(Column(heading, identifier, cells))
        if labels:
            labelled[identifier] = dict(labels)
    ordinal = frozenset(slug(name) for name, variable in survey.variables.items() if variable.measure == "ordinal")
    sets = tuple(
        (several.label or several.name, tuple(map(slug, several.columns)))
        for several in survey.multiple_response_sets.values()
        if several.kind == "D"
    )
    return Table(tuple(columns), tuple(range(1, len(survey.answers) + 1)), labelled=labelled, ordinal=ordinal, sets=sets, kind=survey.kind)
