"""A call with the wrong kind of thing is answered in words, and results can be had without a file."""

from __future__ import annotations

import io
from collections.abc import Callable

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.figures import causal_map_plot, likert, theory_of_change, trend
from vvvresearch.mechanisms import causal_map, configurations, evidence_ledger, moderators, perspectives
from vvvresearch.mechanisms.qca import calibrate, truth_table
from vvvresearch.monitoring import goal_status, presence, volume
from vvvresearch.results import Base, Result
from vvvresearch.survey import check_percentages, example_survey, tabulate, weight

PEOPLE = pd.DataFrame({"g": ["x", "y", "y"]})


@pytest.mark.parametrize(
    "call",
    [
        lambda: check_percentages(None),
        lambda: tabulate(None, "refers"),
        lambda: tabulate(PEOPLE, "h"),
        lambda: tabulate(example_survey(), None),
        lambda: tabulate(example_survey(), "refers", decimals=-1),
        lambda: weight(PEOPLE, "g", targets="x"),
        lambda: goal_status(PEOPLE),
        lambda: presence(None),
        lambda: presence(PEOPLE),
        lambda: volume([1, 2]),
        lambda: causal_map(None),
        lambda: causal_map(PEOPLE.set_axis(["cause"], axis=1)),
        lambda: moderators([1], "g", ["h"]),
        lambda: perspectives(None),
        lambda: evidence_ledger(None),
        lambda: configurations(None),
        lambda: truth_table(None, "Y", ["A"]),
        lambda: calibrate(None, (1, 2, 3)),
        lambda: likert(None),
        lambda: trend([1, 2]),
        lambda: trend(pd.DataFrame({"period": ["1", "2"], "value": ["a", "b"], "definition": ["x", "x"]})),
        lambda: theory_of_change(None),
        lambda: causal_map_plot(None),
    ],
)
def test_the_wrong_kind_of_thing_is_one_error_that_says_what_is_needed(call: Callable[[], object]) -> None:
    with pytest.raises(AnalysisError):
        call()


def test_a_result_without_a_path_gives_text_and_bytes() -> None:
    result = Result(frame=pd.DataFrame({"svar": ["ja", "=1+1"], "n": [7, 2]}), base=Base(9), title="Svar")
    lines = result.to_csv().splitlines()
    assert lines[:2] == ["svar,n,data_kind", "ja,7,real"]
    assert not lines[2].startswith("=")
    again = pd.read_excel(io.BytesIO(result.to_excel()), sheet_name="data")
    assert again["n"].tolist() == [7, 2]
