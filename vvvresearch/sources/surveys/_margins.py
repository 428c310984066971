"""Reading published margins, and the links between published values and the data they are recomputed from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.sources.registers._tables import empty_cells, raise_all, read_declared, unknown_words, whole_numbers

if TYPE_CHECKING:
    import pandas as pd

MARGIN_COLUMNS = ("item", "code", "count", "where", "basis")
LINK_COLUMNS = ("figure", "key", "source", "item", "code", "where", "take")
BASES = ("printed", "percent", "inferred")


def read_margins(path: str | Path) -> pd.DataFrame:
    """Read the margins that reconstructed answers are built from: item, code, count, where (a route), basis.

    Returns:
        DataFrame with `MARGIN_COLUMNS`; counts as whole numbers.

    Raises:
        SchemaError: with every fault at once.

    Example:
        >>> read_margins("surveys/2021-note/municipal-2021/margins.csv").columns.tolist()
        ['item', 'code', 'count', 'where', 'basis']
    """
    frame = read_declared(path, MARGIN_COLUMNS)
    counts, wrong = whole_numbers(frame, "count")
    raise_all([*empty_cells(frame, ("item", "code")), *unknown_words(frame, "basis", BASES), *wrong], path, "the table of margins")
    frame["count"] = counts
    return frame.reset_index(drop=True)


def read_links(path: str | Path) -> pd.DataFrame:
    """Read which published value is recomputed from what.

    Columns: figure and key (figure "" and the fact's id as key for a single number), source (id in the round), item and code of
    a survey, where ("column=value;column=value") and take ("rows", "sum(column)") of a register.

    Returns:
        DataFrame with `LINK_COLUMNS`, all text.

    Raises:
        SchemaError: with every fault at once.

    Example:
        >>> read_links("surveys/2021-note/published/links.csv").columns.tolist()
        ['figure', 'key', 'source', 'item', 'code', 'where', 'take']
    """
    frame = read_declared(path, LINK_COLUMNS)
    raise_all(empty_cells(frame, ("key", "source")), path, "the table of links")
    return frame.reset_index(drop=True)
