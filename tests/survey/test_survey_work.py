"""What evaluators do with answers before tables: cleaning, recoding, coding free text, stacking waves."""

from __future__ import annotations

import dataclasses
import warnings
from fractions import Fraction

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, SchemaError
from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Survey, Words
from vvvresearch.kinds import DataKind
from vvvresearch.survey import (
    CleaningRules,
    Recode,
    clean_answers,
    cleaning_steps,
    code_answers,
    coding_sheet,
    compare_coders,
    recode,
    stack_waves,
    tabulate,
)


def say(da: str) -> Words:
    return Words(da=da, en=da)


YES_NO = (Option(code="yes", label=say("Ja")), Option(code="no", label=say("Nej")))
CAPACITY = tuple(Option(code=code, label=say(code)) for code in ("prompt", "wait", "few", "many", "unsure", "other"))


def asked(*items: Item, wave: str = "2021") -> Questionnaire:
    frame = Frame(unit="municipality", population=98, invited=71, chosen_by=say("-"), collected=say(wave))
    return Questionnaire(schema_version=1, id=f"q-{wave}", title=say("t"), group=say("g"), wave=say(wave), frame=frame, items=items)


def item(name: str, **more: object) -> Item:
    return Item(id=name, text=say(name), **{"type": "single", "options": YES_NO, **more})  # type: ignore[arg-type]


# --- cleaning ---


def raw_wave() -> Survey:
    """71 invited, 50 received: 42 that count, five unfinished, two doubles and one that was not invited."""
    invited = pd.DataFrame({"region": ["Nord"] * 71}, index=[f"{number:04d}" for number in range(71)])
    rows = [{"unit": f"{number:04d}", "refers": "yes" if number % 2 else "no", "how": "yes" if number % 2 else ""} for number in range(42)]
    rows += [{"unit": f"{number:04d}", "refers": "", "how": ""} for number in range(42, 47)]
    rows += [{"unit": "0001", "refers": "yes", "how": ""}, {"unit": "0003", "refers": "no", "how": ""}]
    rows += [{"unit": "9999", "refers": "yes", "how": "yes"}]
    questionnaire = asked(item("refers"), item("how", route='refers == "yes"'))
    return Survey(pd.DataFrame(rows), questionnaire, invited=invited)


RULES = CleaningRules(unit="unit", minimum_answered=0.5)


def test_71_invited_become_42_answers_and_the_log_names_every_answer_left_out() -> None:
    before = raw_wave()
    after = clean_answers(before, RULES)
    assert len(after.answers) == 42
    assert after.answers.index.tolist() == [f"{number:04d}" for number in range(42)]
    assert after.log is not None
    assert after.log["what"].value_counts().to_dict() == {"incomplete": 5, "double": 2, "not invited": 1}
    assert len(before.answers) == len(after.answers) + len(after.log)
    steps = cleaning_steps(before, after).frame.set_index("step")
    assert steps.loc["invited", "count"] == 71
    assert steps.loc["counted", ["count", "n"]].tolist() == [42, 71]
    assert cleaning_steps(before, after).shown().iloc[-1].tolist() == ["Besvarelser, der tæller", "42", "59\N{NO-BREAK SPACE}%"]


def test_of_two_answers_of_one_municipality_the_most_complete_counts_or_what_the_rule_says() -> None:
    survey = raw_wave()
    assert clean_answers(survey, RULES).answers.loc["0001", "how"] == "yes"
    last = clean_answers(survey, dataclasses.replace(RULES, keep="last"))
    assert last.answers.loc["0001", "how"] == ""
    assert last.answers.loc["0003", "refers"] == "no"
    first = clean_answers(survey, dataclasses.replace(RULES, keep="first"))
    assert first.answers.loc["0003", "refers"] == "yes"


def test_an_item_that_the_route_skips_does_not_make_an_answer_incomplete() -> None:
    after = clean_answers(raw_wave(), CleaningRules(unit="unit", required=("refers", "how")))
    assert "0002" in after.answers.index  # said no, so it was never asked how
    assert after.log is not None
    assert set(after.log.loc[after.log["rule"] == "required", "unit"]) >= {"0042", "0046"}


@pytest.mark.parametrize(
    "rules",
    [CleaningRules(unit="town"), CleaningRules(required=("nothing",)), CleaningRules(minimum_answered=2), CleaningRules(keep="best")],  # type: ignore[arg-type]
)
def test_rules_that_cannot_be_followed_are_an_error(rules: CleaningRules) -> None:
    with pytest.raises(AnalysisError):
        clean_answers(raw_wave(), rules)


# --- recoding ---


def table_7(kind: DataKind = DataKind.RECONSTRUCTED) -> Survey:
    counts = {"prompt": 8, "wait": 10, "few": 12, "many": 0, "unsure": 5, "other": 7}
    codes = [code for code, count in counts.items() for _ in range(count)]
    return Survey(
        pd.DataFrame({"capacity": codes}, index=[f"r{n}" for n in range(42)]), asked(item("capacity", options=CAPACITY)), kind=kind
    )


def test_moving_one_row_of_table_7_turns_24_and_29_into_21_and_31_percent() -> None:
    done = recode(table_7(), [Recode("capacity", "wait", "few", who="evaluator", why="the comment names a lack of volunteers")])
    shown = done.comparison("capacity").in_language("en").shown().set_index("Answer")
    assert shown.loc[["wait", "few"], "Before, per cent"].tolist() == ["24%", "29%"]
    assert shown.loc[["wait", "few"], "After, per cent"].tolist() == ["21%", "31%"]
    assert "101" in done.before["capacity"].note
    assert "101" not in done.after["capacity"].note
    assert done.survey.log is not None
    assert done.survey.log[["from", "to", "who"]].values.tolist() == [["wait", "few", "evaluator"]]


def test_recodings_that_cannot_be_made_are_reported_together_and_nothing_changes() -> None:
    survey = table_7(DataKind.REAL)
    moves = [
        Recode("capacity", "wait", "nowhere", "a", "b", "r8"),
        Recode("capacity", "few", "wait", "a", "b", "r8"),
        Recode("capacity", "wait", "few", "a", "", "r8"),
        Recode("capacity", "wait", "few", "a", "b"),
        Recode("capacity", "wait", "few", "a", "b", "r99"),
    ]
    with pytest.raises(SchemaError) as caught:
        recode(survey, moves)
    assert [failure.row for failure in caught.value.failures] == [1, 2, 3, 4, 5]
    assert tabulate(survey, "capacity").frame["count"].tolist() == [8, 10, 12, 0, 5, 7]


# --- free text ---

WISHES = Survey(
    pd.DataFrame({"wish": ["aftale", "møder og aftale", "", "mere støtte", "møder"]}, index=["a", "b", "c", "d", "e"]),
    asked(item("wish", type="open", options=())),
)
CATEGORIES = {"agreement": "Ønsker aftale", "meetings": "Hyppigere møder", "support": "Mere støtte"}


def sheet(*codes: str) -> pd.DataFrame:
    filled = coding_sheet(WISHES, "wish", CATEGORIES).frame.copy()
    filled["codes"] = list(codes)
    return filled


def test_a_coding_sheet_holds_every_written_answer_and_becomes_a_coded_item() -> None:
    coded = code_answers(WISHES, "wish", sheet("agreement", "agreement; meetings", "support", "meetings"), CATEGORIES)
    table = tabulate(coded, "wish_coded")
    assert dict(zip(table.frame["code"], table.frame["count"], strict=True)) == {"agreement": 2, "meetings": 2, "support": 1}
    assert table.base.n == 4


def test_two_coders_are_compared_category_by_category() -> None:
    first = sheet("agreement", "agreement;meetings", "support", "meetings")
    second = sheet("agreement", "meetings", "support", "meetings")
    frame = compare_coders(WISHES, "wish", first, second, CATEGORIES).frame.set_index("code")
    assert frame.loc["agreement", ["both", "only_first", "only_second", "neither"]].tolist() == [1, 1, 0, 2]
    # Cohen: observed 3/4, expected (2·1 + 2·3)/16 = 1/2.
    assert frame.loc["agreement", "kappa"] == pytest.approx(0.5)
    assert frame.loc["support", "kappa"] == pytest.approx(1)


def test_a_sheet_that_does_not_fit_is_refused_with_everything_that_is_wrong() -> None:
    wrong = pd.DataFrame({"respondent": ["a", "a", "c", "d"], "codes": ["agreement", "meeting", "support", ""]})
    with pytest.raises(SchemaError) as caught:
        code_answers(WISHES, "wish", wrong, CATEGORIES)
    problems = " ".join(failure.problem for failure in caught.value.failures)
    for part in ("more than once", "no category", "wrote no answer", "has no code", "missing in the sheet"):
        assert part in problems


# --- stacking ---


def wave(name: str, *items: Item, **answers: list[str]) -> Survey:
    return Survey(pd.DataFrame(answers), asked(*items, wave=name))


def test_an_item_of_one_wave_only_is_empty_in_the_other_with_a_note() -> None:
    first = wave("q1", item("network"), network=["yes"] * 15 + ["no"] * 5)
    second = wave(
        "q4", item("network", comparable=("q-q1:network",)), item("practical"), network=["yes"] * 20, practical=["yes"] * 12 + ["no"] * 8
    )
    stacked = stack_waves({"Q1": first, "Q4": second})
    table = tabulate(stacked, "practical", by="wave")
    assert table.cell("share", item="practical", wave="Q1", code="yes").value is None
    assert (table.base.n, table.base.not_in_wave) == (20, 20)
    assert "Q1" in table.note
    assert tabulate(stacked, "network", by="wave").cell("share", item="network", wave="Q1", code="yes").value == Fraction(3, 4)


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        (item("network"), "neither questionnaire declares"),
        (item("network", options=(*YES_NO, Option(code="dk", label=say("Ved ikke"))), comparable=("q-q1:network",)), "options"),
        (item("network", type="likert", comparable=("q-q1:network",)), "types"),
    ],
)
def test_items_that_are_not_declared_comparable_are_never_pooled(second: Item, problem: str) -> None:
    with pytest.raises(SchemaError, match=problem):
        stack_waves({"Q1": wave("q1", item("network"), network=["yes"]), "Q4": wave("q4", second, network=["yes"])})


def test_a_table_shows_the_same_numbers_in_every_format(tmp_path: object) -> None:
    from pathlib import Path

    from vvvresearch import files

    folder = Path(str(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = tabulate(table_7(), "capacity")
    shown = table.shown()
    html, markdown = table.to_html(), table.to_markdown()
    for row in shown.itertuples(index=False):
        assert (
            "".join(f'<td style="text-align:{side}">{cell}</td>' for cell, side in zip(row, ("left", "right", "right"), strict=True))
            in html
        )
        assert " | ".join(row) in markdown
    table.to_csv(folder / "t.csv")
    table.to_excel(folder / "t.xlsx")
    for again in (files.read_csv(folder / "t.csv"), files.read_workbook(folder / "t.xlsx", "data")):
        assert again["count"].astype(int).tolist() == table.frame["count"].tolist()
        assert again["share"].astype(float).tolist() == pytest.approx([count / 42 for count in table.frame["count"]])
        assert again["address"].tolist()[0] == "q-2021.capacity.prompt"
    assert "101" in html
    assert "101" in markdown
    assert "101" in files.read_workbook(folder / "t.xlsx", "about").to_string()
