"""Persons as units, goals by their bounds, tipping points, pooled shares and scales: each against another way to the same number."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.goals import goal_verdict, tipping_points
from vvvresearch.statistics.persons import persons_by_group
from vvvresearch.statistics.pooling import pooled_shares
from vvvresearch.statistics.scales import cronbach_alpha


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3), st.sampled_from("ab")), min_size=2, max_size=9))
def test_two_groups_have_the_p_of_every_exchange_of_persons(people: list[tuple[int, int, str]]) -> None:
    yes = [min(part, whole) for part, whole, _ in people]
    asked, groups = [whole for _, whole, _ in people], [group for *_, group in people]
    found = persons_by_group(yes, asked, groups)
    alike = [[place for place, whole in enumerate(asked) if whole == often] for often in set(asked)]
    if not any(len({groups[one] for one in own}) > 1 and len({yes[one] for one in own}) > 1 for own in alike):
        assert math.isnan(found.p_value)
        return
    of_first = [combinations(own, sum(groups[one] == groups[0] for one in own)) for own in alike]
    sums = [sum(yes[one] for own in chosen for one in own) for chosen in product(*of_first)]
    expected = Fraction(sum(sums), len(sums))
    observed = sum(part for part, group in zip(yes, groups, strict=True) if group == groups[0])
    assert found.p_value == pytest.approx(sum(abs(one - expected) >= abs(observed - expected) for one in sums) / len(sums), abs=1e-12)
    assert found.statistic == pytest.approx(float(observed - expected))


def test_how_often_persons_were_interviewed_is_no_answer() -> None:
    # Nobody of six against three of six: p = .18 however often each side was interviewed.
    for often in ([2] * 6 + [1] * 6, [1] * 12, [1, 2] * 6):
        found = persons_by_group([0] * 6 + [1, 1, 1, 0, 0, 0], often, list("a" * 6 + "b" * 6))
        assert math.isnan(found.p_value) if often[:6] == [2] * 6 else found.p_value >= 0.18


def test_second_interviews_that_say_the_same_do_not_make_a_theme_go_with_a_group() -> None:
    rng = np.random.default_rng(24)
    groups = list("a" * 12 + "b" * 12)
    null = [persons_by_group((2 * (rng.random(24) < 0.4)).tolist(), [2] * 24, groups).p_value <= 0.05 for _ in range(1500)]
    assert np.mean(null) <= 0.05
    shares = np.repeat([0.15, 0.9], 12)
    told = [persons_by_group((2 * (rng.random(24) < shares)).tolist(), [2] * 24, groups).p_value <= 0.05 for _ in range(300)]
    assert np.mean(told) >= 0.9


def test_three_groups_are_drawn_with_an_error_that_holds_the_listed_p() -> None:
    yes, groups = [2, 2, 1, 0, 1, 0, 0], [0, 0, 1, 1, 1, 2, 2]
    found = persons_by_group(yes, [2] * 7, groups)

    def between(member: list[int]) -> float:
        added = [value - 2 * sum(yes) / 14 for value in yes]
        return sum(sum(a for a, m in zip(added, member, strict=True) if m == g) ** 2 / member.count(g) for g in range(3))

    listed = []
    for first in combinations(range(7), 2):
        for second in combinations([place for place in range(7) if place not in first], 3):
            listed.append(between([0 if place in first else 1 if place in second else 2 for place in range(7)]))
    p = np.mean(np.array(listed) >= between(groups) - 1e-9)
    assert found.p_value == pytest.approx(p, abs=1.5 * found.error)
    assert persons_by_group(yes, [2] * 7, groups) == found


def test_what_no_person_can_have_said_is_refused() -> None:
    with pytest.raises(AnalysisError, match="affirms in 0 to all"):
        persons_by_group([3], [2], ["a"])
    with pytest.raises(AnalysisError, match="every person needs"):
        persons_by_group([1], [2], ["a", "b"])


@settings(deadline=None)
@given(
    st.integers(1, 20),
    st.integers(0, 20),
    st.integers(0, 15),
    st.integers(0, 20),
    st.sampled_from(["at least", "more than", "at most", "less than"]),
)
def test_a_verdict_holds_whatever_the_others_say(n: int, x: int, rest: int, twentieths: int, direction: str) -> None:
    x, target = min(x, n), Fraction(twentieths, 20)
    found = goal_verdict(x, n, n + rest, target, direction)  # type: ignore[arg-type]

    def reached(hits: int, base: int) -> bool:
        share = Fraction(hits, base)
        return {"at least": share >= target, "more than": share > target, "at most": share <= target, "less than": share < target}[
            direction
        ]

    outcomes = {reached(x + other, n + rest) for other in range(rest + 1)}
    assert found.verdict == ("cannot tell" if len(outcomes) == 2 else "reached" if outcomes == {True} else "not reached")
    assert (found.missing == 0) == reached(x, n)
    if found.needed is not None:
        assert reached(found.needed, n + rest)


def test_a_share_that_rounds_to_the_target_is_short_by_one() -> None:
    found = goal_verdict(53, 71, 71, "0.75")
    assert (found.verdict, found.needed, found.missing) == ("not reached", 54, 1)
    assert goal_verdict(75, 100, 100, 0.75).verdict == "reached"
    assert goal_verdict(14, 100, 100, "0.15", "less than").verdict == "reached"
    assert goal_verdict(15, 100, 100, "0.15", "less than").missing == 1
    with pytest.raises(AnalysisError, match="no share"):
        goal_verdict(1, 2, 3, 75)
    with pytest.raises(AnalysisError, match="direction"):
        goal_verdict(1, 2, 3, 0.5, "over")  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.integers(1, 20), st.integers(0, 20), st.integers(1, 20), st.integers(1, 19))
def test_the_table_shows_where_the_conclusion_tips(n: int, x: int, rest: int, twentieths: int) -> None:
    x, threshold = min(x, n), Fraction(twentieths, 20)
    rows = tipping_points(x, n, n + rest, threshold, steps=4)
    side = Fraction(x, n) >= threshold
    assert [row.hits for row in rows] == sorted({row.hits for row in rows})
    assert (rows[0].hits, rows[-1].hits) == (0, rest)
    for row in rows:
        assert row.holds == ((Fraction(x + row.hits, n + rest) >= threshold) == side)
        assert row.difference == Fraction(row.hits, rest) - Fraction(x, n)
    turns = [(a.hits, b.hits) for a, b in pairwise(rows) if a.holds != b.holds]
    assert all(after == before + 1 for before, after in turns)
    assert len(turns) <= 1


def test_when_everybody_answered_nothing_can_tip() -> None:
    rows = tipping_points(5, 9, 9, 0.5)
    assert [row.holds for row in rows] == [True]


def test_pooled_shares_are_those_of_drawing_from_the_prior() -> None:
    from scipy import stats

    hits, sizes = [1, 10, 12, 30], [2, 20, 30, 60]
    rng = np.random.default_rng(5)
    centre, size = rng.uniform(-6, 6, 400_000), rng.uniform(-2, 9, 400_000)
    a, b = np.exp(size) / (1 + np.exp(-centre)), np.exp(size) / (1 + np.exp(centre))
    log = np.log(a * b) - 2.5 * size + sum(stats.betabinom.logpmf(x, n, a, b) for x, n in zip(hits, sizes, strict=True))
    chosen = rng.choice(len(a), 40_000, p=np.exp(log - log.max()) / np.exp(log - log.max()).sum())
    found = pooled_shares(hits, sizes)
    for x, n, interval in zip(hits, sizes, found.pooled, strict=True):
        drawn = rng.beta(a[chosen] + x, b[chosen] + n - x)
        assert interval.estimate == pytest.approx(drawn.mean(), abs=0.01)
        assert (interval.lower, interval.upper) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.02)
    assert found.raw == (0.5, 0.5, 0.4, 0.5)


def test_a_small_group_is_drawn_further_towards_the_others_than_a_large_one() -> None:
    found = pooled_shares([2, 40, 12, 15, 9], [2, 40, 40, 50, 30])
    assert 1 - found.pooled[0].estimate > 1 - found.pooled[1].estimate  # type: ignore[operator]
    with pytest.raises(AnalysisError, match="at least three"):
        pooled_shares([1, 2], [3, 4])


def test_alpha_and_its_limits_are_those_of_the_two_way_analysis_of_variance() -> None:
    import pandas as pd
    from scipy import stats
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm

    rng = np.random.default_rng(3)
    table = np.clip(np.rint(rng.normal(3, 1, (25, 1)) + rng.normal(0, 1, (25, 4))), 1, 5)
    found = cronbach_alpha(table)
    long = pd.DataFrame(
        {"y": table.ravel(), "person": np.repeat(np.arange(25), 4).astype(str), "item": np.tile(np.arange(4), 25).astype(str)}
    )
    squares = anova_lm(ols("y ~ person + item", long).fit())["mean_sq"]
    assert found.alpha.estimate == pytest.approx(1 - squares["Residual"] / squares["person"])
    ratio = squares["person"] / squares["Residual"]
    assert found.alpha.lower == pytest.approx(1 - stats.f.ppf(0.975, 24, 72) / ratio)
    assert found.alpha.upper == pytest.approx(1 - stats.f.ppf(0.025, 24, 72) / ratio)
    assert found.without[0] == pytest.approx(cronbach_alpha(table[:, 1:]).alpha.estimate)


def test_alpha_needs_items_that_vary_and_respondents_who_answered_them_all() -> None:
    assert cronbach_alpha([[1, 2], [2, 3], [math.nan, 1], [3, 3]]).n == 3
    for answers, words in (([[1], [2]], "two items"), ([[1, math.nan], [2, 3]], "fewer than two"), ([[1, 2], [1, 2]], "does not vary")):
        with pytest.raises(AnalysisError, match=words):
            cronbach_alpha(answers)
