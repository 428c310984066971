"""`vvv status`: what is up to date, what is stale and why, what failed and where."""

from __future__ import annotations

from typing import Any

from vvvresearch.batch import WORK, Fingerprints, Judgement, Store, judge_all
from vvvresearch.cli._plans import make_plan
from vvvresearch.cli._workspace import DONE, FAILED, Workspace, tell, tell_json


def status(workspace: Workspace, rounds: tuple[str, ...], lang: str | None, as_json: bool) -> int:
    """Say how every step stands; 0 when everything is up to date."""
    plan = make_plan(workspace, workspace.specs(rounds), lang=lang)
    found = judge_all(plan, Store(workspace.outputs / WORK), Fingerprints(workspace.root))
    if as_json:
        tell_json({step: _as_dict(judgement) for step, judgement in found.items()})
    else:
        for target in plan.targets:
            tell(target.name)
            for step in target.steps:
                tell(_line(step.name, found[step.id]))
    return DONE if all(judgement.status == "fresh" for judgement in found.values()) else FAILED


def _as_dict(judgement: Judgement) -> dict[str, Any]:
    told: dict[str, Any] = {"status": judgement.status, "reasons": list(judgement.reasons)}
    if judgement.state is not None:
        told |= {"last": judgement.state.status, "started": judgement.state.started, "seconds": judgement.state.seconds}
        if judgement.state.failure:
            told["failure"] = {name: value for name, value in judgement.state.failure.items() if name != "traceback"}
    return told


def _line(name: str, judgement: Judgement) -> str:
    line = f"  {name:<32} {judgement.status:<8} {'; '.join(judgement.reasons)}".rstrip()
    failure = judgement.state.failure if judgement.state else None
    if failure:
        place = ", ".join(str(part) for part in (failure.get("notebook"), failure.get("cell"), failure.get("where")) if part)
        line += f"\n      {failure.get('kind')}: {str(failure.get('message', '')).splitlines()[0]}\n      {place}".rstrip()
    return line
