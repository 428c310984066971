"""Tables with declared columns: opened, header checked, cells left as text; read as their templates or a file's map say."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.errors import Failure, SchemaError, did_you_mean
from vvvresearch.evidence import Register, code_failures, venner_viser_vej
from vvvresearch.kinds import DataKind
from vvvresearch.sources.templates import RecordRules, TemplateColumn, open_table, record_rules

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


_QUARTER = re.compile(r"(\d{4})-Q([1-4])")

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")

_WRITTEN = {
    "date": (re.compile(r"\d{4}-\d\d-\d\d"), "a date is written 2021-08-25"),
    "month": (_MONTH, "a month is written 2021-08"),
    "quarter": (_QUARTER, "a quarter is written 2021-Q3"),
    "number": (re.compile(r"-?\d+([.,]\d+)?"), "a number is needed"),
}


def read_records(
    path: TableFile,
    type: str,
    *,
    kind: DataKind = DataKind.REAL,
    municipalities: Collection[str] | None = None,
    seen_until: datetime.date | None = None,
    latest: datetime.date | None = None,
) -> Register:
    """Read a register as its template declares it.

    Args:
        path: CSV or XLSX with the columns of the template, or the template filled in; further columns are kept as text. Context figures
            may also stand a column each beside the year.
        type: "agreements", "referrals", "snapshots", "volunteers", "activities", "materials", "campaigns", "categories", "housing_areas"
            or "context".
        kind: the kind of data, as the round says.
        municipalities: the codes that may occur; default the 98.
        seen_until: the day on which the register was drawn; what has happened cannot lie after it.
        latest: where nobody says when it was drawn, the last day on which something can have happened.

    Returns:
        Register; dates, months and quarters as text ("2025-05-31", "2025-05", "2025-Q2"), counts as whole numbers.

    Raises:
        SchemaError: with every fault at once, each with its row: columns and cells that are missing, dates that are none or lie after the
            extract, an end before its start, counts that are none, words that are in no list, unknown and merged municipalities, rows
            that stand twice.

    Example:
        >>> import pandas as pd
        >>> from pathlib import Path
        >>> rows = pd.DataFrame({"municipality": ["0751"], "signed": ["2024-02-01"], "expires": ["2026-01-31"]}, index=[2])
        >>> read_records(TypedTable(rows, Path("aftaler.xlsx")), "agreements").frame["agreement_type"].tolist()
        ['']
    """
    rules = record_rules(type, venner_viser_vej())
    table = _long(path) if type == "context" else path
    needed = [column.name for column in rules.columns if column.required]
    plain = [column.name for column in rules.columns if not column.required and not column.optional]
    frame = read_declared(table, needed, plain, further=True)
    failures = empty_cells(frame, needed)
    there = [column for column in rules.columns if column.name in frame.columns]
    for column in there:
        failures += _cell_faults(frame, column, municipalities)
    failures += _double_rows(frame, rules.once)
    failures += _turned_dates(frame, rules)
    failures += future_dates(frame, rules.past, seen_until, latest)
    raise_all(failures, path, "the table")
    return Register(_typed(frame, there).reset_index(drop=True), kind, str(path))


def _cell_faults(frame: pd.DataFrame, column: TemplateColumn, municipalities: Collection[str] | None) -> list[Failure]:
    """The cells of a column that are not what it holds; that a needed one is empty is told elsewhere."""
    name = column.name
    filled = [(row, cell) for row, cell in cells(frame, name) if cell]
    if column.cells == "municipality":
        return code_failures(filled, municipalities)
    if column.words:
        return unknown_words(frame, name, list(column.words.values()), empty=True)
    if column.cells == "whole":
        return whole_numbers(frame, name, empty=True)[1]
    if column.cells not in _WRITTEN:
        return []
    pattern, said = _WRITTEN[column.cells]
    wrong = [(row, cell) for row, cell in filled if not pattern.fullmatch(cell) or (column.cells == "date" and not _is_date(cell))]
    return [Failure(row, name, cell, said) for row, cell in wrong]


def _is_date(cell: str) -> bool:
    try:
        return len(cell) == 10 and datetime.date.fromisoformat(cell) is not None
    except ValueError:
        return False


def _double_rows(frame: pd.DataFrame, once: tuple[str, ...]) -> list[Failure]:
    keys = [name for name in once if name in frame.columns]
    if not keys:
        return []
    first: dict[tuple[str, ...], int] = {}
    failures = []
    for row, key in zip(frame.index, frame[keys].itertuples(index=False, name=None), strict=True):
        earlier = first.setdefault(key, int(row))
        if earlier != row and any(key):
            failures.append(Failure(int(row), keys[0], key[0], f"the row stands twice, first in row {earlier}"))
    return failures


def _turned_dates(frame: pd.DataFrame, rules: RecordRules) -> list[Failure]:
    failures = []
    needed = {column.name for column in rules.columns if column.required}
    for first, second in (pair for pair in rules.order if {*pair} <= {*frame.columns}):
        for row, begin, end in zip(frame.index, frame[first], frame[second], strict=True):
            if end and not begin and first not in needed:
                failures.append(Failure(int(row), first, "", f"{second} without {first}"))
            if _is_date(begin) and _is_date(end) and end < begin:
                failures.append(Failure(int(row), second, end, f"lies before {first}, {begin}"))
    return failures


def future_dates(
    frame: pd.DataFrame, columns: Iterable[str], seen_until: datetime.date | None, latest: datetime.date | None
) -> list[Failure]:
    """Cells that tell of what cannot have happened yet.

    Args:
        frame: text; dates, months and quarters as ISO 8601 writes them.
        columns: those of what has happened; what is planned may lie ahead.
        seen_until: the day on which the register was drawn.
        latest: where nobody says when, the last day on which something can have happened. A register most of whose dates lie after it
            is of another time than its round, which is told as that.
    """
    limit = seen_until or latest
    if limit is None:
        return []
    begun = [(row, name, cell, _first_day(cell)) for name in columns if name in frame.columns for row, cell in cells(frame, name)]
    late = [(row, name, cell) for row, name, cell, day in begun if day > limit.isoformat()]
    if seen_until is None and 2 * len(late) > sum(day != "" for *_, day in begun):
        return []
    said = f"lies after the extract of {limit:%Y-%m-%d}" if seen_until else f"lies in the future, after {limit:%Y-%m-%d}"
    return [Failure(row, name, cell, said) for row, name, cell in late]


def _first_day(cell: str) -> str:
    """The first day of a date, month or quarter; "" of anything else."""
    if quarter := _QUARTER.fullmatch(cell):
        return f"{quarter[1]}-{3 * int(quarter[2]) - 2:02}-01"
    if _MONTH.fullmatch(cell):
        return f"{cell}-01"
    return cell if _is_date(cell) else ""


def _typed(frame: pd.DataFrame, columns: list[TemplateColumn]) -> pd.DataFrame:
    import pandas as pd

    numbers = {column.name: whole_numbers(frame, column.name, empty=True)[0] for column in columns if column.cells == "whole"}
    decimal = {
        column.name: pd.to_numeric(frame[column.name].str.replace(",", ".").replace("", None)).astype("Float64")
        for column in columns
        if column.cells == "number"
    }
    return frame.assign(**{name: pd.array(values, dtype="Int64") for name, values in numbers.items()}, **decimal)


def _long(path: TableFile) -> TableFile:
    """Context figures one a row, where they stand a column each."""
    from pathlib import Path

    frame = table_of(path)
    figures = [str(name) for name in frame.columns if name not in ("year", "document")]
    if "year" not in frame.columns or not figures or {"figure", "value"}.intersection(frame.columns):
        return path
    kept = [name for name in ("year", "document") if name in frame.columns]
    rows = frame.reset_index(names="line").melt(["line", *kept], figures, "figure", "value")
    rows = rows[rows["value"] != ""].sort_values("line", kind="stable").set_index("line")
    return TypedTable(rows[["year", "figure", "value", *kept[1:]]], Path(str(path)))


@dataclass(frozen=True)
class TypedTable:
    """The table of a file, read through its map; a reader takes it where it takes the file.

    Args:
        frame: the cells as text under the columns that the reader knows; the index is the row of the file.
        path: the file.
        title: what the sheet or file is called, for exports whose title is the code.
        nodes: the factors of mappings, None where only their links are given.
    """

    frame: pd.DataFrame
    path: Path
    title: str = ""
    nodes: pd.DataFrame | None = None

    def __fspath__(self) -> str:
        return str(self.path)

    def __str__(self) -> str:
        return str(self.path)


TableFile = str | Path | TypedTable


def table_of(path: TableFile) -> pd.DataFrame:
    """The table in a CSV file or workbook, or the one that was made of it."""
    if isinstance(path, TypedTable):
        return path.frame.copy()
    return open_table(path)
