"""From steps to a run's folder: everything of a target gathered, with its manifest, switched in as one."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vvvresearch.batch._keys import Fingerprints
from vvvresearch.batch._plan import CallStep, NotebookStep, Step, Target
from vvvresearch.batch._state import EXECUTED, OUT, StepState, Store
from vvvresearch.errors import NotebookError, VvvError
from vvvresearch.files import keep_only, staged_folder, write_json

MANIFEST = "manifest.json"
# What stays of the run before, for `compare_runs`: numbers. Its words may be those of persons who refuse since.
_KEPT = (MANIFEST, "values/*.json")


def gathered(steps: tuple[Step, ...], states: Mapping[str, StepState], store: Store) -> dict[str, Path]:
    """Where each file of a run's folder comes from: relative name → file in the work folder.

    Raises:
        NotebookError: two steps made a file of the same name.
    """
    found: dict[str, Path] = {}
    makers: dict[str, str] = {}
    for step in steps:
        state = states[step.id]
        place = store.place(step.id)
        prefix = f"{step.place}/" if step.place else ""
        mine = {f"{prefix}{name}": place / OUT / name for name in state.outputs}
        if isinstance(step, NotebookStep):
            mine[f"{prefix}notebooks/{step.name}.ipynb"] = place / EXECUTED
        for name, path in mine.items():
            if name in found:
                raise NotebookError(
                    f"two steps write {name}",
                    where=f"{makers[name]} and {step.id}",
                    why="one would replace the other",
                    todo="rename one of the two",
                )
            found[name], makers[name] = path, step.id
    return found


def collect(step: CallStep, target: Target, states: Mapping[str, StepState], store: Store) -> Path:
    """A folder with everything that the steps before a call have made."""
    folder = store.place(f"{step.id}.collected")
    shutil.rmtree(folder, ignore_errors=True)
    before = tuple(other for other in target.steps if other.id in step.after)
    # A call only reads what it is given, so that it may be given the very files.
    _copy(gathered(before, states, store), folder, linked=True)
    return folder


def _copy(files: Mapping[str, Path], folder: Path, *, linked: bool = False) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for parent in {(folder / name).parent for name in files}:
            parent.mkdir(parents=True, exist_ok=True)
        for name, source in files.items():
            if not (linked and _link(source, folder / name)):
                shutil.copyfile(source, folder / name)
    except OSError as problem:
        raise VvvError("the results cannot be written", where=folder, why=str(problem), todo="check space and permissions") from None


def _link(source: Path, place: Path) -> bool:
    """Whether a file could be given a second name; not every file system can."""
    try:
        os.link(source, place)
    except OSError:
        return False
    return True


def is_current(target: Target, states: Mapping[str, StepState], store: Store, prints: Fingerprints) -> bool:
    """Whether the folder that stands holds exactly what the steps have made."""
    try:
        recorded = json.loads((target.folder / MANIFEST).read_text(encoding="utf-8"))["outputs"]
        files = gathered(target.steps, states, store)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if recorded.keys() != files.keys():
        return False
    return all(prints.of(target.folder / name) == recorded[name] == prints.of(source) for name, source in files.items())


def switch_in(target: Target, states: Mapping[str, StepState], store: Store, manifest: Mapping[str, Any]) -> None:
    """Replace a target's folder with what its steps have made; the numbers of the one before stay beside it.

    Raises:
        VvvError: no space, or the folder may not be written; the old folder is untouched.
    """
    files = gathered(target.steps, states, store)
    try:
        with staged_folder(target.folder, keep=_KEPT) as stage:
            _copy(files, stage)
            write_json(stage / MANIFEST, manifest)
    except OSError as problem:
        raise VvvError(
            "the results cannot be switched in", where=target.folder, why=str(problem), todo="check space and permissions"
        ) from None


def tidy(target: Target) -> None:
    """Put right what a killed run, or an older version, may have left beside a target's folder."""
    parent, name = target.folder.parent, target.folder.name
    for left in parent.glob(f".{name}.new.*"):
        shutil.rmtree(left, ignore_errors=True)
    previous = parent / f".{name}.previous"
    if previous.exists() and not target.folder.exists():
        previous.rename(target.folder)
    elif previous.exists():
        keep_only(previous, _KEPT)
