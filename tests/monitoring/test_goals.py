"""Goal status: by rule, by judgement, with what is open said."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import MEASURED_COLUMNS, Goal, Goals
from vvvresearch.monitoring import GoalTable, goal_status
from vvvresearch.rounds import open_round

WORDS = {"da": "et mål", "en": "a goal"}


def goal(**given: Any) -> Goal:
    base = {"id": "G", "definition": WORDS, "unit": "municipality", "type": "number", "target": 90, "measure": "stock"}
    readings = given.pop("readings", [{"id": "r", "label": WORDS, "measure": "stock"}])
    return Goal.model_validate({**base, "readings": readings, **given})


def status(one: Goal, interim: bool = True, **values: Any) -> dict[str, Any]:
    rows = [{"goal": "G", "reading": name, "source": "s", **given} for name, given in values.items()]
    measured = pd.DataFrame(rows, columns=list(MEASURED_COLUMNS), dtype=object)
    return dict(goal_status(Goals((one,), measured, interim), lang="en").frame.iloc[0])


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
    assert table.overall["et mål"][0] == grade


@pytest.fixture(scope="module")
def note(project: Path) -> GoalTable:
    return goal_status(open_round("2021-note", project).goals)


def test_the_criteria_of_2021_come_out_as_the_documents_give_them(note: GoalTable) -> None:
    rows = note.frame.set_index("goal")
    assert rows.at["T2-1", "status_words"] == "mangler 7 (3, hvis det planlagte lykkes)"
    assert rows.at["T2-2", "status_words"] == "mangler 937 (tilnærmet mål)"
    assert rows.at["T2-4b", "status_words"] == "mangler 18"
    assert rows.at["T2-5", "status_words"] == "mangler 9 (6, hvis det planlagte lykkes)"
    assert list(rows.loc[["T2-3a", "T2-4c"], "status"]) == ["no_data", "no_data"]
    assert rows.at["T2-4a", "status"] == "depends"
    assert rows.at["T2-6", "status"] == "qualitative"


def test_equipped_is_29_or_97_percent_depending_on_whether_some_degree_counts(note: GoalTable) -> None:
    readings = note.readings.set_index("reading")
    assert readings.at["knowledge_high", "value"] == Fraction(1000, 35)
    assert readings.at["knowledge_some", "value"] == Fraction(3400, 35)
    measured = note.frame.set_index("goal").at["T2-4a", "measured"]
    assert "29\N{NO-BREAK SPACE}% (10 af 35)" in measured
    assert "97\N{NO-BREAK SPACE}% (34 af 35)" in measured


def test_four_of_five_criteria_of_2019_give_partly_realised(project: Path) -> None:
    table = goal_status(open_round("2019-final", project).goals)
    assert table.overall["Succeskriterier"] == ("partly_realised", 4, 5)
    assert len(table.frame) == 9
    assert (table.frame["reason"] != "").all()
    assert (table.frame["by"] != "").all()


def test_status_is_said_in_english(project: Path) -> None:
    table = goal_status(open_round("2021-note", project).goals, lang="en")
    assert table.frame.set_index("goal").at["T2-1", "status_words"] == "short by 7 (3 if what is planned succeeds)"
    assert "at least 7,000" in set(table.frame["target"])


def test_the_readings_are_shown_in_words(note: GoalTable) -> None:
    shown = note.reading_table().shown()
    assert "29\N{NO-BREAK SPACE}% (10 af 35)" in set(shown["Målt"])
    assert "6.063 (tilnærmet)" in set(shown["Målt"])
    assert "Kursusskemaer fra seks kurser" in set(shown["Kilde"])


def test_missing_counts_may_be_nan() -> None:
    share = goal(type="percent", target=75, measure="share", readings=[{"id": "r", "label": WORDS, "measure": "share"}])
    row = status(share, r={"value": 48.0, "count": float("nan"), "base": float("nan"), "planned": float("nan")})
    assert row["measured"] == "a goal: 48%"
