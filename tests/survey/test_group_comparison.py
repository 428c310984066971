"""Groups are compared pair by pair and all at once, and mirror items side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Scale, Survey, Words
from vvvresearch.kinds import DataKind
from vvvresearch.statistics.exact_tests import boschloo, fisher, freeman_halton, mann_whitney
from vvvresearch.statistics.multiple_response import rao_scott
from vvvresearch.survey import compare_groups
from vvvresearch.survey.intervals import difference_interval


def words(text: str) -> Words:
    return Words(da=text, en=text)


SCALE = Scale(options=tuple(Option(code=code, label=words(code)) for code in ("high", "some", "low")), top=("high", "some"))


def survey(name: str, answers: dict[str, list[Any]], items: list[Item], population: int | None = None, **rest: Any) -> Survey:
    frame = Frame(unit="municipality", population=population, chosen_by=words("-"), collected=words("-"))
    questionnaire = Questionnaire(
        schema_version=1, id=name, title=words(name), group=words(name), wave=words("2021"), frame=frame, scales={"s": SCALE}, items=items
    )
    size = len(next(iter(answers.values())))
    return Survey(pd.DataFrame(answers, index=[f"{name}{k}" for k in range(size)], dtype=object), questionnaire, **rest)


def benefit(name: str, **rest: Any) -> Item:
    return Item(id=name, text=words(name), type="likert", scale="s", **rest)


def test_every_pair_of_groups_has_its_difference_interval_and_exact_test() -> None:
    said = pd.Series(["yes"] * 8 + ["no"] * 2 + ["yes"] * 3 + ["no"] * 9 + ["yes"] * 4 + ["no"] * 4)
    group = pd.Series(["a"] * 10 + ["b"] * 12 + ["c"] * 8)
    for test, other in (("fisher", fisher), ("boschloo", boschloo)):
        found = compare_groups(said, by=group, test=test)  # type: ignore[arg-type]
        pairs = found["pairs"].frame
        row = pairs[(pairs["code"] == "yes") & (pairs["first"] == "a") & (pairs["second"] == "b")].iloc[0]
        assert row["change"] == pytest.approx(3 / 12 - 8 / 10)
        # The smallest p of three is judged at a third of the level, and so are its limits.
        assert row["level"] == pytest.approx(1 - 0.05 / 3)
        limits = difference_interval(3, 12, 8, 10, level=1 - 0.05 / 3)
        assert (row["lower"], row["upper"]) == pytest.approx(
            (limits.lower, max(0, limits.upper) if row["p_adjusted"] >= 0.05 else limits.upper)
        )
        assert row["p"] == pytest.approx(other([[8, 2], [3, 9]]).p_value)
        # Three pairs; yes and no are the same test.
        assert found.totals["tests"].value == 3
        assert row["p_adjusted"] == pytest.approx(3 * row["p"])


def test_letters_stand_at_the_larger_share() -> None:
    said = pd.Series(["yes"] * 19 + ["no"] + ["yes"] * 4 + ["no"] * 16)
    found = compare_groups(said, by=pd.Series(["a"] * 20 + ["b"] * 20)).in_language("en")
    marks = found.frame.set_index(["code", "group"])["letters"]
    assert marks["yes", "a"] == "B"
    assert marks["yes", "b"] == ""
    assert marks["no", "b"] == "A"
    assert "95% B" in found.to_markdown()


def test_the_whole_table_is_tested_exactly_when_small_and_by_chi_square_when_large() -> None:
    from scipy import stats

    small = compare_groups(pd.Series(list("xxyzyzxxzz")), by=pd.Series(list("aaaabbbccc")))
    table = [[2, 1, 1], [0, 1, 1], [1, 0, 2]]
    counts = pd.crosstab(pd.Series(list("aaaabbbccc")), pd.Series(list("xxyzyzxxzz"))).to_numpy()
    assert counts.shape == np.array(table).shape
    assert small["tests"].frame["p"][0] == pytest.approx(freeman_halton(counts.tolist()).p_value)
    large = compare_groups(pd.Series(list("xxyyy") * 20 + list("xyyyy") * 20), by=pd.Series(["a"] * 100 + ["b"] * 100))
    assert large["tests"].frame["p"][0] == pytest.approx(stats.chi2_contingency([[40, 60], [20, 80]], correction=False).pvalue)


def test_ordered_answers_are_tested_by_ranks() -> None:
    scale = pd.CategoricalDtype(["low", "some", "high"], ordered=True)
    said = pd.Series(["low", "some", "some", "high", "some", "high", "high", "high", "some", "low"], dtype=scale)
    found = compare_groups(said, by=pd.Series(list("aaaaabbbbb")))
    exact = mann_whitney([0, 1, 1, 2, 1], [2, 2, 2, 1, 0])
    by_test = found["tests"].frame.set_index("test")["p"]
    assert by_test["mann"] == pytest.approx(exact.p_value)
    assert list(by_test.index) == ["freeman", "mann"]
    assert "exact rank test with ties (Mann–Whitney)" in found["tests"].in_language("en").to_markdown()


def test_several_answers_are_tested_together_by_rao_and_scott() -> None:
    rng = np.random.default_rng(3)
    ticks = pd.DataFrame(rng.integers(0, 2, (40, 3)), columns=["time", "money", "law"])
    group = pd.Series(["a"] * 20 + ["b"] * 20)
    found = compare_groups(ticks, by=group)
    assert found["tests"].frame["p"][0] == pytest.approx(rao_scott(ticks.to_numpy(), group.tolist()).p_value)


def test_ordered_groups_are_tested_for_a_trend() -> None:
    sizes = pd.Series(pd.Categorical(["s"] * 6 + ["m"] * 6 + ["l"] * 6, ["s", "m", "l"], ordered=True))
    said = pd.Series(["yes"] + ["no"] * 5 + ["yes"] * 2 + ["no"] * 4 + ["yes"] * 5 + ["no"])
    found = compare_groups(said, by=sizes, trend=True)
    tests = found["tests"].frame
    trend = tests[tests["code"] == "yes"].iloc[0]
    assert trend["p"] == pytest.approx(0.0434664, abs=1e-6)


def test_mirror_items_stand_side_by_side_with_the_difference_of_the_second_less_the_first() -> None:
    mine = [benefit("network", mirror=("leaders:net",)), benefit("language")]
    theirs = [benefit("net"), benefit("language")]
    first = survey("municipalities", {"network": ["high"] * 7 + ["low"] * 3, "language": ["high"] * 10}, mine, 98)
    second = survey("leaders", {"net": ["some"] * 5 + ["low"] * 7, "language": ["low"] * 12}, theirs, 20)
    found = compare_groups(first, other=second).in_language("en")
    assert found.where("key").frame[["item", "code"]].to_numpy().tolist() == [["network", "top"]]
    row = found.frame[found.frame["key"]].iloc[0]
    assert (row["x1"], row["n1"], row["x2"], row["n2"]) == (7, 10, 5, 12)
    assert row["change"] == pytest.approx(5 / 12 - 7 / 10)
    assert (row["lower"], row["upper"]) == pytest.approx(tuple(difference_interval(5, 12, 7, 10)))
    # All eight other leaders against, all the other municipalities for.
    assert row["worst_lower"] == pytest.approx(5 / 20 - (7 + 88) / 98)
    assert row["worst_upper"] == pytest.approx(13 / 20 - 7 / 98)
    assert "The difference is leaders, 2021 minus municipalities, 2021." in found.note
    assert found.cell("change", item="network", code="top").address == "municipalities~leaders.network.top.change"
    assert "wording is not the same" in found.note


def test_an_item_that_is_no_declared_mirror_is_refused() -> None:
    first = survey("municipalities", {"language": ["high"] * 4}, [benefit("language")])
    second = survey("leaders", {"language": ["low"] * 4}, [benefit("language")])
    with pytest.raises(AnalysisError, match="not declared comparable") as caught:
        compare_groups(first, "language", other=second)
    assert "mirror = " in caught.value.todo
    with pytest.raises(AnalysisError, match="no item is declared a mirror"):
        compare_groups(first, other=second)


@pytest.mark.parametrize("kind", [DataKind.RECONSTRUCTED, DataKind.PUBLISHED])
def test_reconstructed_and_published_answers_allow_no_group_comparison(kind: DataKind) -> None:
    answers = {"language": ["high", "low"], "size": ["s", "l"]}
    with pytest.raises(NotPermittedError):
        compare_groups(survey("municipalities", answers, [benefit("language")], kind=kind), "language", "size")


def test_groups_of_a_survey_come_from_its_variables() -> None:
    answers = {"language": ["high"] * 3 + ["low"] * 3 + ["some"], "size": ["s"] * 3 + ["l"] * 3 + [""]}
    found = compare_groups(survey("municipalities", answers, [benefit("language")]), "language", "size").in_language("en")
    assert found.base.n == 6
    assert "1 without a group" in found.note
    # Below ten answers readers see counts.
    assert found.shown().columns.tolist()[1].startswith("A: l")
    assert found.shown().iloc[0, 1:].tolist() == ["0 of 3", "3 of 3"]


def test_number_items_are_compared_by_ranks() -> None:
    years = pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8])
    found = compare_groups(years, by=pd.Series(list("aaaabbbb")))
    assert found.frame["mean"].tolist() == [2.5, 6.5]
    assert found["tests"].frame["p"][0] == pytest.approx(2 / 70)


def test_one_group_or_two_ways_to_group_are_refused() -> None:
    said = pd.Series(["yes", "no"])
    with pytest.raises(AnalysisError, match="at least two groups"):
        compare_groups(said, by=pd.Series(["a", "a"]))
    with pytest.raises(AnalysisError, match="from another survey"):
        compare_groups(said)
    with pytest.raises(AnalysisError, match="not tested by"):
        compare_groups(said, by=pd.Series(["a", "b"]), test="chi")  # type: ignore[arg-type]


def test_a_question_with_one_answer_only_says_that_it_cannot_be_tested() -> None:
    found = compare_groups(pd.Series(["yes"] * 4), by=pd.Series(list("aabb"))).in_language("en")
    assert "is not possible" in found.note
    assert found["pairs"].frame["p"].isna().all()


def test_no_p_of_all_groups_stands_in_table_or_prose_where_only_one_group_is_large() -> None:
    answers, groups = list("xxxyyyyyyyyyxxxxyyyyy"), ["a"] * 12 + ["b"] * 9
    few = compare_groups(pd.Series(answers), by=pd.Series(groups)).in_language("en")
    assert few["tests"].to_markdown().splitlines()[-3].endswith("| – |")
    assert "p not shown (few on a side)" in few.note
    enough = compare_groups(pd.Series([*answers, "x"]), by=pd.Series([*groups, "b"])).in_language("en")
    assert "few on a side" not in enough.note
    assert not enough["tests"].to_markdown().splitlines()[-3].endswith("| – |")
    # A round that calls more than 10 few hides it in both too.
    assert enough.with_small_n(11)["tests"].to_markdown().splitlines()[-3].endswith("| – |")
    assert "p not shown (few on a side)" in enough.with_small_n(11).note
