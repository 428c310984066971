"""The numbers, tables and pictures' texts of the shipped rounds as they were before numbers had addresses, and as chapters make them.

The reference was written once, by the commit named in `COMMIT`; `python tests/rounds/kept.py FOLDER` runs every chapter of every round.
"""

from __future__ import annotations

import json
import math
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vvvresearch.locales import MONTHS, month_number

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "tests" / "data" / "reference" / "rounds"
ROUNDS = ("2019-final", "2021-note", "demo")
LANGS = ("da", "en")
PARTS = ("tables", "figures")
_MARK = "=== "
_ALT = re.compile(r'fig-alt="((?:[^"\\]|\\.)*)"')
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MONTH = re.compile(rf"\b(?:{MONTHS})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Outputs:
    """What one round hands over in both languages: values by key, and the texts of each file of the reference by name."""

    values: dict[str, dict[str, Any]]
    texts: dict[str, dict[str, str]]


def read_outputs(outputs: Path, round_id: str) -> Outputs:
    """One round's outputs, `<outputs>/<round>/`: values by address, tables and pictures' texts by language."""
    folder = outputs / round_id
    values: dict[str, dict[str, Any]] = {}
    for path in sorted((folder / "values").glob("*.json")):
        for address, value in json.loads(path.read_text("utf-8"))["values"].items():
            other = values.setdefault(address, value)
            assert same_number(other["number"], value["number"]), f"{round_id}: two unlike numbers at {address}"
    texts = {}
    for lang in LANGS:
        for part in PARTS:
            texts[f"{part}.{lang}.md"] = {path.stem: path.read_text("utf-8") for path in sorted((folder / part / lang).glob("*.md"))}
    return Outputs(values, texts)


def read_kept(round_id: str) -> Outputs:
    """One round's reference."""
    lines = (KEPT / round_id / "values.jsonl").read_text("utf-8").splitlines()
    values = {entry.pop("key"): entry for entry in map(json.loads, lines)}
    texts = {}
    for name in (f"{part}.{lang}.md" for part in PARTS for lang in LANGS):
        whole = (KEPT / round_id / name).read_text("utf-8")
        texts[name] = dict(part.split("\n", 1) for part in whole.removeprefix(_MARK).split("\n" + _MARK))
    return Outputs(values, texts)


def make(folder: Path) -> None:
    """Run every chapter of every round in one process, into `<folder>/<round>/`; no workbook is written and no picture painted."""
    sys.path.insert(0, str(ROOT))
    import vvvresearch.figures as figures
    import vvvresearch.rounds as rounds
    from vvvresearch import files
    from vvvresearch.figures import Drawing
    from vvvresearch.rounds import notebook_file

    Drawing.svg = property(lambda drawing: b"<svg/>")  # type: ignore[assignment]
    # Whether figures can be read is tried where they are rendered.
    figures.figure_problems = lambda drawing, source=False: []  # type: ignore[assignment]
    Drawing.narrow = property(lambda drawing: drawing)  # type: ignore[assignment]
    files.write_workbook = lambda path, sheets: path  # type: ignore[assignment]
    for round_id in ROUNDS:
        opened = rounds.open_round(round_id, ROOT)
        for notebook in opened.spec.notebooks:
            if notebook.on_request:
                continue
            given = {"round_id": round_id, "lang": "da", "root": str(ROOT), "out": str(folder / round_id)}
            names: dict[str, Any] = {}
            for cell in json.loads(notebook_file(ROOT, notebook.path).read_text("utf-8"))["cells"]:
                if cell["cell_type"] == "code":
                    exec(compile("".join(cell["source"]), f"{notebook.id}#{cell.get('id')}", "exec"), names)
                    if "parameters" in cell["metadata"].get("tags", []):
                        names |= given | notebook.parameters


def same_number(one: Any, other: Any) -> bool:
    """Equal numbers; the last digits of a float may depend on the processor."""
    if isinstance(one, float) or isinstance(other, float):
        return one is not None and other is not None and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return bool(one == other)


def numbers_in(text: str) -> set[str]:
    """The numbers that the cells of a Markdown table show, however its columns stand, or an alternative text says; months are numbers."""
    rows = [line for line in text.split("\n") if line.startswith("|") and not set(line) <= set("|:- ")]
    said = rows[1:] if rows else _ALT.findall(text)
    numbered = [_MONTH.sub(lambda month: f"{month_number(month[0]):02}", row.replace("\u00a0", " ")) for row in said]
    return {number for row in numbered for number in _NUMBER.findall(row)}


if __name__ == "__main__":
    make(Path(sys.argv[1]))
