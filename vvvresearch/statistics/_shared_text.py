"""How much text two codes share at every place where one of them could lie: counted from where the sharing begins and ends.

While one code moves along a document, what it shares with another rises, stays and falls in straight lines. So the places where the
line bends say how often every amount occurs, and a document of 20,000 characters costs no more than one of 200 sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from vvvresearch.statistics.convolution import Counts, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["Mentions", "Places", "around_the_end", "laid_anew", "mixed", "several_laid_anew"]

# Shifts of several passages together, evenly spaced: all of them in sentences, fewer in long documents that are counted in characters.
_SHIFTS = 400


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
class Places:
    """How many of the places where one code could lie give each amount of shared text.

    Args:
        pair: the number of the pair that each row belongs to.
        counts: places with 0, 1, 2, … shared of the first row, then of the second …
        widths: how many amounts each row has.
        places: how many places there are in each row.
    """

    pair: Ints
    counts: Ints
    widths: Ints
    places: Ints


def mixed(parts: list[Places], sums: Ints) -> Counts:
    """One distribution a pair; where either code can move, each with the same chance.

    Args:
        parts: rows for the pairs 0 … P − 1, one or two a pair.
        sums: the number of the sum that each pair belongs to.
    """
    pair, counts, widths, places = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("pair", "counts", "widths", "places")
    )
    width = np.zeros(len(sums), dtype=np.int64)
    np.maximum.at(width, pair, widths)
    starts = np.cumsum(width) - width
    chance = counts / np.repeat(places * np.bincount(pair, minlength=len(sums))[pair], widths)
    made = np.bincount(np.repeat(starts[pair], widths) + within(widths), chance, minlength=int(width.sum())).astype(np.float64)
    return Counts(made, width, sums)


def around_the_end(mentions: Mentions, one: Ints, other: Ints, pairs: Ints) -> Places:
    """`one` is shifted around the end of its document, every shift once."""
    pair, a, b = mentions.crossed(one, other)
    length = mentions.length[one]
    bends, sign = _bends(mentions.begins[a], mentions.stops[a], mentions.begins[b], mentions.stops[b])
    row = np.tile(pair, 4)
    # What leaves the document at its end comes back at its beginning.
    back = bends < 0
    row, bends, sign = np.r_[row, row[back]], np.r_[bends, bends[back] + length[row[back]]], np.r_[sign, sign[back]]
    return _counted(pairs, length, row, bends, sign)


def laid_anew(mentions: Mentions, one: Ints, other: Ints, pairs: Ints) -> Places:
    """`one`, a single passage, is laid at every place where it fits."""
    pair, a, b = mentions.crossed(one, other)
    size = mentions.longest[one]
    bends, sign = _bends(np.zeros_like(a), size[pair], mentions.begins[b], mentions.stops[b])
    return _counted(pairs, mentions.length[one] - size + 1, np.tile(pair, 4), bends, sign)


def several_laid_anew(mentions: Mentions, one: Ints, other: Ints, pairs: Ints) -> Iterator[Places]:
    """The beginnings of the passages of `one` are shifted around the places where each fits, so that none is cut at the end."""
    first = np.cumsum(mentions.passages) - mentions.passages
    order = np.argsort(one, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(one[order])) + 1 if len(one) else []):
        if not len(rows):
            continue
        mention = int(one[rows[0]])
        own = slice(first[mention], first[mention] + mentions.passages[mention])
        begins, stops = _laid(mentions.starts[own], mentions.ends[own], int(mentions.length[mention]))
        sizes = mentions.stretches[other[rows]]
        each = np.repeat(mentions.first[other[rows]], sizes) + within(sizes)
        both = np.minimum(stops, mentions.stops[each, None, None]) - np.maximum(begins, mentions.begins[each, None, None])
        shared = np.add.reduceat(np.maximum(both, 0).sum(axis=2), np.cumsum(sizes) - sizes, axis=0)
        widths = shared.max(axis=1) + 1
        starts = np.cumsum(widths) - widths
        counts = np.bincount((shared + starts[:, None]).ravel(), minlength=int(widths.sum()))
        yield Places(pairs[rows], counts, widths, np.full(len(rows), shared.shape[1]))


def _laid(start: Ints, end: Ints, length: int) -> tuple[Ints, Ints]:
    """Shifts of the passages' beginnings: begin and end of the disjoint stretches they cover, shifts × passages."""
    size = end - start
    places = length - size + 1
    most = int(places.max())
    shifts = np.arange(min(most, _SHIFTS))[:, None] * most // min(most, _SHIFTS)
    begins = (start + shifts * places // most) % places
    order = np.argsort(begins, axis=1, kind="stable")
    begins = np.take_along_axis(begins, order, axis=1)
    stops = begins + size[order]
    reached = np.maximum.accumulate(stops, axis=1)
    begins[:, 1:] = np.maximum(begins[:, 1:], reached[:, :-1])
    return begins, np.maximum(begins, stops)


def _bends(begin: Ints, stop: Ints, other_begin: Ints, other_stop: Ints) -> tuple[Ints, Ints]:
    """The shifts at which what two stretches share bends, and by how much: it begins to rise, ceases, begins to fall, ceases."""
    at = np.concatenate([other_begin - stop, other_begin - begin, other_stop - stop, other_stop - begin])
    return at, np.repeat(np.array([1, -1, -1, 1]), len(begin))


def _counted(pairs: Ints, places: Ints, row: Ints, bends: Ints, sign: Ints) -> Places:
    """How often a line takes each value at 0, 1, … places − 1, where it is the sum of sign × (place − bend) for the bends before."""
    n = len(places)
    if not n:
        return Places(pairs, pairs, pairs, pairs)
    before = bends <= 0
    value = np.zeros(n, dtype=np.int64)
    slope = np.zeros(n, dtype=np.int64)
    np.add.at(value, row[before], -sign[before] * bends[before])
    np.add.at(slope, row[before], sign[before])
    inner = ~before & (bends < places[row])
    row = np.r_[np.arange(n), row[inner]]
    at = np.r_[np.zeros(n, dtype=np.int64), bends[inner]]
    change = np.r_[slope, sign[inner]]
    order = np.argsort(row * (int(places.max(initial=0)) + 1) + at, kind="stable")
    row, at, change = row[order], at[order], change[order]
    first = np.searchsorted(row, np.arange(n))
    size = np.append(at[1:], 0) - at
    last = np.append(first[1:], len(row)) - 1
    size[last] = places - at[last]
    slope = _running(change, first, row)
    rise = slope * size
    value = value[row] + _running(rise, first, row) - rise
    full = size > 0
    row, size, slope, value = row[full], size[full], slope[full], value[full]
    ends = value + slope * (size - 1)
    widths = np.maximum.reduceat(np.maximum(value, ends), np.searchsorted(row, np.arange(n))) + 1
    at = (np.cumsum(widths) - widths)[row] + np.minimum(value, ends)
    return Places(pairs, _filled(at, np.abs(slope), size, int(widths.sum())), widths, places)


def _running(values: Ints, first: Ints, row: Ints) -> Ints:
    """The running sum within each row."""
    total = np.cumsum(values)
    return total - (total[first] - values[first])[row]


def _filled(at: Ints, step: Ints, size: Ints, width: int) -> Ints:
    """Counts of the values at, at + step, … (`size` of them)."""
    flat, single, steep = step == 0, step == 1, step > 1
    edges = np.zeros(width + 1, dtype=np.int64)
    np.add.at(edges, at[single], 1)
    np.add.at(edges, at[single] + size[single], -1)
    counts = np.cumsum(edges[:-1])
    np.add.at(counts, at[flat], size[flat])
    listed = np.repeat(at[steep], size[steep]) + within(size[steep]) * np.repeat(step[steep], size[steep])
    return counts + np.bincount(listed, minlength=width)
