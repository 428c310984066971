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

import vvvresearch as vvv
from vvvresearch.evidence import Survey
from vvvresearch.rounds import _measures
from vvvresearch.survey import tabulate

ROOT = Path(__file__).parents[2]
SURVEYS = [
    (path.parent.name, source["id"])
    for path in sorted((ROOT / "rounds").glob("*/round.toml"))
    for source in tomllib.loads(path.read_text("utf-8"))["sources"]
    if source["type"] == "survey"
]
Measured = tuple[Any, int | None, int | None]


def measured(survey: Survey, item: str, code: str) -> Measured:
    """Percentage, count and base that a goal reads: the one place to change when goals take cells."""
    return _measures.take(survey, f"{item}={code}", "goal")


@cache
def read(round_id: str, name: str) -> Survey:
    survey = vvv.open_round(round_id, root=ROOT).read(name)
    assert isinstance(survey, Survey)
    return survey


@cache
def table(round_id: str, name: str, item: str, denominator: Any = None) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # routes that disagree with the answers are another test's subject
        return tabulate(read(round_id, name), item, denominator=denominator, small_n=0).frame


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
    try:
        found = measured(read(round_id, name), item, code)
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
    assert len(SURVEYS) == 9
    kinds = {kind: len(of_kind(kind, SURVEYS)) for kind in ("plain", "multiple", "coded", "unpublished")}
    assert kinds == {"plain": 267, "multiple": 21, "coded": 2, "unpublished": 52}


@pytest.mark.parametrize(("round_id", "name"), SURVEYS)
def test_a_goal_counts_what_the_table_shows(round_id: str, name: str) -> None:
    assert differences(of_kind("plain", [(round_id, name)])) == []


@pytest.mark.xfail(strict=True, reason="a goal looks for a column of the item, and a multiple item has one for each option")
def test_a_goal_may_take_an_option_of_a_multiple_item() -> None:
    assert differences(of_kind("multiple", SURVEYS)) == []


@pytest.mark.xfail(strict=True, reason="a goal looks for a code among the texts of an open question")
def test_a_goal_may_take_a_code_of_an_open_question() -> None:
    assert differences(of_kind("coded", SURVEYS)) == []


@pytest.mark.xfail(strict=True, reason="a goal counts reconstructed answers where no count was published")
def test_a_goal_has_no_count_where_none_was_published() -> None:
    assert differences(of_kind("unpublished", SURVEYS)) == []


@pytest.mark.xfail(strict=True, reason="a goal cannot say its denominator: it always divides by those who answered")
@pytest.mark.parametrize("denominator", ["asked", "valid"])
def test_a_goal_may_divide_by_another_denominator(denominator: str) -> None:
    assert differences(of_kind("plain", SURVEYS), denominator) == []


@pytest.mark.xfail(strict=True, reason="a goal's code is looked for among the answers only, so a misspelt one is nobody")
def test_a_goal_with_an_unknown_code_is_an_error() -> None:
    with pytest.raises(vvv.errors.RoundError):
        measured(read("demo", "municipal-2022"), "refers", "yess")
