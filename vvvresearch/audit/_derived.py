"""Numbers that their own words say follow from others near: a difference, some of them, a share of a base, a change between years."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from vvvresearch.audit._bases import Bases
from vvvresearch.audit._ends import ENDS, Move, year_of
from vvvresearch.audit._facts import Facts, Said, Shown, exact
from vvvresearch.audit._finding import Finding, place_in, place_of
from vvvresearch.audit._lines import DIFFERENCE
from vvvresearch.audit._slips import is_slip
from vvvresearch.audit._steps import direction_of, judged_step, step_told
from vvvresearch.audit._sums import columns_of, is_percent, is_total
from vvvresearch.audit._told import head_of, money_of, years_in
from vvvresearch.audit._words import common
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention

_COUNTS = ("count", "total", "ratio", "base")
_DIFFERENCE = re.compile(
    r"\b(?:forskel(?:len)?|difference|gap|afstand(?:en)?|spænd(?:et)?)\b(?:\s+(?:[^\W\d]+\s+){0,8}?)?"
    r"(?:er|var|på|of|is|was|blev|udgør)\s+(?:[^\W\d]+\s+)?[£$€]?$",
    re.IGNORECASE,
)
_FARTHEST = re.compile(r"\b(?:højeste|største|highest|largest)\b.*\b(?:laveste|mindste|lowest|smallest)\b|"
                       r"\b(?:laveste|mindste|lowest|smallest)\b.*\b(?:højeste|største|highest|largest)\b", re.IGNORECASE)  # fmt: skip
_OF_THEM = re.compile(r"\s*(?:af dem|af disse|of them|of these|of those|of whom)\b", re.IGNORECASE)
_SO = re.compile(
    r"\b(?:så|dermed|altså|således|svarende|svarer|udgør|udgjorde|dvs|or|that is|in other words|thus|hence|equals?|makes?|accounts?)\b|"
    r"[(,]\s*$",
    re.IGNORECASE,
)
_BACK = re.compile(r"\W*(?:in other words|that is|this means|altså|med andre ord|dermed|det vil sige|samlet set|overall)\b", re.IGNORECASE)
_YEARS = re.compile(r"\b(?:fra|from|mellem|between)\s+((?:19|20)\d\d)\s+(?:til|to|og|and)\s+((?:19|20)\d\d)\b", re.IGNORECASE)


def derived_findings(facts: Facts, bases: Bases) -> Iterator[Finding]:
    """Findings on numbers that are not what the numbers give which their words point at."""
    prose = [said for said in facts.said if said.block.kind not in ("caption", "heading", "note")]
    for at, said in enumerate(prose):
        before = [one for one in prose[max(0, at - 2) : at] if one.section == said.section]
        yield from _difference(facts, bases, said, before)
        yield from _some_of_them(said, before)
        yield from _more_than_the(said)
        yield from _share_of_base(said, before)
        yield from _between_years(facts, said, [one for one in prose[max(0, at - 5) : at] if one.block is said.block])
    yield from _opposed(prose)


def _family(said: Said, mention: Mention) -> str:
    """Of what numbers a difference is: points of percentages, of a score, else its own kind."""
    if mention.kind == "points":
        return "percentage" if re.search(r"pro|per|%", mention.text.lower()) else "points"
    return "count" if mention.kind in _COUNTS else mention.kind


def _value(said: Said, mention: Mention) -> Fraction:
    return money_of(said, mention) if mention.kind == "money" else mention.value or Fraction(0)


def _numbers(said: Said, family: str) -> list[tuple[Said, Mention]]:
    found = [one for one in said.mentions if one.value is not None and one.low is None and one.kind in (*ENDS, "base", "points")]
    return [(said, one) for one in found if _family(said, one) == family and (one.kind != "points" or family == "points")]


def _difference(facts: Facts, bases: Bases, said: Said, before: Sequence[Said]) -> Iterator[Finding]:
    """ "(16.8 points) … (11.1 points), a difference of 5.7 points"; "the difference is 6 percentage points" of the two just told."""
    for step in said.of("points", "percentage", "money", "duration", "count"):
        left = said.text[: step.start - said.start]
        told = _DIFFERENCE.search(left)
        if step.value is None or told is None or step.modifier or step.low is not None:
            continue
        family = _family(said, step)
        own = [pair for pair in _numbers(said, family) if pair[1].end - said.start <= told.start()]
        if _FARTHEST.search(left):
            yield from _farthest(facts, bases, said, step, family)
            continue
        pools = [own, *([] if own else (_numbers(one, family) for one in reversed(before)))]
        near = next((pool for pool in pools if len(pool) > 1), [])
        gaps = {abs(_value(*one) - _value(*other)) for pool in pools for one, other in combinations(pool, 2)}
        room = Fraction(1, 10**step.decimals) if step.decimals or family == "percentage" else Fraction(0)
        if len(near) != 2 or any(abs(gap - _value(said, step)) <= room for gap in gaps):
            continue
        yield from judged_step(said, step, "", 0, Move(near[0], near[1], ordered=False))


def _farthest(facts: Facts, bases: Bases, said: Said, step: Mention, family: str) -> Iterator[Finding]:
    """ "The gap between the highest and the lowest": of one column of the table that is meant."""
    named = bases.shown_by(said)
    tables = [named] if named is not None else [one for one in facts.shown if one.section == said.section]
    gaps: list[tuple[Fraction, Shown, int, int]] = []
    for shown in tables:
        for column in columns_of(shown) if shown.table is not None else ():
            cells = [(cell.value, row.line) for row, cell in column if cell.value is not None and not is_total(row)]
            if len(cells) > 2 and is_percent(shown, column) == (family == "percentage"):
                low, high = min(cells), max(cells)
                gaps.append((high[0] - low[0], shown, low[1], high[1]))
    slips = [one for one in gaps if is_slip(exact(one[0]), exact(step.value or Fraction(0)))]
    if len(slips) == 1 and all(abs(gap - (step.value or 0)) > Fraction(1, 10**step.decimals) for gap, *_ in gaps):
        gap, shown, low_line, high_line = slips[0]
        rows = {row.line: row for row in (shown.table.rows if shown.table else ())}
        words = [f"{rows[at].label}: {' · '.join(cell.text for cell in rows[at].cells)}" for at in (low_line, high_line)]
        printed = {"first": words[0], "last": words[1], "step": step.text, "actual": exact(gap)}
        places = (place_of(said, step), place_in(shown, low_line, words[0]), place_in(shown, high_line, words[1]))
        yield Finding(
            "difference", places, Phrase("audit.what_difference", printed),
            Phrase("audit.why_difference", {}), Phrase("audit.ground_difference", {}), 0.9, 0.8,
        )  # fmt: skip


_MORE_THAN = re.compile(r"\s+(?P<word>more|fewer|less|flere|færre|mere|mindre)\s+(?:than|end)\s+(?:the|de)\s+$", re.IGNORECASE)


def _more_than_the(said: Said) -> Iterator[Finding]:
    """ "38 clubs, six more than the 32 of the year before": three numbers of one sentence, the second what lies between the others."""
    numbers = [one for one in said.mentions if one.kind in (*ENDS, "base") and one.value is not None and one.low is None]
    for first, step, last in zip(numbers, numbers[1:], numbers[2:], strict=False):
        told = _MORE_THAN.fullmatch(said.text[step.end - said.start : last.start - said.start])
        if told is None or ({first.kind, last.kind} - {*_COUNTS} and first.kind != last.kind):
            continue
        sign = direction_of(said, told["word"])
        if step.kind in _COUNTS or step.kind == first.kind:
            yield from judged_step(said, step, told["word"], sign, Move((said, last), (said, first)))


def _some_of_them(said: Said, before: Sequence[Said]) -> Iterator[Finding]:
    """ "De 84 blev spurgt, og 91 af dem svarede": some of them are more than all of whom they may be some."""
    for one in said.of("count"):
        if one.value is None or one.value.denominator != 1 or one.value < 5 or one.modifier:
            continue
        if not _OF_THEM.match(said.text[one.end - said.start :]):
            continue
        own = [(said, other) for other in said.of(*_COUNTS) if other.end <= one.start and other.value is not None]
        wholes = own or [(owner, other) for owner in before[-1:] for other in owner.of(*_COUNTS) if other.value is not None]
        wholes = [pair for pair in wholes if (pair[1].value or 0) > 4 and not pair[1].modifier]
        if wholes and all(one.value > (other.base or other.value or 0) for _, other in wholes):
            owner, whole = max(wholes, key=lambda pair: pair[1].value or Fraction(0))
            what = Phrase("audit.what_route", {"base": exact(one.value), "count": exact(whole.value or Fraction(0))})
            places = tuple(dict.fromkeys((place_of(said, one), place_of(owner, whole))))
            yield Finding("route", places, what, Phrase("audit.why_route", {}), Phrase("audit.ground_sentence", {}), 0.9, 0.8)


def _share_of_base(said: Said, before: Sequence[Said]) -> Iterator[Finding]:
    """ "683 of the 1,119 are women and 436 men, so women make up 61 %": no count told with the base gives it, and one nearly does."""
    percents = [one for one in said.of("percentage") if one.value is not None and one.low is None and not one.modifier]
    wholes = {one.base or one.value for one in said.of("base", "ratio") if not (one.kind == "ratio" and one.spelled)}
    if len(percents) != 1 or len(wholes) != 1 or said.of("direction", "points"):
        return
    percent, base = percents[0], wholes.pop()
    behind = said.text[percent.end - said.start :]
    if base is None or base < 10 or base.denominator != 1 or _OF_THEM.match(behind) or percent.role in ("from", "to", "by"):
        return
    own = [(said, one) for one in said.of("count", "ratio") if one.value is not None and one.end <= percent.start]
    looks_back = _BACK.match(said.text) is not None
    if own and not _SO.search(said.text[own[-1][1].end - said.start : percent.start - said.start]):
        return
    counts = own or [(owner, one) for owner in (before[-1:] if looks_back else ()) for one in owner.of("count", "ratio") if one.value]
    values = [one.value or Fraction(0) for _, one in counts]
    made = [sum(some) for size in (1, 2) for some in combinations(values, size)]
    shares = [100 * value / base for count in made for value in (count, base - count)]
    step = Fraction(1, 2 * 10**percent.decimals)
    if not counts or any(abs(share - (percent.value or 0)) <= step for share in shares):
        return
    slips = [
        (pair, share)
        for pair in counts
        if is_slip(str(share := half_up(100 * (pair[1].value or 0) / base, percent.decimals)), exact(percent.value or Fraction(0)))
    ]  # fmt: skip
    if len(slips) == 1:
        (owner, count), share = slips[0]
        printed = {"count": exact(count.value or Fraction(0)), "base": exact(base), "printed": percent.text, "actual": share}
        places = tuple(dict.fromkeys((place_of(said, percent), place_of(owner, count))))
        ground = Phrase("audit.ground_count", {"how": Phrase("audit.base_sentence", {})})
        yield Finding("count", places, Phrase("audit.what_count", printed), Phrase("audit.why_count", {}), ground, 0.95, 0.8)


def _between_years(facts: Facts, said: Said, before: Sequence[Said]) -> Iterator[Finding]:
    """ "14,2 mio. kr. i 2021, 18,6 mio. kr. i 2022 … steg fra 2021 til 2022 med 4,4 mio. kr.": both years are told in the paragraph."""
    years = _YEARS.search(said.text)
    steps = [
        (one, word)
        for one in said.of("points", "percentage", "money", "count")
        if one.value is not None and one.low is None and ((word := step_told(said, one)) is not None or one.role == "by")
    ]
    if years is None or not steps:
        return
    signs = [one.word.sign for one in said.of("direction") if one.word is not None and one.word.sign in (1, -1)]
    for step, word in steps:
        sign = direction_of(said, word) if word else signs[0] if len(signs) == 1 else 0
        family = "percentage" if step.kind == "points" else _family(said, step)
        told: dict[int, list[tuple[Said, Mention]]] = defaultdict(list)
        for owner in before:
            for _, one in _numbers(owner, family):
                told[year_of(owner, one, [other for other in owner.of(*ENDS) if other.value is not None])].append((owner, one))
        ends = [told.get(int(year), []) for year in years.groups()]
        if all(len(pairs) == 1 for pairs in ends) and not (step.kind == "percentage" and family == "percentage"):
            word = word or next((one.text for one in said.of("direction")), "")
            yield from judged_step(said, step, word, sign, Move(ends[0][0], ends[1][0]))
        elif not any(ends):
            yield from _between_rows(facts, said, step, word or "", sign, years[1], years[2])


def _between_rows(facts: Facts, said: Said, step: Mention, word: str, sign: int, first: str, last: str) -> Iterator[Finding]:
    """As the years of a paragraph, of the only table of the section that has a row for each year and one column of amounts."""
    found = []
    for shown in facts.shown:
        rows = {row.label.strip(): row for row in shown.table.rows} if shown.table is not None and shown.section == said.section else {}
        if first not in rows or last not in rows:
            continue
        amounts = [at for at in range(len(rows[last].cells)) if not DIFFERENCE.search(head_of(shown, rows[last], at))]
        if len(amounts) == 1 and amounts[0] < len(rows[first].cells):
            found.append((shown, rows[first], rows[last], rows[first].cells[amounts[0]].value, rows[last].cells[amounts[0]].value))
    if len(found) != 1 or step.value is None:
        return
    shown, before, after, old, new = found[0]
    if old is None or new is None or not old:
        return
    relative = step.kind == "percentage" and re.search(r"%|pct|procent|per ?cent", shown.title, re.IGNORECASE) is None
    gap = 100 * abs(new - old) / old if relative else abs(new - old)
    turned = (new - old) * sign < 0
    right = abs(gap - step.value) <= Fraction(1, 2 if relative else 1) / 10**step.decimals or step.modifier != ""
    if right and not turned:
        return
    kind = "direction" if turned else "difference"
    printed = {"first": exact(old), "last": exact(new), "step": step.text, "actual": str(half_up(gap, step.decimals)), "word": word}
    places = [place_in(shown, row.line, f"{row.label}: {' · '.join(cell.text for cell in row.cells)}") for row in (after, before)]
    yield Finding(
        kind, (place_of(said, step), *places), Phrase(f"audit.what_{kind}", printed),
        Phrase(f"audit.why_{kind}", {}), Phrase(f"audit.ground_{kind}", {}), 0.9, 0.8,
    )  # fmt: skip


def _opposed(prose: Sequence[Said]) -> Iterator[Finding]:
    """ "an increase of 16.0 points" in one place, "has fallen by 16.0 points" in another, of one thing."""
    told: dict[tuple[str, Fraction], list[tuple[Said, Mention, int, str]]] = defaultdict(list)
    for said in prose:
        for one in said.of("points", "percentage", "money"):
            word = step_told(said, one)
            sign = direction_of(said, word) if word else 0
            own = [other for other in said.of("direction") if other.word and other.word.sign in (1, -1) and other.end <= one.start]
            if not sign and own and (one.role == "by" or word is not None):
                sign, word = (own[-1].word.sign if own[-1].word else 0), own[-1].text
            if sign and one.value is not None and (one.decimals or one.kind == "points"):
                told[one.kind, one.value].append((said, one, sign, word or ""))
    for found in told.values():
        for first, other in combinations(found[:12], 2):
            if first[2] == other[2] or first[0] is other[0]:
                continue
            times = years_in(first[0].text), years_in(other[0].text)
            if len(common(first[0].stems, other[0].stems)) < 2 or (times[0] and times[1] and not times[0] & times[1]):
                continue
            printed = {"word": other[3], "first": first[1].text, "last": other[1].text}
            places = (place_of(other[0], other[1]), place_of(first[0], first[1]))
            yield Finding(
                "direction", places, Phrase("audit.what_direction", printed),
                Phrase("audit.why_direction", {}), Phrase("audit.ground_direction", {}), 0.85, 0.7,
            )  # fmt: skip
            break
