"""What is no answer to the question asked ends in one error of ours, and a stated order is used."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import half_up
from vvvresearch.statistics.cooccurrence import documents_together, passages_together, text_shared
from vvvresearch.statistics.estimates import weighted_mean
from vvvresearch.statistics.exact_tests import boschloo, cochran_armitage, fisher, mann_whitney
from vvvresearch.statistics.intervals import wilson
from vvvresearch.statistics.multiplicity import holm
from vvvresearch.statistics.ordinal import kruskal
from vvvresearch.statistics.overlap import overlapping_t
from vvvresearch.statistics.power import least_detectable_gap, power_of_gap
from vvvresearch.statistics.response import partial_indicators, r_indicator
from vvvresearch.statistics.scales import mcdonald_omega
from vvvresearch.survey.intervals import possible_counts
from vvvresearch.themes import saturation
from vvvresearch.themes.agreement import brennan_prediger, gwet_ac2, krippendorff_alpha, unitizing_alpha

RATINGS = pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 2]})
SPANS = pd.DataFrame({"source": "t", "coder": ["x", "y"], "start": [0, 2], "end": [5, 7], "value": "k"})


@pytest.mark.parametrize(
    "call",
    [
        lambda: krippendorff_alpha(None),
        lambda: krippendorff_alpha(RATINGS.to_numpy()),
        lambda: krippendorff_alpha(RATINGS, "interwal"),
        lambda: krippendorff_alpha(RATINGS.replace(3, math.inf), "interval"),
        lambda: krippendorff_alpha(pd.DataFrame({"a": [[1], [2]], "b": [[1], [1]]})),
        lambda: gwet_ac2(RATINGS, weights="square"),
        lambda: unitizing_alpha(None, 20),
        lambda: unitizing_alpha(SPANS.drop(columns="value"), 20),
        lambda: unitizing_alpha(SPANS.assign(value=[None, "k"]), 20),
        lambda: unitizing_alpha(SPANS.assign(start=[np.nan, 2]), 20),
        lambda: unitizing_alpha(SPANS.assign(start=[-1, 2]), 20),
        lambda: unitizing_alpha(SPANS, "twenty"),
        lambda: saturation(None),
        lambda: saturation("123456"),
        lambda: saturation(["1", 2, 3, 1, 1, 1]),
        lambda: saturation([5, 3, 2, 1, 0, 0], base_size="4"),
        lambda: saturation([5, 3, 2, 1, 0, 0], run_length=1.5),
        lambda: possible_counts("1e999999999", 5),
        lambda: possible_counts(5, 5, decimals=10**9),
        lambda: holm(None),
        lambda: fisher(None),
        lambda: boschloo([[1_000_000, 3], [5, 1_000_000]]),
        lambda: wilson(3, 10**30),
        lambda: mann_whitney(["a"], [1]),
        lambda: kruskal({"a": 5, "b": [1]}),
        lambda: weighted_mean([1, 2], ["a", "b"]),
        lambda: mcdonald_omega([]),
        lambda: power_of_gap(1_000_000, 0.1, 0.2),
        lambda: least_detectable_gap(12, None),
        lambda: r_indicator([True, False], {"size": ["small", "small"]}),
        lambda: r_indicator([None] * 4, {"size": ["small", "large"] * 2}),
        lambda: partial_indicators(np.array([0.5]), {"size": ["small"]}),
        lambda: partial_indicators(np.array([np.nan] * 2), {"size": ["small", "large"]}),
        lambda: cochran_armitage([1, 2], [3, 3], [0, math.nan]),
        lambda: documents_together(np.full((4, 2), np.nan)),
        lambda: documents_together([[2, 3]]),
        lambda: passages_together([0], [math.nan], [0], [5], [10]),
        lambda: passages_together([0], [7], [0], [5], [10], 5),
        lambda: text_shared([0, 0], [0, 1], [5, 5], [2, 2], 2),
        lambda: overlapping_t([1e300, 1e300], [1, 2], []),
        lambda: mcdonald_omega([[1e200, 1e200, 1], [1, 1, 1], [2, 2, 2]]),
    ],
)
def test_a_strange_argument_is_one_clear_error(call: Callable[[], object]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(AnalysisError):
            call()


def test_the_order_of_an_ordered_categorical_is_the_order_of_the_ratings() -> None:
    words = ["lav", "mellem", "høj"]
    kind = pd.CategoricalDtype(words, ordered=True)
    rated = pd.DataFrame({"a": ["lav", "høj", "mellem", "lav"], "b": ["lav", "mellem", "mellem", "mellem"]})
    numbers = rated.replace(dict(zip(words, (1, 2, 3), strict=True))).astype(int)
    expected = krippendorff_alpha(numbers, "ordinal").value
    assert krippendorff_alpha(rated.astype(kind), "ordinal").value == pytest.approx(expected)
    assert gwet_ac2(rated.astype(kind)).value == pytest.approx(gwet_ac2(numbers).value)
    assert krippendorff_alpha(rated, "ordinal", categories=words).value == pytest.approx(expected)


def test_ratings_that_are_all_missing_leave_the_coefficient_undefined() -> None:
    nothing = pd.DataFrame({"a": [np.nan] * 3, "b": [np.nan] * 3})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert math.isnan(brennan_prediger(nothing).value)


def test_a_length_may_be_a_number_of_numpy() -> None:
    assert unitizing_alpha(SPANS.astype({"start": "Int64", "end": float}), np.int64(20)).u == unitizing_alpha(SPANS, 20).u


def test_a_number_of_any_size_is_rounded_and_an_indicator_stays_between_nothing_and_all() -> None:
    with pytest.raises(AnalysisError, match="too large"):
        weighted_mean([1e300, 2e300], [1, 1])
    assert [half_up(1e300, 1) == 10**300, half_up(-2.5), half_up(5e-324, 1)] == [True, -3, 0]
    all_or_nothing = r_indicator([True, False] * 10, {"size": ["small", "large"] * 10})
    assert all_or_nothing.value == all_or_nothing.adjusted == all_or_nothing.lower == 0
