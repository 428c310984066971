"""A goal that takes an answer's share from a survey counts what the survey's table shows, for every item and denominator."""

from __future__ import annotations

import tomllib
import warnings
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

import vvvresearch as vvv
from vvvresearch.evidence import Goal, Survey, Taken
from vvvresearch.rounds import Round
from vvvresearch.rounds._goal_measures import measures_for
from vvvresearch.rounds._measures import cell_of
from vvvresearch.rounds._measures import measured as measured_for
from vvvresearch.rounds._named import named_answers
from vvvresearch.survey import tabulate

ROOT = Path(__file__).parents[2]
SURVEYS = [
    (path.parent.name, source["id"])
    for path in sorted((ROOT / "rounds").glob("*/round.toml"))
    for source in tomllib.loads(path.read_text("utf-8"))["sources"]
    if source["type"] == "survey"
]
Measured = tuple[Any, int | None, int | None]


WORDS = {"da": "et mål", "en": "a goal"}


@cache
def opened(round_id: str) -> Round:
    return vvv.open_round(round_id, root=ROOT)


def read(round_id: str, name: str) -> Survey:
    survey = opened(round_id).read(name)
    assert isinstance(survey, Survey)
    return survey


def round_with(round_id: str, taken: dict[str, Any], **given: Any) -> Round:
    """The round with one goal that takes one number; its evidence is read once for all of them."""
    fields = {"id": "G", "definition": WORDS, "unit": "leader", "type": "percent", "target": 75, "measure": taken, **given}
    spec = opened(round_id).spec.model_copy(update={"goals": (Goal.model_validate(fields),)})
    other = Round(spec, ROOT)
    other._read = opened(round_id)._read
    return other


def measured(round_id: str, taken: dict[str, Any], **given: Any) -> Measured:
    """Percentage, count and base that a goal reads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        row = round_with(round_id, taken, **given).goals.measured.iloc[0]
    return row["value"], row["count"], row["base"]


@cache
def table(round_id: str, name: str, item: str, denominator: Any = None) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # routes that disagree with the answers are another test's subject
        return tabulate(read(round_id, name), item, denominator=denominator).frame


def options(round_id: str, name: str) -> list[tuple[str, str, str]]:
    """Type, item and code of every option; numbers and free text have none."""
    items = read(round_id, name).questionnaire.items
    tables = ((item, table(round_id, name, item.id)) for item in items if item.type not in ("number", "text"))
    return [(item.type, item.id, code) for item, frame in tables for code in frame["code"]]


def unlike(round_id: str, name: str, item: str, code: str, denominator: str | None = None) -> str:
    """How the goal and the table differ; empty when they do not."""
    rows = table(round_id, name, item, denominator).set_index("code").loc[code]
    count, n = (None if pd.isna(rows[column]) else int(rows[column]) for column in ("count", "n"))
    percent = None if count is None or not n else Fraction(100 * count, n)
    taken = {"survey": name, "item": item, "answers": [code]} | ({"of": denominator} if denominator else {})
    try:
        found = measured(round_id, taken)
    except vvv.errors.RoundError as problem:
        return f"{item}={code}: {problem.what}"
    return "" if found == (percent, count, n) else f"{item}={code}: goal {found}, table {(percent, count, n)}"


def of_kind(wanted: str, surveys: list[tuple[str, str]]) -> list[tuple[str, str, str, str]]:
    """The options whose goals are alike in how they hold: multiple, coded, unpublished (the table has no count) or plain."""
    found = []
    for survey in surveys:
        for kind, item, code in options(*survey):
            count = table(*survey, item).set_index("code").at[code, "count"]
            if wanted == (kind if kind == "multiple" else "coded" if kind == "open" else "unpublished" if pd.isna(count) else "plain"):
                found.append((*survey, item, code))
    return found


def differences(options: list[tuple[str, str, str, str]], denominator: str | None = None) -> list[str]:
    return [said for one in options if (said := unlike(*one, denominator))]


def test_there_are_surveys_and_options_of_every_kind_to_compare() -> None:
    assert len(SURVEYS) == 12
    kinds = {kind: len(of_kind(kind, SURVEYS)) for kind in ("plain", "multiple", "coded", "unpublished")}
    assert kinds == {"plain": 324, "multiple": 27, "coded": 2, "unpublished": 52}


@pytest.mark.parametrize(("round_id", "name"), SURVEYS)
def test_a_goal_counts_what_the_table_shows(round_id: str, name: str) -> None:
    assert differences(of_kind("plain", [(round_id, name)])) == []


def test_a_goal_may_take_an_option_of_a_multiple_item() -> None:
    assert differences(of_kind("multiple", SURVEYS)) == []


def test_a_goal_may_take_a_code_of_an_open_question() -> None:
    assert differences(of_kind("coded", SURVEYS)) == []


def test_a_goal_has_no_count_where_none_was_published() -> None:
    assert differences(of_kind("unpublished", SURVEYS)) == []


@pytest.mark.parametrize(("denominator", "first"), [("asked", 0), ("valid", 1)])
def test_a_goal_may_divide_by_another_denominator(denominator: str, first: int) -> None:
    # Every other survey for each: what divides is the same for all.
    assert differences(of_kind("plain", SURVEYS[first::2]), denominator) == []


@pytest.mark.parametrize("answers", [["yess"], ["yes", "yess"]])
def test_a_goal_with_an_unknown_code_is_an_error_that_names_the_nearest(answers: list[str]) -> None:
    with pytest.raises(vvv.errors.RoundError, match="yess") as caught:
        measured("demo", {"survey": "municipal-2022", "item": "refers", "answers": answers})
    assert "yes" in caught.value.todo
    assert caught.value.where.endswith("goal G, reading measured")


def test_an_item_and_its_answers_may_be_named_by_their_words() -> None:
    item = read("demo", "municipal-2022").questionnaire.item("refers")
    by_words = {"survey": "municipal-2022", "item": item.text.da, "answers": ["ja", "No"]}
    by_code = {"survey": "municipal-2022", "item": "refers", "answers": ["yes", "no"]}
    assert measured("demo", by_words) == measured("demo", by_code)
    with pytest.raises(vvv.errors.RoundError, match="Nej tak"):
        measured("demo", {"survey": "municipal-2022", "item": "refers", "answers": ["Nej tak"]})


def test_several_answers_count_everybody_once() -> None:
    answers = read("demo", "municipal-2022").answers
    item = "barriers"
    codes = [name.partition(":")[2] for name in answers.columns if name.startswith(f"{item}:")][:2]
    columns = [f"{item}:{code}" for code in codes]
    either = int((answers[columns].astype("string") == "1").any(axis=1).sum())
    assert either < sum(int((answers[column].astype("string") == "1").sum()) for column in columns)
    assert measured("demo", {"survey": "municipal-2022", "item": item, "answers": codes})[1] == either


def test_a_number_is_the_same_by_its_address_and_by_the_short_way() -> None:
    pairs = [
        ({"cell": "municipal-2022.refers.yes.share"}, {"survey": "municipal-2022", "item": "refers", "answers": "yes"}),
        ({"cell": "ended.premature.share"}, {"matches": "ended", "reason_class": "premature", "of": "ended"}),
        ({"cell": "ended/of-started.moved/premature.share"}, {"matches": "ended", "reason_class": ["moved", "premature"], "of": "started"}),
        ({"cell": "presence.2021-05.present.share"}, {"presence": "present", "extract": "2021-05"}),
    ]
    for address, short in pairs:
        assert measured("demo", address) == measured("demo", short), address
    counts = {"type": "number", "target": 1}
    assert measured("demo", {"courses": "participants"}, **counts)[0] == int(opened("demo").courses.frame["participants"].sum())
    assert measured("demo", {"presence": "present"}, **counts)[0] == measured("demo", {"cell": "presence.2022-05.present.n"}, **counts)[0]
    assert measured("demo", {"matches": "started", "year": "2020"}, **counts)[0] == 822
    assert measured("demo", {"matches": "active"}, **counts)[0] == int(opened("demo").matches.frame["end"].isna().sum())


def test_the_goal_on_broken_relations_is_the_register_s_own_count() -> None:
    ended = opened("demo").matches.frame.query("end.notna()")
    premature = int((ended["reason_class"] == "premature").sum())
    assert (premature, len(ended)) == (576, 2826)
    row = opened("demo").goals.measured.query("goal == 'D-4c'").iloc[0]
    assert (row["count"], row["base"], row["value"], row["measure"], row["source"]) == (
        576,
        2826,
        Fraction(57600, 2826),
        "share",
        "matches",
    )


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ({"cell": "municipal-2022.refers.yess.share"}, "municipal-2022.refers.yes.share"),
        ({"presence": "presnt"}, "present"),
        ({"presence": "present", "extract": "2021-06"}, "presence.2021-05.present"),
        ({"courses": "participant"}, "participants"),
        ({"matches": "ended", "reason_class": "prematur", "of": "ended"}, "premature"),
        ({"matches": "ended", "reason_class": "premature"}, "ended_known"),
        ({"matches": "started", "year": "2050"}, "started-match-20"),
    ],
)
def test_a_number_that_is_not_there_is_an_error_that_names_the_nearest(taken: dict[str, Any], said: str) -> None:
    with pytest.raises(vvv.errors.RoundError) as caught:
        measured("demo", taken)
    assert said in caught.value.todo


def test_more_municipalities_than_there_are_is_no_measurement() -> None:
    with pytest.raises(vvv.errors.RoundError, match="5001 of 98 municipalities"):
        measured("demo", {"cell": "counts.persons-active-2022.value"}, unit="municipality", type="number", target=90)


def test_a_flow_is_not_taken_for_a_stock() -> None:
    reading = {"id": "r", "label": WORDS, "measure": "stock", "cell": "counts.matches-started-2020.value"}
    with pytest.raises(vvv.errors.RoundError, match="is a flow, not a stock"):
        _ = measured("demo", "", unit="match", type="number", target=90, readings=[reading])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ({"cell": "a.b", "presence": "present"}, "not by cell, presence"),
        ({"extract": "2021-05"}, "not by none of them"),
        ({"presence": "present", "year": "2021"}, "'year' does not belong to 'presence'"),
        ({"survey": "municipal-2022", "item": "refers"}, "item and answers"),
    ],
)
def test_a_number_is_said_in_one_way(taken: dict[str, Any], said: str) -> None:
    with pytest.raises((ValidationError, vvv.errors.RoundError), match=said):
        measured("demo", taken)


@pytest.mark.parametrize("taken", [{"cell": "nothing.at.all"}, {"survey": "nowhere", "item": "refers", "answers": ["yes"]}])
def test_a_number_of_a_source_that_the_round_lacks_is_not_measured_and_says_why(taken: dict[str, Any]) -> None:
    row = round_with("demo", taken).goals.measured.iloc[0]
    assert row["value"] is None
    said = row["lacking"].say("en")
    assert "nothing" in said or "nowhere" in said


def test_a_number_that_is_shown_when_a_goal_is_asked_for_is_the_one_that_is_stored() -> None:
    r = opened("demo")
    shown = measures_for(r, "Antallet af match i gang er 900 hvert år", "match", share=False, lang="en")
    assert shown
    for one in shown:
        readings = [{"id": "r", "label": WORDS, "measure": one.taken}]
        goal = Goal.model_validate({"id": "G", "definition": WORDS, "unit": "match", "type": "number", "target": 9, "readings": readings})
        stored = measured_for(r, goal, goal.readings[0])["value"]
        assert one.label.removeprefix(f"{one.what}: ").partition(" (")[0] == f"{stored:,}", one.id


def test_a_goal_of_one_referrer_or_one_place_is_offered_that_one_or_none() -> None:
    r = opened("demo")
    source = next(one for one in r.referrals().frame["source"].unique() if one not in ("total", "unknown"))
    found = [one.taken.get("cell") for one in measures_for(r, f"{source} refers 40 people", "person", share=False, lang="en")]
    assert f"referrals.total.{source}.persons" in found
    town = str(r.municipalities["name"].iloc[0])
    rows = r.matches.frame[r.matches.frame["municipality"] == r.municipalities["code"].iloc[0]]
    own = {one.taken["matches"]: one for one in measures_for(r, f"40 pairs are active in {town}", "match", share=False, lang="en")}
    assert [one.taken["where"] for one in own.values()] == [{"municipality": town}] * len(own)
    assert next(iter(own)) == "active"
    going_on = int((rows["end"].fillna("") == "").sum())
    assert [cell_of(r, Taken(**own[one].taken), share=False).value for one in ("ever", "active")] == [len(rows), going_on]


@pytest.mark.parametrize(
    ("words", "labels", "named"),
    [
        ("three in four say definitely or probably yes", "Definitely yes,Probably yes,Probably not,Definitely not", "01"),
        ("under a fifth would probably not or definitely not", "Definitely yes,Probably yes,Probably not,Definitely not", "23"),
        ("75 % oplever det i høj eller meget høj grad", "I meget høj grad,I høj grad,I nogen grad,I lav grad", "01"),
        ("de fleste er tilfredse eller meget tilfredse", "Meget tilfreds,Tilfreds,Utilfreds", "01"),
        ("80 % strongly agree", "Strongly agree,Agree,Disagree", "0"),
        ("four out of five rate it 4 or 5", "1,2,3,4,5", "34"),
        ("at least 4 of them", "1,2,3,4,5", ""),
        ("no fewer than 40 % come back", "Yes,No", ""),
    ],
)
def test_the_answers_that_a_goal_names_are_found_together(words: str, labels: str, named: str) -> None:
    answers = {str(place): [label] for place, label in enumerate(labels.split(","))}
    assert "".join(named_answers(words, answers)) == named


def test_a_number_of_a_part_is_that_of_counting_its_rows() -> None:
    r = opened("demo")
    frame = r.matches.frame
    column = "organisation"
    part = frame[frame[column] == frame[column].iloc[0]]
    value = str(frame[column].iloc[0])
    broken = Taken(matches="ended", reason_class="premature", of="started", where={column: value})
    assert cell_of(r, broken, share=True).value == Fraction(int((part["reason_class"] == "premature").sum()), len(part))
    rows = Taken(rows="matches", column="reason_class", values=["moved", "Natural"], where={column: value})
    said = part["reason_class"].fillna("").replace("unknown", "")  # whoever does not know says nothing
    assert cell_of(r, rows, share=True).value == Fraction(int(said.isin(["moved", "natural"]).sum()), int((said != "").sum()))
    with pytest.raises(vvv.VvvError, match="nobody has"):
        cell_of(r, Taken(matches="started", where={column: "no such"}), share=False)
