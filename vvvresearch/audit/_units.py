"""One large number told with two units, and one short name that stands for two things."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._spans import span_of
from vvvresearch.audit._told import unit_of
from vvvresearch.audit._words import common, stem, word_list
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention, verb_form

_TARGET = re.compile(
    r"succeskriteri|måltal|målsætning|\bmål\b|målet|\btarget|\bgoal\b|\baims?\b|mindst \d|minimum \d|at least \d|"
    r"forvent|planlagt|planlægges|expected|planned",
    re.IGNORECASE,
)


def unit_findings(documents: Sequence[Facts]) -> Iterator[Finding]:
    """Findings on one number with two units, within and across documents, and on abbreviations with two long forms."""
    for facts in documents:
        yield from _acronyms(facts)
    yield from _units(documents)
    yield from _rounded(documents)
    yield from _paid_for(documents)
    yield from _another_span(documents)
    yield from _two_years(documents)


def _paid_for(documents: Sequence[Facts]) -> Iterator[Finding]:
    """One sum of money told twice, paid for two things: "2.808 kr. pr. deltager", "2.808 kr. pr. virksomhed"."""
    told: dict[tuple[Fraction, str], list[tuple[Said, Mention]]] = defaultdict(list)
    for facts in documents:
        for said in facts.said:
            for one in said.of("money"):
                if one.value is not None:
                    told[one.value, said.lang].append((said, replace(one, unit=_for_whom(said, one))))
    for found in told.values():
        first = found[0]
        for other in found[1:]:
            nouns = [stem(one.unit, said.lang) for said, one in (first, other)]
            heard = [frozenset(stem(word, said.lang) for word in said.words) for said, _ in (first, other)]
            if not all(nouns) or _alike_unit(*nouns) or (nouns[0] in heard[1] and nouns[1] in heard[0]):
                continue
            what = Phrase("audit.what_unit", {"number": first[1].text, "first": first[1].unit, "second": other[1].unit})
            places = (place_of(*other), place_of(*first))
            yield Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_unit", {}), 0.8, 0.75)
            break
    yield from _no_money(documents, told)


def _rounded(documents: Sequence[Facts]) -> Iterator[Finding]:
    """ "503 henvendelser" in one place, "flere end 500 nye deltagere" in another, in words that are alike."""
    told = [
        (said, one) for facts in documents for said in facts.said for one in said.of("count", "total") if one.value and unit_of(said, one)
    ]
    for said, rough in told:
        value = rough.value or Fraction(0)
        if rough.modifier not in ("over", "just_over", "at_least") or value < _HUNDRED or value % _HUNDRED:
            continue
        for other, one in told:
            exactly = not one.modifier and value < (one.value or 0) <= value * Fraction(103, 100)
            if not exactly or other.block is said.block or other.lang != said.lang or len(common(said.stems, other.stems)) < _OF_A_TARGET:
                continue
            nouns = [stem(unit_of(*pair), said.lang) for pair in ((said, rough), (other, one))]
            persons = [PERSONS.search(noun[-_TAIL:]) is not None for noun in nouns]
            if all(persons) or nouns[0].endswith(nouns[1]) or nouns[1].endswith(nouns[0]) or _alike_unit(*nouns):
                continue
            what = Phrase("audit.what_unit", {"number": one.text, "first": unit_of(other, one), "second": unit_of(said, rough)})
            places = (place_of(said, rough), place_of(other, one))
            yield Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_unit", {}), 0.8, 0.7)
            break


# From where on a number is rounded, and how long the last part of a compound is.
_HUNDRED, _TAIL = 100, 10


_FOR_EACH = re.compile(r"\b(?:pr\.|per)\s+([^\W\d_]{3,})\s+(?:(?:er|var|blev|is|was)\s+)?(?:på|of|at)?\s*[£$€]?$", re.IGNORECASE)


def _for_whom(said: Said, money: Mention) -> str:
    """What a sum of money is paid for: the noun behind it, or the one before in "prisen pr. deltager på 2.808 kr."."""
    unit = money.unit if money.unit.lower() not in word_list("empty", said.lang) else ""
    before = _FOR_EACH.search(said.text[: money.start - said.start]) if not unit else None
    return str(before[1]) if before is not None else unit


def _another_span(documents: Sequence[Facts]) -> Iterator[Finding]:
    """ "40 minutter om ugen" in one place, "40 minutter om dagen" in another, in words that are alike."""
    told: dict[tuple[Fraction, str, str], list[tuple[Said, Mention, str]]] = defaultdict(list)
    for facts in documents:
        for said in facts.said:
            for one in said.of("duration", "count"):
                noun = (re.findall(r"[^\W\d_]{3,}", one.text) or [one.unit])[-1] if one.kind == "duration" else one.unit
                if one.value is not None and noun and (span := span_of(said, one)):
                    told[one.value, stem(noun, said.lang), said.lang].append((said, one, span))
    for found in told.values():
        for first, other in combinations(found[:30], 2):
            if first[2] == other[2] or first[0] is other[0] or first[0].section == other[0].section:
                continue
            shared = common(first[0].stems, other[0].stems) - {first[2], other[2]}
            if len(shared) > 1:
                what = Phrase("audit.what_unit", {"number": other[1].text, "first": first[2], "second": other[2]})
                places = (place_of(other[0], other[1]), place_of(first[0], first[1]))
                yield Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_unit", {}), 0.8, 0.7)
                break


def _two_years(documents: Sequence[Facts]) -> Iterator[Finding]:
    """ "I 2023 blev 1.047 børn meldt ind", "1.047 børn i 2021": one large number of one noun, told of two years."""
    told: dict[tuple[Fraction, str], list[tuple[Said, Mention, int]]] = defaultdict(list)
    for facts in documents:
        for said in facts.said:
            years = {int(year.value) for year in said.of("year") if year.value}
            if not _IN_YEAR.search(said.text) or said.of("direction", "comparison"):
                continue
            for one in said.of("count", "total") if len(years) == 1 and said.block.kind not in ("caption", "heading", "note") else ():
                if one.value is not None and one.value > _MANY and one.value % 50 and one.unit and not one.modifier and one.role != "from":
                    told[one.value, stem(one.unit, said.lang)].append((said, one, min(years)))
    for found in told.values():
        for first, other in combinations(found[:30], 2):
            if first[2] != other[2] and first[0].lang == other[0].lang:
                what = Phrase("audit.what_unit", {"number": other[1].text, "first": str(first[2]), "second": str(other[2])})
                places = (place_of(other[0], other[1]), place_of(first[0], first[1]))
                yield Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_unit", {}), 0.8, 0.7)
                break


_MANY = 200
_IN_YEAR = re.compile(r"\b(?:i|in|during|løbet af)\s+(?:19|20)\d\d\b", re.IGNORECASE)


def _no_money(documents: Sequence[Facts], told: dict[tuple[Fraction, str], list[tuple[Said, Mention]]]) -> Iterator[Finding]:
    """ "640 kr. pr. elev", "en elev koster 640 timer": a sum of money told as something else in words that are alike."""
    for facts in documents:
        for said in facts.said:
            for one in said.of("duration", "count"):
                found = told.get((one.value or Fraction(0), said.lang), ())
                if (one.value or 0) < 100 or not found or not _PAID.search(said.text) or _TARGET.search(said.text):
                    continue
                owner, money = found[0]
                if owner is said or not money.unit or stem(money.unit, said.lang) not in {stem(word, said.lang) for word in said.words}:
                    continue
                what = Phrase("audit.what_unit", {"number": exact(one.value or Fraction(0)), "first": money.text, "second": one.text})
                places = (place_of(said, one), place_of(owner, money))
                yield Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_unit", {}), 0.8, 0.7)


_PAID = re.compile(r"\b(?:kost\w*|pris\w*|udgift\w*|betal\w*|cost\w*|price\w*|paid|spent|spend\w*)\b", re.IGNORECASE)


_NAMED = re.compile(r"((?:[^\W\d_][\w’'-]*\s+){1,9})\(([A-ZÆØÅ]{3,6})\)")
_SMALL = ("og", "for", "af", "and", "of", "the", "i", "in", "on")


def _long_form(words: Sequence[str], short: str) -> str:
    """The name before an abbreviation: from the last word that opens with its first letter, all of whose words open with its letters."""
    for start in range(len(words) - 2, -1, -1):
        content = [word for word in words[start:] if word.lower() not in _SMALL]
        if words[start][:1] != short[0] or not content or any(word[0].upper() not in short for word in content):
            continue
        if len(content) < max(2, len(short) - 1):
            continue
        return " ".join(words[start:])
    return ""


def _acronyms(facts: Facts) -> Iterator[Finding]:
    known: dict[str, tuple[Said, str]] = {}
    for said in facts.said:
        for match in _NAMED.finditer(said.text) if "(" in said.text else ():
            short = match[2]
            full = _long_form(match[1].split(), short)
            if not full:
                continue
            if short in known and known[short][1].lower() != full.lower():
                other, earlier = known[short]
                what = Phrase("audit.what_acronym", {"name": short, "first": earlier, "second": full})
                yield Finding(
                    "acronym",
                    (place_of(said), place_of(other)),
                    what,
                    Phrase("audit.why_acronym", {}),
                    Phrase("audit.ground_acronym", {}),
                    0.9,
                )
            known.setdefault(short, (said, full))


PERSONS = re.compile(
    r"person|klasser(?:ne)?$|voksne|klient|bruger|adult|client|deltag|menneske|individ|borger|beboer|flygtning|frivillig|leder|kvinde|mænd|børn|barn|forældre|"
    r"elev|unge|ældr|mentor|patient|medlem|kunde|gæst|pige|dreng|familie|lærer|formand|ledige|medarbejder|informant|ansatte|"
    r"participant|people|refugee|volunteer|citizen|women|men$|child|pupil|student|patient|member|jobseeker|worker|youth|leader|girl|boy|"
    r"visitor|guest|customer|teacher|household|famil|parent|couple|user|(?:[^e]ere|erne)$"
)
# What stands for those who gave it: an answer, a visit, whatever is done by one each.
_ANSWER = re.compile(
    r"\w+(?:tions?|ments?|ings?|elser?|ninger|ning)$|\w*forløb|\w*besvarelse|\w*svar\b|respon|repl|answer|interview|ja$|nej$|yes$|no$|besøg|visit|admission|entre|tur"
)
# Two and two, and what is handed to each.
_TWO = re.compile(r"par(?:rene)?$|\bpairs?$|couples?$")
_HANDED = re.compile(r"måltid|portion|morgenmad|frokost|plads|billet|meal|breakfast|lunch|seat|ticket|place")
PLACES = re.compile(r"skole|klub|forening|kommune|institution|afdeling|center|hold|school|club|municipal|centre|group|branch|site")
_HEADS = re.compile(r"leder|formand|formænd|kontaktperson|tovholder|head|teacher|leader|principal|manager|chair")


def _units(documents: Sequence[Facts]) -> Iterator[Finding]:
    """One large number told with two units: 7.173 refugees, 7.173 matches."""
    told: dict[Fraction, list[tuple[Said, Mention, str]]] = defaultdict(list)
    for facts in documents:
        for said in facts.said:
            if said.block.kind == "heading":
                continue
            for mention in said.of("count", "total", "ratio", "duration"):
                value = mention.base if mention.kind == "ratio" else mention.value
                unit = unit_of(said, mention)
                if mention.kind == "duration":
                    unit = (re.findall(r"[^\W\d_]{3,}", mention.text) or [""])[-1].lower() if (value or 0) >= _LONG else ""
                    unit = "" if unit in _TIMES else unit
                elif not mention.unit and _OF_THEM.match(said.text[mention.end - said.start :]):
                    unit = _them(facts, said, mention)
                if (
                    value is None
                    or value < (_LEAST if mention.kind == "ratio" else _LONG)
                    or not unit
                    or value.denominator != 1
                    or not _is_noun(said, mention, unit)
                ):
                    continue
                if (mention.modifier or value % 50 == 0) and not _TARGET.search(said.text):
                    continue
                told[value].append((said, replace(mention, unit=unit), stem(unit, said.lang)))
    for value, found in told.items():
        first = found[0]
        for other in found[1:]:
            if other[2] == first[2] or _alike_unit(first[2], other[2]) or first[0].lang != other[0].lang:
                continue
            if is_compatible(first, other):
                continue
            shared = len(common(first[0].stems, other[0].stems))
            if shared < (2 if value < 200 else 0) or (value % 50 == 0 and shared < _OF_A_TARGET):
                continue
            what = Phrase("audit.what_unit", {"number": exact(value), "first": first[1].unit, "second": other[1].unit})
            places = (place_of(other[0], other[1]), place_of(first[0], first[1]))
            yield Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_unit", {}), 0.8, 0.8)
            break


# From which number on no accident makes two things equally many; a whole that parts are told of is known by less.
_LONG, _LEAST = 1000, 40
# How many words two tellings of one target must share.
_OF_A_TARGET = 3
_TIMES = ("gange", "gang", "times", "time")
_OF_THEM = re.compile(r"\s*(?:af dem|af disse|af de|of them|of these|of whom)\b", re.IGNORECASE)


def _them(facts: Facts, said: Said, mention: Mention) -> str:
    """The noun that "338 af dem" speaks of: that of the count before, here or in the sentence before."""
    before = facts.said[said.position - 1] if said.position else said
    counts = [one for owner in (before, said) for one in owner.of("count", "total", "base") if one.unit and one.start < mention.start]
    return counts[-1].unit if counts and before.block is said.block else ""


_NO_NOUN = re.compile(r"tilbage|mod|imod|against|versus|sammen|igen|hver|hjemme|ialt|altså|left|again|each|altogether|back|away")


def _is_noun(said: Said, mention: Mention, unit: str) -> bool:
    """Whether the word of a unit is what is counted: no adverb, and no object behind a verb ("560 besvarede skemaet")."""
    if _NO_NOUN.fullmatch(unit) or verb_form(unit, said.lang) == "finite":
        return False
    behind = re.match(r"\s*([^\W\d_]{3,})", said.text[mention.end - said.start :])
    word = behind[1].lower() if behind else ""
    return word == unit or verb_form(word, said.lang) not in ("finite", "preterite", "past")


def _alike_unit(one: str, other: str) -> bool:
    return len(one) > 3 and len(other) > 3 and (one.startswith(other[:4]) and abs(len(one) - len(other)) < 4)


def is_compatible(one: tuple[Said, Mention, str], other: tuple[Said, Mention, str]) -> bool:
    first, second = one[1].unit.lower(), other[1].unit.lower()
    if first.endswith(second) or second.endswith(first) or first[:6] == second[:6]:
        return True
    if (
        one[0] is not other[0]
        and one[2] in other[0].stems
        and other[2] in one[0].stems
        and one[1].value is not None
        and one[1].value < 1000
    ):
        return True
    persons = bool(PERSONS.search(first)), bool(PERSONS.search(second))
    if all(persons) or any(_ANSWER.match(noun) for noun in (first, second)):
        # Residents who take part are participants: two words for persons are never set against each other.
        return True
    if any(_HEADS.search(noun) for noun in (first, second)) and any(PLACES.search(noun) for noun in (first, second)):
        return True
    return any(persons) and any(_HANDED.search(noun) or (_TWO.search(noun) and (one[1].value or 0) < _LONG) for noun in (first, second))
