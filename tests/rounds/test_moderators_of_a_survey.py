"""Ordered answers with an interaction, and respondents who share a municipality, held against R's numbers."""

from __future__ import annotations

import json
from math import exp
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Frame, Item, Option, Questionnaire, Survey, Words
from vvvresearch.kinds import DataKind
from vvvresearch.mechanisms import moderators
from vvvresearch.rounds._surveys import survey_moderators

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "data/reference/statistics/penalised_cumulative_logit.json").read_text(encoding="utf-8")
)


def words(text: str) -> Words:
    return Words(da=text, en=text)


def survey(y: list[int], x: list[int], m: list[int], towns: list[str]) -> Survey:
    """An ordered answer, the highest first, with don't know, and two yes/no answers."""
    levels = [f"l{value}" for value in sorted(set(y), reverse=True)]
    options = [Option(code=code, label=words(code)) for code in levels]
    options.append(Option(code="dk", label=words("don't know"), role="dont_know"))
    yes_no = tuple(Option(code=code, label=words(code)) for code in ("yes", "no"))
    items = (
        Item(id="benefit", text=words("Benefit?"), type="likert", options=tuple(options)),
        *(Item(id=name, text=words(f"{name}?"), type="single", options=yes_no) for name in ("x", "m")),
        Item(id="channel", text=words("How?"), type="single", options=tuple(Option(code=one, label=words(one)) for one in "abc")),
    )
    frame = Frame(unit="leader", chosen_by=words("-"), collected=words("-"))
    asked = Questionnaire(schema_version=1, id="l", title=words("l"), group=words("l"), wave=words("w"), frame=frame, items=items)
    said = {
        "benefit": [f"l{value}" for value in y],
        **{name: np.where(np.array(own) == 1, "yes", "no") for name, own in (("x", x), ("m", m))},
    }
    index = pd.Index([f"p{place}" for place in range(len(y))], name="respondent")
    answers = pd.DataFrame(said, index=index).assign(channel="a", town=towns)
    # Somebody who does not know changes nothing.
    answers.loc["unsure"] = ["dk", "yes", "no", "a", "t0"]
    return Survey(answers, asked, kind=DataKind.SYNTHETIC)


def test_an_interaction_on_a_surveys_ordered_answers_is_that_of_r() -> None:
    known = REFERENCE["separated"]
    asked = survey(known["y"], known["x"], known["m"], ["t0"] * len(known["y"]))
    row = survey_moderators(asked, "benefit", "m", "x").frame.iloc[0]
    assert row["test"] == "ordinal interaction"
    assert row["n"] == len(known["y"])
    assert row["odds_ratio"] == pytest.approx(exp(known["log_odds"][-1]), rel=5e-5)
    assert row["p"] == pytest.approx(known["p"][-1], abs=1e-5)


def test_leaders_of_one_municipality_are_no_independent_witnesses() -> None:
    rng = np.random.default_rng(3)
    town = np.repeat(np.arange(15), 4)
    x = town % 2
    y = np.searchsorted([-1, 0.5], x + rng.normal(0, 1, 15)[town] + rng.logistic(size=60))
    asked = survey(y.tolist(), x.tolist(), rng.integers(0, 2, 60).tolist(), [f"t{one}" for one in town])
    shared = survey_moderators(asked, "benefit", ["x"], cluster="town").frame.iloc[0]
    direct = moderators(pd.DataFrame({"y": y, "x": x, "town": town}), "y", ["x"], cluster="town", kind=DataKind.SYNTHETIC).frame.iloc[0]
    for name in ("odds_ratio", "or_lower", "or_upper", "p"):
        assert shared[name] == pytest.approx(direct[name])
    alone = survey_moderators(asked, "benefit", ["x"], "m").frame.iloc[0]
    assert alone["test"] == "ordinal interaction"


def test_answers_without_order_and_unknown_variables_are_refused_with_what_to_do() -> None:
    asked = survey([1, 2, 3, 1], [0, 1, 0, 1], [0, 1, 1, 0], list("abcd"))
    with pytest.raises(AnalysisError, match="no order"):
        survey_moderators(asked, "benefit", ["channel"])
    with pytest.raises(AnalysisError, match="did you mean town"):
        survey_moderators(asked, "benefit", ["x"], cluster="twn")
