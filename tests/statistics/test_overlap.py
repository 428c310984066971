"""Waves that share respondents: special cases, every possible table of pairs, and the covariance of finite populations."""

from __future__ import annotations

import math
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.differences import mee
from vvvresearch.statistics.overlap import (
    Pairs,
    change_interval,
    least_detectable_change,
    overlapping_t,
    overlapping_z,
    unlinked_interval,
    unlinked_p,
)

values = st.lists(st.integers(1, 9), min_size=3, max_size=9)


@settings(deadline=None, max_examples=12)
@given(values, values)
def test_without_pairs_t_is_welchs_and_chance_is_every_exchange_of_answers(first: list[int], second: list[int]) -> None:
    from scipy import stats

    found = overlapping_t(first, second, [])
    if len({*first, *second}) == 1:
        assert math.isnan(found.p_value)
        return
    if len(set(first)) > 1 or len(set(second)) > 1:
        assert found.statistic == pytest.approx(stats.ttest_ind(second, first, equal_var=False).statistic)
    if math.comb(len(first) + len(second), len(first)) > 700:
        return

    def welch(one: Any, two: Any) -> float:
        change, error = np.mean(two) - np.mean(one), math.sqrt(np.var(one, ddof=1) / len(one) + np.var(two, ddof=1) / len(two))
        return round(abs(change) / error, 9) if error else 1e9 * abs(change)

    every = stats.permutation_test((first, second), welch, n_resamples=math.inf, alternative="greater")
    assert found.p_value == pytest.approx(every.pvalue, abs=found.error * 1.5 + 2e-4)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=3, max_size=9))
def test_with_pairs_only_t_is_the_paired_one_and_chance_turns_each_pair(pairs: list[tuple[int, int]]) -> None:
    from scipy import stats

    one, two = [first for first, _ in pairs], [second for _, second in pairs]
    if len({second - first for first, second in pairs}) == 1 or len(set(one)) == 1 or len(set(two)) == 1:
        return
    found = overlapping_t([], [], pairs)
    assert found.statistic == pytest.approx(stats.ttest_rel(two, one).statistic, rel=1e-6)
    # The change is as large as the seen one, either way, in so many of all ways to turn the pairs.
    differences = [second - first for first, second in pairs]
    sums = [abs(sum(sign * one for sign, one in zip(signs, differences, strict=True))) for signs in product((-1, 1), repeat=len(pairs))]
    every = sum(one >= abs(sum(differences)) for one in sums) / len(sums)
    assert found.p_value == pytest.approx(every, abs=found.error * 1.5 + 2e-4)


def test_the_published_example_of_two_partly_overlapping_means() -> None:
    # Derrick, Toher and White 2017, The Quantitative Methods for Psychology 13(2): p = .026 by Student's distribution.
    alone = [20, 21, 16, 18, 14, 12, 14, 17], [10, 16, 18, 16, 15, 14, 13, 10]
    pairs = list(zip([14, 15, 18, 20, 11, 19, 14, 15], [15, 10, 15, 17, 13, 19, 12, 13], strict=True))
    found = overlapping_t(*alone, pairs)
    assert found.p_value == pytest.approx(0.026, abs=found.error)
    # The limits are beside 0 exactly at the level of p.
    assert found.limits(0.97).upper < 0 < found.limits(0.98).upper


def test_answers_that_do_not_vary_within_their_wave_are_no_proof() -> None:
    found = overlapping_t([3, 3, 3], [4, 4, 4], [])
    assert found.p_value == pytest.approx(2 / math.comb(6, 3), abs=found.error)
    assert all(math.isnan(limit) for limit in found.limits(0.95))


def test_few_counts_against_many_reject_no_more_often_than_they_say() -> None:
    # Student's distribution rejects in 22 of 100 such data sets: where the few are alike they have no variance.
    rng = np.random.default_rng(20261129)
    sets = [rng.choice([0, 1, 2], 48, p=[0.85, 0.1, 0.05]).tolist() for _ in range(150)]
    assert np.mean([overlapping_t(one[:8], one[8:], [], draws=199).p_value <= 0.05 for one in sets]) <= 0.07


def test_the_published_example_of_two_partly_overlapping_proportions() -> None:
    # Derrick, Dobson-McKittrick, Toher and White 2015, Journal of Applied Quantitative Methods 10(3): p = .053 for z8.
    # Of 15 pairs 8 say yes twice, 1 and 3 once; alone 5 of 9 say yes in the first and 6 of 6 in the second sample.
    assert overlapping_z(14, 24, 17, 21, Pairs(8, 1, 3, 3)).p_value == pytest.approx(0.053, abs=5e-4)


def test_without_pairs_the_z_test_is_the_pooled_one() -> None:
    from statsmodels.stats.proportion import proportions_ztest

    z, p = proportions_ztest([34, 20], [55, 42])
    found = overlapping_z(20, 42, 34, 55, Pairs(0, 0, 0, 0))
    assert (found.statistic, found.p_value) == pytest.approx((z, p))


def test_with_pairs_only_and_equal_margins_the_variance_is_that_of_the_differences() -> None:
    # With p1 = p2 the pooled variance of the change is (b + c)/n² exactly, the one of McNemar's test.
    pairs = Pairs(12, 5, 5, 8)
    n, yes = pairs.n, 17
    pooled = yes / n
    assert pooled * (1 - pooled) * (2 / n - 2 * pairs.phi / n) == pytest.approx(10 / n**2)
    assert overlapping_z(yes, n, yes, n, pairs).p_value == 1.0


def test_pairs_that_agree_make_a_change_easier_to_see() -> None:
    apart = overlapping_z(20, 42, 34, 55, Pairs(0, 0, 0, 0))
    assert overlapping_z(20, 42, 34, 55, Pairs(16, 1, 5, 13)).p_value < apart.p_value
    assert overlapping_z(20, 42, 34, 55, Pairs(4, 13, 12, 6)).p_value > apart.p_value


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 7), st.integers(1, 7), st.data())
def test_the_range_of_p_is_that_of_every_table_of_pairs(n1: int, n2: int, data: st.DataObject) -> None:
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    if x1 + x2 in (0, n1 + n2):
        assert math.isnan(unlinked_p(x1, n1, x2, n2).lowest)
        return
    seen = []
    for a, b, c, d in product(range(8), repeat=4):
        if a + b <= x1 and c + d <= n1 - x1 and a + c <= x2 and b + d <= n2 - x2:
            seen.append(overlapping_z(x1, n1, x2, n2, Pairs(a, b, c, d)).p_value)
    found = unlinked_p(x1, n1, x2, n2)
    assert (found.lowest, found.highest) == pytest.approx((min(seen), max(seen)), abs=1e-12)


def test_a_frame_forces_an_overlap() -> None:
    assert unlinked_p(20, 42, 34, 55, population=71).overlap == (26, 42)
    free, forced = unlinked_p(20, 42, 34, 55), unlinked_p(20, 42, 34, 55, overlap=35)
    assert free.lowest <= forced.lowest < forced.independent < forced.highest <= free.highest
    with pytest.raises(AnalysisError, match="not possible"):
        unlinked_p(20, 42, 34, 55, overlap=10, population=71)


def test_without_overlap_and_frames_the_limits_of_a_change_are_mees() -> None:
    assert tuple(change_interval(20, 42, 34, 55)) == pytest.approx(tuple(mee(34, 55, 20, 42)))


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 6), min_size=8, max_size=8),
    st.one_of(st.none(), st.integers(0, 20)),
    st.sampled_from([0.8, 0.95, 0.99]),
)
def test_limits_of_a_change_leave_zero_out_exactly_where_the_test_rejects(cells: list[int], others: int | None, level: float) -> None:
    pairs, (yes1, no1, yes2, no2) = Pairs(*cells[:4]), cells[4:]
    n1, n2 = pairs.n + yes1 + no1, pairs.n + yes2 + no2
    assume(n1 and n2)
    waves = (pairs.both + pairs.only_first + yes1, n1, pairs.both + pairs.only_second + yes2, n2)
    frames = {} if others is None else {"population1": max(n1, n2) + others, "population2": max(n1, n2) + others}
    limits, p_value = change_interval(*waves, pairs, level, **frames), overlapping_z(*waves, pairs, **frames).p_value
    assume(math.isnan(p_value) or abs(p_value - (1 - level)) > 1e-9)
    assert (0 in limits) == (not p_value < 1 - level) or (math.isnan(p_value) and limits.lower == limits.upper)
    full = others is not None and n1 == n2 == frames["population1"]
    assert (limits.upper > limits.lower) != full
    whatever, highest = unlinked_interval(*waves, level=level), unlinked_p(*waves).highest
    assert (0 in whatever) == (not highest < 1 - level) or abs(highest - (1 - level)) < 1e-9


def test_limits_of_a_change_hold_the_truth_in_waves_drawn_from_a_frame() -> None:
    # A frame of 98 whose answers hang together over the years; 20 of the respondents are the same.
    rng = np.random.default_rng(8)
    first = rng.random(98) < 0.4
    second = np.where(rng.random(98) < 0.5, first, rng.random(98) < 0.7)
    truth = second.mean() - first.mean()
    held, sets = 0, 400
    for _ in range(sets):
        order = rng.permutation(98)
        one, two = first[order[:42]], second[order[22:77]]
        twice = first[order[22:42]], second[order[22:42]]
        cells = [int((a & b).sum()) for a in (twice[0], ~twice[0]) for b in (twice[1], ~twice[1])]
        waves = (int(one.sum()), 42, int(two.sum()), 55)
        held += truth in change_interval(*waves, Pairs(*cells), population1=98, population2=98)
    assert held / sets > 0.93


def test_the_least_change_is_found_four_times_in_five() -> None:
    rng = np.random.default_rng(5)
    least = least_detectable_change(20, 42, 34, 55)
    assert least is not None
    drawn = zip(rng.binomial(42, 20 / 42, 2000).tolist(), rng.binomial(55, 20 / 42 + least, 2000).tolist(), strict=True)
    found = np.mean([overlapping_z(one, 42, two, 55, Pairs(0, 0, 0, 0)).p_value < 0.05 for one, two in drawn])
    assert found == pytest.approx(0.8, abs=0.05)
    assert least_detectable_change(2, 3, 1, 3) is None


def test_the_covariance_of_two_overlapping_samples_is_that_of_every_pair_of_samples() -> None:
    # A frame of 6, waves of 3 and 4 that share exactly 2: all designs are listed.
    first, second = np.array([1, 0, 1, 1, 0, 0]), np.array([1, 0, 0, 1, 1, 0])
    size, n1, n2, both = 6, 3, 4, 2
    means = [
        (first[list(one)].mean(), second[list(two)].mean())
        for one in combinations(range(size), n1)
        for two in combinations(range(size), n2)
        if len(set(one) & set(two)) == both
    ]
    covariance = float(np.cov(np.array(means).T, ddof=0)[0, 1])
    assert covariance == pytest.approx(float(np.cov(first, second)[0, 1]) * (both / (n1 * n2) - 1 / size))


def test_full_counts_of_the_same_frame_leave_no_uncertainty() -> None:
    lower, upper = change_interval(40, 98, 52, 98, Pairs(35, 5, 17, 41), population1=98, population2=98)
    assert (lower, upper) == pytest.approx((12 / 98, 12 / 98))


def test_pairs_must_be_part_of_both_waves() -> None:
    with pytest.raises(AnalysisError, match="not part of the waves"):
        overlapping_z(3, 10, 4, 10, Pairs(4, 0, 0, 0))
    with pytest.raises(AnalysisError, match="or none"):
        change_interval(3, 10, 4, 10, population1=98)
    with pytest.raises(AnalysisError, match="at least two answers"):
        overlapping_t([1], [2, 3], [])


def test_the_range_of_large_waves_holds_the_extremes_of_their_margins() -> None:
    found = unlinked_p(4000, 9000, 4200, 9000, overlap=9000)
    # Everybody answered twice, so the table of pairs has these margins and its extremes are known.
    closest = overlapping_z(4000, 9000, 4200, 9000, Pairs(4000, 0, 200, 4800)).p_value
    farthest = overlapping_z(4000, 9000, 4200, 9000, Pairs(0, 4000, 4200, 800)).p_value
    assert (found.lowest, found.highest) == pytest.approx((closest, farthest))
    assert unlinked_p(4000, 9000, 4200, 9000).overlap == (0, 9000)
