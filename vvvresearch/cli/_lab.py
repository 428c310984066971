"""`vvv lab`: JupyterLab on a workspace."""

from __future__ import annotations

import subprocess
import sys

from vvvresearch.cli._workspace import Workspace


def lab(workspace: Workspace) -> int:
    """Start JupyterLab in the workspace and stay until it is closed."""
    return subprocess.call([sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={workspace.root}"], cwd=workspace.root)
