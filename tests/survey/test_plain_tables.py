"""A plain table of answers is tabulated without a definition, and its numbers open too."""

from __future__ import annotations

import pandas as pd
import pytest

import vvvresearch as vvv
from vvvresearch.survey import tabulate

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
