"""The numbers, tables and pictures' texts of the shipped rounds: how they are kept, made anew and read.

`python tests/rounds/kept.py keep OUTPUTS COMMIT` writes the reference from the outputs of `vvv run --lang all`;
`python tests/rounds/kept.py make LANG FOLDER` hands over all rounds in one language, without drawing and without reports.
"""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "tests" / "data" / "reference" / "rounds"
ROUNDS = ("2019-final", "2021-note", "demo")
LANGS = ("da", "en")
# File of the reference, without the language: folder of the outputs and ending there.
TEXTS = {"tables.csv": ("tables", ".csv"), "tables.md": ("tables", ".md"), "figures.md": ("figures", ".md")}
_MARK = "=== "


@dataclass(frozen=True)
class Outputs:
    """What one round hands over in both languages: values by key, and the texts of each file of the reference by name."""

    values: dict[str, dict[str, Any]]
    texts: dict[str, dict[str, str]]


def name_of(kind: str, lang: str) -> str:
    """`tables.csv` in Danish is `tables.da.csv`."""
    stem, ending = kind.split(".")
    return f"{stem}.{lang}.{ending}"


def read_outputs(outputs: Path, round_id: str) -> Outputs:
    """One round's outputs, `<outputs>/<round>/<lang>/`; words are taken from the run in their language."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    texts: dict[str, dict[str, str]] = {}
    for lang in LANGS:
        folder = outputs / round_id / lang
        found[lang] = {}
        for path in sorted((folder / "values").glob("*.json")):
            found[lang] |= json.loads(path.read_text("utf-8"))["values"]
        for kind, (part, ending) in TEXTS.items():
            # Pages write words a language; chapters that are not pages yet have them in the folder of their run.
            paths = sorted([*(folder / part).glob(f"*{ending}"), *(folder / part / lang).glob(f"*{ending}")])
            texts[name_of(kind, lang)] = {path.stem: path.read_text("utf-8") for path in paths}
    da, en = (found[lang] for lang in LANGS)
    assert da.keys() == en.keys(), f"{round_id}: the languages differ in their keys"
    values: dict[str, dict[str, Any]] = {}
    for key, one in da.items():
        other = en[key]
        same = ("number", "n", "kind", "notebook")
        assert [one[name] for name in same] == [other[name] for name in same], f"{round_id}: {key} depends on the language"
        values[key] = {name: one[name] for name in same} | {
            "shown": {"da": one["shown"]["da"], "en": other["shown"]["en"]},
            "base": {"da": one["base"]["da"], "en": other["base"]["en"]},
            **{name: {"da": one[name], "en": other[name]} for name in ("source", "group", "wave")},
        }
    return Outputs(values, texts)


def read_kept(round_id: str) -> Outputs:
    """One round's reference."""
    lines = (KEPT / round_id / "values.jsonl").read_text("utf-8").splitlines()
    values = {entry.pop("key"): entry for entry in map(json.loads, lines)}
    texts = {}
    for kind in TEXTS:
        for lang in LANGS:
            whole = (KEPT / round_id / name_of(kind, lang)).read_text("utf-8")
            parts = (part.split("\n", 1) for part in whole.removeprefix(_MARK).split("\n" + _MARK))
            texts[name_of(kind, lang)] = dict(parts)
    return Outputs(values, texts)


def keep(outputs: Path, commit: str) -> None:
    """Write the reference; the same outputs give the same bytes."""
    for round_id in ROUNDS:
        made = read_outputs(outputs, round_id)
        folder = KEPT / round_id
        folder.mkdir(parents=True, exist_ok=True)
        lines = (json.dumps({"key": key, **made.values[key]}, ensure_ascii=False) for key in sorted(made.values))
        (folder / "values.jsonl").write_text("".join(line + "\n" for line in lines), "utf-8")
        for name, texts in made.texts.items():
            assert not any("\n" + _MARK in "\n" + text for text in texts.values())
            (folder / name).write_text("\n".join(f"{_MARK}{part}\n{text}" for part, text in texts.items()), "utf-8")
        back = read_kept(round_id)
        assert back == Outputs(dict(sorted(made.values.items())), made.texts), f"{round_id} does not come back as it went"
    (KEPT / "COMMIT").write_text(commit + "\n", "utf-8")


def make(lang: str, folder: Path) -> None:
    """Hand over every round in one process, as its notebooks do, into `<folder>/<round>/<lang>/`; nothing is drawn."""
    sys.path.insert(0, str(ROOT))
    import vvvresearch as vvv
    import vvvresearch.reporting._output as output
    import vvvresearch.rounds as rounds
    from vvvresearch import files
    from vvvresearch.figures import Drawing

    # Pictures and workbooks hold nothing that is compared, and each round's evidence is read once: that halves the time.
    output.picture_bytes = lambda figure, salt: {}  # type: ignore[assignment]
    files.write_workbook = lambda path, sheets: path  # type: ignore[assignment]
    Drawing.svg = property(lambda drawing: b"")  # type: ignore[assignment]
    opened = {round_id: rounds.open_round(round_id, ROOT, lang) for round_id in ROUNDS}
    vvv.open_round = rounds.open_round = lambda round_id, root=None, lang="": opened[round_id]
    for round_id in ROUNDS:
        for notebook in opened[round_id].spec.notebooks:
            if notebook.on_request:
                continue
            given = {"round_id": round_id, "lang": lang, "root": str(ROOT), "out": str(folder / round_id / lang)}
            names: dict[str, Any] = {}
            for cell in json.loads((ROOT / notebook.path).read_text("utf-8"))["cells"]:
                if cell["cell_type"] == "code":
                    exec(compile("".join(cell["source"]), f"{notebook.id}#{cell.get('id')}", "exec"), names)
                    if "parameters" in cell["metadata"].get("tags", []):
                        names |= given | notebook.parameters


def same_number(one: Any, other: Any) -> bool:
    """Equal numbers; the last digits of a float may depend on the processor."""
    if isinstance(one, float) or isinstance(other, float):
        return one is not None and other is not None and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return bool(one == other)


def same_text(name: str, one: str, other: str) -> bool:
    """Equal texts; in a CSV table equal cells, numbers as numbers."""
    if one == other or not name.endswith(".csv"):
        return one == other
    rows = [list(csv.reader(io.StringIO(text))) for text in (one, other)]
    if [len(row) for row in rows[0]] != [len(row) for row in rows[1]]:
        return False
    return all(_same_cell(*pair) for pairs in zip(*rows, strict=True) for pair in zip(*pairs, strict=True))


def _same_cell(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return same_number(float(one), float(other))
    except ValueError:
        return False


if __name__ == "__main__":
    task, first, second = sys.argv[1:]
    if task == "keep":
        keep(Path(first), second)
    else:
        make(first, Path(second))
