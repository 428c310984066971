"""Who or what a goal counts: the noun that goes with its number."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from vvvresearch.intake._fold import fold

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
