"""Numeric statements found in text: every kind, both languages, digits in disguise, and numbers that count nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvvresearch.locales import format_number
from vvvresearch.statements import Mention, mentions

F = Fraction


def only(text: str, lang: Any = "da") -> Mention:
    found = mentions(text, lang)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "lang", "kind", "value", "base"),
    [
        ("56 pct.", "da", "percentage", 56, None),
        ("12,5 procent", "da", "percentage", F(25, 2), None),
        ("120 %", "da", "percentage", 120, None),
        ("per cent: 12.5 per cent", "en", "percentage", F(25, 2), None),
        ("56. pct.", "da", "percentage", 56, None),
        ("12 procentpoint", "da", "points", 12, None),
        ("12 pct.-point", "da", "points", 12, None),
        ("five percentage points", "en", "points", 5, None),
        ("32 af 55 kommuner", "da", "ratio", 32, 55),
        ("32 ud af de i alt 55", "da", "ratio", 32, 55),
        ("9 ud 11", "da", "ratio", 9, 11),
        ("76 af landets 98 kommuner", "da", "ratio", 76, 98),
        ("32 kommuner af 55", "da", "ratio", 32, 55),
        ("ni ud af ti", "da", "ratio", 9, 10),
        ("en ud af fire", "da", "ratio", 1, 4),
        ("one in four", "en", "ratio", 1, 4),
        ("two out of three", "en", "ratio", 2, 3),
        ("n = 42", "da", "sample_size", 42, None),
        ("(N:59)", "da", "sample_size", 59, None),
        ("af de 55", "da", "base", 55, None),
        ("i alt 7.173 flygtninge", "da", "total", 7173, None),
        ("to tredjedele", "da", "share", F(2, 3), None),
        ("two-thirds", "en", "share", F(2, 3), None),
        ("hver tredje kommune", "da", "share", F(1, 3), None),
        ("halvdelen", "da", "share", F(1, 2), None),
        ("toogtredive frivillige", "da", "count", 32, None),
        ("et hundrede og femten frivillige", "da", "count", 115, None),
        ("to tusind tre hundrede og fem", "da", "count", 2305, None),
        ("one hundred and five pairs", "en", "count", 105, None),
        ("thirty-two pairs", "en", "count", 32, None),
        ("7 173 flygtninge", "da", "count", 7173, None),
        ("7,173 flygtninge", "da", "count", 7173, None),
        ("7.173 refugees", "en", "count", 7173, None),
        ("0,285", "da", "count", F(285, 1000), None),
        ("tabel 4", "da", "reference", 4, None),
        ("afsnit 6.1.1", "da", "reference", 6, None),
        ("Covid-19", "da", "reference", 19, None),
        ("tre måneder", "da", "duration", 3, None),
        ("39-årig", "da", "duration", 39, None),
        ("½ år", "da", "duration", F(1, 2), None),
        ("1. juni", "da", "date", 1, None),
        ("1.-25. juni", "da", "date", 1, None),
        ("28.04.21", "da", "date", 28, None),
        ("4 mio. kr.", "da", "money", 4, None),
        ("20203", "da", "year", 2020, None),
    ],
)
def test_a_number_is_read_as_what_it_is(text: str, lang: Any, kind: str, value: Any, base: Any) -> None:
    found = mentions(text, lang)[0]
    assert (found.kind, found.value, found.base) == (kind, value, base)


@pytest.mark.parametrize(
    "text",
    [
        "３５ kommuner",
        "3\u200b5 kommuner",
        "3\u00ad5 kommuner",
        "`35` kommuner",
        "**35** kommuner",
        "&#51;5 kommuner",
        "<b>3</b>5 kommuner",
        "③⑤ kommuner",
        "femogtredive kommuner",
        "٣٥ kommuner",
    ],
)
def test_a_disguised_number_is_the_number(text: str) -> None:
    found = only(text)
    assert (found.kind, found.value, found.unit) == ("count", 35, "kommuner")


def test_letters_that_look_like_digits_are_digits_beside_digits_only() -> None:
    assert only("4O kommuner").value == 40
    assert only("l00 kommuner").value == 100
    assert mentions("OL i Oslo") == ()


def test_a_footnote_mark_is_no_number() -> None:
    assert only("98 kommuner9").value == 98
    assert only("98 kommuner⁹").value == 98
    assert only("98 kommuner<sup>9</sup>").value == 98


def test_a_word_broken_over_lines_is_one_word_but_a_hung_hyphen_is_not() -> None:
    assert only("55 kommu-\nner").unit == "kommuner"
    assert only("55 flygtninge-\nog frivilliggrupper").unit == "flygtninge"


@pytest.mark.parametrize(
    ("text", "modifier"),
    [
        ("over 30 kommuner", "over"),
        ("mindst 30 kommuner", "at_least"),
        ("knap 30 kommuner", "just_under"),
        ("godt 30 kommuner", "just_over"),
        ("omkring 30 kommuner", "about"),
        ("ca. 30 kommuner", "about"),
        ("næsten 30 kommuner", "just_under"),
        ("flere end 30 kommuner", "over"),
        ("30 kommuner", ""),
    ],
)
def test_a_modifier_belongs_to_its_number(text: str, modifier: str) -> None:
    found = only(text)
    assert (found.modifier, found.value, found.text) == (modifier, 30, text.removesuffix(" kommuner"))


@pytest.mark.parametrize(
    "text",
    [
        "hver anden uge",
        "hver tredje lørdag",
        "en halv stilling",
        "hvor mange kommuner",
        "i bund og grund",
        "mere eller mindre",
        "de vil få hjælp",
    ],
)
def test_phrases_that_look_like_shares_are_none(text: str) -> None:
    assert not [one for one in mentions(text) if one.kind in ("share", "comparison", "vague", "modifier")]


def test_a_change_has_direction_degree_and_both_ends() -> None:
    direction, before, after, size = mentions("Andelen faldt markant fra 58 % til 45 %, 13 procentpoint")
    assert (direction.kind, direction.key, direction.degree) == ("direction", "fall", "large")
    assert (before.role, before.value, after.role, after.value) == ("from", 58, "to", 45)
    assert (size.kind, size.value) == ("points", 13)


def test_a_range_has_two_ends() -> None:
    for text in ("75-100 pct.", "75 til 100 pct.", "mellem 75 og 100 pct."):
        found = only(text)
        assert (found.low, found.high) == (75, 100)


def test_unit_group_and_years_come_with_the_number() -> None:
    found = mentions("I 2021 svarede 25 af 59 frivilligledere blandt Røde Kors-lederne")[1]
    assert (found.unit, found.group, found.times) == ("frivilligledere", "kors-lederne", (2021,))


def test_a_mention_knows_its_line_and_column() -> None:
    text = "Ingen tal her.\nMen her er 42 kommuner."
    found = next(one for one in mentions(text) if one.kind == "count")
    assert (found.line, found.column) == (2, 12)
    assert text[found.start : found.end] == "42"


@given(number=st.integers(0, 9_999_999), lang=st.sampled_from(["da", "en"]))
def test_a_number_as_the_language_writes_it_is_read_back(number: int, lang: Any) -> None:
    unit = "kommuner" if lang == "da" else "pairs"
    found = mentions(f"{format_number(number, 0, lang)} {unit}", lang)[0]
    assert found.value == number


UNITS = ["", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni"]
TENS = {20: "tyve", 30: "tredive", 40: "fyrre", 50: "halvtreds", 60: "tres", 70: "halvfjerds", 80: "firs", 90: "halvfems"}


@pytest.mark.parametrize("number", range(21, 100))
def test_every_danish_number_word_from_twenty_one_is_read(number: int) -> None:
    ten, one = number - number % 10, number % 10
    word = f"{UNITS[one]}og{TENS[ten]}" if one else TENS[ten]
    assert only(f"{word} kommuner").value == number
