"""The plan: steps with what they need, gathered in targets, checked before anything starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from vvvresearch.errors import RoundError, did_you_mean
from vvvresearch.files import safe_name

Parameter = str | int | float | bool | list[str] | list[int] | list[float] | list[bool] | None


@dataclass(frozen=True)
class Limits:
    """What one notebook may use; None: no limit.

    Args:
        cell_seconds: the longest that one cell may take.
        notebook_seconds: the longest that the whole notebook may take.
        memory_mb: the data the kernel may hold (Linux).
        output_kb: printed text kept per notebook; what comes after it is counted, not kept.
    """

    cell_seconds: float | None = 600
    notebook_seconds: float | None = 1800
    memory_mb: int | None = None
    output_kb: int = 2048


@dataclass(frozen=True)
class NotebookStep:
    """One run of one notebook.

    Args:
        id: unique in the plan, for example "demo/da/02-goals".
        notebook: the source notebook.
        parameters: what is set in its cell tagged `parameters`; `root` and `out` are set by the run.
        inputs: files or folders it is declared to read (what it reads in fact is recorded besides).
        after: ids of the steps whose outputs it needs.
        place: the folder of the target its outputs go to, "" for the target itself.
        limits: time, memory and output.
    """

    id: str
    notebook: Path
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    inputs: tuple[Path, ...] = ()
    after: tuple[str, ...] = ()
    place: str = ""
    limits: Limits = Limits()

    @property
    def name(self) -> str:
        """The last part of the id, which also names the executed notebook."""
        return self.id.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class CallStep:
    """A step that calls a function, for example to render a report.

    Args:
        id: unique in the plan.
        call: gets the folder with everything the steps before it have made, and an empty folder to write to.
        parts: what its result depends on besides inputs and earlier steps, in words that may be shown.
        inputs: files or folders it is declared to read.
        after: ids of the steps whose outputs it needs.
        place: the folder of the target its outputs go to.
    """

    id: str
    call: Callable[[Path, Path], object]
    parts: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[Path, ...] = ()
    after: tuple[str, ...] = ()
    place: str = ""

    @property
    def name(self) -> str:
        """The last part of the id."""
        return self.id.rsplit("/", 1)[-1]


Step = NotebookStep | CallStep


@dataclass(frozen=True)
class Target:
    """What is switched in as one: a folder and the steps that fill it.

    Args:
        name: for example "demo/da".
        folder: where the finished folder stands.
        steps: every step that contributes to it; a step may stand in several targets and runs once.
    """

    name: str
    folder: Path
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Plan:
    """Targets of one workspace, whose steps form a graph without a circle.

    Args:
        root: the workspace; kernels start there, and paths are shown relative to it.
        targets: what shall be made.

    Raises:
        RoundError: two steps have one id, a step waits for one that is not there, or steps wait for each other.

    Example:
        >>> step = NotebookStep("demo/da/01-a", Path("a.ipynb"), after=("demo/da/02-b",))
        >>> Plan(Path("."), (Target("demo/da", Path("outputs/demo/da"), (step,)),))
        Traceback (most recent call last):
        ...
        vvvresearch.errors.RoundError: the step demo/da/01-a waits for demo/da/02-b, which is not in the plan
          to do: did you mean demo/da/01-a?
    """

    root: Path
    targets: tuple[Target, ...]

    def __post_init__(self) -> None:
        ids = [step.id for step in self.steps]
        if len(set(ids)) < len(ids):
            twice = next(name for name in ids if ids.count(name) > 1)
            raise RoundError(f"two steps are called {twice}", todo="give each notebook of a round its own name")
        known = set(ids)
        for step in self.steps:
            for needed in step.after:
                if needed not in known:
                    raise RoundError(f"the step {step.id} waits for {needed}, which is not in the plan", todo=did_you_mean(needed, ids))
        self.order()

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of every target, once: a step may fill several of them."""
        # By the object and not by its equals: two steps that only look alike are a mistake that is told.
        found = {id(step): step for target in self.targets for step in target.steps}
        return tuple(found.values())

    def order(self) -> tuple[Step, ...]:
        """The steps so that each comes after what it needs, otherwise as they were given."""
        by_id = {step.id: step for step in self.steps}
        sorter = TopologicalSorter({step.id: step.after for step in self.steps})
        try:
            return tuple(by_id[name] for name in sorter.static_order())
        except CycleError as problem:
            circle = " → ".join(reversed(problem.args[1]))
            raise RoundError("steps wait for each other", where=circle, todo="take one of them out of `after`") from None


def fan_out(step: NotebookStep, rows: Iterable[Mapping[str, str]], *, name: str, parameters: Mapping[str, str]) -> tuple[NotebookStep, ...]:
    """A step for each row, which writes to a folder of its own.

    Args:
        step: what all have in common.
        rows: for example municipalities; text by column.
        name: the column that names a run; its values must differ.
        parameters: which parameter of the notebook takes which column; values are handed over as text.

    Returns:
        Steps in the order of the rows, with the ids `<step.id>-<name>`.

    Raises:
        RoundError: a column that is not there, an empty name, or two rows of one name.

    Example:
        >>> from pathlib import Path
        >>> sheet = NotebookStep("demo/da/sheet", Path("sheet.ipynb"), {"lang": "da"})
        >>> [run] = fan_out(sheet, [{"code": "9001"}], name="code", parameters={"municipality": "code"})
        >>> run.id, run.place, run.parameters["municipality"]
        ('demo/da/sheet-9001', '9001', '9001')
    """
    steps: dict[str, NotebookStep] = {}
    for number, row in enumerate(rows, start=2):
        for column in (name, *parameters.values()):
            if column not in row:
                raise RoundError(f"{step.id} takes the column {column!r}, which its table has not", todo=did_you_mean(column, row))
        label = safe_name(row[name], "")
        if not label or label in steps:
            problem = f"the name {row[name]!r} stands twice" if label else "a row has no name"
            raise RoundError(f"{step.id} cannot run for each row: {problem}", where=f"row {number}, {name}", todo="name each row once")
        given = {**step.parameters, **{parameter: row[column] for parameter, column in parameters.items()}}
        steps[label] = replace(step, id=f"{step.id}-{label}", parameters=given, place=label)
    return tuple(steps.values())


@dataclass(frozen=True)
class RunOptions:
    """How a plan is run.

    Args:
        jobs: how many steps at a time; None: as many as there are processors.
        force: run every step, also those that are up to date.
        only: ids of the steps wanted; what they need runs too, and no folder is switched in unless all its steps are up to date.
        kernels: "warm", "stock", or "auto" for warm ones where that is possible and pays.
        scheduler: the address of a Dask scheduler whose workers see the workspace; None: on this machine.
        render_only: start no notebook; results that are stale are used as they are, and named in the outcome and the manifest.
        about: what the manifest of each target shall tell besides.
        preload: "module:function" that warm kernels' parent calls with `preload_arguments`, so that what it reads is there in every
            kernel; it may fail without harm.
        preload_arguments: plain values.
        standing: kernels that are ready already, from `standing_kernels`; None: the run starts and ends its own.
        told: what words of a failure go through before they are shown or kept, in state, manifest and log.
    """

    jobs: int | None = None
    force: bool = False
    only: frozenset[str] | None = None
    kernels: str = "auto"
    scheduler: str | None = None
    render_only: bool = False
    about: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    preload: str = ""
    preload_arguments: tuple[str, ...] = ()
    standing: Any = None
    told: Callable[[str], str] = str
