"""A table as it stands in a file, whatever stands above and below it: for those who look at rows and not at what they mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.intake._grid import read_grid
from vvvresearch.intake._table import find_table

if TYPE_CHECKING:
    import pandas as pd


def table_as_it_stands(path: str | Path, sheet: str = "") -> pd.DataFrame:
    """The rows of a file under its own headings, without titles, totals and remarks.

    Args:
        path: CSV, XLSX or SAV; it is only read.
        sheet: the sheet of a workbook; default the one that holds most.

    Returns:
        One row a row of the table, all text; the index is the row of the file.

    Raises:
        SourceError: it cannot be read, or holds no table.

    Example:
        >>> frame = table_as_it_stands("surveys/2021-note/courses.csv")
        >>> int(frame.index[0]), "date" in frame.columns
        (2, True)
    """
    import pandas as pd

    table = find_table(read_grid(Path(path), sheet), path)
    cells = {column.id: list(column.texts) for column in table.columns}
    return pd.DataFrame(cells, index=pd.Index(table.lines, name="line"), dtype=object)
