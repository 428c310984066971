"""A file opened as the table that it is read as; its further sheets, each as a file; sheets that only hold labels of answers."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import Programme, occasion_in
from vvvresearch.intake._cells import Tests
from vvvresearch.intake._coding_tables import is_export, links_sheet, nodes_sheet
from vvvresearch.intake._fold import file_words, fold, slug
from vvvresearch.intake._grid import Grid, read_grid
from vvvresearch.intake._kind import recognise
from vvvresearch.intake._municipalities import Municipalities, own_municipalities
from vvvresearch.intake._occasions import on_sheets
from vvvresearch.intake._periods import with_times_as_rows
from vvvresearch.intake._table import Column, Table, cell_text, find_table, table_on
from vvvresearch.sources import LABELLED, template_sheet

if TYPE_CHECKING:
    import pandas as pd


_WORKBOOKS = (".xlsx", ".ods")
# What is of no known kind and smaller than this is a note beside a table.
_LEAST_ROWS, _LEAST_COLUMNS = 8, 3


def sheets_apart(path: Path, folder: Path, programme: Programme, municipalities: pd.DataFrame | None = None) -> list[Path]:
    """The further sheets of a workbook that hold tables of their own, each as a workbook in a folder; the file itself is only read.

    Sheets that belong to what is read of the file stay with it: labels of its codes, the same questions at another time, the factors of
    links. The largest visible sheet is the file's own.

    Args:
        path: the workbook; any other file has none.
        folder: where the new files are written, called "register (Referrals).xlsx".
        programme: whose groups may occur.
        municipalities: code and name of a round's own (invented) municipalities; default the 98.

    Raises:
        SourceError: the workbook is damaged.
    """
    if path.suffix.casefold() not in _WORKBOOKS or template_sheet(path):
        return []
    main, tests = table_on(path), Tests(programme, own_municipalities(municipalities))
    if main is None or not main.others or is_export(main):
        return []
    if on_sheets(path, main) is not None or links_sheet(path, main, tests) or nodes_sheet(path, main, tests):
        return []
    # What stands below the rows of the file's own sheet is in what is read of it.
    below = stacked(path, main, tests.municipalities, "Sheet")
    apart = []
    for name in main.others if below is None else below.others:
        other = table_on(path, name)
        # The same columns again, and not below the first, are a copy of it.
        if other is None or alike(main, other) or explains(path, name, other) or not _stands_alone(other, path, name, tests):
            continue
        target = folder / f"{path.stem} ({files.safe_name(name)}).xlsx"
        target.write_bytes(_alone(read_grid(path, name)))
        apart.append(target)
    return apart


def _stands_alone(table: Table, path: Path, name: str, tests: Tests) -> bool:
    """Whether a sheet is surely of a known kind, or large enough to be a table of the round's own."""
    filled = [column for column in table.columns if column.filled]
    found = recognise(table, tests, file_words(f"{path.stem} {name}"))
    return (found.sure and bool(found.candidates)) or (len(table) >= _LEAST_ROWS and len(filled) >= _LEAST_COLUMNS)


def _alone(grid: Grid) -> bytes:
    down = [(first, column, last, column) for column, first, last in grid.merged]
    across = [(row, first, row, last) for row, first, last in grid.across]
    return files.sheet_bytes(grid.sheet, grid.rows, [*down, *across])


# The decision that sheets of the same columns stand below each other: the heading that tells them apart.
STACKED = "stacked"
_ALIKE, _COPIED = 2 / 3, 0.5
_TO_BE_IGNORED = re.compile(
    r"(this is |dette er )?(a |en )?test\w*( \w+)?( \d+)? (please |skal |maa |venligst )?"
    r"(ignore\w*|ignorer\w*|delete\w*|disregard|slet\w*)( \w+)?"
)
_TRIED = re.compile(r"(test(er|ing|svar|ning)?|proeve(svar)?|asdf\w*)( (test|svar|1|2))*")
# Where nothing but a key or a place can stand, the word alone says that the row is a trial.
_NAMES_A_ROW = re.compile(r"(\w+ )*\w*(noegle|key|token|id|nr|no|number|nummer|kode|code|kommune\w*|municipality|kunde|sted|place|site)")
_TRIED_TWICE = 2


def opened(path: Path, sheet: str, known: Municipalities) -> Table:
    """The table of a file or of one of its sheets, without the rows of who only tried a form.

    Args:
        path: a labelled file, a table, or a document with tables.
        sheet: the sheet of a workbook; "" for the largest visible one.
        known: the municipalities whose figures may stand side by side by quarters.

    Raises:
        SourceError: not readable, or no table.
    """
    if path.suffix.casefold() in LABELLED:
        return _without_trials(labelled_table(path))
    return _without_trials(with_times_as_rows(find_table(read_grid(path, sheet), path), known))


def stacked(path: Path, table: Table, known: Municipalities, heading: str) -> Table | None:
    """The rows of all sheets that have the columns of a table, below each other, with the name of the sheet in a column of its own; None
    where no other sheet has them. A sheet that mostly repeats the rows of another is a copy and is left out.

    Args:
        path: the workbook.
        table: of one of its sheets.
        known: as in `opened`.
        heading: of the column with the names of the sheets.
    """
    tables = {table.sheet: table}
    for name in table.others:
        try:
            other = opened(path, name, known)
        except SourceError:
            continue
        if alike(table, other) and not any(_copied(other, one) for one in tables.values()):
            tables[name] = other
    if len(tables) == 1:
        return None
    # In the order in which the workbook has them, which is that of their time.
    order = sorted(tables, key=lambda name: (natural(name), name))
    first = {column.id: column for one in tables.values() for column in one.columns}
    columns = [Column(heading, fold(heading).replace(" ", "-"), tuple(name for name in order for _ in tables[name].lines))]
    for key, one in first.items():
        own_cells = ((tables[name].column(key), len(tables[name])) for name in order)
        cells = itertools.chain.from_iterable(("",) * count if column is None else column.cells for column, count in own_cells)
        columns.append(dataclasses.replace(one, cells=tuple(cells)))
    return dataclasses.replace(
        table, columns=tuple(columns), lines=tuple(range(1, len(columns[0].cells) + 1)), sheet="",
        others=tuple(name for name in table.others if name not in tables), totals=sum(one.totals for one in tables.values()),
        trials=sum(one.trials for one in tables.values()),
    )  # fmt: skip


def alike(one: Table, other: Table) -> bool:
    """Whether two tables have the same columns, but for a few."""
    own, theirs = ({column.id for column in table.columns} for table in (one, other))
    return len(own & theirs) >= _ALIKE * len(own | theirs)


def natural(name: str) -> list[int]:
    """The numbers of a name, by which sheets stand in order."""
    return [int(number) for number in re.findall(r"\d+", name)]


def _copied(one: Table, other: Table) -> bool:
    rows, others = (set(zip(*(column.texts for column in table.columns), strict=True)) for table in (one, other))
    return len(rows & others) >= _COPIED * min(len(rows), len(others))


def _without_trials(table: Table) -> Table:
    """A table without the rows of who only tried the form: a cell asks to be ignored ("TEST please ignore"), a key or a place is called
    so, or two cells say "test"."""
    kept = [row for row in range(len(table)) if sum(_tried(column, row) for column in table.columns) < _TRIED_TWICE]
    if len(kept) == len(table):
        return table
    columns = tuple(dataclasses.replace(column, cells=tuple(column.cells[row] for row in kept)) for column in table.columns)
    lines = tuple(table.lines[row] for row in kept)
    return dataclasses.replace(table, columns=columns, lines=lines, trials=table.trials + len(table) - len(kept))


def _tried(column: Column, row: int) -> int:
    """How much a cell says that nobody answered: 2 where it asks to be ignored or is a key or a place, 1 where it may be a name or an
    answer."""
    said = fold(column.texts[row])
    if _TO_BE_IGNORED.fullmatch(said):
        return _TRIED_TWICE
    alone = _NAMES_A_ROW.fullmatch(column.folded) is not None
    return (_TRIED_TWICE if alone else 1) if _TRIED.fullmatch(said) else 0


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
