"""Weights reach their targets or say why not; the R-indicator sees unequal response and no more."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.calibration import greg, post_stratify, rake
from vvvresearch.statistics.response import partial_indicators, r_indicator

cell = st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"))


@settings(deadline=None)
@given(st.lists(cell, min_size=1, max_size=30), st.data())
def test_post_stratified_weights_add_up_to_every_target(answers: list[tuple[str, str]], data: st.DataObject) -> None:
    totals = {each: data.draw(st.integers(1, 40)) for each in set(answers)}
    weights = post_stratify(answers, totals).values
    for each, total in totals.items():
        assert sum(w for w, found in zip(weights, answers, strict=True) if found == each) == pytest.approx(total)


@given(st.lists(cell, max_size=20), st.data())
@settings(deadline=None)
def test_raked_weights_add_up_to_every_margin(some: list[tuple[str, str]], data: st.DataObject) -> None:
    answers = [*some, *((one, two) for one in "ab" for two in "xyz")]
    frame = [data.draw(cell) for _ in range(25)] + [(one, two) for one in "ab" for two in "xyz"]
    margins = {"first": [one for one, _ in answers], "second": [two for _, two in answers]}
    totals = {
        "first": {name: sum(one == name for one, _ in frame) for name in "ab"},
        "second": {name: sum(two == name for _, two in frame) for name in "xyz"},
    }
    weights = rake(margins, totals).values
    assert (weights > 0).all()
    for name, values in margins.items():
        for category, total in totals[name].items():
            found = sum(w for w, value in zip(weights, values, strict=True) if value == category)
            assert found == pytest.approx(total, rel=1e-6)


def test_raking_is_the_proportional_fitting_of_the_table() -> None:
    # Deming and Stephan's way by hand on a 2×2 table 10, 20, 30, 40 with margins (50, 50) and (60, 40).
    table = np.array([[10.0, 20.0], [30.0, 40.0]])
    for _ in range(500):
        table *= (np.array([50, 50]) / table.sum(axis=1))[:, None]
        table *= np.array([60, 40]) / table.sum(axis=0)
    rows = [name for name, count in zip("abab", (10, 30, 20, 40), strict=True) for _ in range(count)]
    columns = [name for name, count in zip("xxyy", (10, 30, 20, 40), strict=True) for _ in range(count)]
    weights = rake({"r": rows, "c": columns}, {"r": {"a": 50, "b": 50}, "c": {"x": 60, "y": 40}}).values
    assert weights[:10].sum() == pytest.approx(table[0, 0], rel=1e-7)


def test_linear_calibration_is_the_regression_estimator() -> None:
    rng = np.random.default_rng(7)
    x, y = rng.uniform(1, 9, 40), rng.uniform(0, 1, 40)
    design = np.column_stack([np.ones(40), x])
    start = np.full(40, 98 / 40)
    weights = greg(design, [98, 520.0], base=start).values
    slope, intercept = np.polyfit(x, y, 1)
    assert weights.sum() == pytest.approx(98)
    assert weights @ x == pytest.approx(520)
    assert weights @ y == pytest.approx(98 * intercept + slope * 520)


def test_linear_calibration_on_all_categories_is_post_stratification() -> None:
    cells = list("aaabbbbbcc")
    totals = {"a": 20, "b": 30, "c": 5}
    design = np.array([[each == name for name in "abc"] for each in cells], dtype=float)
    expected = post_stratify(cells, totals).values
    assert greg(design, list(totals.values())).values == pytest.approx(expected)


@pytest.mark.parametrize(
    ("margins", "totals", "words"),
    [
        ({"r": list("aab")}, {"r": {"a": 4, "b": 2, "c": 3}}, "a target but no answer for c"),
        ({"r": list("aab")}, {"r": {"a": 4, "b": 0}}, "the target is zero for b"),
        ({"r": list("aab")}, {"r": {"a": 4}}, "no target for b"),
        ({"r": list("aab"), "s": list("xyx")}, {"r": {"a": 4, "b": 2}, "s": {"x": 3, "y": 9}}, "different totals"),
        ({"r": list("aab")}, {"r": {"a": 4, "b": float("nan")}}, "no count"),
        ({"r": list("aabb"), "s": list("xxyy")}, {"r": {"a": 4, "b": 2}, "s": {"x": 3, "y": 3}}, "cannot be raked"),
        ({}, {}, "at least one variable"),
    ],
)
def test_weights_that_cannot_be_raked_give_one_clear_error(margins: dict, totals: dict, words: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(AnalysisError) as caught:
        rake(margins, totals)
    assert words in str(caught.value)


def test_totals_that_no_weights_reach_are_refused() -> None:
    with pytest.raises(AnalysisError, match="no weights reach"):
        greg(np.array([[1.0, 1.0], [1.0, 1.0]]), [10, 12], names=["all", "region"])
    with pytest.raises(AnalysisError, match="base weights"):
        post_stratify(["a"], {"a": 3}, base=np.array([0.0]))


def test_the_price_of_unequal_weights_is_kishs() -> None:
    found = post_stratify(["a", "a", "b"], {"a": 2, "b": 4})
    assert found.design_effect == pytest.approx(3 * (1 + 1 + 16) / 36)
    assert found.effective_n == pytest.approx(3 / (54 / 36))


def test_equal_response_everywhere_is_wholly_representative() -> None:
    found = r_indicator([True, True, False, False] * 10, {"size": list("ssssllll") * 5})
    assert found.value == pytest.approx(1.0)
    assert found.adjusted == 1.0
    assert math.isnan(found.standard_error)
    assert found.lower < 0.9
    assert found.upper == 1.0


def test_with_one_variable_propensities_are_the_response_rates_of_its_categories() -> None:
    answered = [True] * 30 + [False] * 10 + [True] * 20 + [False] * 20
    found = r_indicator(answered, {"size": ["s"] * 40 + ["l"] * 40})
    assert found.propensities == pytest.approx([0.75] * 40 + [0.5] * 40)
    spread = math.sqrt(80 * 0.125**2 / 79)
    assert found.value == pytest.approx(1 - 2 * spread)
    # The noise of a rate is ρ(1−ρ)/n; "centred" leaves out the noise of the mean of both.
    noise = (0.75 * 0.25 / 40 + 0.25 / 40) / 2
    centred = noise - (0.75 * 0.25 / 40 + 0.25 / 40) / 4
    assert found.adjusted == pytest.approx(1 - 2 * math.sqrt(spread**2 - noise))
    other = r_indicator(answered, {"size": ["s"] * 40 + ["l"] * 40}, adjustment="centred")
    assert other.adjusted == pytest.approx(1 - 2 * math.sqrt(spread**2 - centred))
    # By hand: R = 1 − |ρ1 − ρ2|·√(n/(n−1)), so its variance is that of the difference of the two rates.
    assert found.standard_error == pytest.approx(math.sqrt(0.75 * 0.25 / 40 + 0.25 / 40), rel=0.06)


def test_a_category_without_any_answer_does_not_break_the_indicator() -> None:
    answered = [True] * 20 + [False] * 10 + [False] * 8
    found = r_indicator(answered, {"region": ["n"] * 30 + ["s"] * 8, "copy": ["n"] * 30 + ["s"] * 8})
    assert found.propensities[-1] < 1e-4
    assert 0 < found.adjusted < 1
    assert math.isfinite(found.standard_error)


def test_the_limits_of_the_indicator_lie_on_the_scale_of_the_variance_of_propensities() -> None:
    # One variable with rates of 30/40 and 20/40: S² = (ρ1 − ρ2)²·n/(4(n − 1)), so its variance is that of a squared difference.
    answered = [True] * 30 + [False] * 10 + [True] * 20 + [False] * 20
    found = r_indicator(answered, {"size": ["s"] * 40 + ["l"] * 40})

    def beyond(half: float) -> float:
        """How far 0.625 ± half lies from the estimate, in units of its own reach."""
        rates = 0.625 + half, 0.625 - half
        v = sum(rate * (1 - rate) / 40 for rate in rates)
        # Var(D²/4) for D normal with mean 2·half and variance v is (4·(2·half)²·v + 2·v²)/16.
        # Two coefficients fitted to 80 units leave 78 degrees of freedom; the quantile is from a table of Student's t.
        reach = 1.990847 * math.sqrt((16 * half**2 * v + 2 * v**2) / 16 * 80 / 78)
        return (80 * half**2 / 79 + v / 2 - 80 * 0.125**2 / 79) / reach

    low, high = 0.125, 0.37
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(middle) < 1 else (low, middle)
    assert found.upper == 1.0
    assert found.lower == pytest.approx(1 - 2 * math.sqrt(80 * low**2 / 79), abs=1e-3)


def test_the_limits_hold_the_truth_in_a_frame_of_98() -> None:
    rng = np.random.default_rng(98)
    region, size = rng.integers(0, 5, 98), rng.integers(0, 3, 98)
    variables = {"region": region.tolist(), "size": size.tolist()}
    for strength in (0.0, 1.0):
        linear = 1 + strength * (np.array([-0.8, -0.3, 0, 0.5, 1])[region] + np.array([0, 0.4, -0.4])[size])
        true = 1 / (1 + np.exp(-linear))
        truth = 1 - 2 * true.std(ddof=1)
        runs = [r_indicator(rng.random(98) < true, variables) for _ in range(50)]
        assert np.mean([run.lower <= truth <= run.upper for run in runs]) >= 0.93


@pytest.mark.slow
def test_the_standard_error_and_the_adjustment_agree_with_repeated_surveys() -> None:
    rng = np.random.default_rng(20211101)
    region, size = rng.integers(0, 5, 600), rng.integers(0, 3, 600)
    true = 1 / (1 + np.exp(-(0.3 + np.array([-0.8, -0.3, 0, 0.5, 1])[region] + np.array([0, 0.4, -0.4])[size])))
    variables = {"region": region.tolist(), "size": size.tolist()}
    runs = [r_indicator(rng.random(600) < true, variables, adjustment="centred") for _ in range(300)]
    truth = 1 - 2 * true.std(ddof=1)
    values, adjusted = np.array([run.value for run in runs]), np.array([run.adjusted for run in runs])
    assert np.mean([run.standard_error for run in runs]) == pytest.approx(values.std(), rel=0.12)
    assert abs(adjusted.mean() - truth) < 0.006
    assert abs(values.mean() - truth) > abs(adjusted.mean() - truth)


def test_unconditional_partial_indicators_add_up_to_the_variance_between_categories() -> None:
    rho = np.array([0.75] * 40 + [0.5] * 40 + [0.6] * 20)
    rows = partial_indicators(rho, {"size": ["s"] * 40 + ["m"] * 40 + ["l"] * 20})
    whole = next(row for row in rows if not row.category)
    assert whole.unconditional == pytest.approx(rho.std())
    assert whole.conditional == pytest.approx(rho.std(ddof=1))
    assert {row.category: row.unconditional > 0 for row in rows if row.category} == {"s": True, "m": False, "l": False}


def test_a_variable_that_another_one_explains_has_no_conditional_part() -> None:
    rho = np.array([0.75] * 40 + [0.5] * 40)
    rows = partial_indicators(rho, {"size": ["s"] * 40 + ["l"] * 40, "same": ["x"] * 40 + ["y"] * 40})
    assert all(row.conditional == pytest.approx(0) for row in rows)


def test_a_response_without_variation_or_with_gaps_is_refused() -> None:
    with pytest.raises(AnalysisError, match="everybody answered"):
        r_indicator([True] * 4, {"size": list("aabb")})
    with pytest.raises(AnalysisError, match="not known for every unit"):
        r_indicator([True, False], {"size": ["a", None]})
    with pytest.raises(AnalysisError, match="at least one variable"):
        r_indicator([True, False], {})
    with pytest.raises(AnalysisError, match="no units"):
        r_indicator([], {"size": []})
