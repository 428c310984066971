"""Exact tests agree with listing every outcome, and with other programs where those are right."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.exact_tests import boschloo, cochran_armitage, fisher, freeman_halton, mann_whitney, mcnemar
from vvvresearch.statistics.odds_ratios import conditional_odds_ratio


def midranks(values: Sequence[float]) -> list[Fraction]:
    return [Fraction(2 * sum(other < value for other in values) + sum(other == value for other in values) + 1, 2) for value in values]


def permuted_p(first: Sequence[float], second: Sequence[float]) -> Fraction:
    """Every way to choose who belongs to the first group."""
    ranks = midranks([*first, *second])
    expected = sum(ranks) * Fraction(len(first), len(ranks))
    observed = abs(sum(ranks[: len(first)]) - expected)
    sums = [abs(sum(chosen) - expected) for chosen in combinations(ranks, len(first))]
    return Fraction(sum(distance >= observed for distance in sums), len(sums))


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.lists(st.integers(1, 5), min_size=1, max_size=6))
@settings(deadline=None)
def test_the_rank_test_is_the_permutation_test_also_with_ties(first: list[int], second: list[int]) -> None:
    found = mann_whitney(first, second).p_value
    if len({*first, *second}) == 1:
        assert math.isnan(found)
    else:
        assert found == pytest.approx(float(permuted_p(first, second)), abs=1e-12)


def test_without_ties_the_rank_test_is_that_of_scipy() -> None:
    from scipy import stats

    first, second = [1.1, 2.5, 3.7, 0.2, 9.0], [4.1, 5.5, 6.7, 8.8, 3.1, 7.7]
    assert mann_whitney(first, second).p_value == pytest.approx(stats.mannwhitneyu(first, second, method="exact").pvalue)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=4), st.data())
@settings(deadline=None)
def test_the_trend_test_is_that_of_every_table_with_the_same_margins(groups: list[tuple[int, int]], data: st.DataObject) -> None:
    hits, sizes = [yes for yes, _ in groups], [yes + no for yes, no in groups]
    scores = data.draw(st.lists(st.sampled_from([0, 1, 2, 3.5, -1]), min_size=len(groups), max_size=len(groups)))
    found = cochran_armitage(hits, sizes, scores).p_value
    total, everybody = sum(hits), sum(sizes)
    if total in (0, everybody) or len({score for score, size in zip(scores, sizes, strict=True) if size}) < 2:
        assert math.isnan(found)
        return
    exact = [Fraction(str(score)) for score in scores]
    expected = Fraction(total, everybody) * sum(size * score for size, score in zip(sizes, exact, strict=True))
    observed = abs(sum(hit * score for hit, score in zip(hits, exact, strict=True)) - expected)
    ways = 0
    for table in product(*(range(size + 1) for size in sizes)):
        if sum(table) == total and abs(sum(hit * score for hit, score in zip(table, exact, strict=True)) - expected) >= observed:
            ways += math.prod(math.comb(size, hit) for size, hit in zip(sizes, table, strict=True))
    assert found == pytest.approx(ways / math.comb(everybody, total), abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=4))
@settings(deadline=None)
def test_the_test_of_larger_tables_adds_every_table_as_rare(rows: list[tuple[int, int]]) -> None:
    found = freeman_halton(rows).p_value
    hits, sizes = [yes for yes, _ in rows], [yes + no for yes, no in rows]
    total, everybody = sum(hits), sum(sizes)
    if total in (0, everybody) or sum(size > 0 for size in sizes) < 2:
        assert math.isnan(found)
        return

    def ways(table: Sequence[int]) -> int:
        return math.prod(math.comb(size, hit) for size, hit in zip(sizes, table, strict=True))

    tables = [table for table in product(*(range(size + 1) for size in sizes)) if sum(table) == total]
    rare = sum(ways(table) for table in tables if ways(table) <= ways(hits))
    assert found == pytest.approx(rare / math.comb(everybody, total), abs=1e-9)


def test_two_rows_are_fishers_test_whichever_way_the_table_lies() -> None:
    assert freeman_halton([[3, 9], [7, 2]]).p_value == pytest.approx(fisher([[3, 9], [7, 2]]).p_value)
    assert freeman_halton([[3, 1, 0], [0, 4, 5]]).p_value == pytest.approx(freeman_halton([[3, 0], [1, 4], [0, 5]]).p_value)


RECORDED = Path(__file__).parent.parent / "data" / "reference" / "statistics" / "fisher_larger_tables.json"


@pytest.mark.parametrize("case", json.loads(RECORDED.read_text())["cases"], ids=lambda case: f"p={case['p']:.4g}")
def test_larger_tables_give_the_p_of_r_whichever_way_they_lie(case: dict[str, Any]) -> None:
    table = np.array(case["table"])
    turned = table.T[np.random.default_rng(1).permutation(table.shape[1])][:, ::-1]
    found = freeman_halton(turned.tolist())
    assert (found.p_value, found.error) == (pytest.approx(case["p"], abs=1e-8), 0)


def test_the_mark_of_the_published_job_satisfaction_table() -> None:
    # Agresti 2002, table 2.8 as used in the help page of R's fisher.test: p = 0.7827.
    assert freeman_halton([[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]]).p_value == pytest.approx(0.7827, abs=5e-5)


@given(st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=3, max_size=3))
@settings(deadline=None, max_examples=40)
def test_three_by_three_tables_are_those_of_listing_all_tables_with_the_margins(rows: list[list[int]]) -> None:
    table = np.array(rows)
    found = freeman_halton(rows).p_value
    if (table.sum(axis=0) > 0).sum() < 2 or (table.sum(axis=1) > 0).sum() < 2:
        assert math.isnan(found)
        return

    def ways(cells: np.ndarray[Any, Any]) -> Fraction:
        return Fraction(1, math.prod(math.factorial(int(cell)) for cell in cells.ravel()))

    r, c = table.sum(axis=1), table.sum(axis=0)
    weights = []
    for a, b, d, e in product(range(int(r[0]) + 1), range(int(r[0]) + 1), range(int(r[1]) + 1), range(int(r[1]) + 1)):
        top = np.array([[a, b, r[0] - a - b], [d, e, r[1] - d - e]])
        full = np.vstack([top, c - top.sum(axis=0)])
        if full.min() >= 0:
            weights.append(ways(full))
    assert found == pytest.approx(float(sum(w for w in weights if w <= ways(table)) / sum(weights)), abs=1e-9)


def test_a_table_too_large_to_be_counted_out_is_drawn_with_an_error_and_without_an_order() -> None:
    rng = np.random.default_rng(3)
    table = rng.integers(10, 40, size=(7, 7))
    found = freeman_halton(table.tolist(), draws=20_000)
    assert "20000 tables drawn" in found.test
    assert found.error == pytest.approx(2.5758 * math.sqrt(found.p_value * (1 - found.p_value) / 20_000), rel=1e-4)
    assert freeman_halton(table[::-1].T.tolist(), draws=20_000) == found


def test_tests_and_limits_of_two_by_two_tables_are_those_of_r(reference: Path) -> None:
    from scipy import stats

    for case in json.loads((reference / "intervals" / "expected.json").read_text())["two_proportions"]:
        table = [[case["x1"], case["n1"] - case["x1"]], [case["x2"], case["n2"] - case["x2"]]]
        assert fisher(table).p_value == pytest.approx(case["fisher"]["p"], abs=1e-9)
        # exact2x2 searches its grid of common proportions more coarsely.
        assert boschloo(table).p_value == pytest.approx(case["boschloo_p"], abs=2e-5)
        central = conditional_odds_ratio(table, test="central")
        assert central.value == pytest.approx(case["fisher"]["or"], abs=1e-5)
        # R's fisher.test leaves its limits at the default tolerance of its root finder; scipy's are finer.
        assert (central.lower, central.upper) == pytest.approx(case["fisher"]["ci"], rel=1e-4)
        limits = stats.contingency.odds_ratio(table).confidence_interval(0.95)
        assert (central.lower, central.upper) == pytest.approx((limits.low, limits.high), rel=1e-8)


def test_matching_limits_are_those_published_for_fishers_test() -> None:
    # Fay 2010, R Journal 2(1):53: for 7/262 against 30/494 fisher.test prints p = .04996; what the test does not reject is
    # (.177, .993) and (1.006, 1.014), so its matching interval closes the hole.
    table = [[7, 255], [30, 464]]
    found = conditional_odds_ratio(table)
    assert fisher(table).p_value == pytest.approx(0.04996, abs=1e-5)
    assert found.p_value == pytest.approx(0.04996, abs=1e-5)
    assert (found.lower, found.upper) == pytest.approx((0.177, 1.014), abs=5e-4)


cells = st.integers(0, 9)


@given(cells, cells, cells, cells)
@settings(deadline=None, max_examples=60)
def test_an_odds_ratio_interval_agrees_with_its_own_test(a: int, b: int, c: int, d: int) -> None:
    for test in ("minlike", "central"):
        found = conditional_odds_ratio([[a, b], [c, d]], test=test)
        assert found.lower <= found.upper
        if math.isnan(found.value):
            assert found.p_value == 1.0
            continue
        assert found.lower <= found.value <= found.upper
        if found.p_value > 0.0501:
            assert found.lower <= 1 <= found.upper
        mirrored = conditional_odds_ratio([[b, a], [d, c]], test=test)
        if found.lower > 0:
            assert mirrored.upper == pytest.approx(1 / found.lower, rel=1e-4)


@given(st.integers(0, 12), st.integers(0, 12))
@settings(deadline=None)
def test_mcnemars_exact_test_is_that_of_statsmodels(only_first: int, only_second: int) -> None:
    from statsmodels.stats.contingency_tables import mcnemar as other

    if only_first + only_second:
        table = [[5, only_first], [only_second, 5]]
        assert mcnemar(only_first, only_second).p_value == pytest.approx(other(table, exact=True).pvalue, abs=1e-12)
    assert mcnemar(only_first, only_second, mid_p=True).p_value <= mcnemar(only_first, only_second).p_value


def test_boschloo_is_never_less_powerful_than_the_sides_of_fisher() -> None:
    for table in ([[1, 9], [6, 4]], [[0, 5], [3, 2]], [[7, 3], [3, 7]]):
        side = min(fisher(table, "less").p_value, fisher(table, "greater").p_value)
        assert boschloo(table).p_value <= 2 * side + 1e-12


def test_a_margin_that_is_empty_leaves_nothing_to_test() -> None:
    for table in ([[0, 0], [3, 4]], [[0, 5], [0, 4]]):
        assert math.isnan(fisher(table).p_value)
        assert math.isnan(boschloo(table).p_value)
        assert math.isnan(freeman_halton(table).p_value)
    assert mcnemar(0, 0).p_value == 1.0


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(AnalysisError, match="two rows"):
        fisher([[1, 2, 3], [4, 5, 6]])
    with pytest.raises(AnalysisError, match="negative"):
        boschloo([[1, -2], [3, 4]])
    with pytest.raises(AnalysisError, match="between 0 and its size"):
        cochran_armitage([4, 1], [3, 3])
    with pytest.raises(AnalysisError, match="both groups need answers"):
        mann_whitney([], [1, 2])
    with pytest.raises(AnalysisError, match="too many"):
        mann_whitney(list(range(900)), list(range(900)))
