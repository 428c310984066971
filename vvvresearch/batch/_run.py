"""Running a plan: what is due, in parallel; one failure stops only what depends on it; nothing is lost."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from vvvresearch.batch._execute import Watch, Work, check_parameters, execute_call_step, execute_notebook_step
from vvvresearch.batch._failures import Event, Listener, Outcome, Progress, RunLog, failure_from, from_exception
from vvvresearch.batch._kernels import started_kernels
from vvvresearch.batch._manifest import MANIFEST, collect, is_current, make_manifest, switch_in, tidy
from vvvresearch.batch._plan import CallStep, NotebookStep, Plan, RunOptions, Step, Target
from vvvresearch.batch._state import Fingerprints, Judgement, Parts, StepState, Store, judge, judge_all
from vvvresearch.errors import VvvError
from vvvresearch.files import folder_lock, write_json

WORK = ".work"


def run_plan(plan: Plan, *, outputs: Path, options: RunOptions | None = None, listener: Listener | None = None) -> Outcome:
    """Bring a plan up to date.

    Args:
        plan: what shall be made.
        outputs: the folder of all runs; it is locked meanwhile.
        options: how; default all steps that are due, on this machine.
        listener: told what happens.

    Returns:
        How it ended; failed notebooks are in it, not raised.

    Raises:
        SchemaError: parameters that do not fit; nothing was started.
        VvvError: another run holds the folder, or it cannot be written.
        KeyboardInterrupt: stopped by the user; kernels are ended, what was done is kept.
    """
    check_parameters(tuple(step for step in plan.steps if isinstance(step, NotebookStep)))
    try:
        outputs.mkdir(parents=True, exist_ok=True)
        with folder_lock(outputs, "vvv run"):
            return _Runner(plan, outputs.resolve(), options or RunOptions(), listener).run()
    except OSError as problem:
        why, todo = str(problem), "check space and permissions"
        raise VvvError("the results cannot be written, or a file not be read", where=outputs, why=why, todo=todo) from None


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Runner:
    def __init__(self, plan: Plan, outputs: Path, options: RunOptions, listener: Listener | None) -> None:
        self.plan, self.outputs, self.options, self.listener = plan, outputs, options, listener
        self.jobs = options.jobs or _processors()
        self.store = Store(outputs / WORK)
        self.prints = Fingerprints(plan.root)
        self.cluster: Any = None
        self.log: RunLog | None = None
        self.progress = Progress()
        self.wanted = self._wanted(options.only)
        self.kernels: dict[str, int] = {}
        self.stopping = threading.Event()
        self.interrupted = threading.Event()

    def _wanted(self, only: frozenset[str] | None) -> list[Step]:
        # In the order of the targets, so that the first report is there long before the last notebook has run.
        if only is None:
            return list(self.plan.steps)
        needed = set(only)
        for step in reversed(self.plan.order()):
            if step.id in needed:
                needed |= set(step.after)
        return [step for step in self.plan.steps if step.id in needed]

    def tell(self, event: Event) -> None:
        # A run with nothing to do leaves no log behind.
        if self.log is None and event.kind != "fresh":
            self.log = RunLog(self.store.folder / "log", self.listener)
            self.log.tell(Event("run", total=len(self.wanted) - len(self.progress.fresh)))
        if self.log is not None:
            self.log.tell(event)

    def run(self) -> Outcome:
        begin = time.monotonic()
        with _interrupts_noted(self.interrupted):
            for target in self.plan.targets:
                tidy(target)
            self._run_steps()
            for target in self.plan.targets:
                self._note_unfinished(target)
        progress, seconds = self.progress, time.monotonic() - begin
        if self.log is not None:
            self.log.tell(Event("end", total=len(progress.ran), seconds=round(seconds, 3)))
        return Outcome(
            ran=tuple(progress.ran),
            fresh=tuple(progress.fresh),
            failures=tuple(progress.failures.values()),
            blocked=dict(progress.blocked),
            switched=tuple(progress.switched),
            current=tuple(progress.current),
            reasons=dict(progress.reasons),
            stale=dict(progress.stale),
            seconds=seconds,
            log=self.log.path if self.log else None,
        )

    def _run_steps(self) -> None:
        waiting = list(self.wanted)
        running: dict[Future[StepState], Step] = {}
        self.judged = judge_all(self.plan, self.store, self.prints)
        due = [step.notebook for step in self.wanted if isinstance(step, NotebookStep) and self._is_due(step)]
        with ExitStack() as stack:
            # Kernels outlive the threads that use them, and are ended before this returns.
            if self.options.scheduler is not None and any(self._is_due(step) for step in self.wanted):
                self._connect(stack)
            self.kernels_from = stack.enter_context(started_kernels(self.options, () if self.cluster else due))
            pool = stack.enter_context(ThreadPoolExecutor(self.jobs, thread_name_prefix="vvv"))
            try:
                while waiting or running:
                    waiting = self._start_ready(waiting, running, pool)
                    self._finish_whole()
                    if running:
                        # A time limit lets the main thread see Ctrl-C on every system.
                        done, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
                        for future in done:
                            self._ended(running.pop(future), future)
                    if self.interrupted.is_set():
                        raise KeyboardInterrupt
                self._finish_whole()
            except BaseException:
                self._stop(pool)
                raise

    def _connect(self, stack: ExitStack) -> None:
        """Send steps to a cluster; as many threads here as it has places, each waiting for one of them."""
        from vvvresearch.batch._execute import cluster

        assert self.options.scheduler is not None
        self.cluster = stack.enter_context(cluster(self.options.scheduler, self.prints.root, self.outputs, self.store.folder))
        self.jobs = self.cluster.slots

    def _start_ready(self, waiting: list[Step], running: dict[Future[StepState], Step], pool: ThreadPoolExecutor) -> list[Step]:
        later = []
        for step in waiting:
            failed = next((name for name in step.after if name in self.progress.failures or name in self.progress.blocked), None)
            if failed is not None:
                self.progress.blocked[step.id] = self.progress.blocked.get(failed, failed)
                self.tell(Event("blocked", step.id, f"{self.progress.blocked[step.id]} failed"))
            elif len(running) >= self.jobs or any(name not in self.progress.states for name in step.after):
                later.append(step)
            else:
                self._start(step, running, pool)
        return later

    def _start(self, step: Step, running: dict[Future[StepState], Step], pool: ThreadPoolExecutor) -> None:
        judgement = self.judged[step.id]
        if judgement.status == "waiting":
            judgement = judge(step, self.store, self.prints, self.progress.states)
        if (not self.options.force or self.options.render_only) and self._is_settled(step, judgement):
            return
        self.progress.reasons[step.id] = ("it was forced",) if self.options.force else judgement.reasons
        self.tell(Event("started", step.id, self.progress.reasons[step.id][0]))
        running[pool.submit(self._execute, step, judgement.parts)] = step

    def _is_due(self, step: Step) -> bool:
        if self.options.render_only and isinstance(step, NotebookStep):
            return False
        return self.options.force or self.judged[step.id].status not in ("fresh", "failed")

    def _is_settled(self, step: Step, judgement: Judgement) -> bool:
        if judgement.status == "fresh" and judgement.state is not None:
            self.progress.states[step.id] = judgement.state
            self.progress.fresh.append(step.id)
            self.tell(Event("fresh", step.id))
            return True
        if self.options.render_only and isinstance(step, NotebookStep):
            self._use_as_it_is(step, judgement)
            return True
        if judgement.status == "failed" and judgement.state is not None and judgement.state.failure is not None:
            self.progress.failures[step.id] = failure_from(judgement.state.failure)
            self.progress.reasons[step.id] = judgement.reasons
            self.tell(Event("failed", step.id, judgement.reasons[0]))
            return True
        return False

    def _use_as_it_is(self, step: NotebookStep, judgement: Judgement) -> None:
        state = judgement.state
        if state is None or state.status != "done" or self.store.intact(step.id, state, self.prints):
            problem = VvvError("there are no results to render", where=step.id, why="; ".join(judgement.reasons), todo="vvv run")
            self.progress.failures[step.id] = from_exception(step.id, problem)
            self.tell(Event("failed", step.id, problem.what))
            return
        self.progress.states[step.id] = state
        self.progress.stale[step.id] = judgement.reasons
        self.tell(Event("fresh", step.id))

    def _execute(self, step: Step, parts: Parts) -> StepState:
        collected = None
        if isinstance(step, CallStep):
            target = next(target for target in self.plan.targets if step in target.steps)
            collected = collect(step, target, self.progress.states, self.store)
        if self.cluster is not None:
            state: StepState = self.cluster.execute(step, parts, collected)
            return state
        work = Work(self.prints.root, self.store.begin(step.id), self.outputs)
        if isinstance(step, CallStep):
            assert collected is not None
            return execute_call_step(step, work, parts, collected)
        watch = Watch(
            on_cell=lambda number, total, text: self.tell(Event("cell", step.id, text, number, total)),
            on_kernel=lambda group: self._kernel(step.id, group),
        )
        return execute_notebook_step(step, work, parts, watch, self.kernels_from.provision(step.limits.memory_mb))

    def _kernel(self, step_id: str, group: int | None) -> None:
        if group is None:
            self.kernels.pop(step_id, None)
        else:
            self.kernels[step_id] = group
            if self.stopping.is_set():
                _kill(group)

    def _ended(self, step: Step, future: Future[StepState]) -> None:
        try:
            state = future.result()
        except Exception as problem:
            # The step itself could not be set up, for example on a full disk.
            failure = from_exception(step.id, problem).through(self.options.told)
            self.progress.failures[step.id] = failure
            self.tell(Event("failed", step.id, failure.message))
            return
        self.prints.forget(self.store.place(step.id))
        if state.failure is not None:
            failure = failure_from(state.failure).through(self.options.told)
            state = replace(state, failure=failure.as_dict())
            self.progress.failures[step.id] = failure
            self.tell(Event("failed", step.id, failure.message, seconds=state.seconds))
        self.store.save(step.id, state)
        if state.failure is not None:
            return
        self.progress.states[step.id] = state
        self.progress.ran.append(step.id)
        self.tell(Event("done", step.id, seconds=state.seconds))

    def _finish_whole(self) -> None:
        """Switch in every target that has become whole, unless its folder holds exactly this already."""
        states = self.progress.states
        for target in self.plan.targets:
            settled = target.name in self.progress.switched or target.name in self.progress.current
            if settled or any(step.id not in states for step in target.steps):
                continue
            if is_current(target, states, self.store, self.prints):
                self.progress.current.append(target.name)
                continue
            about = {**self.options.about.get(target.name, {}), **self._told_stale(target)}
            switch_in(target, states, self.store, make_manifest(target, states, self.store, self.prints, about=about, whole=True))
            self.prints.forget(target.folder)
            self.progress.switched.append(target.name)
            self.tell(Event("target", target.name))

    def _told_stale(self, target: Target) -> dict[str, Any]:
        stale = {step.id: list(self.progress.stale[step.id]) for step in target.steps if step.id in self.progress.stale}
        return {"stale": stale} if stale else {}

    def _note_unfinished(self, target: Target) -> None:
        """Leave a manifest in the work folder for a target with failed steps: its own folder stays as it was."""
        if any(step.id in self.progress.failures for step in target.steps):
            known = {step.id: state for step in target.steps if (state := self.store.load(step.id)) is not None}
            about = self.options.about.get(target.name, {})
            manifest = make_manifest(target, known, self.store, self.prints, about=about, whole=False)
            write_json(self.store.place(target.name) / MANIFEST, manifest)

    def _stop(self, pool: ThreadPoolExecutor) -> None:
        """End all kernels at once; the threads that wait for them end with them."""
        self.stopping.set()
        pool.shutdown(wait=False, cancel_futures=True)
        for group in list(self.kernels.values()):
            _kill(group)


@contextmanager
def _interrupts_noted(interrupted: threading.Event) -> Iterator[None]:
    """Note a first Ctrl-C, for the loop to act on between two steps; a second one stops at once.

    Python raises KeyboardInterrupt wherever the main thread happens to be. In a destructor it is printed and lost, and the run
    would go on; between two locks of a future it leaves one held, and the run would never end.
    """
    # Elsewhere, as in a notebook's thread or under a program with a handler of its own, interrupts are not ours to take.
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return

    def note(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        interrupted.set()

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if interrupted.is_set():
        raise KeyboardInterrupt


def _kill(group: int) -> None:
    try:
        if hasattr(os, "killpg"):
            os.killpg(group, signal.SIGKILL)
        else:
            os.kill(group, signal.SIGTERM)
    except OSError:
        return
