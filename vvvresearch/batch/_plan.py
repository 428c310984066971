"""The plan: steps with what they need, gathered in targets, checked before anything starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from vvvresearch.errors import RoundError, did_you_mean

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
