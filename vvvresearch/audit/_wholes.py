"""One whole that is two: those asked who are 42 in one place and 31 in another, and a total of a stock and of what came later."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from vvvresearch.audit._bases import Bases
from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._units import PERSONS, PLACES
from vvvresearch.audit._words import stem
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

_ASKED = r"(?:adspurgte|svarpersoner\w*|respondenter\w*|besvarelser\w*|those asked|respondents|those who (?:answered|replied|responded))"
_OF_ASKED = re.compile(rf"[^.;\d]{{0,20}}\b(?:af|blandt|of|among)\s+(?:(?:de|the|alle|all)\s+)*{_ASKED}\b", re.IGNORECASE)
_ASKED_BEFORE = re.compile(rf"\b(?:af|blandt|of|among)\s+(?:(?:de|the)\s+)?{_ASKED}(?:\s+[^\W\d]+)?\s*\(?$", re.IGNORECASE)
# What was at a point of time, and what came after it.
_STOCK = re.compile(
    r"\b(?:ved udgangen af|ultimo|pr\. (?:31|1)\.|ved slutningen af|at the end of|by the end of|as (?:of|at))\b", re.IGNORECASE
)
_LATER = re.compile(r"\b(?:siden|yderligere|derefter|herefter|since|further|another|additional)\b", re.IGNORECASE)
_IN_ALL = re.compile(r"\b(?:i alt|samlet|tilsammen|in all|in total|altogether)\s+$", re.IGNORECASE)
_ALL = 97
_LEAST, _BACK = 100, 3


_OWN = re.compile(r"\w*(?:aftale|kontrakt|handleplan|agreement|contract|licen[cs]e)(?:r|n|s|rne)?$", re.IGNORECASE)
# How many percentages two passages must share for the one to retell the other; and how near a rounded number lies.
_SHARED, _ROUND, _OFTEN = 3, 1000, 2


def whole_findings_across(documents: Sequence[Facts]) -> Iterator[Finding]:
    """Findings on percentages that one document tells of persons and another of places, and on rounded numbers of another year."""
    for facts in documents:
        for other in documents:
            if facts is not other:
                yield from _of_others(facts, other)
        yield from _of_another_year(facts, documents)


def _kind_of(said: Said, one: Mention) -> str:
    """Whether a percentage is told of persons or of places, by the noun behind "percent of"."""
    found = re.match(r"\s*(?:af|of)\s+(?:[^\W\d]+\s+){0,2}?([^\W\d]{4,})\b", said.text[one.end - said.start :])
    nouns = [one.unit, found[1].lower() if found else ""]
    return "places" if any(map(PLACES.search, nouns)) else "persons" if any(map(PERSONS.search, nouns)) else ""


def _of_others(facts: Facts, source: Facts) -> Iterator[Finding]:
    """ "91 percent of the refugees", where the report that is retold has "91 pct. af kommunerne"."""
    told: dict[Fraction, list[tuple[Said, Mention]]] = defaultdict(list)
    for said in source.said:
        for one in said.of("percentage"):
            told[one.value or Fraction(0)].append((said, one))
    for section in facts.said_of.values():
        own = [(said, one) for said in section for one in said.of("percentage") if one.value and one.value % 50]
        if len({one.value for _, one in own if one.value in told}) < _SHARED:
            continue
        for said, one in own:
            others = [pair for pair in told.get(one.value or Fraction(0), ()) if _kind_of(*pair)]
            kinds = {_kind_of(*pair) for pair in others}
            if _kind_of(said, one) == "persons" and kinds == {"places"}:
                what = Phrase("audit.what_unit", {"number": one.text, "first": others[0][1].unit, "second": one.unit or one.group})
                places = (place_of(said, one), place_of(*others[0]))
                yield Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_unit", {}), 0.8, 0.7)


def _of_another_year(facts: Facts, documents: Sequence[Facts]) -> Iterator[Finding]:
    """ "Close to 7,200 by the end of 2019", where 7,173 is told again and again of 2018."""
    exactly: dict[Fraction, list[tuple[Said, Mention]]] = defaultdict(list)
    for each in documents:
        for said in each.said:
            for one in said.of("count", "total"):
                if one.value is not None and one.value >= _ROUND and one.value % 50:
                    exactly[one.value].append((said, one))
    for said in facts.said:
        for rough in said.of("count", "total"):
            value = rough.value or Fraction(0)
            if value < _ROUND or value % 100 or not rough.modifier or len(rough.times) != 1:
                continue
            near = [(one, found) for one, found in exactly.items() if abs(one - value) * 100 < value]
            years = {year for _, found in near for _, mention in found for year in mention.times}
            if len(near) == 1 and len(near[0][1]) >= _OFTEN and years and not years & set(rough.times):
                first = next(pair for pair in near[0][1] if pair[1].times)
                what = Phrase("audit.what_unit", {"number": rough.text, "first": str(max(first[1].times)), "second": str(rough.times[0])})
                places = (place_of(said, rough), place_of(*first))
                yield Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_unit", {}), 0.8, 0.7)


def _one_each(facts: Facts) -> Iterator[Finding]:
    """ "72 kommuner har en underskrevet aftale", "i alt 61 underskrevne aftaler": fewer than those who have one each."""
    having: list[tuple[Said, Mention, str]] = []
    for said in facts.said:
        for one in said.of("count", "total"):
            found = _HAS_ONE.match(said.text[one.end - said.start :])
            if found is not None and _OWN.match(found["noun"]):
                having.append((said, one, stem(found["noun"].lower(), said.lang)))
    for said in facts.said:
        for one in said.of("total"):
            found = _OF_THEM.match(said.text[one.end - said.start :])
            noun = stem(found["noun"].lower(), said.lang) if found is not None else ""
            for other, many, each in having:
                if noun and noun.rstrip("t") in each and other.block is not said.block and (many.value or 0) > (one.value or 0) > 2:
                    what = Phrase("audit.what_fewer", {"many": many.text, "few": one.text, "noun": found["noun"] if found else ""})
                    places = (place_of(said, one), place_of(other, many))
                    yield Finding("route", places, what, Phrase("audit.why_fewer", {}), Phrase("audit.ground_fewer", {}), 0.8, 0.7)
                    break


_OF_THEM = re.compile(r"\s+(?:[^\W\d]+\s+)?(?P<noun>\w*(?:aftale|kontrakt|handleplan|agreement|contract|licen[cs]e)\w*)", re.IGNORECASE)
_HAS_ONE = re.compile(
    r"\s+[^\W\d]+\s+(?:har|have|has|had|havde)?\s*(?:indgået |signed )?(?:en|et|an?)\s+(?:[^\W\d]+\s+)?(?P<noun>[^\W\d]{5,})", re.IGNORECASE
)


def whole_findings(facts: Facts, bases: Bases) -> Iterator[Finding]:
    """Findings on a whole that is named alike in two places and is two."""
    yield from _asked(facts, bases)
    yield from _one_each(facts)
    for said in facts.said:
        yield from _stock(facts, said)


def _named_asked(said: Said, one: Mention) -> bool:
    start, end = one.start - said.start, one.end - said.start
    return bool(_OF_ASKED.match(said.text[end:]) or _ASKED_BEFORE.search(said.text[:start]))


def _asked(facts: Facts, bases: Bases) -> Iterator[Finding]:
    """ "31 kommuner (74 % af de adspurgte)", and beside a table of the 31: "94 % af de adspurgte"."""
    parts: dict[int, tuple[Said, Mention]] = {}
    for said in facts.said:
        for one in said.of("percentage"):
            if one.value is None or not _named_asked(said, one):
                continue
            counts = [count for count in said.of("count", "total") if count.value and count.end <= one.start]
            if counts and one.value < _ALL:
                parts.setdefault(int(counts[-1].value or 0), (said, one))
                continue
            base = bases.of(said, one)
            other = parts.get(base.value) if base is not None else None
            if base is None or other is None or other[0].section != said.section:
                continue
            whole = round(100 * Fraction(base.value) / (other[1].value or Fraction(1)))
            what = Phrase("audit.what_asked", {"first": exact(Fraction(whole)), "second": base.value})
            places = (place_of(said, one), base.place, place_of(*other))
            yield Finding("base", places, what, Phrase("audit.why_base", {}), Phrase("audit.ground_base", {}), 0.9, 0.85)


def _stock(facts: Facts, said: Said) -> Iterator[Finding]:
    """ "Ultimo 2018 havde 7.173 en ven. Siden er yderligere 926 og 966 matchet, i alt 9.065": those who left before are in no part."""
    for total in said.of("total", "count"):
        if total.value is None or total.value < _LEAST or not _IN_ALL.search(said.text[: total.start - said.start]):
            continue
        before = [one for one in facts.said[max(0, said.position - _BACK) : said.position] if one.block is said.block]
        told = [(owner, one) for owner in before for one in owner.of("count", "total") if one.value is not None and one.value > 1]
        for at, (owner, stock) in enumerate(told):
            later = [pair for pair in told[at + 1 :] if pair[0] is not owner]
            added = sum((one.value or Fraction(0) for _, one in later), Fraction(0))
            if not later or stock.value is None or stock.value + added != total.value:
                continue
            if _STOCK.search(owner.text) and all(_LATER.search(each.text) for each, _ in later):
                what = Phrase("audit.what_stock", {"stock": stock.text, "added": exact(added), "total": total.text})
                places = (place_of(said, total), place_of(owner, stock))
                yield Finding("sum", places, what, Phrase("audit.why_stock", {}), Phrase("audit.ground_stock", {}), 0.9, 0.85)
