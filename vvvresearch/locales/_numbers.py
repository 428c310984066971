"""Numbers as people write them, and the one rule of rounding: half up, decided on exact values."""

from __future__ import annotations

import math
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
