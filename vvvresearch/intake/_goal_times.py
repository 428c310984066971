"""When a goal is to be met, and the time that it starts from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vvvresearch.intake._dates import read_date
from vvvresearch.intake._fold import fold
from vvvresearch.locales import MONTHS

# Half a year and a quarter, as people write them, before or behind their year.
_HALF = r"(?:(?P<h1>1\.?|foerste|første|first)|(?P<h2>2\.?|andet|anden|second)) (?:halvår|halvdel|half)(?: of| af| i)?(?: the)?(?: year)?"
_PART = re.compile(
    rf"\b(?:{_HALF},? (?P<year>20\d\d)|h(?P<h>[12])[ -]?(?P<year2>20\d\d)|(?P<year3>20\d\d)[ -]?h(?P<hh>[12])|"
    r"(?P<quarter>[1-4])\. ?(?:kvartal|kvt?\.?|quarter),? (?P<year4>20\d\d)|q(?P<q>[1-4])[ -]?(?P<year5>20\d\d)|"
    r"(?P<year6>20\d\d)[ -]?q(?P<qq>[1-4]))\b",
    re.IGNORECASE,
)
# "2026/27": a year of school or of accounts, which is neither of the two.
_TWO_YEARS = re.compile(r"(20\d\d) ?/ ?(?:20)?(\d\d)")
_DATE = re.compile(
    rf"{_PART.pattern}|\b20\d\d ?/ ?(?:20)?\d\d\b(?!-)|\b\d{{1,2}}/\d{{1,2}},? (?:19|20)\d\d\b|"
    rf"\b(?:\d{{1,2}}\.? ?)?(?:{MONTHS})\.?,? (?:19|20)\d\d\b|\b20\d\d-\d\d(?:-\d\d)?\b|"
    r"\b\d{1,2}[./-]\d{1,2}[./-]20\d\d\b|\b(?:19|20)\d\d\b(?! ?(?:%|pct|procent|percent))",
    re.IGNORECASE,
)
# The time that a change starts from, not the one at which the goal is to be met.
_SINCE = re.compile(
    r"\b((siden|fra|since|from|between|mellem|over|(end|som|than|as)( i| in)?|niveau med|level with)( (den|the|oct\w*|q[1-4]))?|"
    r"(siden|since)( [a-z]+){1,3}|(mod|imod|against) (the |de |kun )?\d[^,;]*|(fra|from) \d[\d ]*(pct|procent|percent|per cent)?( (i|in))?|"
    r"(i forhold til|ift|sammenlignet med|compared (with|to)|"
    r"relative to|niveau\w*|level)( (the|i|in|of|fra|from|for|ved|at|udgangen|slutningen|end|af|aar))*( the| af)?)$"
)
_LEVEL = re.compile(r"^ ?-? ?(niveau\w*|level|figure|tal|tallet|total|number|antal\w*|baseline|resultat\w*|result)\b")
# What makes a time the one at which a goal is to be met.
_DUE = re.compile(
    r"\b(inden|senest|foer|ved|pr|per|udgang\w*|slutning\w*|til|mod|by|before|until|end|as (of|at)|on)"
    r"( (udgang\w*|slutning\w*|midten|begyndelsen|starten|the|end|start|beginning|middle|close|of|af|i|in|den|d|aar|aaret|year|\d{1,2}))*$"
)
# Words with a date in a cell that make it no other time.
_FILLING = re.compile(
    r"\b(inden|senest|foer|ved|pr|per|udgang\w*|slutning\w*|til|mod|by|before|until|end|as|at|on|the|start|starten|close|of|af|i|in|den|d|"
    r"aar|aaret|year|ultimo|kl|hele|skal|vaere|naaet)\b"
)
# "Inden sommerferien 2027", "by Easter 2027": a time of that year that nobody here reads.
_PART_OF = re.compile(r"\b(?:inden|senest|foer|ved|pr|til|by|before|until|i|in|on|at|during)(?: the)? ([a-z]{3,})$")
# "De par, der begyndte i 2024", "the pairs we had in 2024": the time may tell which ones are meant, not when they are to be counted.
_WHICH = re.compile(
    r"[^\s](?:,| (?<!er )(?<!var )(?<!es )(?<!skal )(?<!bliver ))\s*\b(?:der|som|hvor)\b[^,;:.]*$|"
    r"\b(?:that|who|which|whose|where|we|whom)\b[^,;:.]*$",
    re.IGNORECASE,
)
# "Of the pairs formed in 2025".
_BEGUN = re.compile(r"\w{3,}(ing|ed|ede|et|te|ende) (in|i|during)$")


@dataclass(frozen=True)
class Times:
    """The times of a goal.

    Args:
        as_of: when it is to be met, "" where the sentence does not say it surely.
        since: the time that a change starts from, "" for none.
        asked: the times among which it has to be asked; empty where nothing is unsure.
        due: whether a word says that it is to be met by then ("senest", "by").
    """

    as_of: str
    since: str
    asked: tuple[str, ...] = ()
    due: bool = False


def times_said(words: str, when: str, *, of_all: bool = False) -> Times:
    """When a goal is to be met, and the time that it starts from: what only tells which ones are counted is asked.

    Args:
        words: the sentence.
        when: the time, where it stands apart.
        of_all: whether the goal is a share, of those of whom its time may tell.

    Example:
        >>> times_said("Par, der begyndte i 2024, er i gang ved udgangen af 2025", "").as_of
        '2025'
        >>> times_said("Halvdelen af de par, der begyndte i 2024, er i gang", "").asked
        ('2024',)
    """
    dates = [*_DATE.finditer(words)]
    earlier = [one for one in dates if _SINCE.search(fold(words[: one.start()])) or _LEVEL.match(fold(words[one.end() :]))]
    since = {_iso(one[0]) for one in earlier}
    met = [one for one in dates if one not in earlier]
    due = {_iso(one[0]) for one in met if _DUE.search(fold(words[: one.start()]))}
    vague = {_iso(one[0]) for one in met if (noun := _PART_OF.search(fold(words[: one.start()]))) and not _FILLING.fullmatch(noun[1])}
    which = {_iso(one[0]) for one in met if _WHICH.search(ahead := words[: one.start()]) or (of_all and _BEGUN.search(fold(ahead)))} - due
    apart = [_iso(one[0]) for one in _DATE.finditer(when)]
    said = (
        list(dict.fromkeys(_iso(one[0]) for one in met))
        if not apart
        else [*apart, *(_iso(one[0]) for one in met if _iso(one[0]) not in which)]
    )
    # "In 2024" beside 31-12-2024, and a half-year beside its year, are one time: the finer one.
    said = list(dict.fromkeys(one for one in said if not any(other != one and other.startswith(one) for other in said)))
    # "Forår 2027", "hvert halvår fra 2026": a cell with words that nobody here reads may mean less than its year, or more.
    other = _letters(_FILLING.sub(" ", fold(without_times(when))))
    sure = [one for one in said if one not in which | vague and not (other and one in apart)]
    years = [year for one in said for year in _years(one)]
    if len(sure) == 1 and not years and (len(said) == 1 or sure[0] in due):
        return Times(sure[0], since.pop() if len(since) == 1 else "", due=sure[0] in due or bool(apart))
    # "Fra 1. januar 2028" of what is no change: when it begins, or from when it is counted.
    asked = tuple(dict.fromkeys([year for one in said or sorted(since) for year in (_years(one) or [one])]))
    return Times("", since.pop() if len(since) == 1 else "", asked)


def _letters(words: str) -> str:
    return re.sub(r"[^a-zæøå]", "", words.casefold())


def without_times(words: str) -> str:
    """A sentence with its dates blanked, so that no year is taken for a target and every place stays where it is."""
    return _DATE.sub(lambda found: " " * len(found[0]), words)


def _years(date: str) -> list[str]:
    """Both years of one that goes over two."""
    found = _TWO_YEARS.fullmatch(date)
    return [found[1], found[1][:2] + found[2]] if found else []


def _iso(date: str) -> str:
    if part := _PART.fullmatch(date.strip()):
        own = part.groupdict()
        year = next(own[name] for name in ("year", "year2", "year3", "year4", "year5", "year6") if own[name])
        half = own["h"] or own["hh"] or ("1" if own["h1"] else "2" if own["h2"] else "")
        return f"{year}-H{half}" if half else f"{year}-Q{own['quarter'] or own['q'] or own['qq']}"
    found = read_date(re.sub(r"^(\d+)/(\d+),? (\d{4})$", r"\1-\2-\3", date.strip()))
    return found.value if found.kind in ("day", "month") else date.strip()
