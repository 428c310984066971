"""Weighted totals and means have the standard errors of R's package survey."""

from __future__ import annotations

import json
import math
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.calibration import Weights, greg, post_stratify, rake
from vvvresearch.statistics.estimates import weighted_mean, weighted_proportion, weighted_total

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent.parent / "data" / "reference" / "survey" / "estimates.json").read_text())
G, H = {"a": 10, "b": 18, "c": 12}, {"l": 25, "s": 15}
UNEQUAL = np.array([2, 5, 1, 3, 4, 2, 6, 3, 2, 5, 4, 3], dtype=float)


def weights_of(design: str, recorded: list[float]) -> Weights | list[float]:
    plain = np.full(12, 40 / 12)
    if design.startswith("poststratified"):
        return post_stratify(RECORDED["g"], G, base=plain)
    if design.startswith("raked"):
        base = UNEQUAL if "unequal" in design else plain
        return rake({"g": RECORDED["g"], "h": RECORDED["h"]}, {"g": G, "h": H}, base=base)
    if design.startswith("greg"):
        return greg(np.column_stack([np.ones(12), RECORDED["x"]]), [40, 230], base=plain)
    return recorded


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: case["design"])
def test_totals_and_means_are_those_of_r(case: dict[str, Any]) -> None:
    weights = weights_of(case["design"], case["weights"])
    population = None if "no frame" in case["design"] else 40
    for place, name in enumerate("yx"):
        total = weighted_total(RECORDED[name], weights, population)
        mean = weighted_mean(RECORDED[name], weights, population)
        assert (total.value, mean.value) == pytest.approx((case["total"][place], case["mean"][place]), rel=1e-8)
        assert (total.se, mean.se) == pytest.approx((case["se_total"][place], case["se_mean"][place]), abs=1e-6)
    share = weighted_proportion(RECORDED["y"], weights, population)
    assert (share.value, share.se) == pytest.approx((case["mean"][0], case["se_mean"][0]), abs=1e-6)
    assert 0 <= share.lower < share.value < share.upper <= 1
    assert share.n == 12


def test_a_group_within_raked_weights_is_that_of_r() -> None:
    wanted = RECORDED["domain"]
    among = np.array(RECORDED["x"]) > 3
    weights = weights_of(wanted["of"], [])
    mean, total = (each(RECORDED["y"], weights, 40, among=among) for each in (weighted_mean, weighted_total))
    assert (mean.value, mean.se) == pytest.approx((wanted["mean"], wanted["se_mean"]), abs=1e-6)
    assert (total.value, total.se) == pytest.approx((wanted["total"], wanted["se_total"]), abs=1e-6)
    assert mean.n == int(among.sum())


def test_equal_weights_in_a_frame_have_the_variance_of_all_samples() -> None:
    frame = np.array([1, 4, 2, 8, 5, 7], dtype=float)
    means = [np.mean(sample) for sample in combinations(frame, 3)]
    squares = [weighted_mean(sample, [2.0] * 3, 6).se ** 2 for sample in combinations(frame, 3)]
    assert np.mean(squares) == pytest.approx(np.var(means))


def test_a_full_count_has_no_error_and_a_share_of_one_is_not_certain_without_it() -> None:
    assert weighted_mean([3, 4, 8], [1.0, 1.0, 1.0], 3).se == 0
    full = weighted_proportion([1, 1, 1], [1.0, 1.0, 1.0], 3)
    assert (full.lower, full.upper) == (1, 1)
    sampled = weighted_proportion([1, 1, 1], [1.0, 1.0, 1.0], 30)
    assert sampled.lower < 0.5


def test_what_cannot_be_estimated_is_refused_in_one_sentence() -> None:
    for arguments, words in (
        (([1], [1.0]), "at least two"),
        (([1, 2], [1.0]), "a value and a weight"),
        (([1, math.nan], [1.0, 1.0]), "missing"),
        (([1, 2], [1.0, -1.0]), "not negative"),
        (([1, 2], [0.0, 0.0]), "nobody"),
        (([1, 2], [1.0, 1.0], 1), "smaller"),
    ):
        with pytest.raises(AnalysisError, match=words):
            weighted_mean(*arguments)
    with pytest.raises(AnalysisError, match="0 and 1"):
        weighted_proportion([1, 2], [1.0, 1.0])
    assert weighted_mean([1, math.nan, 2], [1.0, 1.0, 1.0], among=[True, False, True]).value == 1.5
