"""What is kept of each step between runs, and whether by it a step is up to date: the same answer for `vvv run` and `vvv status`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from vvvresearch.batch._keys import Fingerprints, Parts, differences, read_cells, read_parts, step_parts
from vvvresearch.batch._plan import Plan, Step
from vvvresearch.files import content_hash, safe_name, write_json

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
