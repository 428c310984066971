"""Saturation by the rule of Guest, Namey and Chen (2020)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvvresearch import AnalysisError
from vvvresearch.themes import saturation


def test_runs_slide_by_one_over_a_fixed_base() -> None:
    found = saturation([10, 5, 3, 2, 4, 1, 0, 1, 0])
    assert found.ratios == pytest.approx([5 / 20, 1 / 20, 1 / 20, 1 / 20])
    assert found.reached_at == "5+2"


def test_a_threshold_of_zero_asks_for_no_new_theme() -> None:
    assert saturation([10, 5, 3, 2, 4, 1, 0, 1, 0, 0], threshold=0).reached_at == "8+2"
    assert saturation([10, 5, 3, 2, 4, 1, 0, 1, 0], threshold=0).reached_at is None


def test_the_threshold_is_compared_exactly() -> None:
    # 3 of 60 is exactly .05; in floating point 3/60 > .05 would depend on rounding.
    assert saturation([30, 20, 8, 2, 2, 1]).reached_at == "4+2"


def test_too_few_interviews_are_not_assessable() -> None:
    found = saturation([5, 2, 1, 0, 0]).in_language("en")
    assert (found.reached_at, found.assessable) == (None, False)
    assert "Not assessable: 5 interviews where 6 are needed." in found.note


def test_an_empty_base_is_not_assessable() -> None:
    found = saturation([0, 0, 0, 0, 3, 0]).in_language("en")
    assert not found.assessable or found.reached_at is None
    assert "no themes" in found.note


@pytest.mark.parametrize("bad", [[1, -1, 0, 0, 0, 0], [1, 0.5, 0, 0, 0, 0], [1, float("nan"), 0, 0, 0, 0]])
def test_broken_counts_are_named_by_interview(bad: list[float]) -> None:
    with pytest.raises(AnalysisError, match="interview 2"):
        saturation(bad)  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 20), min_size=6, max_size=25), st.integers(1, 6), st.integers(1, 3))
def test_every_ratio_is_the_runs_new_themes_over_the_base(new: list[int], base_size: int, run_length: int) -> None:
    found = saturation(new, base_size, run_length)
    base = sum(new[:base_size])
    for place, ratio in enumerate(found.ratios):
        assert ratio == pytest.approx(sum(new[base_size + place : base_size + place + run_length]) / base)
    if found.reached_at:
        before = int(found.reached_at.split("+")[0])
        assert sum(new[before : before + run_length]) * 20 <= base
