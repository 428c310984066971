"""From rounds to a plan: which notebooks run with what, and the report that is made of them."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.batch import CallStep, NotebookStep, Plan, Target, fan_out
from vvvresearch.cli._workspace import UsageError, Workspace, check_choice
from vvvresearch.errors import did_you_mean
from vvvresearch.files import read_text, write_json
from vvvresearch.locales import LANGUAGES

if TYPE_CHECKING:
    from vvvresearch.rounds import Notebook, RoundSpec

FORMATS = ("html", "pdf")
KNOWN_FORMATS = (*FORMATS, "docx", "pptx")
ENGINES = ("auto", "quarto", "embedded")
# The parameter of a notebook that runs for municipalities.
MUNICIPALITY = "municipality"


def make_plan(
    workspace: Workspace,
    specs: Sequence[RoundSpec],
    *,
    lang: str | None = None,
    engine: str = "auto",
    formats: Sequence[str] = FORMATS,
    only: Sequence[str] = (),
) -> Plan:
    """The plan of rounds: its notebooks once for all languages, per language the report, then what stands beside the reports.

    Args:
        workspace: where the rounds are.
        specs: the rounds.
        lang: "da", "en" or "all"; default the first of each round.
        engine, formats: of the report.
        only: names asked for; notebooks that run on request are in the plan when they are asked for.

    Raises:
        UsageError: a language, engine or format that does not exist.
    """
    check_choice(lang, "--lang", (*LANGUAGES, "all"))
    check_choice(engine, "--engine", ENGINES)
    for name in formats:
        check_choice(name, "--to", KNOWN_FORMATS)
    targets = []
    for spec in specs:
        notebooks = tuple(_step(workspace, spec, notebook) for notebook in spec.notebooks if not _stands_alone(notebook))
        targets += [_report_target(workspace, spec, language, notebooks, engine, formats) for language in _chosen(spec, lang)]
        beside = [notebook for notebook in spec.notebooks if _stands_alone(notebook)]
        made = partial(_own_target, workspace, spec, languages=_chosen(spec, lang), formats=formats)
        targets += [made(notebook) for notebook in beside if _asked(notebook, only)]
    return Plan(workspace.root, tuple(targets))


def _chosen(spec: RoundSpec, lang: str | None) -> Sequence[str]:
    """The languages of a round that are made: its first one, unless others are asked for."""
    if lang is None:
        return spec.languages[:1]
    return [language for language in spec.languages if lang in ("all", language)]


def sheet_notebooks(specs: Sequence[RoundSpec]) -> tuple[str, ...]:
    """The notebooks of rounds that run for each municipality.

    Raises:
        UsageError: there is none.
    """
    found = [one.id for spec in specs for one in spec.notebooks if one.for_each and MUNICIPALITY in one.for_each.parameters]
    if not found:
        rounds = ", ".join(spec.id for spec in specs)
        raise UsageError(f"no notebook runs for each municipality in {rounds}", todo="see `for_each` in the definition of a new round")
    return tuple(dict.fromkeys(found))


def _asked(notebook: Notebook, only: Sequence[str]) -> bool:
    return not notebook.on_request or any(name == notebook.id or name.startswith(f"{notebook.id}-") for name in only)


def _stands_alone(notebook: Notebook) -> bool:
    return notebook.on_request or notebook.for_each is not None


def _report_target(
    workspace: Workspace, spec: RoundSpec, lang: str, notebooks: tuple[NotebookStep, ...], engine: str, formats: Sequence[str]
) -> Target:
    """A report with the notebooks behind it; pages are written in every language, so the reports share them."""
    name = f"{spec.id}/{lang}"
    report = CallStep(
        id=f"{name}/report",
        call=partial(render_report, workspace.root, spec.id, lang, engine, tuple(formats)),
        parts={"the report engine": engine_used(engine), "the report formats": ",".join(formats)},
        inputs=_prose_of(workspace, spec, lang),
        after=tuple(step.id for step in notebooks),
    )
    return Target(name, workspace.outputs / spec.id / lang, (*notebooks, report))


def _prose_of(workspace: Workspace, spec: RoundSpec, lang: str) -> tuple[Path, ...]:
    """What the report is written from: the definition, the prose in its language and whatever that may include."""
    from vvvresearch.evidence import FINDINGS, READINGS
    from vvvresearch.rounds import DEFINITION, belongs_to, report_source

    source = report_source(workspace.root, spec, lang)
    beside = [path for path in sorted(source.parent.rglob("*")) if path.is_file() and belongs_to(path, source)]
    found = [path for path in (source.parent / FINDINGS, source.parent / READINGS) if path.is_file()]
    return (source.parent / DEFINITION, source, *beside, *found, *_decisions_of(workspace, spec))


def _decisions_of(workspace: Workspace, spec: RoundSpec) -> tuple[Path, ...]:
    """What was decided about persons: hidden numbers, withdrawals, approvals. A step that reads none yet must know of the first one."""
    from vvvresearch.rounds import APPROVALS, HIDDEN, WITHDRAWALS

    home = workspace.root / "rounds" / spec.id
    return tuple(home / name for name in (HIDDEN, WITHDRAWALS, APPROVALS) if (home / name).is_file())


def _own_target(workspace: Workspace, spec: RoundSpec, notebook: Notebook, *, languages: Sequence[str], formats: Sequence[str]) -> Target:
    """A notebook beside the report, once or for each row of a table, with a folder of its own; of each municipality a sheet is made."""
    name = f"{spec.id}/{notebook.id}"
    folder = workspace.outputs / spec.id / notebook.id
    step = _step(workspace, spec, notebook)
    if notebook.for_each is None:
        return Target(name, folder, (step,))
    rows = list(csv.DictReader(io.StringIO(_table_of(workspace.root, spec, notebook.for_each.table))))
    runs = fan_out(step, rows, name=notebook.for_each.name, parameters=notebook.for_each.parameters)
    if MUNICIPALITY not in notebook.for_each.parameters:
        return Target(name, folder, runs)
    names = {run.place: row.get("name", "") or run.place for run, row in zip(runs, rows, strict=True)}
    wanted = tuple(one for one in formats if one in FORMATS)
    sheets = CallStep(
        id=f"{spec.id}/sheets/{notebook.id}",
        call=partial(make_sheets, workspace.root, spec.id, tuple(languages), names, wanted),
        parts={"the languages": ",".join(languages), "the formats": ",".join(wanted)},
        after=tuple(run.id for run in runs),
    )
    return Target(name, folder, (*runs, sheets))


def _table_of(root: Path, spec: RoundSpec, table: str) -> str:
    """The rows that a notebook runs for; where it names no table, the round's municipalities."""
    from importlib import resources

    if table or spec.municipalities:
        return read_text(root / (table or spec.municipalities))
    return (resources.files("vvvresearch.evidence") / "data" / "municipalities.csv").read_text(encoding="utf-8")


def make_sheets(
    root: Path,
    round_id: str,
    languages: Sequence[str],
    names: Mapping[str, str],
    formats: Sequence[str],
    collected: Path,
    out: Path,
    *,
    released: bool = False,
    place: str = "",
) -> None:
    """Render what a chapter wrote for each of its rows, with an index and the lists of regions; or what it wrote for one of them."""
    from vvvresearch.reporting import marks_of
    from vvvresearch.reporting._sheets import render_sheets, sheets_of
    from vvvresearch.rounds import open_round

    for lang in languages:
        opened = open_round(round_id, root, lang)
        marks = marks_of(opened.kind, opened.lang, released=released)
        sheets = sheets_of(opened, opened.lang, collected, names)
        chosen = [sheet for sheet in sheets if not place or sheet.path.startswith(f"{place}/")]
        render_sheets(chosen, out, opened.lang, marks, formats)


def _step(workspace: Workspace, spec: RoundSpec, notebook: Notebook) -> NotebookStep:
    from vvvresearch.rounds import notebook_file

    return NotebookStep(
        id=f"{spec.id}/pages/{notebook.id}",
        notebook=notebook_file(workspace.root, notebook.path),
        parameters={"round_id": spec.id, "lang": spec.languages[0], **notebook.parameters},
        inputs=_decisions_of(workspace, spec),
        after=tuple(f"{spec.id}/pages/{needed}" for needed in notebook.needs),
    )


def engine_used(engine: str) -> str:
    """Which engine will render: Quarto when it is installed, unless one is named."""
    if engine == "auto":
        return "quarto" if shutil.which("quarto") else "embedded"
    return engine


def render_report(
    root: Path, round_id: str, lang: str, engine: str, formats: Sequence[str], collected: Path, out: Path, *, released: bool = False
) -> None:
    """Stage the report's sources with what the notebooks made, render what differs from the report before, and keep the files."""
    from vvvresearch.reporting import RENDERED_FROM, ROWS, Faults, check_staged, has_evidence, rendered_files, round_material, write_volume

    material = round_material(root, round_id, lang, collected, released=released)
    stage, faults, noted = out.parent / "stage", Faults(), {}
    for volume in ("report", "evidence") if has_evidence(material) else ("report",):
        shutil.rmtree(stage, ignore_errors=True)
        with faults.gathered():
            folder = write_volume(material, stage, volume)
            # Once a report cannot be made, the rest is only looked at.
            if faults.found:
                check_staged(folder)
                continue
            noted[volume] = rendered_files(folder, root / "outputs" / round_id / lang, volume, out, tuple(formats), engine)
    faults.require_none()
    write_json(out / "signatures.json", material.seals)
    if not released:
        write_json(out / RENDERED_FROM, noted)
        write_json(out / ROWS, material.rows)
    shutil.rmtree(stage, ignore_errors=True)


def select(plan: Plan, names: Sequence[str]) -> frozenset[str] | None:
    """The steps asked for by name, those made for each row also by the name of their notebook; None when none is named.

    Raises:
        UsageError: no step has that name.
    """
    if not names:
        return None
    called: dict[str, set[str]] = {}
    for target in plan.targets:
        for step in target.steps:
            called.setdefault(step.name, set()).add(step.id)
            if step.place:
                called.setdefault(step.name.removesuffix(f"-{step.place}"), set()).add(step.id)
    for name in names:
        if name not in called:
            raise UsageError(f"no notebook is called {name!r} in these rounds", todo=did_you_mean(name, called))
    return frozenset().union(*(called[name] for name in names))
