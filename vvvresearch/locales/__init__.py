"""Danish and English: words, numbers, dates and sort order. Strings live in `tables/*.toml`, one file a room."""

from vvvresearch.locales._dates import MONTH_NAMES, MONTHS, YEAR, format_date, format_period, month_number
from vvvresearch.locales._messages import error_in_danish, has_danish, in_danish, messages_of
from vvvresearch.locales._numbers import format_coefficient, format_number, format_p, format_percent, half_up
from vvvresearch.locales._phrases import (
    LANGUAGES,
    Capital,
    Joined,
    Lang,
    Phrase,
    Sayable,
    Written,
    check_lang,
    has_words,
    is_sayable,
    say,
    text,
    use_words,
    words_of,
)
from vvvresearch.locales._said import the_one
from vvvresearch.locales._sorting import sort_key

__all__ = [
    "LANGUAGES",
    "MONTHS",
    "MONTH_NAMES",
    "YEAR",
    "Capital",
    "Joined",
    "Lang",
    "Phrase",
    "Sayable",
    "Written",
    "check_lang",
    "error_in_danish",
    "format_coefficient",
    "format_date",
    "format_number",
    "format_p",
    "format_percent",
    "format_period",
    "half_up",
    "has_danish",
    "has_words",
    "in_danish",
    "is_sayable",
    "messages_of",
    "month_number",
    "say",
    "sort_key",
    "text",
    "the_one",
    "use_words",
    "words_of",
]
