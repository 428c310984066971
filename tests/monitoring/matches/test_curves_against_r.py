"""Curves and tests of equal curves against what R's survival and cmprsk gave (tests/data/reference/survival)."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from vvvresearch.errors import AnalysisError
from vvvresearch.monitoring.matches import cumulative_incidence, gray, kaplan_meier, log_rank
from vvvresearch.statistics.intervals import clopper_pearson

FOLDER = Path(__file__).parents[2] / "data" / "reference" / "survival"
GIVEN = {analysis["id"]: analysis for analysis in json.loads((FOLDER / "expected.json").read_text())["analyses"]}
MADE = json.loads((FOLDER / "matches.json").read_text())
MATCHES = pd.read_csv(FOLDER / "matches.csv", keep_default_na=False)
CLOSE = {"rtol": 1e-9, "atol": 1e-9}


def number(values: Any) -> np.ndarray:
    return np.array(values, dtype=float)


def given_data(analysis: dict[str, Any]) -> pd.DataFrame:
    return pd.read_csv(FOLDER / analysis["file"], dtype={analysis["group"]: str})


@pytest.mark.parametrize("name", ["lung_sex", "aml_x", "heart_delayed_entry"])
def test_survival_at_given_times_is_what_r_prints(name: str) -> None:
    analysis = GIVEN[name]
    data = given_data(analysis)
    entry = data[analysis["entry"]] if analysis["entry"] else None
    curves = kaplan_meier(data[analysis["time"]], data[analysis["status"]] == analysis["event"], entry, data[analysis["group"]])
    for row in analysis["table"]:
        found = curves.at([row["time"]]).set_index("group").loc[row["stratum"].split("=")[1]]
        if row["n_risk"]:
            assert found["at_risk"] == row["n_risk"]
        for column, other in (("survival", "surv"), ("se", "std_err"), ("lower", "lower"), ("upper", "upper")):
            if row[other] is not None and row["n_risk"]:
                assert found[column] == pytest.approx(row[other], abs=1e-9), (row, column)


@pytest.mark.parametrize("name", ["lung_sex", "aml_x", "heart_delayed_entry"])
def test_medians_and_quartiles_with_limits_are_what_r_prints(name: str) -> None:
    analysis = GIVEN[name]
    data = given_data(analysis)
    entry = data[analysis["entry"]] if analysis["entry"] else None
    curves = kaplan_meier(data[analysis["time"]], data[analysis["status"]] == analysis["event"], entry, data[analysis["group"]])
    for column, p in enumerate(analysis["quantiles"]["probs"]):
        found = curves.quantile(p)
        for mine, other in (("quantile", "q"), ("lower", "lower"), ("upper", "upper")):
            np.testing.assert_allclose(found[mine], number(analysis["quantiles"][other])[:, column])
    assert curves.quantile()["events"].tolist() == [row["events"] for row in analysis["medians"]]


@pytest.mark.parametrize("name", ["lung_sex", "aml_x"])
@pytest.mark.parametrize(("key", "rho"), [("logrank", 0), ("peto_peto_rho1", 1)])
def test_log_rank_and_peto_tests_are_what_r_prints(name: str, key: str, rho: int) -> None:
    analysis = GIVEN[name]
    data = given_data(analysis)
    test = log_rank(data[analysis["time"]], data[analysis["status"]] == analysis["event"], data[analysis["group"]], rho=rho)
    assert test.statistic == pytest.approx(analysis[key]["chisq"], abs=1e-9)
    # Chi-squared in large groups; in those of eleven and twelve chance is counted, and lies near.
    near = 1e-9 if test.frame["n"].min() >= 50 else 0.02
    assert (test.df, test.p) == (analysis[key]["df"], pytest.approx(analysis[key]["p"], abs=near))
    np.testing.assert_allclose(test.frame[["n", "observed", "expected"]].T, [analysis[key][k] for k in ("n", "obs", "exp")])


def test_incidence_and_gray_of_the_gammopathy_study_are_what_r_prints() -> None:
    analysis = GIVEN["mgus2_sex"]
    data = given_data(analysis)
    reason = data["event"].map({0: "", 1: "pcm", 2: "death"})
    curves = cumulative_incidence(data["etime"], reason, group=data["sex"])
    for row in analysis["table"]:
        found = curves.at([row["time"]]).set_index(["group", "reason"]).loc[(row["stratum"].split("=")[1], row["cause"])]
        assert found["incidence"] == pytest.approx(row["cif"], abs=1e-10)
        assert found["se"] == pytest.approx(row["std_err"], abs=1e-10)
    tests = gray(data["etime"], reason, data["sex"]).frame.set_index("reason")
    for test, cause in zip(analysis["gray_test"], ("pcm", "death"), strict=True):
        assert tests.loc[cause].tolist() == [pytest.approx(test["stat"]), test["df"], pytest.approx(test["p"])]


def test_a_numeric_code_of_0_is_censored_as_in_r() -> None:
    data = pd.read_csv(FOLDER / "data" / "mgus2.csv")
    coded = cumulative_incidence(data["etime"], data["event"]).frame
    named = cumulative_incidence(data["etime"], data["event"].map({0: np.nan, 1: "a", 2: "b"})).frame
    assert set(coded["reason"]) == {1, 2}
    np.testing.assert_array_equal(coded["incidence"], named["incidence"])


@pytest.mark.parametrize("case", MADE["kaplan_meier"], ids=lambda case: f"{case['conf_type']}-{case['late']}")
def test_whole_curves_with_ties_and_late_entries_are_those_of_r(case: dict[str, Any]) -> None:
    entry = MATCHES["entry"] if case["late"] else None
    curves = kaplan_meier(MATCHES["months"], MATCHES["event"], entry, MATCHES["kind"], case["conf_type"], case["level"])
    frame, curve = curves.frame, case["curve"]
    assert list(frame.columns) == ["group", "time", "at_risk", "events", "survival", "se", "lower", "upper"]
    assert frame["group"].tolist() == curve["stratum"]
    for name in ("time", "at_risk", "events", "survival", "se", "lower", "upper"):
        np.testing.assert_allclose(frame[name].to_numpy(float), number(curve[name]), **CLOSE, err_msg=name)
    for column, p in enumerate((0.25, 0.5, 0.75)):
        found = curves.quantile(p)
        for name in ("quantile", "lower", "upper"):
            np.testing.assert_allclose(found[name], number(case["quantiles"][name])[:, column], err_msg=name)


@pytest.mark.parametrize("late", ["early", "late"])
def test_whole_incidence_curves_with_standard_errors_are_those_of_r(late: str) -> None:
    entry = MATCHES["entry"] if late == "late" else None
    frame = cumulative_incidence(MATCHES["months"], MATCHES["reason"], entry, MATCHES["kind"]).frame
    assert list(frame.columns) == ["group", "reason", "time", "incidence", "se"]
    for group, curve in MADE["cumulative_incidence"][late].items():
        for column, reason in enumerate(curve["reasons"]):
            found = frame[(frame["group"] == group) & (frame["reason"] == reason)]
            assert found["time"].tolist() == curve["time"]
            np.testing.assert_allclose(found["incidence"], number(curve["incidence"])[:, column], **CLOSE)
            np.testing.assert_allclose(found["se"], number(curve["se"])[:, column], **CLOSE)


def test_log_rank_tests_in_all_their_forms_are_those_of_r() -> None:
    time, event, kind = MATCHES["months"], MATCHES["event"], MATCHES["kind"]
    given = MADE["log_rank"]
    for key, options in (("plain", {}), ("peto", {"rho": 1}), ("strata", {"strata": MATCHES["stratum"]})):
        found = log_rank(time, event, kind, **options)
        assert found.statistic == pytest.approx(given[key]["statistic"], abs=1e-9)
        np.testing.assert_allclose(found.frame["observed"], given[key]["observed"])
        np.testing.assert_allclose(found.frame["expected"], given[key]["expected"])
    few = MATCHES.head(50)
    found = log_rank(few["months"], few["event"], few["kind"], entry=few["entry"])
    assert found.statistic == pytest.approx(given["late"]["statistic"], abs=1e-9)


def test_chance_in_small_groups_is_that_of_all_arrangements_whatever_the_order() -> None:
    time, event, entry = np.array([3, 5, 5, 8, 9, 12, 14]), np.array([1, 1, 0, 1, 1, 0, 1]), np.array([0, 2, 0, 0, 6, 0, 3])
    few = set(range(3))
    found = log_rank(time, event, [number not in few for number in range(7)], entry)
    every = [log_rank(time, event, [number not in chosen for number in range(7)], entry, draws=9) for chosen in combinations(range(7), 3)]
    exact = np.mean([one.statistic >= found.statistic * (1 - 1e-9) for one in every])
    assert found.p == pytest.approx(exact, abs=0.015)
    turned = log_rank(time[::-1], event[::-1], [number in few for number in range(7)][::-1], entry[::-1])
    assert turned.p == found.p


@pytest.mark.parametrize(("key", "options"), [("plain", {}), ("strata", {"strata": MATCHES["stratum"]}), ("rho", {"rho": 1})])
def test_grays_test_in_all_its_forms_is_that_of_cmprsk(key: str, options: dict[str, Any]) -> None:
    given = MADE["gray"][key]
    found = gray(MATCHES["months"], MATCHES["reason"], MATCHES["kind"], **options).frame
    assert found["reason"].tolist() == given["reasons"]
    assert found["df"].tolist() == given["df"]
    for name in ("statistic", "p"):
        np.testing.assert_allclose(found[name], given[name], atol=1e-9)


def test_grays_test_of_one_reason_is_its_row_of_all_and_its_counts_add_up() -> None:
    arguments = (MATCHES["months"], MATCHES["reason"], MATCHES["kind"])
    every, one = gray(*arguments), gray(*arguments, cause="moved")
    pd.testing.assert_frame_equal(one.frame, every.frame.query("reason == 'moved'").reset_index(drop=True))
    sums = every.groups.groupby("reason")[["n", "observed", "expected"]].sum()
    assert sums["observed"].to_dict() == MATCHES["reason"].value_counts().drop("").to_dict()
    np.testing.assert_allclose(sums["expected"], sums["observed"])
    assert set(sums["n"]) == {400}


def test_times_that_differ_by_rounding_alone_are_one_time() -> None:
    frame = kaplan_meier([0.1 + 0.2, 0.3, 0.5, 0.7, 0.1 * 7], [1, 0, 1, 1, 1]).frame
    for name in ("time", "at_risk", "events", "survival", "se"):
        np.testing.assert_allclose(frame[name].to_numpy(float), number(MADE["near_times"][name]), **CLOSE)


def test_a_curve_whose_risk_set_empties_stays_at_zero() -> None:
    frame = kaplan_meier([2, 3, 8, 9], [1, 1, 1, 0], entry=[0, 0, 5, 6]).frame
    for name in ("time", "at_risk", "events", "survival", "se"):
        np.testing.assert_allclose(frame[name].to_numpy(float), number(MADE["emptied"][name]), **CLOSE)


def test_curves_are_those_of_statsmodels_where_that_is_right() -> None:
    with np.errstate(divide="ignore", invalid="ignore"):
        theirs = SurvfuncRight(MATCHES["months"], MATCHES["event"])
    mine = kaplan_meier(MATCHES["months"], MATCHES["event"]).frame.query("events > 0")
    np.testing.assert_allclose(mine["survival"], theirs.surv_prob, rtol=1e-12)
    codes = MATCHES["reason"].map({"": 0, "moved": 1, "natural": 2, "premature": 3})
    with np.errstate(divide="ignore", invalid="ignore"):
        incidence = CumIncidenceRight(MATCHES["months"].to_numpy(float), codes.to_numpy())
    frame = cumulative_incidence(MATCHES["months"], MATCHES["reason"]).frame
    for place, reason in enumerate(("moved", "natural", "premature")):
        own = frame[frame["reason"] == reason].set_index("time").loc[incidence.times]
        np.testing.assert_allclose(own["incidence"], incidence.cinc[place], rtol=1e-12)
        # At the last time everybody has left; there statsmodels divides by zero.
        np.testing.assert_allclose(own["se"].iloc[:-1], incidence.cinc_se[place][:-1], rtol=1e-9)


def test_incidences_and_survival_sum_to_one_with_late_entries_too() -> None:
    arguments = (MATCHES["entry"], MATCHES["kind"])
    survival = kaplan_meier(MATCHES["months"], MATCHES["event"], *arguments).frame.set_index(["group", "time"])["survival"]
    incidence = cumulative_incidence(MATCHES["months"], MATCHES["reason"], *arguments).frame.groupby(["group", "time"])["incidence"].sum()
    np.testing.assert_allclose(survival + incidence, 1, atol=1e-12)


def test_who_enters_when_they_end_is_left_out_and_told() -> None:
    with_them = kaplan_meier([3, 5, 5], [1, 1, 0], entry=[0, 5, 2])
    assert with_them.never_at_risk == 1
    pd.testing.assert_frame_equal(with_them.frame, kaplan_meier([3, 5], [1, 0], entry=[0, 2]).frame)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"time": [1, None], "event": [1, 0]}, "1 values of time are missing"),
        ({"time": [1, -2], "event": [1, 0]}, "1 values of time are missing, negative"),
        ({"time": [1, 2], "event": [1, 2]}, "neither 0"),
        ({"time": [1, 2], "event": [1, None]}, "neither 0"),
        ({"time": [1, 2, 3], "event": [1, 0]}, "event has 2 values, time has 3"),
        ({"time": [1, 2], "event": [1, 0], "entry": [0, 3]}, "1 observations enter after they end"),
        ({"time": [1, 2], "event": [1, 0], "group": ["a", None]}, "1 observations have no group"),
        ({"time": [1, 2], "event": [1, 0], "conf_type": "logit"}, "no limits called"),
        ({"time": [1, 2], "event": [1, 0], "level": 95}, "confidence level"),
        ({"time": [2, 3], "event": [1, 0], "entry": [2, 3]}, "nobody was under observation"),
        ({"time": [], "event": []}, "no observations"),
    ],
)
def test_what_cannot_be_a_survival_time_is_refused(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        kaplan_meier(**arguments)


def test_a_comparison_of_one_group_and_of_an_unknown_reason_is_refused() -> None:
    with pytest.raises(AnalysisError, match="at least two groups"):
        log_rank([1, 2], [1, 1], ["a", "a"])
    with pytest.raises(AnalysisError, match="'moved' does not occur"):
        gray([1, 2], ["natural", ""], ["a", "b"], "moved")


def test_without_open_matches_beta_products_are_clopper_and_pearsons_limits_from_the_first_day_to_the_last() -> None:
    curves = kaplan_meier(range(1, 11), [1] * 10, conf_type="beta-product")
    found = curves.at([0.5, 3, 7, 10])[["lower", "upper"]].to_numpy()
    assert found == pytest.approx(np.array([list(clopper_pearson(lasting, 10)) for lasting in (10, 7, 3, 0)]), abs=1e-9)
    # Who is censored at once says nothing.
    open_ones = kaplan_meier([*range(1, 11), 0.1, 0.1], [1] * 10 + [0] * 2, conf_type="beta-product")
    assert open_ones.at([3, 7])[["lower", "upper"]].to_numpy() == pytest.approx(found[1:3], abs=1e-9)
