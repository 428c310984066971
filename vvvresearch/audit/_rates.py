"""What each has: "1.458 timer, 3 timer pr. henvendelse". The division that gives a number says which two nouns it must be told in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from vvvresearch.audit._counted import unit_of
from vvvresearch.audit._facts import Facts, Said
from vvvresearch.audit._finding import Finding
from vvvresearch.audit._near_numbers import Equation, Number, Pool, around, is_end, text_between
from vvvresearch.audit._units import PERSONS
from vvvresearch.audit._words import stem
from vvvresearch.locales import Phrase

_EACH = re.compile(
    r"\s*(?:[^\W\d]+\s+){0,2}?(?:(?:pr\.?|per|for hvert?|til hvert?|for each|for every|om|i|an?)\s+(?P<noun>[^\W\d_]{3,})"
    r"|(?:[^\W\d]+\s+)?(?P<each>each|apiece|hver|hvert)\b(?!\s+(?:dag|uge|måned|år|day|week|month|year)))",
    re.IGNORECASE,
)
_EVERY = re.compile(r"(?:om|i|an?)\s+$", re.IGNORECASE)
_PERIOD = re.compile(
    r"(?:(?P<hour>time|hour)|(?P<day>dag|døgn|day)|(?P<week>uge|week)|(?P<month>måned|month)|(?P<year>år|year))(?:s|er?|r|e?n|r?ne|et)?$"
)
_SHARED_OUT = re.compile(
    r"(?:\s+[^\W\d]+){0,3}(?:,\s+|\s+\()(?:hvilket|det|altså|dvs\.?|svarende|or|which|that|so|an average|i gennemsnit)\b[^.;\d]{0,40}",
    re.IGNORECASE,
)
_MONTHS, _ENOUGH = 12, 20


def rate_findings(facts: Facts, pool: Pool) -> Iterator[Finding]:
    """Findings on what each has that is told of another noun than the two whose numbers give it."""
    for said in facts.said:
        if said.block.kind in ("caption", "heading", "note"):
            continue
        for rate in pool.own[said.position]:
            found = _EACH.match(around(said, rate)[1]) if rate.family in ("count", "money", "duration") and not rate.loose else None
            if found is None or is_end(said, rate):
                continue
            noun = (found["noun"] or "").lower()
            if found["noun"] and _EVERY.search(found[0][: found.start("noun") - found.start()]) and _period(noun) is None:
                # "3 timer i klubben"
                continue
            yield from _judged(said, rate, noun, pool)


def _period(noun: str) -> str | None:
    found = _PERIOD.match(noun)
    return found.lastgroup if found else None


def _noun(one: Number) -> str:
    if one.family == "money":
        return "money"
    words = re.findall(r"[^\W\d_]{2,}", one.text) if one.family == "duration" else []
    return words[-1].lower() if words else one.unit


def _printed(one: Number) -> str:
    """The noun as the text has it."""
    return (unit_of(one.said, one.mention) if one.family == "count" and one.said and one.mention else "") or _noun(one)


def _are_one(first: str, second: str) -> bool:
    """Whether two nouns may be of one thing: alike, the one the other's last part, two words for persons, one stretch of time."""
    if _period(first) or _period(second):
        return _period(first) == _period(second)
    short, long = sorted((first, second), key=len)
    return long.startswith(short[:4]) or long.endswith(short) or (bool(PERSONS.search(first)) and bool(PERSONS.search(second)))


def _judged(said: Said, rate: Number, noun: str, pool: Pool) -> Iterator[Finding]:
    near = [one if one.unit or one.family != "count" else replace(one, unit=pool.nouns.get(one.value, "")) for one in pool.near(said)]
    families = ("money",) if rate.family == "money" else ("count", "duration")
    wholes = [one for one in near if one.family in families and one.value > rate.value and one.away <= 2 and one is not rate]
    numbers = [one for one in near if one.family in ("count", "duration") and one.value > 1 and one.mention is not rate.mention]
    pairs = [(whole, one) for whole in wholes for one in numbers if one is not whole and _gives(rate, whole.value, one.value)]
    own = [
        (whole, one)
        for whole, one in pairs
        if (not noun and one.away <= 2) or (noun and _noun(one) and _are_one(_noun(one), stem(noun, said.lang)))
    ]
    pairs = [(whole, one) for whole, one in pairs if _noun(one) and (one.value > _ENOUGH or one.away == whole.away == 0)]
    if not own and not noun:
        # "9,660 nights, or 115 hours each": of how many is not told, but what is shared out is what each has.
        own = [(whole, whole) for whole in wholes if whole.away == 0 and _SHARED_OUT.fullmatch(text_between(said, whole, rate))]
    if own:
        whole, _ = min(own, key=lambda pair: pair[0].away)
        first, second = _noun(whole), _noun(rate)
        if rate.family != "money" and first and second and whole.away == 0 and not _are_one(first, second):
            yield _finding(rate, whole, _printed(whole), _printed(rate))
    elif noun and pairs:
        whole, one = min(pairs, key=lambda pair: pair[0].away + pair[1].away)
        counted = any(_are_one(other, stem(noun, said.lang)) for other in pool.nouns.values())
        if (counted or (_period(noun) and _period(_noun(one)))) and _noun(one) not in said.text[rate.at.end - said.start :].lower():
            yield _finding(rate, one, _printed(one), noun)
    elif _period(noun) in ("day", "week", "year"):
        yearly = next((one for one in wholes if one.away == 0 and one.value > 100 and _gives(rate, one.value, Fraction(_MONTHS))), None)
        if yearly is not None:
            yield _finding(rate, yearly, Phrase("audit.month", {}), noun)


def _gives(rate: Number, whole: Fraction, number: Fraction) -> bool:
    """Whether a whole shared out gives a rate, as closely as it is printed; a rate of one digit exactly."""
    told = len(rate.digits.strip("0")) > 1 or rate.decimals > 0
    room = Fraction(1, 2 * 10**rate.decimals) if told and rate.family != "money" else rate.value / 500 if told else Fraction(0)
    return abs(whole / number - rate.value) <= room


def _finding(rate: Number, other: Number, first: str | Phrase, second: str) -> Finding:
    what = Phrase("audit.what_unit", {"number": rate.text, "first": first, "second": second})
    places = tuple(dict.fromkeys((rate.place, other.place)))
    return Finding("unit", places, what, Phrase("audit.why_unit", {}), Phrase("audit.ground_unit_each", {}), 0.8, 0.75)


# What says that a number follows from the one before it.
SO = re.compile(
    r"\b(?:så|dermed|altså|således|svarende|svarer|udgør|udgjorde|dvs|eller|or|that is|thus|hence|equals?|makes?|accounts?|which|hvilket|"
    r"is|are|er|therefore|stod for)\b|[(,]\s*$", re.IGNORECASE,
)  # fmt: skip
# What says that a number is of each.
APIECE = re.compile(r"\b(?:pr\.|per|hver\b|hvert\b|each|every|gennemsnit\w*|i snit|average|mean|apiece)", re.IGNORECASE)


def mean_equations(target: Number, others: Sequence[Number], left: str, right: str) -> Iterator[Equation]:
    """What numbers near a mean give when they are shared out."""
    words = left + right
    counts = [one for one in others if one.family == "count" and one.value > 2 and one.decimals == 0]
    wholes = [one for one in others if one.family == target.family and one.value > target.value]
    if target.family == "duration":
        wholes += counts
    for whole in wholes:
        for number in counts:
            if number is whole or (number.value >= whole.value and target.family == "count") or number.value == target.value:
                continue
            prior = -0.6 * (whole.away + number.away)
            # "5.382 besøg hos de 897, altså 6,0 til hver"
            so = whole.away == number.away == 0 and SO.search(left[-12:]) is not None
            each = bool(number.unit) and number.unit[:5] in words.lower()
            prior += 2.0 if so or each else -2.0
            if each and whole.unit and target.unit and target.family == "count":
                prior += 1.5 if whole.unit == target.unit else -1.5
            room = Fraction(1, 2 * 10**target.decimals) if target.family != "money" else max(Fraction(1, 2), target.value / 100)
            yield Equation("mean", whole.value / number.value, prior, (whole, number), room)


_ALL = re.compile(
    r"\b(?:samlet|i alt|tilsammen|sammenlagt|svarer til|giver|total\w*|altogether|together|in all|makes|comes to|equals|or)\b",
    re.IGNORECASE,
)


def product_equations(target: Number, others: Sequence[Number], left: str, right: str) -> Iterator[Equation]:
    """What a mean and a number near a total make together."""
    if not (_ALL.search(left[-50:]) or _ALL.search(right[:30])):
        return
    for mean in others:
        if (
            mean.said is None
            or mean.mention is None
            or mean.value >= target.value
            or mean.away > 2
            or mean.family not in ("money", "count", "duration")
        ):
            continue
        if (mean.family == "money") != (target.family == "money"):
            continue
        left, right = around(mean.owner, mean)
        if not (APIECE.search(left[-60:]) or APIECE.search(right[:45])):
            continue
        for number in others:
            if number.family == "count" and number is not mean and number.value > 2 and number.mention is not mean.mention:
                prior = -0.6 * (mean.away + number.away) + 1
                # The mean is rounded: "326 deltagere, 18 pr. kursusdag".
                room = max(mean.value * number.value / 200, number.value / (2 * 10**mean.decimals))
                yield Equation("product", mean.value * number.value, prior, (mean, number), room)
