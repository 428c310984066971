"""A round with any subset of sources runs: what is lacking is absent with a sentence, in every chapter."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from vvvresearch.rounds import Round, load_spec
from vvvresearch.rounds import _round as rounds_room

ROOT = Path(__file__).parents[2]
SPEC = load_spec(ROOT, "demo")
SOURCES = tuple(source.id for source in SPEC.sources if source.type != "documentary")
PAIRS = tuple(sorted(pair) for pair in (random.Random(number).sample(SOURCES, 2) for number in range(12)))
LACKING = tuple(random.Random(0).sample(SOURCES, 12))


@cache
def whole() -> Round:
    return Round(SPEC, ROOT)


class Lacking(Round):
    """The demo with some of its sources; each is read once for all tests."""

    def as_read(self, name: str) -> Any:
        return read(name)


@cache
def read(name: str) -> Any:
    return whole().as_read(name)


@cache
def chapters() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every notebook of the round: its name and the code of its cells."""
    found = []
    for notebook in SPEC.notebooks:
        cells = json.loads((ROOT / notebook.path).read_text(encoding="utf-8"))["cells"]
        code = tuple("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        found.append((notebook.id, code))
    return tuple(found)


def run(sources: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What went wrong, by chapter, when the round has only these sources.

    A goal, a cross-table or a parameter that names a source the round lacks is a fault of round.toml and told as one; a
    round of these sources names none, so none is given here.
    """
    kept = tuple(source for source in SPEC.sources if source.id in sources)
    crosses = tuple(cross for cross in SPEC.crosses if cross.survey in sources)
    spec = SPEC.model_copy(update={"sources": kept, "goals": (), "crosses": crosses})
    opened = Lacking(spec, ROOT)
    monkeypatch.setattr(rounds_room, "open_round", lambda *_, **__: opened)
    failed = {}
    for name, code in chapters():
        names: dict[str, Any] = {}
        try:
            for number, cell in enumerate(code):
                exec(compile(cell, f"{name}, cell {number}", "exec"), names)
                if number == 0:
                    names |= {"round_id": "demo", "root": str(ROOT)}
        except Exception as problem:
            failed[name] = f"{type(problem).__name__}: {problem}"
    return failed


@pytest.mark.slow
@pytest.mark.parametrize("source", SOURCES)
def test_a_round_of_one_source_runs(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run((source,), monkeypatch) == {}


@pytest.mark.slow
@pytest.mark.parametrize("source", LACKING)
def test_a_round_that_lacks_one_source_runs(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(tuple(name for name in SOURCES if name != source), monkeypatch) == {}


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_a_round_of_two_sources_runs(pair: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(tuple(pair), monkeypatch) == {}
