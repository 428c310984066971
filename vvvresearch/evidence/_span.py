"""Parts of the calendar as definitions write them: a year, half a year, a quarter, a month, a day."""

from __future__ import annotations

import datetime
import re

_SPAN = re.compile(r"(\d{4})(?:-(?:h([12])|q([1-4])|(\d\d)(?:-(\d\d))?))?", re.IGNORECASE)


def span_of(words: str) -> tuple[datetime.date, datetime.date] | None:
    """The first and the last day of a part of the calendar; None for anything else.

    Args:
        words: "2024", "2024-H2", "2024-Q3", "2024-06" or "2024-06-30".

    Example:
        >>> [day.isoformat() for day in span_of("2024-H2")], span_of("soon")
        (['2024-07-01', '2024-12-31'], None)
    """
    found = _SPAN.fullmatch(words.strip())
    if found is None:
        return None
    year, half, quarter, month, day = (int(part) if part else 0 for part in found.groups())
    if month and day:
        try:
            only = datetime.date(year, month, day)
        except ValueError:
            return None
        return only, only
    first, months = (6 * half - 5, 6) if half else (3 * quarter - 2, 3) if quarter else (month, 1) if month else (1, 12)
    if not 1 <= first <= 12 or not year:
        return None
    after = datetime.date(year + (first + months > 12), (first + months - 1) % 12 + 1, 1)
    return datetime.date(year, first, 1), after - datetime.timedelta(days=1)
