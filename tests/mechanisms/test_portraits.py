"""A portrait shows a pair at two times in the words that may leave the team, and only pairs that may be shown are portrayed."""

from __future__ import annotations

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Interviews, Mappings
from vvvresearch.mechanisms import portrait, portrayed_pairs
from vvvresearch.results import Base, Column, Result

HALVES = ("young", "mentor")


def mappings(*, cases: tuple[str, ...] = ("A1",), waves: tuple[str, ...] = ("1", "2"), sides: tuple[str, ...] = HALVES) -> Mappings:
    """Each half says at each wave that trust leads to calls; the young one also that calls lead to work, the second time."""
    rows = []
    for case in cases:
        for wave in waves:
            rows += [(case, wave, side, "trust", "calls", side.title(), "promotes", f"{side} {wave}") for side in sides]
        rows += [(case, wave, "young", "calls", "work", "evaluator", "hinders", "") for wave in waves[1:]]
    frame = pd.DataFrame(rows, columns=["case", "wave", "perspective", "cause", "effect", "informant", "direction", "quote"])
    nodes = pd.DataFrame({"node": ["trust", "calls", "work"], "label": ["Tillid", "Opkald", "Arbejde"], "type": "factor"})
    return Mappings(nodes, frame.assign(quotable=True), halves=HALVES, origin="maps")


def register(cases: tuple[str, ...] = ("A1",), troubled: tuple[str, ...] = ()) -> Interviews:
    rows = [
        (
            f"{case}-{side}-{wave}",
            case,
            side,
            wave,
            side.title(),
            f"{case}-{side}-{wave}",
            "troubled" if case in troubled and wave == "1" else "",
        )
        for case in cases
        for side in HALVES
        for wave in "12"
    ]
    columns = ["interview", "pair", "respondent_group", "wave", "pseudonym", "source", "relation_state"]
    return Interviews(pd.DataFrame(rows, columns=columns), halves=HALVES)


def bank(*rows: tuple[str, str, str]) -> Result:
    """Passages: source, role, words."""
    frame = pd.DataFrame(rows, columns=["source", "role", "text"]).assign(speaker="N", approval="", start=range(len(rows)), end=99)
    return Result(frame=frame, base=Base(len(rows), "segment"), shows=tuple(Column(name) for name in ("approval", "speaker", "text")))


def test_a_portrait_has_both_times_the_change_and_who_says_so() -> None:
    found = portrait(mappings(), register(), "A1")
    shown = found.in_language("en").shown()
    assert shown.to_numpy().tolist() == [
        ["Tillid → Opkald", "promotes (Mentor, Young)", "promotes (Mentor, Young)", "named both times"],
        ["Opkald → Arbejde", "", "hinders (evaluator)", "new"],
    ]
    assert found.title.say("en") == "A1: Young – Mentor, two visits"
    nameless = Interviews(register().frame.assign(pseudonym=""), halves=HALVES)
    assert portrait(mappings(), nameless, "A1").title.say("en") == "A1, two visits"
    numbers = {cell.address: cell.value for cell in found.cells}
    assert numbers == {
        "portrait/a1.trust/calls.first": 2, "portrait/a1.trust/calls.second": 2,
        "portrait/a1.calls/work.first": 0, "portrait/a1.calls/work.second": 1,
        "portrait/a1.count.kept": 1, "portrait/a1.count.new": 1, "portrait/a1.count.turned": 0, "portrait/a1.count.not_named": 0,
        "portrait/a1.total.links": 2,
    }  # fmt: skip
    assert found.cards().to_markdown().count("::: {.card}") == 2
    assert found.caption == "A1: Young – Mentor, to besøg"
    assert found["halves"].frame[["role", "interviews"]].to_numpy().tolist() == [["young", 2], ["mentor", 2]]


def test_rows_of_one_change_are_numbered_so_that_some_of_each_can_be_chosen() -> None:
    many = mappings()
    more = [many.links.iloc[-1:].assign(effect=name) for name in ("x", "y")]
    found = portrait(Mappings(many.nodes, pd.concat([many.links, *more]), halves=HALVES), register(), "A1")
    assert found.frame[["change", "turn"]].to_numpy().tolist() == [["kept", 1], ["new", 1], ["new", 2], ["new", 3]]


def test_a_pair_is_quoted_from_its_own_words_those_of_its_map_first_and_both_halves_in_turn() -> None:
    passages = bank(
        ("B1-young-1", "young", "others"),
        ("A1-young-1", "young", "loose"),
        ("A1-young-2", "young", "young 2"),
        ("A1-mentor-1", "mentor", "said"),
    )
    quoted = portrait(mappings(), register(("A1", "B1")), "A1", quotes=passages)["quotes"]
    assert quoted.frame["text"].tolist() == ["young 2", "said", "loose"]
    assert quoted.frame["turn"].tolist() == [1, 1, 2]
    assert list(quoted.where("turn == 1").shown().columns) == ["text", "speaker"]


def test_words_of_a_half_that_may_not_be_quoted_are_left_out_even_where_the_bank_has_them() -> None:
    quiet = mappings()
    quiet = Mappings(quiet.nodes, quiet.links.assign(quotable=quiet.links["perspective"] != "young"), halves=HALVES)
    passages = bank(("A1-young-1", "young", "secret"), ("A1-mentor-1", "mentor", "said"))
    assert portrait(quiet, register(), "A1", quotes=passages)["quotes"].frame["text"].tolist() == ["said"]
    nothing = portrait(quiet, register(), "A1", quotes=bank(("A1-young-1", "young", "secret")))["quotes"]
    assert (bool(nothing), "no quotes" in nothing.in_language("en").view().absent) == (False, True)
    assert not portrait(quiet, register(), "A1")["quotes"]


@pytest.mark.parametrize(
    ("maps", "message"),
    [
        (mappings(cases=("A2",)), "did you mean A2"),
        (mappings(waves=("1",)), "no pair 'A1'"),
        (mappings(sides=("young",)), "not mapped by both halves"),
    ],
)
def test_a_pair_that_cannot_be_portrayed_is_refused(maps: Mappings, message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        portrait(maps, register(), "A1")


def test_without_a_choice_the_first_three_that_can_be_are_portrayed() -> None:
    cases = ("A1", "A2", "A3", "A4", "A5")
    many, people = mappings(cases=cases), register(cases, troubled=("A2",))
    assert portrayed_pairs(many, people) == ("A1", "A3", "A4")
    assert portrayed_pairs(many, people, withdrawn={"A1"}) == ("A3", "A4", "A5")
    assert portrayed_pairs(many, people, troubled=True) == ("A1", "A2", "A3")
    assert portrayed_pairs(mappings(waves=("1",)), people) == ()
    assert portrayed_pairs(mappings(sides=("young",)), people) == ()


def test_a_choice_keeps_its_order_and_never_shows_a_pair_with_a_withdrawal() -> None:
    cases = ("A1", "A2", "A3", "A4", "A5")
    many, people = mappings(cases=cases), register(cases, troubled=("A2",))
    assert portrayed_pairs(many, people, declared=["A5", "A2", "A1", "A3", "A4"]) == ("A5", "A1", "A3", "A4")
    assert portrayed_pairs(many, people, declared=["A5", "A2"], troubled=True, withdrawn=["A5"]) == ("A2",)
    with pytest.raises(AnalysisError, match="'A9' cannot be portrayed"):
        portrayed_pairs(many, people, declared=["A9"])
