"""The folder of a run: all gathered with its manifest (what ran, from what, which versions), switched in as one; two runs compared."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vvvresearch._version import __version__
from vvvresearch.batch._plan import CallStep, NotebookStep, Step, Target
from vvvresearch.batch._state import EXECUTED, OUT, Fingerprints, StepState, Store, differences
from vvvresearch.errors import Failure, NotebookError, SchemaError, VvvError, did_you_mean
from vvvresearch.files import keep_only, read_json, staged_folder, write_json

SCHEMA_VERSION = 1
# Libraries that make or change numbers, figures or pages.
_LIBRARIES = (
    "ipykernel",
    "matplotlib",
    "nbclient",
    "numpy",
    "pandas",
    "papermill",
    "pypandoc-binary",
    "scipy",
    "seaborn",
    "statsmodels",
    "typst",
)


def make_manifest(
    target: Target, states: Mapping[str, StepState], store: Store, prints: Fingerprints, *, about: Mapping[str, Any], whole: bool
) -> dict[str, Any]:
    """Everything that is told about a target.

    Args:
        target: the target.
        states: the state of each step that has one.
        store: where its files are.
        prints: hashes of files.
        about: what the caller knows of it, for example round and language.
        whole: whether every step is done; only then are the outputs listed.
    """
    steps = {step.id: _told(step.id, states, isinstance(step, NotebookStep)) for step in target.steps}
    inputs: dict[str, str] = {}
    seeds = {}
    for step in target.steps:
        state = states.get(step.id)
        if state is None:
            continue
        inputs |= {_given_on(shown): sha for shown, sha in state.reads.items()}
        inputs |= {_given_on(part.removeprefix("the input ")): sha for part, sha in state.parts.items() if part.startswith("the input ")}
        if isinstance(step, NotebookStep) and "seed" in step.parameters:
            seeds[step.id] = step.parameters["seed"]
    files = gathered(target.steps, states, store) if whole else {}
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "target": target.name,
        "about": dict(about),
        "whole": whole,
        "steps": steps,
        "inputs": dict(sorted(inputs.items())),
        "outputs": {name: prints.of(path) for name, path in sorted(files.items())},
        "seeds": seeds,
        "package": {"vvvresearch": __version__, "source": prints.common()["the vvvresearch package"]},
        "lock": prints.common()["requirements.lock"],
        "versions": _versions(),
        "git": git_state(prints.root),
        "machine": {"system": platform.system(), "machine": platform.machine(), "processors": os.cpu_count() or 1},
    }
    return checked_manifest(manifest, target.name)


def _given_on(shown: str) -> str:
    # A manifest is given on with the report: folders outside the workspace are nobody's business.
    return f"outside:{Path(shown).name}" if Path(shown).is_absolute() else shown


def _told(step_id: str, states: Mapping[str, StepState], is_notebook: bool) -> dict[str, Any]:
    state = states.get(step_id)
    if state is None:
        return {"kind": "notebook" if is_notebook else "call", "status": "not run"}
    told: dict[str, Any] = {
        "kind": "notebook" if is_notebook else "call",
        "status": state.status,
        "started": state.started,
        "seconds": state.seconds,
        "key": dict(state.parts),
        "outputs": len(state.outputs),
        **{name: value for name, value in state.details.items() if name in ("kernel", "parameters")},
    }
    if state.failure:
        told["failure"] = {name: value for name, value in state.failure.items() if name != "traceback" and value}
    return told


def _versions() -> dict[str, str]:
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def git_state(root: Path) -> dict[str, Any]:
    """The commit of the workspace and whether files were changed since; empty outside a repository."""
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return {}
    return {"commit": commit.strip(), "changed": sorted(line[3:] for line in changed.splitlines())}


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, timeout=20, check=True)
    return done.stdout


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class RanStep(_Strict):
    """One step of a run."""

    kind: Literal["notebook", "call"]
    status: Literal["done", "failed", "not run"]
    started: str = Field("", description="ISO 8601, UTC")
    seconds: float = Field(0, ge=0)
    key: dict[str, str] = Field({}, description="what the result depends on, part by part")
    outputs: int = Field(0, ge=0, description="number of files")
    kernel: str = Field("", description="warm or stock")
    parameters: dict[str, Any] = {}
    failure: dict[str, Any] = Field({}, description="notebook, cell, line, data file and row, what to do")


class RunManifest(_Strict):
    """A run of one target, for example one round in one language."""

    schema_version: Literal[1]
    target: str
    about: dict[str, Any] = Field(description="round, language, data kind; `stale`: results used although they were not up to date")
    whole: bool = Field(description="whether every step is done")
    steps: dict[str, RanStep]
    inputs: dict[str, str] = Field(description="file read or declared: SHA-256, or missing")
    outputs: dict[str, str] = Field(description="file of the run: SHA-256")
    seeds: dict[str, int]
    package: dict[str, str] = Field(description="version, and hash of the source")
    lock: str = Field(description="hash of requirements.lock, or missing")
    versions: dict[str, str]
    git: dict[str, Any] = Field(description="commit, and files changed since; empty outside a repository")
    machine: dict[str, Any] = Field(description="system, architecture, processors; no names")


def checked_manifest(content: dict[str, Any], where: object) -> dict[str, Any]:
    """The content, when it is a manifest.

    Raises:
        SchemaError: everything that is not as it should be.
    """
    try:
        RunManifest.model_validate(content)
    except ValidationError as problem:
        failures = [Failure(None, ".".join(map(str, one["loc"])), str(one["input"])[:80], one["msg"]) for one in problem.errors()]
        raise SchemaError("this is not a manifest of a run", failures, where=where, todo="run the round again") from None
    return content


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run's folder.

    Raises:
        SourceError: there is none, or it is not JSON.
        SchemaError: it is not one.
    """
    place = folder / "manifest.json"
    return checked_manifest(dict(read_json(place)), place)


# What is told about a value; its words are not compared, they follow from the rest.
_COMPARED = ("number", "n", "shown")


@dataclass(frozen=True)
class Change:
    """One value that is not the same in both runs.

    Args:
        key: its name.
        kind: "changed", "new" or "gone".
        old: what it was, None when it is new.
        new: what it is, None when it is gone.
        reasons: what had changed for the notebook that made it.
    """

    key: str
    kind: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    reasons: tuple[str, ...] = ()


def compare_runs(old: Path, new: Path) -> tuple[Change, ...]:
    """Compare the values of two finished folders.

    Args:
        old: the folder of the earlier run.
        new: the folder of the later one.

    Returns:
        The values that differ, in the order of their names.

    Raises:
        VvvError: one of them is not the folder of a run.
    """
    before, after = _values(old), _values(new)
    then, now = _steps(old), _steps(new)
    changes = []
    for key in sorted(before.keys() | after.keys()):
        was, is_now = before.get(key), after.get(key)
        if was is not None and is_now is not None and all(was.get(name) == is_now.get(name) for name in _COMPARED):
            continue
        kind = "new" if was is None else "gone" if is_now is None else "changed"
        maker = str((is_now or was or {}).get("notebook", ""))
        reasons = differences(then.get(maker, {}), now.get(maker, {})) if maker in then and maker in now else ()
        changes.append(Change(key, kind, _shown(was), _shown(is_now), reasons))
    return tuple(changes)


def _shown(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if value is None else {name: value.get(name) for name in _COMPARED if name in value}


def _values(folder: Path) -> dict[str, Mapping[str, Any]]:
    if not (folder / "manifest.json").is_file():
        beside = [place.parent.relative_to(folder.parent.parent).as_posix() for place in folder.parent.parent.glob("*/*/manifest.json")]
        raise VvvError("there is no finished run", where=folder, todo=f"run it first; {did_you_mean(folder.name, beside)}")
    found: dict[str, Mapping[str, Any]] = {}
    for place in sorted((folder / "values").glob("*.json")):
        content = read_json(place)
        entries = content.get("values", content) if isinstance(content, dict) else {}
        for key, value in entries.items():
            found[key] = {"notebook": place.stem, **value} if isinstance(value, dict) else {"notebook": place.stem, "number": value}
    return found


def _steps(folder: Path) -> dict[str, Mapping[str, str]]:
    return {step.rsplit("/", 1)[-1]: told.get("key", {}) for step, told in read_manifest(folder)["steps"].items()}


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
