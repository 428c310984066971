"""Who withdraws is in no output: of thirty people of the demo no eight words in a row are left in anything that a run writes."""

from __future__ import annotations

import csv
import json
import random
import re
import shutil
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from vvvresearch.figures import Drawing
from vvvresearch.rounds import load_spec

ROOT = Path(__file__).parents[2]
SPEC = load_spec(ROOT, "demo")
FOLDERS = tuple(f"{part}/{name}" for part in ("rounds", "interviews", "surveys") for name in ("demo", "demo-2019"))
REGISTER = "interviews/demo/interviews.csv"
RUN = 8
# The chapters that rest on what people said; surveys and registers of the programme hold no words of theirs.
CHAPTERS = ("45-interviews", "50-themes", "55-agreement", "60-mappings", "65-mechanisms")


def rows() -> list[dict[str, str]]:
    with (ROOT / REGISTER).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


PEOPLE = sorted({row["person"] for row in rows() if row["source"]})
DRAWN = random.Random(30).sample(PEOPLE, 30)


@cache
def mappings() -> list[dict[str, Any]]:
    paths = sorted((ROOT / "interviews/demo/mappings").glob("*.yaml"))
    return [yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) for path in paths]


@cache
def turns(source: str) -> list[str]:
    return (ROOT / f"interviews/demo/transcripts/{source}.txt").read_text(encoding="utf-8").split("\n")


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def runs_of(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1)}


def said_by(people: set[str]) -> set[tuple[str, ...]]:
    """Eight-word runs of what people said: their turns in transcripts, and the quotes of them in mappings."""
    found: set[tuple[str, ...]] = set()
    own = [row for row in rows() if row["person"] in people]
    for source in {row["source"] for row in own} - {""}:
        for turn in turns(source):
            speaker, _, words = turn.partition(":")
            if words and not speaker.strip().startswith("Interviewer"):
                found |= runs_of(words)
    halves = {(row["pair"], row["respondent_group"]) for row in own}
    for mapping in mappings():
        for link in mapping["links"]:
            if (mapping["case"], link["perspective"]) in halves:
                found |= runs_of(str(link.get("quote") or ""))
    return found


def workspace(folder: Path, gone: set[str]) -> Path:
    """The demo in a folder of its own, where some people have withdrawn."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    changed = [row | {"consent_analysis": "false"} if row["person"] in gone else row for row in rows()]
    with (folder / REGISTER).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(changed[0]))
        writer.writeheader()
        writer.writerows(changed)
    return folder


def run(root: Path, out: Path, chapters: tuple[str, ...] = CHAPTERS) -> str:
    """All text that the chapters write, and all that they show."""
    for notebook in SPEC.notebooks:
        if notebook.id not in chapters:
            continue
        cells = json.loads((ROOT / notebook.path).read_text(encoding="utf-8"))["cells"]
        names: dict[str, object] = {}
        for number, cell in enumerate(cell for cell in cells if cell["cell_type"] == "code"):
            exec(compile("".join(cell["source"]), notebook.id, "exec"), names)
            if number == 0:
                names |= {"round_id": "demo", "root": str(root), "out": str(out / notebook.id), **notebook.parameters}
    texts = [path.read_text(encoding="utf-8") for path in sorted(out.rglob("*")) if path.suffix in (".csv", ".md", ".html", ".json")]
    return "\n".join(texts)


@pytest.fixture(autouse=True)
def unpainted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters of pictures are drawn as outlines, in which no word can be found; their texts stand beside them."""
    monkeypatch.setattr(Drawing, "svg", property(lambda drawing: b"<svg/>"))


@pytest.mark.slow
def test_nothing_that_thirty_people_said_is_in_what_a_run_writes_after_they_withdrew(tmp_path: Path) -> None:
    gone = set(DRAWN)
    theirs = said_by(gone) - said_by(set(PEOPLE) - gone)
    assert len(theirs) > 1000
    written = runs_of(run(workspace(tmp_path / "workspace", gone), tmp_path / "out"))
    assert len(written) > 1000
    assert written & theirs == set()


@pytest.mark.slow
def test_as_long_as_nobody_withdraws_what_they_said_is_there(tmp_path: Path) -> None:
    """The test above would find it: the same comparison, before anybody withdraws, finds words of most of the thirty."""
    written = runs_of(run(workspace(tmp_path / "workspace", set()), tmp_path / "out", ("45-interviews",)))
    said = {person: said_by({person}) for person in PEOPLE}
    often = Counter(words for own in said.values() for words in own)
    assert sum(any(often[words] == 1 for words in written & said[person]) for person in DRAWN) >= 20
