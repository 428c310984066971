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

from vvvresearch.cli._workspace import Workspace, error_text, language_here, say
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
    from vvvresearch.cli._start import write_start_page

    if hasattr(os, "nice"):
        os.nice(10)
    install(workspace.root)
    try:
        write_start_page(workspace, datetime.date.today())
    except VvvError as problem:
        say(error_text(problem, language_here(workspace, (), None)))
