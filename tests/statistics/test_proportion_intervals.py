"""Intervals for one proportion agree with other programs and keep their promise of coverage."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.intervals import finite_exact, finite_mid_p, finite_wilson
from vvvresearch.survey.intervals import proportion_interval, worst_case_bounds


@pytest.fixture(scope="module")
def expected(reference: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((reference / "intervals" / "expected.json").read_text())
    return found


@pytest.mark.parametrize(("key", "level"), [("ci95", 0.95), ("ci90", 0.90)])
@pytest.mark.parametrize("method", ["wilson", "clopper-pearson", "jeffreys", "agresti-coull", "mid-p"])
def test_binomial_intervals_are_those_of_desctools(expected: dict[str, Any], method: str, key: str, level: float) -> None:
    for case in expected["binomial"]:
        lower, upper = proportion_interval(case["x"], case["n"], method=method, level=level)
        limits = case[key]["midp" if method == "mid-p" else method]
        # DescTools leaves mid-p at the default tolerance of its root finder.
        near = 1e-4 if method == "mid-p" else 1e-6
        assert (lower, upper) == pytest.approx((limits["lower"], limits["upper"]), abs=near)


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(0, 60))
def test_mid_p_limits_leave_half_the_error_in_each_tail(n: int, x: int) -> None:
    from scipy import stats

    x = min(x, n)
    lower, upper = proportion_interval(x, n, method="mid-p")
    if x > 0:
        assert stats.binom.sf(x, n, lower) + stats.binom.pmf(x, n, lower) / 2 == pytest.approx(0.025, abs=1e-9)
    if x < n:
        assert stats.binom.cdf(x - 1, n, upper) + stats.binom.pmf(x, n, upper) / 2 == pytest.approx(0.025, abs=1e-9)


def test_finite_population_intervals_are_those_of_the_reference(expected: dict[str, Any]) -> None:
    for case in expected["finite"]:
        x, n, size = case["x"], case["n"], case["N"]
        wilson = proportion_interval(x, n, population=size, method="wilson")
        assert tuple(wilson) == pytest.approx((case["wilson_fpc_neff"]["lower"], case["wilson_fpc_neff"]["upper"]), abs=1e-6)
        for method, key in (("exact", "exact_hypergeom_tail"), ("mid-p", "exact_hypergeom_midp")):
            found = proportion_interval(x, n, size, method)
            assert (found.lower_count, found.upper_count) == (case[key]["count_lower"], case[key]["count_upper"])
            assert tuple(found) == pytest.approx((case[key]["lower"], case[key]["upper"]), abs=1e-9)


def test_the_worked_example_of_40_among_72_in_a_frame_of_98() -> None:
    shown = [
        tuple(round(100 * limit, 1) for limit in interval)
        for interval in (proportion_interval(40, 72), proportion_interval(40, 72, 98, "exact"), worst_case_bounds(40, 72, 98))
    ]
    assert shown == [(44.1, 66.5), (49.0, 61.2), (40.8, 67.3)]


def direct_limits(x: int, n: int, size: int, alpha: tuple[int, int], *, half: bool) -> tuple[int, int]:
    """Every M tried one by one in whole numbers: the definition itself, without the search of the code under test."""
    kept = []
    for hits in range(size + 1):
        ways = [math.comb(hits, k) * math.comb(size - hits, n - k) if n - k >= 0 else 0 for k in range(n + 1)]
        above, below = 2 * sum(ways[x:]) - half * ways[x], 2 * sum(ways[: x + 1]) - half * ways[x]
        if above * alpha[1] > alpha[0] * sum(ways) and below * alpha[1] > alpha[0] * sum(ways):
            kept.append(hits)
    return kept[0], kept[-1]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_finite_limits_are_those_of_trying_every_population_count(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 30))
    n = data.draw(st.integers(1, size))
    x = data.draw(st.integers(0, n))
    level, alpha = data.draw(st.sampled_from([(0.95, (1, 20)), (0.9, (1, 10)), (0.5, (1, 2)), (0.99, (1, 100))]))
    for method, half in ((finite_exact, False), (finite_mid_p, True)):
        found = method(x, n, size, level)
        assert (found.lower_count, found.upper_count) == direct_limits(x, n, size, alpha, half=half)


@pytest.mark.parametrize("size", [7, 12, 20])
def test_the_exact_finite_interval_covers_every_population_count_at_its_level(size: int) -> None:
    for n in range(1, size + 1):
        intervals = [finite_exact(x, n, size, 0.9) for x in range(n + 1)]
        for hits in range(size + 1):
            ways = [math.comb(hits, x) * math.comb(size - hits, n - x) for x in range(n + 1)]
            covered = sum(w for w, i in zip(ways, intervals, strict=True) if (i.lower_count or 0) <= hits <= (i.upper_count or 0))
            assert covered * 10 >= sum(ways) * 9


def test_clopper_pearson_covers_at_its_level_over_a_grid_of_proportions() -> None:
    from scipy import stats

    intervals = [proportion_interval(x, 12, method="clopper-pearson") for x in range(13)]
    for p in (step / 200 for step in range(1, 200)):
        assert sum(stats.binom.pmf(x, 12, p) for x, interval in enumerate(intervals) if p in interval) >= 0.95


def test_a_full_count_has_no_interval() -> None:
    for method in ("exact", "wilson", "mid-p"):
        assert tuple(proportion_interval(31, 98, 98, method)) == (31 / 98, 31 / 98)
    assert tuple(worst_case_bounds(31, 98, 98)) == (31 / 98, 31 / 98)


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60))
def test_the_exact_interval_lies_within_the_worst_case(n: int, x: int, rest: int) -> None:
    x = min(x, n)
    bounds, exact, wilson = worst_case_bounds(x, n, n + rest), finite_exact(x, n, n + rest), finite_wilson(x, n, n + rest)
    assert bounds.lower <= exact.lower <= x / n <= exact.upper <= bounds.upper or n == n + rest
    assert 0 <= wilson.lower <= x / n <= wilson.upper <= 1


@settings(deadline=None)
@given(st.integers(1, 80), st.integers(0, 80), st.sampled_from(["wilson", "clopper-pearson", "jeffreys", "agresti-coull", "mid-p"]))
def test_intervals_mirror_when_hits_and_misses_change_places(n: int, x: int, method: str) -> None:
    x = min(x, n)
    lower, upper = proportion_interval(x, n, method=method)
    other_lower, other_upper = proportion_interval(n - x, n, method=method)
    assert (lower, upper) == pytest.approx((1 - other_upper, 1 - other_lower), abs=1e-9)


def test_large_and_small_populations_are_counted_alike() -> None:
    from vvvresearch.statistics import intervals

    for x, n in ((0, 40), (7, 40), (40, 40), (300, 900)):
        exact = [tuple(method(x, n, 2900)) for method in (finite_exact, finite_mid_p)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(intervals, "_EXACT_POPULATION", 0)
            assert [tuple(method(x, n, 2900)) for method in (finite_exact, finite_mid_p)] == exact


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"x": 0, "n": 0}, "the base is empty"),
        ({"x": 5, "n": 4}, "5 of 4"),
        ({"x": -1, "n": 4}, "-1 of 4"),
        ({"x": 1.5, "n": 4}, "whole number"),
        ({"x": float("nan"), "n": 4}, "whole number"),
        ({"x": 1, "n": 4, "population": 3}, "smaller than the number of answers"),
        ({"x": 1, "n": 4, "level": 95}, "level must lie between"),
        ({"x": 1, "n": 4, "method": "wilsn"}, "wilsn"),
        ({"x": 1, "n": 4, "population": 9, "method": "jeffreys"}, "finite population"),
    ],
)
def test_impossible_arguments_give_one_clear_error(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        proportion_interval(**arguments)


def test_with_a_population_the_default_is_exact_and_without_one_wilsons() -> None:
    assert proportion_interval(40, 72, 98) == finite_exact(40, 72, 98)
    assert proportion_interval(40, 72).method == "wilson"


@pytest.mark.parametrize(("n", "size"), [(9, 12), (16, 59), (42, 98), (72, 98), (97, 98)])
def test_the_default_covers_every_population_at_its_level_and_stays_within_the_worst_case(n: int, size: int) -> None:
    limits = [proportion_interval(x, n, size) for x in range(n + 1)]
    for x, found in enumerate(limits):
        bounds = worst_case_bounds(x, n, size)
        assert bounds.lower <= found.lower <= found.upper <= bounds.upper
    for hits in range(size + 1):
        held = sum(
            math.comb(hits, x) * math.comb(size - hits, n - x) for x in range(n + 1) if limits[x].lower <= hits / size <= limits[x].upper
        )
        assert held >= 0.95 * math.comb(size, n)
