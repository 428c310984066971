"""`vvv status`: what is up to date, what is stale and why, what failed and where."""

from __future__ import annotations

from typing import Any

from vvvresearch.batch import WORK, Fingerprints, Judgement, Store, judge_all
from vvvresearch.cli._plans import make_plan
from vvvresearch.cli._speaking import language_here, said
from vvvresearch.cli._workspace import DONE, FAILED, Workspace, tell, tell_json
from vvvresearch.locales import Lang, text


def status(workspace: Workspace, rounds: tuple[str, ...], lang: str | None, as_json: bool) -> int:
    """Say how every step stands; 0 when everything is up to date."""
    plan = make_plan(workspace, workspace.specs(rounds), lang=lang)
    spoken_here = language_here(workspace, rounds, lang)
    found = judge_all(plan, Store(workspace.outputs / WORK), Fingerprints(workspace.root))
    if as_json:
        tell_json({step: _as_dict(judgement) for step, judgement in found.items()})
    else:
        for target in plan.targets:
            tell(target.name)
            for step in target.steps:
                tell(_line(step.name, found[step.id], spoken_here))
    return DONE if all(judgement.status == "fresh" for judgement in found.values()) else FAILED


def _as_dict(judgement: Judgement) -> dict[str, Any]:
    told: dict[str, Any] = {"status": judgement.status, "reasons": list(judgement.reasons)}
    if judgement.state is not None:
        told |= {"last": judgement.state.status, "started": judgement.state.started, "seconds": judgement.state.seconds}
        if judgement.state.failure:
            told["failure"] = {name: value for name, value in judgement.state.failure.items() if name != "traceback"}
    return told


def _line(name: str, judgement: Judgement, lang: Lang) -> str:
    reasons = "; ".join(said(reason, lang) for reason in judgement.reasons)
    line = f"  {name:<32} {text(f'commands.status_{judgement.status}', lang):<9} {reasons}".rstrip()
    failure = judgement.state.failure if judgement.state else None
    if failure:
        place = ", ".join(said(str(part), lang) for part in (failure.get("notebook"), failure.get("cell"), failure.get("where")) if part)
        message = said(str(failure.get("message", "")).splitlines()[0], lang)
        line += f"\n      {failure.get('kind')}: {message}\n      {place}".rstrip()
    return line
