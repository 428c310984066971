"""Time in definitions: parts of the calendar as they are written, and the order of waves, whatever they are called."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

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


_YEAR = re.compile(r"(?:19|20)\d\d")
_SEASONS = (r"vinter|winter", r"forår|foraar|spring", r"sommer|summer", r"efterår|efteraar|autumn|fall\b")
_MONTHS = ("jan", "feb", "mar", "apr", "maj|may", "jun", "jul", "aug", "sep", "okt|oct", "nov", "dec")
_TURNS = ("første|foerste|first", "anden|andet|second", "tredje|third", "fjerde|fourth")
_BEFORE = re.compile(r"\b(før|foer|before|pre|base ?line|start|ind(ledende|gang)|initial)")
_MIDDLE = re.compile(r"\b(midt|mid|mellem)")
_AFTER = re.compile(r"\b(efter|after|post|opfølg|opfoelg|follow|end|slut|afslut|final|sidste|last)")


def waves_in_order(waves: Iterable[object]) -> list[str]:
    """Waves from the earliest to the latest, each once.

    Years come first, then what is said of a before and an after, months and seasons, numbers, and at last the letters. A wave without a
    year stands before those with one.

    Args:
        waves: names of waves as registers have them; empty ones are left out.

    Example:
        >>> waves_in_order(["efter", "før"]), waves_in_order(["T10", "T9"]), waves_in_order(["efterår 2025", "forår 2025", "2024"])
        (['før', 'efter'], ['T9', 'T10'], ['2024', 'forår 2025', 'efterår 2025'])
    """
    return sorted({str(wave) for wave in waves if str(wave)}, key=_place)


def season_in(words: str) -> int:
    """The season that words name: 1 winter, 2 spring, 3 summer, 4 autumn; 0 for none.

    Example:
        >>> season_in("Værter efterår 2027"), season_in("Hosts, spring"), season_in("Hosts 2027")
        (4, 2, 0)
    """
    return _first(_SEASONS, words.casefold())


def without_time(words: str) -> str:
    """Words without the years and seasons that they name.

    Example:
        >>> without_time("Værter efterår 2027")
        'værter'
    """
    return " ".join(re.sub("|".join(_SEASONS), " ", _YEAR.sub(" ", words.casefold())).split())


def _place(wave: str) -> tuple[int, int, float, int, str]:
    said = wave.casefold()
    year = _YEAR.search(said)
    rest = _YEAR.sub(" ", said, count=1)
    time = _first(_MONTHS, rest) or 3.0 * season_in(rest)
    # "Efterår" begins as "efter" does.
    said_plainly = re.sub("|".join(_SEASONS), " ", rest)
    step = 0 if _BEFORE.search(said_plainly) else 2 if _MIDDLE.search(said_plainly) else 3 if _AFTER.search(said_plainly) else 1
    number = re.search(r"\d+", rest)
    turn = int(number[0]) if number else _first(_TURNS, rest)
    return (int(year[0]) if year else 0, step, time, turn, said)


def _first(words: tuple[str, ...], said: str) -> int:
    """The place of the first list with a word that begins a word here, from 1; 0 for none."""
    return next((place for place, one in enumerate(words, start=1) if re.search(rf"\b({one})", said)), 0)
