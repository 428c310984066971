"""`vvv lab`: JupyterLab on a workspace."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec

from vvvresearch.cli._workspace import Workspace
from vvvresearch.cli.notebook_filter import install
from vvvresearch.errors import NotebookError, not_installed


def lab(workspace: Workspace, options: Sequence[str] = ()) -> int:
    """Start JupyterLab in the workspace and stay until it is closed; options are JupyterLab's own.

    Raises:
        NotebookError: JupyterLab is not there.
    """
    if find_spec("jupyterlab") is None:
        raise not_installed(NotebookError, "JupyterLab", "lab")
    install(workspace.root)
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={workspace.root}", *options]
    return subprocess.call(command, cwd=workspace.root)
