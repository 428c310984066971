"""Keys: what a step's result depends on, part by part, so that "why stale" can be said in words."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from vvvresearch.batch._plan import NotebookStep, Step
from vvvresearch.errors import NotebookError, did_you_mean
from vvvresearch.files import content_hash, folder_hash, hash_file

# Raised whenever the way steps are executed changes what they leave behind.
ENGINE = "1"
PACKAGE = Path(__file__).parent.parent
MISSING = "missing"

Parts = dict[str, str]


class Fingerprints:
    """Hashes of files, taken once per run; a file's age plays no part, so clocks may be wrong."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._known: dict[Path, str] = {}
        self._common: Parts = {}

    def of(self, path: Path) -> str:
        """The hash of a file, or of a folder's names and contents; "missing" when it is not there.

        Raises:
            OSError: it is there and cannot be read; no hash goes in its place.
        """
        if path not in self._known:
            try:
                self._known[path] = folder_hash(path, self.of) if path.is_dir() else hash_file(path)
            except (FileNotFoundError, NotADirectoryError):
                self._known[path] = MISSING
        return self._known[path]

    def forget(self, folder: Path) -> None:
        """Look anew at everything below a folder that has been written to."""
        prefix = f"{folder}{os.sep}"
        self._known = {path: known for path, known in self._known.items() if not str(path).startswith(prefix)}

    def common(self) -> Parts:
        """The parts that every step has: the package's own source, the lock, Python and this engine."""
        if not self._common:
            source = {path.relative_to(PACKAGE).as_posix(): self.of(path) for path in _files_below(PACKAGE)}
            self._common = {
                "the vvvresearch package": content_hash(json.dumps(source, sort_keys=True).encode()),
                "requirements.lock": self.of(self.root / "requirements.lock"),
                "the Python version": f"{sys.version_info.major}.{sys.version_info.minor}",
                "the batch engine": ENGINE,
            }
        return self._common

    def shown(self, path: Path) -> str:
        """A path as it is shown and kept: relative to the workspace or the package, else whole."""
        return shown_path(path, self.root)

    def found(self, shown: str) -> Path:
        """The path that `shown` stands for."""
        if shown.startswith("package:"):
            return PACKAGE / shown.removeprefix("package:")
        return self.root / shown


def shown_path(path: Path, root: Path) -> str:
    """A path relative to the workspace or, marked so, to the package; another place is named whole."""
    place = path if path.is_absolute() else root / path
    if place.is_relative_to(root):
        return place.relative_to(root).as_posix()
    if place.is_relative_to(PACKAGE):
        return f"package:{place.relative_to(PACKAGE).as_posix()}"
    return place.as_posix()


def _files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def notebook_source_hash(path: Path) -> str:
    """The hash of what a notebook does: source, kind, tags and label of its cells, without outputs and counters.

    Raises:
        NotebookError: the notebook is missing or is not one.
    """
    cells = [
        [cell.get("cell_type"), "".join(cell.get("source", [])), sorted(cell.get("metadata", {}).get("tags", []))]
        for cell in read_cells(path)
    ]
    return content_hash(json.dumps(cells, ensure_ascii=False).encode())


def read_cells(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook as plain data, without loading a notebook library.

    Raises:
        NotebookError: the notebook is missing or is not one.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        cells = content["cells"]
        if not all(isinstance(cell, dict) for cell in cells):
            raise TypeError
    except FileNotFoundError:
        beside = [entry.stem for entry in path.parent.glob("*.ipynb")]
        raise NotebookError("the notebook does not exist", where=path, todo=did_you_mean(path.stem, beside)) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise NotebookError(
            "this is not a notebook", where=path, why="it is not JSON with cells", todo="open and save it in Jupyter"
        ) from None
    return list(cells)


def step_parts(step: Step, prints: Fingerprints, upstream: Mapping[str, str]) -> Parts:
    """The parts of a step's key that are known before it runs.

    Args:
        step: the step.
        prints: hashes of files.
        upstream: the hash of the outputs of each step it needs.
    """
    parts = dict(prints.common())
    if isinstance(step, NotebookStep):
        parts["the notebook"] = notebook_source_hash(step.notebook)
        parts |= {f"the parameter {name}": json.dumps(value, ensure_ascii=False) for name, value in step.parameters.items()}
    else:
        parts |= dict(step.parts)
    parts |= {f"the input {prints.shown(path)}": prints.of(path) for path in step.inputs}
    parts |= {f"the step {name}": upstream[name] for name in step.after}
    return parts


def read_parts(reads: Iterable[str], prints: Fingerprints) -> Parts:
    """The parts for files that a step was recorded to read, as they are now."""
    return {f"the file {shown}": prints.of(prints.found(shown)) for shown in reads}


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """Why a step is due, in words, from the parts of its key then and now.

    Example:
        >>> differences({"the input a.csv": "1"}, {"the input a.csv": "2", "the parameter lang": '"en"'})
        ('the input a.csv has changed', 'the parameter lang is new: "en"')
    """
    reasons = []
    for part in dict.fromkeys([*new, *old]):
        before, now = old.get(part), new.get(part)
        if before == now:
            continue
        if now == MISSING:
            reasons.append(f"{part} is missing")
        elif before == MISSING:
            reasons.append(f"{part} was missing and is there now")
        elif now is None:
            reasons.append(f"{part} is no longer used")
        elif before is None:
            reasons.append(f"{part} is new: {now}" if part.startswith("the parameter") else f"{part} is new")
        elif part.startswith(("the parameter", "the Python", "the batch")):
            reasons.append(f"{part} was {before} and is {now}")
        else:
            reasons.append(f"{part} has changed")
    return tuple(reasons)
