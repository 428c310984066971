"""Exports of ODK and KoboToolbox as answers: paths as headings, a list of answers with its boxes, "n/a" where nothing was asked."""

from __future__ import annotations

import dataclasses
import re

from vvvresearch.intake._fold import fold
from vvvresearch.intake._table import Column, Table

_OF_PROGRAM = frozenset(
    (
        "uuid",
        "submission time",
        "submissiondate",
        "index",
        "instanceid",
        "meta instanceid",
        "meta rootuuid",
        "deviceid",
        "formid",
        "version",
    )
)
_LEAST_OF_PROGRAM = 2
_BOX = frozenset(("0", "1", "", "true", "false"))
_TICKED = ("1", "true")
_RATED = re.compile(r"[_ ](\d)_(\d{1,2})$")
_NOT_ASKED = frozenset(("n/a", "N/A"))


def is_of_kobo(table: Table) -> bool:
    """Whether a program that collects forms in the field wrote a table: its own columns stand there, and a path of groups in others."""
    own = sum(fold(column.heading.replace("/", " ")) in _OF_PROGRAM for column in table.columns)
    return own >= _LEAST_OF_PROGRAM and any(column.heading.startswith("_") or "/" in column.heading for column in table.columns)


def with_words_of_paths(table: Table) -> Table:
    """Such an export with the last words of each path as headings; the boxes of a question stand for the cell that lists them.

    A cell of "n/a" was not asked and is empty. A question whose boxes do not say the same as its list stays as it is.

    Args:
        table: any table; one of another program is given back as it is.
    """
    if not is_of_kobo(table):
        return table
    cells = {column.heading: tuple("" if text in _NOT_ASKED else text for text in column.texts) for column in table.columns}
    boxes = {name: own for name in cells if (own := _boxes_of(name, cells))}
    of_box = {box: name for name, own in boxes.items() for box in own}
    short = [_last(name) for name in cells if name not in of_box]
    kept = []
    for column in table.columns:
        path = column.heading
        if path in boxes:
            continue
        alone = _last(path) if short.count(_last(path)) == 1 else path
        heading = f"{_last(of_box[path])} [{_last(path)}]" if path in of_box else alone
        said = cells[path]
        kept.append(dataclasses.replace(column, heading=heading, cells=said if said != column.texts else column.cells))
    return dataclasses.replace(table, columns=tuple(kept))


def _boxes_of(name: str, cells: dict[str, tuple[str, ...]]) -> list[str]:
    """The headings of the boxes of a question, where they say of every row what its own cell lists."""
    own = [one for one in cells if one.rpartition("/")[0] == name and {text.casefold() for text in cells[one]} <= _BOX]
    if len(own) < 2:
        return []
    for row, said in enumerate(cells[name]):
        if set(said.split()) != {one.rpartition("/")[2] for one in own if cells[one][row].casefold() in _TICKED}:
            return []
    return own


def _last(path: str) -> str:
    # "strain_0_10" is asked from 0 to 10.
    words = _RATED.sub(r" (\1–\2)", path.rpartition("/")[2])
    return words.replace("_", " ").strip() if not path.startswith("_") else words


def is_of_the_program(column: Column) -> bool:
    """Whether a column numbers the forms that were sent in, whoever they are of ("_id", "_uuid")."""
    return column.heading.startswith("_")
