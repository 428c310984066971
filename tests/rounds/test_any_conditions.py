"""A round may declare any of its conditions: what an analysis lacks is absent with a sentence, and the chapter goes on."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from vvvresearch.rounds import Round, load_spec
from vvvresearch.rounds import _opening as rounds_room
from vvvresearch.rounds._conditions import ModeratorsSpec

ROOT = Path(__file__).parents[2]
SPEC = load_spec(ROOT, "demo")
IDS = tuple(condition.id for condition in SPEC.conditions)
SUBSETS = [(), *((name,) for name in IDS[::2]), next(combinations(IDS, 2))]


@pytest.mark.slow
@pytest.mark.parametrize("names", SUBSETS, ids=lambda names: "+".join(names) or "none")
def test_the_chapter_on_mechanisms_runs_with_the_conditions_that_there_are(names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tuple(condition for condition in SPEC.conditions if condition.id in names)
    spec = SPEC.model_copy(update={"conditions": kept, "moderators": ModeratorsSpec.model_validate({})})
    opened = Round(spec, ROOT, "en")
    monkeypatch.setattr(rounds_room, "open_round", lambda *_, **__: opened)
    cells = json.loads((ROOT / "notebooks/65-mechanisms.ipynb").read_text(encoding="utf-8"))["cells"]
    found: dict[str, Any] = {}
    for number, cell in enumerate(cell for cell in cells if cell["cell_type"] == "code"):
        exec(compile("".join(cell["source"]), f"cell {number}", "exec"), found)
    outcome = spec.outcomes[0].id
    table = opened.truth_table(outcome)
    assert bool(table) == bool(names)
    assert "has no conditions" in table.to_markdown() if not names else len(table.frame) >= 2
