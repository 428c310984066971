"""Averages: "640 kr. pr. elev", "i gennemsnit 15 besøg pr. gæst", against the total and the number that they are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.audit._definite import PERSONS
from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._slips import is_slip
from vvvresearch.audit._told import money_of, span_of, unit_of
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

    @property
    def value(self) -> Fraction:
        return money_of(self.said, self.mention) if self.mention.kind == "money" else self.mention.value or Fraction(0)


@dataclass(frozen=True)
class _Number:
    said: Said
    mention: Mention
    value: Fraction
    unit: str


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
    for average in averages:
        totals = money if average.mention.kind == "money" else counts
        pairs = [
            (total, number)
            for total in totals
            for number in counts
            if number.value * 2 <= total.value and number.unit and number.value != average.value and total.value != average.value
        ]
        right = [pair for pair in pairs if _gives(pair, average)]
        named = [pair for pair in pairs if any(_one(pair[1].unit, noun) for noun in average.nouns)]
        named = named or [pair for pair in pairs if _both_persons(pair[1].unit, average.nouns) and _near(average, pair)]
        if average.value < _FEW:
            # So small a number is what many pairs give.
            right = [pair for pair in right if pair in named]
        elif len(exact(average.value).replace(".", "")) < _DIGITS:
            right = [pair for pair in right if pair in named or _near(average, pair)]
        if right:
            yield from _another_noun(average, right, named)
            yield from _another_span(average, [pair for pair in right if pair in named])
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


def _gives(pair: tuple[_Number, _Number], average: _Average) -> bool:
    total, number = pair
    share, value = total.value / number.value, average.value
    if average.mention.modifier not in ("", "exactly"):
        return abs(share - value) <= value / 50
    # An average is mostly told in round numbers.
    digits = len(exact(value).rstrip("0").replace(".", ""))
    slack = Fraction(1, 2 * 10**average.mention.decimals) if average.mention.kind != "money" else max(Fraction(1, 2), value / 2000)
    if average.mention.spelled and not _MEAN.search(average.said.text):
        # "Each leader gives two hours": no mean that was rounded.
        slack = value / 50
    return digits >= 1 and abs(share - value) <= slack


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
