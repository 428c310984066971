"""Waves are compared with their overlap, their frames and their panel, and only where that is allowed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Scale, Survey, Words
from vvvresearch.kinds import DataKind
from vvvresearch.statistics.overlap import Pairs, overlapping_t, overlapping_z, unlinked_p
from vvvresearch.survey import compare_waves
from vvvresearch.survey.intervals import worst_case_bounds


def words(text: str) -> Words:
    return Words(da=text, en=text)


def options(*codes: str, unsure: bool = False) -> tuple[Option, ...]:
    found = tuple(Option(code=code, label=words(code)) for code in codes)
    return (*found, Option(code="dk", label=words("dk"), role="dont_know")) if unsure else found


def wave(name: str, answers: dict[str, list[Any]], items: list[Item], index: list[str], **rest: Any) -> Survey:
    frame = Frame(unit="municipality", population=rest.pop("population", 98), chosen_by=words("-"), collected=words("-"))
    scales = rest.pop("scales", {})
    questionnaire = Questionnaire(
        schema_version=1,
        id=name,
        title=words(name),
        group=words("municipalities"),
        wave=words(name),
        frame=frame,
        items=items,
        scales=scales,
    )
    return Survey(pd.DataFrame(answers, index=pd.Index(index, name="respondent"), dtype=object), questionnaire, **rest)


REFERS = Item(id="refers", text=words("Refers?"), type="single", options=options("yes", "no", unsure=True))
AGAIN = REFERS.model_copy(update={"comparable": ("w1:refers",)})


def two_waves(**rest: Any) -> tuple[Survey, Survey]:
    first = wave("w1", {"refers": ["yes"] * 6 + ["no"] * 5 + ["dk"]}, [REFERS], [f"m{k}" for k in range(12)], **rest)
    second = wave("w2", {"refers": ["yes"] * 10 + ["no"] * 4 + ["dk"]}, [AGAIN], [f"m{k}" for k in range(4, 19)], **rest)
    return first, second


def test_linked_waves_are_tested_with_their_overlap_and_shown_with_their_panel() -> None:
    found = compare_waves(*two_waves(), "refers", lang="en")
    row = found.frame.set_index("code").loc["yes"]
    # Of the eight in both waves (m4–m11) two said yes twice, six changed to yes.
    pairs = Pairs(2, 0, 6, 0)
    assert found.overlap == (8, 8)
    assert (row["x1"], row["n1"], row["x2"], row["n2"]) == (6, 12, 10, 15)
    assert row["p"] == pytest.approx(overlapping_z(6, 12, 10, 15, pairs).p_value)
    assert (row["panel_n"], row["panel_x1"], row["panel_x2"]) == (8, 2, 8)
    assert row["panel_p"] == pytest.approx(2 / 64)
    assert "8 answered in both waves" in found.note
    assert "So they can differ" in found.note


def test_a_change_is_computed_from_counts_and_not_from_rounded_percentages() -> None:
    row = compare_waves(*two_waves(), "refers").frame.set_index("code").loc["yes"]
    assert (row["percent1"], row["percent2"]) == (50, 67)
    assert row["change"] == pytest.approx(100 * (10 / 15 - 6 / 12))


def test_the_worst_case_stands_first_when_both_frames_are_known() -> None:
    found = compare_waves(*two_waves(), "refers")
    row = found.frame.set_index("code").loc["yes"]
    one, two = worst_case_bounds(6, 12, 98), worst_case_bounds(10, 15, 98)
    assert row["worst_lower"] == pytest.approx(100 * (two.lower - one.upper))
    assert row["worst_upper"] == pytest.approx(100 * (two.upper - one.lower))
    names = [column.name for column in found.shows]
    assert names.index("worst_lower") < names.index("lower")


def test_waves_that_cannot_be_linked_give_a_range_of_p() -> None:
    found = compare_waves(*two_waves(), "refers", linked=False, overlap=8)
    row = found.frame.set_index("code").loc["yes"]
    spread = unlinked_p(6, 12, 10, 15, overlap=8)
    assert (row["p_low"], row["p_high"]) == pytest.approx((spread.lowest, spread.highest))
    assert np.isnan(row["panel_n"])


def test_plain_answers_are_linked_only_by_an_index_that_holds_ids() -> None:
    first, second = pd.Series(["yes", "no", "yes", "no"]), pd.Series(["yes", "yes", "yes", "no", "no"])
    assert compare_waves(first, second).overlap == (0, 4)
    # Row numbers stay row numbers when rows are left out; who knows that they are ids says so.
    assert compare_waves(first.drop(1), second.drop(0)).overlap == (0, 3)
    assert compare_waves(first.drop(1), second.drop(0), linked=True).overlap == (2, 2)
    first.index, second.index = list("abcd"), list("bcdef")
    assert compare_waves(first, second).overlap == (3, 3)


def test_yes_and_no_of_one_item_are_one_test_in_the_family() -> None:
    found = compare_waves(pd.Series(["yes", "no", "no"], index=list("abc")), pd.Series(["yes", "yes", "no"], index=list("abc")))
    assert found.family.size == 1
    assert found.frame["p_adjusted"].tolist() == pytest.approx(found.frame["p"].tolist())


def test_items_that_are_not_declared_comparable_are_refused_with_what_differs() -> None:
    points = Item(id="refers", text=words("Refers, 1 to 3?"), type="single", wording_version=2, options=options("1", "2", "3"))
    first, _ = two_waves()
    second = wave("w2", {"refers": ["1", "3"]}, [points], ["m1", "m2"])
    with pytest.raises(AnalysisError, match="not declared comparable") as caught:
        compare_waves(first, second, "refers")
    assert "wordings differ" in caught.value.why
    assert "wording version 1 and 2" in caught.value.why
    assert "scales differ (yes, no and 1, 2, 3)" in caught.value.why
    with pytest.raises(AnalysisError, match="no item is declared comparable"):
        compare_waves(first, second)


def test_comparable_items_with_unlike_scales_are_compared_by_their_top_box_and_marked() -> None:
    five = {"s": Scale(options=options("5", "4", "3", "2", "1"), top=("5", "4"))}
    six = {"s": Scale(options=options("6", "5", "4", "3", "2", "1"), top=("6", "5", "4"))}
    one = Item(id="benefit", text=words("Benefit?"), type="likert", scale="s")
    two = one.model_copy(update={"comparable": ("w1:benefit",)})
    first = wave("w1", {"benefit": ["5", "4", "2", "1"]}, [one], list("abcd"), scales=five)
    second = wave("w2", {"benefit": ["6", "5", "4", "1"]}, [two], list("abcd"), scales=six)
    found = compare_waves(first, second, "benefit", lang="en")
    assert found.frame["code"].tolist() == ["top"]
    assert found.frame[["x1", "x2"]].to_numpy().tolist() == [[2, 3]]
    assert "scales are not the same" in found.note


def test_an_item_of_one_wave_only_is_named_and_not_compared() -> None:
    extra = Item(id="online", text=words("Online?"), type="single", options=options("yes", "no"))
    first, second = two_waves()
    first = wave("w1", {"refers": first.answers["refers"].tolist(), "online": ["yes"] * 12}, [REFERS, extra], list(first.answers.index))
    found = compare_waves(first, second, lang="en")
    assert set(found.frame["item"]) == {"refers"}
    assert "not compared: online" in found.note


def test_number_items_are_compared_by_their_means() -> None:
    item = Item(id="years", text=words("Years?"), type="number")
    first = wave("w1", {"years": ["1", "2", "4", "6"]}, [item], list("abcd"))
    second = wave("w2", {"years": ["3", "5", "7", "2"]}, [item.model_copy(update={"comparable": ("w1:years",)})], list("cdef"))
    row = compare_waves(first, second, "years").frame.iloc[0]
    test = overlapping_t([1, 2], [7, 2], [(4, 3), (6, 5)])
    assert (row["mean1"], row["mean2"], row["p"]) == pytest.approx((3.25, 4.25, test.p_value))
    assert row["panel_change"] == -1


def test_several_answers_are_compared_option_by_option() -> None:
    first = pd.DataFrame({"time": [1, 1, 0], "money": [0, 1, 0]}, index=list("abc"))
    second = pd.DataFrame({"time": [1, 0, 0], "money": [1, 1, 1]}, index=list("abc"))
    found = compare_waves(first, second)
    assert found.frame[["code", "x1", "x2"]].to_numpy().tolist() == [["time", 2, 1], ["money", 1, 3]]
    assert found.family.size == 2


@pytest.mark.parametrize("kind", [DataKind.RECONSTRUCTED, DataKind.PUBLISHED])
def test_answers_that_are_not_answers_allow_no_comparison(kind: DataKind) -> None:
    with pytest.raises(NotPermittedError) as caught:
        compare_waves(*two_waves(kind=kind), "refers")
    assert caught.value.why


def test_a_respondent_who_stands_twice_is_refused() -> None:
    twice = pd.Series(["yes", "no"], index=["a", "a"])
    once = pd.Series(["yes", "no"], index=["a", "b"])
    with pytest.raises(AnalysisError, match="stands twice"):
        compare_waves(twice, once)
    assert compare_waves(twice, once, linked=False).overlap == (0, 2)


def test_waves_of_unlike_kinds_or_without_answers_are_refused() -> None:
    with pytest.raises(AnalysisError, match="unlike kinds"):
        compare_waves(pd.Series([1.0, 2.0, 3.0]), pd.Series(["yes", "no", "no"]))
    with pytest.raises(AnalysisError, match="without answers"):
        compare_waves(pd.Series([], dtype=object), pd.Series(["yes"]))
    with pytest.raises(AnalysisError, match="with a Survey"):
        compare_waves(two_waves()[0], pd.Series(["yes"]))


def test_a_comparison_speaks_both_languages() -> None:
    found = compare_waves(*two_waves(kind=DataKind.SYNTHETIC), "refers")
    assert "Ændring, procentpoint" in found.to_markdown()
    assert "Change, percentage points" in found.in_language("en").to_markdown()
    assert "Syntetiske data" in found.caption
