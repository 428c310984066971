"""Numbers of survey tables: their addresses, what they rest on, and how tables of every form show them."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_tabulate import boxes, likert, multiple, option, routed, say, single, survey_of

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Item, Survey
from vvvresearch.kinds import DataKind
from vvvresearch.results import Cell, Result
from vvvresearch.survey import any_of, base_table, open_answers, response, tabulate, topline

YES = {"refers": ["yes"] * 12 + ["no"] * 8}


def cells(*tables: Result) -> dict[str, Cell]:
    """Cells by address; two unlike numbers at one address are an error."""
    found: dict[str, Cell] = {}
    for cell in (cell for table in tables for cell in table.cells):
        assert found.setdefault(cell.address, cell) == cell, cell.address
    return found


def numbers(table: Result) -> dict[str, object]:
    return {cell.address: cell.value for cell in table.cells}


# --- addresses ---


def test_addresses_stand_when_items_are_added_moved_or_made_a_battery_and_options_added() -> None:
    answers: dict[str, list[object]] = {**YES, "helps": ["yes"] * 5 + ["no"] * 15}
    before = survey_of(answers, single(), single("helps"))
    more = (*single().options, option("maybe", "Måske"))
    after = survey_of({**answers, "new": ["yes"] * 20}, single("new"), single("helps", battery="b"), single(battery="b", options=more))
    old = {address: value for item in before.items for address, value in numbers(tabulate(before, item)).items()}
    new = {address: value for item in after.items for address, value in numbers(tabulate(after, item)).items()}
    assert old.items() <= new.items()


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_the_numbers_of_a_group_are_those_of_its_respondents_alone(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 30))
    answers = {
        "degree": data.draw(st.lists(st.sampled_from(["1", "3", "4", "9", ""]), min_size=size, max_size=size)),
        "region": data.draw(st.lists(st.sampled_from(["north", "south"]), min_size=size, max_size=size)),
    }
    survey = survey_of(answers, likert())  # type: ignore[arg-type]
    table = tabulate(survey, "degree", by="region")
    for group in set(answers["region"]):
        alone = Survey(survey.answers[survey.answers["region"] == group], survey.questionnaire)
        for address, value in numbers(tabulate(alone, "degree")).items():
            item, *rest = address.removeprefix("test.").removeprefix("test/top.").split(".")
            root = "test/by-region/top" if address.startswith("test/top") else "test/by-region"
            assert table.cell(".".join([root, item, group, *rest])).value == value


def test_a_setting_that_changes_numbers_has_its_place_in_the_address() -> None:
    answers: dict[str, list[object]] = {
        "degree": ["4"] * 6 + ["1"] * 6 + ["9"] * 3,
        "w": [2.0] * 5 + [1.0] * 10,
        "region": ["a", "b", "c"] * 5,
    }
    survey = survey_of(answers, likert())
    ways = [
        {},
        {"denominator": "valid"},
        {"denominator": "asked"},
        {"weights": "w"},
        {"by": "region"},
        {"by": "region", "weights": "w"},
        {"intervals": True},
        {"intervals": "wilson"},
        {"intervals": True, "level": 0.9},
        {"intervals": True, "population": 400},
    ]
    found = cells(*(tabulate(survey, "degree", **way) for way in ways))  # type: ignore[arg-type]
    assert found["test/of-valid.degree.4.share"].value == found["test.degree.4.count"].value / 12  # type: ignore[operator]
    assert "test/interval-wilson-95.degree.4.lower" in found
    with pytest.warns(UserWarning, match="29"):
        off = cells(tabulate(routed(22, 20, 29), "how"), tabulate(routed(22, 20, 29), "how", off_route="drop"))
    assert (off["test.how.yes.count"].value, off["test/on-route.how.yes.count"].value) == (29, 22)


def test_several_variables_stand_side_by_side_and_each_has_its_addresses() -> None:
    survey = survey_of({**YES, "region": ["a", "b"] * 10, "size": ["a"] * 15 + ["c"] * 5}, single())
    table = tabulate(survey, "refers", by=["region", "size"])
    assert numbers(table) == {
        **numbers(tabulate(survey, "refers", by="region")),
        **numbers(tabulate(survey, "refers", by="size")),
    }
    assert list(table.shown().columns) == ["Svar", "I alt (n = 20)", "a (n = 10)", "b (n = 10)", "a (n = 15)", "c (n = 5)"]
    assert table.shown().iloc[0].tolist()[-1] == "0 af 5"


def test_a_variable_that_is_called_as_a_column_of_every_table_keeps_its_address() -> None:
    table = tabulate(survey_of({**YES, "count": ["a", "b"] * 10}, single()), "refers", by="count")
    assert table.cell("test/by-count.refers.a.yes.count").value == 6


# --- several answers ---


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.booleans()] * 3), min_size=1, max_size=25), st.sets(st.sampled_from(["rc", "drc", "none"]), min_size=1))
def test_who_ticked_two_of_the_answers_counts_once(ticks: list[tuple[bool, ...]], wanted: set[str]) -> None:
    frame = pd.DataFrame(ticks, columns=["rc", "drc", "none"]).astype(int).astype(str)
    survey = survey_of({f"partners:{name}": frame[name].tolist() for name in frame}, multiple())
    codes = sorted(wanted)
    table = any_of(survey, "partners", codes)
    expected = sum(any(row[name] == "1" for name in codes) for row in frame.to_dict("records"))
    address = f"test/any.partners.{'/'.join(codes)}"
    assert (table.cell(f"{address}.count").value, table.cell(f"{address}.n").value) == (expected, len(ticks))


def test_several_answers_of_one_each_are_added_on_the_base_of_the_item() -> None:
    survey = survey_of({"degree": ["4"] * 6 + ["3"] * 3 + ["1"] * 2 + ["9"]}, likert())
    assert (
        any_of(survey, "degree", ["3", "4"]).cell("test/any.degree.3/4.share").value
        == tabulate(survey, "degree")["top"].cell("test/top.degree.share").value
    )
    assert any_of(survey, "degree", ["4", "9"], denominator="valid").cell("test/any/of-valid.degree.4/9.share").value is None


def test_an_answer_that_does_not_exist_is_named_with_its_neighbours() -> None:
    with pytest.raises(AnalysisError, match="yess"):
        any_of(survey_of(YES, single()), "refers", ["yess"])  # type: ignore[arg-type]


# --- bases ---


def test_dont_know_beside_valid_answers_has_a_count_and_no_share() -> None:
    table = tabulate(survey_of({"degree": ["4"] * 6 + ["1"] * 6 + ["9"] * 3}, likert(denominator="valid")), "degree")
    row = table.frame.set_index("code").loc["9"]
    assert row["count"] == 3
    assert np.isnan(row["n"])
    assert table.cell("test.degree.9.share").value is None
    assert table.cell("test.degree.9.count").base.dont_know == 3


def test_what_was_printed_in_part_has_no_base_and_neither_has_what_waits_for_it() -> None:
    gap = say("kun trykt som billede", "printed only as an image")
    items = (single(missing_reason=gap), single("how", route='refers == "yes"', missing_reason=gap))
    survey = survey_of({"refers": ["yes"] + [""] * 41, "how": ["no"] + [""] * 41}, *items, kind=DataKind.RECONSTRUCTED)
    for item, code, other in (("refers", "yes", "no"), ("how", "no", "yes")):
        table = tabulate(survey, item)
        assert table.cell(f"test.{item}.{code}.count").value == 1
        assert table.cell(f"test.{item}.{code}.share").value is None
        assert table.cell(f"test.{item}.{other}.count").value is None
        assert table.cell(f"test.{item}.{code}.count").base.short("en") == "base not known"
    assert base_table(survey).frame.set_index("item").loc["how", ["asked", "answered"]].isna().all()


def test_a_base_names_one_municipality_and_the_group_in_the_language_of_the_reader() -> None:
    table = tabulate(survey_of({"refers": ["yes"]}, single()), "refers")
    assert table.footer.startswith("n = 1 kommune. Gruppe: kommuner.")
    assert table.in_language("en").footer.startswith("n = 1 municipality. Group: municipalities.")


def test_a_battery_on_one_route_says_who_was_asked() -> None:
    asked = tuple(single(name, battery="b", route='refers == "yes"') for name in ("low", "high"))
    answers: dict[str, list[object]] = {"refers": ["yes"] * 10 + ["no"] * 5, "low": ["yes"] * 10 + [""] * 5, "high": ["no"] * 10 + [""] * 5}
    table = tabulate(survey_of(answers, single(), *asked), "b")
    assert (table.base.n, table.base.asked) == (10, 10)
    assert "Stillet til: »Henviser I?« er besvaret med »Ja«." in table.footer


# --- views and pictures ---


def test_a_battery_has_its_answers_side_by_side_and_its_base_once_at_the_end() -> None:
    items = tuple(single(name, battery="b").model_copy(update={"text": say(name)}) for name in ("low", "high"))
    table = tabulate(survey_of({"low": ["yes"] * 5 + ["no"] * 15, "high": ["yes"] * 12 + [""] * 8}, *items), "b").in_language("en")
    assert list(table.shown().columns) == ["Question", "Ja, count", "Ja, per cent", "Nej, count", "Nej, per cent", "n"]
    assert table.shown().values.tolist() == [["high", "12", "100%", "0", "0%", "12"], ["low", "5", "25%", "15", "75%", "20"]]
    assert table.across("").shown().shape == (4, 5)


def test_a_scale_is_drawn_with_its_counts_and_what_has_a_gap_is_not() -> None:
    table = tabulate(survey_of({"degree": ["4"] * 12 + ["1"] * 8}, likert()), "degree")
    assert list(table.pictures) == ["likert"]
    assert "I høj grad 60\N{NO-BREAK SPACE}% (12)" in table.plot().alt()
    unknown = single(options=(option("yes", "Ja"), option("no", "Nej"), option("x", "X", unknown=True)))
    assert "X" not in tabulate(survey_of(YES, unknown), "refers").plot().alt()  # type: ignore[arg-type]
    assert tabulate(survey_of({"refers": [""] * 4}, single()), "refers").pictures == {}


def test_a_frame_holds_numbers_and_codes_and_no_words() -> None:
    survey = survey_of({**YES, **boxes(), "degree": ["4"] * 20, "region": ["a", "b"] * 10}, single(), likert(), multiple())
    for item, by in itertools.product(("refers", "degree", "partners"), (None, "region")):
        frame = tabulate(survey, item, by=by).frame
        kinds = {type(value) for value in frame.to_numpy().ravel()}
        assert kinds <= {str, int, float, np.int64, np.float64}
    assert set(topline(survey).frame.columns) == {"item", "code", "role", "count", "n"}


# --- who answered, and in what words ---


def test_complete_is_who_answered_everything_their_route_led_them_to() -> None:
    items = (single(), single("how", route='refers == "yes"'), Item(id="words", text=say("Andet?"), type="open"))
    answers: dict[str, list[object]] = {"refers": ["yes", "yes", "no", ""], "how": ["yes", "", "", ""], "words": [""] * 4}
    table = response(survey_of(answers, *items))
    assert dict(zip(table.frame["step"], table.frame["count"], strict=True)) == {
        "population": 98,
        "invited": 71,
        "answered": 4,
        "complete": 2,
    }
    assert table.cell("test/response.answered.share").value * 71 == 4
    reconstructed = response(survey_of(answers, *items, kind=DataKind.RECONSTRUCTED))
    assert "complete" not in set(reconstructed.frame["step"])


def test_what_people_wrote_is_shown_without_who_wrote_it() -> None:
    item = Item(id="words", text=say("Hvad ellers?"), type="open")
    answers: dict[str, list[object]] = {"words": ["noget", "", "mere"]}
    table = open_answers(survey_of(answers, item))
    assert table.frame["text"].tolist() == ["noget", "mere"]
    assert not any("r0" in text for text in (table.to_csv(), table.as_quotes().to_markdown()))
    assert not open_answers(survey_of(answers, item, kind=DataKind.RECONSTRUCTED))
    assert not open_answers(survey_of({"words": [""]}, item))
