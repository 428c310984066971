"""Reconstructed answers: rebuilt byte for byte, with the published margins and routes and nothing else."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch import files
from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.evidence import Questionnaire, read_questionnaire
from vvvresearch.kinds import DataKind
from vvvresearch.published import Margin, reconstruct
from vvvresearch.rounds import open_round
from vvvresearch.sources import read_margins
from vvvresearch.survey import tabulate

SURVEYS = {"municipal-2021": 42, "leaders-2020": 59, "course-form-2020": 36, "workshop-2020": 11}
WORDS = {"da": "x", "en": "x"}


def questionnaire(items: list[dict[str, object]]) -> Questionnaire:
    return Questionnaire.model_validate(
        {
            "schema_version": 1,
            "id": "q",
            "title": WORDS,
            "group": WORDS,
            "wave": WORDS,
            "frame": {"unit": "municipality", "chosen_by": WORDS, "collected": WORDS},
            "items": [{"text": WORDS, **item} for item in items],
        }
    )


def options(*codes: str) -> list[dict[str, object]]:
    return [{"code": code, "label": WORDS} for code in codes]


@pytest.mark.parametrize("name", SURVEYS)
def test_building_the_answers_again_gives_the_committed_file(name: str, project: Path, tmp_path: Path) -> None:
    folder = project / "surveys" / "2021-note" / name
    kept = files.read_csv(folder / "answers.csv")
    margins = [Margin(*row) for row in read_margins(folder / "margins.csv").itertuples(index=False)]
    built = reconstruct(read_questionnaire(folder / "questionnaire.toml"), margins, list(kept["respondent"]))
    again = files.write_csv(tmp_path / "answers.csv", built.reset_index())
    assert again.read_bytes() == (folder / "answers.csv").read_bytes()
    assert len(built) == SURVEYS[name]


def test_answers_follow_their_routes(project: Path) -> None:
    survey = open_round("2021-note", project).surveys["municipal-2021"]
    assert survey.questionnaire is not None
    for item in survey.questionnaire.items:
        route = survey.questionnaire.route(item)
        if route is None:
            continue
        columns = [name for name in survey.answers.columns if name.split(":")[0] == item.id]
        outside = survey.answers.loc[~route.asked(survey.answers), columns].astype("string").fillna("")
        assert (outside == "").all().all(), item.id


def test_moving_one_answer_turns_the_table_into_the_text(project: Path) -> None:
    answers = open_round("2021-note", project).surveys["municipal-2021"].answers
    moved = answers[answers["capacity_text"] != answers["capacity"]]
    assert list(zip(moved["capacity"], moved["capacity_text"], strict=True)) == [("some_wait", "too_few")]


def test_table_7_comes_out_as_printed_in_both_versions(project: Path) -> None:
    survey = open_round("2021-note", project).surveys["municipal-2021"]
    printed = {"all_in_time": "19%", "some_wait": "24%", "too_few": "29%", "too_many": "0%", "dont_know": "12%", "other": "17%"}
    table, text = tabulate(survey, "capacity"), tabulate(survey, "capacity_text")
    assert {code: table.cell("share", item="capacity", code=code).say("en") for code in printed} == printed
    assert [text.cell("share", item="capacity_text", code=code).say("en") for code in ("some_wait", "too_few")] == ["21%", "31%"]


def test_table_11_has_29_answers_and_its_printed_route_22_without_any(project: Path) -> None:
    survey = open_round("2021-note", project).surveys["municipal-2021"]
    answered = (survey.answers["benefit_language"] != "").sum()
    assert answered == 29
    assert survey.questionnaire is not None
    routed = survey.questionnaire.item("routed_language")
    route = survey.questionnaire.route(routed)
    assert route is not None
    assert int(route.asked(survey.answers).sum()) == 22
    assert (survey.answers["routed_language"].astype("string").fillna("") == "").all()
    assert routed.missing_reason is not None


def test_what_was_printed_only_as_an_image_is_missing_and_says_so(project: Path) -> None:
    survey = open_round("2021-note", project).surveys["municipal-2021"]
    assert survey.questionnaire is not None
    for name in ("other_rating_rc", "other_rating_drc"):
        assert survey.questionnaire.item(name).missing_reason is not None
        assert (survey.answers[name].astype("string").fillna("") == "").all()
    table = tabulate(survey, "refers").frame.set_index("code")["count"]
    assert table["yes"] == 22
    assert pd.isna(table["no_longer"])


def test_two_items_of_reconstructed_rows_may_not_be_crossed(project: Path) -> None:
    survey = open_round("2021-note", project).surveys["municipal-2021"]
    assert survey.kind is DataKind.RECONSTRUCTED
    with pytest.raises(NotPermittedError, match="reconstructed"):
        tabulate(survey, "capacity", by="refers")


def test_respondents_have_no_name_and_no_municipality(project: Path) -> None:
    answers = open_round("2021-note", project).surveys["municipal-2021"].answers
    assert list(answers.index) == [f"k{number:02d}" for number in range(1, 43)]


def test_more_answers_than_were_asked_is_refused() -> None:
    definition = questionnaire([{"id": "a", "type": "single", "options": options("yes", "no")}])
    with pytest.raises(AnalysisError, match="only 2 are left") as caught:
        reconstruct(definition, [Margin("a", "yes", 3)], ["r1", "r2"])
    assert "base is smaller" in caught.value.why


@pytest.mark.parametrize(
    ("margin", "said"), [(Margin("b", "yes", 1), "names the item 'b'"), (Margin("a", "maybe", 1), "names the answer 'maybe'")]
)
def test_an_unknown_item_or_answer_is_refused(margin: Margin, said: str) -> None:
    definition = questionnaire([{"id": "a", "type": "single", "options": options("yes", "no")}])
    with pytest.raises(AnalysisError, match=said):
        reconstruct(definition, [margin], ["r1"])


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 60), st.data())
def test_margins_come_out_as_they_went_in(size: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(0, size))
    ticked = [data.draw(st.integers(0, yes)) for _ in range(2)]
    none = data.draw(st.integers(0, yes - max(ticked)))
    definition = questionnaire(
        [
            {"id": "a", "type": "single", "options": options("yes", "no")},
            {
                "id": "m",
                "type": "multiple",
                "route": 'a == "yes"',
                "options": [*options("x", "y"), {"code": "none", "label": WORDS, "role": "none"}],
            },
        ]
    )
    margins = [Margin("a", "yes", yes), Margin("a", "no", size - yes)]
    margins += [Margin("m", code, count) for code, count in zip(("x", "y", "none"), (*ticked, none), strict=True)]
    rows = reconstruct(definition, margins, [f"r{number}" for number in range(size)])
    assert (rows["a"] == "yes").sum() == yes
    for code, count in zip(("x", "y", "none"), (*ticked, none), strict=True):
        assert (rows[f"m:{code}"] == "1").sum() == count
    assert (rows.loc[rows["a"] == "no", "m:x"] == "").all()
    assert not ((rows["m:none"] == "1") & ((rows["m:x"] == "1") | (rows["m:y"] == "1"))).any()
