"""Numbers that point back: "de 75 frivillige" is a number the reader knows, so that another number or another noun before it stands out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from vvvresearch.audit._bases import ANSWERS
from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_in, place_of
from vvvresearch.audit._slips import is_slip, is_swapped
from vvvresearch.audit._told import unit_of
from vvvresearch.audit._units import is_compatible
from vvvresearch.audit._words import EARLIER, stem, word_list
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

_NEAR = Fraction(3, 20)
_DEFINITE = re.compile(r"\b(?:de|disse|vores|alle|samtlige|the|these|our|all|all the)\s+(?:[^\W\d]+\s+)?$", re.IGNORECASE)
_ELSEWHEN = re.compile(
    rf"\b(?:19|20)\d\d\b|{EARLIER}|næste|mål\b|målet|next|target|goal|\bplan",
    re.IGNORECASE,
)
# "The volunteers, 57 in number", "The volunteers number 75", "antallet af læsevenner ved årets slutning var 71".
_NOUN_BEFORE = re.compile(
    r"(?:^|\bthe\s+)([^\W\d_]{4,})(?:,\s+(?:i alt\s+)?|\s+(?:number|numbered|tæller|talte)\s+)$|"
    r"\b(?:antallet af|the number of)\s+([^\W\d_]{4,})(?:\s+[^\W\d]+){0,4}\s+(?:var|er|was|is)\s+(?:nu |now )?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Known:
    said: Said
    mention: Mention
    value: Fraction
    unit: str
    noun: str
    definite: bool

    @property
    def back(self) -> bool:
        """Whether an article points back at it: "de 28 steder", "alle 28 steder"."""
        return _DEFINITE.search(self.said.text[: self.mention.start - self.said.start]) is not None


def definite_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on numbers that point back to one that was told before."""
    known = list(_known(facts))
    yield from _another_number(known)
    yield from _another_noun(known)
    yield from _of_something_else(known)
    yield from _those(facts)


def _known(facts: Facts) -> Iterator[_Known]:
    for said in facts.said:
        if said.block.kind in ("caption", "heading", "note"):
            continue
        for one in said.of("count", "total", "base", "ratio"):
            value = one.base if one.kind == "ratio" else one.value
            if value is None or value.denominator != 1 or value < 10 or one.modifier or one.role or (one.spelled and value <= 12):
                continue
            before = said.text[: one.start - said.start]
            named = _NOUN_BEFORE.search(before)
            noun = (named[1] or named[2]).lower() if named else unit_of(said, one)
            if one.kind == "ratio" and not noun:
                behind = re.match(r"\s*([^\W\d_]{4,})", said.text[one.end - said.start :])
                noun = behind[1].lower() if behind else ""
            unit = stem(noun, said.lang) if noun else ""
            if not unit or noun in word_list("empty", said.lang) or ANSWERS.search(noun):
                continue
            bare = said.block.kind == "item" and len(re.findall(r"\w+", said.text)) <= 3
            definite = bare or named is not None or one.kind in ("base", "ratio") or _DEFINITE.search(before) is not None
            yield _Known(said, one, value, unit, noun, definite)


def _another_number(known: list[_Known]) -> Iterator[Finding]:
    """A definite number that is told nowhere else, beside one with the same noun that nearly is it."""
    units: dict[str, list[_Known]] = {}
    for one in known:
        units.setdefault(one.unit, []).append(one)
    for found in units.values():
        often = Counter(one.value for one in found)
        for one in found:
            if often[one.value] != 1 or not one.definite or one.mention.kind == "ratio":
                continue
            others = [
                other
                for other in found
                if other.said is not one.said
                and (
                    is_swapped(one.value, other.value)
                    or abs(one.value - other.value) <= other.value * _NEAR
                    or (
                        often[other.value] > 1 and one.back and one.mention.kind != "base" and is_slip(exact(one.value), exact(other.value))
                    )
                )
            ]
            values = {other.value for other in others}
            if len(values) != 1 or len(often) > 3 or (_ELSEWHEN.search(one.said.text) and not _same_time(one, others[0])):
                continue
            other = next((other for other in others if other.definite or often[other.value] > 1), others[0])
            if often[other.value] < 2 and not (is_swapped(one.value, other.value) or (one.definite and other.definite)):
                continue
            what = Phrase("audit.what_retold", {"first": one.mention.text, "second": other.mention.text})
            places = (place_of(one.said, one.mention), place_of(other.said, other.mention))
            yield Finding("retold", places, what, Phrase("audit.why_retold", {}), Phrase("audit.ground_retold", {}), 0.75, 0.55)


def _same_time(one: _Known, other: _Known) -> bool:
    years = [frozenset(re.findall(r"\b(?:19|20)\d\d\b", told.said.text)) for told in (one, other)]
    return bool(years[0] and years[0] == years[1])


def _another_noun(known: list[_Known]) -> Iterator[Finding]:
    """ "14 desks; all 14 rooms are in use": a number told again as known, of something else."""
    for at, one in enumerate(known):
        before = one.said.text[: one.mention.start - one.said.start]
        if not _DEFINITE.search(before) or one.mention.kind == "ratio":
            continue
        for other in reversed(known[max(0, at - 3) : at]):
            near = other.said.block is one.said.block and one.said.position - other.said.position <= 1
            if not near or other.value != one.value or other.unit == one.unit:
                continue
            if any(more.unit == one.unit and more.value == one.value for more in known[:at]):
                break
            if _compatible(other, one):
                break
            what = Phrase("audit.what_unit", {"number": exact(one.value), "first": other.noun, "second": one.noun})
            places = (place_of(one.said, one.mention), place_of(other.said, other.mention))
            yield Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_unit", {}), 0.8, 0.7)
            break


def _of_something_else(known: list[_Known]) -> Iterator[Finding]:
    """ "All 61 teachers", where 61 is told twice and more, and always of schools."""
    for one in known:
        if not one.back or one.mention.kind == "ratio" or _ELSEWHEN.search(one.said.clause(one.mention)):
            continue
        others = [other for other in known if other.value == one.value and other is not one]
        if not others or any(_may_be(other, one) for other in others) or len({other.unit for other in others}) > 1:
            continue
        if len(others) < (2 if one.value < _TELLING else 1):
            continue
        what = Phrase("audit.what_unit", {"number": exact(one.value), "first": others[0].noun, "second": one.noun})
        places = (place_of(one.said, one.mention), place_of(others[0].said, others[0].mention))
        yield Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_unit", {}), 0.8, 0.65)


def _may_be(one: _Known, other: _Known) -> bool:
    """Whether two nouns may name one thing, as far as the document does not count them apart."""
    return one.unit == other.unit or _compatible(one, other)


# From which number on it is no accident that two things are equally many.
_TELLING = 50
_THOSE = re.compile(r"(?:^|[.,;]\s+)(?:de|the|disse|these)\s+$", re.IGNORECASE)
_ASKED = re.compile(
    r"[^.]{0,60}?\b(?:spurgt|bedt|svar\w*|asked|fik|tilbudt|spørgsmål|offered|invited|besvar\w*|replies|responses)\b", re.IGNORECASE
)


def _those(facts: Facts) -> Iterator[Finding]:
    """ "De 681 blev spurgt", "De 178 nye medlemmer er blevet spurgt", "de 537 svar": known numbers that are told nowhere but here."""
    told: Counter[Fraction] = Counter()
    for said in facts.said:
        told.update(value for one in said.mentions if one.kind != "year" for value in {one.value, one.base} if value is not None)
    cells = {cell.value for shown in facts.shown if shown.table is not None for row in shown.table.rows for cell in row.cells}
    for said in facts.said:
        if said.block.kind in ("caption", "heading"):
            continue
        for one in said.of("count", "base"):
            start, end = one.start - said.start, one.end - said.start
            if one.value is None or one.value < 10 or told[one.value] > 1 or one.value in cells or one.modifier:
                continue
            if not _THOSE.search(said.text[:start]) or not _ASKED.match(said.text[end:]):
                continue
            yield from _that(facts, said, one)


def _that(facts: Facts, said: Said, one: Mention) -> Iterator[Finding]:
    """The base of a table below, or the count just before, that a known number nearly is."""
    assert one.value is not None
    is_answers = ANSWERS.match(said.text[one.end - said.start :].lstrip()) is not None
    for shown in facts.shown:
        if shown.base is None or (is_answers and abs(shown.base - one.value) > shown.base / 4):
            continue
        if is_answers or (abs(shown.section - said.section) <= 1 and is_slip(exact(one.value), str(shown.base))):
            what = Phrase("audit.what_route", {"base": shown.base, "count": exact(one.value)})
            places = (place_of(said, one), place_in(shown, shown.base_line, shown.base_text))
            yield Finding("route", places, what, Phrase("audit.why_route", {}), Phrase("audit.ground_route", {}), 0.85, 0.7)
            return
    for before in reversed(facts.said[max(0, said.position - 3) : said.position]):
        for other in before.of("count", "ratio", "base", "total"):
            if other.value is not None and is_slip(exact(one.value), exact(other.value)):
                what = Phrase("audit.what_retold", {"first": other.text, "second": one.text})
                places = (place_of(said, one), place_of(before, other))
                yield Finding("retold", places, what, Phrase("audit.why_retold", {}), Phrase("audit.ground_retold", {}), 0.75, 0.6)
                return


def _compatible(one: _Known, other: _Known) -> bool:
    """Whether both nouns may name one thing."""
    first, second = ((known.said, replace(known.mention, unit=known.noun), known.unit) for known in (one, other))
    return is_compatible(first, second)
