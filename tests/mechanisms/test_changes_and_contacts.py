"""Changes between two mappings are told link by link, and a plan of contacts says what is done, due, overdue and lost."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Register
from vvvresearch.kinds import DataKind
from vvvresearch.mechanisms import contact_plan, wave_changes

LINKS = pd.DataFrame(
    [
        ("P1", "1", "tid", "match", "A", "promotes"),
        ("P1", "1", "ro", "match", "A", "promotes"),
        ("P1", "2", "tid", "match", "B", "hinders"),
        ("P1", "2", "humor", "match", "A", "promotes"),
        ("P2", "1", "tid", "match", "C", "promotes"),
    ],
    columns=["case", "wave", "cause", "effect", "informant", "direction"],
)
PLAN = pd.DataFrame(
    [
        ("P1", "t0", "2022-01-31", "2022-01-20", "", ""),
        ("P1", "t1", "2022-05-31", "", "", ""),
        ("P1", "t2", "2022-07-10", "", "", ""),
        ("P1", "t3", "2022-12-31", "", "", ""),
        ("P2", "t1", "2022-05-31", "", "2022-03-01", "flyttet"),
    ],
    columns=["pair", "contact", "due", "done", "dropped_out", "reason"],
)
told = st.sets(st.sampled_from([(cause, effect) for cause in "abc" for effect in "xyz"]), min_size=1)


def test_changes_between_waves_are_told_link_by_link() -> None:
    found = wave_changes(LINKS)
    assert found.frame.set_index("cause")["change"].to_dict() == {"humor": "new", "ro": "not_named", "tid": "turned"}
    assert found.frame.set_index("cause")[["first", "second"]].to_numpy().tolist() == [[0, 1], [1, 0], [1, 1]]
    assert "P2" in found.note
    assert {cell.address: (cell.value, cell.n) for cell in found.cells if "count" in cell.address or "total" in cell.address} == {
        "changes.count.kept": (0, 3), "changes.count.turned": (1, 3), "changes.count.new": (1, 3), "changes.count.not_named": (1, 3),
        "changes.total.pairs": (1, 1),
    }  # fmt: skip
    assert found.cell("changes.p1.not_named").base.say("en") == "n = 3 links."
    assert found.cell("first", case="P1", link="ro > match").base.say("en") == "n = 2 informants."


@settings(max_examples=60, deadline=None)
@given(first=told, second=told)
def test_the_changes_are_the_set_differences(first: set[tuple[str, str]], second: set[tuple[str, str]]) -> None:
    rows = [("P1", wave, *link, "A") for wave, links in (("1", first), ("2", second)) for link in links]
    pairs = wave_changes(pd.DataFrame(rows, columns=["case", "wave", "cause", "effect", "informant"]))["pairs"]
    row = pairs.frame.iloc[0]
    assert (row["kept"], row["new"], row["not_named"], row["turned"]) == (len(first & second), len(second - first), len(first - second), 0)
    assert len(row["new_links"]) == min(2, len(second - first))


def test_without_a_second_wave_or_a_pair_mapped_twice_there_is_a_sentence() -> None:
    once = wave_changes(LINKS[LINKS["wave"] == "1"])
    assert (bool(once), once.in_language("en").view().absent) == (
        False, "The pairs are mapped at one wave only, so changes cannot be worked out.",
    )  # fmt: skip
    assert not once["pairs"]
    assert not wave_changes(LINKS[(LINKS["case"] == "P2") | (LINKS["wave"] == "2")])


def test_other_waves_than_the_usual_have_an_address_of_their_own_and_unknown_ones_are_refused() -> None:
    more = pd.concat([LINKS, LINKS[LINKS["wave"] == "2"].assign(wave="3")])
    assert wave_changes(more).cell("changes.count.new").value == 1
    assert wave_changes(more, first="2", second="3").cell("changes/2~3.count.kept").value == 2
    with pytest.raises(AnalysisError, match="no wave '4'"):
        wave_changes(more, second="4")
    with pytest.raises(AnalysisError, match="needs two waves"):
        wave_changes(more, first="2", second="2")


def test_the_plan_says_what_is_done_due_overdue_and_lost() -> None:
    found = contact_plan(PLAN, "2022-06-30")
    assert found.frame["status"].tolist() == ["done", "overdue", "due", "planned", "dropped_out"]
    assert found.where("status == 'overdue'").frame[["pair", "contact", "days"]].to_numpy().tolist() == [["P1", "t1", 30]]
    counts = {status: found.cell(f"contacts.count.{status}").value for status in ("done", "overdue", "due", "planned", "dropped_out")}
    assert set(counts.values()) == {1}
    assert (found.cell("lost_pairs").value, found.cell("lost_pairs").n, found.cell("contacts.count.done").n) == (1, 2, 5)
    pairs = found["pairs"].frame.set_index("pair")
    assert str(pairs.loc["P1", "next_due"]) == "2022-05-31"
    assert pairs.loc["P1", "overdue_contacts"] == ("t1",)
    assert pairs.loc["P2", "reason"] == "flyttet"
    assert found.cell("contacts.p1.overdue").base.say("en") == "n = 4 contacts."


def test_a_register_brings_its_kind_and_origin() -> None:
    found = contact_plan(Register(PLAN, DataKind.SYNTHETIC, "contacts.csv"), "2022-06-30")
    assert (found.kind, found["pairs"].kind, found.base.source) == (DataKind.SYNTHETIC, DataKind.SYNTHETIC, "contacts.csv")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"due": "snart"}, r"no date[\s\S]*pair P1, contact t0"),
        ({"done": "2023-01-01"}, "done in the future"),
        ({"due": ""}, "no due date"),
    ],
)
def test_a_faulty_plan_is_refused_with_the_pair(change: dict[str, str], message: str) -> None:
    plan = pd.DataFrame([{"pair": "P1", "contact": "t0", "due": "2022-01-31", "done": "", **change}])
    with pytest.raises(AnalysisError, match=message):
        contact_plan(plan, "2022-06-30")


def test_a_plan_is_judged_by_a_day() -> None:
    with pytest.raises(AnalysisError, match="no day is given"):
        contact_plan(PLAN)
