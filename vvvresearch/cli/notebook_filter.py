"""The filter between a workspace and git: a notebook goes into git without what its runs have made.

Git calls `python -m vvvresearch.cli.notebook_filter` with the notebook on standard input; with `--install FOLDER` git is told so.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

NAME = "vvv-notebook"
ATTRIBUTES = f"*.ipynb filter={NAME}\n"
# What programs write into a notebook while it runs; parameters and widgets hold data as outputs do.
_OF_RUNS = ("execution", "papermill", "ExecuteTime", "widgets")


def without_outputs(data: bytes) -> bytes:
    """A notebook without outputs, numbers of execution and traces of its runs.

    Args:
        data: the file. What is no notebook comes back as it is: git must go on, and half a notebook may be all there is.

    Returns:
        The file as it goes into git; the very bytes where there was nothing to take out.

    Example:
        >>> cell = {"cell_type": "code", "source": "1", "metadata": {}, "execution_count": 3, "outputs": [{"text": "1"}]}
        >>> json.loads(without_outputs(json.dumps({"cells": [cell]}).encode()))["cells"][0]["outputs"]
        []
    """
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return data
    if not isinstance(notebook, dict) or not _clean(notebook):
        return data
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


def _clean(notebook: dict[str, Any]) -> bool:
    """Take out what runs made; whether there was anything."""
    found = _forget(notebook.get("metadata"))
    # Format 3 has its cells on worksheets.
    for holder in (notebook, *_dicts(notebook.get("worksheets"))):
        for cell in _dicts(holder.get("cells")):
            found = _forget(cell.get("metadata")) or found
            if cell.get("outputs"):
                cell["outputs"], found = [], True
            for count in ("execution_count", "prompt_number"):
                if cell.get(count) is not None:
                    cell[count], found = None, True
    return found


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _forget(metadata: Any) -> bool:
    found = [name for name in _OF_RUNS if isinstance(metadata, dict) and name in metadata]
    for name in found:
        del metadata[name]
    return bool(found)


def install(folder: Path) -> bool:
    """Tell the git repository around a folder how notebooks are filtered.

    A command that is there and can be started is left alone. Whoever checks notebooks in without it is refused: rather no
    commit than one with quotes in it.

    Args:
        folder: a folder, in a repository or not.

    Returns:
        Whether the folder lies in a repository that now has the filter.
    """
    if _git(folder, "rev-parse", "--is-inside-work-tree") != "true":
        return False
    stands = shlex.split(_git(folder, "config", "--get", f"filter.{NAME}.clean"))
    if not stands or not os.path.exists(stands[0]):
        # Forward slashes serve the shell that git brings along on Windows.
        python = shlex.quote(Path(sys.executable).as_posix())
        _git(folder, "config", f"filter.{NAME}.clean", f"{python} -m vvvresearch.cli.notebook_filter")
        # What is required is required both ways, so the way out of git needs a command too.
        _git(folder, "config", f"filter.{NAME}.smudge", "cat")
        _git(folder, "config", f"filter.{NAME}.required", "true")
    return bool(_git(folder, "config", "--get", f"filter.{NAME}.clean"))


def _git(folder: Path, *arguments: str) -> str:
    """What git answers; "" where it has nothing to say, refuses, or is not there."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except OSError:
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def main(arguments: list[str]) -> int:
    """Filter standard input, or install the filter for a folder."""
    if arguments[:1] == ["--install"] and len(arguments) == 2:
        install(Path(arguments[1]))
        return 0
    sys.stdout.buffer.write(without_outputs(sys.stdin.buffer.read()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
