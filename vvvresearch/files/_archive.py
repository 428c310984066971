"""Zip archives and SQLite files, opened with care: every member is checked first; for reading only, with a limit on work."""

from __future__ import annotations

import lzma
import sqlite3
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import quote

from vvvresearch.errors import SourceError
from vvvresearch.files._read import DEFAULT, MEBI, Limits, admit, read_bytes

_LINK = 0o120000
# What the standard library raises on damaged archives, depending on which byte is wrong.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)


# Office wraps a file that has a password in a compound file, in which its zip is unreadable.
_COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")


@dataclass(frozen=True)
class Archive:
    """A checked zip archive held in memory; `names` are its members without folders."""

    where: str
    names: tuple[str, ...]
    _zip: zipfile.ZipFile
    _by_base: dict[str, str]

    def read(self, name: str) -> bytes:
        """The content of one member.

        Raises:
            SourceError: no such member, damaged, or larger than it claimed.
        """
        place = f"{self.where}!{name}"
        try:
            with self._zip.open(name) as member:
                data = member.read(self._zip.getinfo(name).file_size + 1)
        except KeyError:
            raise SourceError("the archive has no such member", where=place) from None
        except _DAMAGE as problem:
            raise SourceError("the archive's member is damaged", where=place, why=str(problem)) from None
        if len(data) > self._zip.getinfo(name).file_size:
            raise SourceError("the archive's member is larger than it claims", where=place)
        return data

    def find(self, base_name: str) -> str | None:
        """The one member whose last name part equals `base_name`, upper and lower case alike; None if there is none."""
        return self._by_base.get(base_name.casefold())


def open_archive(path: str | Path, *, limits: Limits = DEFAULT) -> Archive:
    """Open a zip archive after checking names, sizes, encryption and nesting.

    Raises:
        SourceError: not a zip, too large unpacked, encrypted, or with names that leave the archive.
    """
    return check_archive(read_bytes(path, limit=limits.file_bytes), str(path), limits)


def check_archive(data: bytes, where: str, limits: Limits = DEFAULT) -> Archive:
    """As `open_archive`, from bytes."""
    if data.startswith(_COMPOUND) and "EncryptedPackage".encode("utf-16-le") in data:
        raise SourceError("the file is locked with a password", where=where, todo="open it in its program and save it without a password")
    try:
        opened = zipfile.ZipFile(BytesIO(data))
    except _DAMAGE as problem:
        raise SourceError("this is not a zip archive, or it is cut off", where=where, why=str(problem)) from None
    members = [info for info in opened.infolist() if not info.is_dir()]
    if len(members) > limits.members:
        raise SourceError(f"the archive has {len(members):,} members", where=where, why=f"at most {limits.members:,} are read")
    seen: dict[str, str] = {}
    total = 0
    for info in members:
        _check_member(info, where, limits)
        total += info.file_size
        if seen.setdefault(info.filename.casefold(), info.filename) != info.filename or opened.NameToInfo[info.filename] is not info:
            raise SourceError("two members have the same name", where=f"{where}!{info.filename}", why="it is not clear which one counts")
    if total > limits.unpacked_bytes:
        raise SourceError(f"the archive unpacks to {total:,} bytes", where=where, why=f"at most {limits.unpacked_bytes:,} are read")
    names = tuple(info.filename for info in members)
    # Reversed, so that of several with one base name the first is found. Some programs write folders with backslashes.
    by_base = {PurePosixPath(name.replace("\\", "/")).name.casefold(): name for name in reversed(names)}
    return Archive(where, names, opened, by_base)


def _check_member(info: zipfile.ZipInfo, where: str, limits: Limits) -> None:
    place = f"{where}!{info.filename}"
    windows = PureWindowsPath(info.filename)
    if PurePosixPath(info.filename).is_absolute() or windows.drive or windows.root or ".." in windows.parts:
        raise SourceError("a member's name leads out of the archive", where=place)
    if (info.external_attr >> 16) & 0o170000 == _LINK:
        raise SourceError("a member is a link", where=place, why="links in archives are not followed")
    if info.flag_bits & 0x1:
        raise SourceError("a member is encrypted", where=place, todo="export without a password")
    if info.file_size > MEBI and info.file_size > limits.ratio * max(info.compress_size, 1):
        raise SourceError(
            f"a member claims to unpack to {info.file_size:,} bytes from {info.compress_size:,}",
            where=place,
            why="this looks like an archive made to fill the memory",
        )


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
