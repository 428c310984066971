"""What a step's result depends on, part by part, what is kept of it between runs, and whether by it a step is up to date."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from vvvresearch.batch._plan import NotebookStep, Plan, Step
from vvvresearch.errors import NotebookError, did_you_mean
from vvvresearch.files import content_hash, folder_hash, hash_file, safe_name, write_json

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


SCHEMA_VERSION = 1
EXECUTED = "notebook.ipynb"
OUT = "out"


@dataclass(frozen=True)
class StepState:
    """How a step ended.

    Args:
        status: "done" or "failed".
        parts: its key, part by part, at the time.
        reads: files it was recorded to read, as shown paths.
        outputs: files below its `out` folder, with their hash.
        notebook: canonical hash of the executed notebook, "" when there is none.
        seconds: how long it took.
        started: when, ISO 8601 in UTC.
        failure: for a failed step, what the screen says about it.
        settled: whether running it again without a change would fail again.
        details: kernel, versions and what else the manifest tells.
    """

    status: str
    parts: Mapping[str, str]
    reads: Mapping[str, str]
    outputs: Mapping[str, str] = field(default_factory=dict)
    notebook: str = ""
    seconds: float = 0.0
    started: str = ""
    failure: Mapping[str, Any] | None = None
    settled: bool = True
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outputs_hash(self) -> str:
        """One hash over everything that later steps may use."""
        return content_hash(json.dumps([dict(self.outputs), self.notebook], sort_keys=True).encode())


class Store:
    """The work folder of a workspace: one folder per step, so that nothing which is done is lost."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self, step_id: str) -> Path:
        """The folder of a step."""
        return self.folder.joinpath(*(safe_name(part) for part in step_id.split("/")))

    def load(self, step_id: str) -> StepState | None:
        """How the step ended last time; None when it never ran to an end, or was left by another version."""
        try:
            content = json.loads((self.place(step_id) / "state.json").read_text(encoding="utf-8"))
            if content.pop("schema_version") != SCHEMA_VERSION:
                return None
            return StepState(**content)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def begin(self, step_id: str) -> Path:
        """An empty folder for a step; from now on it counts as never run until its state is saved."""
        place = self.place(step_id)
        (place / "state.json").unlink(missing_ok=True)
        shutil.rmtree(place, ignore_errors=True)
        (place / OUT).mkdir(parents=True, exist_ok=True)
        return place

    def save(self, step_id: str, state: StepState) -> None:
        """Keep how a step ended; written last, so that a step with a state is whole."""
        write_json(self.place(step_id) / "state.json", {"schema_version": SCHEMA_VERSION, **asdict(state)})

    def intact(self, step_id: str, state: StepState, prints: Fingerprints) -> tuple[str, ...]:
        """What is no longer as the step left it, in words; nothing when all is there."""
        out = self.place(step_id) / OUT
        wrong = [f"its output {name} is missing or was edited" for name, sha in state.outputs.items() if prints.of(out / name) != sha]
        if state.notebook and not (self.place(step_id) / EXECUTED).is_file():
            wrong.append("its executed notebook is missing")
        return tuple(wrong)


def outputs_of(folder: Path, prints: Fingerprints) -> dict[str, str]:
    """Every file below a folder with its hash."""
    return {path.relative_to(folder).as_posix(): prints.of(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def canonical_notebook_hash(path: Path) -> str:
    """The hash of an executed notebook without times, counters and random ids."""
    cells = []
    for cell in read_cells(path):
        outputs = cell.get("outputs", [])
        shown = [{key: value for key, value in output.items() if key not in ("execution_count", "metadata")} for output in outputs]
        cells.append([cell.get("cell_type"), "".join(cell.get("source", [])), shown])
    return content_hash(json.dumps(cells, ensure_ascii=False, sort_keys=True).encode())


@dataclass(frozen=True)
class Judgement:
    """What is known of a step before it runs.

    Args:
        status: "fresh", "stale", "failed" (and nothing has changed since), "new", or "waiting" (for a step that is not fresh).
        reasons: why, in words.
        state: how it ended last time.
        parts: its key as it is now; empty while it waits.
    """

    status: str
    reasons: tuple[str, ...]
    state: StepState | None
    parts: Parts


def judge(step: Step, store: Store, prints: Fingerprints, upstream: Mapping[str, StepState]) -> Judgement:
    """Whether a step is up to date, when every step before it is.

    Args:
        step: the step.
        store: where its last state is kept.
        prints: hashes of files as they are now.
        upstream: the state of each step it needs.
    """
    parts = step_parts(step, prints, {name: upstream[name].outputs_hash for name in step.after})
    state = store.load(step.id)
    if state is None:
        return Judgement("new", ("it has not been run to its end yet",), None, parts)
    reasons = differences({**state.parts, **_then(state)}, {**parts, **read_parts(state.reads, prints)})
    if state.status == "done":
        reasons += store.intact(step.id, state, prints)
        return Judgement("stale" if reasons else "fresh", reasons, state, parts)
    if reasons or not state.settled:
        return Judgement("stale", reasons or ("it failed for a reason outside the notebook",), state, parts)
    return Judgement("failed", ("it failed, and nothing has changed since",), state, parts)


def _then(state: StepState) -> Parts:
    return {f"the file {shown}": sha for shown, sha in state.reads.items()}


def judge_all(plan: Plan, store: Store, prints: Fingerprints) -> dict[str, Judgement]:
    """Every step of a plan as it stands now, without running anything."""
    found: dict[str, Judgement] = {}
    for step in plan.order():
        waiting = [name for name in step.after if found[name].status != "fresh"]
        if waiting:
            found[step.id] = Judgement("waiting", (f"it waits for {', '.join(waiting)}",), store.load(step.id), {})
        else:
            upstream = {name: state for name in step.after if (state := found[name].state) is not None}
            found[step.id] = judge(step, store, prints, upstream)
    return found
