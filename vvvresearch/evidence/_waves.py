"""Time in definitions: parts of the calendar as they are written, and the order of waves, whatever they are called."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from vvvresearch.locales import YEAR

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
# Steps of a design, from the first: what words begin with that say them.
_STEPS = {
    "before": r"før|foer|before|pre|base ?line|(?:op)?start|ind(?:ledende|gang)|initial|entry|intake|enrol",
    "middle": r"midt|mid|mellem",
    "after": r"efter|after|post|opfølg|opfoelg|follow|end|slut|afslut|final|sidste|last|exit|discharge|complet",
}
# What a file's name may add to such a word. Alone, these say no time there: "end" is "than" in Danish, "final" a version.
_ADDED = r"(?:måling|maaling|test|skema|vejs|way|line|ning|ende|s| ?up)*"
# So long after the end, or the start: later than both.
_MONTHS_IN_WORDS = {"three": 3, "six": 6, "nine": 9, "twelve": 12, "tre": 3, "seks": 6, "tolv": 12}
_LATER = re.compile(rf"\b(\d{{1,2}}|{'|'.join(_MONTHS_IN_WORDS)}) ?(?:m|mo|mth|mths|month|months|mdr|måneder|maaneder)\b")
_TURN = re.compile(r"\b(?:t|måling|maaling|bølge|boelge|runde|wave|round) ?(\d)\b")


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


def occasion_in(words: str) -> str:
    """The time that words name beside the year: a season from "season_1" (winter) on, "before", "middle" or "after", a turn as "turn_2",
    so many months later as "months_6".

    Example:
        >>> occasion_in("Værter efterår 2027"), occasion_in("unge_foer_2027"), occasion_in("Hosts T2"), occasion_in("six months")
        ('season_4', 'before', 'turn_2', 'months_6')
    """
    said = _apart(words)
    if season := _first(_SEASONS, said):
        return f"season_{season}"
    if turn := _TURN.search(said):
        return f"turn_{turn[1]}"
    later = _LATER.search(said)
    step = next((step for step, begun in _STEPS.items() if _named(begun).search(said)), "")
    # A follow-up after so many months is one of several.
    if step and not (later and step == "after"):
        return step
    return f"months_{_MONTHS_IN_WORDS.get(later[1], later[1])}" if later else ""


def without_time(words: str) -> str:
    """Words without the years, seasons, steps and turns that they name.

    Example:
        >>> without_time("Værter efterår 2027"), without_time("unge_foer_2027")
        ('værter', 'unge')
    """
    said = _TURN.sub(" ", re.sub("|".join(_SEASONS), " ", _YEAR.sub(" ", _apart(words))))
    for begun in _STEPS.values():
        said = _named(begun).sub(" ", said)
    return " ".join(said.split())


def timeless(words: str) -> str:
    """Words without the years that they name: what is the same each year is called the same by them.

    Example:
        >>> timeless("70 new pairs in 2027") == timeless("70 new pairs in 2028")
        True
    """
    return YEAR.sub("", words)


_DIRECTION = re.compile(
    r"\s*\((?:[^()]*\d ?[=:][^()]*|\d+ ?[-–] ?\d+|[^()]*\b(?:kryds|svar|vælg|sæt|angiv|tick|choose|select|mark|answers?)\b[^()]*)\)\s*$",
    re.IGNORECASE,
)


def question_alone(words: str) -> str:
    """A question without what stands in brackets behind it: how it is answered, and what its numbers mean.

    Example:
        >>> question_alone("How safe do you feel? (5 = very, 1 = not at all)"), question_alone("How far (in km)?")
        ('How safe do you feel?', 'How far (in km)?')
    """
    return _DIRECTION.sub("", words)


def years_in(words: str) -> list[str]:
    """The years that words name, in their order.

    Example:
        >>> years_in("Fra 2026 til 2027"), years_in("skema")
        (['2026', '2027'], [])
    """
    return YEAR.findall(words)


def _apart(words: str) -> str:
    return re.sub(r"[_-]", " ", words.casefold())


def _named(begun: str) -> re.Pattern[str]:
    """A step as the name of a file says it: the whole word."""
    return re.compile(rf"\b(?:{begun}){_ADDED}\b(?<!\bend)(?<!\bfinal)(?<!\blast)(?<!\bsidste)")


def _place(wave: str) -> tuple[int, int, float, int, str]:
    said = _apart(wave)
    year = _YEAR.search(said)
    rest = _YEAR.sub(" ", said, count=1)
    time = _first(_MONTHS, rest) or 3.0 * _first(_SEASONS, rest)
    # "Efterår" begins as "efter" does.
    said_plainly = re.sub("|".join(_SEASONS), " ", rest)
    before, middle, after = (re.search(rf"\b(?:{begun})", said_plainly) for begun in _STEPS.values())
    step = 0 if before else 2 if middle else 3 if after or _LATER.search(said_plainly) else 1
    number = re.search(r"\d+", rest)
    turn = int(number[0]) if number else _first(_TURNS, rest)
    return (int(year[0]) if year else 0, step, time, turn, said)


def _first(words: tuple[str, ...], said: str) -> int:
    """The place of the first list with a word that begins a word here, from 1; 0 for none."""
    return next((place for place, one in enumerate(words, start=1) if re.search(rf"\b({one})", said)), 0)
