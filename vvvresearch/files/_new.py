"""Writing several new files: all of them, or none where one of them is there already."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from vvvresearch.errors import VvvError
from vvvresearch.files._write import write_bytes


def write_new(root: str | Path, contents: Mapping[str, str | bytes]) -> list[Path]:
    """Write files that are not there yet; nothing that exists is touched, and when one cannot be written, none is left.

    Args:
        root: the folder that they are below; it is made where it is missing.
        contents: paths relative to it, with what they shall hold.

    Returns:
        The files, in the order given.

    Raises:
        VvvError: some are there already (all of them are named), a file stands where a folder is needed, or the disk refuses.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     [path.name for path in write_new(folder, {"a/b.txt": "b"})]
        ['b.txt']
    """
    folder = Path(root)
    there = [name for name in contents if os.path.lexists(folder / name)]
    if there:
        todo = "move them away, or take another name or folder; nothing was written"
        raise VvvError("files are there already, and nothing is overwritten", where=folder, why=", ".join(there), todo=todo)
    made: list[Path] = []
    new_folders: list[Path] = []
    try:
        for name, content in contents.items():
            path = folder / name
            new_folders += [one for one in _missing_folders(path.parent) if one not in new_folders]
            write_bytes(path, content.encode("utf-8") if isinstance(content, str) else content)
            made.append(path)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        for one in sorted(new_folders, key=lambda place: -len(place.parts)):
            if one.is_dir() and not any(one.iterdir()):
                one.rmdir()
        raise
    return made


def _missing_folders(folder: Path) -> list[Path]:
    return [one for one in (folder, *folder.parents) if not one.exists()]
