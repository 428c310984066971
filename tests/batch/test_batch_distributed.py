"""The same plan on a Dask cluster: a real scheduler and two worker processes, one of which is killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from workspaces import write_notebook

from vvvresearch.batch import CallStep, NotebookStep, Outcome, Plan, RunOptions, Target, run_plan
from vvvresearch.errors import VvvError

WORK = "import os, time\nfrom pathlib import Path\nwith open('pids', 'a') as file: file.write(f'{os.getppid()} {lang}\\n')\ntime.sleep(1)"

SAVE = "folder = Path(out) / 'values'; folder.mkdir()\n(folder / f'{lang}.json').write_text(lang)"


# The package is put to rest in every process, as the fixture does here.
def command(root: Path, module: str, *arguments: str) -> list[str]:
    code = f"from pathlib import Path; from vvvresearch.batch import _state; _state.PACKAGE = Path({str(root / 'package')!r})"
    (root / "preload.py").write_text(code)
    return [
        sys.executable,
        "-m",
        module,
        "--scheduler-file",
        str(root / "scheduler.json"),
        "--preload",
        str(root / "preload.py"),
        *arguments,
    ]


@contextmanager
def cluster(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    (root / "package").mkdir(parents=True)
    monkeypatch.setattr("vvvresearch.batch._state.PACKAGE", root / "package")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": root}
    scheduler = command(root, "distributed.cli.dask_scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard")
    processes = [subprocess.Popen(scheduler, **quiet)]  # type: ignore[call-overload]
    worker = command(root, "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
    processes += [subprocess.Popen(worker, **quiet) for _ in range(2)]  # type: ignore[call-overload]
    try:
        deadline = time.monotonic() + 90
        address = ""
        while not address and time.monotonic() < deadline:
            time.sleep(0.2)
            try:
                address = json.loads((root / "scheduler.json").read_text())["address"]
            except (OSError, ValueError):
                continue
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def plan_of(root: Path, runs: int) -> Plan:
    notebook = write_notebook(root / "notebooks/n.ipynb", (WORK, SAVE))
    steps = tuple(NotebookStep(f"demo/da/n{n}", notebook, {"lang": f"s{n}"}) for n in range(runs))

    def gather(collected: Path, out: Path) -> None:
        (out / "report.txt").write_text("\n".join(sorted(path.read_text() for path in collected.glob("values/*.json"))))

    report = CallStep("demo/da/report", gather, after=tuple(step.id for step in steps))
    return Plan(root, (Target("demo/da", root / "outputs/demo/da", (*steps, report)),))


def run(plan: Plan, scheduler: str | None = None) -> Outcome:
    return run_plan(plan, outputs=plan.root / "outputs", options=RunOptions(scheduler=scheduler, jobs=2, kernels="stock"))


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_loses_nothing_and_results_are_those_of_one_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "cluster"
    with cluster(root, monkeypatch) as (address, workers):
        plan = plan_of(root, 6)
        found: list[Outcome] = []
        thread = threading.Thread(target=lambda: found.append(run(plan, address)))
        thread.start()
        pids = root / "pids"
        deadline = time.monotonic() + 120
        while not pids.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        victim = int(pids.read_text().split()[0])
        assert victim in [worker.pid for worker in workers], "the kernel is a child of the worker"
        os.kill(victim, signal.SIGKILL)
        thread.join(timeout=180)
        assert found, "the run has ended"
        assert found[0].ok, found[0].failures
        again = run(plan, address)
        assert again.ran == ()
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.setattr("vvvresearch.batch._state.PACKAGE", root / "package")
    assert run(plan_of(here, 6)).ok
    ours, theirs = (json.loads((place / "outputs/demo/da/manifest.json").read_text()) for place in (here, root))
    values = {name: sha for name, sha in ours["outputs"].items() if not name.startswith("notebooks/")}
    assert values == {name: sha for name, sha in theirs["outputs"].items() if not name.startswith("notebooks/")}
    assert {step: told["key"] for step, told in ours["steps"].items()} == {step: told["key"] for step, told in theirs["steps"].items()}


@pytest.mark.slow
def test_failures_and_workers_that_cannot_serve_are_told_as_on_one_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with cluster(tmp_path, monkeypatch) as (address, _):
        notebook = write_notebook(tmp_path / "notebooks/bad.ipynb", ("x = 1\n1 / 0",))
        plan = Plan(tmp_path, (Target("demo/da", tmp_path / "outputs/demo/da", (NotebookStep("demo/da/bad", notebook),)),))
        (failure,) = run(plan, address).failures
        assert (failure.kind, failure.line) == ("ZeroDivisionError", 2)
        (tmp_path / "newer").mkdir()
        (tmp_path / "newer/more.py").write_text("x = 1")
        monkeypatch.setattr("vvvresearch.batch._state.PACKAGE", tmp_path / "newer")
        with pytest.raises(VvvError, match="a worker would compute something else") as caught:
            run(plan, address)
        assert "the vvvresearch package" in caught.value.why


def test_a_scheduler_that_is_not_there_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vvvresearch.batch._execute._CONNECT_SECONDS", 1)
    with pytest.raises(VvvError, match="scheduler cannot be used") as caught:
        run(plan_of(tmp_path, 1), "tcp://127.0.0.1:9")
    assert "dask worker" in caught.value.todo
