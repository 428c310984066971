"""Dates as people write them."""

from __future__ import annotations

import datetime
import re
from typing import Literal

_MONTHS = {
    "da": ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
}


def month_name(month: int, lang: Literal["da", "en"] = "da") -> str:
    """The name of month 1–12.

    Example:
        >>> month_name(5)
        'maj'
    """
    return _MONTHS[lang][month - 1]


# The names of months in both languages, for patterns that short forms would mislead.
# A year, for readers of texts and of names.
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
MONTH_NAMES = "|".join(dict.fromkeys(name.casefold() for names in _MONTHS.values() for name in names))
# What people write for a month, both languages, without its last dot.
_WRITTEN = (
    "jan januar january", "feb febr februar february", "mar marts march", "apr april", "maj may mai", "jun juni june",
    "jul juli july", "aug august", "sep sept september", "okt oktober oct october", "nov november", "dec december dez",
)  # fmt: skip
_NUMBER = {word: number for number, words in enumerate(_WRITTEN, start=1) for word in words.split()}
# Any of them, longest first, for patterns.
MONTHS = "|".join(sorted(_NUMBER, key=lambda word: (-len(word), word)))


def month_number(word: str) -> int:
    """The number of a month by its name or the usual short form, Danish or English; 0 for any other word.

    Example:
        >>> month_number("Maj"), month_number("okt."), month_number("uge")
        (5, 10, 0)
    """
    return _NUMBER.get(word.strip().casefold().removesuffix("."), 0)


def format_period(value: str, lang: Literal["da", "en"] = "da") -> str:
    """A period in words, from its first to its last date; a year that both share is said once. One date is as `format_date` has it.

    Example:
        >>> format_period("2027-01/2027-10"), format_period("2026-07/2027-06", "en"), format_period("2027")
        ('januar – oktober 2027', 'July 2026 – June 2027', '2027')
    """
    first, joint, last = value.partition("/")
    ends = [format_date(part, lang) for part in (first, last) if part]
    year = f" {first[:4]}"
    if joint and len(ends) == 2 and len(first) > 4 and all(end.endswith(year) for end in ends):
        ends[0] = ends[0].removesuffix(year)
    return " – ".join(ends)


def format_date(value: datetime.date | str, lang: Literal["da", "en"] = "da") -> str:
    """A date in words: "25. juni 2021", "25 June 2021"; ISO text may hold a year or year and month only.

    Example:
        >>> format_date("2021-06-25"), format_date("2021-05", "en"), format_date("2018")
        ('25. juni 2021', 'May 2021', '2018')
    """
    parts = (value.isoformat() if isinstance(value, datetime.date) else value)[:10].split("-")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return str(value)
    if len(parts) == 1:
        return parts[0]
    name = month_name(int(parts[1]), lang)
    if len(parts) == 2:
        return f"{name} {parts[0]}"
    day = f"{int(parts[2])}." if lang == "da" else str(int(parts[2]))
    return f"{day} {name} {parts[0]}"
