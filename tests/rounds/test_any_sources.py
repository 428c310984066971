"""A round with any subset of sources runs: what is lacking is absent with a sentence, in every chapter."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from vvvresearch.rounds import Round, load_spec
from vvvresearch.rounds import _opening as rounds_room

ROOT = Path(__file__).parents[2]
SPEC = load_spec(ROOT, "demo")
SOURCES = tuple(source.id for source in SPEC.sources if source.type != "documentary")
PAIRS = tuple(sorted(pair) for pair in (random.Random(number).sample(SOURCES, 2) for number in range(4)))
# Half of them here, all of them before a landing: the suite has to keep its time.
ALONE = SOURCES[::2]
LACKING = tuple(random.Random(0).sample(SOURCES, 2))


@cache
def whole(round_id: str = "demo") -> Round:
    return Round(load_spec(ROOT, round_id), ROOT)


class Lacking(Round):
    """The demo with some of its sources; each, and each of the round before it, is read once for all tests."""

    def as_read(self, name: str) -> Any:
        return read(self.id, name)


def lacking(sources: tuple[str, ...], **settings: Any) -> Lacking:
    """The demo with these sources only, and all its settings."""
    kept = tuple(source for source in SPEC.sources if source.id in sources)
    return Lacking(SPEC.model_copy(update={"sources": kept, **settings}), ROOT)


@cache
def read(round_id: str, name: str) -> Any:
    return whole(round_id).as_read(name)


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
    """What went wrong, by chapter, when the round has only these sources and all its settings: goals, cross-tables, pairs, conditions."""
    opened = lacking(sources)
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
@pytest.mark.parametrize("source", ALONE)
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


def test_what_names_a_source_that_is_not_there_is_absent_with_one_sentence() -> None:
    opened = lacking(("municipal-2021", "mappings", "interviews"), portrayed=("P01", "P99"))
    for result, named in (
        (opened.tabulate("municipal-2022", "refers"), "municipal-2022"),
        (opened.compare_waves("municipal-2021", "municipal-2022"), "municipal-2022"),
        (opened.compare("municipal-2021~municipal-2022"), "municipal-2022"),
        (opened.cleaning("municipal-2022"), "municipal-2022"),
        (opened.crosses(), "municipal-2022"),
        (opened.portrait("P99"), "P99"),
    ):
        assert not result
        assert named in result.absent.say("da")
        assert named in result.absent.say("en")
    assert opened.portrayed == ("P01", "P99")
    assert not opened.conditions()


def test_a_cross_table_of_a_lacking_survey_is_left_out_with_a_note_and_the_others_stand() -> None:
    other = SPEC.crosses[0].model_copy(update={"survey": "municipal-2021", "item": "refers", "by": "agreement"})
    found = lacking(("municipal-2021",), crosses=(other, SPEC.crosses[0])).crosses()
    assert found.frame[["survey", "item", "by"]].to_numpy().tolist() == [["municipal-2021", "refers", "agreement"]]
    assert "municipal-2022" in found.notes[-1].say("da")


def test_a_goal_without_its_source_has_no_data_and_says_which_source_is_lacking() -> None:
    readings = lacking(("courses",)).goal_status()["readings"]
    assert dict(zip(readings.frame["reading"], readings.frame["value"], strict=True))["held"] == 12
    notes = dict(zip(readings.frame["reading"], readings.shown().iloc[:, -1], strict=True))
    assert notes["extract"] == "Runden har ingen udtræk om udbredelsen."
    assert "leaders-2021.need.balance.share" in notes["need"]
    assert notes["held"] == ""
