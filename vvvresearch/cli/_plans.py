"""From rounds to a plan: which notebooks run with what, and the report that is made of them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.batch import CallStep, NotebookStep, Plan, Target
from vvvresearch.cli._workspace import LANGUAGES, UsageError, Workspace, check_choice
from vvvresearch.errors import did_you_mean

if TYPE_CHECKING:
    from vvvresearch.rounds import RoundSpec

FORMATS = ("html", "pdf")
ENGINES = ("auto", "quarto", "embedded")


def make_plan(
    workspace: Workspace, specs: Sequence[RoundSpec], *, lang: str | None = None, engine: str = "auto", formats: Sequence[str] = FORMATS
) -> Plan:
    """The plan of rounds: per round and language its notebooks, then the report.

    Raises:
        UsageError: a language, engine or format that does not exist.
    """
    check_choice(lang, "--lang", LANGUAGES)
    check_choice(engine, "--engine", ENGINES)
    for name in formats:
        check_choice(name, "--to", FORMATS)
    targets = [
        _target(workspace, spec, language, engine, formats)
        for spec in specs
        for language in spec.languages
        if lang is None or language == lang
    ]
    return Plan(workspace.root, tuple(targets))


def _target(workspace: Workspace, spec: RoundSpec, lang: str, engine: str, formats: Sequence[str]) -> Target:
    name = f"{spec.id}/{lang}"
    folders = tuple(path for source in spec.sources if source.path and (path := workspace.root / source.path).is_dir())
    notebooks = tuple(
        NotebookStep(
            id=f"{name}/{notebook.id}",
            notebook=workspace.root / notebook.path,
            parameters={"round_id": spec.id, "lang": lang, **notebook.parameters},
            # Which files were read is recorded; that a file is new in a folder can only be seen from the folder.
            inputs=folders,
            after=tuple(f"{name}/{needed}" for needed in notebook.needs),
        )
        for notebook in spec.notebooks
    )
    sources = workspace.root / "notebooks" / "report" / spec.report_type / lang
    report = CallStep(
        id=f"{name}/report",
        call=partial(render_report, workspace.root, spec.id, lang, engine, tuple(formats)),
        parts={"the report engine": engine_used(engine), "the report formats": ",".join(formats)},
        inputs=(workspace.root / "rounds" / f"{spec.id}.toml", *([sources] if sources.is_dir() else [])),
        after=tuple(step.id for step in notebooks),
    )
    return Target(name, workspace.outputs / spec.id / lang, (*notebooks, report))


def engine_used(engine: str) -> str:
    """Which engine will render: Quarto when it is installed, unless one is named."""
    if engine == "auto":
        return "quarto" if shutil.which("quarto") else "embedded"
    return engine


def render_report(root: Path, round_id: str, lang: str, engine: str, formats: Sequence[str], collected: Path, out: Path) -> None:
    """Stage the report's sources with what the notebooks made, render them, and keep the rendered files."""
    from vvvresearch.reporting import render, stage_report

    stage = out.parent / "stage"
    stage_report(root, round_id, lang, collected, stage)
    for path in render(stage, formats=tuple(formats), engine=engine):
        shutil.copyfile(path, out / path.name)
    shutil.rmtree(stage, ignore_errors=True)


def select(plan: Plan, names: Sequence[str]) -> frozenset[str] | None:
    """The steps whose name is one of `names`; None when none is named.

    Raises:
        UsageError: no step has that name.
    """
    if not names:
        return None
    known = {step.name for step in plan.steps}
    for name in names:
        if name not in known:
            raise UsageError(f"no notebook is called {name!r} in these rounds", todo=did_you_mean(name, known))
    return frozenset(step.id for step in plan.steps if step.name in names)
