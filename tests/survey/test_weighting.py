"""Weighted and unweighted figures stand side by side, and weights that cannot be found are refused with one clear error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Survey, Words
from vvvresearch.kinds import DataKind
from vvvresearch.survey import tabulate, weight

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent.parent / "data" / "reference" / "survey" / "estimates.json").read_text())


def words(text: str) -> Words:
    return Words(da=text, en=text)


REGIONS = ["n"] * 6 + ["s"] * 4
SIZES = ["l", "l", "m", "m", "m", "s", "l", "m", "s", "s"]


def survey(**rest: Any) -> Survey:
    item = Item(
        id="refers",
        text=words("Refers?"),
        type="single",
        options=(Option(code="yes", label=words("yes")), Option(code="no", label=words("no"))),
    )
    frame = Frame(unit="municipality", population=10, chosen_by=words("-"), collected=words("-"))
    questionnaire = Questionnaire(schema_version=1, id="q", title=words("q"), group=words("g"), wave=words("w"), frame=frame, items=(item,))
    index = pd.Index([f"m{k}" for k in range(10)], name="respondent")
    invited = pd.DataFrame({"region": REGIONS, "size": SIZES}, index=index)
    answers = pd.DataFrame({"refers": ["yes", "yes", "no", "yes", "no"]}, index=index[[0, 2, 5, 6, 8]])
    return Survey(answers, questionnaire, invited=invited, **rest)


def test_weights_agree_with_the_list_of_invited_in_every_variable() -> None:
    found = weight(survey(), ["region", "size"], items=["refers"])
    assert found.frame["share_weighted"].to_numpy() == pytest.approx(found.frame["share_target"].to_numpy())
    assert found.weights.sum() == pytest.approx(10)
    assert found.weights.index.tolist() == ["m0", "m2", "m5", "m6", "m8"]


def test_items_stand_weighted_and_unweighted_side_by_side() -> None:
    found = weight(survey(), "region", method="post-stratification", items=["refers"])
    # North: 6 units on 3 answers (two yes); south: 4 units on 2 answers (one yes).
    row = found["items"].frame.set_index("code").loc["yes"]
    assert (row["count"], row["n"]) == (3, 5)
    assert (row["weighted"], row["moves"]) == pytest.approx((0.6, 0))
    skewed = weight(survey(), "region", targets={"region": {"n": 9, "s": 1}}, items=["refers"])
    # 9 units at 2/3 and 1 unit at 1/2.
    row = skewed["items"].frame.set_index("code").loc["yes"]
    assert (row["weighted"], row["moves"]) == pytest.approx((0.65, 0.05))
    assert skewed["items"].in_language("en").shown().iloc[0].tolist() == ["Refers? – yes", "5", "3 of 5", "65.0%", "28.6 to 89.6", "5.0"]
    assert skewed.totals["design_effect"].value > 1
    # Targets of one's own have no place in an address; the survey's own frame has.
    assert (skewed.at, found.at) == ("", "q/by-region/post-stratification/weights")


def test_shares_give_weights_that_are_one_on_average() -> None:
    found = weight(survey(), "region", targets={"region": {"n": 0.6, "s": 0.4}})
    assert found.weights.mean() == pytest.approx(1)


def test_numbers_are_calibrated_to_their_total() -> None:
    answers = pd.DataFrame({"region": list("nnss"), "refugees": [10, 30, 20, 40]})
    found = weight(answers, "region", targets={"region": {"n": 6, "s": 4}, "refugees": 280}, numeric=["refugees"], method="greg")
    assert found.weights.to_numpy() @ answers["refugees"].to_numpy() == pytest.approx(280)
    assert found.weights[:2].sum() == pytest.approx(6)


def test_negative_weights_are_said() -> None:
    answers = pd.DataFrame({"region": list("nnn"), "refugees": [10, 20, 30]})
    found = weight(answers, "region", targets={"region": {"n": 3}, "refugees": 120}, numeric=["refugees"], method="greg").in_language("en")
    assert (found.weights < 0).any()
    assert "weights are negative" in found.note


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"targets": {"region": {"n": 6, "s": 3, "w": 1}}}, "no answer for w"),
        ({"targets": {"region": {"n": 10, "s": 0}}}, "target is zero for s"),
        ({"targets": {"region": {"n": 10}}}, "no target for s"),
        ({"targets": {"size": {"l": 1}}}, "no targets for 'region'"),
        ({"frame": pd.DataFrame({"size": ["l"]})}, "the frame has no variable"),
        ({"method": "rakin"}, "rakin"),
        ({"numeric": ["refugees"]}, "takes categories only"),
        ({"frame": pd.DataFrame({"region": ["n"]}), "targets": {"region": {"n": 1}}}, "one of them only"),
        ({"items": ["refer"]}, "refer"),
    ],
)
def test_weights_that_cannot_be_found_are_refused(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(AnalysisError) as caught:
        weight(survey(), "region", **arguments)
    assert said in str(caught.value)


def test_combinations_without_answers_are_named() -> None:
    with pytest.raises(AnalysisError) as caught:
        weight(survey(), ["region", "size"], method="post-stratification")
    assert "n × m" not in str(caught.value)
    assert "s × m" in str(caught.value)


def test_a_respondent_whose_region_is_not_known_is_named() -> None:
    with pytest.raises(AnalysisError) as caught:
        weight(pd.DataFrame({"region": ["n", None]}, index=["m1", "m2"]), "region", targets={"region": {"n": 2}})
    assert "m2" in caught.value.where


@pytest.mark.parametrize("kind", [DataKind.RECONSTRUCTED, DataKind.PUBLISHED])
def test_reconstructed_and_published_answers_are_not_weighted(kind: DataKind) -> None:
    with pytest.raises(NotPermittedError):
        weight(survey(kind=kind), "region")


def test_nobody_to_weight_is_said() -> None:
    empty = pd.DataFrame({"region": pd.Series([], dtype=object)})
    for method in ("raking", "greg", "post-stratification"):
        with pytest.raises(AnalysisError, match="no answers to weight"):
            weight(empty, "region", targets={"region": {"n": 2}}, method=method)  # type: ignore[arg-type]


def recorded_survey(weights: list[float]) -> Survey:
    """The answers that R's package survey was given: y is yes or no, x a number, g and h the variables of the frame."""
    items = (
        Item(
            id="y",
            text=words("y"),
            type="single",
            options=(Option(code="1", label=words("yes")), Option(code="0", label=words("no"))),
        ),
        Item(id="x", text=words("x"), type="number"),
    )
    frame = Frame(unit="municipality", chosen_by=words("-"), collected=words("-"))
    asked = Questionnaire(schema_version=1, id="q", title=words("q"), group=words("g"), wave=words("w"), frame=frame, items=items)
    columns = {"y": [str(int(one)) for one in RECORDED["y"]], "x": RECORDED["x"], "g": RECORDED["g"], "h": RECORDED["h"], "w": weights}
    return Survey(pd.DataFrame(columns, index=[f"m{k}" for k in range(12)]), asked)


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: case["design"])
def test_weighted_tables_have_the_estimates_and_standard_errors_of_r(case: dict[str, Any]) -> None:
    design: str = case["design"]
    asked = recorded_survey(case["weights"])
    start = pd.Series([2, 5, 1, 3, 4, 2, 6, 3, 2, 5, 4, 3] if "unequal" in design else 40 / 12, index=asked.answers.index, dtype=float)
    targets: dict[str, Any] = {"g": {"a": 10, "b": 18, "c": 12}, "h": {"l": 25, "s": 15}}
    weights: Any = "w"
    if design.startswith("poststratified"):
        weights = weight(asked, "g", targets={"g": targets["g"]}, method="post-stratification", base_weights=start)
    elif design.startswith("raked"):
        weights = weight(asked, ["g", "h"], targets=targets, base_weights=start)
    elif design.startswith("greg"):
        frame = pd.DataFrame({"x": [230 / 40] * 40})
        weights = weight(asked, numeric=["x"], frame=frame, method="greg", base_weights=start)
    population = None if "no frame" in design else 40
    for place, name in enumerate("yx"):
        row = tabulate(asked, name, weights=weights, population=population).frame.iloc[0]
        assert (row["weighted"], row["weighted_total"]) == pytest.approx((case["mean"][place], case["total"][place]), rel=1e-6)
        assert (row["se"], row["se_total"]) == pytest.approx((case["se_mean"][place], case["se_total"][place]), abs=1e-6)
        # What the weights are calibrated to is known and has no width.
        assert row["lower"] - 1e-9 < row["weighted"] < row["upper"] + 1e-9


def test_a_group_without_weight_has_no_weighted_share_and_the_rest_has_one() -> None:
    asked = recorded_survey([0.0 if one == "a" else 2.0 for one in RECORDED["g"]])
    found = tabulate(asked, "y", by="g", weights="w").in_language("en")
    rows = found.frame.set_index(["g", "code"])["weighted"]
    assert rows["a", "1"] != rows["a", "1"]
    assert 0 <= rows["b", "1"] <= 1
    assert "nan" not in found.to_markdown().casefold()
