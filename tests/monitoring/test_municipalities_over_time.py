"""From quarter to quarter, and what the coming ones may bring: by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, SchemaError
from vvvresearch.figures import tile_map
from vvvresearch.monitoring import scenario, transitions
from vvvresearch.monitoring.matches import ending_rates
from vvvresearch.rounds import open_round

PATHS = {"0101": "1121", "0147": "2222", "0151": "1333", "0153": "32-2", "0155": "1111"}
QUARTERS = ("2020-Q4", "2021-Q1", "2021-Q2", "2021-Q3")


def categories() -> pd.DataFrame:
    rows = [(quarter, code, path[place]) for code, path in PATHS.items() for place, quarter in enumerate(QUARTERS)]
    return pd.DataFrame([row for row in rows if row[2] != "-"], columns=["quarter", "municipality", "category"])


def test_moves_between_quarters_are_those_counted_by_hand() -> None:
    table = transitions(categories())
    step = table.frame[table.frame["step"] == "2020-Q4/2021-Q1"].set_index(["before", "after"])["n"]
    assert step[step > 0].to_dict() == {("1", "1"): 2, ("1", "3"): 1, ("2", "2"): 1, ("3", "2"): 1}
    assert len(step) == 9
    # In 2021-Q2 one municipality is missing: it made no move, and is told twice, before and after.
    assert table.cell("transitions.2021-q1/2021-q2.1.2.n").value == 1
    assert table.cell("transitions.total.1.1.n").value == 4
    assert table.cell("transitions.total.1.1.share").base.n == 6
    assert "2 gange" in table.note
    assert table.totals["steps"].value == 3


def test_unstable_and_watched_municipalities_say_why() -> None:
    table = transitions(categories())
    assert table["unstable"].frame["municipality"].tolist() == ["0101"]
    assert table["unstable"].frame["path"].tolist() == ["1;1;2;1"]
    assert dict(zip(table["watch"].frame["municipality"], table["watch"].frame["why"], strict=True)) == {
        "0101": "unstable",
        "0151": "worst",
    }
    fell = transitions(categories().query("quarter < '2021-Q2'"))
    assert dict(zip(fell["watch"].frame["municipality"], fell["watch"].frame["why"], strict=True)) == {"0151": "worst;fell"}


def test_over_a_missing_quarter_or_another_definition_nothing_is_counted() -> None:
    holed = transitions(categories().query("quarter != '2021-Q1'"))
    assert set(holed.frame["step"]) == {"2021-Q2/2021-Q3", "total"}
    assert "2020-Q4 – 2021-Q2" in holed.note
    words = categories().assign(definition=["ny" if quarter >= "2021-Q2" else "" for quarter in categories()["quarter"]])
    assert "Definitionen skifter" in transitions(words).note
    assert "2021-Q1/2021-Q2" not in set(transitions(words).frame["step"])


def test_faults_of_the_categories_are_told_together() -> None:
    rows = pd.concat([categories(), categories().iloc[:2], pd.DataFrame([("i foråret", "0101", "1")], columns=categories().columns)])
    with pytest.raises(SchemaError) as error:
        transitions(rows.reset_index(drop=True))
    assert [(failure.row, failure.column) for failure in error.value.failures] == [
        (21, "quarter"),
        (19, "municipality"),
        (20, "municipality"),
    ]
    with pytest.raises(AnalysisError, match="one extract alone"):
        transitions(categories().query("quarter == '2021-Q1'"))


def test_eighty_three_and_four_planned_are_eighty_seven() -> None:
    rows = pd.DataFrame({"extract": "2021-05", "status": ["present", "planned", "absent"], "n": [83, 4, 11], "definition": "a"})
    table = scenario(rows, target={"municipality": 90})
    assert {name: table.totals[name].value for name in ("present", "starts", "planned", "short_of_target")} == {
        "present": 83,
        "starts": 4,
        "planned": 87,
        "short_of_target": 3,
    }
    assert table.frame[["quarter", "expected", "lower", "upper"]].values.tolist() == [[k, 83 + k, 83 + k, 83 + k] for k in (1, 2, 3, 4)]
    half = scenario(rows, success=0.5)
    assert half.frame["expected"].iloc[-1] == pytest.approx(85, abs=0.1)
    assert (half.frame["lower"].iloc[-1], half.frame["upper"].iloc[-1]) == (83, 87)
    assert half.frame.equals(scenario(rows, success=0.5).frame)
    assert not half.frame.equals(scenario(rows, success=0.5, seed=2).frame)


def test_earlier_extracts_say_how_often_plans_succeed_and_efforts_stop() -> None:
    course = {"1": "pp", "2": "pa", "3": "np", "4": "nn", "5": "pp"}
    words = {"p": "present", "n": "planned", "a": "absent"}
    rows = pd.DataFrame(
        [(extract, code, words[path[place]], "a") for code, path in course.items() for place, extract in enumerate(("2020-11", "2021-05"))],
        columns=["extract", "municipality", "status", "definition"],
    )
    table = scenario(rows)
    # One of two plans came, one of three present ones stopped in two quarters.
    assert "1 af 2 planlagte" in table.note
    assert "1 stop på 6 kommunekvartaler" in table.note


def test_what_a_target_would_take_is_told_from_the_register_and_else_as_a_bound(project: Path) -> None:
    rows = pd.DataFrame(
        {
            "match": [f"m{n}" for n in range(40)],
            "start": ["2019-01-15"] * 20 + ["2020-01-15"] * 20,
            "end": ["2020-02-15"] * 20 + [""] * 20,
            "as_of": "2020-12-31",
        }
    )
    table = scenario(None, rows, target={"match": 200}, planned_matches=10, draws=2000)
    rates = ending_rates(rows)
    assert table.totals["active"].value == sum(rates.active) == 20
    assert table.totals["needed_lower"].value <= table.totals["needed"].value <= table.totals["needed_upper"].value
    # Nobody of the young matches has ended yet: about 180 must start in four quarters.
    assert 45 <= table.totals["needed"].value <= 60
    note = open_round("2021-note", project).scenario()
    assert (note.totals["planned"].value, note.totals["shortfall"].value, note.totals["needed_at_least"].value) == (87, 937, 235)


def test_two_maps_side_by_side_share_their_colours_and_tell_hidden_from_no_data() -> None:
    rows = pd.DataFrame(
        {
            "code": ["0101", "0147", "0151", "0101", "0147"],
            "value": ["1 grøn", "2 gul", "3 rød", "1 grøn", "1 grøn"],
            "hidden": [False, False, True, False, False],
            "panel": ["Q1", "Q1", "Q1", "Q2", "Q2"],
        }
    )
    drawing = tile_map(rows, panel="panel", title="Kategorier")
    assert "Q1: Kort med et felt for hver af 98 kommuner: 1 grøn: 1 kommuner; 2 gul: 1 kommuner;" in drawing.alt()
    assert "skjult" in drawing.alt().split("Q2")[0]
    assert "skjult" not in drawing.alt().split("Q2")[1]
    key = [item.get_text() for item in drawing.figure.texts if "→" in item.get_text()]
    assert key[:2] == ["1 grøn (1 → 2)", "2 gul (1 → 0)"]
    letters = [text.get_text() for axes in drawing.figure.axes for text in axes.texts if text.get_text()]
    assert sorted(letters) == ["1", "1", "1", "2"]
