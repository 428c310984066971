"""Names and places: nothing that comes from data may point out of its folder."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

from vvvresearch.errors import SourceError

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
