"""A lock on a folder that says who holds it; it vanishes with its process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from vvvresearch.errors import VvvError


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
