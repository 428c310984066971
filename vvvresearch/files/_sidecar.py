"""The record of reads across processes: a kernel appends to a file what the run that started it shall know."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

# Set in the environment of a notebook's kernel by whoever runs it.
READS_FILE = "VVV_READS_FILE"


def has_sidecar() -> bool:
    """Whether somebody outside this process wants to know what it reads."""
    return bool(os.environ.get(READS_FILE))


def append(path: Path, sha256: str) -> None:
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
