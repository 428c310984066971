"""Numbers, dates and yes or no inside a sentence are written as its language writes them."""

from __future__ import annotations

import datetime

import pytest

from vvvresearch.locales import format_date, month_number, text
from vvvresearch.reporting.claims._story import _sentence


@pytest.mark.parametrize(("lang", "said"), [("da", "1,5 af 30. juni 2022"), ("en", "1.5 of 30 June 2022")])
def test_a_decimal_and_a_date(lang: str, said: str) -> None:
    assert text("common.of", lang, part=1.5, whole=datetime.date(2022, 6, 30)) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(("lang", "said"), [("da", "ja af 1.200"), ("en", "yes of 1,200")])
def test_yes_and_a_whole_number(lang: str, said: str) -> None:
    assert text("common.of", lang, part=True, whole=1200) == said  # type: ignore[arg-type]


def test_a_sentence_gets_one_sign_at_its_end() -> None:
    assert [_sentence(words) for words in ("Vi spurgte dem", "Hvorfor?", "Det gik. ", "Nej!", " ")] == [
        "Vi spurgte dem.",
        "Hvorfor?",
        "Det gik.",
        "Nej!",
        "",
    ]


def test_a_month_is_known_by_its_names_and_the_short_one_in_both_languages() -> None:
    # Short forms as calendars print them, from another hand than the package's.
    short = ["jan.", "feb.", "mar.", "apr.", "maj", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec."]
    assert [month_number(word) for word in short] == [*range(1, 13)]
    assert [month_number(datetime.date(2000, month, 1).strftime("%B")) for month in range(1, 13)] == [*range(1, 13)]


@pytest.mark.parametrize("said", ["foråret 2021", "2021-Q3", "ukendt"])
def test_what_is_no_date_stays_as_it_is(said: str) -> None:
    assert format_date(said) == said
