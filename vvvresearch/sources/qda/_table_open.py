"""Opening a table of codings: which sheet it is, and which of its columns holds what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch import files
from vvvresearch.errors import SourceError
from vvvresearch.sources._typed import TableFile, TypedTable
from vvvresearch.sources.qda._table_columns import Columns, find_columns
from vvvresearch.sources.templates import is_template, open_table

if TYPE_CHECKING:
    import pandas as pd

_CODINGS_SHEET, _CODEBOOK_SHEET = "codings", "codebook"
_UNTITLED = re.compile(r"(?:sheet|ark|tabelle|table)\s*\d*", re.IGNORECASE)


def is_table_of_codings(path: Path) -> bool:
    """Whether a table holds codings, usable or not, and not a codebook alone."""
    try:
        open_codings(path)
    except SourceError:
        frame = files.read_csv(path, row_names=True) if path.suffix.casefold() == ".csv" else files.read_workbook(path)
        names = [str(name) for name in frame.columns]
        roles = find_columns(names, {name: [str(cell) for cell in frame[name]] for name in names}).roles
        return bool({"text", "start", "range"} & roles.keys())
    return True


@dataclass(frozen=True)
class Sheet:
    """A table of codings with its columns, the codebook beside it, and the names of the other sheets."""

    frame: pd.DataFrame
    columns: Columns
    codebook: pd.DataFrame | None = None
    title: str = ""
    others: tuple[str, ...] = ()


def open_codings(path: TableFile) -> Sheet:
    """The table with the codings: the sheet of that name, else the first one that can be it.

    Raises:
        SourceError: no table, or none with columns for interview and code.
    """
    if isinstance(path, TypedTable):
        return Sheet(path.frame, _checked(path.frame, path.path, path.title), title=path.title)
    path = Path(path)
    if path.suffix.casefold() == ".csv":
        frame = files.read_csv(path, row_names=True)
        return Sheet(frame, _checked(frame, path, path.stem), title=path.stem)
    if is_template(path):
        frame = open_table(path)
        return Sheet(frame, _checked(frame, path, path.stem), title=path.stem)
    sheets = {name.casefold(): name for name in files.sheet_names(path)}
    codebook = files.read_workbook(path, sheets[_CODEBOOK_SHEET]) if _CODEBOOK_SHEET in sheets else None
    rest = {folded: name for folded, name in sheets.items() if folded != _CODEBOOK_SHEET}
    if _CODINGS_SHEET in sheets:
        frame = files.read_workbook(path, rest.pop(_CODINGS_SHEET))
        return Sheet(frame, _checked(frame, path, path.stem), codebook, path.stem, tuple(rest.values()))
    problem: SourceError | None = None
    for name in sheets.values():
        title = path.stem if _UNTITLED.fullmatch(name) else name
        try:
            frame = files.read_workbook(path, name)
            others = tuple(other for other in rest.values() if other != name)
            return Sheet(frame, _checked(frame, path, title), codebook, title, others)
        except SourceError as found:
            problem = problem or found
    raise problem or SourceError("the workbook has no sheets", where=path)


def _checked(frame: pd.DataFrame, path: Path, title: str) -> Columns:
    names = [str(name) for name in frame.columns]
    columns = find_columns(names, {name: [str(cell) for cell in frame[name]] for name in names})
    missing = [role for role in ("source", "code") if role not in columns.roles]
    if columns.applied:
        missing = [role for role in missing if role != "code"]
    if columns.layout == "nvivo" and title and missing == ["code"]:
        missing = []
    if not {"text", "start", "range"} & columns.roles.keys():
        missing.append("text or start and end")
    if missing:
        raise SourceError(
            f"this is no table of codings: no column for {', '.join(missing)}",
            where=path,
            why=f"its columns are {', '.join(names)}",
            todo="name the columns interview, start, end, quote, code, coder (start and end, or the quote alone, are enough)",
        )
    return columns
