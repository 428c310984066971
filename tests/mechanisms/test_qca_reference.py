"""QCA equals the R package QCA 3.25.1 on the classic data sets: tables, models as sets, fits."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.mechanisms.qca import Solution, TruthTable, calibrate, fit, minimize, necessity, superset_search, truth_table

CASES = [
    "LC_surv", "LC_nsurv", "LC_3cond_contradictions", "LC_3cond_incl07", "LC_2cond_C", "LC_ncut2", "HC_vote", "HC_nvote",
    "Krook_wnp", "Krook_nwnp", "RagStr_rec", "LM_surv", "LM_nsurv", "LM5_surv", "LF_surv_70", "LF_surv_75", "LF_surv_80",
    "LF_surv_85", "LF_surv_90", "LF_nsurv_75", "LF_nsurv_80", "LF_nsurv_90", "LF_surv_pri", "LF_surv_ncut2", "LF_dir_mixed",
    "LF_dir_neg", "CVF_protest_80", "CVF_protest_85", "CVF_protest_75", "CVF_nprotest_80", "CVF_protest_pri", "CVF_protest_C",
]  # fmt: skip
WITHOUT_INTERMEDIATE = {"LM_surv", "LM_nsurv"}
Models = set[frozenset[str]]


@pytest.fixture(scope="module")
def cases(reference: Path) -> dict[str, dict[str, Any]]:
    held = json.loads((reference / "qca" / "qca_cases.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in held["cases"]}


@pytest.fixture(scope="module")
def calibrations(reference: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((reference / "qca" / "calibration_pof.json").read_text(encoding="utf-8"))
    return loaded


def data_of(reference: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(reference / "qca" / name, index_col="case")


def table_of(reference: Path, case: dict[str, Any]) -> TruthTable:
    cuts = case["incl_cut"]
    return truth_table(
        data_of(reference, case["data_file"]),
        case["outcome"],
        case["conditions"],
        negate_outcome=case["negated_outcome"],
        inclusion_cut=tuple(cuts) if len(cuts) > 1 else cuts[0],
        n_cut=case["n_cut"],
        pri_cut=case["pri_cut"],
    )


def typed(expectations: str) -> list[dict[str, int]]:
    """R's text of directional expectations as typed mappings."""
    read = []
    for part in expectations.split(","):
        one = {}
        for literal in part.split("*"):
            found = re.fullmatch(r"(~?)(\w+)(?:\[(\d+)\])?", literal)
            assert found, literal
            one[found[2]] = int(found[3]) if found[3] else int(not found[1])
        read.append(one)
    return read


def as_sets(solution: Solution) -> Models:
    return {frozenset(model.terms) for model in solution.models}


def assert_same(solution: Solution, expected: dict[str, Any]) -> None:
    assert as_sets(solution) == {frozenset(model["pis"]) for model in expected["models"]}
    assert solution.complete
    ours = {frozenset(model.terms): model for model in solution.models}
    for model in expected["models"]:
        found = ours[frozenset(model["pis"])]
        whole = model["solution"]
        assert (found.inclusion, found.pri, found.coverage) == pytest.approx((whole["inclS"], whole["PRI"], whole["covS"]), abs=1e-6)
        for term, numbers in model["terms"].items():
            for name, number in numbers.items():
                value = float(found.fit.loc[term, name])
                assert value != value if number is None else value == pytest.approx(number, abs=1e-6), (term, name)


@pytest.mark.parametrize("name", CASES)
def test_the_truth_table_is_that_of_r(reference: Path, cases: dict[str, dict[str, Any]], name: str) -> None:
    case = cases[name]
    table = table_of(reference, case)
    frame = table.frame
    assert table.data.n_rows == case["total_rows"]
    assert table.n_remainders == case["n_remainders"]
    observed = [row for row in case["truth_table"] if row["n"] and row["out"] != "?"]
    assert frame.index[frame["OUT"] != "?"].tolist() == [row["row"] for row in observed]
    for row in observed:
        ours = frame.loc[row["row"]]
        assert ours[case["conditions"]].to_dict() == row["config"]
        assert (ours["n"], ours["OUT"], set(ours["cases"])) == (row["n"], row["out"], set(row["cases"]))
        assert (ours["incl"], ours["PRI"]) == pytest.approx((row["incl"], row["PRI"]), abs=1e-6)


@pytest.mark.parametrize("solution", ["conservative", "parsimonious"])
@pytest.mark.parametrize("name", CASES)
def test_every_minimal_model_and_its_fit_is_that_of_r(reference: Path, cases: dict[str, dict[str, Any]], name: str, solution: Any) -> None:
    case = cases[name]
    table = table_of(reference, case)
    if "error" in case[solution]:
        with pytest.raises(AnalysisError, match="no positive row"):
            minimize(table, solution)
        return
    found = minimize(table, solution)
    assert_same(found, case[solution])
    assert set(found.essential) == set(case[solution]["essential"])
    assert set(found.prime_implicants) == set(case[solution]["prime_implicants"])
    chart = case[solution]["pi_chart"]
    assert found.chart.loc[chart["rows"], [int(row) for row in chart["cols"]]].to_numpy().tolist() == chart["cells"]
    by_terms = {frozenset(model.terms): model for model in found.models}
    for number, model in enumerate(case[solution]["models"], start=1):
        assumed = case[solution]["simplifying_assumptions"][f"M{number}"]
        assert list(by_terms[frozenset(model["pis"])].assumptions) == assumed
    every = minimize(table, solution, covers="irredundant")
    assert as_sets(every) == {frozenset(model) for model in case[f"{solution}_all"]["models"]}


# R was not asked for an intermediate solution of the others.
@pytest.mark.parametrize("name", [name for name in CASES if name not in WITHOUT_INTERMEDIATE])
def test_the_intermediate_solution_of_every_pair_is_that_of_r(reference: Path, cases: dict[str, dict[str, Any]], name: str) -> None:
    case = cases[name]
    expected = case["intermediate"]
    table = table_of(reference, case)
    if "error" in expected:
        with pytest.raises(AnalysisError, match="no positive row"):
            minimize(table, "intermediate", dict.fromkeys(case["conditions"], 1))
        return
    found = minimize(table, "intermediate", typed(expected["dir_exp"]))
    ours = {(frozenset(pair.conservative.terms), frozenset(pair.parsimonious.terms)): pair for pair in found.pairs}
    assert len(ours) == len(expected["pairs"])
    for pair in expected["pairs"].values():
        between = ours[frozenset(pair["c_sol"]), frozenset(pair["p_sol"])]
        assert {frozenset(model.terms) for model in between.models} == {frozenset(model["pis"]) for model in pair["models"]}
        assert list(between.easy_counterfactuals) == pair["easy_counterfactuals"]
        by_terms = {frozenset(model.terms): model for model in between.models}
        for model in pair["models"]:
            whole = by_terms[frozenset(model["pis"])]
            numbers = model["solution"]
            assert (whole.inclusion, whole.pri, whole.coverage) == pytest.approx(
                (numbers["inclS"], numbers["PRI"], numbers["covS"]), abs=1e-6
            )


@pytest.mark.parametrize("name", ["LC_2cond_C", "CVF_protest_C"])
def test_contradictory_rows_may_be_used_like_unobserved_ones(reference: Path, cases: dict[str, dict[str, Any]], name: str) -> None:
    assert_same(minimize(table_of(reference, cases[name]), "parsimonious", contradictions="remainder"), cases[name]["parsimonious_extra"])


@pytest.mark.parametrize("name", CASES)
def test_necessity_of_single_conditions_is_that_of_r(reference: Path, cases: dict[str, dict[str, Any]], name: str) -> None:
    case = cases[name]
    found = necessity(data_of(reference, case["data_file"]), case["outcome"], case["conditions"], case["negated_outcome"])
    ours = found.frame.set_index("condition")
    assert list(ours.index) == list(case["necessity"])
    for condition, measures in case["necessity"].items():
        for measure, number in measures["necessity"].items():
            assert ours.loc[condition, measure] == pytest.approx(number, abs=1e-6), (condition, measure)


def test_every_calibration_equals_that_of_r(calibrations: dict[str, Any]) -> None:
    for case in calibrations["calibrations"]:
        given = case["args"]
        thresholds = given["thresholds"]
        if isinstance(thresholds, str):
            thresholds = [float(part.split("=")[1]) for part in thresholds.split(",")]
        kinds = {name: given[name] for name in ("idm", "logistic", "ecdf", "method") if name in given}
        made = calibrate(case["x"], thresholds, kind=given["type"], **kinds)
        assert made.tolist() == pytest.approx(case["result"], abs=1e-6), case["id"]


def test_fit_of_stated_terms_equals_that_of_r(reference: Path, calibrations: dict[str, Any]) -> None:
    for case in calibrations["pof"]:
        terms = [typed(term)[0] for term in case["expression"].split(" + ")]
        frame = fit(data_of(reference, f"data/{case['dataset']}.csv"), case["outcome"], terms).frame
        for row, (_, ours) in zip(case["rows"], frame.iterrows(), strict=True):
            for measure in ("inclS", "PRI", "covS"):
                assert ours[measure] == pytest.approx(row[measure], abs=1e-6)
            assert ours["covU"] != ours["covU"] if row["covU"] is None else ours["covU"] == pytest.approx(row["covU"], abs=1e-6)


def test_necessary_combinations_equal_the_superset_search_of_r(reference: Path, calibrations: dict[str, Any]) -> None:
    for case in calibrations["super_subset"]:
        found = superset_search(
            data_of(reference, f"data/{case['dataset']}.csv"),
            case["outcome"],
            ["DEV", "URB", "LIT", "IND", "STB"],
            inclusion_cut=case["incl_cut"],
            coverage_cut=case["cov_cut"],
            relevance_cut=case["ron_cut"],
        ).frame.set_index("expression")
        assert set(found.index) == {row["expression"] for row in case["rows"]}
        for row in case["rows"]:
            for measure in ("inclN", "RoN", "covN"):
                assert found.loc[row["expression"], measure] == pytest.approx(row[measure], abs=1e-6)
