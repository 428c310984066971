"""The wholes that a document tells: its bases and totals, and the one whole that counts with a percentage each have together."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from vvvresearch.audit._facts import Facts, Said
from vvvresearch.audit._finding import Place, place_in
from vvvresearch.audit._near_numbers import Number, Pool
from vvvresearch.audit._promises import APPOSED
from vvvresearch.audit._shares import as_word, in_words, word_admits
from vvvresearch.audit._sums import has_money, is_total, percents_of, scale_of_table

# How many of the nearest wholes are tried, what floats may be off by, and how near a count stands before its share in words.
_WHOLES, _NOISE, _RIGHT_BEFORE = 16, 1e-9, 16


class Wholes:
    """The wholes of one document."""

    def __init__(self, facts: Facts, pool: Pool) -> None:
        self.facts, self.pool = facts, pool
        self.percents = percents_of(facts)
        self.totals = list(self._totals())
        self._wholes: dict[int, list[Number]] = {}
        self._pairs: dict[int, dict[int, tuple[Number, float, float]]] = {}
        self._all_told: dict[str, list[float]] = {}

    def _totals(self) -> Iterator[Number]:
        """What the document tells as wholes: bases, the totals of its tables, what it tells again and again."""
        seen: set[Fraction] = set()
        for shown in self.facts.shown:
            found = [(Fraction(shown.base), shown.base_line, str(shown.base), "count")] if shown.base is not None else []
            scale = scale_of_table(shown)
            for row in shown.table.rows if shown.table is not None else ():
                if is_total(row):
                    whole = [cell for cell in row.cells if cell.value is not None and not self.percents.get(id(cell))]
                    found += [
                        (scale * (cell.value or Fraction(0)), row.line, cell.text, "money" if has_money(shown) else "count")
                        for cell in whole
                    ]
            for value, line, text, family in found:
                if value not in seen and value > 4 and value != 100:
                    seen.add(value)
                    yield Number(value, family, 0, place_in(shown, line, text), 9.0, text)
        yield from (one for one in self.pool.known if one.value not in seen)

    def wholes_near(self, said: Said) -> list[Number]:
        """The wholes that are told nearest to a section."""
        if said.section not in self._wholes:
            self._wholes[said.section] = sorted(self.totals, key=lambda one: abs(one.place.line - said.line))[:_WHOLES]
        return self._wholes[said.section]

    def paired(self, said: Said) -> dict[int, tuple[Number, float, float]]:
        """The counts that a sentence tells with a percentage each, and between which numbers the whole of each lies, by the percentage."""
        if said.position not in self._pairs:
            own = sorted((one for one in self.pool.own[said.position]), key=lambda one: one.at.start)
            found = {}
            for part, percent in pairwise(one for one in own if one.family != "share"):
                between = said.text[part.at.end - said.start : percent.at.start - said.start]
                if percent.family == "percent" and part.family in ("count", "money") and part.amount > 1 and APPOSED.fullmatch(between):
                    half = 0.5 * 0.1**percent.decimals + _NOISE
                    high = 100 * part.amount / (percent.amount - half) if percent.amount > half else math.inf
                    found[percent.at.start] = (part, 100 * part.amount / (percent.amount + half), high)
            self._pairs[said.position] = found
        return self._pairs[said.position]

    def of_one_whole(self, said: Said, target: Number) -> tuple[bool, Number | None]:
        """Whether a percentage and its count have the whole of the others of their sentence, or any that is told; and which they should.

        "479 (85 pct.), 310 (55 pct.) og 226 (40 pct.)" have one whole between 561 and 567, wherever that is told.
        """
        pairs = self.paired(said)
        if target.at.start not in pairs:
            return False, None
        part, low, high = pairs[target.at.start]
        others = [pair for start, pair in pairs.items() if start != target.at.start and pair[0].family == part.family]
        agreeing = [one for one in others if one[1] <= high and low <= one[2]]
        told = self._told_of(part.family)
        if (
            others
            and 2 * len(agreeing) >= len(others)
            and (len(others) > 1 or _any_between(told, max(low, others[0][1]), min(high, others[0][2])))
        ):
            return True, None
        if len(others) > 1 and not agreeing:
            least, most = max(one[1] for one in others), min(one[2] for one in others)
            whole = next(
                (one for one in (*self.totals, *self.counts_of(said)) if least <= one.amount <= most and one.family == part.family), None
            )
            return False, whole
        own = [one for one in self.pool.own[said.position] if one.at.kind == "base" and one is not part]
        near = sorted(one.amount for one in own or (*self.totals, *self.counts_of(said)) if one.family == part.family)
        return _any_between(near, low, high), None

    def ends_of_totals(self, said: Said) -> Iterator[list[Number]]:
        """The totals of each table of a section, from left to right."""
        for shown in self.facts.shown_of[said.section]:
            for row in shown.table.rows if shown.table is not None else ():
                if is_total(row):
                    scale, place = scale_of_table(shown), place_in(shown, row.line, row.label)
                    family = "money" if has_money(shown) else "count"
                    cells = [cell for cell in row.cells if cell.value is not None and not self.percents.get(id(cell))]
                    yield [Number(scale * (one.value or Fraction(0)), family, one.decimals, place, 9.0, one.text) for one in cells]

    def counts_of(self, said: Said) -> list[Number]:
        """The numbers that the section of a sentence tells up to it."""
        return [
            one for other in self.facts.said_of[said.section] if other.position <= said.position for one in self.pool.own[other.position]
        ]

    def _told_of(self, family: str) -> list[float]:
        """Every number of a kind that the document tells, the least first."""
        if family not in self._all_told:
            told = {one.amount for own in self.pool.own for one in own if one.family == family} | {one.amount for one in self.totals}
            self._all_told[family] = sorted(told)
        return self._all_told[family]

    def says_a_share(self, place: Place) -> bool:
        """Whether the count right before a share in words is that share of a whole that the section tells: "60 unge, hver fjerde"."""
        for said in {id(one.said): one.owner for one in self.by_place.get(place, ())}.values():
            own = self.pool.own[said.position]
            for word in (one for one in said.mentions if one.kind == "share" or as_word(one)):
                before = [
                    one for one in own if one.family == "count" and one.at.end <= word.start and word.start - one.at.end <= _RIGHT_BEFORE
                ]
                wholes = [
                    one
                    for one in (*self.totals, *self.counts_of(said))
                    if before and one.family == "count" and one.amount > before[-1].amount
                ]
                if any(word_admits(in_words(word) if as_word(word) else word, 100 * before[-1].amount / whole.amount) for whole in wholes):
                    return True
        return False

    def is_multiple(self, place: Place) -> bool:
        """Whether a place lists counts that are all of one whole and pass it together: more answers than one were allowed."""
        for said in {id(one.said): one.owner for one in self.by_place.get(place, ())}.values():
            pairs = list(self.paired(said).values())
            low, high = max((one[1] for one in pairs), default=0.0), min((one[2] for one in pairs), default=0.0)
            if len(pairs) > 2 and low <= high < sum(one[0].amount for one in pairs):
                return True
        return False

    @cached_property
    def by_place(self) -> dict[Place, list[Number]]:
        """The numbers of each place."""
        found: dict[Place, list[Number]] = defaultdict(list)
        for own in self.pool.own:
            for one in own:
                found[one.place].append(one)
        return dict(found)


def _any_between(values: Sequence[float], low: float, high: float) -> bool:
    at = bisect_left(values, low)
    return at < len(values) and values[at] <= high
