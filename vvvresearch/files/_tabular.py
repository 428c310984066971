"""CSV and workbooks as tables of text: a municipality code stays `0101`, an answer `NO` stays a word."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import SourceError
from vvvresearch.files._archive import open_archive
from vvvresearch.files._read import DEFAULT, read_bytes, read_text

if TYPE_CHECKING:
    import pandas as pd

_SEPARATORS = (";", ",", "\t", "|")


def read_csv(path: str | Path, *, row_names: bool = False) -> pd.DataFrame:
    """A CSV file as a DataFrame of text; empty cells are "".

    The separator (`;` `,` tab `|`) is the one that splits the header most; UTF-8, UTF-16 by its mark, else cp1252.
    The index is the row as a spreadsheet counts it, so that errors can name it: a cell with line breaks is one row, an empty
    line is one too. With `row_names` a first column without a heading is called "row": R writes the names of its rows there.

    Raises:
        SourceError: empty, a header with empty or double names, a row with another number of cells.
    """
    text = read_text(path, fallback="cp1252", limit=DEFAULT.text_bytes)
    header_line = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=lambda mark: _count_outside_quotes(header_line, mark))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    # The library's own bound on a cell is smaller than a long passage, and it is one for the whole process.
    bound = csv.field_size_limit(DEFAULT.text_bytes)
    try:
        numbered = enumerate(reader, start=1)
        header = next((row for _, row in numbered if any(row)), None)
        if row_names and header and not header[0].strip():
            header[0] = "row"
        _check_header(header, path)
        assert header is not None
        for number, row in numbered:
            if not any(row):
                continue
            if len(row) != len(header):
                raise SourceError(
                    f"the row has {len(row)} cells, the header {len(header)}",
                    where=f"{path}, row {number}",
                    todo="check quotes and separators on that line",
                )
            rows.append(row)
            lines.append(number)
            if len(rows) > DEFAULT.rows:
                raise SourceError(f"the table has more than {DEFAULT.rows:,} rows", where=path)
    except csv.Error as problem:
        raise SourceError("the CSV file is broken", where=f"{path}, line {reader.line_num}", why=str(problem)) from None
    finally:
        csv.field_size_limit(bound)
    return _frame(rows, [name.strip() for name in header], lines)


def _count_outside_quotes(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])


def _check_header(header: list[str] | None, path: object) -> None:
    if header is None:
        raise SourceError("the table is empty", where=path, todo="the first row holds the column names")
    if len(header) > DEFAULT.columns:
        raise SourceError(f"the table claims {len(header):,} columns", where=path)
    names = [name.strip() for name in header]
    empty = [str(number + 1) for number, name in enumerate(names) if not name]
    double = sorted({name for name in names if names.count(name) > 1 and name})
    if empty or double:
        faults = [f"column {', '.join(empty)} has no name"] if empty else []
        faults += [f"the name {', '.join(double)} stands twice"] if double else []
        raise SourceError("the header is not usable", where=path, why="; ".join(faults), todo="give every column a name of its own")


def _frame(rows: list[list[str]], header: list[str], index: list[int]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=header, index=pd.Index(index, name="line"), dtype=object)


def sheet_names(path: str | Path) -> list[str]:
    """The names of a workbook's sheets, in order."""
    workbook = _open_workbook(path)
    try:
        return list(workbook.sheetnames)
    finally:
        workbook.close()


def read_workbook(path: str | Path, sheet: str | None = None) -> pd.DataFrame:
    """One sheet of an XLSX workbook as a DataFrame of text; empty cells are "".

    Whole numbers are written without decimals, dates as ISO text, formulas give their stored value.
    `frame.attrs["number_columns"]` names the columns that hold number cells: a code that stands there has
    lost its leading zeros.

    Raises:
        SourceError: not a workbook, no such sheet, too many rows or columns, a header that is not usable.
    """
    workbook = _open_workbook(path)
    try:
        if sheet is not None and sheet not in workbook.sheetnames:
            raise SourceError(f"the workbook has no sheet {sheet!r}", where=path, todo="sheets: " + ", ".join(workbook.sheetnames))
        chosen = workbook[sheet] if sheet is not None else workbook.worksheets[0]
        where = f"{path}, sheet {chosen.title}"
        chosen.reset_dimensions()  # what a workbook claims about its size is not trusted
        header: list[str] | None = None
        rows: list[list[str]] = []
        index: list[int] = []
        numeric: set[int] = set()
        for number, cells in enumerate(chosen.iter_rows(values_only=True), start=1):
            if len(cells) > DEFAULT.columns or len(rows) > DEFAULT.rows:
                raise SourceError("the sheet is too large", where=where, why=f"at most {DEFAULT.rows:,} rows, {DEFAULT.columns:,} columns")
            if all(cell is None for cell in cells):
                continue
            texts = [_cell(cell) for cell in cells]
            if header is None:
                while texts and not texts[-1]:
                    texts.pop()
                _check_header(texts, where)
                header = [text.strip() for text in texts]
                continue
            if any(texts[len(header) :]):
                raise SourceError("a row has more cells than the header", where=f"{where}, row {number}")
            texts = (texts + [""] * len(header))[: len(header)]
            numeric.update(place for place, cell in enumerate(cells) if isinstance(cell, int | float) and not isinstance(cell, bool))
            rows.append(texts)
            index.append(number)
        if header is None:
            raise SourceError("the sheet is empty", where=where)
        frame = _frame(rows, header, index)
        frame.attrs["number_columns"] = [name for place, name in enumerate(header) if place in numeric]
        return frame
    except SourceError:
        raise
    except Exception as problem:  # openpyxl raises many kinds on damaged sheets
        raise SourceError("the workbook is damaged", where=path, why=f"{type(problem).__name__}: {problem}") from None
    finally:
        workbook.close()


def _open_workbook(path: str | Path) -> Any:
    import openpyxl

    archive = open_archive(path)
    if "[Content_Types].xml" not in archive.names:
        raise SourceError("this is not an XLSX workbook", where=path)
    try:
        return openpyxl.load_workbook(io.BytesIO(read_bytes(path)), read_only=True, data_only=True, keep_links=False)
    except Exception as problem:  # openpyxl raises many kinds on damaged workbooks
        raise SourceError("the workbook cannot be opened", where=path, why=f"{type(problem).__name__}: {problem}") from None


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
