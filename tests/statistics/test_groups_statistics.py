"""Several answers and ordered answers in groups."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.multiple_response import rao_scott
from vvvresearch.statistics.ordinal import kruskal


def test_one_option_is_pearsons_test() -> None:
    from scipy import stats

    ticks = np.array([[1]] * 9 + [[0]] * 6 + [[1]] * 4 + [[0]] * 11)
    groups = ["a"] * 15 + ["b"] * 15
    expected = stats.chi2_contingency([[9, 6], [4, 11]], correction=False)
    found = rao_scott(ticks, groups)
    assert (found.corrected, found.p_value) == pytest.approx((expected.statistic, expected.pvalue))


def test_an_option_asked_twice_counts_once() -> None:
    ticks = np.array([[1]] * 9 + [[0]] * 6 + [[1]] * 4 + [[0]] * 11)
    groups = ["a"] * 15 + ["b"] * 15
    once, twice = rao_scott(ticks, groups), rao_scott(np.hstack([ticks, ticks]), groups)
    assert twice.p_value == pytest.approx(once.p_value)
    assert twice.naive_p < once.p_value


def test_the_correction_holds_its_level_where_the_naive_test_does_not() -> None:
    rng = np.random.default_rng(20211101)
    corrected = naive = 0
    for _ in range(600):
        common = rng.random((80, 1)) < 0.5
        ticks = np.where(rng.random((80, 5)) < 0.8, common, rng.random((80, 5)) < 0.5).astype(int)
        found = rao_scott(ticks, ["a"] * 40 + ["b"] * 40)
        corrected += found.p_value < 0.05
        naive += found.naive_p < 0.05
    assert corrected / 600 < 0.075
    assert naive / 600 > 0.09


def test_options_that_nobody_or_everybody_ticks_say_nothing() -> None:
    ticks = np.array([[1, 0, 1], [0, 0, 1], [1, 0, 1], [0, 0, 1]])
    found = rao_scott(ticks, list("aabb"))
    assert found.options == 1
    assert math.isnan(rao_scott(ticks[:, 1:], list("aabb")).p_value)
    with pytest.raises(AnalysisError, match="two groups"):
        rao_scott(ticks, list("aaaa"))


def test_the_rank_test_of_several_groups_is_corrected_for_ties() -> None:
    # H with ties by hand: 12/(N(N+1))·ΣR²/n − 3(N+1), divided by 1 − Σ(t³−t)/(N³−N).
    groups = {"a": [1, 1, 2], "b": [2, 3, 3], "c": [3, 4, 4]}
    ranks = {"a": [1.5, 1.5, 3.5], "b": [3.5, 6, 6], "c": [6, 8.5, 8.5]}
    raw = 12 / 90 * sum(sum(part) ** 2 / 3 for part in ranks.values()) - 30
    corrected = raw / (1 - (6 + 6 + 24 + 6) / (729 - 9))
    assert kruskal(groups).statistic == pytest.approx(corrected)
    assert math.isnan(kruskal({"a": [2, 2], "b": [2]}).p_value)
