"""Every cover of the positive configurations by prime implicants: all smallest ones, or all without a superfluous term.

Four steps lose nothing. A configuration whose every prime also belongs to another one's primes follows from that other.
Primes that cover the same configurations are one class. Parts that share no prime are solved apart. And a class that
covers less than another may replace it in a cover where the rest makes up for it; so only the largest classes are
searched. What is kept are families: for each place of a cover the primes it may hold, all free to combine. A million models cost
no more than their families.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from vvvresearch.mechanisms.qca._search import Deadline, OutOfTime, all_of_size, all_without_surplus, bits_of, greedy_cover, lower_bound

# For each place of a cover the primes that may stand there; every combination is a cover.
Family = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Covers:
    """All covers, as a product of sums of products.

    Args:
        parts: for each independent part of the chart its families of covers.
        complete: whether every cover is here.
        proved: at least this many terms are needed.
        best: primes of the shortest cover known, also when its size is not proved to be the least.
    """

    parts: tuple[tuple[Family, ...], ...]
    complete: bool
    proved: int
    best: tuple[int, ...]


def minimum_covers(masks: Sequence[int], n_rows: int, deadline: Deadline, cap: int) -> Covers:
    """All covers with the fewest primes.

    Args:
        masks: for each prime the configurations it covers, as bits.
        n_rows: number of configurations; every one is covered by some prime.
        deadline: when to stop.
        cap: most families listed for one part.
    """
    chart = _reduced(masks, n_rows)
    solved = [_smallest(chart, rows, deadline, cap) for rows in chart.parts]
    return _joined(solved)


def irredundant_covers(masks: Sequence[int], n_rows: int, deadline: Deadline, cap: int) -> Covers:
    """All covers from which no prime can be dropped, of whatever size."""
    chart = _reduced(masks, n_rows)
    return _joined([_without_surplus(chart, rows, deadline, cap) for rows in chart.parts])


@dataclass(frozen=True)
class _Part:
    families: tuple[Family, ...]
    complete: bool
    proved: int
    best: tuple[int, ...]


def _joined(solved: Sequence[_Part]) -> Covers:
    return Covers(
        tuple(part.families for part in solved),
        all(part.complete for part in solved),
        sum(part.proved for part in solved),
        tuple(number for part in solved for number in part.best),
    )


@dataclass(frozen=True)
class _Chart:
    """The reduced chart: classes of primes with what they cover, the largest of them, and the rows of each part."""

    masks: tuple[int, ...]
    classes: tuple[tuple[int, ...], ...]
    largest: tuple[int, ...]
    parts: tuple[int, ...]

    def primes_of(self, classes: Sequence[int]) -> tuple[int, ...]:
        """The primes of several classes, in order."""
        return tuple(sorted(prime for number in classes for prime in self.classes[number]))


def _reduced(masks: Sequence[int], n_rows: int) -> _Chart:
    coverers = [0] * n_rows
    for number, mask in enumerate(masks):
        for row in bits_of(mask):
            coverers[row] |= 1 << number
    kept: list[int] = []
    for row in sorted(range(n_rows), key=lambda row: (coverers[row].bit_count(), row)):
        if not any(coverers[other] & coverers[row] == coverers[other] for other in kept):
            kept.append(row)
    needed = sum(1 << row for row in kept)
    classes: dict[int, list[int]] = {}
    for number, mask in enumerate(masks):
        if mask & needed:
            classes.setdefault(mask & needed, []).append(number)
    ordered = sorted(classes, key=lambda mask: (-mask.bit_count(), classes[mask]))
    largest: list[int] = []
    for number, mask in enumerate(ordered):
        if not any(mask & ordered[other] == mask for other in largest):
            largest.append(number)
    parts: list[int] = []
    for number in largest:
        joined, apart = ordered[number], []
        for part in parts:
            if part & joined:
                joined |= part
            else:
                apart.append(part)
        parts = [*apart, joined]
    return _Chart(tuple(ordered), tuple(tuple(classes[mask]) for mask in ordered), tuple(largest), tuple(sorted(parts)))


def _smallest(chart: _Chart, rows: int, deadline: Deadline, cap: int) -> _Part:
    """All smallest covers of one part: sizes are tried from a lower bound up until one has covers."""
    largest = [number for number in chart.largest if chart.masks[number] & rows]
    columns = [chart.masks[number] for number in largest]
    best = tuple(chart.classes[largest[column]][0] for column in greedy_cover(columns, rows))
    size = lower_bound(columns, rows)
    owned = _owned(chart, largest, rows)
    families: list[Family] = []
    try:
        while not families:
            for core in all_of_size(columns, rows, size, deadline):
                if not families:
                    best = tuple(chart.classes[largest[column]][0] for column in core)
                for family in _family([largest[column] for column in core], owned, chart, rows):
                    families.append(family)
                    if len(families) > cap:
                        raise OutOfTime
            size += 1
    except OutOfTime:
        # A size with one cover is the least size, since every smaller one was searched through.
        return _Part(tuple(families[:cap]), False, size, best)
    return _Part(tuple(families), True, size - 1, best)


def _owned(chart: _Chart, largest: Sequence[int], rows: int) -> dict[int, tuple[int, ...]]:
    """For each largest class the classes it answers for: itself and those that lie first within it.

    In a smallest cover, putting the owner in the place of each class gives a smallest cover again, and two classes of one
    cover never have the same owner; so each smallest cover belongs to exactly one core.
    """
    owned: dict[int, list[int]] = {number: [] for number in largest}
    for small, mask in enumerate(chart.masks):
        if mask & rows:
            owner = next(number for number in largest if mask & chart.masks[number] == mask)
            owned[owner].append(small)
    return {number: tuple(smaller) for number, smaller in owned.items()}


def _family(core: Sequence[int], owned: dict[int, tuple[int, ...]], chart: _Chart, rows: int) -> Iterator[Family]:
    """The families of covers that a core stands for."""
    masks = chart.masks
    once, more = 0, 0
    for number in core:
        more |= once & masks[number]
        once |= masks[number]
    single = rows & ~more
    options = [[small for small in owned[number] if masks[small] & single == masks[number] & single] for number in core]
    if all(len(choice) == 1 for choice in options):
        yield tuple(chart.classes[number] for number in core)
        return
    # A row covered more than once may be given up at some places, but not at all of them.
    doubtful = 0
    for row in bits_of(more & rows):
        bit = 1 << row
        if not any(
            masks[number] & bit and all(masks[small] & bit for small in choice) for number, choice in zip(core, options, strict=True)
        ):
            doubtful |= bit
    tied = [place for place, choice in enumerate(options) if len({masks[small] & doubtful for small in choice}) > 1]
    fixed = 0
    for place, choice in enumerate(options):
        if place not in tied:
            fixed |= masks[choice[0]] & doubtful
    groups = [_grouped(options[place], masks, doubtful) for place in tied]
    for chosen in product(*groups):
        held = fixed
        for covered, _ in chosen:
            held |= covered
        if held != doubtful:
            continue
        places = [chart.primes_of(choice) for choice in options]
        for place, (_, members) in zip(tied, chosen, strict=True):
            places[place] = chart.primes_of(members)
        yield tuple(places)


def _grouped(choice: Sequence[int], masks: Sequence[int], doubtful: int) -> list[tuple[int, tuple[int, ...]]]:
    groups: dict[int, list[int]] = {}
    for small in choice:
        groups.setdefault(masks[small] & doubtful, []).append(small)
    return [(covered, tuple(members)) for covered, members in groups.items()]


def _without_surplus(chart: _Chart, rows: int, deadline: Deadline, cap: int) -> _Part:
    within = [number for number, mask in enumerate(chart.masks) if mask & rows]
    columns = [chart.masks[number] for number in within]
    families: list[Family] = []
    complete = True
    try:
        for cover in all_without_surplus(columns, rows, deadline):
            families.append(tuple(chart.classes[within[column]] for column in sorted(cover)))
            if len(families) > cap:
                raise OutOfTime
    except OutOfTime:
        complete = False
    ordered = tuple(sorted(families[:cap], key=lambda family: (len(family), family)))
    best = tuple(chart.classes[within[column]][0] for column in greedy_cover(columns, rows))
    return _Part(ordered, complete, min(map(len, ordered)) if complete else 1, best)
