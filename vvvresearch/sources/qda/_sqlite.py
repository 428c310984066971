"""Tables of an SQLite project: only real tables are read, and a cell is never trusted to have its column's type."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from vvvresearch.errors import SourceError
from vvvresearch.files import Limits


class Tables:
    """The tables of a database by name; a view is no table, since it may never end."""

    def __init__(self, connection: sqlite3.Connection, where: str) -> None:
        self.where = where
        self._connection = connection
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        real = [str(row["name"]) for row in found if not str(row["sql"] or "").upper().startswith("CREATE VIRTUAL")]
        self.columns = {name.casefold(): self._columns_of(name) for name in real}
        self._names = {name.casefold(): name for name in real}

    def _columns_of(self, name: str) -> dict[str, str]:
        rows = self._connection.execute(f"PRAGMA table_info({_quoted(name)})")
        return {str(row["name"]).casefold(): str(row["name"]) for row in rows}

    def has(self, *names: str) -> bool:
        """Whether all these tables exist."""
        return all(name in self.columns for name in names)

    def rows(self, table: str, *columns: str) -> Iterator[dict[str, Any]]:
        """The rows of a table as dicts; a column that this version lacks is None, a missing table is empty."""
        if table not in self.columns:
            return
        known = self.columns[table]
        chosen = [column for column in columns if column in known]
        if not chosen:
            return
        listed = ", ".join(_quoted(known[column]) for column in chosen)
        # In the order of entry, which is what the program shows.
        cursor = self._connection.execute(f"SELECT {listed} FROM {_quoted(self._names[table])}")
        for number, row in enumerate(cursor):
            if number > Limits().rows:
                raise SourceError(f"the table {table} has more than {Limits().rows:,} rows", where=self.where)
            values = dict(zip(chosen, row, strict=True))
            yield {column: values.get(column) for column in columns}

    def count(self, table: str, condition_column: str | None = None) -> int:
        """How many rows a table has (with text in one column); 0 where there is none."""
        if condition_column is not None:
            return sum(bool(text_of(row[condition_column]).strip()) for row in self.rows(table, condition_column))
        if table not in self.columns:
            return 0
        return int(self._connection.execute(f"SELECT count(*) FROM {_quoted(self._names[table])}").fetchone()[0])

    def whole(self, value: Any, what: str) -> int:
        """A cell as a whole number; RQDA stores positions as real numbers.

        Raises:
            SourceError: it is none.
        """
        try:
            number = float(value)
            if number == int(number) and abs(number) < 2**53:
                return int(number)
        except (TypeError, ValueError, OverflowError):
            pass
        raise SourceError(
            f"{what} is {str(value)[:40]!r}, not a whole number", where=self.where, todo="check the project where it was made"
        )


def text_of(value: Any) -> str:
    """A cell as text; bytes are read as UTF-8 where they are, a missing value is ""."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def key_of(kind: str, value: Any) -> str:
    """A key for a row's id: 3 and 3.0 are one id, a missing id is none."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{kind}:{value}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
