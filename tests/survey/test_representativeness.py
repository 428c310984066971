"""Respondents are compared with everybody who could have answered."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, NotPermittedError
from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Survey, Words
from vvvresearch.kinds import DataKind
from vvvresearch.statistics.exact_tests import freeman_halton
from vvvresearch.statistics.response import r_indicator
from vvvresearch.survey import banner_letters, representativeness, tabulate


def words(text: str) -> Words:
    return Words(da=text, en=text)


def survey(population: int | None = 98, **rest: Any) -> Survey:
    item = Item(
        id="refers",
        text=words("Refers?"),
        type="single",
        options=(Option(code="yes", label=words("yes")), Option(code="no", label=words("no"))),
    )
    frame = Frame(unit="municipality", population=population, invited=71, chosen_by=words("-"), collected=words("-"))
    questionnaire = Questionnaire(schema_version=1, id="q", title=words("q"), group=words("g"), wave=words("w"), frame=frame, items=(item,))
    index = pd.Index([f"m{k}" for k in range(71)], name="respondent")
    invited = pd.DataFrame({"region": ["n"] * 40 + ["s"] * 31, "size": (["l", "s"] * 36)[:71]}, index=index)
    chosen = [*range(30), *range(40, 52)]
    answers = pd.DataFrame({"refers": ["yes"] * 30 + ["no"] * 12}, index=index[chosen])
    return Survey(answers, questionnaire, invited=rest.pop("invited", invited), **rest)


def test_the_response_flow_goes_from_the_frame_to_usable_answers() -> None:
    # Rows as cleaning writes them: one double answer, three incomplete ones, one of somebody who was not invited.
    units, what = ["m0", "m30", "m31", "m32", "x9"], ["double", *["incomplete"] * 3, "not invited"]
    log = pd.DataFrame({"respondent": list("abcde"), "unit": units, "what": what, "why": ["-"] * 5, "rule": ["-"] * 5})
    found = representativeness(survey(log=log), "region").in_language("en")
    flow = found["flow"].frame
    assert flow["step"].tolist() == ["population", "invited", "answered", "complete"]
    assert flow["count"].tolist() == [98, 71, 45, 42]
    assert found["flow"].cell("of_before", step="complete").value == Fraction(42, 45)
    assert "In the frame 98 → Invited 71 → Answers received 45 → Usable answers 42" in found.note


def test_every_category_has_its_response_rate_and_its_share_of_frame_and_answers() -> None:
    found = representativeness(survey(), ["region", "size"])
    row = found.frame.set_index(["variable", "category"]).loc["region", "n"]
    assert (row["units"], row["responded"]) == (40, 30)
    assert found.cell("response_rate", variable="region", category="n").value == Fraction(30, 40)
    assert found.cell("share_units", variable="region", category="n").value == Fraction(40, 71)
    assert row["difference"] == pytest.approx(30 / 42 - 40 / 71)
    assert row["partial_unconditional"] > 0


def test_the_indicator_of_the_result_is_the_adjusted_one_with_its_standard_error() -> None:
    found = representativeness(survey(), "region")
    by_hand = r_indicator([*[True] * 30, *[False] * 10, *[True] * 12, *[False] * 19], {"region": ["n"] * 40 + ["s"] * 31})
    assert tuple(found.cell(name).value for name in ("r", "se")) == pytest.approx((by_hand.adjusted, by_hand.standard_error))


def test_each_variable_is_tested_exactly_and_adjusted_with_the_others() -> None:
    found = representativeness(survey(), ["region", "size"])
    p = freeman_halton([[30, 10], [12, 19]]).p_value
    assert found["variables"].frame.loc[0, "p"] == pytest.approx(p)
    assert found["variables"].frame.loc[0, "p_adjusted"] == pytest.approx(2 * p)


def test_a_frame_with_units_nobody_invited_counts_them_as_without_answer() -> None:
    plain = survey()
    frame = pd.concat([plain.invited, pd.DataFrame({"region": ["s"] * 27, "size": ["l"] * 27}, index=[f"x{k}" for k in range(27)])])
    found = representativeness(plain, "region", frame=frame)
    assert found.base.n == 98
    assert found.totals["raw"].value < representativeness(plain, "region").totals["raw"].value


@pytest.mark.parametrize("kind", [DataKind.RECONSTRUCTED, DataKind.PUBLISHED])
def test_reconstructed_and_published_answers_have_no_respondents_to_compare(kind: DataKind) -> None:
    with pytest.raises(NotPermittedError):
        representativeness(survey(kind=kind), "region")


def test_what_does_not_fit_the_frame_is_refused() -> None:
    with pytest.raises(AnalysisError, match="no list of invited"):
        representativeness(survey(invited=None), "region")
    with pytest.raises(AnalysisError, match="not in the frame"):
        representativeness(survey(), "region", frame=pd.DataFrame({"region": ["n"]}, index=["m0"]))
    with pytest.raises(AnalysisError, match="no variable 'regoin'"):
        representativeness(survey(), "regoin")
    with pytest.raises(AnalysisError, match="grows from"):
        representativeness(survey(), "region", flow={"answered": 80})
    with pytest.raises(AnalysisError, match="no step"):
        representativeness(survey(), "region", flow={"anwsered": 40})
    with pytest.raises(AnalysisError, match="truth value"):
        representativeness(pd.DataFrame({"region": ["n", "s"]}), "region", responded=[True])
    units = survey().invited.copy()
    units.loc["m3", "region"] = np.nan
    with pytest.raises(AnalysisError, match="not known for every unit"):
        representativeness(survey(), "region", frame=units)


def test_letters_of_a_banner_table_name_the_smaller_columns() -> None:
    table = tabulate(survey(), "refers", by=["region", "size"])
    found = banner_letters(table)
    marks = found.frame.set_index(["code", "by", "group"])
    # Everybody in the north says yes, nobody in the south.
    assert marks.loc[("yes", "region", "n"), "letters"] == marks.loc[("yes", "region", "s"), "letter"]
    assert marks.loc[("no", "region", "s"), "letters"] == marks.loc[("no", "region", "n"), "letter"]
    assert (marks.xs("size", level="by")["letters"] == "").all()
    assert found.totals["tests"].value == 4
    with pytest.raises(AnalysisError, match="no banner"):
        banner_letters(tabulate(survey(), "refers"))


def test_without_variables_those_of_the_frame_with_few_categories_are_taken() -> None:
    plain = survey()
    named = plain.invited.assign(name=[f"place {k}" for k in range(71)], alike="x")
    found = representativeness(survey(invited=named))
    assert found.frame["variable"].unique().tolist() == ["region", "size"]
    assert found.at == "q/by-region/by-size/represent"
    units = named.assign(answered=[True] * 30 + [False] * 41)
    assert "answered" not in set(representativeness(units, responded="answered").frame["variable"])


def test_a_variable_with_one_large_category_has_no_p_in_its_table() -> None:
    units = pd.DataFrame(
        {"size": ["s"] * 20 + ["l"] * 9, "region": ["n"] * 15 + ["s"] * 14, "answered": [True, False, True] * 9 + [True] * 2}
    )
    lines = representativeness(units, ["size", "region"], responded="answered")["variables"].in_language("en").to_markdown().splitlines()
    assert [line.split("|")[2].strip() == "–" for line in lines if line.lower().startswith(("| size", "| region"))] == [True, False]
