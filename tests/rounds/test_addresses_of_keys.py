"""Every address that a run hands on, and `vvv keys` prints, is the same number by `r.cell`: drawn from each part of each chapter."""

from __future__ import annotations

import json
import random
import warnings
from pathlib import Path
from typing import Any

import pytest

from vvvresearch.results import Cell
from vvvresearch.rounds import Round, load_spec
from vvvresearch.rounds import _opening as rounds_room

ROOT = Path(__file__).parents[2]
SEED = 7
# Chapters whose numbers take seconds each to work out anew have fewer drawn.
DRAWN = {"2019-final": 12, "2021-note": 12, "demo": 12}
LIGHT = {"demo": ("10-data-basis", "20-goals", "30-surveys", "45-interviews", "50-themes", "60-mappings")}


def handed_on(round_id: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Cell]:
    """The numbers of the round's chapters by their addresses."""
    opened = Round(load_spec(ROOT, round_id), ROOT)
    monkeypatch.setattr(rounds_room, "open_round", lambda *_, **__: opened)
    found: dict[str, Cell] = {}
    for notebook in opened.spec.notebooks:
        if notebook.on_request or notebook.id not in LIGHT.get(round_id, (notebook.id,)):
            continue
        cells = json.loads((ROOT / notebook.path).read_text(encoding="utf-8"))["cells"]
        names: dict[str, Any] = {}
        for number, cell in enumerate(one for one in cells if one["cell_type"] == "code"):
            exec(compile("".join(cell["source"]), notebook.id, "exec"), names)
            if number == 0:
                names |= {"round_id": round_id, "root": str(ROOT)}
        found |= names["page"]._cells
    return found


@pytest.mark.slow
@pytest.mark.parametrize("round_id", DRAWN)
def test_an_address_of_the_keys_is_the_same_number_by_itself(round_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = handed_on(round_id, monkeypatch)
        parts: dict[str, list[str]] = {}
        for address in found:
            parts.setdefault(address.split(".")[0], []).append(address)
        draw = random.Random(SEED)
        drawn = draw.sample([draw.choice(addresses) for addresses in parts.values()], min(DRAWN[round_id], len(parts)))
        fresh = Round(load_spec(ROOT, round_id), ROOT)
        unlike = {address for address in drawn if fresh.cell(address) != found[address]}
    assert len(found) > 200
    assert not unlike
