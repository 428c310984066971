"""Goals from a list into a round: the numbers that could measure them are proposed, asked, and written as they were answered."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

import vvvresearch as vvv
from vvvresearch.cli.main import app
from vvvresearch.rounds._add_goals import _likely, _taken
from vvvresearch.rounds._goal_measures import Measure

GOALS = "- Mindst 60 % af kommunerne henviser\n- 10 kommuner har en kontakt inden juni 2031\n- Flere venskaber\n"
ANSWERS = """goal.3.target = "-"
goal.3.unit = "person"
goal.3.measure = "-"
goal.2.measure = "-"
"""
TOWNS = ("Vejle", "Odense", "Thisted", "Lolland", "Skive", "Assens", "Nyborg", "Varde")


def call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("goals")
    rows = [f"{n};{town};{('Ja', 'Nej', 'Ja')[n % 3]};Gennemført" for n, town in enumerate(TOWNS)]
    heading = "Respondentnøgle;Kommune;Henviser kommunen borgere til forløbet?;Samlet status"
    (base / "svar.csv").write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    (base / "maal.txt").write_text(GOALS, encoding="utf-8")
    work = base / "w"
    for arguments in (["init", str(work)], ["new-round", "ny", "--root", str(work)]):
        assert call(*arguments)[0] == 0
    code, told = call("add", "ny", str(base / "svar.csv"), "--yes", "--root", str(work))
    assert code == 0, told
    return work


def test_each_goal_is_asked_for_its_number_and_no_number_is_taken_alone(root: Path) -> None:
    code, told = call("add", "ny", str(root.parent / "maal.txt"), "--json", "--root", str(root))
    found = json.loads(told)
    asked = {one["id"]: [choice["value"] for choice in one["choices"]] for one in found["questions"]}
    assert code == 0
    assert [f"goal.{number}.measure" in asked for number in (1, 2, 3)] == [True, True, True]
    assert any(choice.endswith(":ja") for choice in asked["goal.1.measure"])
    assert not [one["id"] for one in found["decided"] if one["id"].endswith(".measure")]


def test_the_goals_are_written_measured_and_written_once(root: Path) -> None:
    place, answers = root / "rounds/ny/round.toml", root.parent / "answers.toml"
    _, told = call("add", "ny", str(root.parent / "maal.txt"), "--json", "--root", str(root))
    (yes,) = [
        choice["value"]
        for one in json.loads(told)["questions"]
        if one["id"] == "goal.1.measure"
        for choice in one["choices"]
        if choice["value"].endswith(":ja")
    ]
    answers.write_text(f'{ANSWERS}goal.1.measure = "{yes}"\n', encoding="utf-8")
    for _ in range(2):
        assert call("add", "ny", str(root.parent / "maal.txt"), "--answers", str(answers), "--root", str(root))[0] == 0
    goals = tomllib.loads(place.read_text(encoding="utf-8"))["goals"]
    assert [(one["type"], one.get("target"), one["unit"], one.get("as_of")) for one in goals] == [
        ("percent", 60, "municipality", None),
        ("number", 10, "municipality", "2031-06"),
        ("qualitative", None, "person", None),
    ]
    # A number is called what it is, never what the goal asks for.
    label = goals[0]["readings"][0]["label"]
    assert label["da"].endswith("= Ja")
    assert label["da"] != goals[0]["definition"]["da"]
    (measured,) = [one["value"] for one in vvv.open_round("ny", root=root).goals.measured.to_dict("records") if one["goal"] == "M1"]
    # Six of the eight said yes.
    assert float(measured) == pytest.approx(100 * sum(n % 3 != 1 for n in range(8)) / 8)


def test_an_answer_that_is_no_target_writes_nothing(root: Path) -> None:
    place, answers = root / "rounds/ny/round.toml", root.parent / "wrong.toml"
    (root.parent / "flere.txt").write_text("- Mange flere møder for borgere\n- 5 kommuner til\n", encoding="utf-8")
    answers.write_text('goal.1.target = "mange"\ngoal.1.unit = "person"\ngoal.1.measure = "-"\ngoal.2.measure = "-"\n', encoding="utf-8")
    before = place.read_bytes()
    code, told = call("add", "ny", str(root.parent / "flere.txt"), "--as", "goals", "--answers", str(answers), "--root", str(root))
    assert (code, place.read_bytes()) == (1, before), told


def test_the_year_after_a_goal_that_names_its_year_is_the_same_goal(root: Path) -> None:
    assert call("new-round", "aar-efter", "--after", "ny", "--root", str(root))[0] == 0
    place, (listed, answers) = root / "rounds/aar-efter/round.toml", (root.parent / name for name in ("maal32.txt", "svar32.toml"))
    before = {one["id"]: one for one in tomllib.loads(place.read_text(encoding="utf-8"))["goals"]}
    listed.write_text("- 12 kommuner har en kontakt inden juni 2032\n", encoding="utf-8")
    answers.write_text('goal.1.unit = "municipality"\n', encoding="utf-8")
    assert before["M2"]["definition"]["da"].startswith("10 kommuner")
    # Another number is another goal; the same sentence for another year is not.
    code, told = call("add", "aar-efter", str(listed), "--as", "goals", "--answers", str(answers), "--root", str(root))
    assert code == 0, told
    listed.write_text("- 10 kommuner har en kontakt inden juni 2032\n", encoding="utf-8")
    code, told = call("add", "aar-efter", str(listed), "--as", "goals", "--answers", str(answers), "--root", str(root))
    assert code == 0, told
    after = {one["id"]: one for one in tomllib.loads(place.read_text(encoding="utf-8"))["goals"]}
    assert len(after) == len(before) + 1
    assert (after["M2"]["target"], after["M2"]["as_of"], after["M2"]["definition"]["da"][-4:]) == (10, "2032-06", "2032")
    assert {name: one for name, one in after.items() if name in before and name != "M2"} == {
        name: one for name, one in before.items() if name != "M2"
    }


@pytest.mark.parametrize(
    ("before", "again"),
    [
        # Asked before and after: the year after it is the answers after that measure it, too.
        ({"survey": "unge-efter-2031", "item": "penge", "answers": ["4", "3"]}, "b"),
        ({"survey": "unge-foer-2031", "item": "penge", "answers": ["4", "3"]}, "a"),
        ({"survey": "skema", "item": "penge", "answers": ["4", "3"]}, None),
        ({"survey": "et-andet-skema", "item": "venner", "answers": ["1"]}, "c"),
        ({"matches": "started"}, "d"),
        (None, None),
    ],
)
def test_what_measured_a_goal_in_the_round_before_is_proposed_for_it_again(before: dict[str, object] | None, again: str | None) -> None:
    asked = {"item": "penge", "answers": ["4", "3"]}
    found = [
        Measure("a", "", {"survey": "unge-foer-2032", **asked}),
        Measure("b", "", {"survey": "unge-efter-2032", **asked}),
        Measure("c", "", {"survey": "unge-efter-2032", "item": "venner", "answers": "1"}),
        Measure("d", "", {"matches": "started"}),
    ]
    assert _likely(found, None if before is None else _taken(before)) == again
