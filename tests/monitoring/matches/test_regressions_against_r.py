"""Cox and Fine–Gray regressions against R's survival and cmprsk (tests/data/reference/survival)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.hazard_regression import PHReg

from vvvresearch.errors import AnalysisError
from vvvresearch.monitoring.matches import cox, fine_gray

FOLDER = Path(__file__).parents[2] / "data" / "reference" / "survival"
MADE = json.loads((FOLDER / "matches.json").read_text())
MATCHES = pd.read_csv(FOLDER / "matches.csv", keep_default_na=False)
COVARIATES = MATCHES[["size", "kind"]]


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("efron", {}),
        ("late", {"entry": MATCHES["entry"]}),
        ("late_strata", {"entry": MATCHES["entry"], "strata": MATCHES["stratum"]}),
        ("breslow", {"ties": "breslow"}),
    ],
)
def test_cox_regression_and_its_check_are_those_of_r(key: str, options: dict[str, Any]) -> None:
    model, given = cox(MATCHES["months"], MATCHES["event"], COVARIATES, **options), MADE["cox"][key]
    assert model.frame[["term", "level"]].values.tolist() == [["size", ""], ["kind", "group"], ["kind", "single"]]
    for name in ("coefficient", "se", "p"):
        np.testing.assert_allclose(model.frame[name], given[name], rtol=1e-7, err_msg=name)
    np.testing.assert_allclose(model.log_likelihood, given["log_likelihood"], rtol=1e-9)
    np.testing.assert_allclose(model.check[["statistic", "df", "p"]].to_numpy(float), given["check"], rtol=1e-6)
    assert model.check["term"].tolist() == ["size", "kind", ""]


def test_statsmodels_alone_counts_who_enters_at_an_event_time() -> None:
    given = MADE["cox"]["late"]["coefficient"]
    columns = pd.get_dummies(COVARIATES, drop_first=True).astype(float)
    trap = PHReg(MATCHES["months"], columns, status=MATCHES["event"], entry=MATCHES["entry"], ties="efron").fit(disp=0).params
    assert np.abs(trap - given).max() > 1e-3


def test_limits_are_walds_on_the_log_scale() -> None:
    row = cox(MATCHES["months"], MATCHES["event"], COVARIATES, level=0.9).frame.iloc[0]
    assert row["upper"] == pytest.approx(np.exp(row["coefficient"] + 1.6448536 * row["se"]))
    assert row["lower"] * row["upper"] == pytest.approx(row["hazard_ratio"] ** 2)


@pytest.mark.parametrize("given", MADE["fine_gray"], ids=lambda given: given["cause"])
def test_fine_gray_regression_is_that_of_cmprsk(given: dict[str, Any]) -> None:
    model = fine_gray(MATCHES["months"], MATCHES["reason"], COVARIATES, given["cause"])
    np.testing.assert_allclose(model.frame["coefficient"], given["coefficient"], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(model.frame["se"], given["se"], rtol=1e-6)
    np.testing.assert_allclose(model.log_likelihood, given["log_likelihood"], rtol=1e-9)
    assert model.check.empty


def test_rs_other_weighting_differs_by_thousandths_where_ends_and_censorings_tie() -> None:
    ours = fine_gray(MATCHES["months"], MATCHES["reason"], COVARIATES, "premature").frame["coefficient"]
    gap = np.abs(ours - MADE["finegray_of_survival"]).max()
    assert 1e-3 < gap < 5e-3


def test_rows_without_a_covariate_are_left_out_and_counted() -> None:
    holed = COVARIATES.copy()
    holed.loc[[3, 7], "size"] = np.nan
    kept = holed.notna().all(axis=1)
    model = cox(MATCHES["months"], MATCHES["event"], holed, entry=MATCHES["entry"])
    whole = cox(MATCHES["months"][kept], MATCHES["event"][kept], COVARIATES[kept], entry=MATCHES["entry"][kept])
    assert (model.dropped, model.n) == (2, 398)
    pd.testing.assert_frame_equal(model.frame, whole.frame)
    assert fine_gray(MATCHES["months"], MATCHES["reason"], holed, "moved").dropped == 2


def test_a_hazard_that_changes_with_time_fails_the_check() -> None:
    rng = np.random.default_rng(4)
    treated = np.repeat([0, 1], 400)
    times = np.where(treated == 1, rng.weibull(3, 800), rng.weibull(0.8, 800))
    check = cox(times, np.ones(800), pd.DataFrame({"treated": treated})).check
    assert check["p"].iloc[0] < 1e-6


@pytest.mark.parametrize(
    ("covariates", "words"),
    [
        (pd.DataFrame({"x": [1, 1, 1, 1]}), "x does not vary"),
        (pd.DataFrame({"x": [1, 2, 3, 4], "y": [2, 4, 6, 8]}), "one covariate follows from the others"),
        (pd.DataFrame({"x": [1, 2]}), "covariates has 2 rows, time has 4 values"),
        (pd.DataFrame({"x": ["a", "a", "a", "a"]}), "no covariate varies"),
        (pd.DataFrame({"x": [1, 1, 0, 0]}), "no finite estimate"),
        (pd.DataFrame(index=range(4)), "there is no covariate"),
    ],
)
def test_covariates_that_cannot_be_estimated_are_refused(covariates: pd.DataFrame, words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        cox([1, 2, 3, 4], [1, 1, 0, 0], covariates)


def test_a_reason_that_no_one_in_a_group_has_gives_no_finite_estimate() -> None:
    with pytest.raises(AnalysisError, match="no finite estimate"):
        fine_gray([1, 2, 3, 4, 5, 6], [*list("xxyyy"), ""], pd.DataFrame({"z": [1, 1, 0, 0, 0, 0]}), "x")
