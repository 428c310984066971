"""Reading a file: into memory, as text, within the bounds that every reader shares, and recorded."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from vvvresearch.errors import SourceError, did_you_mean
from vvvresearch.files._record import content_hash, hash_file, is_recording, note_missing, note_read

MEBI = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one read. The defaults hold the largest real projects with room to spare.

    `ratio` bounds how much larger than its packed size a zip member may be: text packs at most
    about 1:100, bombs start at 1:1000.
    """

    file_bytes: int = 512 * MEBI
    text_bytes: int = 256 * MEBI
    config_bytes: int = 8 * MEBI
    members: int = 20_000
    unpacked_bytes: int = 2048 * MEBI
    ratio: int = 300
    xml_depth: int = 200
    yaml_depth: int = 100
    xml_tags: int = 20_000_000
    rows: int = 1_000_000
    columns: int = 16_384
    nodes: int = 200_000


DEFAULT = Limits()


_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def admit(path: str | Path, *, limit: int = DEFAULT.file_bytes) -> Path:
    """Check that a file may be read, and record it, for libraries that open files themselves.

    Args:
        path: the file.
        limit: the largest size in bytes that is let through.

    Returns:
        The path, absolute.

    Raises:
        SourceError: missing, not a regular file, unreadable or too large.
    """
    place, size = _check(path, limit)
    if is_recording():
        note_read(place, hash_file(place), size)
    return place


def read_bytes(path: str | Path, *, limit: int = DEFAULT.file_bytes) -> bytes:
    """The content of a file.

    Raises:
        SourceError: missing, not a regular file, unreadable or too large.
    """
    place, _ = _check(path, limit)
    data = place.read_bytes()
    note_read(place, content_hash(data), len(data))
    return data


def ends_within_a_line(path: str | Path) -> bool:
    """Whether the last line of a text has no end, as in a file that was cut off (some editors write none either).

    Raises:
        SourceError: as for `read_bytes`.
    """
    last = read_bytes(path)[-2:]
    return bool(last) and not (b"\n" in last or b"\r" in last)


def read_text(path: str | Path, *, fallback: str | None = None, limit: int = DEFAULT.text_bytes) -> str:
    """The text of a file, UTF-8 or UTF-16 by its mark, else UTF-8, else `fallback` (for example "cp1252").

    Line ends are kept as they are; a byte-order mark is not part of the text.

    Raises:
        SourceError: unreadable, too large, binary, or not in an encoding that was allowed.
    """
    return decode(read_bytes(path, limit=limit), path, fallback=fallback)


def decode(data: bytes, where: object, *, fallback: str | None = None) -> str:
    """Bytes to text by the rules of `read_text`."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        if fallback is None or encoding != "utf-8":
            line = data.count(b"\n", 0, problem.start) + 1
            raise SourceError(
                f"the text is not {encoding}",
                where=f"{where}, line {line}",
                why=f"byte {data[problem.start]:#04x} cannot be read so",
                todo="save the file as UTF-8",
            ) from None
        try:
            text = data.decode(fallback)
        except UnicodeDecodeError:
            raise SourceError(f"the text is neither UTF-8 nor {fallback}", where=where, todo="save the file as UTF-8") from None
    if "\0" in text:
        raise SourceError("the file is binary, not text", where=where, why="it holds NUL characters")
    return text


def _check(path: str | Path, limit: int) -> tuple[Path, int]:
    place = Path(path).absolute()
    try:
        info = place.stat()
    except FileNotFoundError:
        note_missing(place)
        beside = [entry.name for entry in place.parent.iterdir()] if place.parent.is_dir() else []
        todo = did_you_mean(place.name, beside) if beside else "check the folder's name"
        raise SourceError("the file does not exist", where=place, todo=todo) from None
    except (OSError, ValueError) as problem:
        raise SourceError("the file cannot be reached", where=place, why=str(problem)) from None
    if not stat.S_ISREG(info.st_mode):
        kind = "a folder" if stat.S_ISDIR(info.st_mode) else "not a regular file"
        raise SourceError(f"this is {kind}, not a file to read", where=place)
    if not os.access(place, os.R_OK):
        raise SourceError("the file may not be read", where=place, todo="check its permissions")
    if info.st_size > limit:
        raise SourceError(
            f"the file is too large ({info.st_size:,} bytes)",
            where=place,
            why=f"at most {limit:,} bytes are read",
            todo="split it, or check that it is the right file",
        )
    return place, info.st_size
