"""Whole rounds, as ratios: warm kernels against the same cells in one process, two languages against one, nothing to do, starting up.

    python benchmarks/rounds.py [--sheets]

Works in a copy of the workspace in a temporary folder; nothing is drawn from this one's outputs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from vvvresearch.rounds import load_spec

ROOT = Path(__file__).parent.parent
PARTS = ("rounds", "interviews", "surveys", "notebooks")
# The cells of all chapters of the demo in one process that has loaded everything before the clock starts.
ONE_PROCESS = """
import json, sys, tempfile, time
import matplotlib.pyplot, pandas, vvvresearch as vvv, vvvresearch.figures, vvvresearch.survey, vvvresearch.themes, vvvresearch.mechanisms
import IPython.display
from pathlib import Path
root = Path(sys.argv[1])
opened = vvv.open_round("demo", root)
begin = time.perf_counter()
with tempfile.TemporaryDirectory() as out:
    for notebook in opened.spec.notebooks:
        if notebook.on_request:
            continue
        names = {}
        for number, cell in enumerate(c for c in json.loads((root / notebook.path).read_text())["cells"] if c["cell_type"] == "code"):
            exec("".join(cell["source"]), names)
            if number == 0:
                names |= {"round_id": "demo", "root": str(root), "out": out, **notebook.parameters}
print(time.perf_counter() - begin)
"""


def timed(*command: str, times: int = 1) -> float:
    """The shortest of several runs of a command, in seconds."""
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        found.append(time.perf_counter() - begin)
    return min(found)


def vvv(root: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "vvvresearch.cli.main", *arguments, "--root", str(root)]


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sheets", action="store_true", help="also the sheet of each of the 98 municipalities")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for part in PARTS:
            shutil.copytree(ROOT / part, root / part)
        told: dict[str, float] = {}
        done = subprocess.run([sys.executable, "-c", ONE_PROCESS, str(root)], check=True, capture_output=True, text=True)
        told["demo, cells in one process"] = float(done.stdout.split()[-1])
        # Those that the one process ran: what runs on request, the sheets above all, is measured by itself.
        names = [notebook.id for notebook in load_spec(root, "demo").notebooks if not notebook.on_request and notebook.for_each is None]
        only = [part for name in names for part in ("--only", name)]
        told["demo, notebooks from a warm parent"] = timed(*vvv(root, "run", "demo", *only, "--kernels", "warm"))
        told["ratio"] = told["demo, notebooks from a warm parent"] / told["demo, cells in one process"]
        told["three rounds with reports"] = timed(*vvv(root, "run", "--force"))
        told["three rounds in both languages"] = timed(*vvv(root, "run", "--force", "--lang", "all"))
        told["both languages against one"] = told["three rounds in both languages"] / told["three rounds with reports"]
        told["nothing to do"] = timed(*vvv(root, "run"), times=3)
        bare = timed(sys.executable, "-c", "pass", times=5)
        told["import vvvresearch"] = timed(sys.executable, "-c", "import vvvresearch", times=5) - bare
        told["vvv --help"] = timed(sys.executable, "-m", "vvvresearch.cli.main", "--help", times=5)
        if asked.sheets:
            told["98 sheets with PDFs"] = timed(*vvv(root, "run", "demo", "--sheets"))
            told["98 sheets, nothing to do"] = timed(*vvv(root, "run", "demo", "--sheets"), times=3)
        print(json.dumps({name: round(seconds, 3) for name, seconds in told.items()}, indent=1))


if __name__ == "__main__":
    main()
