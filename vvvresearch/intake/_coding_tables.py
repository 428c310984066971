"""Tables of codings: which of them the reader of codings takes as they are, and what it takes of others beside the columns of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvvresearch.intake._settle import Settled
from vvvresearch.intake._table import Column, Table
from vvvresearch.sources.qda._table_columns import Columns, find_columns

if TYPE_CHECKING:
    import pandas as pd

# What the reader of codings knows and a map does not speak of: the reader's name of the column.
_FURTHER = {
    "range": "excerpt range", "color": "color", "guid": "guid", "region": "region", "start": "start", "end": "end", "coder": "coder",
    "memo": "memo", "date": "date", "group": "document group", "beneficiary": "beneficiary", "phase": "phase", "prompted": "prompted",
}  # fmt: skip


def is_export(table: Table) -> bool:
    """Whether a table is laid out as a program exports it, which its reader knows better than headings tell."""
    found = _found(table.columns)
    return bool(found.layout or found.applied) and table.header == "1" and "source" in found.roles


def with_further_columns(frame: pd.DataFrame, table: Table, settled: Settled) -> pd.DataFrame:
    """A table of codings with the columns that its reader knows beside those of the map."""
    taken = settled.roles()
    left = {name for name, value in settled.starting("column.").items() if value == "-"}
    free = [column for column in table.columns if column.id not in taken and column.id not in left]
    own = _found(free).roles
    by_heading = {column.heading: column for column in free}
    added = {
        name: list(by_heading[own[role]].texts) for role, name in _FURTHER.items() if role in own and not {name, role} & set(frame.columns)
    }
    return frame.assign(**added)


def _found(columns: tuple[Column, ...] | list[Column]) -> Columns:
    return find_columns([column.heading for column in columns], {column.heading: column.texts for column in columns})
