"""Warm kernels are stock kernels, only sooner: every output is the same, nothing is inherited that should not be."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from workspaces import write_notebook

from vvvresearch.batch import Limits, NotebookStep, Plan, RunOptions, Target, run_plan

linux = pytest.mark.skipif(sys.platform != "linux", reason="warm kernels need Linux")

# Whatever a notebook can put out: text on both streams, results, tables, figures shown and left open, several in one cell,
# figures drawn by another library, HTML, a vector format, widgets' absence, magics, a warning, display ids, settings of pyplot.
CELLS = (
    "import matplotlib.pyplot as plt\nimport pandas as pd\nimport numpy as np\nprint('out'); import sys; print('err', file=sys.stderr)",
    "frame = pd.DataFrame({'a': [1, 2], 'b': ['æ', 'ø']})\nframe",
    "fig, ax = plt.subplots(); ax.plot([1, 2, 3])",
    "plt.figure(); plt.bar(['x', 'y'], [1, 2]); plt.show()\nplt.figure(); plt.plot([3, 1])",
    "import seaborn as sns\nsns.scatterplot(x=[1, 2, 3], y=[3, 1, 2])",
    "%config InlineBackend.figure_formats = ['svg']\nplt.rcParams['svg.hashsalt'] = 'x'\n"
    "%config InlineBackend.print_figure_kwargs = {'metadata': {'Date': None}, 'bbox_inches': 'tight'}\nplt.plot([1, 2]);",
    "from IPython.display import HTML, display\ndisplay(HTML('<b>x</b>'), frame.head(1))\n"
    "handle = display('first', display_id='d')\nhandle.update('second')",
    "import warnings; warnings.warn('careful')",
    "print(plt.get_backend(), plt.isinteractive(), plt.rcParams['figure.dpi'], plt.rcParams['backend'])",
    "print(__name__, sys.argv[0].rsplit('/')[-1].removesuffix('.py'), sys.path[:1], sys.flags.hash_randomization, hash('a') == hash('a'))",
    "import os; print(sorted(name for name in os.environ if name.startswith(('MPL', 'OMP', 'PYTHONHASH', 'VVV'))))",
    "import logging; logging.warning('logged')\nprint(logging.getLogger().level, len(logging.getLogger().handlers))",
    "%matplotlib inline\nplt.plot([2, 1])",
    "print(list({'b', 'a', 'c'}))",
    "1 / 0",
)


def run_kind(root: Path, kind: str, cells: tuple[str, ...], copies: int = 1, **limits: Any) -> list[dict[str, Any]]:
    notebook = write_notebook(root / "notebooks/01-all.ipynb", cells)
    steps = tuple(
        NotebookStep(f"demo/{kind}/n{n}", notebook, {"round_id": "demo", "lang": "da"}, limits=Limits(**limits)) for n in range(copies)
    )
    plan = Plan(root, (Target(f"demo/{kind}", root / "outputs/demo" / kind, steps),))
    run_plan(plan, outputs=root / "outputs", options=RunOptions(jobs=2, kernels=kind))
    found = []
    for step in steps:
        place = root / "outputs/.work" / step.id
        assert json.loads((place / "state.json").read_text())["details"]["kernel"] == kind
        found.append(json.loads((place / "notebook.ipynb").read_text()))
    return found


def _whole_streams(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    whole: list[dict[str, Any]] = []
    for one in found:
        last = whole[-1] if whole else {}
        if one["output_type"] == "stream" and last.get("output_type") == "stream" and last["name"] == one["name"]:
            whole[-1] = {**last, "text": ["".join([*last["text"], *one["text"]])]}
        else:
            whole.append({**one, "text": ["".join(one["text"])]} if one["output_type"] == "stream" else one)
    return whole


def outputs(notebook: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The outputs of every cell; addresses in the memory are no output, and neither is in how many pieces a stream arrived."""
    shown = [
        _whole_streams(cell["outputs"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and "injected-parameters" not in cell["metadata"]["tags"]
    ]
    text = json.dumps(shown)
    text = re.sub(r"0x[0-9a-f]+", "0x0", text)
    text = re.sub(r"/ipykernel_\d+/\d+", "/ipykernel/cell", text)
    return list(json.loads(text))


@linux
@pytest.mark.slow
def test_every_output_of_a_warm_kernel_equals_that_of_a_stock_kernel(tmp_path: Path) -> None:
    (stock,) = run_kind(tmp_path, "stock", CELLS)
    (warm,) = run_kind(tmp_path, "warm", CELLS)
    for source, old, new in zip(("", *CELLS), outputs(stock), outputs(warm), strict=False):
        assert new == old, source
    figures = [output for cell in outputs(warm) for output in cell if {"image/png", "image/svg+xml"} & output.get("data", {}).keys()]
    assert len(figures) == 6, "no inline figure is lost"


@linux
@pytest.mark.slow
def test_warm_kernels_do_not_share_random_numbers_and_keep_their_limits(tmp_path: Path) -> None:
    cells = (
        "import numpy as np, random, uuid\nprint(np.random.rand(), random.random(), uuid.uuid4())",
        "import os; print(os.getppid() != 1)",
    )
    printed = {"".join(outputs(notebook)[1][0]["text"]) for notebook in run_kind(tmp_path, "warm", cells, copies=3)}
    assert len(printed) == 3
    (notebook,) = run_kind(tmp_path / "more", "warm", ("x = bytearray(3_000_000_000)",), memory_mb=1500)
    assert outputs(notebook)[1][0]["ename"] == "MemoryError"


@linux
@pytest.mark.slow
def test_kernels_are_reached_through_files_only_we_can_open_not_through_the_network(tmp_path: Path) -> None:
    cell = (
        "import json, os, stat\nfrom ipykernel.kernelapp import IPKernelApp\napp = IPKernelApp.instance()\n"
        "print(app.transport, oct(stat.S_IMODE(os.stat(os.path.dirname(app.ip)).st_mode) & 0o777))"
    )
    for kind in ("warm", "stock"):
        (notebook,) = run_kind(tmp_path / kind, kind, (cell,))
        assert outputs(notebook)[1][0]["text"] == ["ipc 0o700\n"]


@linux
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["warm", "stock"])
def test_no_kernel_outlives_a_run_that_is_killed(tmp_path: Path, kind: str) -> None:
    mark = tmp_path / "pids"
    cell = f"import os, time\nwith open({str(mark)!r}, 'a') as f: f.write(f'{{os.getpid()}}\\n')\ntime.sleep(120)"
    notebook = write_notebook(tmp_path / "notebooks/01-a.ipynb", (cell,))
    code = (
        "from pathlib import Path\nfrom vvvresearch.batch import NotebookStep, Plan, RunOptions, Target, run_plan\n"
        f"root = Path({str(tmp_path)!r})\n"
        f"steps = tuple(NotebookStep(f'demo/da/n{{n}}', Path({str(notebook)!r}), {{}}) for n in range(2))\n"
        f"plan, options = Plan(root, (Target('demo/da', root / 'outputs/demo/da', steps),)), RunOptions(jobs=2, kernels={kind!r})\n"
        f"run_plan(plan, outputs=root / 'outputs', options=options)"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (not mark.exists() or len(mark.read_text().split()) < 2):
        time.sleep(0.05)
    kernels = [int(pid) for pid in mark.read_text().split()]
    assert len(kernels) == 2
    process.kill()
    process.wait()
    deadline = time.monotonic() + 5
    while any(_lives(pid) for pid in kernels) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_lives(pid) for pid in kernels)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False
