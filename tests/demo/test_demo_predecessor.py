"""The round before the demo: what was planted between the two is what the demo's "since last time" finds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from demo import predecessor
from demo.cast import municipalities
from vvvresearch.rounds import Round, open_round

ROOT = Path(__file__).parents[2]


@cache
def opened(name: str = "demo") -> Round:
    return open_round(name, ROOT)


def test_the_demo_has_one_round_before_it_and_that_one_has_none() -> None:
    assert [one.id for one in opened().earlier] == ["demo-2019"]
    assert opened("demo-2019").previous is None


def test_every_change_of_the_codebook_is_told_as_it_was_planted() -> None:
    changes = predecessor.codebook_changes()
    assert changes["kind"].tolist() == ["rename", "merge", "merge", "split", "split"]
    before, now = (set(opened(name).codings.codebook.paths) for name in ("demo-2019", "demo"))
    assert before - now == set(changes["old"])
    assert now - before == set(changes["new"]) | {"Virksomme mekanismer > Afmystificering", "Moderatorer > Omgivelser > Corona"}


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("Aktiviteter > Samvær uden formål", "rename"),
        ("Virksomme mekanismer > Tillid og respekt", "merge"),
        ("Virksomme mekanismer > Forbillede", "split"),
        ("Virksomme mekanismer > Bro til andre", "split"),
        ("Virksomme mekanismer > Afmystificering", "new"),
        ("Virksomme mekanismer > Kemi", ""),
    ],
)
def test_a_theme_is_followed_over_both_rounds(path: str, change: str) -> None:
    frame = opened().theme_trend(depth=2).frame
    rows = frame[frame["code_path"] == path].set_index("round")
    assert rows.loc["demo", "change"] == change
    assert bool(rows.loc["demo", "break"]) == (change in ("split", "merge", "new"))
    assert bool(rows["persons_affirmed"].isna()["demo-2019"]) == (change in ("split", "new"))


def test_five_people_speak_in_both_rounds_and_everybody_lives_in_an_invented_place() -> None:
    assert opened().theme_trend().totals["persons_again"].value == 5
    assert set(opened("demo-2019").interviews.frame["municipality"]) <= set(municipalities()["code"])


def test_two_municipalities_are_visited_twice_and_a_leader_was_read_without_a_code() -> None:
    first, second = (opened(name).interviews.frame for name in ("demo-2019", "demo"))
    visits = first[first["respondent_group"] == "municipal"].merge(second[second["respondent_group"] == "municipal"], on="person")
    assert visits[["person", "municipality_x"]].values.tolist() == [["k01", "9014"], ["k04", "9053"]]
    assert (visits["municipality_x"] == visits["municipality_y"]).all()
    leaders = first[first["respondent_group"].str.startswith("activity_leader")].set_index("interview")["coded_by"]
    assert leaders.to_dict() == {"l01-19": "", "l02-19": "coder-a"}
    assert set(opened("demo-2019").codings.frame["source"]) & set(leaders.index) == {"l01-19"}
    row = opened("demo-2019").theme_table(depth=2).frame.set_index(["code_path", "respondent_group"])
    # Nothing was found in it, and it was read: it is asked, and not one that nobody coded.
    found = row.loc[("Udfordringer > I ordningen", "activity_leader_DRC")]
    assert (found["asked"], found["not_raised"], found["not_coded"]) == (1, 1, 0)


def test_only_the_goal_with_another_definition_breaks() -> None:
    frame = opened().goal_trend().frame
    assert frame.loc[frame["break"], "goal"].tolist() == ["D-4b"]
    assert sorted(set(frame.loc[frame["round"] == "demo-2019", "goal"])) == ["D-1", "D-2", "D-3b", "D-4b"]


def test_twenty_four_municipalities_answered_again_and_the_question_with_another_wording_is_refused() -> None:
    assert opened().cell("municipal-2019~municipal-2021.total.overlap").value == predecessor.AGAIN == 24
    changes = opened().compare("municipal-2019~municipal-2021")
    assert "Har I savnet støtte?" in changes["refused"].to_markdown()
    assert "support_missed" not in set(changes.frame["item"])
    assert opened().trend("refers").frame["wave"].tolist() == ["municipal-2019", "municipal-2021", "municipal-2022"]


def test_each_recommendation_has_the_state_that_was_noted() -> None:
    frame = opened().follow_up().frame
    assert frame[["id", "answer", "state"]].values.tolist() == [
        ["V1", "accepted", "done"],
        ["V2", "partly", "under_way"],
        ["V3", "rejected", "dropped"],
        ["V4", "unknown", "unknown"],
    ]
