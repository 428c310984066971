"""What a number counts, one large number told with two units, and one short name that stands for two things."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
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


def _paid_for(documents: Sequence[Facts]) -> Iterator[Finding]:
    """One sum of money told twice, paid for two things: "2.808 kr. pr. deltager", "2.808 kr. pr. virksomhed"."""
    told: dict[tuple[Fraction, str], list[tuple[Said, Mention]]] = defaultdict(list)
    for facts in documents:
        for said in facts.said:
            for one in said.of("money"):
                if one.value is not None:
                    told[one.value, said.lang].append((said, one.changed(unit=_for_whom(said, one))))
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
        # An answer is not what is counted: "396 af 464 tilfredse".
        rows = (row for shown in facts.shown if shown.table is not None for row in shown.table.rows)
        answers = frozenset(word[:_SIX] for row in rows for word in row.label.lower().split())
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
                    or (mention.kind == "ratio" and unit[:_SIX] in answers)
                    or not _is_noun(said, mention, unit)
                ):
                    continue
                if (mention.modifier or value % 50 == 0) and not _TARGET.search(said.text):
                    continue
                told[value].append((said, mention.changed(unit=unit), stem(unit, said.lang)))
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
_LONG, _LEAST, _SIX = 1000, 40, 6
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


_SCALES = ((re.compile(r"\bmia|milliard|billion", re.IGNORECASE), 10**9), (re.compile(r"\bmio|million|\dm\b", re.IGNORECASE), 10**6))


def money_of(said: Said, mention: Mention) -> Fraction:
    """A sum of money with its millions counted out."""
    assert mention.value is not None
    printed = mention.text + said.text[mention.end - said.start : mention.end - said.start + 10]
    return mention.value * next((scale for pattern, scale in _SCALES if pattern.search(printed)), 1)


_PLURAL = re.compile(r"(?:er|ere|es|s)$")
_BEING = frozenset(("er", "var", "are", "were"))
_GROUP = re.compile(
    r"kvinder|mænd|drenge|piger|børn|voksne|unge|ældre|enlige|gifte|(?:[^\W\d]+)(?:ere|erne|inger)|women|men|girls|boys|children|adults|[^\W\d]+(?:ers|ents|ants)",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"(?:(?:al|isk|(?<!frivil)lig|ell|iv)e|^private|^public)$")


def unit_of(said: Said, mention: Mention) -> str:
    """The noun that is counted: the one that was read, else the word right behind the number."""
    if mention.unit and (_ADJECTIVE.search(mention.unit) or (said.lang == "en" and mention.unit.endswith("ed"))):
        # "62 kommunale": of whom is told elsewhere; "7.000 aktive matches": the noun is the word behind.
        second = re.match(rf"\s*{re.escape(mention.unit)}\s+([^\W\d_]{{4,}})", said.text[mention.end - said.start :])
        return second[1].lower() if second and second[1].lower() not in word_list("empty", said.lang) and _PLURAL.search(second[1]) else ""
    if mention.unit and mention.unit not in word_list("empty", said.lang) and len(mention.unit) > 2:
        return _head_noun(said, mention)
    behind = re.match(r"\s*([^\W\d_]{3,})", said.text[mention.end - said.start :])
    word = behind[1].lower() if behind else ""
    if word in _BEING and (predicate := re.match(r"\s*[^\W\d_]+\s+([^\W\d_]{3,})\b(?!\s*-)", said.text[mention.end - said.start :])):
        # "309 were women": the noun behind the verb, where it is one.
        group: str = predicate[1].lower()
        return group if _GROUP.fullmatch(group) else ""
    if _ADJECTIVE.search(word):
        return ""
    if said.lang == "en" and word.endswith("s") and (mention.value or 0) > 1 and word not in word_list("empty", said.lang):
        # "4,228 stays": many do not "stays".
        return word if mention.kind != "percentage" else ""
    if word and verb_form(word, said.lang) in ("finite", "passive", "supine", "past", "preterite", "either"):
        # "528 ledige blev henvist, og 437 gennemførte det": the noun of the count before.
        before = [one.unit for one in said.of("count", "total", "ratio", "base") if one.start < mention.start and one.unit]
        return before[-1] if len(set(before)) == 1 else ""
    return word if word and word not in word_list("empty", said.lang) and mention.kind != "percentage" else ""


def _head_noun(said: Said, mention: Mention) -> str:
    """The noun that was read, or in English the plural behind it: "4,228 overnight stays"."""
    if said.lang != "en" or mention.unit.endswith("s") or (mention.value or 0) < 2:
        return mention.unit
    second = re.match(rf"\s*{re.escape(mention.unit)}\s+([^\W\d_]{{3,}}s)\b", said.text[mention.end - said.start :], re.IGNORECASE)
    head = second[1].lower() if second and _SINGULAR.match(mention.unit) else ""
    return head if head and head not in word_list("empty", "en") else mention.unit


# A plural that no "s" ends.
_SINGULAR = re.compile(r"(?!(?:children|people|women|men|police|staff|young|older|elderly)$)")
