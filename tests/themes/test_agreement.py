"""Agreement coefficients against published worked examples and other programs."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch import AnalysisError
from vvvresearch.themes import agreement
from vvvresearch.themes.agreement import krippendorff_alpha, unitizing_alpha


@pytest.fixture(scope="module")
def published(reference: Path) -> dict[str, Any]:
    return json.loads((reference / "agreement" / "expected.json").read_text())


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_gives_krippendorffs_example_with_missing_ratings(published: dict[str, Any], level: Any) -> None:
    example = published["krippendorff_C_4coders_missing"]
    found = krippendorff_alpha(pd.DataFrame(example["data"]).T, level)
    assert found.value == pytest.approx(example["verified"]["krippendorff_pypi"][level], abs=1e-12)
    assert found.n_units == 11  # one of the twelve units has a single rating


@pytest.mark.parametrize("weights", ["identity", "linear", "quadratic", "ordinal", "ratio"])
@pytest.mark.parametrize(("name", "key"), [("fleiss_kappa", "fleiss"), ("gwet_ac2", "gwet"), ("brennan_prediger", "bp")])
def test_weighted_coefficients_equal_irrcac_on_gwets_four_raters(published: dict[str, Any], name: str, key: str, weights: str) -> None:
    example = published["gwet_cac_raw4raters"]
    found = getattr(agreement, name)(pd.DataFrame(example["data"]).T, weights=weights)
    assert found.value == pytest.approx(example["verified"]["irrCAC"][weights][key], abs=1e-6)


def test_ac1_and_percent_agreement_give_gwets_printed_values(published: dict[str, Any]) -> None:
    example = published["gwet_cac_raw4raters"]
    ratings = pd.DataFrame(example["data"]).T
    assert agreement.gwet_ac1(ratings).value == pytest.approx(example["expected"]["AC1"], abs=6e-4)
    assert agreement.percent_agreement(ratings).value == pytest.approx(example["expected"]["percent_agreement"], abs=6e-4)


def test_fleiss_kappa_gives_the_printed_value_of_1971(published: dict[str, Any]) -> None:
    example = published["fleiss_1971"]
    assert agreement.fleiss_kappa(pd.DataFrame(example["data_units"])).value == pytest.approx(example["expected"]["fleiss_kappa"], abs=1e-3)


def test_cohens_kappa_gives_the_printed_value_of_1960(published: dict[str, Any]) -> None:
    example = published["cohen_1960_p45"]
    rows = [(a, b) for a, line in enumerate(example["table"]) for b, times in enumerate(line) for _ in range(times)]
    found = agreement.cohen_kappa(pd.DataFrame(rows))
    assert found.value == pytest.approx(example["expected"]["kappa"], abs=6e-4)
    assert found.interval[0] < found.value < found.interval[1]


def unitizing_example(published: dict[str, Any]) -> tuple[dict[str, Any], pd.DataFrame]:
    example = published["krippendorff_2019_fig12_11_unitizing"]
    rows = [
        ("text", coder, start - 1, end, value) for coder, spans in example["units_1based_inclusive"].items() for start, end, value in spans
    ]
    return example, pd.DataFrame(rows, columns=["source", "coder", "start", "end", "value"])


def test_unitizing_alpha_gives_krippendorffs_figure_12_11(published: dict[str, Any]) -> None:
    example, segments = unitizing_example(published)
    found = unitizing_alpha(segments, example["L"])
    for name, value in zip(("u_alpha_nominal", "u_alpha_binary", "cu_alpha_nominal"), (found.u, found.binary, found.cu), strict=True):
        assert value == pytest.approx(example["expected"][name], abs=2e-3)
        assert value == pytest.approx(example["verified"]["own_reimplementation"][name], abs=1e-5)
    per_value = found.per_value.set_index("value")
    for value, cu in example["per_value_expected"].items():
        assert per_value.loc[value, "cu"] == pytest.approx(cu)
    for value, coverage in example["per_value_expected_coverage"].items():
        assert per_value.loc[value, "coverage"] == pytest.approx(coverage)


def test_two_equal_sources_keep_the_ratio_of_matched_to_coded_matter(published: dict[str, Any]) -> None:
    example, segments = unitizing_example(published)
    twice = pd.concat([segments, segments.assign(source="again")])
    one, two = unitizing_alpha(segments, example["L"]), unitizing_alpha(twice, {"text": 60, "again": 60})
    assert two.per_value["coverage"].tolist() == pytest.approx(one.per_value["coverage"].tolist())


def test_overlapping_segments_of_one_coder_are_refused_with_their_place() -> None:
    spans = pd.DataFrame({"source": "a", "coder": ["x", "x", "y"], "start": [0, 3, 0], "end": [5, 8, 5], "value": ["k", "k", "k"]})
    with pytest.raises(AnalysisError, match="overlap") as caught:
        unitizing_alpha(spans, 20)
    assert "coder x, 3–8" in caught.value.where


def test_one_category_is_undefined_and_says_so() -> None:
    same = pd.DataFrame({"a": [1, 1, 1], "b": [1, 1, 1]})
    for name in ("krippendorff_alpha", "cohen_kappa", "fleiss_kappa", "scott_pi", "gwet_ac1", "brennan_prediger"):
        found = getattr(agreement, name)(same).in_language("en")
        assert math.isnan(found.value), name
        assert "undefined" in found.note


def test_a_missing_rating_is_no_category() -> None:
    ratings = pd.DataFrame({"a": ["x", "y", None, "x"], "b": ["x", "y", "y", None]})
    assert krippendorff_alpha(ratings).value == 1.0
    assert krippendorff_alpha(ratings).n_units == 2


RATINGS = st.lists(st.lists(st.sampled_from([0, 1, 2, np.nan]), min_size=3, max_size=3), min_size=3, max_size=12)


@settings(deadline=None)
@given(RATINGS)
def test_alpha_does_not_depend_on_the_order_of_coders_or_units(rows: list[list[float]]) -> None:
    ratings = pd.DataFrame(rows)
    one = krippendorff_alpha(ratings).value
    other = krippendorff_alpha(ratings.iloc[::-1, ::-1]).value
    assert (math.isnan(one) and math.isnan(other)) or one == pytest.approx(other, abs=1e-9)


@settings(deadline=None)
@given(RATINGS)
def test_alpha_equals_the_krippendorff_package(rows: list[list[float]]) -> None:
    import krippendorff

    ratings = pd.DataFrame(rows)
    try:
        expected = krippendorff.alpha(ratings.to_numpy().T, level_of_measurement="nominal")
    except ValueError:  # that package raises where the coefficient is undefined
        expected = math.nan
    found = krippendorff_alpha(ratings).value
    assert (math.isnan(found) and math.isnan(expected)) or found == pytest.approx(expected, abs=1e-9)


def test_three_coders_are_too_many_for_cohen() -> None:
    with pytest.raises(AnalysisError, match="compares two coders"):
        agreement.cohen_kappa(pd.DataFrame([[1, 1, 0]]))
