"""A record of every file that came through the door: the honest list of a run's inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from vvvresearch.files import _sidecar


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
    _sidecar.append(path, sha256)


def note_missing(path: Path) -> None:
    """Tell a run outside this process that a file was looked for in vain: when it appears, the step is due again."""
    _sidecar.append(path, "")


def is_recording() -> bool:
    """Whether anybody listens; large files are hashed only then."""
    return bool(_listeners.get()) or _sidecar.has_sidecar()
