"""What is installed without extras is enough to import everything, and what an extra brings is asked for in one clear error."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from vvvresearch.errors import NotebookError, RenderError, VvvError

PACKAGE = Path(__file__).parent.parent / "vvvresearch"
# Where the module is not called as the project that brings it.
MODULES = {"pypandoc-binary": "pypandoc", "pyyaml": "yaml", "quarto-cli": "quarto"}
# Declared, though no line of the package imports them: who uses them instead.
USED_BY_OTHERS = {"defusedxml": "openpyxl", "jupyterlab": "a program", "quarto": "a program"}
# Come with one that is declared, and are used by name.
BROUGHT_ALONG = {"jupyter_client": "nbclient", "IPython": "ipykernel"}


@pytest.fixture(scope="module")
def declared() -> dict[str, set[str]]:
    """The modules that each extra brings; what is always installed has the name ""."""
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    names = {extra: [re.split(r"[\[<>=]", wanted)[0] for wanted in listed] for extra, listed in groups.items()}
    return {extra: {MODULES.get(name, name) for name in found} for extra, found in names.items()}


def imported() -> Iterator[str]:
    """Each module that the package imports from elsewhere."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            yield from {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"vvvresearch"}


def test_what_is_imported_is_declared_and_what_is_declared_is_used(declared: dict[str, set[str]]) -> None:
    used = set(imported())
    listed = set().union(*declared.values())
    assert used - listed - set(BROUGHT_ALONG) == set()
    assert listed - used - set(USED_BY_OTHERS) == set()


def test_every_module_that_others_build_on_can_be_imported_without_any_extra(declared: dict[str, set[str]]) -> None:
    extras = set().union(*(modules for extra, modules in declared.items() if extra)) | set(BROUGHT_ALONG) | {"sklearn", "nbformat"}
    code = (
        "import importlib, pkgutil, sys\n"
        f"for name in {sorted(extras)}: sys.modules[name] = None\n"
        "import vvvresearch\n"
        "for module in pkgutil.walk_packages(vvvresearch.__path__, 'vvvresearch.'):\n"
        "    try: importlib.import_module(module.name)\n"
        "    except ImportError: print(module.name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    # These two run notebooks, and are loaded for nothing else.
    assert done.stdout.split() == ["vvvresearch.batch._client", "vvvresearch.batch._warm"]


def estimate_interaction() -> None:
    from vvvresearch.mechanisms import moderators

    cases = pd.DataFrame({"m": [0, 0, 1, 1] * 4, "c": [0] * 8 + [1] * 8, "y": [0, 1, 0, 1, 1, 1, 0, 0] * 2})
    moderators(cases, "y", ["c"], mechanism="m")


def render_html() -> None:
    from vvvresearch.reporting.embedded import _pandoc

    _pandoc.pandoc_program.cache_clear()
    _pandoc.run_pandoc([], "# A")


def render_pdf() -> None:
    from vvvresearch.reporting.embedded._engine import compile_typst

    compile_typst("A", Path())


def start_kernels() -> None:
    from vvvresearch.batch import RunOptions
    from vvvresearch.batch._kernels import started_kernels

    with started_kernels(RunOptions(), [Path("a.ipynb")]):
        pass


def start_lab() -> None:
    from vvvresearch.cli._lab import lab

    workspace: Any = SimpleNamespace(root=Path())
    lab(workspace)


def join_cluster() -> None:
    from vvvresearch.batch._execute import cluster

    with cluster("tcp://127.0.0.1:1", Path(), Path(), Path()):
        pass


@pytest.mark.parametrize(
    ("missing", "use", "kind", "extra"),
    [
        ("pypandoc", render_html, RenderError, "report"),
        ("typst", render_pdf, RenderError, "report"),
        ("firthmodels", estimate_interaction, VvvError, "mechanisms"),
        ("papermill", start_kernels, NotebookError, "lab"),
        ("nbclient", start_kernels, NotebookError, "lab"),
        ("ipykernel", start_kernels, NotebookError, "lab"),
        ("jupyterlab", start_lab, NotebookError, "lab"),
        ("distributed", join_cluster, VvvError, "distributed"),
    ],
)
def test_what_an_extra_brings_is_asked_for_by_the_line_that_installs_it(
    missing: str, use: Callable[[], None], kind: type[VvvError], extra: str, declared: dict[str, set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(kind) as caught:
        use()
    assert "is not installed" in caught.value.what
    assert caught.value.todo == f'pip install "vvvresearch[{extra}]"'
    assert caught.value.__context__ is None or caught.value.__suppress_context__, "the ImportError behind it tells a user nothing"
    assert missing in declared[extra]


def test_a_run_without_notebooks_needs_no_papermill(monkeypatch: pytest.MonkeyPatch) -> None:
    from vvvresearch.batch import RunOptions
    from vvvresearch.batch._kernels import started_kernels

    monkeypatch.setitem(sys.modules, "papermill", None)
    with started_kernels(RunOptions(), []) as kernels:
        assert kernels.provision(None).kind == "stock"


def test_the_lock_holds_every_extra_but_the_one_that_downloads_a_program(declared: dict[str, set[str]], project: Path) -> None:
    text = (project / "requirements.lock").read_text(encoding="utf-8")
    locked = {MODULES.get(name, name) for name in re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE)}
    assert set().union(*declared.values()) - locked == {"quarto"}
