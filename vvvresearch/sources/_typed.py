"""A table whose columns are known already: what a map made of a file, for the readers that take that file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.sources.templates import open_table

if TYPE_CHECKING:
    import pandas as pd


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
