"""Tables of an SQLite project: only real tables are read, and a cell is never trusted to have its column's type."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

from vvvresearch.errors import SourceError
from vvvresearch.files import Limits
from vvvresearch.sources.qda._draft import LossLog


class Tables:
    """The tables of a database by name; a view is no table, since it may never end."""

    def __init__(self, connection: sqlite3.Connection, where: str) -> None:
        self.where = where
        self._connection = connection
        self._keys: dict[str, set[str]] = {}
        self._used: dict[str, set[str]] = {}
        # A cell larger than any text is no text; SQLite says so before it fills the memory.
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, Limits().text_bytes)
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        real = [str(row["name"]) for row in found if not str(row["sql"] or "").upper().startswith("CREATE VIRTUAL")]
        self.columns = {name.casefold(): self._columns_of(name) for name in real}
        self._names = {name.casefold(): name for name in real}

    def _columns_of(self, name: str) -> dict[str, str]:
        rows = self._connection.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
        self._keys[name.casefold()] = {str(row["name"]).casefold() for row in rows if row["pk"]}
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
        self._used.setdefault(table, set()).update(columns)
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

    def count(self, table: str) -> int:
        """How many rows a table has; 0 where there is none."""
        if table not in self.columns:
            return 0
        return int(self._connection.execute(f"SELECT count(*) FROM {_quoted(self._names[table])}").fetchone()[0])

    def report_rest(self, log: LossLog, names: Mapping[str, str]) -> None:
        """List every table that was not read and every filled column of the others that was not: the model lacks them.

        Args:
            log: where they are noted.
            names: table → what its rows are called.
        """
        for table, columns in self.columns.items():
            if table.startswith("sqlite_"):
                continue
            if table not in self._used:
                log.add(names.get(table, f"rows of the table {table}"), self.count(table), "not read")
                continue
            rest = [column for column in columns if column not in self._used[table] | self._keys.get(table, set())]
            for column in rest:
                name = _quoted(columns[column])
                filled = f"SELECT count(*) FROM {_quoted(self._names[table])} WHERE {name} IS NOT NULL AND {name} <> ''"
                log.add(f"cells of the column {column} of the table {table}", int(self._connection.execute(filled).fetchone()[0]))

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
