"""The funnel from offer to match and the waiting time, by hand on six rows."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, SchemaError
from vvvresearch.monitoring.matches import funnel, kaplan_meier, offer_events, waiting_time


def six(**columns: Any) -> pd.DataFrame:
    rows = {
        "case": list("abcdef"),
        "person": ["p1", "p2", "p3", "p4", "p5", "p1"],
        "organisation": ["RC", "RC", "RC", "RC", "DRC", "DRC"],
        "offered": ["2021-01-01", "2021-01-05", "2021-01-10", "2021-02-01", "2021-02-01", "2021-06-01"],
        "accepted": ["2021-01-10", "2021-01-10", "", "2021-02-10", "2021-02-10", "2021-06-02"],
        "matched": ["2021-02-09", "2021-06-09", "", "", "", ""],
        "started": ["2021-02-15", "", "", "", "", ""],
        "stopped": ["", "", "2021-01-12", "2021-03-12", "", ""],
        "stop_reason": ["", "", "no time", "moved away", "", ""],
    }
    return pd.DataFrame({**rows, **columns})


def test_the_funnel_of_six_cases_is_the_one_counted_by_hand() -> None:
    found = funnel(offer_events(six(), as_of="2021-06-30"))
    assert found.frame[["step", "n", "persons", "next", "stopped", "open"]].values.tolist() == [
        ["offered", 6, 5, 5, 1, 0],
        ["accepted", 5, 4, 2, 1, 2],
        ["matched", 2, 2, 1, 0, 1],
        ["started", 1, 1, 0, 0, 0],
    ]
    assert found.frame["share"].tolist()[1:] == [5 / 6, 2 / 5, 1 / 2]
    assert found.reasons.values.tolist() == [["offered", "no time", 1], ["accepted", "moved away", 1]]


def test_every_step_is_what_went_on_what_stopped_and_what_is_open() -> None:
    frame = funnel(six()).frame.iloc[:-1]
    assert (frame["n"] == frame["next"] + frame["stopped"] + frame["open"]).all()
    assert frame["next"].tolist() == funnel(six()).frame["n"].tolist()[1:]


def test_referrals_without_an_offer_stand_in_front_with_their_reasons() -> None:
    more = six(referred="2020-12-01")
    refused = dict.fromkeys(more.columns, "") | {"case": "g", "person": "p9", "referred": "2021-01-01", "stopped": "2021-02-01"}
    more.loc[6] = refused | {"stop_reason": "no volunteer"}
    found = funnel(more)
    assert found.frame.iloc[0][["step", "n", "next", "stopped"]].tolist() == ["referred", 7, 6, 1]
    assert found.reasons.values.tolist()[0] == ["referred", "no volunteer", 1]


def test_without_a_person_column_persons_are_missing() -> None:
    assert funnel(six().drop(columns="person")).frame["persons"].isna().all()


def test_waiting_from_acceptance_to_match_by_hand() -> None:
    found = waiting_time(offer_events(six(), as_of="2021-06-30")).iloc[0]
    assert found[["n", "matched", "waiting", "stopped"]].tolist() == [5, 2, 2, 1]
    # Waits: a 30 (matched), b 150 (matched), d 30 (gave up), e 140 and f 28 (still waiting). Within 91 days: a, of 4 at risk.
    assert found["share"] == pytest.approx(1 / 4)
    median = kaplan_meier([30, 150, 30, 140, 28], [1, 1, 0, 0, 0]).quantile().iloc[0]
    assert found["median"] == median["quantile"] == 150


def test_giving_up_is_not_waiting_on() -> None:
    frame = six(stopped=["", "", "2021-01-12", "2021-02-11", "", ""])
    # d gives up on day 1, of five at risk; a is then matched of three at risk: 4/5 · 1/3, not 1/3.
    assert waiting_time(offer_events(frame, as_of="2021-06-30")).iloc[0]["share"] == pytest.approx(4 / 5 / 3)


def test_small_groups_of_waiting_cases_show_counts_only() -> None:
    found = waiting_time(offer_events(six(), as_of="2021-06-30"), by="organisation", small_n=3).set_index("group")
    assert found["n"].to_dict() == {"DRC": 2, "RC": 3}
    assert found["median"].isna().to_dict() == {"DRC": True, "RC": False}


def test_limits_of_the_share_lie_around_it_inside_0_and_1() -> None:
    found = waiting_time(offer_events(six(), as_of="2021-06-30")).iloc[0]
    assert 0 < found["lower"] < found["share"] < found["upper"] < 1


def test_all_faults_of_an_offer_register_are_told_together() -> None:
    bad = six(
        case=["a", "a", "c", "d", "", "f"],
        accepted=["2020-12-31", "", "", "2021-02-10", "soon", "2021-06-02"],
        stopped=["2021-03-01", "", "2021-01-05", "2022-01-01", "", ""],
    )
    with pytest.raises(SchemaError) as caught:
        offer_events(bad, as_of="2021-06-30")
    assert {(failure.row, failure.column, failure.problem) for failure in caught.value.failures} == {
        (1, "case", "the case stands twice"),
        (4, "case", "the case has no id"),
        (4, "accepted", "is no date; write 2021-12-31"),
        (0, "accepted", "accepted before offered"),
        (1, "accepted", "matched without accepted"),
        (3, "stopped", "lies after the extract of 2021-06-30"),
        (2, "stopped", "stopped before offered"),
        (0, "stopped", "stopped after the match started; that belongs to the matches"),
    }


def test_a_register_without_acceptances_counts_the_steps_it_has_and_waits_from_the_offer() -> None:
    rows = {"case": list("abcde"), "offered": "2021-01-01", "started": ["2021-01-11", "2021-01-21", "2021-01-31", "2021-05-01", ""]}
    register = offer_events(pd.DataFrame(rows), as_of="2021-06-30")
    assert funnel(register).frame[["step", "n", "open"]].to_numpy().tolist() == [["offered", 5, 1], ["started", 4, 0]]
    # Of five, three began within 91 days; the third of five is the median.
    wait = waiting_time(register)[["n", "matched", "waiting", "median", "share"]]
    assert wait.to_numpy().tolist() == [pytest.approx([5, 4, 1, 30, 3 / 5])]


def test_registers_without_cases_columns_or_acceptances_are_refused() -> None:
    with pytest.raises(SchemaError, match="the column is missing"):
        offer_events(six().drop(columns=["matched", "started"]))
    with pytest.raises(AnalysisError, match="no case"):
        offer_events(six().head(0))
    with pytest.raises(AnalysisError, match="nobody waits"):
        waiting_time(six(accepted="", matched="", started=""))
    with pytest.raises(AnalysisError, match="no column 'region'"):
        waiting_time(six(), by="region")
