"""What may be told of a speaker: whoever is described is one of at least k, whatever else is known of how it was decided."""

from __future__ import annotations

import itertools
import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.privacy import tellable

ATTRIBUTES = ("role", "band", "interpreter")


def described(people: pd.DataFrame, told: dict[str, tuple[str, ...]]) -> dict[tuple[tuple[str, str], ...], set[str]]:
    """Who is described alike."""
    found: dict[tuple[tuple[str, str], ...], set[str]] = {}
    for row in people.to_dict("records"):
        found.setdefault(tuple((name, row[name]) for name in told[row["person"]]), set()).add(row["person"])
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*(st.sampled_from("abcd") for _ in ATTRIBUTES)), min_size=1, max_size=24), st.integers(1, 6))
def test_whoever_is_described_is_one_of_k(rows: list[tuple[str, ...]], k: int) -> None:
    people = pd.DataFrame(rows, columns=list(ATTRIBUTES)).assign(person=[f"p{place}" for place in range(len(rows))])
    told = tellable(people, ATTRIBUTES, k=k)
    groups = described(people, told)
    if len(rows) < k:
        assert set(told.values()) == {()}
    else:
        assert min(map(len, groups.values())) >= k
    assert all(names == tuple(name for name in ATTRIBUTES if name in names) for names in told.values())


def test_no_more_is_kept_back_than_has_to_be_of_a_single_attribute() -> None:
    # Against every choice of levels: those kept back are k together, or none, and as few persons as that allows.
    rng = random.Random(5)
    for _ in range(200):
        sizes = [rng.randint(1, 6) for _ in range(rng.randint(1, 5))]
        people = pd.DataFrame(
            [(f"{level}-{place}", str(level)) for level, size in enumerate(sizes) for place in range(size)], columns=["person", "band"]
        )
        k = rng.randint(2, 5)
        kept_back = sum(not names for names in tellable(people, ["band"], k=k).values())
        small = {level for level, size in enumerate(sizes) if size < k}
        choices = (set(some) | small for count in range(len(sizes) + 1) for some in itertools.combinations(range(len(sizes)), count))
        possible = [sum(sizes[level] for level in some) for some in choices]
        best = min((total for total in possible if total == 0 or total >= k), default=sum(sizes))
        assert best <= kept_back <= sum(sizes)
        if best in (0, sum(sizes)) or not small:
            assert kept_back == best


def test_a_value_that_differs_between_interviews_is_not_told() -> None:
    rows = [(f"p{place}", "30-39") for place in range(6)] + [("p0", "40-49")]
    told = tellable(pd.DataFrame(rows, columns=["person", "band"]), ["band"], k=2)
    # It is alone with two bands, so that another keeps silent with it: all have the one band that there is.
    assert set(told.values()) == {()}


def test_fewer_than_one_is_refused() -> None:
    with pytest.raises(AnalysisError, match="fewer than one"):
        tellable(pd.DataFrame({"person": ["a"], "band": ["x"]}), ["band"], k=0)
