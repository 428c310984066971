"""What a round says of goals, presence, volume, courses and published figures is what the analyses say of its evidence."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.workspaces import write_empty_round
from vvvresearch.monitoring import (
    course_table,
    ended_by_reason,
    goal_status,
    interview_table,
    municipality_sheet,
    presence,
    volume,
)
from vvvresearch.published import check_published, published_comparison, published_facts, published_values
from vvvresearch.results import Result
from vvvresearch.rounds import Round, open_round

ROOT = Path(__file__).parents[2]
ROUNDS = ("2019-final", "2021-note", "demo")


def registers_of(r: Round) -> dict[str, Any]:
    """Those that the demo has for a municipality."""
    given = {name: r.evidence_of(name) for name in ("categories", "housing_areas", "offers", "agreements", "volunteers", "activities")}
    return {**given, "matches": r.matches, "referred": r.matches, "on": "2022-06-30"}


# What a round calls -> the same with the evidence given by hand.
FULL: dict[str, tuple[str, Callable[[Round], Result]]] = {
    "goal_status": ("", lambda r: goal_status(r.goals)),
    "presence": ("monitoring", lambda r: presence(r.monitoring, municipalities=r.municipalities)),
    "volume": ("counts", lambda r: volume(r.counts)),
    "match_volume": ("matches", lambda r: volume(r.matches)),
    "ended_by_reason": ("matches", lambda r: ended_by_reason(r.matches)),
    "course_table": ("courses", lambda r: course_table(r.courses)),
    "interview_table": ("interviews", lambda r: interview_table(r.interviews)),
    "municipality_sheet": ("matches", lambda r: municipality_sheet(r.monitoring, r.municipalities, **registers_of(r))),
    "published_values": ("published", lambda r: published_values(r.published)),
    "published_facts": ("published", lambda r: published_facts(r.published)),
    "published_comparison": ("published", lambda r: published_comparison(r.published, r.recomputed())),
    "consistency": ("published", lambda r: check_published(r.published, courses=[r.courses] if r.has("courses") else [])),
}


@cache
def opened(name: str) -> Round:
    return open_round(name, ROOT)


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("round_id", ROUNDS)
def test_a_round_s_own_analysis_is_the_whole_call_in_every_number_and_word(round_id: str, name: str) -> None:
    needed, whole = FULL[name]
    r = opened(round_id)
    short = getattr(r, name)()
    if needed and not r.has(needed):
        assert not short
        assert short.to_markdown().strip().endswith(".")
        return
    full = whole(r).with_small_n(r.small_n)
    assert short.cells == full.cells
    assert short.shown().equals(full.shown())
    assert short.in_language("en").note == full.in_language("en").note


@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_number_is_found_by_its_address_without_a_page(round_id: str) -> None:
    r = opened(round_id)
    tables = [getattr(r, name)() for name in FULL] + [r.data_basis()]
    for table in tables:
        for cell in table.cells[:: max(1, len(table.cells) // 3)]:
            assert r.cell(cell.address) == cell


@pytest.mark.parametrize("left_out", ["monitoring", "counts", "matches", "courses", "interviews", "published"])
def test_without_a_source_its_analyses_say_one_sentence_and_nothing_breaks(left_out: str) -> None:
    whole = opened("2021-note" if left_out == "published" else "demo")
    sources = tuple(source for source in whole.spec.sources if source.type != left_out)
    r = Round(whole.spec.model_copy(update={"sources": sources, "goals": ()}), ROOT)
    r._read = whole._read
    found: dict[str, Any] = {name: getattr(r, name)() for name in FULL if name != "published_comparison"}
    assert not found["goal_status"]
    for table in found.values():
        assert isinstance(table, Result)
        assert bool(table) or table.to_markdown().strip().endswith(".")
    assert list(r.published_values().parts) == [] or left_out != "published"


def test_the_funnel_and_the_wait_of_six_offers_are_those_worked_by_hand_until_the_day_the_registers_know(tmp_path: Path) -> None:
    """Five accepted: matched after 10, 30 and 70 days; two wait, the later one for 10 days on the day the registers were drawn.

    By the product of those not yet matched: 4/5 after 10 days (five were there), 4/5 · 2/3 after 30, half of that after 70.
    """
    source = '[[sources]]\nid = "o"\ntype = "offers"\npath = "o.csv"\ntitle = { da = "o", en = "o" }\n'
    write_empty_round(tmp_path, more=f"seen_until = 2024-12-31\n{source}")
    rows = [
        "A,2024-01-01,2024-01-05,2024-01-15,2024-01-20",
        "B,2024-01-01,2024-01-05,2024-02-04,",
        "C,2024-02-01,2024-02-10,2024-04-20,2024-05-01",
        "D,2024-03-01,2024-03-02,,",
        "E,2024-03-01,,,",
        "F,2024-12-01,2024-12-21,,",
    ]
    (tmp_path / "o.csv").write_text("\n".join(["case,offered,accepted,matched,started", *rows]) + "\n", encoding="utf-8")
    r = open_round("r", root=tmp_path)
    steps = ("offered", "accepted", "matched", "started")
    assert [r.cell(f"funnel.{step}.n").value for step in steps] == [6, 5, 3, 2]
    assert r.cell("waiting.total.median").value is None, "of so few it is not told"
    wait = r.waiting(small_n=1).frame.iloc[-1]
    assert [wait[name] for name in ("matched", "waiting", "median")] == [3, 2, 70]
    assert wait["share"] == pytest.approx(1 - 4 / 5 * 2 / 3 * 1 / 2)
