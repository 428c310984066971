"""Who is alone with a combination of attributes, and what would help."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.privacy import uniqueness

ATTRIBUTES = ["sex", "age", "place", "state"]


def people_of(seed: int, n: int = 30) -> pd.DataFrame:
    numbers = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "person": [f"p{number}" for number in range(n)],
            "sex": numbers.choice(["f", "m"], n),
            "age": numbers.choice(["18-29", "30-44", "45+", None], n),
            "place": numbers.choice(list("abcde"), n),
            "state": numbers.choice(["ongoing", "ended"], n, p=[0.8, 0.2]),
        }
    )


def sharers(people: pd.DataFrame, subset: tuple[str, ...], row: int) -> int:
    """How many rows agree with one on a subset, by comparing them one by one."""
    filled = people.fillna("?")
    return sum(all(filled.at[row, name] == filled.at[other, name] for name in subset) for other in range(len(people)))


@pytest.mark.parametrize("seed", range(4))
def test_k_and_the_unique_are_those_of_comparing_everybody_with_everybody(seed: int) -> None:
    people = people_of(seed)
    result = uniqueness(people, ATTRIBUTES, threshold=4)
    for row in result.frame.itertuples():
        counts = [sharers(people, tuple(row.attributes.split("; ")), number) for number in range(len(people))]
        assert (row.k, row.unique, row.below) == (min(counts), counts.count(1), sum(k < 4 for k in counts))
    assert len(result.frame) == 4 + 6 + 4


@pytest.mark.parametrize("seed", range(4))
def test_the_minimal_uniques_are_those_of_trying_every_subset(seed: int) -> None:
    people = people_of(seed)
    expected = set()
    for row in range(len(people)):
        unique = [set(subset) for size in (1, 2, 3) for subset in combinations(ATTRIBUTES, size) if sharers(people, subset, row) == 1]
        expected |= {(f"p{row}", frozenset(one)) for one in unique if not any(other < one for other in unique)}
    found = {(row.person, frozenset(row.attributes.split("; "))) for row in uniqueness(people, ATTRIBUTES).uniques.itertuples()}
    assert found == expected


def test_the_advice_holds_when_it_is_followed() -> None:
    people = people_of(1)
    result = uniqueness(people, ATTRIBUTES)
    assert {"merge", "drop"} == set(result.advice["kind"])
    for step in result.advice.head(8).itertuples():
        if step.kind == "drop":
            after = uniqueness(people, [name for name in ATTRIBUTES if name != step.attribute])
        else:
            merged = people.assign(**{step.attribute: people[step.attribute].fillna("").replace({step.second: step.first})})
            after = uniqueness(merged, ATTRIBUTES)
        assert len(after.persons) == step.unique
    assert result.advice["unique"].is_monotonic_increasing
    assert result.advice["unique"].iloc[0] < len(result.persons)


def test_a_missing_value_tells_a_person_apart_too() -> None:
    people = pd.DataFrame({"person": ["a", "b", "c"], "age": ["30", None, "30"], "sex": ["f", "f", "f"]})
    assert uniqueness(people, ["age", "sex"]).uniques.to_dict("records") == [{"person": "b", "attributes": "age", "values": "", "size": 1}]


def test_two_interviews_of_one_person_are_one_person() -> None:
    people = pd.DataFrame({"person": ["a", "a", "b", "c"], "state": ["ongoing", "ended", "ongoing", "ended"], "sex": ["f", "f", "f", "f"]})
    result = uniqueness(people, ["state", "sex"])
    assert result.base.n == 3
    assert result.frame.set_index("attributes")["k"].to_dict() == {"state": 2, "sex": 3, "state; sex": 2}
    assert result.uniques.empty


def test_the_table_is_said_in_both_languages() -> None:
    result = uniqueness(people_of(2), ATTRIBUTES, lang="en")
    assert "Persons alone" in result.to_markdown()
    assert "Personer alene" in result.in_language("da").to_markdown()


@pytest.mark.parametrize(
    ("people", "attributes", "words"),
    [
        (None, ["sex"], "DataFrame"),
        (people_of(0), "sex", "list"),
        (people_of(0), ["sexx"], "no column"),
        (people_of(0), ["sex", "sex"], "twice"),
        (people_of(0).iloc[:0], ["sex"], "nobody"),
        (people_of(0).assign(person=None), ["sex"], "no id"),
    ],
)
def test_what_cannot_be_counted_is_one_error_in_words(people: object, attributes: object, words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        uniqueness(people, attributes)  # type: ignore[arg-type]
