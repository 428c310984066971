"""A report beside bare pandoc and Typst on the same staged content, and beside itself after one word of its prose was changed.

    python benchmarks/rerender.py [ROUND] [--lang da]

Works in a copy of the workspace in a temporary folder. Processor time is that of this process and of the programs it starts, so that
other work on the machine tells little; wall time is told beside it. "Bare" is pandoc with the folder's own filters, once for the page
and once for paper, and Typst on what it writes: no staging, proof, check, note of what was rendered or header cells.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from vvvresearch.cli._plans import render_report
from vvvresearch.cli._running import Asked, report
from vvvresearch.cli._workspace import Workspace
from vvvresearch.reporting import has_evidence, round_material, write_volume
from vvvresearch.reporting.embedded._engine import compile_typst, converted, typst_document
from vvvresearch.reporting.embedded._source import read_project, read_source

ROOT = Path(__file__).parent.parent
PARTS = ("rounds", "interviews", "surveys", "notebooks")
FORMATS = ("html", "pdf")


def processor() -> float:
    """Seconds of processor time so far, those of ended programs included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def timed(body: Callable[[], object]) -> dict[str, float]:
    """What a call takes."""
    begin, clock = processor(), time.perf_counter()
    body()
    return {"processor": round(processor() - begin, 2), "wall": round(time.perf_counter() - clock, 2)}


def bare(stages: dict[str, Path]) -> None:
    """Pandoc and Typst alone."""
    for volume, stage in stages.items():
        project, source = read_project(stage), read_source(stage, f"{volume}.qmd")
        converted(source, project, stage, ("html", "html5"))
        body, _ = converted(source, project, stage, ("typst", "typst-citations"))
        compile_typst(typst_document(body.decode("utf-8"), project, stage, {}), stage)


def changed(root: Path, name: str) -> None:
    """One more word at the end of the summary's first paragraph that binds nothing."""
    path = root / "rounds" / name / "report.qmd"
    lines = path.read_text(encoding="utf-8").split("\n")
    heads = [place for place, line in enumerate(lines) if line.startswith("# ") and ".evidence" not in line]
    lines.insert(heads[-1], f"<!-- {time.monotonic_ns()} -->\n\n*Metoden er den samme.*\n")
    path.write_text("\n".join(lines), encoding="utf-8")


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("round", nargs="?", default="2019-final")
    parser.add_argument("--lang", default="da")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for part in PARTS:
            shutil.copytree(ROOT / part, root / part)
        command = [sys.executable, "-m", "vvvresearch.cli.main", "run", asked.round, "--lang", asked.lang, "--root", str(root)]
        subprocess.run(command, check=True, capture_output=True)
        collected = root / "outputs" / asked.round / asked.lang
        stages = {}
        material = round_material(root, asked.round, asked.lang, collected)
        for volume in ("report", "evidence") if has_evidence(material) else ("report",):
            stages[volume] = write_volume(material, root / "stage" / volume, volume)
        told = {"bare pandoc and Typst": timed(lambda: bare(stages))}
        # Beside a folder with nothing from before.
        empty = root / "elsewhere"
        shutil.copytree(collected, empty / "collected")
        for name in ("rendered.json", "rows.json"):
            (collected / name).unlink()
        (empty / "out").mkdir()
        made = (root, asked.round, asked.lang, "embedded", FORMATS, empty / "collected", empty / "out")
        told["the whole report"] = timed(lambda: render_report(*made))
        for name in ("rendered.json", "rows.json"):
            shutil.copyfile(empty / "out" / name, collected / name)
        workspace, wanted = Workspace(root), Asked(lang=asked.lang, engine="embedded", as_json=True)
        with contextlib.redirect_stdout(io.StringIO()):
            report(workspace, asked.round, wanted)
            changed(root, asked.round)
            told["after an edit, in a process that stands"] = timed(lambda: report(workspace, asked.round, wanted))
        changed(root, asked.round)
        again = [*command[:3], "report", *command[4:], "--engine", "embedded"]
        told["after an edit, from the command line"] = timed(lambda: subprocess.run(again, check=True, capture_output=True))
        ratio = told["the whole report"]["processor"] / told["bare pandoc and Typst"]["processor"]
        print(json.dumps({"round": asked.round, **told, "whole report against bare": round(ratio, 2)}, indent=1))


if __name__ == "__main__":
    main()
