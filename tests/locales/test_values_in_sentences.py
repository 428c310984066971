"""Numbers, dates and yes or no inside a sentence are written as its language writes them."""

from __future__ import annotations

import datetime

import pytest

from vvvresearch.locales import text
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
