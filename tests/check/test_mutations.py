"""What is spoilt in sound rounds, drawn by a seed, is told with its file and row; sound rounds are told nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest
from made_rounds import SOUND, everything
from mutations import DEMO, EVERYTHING, Mutation

from vvvresearch.check import Fault, check_round

HERE = Path(__file__).parents[2]
SEED = 20261128
OF_MADE, OF_DEMO = 20, 2
# The demo's whole report takes seconds to look up; two sections stand for it here.
SHORT = "# Baggrund {#sec-baggrund}\n\n{{< var courses.total.rows >}}\n\n{{< include tables/goals.md >}}\n"


def drawn(pool: dict[str, Mutation], count: int) -> list[str]:
    return sorted(Random(SEED).sample(sorted(pool), count))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made")
    everything(root)
    return root


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("demo")
    for part in ("rounds/demo", "interviews/demo", "surveys/demo", "notebooks"):
        shutil.copytree(HERE / part, root / part)
    for name in ("report.qmd", "report.en.qmd"):
        (root / "rounds/demo" / name).write_text(SHORT, encoding="utf-8")
    return root


def told(root: Path, round_id: str, spoil: Mutation, name: str) -> tuple[list[Fault], bool]:
    """The faults of a spoilt copy, and whether one stands where it was spoilt."""
    file, row = spoil(root, Random(f"{SEED}{name}"))
    faults = check_round(root, round_id).faults
    return list(faults), any(fault.file == file and row in (None, fault.row) for fault in faults)


@pytest.mark.slow
@pytest.mark.parametrize("name", drawn(EVERYTHING, OF_MADE))
def test_what_is_spoilt_in_a_made_up_round_is_told_where_it_stands(name: str, made: Path, tmp_path: Path) -> None:
    root = shutil.copytree(made, tmp_path / "w")
    faults, found = told(root, "alt", EVERYTHING[name], name)
    assert found, faults


@pytest.mark.slow
@pytest.mark.parametrize("name", drawn(DEMO, OF_DEMO))
def test_what_is_spoilt_in_the_demo_is_told_where_it_stands(name: str, demo: Path, tmp_path: Path) -> None:
    root = shutil.copytree(demo, tmp_path / "w")
    faults, found = told(root, "demo", DEMO[name], name)
    assert found, faults


@pytest.mark.parametrize("shape", SOUND)
def test_a_sound_round_has_no_fault(shape: str, tmp_path: Path) -> None:
    found = check_round(tmp_path, SOUND[shape](tmp_path))
    assert found.faults == ()
    assert "the round has not been run" in found.missing
