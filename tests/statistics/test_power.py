"""What could have been seen is what simulated comparisons see."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.differences import points_between
from vvvresearch.statistics.exact_tests import boschloo, fisher, freeman_halton, mann_whitney
from vvvresearch.statistics.power import (
    least_detectable_in_table,
    least_detectable_points,
    least_detectable_shift,
    p_values_of_all_tables,
    power_of_proportions,
    power_of_ranks,
)


@pytest.mark.parametrize(("n1", "n2"), [(5, 9), (8, 8), (1, 6)])
def test_every_outcome_has_the_p_of_its_own_test(n1: int, n2: int) -> None:
    exact, unconditional = p_values_of_all_tables((n1, n2), "fisher"), p_values_of_all_tables((n1, n2), "boschloo")
    for a in range(n1 + 1):
        for b in range(n2 + 1):
            if 0 < a + b < n1 + n2:
                table = [[a, n1 - a], [b, n2 - b]]
                assert exact[a, b] == pytest.approx(fisher(table).p_value, abs=1e-9)
                assert unconditional[a, b] == pytest.approx(boschloo(table).p_value, abs=5e-4)


def test_power_is_the_chance_of_every_outcome_that_is_rejected() -> None:
    n1, n2, p1, p2 = 6, 7, 0.2, 0.9
    expected = sum(
        math.comb(n1, a) * p1**a * (1 - p1) ** (n1 - a) * math.comb(n2, b) * p2**b * (1 - p2) ** (n2 - b)
        for a in range(n1 + 1)
        for b in range(n2 + 1)
        if 0 < a + b < n1 + n2 and fisher([[a, n1 - a], [b, n2 - b]]).p_value <= 0.05
    )
    assert power_of_proportions(n1, n2, p1, p2) == pytest.approx(expected)
    assert power_of_proportions(n1, n2, p1, p2, 0.01) < expected <= power_of_proportions(n1, n2, p1, p2, test="boschloo")


def test_the_power_of_fishers_test_is_that_of_simulated_groups() -> None:
    rng = np.random.default_rng(4)
    drawn = zip(rng.binomial(30, 0.2, 800).tolist(), rng.binomial(30, 0.5, 800).tolist(), strict=True)
    rejected = [fisher([[a, 30 - a], [b, 30 - b]]).p_value <= 0.05 for a, b in drawn]
    assert power_of_proportions(30, 30, 0.2, 0.5) == pytest.approx(np.mean(rejected), abs=0.05)


def test_the_least_difference_is_found_with_the_wanted_power_and_a_smaller_one_is_not() -> None:
    for level in (0.05, 0.05 / 12):
        rise = least_detectable_points(40, 30, 0.5, level)
        fall = least_detectable_points(40, 30, 0.5, level, upwards=False)
        assert fall is not None
        assert rise is not None
        assert power_of_proportions(40, 30, 0.5, 0.5 + rise, level) == pytest.approx(0.8, abs=0.005)
        assert power_of_proportions(40, 30, 0.5, 0.5 + rise - 0.02, level) < 0.8
        assert power_of_proportions(40, 30, 0.5, 0.5 - fall, level) == pytest.approx(0.8, abs=0.005)
    wide = least_detectable_points(40, 30, 0.5, 0.05)
    assert wide is not None
    assert rise is not None
    assert wide < rise


def test_what_no_difference_would_show_has_no_least_difference() -> None:
    assert least_detectable_points(3, 3, 0.5) is None
    assert least_detectable_points(30, 30, 0.2, upwards=False) is None
    assert least_detectable_shift([0.5, 0.5], 2, 2, 0.001) is None


@pytest.mark.parametrize(
    ("n1", "n2", "one", "two", "level"),
    [
        (8, 8, [0.1, 0.2, 0.3, 0.4], [0.5, 0.3, 0.1, 0.1], 0.05),
        (6, 12, [0.05, 0.15, 0.3, 0.5], [0.5, 0.3, 0.15, 0.05], 0.05),
        (25, 25, [0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], 0.005),
        (15, 15, [0.1, 0.2, 0.7], [0.5, 0.3, 0.2], 0.05),
    ],
)
def test_the_power_of_ranks_is_that_of_simulated_groups(n1: int, n2: int, one: list[float], two: list[float], level: float) -> None:
    rng = np.random.default_rng(8)
    seen: dict[tuple[object, ...], bool] = {}
    rejected = []
    for _ in range(500):
        groups = tuple(tuple(sorted(rng.choice(len(shares), n, p=shares).tolist())) for n, shares in ((n1, one), (n2, two)))
        if groups not in seen:
            seen[groups] = mann_whitney(*groups).p_value <= level
        rejected.append(seen[groups])
    assert power_of_ranks(one, two, n1, n2, level) == pytest.approx(np.mean(rejected), abs=0.06)


def test_without_ties_and_shift_the_power_of_ranks_is_the_level() -> None:
    even = [0.02] * 50
    assert power_of_ranks(even, even, 20, 30, 0.05) == pytest.approx(0.05, abs=0.001)
    assert power_of_ranks([1.0, 0.0], [1.0, 0.0], 5, 5) == 0


def test_the_least_shift_has_the_wanted_power() -> None:
    found = least_detectable_shift([0.25] * 4, 20, 20)
    smaller = least_detectable_shift([0.25] * 4, 40, 40)
    stricter = least_detectable_shift([0.25] * 4, 20, 20, 0.05 / 12)
    assert found is not None
    assert smaller is not None
    assert stricter is not None
    assert smaller < found < stricter < 1


def test_impossible_groups_shares_and_levels_are_refused() -> None:
    for call, words in (
        (lambda: power_of_proportions(0, 3, 0.1, 0.2), "need answers"),
        (lambda: power_of_proportions(3, 3, 1.1, 0.2), "no share"),
        (lambda: power_of_proportions(3, 3, 0.1, 0.2, 5), "level"),
        (lambda: power_of_proportions(3, 3, 0.1, 0.2, test="z"), "not known"),
        (lambda: power_of_ranks([0.5, 0.6], [0.5, 0.5], 3, 3), "add up to 1"),
        (lambda: power_of_ranks([0.5, 0.5], [1.0], 3, 3), "same levels"),
    ):
        with pytest.raises(AnalysisError, match=words):
            call()


@given(st.integers(1, 120), st.integers(1, 120), st.data(), st.integers(0, 2))
def test_differences_are_rounded_half_away_from_zero_from_the_counts(n1: int, n2: int, data: st.DataObject, decimals: int) -> None:
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    numerator, denominator = 100 * (x2 * n1 - x1 * n2) * 10**decimals, n1 * n2
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    expected = Decimal(whole if numerator >= 0 else -whole).scaleb(-decimals)
    assert points_between(x1, n1, x2, n2, decimals) == expected


def test_all_ties_of_small_bases_round_away_from_zero() -> None:
    ties = 0
    for n1 in range(1, 41):
        for n2 in (16, 40, 80):
            for x1 in range(n1 + 1):
                for x2 in range(0, n2 + 1, 3):
                    exact = 1000 * (Fraction(x2, n2) - Fraction(x1, n1))
                    if exact.denominator == 2:
                        ties += 1
                        nearest = Decimal(exact.numerator) / 20
                        assert points_between(x1, n1, x2, n2) == nearest.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    assert ties > 100


@pytest.mark.parametrize(("sizes", "answers"), [([30, 24, 16], 2), ([11, 10, 6], 3), ([18, 12], 4)])
def test_a_table_finds_what_it_says_four_times_in_five(sizes: list[int], answers: int) -> None:
    rng = np.random.default_rng(8)
    least = least_detectable_in_table(sizes, answers, 0.35)
    assert least is not None
    shares = [[p, *[(1 - p) / (answers - 1)] * (answers - 1)] for p in (0.35, 0.35 + least, 0.35 + least / 2)[: len(sizes)]]
    drawn = np.stack([rng.multinomial(n, row, 200) for n, row in zip(sizes, shares, strict=True)], axis=1)
    found = [freeman_halton(table.tolist()).p_value <= 0.05 for table in drawn]
    assert np.mean(found) == pytest.approx(0.8, abs=0.07)


def test_tables_of_several_groups_have_the_p_of_their_own_test_and_both_directions_are_alike() -> None:
    sizes = (6, 5, 4)
    exact = p_values_of_all_tables(sizes, "fisher")
    for yes in [(1, 4, 2), (0, 0, 4), (3, 2, 2), (6, 1, 0)]:
        table = [[x, n - x] for x, n in zip(yes, sizes, strict=True)]
        assert exact[yes] == pytest.approx(freeman_halton(table).p_value, abs=1e-12)
    sizes = (30, 24, 16)
    least = least_detectable_in_table(sizes, 2, 0.35)
    fall = least_detectable_in_table(sizes, 2, 0.65, upwards=False)
    assert fall == pytest.approx(least, abs=1e-6)
    assert least_detectable_in_table([40, 30], 2, 0.5) == least_detectable_points(40, 30, 0.5)
    assert least_detectable_in_table([3, 3, 3], 2, 0.5) is None
