"""A plain table of answers is tabulated without a definition, and its numbers open too."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact

import vvvresearch as vvv
from vvvresearch.errors import AnalysisError
from vvvresearch.results import Labels, Result
from vvvresearch.survey import (
    any_of,
    banner_letters,
    base_table,
    compare_groups,
    compare_waves,
    cross_tables,
    frame_bounds,
    item_nonresponse,
    open_answers,
    pooled_groups,
    reliability,
    response,
    tabulate,
    tipping_table,
    topline,
    wave_trend,
)

TABLE = pd.DataFrame(
    {"answer": ["ja", "nej", "ja", None], "code": [1.0, 2.0, 2.0, None], "weight": [1.5, 2.0, None, 4.25], "by": list("NSNS")}
)


def test_every_value_of_a_column_is_an_answer_and_blanks_are_none() -> None:
    table = tabulate(TABLE, "answer")
    assert table.frame[["code", "count", "n"]].values.tolist() == [["ja", 2, 3], ["nej", 1, 3]]
    assert tabulate(TABLE, "code").frame[["code", "count"]].values.tolist() == [["1", 1], ["2", 2]]
    assert tabulate(TABLE, "weight").frame["mean"].tolist() == [TABLE["weight"].mean()]


def test_a_plain_table_has_groups_and_evidence() -> None:
    table = tabulate(TABLE, "answer", by="by")
    assert table.evidence(by="N", code="ja", measure="count").value == TABLE[TABLE["by"] == "N"]["answer"].eq("ja").sum()


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(vvv.AnalysisError, match="no item"):
        tabulate(TABLE, "anser")


ASKED = pd.DataFrame(
    {"answer": ["ja"] * 9 + ["nej"] + ["ja"] * 2 + ["nej"] * 8, "by": ["N"] * 10 + ["S"] * 10, "one": [1, 2, 3, 4, 5] * 4},
    index=[f"m{k}" for k in range(20)],
).assign(two=lambda frame: frame["one"] % 4, three=lambda frame: 6 - frame["one"])


def test_two_columns_of_a_plain_table_are_compared_as_scipy_does() -> None:
    table = pd.crosstab(ASKED["by"], ASKED["answer"])
    p = fisher_exact(table).pvalue
    assert compare_groups(ASKED, "answer", "by")["pairs"].frame["p"].tolist() == pytest.approx([p, p])
    assert cross_tables([(ASKED, "answer", "by")]).frame["p"].tolist() == pytest.approx([p])
    beside = compare_groups(ASKED[ASKED["by"] == "N"], "answer", other=ASKED[ASKED["by"] == "S"])
    assert beside.frame["p"].tolist() == pytest.approx([p, p])
    ranks = compare_groups(ASKED, "two", "by")["tests"].frame.set_index("test")["p"]["mann"]
    assert ranks == pytest.approx(compare_groups(ASKED["two"], by=ASKED["by"])["tests"].frame["p"].iloc[0])
    with pytest.raises(vvv.AnalysisError, match="answer"):
        compare_groups(ASKED, "anser", "by")


def test_two_plain_tables_are_two_waves_linked_by_their_index_or_a_column() -> None:
    later = ASKED.assign(answer="ja").iloc[4:]
    whole = compare_waves(ASKED["answer"], later["answer"])
    for found in (
        compare_waves(ASKED, later, "answer"),
        compare_waves(ASKED, later.rename(columns={"answer": "svar"}), "answer", item2="svar"),
        compare_waves(ASKED.reset_index(names="id"), later.reset_index(names="id"), "answer", link="id"),
    ):
        assert found.totals["overlap"].value == 16
        assert found.frame["p"].tolist() == pytest.approx(whole.frame["p"].tolist(), nan_ok=True)


def test_alpha_of_three_columns_of_numbers_is_cronbach_s() -> None:
    table = ASKED[["one", "two", "three"]]
    expected = 3 / 2 * (1 - table.var().sum() / table.sum(axis=1).var())
    assert reliability(ASKED, list(table)).frame["alpha"].iloc[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    "analysis",
    [
        topline,
        base_table,
        response,
        frame_bounds,
        open_answers,
        lambda one: any_of(one, "answer", ["ja"]),
        lambda one: item_nonresponse(one, "answer"),
        lambda one: tipping_table(one, "answer", population=98),
        lambda one: pooled_groups(one, "answer", "by"),
        lambda one: wave_trend({"a": one, "b": one}, "answer"),
    ],
)
def test_every_analysis_of_a_survey_takes_a_plain_table_and_nothing_else(analysis: Callable[[object], Result]) -> None:
    assert analysis(ASKED) is not None
    with pytest.raises(vvv.AnalysisError, match="not list"):
        analysis([1, 2])


def test_where_nobody_has_a_group_there_is_no_banner_and_no_row_without_words() -> None:
    with pytest.raises(vvv.AnalysisError, match="no banner"):
        banner_letters(tabulate(ASKED.assign(by=None), "answer", by="by"))
    rows = banner_letters(tabulate(ASKED, "answer", by="by")).frame.set_index(["code", "group"])
    assert rows.loc[("ja", "N"), "letters"] == rows.loc[("ja", "S"), "letter"]
    assert rows.loc[("ja", "S"), "letters"] == ""


def test_where_nobody_answered_there_is_nothing_to_pool() -> None:
    assert not pooled_groups(ASKED.assign(answer=None), "answer", "by")


def test_a_row_without_a_value_has_no_words_for_it() -> None:
    labels = Labels({"1": "one"})
    assert [labels.say(value, {}, "en") for value in (None, float("nan"), "1", 2)] == ["", "", "one", "2"]


def test_scales_are_numbers_where_their_answers_say_so_and_only_there() -> None:
    rng = np.random.default_rng(13)
    marks = rng.integers(1, 6, size=60)
    labels = {1: "1 – poor", 2: "2", 3: "3", 4: "4", 5: "5 – excellent"}
    site = rng.choice(["N", "S"], size=60)
    answers = pd.DataFrame(
        {"mark": [labels[one] for one in marks], "site": site, "years": rng.choice(["1 to 2 years", "3 to 4 years", "5 to 9 years"], 60)}
    )
    found = vvv.tabulate(answers, "mark", by="site", numbers=True).frame.set_index("site")
    for group, own in (("total", marks), ("N", marks[site == "N"]), ("S", marks[site == "S"])):
        assert found.loc[group, "n"] == len(own)
        assert found.loc[group, "mean"] == pytest.approx(own.mean())
        assert found.loc[group, "median"] == np.median(own)
    assert vvv.tabulate(answers, "mark").mean().frame["mean"].item() == pytest.approx(marks.mean()), "no mean of how many gave each answer"
    for words in ("site", "years"):
        with pytest.raises(AnalysisError, match="no numbers"):
            vvv.tabulate(answers, words, numbers=True)


def test_of_a_battery_the_mean_of_each_who_answered_all_of_it() -> None:
    survey = vvv.open_round("demo").surveys["leaders-2021"]
    items = [one.id for one in survey.questionnaire.battery_items("benefit")]
    found = vvv.tabulate(survey, "benefit", numbers=True).frame.set_index("item")
    scale = [one.code for one in survey.questionnaire.options(survey.questionnaire.item(items[0])) if one.role == "answer"]
    # The high end stands first.
    places = {code: len(scale) - place for place, code in enumerate(scale)}
    numbers = survey.answers[items].map(places.get).astype(float)
    assert found.loc["total", "mean"] == pytest.approx(numbers.dropna().mean(axis=1).mean())
    assert found.loc["total", "n"] == len(numbers.dropna())
    assert found.loc[items[0], "mean"] == pytest.approx(numbers[items[0]].mean())
