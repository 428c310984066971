"""How much text two codes share at every place where one of them could lie: counted from where the sharing begins and ends.

While one code moves along a document, what it shares with another rises, stays and falls in straight lines. So the places where the
line bends say how often every amount occurs, and a document of 20,000 characters costs no more than one of 200 sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from vvvresearch.statistics._sums import Amounts, within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["Mentions", "amounts_by_chance"]


@dataclass(frozen=True)
class Mentions:
    """The text that each code covers in each document ("mention"), as stretches that do not touch, sorted by mention and place.

    Args:
        document, code: of each mention.
        begins, stops: of each stretch.
        stretches: how many each mention has.
        passages: how many passages each mention has.
        starts, ends: of each passage.
        longest: the longest passage of each mention.
        length: of the document of each mention.
    """

    document: Ints
    code: Ints
    begins: Ints
    stops: Ints
    stretches: Ints
    passages: Ints
    starts: Ints
    ends: Ints
    longest: Ints
    length: Ints

    @classmethod
    def of(cls, document: Ints, code: Ints, start: Ints, end: Ints, lengths: Ints) -> Mentions:
        """From passages in any order."""
        order = np.lexsort((start, code, document))
        document, code, start, end = document[order], code[order], start[order], end[order]
        new = np.r_[True, (np.diff(document) != 0) | (np.diff(code) != 0)]
        mention = np.cumsum(new) - 1
        first = np.flatnonzero(new)
        # Far apart from one mention to the next, so that the running end never reaches over.
        far = int(lengths.max()) + 1
        reached = np.maximum.accumulate(end + mention * far)
        opens = np.r_[True, start[1:] + mention[1:] * far > reached[:-1]]
        begins = np.flatnonzero(opens)
        stops = reached[np.append(begins[1:], len(start)) - 1] - mention[begins] * far
        return cls(
            document[first],
            code[first],
            start[begins],
            stops,
            np.bincount(mention[begins], minlength=len(first)),
            np.bincount(mention),
            start,
            end,
            np.maximum.reduceat(end - start, first),
            lengths[document[first]],
        )

    def pairs(self) -> tuple[Ints, Ints]:
        """Every two mentions of one document."""
        n = len(self.document)
        later = np.searchsorted(self.document, self.document, side="right") - np.arange(n) - 1
        one = np.repeat(np.arange(n), later)
        return one, one + 1 + within(later)

    @cached_property
    def covers(self) -> Ints:
        """How much text each mention covers."""
        found: Ints = np.add.reduceat(self.stops - self.begins, self.first)
        return found

    @cached_property
    def first(self) -> Ints:
        """Where the stretches of each mention begin."""
        return np.cumsum(self.stretches) - self.stretches

    def crossed(self, one: Ints, other: Ints) -> tuple[Ints, Ints, Ints]:
        """Every stretch of `one` with every stretch of `other`: the number of the pair and both stretches."""
        sizes = self.stretches[one] * self.stretches[other]
        pair, place = np.repeat(np.arange(len(one)), sizes), within(sizes)
        across = self.stretches[other][pair]
        return pair, self.first[one][pair] + place // across, self.first[other][pair] + place % across

    def shared(self, one: Ints, other: Ints) -> Ints:
        """How much text both cover as they lie."""
        pair, a, b = self.crossed(one, other)
        both = np.minimum(self.stops[a], self.stops[b]) - np.maximum(self.begins[a], self.begins[b])
        found = np.zeros(len(one), dtype=np.int64)
        np.add.at(found, pair, np.maximum(both, 0))
        return found


@dataclass(frozen=True)
class _Lines:
    """What is shared while a code moves, one line a row: the knots where a line bends or where a place becomes one that is allowed.

    Args:
        row, place, value: of each knot, sorted by row and place; the first of a row is at place 0, the last at the end of its document.
        slope: of the line after each knot, 0 after the last.
        size: how many places there are to the next knot, 0 after the last and where a passage would be cut.
        lone: how much of the knot's own place is not told by the sizes beside it: ½ for each side that is not allowed.
    """

    row: Ints
    value: Ints
    slope: Ints
    size: Ints
    lone: Floats


def amounts_by_chance(mentions: Mentions, one: Ints, other: Ints, short: NDArray[np.bool_], sums: Ints) -> Amounts:
    """How much text each two mentions share when one of them is shifted around the end of its document.

    Args:
        mentions: all of them.
        one, other: the two of each pair.
        short: pairs where no passage may be cut at the end of the document; there either of the two moves, each with the chance ½.
        sums: the number of the sum that each pair belongs to.
    """
    n, both = len(one), np.flatnonzero(short)
    pair = np.r_[np.arange(n), both]
    lines = _lines(mentions, np.r_[one, other[both]], np.r_[other, one[both]], short[pair])
    step = np.abs(lines.slope)
    up = np.where(lines.size > 0, np.sign(lines.slope), 0)
    level = np.where(step == 0, lines.size, 0) + lines.lone
    places = np.bincount(lines.row, lines.size + lines.lone)
    weight = 1 / (places * (1 + short[pair]))
    # A knot is the lower end of a slope that rises after it, and the upper end of one that rose before.
    usual, steep = np.where(step == 1, up, 0), np.where(step > 1, up, 0)
    climb = -usual
    climb[1:] += usual[:-1]
    rare = np.flatnonzero(steep)
    row = np.r_[lines.row, lines.row[rare], lines.row[rare]]
    knots = _Knots(
        pair[row],
        np.r_[lines.value, lines.value[rare], lines.value[rare + 1]],
        weight[row] * np.r_[level, np.zeros(2 * len(rare))],
        weight[row] * np.r_[climb, -steep[rare], steep[rare]],
        np.r_[np.ones(len(climb), dtype=np.int64), step[rare], step[rare]],
    )
    slopes = np.flatnonzero(usual)
    on = weight[lines.row[slopes]] * lines.size[slopes]
    return Amounts(*knots.merged(n), sums, pair[lines.row[slopes]], on, lines.size[slopes])


class _Knots(NamedTuple):
    """As the fields of `Amounts`."""

    part: Ints
    value: Ints
    flat: Floats
    climb: Floats
    steep: Ints

    def merged(self, n: int) -> _Knots:
        """One knot for every value that one of `n` amounts has; that of 0 is always there."""
        told = ((self.flat != 0) | (self.climb != 0)) & ((self.value > 0) | (self.steep > 1))
        part, value, flat, climb, steep = (each[told] for each in self)
        wide = int(value.max(initial=0)) + 1
        key = (part * (int(steep.max(initial=1)) + 1) + steep) * wide + value
        order = np.argsort(key)
        first = np.flatnonzero(np.diff(key[order], prepend=-1))
        levels, climbs = (np.add.reduceat(each[order], first) if len(first) else each for each in (flat, climb))
        made = _Knots(part[order][first], value[order][first], levels, climbs, steep[order][first])
        still = (self.value == 0) & (self.steep == 1)
        none, rising = (np.bincount(self.part[still], each[still], minlength=n).astype(np.float64) for each in (self.flat, self.climb))
        nothing = _Knots(np.arange(n), np.zeros(n, dtype=np.int64), none, rising, np.ones(n, dtype=np.int64))
        after = np.searchsorted(made.part, np.arange(n))
        return _Knots(*(np.insert(own, after, added) for own, added in zip(made, nothing, strict=True)))


def _lines(mentions: Mentions, one: Ints, other: Ints, whole: NDArray[np.bool_]) -> _Lines:
    """`one` moves along its document and `other` rests; where `whole`, no passage of `one` is cut at the end."""
    n, length = len(one), mentions.length[one]
    pair, a, b = mentions.crossed(one, other)
    begin, stop, still, end = mentions.begins[a], mentions.stops[a], mentions.begins[b], mentions.stops[b]
    # What is shared begins to rise, ceases to rise, begins to fall, ceases to fall.
    row, at = np.tile(pair, 4), np.concatenate([still - stop, still - begin, end - stop, end - begin])
    bend = np.repeat(np.array([1, -1, -1, 1]), len(begin))
    # What leaves the document at its end comes back at its beginning.
    back = np.flatnonzero(at < 0)
    before = np.flatnonzero(at <= 0)
    value = np.bincount(row[before], -bend[before] * at[before], minlength=n).astype(np.int64)
    slope = np.bincount(row[before], bend[before], minlength=n).astype(np.int64)
    after, home = np.flatnonzero(at > 0), at[back] + length[row[back]]
    cut = np.flatnonzero(whole)
    passages = mentions.passages[one[cut]]
    passage = np.repeat((np.cumsum(mentions.passages) - mentions.passages)[one[cut]], passages) + within(passages)
    owner = np.repeat(cut, passages)
    every = np.arange(n)
    row = np.concatenate([every, every, row[after], row[back], owner, owner])
    nothing, room = np.zeros(n, dtype=np.int64), length[owner]
    at = np.concatenate([nothing, length, at[after], home, room - mentions.ends[passage], room - mentions.starts[passage]])
    bends = np.concatenate([slope, nothing, bend[after], bend[back], np.zeros(2 * len(owner), dtype=np.int64)])
    kind = np.repeat(np.array([0, 1, 2]), (len(row) - 2 * len(owner), len(owner), len(owner)))
    key = row * (int(length.max(initial=0)) + 1) + at
    order = np.argsort(key)
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    row, at = row[order][first], at[order][first]
    bends = np.add.reduceat(bends[order], first)
    opened, closed = (np.add.reduceat((kind[order] == one_kind).astype(np.int64), first) for one_kind in (1, 2))
    start = np.searchsorted(row, every)
    last = np.append(start[1:], len(row)) - 1
    size = np.diff(at, append=0)
    size[last] = 0
    slope = _running(bends, start, row)
    slope[last] = 0
    rise = slope * size
    value = value[row] + _running(rise, start, row) - rise
    # Over how many passages' ends the end of the document lies after each knot, before it, and at it.
    cutting = _running(opened - closed, start, row)
    earlier = cutting - opened + closed
    allowed = earlier - closed == 0
    beside = (cutting > 0).astype(float) + (earlier > 0)
    size[cutting > 0] = 0
    return _Lines(row, value, slope, size, np.where(allowed, beside / 2, 0.0))


def _running(values: Ints, first: Ints, row: Ints) -> Ints:
    """The running sum within each row."""
    total = np.cumsum(values)
    return total - (total[first] - values[first])[row]
