"""Whether a step is up to date, and if not, why: the same answer for `vvv run` and `vvv status`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vvvresearch.batch._keys import Fingerprints, Parts, differences, read_parts, step_parts
from vvvresearch.batch._plan import Plan, Step
from vvvresearch.batch._state import StepState, Store


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
