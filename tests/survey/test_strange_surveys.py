"""One person, one category, nobody, everybody agrees: every analysis gives a number that is right, or one sentence why there is none."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_scales_and_nonresponse import survey

from vvvresearch.errors import AnalysisError, VvvError
from vvvresearch.evidence import Survey
from vvvresearch.mechanisms import moderators
from vvvresearch.results import Result
from vvvresearch.survey import (
    compare_groups,
    compare_waves,
    cross_tables,
    frame_bounds,
    item_nonresponse,
    pooled_groups,
    reliability,
    representativeness,
    tabulate,
    tipping_table,
    weight,
)

STRANGE = {
    "one person": {"refers": ["yes"], "region": ["a"], "b0": "1", "b1": "1", "b2": "2"},
    "everybody agrees": {"refers": ["yes"] * 8, "region": list("ab") * 4, "b0": "1", "b1": "1", "b2": "1"},
    "all missing": {"refers": [""] * 8, "region": list("ab") * 4, "b0": "", "b1": "", "b2": ""},
    "an empty cell": {"refers": ["yes"] * 4 + ["no"] * 4, "region": list("aaaabbbb"), "b0": list("01234012"), "b1": "0", "b2": "3"},
    "nobody": {"refers": [], "region": [], "b0": [], "b1": [], "b2": []},
}
ANALYSES: dict[str, Callable[[Survey], Any]] = {
    "a table": lambda one: tabulate(one, "b", intervals=True),
    "a split table": lambda one: tabulate(one, "refers", by="region", intervals=True),
    "a weighted table": lambda one: tabulate(
        one, "refers", weights=pd.Series([1e9, *[0.5] * 7][: len(one.answers)], index=one.answers.index)
    ),
    "groups": lambda one: compare_groups(one, "b0", "region"),
    "cross-tables": lambda one: cross_tables([(one, "refers", "region")]),
    "waves": lambda one: compare_waves(one, one, "refers"),
    "bounds": frame_bounds,
    "tipping": lambda one: tipping_table(one, "refers"),
    "pooled": lambda one: pooled_groups(one, "refers", "region"),
    "skipped": lambda one: item_nonresponse(one, impute="region"),
    "reliability": lambda one: reliability(one, "b"),
    "weights": lambda one: weight(one, ["region"], targets={"region": {"a": 0.5, "b": 0.5}}),
    "response": lambda one: representativeness(one.answers, ["region"], responded=[True] * len(one.answers)),
}


def sound(found: Result) -> None:
    """No missing number is written as one, and limits stand in order."""
    written = f"{found.in_language('en')} {found.in_language('da')}"
    assert not {"nan", "inf", "None", "<NA>"} & set(written.replace(",", " ").replace("(", " ").split())
    if {"lower", "upper"} <= set(found.frame):
        limits = found.frame[["lower", "upper"]].apply(pd.to_numeric, errors="coerce").dropna()
        assert (limits["lower"] <= limits["upper"]).all()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("answers", STRANGE.values(), ids=STRANGE)
def test_strange_answers_give_a_right_number_or_a_reason(answers: dict[str, Any]) -> None:
    for population in (None, 1):
        for analysis in ANALYSES.values():
            with contextlib.suppress(VvvError):
                sound(analysis(survey(pd.DataFrame(answers, dtype=object), population)))


def test_weights_without_weight_and_a_frame_smaller_than_the_answers_are_told() -> None:
    answers = pd.DataFrame(STRANGE["an empty cell"])
    one = survey(answers, 98)
    with pytest.raises(AnalysisError, match="all weights are zero"):
        tabulate(one, "refers", weights=pd.Series(0.0, index=one.answers.index))
    small = survey(answers, 5)
    with pytest.raises(AnalysisError, match="5"):
        tabulate(small, "refers", weights=pd.Series(1.0, index=small.answers.index))
    lone = survey(pd.DataFrame(STRANGE["one person"]))
    row = tabulate(lone, "refers", weights=pd.Series(2.0, index=lone.answers.index)).frame.iloc[0]
    assert (row["weighted"], row["weighted_total"]) == (1.0, 2.0)
    assert np.isnan(row["se"])


def test_a_question_that_nobody_answered_stands_in_a_family_of_cross_tables_without_a_p() -> None:
    one = survey(pd.DataFrame(STRANGE["an empty cell"]).assign(b0=""))
    found = cross_tables([(one, "refers", "region"), (one, "b0", "region")]).frame
    assert found["p"].notna().tolist() == [True, False]
    assert found["n"].tolist() == [8, 0]


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 1)] * 3, st.integers(0, 5)), min_size=8, max_size=24), st.booleans(), st.booleans())
def test_no_row_of_moderators_contradicts_itself(cases: list[tuple[int, ...]], mechanism: bool, cluster: bool) -> None:
    data = pd.DataFrame(cases, columns=["y", "x", "m", "g"])
    row = moderators(data, "y", ["x"], mechanism="m" if mechanism else None, cluster="g" if cluster else None).frame.iloc[0]
    if not np.isnan(row["p_adjusted"]) and not np.isnan(row["or_lower"]):
        apart = row["or_lower"] > 1 or row["or_upper"] < 1
        assert apart == (row["p_adjusted"] <= 0.05) or abs(row["p_adjusted"] - 0.05) < 1e-4
        assert apart == (row["verdict"] == "difference") or abs(row["p_adjusted"] - 0.05) < 1e-4
