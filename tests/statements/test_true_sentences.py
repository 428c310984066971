"""What a row says of itself is proved by that row, in both languages, and refuted by a row with other numbers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.locales import half_up
from vvvresearch.statements import Goal, Row, Sibling, Side, prove, true_sentences

WORDS: dict[str, dict[str, Any]] = {
    "da": {"unit": ("kommune", "kommuner", "kommunerne"), "says": "har | henvist", "labels": ("sprog",), "group": ("bykommunerne",)},
    "en": {
        "unit": ("municipality", "municipalities", "the municipalities"),
        "says": "have | referred",
        "labels": ("language",),
        "group": ("urban municipalities",),
    },
}
OTHER = {"da": ("landkommunerne",), "en": ("rural municipalities",)}
LANGS = pytest.mark.parametrize("lang", ["da", "en"])


@st.composite
def counted(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 400))
    return draw(st.integers(0, n)), n


def proves(row: Row, lang: Any) -> None:
    for sentence in true_sentences(row, lang):
        verdict = prove(sentence, row, lang)
        assert verdict.holds, f"{sentence}: {verdict.codes} of {row}"


@LANGS
@settings(max_examples=60, deadline=None)
@given(pair=counted())
def test_every_sentence_about_a_share_is_proved_by_its_own_row(lang: Any, pair: tuple[int, int]) -> None:
    row = Row(count=pair[0], n=pair[1], **WORDS[lang])
    assert true_sentences(row, lang)
    proves(row, lang)


@LANGS
@settings(max_examples=60, deadline=None)
@given(pair=counted(), moved=st.integers(1, 400))
def test_a_count_and_a_percentage_are_refuted_by_a_row_with_another_count(lang: Any, pair: tuple[int, int], moved: int) -> None:
    count, n = pair
    row = Row(count=count, n=n, **WORDS[lang])
    elsewhere = replace(row, count=(count + moved) % (n + 1))
    if elsewhere.count == count:
        return
    for sentence in true_sentences(row, lang):
        other_percent = half_up(Fraction(100 * (elsewhere.count or 0), n)) != half_up(Fraction(100 * count, n))
        if sentence.startswith((f"{count} af", f"{count} of")) or ("%" in sentence and other_percent):
            assert prove(sentence, elsewhere, lang).outcome == "contradicted", f"{sentence} of {elsewhere.count} of {n}"


@LANGS
@settings(max_examples=60, deadline=None)
@given(
    before=counted(),
    after=counted(),
    spread=st.integers(0, 60),
    kind=st.sampled_from(["before", "other"]),
    version=st.sampled_from(["", "2"]),
)
def test_every_sentence_about_two_sides_is_proved_by_its_own_row(
    lang: Any, before: tuple[int, int], after: tuple[int, int], spread: int, kind: str, version: str
) -> None:
    side = Side(*before, names=OTHER[lang], period="2021", version=version)
    difference = Fraction(after[0], after[1]) - Fraction(before[0], before[1])
    margin = Fraction(spread, 100)
    row = Row(
        count=after[0],
        n=after[1],
        period="2022" if kind == "before" else "2021",
        change_lower=difference - margin,
        change_upper=difference + margin,
        **{kind: side},  # type: ignore[arg-type]
        **WORDS[lang],
    )
    proves(row, lang)


@LANGS
@settings(max_examples=50, deadline=None)
@given(
    target=st.integers(1, 500),
    readings=st.lists(st.integers(0, 500), min_size=1, max_size=2),
    at_least=st.booleans(),
    ended=st.booleans(),
)
def test_every_sentence_about_a_goal_is_proved_by_its_own_row(
    lang: Any, target: int, readings: list[int], at_least: bool, ended: bool
) -> None:
    proves(Row(goal=Goal(target, tuple(readings), at_least, ended), **WORDS[lang]), lang)


@LANGS
@settings(max_examples=50, deadline=None)
@given(percent=st.integers(1, 99), read=st.integers(0, 100))
def test_every_sentence_about_a_goal_in_percent_is_proved_by_its_own_row(lang: Any, percent: int, read: int) -> None:
    goal = Goal(Fraction(percent, 100), (Fraction(read, 100),), share=True)
    proves(Row(goal=goal, **WORDS[lang]), lang)


@LANGS
@settings(max_examples=50, deadline=None)
@given(own=st.integers(0, 50), others=st.lists(st.integers(0, 50), min_size=1, max_size=6))
def test_every_sentence_about_a_rank_is_proved_by_its_own_row(lang: Any, own: int, others: list[int]) -> None:
    proves(Row(count=own, n=50, siblings=tuple(Sibling(other) for other in others), **WORDS[lang]), lang)


@LANGS
@pytest.mark.parametrize("reason", ["few_answers", "break", "not_asked", "other_question", "dont_know", "sources_disagree"])
def test_an_absent_number_says_why_it_cannot_be_told(lang: Any, reason: str) -> None:
    row = Row(absent=reason, **WORDS[lang])
    assert len(true_sentences(row, lang)) == 1
    proves(row, lang)


@LANGS
@pytest.mark.parametrize(
    "reason", ["few_answers", "break", "other_question", "dont_know", "sources_disagree", "told_together", "only_described"]
)
def test_a_change_that_is_barred_says_why(lang: Any, reason: str) -> None:
    row = Row(count=30, n=60, before=Side(20, 60), obstacle=reason, **WORDS[lang])
    proves(row, lang)
    assert any("kan ikke afgøres" in sentence or "cannot be told" in sentence for sentence in true_sentences(row, lang))
