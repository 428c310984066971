"""Who moved higher and lower between two waves: the counts of a plain loop over the answers, and scipy's binomial test."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from scipy.stats import binomtest

from vvvresearch.evidence import Questionnaire, Survey
from vvvresearch.survey import comparable, compare

SCALE = [{"code": code, "label": {"da": word, "en": word}} for code, word in (("3", "helt"), ("2", "delvist"), ("1", "slet ikke"))]
BANDS = [{"code": code, "label": {"da": code, "en": code}} for code in ("0-9", "10-19", "20+")]


def wave(name: str, answers: pd.DataFrame, other: str = "") -> Survey:
    options = {"tro": [*SCALE, {"code": "8", "label": {"da": "Ved ikke", "en": "Don't know"}, "role": "dont_know"}], "timer": BANDS}
    items = [
        {"id": item, "text": {"da": item, "en": item}, "type": kind}
        | ({"options": options[item]} if item in options else {})
        | ({"comparable": [f"{other}:{item}"]} if other else {})
        for item, kind in (("tro", "likert"), ("timer", "band"), ("dage", "number"))
    ]
    words = {"da": name, "en": name}
    frame = {"unit": "respondent", "chosen_by": words, "collected": words}
    head = {"schema_version": 1, "id": name, "title": words, "group": {"da": "Unge", "en": "Young"}, "wave": words}
    return Survey(answers, questionnaire=Questionnaire.model_validate({**head, "frame": frame, "items": items}))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_moves_are_those_of_a_plain_loop_and_the_sign_test_is_the_binomial_one(seed: int) -> None:
    draw = random.Random(seed)
    ids = [f"u{number}" for number in range(60)]
    tables = []
    for _ in range(2):
        own = draw.sample(ids, 50)
        rows = {
            "tro": [draw.choice(["1", "2", "3", "3", "8", ""]) for _ in own],
            "timer": [draw.choice(["0-9", "10-19", "20+"]) for _ in own],
            "dage": [str(draw.randint(0, 7)) for _ in own],
        }
        tables.append(pd.DataFrame(rows, index=pd.Index(own, name="respondent"), dtype=object))
    (pair,) = comparable([wave("2021", tables[0]), wave("2022", tables[1], "2021")])
    found = compare(pair).parts["moves"].frame.set_index(["item", "code"])
    places = {"tro": {"1": 1, "2": 2, "3": 3}, "timer": {"0-9": 0, "10-19": 1, "20+": 2}, "dage": {str(day): day for day in range(8)}}
    for item, known in places.items():
        both = [
            (known.get(tables[0].at[one, item]), known.get(tables[1].at[one, item])) for one in ids if all(one in t.index for t in tables)
        ]
        steps = [after - before for before, after in both if before is not None and after is not None]
        higher, lower = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
        wanted = {"higher": higher, "same": len(steps) - higher - lower, "lower": lower}
        assert {way: (found.loc[item, way]["count"], found.loc[item, way]["n"]) for way in wanted} == {
            way: (count, len(steps)) for way, count in wanted.items()
        }
        assert found.loc[item, "higher"]["p"] == pytest.approx(binomtest(higher, higher + lower).pvalue)


def test_waves_whose_respondents_cannot_be_linked_have_no_moves() -> None:
    tables = [pd.DataFrame({"tro": ["1", "2", "3"] * 4, "timer": "0-9", "dage": "1"}, index=range(12), dtype=object) for _ in range(2)]
    (pair,) = comparable([wave("2021", tables[0]), wave("2022", tables[1], "2021")])
    assert "moves" not in compare(pair).parts
