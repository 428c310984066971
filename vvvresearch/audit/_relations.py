"""Numbers that follow from others near them: a share of a whole, a mean, a product, a difference, what is left over, a sum of parts.

One way of judging for all of them. Every equation that the words around a number allow is tried. Where none gives the number, and a slip of
the pen makes it what one of them gives, that is weighed in bits: how seldom two numbers lie so near by chance, how near the other numbers of
the equation are told and in which words, and against it how many equations were tried.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import log2

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, Place, place_in, place_of
from vvvresearch.audit._slips import surprise
from vvvresearch.audit._sums import columns_of, is_percent, is_total
from vvvresearch.audit._told import AIM, money_of, unit_of
from vvvresearch.audit._words import common, stem, stems
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention

_FAMILY = {
    "count": "count", "total": "count", "base": "count", "ratio": "count", "sample_size": "count", "money": "money", "duration": "duration",
    "percentage": "percent", "points": "points", "share": "share",
}  # fmt: skip
# How far back numbers are looked for, in sentences.
_BACK = 4
# Bits that a finding needs.
_NEEDED = {"share": 1.5, "mean": 2.5, "product": 2.0, "difference": 2.0, "rest": 1.5, "sum": 1.2}


@dataclass(frozen=True, eq=False)
class Number:
    """A number that may take part in an equation; `away` is how far off it is told, in sentences."""

    value: Fraction
    family: str
    decimals: int
    place: Place
    away: float
    text: str
    words: frozenset[str] = frozenset()
    unit: str = ""
    said: Said | None = None
    mention: Mention | None = None
    loose: bool = False

    @cached_property
    def digits(self) -> str:
        """The digits as printed; of a sum of money in millions those in front."""
        return re.sub(r"\D", "", re.split(r"[^\W\d]|%", self.text.lstrip("£$€ "))[0]) or str(int(self.value))


@dataclass(frozen=True)
class Equation:
    """What some numbers give for another: its value, how likely it is meant, and the numbers."""

    kind: str
    gives: Fraction
    prior: float
    of: tuple[Number, ...]
    room: Fraction = Fraction(0)


def numbers_of(said: Said, away: float) -> Iterator[Number]:
    """Every number of a sentence, the whole of a ratio as one of its own."""
    for one in said.mentions:
        family = _FAMILY.get(one.kind)
        if (
            family is None
            or one.value is None
            or one.low is not None
            or (one.kind == "share" and one.key not in ("half", "fraction", "every"))
        ):
            continue
        place, words = place_of(said, one), stems(said.clause(one), said.lang)
        unit = stem(unit_of(said, one) or "", said.lang) if family == "count" else ""
        value = money_of(said, one) if family == "money" else one.value
        loose = one.modifier not in ("", "exactly")
        if one.kind == "ratio" and one.base:
            if one.base <= 10:
                yield Number(100 * one.value / one.base, "share", 0, place, away, one.text, words, unit, said, one, True)
                continue
            yield Number(one.base, "count", 0, place, away, str(int(one.base)), words, unit, said, one)
            yield Number(one.value, "count", 0, place, away, str(int(one.value)), words, unit, said, one)
            continue
        if family == "share":
            yield Number(100 * value, "share", 0, place, away, one.text, words, unit, said, one, True)
            continue
        yield Number(value, family, one.decimals, place, away, one.text, words, unit, said, one, loose)


class _Pool:
    """The numbers near each sentence of a document."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.own = [list(numbers_of(said, 0.0)) if said.block.kind not in ("heading",) else [] for said in facts.said]
        times = Counter(one.value for own in self.own for one in own if one.family == "count" and one.value > 12)
        self.known = {value for value, often in times.items() if often >= 3}

    def near(self, said: Said) -> list[Number]:
        """The numbers of a sentence and of those before it, the one behind it, and the totals of its section's tables."""
        found = list(self.own[said.position])
        for at in range(max(0, said.position - _BACK), min(len(self.facts.said), said.position + 2)):
            other = self.facts.said[at]
            if at == said.position or other.section != said.section:
                continue
            away = said.position - at if at < said.position else 1.5
            away += 0.0 if other.block is said.block else 0.5
            found += [_moved(one, float(away)) for one in self.own[at]]
        for shown in self.facts.shown:
            if shown.section != said.section:
                continue
            if shown.base is not None:
                place = place_in(shown, shown.base_line, shown.base_text)
                found.append(Number(Fraction(shown.base), "count", 0, place, 2.0, str(shown.base)))
            if shown.table is None:
                continue
            for column in columns_of(shown):
                if not is_percent(shown, column):
                    found += [
                        Number(cell.value, "count", cell.decimals, place_in(shown, row.line, row.label), 2.0, cell.text)
                        for row, cell in column
                        if is_total(row) and cell.value is not None
                    ]
        values = {one.value for one in found}
        for value in self.known - values:
            owner = next(one for own in self.own for one in own if one.value == value and one.family == "count")
            found.append(_moved(owner, 3.0))
        return found


def _moved(one: Number, away: float) -> Number:
    return Number(
        one.value, one.family, one.decimals, one.place, away, one.text, one.words, one.unit, one.said, one.mention, one.loose
    )  # fmt: skip


def relation_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on numbers that nearly are what others near them give."""
    pool = _Pool(facts)
    for said in facts.said:
        if said.block.kind in ("caption", "heading", "note") or not pool.own[said.position]:
            continue
        near = pool.near(said)
        after = facts.said[said.position + 1].text if said.position + 1 < len(facts.said) else ""
        rest = _THE_REST.match(after) is not None
        for target in pool.own[said.position]:
            equations = list(_equations(said, target, near))
            yield from _judged(target, equations)
        yield from _more_than_whole(said, near)
        for family in ("count", "money", "percent"):
            sums = list(_sums(said, [one for one in pool.own[said.position] if one.family == family], near))
            yield from _judged_sums([one for one in sums if one.gap > 0 or not rest])
    for items in _lists(facts, pool):
        near = [one for one in pool.near(items[0].said) if one.away > 0 or one.said is None]
        yield from _judged_sums([_Sum(tuple(items), whole, 1.0 - 0.7 * whole.away) for whole in near if whole.family == items[0].family])


_THE_REST = re.compile(r"\W*(?:resten|det resterende|det øvrige|de øvrige|the rest|the remaind\w+|what is left)\b", re.IGNORECASE)
_SOME = re.compile(r"\b(?:heraf|hvoraf|deraf|of which|of whom|including|af dem|of them)\b(?:\s+[^\W\d]+){0,2}\s*$", re.IGNORECASE)


def _more_than_whole(said: Said, near: Sequence[Number]) -> Iterator[Finding]:
    """ "14 stævner, heraf 41 i udlandet": some of them that are more than all."""
    counts = [one for one in near if one.family == "count" and one.mention is not None]
    for part in (one for one in counts if one.away == 0 and not one.loose):
        left, right = _around(said, part)
        if _OF_THEM.match(right) or _SOME.search(left):
            own = [one for one in counts if one.away == 0 and one.mention.end <= part.mention.start]
            wholes = own or [one for one in counts if one.away == 1]
            if wholes and all(4 < one.value < part.value for one in wholes):
                whole = max(wholes, key=lambda one: one.value)
                printed = {"added": exact(part.value), "printed": exact(whole.value), "name": whole.place.quote[:90]}
                places = tuple(dict.fromkeys((part.place, whole.place)))
                yield Finding(
                    "sum", places, Phrase("audit.what_sum", printed), Phrase("audit.why_sum", {}), Phrase("audit.ground_sentence", {}),
                    0.9, 0.75,
                )  # fmt: skip


@dataclass(frozen=True)
class _Sum:
    """Parts that may make up a whole, and how likely that is meant."""

    parts: tuple[Number, ...]
    whole: Number
    prior: float

    @cached_property
    def gap(self) -> Fraction:
        return sum((one.value for one in self.parts), Fraction(0)) - self.whole.value

    @cached_property
    def room(self) -> Fraction:
        """What rounding may make of the parts and the whole."""
        decimals = max(one.decimals for one in (*self.parts, self.whole))
        if self.whole.family == "money":
            scale = max(_scale(one) for one in (*self.parts, self.whole))
            return scale * len(self.parts) / 2 if scale > 1 or decimals else Fraction(0)
        return Fraction(len(self.parts), 2 * 10**decimals) if decimals or self.whole.family == "percent" else Fraction(0)

    def bits(self) -> float:
        """How seldom parts that have nothing to do with a number nearly make it."""
        gap, whole = abs(self.gap), self.whole.value
        near = max(log2(max(float(whole / (2 * gap + 1)), 1)) - 1.5, 1.0) if gap * 3 <= whole else 0.0
        if self.gap < 0 and len(self.parts) == 2:
            # Two may be some of more.
            near -= 1.0
        slips = [surprise(_printed(self.whole, whole + self.gap), self.whole.digits, rough=False)]
        slips += [surprise(_printed(one, one.value - self.gap), one.digits, rough=False) for one in self.parts if one.value > self.gap]
        return max(min(near, 4.0), max(slips) - log2(len(slips)) / 2)


def _scale(one: Number) -> Fraction:
    """What the last digit printed of a sum of money stands for."""
    return one.value / int(one.digits) if one.digits.strip("0") else Fraction(1)


_APART = re.compile(
    r"\b(?:end|than|mod|against|ud af|out of|compared|hvis|if|per|pr\.)\b|\b(?:af|of) (?:de|the) (?:øvrige|others?|rest)\b|[.:]\s",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[,;]|\b(?:og|and|mens|while|samt|plus)\b", re.IGNORECASE)
_SPLIT = re.compile(
    r":\s|\b(?:heraf|hvoraf|deraf|of which|of whom|of these|of them|fordel\w*|består|bestod|divided|split|made up|consist\w*|nemlig|namely)\b",
    re.IGNORECASE,
)
_IN_ALL = re.compile(r"\b(?:i alt|tilsammen|sammenlagt|samlet|total\w*|in all|altogether|together|combined|overall)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:både|flere|også|desuden|samtidig|both|also|as well|several|mere end (?:et|én))\b", re.IGNORECASE)
_HALVES = (
    ("kvinde", "mænd"), ("pige", "dreng"), ("women", "men"), ("female", "male"), ("girl", "boy"), ("børn", "voksne"), ("children", "adult"),
    ("ja", "nej"), ("yes", "no"), ("med", "uden"), ("with", "without"), ("fuld", "del"), ("full", "part"),
)  # fmt: skip


def _sums(said: Said, own: Sequence[Number], near: Sequence[Number]) -> Iterator[_Sum]:
    """Numbers told one after the other, with every whole that they may make up."""
    own = [
        one for one in own if one.mention is not None and one.value > 0 and (one.mention.kind != "ratio" or one.value == one.mention.value)
    ]
    if len(own) < 2 or AIM.search(said.text):
        return
    for start in range(len(own) - 1):
        for end in range(start + 2, len(own) + 1):
            between = _between(said, own[end - 2], own[end - 1])
            if len(between) > 90 or _APART.search(between) or not _JOINED.search(between):
                break
            if _SEVERAL.search(said.text[own[start].mention.end - said.start : own[end - 1].mention.end - said.start + 40]):
                break
            parts = tuple(own[start:end])
            if any(one.value == 1 and len(parts) == 2 for one in parts) or any(one.mention.role in ("from", "to") for one in parts):
                continue
            longer = end < len(own) and _follows(said, own[end - 1], own[end]) and not _IN_ALL.search(_beside(said, own[end]))
            prior = {2: -2.0, 3: 0.0}.get(len(parts), 0.5) - 2.0 * longer - 1.5 * any(one.loose for one in parts)
            prior += 1.5 * _is_halves(said, parts)
            before = said.text[max(0, parts[0].mention.start - said.start - 60) : parts[0].mention.start - said.start]
            prior -= 2.0 * any(one.mention.kind == "base" or _IN_ALL.search(_beside(said, one)) for one in parts)
            if parts[0].family == "percent":
                if len(parts) > 2 or _is_halves(said, parts):
                    yield _Sum(parts, Number(Fraction(100), "percent", 0, parts[-1].place, 0, "100"), prior - 0.5)
                continue
            second = sorted(one.value for one in parts)[-2]
            for whole in near:
                if whole.family == parts[0].family and whole.value > second and whole not in parts:
                    told_before = whole.said is said and whole.mention.start < parts[0].mention.start
                    opened = whole.away == 1 and _SPLIT.match(said.text)
                    split = 1.5 if told_before and _SPLIT.search(before) else 2.5 if opened else 0.0
                    if not split and any(one.value == whole.value for one in parts):
                        continue
                    yield _Sum(parts, whole, prior + split + _of_all(said, parts, whole))


def _of_all(said: Said, parts: Sequence[Number], whole: Number) -> float:
    bits = -1.0 * whole.away - 1.0 * whole.loose - 1.5 * (whole.mention is not None and whole.mention.kind == "sample_size")
    if whole.said is None or whole.mention is None:
        return bits - 1.0
    bits += 1.0 * bool(_IN_ALL.search(_beside(whole.said, whole)))
    if whole.said is said:
        bits += 1.0 if whole.mention.start < parts[0].mention.start else 0.0
        bits += 1.5 if whole.mention.kind == "base" and whole.mention.start < parts[0].mention.start else 0.0
    return bits


def _beside(said: Said, one: Number) -> str:
    left, right = _around(said, one)
    left, right = re.split(r"[,;:()\d]", left[-25:])[-1], re.split(r"[,;:()\d]", right[:30])[0]
    return f"{left} {right}"


def _between(said: Said, one: Number, other: Number) -> str:
    return said.text[one.mention.end - said.start : other.mention.start - said.start]


def _follows(said: Said, one: Number, other: Number) -> bool:
    between = _between(said, one, other)
    return len(between) <= 90 and not _APART.search(between) and bool(_JOINED.search(between))


def _is_halves(said: Said, parts: Sequence[Number]) -> bool:
    """Whether two numbers are told of two nouns that between them name everybody."""
    if len(parts) != 2:
        return False
    behind = [re.match(r"\s+([^\W\d]{2,4})\s", _around(said, one)[1]) for one in parts]
    if behind[0] and behind[1] and behind[0][1] == behind[1][1]:
        # "14 med unge og 10 med ledere"
        return True
    words = [
        said.text[max(0, one.mention.start - said.start - 20) : one.mention.end - said.start + 30].lower() for one in parts
    ]  # fmt: skip
    return any(
        (re.search(rf"\b{a}", words[0]) and re.search(rf"\b{b}", words[1]))
        or (re.search(rf"\b{b}", words[0]) and re.search(rf"\b{a}", words[1]))
        for a, b in _HALVES
    )


def _lists(facts: Facts, pool: _Pool) -> Iterator[list[Number]]:
    """Items of a list with a number each."""
    found: list[Number] = []
    for at, said in enumerate(facts.said):
        own = [
            one for one in pool.own[at] if one.family in ("count", "money") and one.mention is not None and one.mention.start > said.start
        ]
        if said.block.kind == "item" and len(own) >= 1 and (not found or own[0].family == found[0].family) and (
            not found or found[-1].said.section == said.section
        ):  # fmt: skip
            found.append(own[0])
            continue
        if len(found) > 2:
            yield found
        found = []
    if len(found) > 2:
        yield found


_ONE_MORE = re.compile(r"[^.;\d]{0,40}\b(?:og|and|samt)\s+(?:en|et|én|ét|one|a|an)\s", re.IGNORECASE)


def _tail(one: _Sum) -> str:
    said, mention = one.parts[-1].said, one.parts[-1].mention
    return said.text[mention.end - said.start :] if said is not None and mention is not None else ""


def _judged_sums(sums: Sequence[_Sum]) -> Iterator[Finding]:
    sums = [one for one in sums if abs(one.gap) * 2 <= one.whole.value]
    likeliest: dict[tuple[Fraction, ...], _Sum] = {}
    for one in sums:
        key = (one.whole.value, *(part.value for part in one.parts))
        if key not in likeliest or one.prior > likeliest[key].prior:
            likeliest[key] = one
    sums = list(likeliest.values())
    if not sums:
        return
    every = 1 + sum(2.0**one.prior for one in sums)
    scored = [(one.prior - log2(every - 2.0**one.prior), one) for one in sums]
    # "tre pædagoger og en politiassistent": an article may be one more.
    told = max(
        (10 + odds for odds, one in scored if abs(one.gap) <= one.room or (one.gap == -1 and _ONE_MORE.match(_tail(one)))), default=None
    )
    wrong = [(one.bits() + odds, one) for odds, one in scored if abs(one.gap) > one.room]
    score, best = max(wrong, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or score < _NEEDED["sum"] or (told is not None and told >= score - 1):
        return
    places = tuple(dict.fromkeys((*(one.place for one in best.parts), best.whole.place)))
    printed = {"added": exact(best.whole.value + best.gap), "printed": exact(best.whole.value), "name": best.whole.place.quote[:90]}
    yield Finding(
        "sum", places, Phrase("audit.what_sum", printed), Phrase("audit.why_sum", {}), Phrase("audit.ground_sentence", {}), 0.95,
        min(0.78, 0.4 + score / 40),
    )  # fmt: skip


def _equations(said: Said, target: Number, near: Sequence[Number]) -> Iterator[Equation]:
    others = [one for one in near if one.mention is not target.mention or one.mention is None]
    if target.family == "percent" and not target.loose and not _is_end(said, target):
        yield from _shares(said, target, others)
    if target.family in ("count", "money", "duration") and not target.loose and target.value > 1:
        left, right = _around(said, target)
        if _MEAN.search(left[-60:]) or _MEAN.search(right[:45]):
            yield from _means(target, others, left + right)
        yield from _products(said, target, others, left, right)
    if target.family in ("count", "money", "percent", "points", "duration"):
        left, right = _around(said, target)
        if _MORE.match(right) or _STEP.search(left):
            yield from _differences(target, others)
        if target.family in ("count", "money") and _REST.search(left[-50:]):
            yield from _rests(target, others)


_EQUALS = re.compile(r"\b(?:svar\w+|correspond\w*|equivalent|equal|amount\w*|comes?)\s+(?:\w+\s+)?(?:til|to)\s+(?:\S+\s+)?$", re.IGNORECASE)


def _is_end(said: Said, target: Number) -> bool:
    """Whether a number is an end or the size of a change."""
    assert target.mention is not None
    role = target.mention.role
    return role in ("from", "by") or (role == "to" and not _EQUALS.search(_around(said, target)[0]))


def _around(said: Said, target: Number) -> tuple[str, str]:
    assert target.mention is not None
    start, end = target.mention.start - said.start, target.mention.end - said.start
    left, right = said.text[:start], said.text[end:]
    return left, right


_CHANGE = re.compile(
    r"\b(?:med|by|steget|faldet|rose|fell|op|ned|up|down|stigning\w*|fald|increase|drop|vækst)\s+(?:\w+\s+)?$|^\s*(?:flere|færre|more|fewer|less|higher|"
    r"lower|højere|lavere|mere|mindre)\b", re.IGNORECASE,
)  # fmt: skip


def _shares(said: Said, target: Number, others: Sequence[Number]) -> Iterator[Equation]:
    """A percentage as the share that one number is of another."""
    left, right = _around(said, target)
    if _OTHERS.search(left[-70:]):
        # Of whom it is told, no number says.
        return
    so = 2.0 if _IT_IS.match(said.text) else 1.0 if _SO.search(left[-40:]) else 0.0
    changed = bool(_CHANGE.search(left[-30:]) or _CHANGE.match(right))
    step = Fraction(1, 2 * 10**target.decimals)
    numbers = [one for one in others if one.family in ("count", "money") and one.value > 4]
    percents = [one.value for one in others if one.family == "percent"]
    largest = max((one.value for one in numbers if one.family == "money" and one.away <= 3), default=0)
    behind = _OF_NUMBER.match(right)
    wholes = {
        one.value for one in numbers if one.away == 0 and one.mention is not None
        and (one.mention.kind == "base" or (behind is not None and one.mention.start == target.mention.end + behind.end()))
    }  # fmt: skip
    last = max(
        (one.mention.start for one in numbers if one.away == 0 and one.mention and one.mention.start < target.mention.start), default=-1
    )
    before = [one for one in numbers if one.away == 1 and one.mention is not None and one.mention.kind != "base"]
    latest = max(before, key=lambda one: one.mention.start).value if before else Fraction(0)
    for part in numbers:
        if part.away > 2 or part.loose:
            continue
        tie = _tie(target, part, so=so, last=last, latest=latest)
        for whole in numbers:
            if whole.family != part.family or whole.value <= part.value:
                continue
            if wholes and whole.value not in wholes:
                continue
            prior = (
                tie
                - (4.0 if wholes and part.away else 1.0 if part.away and not whole.away else 0.0)
                + _whole(target, part, whole)
                + (1.0 if whole.value == largest else 0.0)
                - (3.0 if changed else 0.0)
            )
            share = 100 * part.value / whole.value
            if any(abs(share - one) <= step for one in percents):
                # It has its percentage already.
                prior -= 3
            yield Equation("share", share, prior, (part, whole), step)
            yield Equation("other", 100 - share, prior - 2, (part, whole), step)
            yield Equation("other", 100 * whole.value / part.value - 100, prior - (0 if changed else 3), (part, whole), step)


def _tie(target: Number, part: Number, *, so: float, last: int, latest: Fraction) -> float:
    """Bits for and against a number's being the part that a percentage tells."""
    assert target.mention is not None
    if part.mention is None or part.away == 1.5:
        return -3.0
    apart = part.away or target.mention.start - part.mention.end > 60 or part.mention.start != last
    bits = 1.5 if apart and part.words and common(part.words, target.words) else 0.0
    if part.mention.kind == "base":
        bits -= 1.5
    if part.away:
        return bits - part.away * (1.5, 0.5, 0.5)[int(so)] + (1.5 if so == 2 and part.away == 1 and part.value == latest else 0.0)
    if part.mention.start > target.mention.start:
        return bits - (0.0 if part.mention.start - target.mention.end < 30 else 2.5)
    gap = target.mention.start - part.mention.end
    return bits + (1.5 if part.mention.start == last and gap < 60 else -1.0) + min(so, 1.0)


def _whole(target: Number, part: Number, whole: Number) -> float:
    """Bits for and against a number's being the whole of a part."""
    bits = -0.8 * whole.away
    if whole.mention is not None and whole.mention.kind == "base":
        bits += 1.0
    if whole.mention is not None and part.mention is not None and whole.said is part.said:
        bits += 0.5 if whole.mention.start < part.mention.start else -1.0
        if (
            whole.mention.kind != "base"
            and part.mention.kind != "ratio"
            and _follows(part.said, *sorted((part, whole), key=lambda one: one.mention.start))
        ):
            behind = part.said.text[part.mention.end - part.said.start :]
            bits -= 0.0 if _OF_THEM.match(behind) else 1.0
    if whole.away and ((whole.unit and whole.unit in target.words) or common(whole.words - part.words, target.words)):
        bits += 1.0
    return bits


_OTHERS = re.compile(
    r"\b(?:of|blandt|af|among|hos)\s+(?:the|de)\s+(?:others?|rest|remaining|øvrige|andre|resterende)\b[^.;]*$", re.IGNORECASE
)
_OF_NUMBER = re.compile(r"\s+(?:af|of)\s+(?:de |the )?", re.IGNORECASE)
_OF_THEM = re.compile(r"\s*(?:[^\W\d]+\s+){0,2}(?:af dem|af disse|heraf|of them|of these|of those)\b", re.IGNORECASE)
_IT_IS = re.compile(
    r"\W*(?:det|dette|that|this|it|dermed|altså|so|or|in other words|med andre ord|hence|thus)\W+(?:\w+\s+){0,2}?"
    r"(?:er|svarer|giver|udgør|is|was|makes|gives|corresponds|equals|means|blev)\b", re.IGNORECASE,
)  # fmt: skip
_SO = re.compile(
    r"\b(?:så|dermed|altså|således|svarende|svarer|udgør|udgjorde|dvs|or|that is|thus|hence|equals?|makes?|accounts?|which|hvilket|is|are|er|"
    r"therefore|stod for)\b|[(,]\s*$", re.IGNORECASE,
)  # fmt: skip


_MEAN = re.compile(r"\b(?:pr\.|per|hver\b|hvert\b|each|every|gennemsnit\w*|i snit|average|mean|apiece)", re.IGNORECASE)


def _means(target: Number, others: Sequence[Number], words: str) -> Iterator[Equation]:
    counts = [one for one in others if one.family == "count" and one.value > 2 and one.decimals == 0]
    wholes = [one for one in others if one.family == target.family and one.value > target.value]
    if target.family == "duration":
        wholes += counts
    for whole in wholes:
        for number in counts:
            if number is whole or (number.value >= whole.value and target.family == "count") or number.value == target.value:
                continue
            prior = -0.6 * (whole.away + number.away)
            prior += 2.0 if number.unit and number.unit[:5] in words.lower() else -2.0
            room = Fraction(1, 2 * 10**target.decimals) if target.family != "money" else max(Fraction(1, 2), target.value / 400)
            yield Equation("mean", whole.value / number.value, prior, (whole, number), room)


_ALL = re.compile(
    r"\b(?:samlet|i alt|tilsammen|sammenlagt|svarer til|giver|total\w*|altogether|together|in all|makes|comes to|equals|or)\b",
    re.IGNORECASE,
)


def _products(said: Said, target: Number, others: Sequence[Number], left: str, right: str) -> Iterator[Equation]:
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
        around = _around(mean.said, mean)
        if not (_MEAN.search(around[0][-60:]) or _MEAN.search(around[1][:45])):
            continue
        for number in others:
            if number.family == "count" and number is not mean and number.value > 2 and number.mention is not mean.mention:
                prior = -0.6 * (mean.away + number.away) + 1
                yield Equation("product", mean.value * number.value, prior, (mean, number), mean.value * number.value / 200)


_MORE = re.compile(
    r"\s*(?:%|[^\W\d]+\.?)?(?:\s*[^\W\d]+){0,2}?\s*\b(?:flere|færre|mere|mindre|højere|lavere|more|fewer|less|higher|lower|short of|"
    r"cheaper|billigere)\b", re.IGNORECASE,
)  # fmt: skip
_STEP = re.compile(
    r"\b(?:stigning\w*|vækst\w*|fald\w*|fremgang\w*|tilbagegang\w*|ændring\w*|forskel\w*|tilvækst\w*|mindreforbrug|merforbrug|overskud|underskud|"
    r"increase|rise|drop|fall|growth|difference|gap|change|rose|fell|grew|gain|surplus|deficit|past it|steget|faldet|vokset|"
    r"øget)\b[^.;\d]{0,24}\b(?:på|med|of|by|er|is|was|var)\s+(?:[^\W\d]+\s+)?[£$€]?$", re.IGNORECASE,
)  # fmt: skip


def _differences(target: Number, others: Sequence[Number]) -> Iterator[Equation]:
    family = {"points": "percent"}.get(target.family, target.family)
    numbers = [one for one in others if one.family == family and one.value > target.value]
    for one, other in combinations(numbers, 2):
        if one.value != other.value:
            near = min(one.away, other.away)
            prior = -0.8 * (one.away + other.away) - (0.0 if near < 1.5 else 1.0)
            step = Fraction(1, 10**target.decimals) if family == "percent" else Fraction(0)
            yield Equation("difference", abs(one.value - other.value), prior, (one, other), step)


_REST = re.compile(
    r"\b(?:øvrige|resterende|sidste|andre|remaining|other|others|the rest|resten|leaves|leaving|mens|while|whereas)\b[^.;\d]{0,25}$",
    re.IGNORECASE,
)


def _rests(target: Number, others: Sequence[Number]) -> Iterator[Equation]:
    numbers = [one for one in others if one.family == target.family]
    for whole in numbers:
        if whole.loose or whole.value == target.value:
            continue
        parts = [one for one in numbers if one is not whole and one.value < whole.value and not one.loose and one.away <= 1.5]
        for size in (1, 2):
            for some in combinations(parts, size):
                added = sum((one.value for one in some), Fraction(0))
                if added < whole.value:
                    prior = -0.8 * (whole.away + max(one.away for one in some)) - (size - 1)
                    yield Equation("rest", whole.value - added, prior, (whole, *some))


def _judged(target: Number, equations: Sequence[Equation]) -> Iterator[Finding]:
    if not equations:
        return
    # How likely each is meant, beside the others and that the number follows from none of them.
    likeliest: dict[tuple[str, tuple[Fraction, ...]], Equation] = {}
    for one in equations:
        key = one.kind, tuple(number.value for number in one.of)
        if key not in likeliest or one.prior > likeliest[key].prior:
            likeliest[key] = one
    equations = list(likeliest.values())
    every = 1 + sum(2.0**one.prior for one in equations if one.kind != "other")
    told = best = None
    for one in equations:
        odds = one.prior - log2(every - (2.0**one.prior if one.kind != "other" else 0))
        if abs(one.gives - target.value) <= one.room or half_up(one.gives, target.decimals) == target.value:
            score = min(3.3 * len(target.digits), 10.0) + odds
            told = score if told is None else max(told, score)
        elif one.kind != "other" and (bits := surprise(_printed(target, one.gives), target.digits, rough=False)) > 0:
            score = bits + odds
            if best is None or score > best[0]:
                best = score, one
    if best is None or best[0] < _NEEDED[best[1].kind] or (told is not None and told >= best[0] - 1):
        return
    yield _finding(target, best[1], best[0])


def _printed(target: Number, value: Fraction) -> str:
    """The digits of a value, printed as a number is."""
    if target.family == "money":
        scale = target.value / int(target.digits) if target.digits.strip("0") else Fraction(1)
        return str(half_up(value / scale))
    return re.sub(r"\D", "", str(half_up(value, target.decimals)))


def _finding(target: Number, equation: Equation, bits: float) -> Finding:
    one, other = equation.of[0], equation.of[-1]
    weight = min(0.78, 0.4 + bits / 40)
    places = tuple(dict.fromkeys((target.place, *(number.place for number in equation.of))))
    gives = half_up(equation.gives, target.decimals)
    if equation.kind == "share":
        what = Phrase("audit.what_count", {"count": exact(one.value), "base": exact(other.value), "printed": target.text, "actual": gives})
        ground = Phrase("audit.ground_count", {"how": Phrase("audit.base_section", {})})
        return Finding("count", places, what, Phrase("audit.why_count", {}), ground, 0.95, weight)
    if equation.kind in ("mean", "product"):
        total, printed = (exact(one.value), target.text)
        if equation.kind == "product":
            total, gives = target.text, half_up(target.value / other.value, 2)
            printed = one.text
        what = Phrase("audit.what_average", {"total": total, "number": exact(other.value), "actual": gives, "printed": printed})
        return Finding("count", places, what, Phrase("audit.why_count", {}), Phrase("audit.ground_average", {}), 0.95, weight)
    if equation.kind == "difference":
        printed = {"first": one.text, "last": other.text, "step": target.text, "actual": exact(equation.gives)}
        return Finding(
            "difference", places, Phrase("audit.what_difference", printed),
            Phrase("audit.why_difference", {}), Phrase("audit.ground_difference", {}), 0.9, weight,
        )  # fmt: skip
    added = sum((number.value for number in equation.of[1:]), target.value)
    what = Phrase("audit.what_sum", {"added": exact(added), "printed": exact(one.value), "name": one.place.quote[:90]})
    return Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_sentence", {}), 0.95, weight)
