"""`vvv run`, `vvv report` and `vvv status`: bring rounds up to date, for every reader, show what goes on, and say what came of it."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from vvvresearch.batch import (
    KERNEL_KINDS,
    MANIFEST,
    WORK,
    Event,
    Fingerprints,
    Judgement,
    NotebookStep,
    Outcome,
    Plan,
    RunOptions,
    Store,
    judge_all,
    run_plan,
    standing_kernels,
)
from vvvresearch.cli._plans import ENGINES, FORMATS, KNOWN_FORMATS, make_plan, select, sheet_notebooks
from vvvresearch.cli._workspace import (
    DONE,
    FAILED,
    Workspace,
    check_choice,
    error_text,
    failure_text,
    language_here,
    language_of,
    said,
    say,
    tell,
    tell_json,
    unnamed,
)
from vvvresearch.cli.notebook_filter import install
from vvvresearch.errors import RenderError, VvvError
from vvvresearch.locales import LANGUAGES, Lang, text

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
        told=unnamed,
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


READERS = ("full", "steering", "municipality", "plain", "press", "slides")
# How often the files are looked at, and how many seconds a change is given to be complete.
_EVERY = 0.4
_WATCHED = ("rounds", "interviews", "surveys", "notebooks")


def formats_of(reader: str, to: str | None) -> tuple[str, ...]:
    """The formats asked for, or those that a reader gets by default."""
    if to is None:
        return ("pptx", "pdf") if reader == "slides" else ("html", "pdf")
    return tuple(part.strip() for part in to.split(",") if part.strip())


def report_for(workspace: Workspace, round_id: str, asked: Asked) -> int:
    """Render another reader's version; it is written only when all of it could be made, so that the one before stays.

    Raises:
        UsageError: a reader, language, engine or format that does not exist.
        RenderError: the version cannot be made as it stands.
    """
    from vvvresearch.files import write_bytes
    from vvvresearch.reporting import render
    from vvvresearch.reporting.readers import stage_reader

    check_choice(asked.reader, "--for", READERS)
    check_choice(asked.lang, "--lang", (*LANGUAGES, "all"))
    check_choice(asked.engine, "--engine", ENGINES)
    for name in asked.formats:
        check_choice(name, "--to", KNOWN_FORMATS)
    spec = workspace.specs((round_id,))[0]
    languages = spec.languages[:1] if asked.lang is None else [one for one in spec.languages if asked.lang in ("all", one)]
    made = [workspace.outputs / spec.id / one for one in spec.languages]
    collected = next((place for place in made if (place / "manifest.json").is_file()), None)
    if collected is None:
        say(text("commands.not_run", language_of(workspace, round_id, asked.lang), round=round_id))
        return FAILED
    written = []
    for lang in languages:
        own = workspace.outputs / spec.id / lang
        with tempfile.TemporaryDirectory() as scratch:
            source = own if (own / "manifest.json").is_file() else collected
            stage = stage_reader(workspace.root, spec.id, lang, source, Path(scratch) / "stage", asked.reader)
            rendered = [(path.name, path.read_bytes()) for path in render(stage, formats=asked.formats, engine=asked.engine)]
        folder = workspace.outputs / spec.id / asked.reader / lang
        written += [write_bytes(folder / name, data).relative_to(workspace.root).as_posix() for name, data in rendered]
    if asked.as_json:
        tell_json({"ok": True, "reader": asked.reader, "reports": written})
    else:
        tell("\n  ".join([text("commands.run_reports", language_of(workspace, round_id, asked.lang)), *written]))
    return DONE


def watch(workspace: Workspace, round_id: str, asked: Asked) -> int:
    """Bring a report up to date, and again whenever its prose or data change; ends with Ctrl-C.

    A report that cannot be made is told of, and the one before stays until it can.
    """
    once = replace(asked, watch=False)
    (spec,) = workspace.specs((round_id,))
    whole = replace(once, reader="full", formats=once.formats if asked.reader == "full" else ("html", "pdf"))
    plan = make_plan(workspace, [spec], lang=whole.lang, engine=whole.engine, formats=whole.formats)
    seen: dict[Path, tuple[int, int]] = {}
    # A changed answer costs its own pages only, and no start of anything.
    with standing_kernels(step.notebook for step in plan.steps if isinstance(step, NotebookStep)) as kernels:
        for state in _states(workspace.root):
            if state == seen:
                continue
            changed = {path for path in state.keys() | seen.keys() if state.get(path) != seen.get(path)}
            made = all((target.folder / MANIFEST).is_file() for target in plan.targets)
            data = not made or (bool(seen) and any(path.suffix not in (".qmd", ".md", ".bib") for path in changed))
            seen = state
            try:
                if data:
                    run(workspace, (round_id,), whole, RunOptions(standing=kernels))
                if not data or asked.reader != "full":
                    report(workspace, round_id, once)
            except VvvError as problem:
                say(error_text(problem, language_of(workspace, round_id, asked.lang)))
            tell(text("commands.watching", language_of(workspace, round_id, asked.lang), round=round_id))
    return DONE


def _states(root: Path) -> Iterator[dict[Path, tuple[int, int]]]:
    """The workspace's files with time and size, looked at again and again; a change is handed on once it stands still."""
    last: dict[Path, tuple[int, int]] | None = None
    while True:
        now = {}
        for name in _WATCHED:
            for path in (root / name).rglob("*"):
                # Excel keeps a lock file beside an open workbook.
                if not path.name.startswith((".", "~$")) and path.is_file():
                    status = path.stat()
                    now[path] = (status.st_mtime_ns, status.st_size)
        if now == last or last is None:
            yield now
        last = now
        time.sleep(_EVERY)


class Display:
    """Told of every event of a run; use it as a context manager.

    Args:
        lang: the language of its lines.
        why: whether the reason is said when a step starts.
    """

    def __init__(self, lang: Lang, *, why: bool = False) -> None:
        self.lang = lang
        self.total = 0
        self.why = why
        self.settled = 0
        self.begun = time.monotonic()
        self.running: dict[str, tuple[float, str]] = {}
        self.live: Any = None

    def __enter__(self) -> Display:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        if self.live is not None:
            self.live.stop()

    def __call__(self, event: Event) -> None:
        if event.kind == "run":
            self.total = event.total
            if sys.stderr.isatty():
                self._start_live()
        if event.kind == "started":
            self.running[event.step] = (time.monotonic(), text("commands.run_starting", self.lang))
            if self.why:
                self._line(f"{event.step}: {said(event.text, self.lang)}")
        elif event.kind == "cell" and event.step in self.running:
            self.running[event.step] = (self.running[event.step][0], f"{event.number}/{event.total} {event.text}")
        elif event.kind in ("done", "failed", "blocked", "fresh"):
            self.running.pop(event.step, None)
            self.settled += 1
            self._settled(event)

    def _settled(self, event: Event) -> None:
        if event.kind == "done":
            self._line(text("commands.run_done", self.lang, step=event.step, seconds=event.seconds))
        elif event.kind == "failed":
            message = said((event.text.splitlines() or [""])[0][:160], self.lang)
            self._line(text("commands.run_failed", self.lang, step=event.step, message=message))

    def _line(self, line: str) -> None:
        if self.live is not None:
            self.live.console.print(line, markup=False, highlight=False)
        else:
            say(line)

    def _start_live(self) -> None:
        from rich.console import Console
        from rich.live import Live

        self.live = Live(console=Console(stderr=True), get_renderable=self._table, refresh_per_second=5, transient=True)
        self.live.start()

    def _table(self) -> Any:
        from rich.table import Table

        elapsed = time.monotonic() - self.begun
        table = Table.grid(padding=(0, 2))
        seconds = round(elapsed / self.settled * (self.total - self.settled)) if self.settled else 0
        left = text("commands.run_left", self.lang, seconds=seconds) if self.settled else ""
        table.add_row(text("commands.run_progress", self.lang, done=self.settled, all=self.total), f"{elapsed:.0f} s", left)
        for step, (since, cell) in list(self.running.items()):
            table.add_row(f"  {step}", f"{time.monotonic() - since:.0f} s", cell)
        return table
