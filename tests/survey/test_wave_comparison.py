"""Waves are compared with their overlap, their frames and their panel, and only where that is allowed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Scale, Survey, Words
from vvvresearch.kinds import DataKind
from vvvresearch.results import Result
from vvvresearch.statistics.overlap import Pairs, change_interval, overlapping_t, overlapping_z, unlinked_p
from vvvresearch.survey import compare_groups, compare_waves, wave_trend
from vvvresearch.survey.comparison._changes import panel_moves
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


def overlap(found: Result) -> tuple[int, int]:
    return found.totals["overlap_lowest"].value, found.totals["overlap"].value


REFERS = Item(id="refers", text=words("Refers?"), type="single", options=options("yes", "no", unsure=True))
AGAIN = REFERS.model_copy(update={"comparable": ("w1:refers",)})


def two_waves(**rest: Any) -> tuple[Survey, Survey]:
    first = wave("w1", {"refers": ["yes"] * 6 + ["no"] * 5 + ["dk"]}, [REFERS], [f"m{k}" for k in range(12)], **rest)
    second = wave("w2", {"refers": ["yes"] * 10 + ["no"] * 4 + ["dk"]}, [AGAIN], [f"m{k}" for k in range(4, 19)], **rest)
    return first, second


def test_linked_waves_are_tested_with_their_overlap_and_shown_with_their_panel() -> None:
    found = compare_waves(*two_waves(), "refers").in_language("en")
    row = found.frame.set_index("code").loc["yes"]
    # Of the eight in both waves (m4–m11) two said yes twice, six changed to yes.
    pairs = Pairs(2, 0, 6, 0)
    assert overlap(found) == (8, 8)
    assert (row["x1"], row["n1"], row["x2"], row["n2"]) == (6, 12, 10, 15)
    assert row["p"] == pytest.approx(overlapping_z(6, 12, 10, 15, pairs, population1=98, population2=98).p_value)
    assert (row["lower"], row["upper"]) == pytest.approx(tuple(change_interval(6, 12, 10, 15, pairs, population1=98, population2=98)))
    assert (row["panel_n"], row["panel_before"], row["panel_after"]) == (8, 2, 8)
    assert row["panel_p"] == pytest.approx(2 / 64)
    assert "8 answered in both waves" in found.note


def test_a_change_is_computed_from_counts_and_not_from_rounded_percentages() -> None:
    found = compare_waves(*two_waves(), "refers")
    row = found.frame.set_index("code").loc["yes"]
    assert found.shown().iloc[0, 1:4].tolist() == ["50\u00a0% (6 af 12)", "67\u00a0% (10 af 15)", "16,7"]
    assert row["change"] == pytest.approx(10 / 15 - 6 / 12)
    assert found.cell("change", item="refers", code="yes").say("en") == "16.7 percentage points"


def test_a_half_of_a_percentage_point_is_rounded_away_from_zero() -> None:
    # 13 of 40 and 9 of 80 differ by 21.25 points exactly, which no float holds.
    one = pd.Series(["yes"] * 9 + ["no"] * 71)
    two = pd.Series(["yes"] * 13 + ["no"] * 27)
    found = compare_waves(one, two, linked=False)
    assert dict(zip(found.frame["code"], found.shown()["Ændring, procentpoint"], strict=True)) == {"yes": "21,3", "no": "−21,3"}


def test_the_worst_case_stands_first_when_both_frames_are_known() -> None:
    found = compare_waves(*two_waves(), "refers")
    row = found.frame.set_index("code").loc["yes"]
    one, two = worst_case_bounds(6, 12, 98), worst_case_bounds(10, 15, 98)
    assert row["worst_lower"] == pytest.approx(two.lower - one.upper)
    assert row["worst_upper"] == pytest.approx(two.upper - one.lower)
    names = [column.name for column in found.shows]
    assert names.index("worst") < names.index("interval")


def test_waves_that_cannot_be_linked_give_a_range_of_p() -> None:
    found = compare_waves(*two_waves(), "refers", linked=False, overlap=8)
    row = found.frame.set_index("code").loc["yes"]
    spread = unlinked_p(6, 12, 10, 15, overlap=8)
    assert (row["p_low"], row["p_high"]) == pytest.approx((spread.lowest, spread.highest))
    assert np.isnan(row["panel_n"])


def test_plain_answers_are_linked_only_by_an_index_that_holds_ids() -> None:
    first, second = pd.Series(["yes", "no", "yes", "no"]), pd.Series(["yes", "yes", "yes", "no", "no"])
    assert overlap(compare_waves(first, second)) == (0, 4)
    # Row numbers stay row numbers when rows are left out; who knows that they are ids says so.
    assert overlap(compare_waves(first.drop(1), second.drop(0))) == (0, 3)
    assert overlap(compare_waves(first.drop(1), second.drop(0), linked=True)) == (2, 2)
    first.index, second.index = list("abcd"), list("bcdef")
    assert overlap(compare_waves(first, second)) == (3, 3)


def test_yes_and_no_of_one_item_are_one_test_in_the_family() -> None:
    found = compare_waves(pd.Series(["yes", "no", "no"], index=list("abc")), pd.Series(["yes", "yes", "no"], index=list("abc")))
    assert found.totals["tests"].value == 1
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
    found = compare_waves(first, second, "benefit").in_language("en")
    assert found.frame["code"].tolist() == ["top"]
    assert found.frame[["x1", "x2"]].to_numpy().tolist() == [[2, 3]]
    assert "scales are not the same" in found.note


def test_an_item_of_one_wave_only_is_named_and_not_compared() -> None:
    extra = Item(id="online", text=words("Online?"), type="single", options=options("yes", "no"))
    first, second = two_waves()
    first = wave("w1", {"refers": first.answers["refers"].tolist(), "online": ["yes"] * 12}, [REFERS, extra], list(first.answers.index))
    found = compare_waves(first, second).in_language("en")
    assert set(found.frame["item"]) == {"refers"}
    assert "not compared: Online?" in found.note


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
    assert found.totals["tests"].value == 2


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
    assert overlap(compare_waves(twice, once, linked=False)) == (0, 2)


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


def test_the_answers_that_stand_for_their_questions_are_a_family_of_their_own() -> None:
    benefit = Item(id="benefit", text=words("Benefit?"), type="likert", scale="s")
    scale = {"s": Scale(options=options("high", "some", "low"), top=("high", "some"))}
    again = benefit.model_copy(update={"comparable": ("w1:benefit",)})
    index = [f"m{k}" for k in range(12)]
    first = wave("w1", {"refers": ["yes"] * 4 + ["no"] * 8, "benefit": ["high", "some", "low"] * 4}, [REFERS, benefit], index, scales=scale)
    second = wave("w2", {"refers": ["yes"] * 11 + ["no"], "benefit": ["high"] * 11 + ["low"]}, [AGAIN, again], index, scales=scale)
    found = compare_waves(first, second)
    keys = found.frame[found.frame["key"]]
    assert list(zip(keys["item"], keys["code"], strict=True)) == [("refers", "yes"), ("benefit", "top")]
    # Holm by hand: the smaller of two is doubled, the larger stays unless that is below it.
    low, high = sorted(keys["p"])
    assert sorted(keys["p_adjusted"]) == pytest.approx([2 * low, max(high, 2 * low)])
    # No is the same test as yes; what is only described has limits and neither p nor a verdict of its own.
    others = found.frame[~found.frame["key"]].set_index(["item", "code"])
    assert others["p"].dropna().index.tolist() == []
    assert set(others["verdict"]) == {"described"}
    assert others["lower"].notna().all()
    assert found.totals["tests"].value == 2
    assert "for 2 test" in found.where("key").note


@settings(deadline=None, max_examples=40)
@given(
    st.tuples(st.integers(2, 30), st.integers(2, 30)),
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=5),
    st.sampled_from(["holm", "benjamini-hochberg", "none"]),
)
def test_no_row_contradicts_itself(sizes: tuple[int, int], shares: list[tuple[float, float]], adjustment: str) -> None:
    one, two = (
        pd.DataFrame({k: [int(row < round(pair[side] * n)) for row in range(n)] for k, pair in enumerate(shares)})
        for side, n in enumerate(sizes)
    )
    for found in (compare_waves(one, two, linked=False, adjustment=adjustment), compare_groups(one, other=two, adjustment=adjustment)):
        for row in found.frame.to_dict("records"):
            zero = row["lower"] <= 0 <= row["upper"]
            assert zero == (not row["p_adjusted"] < 0.05)
            assert (row["verdict"] == "undecided") == zero


def test_which_way_a_comparison_went_needs_both_test_and_interval() -> None:
    index = [f"m{k}" for k in range(40)]
    first = wave("w1", {"refers": ["yes"] * 8 + ["no"] * 32}, [REFERS], index)
    second = wave("w2", {"refers": ["yes"] * 36 + ["no"] * 4}, [AGAIN], index)
    verdicts = compare_waves(first, second).frame.set_index("code")["verdict"]
    assert verdicts.to_dict() == {"yes": "rose", "no": "described", "dk": "described"}
    assert set(compare_waves(*two_waves(), "refers").frame["verdict"]) == {"undecided", "described"}


def test_a_comparison_has_no_language_until_it_is_shown() -> None:
    found = compare_waves(*two_waves())
    cells = [value for name in found.frame for value in found.frame[name]]
    assert {type(value).__name__ for value in cells} <= {"str", "int", "float", "bool", "int64", "float64", "bool_"}
    assert found.shown().columns.tolist() != found.in_language("en").shown().columns.tolist()


def test_a_setting_that_changes_numbers_is_a_part_of_the_address() -> None:
    usual = compare_waves(*two_waves())
    roots = [usual.at]
    for setting in ({"level": 0.9}, {"denominator": "valid"}, {"adjustment": "none"}, {"linked": False}, {"item": "refers"}):
        roots.append(compare_waves(*two_waves(), **setting).at)
    assert roots[0] == "w1~w2"
    assert len(set(roots)) == len(roots)
    assert compare_waves(*two_waves(), populations=(50, 60)).at == ""


def test_an_item_that_nobody_answered_in_one_wave_is_left_out_of_the_whole_and_named() -> None:
    extra = Item(id="used", text=words("Used?"), type="single", options=options("yes", "no"))
    index = list("abc")
    first = wave("w1", {"refers": ["yes", "no", "no"], "used": ["yes", "", "no"]}, [REFERS, extra], index)
    second = wave(
        "w2", {"refers": ["yes", "yes", "no"], "used": [""] * 3}, [AGAIN, extra.model_copy(update={"comparable": ("w1:used",)})], index
    )
    found = compare_waves(first, second)
    assert set(found.frame["item"]) == {"refers"}
    assert "Used?" in found.note


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=8, max_size=40), st.permutations([1, 2, 3, 4, 5]))
def test_a_form_that_was_numbered_another_way_changes_nothing(answers: list[tuple[int, int]], numbers: list[int]) -> None:
    said = ("Always", "Often", "At times", "Seldom", "Never")
    ids = [f"p{k}" for k in range(len(answers))]

    def asked(name: str, given: list[str], codes: list[int], labels: tuple[str, ...] = said) -> Survey:
        scale = tuple(Option(code=str(code), label=words(label)) for code, label in zip(codes, labels, strict=True))
        item = Item(id="meets", text=words("Meets?"), type="likert", options=scale, comparable=("w1:meets",) if name == "w2" else ())
        return wave(name, {"meets": given}, [item], ids, population=None)

    first = asked("w1", [str(one) for one, _ in answers], [1, 2, 3, 4, 5])
    plain = asked("w2", [str(two) for _, two in answers], [1, 2, 3, 4, 5])
    turned = asked("w2", [str(numbers[two - 1]) for _, two in answers], numbers, tuple(label.upper() for label in said))
    same, other = (compare_waves(first, second, "meets") for second in (plain, turned))
    pd.testing.assert_frame_equal(other.frame, same.frame)
    moved, moved_too = (panel_moves(first, second, [("meets", "meets")]) for second in (plain, turned))
    assert moved is not None
    assert moved_too is not None
    pd.testing.assert_frame_equal(moved_too.frame, moved.frame)
    points = [wave_trend({"1": first, "2": second}, "meets").frame["count"].tolist() for second in (plain, turned)]
    assert points[0] == points[1]
    assert ("other numbers" in " ".join(note.say("en") for note in other.notes)) is (numbers != [1, 2, 3, 4, 5])
