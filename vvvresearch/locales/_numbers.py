"""Numbers and dates as people write them, and the one rule of rounding: half up, decided on exact values."""

from __future__ import annotations

import datetime
import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Literal

_MINUS = "\N{MINUS SIGN}"


def half_up(value: float | Fraction | Decimal | int, decimals: int = 0) -> Decimal:
    """Round half away from zero, exactly: fractions are never turned into floats first.

    Args:
        value: the number; a float is taken as the shortest decimal that prints it (0.285 is 0.285).
        decimals: digits kept, 0 or more.

    Example:
        >>> half_up(Fraction(25, 2)), half_up(0.285, 2)
        (Decimal('13'), Decimal('0.29'))
    """
    if isinstance(value, Fraction):
        # In whole numbers: a half is added and the rest cut off.
        whole = (2 * abs(value.numerator) * 10**decimals + value.denominator) // (2 * value.denominator)
        return (Decimal(whole if value.numerator >= 0 else -whole)).scaleb(-decimals)
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    # As many digits as the number has before its decimal mark, however large it is.
    digits = max(28, exact.adjusted() + decimals + 2) if exact.is_finite() else 28
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, Context(digits))


def format_number(value: float | int | Fraction | Decimal | None, decimals: int = 0, lang: Literal["da", "en"] = "da") -> str:
    """A number with thousands separator and decimal mark of the language; None and NaN give an en dash.

    Example:
        >>> format_number(7173), format_number(7173, lang="en"), format_number(2.5, 1)
        ('7.173', '7,173', '2,5')
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    rounded = half_up(value, decimals)
    english = f"{abs(rounded):,.{decimals}f}"
    shown = english if lang == "en" else english.translate(str.maketrans(",.", ".,"))
    return f"{_MINUS}{shown}" if rounded < 0 else shown


def format_coefficient(value: float | Fraction | Decimal, decimals: int = 2, lang: Literal["da", "en"] = "da") -> str:
    """A coefficient of at most 1, with so many more decimals that what is below 1 is not written as 1.

    Example:
        >>> format_coefficient(0.9968), format_coefficient(0.9), format_coefficient(1.0)
        ('0,997', '0,90', '1,00')
    """
    while 1 - value > 1e-9 and half_up(value, decimals) >= 1:
        decimals += 1
    return format_number(value, decimals, lang)


def format_percent(value: float | int | Fraction | Decimal | None, decimals: int = 0, lang: Literal["da", "en"] = "da") -> str:
    """A percentage (already times 100): "56 %" in Danish with a no-break space, "56%" in English.

    Example:
        >>> format_percent(56.2, lang="en")
        '56%'
    """
    number = format_number(value, decimals, lang)
    if number == "–":
        return number
    return f"{number}%" if lang == "en" else f"{number}\N{NO-BREAK SPACE}%"


def format_p(value: float | None, lang: Literal["da", "en"] = "da") -> str:
    """A p-value with three decimals, never as zero.

    Example:
        >>> format_p(0.0000004, "en"), format_p(0.0432, "da")
        ('<0.001', '0,043')
    """
    if value is None or math.isnan(value):
        return "–"
    if value < 0.001:
        return "<" + format_number(0.001, 3, lang)
    return format_number(value, 3, lang)


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


# A year, for readers of texts and of names.
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# The names of months in both languages, for patterns that short forms would mislead.
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
