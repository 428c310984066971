"""A coding sheet: a row an interview and a column a theme, ticked where it was said; read as one row a theme of an interview."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from vvvresearch.intake._column_words import TICKS
from vvvresearch.intake._fold import fold
from vvvresearch.intake._surveyed import is_question, tick_groups
from vvvresearch.intake._table import Column, Table
from vvvresearch.locales import Lang, text

# The decision that the ticks of a sheet are codings, and the roles that its rows have by how they are made.
MARKS = "marks"
ROLES_OF_MARKS = {"source": "interview", "code": "kode", "stance": "retning", "text": "citat"}
_CALLED = re.compile(r"kod(e|ning|ear)|\bcod(e|ing|ed)|\btema|\btheme|matri")
_LEAST, _MOST_MARKS, _LONGEST, _HALF = 3, 6, 4, 0.5


def is_called_coding_sheet(table: Table, called: str) -> bool:
    """Whether the name of a file or what stands above its table says that interviews were coded in it."""
    return _CALLED.search(fold(" ".join((called, table.sheet, *table.titles)))) is not None


def marks_as_rows(table: Table, lang: Lang) -> Table | None:
    """A coding sheet as rows of interview, theme and mark; None for a table that is none.

    The first column tells the interviews apart; at least three columns, half of those behind it, hold nothing but a few short marks, a
    tick among them. A last row of sums below them is left out.

    Args:
        table: as it stands in the file.
        lang: of the headings that the rows get.
    """
    if not table.columns:
        return None
    key = table.columns[0]
    rows = _without_sums(table)
    named = [key.texts[row] for row in rows]
    if not all(named) or len(set(named)) < len(named) or len(rows) < _LEAST:
        return None
    themes = [one for one in table.columns[1:] if _is_marked(one, rows) and not is_question(one.heading)]
    themes = [one for one in themes if one not in {box for group in tick_groups(themes) for box in group.columns}]
    marks = {fold_mark(one.texts[row]) for one in themes for row in rows} - {""}
    behind = [one for one in table.columns[1:] if any(one.texts[row] for row in rows)]
    if len(themes) < max(_LEAST, _HALF * len(behind)) or len(marks) > _MOST_MARKS or not marks & TICKS:
        return None
    found = [(row, theme) for row in rows for theme in themes if theme.texts[row]]
    cells = {
        "interview": [key.texts[row] for row, _ in found], "kode": [theme.heading for _, theme in found],
        "retning": [theme.texts[row] for row, theme in found], "citat": [""] * len(found),
    }  # fmt: skip
    columns = tuple(Column(text(f"intake.marks_{name}", lang), name, tuple(own)) for name, own in cells.items())
    return dataclasses.replace(
        table, columns=columns, lines=tuple(range(1, len(found) + 1)), totals=table.totals + len(table) - len(rows),
        stacked=tuple(theme.heading for theme in themes),
    )  # fmt: skip


def fold_mark(mark: str) -> str:
    """A mark without its spaces and capitals; "(x)" stays apart from "x"."""
    return mark.strip().casefold()


def _without_sums(table: Table) -> Sequence[int]:
    """The places of the rows, but for a last one that has numbers where the others have marks."""
    last = len(table) - 1
    behind = [column.texts[last] for column in table.columns[1:] if column.texts[last]]
    summed = len(behind) >= _LEAST and all(map(str.isdigit, behind)) and max(map(int, behind)) > 1
    return range(last if summed else last + 1)


def _is_marked(column: Column, rows: Sequence[int]) -> bool:
    filled = [column.texts[row] for row in rows if column.texts[row]]
    # "K02" is a name; "1" and "2" may be marks.
    return bool(filled) and all(len(own := fold_mark(cell)) <= _LONGEST and (len(own) == 1 or not re.search(r"\d", own)) for cell in filled)
