"""Parts that exhaust their whole: women and men, those who do and those who do not, sums of money, parts larger than their whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._slips import is_slip
from vvvresearch.audit._told import money_of
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

_COUNTS = ("count", "ratio", "total")
# Two nouns that between them name everybody.
_PAIRS = (
    (r"kvinde(?:r|rne)?", r"mænd(?:ene)?"), (r"pige(?:r|rne)?", r"drenge?(?:ne)?"), (r"women|females?", r"men|males?"), (r"girls", r"boys"),
)  # fmt: skip
_PATTERNS = tuple(tuple(re.compile(rf"\b(?:{noun})\b", re.IGNORECASE) for noun in pair) for pair in _PAIRS)
_MADE_UP = re.compile(
    r"\s+(?:(?:udgør|udgjorde|made up|make up|accounted for|account for|stod for|står for)\s+(?:[^\W\d]+\s+)?)?", re.IGNORECASE
)
_NEGATED = re.compile(r"\b(?:ikke|not)\b", re.IGNORECASE)
# How far a sum may lie from a whole for them to be meant as one.
_NEAR = Fraction(1, 4)


def whole_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on parts that must add up to their whole."""
    yield from _money_lists(facts)
    for said in facts.said:
        before = [one for one in facts.said[max(0, said.position - 2) : said.position] if one.section == said.section]
        yield from _both_sexes(facts, said, before)
        yield from _complement(said, before)
        rest = facts.said[said.position + 1] if said.position + 1 < len(facts.said) else None
        yield from _money(said, before[-1:], rest)


def _money_lists(facts: Facts) -> Iterator[Finding]:
    """Items with a sum of money each, under a paragraph that tells how much they are together."""
    at = 0
    while at < len(facts.said):
        items: list[tuple[Said, Mention]] = []
        start = at
        while at < len(facts.said) and facts.said[at].block.kind == "item" and facts.said[at].section == facts.said[start].section:
            own = [one for one in facts.said[at].of("money") if one.value is not None and not one.modifier]
            if len(own) == 1:
                items.append((facts.said[at], own[0]))
            at += 1
        if at == start:
            at += 1
        if len(items) < 3 or len(items) < at - start:
            continue
        before = [one for one in facts.said[max(0, start - 3) : start] if one.section == facts.said[start].section]
        wholes = [(said, one) for said in before for one in said.of("money") if one.value is not None and not one.modifier]
        added = sum((money_of(said, one) for said, one in items), Fraction(0))
        values = [(said, one, money_of(said, one)) for said, one in wholes]
        near = [one for one in values if 0 < abs(one[2] - added) <= one[2] * _NEAR]
        if near and all(value != added for _, _, value in values):
            said, whole, value = near[-1]
            what = Phrase("audit.what_sum", {"added": exact(added), "printed": exact(value), "name": said.text[:90]})
            places = (place_of(said, whole), *(place_of(item, one) for item, one in items))
            yield Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_list", {}), 0.95, 0.9)


def _sum(said: Said, parts: Sequence[Mention], owner: Said, whole: Mention, printed: Fraction, sign: str = "") -> Finding:
    added = sum((one.value or Fraction(0) for one in parts), Fraction(0))
    what = Phrase("audit.what_sum", {"added": exact(added) + sign, "printed": exact(printed) + sign, "name": said.text[:90]})
    places = tuple(dict.fromkeys((*(place_of(said, one) for one in parts), place_of(owner, whole))))
    return Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_sentence", {}), 0.95, 0.75)


def _noun_of(said: Said, mention: Mention, patterns: Sequence[re.Pattern[str]]) -> int:
    """Which noun of a pair stands right behind a number: 0, 1, or -1."""
    told = [
        (match.end(), at)
        for at, pattern in enumerate(patterns)
        for match in pattern.finditer(said.text[: mention.start - said.start])
        if _MADE_UP.fullmatch(said.text[match.end() : mention.start - said.start])
    ]
    if told:
        # "Women made up 58% of clients and men 42%"
        return max(told)[1]
    behind = said.text[mention.end - said.start :]
    following = [one.start - said.start for one in said.mentions if one.start >= mention.end and one.value is not None]
    behind = behind[: min([40, *(start - (mention.end - said.start) for start in following)])]
    found = [(match.start(), at) for at, pattern in enumerate(patterns) if (match := pattern.search(behind)) and match.start() < 34]
    if found:
        return min(found)[1]
    # "Drengene udgør 51 pct. og pigerne 49": the noun before.
    ends = [one.end - said.start for one in said.mentions if one.end <= mention.start and one.value is not None]
    before = said.text[max(ends, default=0) : mention.start - said.start][-34:]
    named = [(match.start(), at) for at, pattern in enumerate(patterns) for match in pattern.finditer(before)]
    return max(named)[1] if named else -1


def _both_sexes(facts: Facts, said: Said, before: Sequence[Said]) -> Iterator[Finding]:
    for patterns in _PATTERNS:
        for kind in ("percentage", "count"):
            numbers = [
                one for one in said.mentions if (one.kind == kind or (kind == "count" and one.kind in _COUNTS)) and one.value is not None
            ]
            named = [(one, _noun_of(said, one, patterns)) for one in numbers]
            named = [pair for pair in named if pair[1] >= 0]
            if len(named) != 2 or {at for _, at in named} != {0, 1} or any(one.modifier or one.role in ("from", "to") for one, _ in named):
                continue
            parts = [one for one, _ in named]
            if abs(parts[1].start - parts[0].end) > 60 or re.search(r"\b(?:end|than|mod|against)\b", said.text):
                continue
            added = sum((one.value or Fraction(0) for one in parts), Fraction(0))
            if kind == "percentage":
                decimals = max(one.decimals for one in parts)
                if Fraction(1, 10**decimals) < abs(added - 100) <= 15:
                    yield _sum(said, parts, said, parts[-1], Fraction(100), " %")
                continue
            yield from _against(facts, said, parts, added, before)


def _near_whole(facts: Facts, said: Said, parts: Sequence[Mention], added: Fraction) -> Iterator[Finding]:
    """The sum of a pair that is told nowhere, beside a number told twice and more that it nearly is."""
    told: dict[Fraction, list[tuple[Said, Mention]]] = {}
    for owner in facts.said:
        for one in owner.of(*_COUNTS, "base"):
            for value in (one.value, one.base):
                if value is not None and value.denominator == 1 and one not in parts:
                    told.setdefault(value, []).append((owner, one))
    cells = [cell.value for shown in facts.shown if shown.table is not None for row in shown.table.rows for cell in row.cells]
    own_values = [part.value or Fraction(0) for part in parts]
    largest = max(own_values)
    near = [
        value
        for value, owners in told.items()
        if value > largest
        and len(owners) + cells.count(value) > 1
        and (is_slip(exact(added), exact(value)) or any(is_slip(exact(value - added + own), exact(own)) for own in own_values))
    ]
    if added not in told and added not in cells and len(near) == 1:
        yield _sum(said, parts, *told[near[0]][0], near[0])


def _against(facts: Facts, said: Said, parts: Sequence[Mention], added: Fraction, before: Sequence[Said]) -> Iterator[Finding]:
    """The sum of a pair against the wholes that its sentence and the two before it give."""
    wholes = [
        (owner, one, value)
        for owner in (said, *reversed(before))
        for one in owner.of("count", "total", "base", "ratio")
        for value in (one.value, one.base)
        if value is not None and value.denominator == 1 and one not in parts
    ]
    wholes += [(said, one, one.base) for one in parts if one.base]
    if any(value == added for _, _, value in wholes):
        return
    if not wholes or all(abs(value - added) > value * _NEAR for _, _, value in wholes):
        yield from _near_whole(facts, said, parts, added)
        return
    near = [one for one in wholes if one[2] > max(part.value or 0 for part in parts) and abs(one[2] - added) <= one[2] * _NEAR]
    own = [one for one in near if one[0] is said] or near
    if own:
        owner, whole, value = min(own, key=lambda one: abs(one[2] - added))
        yield _sum(said, parts, owner, whole, value)


def _complement(said: Said, before: Sequence[Said]) -> Iterator[Finding]:
    """ "88 of the 221 took part; 133 did not": what is left over, told in a short clause with "not"; the whole may stand before."""
    wholes = said.of("base")
    if not wholes and not said.of("ratio") and before and before[-1].block is said.block:
        wholes = before[-1].of("base") or tuple(one for one in before[-1].of("count", "total") if _KNOWN.search(_left(before[-1], one)))
    numbers = [one for one in said.of(*_COUNTS) if one.value is not None and one.value.denominator == 1 and not one.modifier]
    for one, other in pairwise(numbers):
        ratios = [part for part in (one, other) if part.base] or ([] if len(wholes) != 1 else [wholes[0]])
        if len(ratios) != 1:
            continue
        whole, base = ratios[0], ratios[0].base or ratios[0].value or Fraction(0)
        between = said.text[one.end - said.start : other.start - said.start]
        rest = said.text[other.end - said.start :]
        short = re.match(r"[^.,;:]{0,40}", rest)
        parted = re.search(r"[,;]\s|\b(?:mens|while|men|but|og|and)\b", between)
        if short is None or parted is None or not _NEGATED.search(short[0]) or _NEGATED.search(between) or len(short[0].split()) > 5:
            continue
        if re.search(r"\d", between.replace(whole.text, "")) and len(numbers) > 2:
            percents = [mention for mention in said.of("percentage") if one.end <= mention.start < other.start]
            if not percents:
                continue
        added = (one.value or Fraction(0)) + (other.value or Fraction(0))
        if added != base and abs(added - base) <= base * Fraction(1, 3):
            yield _sum(said, (one, other), said if whole in said.mentions else before[-1], whole, base)


_KNOWN = re.compile(r"\b(?:de|alle|the|all)\s+$", re.IGNORECASE)


def _left(said: Said, mention: Mention) -> str:
    return said.text[: mention.start - said.start]


def _money(said: Said, before: Sequence[Said], rest: Said | None) -> Iterator[Finding]:
    """Two sums of money and more that a sum before them is made up of."""
    own = [one for one in said.of("money") if one.value is not None]
    split = re.search(r"\b(?:heraf|hvoraf|of which|of this|fordel\w+|made up of)\b", said.text, re.IGNORECASE)
    if split and own and own[0].end - said.start <= split.start():
        wholes = [(said, own[0])]
        parts = own[1:]
    else:
        wholes = [(owner, one) for owner in before if owner.block is said.block for one in owner.of("money") if one.value is not None]
        parts = own
    both = len(parts) == 2 and _PAID_BY.search(said.text) is not None
    if any(one.modifier or one.role in ("from", "to") for one in parts):
        return
    if len(parts) < (2 if split or both else 3) or not wholes or len(parts) > 8:
        return
    if len({_scale(said, one) for one in parts} | {_scale(owner, one) for owner, one in wholes}) != 1:
        return
    added = sum((one.value or Fraction(0) for one in parts), Fraction(0))
    if rest is not None and _REST.match(rest.text) and all(added < (one.value or Fraction(0)) for _, one in wholes):
        return
    decimals = max(one.decimals for one in parts)
    slack = Fraction(len(parts), 2 * 10**decimals) if decimals else Fraction(0)
    values = [one.value for _, one in wholes if one.value is not None]
    if any(abs(value - added) < max(slack / 2, Fraction(1, 1000)) for value in values):
        return
    near = [(owner, one) for owner, one in wholes if one.value and 0 < abs(one.value - added) <= one.value * Fraction(1, 4)]
    near = [pair for pair in near if (pair[1].value or 0) > max(one.value or Fraction(0) for one in parts)]
    if near:
        owner, whole = min(near, key=lambda pair: abs((pair[1].value or 0) - added))
        yield _sum(said, parts, owner, whole, whole.value or Fraction(0))


# "Kommunen har betalt 620.000 kr., og 285.200 kr. kommer fra fonde"
_PAID_BY = re.compile(
    r"\b(?:betal\w*|kommer fra|kom fra|dækk\w*|finansier\w*|paid|came from|comes from|covered|funded|met by)\b", re.IGNORECASE
)
_REST = re.compile(r"\W*(?:resten|det resterende|det øvrige|the rest|the remaind\w+|what is left)\b", re.IGNORECASE)


def _scale(said: Said, mention: Mention) -> str:
    """Millions and units are told apart by the word behind a number."""
    words = mention.text + said.text[mention.end - said.start : mention.end - said.start + 12]
    found = re.search(r"\b(mio|mill|million|m|mia|milliard|billion|t\.?kr|thousand|tusind)\b", words, re.IGNORECASE)
    return found[1].lower()[:3] if found else ""
