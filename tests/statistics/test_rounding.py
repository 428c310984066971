"""Which counts can stand behind a printed percentage."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import half_up
from vvvresearch.statistics.rounding import SwappedDigits, Truncation, common_bases, explain_percentage, summed_level_counts
from vvvresearch.survey.intervals import possible_counts


@settings(deadline=None)
@given(st.integers(1, 400), st.data(), st.integers(0, 2))
def test_possible_counts_turn_half_up_rounding_round(n: int, data: st.DataObject, decimals: int) -> None:
    count = data.draw(st.integers(0, n))
    printed = half_up(Fraction(100 * count, n), decimals)
    found = possible_counts(printed, n, decimals)
    assert found == [k for k in range(n + 1) if half_up(Fraction(100 * k, n), decimals) == printed]
    assert count in found


@settings(deadline=None)
@given(st.integers(1, 300), st.integers(0, 100))
def test_cut_off_digits_are_turned_round_too(n: int, percent: int) -> None:
    assert possible_counts(percent, n, rounding="truncate") == [k for k in range(n + 1) if 100 * k // n == percent]


def test_half_a_percent_goes_up_and_never_to_the_even_number() -> None:
    assert possible_counts(13, 8) == [1]
    assert possible_counts(12, 8) == []
    assert possible_counts("12,5", 8, decimals=1) == [1]


def test_figures_outside_0_to_100_have_no_counts() -> None:
    assert possible_counts(101, 42) == possible_counts(-3, 42) == []
    assert possible_counts(0, 42) == [0]
    assert possible_counts(100, 42) == [42]


@settings(deadline=None)
@given(st.integers(1, 45), st.integers(0, 100), st.integers(2, 3))
def test_summed_levels_are_those_of_every_split(n: int, percent: int, levels: int) -> None:
    def rounded(k: int) -> int:
        return int(half_up(Fraction(100 * k, n)))

    def totals(k: int, parts: int) -> set[int]:
        if parts == 1:
            return {rounded(k)}
        return {rounded(first) + rest for first in range(k + 1) for rest in totals(k - first, parts - 1)}

    if levels == 3 and n > 12:
        n = 12
    assert summed_level_counts(percent, n, levels=levels) == [k for k in range(n + 1) if percent in totals(k, levels)]


def test_the_bases_that_fit_all_figures_of_an_item() -> None:
    assert common_bases([(percent, 0) for percent in (46, 42, 41, 37, 10)], 72) == [59, 71]
    assert common_bases([(percent, 0) for percent in (36, 16, 9, 11, 41)], 72, 0.6) == [44, 56, 64, 70]


def test_an_explanation_is_offered_only_for_what_is_impossible() -> None:
    assert explain_percentage(70, 40).explanations == ()
    verdict = explain_percentage(47, 40)
    assert Truncation((19,)) in verdict.explanations
    assert verdict.nearest == ((Decimal(45), 18), (Decimal(48), 19))
    assert SwappedDigits(Decimal(65), (26,)) in explain_percentage(56, 40).explanations


def test_a_figure_of_one_level_is_not_explained_by_summing_levels() -> None:
    assert [type(each).__name__ for each in explain_percentage(91, 72, levels=1).explanations] == [
        "SmallerBase",
        "Truncation",
        "SwappedDigits",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((41, 0), "empty"), (("x", 9), "not a number"), ((41.7, 72), "more than 0 decimals"), ((float("nan"), 9), "not a number")],
)
def test_what_is_no_percentage_or_base_is_refused(arguments: tuple[object, int], words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        possible_counts(*arguments)
    with pytest.raises(AnalysisError, match="half-down"):
        possible_counts(41, 72, rounding="half-down")  # type: ignore[arg-type]
