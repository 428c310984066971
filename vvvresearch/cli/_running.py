"""`vvv run` and `vvv report`: bring rounds up to date and say what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from vvvresearch.batch import KERNEL_KINDS, Outcome, Plan, RunOptions, run_plan
from vvvresearch.cli._display import Display
from vvvresearch.cli._plans import FORMATS, make_plan, select, sheet_notebooks
from vvvresearch.cli._readers import report_for, watch
from vvvresearch.cli._speaking import error_text, failure_text, language_here, language_of, said
from vvvresearch.cli._workspace import DONE, FAILED, Workspace, check_choice, say, tell, tell_json
from vvvresearch.cli.notebook_filter import install
from vvvresearch.errors import RenderError
from vvvresearch.locales import Lang, text

if TYPE_CHECKING:
    from vvvresearch.rounds import RoundSpec


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line besides how the plan is run."""

    only: tuple[str, ...] = ()
    sheets: bool = False
    why: bool = False
    lang: str | None = None
    engine: str = "auto"
    formats: tuple[str, ...] = FORMATS
    as_json: bool = False
    reader: str = "full"
    watch: bool = False


def run(workspace: Workspace, rounds: tuple[str, ...], asked: Asked, options: RunOptions) -> int:
    """Run what is due of these rounds; 0 when everything is there and up to date."""
    check_choice(options.kernels, "--kernels", KERNEL_KINDS)
    specs = workspace.specs(rounds)
    _stop_identifiers(workspace, specs)
    only = (*asked.only, *sheet_notebooks(specs)) if asked.sheets else asked.only
    plan = make_plan(workspace, specs, lang=asked.lang, engine=asked.engine, formats=asked.formats, only=only)
    about = {
        f"{spec.id}/{lang}": {"round": spec.id, "lang": lang, "kind": str(getattr(spec.kind, "value", spec.kind))}
        for spec in specs
        for lang in spec.languages
    }
    whole = replace(
        options,
        only=select(plan, only),
        about=about,
        preload=f"vvvresearch.rounds:{'preload_sheets' if asked.sheets else 'preload'}",
        preload_arguments=(str(workspace.root), *(spec.id for spec in specs)),
    )
    install(workspace.root)
    lang = language_here(workspace, rounds, asked.lang)
    with Display(lang, why=asked.why) as display:
        outcome = run_plan(plan, outputs=workspace.outputs, options=whole, listener=display)
    if asked.as_json:
        tell_json(as_dict(outcome, plan, workspace))
    else:
        explain(outcome, plan, workspace, why=asked.why, lang=lang)
    return DONE if outcome.ok else FAILED


def _stop_identifiers(workspace: Workspace, specs: Sequence[RoundSpec]) -> None:
    """Refuse rounds whose files identify persons; where there are none to protect nothing that reads files is loaded."""
    real = [spec for spec in specs if spec.real_sources]
    if real:
        from vvvresearch.rounds import stop_identifiers

        for spec in real:
            stop_identifiers(workspace.root, spec)


def report(workspace: Workspace, round_id: str, asked: Asked) -> int:
    """Render a round's report, or another reader's version of it, from what its notebooks have made."""
    if asked.watch:
        return watch(workspace, round_id, asked)
    if asked.reader != "full":
        return _told(lambda: report_for(workspace, round_id, asked), language_of(workspace, round_id, asked.lang))
    return run(workspace, (round_id,), replace(asked, only=("report",)), RunOptions(render_only=True))


def _told(body: Callable[[], int], lang: Lang) -> int:
    """What a body comes to; what is wrong with a report is told in a person's language."""
    try:
        return body()
    except RenderError as problem:
        say(error_text(problem, lang))
        return FAILED


def as_dict(outcome: Outcome, plan: Plan, workspace: Workspace) -> dict[str, Any]:
    """How a run ended, for a program."""
    return {
        "ok": outcome.ok,
        "seconds": round(outcome.seconds, 3),
        "ran": list(outcome.ran),
        "fresh": list(outcome.fresh),
        "failures": [{name: value for name, value in failure.as_dict().items() if name != "traceback"} for failure in outcome.failures],
        "blocked": dict(outcome.blocked),
        "reasons": {name: list(reasons) for name, reasons in outcome.reasons.items()},
        "stale": {name: list(reasons) for name, reasons in outcome.stale.items()},
        "new": list(outcome.switched),
        "up_to_date": list(outcome.current),
        "reports": _reports(plan, workspace),
    }


def _reports(plan: Plan, workspace: Workspace) -> list[str]:
    places = [target.folder / f"report.{kind}" for target in plan.targets for kind in FORMATS]
    return [place.relative_to(workspace.root).as_posix() for place in places if place.exists()]


def explain(outcome: Outcome, plan: Plan, workspace: Workspace, *, why: bool, lang: Lang) -> None:
    """How a run ended, for a person."""
    for failure in outcome.failures:
        say("\n" + failure_text(failure, lang))
        if why:
            say(f"  {text('commands.run_why', lang)}:  {_reasons(outcome.reasons.get(failure.step, ()), lang)}")
    for step, cause in outcome.blocked.items():
        say(text("commands.run_blocked", lang, step=step, cause=cause))
    for step, reasons in outcome.stale.items():
        say(text("commands.run_stale", lang, step=step, reasons=_reasons(reasons, lang)))
    touched = {*outcome.ran, *outcome.fresh, *outcome.blocked, *(failure.step for failure in outcome.failures)}
    for target in plan.targets:
        if touched.isdisjoint(step.id for step in target.steps):
            continue
        place = target.folder.relative_to(workspace.root).as_posix()
        if target.name in outcome.switched:
            tell(text("commands.run_new", lang, name=target.name, place=place))
        elif target.name in outcome.current:
            tell(text("commands.run_current", lang, name=target.name, place=place))
        elif target.folder.exists():
            tell(text("commands.run_before", lang, name=target.name, place=place))
        else:
            tell(text("commands.run_unfinished", lang, name=target.name))
    reports = _reports(plan, workspace)
    if reports:
        tell("\n  ".join([text("commands.run_reports", lang), *reports]))
    counts = {"ran": len(outcome.ran), "fresh": len(outcome.fresh), "failed": len(outcome.failures), "blocked": len(outcome.blocked)}
    tell(text("commands.run_counted", lang, **counts, seconds=outcome.seconds))


def _reasons(reasons: Sequence[str], lang: Lang) -> str:
    return "; ".join(said(reason, lang) for reason in reasons)
