"""Reading a file: into memory, as text, within the bounds that every reader shares, and recorded: the honest list of a run's inputs."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from vvvresearch.errors import SourceError, did_you_mean

# Set in the environment of a notebook's kernel by whoever runs it.
READS_FILE = "VVV_READS_FILE"


def _has_sidecar() -> bool:
    """Whether somebody outside this process wants to know what it reads."""
    return bool(os.environ.get(READS_FILE))


def _append(path: Path, sha256: str) -> None:
    """Add one read to the file named in the environment, if one is named; an empty hash: the file was missing.

    Each line is written at once and by itself, so that a kernel that is killed has told everything until then.
    """
    target = os.environ.get(READS_FILE)
    if not target:
        return
    line = json.dumps([path.as_posix(), sha256], ensure_ascii=False) + "\n"
    handle = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode("utf-8"))
    finally:
        os.close(handle)


def read_sidecar(path: Path) -> Mapping[Path, str]:
    """What a kernel has read: file → SHA-256, or "" where it looked for a file that was not there.

    A line that was cut off by a killed kernel is left out.
    """
    found: dict[Path, str] = {}
    if not path.exists():
        return found
    for line in path.read_text(encoding="utf-8").split("\n"):
        try:
            name, sha256 = json.loads(line)
        except ValueError:
            continue
        found[Path(name)] = sha256
    return found


@dataclass(frozen=True)
class Read:
    """One file that was read: its absolute path, SHA-256 of its content, size in bytes."""

    path: Path
    sha256: str
    size: int


_listeners: ContextVar[tuple[dict[Path, Read], ...]] = ContextVar("vvvresearch_reads", default=())
_unseen: ContextVar[bool] = ContextVar("vvvresearch_unseen", default=False)


def content_hash(data: bytes) -> str:
    """SHA-256 of bytes as hexadecimal text."""
    return hashlib.sha256(data).hexdigest()


def hash_file(path: str | Path) -> str:
    """SHA-256 of a file's content, read in blocks."""
    digest = hashlib.sha256()
    # Most files are smaller than the buffers that `file_digest` makes for each; a run with nothing to do hashes some thousand.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        while block := os.read(handle, 1 << 18):
            digest.update(block)
    finally:
        os.close(handle)
    return digest.hexdigest()


@contextmanager
def recording() -> Iterator[dict[Path, Read]]:
    """Collect every read made through the door inside the `with` block.

    Returns:
        A mapping path → `Read` that fills while the block runs. Blocks nest; each sees all reads inside it.

    Example:
        >>> with recording() as reads:
        ...     pass
        >>> reads
        {}
    """
    reads: dict[Path, Read] = {}
    token = _listeners.set((*_listeners.get(), reads))
    try:
        yield reads
    finally:
        _listeners.reset(token)


@contextmanager
def unrecorded() -> Iterator[None]:
    """Read without telling any recording: for what is only looked through and can change no number.

    Example:
        >>> with recording() as reads, unrecorded():
        ...     note_read(Path("report.qmd"), "", 0)
        >>> reads
        {}
    """
    token = _unseen.set(True)
    try:
        yield
    finally:
        _unseen.reset(token)


def note_read(path: Path, sha256: str, size: int) -> None:
    """Tell every open recording that a file was read."""
    if _unseen.get():
        return
    for reads in _listeners.get():
        reads[path] = Read(path, sha256, size)
    _append(path, sha256)


def note_missing(path: Path) -> None:
    """Tell a run outside this process that a file was looked for in vain: when it appears, the step is due again."""
    if not _unseen.get():
        _append(path, "")


def is_recording() -> bool:
    """Whether anybody listens; large files are hashed only then."""
    return bool(_listeners.get()) or _has_sidecar()


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
