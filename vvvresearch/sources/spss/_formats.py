"""Print formats of SPSS by the number that stands for them in a file."""

from __future__ import annotations

DATES = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "QYR", "MOYR", "WKYR")
MOMENTS = ("DATETIME", "YMDHMS")
TIMES = ("TIME", "DTIME", "MTIME")
_CODES = (*range(1, 13), 15, 16, 17, *range(20, 42))
_NAMES = (
    "A AHEX COMMA DOLLAR F IB PIBHEX P PIB PK RB RBHEX Z N E DATE TIME DATETIME ADATE JDATE DTIME WKDAY MONTH MOYR QYR WKYR PCT DOT "
    "CCA CCB CCC CCD CCE EDATE SDATE MTIME YMDHMS"
)
_FORMATS = dict(zip(_CODES, _NAMES.split(), strict=True))
_WITHOUT_DECIMALS = {"A", "AHEX", "WKDAY", "MONTH", *DATES, *MOMENTS, *TIMES}


def format_of(code: int, width: int, decimals: int, text_width: int = 0) -> str:
    """A print format as SPSS shows it; `text_width` is that of a text variable, 0 for numbers.

    Example:
        >>> format_of(5, 8, 2), format_of(1, 8, 0, text_width=300)
        ('F8.2', 'A300')
    """
    letters = _FORMATS.get(code, "A" if text_width else "F")
    shown = text_width if letters == "A" else width
    return f"{letters}{shown}" + (f".{decimals}" if decimals or letters not in _WITHOUT_DECIMALS else "")
