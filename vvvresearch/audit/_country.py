"""The whole of all: "landets 98 kommuner" is told once, and every "93 pct. af samtlige kommuner" beside a count is held against it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.audit._words import stem
from vvvresearch.locales import Phrase, half_up
from vvvresearch.statements import Mention

_ALL = re.compile(r"\b(?:landets|alle landets|samtlige|all|the country's)\s+(?:de\s+)?$", re.IGNORECASE)
_OF_ALL = re.compile(
    r"[^.;]{0,12}\b(?:af|of)\s+(?:samtlige|alle|landets|alle landets|all|all the|the country's)\s+"
    r"(?:danske\s+|danish\s+)?(?P<unit>[^\W\d_]{4,})",
    re.IGNORECASE,
)
_BESIDE = 60


def country_findings(documents: Sequence[Facts]) -> Iterator[Finding]:
    """Findings on counts and percentages of all units of a kind, whose number is told anywhere in the documents."""
    known = _known(documents)
    for facts in documents:
        for said in facts.said:
            for percent in said.of("percentage"):
                behind = _OF_ALL.match(said.text, percent.end - said.start)
                unit = stem(behind["unit"].lower(), said.lang) if behind else ""
                wholes = known.get(unit, [])
                if behind is None or percent.value is None or len({value for _, _, value in wholes}) != 1:
                    continue
                owner, whole, value = wholes[0]
                counts = [
                    one
                    for one in said.of("count", "total")
                    if one.value is not None
                    and stem(one.unit, said.lang) == unit
                    and 0 < percent.start - one.end <= _BESIDE
                    and 2 < one.value < value
                ]
                if len(counts) == 1 and not percent.modifier and not counts[0].modifier:
                    yield from _judged(said, counts[0], percent, (owner, whole, value))


def _known(documents: Sequence[Facts]) -> dict[str, list[tuple[Said, Mention, Fraction]]]:
    found: dict[str, list[tuple[Said, Mention, Fraction]]] = defaultdict(list)
    for facts in documents:
        for said in facts.said:
            for one in said.of("count", "base", "ratio"):
                value = one.base if one.kind == "ratio" else one.value
                before = said.text[: one.end - said.start]
                opened = _ALL.search(before[: one.start - said.start]) or (
                    one.kind == "ratio" and re.search(r"\b(?:landets|alle|samtlige|all)\s+(?:de\s+)?\d[\d.,]*$", before, re.IGNORECASE)
                )
                if value is not None and value.denominator == 1 and value > 9 and one.unit and opened:
                    found[stem(one.unit, said.lang)].append((said, one, value))
    return found


def _judged(said: Said, count: Mention, percent: Mention, whole: tuple[Said, Mention, Fraction]) -> Iterator[Finding]:
    owner, mention, value = whole
    assert count.value is not None
    assert percent.value is not None
    share = 100 * count.value / value
    if abs(share - percent.value) <= Fraction(1, 2 * 10**percent.decimals):
        return
    actual = half_up(share, percent.decimals)
    printed = {"count": exact(count.value), "base": exact(value), "printed": f"{exact(percent.value)} %", "actual": actual}
    places = (place_of(said, percent), place_of(owner, mention))
    yield Finding(
        "count", places, Phrase("audit.what_count", printed), Phrase("audit.why_count", {}), Phrase("audit.ground_all", {}), 0.95, 0.9
    )
