"""One fact told twice with another value, in one document or in two; one number told with two units; one short name for two things."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from vvvresearch.audit._facts import SHOWN, Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._words import stem, stems, word_list
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention, verb_form

_TARGET = re.compile(
    r"succeskriteri|måltal|målsætning|\bmål\b|målet|\btarget|\bgoal\b|\baims?\b|mindst \d|minimum \d|at least \d|"
    r"forvent|planlagt|planlægges|expected|planned",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"tidligere|foregående|forrige|året før|til sammenligning|previous|earlier|the year before|by comparison|"
    r"last year|sidste år|året efter|modsat|derimod|hvorimod",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(r"\b(?:øvrige|kontrolgruppe\w*|resten|the others?|control group|comparison group|the rest)\b", re.IGNORECASE)
_CALENDAR = re.compile(
    r"\b(?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december|january|february|"
    r"march|may|june|july|october)\b|"
    r"\b\d\. ?kv(?:artal|\.)|\bq[1-4]\b|forår|efterår|spring|autumn|første halvår|andet halvår",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
# Least likeness, of the rarer words, at which two sentences tell one fact.
_SAME, _SAME_ACROSS = 0.42, 0.42
_NEAR = Fraction(3, 10)


@dataclass(frozen=True)
class _Told:
    said: Said
    mention: Mention
    unit: str
    words: frozenset[str]
    years: frozenset[int]
    target: bool
    group: str


def retold_findings(documents: Sequence[Facts]) -> Iterator[Finding]:
    """Findings on facts that are told twice, within and across documents."""
    told = [one for facts in documents for one in _told(facts)]
    rare = _rarity(told)
    by_kind: dict[tuple[str, str], list[_Told]] = defaultdict(list)
    for one in told:
        kind = "percentage" if one.mention.kind == "percentage" else "count"
        for word in one.words:
            by_kind[kind, word].append(one)
    seen: set[tuple[int, int]] = set()
    pairs: list[tuple[float, _Told, _Told]] = []
    for found in by_kind.values():
        if len(found) > 60:
            continue
        for at, one in enumerate(found):
            for other in found[at + 1 :]:
                key = (id(one), id(other))
                if key in seen:
                    continue
                seen.add(key)
                score = _likeness(one, other, rare)
                if score:
                    pairs.append((score, one, other))
    yield from _best(pairs, documents)
    for facts in documents:
        yield from _acronyms(facts)
    yield from _units(documents)


def _told(facts: Facts) -> Iterator[_Told]:
    for said in facts.said:
        if said.block.kind in ("caption", "heading"):
            continue
        numbers = [one for one in said.mentions if one.kind in ("percentage", "count", "total", "ratio", "base")]
        if len(numbers) > 9:
            continue
        for mention in numbers:
            if mention.value is None or mention.low is not None or mention.kind == "base" or mention.role in ("by",):
                continue
            if mention.kind != "percentage" and (
                mention.value < 3 or (mention.spelled and (mention.value < 3 or _in_a_class(said, mention)))
            ):
                continue
            clause = said.clause(mention)
            words = stems(clause, said.lang)
            if len(words) < 3:
                words = words | said.stems
            unit = stem(unit_of(said, mention), said.lang)
            behind = re.match(r"[^\d,;:(]{0,40}?\b((?:19|20)\d\d)\b", said.text[mention.end - said.start :])
            years = frozenset(
                {int(behind[1])} if behind else (int(year) for year in re.findall(r"\b((?:19|20)\d\d)\b", clause))
            ) or frozenset(mention.times if len(set(mention.times)) == 1 else ())
            if _DAY.search(said.text):
                continue
            yield _Told(
                said, mention, unit, words, years, bool(_TARGET.search(said.text)), stem(mention.group, said.lang) if mention.group else ""
            )


_CLASS = re.compile(r"\s*(?:or|eller|og|and)\s+(?:fewer|more|less|over|færre|flere|derover|derunder|mere|mindre)\b", re.IGNORECASE)


def _in_a_class(said: Said, mention: Mention) -> bool:
    """Whether a number names a class: "four or five", "three or fewer"."""
    start, end = mention.start - said.start, mention.end - said.start
    return _CLASS.match(said.text[end:]) is not None or re.search(r"\w\s+(?:or|eller)\s+$", said.text[:start]) is not None


def unit_of(said: Said, mention: Mention) -> str:
    """The noun that is counted: the one that was read, else the word right behind the number."""
    if mention.unit and mention.unit not in word_list("empty", said.lang) and len(mention.unit) > 2:
        return mention.unit
    behind = re.match(r"\s*([^\W\d_]{3,})", said.text[mention.end - said.start :])
    word = behind[1].lower() if behind else ""
    if word and verb_form(word, said.lang) in ("finite", "passive", "supine", "past", "preterite", "either"):
        # "528 ledige blev henvist, og 437 gennemførte det": the noun of the count before.
        before = [one.unit for one in said.of("count", "total", "ratio", "base") if one.start < mention.start and one.unit]
        return before[-1] if len(set(before)) == 1 else ""
    return word if word and word not in word_list("empty", said.lang) and mention.kind != "percentage" else ""


def _rarity(told: Sequence[_Told]) -> dict[str, float]:
    counts = Counter(word for one in told for word in one.words)
    total = max(2, len(told))
    return {word: math.log(1 + total / count) for word, count in counts.items()}


def _likeness(one: _Told, other: _Told, rare: dict[str, float]) -> float:
    """How alike two tellings are, or 0 where something sets them apart."""
    first, second = one.mention.value, other.mention.value
    assert first is not None
    assert second is not None
    across = one.said.document is not other.said.document
    if (
        first == second
        or one.said is other.said
        or (one.said.block.kind == other.said.block.kind == "item" and one.said.section == other.said.section and not across)
    ):
        return 0.0
    if one.target != other.target or (one.years and other.years and one.years != other.years):
        return 0.0
    if one.group and other.group and one.group != other.group:
        return 0.0
    if bool(_OTHER.search(one.said.clause(one.mention))) != bool(_OTHER.search(other.said.clause(other.mention))):
        return 0.0
    if {one.mention.role, other.mention.role} == {"from", "to"}:
        return 0.0
    if bool(_OF_OTHERS.search(one.said.clause(one.mention, narrow=False))) != bool(
        _OF_OTHERS.search(other.said.clause(other.mention, narrow=False))
    ):
        return 0.0
    shown = [{found for found in told.said.references if found[0] in SHOWN} for told in (one, other)]
    if shown[0] and shown[1] and not shown[0] & shown[1]:
        return 0.0
    if one.mention.kind == other.mention.kind == "ratio" and one.mention.base != other.mention.base:
        return 0.0
    gap = abs(first - second) / max(first, second)
    points = abs(first - second)
    swapped = is_swapped(first, second)
    near = points <= 12 if one.mention.kind == "percentage" else gap <= _NEAR or points <= 2 or swapped
    if not near or _rounds(one.mention, other.mention) or _rounds(other.mention, one.mention):
        return 0.0
    if (
        one.unit != other.unit
        and one.unit
        and other.unit
        and one.mention.kind != "percentage"
        and not (one.unit in other.words and other.unit in one.words)
    ):
        return 0.0
    # Each sentence has the other's number too: a list of several things, or a change.
    if any(mention.value == second for mention in one.said.mentions) or any(mention.value == first for mention in other.said.mentions):
        return 0.0
    months = [frozenset(match[0].lower() for match in _CALENDAR.finditer(told.said.text)) for told in (one, other)]
    if months[0] and months[1] and not months[0] & months[1]:
        return 0.0
    shared = _shared(one.words, other.words)
    weight = sum(rare.get(word, 1.0) for word in shared)
    smaller = min(sum(rare.get(word, 1.0) for word in told.words) for told in (one, other))
    larger = max(sum(rare.get(word, 1.0) for word in told.words) for told in (one, other))
    if swapped and one.unit and one.unit == other.unit and len(shared) >= 2 and _negated(one) == _negated(other):
        return 0.6
    least = min((one.words, other.words), key=len)
    close = swapped or gap <= Fraction(3, 20)
    if one.unit and one.unit == other.unit and len(least) >= 2 and least <= shared and close and one.mention.kind != "percentage":
        return 0.5 if _negated(one) == _negated(other) else 0.0
    if len(shared) < 3 and not (len(shared) == 2 and one.unit == other.unit and one.unit):
        return 0.0
    score = 0.6 * weight / smaller + 0.4 * weight / larger if smaller else 0.0
    if _negated(one) != _negated(other):
        return 0.0
    return score if score >= (_SAME_ACROSS if across else _SAME) else 0.0


def is_swapped(first: Fraction, second: Fraction) -> bool:
    """Whether two numbers of three digits and more have the same digits in another order."""
    digits = [str(int(one)) if one.denominator == 1 else "" for one in (first, second)]
    return len(digits[0]) > 1 and sorted(digits[0]) == sorted(digits[1])


def _shared(one: frozenset[str], other: frozenset[str]) -> set[str]:
    shared = set(one & other)
    for word in one - other:
        if any(
            len(more) > 5 and len(word) > 5 and (more.endswith(word) or word.endswith(more) or (more[:7] == word[:7] and len(word) > 7))
            for more in other
        ):
            shared.add(word)
    return shared


def _negated(told: _Told) -> bool:
    return bool(
        re.search(r"\b(?:ikke|ingen|uden|aldrig|not|no|without|never|mangler|lack)\b", told.said.clause(told.mention), re.IGNORECASE)
    )


def _rounds(one: Mention, other: Mention) -> bool:
    """Whether one number is the other said roughly: "godt 7.000" for 7.173, "knap 43 pct." for 42,6."""
    first, second = one.value, other.value
    assert first is not None
    assert second is not None
    if one.modifier in ("", "exactly"):
        return first.denominator == 1 and second.denominator != 1 and abs(first - second) < 1
    gap = first - second
    limit = max(abs(second) * Fraction(3, 20), Fraction(2))
    if one.modifier in ("over", "just_over", "well_over", "at_least"):
        return -limit <= gap <= 0
    if one.modifier in ("under", "just_under", "well_under", "at_most"):
        return 0 <= gap <= limit
    return abs(gap) <= limit


def _best(pairs: list[tuple[float, _Told, _Told]], documents: Sequence[Facts]) -> Iterator[Finding]:
    """Each number once, with the telling that is most alike; a number that agrees with an equally alike telling is left out."""
    pairs.sort(key=lambda pair: -pair[0])
    used: set[int] = set()
    for score, one, other in pairs:
        if id(one.mention) in used or id(other.mention) in used:
            continue
        used |= {id(one.mention), id(other.mention)}
        what = Phrase("audit.what_retold", {"first": one.mention.text, "second": other.mention.text})
        later, earlier = (other, one)
        places = (place_of(later.said, later.mention), place_of(earlier.said, earlier.mention))
        kind = "retold" if one.said.document is other.said.document else "documents"
        yield Finding(kind, places, what, Phrase("audit.why_retold", {}), Phrase(f"audit.ground_{kind}", {}), 0.75, min(0.8, score))


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


_PERSONS = re.compile(
    r"elev|unge|pupil|student|person|deltager|menneske|individ|borger|flygtning|frivillig|leder|respondent|kvinde|mænd|børn|forældre|"
    r"familie|participant|people|refugee|volunteer|citizen|women|men$|child|leader|besvarelse|svar|response|"
    r"informant|medarbejder"
)
_GENERIC = re.compile(
    r"^(?:person|deltag|menneske|individ|borg|respondent|besvar|svar|informant|participant|people|individual|respon|"
    r"respons|adspurgt|kommun|municipal)"
)


_ANYBODY = re.compile(r"people|persons?|personer|mennesker|individer|individuals")
# Nouns that one text uses of the same young people.
_YOUNG = re.compile(r"børn|barn|elev|unge|pige|dreng|child|pupil|student|kid|young|girl|boy")
_ANSWER = re.compile(r"(?:\w*besvarelse|\w*svar\b|respondent|respon|repl|answer|informant|interview)")


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
                if value is None or value < 40 or not unit or value.denominator != 1:
                    continue
                if (mention.modifier or value % 50 == 0) and not _TARGET.search(said.text):
                    continue
                told[value].append((said, replace(mention, unit=unit), stem(unit, said.lang)))
    for value, found in told.items():
        first = found[0]
        for other in found[1:]:
            if other[2] == first[2] or _alike_unit(first[2], other[2]) or first[0].lang != other[0].lang or is_compatible(first, other):
                continue
            shared = len(_shared(first[0].stems, other[0].stems))
            if shared < (2 if value < 200 else 0) or (value % 50 == 0 and shared < 4):
                continue
            what = Phrase("audit.what_unit", {"number": exact(value), "first": first[1].unit, "second": other[1].unit})
            places = (place_of(other[0], other[1]), place_of(first[0], first[1]))
            yield Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_unit", {}), 0.8, 0.8)
            break


_LONG = 1000
_TIMES = ("gange", "gang", "times", "time")
_OF_THEM = re.compile(r"\s*(?:af dem|af disse|af de|of them|of these|of whom)\b", re.IGNORECASE)


def _them(facts: Facts, said: Said, mention: Mention) -> str:
    """The noun that "338 af dem" speaks of: that of the count before, here or in the sentence before."""
    before = facts.said[said.position - 1] if said.position else said
    counts = [one for owner in (before, said) for one in owner.of("count", "total", "base") if one.unit and one.start < mention.start]
    return counts[-1].unit if counts and before.block is said.block else ""


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
    persons = bool(_PERSONS.search(first)), bool(_PERSONS.search(second))
    if _ANSWER.match(first) or _ANSWER.match(second):
        return True
    if any(_ANYBODY.fullmatch(one) for one in (first, second)):
        return True
    if all(_YOUNG.search(one) for one in (first, second)):
        return True
    generic = bool(_GENERIC.match(first)), bool(_GENERIC.match(second))
    return all(persons) and any(generic)
