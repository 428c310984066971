"""SQLite files, opened for reading only and with a limit on work."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from vvvresearch.errors import SourceError
from vvvresearch.files._read import DEFAULT, admit

_MAGIC = b"SQLite format 3\0"
_HEADER = 100
_SECONDS = 120.0


@contextmanager
def open_database(path: str | Path, *, seconds: float = _SECONDS) -> Iterator[sqlite3.Connection]:
    """A read-only connection; every failure of SQLite inside the block becomes one clear error.

    Only tables are meant to be read: a view may be endless, so work stops after `seconds`.

    Raises:
        SourceError: not SQLite, damaged, too large, or a query that does not end.
    """
    place = admit(path, limit=DEFAULT.file_bytes)
    with place.open("rb") as handle:
        header = handle.read(_HEADER)
        if not header.startswith(_MAGIC):
            raise SourceError("this is not an SQLite database", where=place)
    _refuse_cut_off(header, place)
    _refuse_unfinished(place)
    # immutable=1: no lock or journal is written beside a file that belongs to another program.
    connection = sqlite3.connect(f"file:{quote(str(place))}?mode=ro&immutable=1", uri=True)
    deadline = time.monotonic() + seconds
    connection.set_progress_handler(lambda: int(time.monotonic() > deadline), 100_000)
    connection.row_factory = sqlite3.Row
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        # Reading a damaged file may give some rows and no error: the whole file is checked before the first.
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict is None or verdict[0] != "ok":
            raise SourceError("the database is damaged or cut off", where=place, why=str(verdict[0] if verdict else "no answer"))
        yield connection
    except sqlite3.Error as problem:
        raise SourceError(
            "the database cannot be read",
            where=place,
            why=str(problem),
            todo="open it in the program that wrote it, check it there and save it again",
        ) from None
    except OverflowError as problem:
        raise SourceError("the database holds a number that is too large", where=place, why=str(problem)) from None
    except UnicodeDecodeError as problem:
        raise SourceError("the database holds text that is not UTF-8", where=place, why=str(problem)) from None
    finally:
        connection.close()


def _refuse_cut_off(header: bytes, place: Path) -> None:
    """Refuse a file whose size is not the pages its header names: SQLite reads a missing end as zeros."""
    size = place.stat().st_size
    stated = int.from_bytes(header[16:18], "big")
    page = 65536 if stated == 1 else stated
    # The count of pages holds only when the last writer knew of it (file format, 1.3.7 and 1.3.8).
    pages = int.from_bytes(header[28:32], "big") if header[24:28] == header[92:96] else 0
    if len(header) < _HEADER or page < 512 or size % page or (pages and size < pages * page):
        raise SourceError("the database is damaged or cut off", where=place, why=f"it has {size:,} bytes in pages of {page:,}")


def _refuse_unfinished(place: Path) -> None:
    """Refuse a database whose last changes still stand in a file beside it: they would be missing without a word."""
    for ending in ("-wal", "-journal"):
        beside = place.with_name(place.name + ending)
        if beside.is_file() and beside.stat().st_size > 0:
            raise SourceError(
                "the database has changes that are not in it yet",
                where=place,
                why=f"they stand in {beside.name}: another program has it open, or was stopped",
                todo="open it in that program, save and close it there",
            )
