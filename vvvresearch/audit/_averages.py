"""Averages: "640 kr. pr. elev", "i gennemsnit 15 besøg pr. gæst", against the total and the number that they are made of."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._slips import is_slip
from vvvresearch.audit._told import money_of, span_of, unit_of
from vvvresearch.audit._units import PERSONS
from vvvresearch.audit._words import stem, word_list
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention, verb_form

_PER = re.compile(
    r"(?:\s+[^\W\d_]+){0,2}\s+(?:pr\.|per|for each|for every)\s+(?:[^\W\d_]+(?:et|te|ede|en|ed|ing)\s+)?([^\W\d_]{3,})", re.IGNORECASE
)
_EACH = re.compile(r"\b(?:hver|hvert|each|every)\s+(?!anden|tredje|fjerde|femte|other)([^\W\d_]{3,})\b[^\d.;]{0,50}$", re.IGNORECASE)
# "Et forløb koster 5.500 kr."
_ONE_COSTS = re.compile(r"(?:^|[.;,]\s)\W*(?:et|en|ét|én|a|an|one)\s+([^\W\d_]{3,})\s+(?:kost\w*|cost\w*)\b[^\d.;]{0,30}$", re.IGNORECASE)
# "Volunteers give three hours a week"
_THEY_GIVE = re.compile(
    r"(?:^|[.;]\s)\W*(?:de |the )?([^\W\d_]{4,})\s+(?:give|spend|work|bruger|giver|arbejder|lægger)\s+(?:[^\W\d_]+\s+){0,2}$", re.IGNORECASE
)
_MEAN = re.compile(r"\b(?:gennemsnit\w*|i snit|average\w*|on average|mean)\b", re.IGNORECASE)
_EACH_BEHIND = re.compile(r"\s+(?:hver|each|apiece)\b(?!\s+(?:uge|måned|dag|år|week|month|day|year))", re.IGNORECASE)
_WHO_EACH = re.compile(r"\b(?:som|der|who|which)\s+(?:hver|each)\b[^\d.;]{0,20}$", re.IGNORECASE)
_BEHIND = re.compile(r"\s+(?:i gennemsnit|i snit|on average)\b", re.IGNORECASE)
_EQUALS = re.compile(r"\b(?:svarer|svarende|corresponds|equivalent|equal|amounts|comes|works out)\b[^.;,]{0,25}$", re.IGNORECASE)
# How many digits an average must have before two numbers of a document give it by no accident.
_DIGITS = 3
_FEW = 10


@dataclass(frozen=True)
class _Average:
    said: Said
    mention: Mention
    nouns: tuple[str, ...]

    @cached_property
    def value(self) -> Fraction:
        return money_of(self.said, self.mention) if self.mention.kind == "money" else self.mention.value or Fraction(0)

    @cached_property
    def slack(self) -> Fraction:
        """How far the share of a total may lie from it; an average is mostly told in round numbers."""
        spelled = self.mention.spelled and not _MEAN.search(self.said.text)
        if self.mention.modifier not in ("", "exactly") or spelled:
            # "Each leader gives two hours": no mean that was rounded.
            return self.value / 50
        return Fraction(1, 2 * 10**self.mention.decimals) if self.mention.kind != "money" else max(Fraction(1, 2), self.value / 2000)


@dataclass(frozen=True)
class _Number:
    said: Said
    mention: Mention
    value: Fraction
    unit: str

    @cached_property
    def size(self) -> float:
        """The value, to be compared quickly."""
        return float(self.value)


def average_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on averages that their total and their number do not give, or that are told of another noun than they are made of."""
    averages = list(_averages(facts))
    if not averages:
        return
    taken = {(one.said.position, one.mention.start) for one in averages}
    money = [_Number(said, one, money_of(said, one), "") for said, one in _all(facts, "money") if (said.position, one.start) not in taken]
    counts = [
        _Number(said, one, value, stem(unit_of(said, one) or "", said.lang))
        for said, one in _all(facts, "count", "total", "base", "duration")
        if (said.position, one.start) not in taken
        and verb_form(unit_of(said, one) or "", said.lang) not in ("finite", "passive", "supine", "past", "preterite")
        and (value := one.value or Fraction(0)).denominator == 1 and value > 4
    ]  # fmt: skip
    of_money, of_counts = _Totals(money), _Totals(counts)
    for average in averages:
        totals = of_money if average.mention.kind == "money" else of_counts
        numbers = [one for one in counts if one.unit and one.value != average.value]
        right = totals.giving(numbers, average)
        named = totals.with_each([one for one in numbers if any(_one(one.unit, noun) for noun in average.nouns)], average)
        if not named:
            persons = [one for one in numbers if _both_persons(one.unit, average.nouns)]
            named = [pair for pair in totals.with_each(persons, average) if _near(average, pair)]
        names = {(id(total), id(number)) for total, number in named}
        by_name = [pair for pair in right if (id(pair[0]), id(pair[1])) in names]
        if average.value < _FEW:
            # So small a number is what many pairs give.
            right = by_name
        elif len(exact(average.value).replace(".", "")) < _DIGITS:
            right = [pair for pair in right if (id(pair[0]), id(pair[1])) in names or _near(average, pair)]
        if right:
            yield from _another_noun(average, right, named)
            yield from _another_span(average, by_name)
        else:
            yield from _another_value(average, named)


def _all(facts: Facts, *kinds: str) -> Iterator[tuple[Said, Mention]]:
    for said in facts.said:
        if said.block.kind not in ("caption", "heading"):
            yield from ((said, one) for one in said.of(*kinds) if one.value is not None and one.low is None)


def _averages(facts: Facts) -> Iterator[_Average]:
    for said, one in _all(facts, "money", "count", "duration"):
        if (
            one.role == "from"
            or (one.role == "to" and not _EQUALS.search(said.text[: one.start - said.start]))
            or (one.spelled and (one.value or 0) < 10 and one.kind != "duration")
        ):
            continue
        before, after = said.text[: one.start - said.start], said.text[one.end - said.start :]
        noun = one.unit if one.kind == "money" else ""
        behind = _PER.match(after)
        opened = _EACH.search(before)
        costs = _ONE_COSTS.search(before) or (_THEY_GIVE.search(before) if one.kind == "duration" else None)
        noun = noun or (
            behind[1] if behind else opened[1] if opened and (_MEAN.search(said.text) or one.kind in ("money", "duration")) else ""
        )
        nouns = [one for one in (noun, costs[1] if costs else "") if one and one.lower() not in _TIMES | word_list("empty", said.lang)]
        if not nouns and (_EACH_BEHIND.match(after) or _WHO_EACH.search(before)):
            # "Deltagerne betaler 250 kr. hver", "seks medarbejdere, som hver har 37 timer"
            nouns = [other.unit for other in said.of("count", "base") if other.unit and other.end <= one.start]
            nouns = nouns or re.findall(r"[^\W\d_]{4,}", before)[:1]
        if not nouns and _BEHIND.match(after):
            # "55 ældre har fået 2.145 besøg, 39 i gennemsnit"
            nouns = [other.unit for other in said.of("count", "base") if other.unit and other.end <= one.start]
        if nouns:
            yield _Average(said, one, tuple(stem(one, said.lang) for one in nouns))


_TIMES = frozenset(
    [
        "dag",
        "døgn",
        "uge",
        "måned",
        "år",
        "time",
        "året",
        "måneden",
        "ugen",
        "dagen",
        "gang",
        "nat",
        "day",
        "week",
        "month",
        "year",
        "hour",
        "night",
        "time",
    ]
)


class _Totals:
    """Numbers that may be a total, in order of their size."""

    def __init__(self, numbers: Sequence[_Number]) -> None:
        self.numbers = numbers
        self.order = sorted(range(len(numbers)), key=lambda place: numbers[place].value)
        self.sizes = [numbers[place].size for place in self.order]

    def with_each(self, numbers: Sequence[_Number], average: _Average) -> list[tuple[_Number, _Number]]:
        """Every total with each number that may be a part of it."""
        return [(total, number) for total in self.numbers for number in numbers if _may_hold(total, number, average)]

    def giving(self, numbers: Sequence[_Number], average: _Average) -> list[tuple[_Number, _Number]]:
        """The totals with the numbers that they have to be shared by to give an average, in the order of the document."""
        low, high = float(average.value - average.slack), float(average.value + average.slack)
        found = []
        for at, number in enumerate(numbers):
            first = bisect_left(self.sizes, low * number.size * _BARELY_LESS)
            last = bisect_right(self.sizes, high * number.size / _BARELY_LESS)
            for place in self.order[first:last]:
                total = self.numbers[place]
                if _may_hold(total, number, average) and abs(total.value / number.value - average.value) <= average.slack:
                    found.append((place, at, total, number))
        return [(total, number) for _, _, total, number in sorted(found, key=lambda one: one[:2])]


# A float's own error decides on nothing: what lies near a limit is judged exactly.
_BARELY_LESS = 1 - 1e-9


def _may_hold(total: _Number, number: _Number, average: _Average) -> bool:
    return number.size * 2 <= total.size and total.value != average.value


def _one(unit: str, noun: str) -> bool:
    short, long = sorted((unit, noun), key=len)
    return len(short) > 2 and (
        long in (short, f"{short}e", f"{short}s") or long.endswith(short) or (len(short) > 4 and long.startswith(short))
    )


def _both_persons(unit: str, nouns: Sequence[str]) -> bool:
    """ "146 deltagere … 6.200 kr. pr. borger": two words for those who take part."""
    return PERSONS.search(unit) is not None and any(PERSONS.search(noun) for noun in nouns)


def _near(average: _Average, pair: tuple[_Number, _Number]) -> bool:
    return any(abs(owner.position - average.said.position) <= 2 for owner in (pair[0].said, pair[1].said))


def _another_noun(
    average: _Average, right: Sequence[tuple[_Number, _Number]], named: Sequence[tuple[_Number, _Number]]
) -> Iterator[Finding]:
    """ "9,6 mio. kr. … 15.000 elever … 640 kr. pr. skole": what the average is made of counts another noun."""
    # "per young carer": the noun may be the second word.
    words = re.findall(r"[^\W\d_]{3,}", average.said.text[average.mention.start - average.said.start :])[:5]
    nouns = [*average.nouns, *(stem(word, average.said.lang) for word in words)]
    if any(_one(number.unit, noun) or (PERSONS.search(number.unit) and PERSONS.search(noun)) for _, number in right for noun in nouns):
        return
    if len(exact(average.value).replace(".", "")) < _DIGITS:
        right = [pair for pair in right if _same_noun(average, pair[0])]
    heard = frozenset(stem(word, average.said.lang) for word in average.said.words)
    meant = [pair for pair in right if _near(average, pair) and (named or pair[1].unit in heard or _exactly(average, pair))]
    if len({number.unit for _, number in meant}) == 1:
        _, number = meant[0]
        what = Phrase(
            "audit.what_unit", {"number": average.mention.text, "first": number.mention.unit or number.unit, "second": average.nouns[0]}
        )
        places = tuple(dict.fromkeys((place_of(average.said, average.mention), place_of(number.said, number.mention))))
        yield Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_average", {}), 0.8, 0.7)


def _exactly(average: _Average, pair: tuple[_Number, _Number]) -> bool:
    """ "300 kr. pr. hold, i alt 17.100 kr.": the total beside the average, and a number that gives it without rounding."""
    total, number = pair
    return total.said is average.said and number.value * average.value == total.value


def _another_span(average: _Average, right: Sequence[tuple[_Number, _Number]]) -> Iterator[Finding]:
    """ "Each leader gives two hours a month. Together they give 112 hours a week": right, but for the time that they are told of."""
    own = span_of(average.said, average.mention)
    for total, _ in right:
        other = span_of(total.said, total.mention)
        if own and other and own != other and _near(average, (total, total)):
            what = Phrase("audit.what_unit", {"number": average.mention.text, "first": other, "second": own})
            places = (place_of(average.said, average.mention), place_of(total.said, total.mention))
            yield Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_average", {}), 0.8, 0.7)
            return


def _another_value(average: _Average, named: Sequence[tuple[_Number, _Number]]) -> Iterator[Finding]:
    """ "21.200 timer, 212 frivillige, 140 timer hver": the only quotient of the nouns named, or one that a slip makes of it."""
    shown = exact(half_up_of(average.value, average.mention.decimals))
    slips = [
        pair
        for pair in named
        if _near(average, pair)
        and (
            is_slip(exact(half_up_of(pair[0].value / pair[1].value, average.mention.decimals)), shown)
            or is_slip(exact(pair[1].value * average.value), exact(pair[0].value))
        )
    ]
    own = [pair for pair in slips if _same_noun(average, pair[0])] or (slips if average.mention.kind == "money" else [])
    own = own or [pair for pair in slips if pair[0].said is average.said and pair[0].mention.end <= average.mention.start]
    if own:
        total, number = own[0]
        actual = half_up(total.value / number.value, average.mention.decimals)
        printed = {"total": total.mention.text, "number": number.mention.text, "printed": average.mention.text, "actual": actual}
        places = tuple(
            dict.fromkeys(
                (place_of(average.said, average.mention), place_of(total.said, total.mention), place_of(number.said, number.mention))
            )
        )
        yield Finding(
            "count", places, Phrase("audit.what_average", printed),
            Phrase("audit.why_count", {}), Phrase("audit.ground_average", {}), 0.9, 0.7,
        )  # fmt: skip


def half_up_of(value: Fraction, decimals: int) -> Fraction:
    """A value rounded to decimals, exact."""
    return Fraction(half_up(value, decimals))


def _same_noun(average: _Average, total: _Number) -> bool:
    own = stem(unit_of(average.said, average.mention) or "", average.said.lang)
    text = re.findall(r"[^\W\d_]+", average.mention.text) if average.mention.kind == "duration" else []
    other = re.findall(r"[^\W\d_]+", total.mention.text) if total.mention.kind == "duration" else []
    return bool(own and total.unit and _one(own, total.unit)) or bool(text and other and text[-1] == other[-1])
