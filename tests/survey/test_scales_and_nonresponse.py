"""A battery as one scale, what those who did not answer could change, and small groups beside each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Scale, Survey, Words
from vvvresearch.kinds import DataKind
from vvvresearch.statistics.imputation import imputed_share
from vvvresearch.statistics.intervals import wilson
from vvvresearch.statistics.scales import mcdonald_omega
from vvvresearch.survey import item_nonresponse, pooled_groups, reliability, tipping_table


def words(text: str) -> Words:
    return Words(da=text, en=text)


OPTIONS = tuple(Option(code=str(number), label=words(str(number))) for number in range(5))


def survey(answers: pd.DataFrame, population: int | None = None, kind: DataKind = DataKind.SYNTHETIC) -> Survey:
    frame = Frame(unit="municipality", population=population, chosen_by=words("-"), collected=words("-"))
    items = tuple(Item(id=f"b{k}", text=words(f"b{k}"), type="battery", battery="b", scale="s") for k in range(3))
    yes = (Option(code="yes", label=words("yes")), Option(code="no", label=words("no")))
    refers = Item(id="refers", text=words("Refers?"), type="single", options=yes)
    questionnaire = Questionnaire(
        schema_version=1,
        id="q",
        title=words("q"),
        group=words("g"),
        wave=words("w"),
        frame=frame,
        scales={"s": Scale(options=OPTIONS)},
        items=(*items, refers),
    )
    return Survey(answers.set_axis([f"m{k}" for k in range(len(answers))]), questionnaire, kind=kind)


def test_omega_of_answers_that_have_one_factor_is_that_of_the_factor() -> None:
    # Answers made so that their covariances are exactly those of loadings .8, .6, .7, .5 and a rest of their own.
    loadings = np.array([0.8, 0.6, 0.7, 0.5])
    covariance = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    rng = np.random.default_rng(1)
    drawn = rng.normal(size=(200, 4))
    drawn -= drawn.mean(axis=0)
    white = drawn @ np.linalg.inv(np.linalg.cholesky(np.cov(drawn.T))).T
    found = mcdonald_omega(white @ np.linalg.cholesky(covariance).T)
    assert found is not None
    assert found.estimate == pytest.approx(2.6**2 / (2.6**2 + (1 - loadings**2).sum()), abs=1e-6)
    assert found.lower < found.estimate < found.upper
    assert mcdonald_omega([[1, 2], [2, 1], [3, 3]]) is None
    assert mcdonald_omega([[1, 2, 1], [1, 1, 2], [1, 3, 3]]) is None


def test_the_reliability_of_a_battery_rests_on_those_who_answered_all_of_it() -> None:
    rng = np.random.default_rng(3)
    trait = rng.normal(size=60)
    table = pd.DataFrame({f"b{k}": np.clip(np.round(2 + trait + rng.normal(size=60)), 0, 4).astype(int).astype(str) for k in range(3)})
    table.loc[:9, "b1"] = ""
    found = reliability(survey(table.assign(refers="yes")), "b")
    whole = found.frame.iloc[0]
    numbers = table.iloc[10:].astype(int).to_numpy()
    k, each, total = 3, numbers.var(axis=0, ddof=1).sum(), numbers.sum(axis=1).var(ddof=1)
    assert whole["n"] == 50
    assert whole["alpha"] == pytest.approx(k / (k - 1) * (1 - each / total))
    pair = np.cov(numbers[:, 1:].T)
    assert found.frame["without"].iloc[1] == pytest.approx(2 * (1 - np.trace(pair) / pair.sum()))
    assert whole["lower"] < whole["alpha"] < whole["upper"] < 1
    assert 0.5 < whole["omega"] < 1
    with pytest.raises(AnalysisError, match="no ordered answers"):
        reliability(survey(table.assign(refers="yes")), ["b0", "refers"])


def test_where_the_rest_of_a_battery_does_not_vary_it_says_so_and_shows_no_number() -> None:
    same = survey(pd.DataFrame({"b0": list("0123"), "b1": "2", "b2": "1"}))
    found = reliability(same, "b").in_language("en")
    assert found.frame["without"].isna().tolist() == [True, True, False, False]
    assert "has no alpha" in found.note
    assert "nan" not in found.to_html().lower()


@pytest.mark.parametrize(("threshold", "tips"), [("0.5", 9), ("0.75", None), ("0.3", None)])
def test_the_tipping_point_is_where_the_whole_frame_changes_side(threshold: str, tips: int | None) -> None:
    answers = pd.DataFrame({"refers": ["yes"] * 40 + ["no"] * 32})
    found = tipping_table(survey(answers, population=98), "refers", threshold=threshold)
    seen = float(threshold) <= 40 / 72
    for row in found.frame.to_dict("records"):
        assert row["count"] == 40 + row["hits"]
        assert row["holds"] == ((row["count"] / 98 >= float(threshold)) == seen)
    assert ("tips" in found.totals) == (not found.frame["holds"].all())
    if tips is not None:
        # 49 of 98 is half: with 8 more it is 48.
        assert found.totals["tips"].value == tips - 1
    assert not tipping_table(survey(answers), "refers")
    with pytest.raises(NotPermittedError):
        tipping_table(survey(answers, 98, DataKind.RECONSTRUCTED), "refers")


def test_a_group_with_few_answers_is_drawn_most_towards_the_common_share() -> None:
    sizes: dict[str, Any] = {"a": (1, 2), "b": (12, 30), "c": (14, 30), "d": (10, 30)}
    answers = pd.DataFrame(
        [(said, group) for group, (x, n) in sizes.items() for said in ["yes"] * x + ["no"] * (n - x)], columns=["refers", "region"]
    )
    found = pooled_groups(survey(answers), "refers", "region").frame.set_index("group")
    assert found.loc["a", ["count", "n"]].tolist() == [1, 2]
    raw, common = found["count"] / found["n"], 37 / 92
    drawn = (found["pooled"] - raw) / (common - raw)
    # What b counted is the common share already.
    assert drawn["a"] > max(drawn["c"], drawn["d"])
    assert (found["lower"] < found["pooled"]).all()
    assert (found["pooled"] < found["upper"]).all()
    assert not pooled_groups(survey(answers[answers["region"].isin(["a", "b"])]), "refers", "region")


REFERENCE = json.loads((Path(__file__).parents[1] / "data/reference/statistics/item_nonresponse.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", REFERENCE)
def test_a_share_filled_in_within_classes_has_the_standard_error_of_two_phases_in_r(case: dict[str, Any]) -> None:
    found = imputed_share(case["hits"], case["answered"], case["asked"], case["population"])
    assert (found.value, found.se) == pytest.approx((case["share"], case["se"]), abs=1e-9)


def test_a_class_without_two_answers_is_laid_together_with_the_next_smallest() -> None:
    lone = imputed_share([1, 3, 20], [1, 6, 30], [8, 10, 40])
    assert (lone.value, lone.classes) == (pytest.approx((4 / 7 * 18 + 20 / 30 * 40) / 58), 2)
    # Everybody of a known population was asked and answered: nothing is uncertain.
    whole = imputed_share([3, 4], [5, 5], [5, 5], 10)
    assert (whole.se, whole.lower, whole.upper) == (0, 0.7, 0.7)
    # Everybody who answered said no: those who did not may have said yes, and no more of them than there are.
    none = imputed_share([0, 0], [6, 5], [10, 6], 16)
    assert (none.value, none.lower) == (0, 0)
    # Nobody skipped it: then the limits are Wilson's, also where all said the same.
    for x in (0, 3, 8):
        found = imputed_share([x], [8], [8])
        assert (found.lower, found.upper) == pytest.approx(tuple(wilson(x, 8)), abs=0.03)
    assert 0.1 < none.upper <= 5 / 16
    for hits, answered, asked, population in (([1], [1], [5], None), ([3], [2], [5], None), ([1], [3], [2], None), ([1], [2], [5], 4)):
        with pytest.raises(AnalysisError):
            imputed_share(hits, answered, asked, population)


def test_those_who_skipped_a_question_bound_its_share_and_are_filled_in_only_when_that_is_declared() -> None:
    answers = pd.DataFrame({"refers": ["yes", "yes", "no", ""] * 3 + ["no", "no", "", ""] * 2, "region": ["a"] * 12 + ["b"] * 8, "b0": "2"})
    plain = item_nonresponse(survey(answers), ["refers", "b0"])
    row = plain.frame.iloc[0]
    assert row[["item", "code", "count", "n", "unanswered", "asked"]].tolist() == ["refers", "yes", 6, 13, 7, 20]
    assert (row["lower"], row["upper"]) == (6 / 20, 13 / 20)
    assert "imputed" not in plain.frame
    declared = item_nonresponse(survey(answers, 40), ["refers", "b0"], impute="region").frame
    assert declared["imputed"].tolist() == pytest.approx([(6 / 9 * 12 + 0 * 8) / 20, 0])
    filled = imputed_share([6, 0], [9, 4], [12, 8], 40)
    assert declared[["imputed_lower", "imputed_upper"]].iloc[0].tolist() == [filled.lower, filled.upper]
    lone = answers.assign(refers=["yes", *[""] * 19])
    found = item_nonresponse(survey(lone), ["refers", "b0"], impute="region")
    assert found.frame["imputed_upper"].isna().tolist() == [True, False]
    assert "too few to fill in from" in found.in_language("en").note
    assert not item_nonresponse(survey(answers.assign(refers="")), "refers")
    with pytest.raises(AnalysisError, match="not known for 1"):
        item_nonresponse(survey(answers.assign(region=["", *["a"] * 19])), "refers", impute="region")
    with pytest.raises(NotPermittedError):
        item_nonresponse(survey(answers, kind=DataKind.RECONSTRUCTED), "refers")
