"""A quote without a position is placed where one place can be meant, and nowhere else."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.sources.qda._quotes import Transcript, nearest

TEXT = (
    "Vi mødes hver tirsdag på biblioteket, og så laver vi mad sammen.\n\n"
    "Hun er blevet som en søster for mig, sagde han. Det hjælper ikke.\n"
    "Jeg kendte ingen i byen, da jeg kom, og min nabo viste mig vej til lægen og til skolen den første uge.\n"
    "Og så laver vi te sammen. Det hjælper ikke."
)


@pytest.mark.parametrize(
    ("quote", "passage"),
    [
        ("hver tirsdag på biblioteket", "hver tirsdag på biblioteket"),
        ("HVER  TIRSDAG\npå biblioteket og så", "hver tirsdag på biblioteket, og så"),
        ("»som en søster for mig«", "som en søster for mig"),
        ("Hun er […] som en søster", "Hun er blevet som en søster"),
        ("Vi mødes hver tirsdag (...) laver vi mad sammen.", "Vi mødes hver tirsdag på biblioteket, og så laver vi mad sammen."),
        ("Vi mødes hver tirsdag…", "Vi mødes hver tirsdag"),
        ("som en s\u00f8\u00adster for mig", "som en søster for mig"),
        ("a\u030a", None),
        ("bib lioteket", "biblioteket"),
        (
            "jeg kendte ingen i landet, da jeg kom, og min nabo viste mig vej til lægen",
            "Jeg kendte ingen i byen, da jeg kom, og min nabo viste mig vej til lægen",
        ),
        ("kendte ingen i landet da hun kom og min nabo viste mig vej", None),
        ("så laver vi mad", "så laver vi mad"),
        ("Hun er blevet en fremmed", None),
        ("[…]", None),
    ],
)
def test_a_quote_is_found_as_people_and_programs_write_it(quote: str, passage: str | None) -> None:
    found = Transcript(TEXT).locate(quote)
    assert (None if found.start is None else TEXT[found.start : found.end]) == passage


@pytest.mark.parametrize("quote", ["Det hjælper ikke", "og så laver vi", "sammen", "vi"])
def test_a_quote_with_several_places_is_not_placed(quote: str) -> None:
    found = Transcript(TEXT).locate(quote)
    assert found.start is None
    assert found.matches > 1


def test_two_places_that_differ_in_one_word_each_are_two_places() -> None:
    quote = "vi gik ned til søen hver dag og så på fuglene sammen"
    text = f"{quote.replace('søen', 'åen')}. {'noget andet ' * 30}. {quote.replace('dag', 'aften')}."
    assert Transcript(text).locate(quote).matches == 2
    assert Transcript(text[:200]).locate(quote).start == 0


def test_a_word_inside_another_word_is_no_place() -> None:
    assert Transcript("Det er også godt").locate("og").start is None
    assert Transcript("Det er også godt og nyt").locate("og").start == 17


def test_a_passage_is_looked_for_near_its_old_place_where_it_stands_twice() -> None:
    text = f"tak for det {'a ' * 2000} og nu kom jeg {'b ' * 2000} tak for det"
    assert nearest(text, "tak for det", 40).start == 0
    assert nearest(text, "tak for det", len(text) - 40).start == len(text) - 11
    assert nearest(text, "tak for det", len(text) // 2) == nearest(text, "tak for det", 4500)
    assert nearest(text, "tak for det", 4500).matches == 2
    assert nearest(text, "nu kom jeg", 0).start == text.index("nu kom jeg")


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """The edit distance of two lists of words, in full."""
    row = list(range(len(other) + 1))
    for number, word in enumerate(one, start=1):
        row = list(
            itertools.accumulate(
                zip(row, row[1:], other, strict=False),
                lambda left, cell, word=word: min(left + 1, cell[1] + 1, cell[0] + (word != cell[2])),
                initial=number,
            )
        )
    return row[-1]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from("abcdefgh"), min_size=14, max_size=40), st.data())
def test_a_place_is_found_exactly_where_at_most_one_word_in_ten_differs(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 12))
    quote = words[start : start + data.draw(st.integers(10, 12))]
    for _ in range(data.draw(st.integers(0, 2))):
        place = data.draw(st.integers(0, len(quote) - 1))
        quote[place] = data.draw(st.sampled_from("abcdefghxy"))
    allowed = len(quote) // 10
    windows = [(a, b) for a in range(len(words)) for b in range(a + 1, min(len(words), a + len(quote) + 2) + 1)]
    close = [(a, b) for a, b in windows if distance(quote, words[a:b]) <= allowed]
    exact = [a for a, b in close if words[a:b] == quote]
    found = Transcript(" ".join(words)).locate(" ".join(quote))
    if len(exact) == 1:
        assert found.start == 2 * exact[0]
    elif not close:
        assert found.matches == 0
    elif found.start is not None:
        assert any(2 * a == found.start and 2 * b - 1 == found.end for a, b in close)
        # No second place, further off than the edges of one place can lie.
        assert all(abs(2 * a - found.start) <= 2 * len(quote) for a, _ in close)
    else:
        assert found.matches > 1


def test_quotes_copied_from_a_long_transcript_are_found_where_they_were_copied() -> None:
    words = [f"ord{number % 97}x{number % 89}" for number in range(5000)]
    text = " ".join(words)
    transcript = Transcript(text)
    for start in range(0, 4900, 77):
        quote = words[start : start + 25]
        first = text.index(" ".join(quote))
        quote[7] = "andet"
        quote.insert(15, "øh")
        found = transcript.locate(" ".join(quote))
        assert (found.start, found.end) == (first, first + len(" ".join(words[start : start + 25])))
