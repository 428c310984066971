"""`vvv lab`: JupyterLab on a workspace."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from vvvresearch.batch import WORK, Fingerprints, Store, judge_all
from vvvresearch.cli._plans import make_plan
from vvvresearch.cli._workspace import Workspace, error_text, language_here, say
from vvvresearch.cli.notebook_filter import install
from vvvresearch.errors import NotebookError, VvvError, not_installed
from vvvresearch.evidence import read_programme
from vvvresearch.files import markdown_text, read_text, write_text
from vvvresearch.locales import Lang, check_lang, text
from vvvresearch.rounds import list_rounds, load_spec, newest_round, packaged_tutorials, report_source

if TYPE_CHECKING:
    from pathlib import Path

    from vvvresearch.rounds import RoundSpec


# No request leaves the machine: neither for news nor for newer versions.
_ALONE = ("--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate")


def lab(workspace: Workspace, options: Sequence[str] = ()) -> int:
    """Start JupyterLab in the workspace at its start page and stay until it is closed; options are JupyterLab's own.

    Raises:
        NotebookError: JupyterLab is not there.
    """
    if find_spec("jupyterlab") is None:
        raise not_installed(NotebookError, "JupyterLab", "lab")
    page = f"--LabApp.default_url=/lab/tree/{workspace.start_page.relative_to(workspace.root).as_posix()}"
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={workspace.root}", page, *_ALONE, *options]
    # A cell `!vvv check` must find the command though its environment is not activated.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    # The question whether there should be news would lie over the page, and a yes would leave the machine.
    config = os.pathsep.join(filter(None, (str(Path(__file__).with_name("data") / "jupyter"), os.environ.get("JUPYTER_CONFIG_PATH", ""))))
    environment = {**os.environ, "PATH": path, "JUPYTER_CONFIG_PATH": config}
    started = subprocess.Popen(command, cwd=workspace.root, env=environment)
    # JupyterLab takes longer to come up than the page takes to be made, and is not kept waiting for it.
    Thread(target=_made, args=(workspace,), daemon=True).start()
    return _waited(started)


def _waited(started: subprocess.Popen[bytes]) -> int:
    """The return code of JupyterLab. It is asked twice whether it is to stop, and hears the key itself."""
    while True:
        try:
            return started.wait()
        except KeyboardInterrupt:
            continue


def _made(workspace: Workspace) -> None:
    """What belongs to the workspace, behind JupyterLab, which goes first where the machine has little to spare."""
    if hasattr(os, "nice"):
        os.nice(10)
    install(workspace.root)
    try:
        write_start_page(workspace, datetime.date.today())
    except VvvError as problem:
        say(error_text(problem, language_here(workspace, (), None)))


_ROUND = re.compile(r'open_round\("([^"]+)"')
_PAGE_LINK = re.compile(r"\[([^\]]+)\]\([^)\s]+\.md(?:#[^)]*)?\)")
_CODE = re.compile(r"^```py(?:thon)?\n(.*?)\n```$", re.DOTALL | re.MULTILINE)


def write_start_page(workspace: Workspace, today: datetime.date) -> Path:
    """Write the start page below the outputs, where git does not see it.

    Args:
        workspace: the workspace; the page speaks the first language of its newest round, Danish where it has none.
        today: for the name that a next round would have.

    Returns:
        Where it is.
    """
    specs = _readable(workspace)
    lang = check_lang(specs[-1].languages[0]) if specs else "da"
    programme = read_programme(workspace.root)
    words = {"programme": markdown_text(getattr(programme.name, lang)), "today": today.isoformat(), "month": f"{today:%Y-%m}"}
    words["word"] = getattr(programme.groups[programme.halves[1]].one, lang).split()[0]
    words["next"] = f"{today.year + 1 if specs else today.year}-{'midtvejs' if lang == 'da' else 'midterm'}"
    words["tutorials"] = "\n".join(f"- [{title}](tutorials/{name})" for name, title in write_tutorials(workspace, lang))
    if specs:
        words |= _about(workspace, specs, lang)
    kind = "start" if specs else "start-empty"
    template = (resources.files("vvvresearch.cli") / "data" / f"{kind}.{lang}.md").read_text(encoding="utf-8")
    return write_text(workspace.start_page, json.dumps(notebook_of(template.format(**words)), ensure_ascii=False, indent=1) + "\n")


def write_tutorials(workspace: Workspace, lang: Lang) -> list[tuple[str, str]]:
    """Write the how-to pages as notebooks below the outputs; a page that shows a round this workspace has not is left out.

    Returns:
        File and title of each, by title.
    """
    made = []
    for path in sorted(packaged_tutorials().glob("*.en.md" if lang == "en" else "*.md")):
        page = read_text(path)
        if (lang == "da" and path.name.endswith(".en.md")) or not set(_ROUND.findall(page)) <= set(list_rounds(workspace.root)):
            continue
        name = f"{path.name.partition('.')[0]}.ipynb"
        # A page of the documentation is not beside the notebook.
        alone = _PAGE_LINK.sub(r"\1", page)
        write_text(workspace.outputs / "tutorials" / name, json.dumps(notebook_of(alone), ensure_ascii=False, indent=1) + "\n")
        made.append((name, page.partition("\n")[0].lstrip("# ")))
    return sorted(made, key=lambda one: one[1])


def notebook_of(page: str) -> dict[str, Any]:
    """A page of Markdown as a notebook: its blocks of Python become cells, those too that only JupyterLab can run (`py`).

    Example:
        >>> [cell["cell_type"] for cell in notebook_of("# Title\\n\\n```python\\n1 + 1\\n```\\n")["cells"]]
        ['markdown', 'code']
    """
    cells: list[dict[str, Any]] = []
    for number, part in enumerate(_CODE.split(page)):
        if not part.strip():
            continue
        cell: dict[str, Any] = {"id": f"part-{number}", "metadata": {}, "source": part.strip().splitlines(keepends=True)}
        own: dict[str, Any] = {"cell_type": "code", "execution_count": None, "outputs": []} if number % 2 else {"cell_type": "markdown"}
        cells.append({**cell, **own})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _readable(workspace: Workspace) -> list[RoundSpec]:
    """The rounds whose definition can be read, the newest last; `vvv check` tells of the others."""
    found = []
    for name in list_rounds(workspace.root):
        try:
            found.append(load_spec(workspace.root, name))
        except VvvError:
            continue
    try:
        newest = newest_round(workspace.root) if found else ""
    except VvvError:
        newest = ""
    return sorted(found, key=lambda spec: (spec.id == newest, spec.period.end, spec.id))


def _about(workspace: Workspace, specs: list[RoundSpec], lang: Lang) -> dict[str, str]:
    """What the page says of the rounds, and of the newest one."""
    spec = specs[-1]
    prose = report_source(workspace.root, spec, lang).relative_to(workspace.root).as_posix()
    folders = (f"interviews/{spec.id}/templates", f"surveys/{spec.id}/templates")
    links = " · ".join(f"[{folder}](../{folder})" for folder in folders if (workspace.root / folder).is_dir()) or f"`{spec.id}`"
    rows = [_row(workspace, one, lang) for one in reversed(specs)]
    head = [text(f"start.{name}", lang) for name in ("round", "data", "state", "open")]
    table = "\n".join(["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)])
    return {"rounds": table, "round": spec.id, "prose": f"[{prose}](../{prose})", "templates": links}


def _row(workspace: Workspace, spec: RoundSpec, lang: Lang) -> list[str]:
    definition = f"[round.toml](../rounds/{spec.id}/round.toml)"
    report = workspace.outputs / spec.id / lang / "report.html"
    links = [definition, *([f"[report.html]({spec.id}/{lang}/report.html)"] if report.is_file() else [])]
    title = f"{markdown_text(getattr(spec.title, lang))} (`{spec.id}`)"
    return [title, spec.kind.label(lang), _state(workspace, spec, lang), " · ".join(links)]


def _state(workspace: Workspace, spec: RoundSpec, lang: Lang) -> str:
    """How many steps are up to date; a plan that cannot be made is for `vvv check` to tell."""
    try:
        found = judge_all(make_plan(workspace, (spec,)), Store(workspace.outputs / WORK), Fingerprints(workspace.root))
    except VvvError:
        return text("start.see_check", lang)
    fresh = sum(judgement.status == "fresh" for judgement in found.values())
    return text("start.fresh", lang) if fresh == len(found) else text("start.due", lang, due=len(found) - fresh, steps=len(found))
