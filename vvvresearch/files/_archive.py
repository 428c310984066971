"""Zip archives: every member is checked before one is unpacked."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath

from vvvresearch.errors import SourceError
from vvvresearch.files._read import DEFAULT, MEBI, Limits, read_bytes

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
