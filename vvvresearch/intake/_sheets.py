"""A file opened as the table that it is read as; its further sheets, each as a file; what another sheet corrects."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.evidence import Programme, in_one_spelling
from vvvresearch.intake._cells import Tests, is_number
from vvvresearch.intake._coding_tables import is_export, links_sheet, nodes_sheet
from vvvresearch.intake._column_words import is_withdrawn
from vvvresearch.intake._fold import file_words, fold, slug
from vvvresearch.intake._grid import Grid, read_grid
from vvvresearch.intake._kind import recognise
from vvvresearch.intake._kobo import with_words_of_paths
from vvvresearch.intake._municipalities import Municipalities, own_municipalities
from vvvresearch.intake._occasions import on_sheets
from vvvresearch.intake._periods import with_times_as_rows
from vvvresearch.intake._question_list import explains, is_codebook
from vvvresearch.intake._table import Column, Table, find_table, table_on
from vvvresearch.intake._workbook import Cell
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
    if main is None or not main.others or is_export(main) or is_codebook(main):
        return []
    if on_sheets(path, main) is not None or links_sheet(path, main, tests) or nodes_sheet(path, main, tests):
        return []
    # What stands below the rows of the file's own sheet is in what is read of it.
    below = stacked(path, main, tests.municipalities, "Sheet")
    corrects, _ = corrections_on(path, main) or ("", {})
    apart = []
    for name in main.others if below is None else below.others:
        other = table_on(path, name)
        # The same columns again, and not below the first, are a copy of it.
        if other is None or name == corrects or alike(main, other) or explains(path, name, other):
            continue
        if not _stands_alone(other, path, name, tests):
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


# A code of a person, a pair, an interview: letters and a number.
_MOST_WORDS = 8
_CODE_IN_CASE = re.compile(r"[^\W\d_]{1,4}[-_ ]?\d{1,5}[a-z]?", re.IGNORECASE)
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
        return _without_trials(in_one_case(labelled_table(path)))
    table = with_words_of_paths(find_table(read_grid(path, sheet), path))
    return _without_trials(with_times_as_rows(in_one_case(_with_withdrawn(table, path)), known))


def _with_withdrawn(table: Table, path: Path) -> Table:
    """A table whose consents say "withdrawn" for those whom another sheet lists as having taken theirs back, by a column that both have."""
    for name in table.others:
        other = table_on(path, name)
        if other is None or not any(map(is_withdrawn, (name, *(column.heading for column in other.columns)))):
            continue
        key = next((one for one in other.columns if one.filled and _among(one, table.column(one.id))), None)
        own = table.column(key.id) if key is not None else None
        if key is None or own is None:
            continue
        gone = [text in key.counts for text in own.texts]
        asked = [column for column in table.columns if re.search(r"samtykke|consent", column.folded)]
        told = asked or [Column("Consent withdrawn", "consent-withdrawn", ("",) * len(table))]
        columns = tuple(
            dataclasses.replace(one, cells=tuple("withdrawn" if out else cell for out, cell in zip(gone, one.cells, strict=True)))
            if one in told
            else one
            for one in (*table.columns, *(() if asked else told))
        )
        table = dataclasses.replace(table, columns=columns, withdrawn=table.withdrawn + sum(gone))
    return table


def _among(listed: Column, known: Column | None) -> bool:
    """Whether a column lists some of the codes of another one, each once."""
    alone = len(listed.counts) == len(listed.texts)
    return (
        known is not None and alone and listed.counts.keys() < known.counts.keys() and all(re.search(r"\d", one) for one in listed.counts)
    )


def in_one_case(table: Table) -> Table:
    """A table whose codes and words that come again have one spelling each: "t04" beside "T04" is the same one, as it stands most often."""
    columns = []
    respelt = 0
    for column in table.columns:
        first = {text.casefold() for text in column.counts}
        again = 2 * len(first) <= len(column.filled) and all(len(text.split()) <= _MOST_WORDS for text in column.counts)
        if len(first) == len(column.counts) or not (again or all(map(_CODE_IN_CASE.fullmatch, column.counts))):
            columns.append(column)
            continue
        texts = in_one_spelling(column.texts)
        respelt += sum(own != text for own, text in zip(column.texts, texts, strict=True))
        columns.append(dataclasses.replace(column, cells=tuple(texts)))
    return dataclasses.replace(table, columns=tuple(columns), respelt=respelt) if respelt else table


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


# The decision about a sheet that says other numbers than the table: its name, where they hold.
CORRECTIONS = "corrections"


def corrections_on(path: Path, table: Table) -> tuple[str, dict[tuple[int, str], Cell]] | None:
    """The sheet beside a table whose rows each name a row of it, one of its columns and another number ("Hjørring, marts, 212"), with these
    numbers by row and column; None without one."""
    headings = {column.folded: column.id for column in table.columns}
    for name in table.others:
        other = table_on(path, name)
        if other is None:
            continue
        for key in (column for column in table.columns if len(column.counts) == len(table)):
            row_of = {fold(text): row for row, text in enumerate(key.texts)}
            called = next((one for one in other.columns if one.folded == key.folded and set(map(fold, one.texts)) <= row_of.keys()), None)
            places = [one for one in other.columns if one.filled and set(map(fold, one.texts)) <= headings.keys() - {key.folded}]
            numbers = [one for one in other.columns if one.filled and all(map(is_number, one.texts))]
            if called is not None and len(places) == 1 and numbers:
                rows = zip(called.texts, places[0].texts, numbers[0].cells, strict=True)
                return name, {(row_of[fold(row)], headings[fold(place)]): cell for row, place, cell in rows}
    return None


def with_corrections(table: Table, told: Mapping[tuple[int, str], Cell]) -> Table:
    """A table with other numbers in the cells that were corrected."""
    columns = (
        dataclasses.replace(one, cells=tuple(told.get((row, one.id), cell) for row, cell in enumerate(one.cells))) for one in table.columns
    )
    return dataclasses.replace(table, columns=tuple(columns))


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
