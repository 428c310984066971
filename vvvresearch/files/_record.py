"""A record of every file that came through the door: the honest list of a run's inputs, told across processes too."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

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


def content_hash(data: bytes) -> str:
    """SHA-256 of bytes as hexadecimal text."""
    return hashlib.sha256(data).hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a file's content, read in blocks."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


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


def note_read(path: Path, sha256: str, size: int) -> None:
    """Tell every open recording that a file was read."""
    for reads in _listeners.get():
        reads[path] = Read(path, sha256, size)
    _append(path, sha256)


def note_missing(path: Path) -> None:
    """Tell a run outside this process that a file was looked for in vain: when it appears, the step is due again."""
    _append(path, "")


def is_recording() -> bool:
    """Whether anybody listens; large files are hashed only then."""
    return bool(_listeners.get()) or _has_sidecar()
