"""Wholes: those asked who are 42 in one place and 31 in another, and how many there are of what a text speaks of as known."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from vvvresearch.audit._bases import Bases
from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, Place, place_of
from vvvresearch.audit._units import PERSONS, PLACES
from vvvresearch.audit._words import stem, word_list
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


# A set that is known is small, or it would be told in figures of its own.
_MOST, _OFTEN_SO_MANY, _WHOLE_AND_SLIP, _SMALLEST = 40, 3, 2, 2
_KNOWN = re.compile(r"\b(?:de|alle|all|the|disse|these|vores|our|samtlige)\s+$", re.IGNORECASE)
# "De to største byer", "de to øverste": a choice of them. "tre timer": no set.
_PLURAL = re.compile(r"\w+(?:er|ne|r|s|men|children|people|børn|mænd|hold|år)$", re.IGNORECASE)
_IN_ALL_AFTER = re.compile(r"(?:\s+[^\W\d]+){1,2}\s+(?:i alt|tilsammen|in all|altogether|in total)\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(?:flere|more|yderligere|another|further|andre|other|nye|new|tidligere|earlier|plan\w*|vil|will|hver|each)\b", re.IGNORECASE
)


def set_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on a count of a noun that is more than all there are, as the text itself tells how many that is."""
    yield from _lists(facts)
    told: dict[str, list[tuple[bool, Fraction, Place, Said]]] = defaultdict(list)
    for said in facts.said:
        for one in said.of("count", "total", "base"):
            noun = _noun(said, one)
            if noun and not _IN_ALL_AFTER.match(said.text[one.end - said.start :]):
                known = _KNOWN.search(said.text[: one.start - said.start]) is not None
                told[noun].append((known, one.value or Fraction(0), place_of(said, one), said))
    for noun, each in told.items():
        others = [one for name, more in told.items() if name.endswith(noun) and name != noun and len(noun) > 3 for one in more]
        every = [*each, *others]
        often = Counter(value for _, value, _, _ in every)
        if len(often) != _WHOLE_AND_SLIP:
            # What is counted in parts has many numbers.
            continue
        whole, support = max(often.items(), key=lambda pair: (pair[1], any(one[0] and one[1] == pair[0] for one in every)))
        if not any(one[0] for one in each) and support < _OFTEN_SO_MANY:
            continue
        for is_known, value, place, said in every:
            if value <= whole or often[value] > 1 or (is_known and support < _OFTEN_SO_MANY - 1) or _NEGATED.search(said.text):
                continue
            first = next(place for _, other, place, _ in every if other == whole)
            what = Phrase("audit.what_retold", {"first": f"{whole} {noun}", "second": str(value)})
            yield Finding("retold", (place, first), what, Phrase("audit.why_retold", {}), Phrase("audit.ground_retold", {}), 0.75, 0.75)


def _lists(facts: Facts) -> Iterator[Finding]:
    """ "Revisionen afgiver fire bemærkninger:" above three, and wherever else the same noun is counted as more."""
    for said in facts.said:
        at = facts.places.get(id(said.block))
        if at is None or not said.text.rstrip().endswith(":") or not said.block.text.rstrip().endswith(said.text.rstrip()):
            continue
        items = 0
        for block in facts.blocks[at + 1 :]:
            if block.kind != "item":
                break
            items += 1
            if block.text.lstrip("•·–- ")[:1].isdigit() and not re.match(r"\W*\d{1,2}[.)]\s", block.text):
                # "2 kommuner angiver …": the items count what is announced.
                items = -_MOST
        counted = [
            (one, _noun(said, one)) for one in said.of("count", "total") if one.value and 1 < one.value <= _MOST and not one.modifier
        ]
        if items < _SMALLEST or not counted or any(one.value == items for one, _ in counted):
            named = next((noun for one, noun in counted if one.value == items), "")
        else:
            one, named = counted[-1][0], ""
            yield _list_finding(said, one, items, place_of(said))
        for other in facts.said if named and items >= _SMALLEST else ():
            for one in other.of("count", "total", "ratio"):
                value = one.base or one.value
                if other is not said and value is not None and items < value <= 2 * items and _names(other, one, named):
                    yield _list_finding(other, one, items, place_of(said))


def _names(said: Said, one: Mention, noun: str) -> bool:
    """Whether a number counts all of a noun: "fem anbefalinger", "five of these six recommendations"."""
    behind = re.match(r"(?:\s+[^\W\d_]+){0,1}?\s+([^\W\d_]{4,})", said.text[one.end - said.start :])
    return behind is not None and stem(behind[1].lower(), said.lang) == noun and not _NEGATED.search(said.text)


def _list_finding(said: Said, one: Mention, items: int, place: Place) -> Finding:
    what = Phrase("audit.what_list", {"number": " ".join(one.text.split()), "count": items})
    places = tuple(dict.fromkeys((place_of(said, one), place)))
    return Finding("list", places, what, Phrase("audit.why_list", {}), Phrase("audit.ground_items", {}), 0.95, 0.85)


def _noun(said: Said, one: Mention) -> str:
    """The stem of the noun right behind a small count, where nothing between says which of them."""
    if one.value is None or one.value.denominator != 1 or not 1 < one.value <= _MOST or one.modifier or one.low is not None:
        return ""
    behind = re.match(r"\s+(?:[^\W\d_]+(?:ary|al|ic|ive|ed|ing|lige|ede|iske)\s+)?([^\W\d_]{3,})\b", said.text[one.end - said.start :])
    if behind is None or not _PLURAL.match(behind[1]) or behind[1].lower() in word_list("empty", said.lang):
        return ""
    return stem(behind[1].lower(), said.lang)
