"""Folders: what lies in them as a source, names that may not point out of them, and a lock that says who holds one."""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from vvvresearch.errors import SourceError, VvvError
from vvvresearch.files._read import content_hash, hash_file, is_recording, note_read

# Of other programs: what git keeps, installed packages, what interpreters and checkers set aside.
_OF_OTHERS = frozenset((".git", ".venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"))


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in hidden ones too: earlier runs, work and checkpoints of JupyterLab lie in those; no links.

    Raises:
        OSError: a folder cannot be listed, which `Path.rglob` would pass over in silence; where there is none, nothing is below it.
    """

    def refuse(problem: OSError) -> None:
        if folder.exists():
            raise problem

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(set(folders) - _OF_OTHERS)
        yield from (path for name in sorted(names) if (path := Path(place, name)).is_file() and not path.is_symlink())


def folder_hash(folder: Path, hash_of: Callable[[str], str] = hash_file) -> str:
    """The hash of a folder: of the names and contents of all files below it.

    Args:
        folder: the folder.
        hash_of: how one file is hashed, where somebody has done so before.
    """
    inner: dict[str, str] = {}
    for place, folders, names in os.walk(folder):
        if "__pycache__" in folders:
            folders.remove("__pycache__")
        beside = "" if (within := os.path.relpath(place, folder)) == os.curdir else f"{within.replace(os.sep, '/')}/"
        inner |= {f"{beside}{name}": hash_of(path) for name in names if os.path.isfile(path := os.path.join(place, name))}
    return content_hash(json.dumps(inner, sort_keys=True).encode())


def list_folder(folder: str | Path, *endings: str) -> list[Path]:
    """The files of a folder with these endings, in the order of their names; the listing is recorded as a read.

    Args:
        folder: the folder.
        endings: ".txt", ".yaml", …

    Example:
        >>> [path.name for path in list_folder("interviews/demo/mappings", ".yaml")][:1]
        ['p01-w1.yaml']
    """
    place = Path(folder).absolute()
    if is_recording():
        note_read(place, folder_hash(place), 0)
    return sorted(path for path in place.iterdir() if path.suffix in endings and path.is_file())


_RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}


def inside(root: Path, *parts: str) -> Path:
    """Join parts below `root` and refuse whatever would leave it (`..`, absolute, links out).

    Raises:
        SourceError: the place lies outside `root`.

    Example:
        >>> inside(Path("/data"), "a", "b.csv").as_posix()
        '/data/a/b.csv'
    """
    joined = "/".join(parts)
    # A NUL ends the path for the system and not for the checks.
    resolved = None if "\0" in joined else (root / joined).resolve()
    windows = PureWindowsPath(joined)
    leaves = PurePosixPath(joined).is_absolute() or windows.drive or windows.root or ".." in windows.parts
    if leaves or resolved is None or not resolved.is_relative_to(root.resolve()):
        raise SourceError(
            f"the path {joined!r} leads out of its folder",
            where=root,
            why="a path in data may only point below the folder it belongs to",
            todo="use a relative path without '..'",
        )
    return root / joined


def safe_name(text: str, fallback: str = "unnamed") -> str:
    """A file name that every system accepts: letters, digits, dot, dash, underscore, at most 100 characters.

    Example:
        >>> safe_name("Tabel 7: æøå/..")
        'Tabel-7-æøå'
    """
    normal = unicodedata.normalize("NFC", text)
    name = re.sub(r"[^\w.-]+", "-", normal).strip(".-_")[:100].rstrip(".-_")
    if not name:
        return fallback
    return f"{name}-" if name.split(".")[0].lower() in _RESERVED else name


@contextmanager
def folder_lock(folder: Path, purpose: str) -> Iterator[None]:
    """Hold the lock of `folder` inside the `with` block.

    The lock is the operating system's, on a hidden file in the folder: a killed process leaves no stale lock.

    Raises:
        VvvError: another process holds it; the message names that process and its purpose.
    """
    folder.mkdir(parents=True, exist_ok=True)
    holder = folder / ".lock-holder"
    with (folder / ".lock").open("a+", encoding="utf-8") as handle:
        try:
            _lock(handle)
        except OSError:
            who = holder.read_text(encoding="utf-8").strip() if holder.exists() else "another process"
            raise VvvError("this folder is in use", where=folder, why=f"held by {who}", todo="wait until it has finished") from None
        holder.write_text(f"process {os.getpid()} ({purpose})\n", encoding="utf-8")
        yield


def _lock(handle: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
