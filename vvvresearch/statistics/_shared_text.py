"""How much text two codes share at every place where one of them could lie: counted from where the sharing begins and ends.

While one code moves along a document, what it shares with another rises, stays and falls in straight lines. So the places where the
line bends say how often every amount occurs, and a document of 20,000 characters costs no more than one of 200 sentences.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from vvvresearch.statistics.convolution import Counts, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["Chances", "Mentions", "Places", "Steps", "around_the_end", "laid_anew", "mixed", "several_laid_anew"]

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
class Places:
    """How many of the places where one code could lie give each amount of shared text.

    Args:
        pair: the pair that each row belongs to: one row a pair, or two where either code can move.
        places: how many places each row has.
        counts: how often the first row has 0, 1, 2, … steps of text, then the second …; each place counts as often as a step has units.
            An amount between two steps is given to both, the nearer one more, so that the mean stays what it is.
        widths: how many steps each row has.
        most: the largest amount of each row.
        squares: the sum of all squared amounts.
        none: places with nothing shared.
        alone: places with as much as was seen in all documents together, or more.
    """

    pair: Ints
    places: Ints
    counts: Ints
    widths: Ints
    most: Ints
    squares: Floats
    none: Ints
    alone: Ints


@dataclass(frozen=True)
class Chances:
    """What each pair shares by chance.

    Args:
        counts: one distribution a pair, in steps of text.
        most: the most that each pair could share.
        excess: by how much the variance of the distribution in steps is larger than that of the amounts themselves.
        none: the chance that they share nothing.
        alone: the chance that they share as much as was seen in all documents together, or more.
    """

    counts: Counts
    most: Ints
    excess: Floats
    none: Floats
    alone: Floats


@dataclass(frozen=True)
class Steps:
    """How amounts are counted, one entry a pair.

    Args:
        sums: the number of the sum that each pair belongs to.
        units: how much text counts as one; 1 leaves every amount as it is.
        seen: what was seen in all documents together.
    """

    sums: Ints
    units: Ints
    seen: Ints


def mixed(parts: list[Places], steps: Steps) -> Chances:
    """One distribution a pair; where either code can move, each with the same chance.

    Args:
        parts: rows for the pairs 0 … P − 1, one or two a pair.
        steps: of these pairs.
    """
    n = len(steps.sums)
    pair, places, counts, widths, most, squares, none, alone = (
        np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Places)
    )
    width, top = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    np.maximum.at(width, pair, widths)
    np.maximum.at(top, pair, most)
    starts = np.cumsum(width) - width
    share, units = 1 / (places * np.bincount(pair, minlength=n)[pair]), steps.units[pair]
    at, chance = within(widths), counts * np.repeat(share / units, widths)
    made = np.bincount(np.repeat(starts[pair], widths) + at, chance, minlength=int(width.sum())).astype(np.float64)
    wide = np.add.reduceat(chance * at * at, np.cumsum(widths) - widths) * units**2
    told = wide - share * squares, share * none, share * alone
    excess, nothing, enough = (np.bincount(pair, each, minlength=n).astype(np.float64) for each in told)
    return Chances(Counts(made, width, steps.sums), top, excess, nothing, enough)


def around_the_end(mentions: Mentions, one: Ints, other: Ints, pairs: Ints, steps: Steps) -> Places:
    """`one` is shifted around the end of its document, every shift once."""
    pair, a, b = mentions.crossed(one, other)
    length = mentions.length[one]
    bends, sign = _bends(mentions.begins[a], mentions.stops[a], mentions.begins[b], mentions.stops[b])
    row = np.tile(pair, 4)
    # What leaves the document at its end comes back at its beginning.
    back = bends < 0
    row, bends, sign = np.r_[row, row[back]], np.r_[bends, bends[back] + length[row[back]]], np.r_[sign, sign[back]]
    return _along(pairs, length, row, bends, sign, steps)


def laid_anew(mentions: Mentions, one: Ints, other: Ints, pairs: Ints, steps: Steps) -> Places:
    """`one`, a single passage, is laid at every place where it fits."""
    pair, a, b = mentions.crossed(one, other)
    size = mentions.longest[one]
    bends, sign = _bends(np.zeros_like(a), size[pair], mentions.begins[b], mentions.stops[b])
    return _along(pairs, mentions.length[one] - size + 1, np.tile(pair, 4), bends, sign, steps)


def several_laid_anew(mentions: Mentions, one: Ints, other: Ints, pairs: Ints, steps: Steps) -> Iterator[Places]:
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
        shared = np.zeros((len(each), len(begins)), dtype=np.int64)
        for begin, stop in zip(begins.T, stops.T, strict=True):
            both = np.minimum(stop, mentions.stops[each, None]) - np.maximum(begin, mentions.begins[each, None])
            shared += np.maximum(both, 0, out=both)
        shared = np.add.reduceat(shared, np.cumsum(sizes) - sizes, axis=0)
        pair = pairs[rows]
        most, units = shared.max(axis=1), steps.units[pair]
        widths = _widths(most, units)
        starts = np.cumsum(widths) - widths
        counts = np.zeros(int(widths.sum()) + 1, dtype=np.int64)
        _put(counts, shared, starts[:, None], units[:, None], 1)
        none, alone = ((there).sum(axis=1) for there in (shared == 0, shared >= steps.seen[pair][:, None]))
        places = np.full(len(rows), shared.shape[1])
        yield Places(pair, places, counts[:-1], widths, most, (shared.astype(np.float64) ** 2).sum(axis=1), none, alone)


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


def _along(pairs: Ints, places: Ints, row: Ints, bends: Ints, sign: Ints, steps: Steps) -> Places:
    """A line at 0, 1, … places − 1 that is the sum of sign × (place − bend) for the bends before."""
    n = len(places)
    if not n:
        return Places(pairs, pairs, pairs, pairs, pairs, pairs.astype(np.float64), pairs, pairs)
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
    return _pieces(pairs, places, row, np.minimum(value, value + slope * (size - 1)), np.abs(slope), size, steps)


def _pieces(pairs: Ints, places: Ints, row: Ints, low: Ints, slope: Ints, size: Ints, steps: Steps) -> Places:
    """From the pieces of all rows, in order: `size` places with low, low + slope, … shared."""
    first, end = np.searchsorted(row, np.arange(len(pairs))), low + slope * (size - 1)
    most, units = np.maximum.reduceat(end, first), steps.units[pairs]
    widths = _widths(most, units)
    counts = _counted(low, slope, size, (np.cumsum(widths) - widths)[row], units[row], np.repeat(units, widths))
    m, v, s = size.astype(np.float64), low.astype(np.float64), slope.astype(np.float64)
    squares = m * v * v + v * s * m * (m - 1) + s * s * (m - 1) * m * (2 * m - 1) / 6
    lacking = steps.seen[pairs][row] - low
    less = np.where(slope > 0, -(-lacking // np.maximum(slope, 1)), np.where(lacking > 0, size, 0))
    none = np.where(low > 0, 0, np.where(slope > 0, 1, size))
    return Places(
        pairs, places, counts, widths, most, *(np.add.reduceat(each, first) for each in (squares, none, size - np.clip(less, 0, size)))
    )


def _widths(most: Ints, units: Ints) -> Ints:
    return most // units + 1 + (units > 1)


def _put(counts: Ints, amounts: Ints, at: Ints, units: Ints, times: Ints | int) -> None:
    """Add amounts, `times` each, to the steps that begin `at`."""
    cell, rest = amounts // units, amounts % units
    cell += at
    counts += np.bincount(cell.ravel(), (times * (units - rest)).ravel(), minlength=len(counts)).astype(np.int64)
    if rest.any():
        counts += np.bincount(cell.ravel() + 1, (times * rest).ravel(), minlength=len(counts)).astype(np.int64)


def _counted(low: Ints, slope: Ints, size: Ints, first: Ints, step: Ints, steps: Ints) -> Ints:
    """How often the amounts low, low + slope, … (`size` of them) occur, in steps from `first` on; every one counts `step` times.

    `steps` says how large the step is at each place of what is returned.
    """
    counts = np.zeros(len(steps) + 2, dtype=np.int64)
    flat, single, steep = slope == 0, slope == 1, slope > 1
    _put(counts, low[flat], first[flat], step[flat], size[flat])
    listed = np.repeat(low[steep], size[steep]) + within(size[steep]) * np.repeat(slope[steep], size[steep])
    _put(counts, listed, np.repeat(first[steep], size[steep]), np.repeat(step[steep], size[steep]), 1)
    # A stretch of amounts that each occur once: its whole steps, without what lies before it in the first and with the part of the last.
    full = np.zeros(len(steps) + 1, dtype=np.int64)
    h = step[single]
    for ends, sign in ((low[single], 1), (low[single] + size[single], -1)):
        cell, rest = ends // h + first[single], ends % h
        np.add.at(full, cell, sign)
        upper = rest * (rest - 1) // 2
        inner = rest > 0
        np.add.at(counts, cell[inner], -sign * (rest * h - upper)[inner])
        np.add.at(counts, cell[inner] + 1, -sign * upper[inner])
    full = np.cumsum(full)[:-1]
    counts[:-2] += full * (steps * (steps + 1) // 2)
    counts[1:-1] += full * (steps * (steps - 1) // 2)
    return counts[:-2]


def _running(values: Ints, first: Ints, row: Ints) -> Ints:
    """The running sum within each row."""
    total = np.cumsum(values)
    return total - (total[first] - values[first])[row]
