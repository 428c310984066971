"""The names that an error offers are those that difflib finds among all of them."""

from __future__ import annotations

import difflib

from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.errors import did_you_mean

WORDS = st.text("ab.-", max_size=7)


@settings(max_examples=150, deadline=None)
@given(start=st.sampled_from(("", "survey.item.")), ends=st.lists(WORDS, max_size=12, unique=True), asked=WORDS)
def test_the_nearest_names_are_those_of_difflib(start: str, ends: list[str], asked: str) -> None:
    names = [start + end for end in ends]
    near = difflib.get_close_matches(start + asked, sorted(names), n=3, cutoff=0.5)
    said = did_you_mean(start + asked, names)
    if near:
        assert said == f"did you mean {' or '.join(near)}?"
    else:
        assert not said.startswith("did you mean")
