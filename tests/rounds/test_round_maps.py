"""What a round says of its pairs is what the analyses say of its evidence, at addresses that the round finds by themselves."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from vvvresearch.locales import is_sayable
from vvvresearch.mechanisms import causal_map, contact_plan, map_difference, map_robustness, portrait, wave_changes
from vvvresearch.results import Result
from vvvresearch.rounds import Round, open_round

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def demo() -> Round:
    return open_round("demo", ROOT)


@pytest.fixture(scope="module")
def results(demo: Round) -> dict[str, Result]:
    return {
        "map": demo.causal_map(),
        "half": demo.causal_map(group="volunteer"),
        "level": demo.causal_map(level=1),
        "difference": demo.map_difference(),
        "robustness": demo.map_robustness(),
        "changes": demo.changes(),
        "contacts": demo.contacts(),
        "portrait": demo.portrait("P07"),
    }


def test_a_round_says_what_the_analyses_say(demo: Round, results: dict[str, Result]) -> None:
    links, bank = demo.mappings, demo.quotes()
    called = {
        "map": causal_map(links),
        "half": causal_map(links, group="volunteer"),
        "level": causal_map(links, level=1),
        "difference": map_difference(links),
        "robustness": map_robustness(links),
        "changes": wave_changes(links),
        "contacts": contact_plan(demo.evidence_of("contacts"), demo.spec.period.end),
        "portrait": portrait(links, demo.interviews, "P07", quotes=bank),
    }
    for name, result in results.items():
        assert [cell.address for cell in result.cells] == [cell.address for cell in called[name].cells]
        assert result.cells == called[name].cells
        assert result.cells


def test_the_round_finds_every_number_by_its_address_alone(demo: Round, results: dict[str, Result]) -> None:
    numbers = random.Random(1)
    for result in results.values():
        for cell in numbers.sample(result.cells, 3):
            assert demo.cell(cell.address) == cell
    assert demo.cell("changes/1~2.count.kept").value == demo.cell("changes.count.kept").value


def test_no_frame_holds_words_of_a_language(results: dict[str, Result]) -> None:
    for result in [*results.values(), *(part for whole in results.values() for part in whole.parts.values())]:
        assert not [value for row in result.frame.to_dict("records") for value in row.values() if is_sayable(value)]
        assert not [name for name in result.frame.columns if "score" in str(name)]


def test_both_languages_share_numbers_and_differ_in_words(results: dict[str, Result]) -> None:
    for result in results.values():
        english = result.in_language("en")
        assert english.frame is result.frame
        assert english.to_markdown() != result.to_markdown()


def test_the_pairs_with_overdue_contacts_and_those_lost_are_those_of_the_plan(results: dict[str, Result]) -> None:
    frame = results["contacts"]["pairs"].frame.set_index("pair")
    assert list(frame.index[frame["overdue"] > 0]) == ["P05", "P08"]
    assert list(frame.index[frame["dropped_out"].notna()]) == ["P09", "P11", "P12"]


def test_a_way_that_nobody_tells_alone_would_carry_a_warning(results: dict[str, Result]) -> None:
    frame = results["robustness"].frame
    assert (frame["fewest"] <= frame["flow_citations"]).all()
    assert ((frame["told"] == "put_together") == (frame["threads"] == 0)).all()


def test_parties_are_in_no_link_of_the_map(results: dict[str, Result]) -> None:
    assert not [
        name for end in ("cause", "effect") for name in results["map"].named[end] if "arrangement" in name.lower() or "fest" in name.lower()
    ]


def test_only_the_half_that_consents_is_quoted(demo: Round, results: dict[str, Result]) -> None:
    register = demo.interviews.frame
    silent = register[(register["pair"] == "P07") & ~register["consent_quote"].fillna(False).astype(bool)]
    assert set(silent["pseudonym"]) == {"Tesfai"}
    said = results["portrait"]["quotes"].columns("text", "speaker").as_quotes().to_markdown()
    assert "— frivillig" in said
    assert "— flygtning" not in said


def test_the_chapter_names_no_pair_and_has_maps_and_portraits(demo: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vvvresearch.rounds._opening.open_round", lambda *_, **__: demo)
    cells = json.loads((ROOT / "notebooks/60-mappings.ipynb").read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    names: dict[str, Any] = {}
    for number, cell in enumerate(code):
        exec(compile(cell, f"cell {number}", "exec"), names)
    assert {"causal-map", "causal-map-refugee", "causal-map-volunteer", "contact-timeline", "changes"} <= set(names["page"].names)
    assert [name for name in names["page"].names if name.count("/") == 1] == ["portrait/P01", "portrait/P07", "portrait/P08"]
    assert not [word for word in ("P0", "refugee", "volunteer", "demo") if any(word in cell for cell in code)]
