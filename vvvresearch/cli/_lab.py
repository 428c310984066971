"""`vvv lab`: JupyterLab on a workspace."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

from vvvresearch.cli._speaking import error_text, language_here
from vvvresearch.cli._start import PAGE, write_start_page
from vvvresearch.cli._workspace import Workspace, say
from vvvresearch.cli.notebook_filter import install
from vvvresearch.errors import NotebookError, VvvError, not_installed

# No request leaves the machine: neither for news nor for newer versions.
_ALONE = ("--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate")


def lab(workspace: Workspace, options: Sequence[str] = ()) -> int:
    """Start JupyterLab in the workspace at its start page and stay until it is closed; options are JupyterLab's own.

    Raises:
        NotebookError: JupyterLab is not there.
    """
    if find_spec("jupyterlab") is None:
        raise not_installed(NotebookError, "JupyterLab", "lab")
    install(workspace.root)
    page = f"--LabApp.default_url=/lab/tree/{workspace.outputs.relative_to(workspace.root).as_posix()}/{PAGE}"
    # JupyterLab takes longer to come up than the page takes to be made.
    Thread(target=_made, args=(workspace,), daemon=True).start()
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={workspace.root}", page, *_ALONE, *options]
    # A cell `!vvv check` must find the command though its environment is not activated.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    return subprocess.call(command, cwd=workspace.root, env={**os.environ, "PATH": path})


def _made(workspace: Workspace) -> None:
    try:
        write_start_page(workspace, datetime.date.today())
    except VvvError as problem:
        say(error_text(problem, language_here(workspace, (), None)))
