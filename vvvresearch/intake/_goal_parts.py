"""Parts of a goal in words: when it is to be met, the time that it starts from, and who or what it counts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
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


# A unit and what it is called: a pattern, folded.
Nouns = Sequence[tuple[str, str]]

# Danish compounds are what their last part is, so a pattern may have anything before it and nothing but an inflection behind it.
_UNITS = (
    ("leader", r"(frivillige? )?(frivillig|aktivitets|gruppe)?(leder|tovholder)(e|en|ne)?s?|(volunteer )?leaders?"),
    ("participant", r"\w*(deltager(e|en|ne)?|kursist(er|en|erne)?)s?|(course )?participants?|attendees"),
    ("municipality", r"\w*kommune(r|n|rne)?s?|municipalit(y|ies)"),
    (
        "match",
        r"\w*match(et|ene|er|es)?|(\w\w+)?par(ret|rene)?|pairs?|"
        r"\w*(venskab(er|et|erne)?|forloeb(et|ene)?|relation(er|en|erne|s)?)|friendships?",
    ),
    ("area", r"\w*omraade(r|t|rne)?|(housing )?areas?"),
    ("course", r"\w*(kurs(us|usset|er|et|erne)|workshop(pen|per|pene|s)?|temadag(en|e|ene)?)|courses?"),
    ("group", r"\w*gruppe(r|n|rne)?|(local )?groups?"),
    (
        "person",
        r"\w*(flygtning(e|en|ene)?|borger(e|en|ne)?|person(er|en|erne)?)s?|frivilliges?|mennesker?(ne)?|henvis(ning|ningen|ninger|ningerne|te)|"
        r"refugees?|volunteers?|people|citizens?|referr(ed|als?)",
    ),
)  # fmt: skip
# English nouns that stand in the singular before another one tell what kind of thing is counted: "volunteer hours".
_TELLS_KIND = re.compile(r"leader|participant|municipality|pair|friendship|area|course|group|refugee|volunteer|citizen|referral")
# "Match visitors", "pair supporters": who does something with what the first noun names.
_DOERS = re.compile(r"[a-z]{3,}[eo]rs")
_JOINS = re.compile(
    r"(who|that|which|is|are|has|have|had|will|must|should|can|may|shall|in|of|at|by|on|for|from|with|to|and|or|per|after|before|within)?"
)
_EACH = re.compile(r"\b(hver|hvert|each|every|per|pr)( \w{3,}(et|te|ed|ende))?$")
# "To kokke på hvert hold" is of each, "hver femte" and "hver uge" are not.
_OF_THINGS = (
    r"(?!(af|of|anden|andet|tredje|other|[a-z]+(te|de))\b)"
    r"(?!(dag|day|uge|week|maaned|mdr|month|aar|year|kvartal|halvaar|semester|quarter|half|term|gang|time|morgen|aften)\w*\b)[a-z]"
)
EACH = re.compile(rf"\b(hver|hvert|enhver|ethvert|begge|both|neither) {_OF_THINGS}")
_FOR_EACH = re.compile(rf"\b(hver|hvert|enhver|ethvert|each|every|per) {_OF_THINGS}")
_ONE_OF_THEM = re.compile(r"((at|that) )?(en|et|a|an) ")
_AMONG = re.compile(r"\b(blandt|hos|among|amongst)( (de|alle|the|all|our|vores|aktive|active|nye|new))*$")
# "C1.", "12)": how a list counts its goals.
_NUMBERING = re.compile(r"[a-z]{0,2}\d{1,2}")
_BETWEEN = frozenset((
    "af", "de", "den", "alle", "nye", "ny", "aktive", "deltagende", "danske", "landets", "adspurgte", "medvirkende", "svarende", "antal",
    "antallet", "andel", "andelen", "saa", "mange", "dobbelt", "as", "many", "twice", "number", "share",
    "the", "of", "all", "new", "active", "our", "those",
))  # fmt: skip
# Participles stand between a number and its noun as well: "60 igangværende match", "ended matches".
_PARTICIPLE = re.compile(r"\w{3,}(ende|ede|te|ing|ed)")


def unit_said(words: str, start: int, sure: bool, own: Nouns, *, opens: bool = True) -> tuple[str, str]:
    """Who is counted: sure where the noun follows its number, likely where it stands elsewhere.

    Args:
        words: the sentence.
        start: where its number ends.
        sure: whether it is known which number is the goal's.
        own: what the programme itself calls what it counts.
        opens: whether a noun that opens the sentence may be what is counted.

    Returns:
        The unit, "" where it has to be asked; and the one that is likely.

    Example:
        >>> unit_said("85 pct. af kursusdeltagerne", 7, True, ()), unit_said("300 volunteer hours", 3, True, ())
        (('participant', 'participant'), ('', ''))
        >>> unit_said("24 boats in use", 2, True, [("boat", "boats?")])
        ('boat', 'boat')
    """
    tokens = fold(words[start:]).split()
    between = True
    for token, following in itertools.pairwise([*tokens, ""]):
        # "Garden pairs", "volunteer hours": the last noun is what is counted.
        compound = any(re.fullmatch(pattern, following) for _, pattern in (*own, *_UNITS))
        told = compound or (_TELLS_KIND.fullmatch(token) and not _JOINS.fullmatch(following)) or _DOERS.fullmatch(following)
        for unit, pattern in (*own, *_UNITS):
            if re.fullmatch(pattern, f"{token} {following}") or (not told and re.fullmatch(pattern, token)):
                return (unit, unit) if sure and between else ("", unit)
        between = between and _stands_between(token)
    # What stands behind no number may stand before it: "Grupper, der mødes hver uge: 40".
    return unit_said(words, 0, sure and opens and begins_with_unit(words, own), own) if start else ("", "")


def begins_with_unit(words: str, own: Nouns) -> bool:
    """Whether who is counted opens a sentence, however many of them there are."""
    first = next((token for token in fold(words).split() if not _stands_between(token)), "")
    return any(re.fullmatch(pattern, first) for _, pattern in (*own, *_UNITS))


def of_each(words: str, own: Nouns) -> bool:
    """Whether a number is that of each of those counted: "per participant", "hver instruktør har", "a driver gives"."""
    if (first := _ONE_OF_THEM.match(fold(words))) and begins_with_unit(fold(words)[first.end() :], own):
        return True
    known = any(noun for before, noun in _nouns(words, own) if _EACH.search(before))
    return known or _FOR_EACH.search(fold(words)) is not None


def counts_nobody(words: str) -> bool:
    """Whether words say that something is counted and not what: "antal", "number of"."""
    return all(token in _BETWEEN for token in fold(words).split())


def only_group(words: str, own: Nouns) -> str:
    """The one unit that a sentence names, where it says that a share is among them: "frafaldet blandt de frivillige"; else ""."""
    named = [*_nouns(words, own)]
    return named[0][1] if len({unit for _, unit in named}) == 1 and any(_AMONG.search(before) for before, _ in named) else ""


def _nouns(words: str, own: Nouns) -> Iterator[tuple[str, str]]:
    """Each noun of a sentence that is a unit, with what stands before it."""
    tokens = fold(words).split()
    for place, (token, following) in enumerate(itertools.pairwise([*tokens, ""])):
        unit = next((unit for unit, one in (*own, *_UNITS) if re.fullmatch(one, f"{token} {following}") or re.fullmatch(one, token)), "")
        if unit:
            yield " ".join(tokens[:place]), unit


def _stands_between(token: str) -> bool:
    return token in _BETWEEN or bool(_PARTICIPLE.fullmatch(token)) or bool(_NUMBERING.fullmatch(token))
