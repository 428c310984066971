"""The same plan on a Dask cluster: steps go to workers, results come through a folder that all of them see.

    dask scheduler                      # anywhere; or dask-jobqueue on Slurm, dask-kubernetes on Kubernetes
    dask worker tcp://HOST:8786         # on each machine, in this environment, with the workspace at the same path
    vvv run --scheduler tcp://HOST:8786

What travels over the network is which notebook runs with which parameters, and how it ended; data and results go through
the shared folder. Use `tls://` and Dask's own settings for certificates where the network is not trusted.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vvvresearch.batch._execute import Watch, Work, execute_call_step, execute_notebook_step
from vvvresearch.batch._keys import Fingerprints, Parts
from vvvresearch.batch._plan import CallStep, Step
from vvvresearch.batch._provision import Provision
from vvvresearch.batch._state import StepState, Store
from vvvresearch.errors import VvvError, not_installed

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
