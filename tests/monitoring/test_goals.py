"""Goal status: by rule, by judgement, with what is open said."""

from __future__ import annotations

import operator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import GOAL_STATUSES, MEASURED_COLUMNS, Goal, Goals, Register
from vvvresearch.monitoring import ended_by_reason, goal_status
from vvvresearch.results import Result
from vvvresearch.rounds import open_round

WORDS = {"da": "et mål", "en": "a goal"}


def goal(**given: Any) -> Goal:
    base = {"id": "G", "definition": WORDS, "unit": "municipality", "type": "number", "target": 90, "measure": "stock"}
    readings = given.pop("readings", [{"id": "r", "label": WORDS, "measure": "stock"}])
    return Goal.model_validate({**base, "readings": readings, **given})


def status(one: Goal, interim: bool = True, **values: Any) -> dict[str, Any]:
    """The goal's row: its codes, and the words that an English reader sees as status_words, measured and reason."""
    rows = [{"goal": "G", "reading": name, "source": "s", **given} for name, given in values.items()]
    measured = pd.DataFrame(rows, columns=list(MEASURED_COLUMNS), dtype=object)
    table = goal_status(Goals((one,), measured, interim)).in_language("en")
    shown = table.shown().iloc[0]
    words = {"status_words": shown["Status"], "measured": shown["Measured"], "reason": shown["Reason"]}
    return {**table.frame.iloc[0], **words}


def test_the_gap_is_said_with_what_is_planned() -> None:
    row = status(goal(), r={"value": 83, "planned": 4})
    assert (row["status"], row["status_words"]) == ("short_by", "short by 7 (3 if what is planned succeeds)")


def test_what_is_planned_may_close_the_gap() -> None:
    assert status(goal(), r={"value": 83, "planned": 7})["status"] == "on_track"
    assert status(goal(), interim=False, r={"value": 83, "planned": 7})["status"] == "not_realised"


@pytest.mark.parametrize(
    ("direction", "value", "reached"),
    [
        ("at_least", 90, True),
        ("at_least", 89, False),
        ("at_most", 90, True),
        ("at_most", 91, False),
        ("below", 89, True),
        ("below", 90, False),
    ],
)
def test_a_target_is_reached_exactly_as_its_direction_says(direction: str, value: int, reached: bool) -> None:
    assert (status(goal(direction=direction), interim=False, r={"value": value})["status"] == "realised") is reached


def test_a_percentage_is_compared_unrounded() -> None:
    share = goal(type="percent", target=75, measure="share", readings=[{"id": "r", "label": WORDS, "measure": "share"}])
    row = status(share, interim=False, r={"value": Fraction(100 * 149, 200), "count": 149, "base": 200})
    assert row["status"] == "not_realised"
    assert "75% (149 of 200)" in row["measured"]


def test_nothing_measured_is_no_data_and_never_blank() -> None:
    row = status(goal(readings=[]))
    assert (row["status"], row["status_words"]) == ("no_data", "no data")
    assert status(goal(), r={"value": None})["status"] == "no_data"


def test_indirect_evidence_never_decides() -> None:
    readings = [{"id": "r", "label": WORDS, "measure": "stock", "evidence": "indirect"}]
    row = status(goal(readings=readings), r={"value": 99})
    assert row["status"] == "no_data"
    assert "99 (indirect only)" in row["measured"]


def test_a_flow_is_a_proxy_for_a_stock_whatever_it_is_called() -> None:
    row = status(goal(readings=[{"id": "r", "label": WORDS, "measure": "flow"}]), r={"value": 80})
    assert row["proxy"]
    assert row["status_words"] == "short by 10 (proxy)"
    assert "a flow over a period; the goal is about a stock at a date" in row["reason"]


def test_direct_readings_win_over_proxies() -> None:
    readings = [
        {"id": "p", "label": WORDS, "measure": "stock", "evidence": "proxy"},
        {"id": "d", "label": WORDS, "measure": "stock"},
    ]
    row = status(goal(readings=readings), p={"value": 95}, d={"value": 80})
    assert (row["status"], row["proxy"]) == ("short_by", False)


def test_an_open_definition_is_not_decided() -> None:
    readings = [{"id": name, "label": WORDS, "measure": "stock"} for name in ("narrow", "wide")]
    row = status(goal(readings=readings), narrow={"value": 20}, wide={"value": 95})
    assert row["status"] == "depends"
    assert "20" in row["measured"]
    assert "95" in row["measured"]


def test_a_judgement_stands_beside_what_the_rule_gives() -> None:
    override = {"status": "reconsidered", "by": "the steering group", "reason": {"da": "få nyankomne", "en": "few arrivals"}}
    row = status(goal(override=override), r={"value": 80})
    assert (row["status"], row["rule_status"], row["reason"], row["by"]) == (
        "reconsidered",
        "short_by",
        "few arrivals",
        "the steering group",
    )


def test_a_percentage_above_100_is_refused() -> None:
    share = goal(type="percent", target=75, measure="share", readings=[{"id": "r", "label": WORDS, "measure": "share"}])
    with pytest.raises(AnalysisError, match="110 %"):
        status(share, r={"value": 110})


@pytest.mark.parametrize(
    ("statuses", "grade"),
    [
        (("realised", "realised"), "realised"),
        (("realised", "not_realised"), "partly_realised"),
        (("partly_realised", "not_realised"), "partly_realised"),
        (("not_realised", "not_realised"), "not_realised"),
    ],
)
def test_goals_graded_together_are_realised_partly_or_not(statuses: tuple[str, ...], grade: str) -> None:
    goals = tuple(
        goal(id=f"G{number}", part_of=WORDS, readings=[], override={"status": each, "by": "x", "reason": WORDS})
        for number, each in enumerate(statuses)
    )
    table = goal_status(Goals(goals, pd.DataFrame(columns=list(MEASURED_COLUMNS)), False))
    assert table["overall"].frame["status"].tolist() == [grade]


@pytest.fixture(scope="module")
def note(project: Path) -> Result:
    return goal_status(open_round("2021-note", project).goals)


def test_the_criteria_of_2021_come_out_as_the_documents_give_them(note: Result) -> None:
    rows = note.frame.set_index("goal")
    shown = note.shown().set_index("Mål")["Status"]
    assert shown["T2-1"] == "mangler 7 (3, hvis det planlagte lykkes)"
    assert shown["T2-2"] == "mangler 937 (tilnærmet mål)"
    assert shown["T2-4b"] == "mangler 18"
    assert shown["T2-5"] == "mangler 9 (6, hvis det planlagte lykkes)"
    assert list(rows.loc[["T2-3a", "T2-4c"], "status"]) == ["no_data", "no_data"]
    assert rows.at["T2-4a", "status"] == "depends"
    assert rows.at["T2-6", "status"] == "qualitative"


def test_equipped_is_29_or_97_percent_depending_on_whether_some_degree_counts(note: Result) -> None:
    counts = [note.cell(f"goals.t2-4a.{reading}.count").value for reading in ("knowledge_high", "knowledge_some")]
    assert counts == [10, 34]
    assert note.cell("goals.t2-4a.knowledge_some.share").say("da") == "97\N{NO-BREAK SPACE}%"
    measured = note.shown().set_index("Mål").at["T2-4a", "Målt"]
    assert "29\N{NO-BREAK SPACE}% (10 af 35)" in measured
    assert "97\N{NO-BREAK SPACE}% (34 af 35)" in measured


def test_four_of_five_criteria_of_2019_give_partly_realised(project: Path) -> None:
    table = goal_status(open_round("2019-final", project).goals)
    overall = table["overall"].frame.set_index("part")
    assert overall.loc["succeskriterier"].tolist() == ["partly_realised", 4, 5]
    assert table.cell("goals/overall.succeskriterier.realised").value == 4
    assert len(table.frame) == 9
    assert (table.shown()["Begrundelse"] != "").all()
    assert (table.frame["by"] != "").all()


def test_status_is_said_in_english(project: Path) -> None:
    table = goal_status(open_round("2021-note", project).goals).in_language("en")
    shown = table.shown().set_index("Goal")
    assert shown.at["T2-1", "Status"] == "short by 7 (3 if what is planned succeeds)"
    assert "at least 7,000" in set(shown["Target"])


def test_the_readings_are_shown_in_words(note: Result) -> None:
    shown = note["readings"].shown()
    assert "29\N{NO-BREAK SPACE}% (10 af 35)" in set(shown["Målt"])
    assert "6.063 (tilnærmet)" in set(shown["Målt"])
    assert "Kursusskemaer fra seks kurser" in set(shown["Kilde"])


@pytest.mark.parametrize("round_id", ["2019-final", "2021-note", "demo"])
def test_the_counts_of_all_statuses_add_up_to_the_goals(project: Path, round_id: str) -> None:
    table = goal_status(open_round(round_id, project).goals)
    counts = [table.cell(f"goals.count.{name}").value for name in GOAL_STATUSES]
    assert sum(counts) == table.cell("goals.total.n").value == len(table.frame)


def test_a_gap_below_one_is_never_written_as_nothing() -> None:
    share = goal(type="percent", target=75, measure="share", readings=[{"id": "r", "label": WORDS, "measure": "share"}])
    assert status(share, r={"value": Fraction(7465, 100)})["status_words"] == "short by 0.4 percentage points"
    assert status(share, r={"value": Fraction(7499, 100)})["status_words"] == "short by 0.01 percentage points"


def test_a_share_of_few_is_shown_as_its_count() -> None:
    share = goal(type="percent", target=75, measure="share", readings=[{"id": "r", "label": WORDS, "measure": "share"}])
    assert status(share, r={"value": Fraction(200, 7), "count": 2, "base": 7})["measured"] == "a goal: 2 of 7"


def test_a_goal_holds_no_words_in_its_frame(note: Result) -> None:
    for table in (note, note["readings"]):
        values = [value for column in table.frame for value in table.frame[column]]
        assert not [value for value in values if not isinstance(value, str | int | float | bool | type(None))]


@settings(deadline=None)
@given(
    st.sampled_from(["at_least", "at_most", "below"]),
    st.integers(0, 100),
    st.lists(st.integers(0, 100), min_size=1, max_size=3),
    st.booleans(),
)
def test_a_goal_is_reached_depends_or_falls_short_as_its_readings_say(
    direction: str, target: int, values: list[int], interim: bool
) -> None:
    names = [f"r{number}" for number in range(len(values))]
    one = goal(direction=direction, target=target, readings=[{"id": name, "label": WORDS, "measure": "stock"} for name in names])
    compare = {"at_least": operator.ge, "at_most": operator.le, "below": operator.lt}[direction]
    hits = [compare(value, target) for value in values]
    expected = (
        ("on_track" if interim else "realised") if all(hits) else "depends" if any(hits) else ("short_by" if interim else "not_realised")
    )
    assert status(one, interim, **{name: {"value": value} for name, value in zip(names, values, strict=True)})["status"] == expected


def test_missing_counts_may_be_nan() -> None:
    share = goal(type="percent", target=75, measure="share", readings=[{"id": "r", "label": WORDS, "measure": "share"}])
    row = status(share, r={"value": 48.0, "count": float("nan"), "base": float("nan"), "planned": float("nan")})
    assert row["measured"] == "a goal: 48%"


def test_a_goal_with_its_population_says_what_those_who_were_not_heard_could_change() -> None:
    definition = {"da": "75 %", "en": "75%"}
    given = {"id": "T", "definition": definition, "unit": "leader", "type": "percent", "target": 75, "population": 60}
    goal = Goal.model_validate({**given, "readings": [{"id": "r", "label": definition, "measure": "share"}]})
    measured = pd.DataFrame({"goal": ["T"], "reading": ["r"], "value": [80], "count": [40], "base": [50]})
    table = goal_status(Goals((goal,), measured))["readings"]
    # 40 of 60 if nobody else agrees, 50 of 60 if all do: one end lies below 75 per cent, the other above.
    row = table.frame.iloc[0]
    assert (row["reached"], row["certain"]) == (True, False)
    assert (table.cell("goals.t.r.lower").value, table.cell("goals.t.r.upper").value) == pytest.approx((40 / 60, 50 / 60))
    assert "67 til 83" in table.shown().to_string()
    with pytest.raises(ValueError, match="belongs to a percentage"):
        Goal.model_validate({**given, "type": "number"})


def percent(**given: Any) -> Goal:
    return goal(type="percent", measure="share", readings=[{"id": "r", "label": WORDS, "measure": "share"}], **given)


def test_a_target_below_which_to_stay_is_not_kept_at_it_and_nothing_is_lacking() -> None:
    share = {"value": Fraction(15), "count": 3, "base": 20}
    row = status(percent(target=15, direction="below"), r=share)
    assert (row["status"], row["status_words"]) == ("short_by", "at the limit, not below it")


def test_a_share_of_some_tells_of_all_only_where_the_rest_could_not_turn_it() -> None:
    """By hand: of 30, 12 to 22 refer, so 60 per cent of all may be kept or not; 30 per cent is kept whatever the others say."""
    share = {"value": Fraction(60), "count": 12, "base": 20}
    assert "Whether it holds of all 30 cannot be told: 20 were heard." in status(percent(target=60, population=30), r=share)["reason"]
    assert "cannot be told" not in status(percent(target=30, population=30), r=share)["reason"]
    with pytest.raises(AnalysisError, match=r"G: the population \(10\) is smaller"):
        status(percent(target=60, population=10), r=share)


def test_a_status_that_people_set_is_read_as_the_documents_write_it() -> None:
    override = {"status": "Partly realised", "reason": WORDS, "by": "AB"}
    assert status(goal(override=override), r={"value": 83})["status"] == "partly_realised"


def test_matches_that_ended_are_counted_in_the_year_that_the_goal_names() -> None:
    """By hand: 2024 had one end of two for the relation, 2025 one of three; started in 2024 were two, one of them broken off."""
    ends = ["2024-03-01", "2024-05-01", "2025-01-31", "2025-02-01", "2025-12-31"]
    starts = ["2023-01-01", "2023-01-01", "2023-01-01", "2024-01-01", "2024-12-31"]
    reasons = ["premature", "natural", "moved", "premature", "natural"]
    rows = pd.DataFrame({"match": list("abcde"), "start": starts, "end": ends, "reason_class": reasons})
    for year, of, share in (("2024", "ended", (1, 2)), ("2025", "ended", (1, 3)), ("2024", "started", (1, 2)), ("", "ended", (2, 5))):
        found = ended_by_reason(Register(rows), of=of, year=year).frame.set_index("reason_class").loc["premature"]
        assert (found["count"], found["n"]) == share
    assert ended_by_reason(Register(rows), of="started", year="2024").cell("ended/of-started/in-2024.premature.share").value == Fraction(
        1, 2
    )
    with pytest.raises(AnalysisError, match="after the extract"):
        ended_by_reason(Register(rows), year="2027")
