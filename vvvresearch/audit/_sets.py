"""How many there are of what a text speaks of as known: "de fire byer", "the two schools", "five lessons:" above a list of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction

from vvvresearch.audit._facts import Facts, Said
from vvvresearch.audit._finding import Finding, Place, place_of
from vvvresearch.audit._words import stem, word_list
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

# A set that is known is small, or it would be told in figures of its own.
_MOST, _OFTEN, _WHOLE_AND_SLIP, _SMALLEST = 40, 3, 2, 2
_KNOWN = re.compile(r"\b(?:de|alle|all|the|disse|these|vores|our|samtlige)\s+$", re.IGNORECASE)
# "De to største byer", "de to øverste": a choice of them. "tre timer": no set.
_PLURAL = re.compile(r"\w+(?:er|ne|r|s|men|children|people|børn|mænd|hold|år)$", re.IGNORECASE)
_IN_ALL = re.compile(r"(?:\s+[^\W\d]+){1,2}\s+(?:i alt|tilsammen|in all|altogether|in total)\b", re.IGNORECASE)
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
            if noun and not _IN_ALL.match(said.text[one.end - said.start :]):
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
        if not any(one[0] for one in each) and support < _OFTEN:
            continue
        for is_known, value, place, said in every:
            if value <= whole or often[value] > 1 or (is_known and support < _OFTEN - 1) or _NEGATED.search(said.text):
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
