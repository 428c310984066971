"""Limits of agreement and of Cliff's delta hold in few units, and never look certain where they are not."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.agreement import CoefficientName, coefficient
from vvvresearch.statistics.ranks import cliffs_delta

NAMES: tuple[CoefficientName, ...] = ("percent", "cohen", "scott", "brennan_prediger", "gwet", "alpha")


def two_coders(cells: list[int]) -> pd.DataFrame:
    """Units from the counts of (1, 1), (1, 0), (0, 1), (0, 0)."""
    pairs = [pair for pair, times in zip(((1, 1), (1, 0), (0, 1), (0, 0)), cells, strict=True) for _ in range(times)]
    return pd.DataFrame(pairs, columns=["a", "b"])


def test_however_many_coders_and_categories_agreement_has_half_a_unit_before_anything_is_seen() -> None:
    # Of three coders, three categories and units that all agree or are told apart by all the share is Jeffreys' beta distribution.
    from scipy import stats

    ratings = pd.DataFrame([[c, c, c] for c in (0, 1, 2, 0, 1)] + [[0, 1, 2]] * 3, columns=["a", "b", "c"])
    lower, upper = coefficient(ratings, "percent").interval
    # The half unit for the rest may agree in one pair of three, so the limits lie a little above those of nothing at all.
    assert stats.beta.ppf(0.015, 5.5, 3.5) <= lower <= stats.beta.ppf(0.015, 5.5, 3.5) + 0.03
    assert stats.beta.ppf(0.9925, 5.5, 3.5) - 0.01 <= upper <= stats.beta.ppf(0.9925, 5.5, 3.5) + 0.03
    everybody = coefficient(pd.DataFrame({"a": [1] * 5, "b": [1] * 5}), "percent").interval
    assert everybody == pytest.approx((stats.beta.ppf(0.015, 5.5, 0.5), 1), abs=0.01)


@pytest.mark.parametrize("cells", [[5, 2, 1, 4], [9, 0, 0, 6], [0, 7, 5, 1]])
def test_percent_agreement_and_what_follows_from_it_have_the_limits_of_a_beta_distribution(cells: list[int]) -> None:
    # Two patterns of agreement with a quarter each, and two of disagreement: Jeffreys' beta distribution, between 1.5 and 99.25 %.
    from scipy import stats

    alike, apart = cells[0] + cells[3], cells[1] + cells[2]
    lower, upper = stats.beta.ppf([0.015, 0.9925], alike + 0.5, apart + 0.5)
    lower, upper = min(lower, alike / (alike + apart)), max(upper, alike / (alike + apart))
    assert coefficient(two_coders(cells), "percent").interval == pytest.approx((lower, upper), abs=0.01)
    chance_free = coefficient(two_coders(cells), "brennan_prediger", categories=[0, 1]).interval
    assert chance_free == pytest.approx((2 * lower - 1, 2 * upper - 1), abs=0.02)


@pytest.mark.parametrize("name", NAMES)
def test_perfect_agreement_in_five_units_is_not_certain(name: CoefficientName) -> None:
    found = coefficient(two_coders([3, 0, 0, 2]), name)
    assert found.value == 1
    assert found.interval[0] < 0.8
    assert found.interval[1] == 1


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 8), min_size=4, max_size=4), st.sampled_from(NAMES))
def test_the_limits_hold_the_coefficient_and_do_not_depend_on_which_coder_comes_first(cells: list[int], name: CoefficientName) -> None:
    if sum(cells) < 2:
        return
    found = coefficient(two_coders(cells), name, categories=[0, 1])
    turned = coefficient(two_coders([cells[0], cells[2], cells[1], cells[3]]), name, categories=[0, 1])
    if math.isnan(found.value):
        assert math.isnan(found.interval[0])
        return
    assert found.interval[0] <= found.value <= found.interval[1]
    assert found.interval[0] < found.interval[1]
    assert turned.interval == pytest.approx(found.interval, abs=1e-6)


@pytest.mark.parametrize(("name", "prevalence", "right"), [("cohen", 0.3, 0.75), ("gwet", 0.15, 0.85), ("alpha", 0.5, 0.97)])
def test_limits_of_ten_units_hold_the_truth_over_all_tables(name: CoefficientName, prevalence: float, right: float) -> None:
    from scipy import stats

    one = np.array([right, 1 - right])
    chances = (prevalence * np.outer(one, one) + (1 - prevalence) * np.outer(one[::-1], one[::-1])).ravel()
    truth = coefficient(two_coders((chances * 4000).round().astype(int).tolist()), name).value
    covered = defined = 0.0
    for cells in product(range(11), repeat=4):
        # Tables that hardly ever come about are left out; they are counted as if they missed the truth.
        if sum(cells) == 10 and (chance := float(stats.multinomial.pmf(cells, 10, chances))) > 8e-4:
            lower, upper = coefficient(two_coders(list(cells)), name, categories=[0, 1]).interval
            defined += chance * (not math.isnan(lower))
            covered += chance * (lower - 0.001 <= truth <= upper + 0.001)
    assert covered / defined >= 0.93


def test_units_of_one_document_count_as_their_document() -> None:
    rng = np.random.default_rng(5)
    agree = np.repeat(rng.random(12) < 0.7, 10)
    first = np.tile([0, 1], 60)
    ratings = pd.DataFrame({"a": first, "b": np.where(agree, first, 1 - first)})
    apart = coefficient(ratings, "cohen").interval
    within = coefficient(ratings, "cohen", clusters=np.repeat(np.arange(12), 10).tolist()).interval
    assert within[1] - within[0] > 2 * (apart[1] - apart[0])
    alone = coefficient(ratings, "cohen", clusters=list(range(120))).interval
    # Two methods: they come near to each other where units are many.
    assert alone == pytest.approx(apart, abs=0.03)
    assert coefficient(ratings, "cohen", clusters=["one"] * 120).interval == (-1, 1)
    with pytest.raises(AnalysisError, match="needs a cluster"):
        coefficient(ratings, "cohen", clusters=["one"])


def test_many_coders_and_categories_have_limits_too() -> None:
    rng = np.random.default_rng(6)
    for coders, categories in ((3, 2), (4, 5), (9, 3)):
        true = rng.integers(0, categories, size=12)
        table = np.where(rng.random((12, coders)) < 0.8, true[:, None], rng.integers(0, categories, size=(12, coders)))
        for name in ("fleiss", "conger", "alpha"):
            found = coefficient(pd.DataFrame(table), name)
            assert found.interval[0] < found.value < found.interval[1]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=7), st.lists(st.integers(1, 4), min_size=1, max_size=7))
def test_the_limits_of_cliffs_delta_solve_newcombes_equation(first: list[int], second: list[int]) -> None:
    found = cliffs_delta(first, second)
    m, n = len(first), len(second)
    delta = sum((a > b) - (a < b) for a in first for b in second) / (m * n)
    assert found.estimate == pytest.approx(delta)
    assert found.lower < found.upper
    seen, extra = (delta + 1) / 2, (m + n) / 2 - 1
    for limit, outermost in ((found.lower, -1.0), (found.upper, 1.0)):
        theta = (limit + 1) / 2
        variance = theta * (1 - theta) * (1 + extra * (1 - theta) / (2 - theta) + extra * theta / (1 + theta)) / (m * n)
        if not (limit == outermost and abs(delta) == 1):
            assert abs(seen - theta) == pytest.approx(1.959964 * math.sqrt(variance), abs=1e-5)
            assert abs(seen - theta) > 1e-6
    mirrored = cliffs_delta(second, first)
    assert (mirrored.lower, mirrored.upper) == pytest.approx((-found.upper, -found.lower), abs=1e-9)


def test_three_against_three_without_overlap_is_not_certain() -> None:
    found = cliffs_delta([4, 5, 6], [1, 2, 3])
    assert (found.estimate, found.upper) == (1, 1)
    assert found.lower < 0.05


def test_the_limits_of_cliffs_delta_hold_the_truth_in_groups_of_four_to_six() -> None:
    rng = np.random.default_rng(9)
    high, low = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.3, 0.3, 0.2, 0.2])
    truth = sum(high[i] * low[j] * np.sign(i - j) for i in range(4) for j in range(4))
    for m, n in ((4, 4), (4, 6), (6, 6)):
        drawn = [cliffs_delta(rng.choice(4, m, p=high), rng.choice(4, n, p=low)) for _ in range(300)]
        assert np.mean([truth in found for found in drawn]) >= 0.93


def test_a_group_without_answers_has_no_delta() -> None:
    with pytest.raises(AnalysisError, match="both groups need answers"):
        cliffs_delta([], [1])
    with pytest.raises(AnalysisError, match="both groups need answers"):
        cliffs_delta([1], [math.nan])
