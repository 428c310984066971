"""Folders whose files are a source: listing one is a read too, so that a file that is new in it is seen."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from vvvresearch.files._record import content_hash, hash_file, is_recording, note_read

# Of other programs: what git keeps, installed packages, what interpreters and checkers set aside.
_OF_OTHERS = frozenset((".git", ".venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"))


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in hidden ones too: earlier runs, work and checkpoints of JupyterLab lie in those; no links."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _OF_OTHERS)
        yield from (path for name in sorted(names) if (path := Path(place, name)).is_file() and not path.is_symlink())


def folder_hash(folder: Path, hash_of: Callable[[Path], str] = hash_file) -> str:
    """The hash of a folder: of the names and contents of all files below it.

    Args:
        folder: the folder.
        hash_of: how one file is hashed, where somebody has done so before.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    inner = {path.relative_to(folder).as_posix(): hash_of(path) for path in paths}
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
