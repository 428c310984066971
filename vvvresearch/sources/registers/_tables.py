"""Tables with declared columns: opened, their header checked, their cells left as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from vvvresearch.errors import Failure, SchemaError, did_you_mean
from vvvresearch.sources._typed import TableFile, table_of

if TYPE_CHECKING:
    import pandas as pd


def header(path: TableFile) -> list[str]:
    """The column names of a table."""
    return [str(name) for name in table_of(path).columns]


def read_declared(path: TableFile, required: Sequence[str], optional: Sequence[str] = (), *, further: bool = False) -> pd.DataFrame:
    """A CSV file or workbook as text with the declared columns; what is optional and absent is filled with "".

    With `further`, columns that are not declared are kept as text; otherwise they are refused.

    The index is the row's line in the file. Cells are stripped.

    Raises:
        SourceError: the file cannot be read as a table.
        SchemaError: columns are missing or unknown, all of them at once, with the nearest names.
    """
    frame = table_of(path)
    known = (*required, *optional)
    unknown = [name for name in frame.columns if name not in known]
    extra = unknown if further else []
    missing = [name for name in required if name not in frame.columns]
    failures = [Failure(None, name, "", f"the column is missing; {did_you_mean(name, unknown or frame.columns)}") for name in missing]
    failures += [
        Failure(None, name, "", f"the column is not known here; {did_you_mean(name, known)}") for name in unknown if name not in extra
    ]
    if failures:
        raise SchemaError("the columns are not those of this table", failures, where=path, todo="rename or remove these columns")
    numbers = frame.attrs.get("number_columns", [])
    for name in (*known, *extra):
        frame[name] = frame[name].str.strip() if name in frame.columns else ""
    frame = frame[[*known, *extra]]
    frame.attrs["number_columns"] = numbers
    return frame


def cells(frame: pd.DataFrame, column: str) -> list[tuple[int, str]]:
    """The cells of a column with the line each stands on."""
    return list(zip(map(int, frame.index), frame[column], strict=True))


def empty_cells(frame: pd.DataFrame, columns: Iterable[str]) -> list[Failure]:
    """A failure for each empty cell of columns that may not be empty."""
    return [Failure(int(row), column, "", "a value is missing") for column in columns for row, value in cells(frame, column) if value == ""]


def double_ids(frame: pd.DataFrame, column: str) -> list[Failure]:
    """A failure for each row whose id stands in an earlier row."""
    seen: dict[str, int] = {}
    failures = []
    for row, value in cells(frame, column):
        if value and value in seen:
            failures.append(Failure(int(row), column, value, f"the id stands twice, first in row {seen[value]}"))
        seen.setdefault(value, int(row))
    return failures


def unknown_words(frame: pd.DataFrame, column: str, known: Sequence[str], *, empty: bool = False) -> list[Failure]:
    """A failure for each cell that is none of the known words."""
    return [
        Failure(int(row), column, value, did_you_mean(value, known))
        for row, value in cells(frame, column)
        if value not in known and not (empty and value == "")
    ]


def whole_numbers(frame: pd.DataFrame, column: str, *, empty: bool = False) -> tuple[list[int | None], list[Failure]]:
    """A column of counts as numbers (None where empty), with a failure for each cell that is none."""
    numbers: list[int | None] = []
    failures = []
    for row, value in cells(frame, column):
        if value == "" and empty:
            numbers.append(None)
        elif value.isascii() and value.isdigit():
            numbers.append(int(value))
        else:
            numbers.append(None)
            failures.append(Failure(int(row), column, value, "a whole number of 0 or more is needed" if value else "a value is missing"))
    return numbers, failures


def raise_all(failures: Iterable[Failure], path: TableFile, what: str, otherwise: str = "") -> None:
    """One error with every failure, in row order, or nothing.

    Args:
        failures: everything that is wrong.
        path: the file.
        what: which table it is.
        otherwise: what may be declared instead, where the rows are right.

    Raises:
        SchemaError: there is at least one failure.
    """
    found = sorted(dict.fromkeys(failures), key=lambda failure: (failure.row if failure.row is not None else -1, failure.column))
    if found:
        count = len(found)
        raise SchemaError(
            f"{what} has {count} fault{'s' if count > 1 else ''}",
            found,
            where=path,
            todo="; ".join(said for said in ("correct these rows in the file; nothing was read", otherwise) if said),
        )
