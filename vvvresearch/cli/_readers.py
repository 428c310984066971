"""`vvv report --for` and `--watch`: a report for each of its readers, and one that keeps up with its author."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vvvresearch.cli._plans import ENGINES, KNOWN_FORMATS
from vvvresearch.cli._speaking import error_text, language_of
from vvvresearch.cli._workspace import DONE, FAILED, Workspace, check_choice, say, tell, tell_json
from vvvresearch.errors import VvvError
from vvvresearch.locales import LANGUAGES, text

if TYPE_CHECKING:
    from vvvresearch.cli._running import Asked

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
    from vvvresearch.batch import MANIFEST, NotebookStep, RunOptions, standing_kernels
    from vvvresearch.cli._plans import make_plan
    from vvvresearch.cli._running import report, run

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
