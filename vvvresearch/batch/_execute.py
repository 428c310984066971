"""Executing one step, a notebook through papermill or a call, with its typed parameters checked; here, or on a worker of a Dask cluster."""

from __future__ import annotations

import ast
import json
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from vvvresearch.batch._failures import Failure, from_cell_error, from_exception, now
from vvvresearch.batch._plan import CallStep, NotebookStep, Parameter, Step
from vvvresearch.batch._provision import Provision
from vvvresearch.batch._state import (
    EXECUTED,
    MISSING,
    OUT,
    Fingerprints,
    Parts,
    StepState,
    Store,
    canonical_notebook_hash,
    notebook_source_hash,
    outputs_of,
    read_cells,
    shown_path,
)
from vvvresearch.errors import Failure as Fault
from vvvresearch.errors import NotebookError, SchemaError, VvvError, did_you_mean, not_installed
from vvvresearch.files import READS_FILE, read_sidecar, recording, write_text

READS = "reads.jsonl"


@dataclass(frozen=True)
class Work:
    """Where a step works.

    Args:
        root: the workspace.
        place: the step's folder.
        outputs: the folder that all runs write to; what is read from there is not an input.
    """

    root: Path
    place: Path
    outputs: Path


@dataclass(frozen=True)
class Watch:
    """Who is told during the execution: of each cell, and of the kernel's process group (None: it has ended)."""

    on_cell: Callable[[int, int, str], None]
    on_kernel: Callable[[int | None], None]


def execute_notebook_step(step: NotebookStep, work: Work, parts: Parts, watch: Watch, provision: Provision) -> StepState:
    """Run a notebook in an empty folder of its own.

    Returns:
        How it ended; a notebook that fails is a state too, not an exception.
    """
    _client = _load_client()
    started, begin = now(), time.monotonic()
    executed, reads_file = work.place / EXECUTED, work.place / READS
    declared = declared_parameters(step.notebook)
    own = {"root": ".", "out": shown_path(work.place / OUT, work.root)}
    given = {**step.parameters, **{name: own[name] for name in OWN if name in declared}}
    session = _client.Session(
        step.limits, _client.kernel_environment(reads_file, READS_FILE), work.root, provision, watch.on_cell, watch.on_kernel
    )
    failure: Failure | None = None
    settled = True
    try:
        _client.execute(step.notebook, executed, given, session)
    except Exception as problem:
        failure, settled = _notebook_failure(step, work, session.cell, problem)
    if executed.exists():
        _make_relative(executed, step.notebook, work)
    parts = {**parts, "the notebook": notebook_source_hash(step.notebook)} if failure is None else parts
    return StepState(
        status="failed" if failure else "done",
        parts=parts,
        reads=_kept(read_sidecar(reads_file), work),
        outputs=outputs_of(work.place / OUT, Fingerprints(work.root)),
        notebook=canonical_notebook_hash(executed) if executed.exists() else "",
        seconds=round(time.monotonic() - begin, 3),
        started=started,
        failure=failure.as_dict() if failure else None,
        settled=settled,
        details={"kernel": provision.kind, "parameters": dict(step.parameters)},
    )


def _load_client() -> Any:
    """The client, without two seconds that its libraries would spend on the grammar of international addresses.

    jsonschema builds that grammar when it finds this package; no notebook is checked against it.
    """
    unwanted = "rfc3987_syntax"
    if unwanted in sys.modules and sys.modules[unwanted] is not None:
        return import_module("vvvresearch.batch._client")
    sys.modules[unwanted] = None  # type: ignore[assignment]
    try:
        return import_module("vvvresearch.batch._client")
    finally:
        if sys.modules.get(unwanted, unwanted) is None:
            del sys.modules[unwanted]


def execute_call_step(step: CallStep, work: Work, parts: Parts, collected: Path) -> StepState:
    """Call a function with what the steps before it have made, in an empty folder of its own."""
    started, begin = now(), time.monotonic()
    failure: Failure | None = None
    with recording() as reads:
        try:
            step.call(collected, work.place / OUT)
        except Exception as problem:
            failure = from_exception(step.id, problem)
    return StepState(
        status="failed" if failure else "done",
        parts=parts,
        reads=_kept({path: read.sha256 for path, read in reads.items()}, work),
        outputs=outputs_of(work.place / OUT, Fingerprints(work.root)),
        seconds=round(time.monotonic() - begin, 3),
        started=started,
        failure=failure.as_dict() if failure else None,
        # A missing program or a full disk is not in the key, so a failed call is tried again.
        settled=False,
    )


def _kept(reads: Mapping[Path, str], work: Work) -> dict[str, str]:
    inside = {path: sha for path, sha in reads.items() if not path.is_relative_to(work.outputs)}
    return {shown_path(path, work.root): sha or MISSING for path, sha in sorted(inside.items())}


def _notebook_failure(step: NotebookStep, work: Work, cell: str, problem: Exception) -> tuple[Failure, bool]:
    """What is told about a failed notebook, and whether it would fail again when nothing changes."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    notebook, executed = shown_path(step.notebook, work.root), shown_path(work.place / EXECUTED, work.root)
    if isinstance(problem, PapermillExecutionError):
        metadata = _metadata(work.place / EXECUTED, problem.source)
        failure = from_cell_error(
            step=step.id,
            notebook=notebook,
            executed=executed,
            source=problem.source,
            metadata=metadata,
            number=problem.cell_index + 1,
            kind=problem.ename,
            value=problem.evalue,
            trace=problem.traceback,
        )
        return failure, problem.ename not in ("MemoryError", "KeyboardInterrupt", "OSError", "TimeoutError", "ConnectionError")
    todo = ""
    if isinstance(problem, CellTimeoutError):
        todo = "look for what hangs in this cell, or give the notebook a longer limit"
    elif isinstance(problem, DeadKernelError):
        todo = "the kernel was killed from outside, or ran out of memory"
    return from_exception(step.id, problem, notebook=notebook, cell=cell, executed=executed, todo=todo), False


def _metadata(executed: Path, source: str) -> dict[str, Any]:
    cells = json.loads(executed.read_text(encoding="utf-8"))["cells"] if executed.exists() else []
    return next((cell["metadata"] for cell in cells if "".join(cell["source"]) == source and cell["cell_type"] == "code"), {})


def _make_relative(executed: Path, source: Path, work: Work) -> None:
    """Name the notebook's places relative to the workspace: an executed notebook is given on to others."""
    content = json.loads(executed.read_text(encoding="utf-8"))
    told = content.get("metadata", {}).get("papermill", {})
    told["input_path"] = shown_path(source, work.root)
    told["output_path"] = shown_path(executed, work.root)
    write_text(executed, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


_CONNECT_SECONDS = 20


class Cluster:
    """Workers that have been asked whether they see the workspace and have the same package."""

    def __init__(self, client: Any, root: Path, outputs: Path, work: Path) -> None:
        self._client, self._root, self._outputs, self._work = client, root, outputs, work

    @property
    def slots(self) -> int:
        """How many steps the workers take at a time."""
        places: dict[str, int] = self._client.nthreads()
        return max(1, sum(places.values()))

    def execute(self, step: Step, parts: Parts, collected: Path | None) -> StepState:
        """Run a step on some worker; a worker that dies in the middle is replaced by another, which begins anew."""
        future = self._client.submit(_run_step, step, parts, self._root, self._outputs, self._work, collected, pure=False)
        state: StepState = future.result()
        return state


@contextmanager
def cluster(address: str, root: Path, outputs: Path, work: Path) -> Iterator[Cluster]:
    """A connection to the scheduler at `address`.

    Raises:
        VvvError: Dask is not installed, nobody answers, there is no worker, or a worker sees another workspace or package.
    """
    try:
        from distributed import Client
    except ImportError:
        raise not_installed(VvvError, "Dask", "distributed", why="--scheduler needs it") from None
    try:
        client: Any = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
        client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError, TimeoutError) as problem:
        todo = "start a scheduler and workers: dask scheduler; dask worker ADDRESS"
        raise VvvError("the Dask scheduler cannot be used", where=address, why=str(problem) or "no worker answers", todo=todo) from None
    with client:
        _check_workers(client, root, work)
        yield Cluster(client, root, outputs, work)


def _check_workers(client: Any, root: Path, work: Path) -> None:
    work.mkdir(parents=True, exist_ok=True)
    mark = work / f"seen-{uuid.uuid4().hex}"
    mark.touch()
    try:
        ours = Fingerprints(root).common()
        for worker, (seen, theirs) in client.run(_look, mark, root).items():
            if not seen:
                why = f"{root} is not there"
                raise VvvError("a worker does not see the workspace", where=worker, why=why, todo="share the folder at the same path")
            differing = [part for part in ours if theirs.get(part) != ours[part]]
            if differing:
                why = f"not the same there: {', '.join(differing)}"
                raise VvvError("a worker would compute something else", where=worker, why=why, todo="install the same version on it")
    finally:
        mark.unlink(missing_ok=True)


def _look(mark: Path, root: Path) -> tuple[bool, Parts]:
    return mark.exists(), Fingerprints(root).common()


def _run_step(step: Step, parts: Parts, root: Path, outputs: Path, work: Path, collected: Path | None) -> StepState:
    """On a worker: run a step in its folder. A second try after a worker's death finds the folder empty."""
    place = Store(work).begin(step.id)
    where = Work(root, place, outputs)
    if isinstance(step, CallStep):
        assert collected is not None
        return execute_call_step(step, where, parts, collected)
    watch = Watch(on_cell=lambda number, total, text: None, on_kernel=lambda group: None)
    return execute_notebook_step(step, where, parts, watch, Provision(step.limits.memory_mb))


_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "list": list}
# Set by the run itself in every notebook that has them.
OWN = ("root", "out")


@dataclass(frozen=True)
class Declared:
    """One parameter of a notebook: its type, whether it may be None, its default and its line in the cell."""

    type: type | None
    optional: bool
    default: Parameter
    line: int

    def problem(self, value: object) -> str:
        """Why a value does not fit, "" when it does. Whole numbers fit where decimals are asked for; text never turns into a number."""
        if value is None:
            return "" if self.optional else "None is not allowed here"
        if self.type is None or type(value) is self.type or (self.type is float and type(value) is int):
            return ""
        return f"must be {self.type.__name__}, not {type(value).__name__}"


def declared_parameters(notebook: Path) -> dict[str, Declared]:
    """The parameters of a notebook, from its cell tagged `parameters`.

    A type is taken from the annotation (`lang: str = "da"`, `limit: int | None = None`), else from the default.

    Raises:
        NotebookError: the cell is not plain assignments of values.
    """
    found: dict[str, Declared] = {}
    for number, cell in enumerate(read_cells(notebook), start=1):
        metadata = cell.get("metadata")
        if cell.get("cell_type") != "code" or "parameters" not in (metadata if isinstance(metadata, dict) else {}).get("tags", []):
            continue
        source = cell.get("source", "")
        text = source if isinstance(source, str) else "".join(map(str, source if isinstance(source, list) else []))
        try:
            for node in ast.parse(text).body:
                found |= _declaration(node)
        except (SyntaxError, ValueError) as problem:
            raise NotebookError(
                "the parameters cell can only hold assignments of plain values",
                where=f"{notebook}, cell number {number}",
                why=str(problem),
                todo='write it like lang = "da"',
            ) from None
    return found


def _declaration(node: ast.stmt) -> dict[str, Declared]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return {}
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        names = set(_annotated(node.annotation))
        kinds = [_TYPES[name] for name in sorted(names & _TYPES.keys())]
        default = ast.literal_eval(node.value)
        return {node.target.id: Declared(kinds[0] if len(kinds) == 1 else None, default is None or "None" in names, default, node.lineno)}
    if isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
        default = ast.literal_eval(node.value)
        kind = type(default) if isinstance(default, str | int | float | bool | list) else None
        return {target.id: Declared(kind, default is None, default, node.lineno) for target in node.targets if isinstance(target, ast.Name)}
    raise ValueError(f"line {node.lineno} is not an assignment of a plain value")


def _annotated(annotation: ast.expr) -> list[str]:
    """The names of an annotation's alternatives: `list[str] | None` gives "list" and "None"."""
    if isinstance(annotation, ast.BinOp):
        return [*_annotated(annotation.left), *_annotated(annotation.right)]
    if isinstance(annotation, ast.Subscript):
        return _annotated(annotation.value)
    return [annotation.id if isinstance(annotation, ast.Name) else "None"]


def check_parameters(steps: tuple[NotebookStep, ...]) -> None:
    """Refuse unknown and wrongly typed parameters of all steps at once, before anything starts.

    Raises:
        SchemaError: every parameter that does not fit, with its step.
        NotebookError: a notebook is missing, or its parameters cell is unreadable.
    """
    declarations: dict[Path, dict[str, Declared]] = {}
    failures = []
    for step in steps:
        if step.notebook not in declarations:
            declarations[step.notebook] = declared_parameters(step.notebook)
        known = declarations[step.notebook]
        failures += [
            Fault(None, f"{step.id}: {name}", str(step.parameters.get(name)), text) for name, text in misfits(step.parameters, known)
        ]
    if failures:
        raise SchemaError(
            "parameters do not fit their notebooks; nothing was started", failures, todo="correct the round's file, or the notebook"
        )


def misfits(given: Mapping[str, Parameter], known: Mapping[str, Declared]) -> list[tuple[str, str]]:
    """The parameters given that a notebook does not declare, or with another type, each with what is wrong."""
    found = []
    for name, value in given.items():
        if name not in known:
            found.append((name, f"the notebook has no parameter {name}; {did_you_mean(name, known)}"))
        elif problem := known[name].problem(value):
            found.append((name, problem))
    return found
