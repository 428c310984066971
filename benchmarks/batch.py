"""How long runs take, beside papermill's own command line on the same notebooks, in one go.

    python benchmarks/batch.py [--sheets 98] [--papermill-sheets 6] [--jobs 2]

The loop over papermill's command is long, so it may be timed on some of the sheets and scaled up; the table says so.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PARAMETERS = 'round_id = "demo"\nlang = "da"\nroot = ""\nout = ""\ncode = ""'
IMPORTS = "import json, pathlib\nimport numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\nimport seaborn as sns"
SIX = (
    IMPORTS + "\nimport statsmodels.formula.api as smf",
    "rng = np.random.default_rng(1)\nframe = pd.DataFrame({'x': rng.normal(size=200), 'g': list('ab') * 100})",
    "frame['y'] = frame.x * 2 + rng.normal(size=200)",
    "frame.groupby('g').mean()",
    "sns.scatterplot(frame, x='x', y='y', hue='g');",
    "smf.ols('y ~ x', frame).fit().params",
)
SHEET = (
    IMPORTS,
    "frame = pd.DataFrame({'answer': ['ja', 'nej', 'ved ikke'], 'n': [20 + len(code), 11, 11]})\nframe",
    "fig, ax = plt.subplots(figsize=(5, 2)); ax.barh(frame.answer, frame.n);",
    "folder = pathlib.Path(out or '.') / 'values'; folder.mkdir(parents=True, exist_ok=True)\n"
    "(folder / f'sheet{code}.json').write_text(json.dumps({'schema_version': 1, 'values': {f'sheet{code}.n': {'number': 42}}}));",
)
BARE = ("x = 1",)


def write_notebook(path: Path, cells: Sequence[str]) -> Path:
    sources = [(PARAMETERS, ["parameters"]), *((cell, []) for cell in cells)]
    content = {
        "cells": [
            {"cell_type": "code", "id": f"c{n}", "metadata": {"tags": tags}, "execution_count": None, "outputs": [], "source": source}
            for n, (source, tags) in enumerate(sources)
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def papermill_loop(root: Path, notebooks: Sequence[tuple[Path, str]]) -> None:
    for number, (notebook, code) in enumerate(notebooks):
        command = [
            sys.executable,
            "-m",
            "papermill",
            "--no-progress-bar",
            str(notebook),
            str(root / f"out-{number}.ipynb"),
            "-r",
            "code",
            code,
        ]
        subprocess.run([*command, "-r", "out", str(root / f"pm-{number}")], check=True, capture_output=True, cwd=root)


# Run in a process of its own, so that importing papermill is counted as often as it happens.
RUN = """
import json, sys, time, resource
from pathlib import Path
root, jobs, kernels = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
from vvvresearch.batch import NotebookStep, Plan, RunOptions, Target, run_plan
steps = tuple(NotebookStep(f"demo/da/s{n}", Path(path), {"code": code}) for n, (path, code) in enumerate(json.loads(sys.stdin.read())))
plan = Plan(root, (Target("demo/da", root / "outputs/demo/da", steps),))
outcome = run_plan(plan, outputs=root / "outputs", options=RunOptions(jobs=jobs, kernels=kernels))
assert outcome.ok, outcome.failures[0].text()
heavy = sorted({"papermill", "nbformat", "pandas", "jupyter_client"} & set(sys.modules))
print(json.dumps([len(outcome.ran), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, heavy]))
"""


def run(root: Path, notebooks: Sequence[tuple[Path, str]], jobs: int, kernels: str = "auto") -> tuple[float, int, int, list[str]]:
    given = json.dumps([(str(path), code) for path, code in notebooks])
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(root), str(jobs), kernels], input=given, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - begin
    if done.returncode:
        sys.exit(done.stderr)
    ran, memory, heavy = json.loads(done.stdout.splitlines()[-1])
    return seconds, ran, memory, heavy


# Figures are drawn as a notebook draws them: to a picture, with the tight box.
FLOOR = """
import io, sys, time
source = SOURCE
space = {"__name__": "x"}
exec(source, space)
plt = space.get("plt")
begin = time.perf_counter()
for n in range(int(sys.argv[1])):
    exec(source, {"__name__": "x"})
    for number in plt.get_fignums():
        plt.figure(number).savefig(io.BytesIO(), format="png", bbox_inches="tight")
    plt.close("all")
print(time.perf_counter() - begin)
"""


def floor(root: Path, cells: Sequence[str], times: int, jobs: int) -> float:
    """The cells' own work: imports once, then the code as often as it is needed, on as many processes as jobs."""
    code = "\n".join([PARAMETERS, *cells])
    script = FLOOR.replace("SOURCE", repr(code))
    shares = [times // jobs + (1 if n < times % jobs else 0) for n in range(jobs)]
    environment = {"MPLBACKEND": "agg", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PATH": "/usr/bin:/bin", "HOME": str(root)}
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(share)], stdout=subprocess.PIPE, text=True, cwd=root, env=environment)
        for share in shares
    ]
    return max(float(process.communicate()[0].splitlines()[-1]) for process in running)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=int, default=98)
    parser.add_argument("--papermill-sheets", type=int, default=6)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--warm-only", action="store_true", help="leave out stock kernels")
    parser.add_argument("--linear", action="store_true", help="also 10, 100 and 1,000 bare notebooks")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        six = [(write_notebook(root / f"notebooks/six-{n}.ipynb", SIX), "") for n in range(6)]
        sheet = write_notebook(root / "notebooks/sheet.ipynb", SHEET)
        sheets = [(sheet, str(n)) for n in range(options.sheets)]
        sample = sheets[: options.papermill_sheets]
        print(f"{'what':<58}{'s':>8}{'ratio':>8}")
        for name, notebooks, cells in (("6 notebooks", six, SIX), (f"{options.sheets} sheets", sheets, SHEET)):
            measured = six if notebooks is six else sample
            loop = timed(lambda measured=measured: papermill_loop(root, measured)) * len(notebooks) / len(measured)
            scaled = "" if len(measured) == len(notebooks) else f" (from {len(measured)})"
            print(f"{name + ': papermill in a loop' + scaled:<58}{loop:>8.1f}{1:>8.1f}", flush=True)
            for kernels in ("warm",) if options.warm_only else ("stock", "warm"):
                seconds, ran, _, _ = run(root / kernels / name[:2], notebooks, options.jobs, kernels)
                assert ran == len(notebooks)
                print(f"{f'{name}: vvv, {kernels} kernels, {options.jobs} at a time':<58}{seconds:>8.1f}{loop / seconds:>8.1f}", flush=True)
            own = floor(root, cells, len(notebooks), options.jobs)
            print(f"{f'{name}: the cells by themselves, {options.jobs} at a time':<58}{own:>8.1f}{loop / own:>8.1f}", flush=True)
        for _ in range(3):  # the package's own source is part of every key: while somebody edits it, a run is never a no-op
            seconds, ran, memory, heavy = run(root / "warm" / f"{options.sheets}"[:2], sheets, options.jobs)
            if not ran:
                break
        assert (ran, heavy) == (0, []), (ran, heavy)
        print(f"{f'{options.sheets} sheets again, nothing changed ({memory} MB)':<58}{seconds:>8.2f}")
        if options.linear:
            bare = write_notebook(root / "notebooks/bare.ipynb", BARE)
            for count in (10, 100, 1000):
                seconds, *_ = run(root / f"linear-{count}", [(bare, str(n)) for n in range(count)], options.jobs, "warm")
                print(f"{f'{count} bare notebooks, each':<58}{seconds / count:>8.3f}", flush=True)
    print(f"largest child: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
