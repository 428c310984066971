"""What codes and the names of variables mean: a list of questions in a file of its own, or on a sheet beside the answers."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from vvvresearch.errors import SourceError
from vvvresearch.evidence import occasion_in
from vvvresearch.intake._fold import fold
from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._redcap import Field
from vvvresearch.intake._scales import is_dont_know, scale_of
from vvvresearch.intake._table import Column, Table, cell_text, find_table, table_on

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


def _listed(path: Path) -> Mapping[str, Field]:
    """What a file lists; each file of a folder is asked by all others, and read once."""
    try:
        stamp = path.stat()
    except OSError:
        return {}
    return _read(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=_MOST_TABLES)
def _read(path: Path, _changed: int, _size: int) -> Mapping[str, Field]:
    """Folded code → its question and the answers to it, of a table with a column of codes and one of words, or of sheets of variables and
    labels; empty where it is no such table."""
    table = _table(path)
    if table is not None and is_codebook(table):
        labels, wordings, _ = said_on(path, (table.sheet, *table.others))
        return {name: Field(name, wordings.get(name, name), "", labels.get(name, {})) for name in {**labels, **wordings} if name}
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


_VARIABLE = re.compile(r"(variabel|variable|kolonne|column|item|spoergsmaal|question|felt|field)( ?(navn|name|id|nr|no|kode|code))?")
_VALUE = re.compile(r"(vaerdi|value|kode|code|svar ?kode|answer ?code|tal)( ?(nr|no))?")
_LABEL = re.compile(
    r"(label|etiket|betyd(er|ning)|meaning|svar ?(tekst|mulighed)?|answer ?(text|label)?|value ?label|vaerdi ?label|tekst|text)s?"
)


_COUNTED = re.compile(r"\b(antal|hvor mange|how many|number of|count)\b")
# The name of what a sheet says of codes without saying whose they are.
_OF_ALL = ""
_WORDING = re.compile(r"(spoergsmaal|question|ordlyd|wording|formulering|text|tekst)(s? ?(tekst|text|ordlyd|wording))?")


def with_labels(table: Table, path: Path) -> Table:
    """A table with what other visible sheets say of it: numbers become labels where every one of them has one, the words of all answers
    that could be given are known, headings become questions, and lines such as "9 = not answered" stand beside the table."""
    if table.labelled:
        return table
    labels, asked, lines = said_on(path, table.others)
    of_question = {fold(question): labels[name] for name, question in asked.items() if name in labels}
    # One list of codes for a whole sheet is that of its columns where its words are steps of one scale.
    common = labels.get(_OF_ALL, {})
    lines += [f"{code} = {label}" for code, label in common.items()]
    common = common if scale_of(common.values()).sure else {}
    labelled = {}
    columns = []
    for column in table.columns:
        heading = fold(column.heading)
        words = labels.get(heading) or of_question.get(heading) or (common if not _COUNTED.search(heading) else {})
        if words and column.counts and column.counts.keys() <= words.keys():
            labelled[column.id] = words
            column = dataclasses.replace(column, cells=tuple(words.get(text, text) for text in column.texts))
        elif words and column.counts and {fold(text) for text in column.counts} <= {fold(label) for label in words.values()}:
            labelled[column.id] = words
        columns.append(dataclasses.replace(column, heading=asked.get(_variable(column, asked), column.heading)))
    return dataclasses.replace(table, columns=tuple(columns), labelled=labelled, legends=tuple(lines))


def said_on(path: Path, sheets: Iterable[str]) -> tuple[dict[str, dict[str, str]], dict[str, str], list[str]]:
    """Folded variable → code → label, folded variable → question, and lines about codes, of sheets."""
    labels: dict[str, dict[str, str]] = {}
    asked: dict[str, str] = {}
    lines: list[str] = []
    for name in sheets:
        of_sheet, questions = _on_sheet(path, name)
        if not of_sheet and not questions:
            questions, further = _words_on(path, name)
            lines += further
        labels, asked = {**of_sheet, **labels}, {**questions, **asked}
    return labels, asked, lines


def is_codebook(table: Table) -> bool:
    """Whether a table has a row a variable or a code and says what they mean, so that it is read beside the answers."""
    labels, questions = _meanings(table)
    return bool(questions or labels.keys() - {_OF_ALL})


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
    return any(_meanings(table)) or bool(_words_on(path, name)[0])


def _meanings(table: Table) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    found = [next((one for one in table.columns if kind.fullmatch(one.folded)), None) for kind in (_VARIABLE, _VALUE, _LABEL)]
    variables, values, labels = found
    if variables is not None and values is None:
        return {}, _questions(table, variables)
    filled = [one for one in table.columns if one.filled]
    if variables is None and values is not None and labels is not None and len(filled) == 2 and len(values.counts) == len(table):
        return {_OF_ALL: dict(zip(values.texts, labels.texts, strict=True))}, {}
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
    # A question a row, with a code of its own, is a list of questions.
    if len(known) > 1 and len(values.counts) == len(table) and all(len(own) == 1 for own in known.values()):
        return {}, {}
    return known, {name: next(iter(questions)) for name, questions in asked.items() if len(questions) == 1}


def _questions(table: Table, variables: Column) -> dict[str, str]:
    """Folded variable → question, of a sheet with a row a variable: names in one word each, questions in several."""
    wording = next((one for one in table.columns if one is not variables and _WORDING.fullmatch(one.folded)), None)
    if wording is None or any(len(name.split()) > 1 for name in variables.texts) or len(variables.counts) < len(table):
        return {}
    several = sum(len(words.split()) > 2 for words in wording.texts)
    return dict(zip(map(fold, variables.texts), wording.texts, strict=True)) if 2 * several > len(table) else {}
