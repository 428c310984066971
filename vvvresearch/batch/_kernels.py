"""How kernels are started: warm ones where that is possible, else stock kernels, each a Python of its own."""

from __future__ import annotations

import ast
import os
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from vvvresearch.batch._plan import RunOptions
from vvvresearch.batch._provision import Provision
from vvvresearch.batch._state import read_cells
from vvvresearch.errors import NotebookError, not_installed

KERNEL_KINDS = ("auto", "warm", "stock")
# Loaded inside the package's functions, when a table is written or an interval computed.
_USED_LATER = ("openpyxl", "xlsxwriter", "scipy.stats", "seaborn", "nltk.tokenize.punkt", "defusedxml.ElementTree")


class Kernels:
    """Where the kernels of one run come from: a nursery that is started with the first notebook, or no such thing."""

    def __init__(self, nursery: Any = None) -> None:
        self._nursery = nursery

    def provision(self, memory_mb: int | None) -> Provision:
        """How to start one kernel."""
        if self._nursery is None:
            return Provision(memory_mb)
        # Only a nursery needs what starts kernels of JupyterLab's.
        from vvvresearch.batch._warm import WarmProvision

        return WarmProvision(self._nursery, memory_mb)


@contextmanager
def started_kernels(options: RunOptions, notebooks: Iterable[Path]) -> Iterator[Kernels]:
    """Kernels for a run of these notebooks.

    Args:
        options: which kernels, and what their parent shall read beforehand.
        notebooks: what will run, one entry for each run; their imports are loaded beforehand.

    Raises:
        NotebookError: there are notebooks to run, and what runs them is not installed.
    """
    if options.standing is not None:
        yield options.standing
        return
    runs, kind = list(notebooks), options.kernels
    if runs:
        _check_installed()
    if kind == "stock" or not _can_fork() or (kind == "auto" and len(runs) < 2):
        yield Kernels()
        return
    from vvvresearch.batch._warm import Nursery

    with Nursery(preloaded_modules(set(runs)), options.preload, options.preload_arguments) as nursery:
        yield Kernels(nursery)


@contextmanager
def standing_kernels(notebooks: Iterable[Path]) -> Iterator[Kernels | None]:
    """Kernels that are ready from one run to the next, with the imports of these notebooks; None on systems that have no such thing.

    What notebooks read is read anew in each of them.
    """
    if not _can_fork() or find_spec("ipykernel") is None:
        yield None
        return
    from vvvresearch.batch._warm import Nursery

    with Nursery(preloaded_modules(set(notebooks))) as nursery:
        yield Kernels(nursery)


def _check_installed() -> None:
    """Once for a run rather than in each of its notebooks."""
    for name in ("papermill", "nbclient", "ipykernel"):
        if find_spec(name) is None:
            raise not_installed(NotebookError, name, "lab", why="notebooks cannot run without it")


def _can_fork() -> bool:
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def preloaded_modules(notebooks: Iterable[Path]) -> list[str]:
    """What is worth importing once for all kernels: what the notebooks name, and for our own package what it loads when it is used."""
    named = {name for path in notebooks for name in imported_modules(path)}
    package = __name__.split(".")[0]
    if any(name.split(".")[0] == package for name in named):
        rooms = {room.name for room in pkgutil.iter_modules([str(Path(__file__).parent.parent)]) if room.ispkg}
        named |= {f"{package}.{room}" for room in rooms - {"batch", "cli"}} | set(_USED_LATER)
    return sorted(named)


def imported_modules(notebook: Path) -> set[str]:
    """The modules that a notebook's cells name in plain imports; cells that are not plain Python are passed over."""
    found = set()
    for cell in read_cells(notebook):
        if cell.get("cell_type") != "code":
            continue
        try:
            tree = ast.parse("".join(cell.get("source", [])))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                found.add(node.module)
    return found
