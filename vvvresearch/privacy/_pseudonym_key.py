"""The key behind the pseudonyms: random, outside the workspace, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from vvvresearch.errors import DisclosureError, SourceError

_BYTES = 32


def create_key(path: str | Path, workspace: str | Path) -> Path:
    """Write a new random key; a key that exists is never written over, since its codes could not be made again.

    Raises:
        DisclosureError: the place lies inside the workspace.
        SourceError: there is a file already, or the folder cannot be written.
    """
    place = _outside(path, workspace)
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Not the door's writer: that one makes files everybody can read, and a key must be closed from its first moment.
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SourceError("there is a file already", where=place, todo="use it, or name a new one") from None
    except OSError as problem:
        raise SourceError("the key cannot be written", where=place, why=str(problem.strerror)) from None
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(_BYTES) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    return place


def read_key(path: str | Path, workspace: str | Path) -> bytes:
    """The key, if nobody else can read it.

    Raises:
        DisclosureError: it lies inside the workspace, belongs to or can be read by others.
        SourceError: missing, or no key.
    """
    place = _outside(path, workspace)
    try:
        # Not the door's reader: what that one reads is listed, with its hash, among a round's inputs.
        handle = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise SourceError("there is no key", where=place, todo="make one with Pseudonyms.create(path, workspace=…)") from None
    except OSError as problem:
        raise SourceError("the key cannot be read", where=place, why=str(problem.strerror)) from None
    with os.fdopen(handle, "rb") as stream:
        # Asked of the open file, so that it cannot be exchanged between the question and the reading.
        info = os.fstat(stream.fileno())
        if not stat.S_ISREG(info.st_mode):
            raise SourceError("the key is not a regular file", where=place)
        if os.name == "posix":
            if info.st_mode & 0o077:
                raise DisclosureError(
                    "others may read the key", where=place, why="who has it can find the persons", todo=f"chmod 600 {place.name}"
                )
            if info.st_uid != os.geteuid():
                raise DisclosureError("the key belongs to somebody else", where=place, todo="use a key of your own")
        text = stream.read(4 * _BYTES).strip()
    try:
        key = bytes.fromhex(text.decode("ascii"))
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        raise SourceError(
            "this is no key", where=place, why=f"a key is {2 * _BYTES} hexadecimal digits", todo="make one with Pseudonyms.create"
        )
    return key


def _outside(path: str | Path, workspace: str | Path) -> Path:
    """The place with links followed, if it lies outside the workspace."""
    place, root = Path(path).expanduser().resolve(), Path(workspace).expanduser().resolve()
    if place.is_relative_to(root):
        raise DisclosureError(
            "the key may not lie inside the workspace",
            where=place,
            why="it would be copied, shared and committed with what it protects",
            todo="keep it in a folder of your own, such as ~/.config/vvv/pseudonyms.key",
        )
    return place
