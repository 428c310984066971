"""The demo round's two municipal waves and its leaders, compared as an evaluator would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import vvvresearch as vvv
from vvvresearch.survey import compare_groups, compare_waves, cross_tables, representativeness, stack_waves, weight


@pytest.fixture(scope="module")
def surveys(project: Path) -> Any:
    return vvv.open_round("demo", root=project).surveys


def test_the_waves_share_35_of_42_and_55_respondents(surveys: Any) -> None:
    found = compare_waves(surveys["municipal-2021"], surveys["municipal-2022"], "refers")
    assert found.totals["overlap"].value == 35
    assert found.frame[["n1", "n2", "panel_n"]].drop_duplicates().to_numpy().tolist() == [[42, 55, 35]]
    assert "Syntetiske data" in found.caption


def test_the_item_with_another_scale_in_the_second_wave_is_refused(surveys: Any) -> None:
    with pytest.raises(vvv.AnalysisError, match="not declared comparable") as caught:
        compare_waves(surveys["municipal-2021"], surveys["municipal-2022"], "cooperation")
    assert "the scales differ" in caught.value.why


def test_all_comparable_items_of_the_waves_stand_in_one_family(surveys: Any) -> None:
    found = compare_waves(surveys["municipal-2021"], surveys["municipal-2022"])
    assert "cooperation" not in set(found.frame["item"])
    hypotheses = (
        found.frame.groupby("item")["p"].count().sum() - found.frame.groupby("item").filter(lambda rows: len(rows) == 2)["item"].nunique()
    )
    assert found.totals["tests"].value == hypotheses


def test_effects_that_were_planted_are_found_or_the_row_says_that_they_could_not_have_been_seen(surveys: Any) -> None:
    from demo.surveys import _BENEFIT, ACCEPTS, AGREEMENT_EFFECT, JOB_LATER

    waves = compare_waves(surveys["municipal-2021"], surveys["municipal-2022"]).frame.set_index(["item", "code"])
    crosses = cross_tables(
        [(surveys["municipal-2022"], "refers", "agreement"), (surveys["municipal-2022"], "most_accept", "offer_style")]
    ).frame.set_index(["item", "by"])
    planted = (
        (waves.loc[("benefit_job", "high")], JOB_LATER[0] - _BENEFIT["job"][0]),
        (crosses.loc[("refers", "agreement")], AGREEMENT_EFFECT),
        (crosses.loc[("most_accept", "offer_style")], ACCEPTS["talk"] - ACCEPTS["letter"]),
    )
    for row, effect in planted:
        assert row["p_adjusted"] < 0.05 or row["least_detectable"] > effect


def test_the_seven_mirror_items_of_municipalities_and_leaders_stand_side_by_side(surveys: Any) -> None:
    found = compare_groups(surveys["municipal-2022"], other=surveys["leaders-2021"])
    assert len(found.where("key")) == 7
    assert found.frame["n2"].eq(59).all()
    assert found.frame["lower"].le(found.frame["change"]).all()


def test_the_response_of_the_second_wave_is_compared_with_those_invited(surveys: Any) -> None:
    found = representativeness(surveys["municipal-2022"], ["region", "size"])
    assert found["flow"].frame.set_index("step")["count"].to_dict() == {"population": 98, "invited": 74, "complete": 55}
    assert found.frame.groupby("variable")["units"].sum().eq(74).all()
    assert 0 < found.totals["raw"].value < found.totals["r"].value <= 1


def test_weights_by_region_and_size_agree_with_those_invited(surveys: Any) -> None:
    found = weight(surveys["municipal-2022"], ["region", "size"], items=["refers"])
    assert found.weights.sum() == pytest.approx(74)
    assert found.frame["share_weighted"].to_numpy() == pytest.approx(found.frame["share_target"].to_numpy())
    assert found["items"].frame[["item", "code"]].to_numpy().tolist() == [["refers", "yes"]]


def test_the_reconstructed_round_allows_no_comparison_and_says_why(project: Path) -> None:
    answers = vvv.open_round("2021-note", root=project).surveys["municipal-2021"]
    for attempt in (
        lambda: compare_groups(answers, "refers", "agreement"),
        lambda: compare_waves(answers, answers, "refers"),
        lambda: weight(answers, "agreement"),
        lambda: representativeness(answers, "agreement"),
    ):
        with pytest.raises(vvv.NotPermittedError, match="not possible with reconstructed answers") as caught:
            attempt()
        assert "built to give the published tables" in caught.value.why


def test_the_status_of_two_organisations_in_unlike_words_is_never_added_up(surveys: Any) -> None:
    apart = {name: surveys[f"status-{name}-2020"] for name in ("rc", "drc")}
    with pytest.raises(vvv.errors.SchemaError, match="need: the options are balance") as caught:
        stack_waves(apart)
    assert {failure.column for failure in caught.value.failures} == {"helped", "need"}
    with pytest.raises(vvv.AnalysisError, match="not declared comparable") as refused:
        compare_waves(surveys["status-drc-2020"], surveys["leaders-2021"], "need")
    assert "the wordings differ" in refused.value.why


def test_the_organisation_whose_words_became_the_common_ones_can_be_followed(surveys: Any) -> None:
    later = surveys["leaders-2021"].filter(organisation="RC")
    found = compare_waves(surveys["status-rc-2020"], later, "need")
    assert found.frame[["n1", "n2"]].drop_duplicates().to_numpy().tolist() == [[34, 37]]
    both = stack_waves({"2020": surveys["status-rc-2020"], "2021": later}, items=["need"])
    assert len(both.answers) == 71
