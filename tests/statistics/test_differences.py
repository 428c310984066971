"""Intervals for differences agree with other programs and with the definition of the score interval."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.differences import constrained_first, mee, miettinen_nurminen, newcombe
from vvvresearch.survey.intervals import difference_interval


def test_score_limits_are_those_of_desctools_and_propcis(reference: Path) -> None:
    for case in json.loads((reference / "intervals" / "miettinen_nurminen.json").read_text()):
        counts = case["x1"], case["n1"], case["x2"], case["n2"]
        assert tuple(difference_interval(*counts)) == pytest.approx(case["miettinen_nurminen"], abs=1e-8)
        assert tuple(mee(*counts)) == pytest.approx(case["mee"], abs=1e-8)


def test_every_difference_method_agrees_with_desctools(reference: Path) -> None:
    # DescTools stops its own iteration for the score limits at about 4e-6.
    for case in json.loads((reference / "intervals" / "expected.json").read_text())["two_proportions"]:
        counts = case["x1"], case["n1"], case["x2"], case["n2"]
        for method, key in ((miettinen_nurminen, "mn"), (mee, "mee"), (newcombe, "score")):
            limits = case["diff_ci95"][key]
            assert tuple(method(*counts)) == pytest.approx((limits["lower"], limits["upper"]), abs=1e-9 if key == "score" else 1e-5)


def test_newcombe_gives_the_published_intervals() -> None:
    # Newcombe 1998, table II, method 10: (a) 56/70 − 48/80, (b) 9/10 − 3/10, (g) 0/10 − 0/20.
    for counts, limits in (((56, 70, 48, 80), (0.0524, 0.3339)), ((9, 10, 3, 10), (0.1705, 0.8090)), ((0, 10, 0, 20), (-0.1611, 0.2775))):
        assert tuple(newcombe(*counts)) == pytest.approx(limits, abs=6e-5)


@given(st.integers(1, 25), st.integers(1, 25), st.data())
@settings(deadline=None)
def test_score_limits_are_where_the_score_statistic_crosses_its_quantile(n1: int, n2: int, data: st.DataObject) -> None:
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    lower, upper = miettinen_nurminen(x1, n1, x2, n2)
    assert -1 <= lower <= x1 / n1 - x2 / n2 <= upper <= 1
    for limit in (lower, upper):
        if abs(limit) < 1 - 1e-9:
            # The constrained estimate by a search over a grid of its own likelihood, not by the closed form.
            first = best_first(x1, n1, x2, n2, limit)
            assert constrained_first(x1 / n1, x2 / n2, n1, n2, limit) == pytest.approx(first, abs=2e-5)
            second = first - limit
            variance = (first * (1 - first) / n1 + second * (1 - second) / n2) * (n1 + n2) / (n1 + n2 - 1)
            assert (x1 / n1 - x2 / n2 - limit) ** 2 / variance == pytest.approx(1.959963985**2, rel=2e-3)


def best_first(x1: int, n1: int, x2: int, n2: int, delta: float) -> float:
    def likelihood(p: float) -> float:
        parts = ((x1, p), (n1 - x1, 1 - p), (x2, p - delta), (n2 - x2, 1 - p + delta))
        return sum(k * math.log(q) if q > 0 else -math.inf for k, q in parts if k)

    low, high = max(0.0, delta), min(1.0, 1 + delta)
    for _ in range(200):
        third = (high - low) / 3
        if likelihood(low + third) < likelihood(high - third):
            low += third
        else:
            high -= third
    return (low + high) / 2


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_limits_change_sign_when_the_groups_change_places(n1: int, n2: int, data: st.DataObject) -> None:
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    for method in (miettinen_nurminen, newcombe):
        lower, upper = method(x1, n1, x2, n2)
        other_lower, other_upper = method(x2, n2, x1, n1)
        assert (lower, upper) == pytest.approx((-other_upper, -other_lower), abs=1e-7)


def test_no_hits_in_either_group_still_leaves_an_interval() -> None:
    # Under p2 = 0 the limit solves d² = z²·(20/19)·d(1−d)/10.
    square = 1.959963985**2 * 20 / 19 / 10
    assert miettinen_nurminen(0, 10, 0, 10).upper == pytest.approx(square / (1 + square), abs=1e-6)


def test_full_counts_of_both_frames_leave_no_uncertainty() -> None:
    found = difference_interval(40, 98, 31, 71, "newcombe", population1=98, population2=71)
    assert tuple(found) == pytest.approx((40 / 98 - 31 / 71,) * 2)


def test_a_frame_without_a_correction_and_an_unknown_method_are_refused() -> None:
    with pytest.raises(AnalysisError, match="no correction"):
        difference_interval(4, 9, 3, 9, population1=98)
    with pytest.raises(AnalysisError, match="waldo"):
        difference_interval(4, 9, 3, 9, "waldo")
    with pytest.raises(AnalysisError, match="empty"):
        difference_interval(0, 0, 3, 9)
