"""Moderators at small n: exact where it can be, finite under separation, and never "no effect"."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.kinds import DataKind
from vvvresearch.mechanisms import CaseConditions, clustered, moderators
from vvvresearch.results import Base


def cells(*groups: tuple[int, int, int, int]) -> pd.DataFrame:
    """Cases from (mechanism, candidate, yes, no)."""
    rows = [
        {"mekanisme": mechanism, "træk": candidate, "godt": value}
        for mechanism, candidate, yes, no in groups
        for value in [1] * yes + [0] * no
    ]
    return pd.DataFrame(rows, index=[f"par {number}" for number in range(len(rows))])


def test_two_yes_no_columns_are_compared_exactly() -> None:
    # The lady tasting tea with 8 cups, 3 of 4 right: p = .4857 (Fisher 1935).
    tea = cells((0, 1, 3, 1), (0, 0, 1, 3))
    row = moderators(tea, "godt", ["træk"]).frame.iloc[0]
    assert row["p"] == pytest.approx(0.485714, abs=1e-6)
    assert row["effect"] == 0.5
    assert row["lower"] < 0 < row["upper"]
    assert row["p_boschloo"] < row["p"]
    assert row["verdict"] == "cannot tell"


def test_no_verdict_ever_says_that_there_is_no_effect() -> None:
    even = cells((0, 1, 5, 5), (0, 0, 5, 5))
    found = moderators(even, "godt", ["træk"])
    assert found.frame["verdict"].tolist() == ["cannot tell"]
    assert "cannot decide it, not that there is no effect" in found.in_language("en").note
    clear = moderators(cells((0, 1, 10, 0), (0, 0, 0, 10)), "godt", ["træk"]).frame.iloc[0]
    assert (clear["verdict"], clear["separated"]) == ("difference", True)


def test_ordered_answers_with_ties_are_tested_by_every_permutation() -> None:
    data = pd.DataFrame({"træk": [1, 1, 1, 1, 0, 0, 0, 0], "svar": [2, 3, 4, 4, 1, 2, 2, 3]})
    row = moderators(data, "svar", ["træk"]).frame.iloc[0]
    # All 70 ways to choose four of eight: the rank sum is at least as far from its mean in this share of them.
    ranks = stats.rankdata(data["svar"])
    observed = abs(ranks[:4].sum() - ranks.sum() / 2)
    from itertools import combinations

    sums = [abs(ranks[list(some)].sum() - ranks.sum() / 2) for some in combinations(range(8), 4)]
    assert row["p"] == pytest.approx(np.mean(np.asarray(sums) >= observed - 1e-9))
    assert row["effect"] == pytest.approx((12 - 1) / 16)


def test_an_interaction_under_separation_is_that_of_half_a_case_added_to_every_cell() -> None:
    # For the saturated model Firth's penalty adds one half to every cell, so the estimate is known in closed form.
    data = cells((1, 1, 6, 0), (0, 1, 2, 4), (1, 0, 3, 3), (0, 0, 3, 3))
    found = moderators(data, "godt", ["træk"], mechanism="mekanisme")
    row = found.frame.iloc[0]
    expected = math.log((6.5 / 0.5) / (2.5 / 4.5)) - math.log((3.5 / 3.5) / (3.5 / 3.5))
    assert math.log(row["odds_ratio"]) == pytest.approx(expected, abs=1e-4)
    assert row["separated"]
    assert math.isfinite(row["or_lower"])
    effects = found.simple_effects.set_index("at")["effect"]
    assert effects.to_dict() == pytest.approx({1: 1 - 2 / 6, 0: 0.0})
    assert row["effect"] == pytest.approx(effects[1] - effects[0])


def test_a_combination_without_cases_cannot_be_told() -> None:
    row = moderators(cells((1, 1, 3, 1), (0, 0, 1, 3)), "godt", ["træk"], mechanism="mekanisme").frame.iloc[0]
    assert math.isnan(row["p"])
    assert row["verdict"] == "cannot tell"


def test_a_family_of_tests_is_adjusted_together() -> None:
    numbers = np.random.default_rng(3)
    data = pd.DataFrame(numbers.integers(0, 2, (30, 6)), columns=["godt", *"abcde"])
    found = moderators(data, "godt", list("abcde")).frame
    assert (found["p_adjusted"] >= found["p"]).all()
    order = found["p"].to_numpy().argsort()
    assert found["p_adjusted"].iloc[order[0]] == pytest.approx(min(1, 5 * found["p"].iloc[order[0]]))


def test_data_that_allow_only_margins_are_refused() -> None:
    with pytest.raises(NotPermittedError, match="margins"):
        moderators(cells((0, 1, 3, 1), (0, 0, 1, 3)), "godt", ["træk"], kind=DataKind.RECONSTRUCTED)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"træk": ["ja"] * 8}, "'ja'"),
        ({"træk": [1.0, 2, 3, 4, 5, 6, 7, 8], "godt": [1.0, 2, 3, 4, 5, 6, 7, 8]}, "both ordered"),
    ],
)
def test_columns_that_cannot_be_tested_are_refused(change: dict[str, list[object]], message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        moderators(cells((0, 1, 3, 1), (0, 0, 1, 3)).assign(**change), "godt", ["træk"])


def balanced(seed: int, between: float) -> pd.DataFrame:
    numbers = np.random.default_rng(seed)
    groups = np.repeat(np.arange(8), 5)
    values = numbers.normal(0, between, 8)[groups] + numbers.normal(0, 1, 40)
    return pd.DataFrame({"svar": values, "gruppe": groups, "x": np.tile([0, 1, 0, 1, 0], 8)})


def test_the_variance_between_groups_is_that_of_the_balanced_analysis_of_variance() -> None:
    data = balanced(1, 1.5)
    found = clustered(data, "svar", [], "gruppe")
    means = data.groupby("gruppe")["svar"].mean()
    between = 5 * means.var(ddof=1)
    within = data.groupby("gruppe")["svar"].var(ddof=1).mean()
    assert found.variance == pytest.approx((between - within) / 5, rel=1e-3)
    assert found.residual == pytest.approx(within, rel=1e-3)
    assert found.trusted
    assert len(found.runs) == 3


def test_estimating_equations_give_the_same_effect_with_their_own_errors() -> None:
    data = balanced(2, 1.0)
    mixed = clustered(data, "svar", ["x"], "gruppe").frame.set_index("term")
    gee = clustered(data, "svar", ["x"], "gruppe", model="gee").frame.set_index("term")
    assert gee.loc["x", "estimate"] == pytest.approx(mixed.loc["x", "estimate"], rel=1e-6)
    assert gee.loc["x", "se"] > 0


def test_groups_without_repetition_are_refused() -> None:
    with pytest.raises(AnalysisError, match="several cases"):
        clustered(balanced(1, 1).drop_duplicates("gruppe"), "svar", [], "gruppe")


def ordered_cases() -> pd.DataFrame:
    rng = np.random.default_rng(12)
    mechanism, candidate = rng.integers(0, 2, 48), rng.integers(0, 2, 48)
    answers = np.searchsorted([-0.5, 1, 3], 4 * mechanism * candidate + rng.logistic(size=48))
    return pd.DataFrame({"mekanisme": mechanism, "træk": candidate, "svar": answers, "kommune": [f"k{n % 16}" for n in range(48)]})


def test_an_ordered_outcome_has_an_interaction_with_simple_effects() -> None:
    found = moderators(ordered_cases(), "svar", ["træk"], mechanism="mekanisme")
    row = found.frame.iloc[0]
    assert (row["test"], row["verdict"]) == ("ordinal interaction", "difference")
    assert 1 < row["or_lower"] < row["odds_ratio"] < row["or_upper"]
    effects = found.simple_effects.set_index("at")["effect"]
    assert row["effect"] == pytest.approx(effects[1] - effects[0])
    part = ordered_cases().query("træk == 1")
    high, low = (part.loc[part["mekanisme"] == value, "svar"].to_numpy() for value in (1, 0))
    assert effects[1] == pytest.approx(np.sign(high[:, None] - low[None, :]).mean())


def test_cases_of_one_municipality_are_no_independent_witnesses() -> None:
    # The same answer three times in every municipality says no more than once.
    once = pd.DataFrame({"træk": [0, 1] * 8, "godt": [0, 1, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 1, 0, 1], "kommune": range(16)})
    threefold = pd.concat([once] * 3, ignore_index=True)
    alone, taken, grouped = (
        moderators(data, "godt", ["træk"], cluster=cluster).frame.iloc[0]
        for data, cluster in ((once, "kommune"), (threefold, None), (threefold, "kommune"))
    )
    assert taken["p"] < 0.001 < 0.02 < grouped["p"] < 0.2
    assert grouped["p"] == pytest.approx(alone["p"], abs=0.05)
    assert grouped["or_lower"] < 1.5
    with pytest.raises(AnalysisError, match="'komune'"):
        moderators(once, "godt", ["træk"], cluster="komune")


def test_graded_memberships_are_read_in_or_out_where_a_test_needs_a_yes_or_no() -> None:
    """As the truth table reads them; the outcome keeps its grades, and a case at one half is on no side."""
    grades = pd.DataFrame({"TID": [1, 0.9, 0.6, 0.5, 0.4, 0.1, 0, 0.3], "GODT": [0.9, 1, 0.7, 0.6, 0.4, 0.2, 0.1, 0.8]})
    split = grades.assign(TID=[1, 1, 1, math.nan, 0, 0, 0, 0])

    def judged(table: pd.DataFrame) -> CaseConditions:
        return CaseConditions(frame=table, base=Base(len(table), "case"), table=table, rules=pd.DataFrame(), grounds=pd.DataFrame())

    found = moderators(judged(grades), "GODT", ["TID"])
    pd.testing.assert_frame_equal(found.frame, moderators(split, "GODT", ["TID"]).frame)
    assert found.frame.iloc[0][["n", "left_out", "n1", "n0"]].tolist() == [7, 1, 3, 4]
    assert "in above one half" in found.in_language("en").note
    # A yes/no outcome tells the grades apart by their ranks, and nothing is said of halves.
    ranked = moderators(judged(grades.assign(GODT=[1, 1, 1, 0, 1, 0, 0, 0])), "GODT", ["TID"])
    assert (ranked.frame.iloc[0]["test"], ranked.frame.iloc[0]["n"]) == ("ranks", 8)
    assert "one half" not in ranked.in_language("en").note
    # Two ordered columns that are no memberships stay an error.
    with pytest.raises(AnalysisError, match="both ordered"):
        moderators(judged(grades.assign(TID=[1, 2, 3, 4, 5, 6, 7, 8])), "GODT", ["TID"])
