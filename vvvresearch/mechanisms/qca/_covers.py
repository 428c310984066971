"""Every cover of the positive configurations by prime implicants: all smallest ones, or all without a superfluous term.

Three reductions lose nothing. A configuration whose every prime also belongs to another one's primes follows from that
other. Primes that cover the same configurations are one class, chosen from freely. Parts that share no prime are solved
apart, and their covers combine freely. What is kept is that product, so a million models cost no more than its factors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from vvvresearch.mechanisms.qca._deadline import Deadline
from vvvresearch.mechanisms.qca._search import OutOfTime, SmallerCover, all_of_size, all_without_surplus, bits_of, least_size

ClassCover = tuple[int, ...]


@dataclass(frozen=True)
class Covers:
    """All covers, as a product.

    Args:
        parts: for each independent part its covers, each a tuple of classes.
        classes: for each class the primes in it.
        complete: whether every cover is here.
        proved: at least this many terms are needed.
        best: primes of the shortest cover known, also when its size is not proved to be the least.
    """

    parts: tuple[tuple[ClassCover, ...], ...]
    classes: tuple[tuple[int, ...], ...]
    complete: bool
    proved: int
    best: tuple[int, ...]


def minimum_covers(masks: Sequence[int], n_rows: int, deadline: Deadline, cap: int) -> Covers:
    """All covers with the fewest primes.

    Args:
        masks: for each prime the configurations it covers, as bits.
        n_rows: number of configurations; every one is covered by some prime.
        deadline: when to stop.
        cap: most class covers listed for one part.
    """
    chart = _reduced(masks, n_rows)
    parts: list[tuple[ClassCover, ...]] = []
    complete, proved, best = True, 0, []
    for rows in chart.parts:
        largest = [number for number in chart.largest if chart.masks[number] & rows]
        columns = [chart.masks[number] for number in largest]
        bound = least_size(columns, rows, deadline)
        proved += bound.proved
        best += [chart.classes[largest[column]][0] for column in bound.cover]
        if len(bound.cover) != bound.proved:
            parts.append(())
            complete = False
            continue
        size, cores, whole = _cores(columns, rows, bound.proved, deadline, cap)
        proved += size - bound.proved
        within = [number for number, mask in enumerate(chart.masks) if mask & rows]
        covers: set[ClassCover] = set()
        for core in cores:
            covers.update(islice(_replacements([largest[column] for column in core], within, chart.masks, rows), cap + 1))
            if len(covers) > cap or (deadline.passed() and core is not cores[-1]):
                whole = False
                break
        parts.append(tuple(sorted(covers)[:cap]))
        complete = complete and whole
    return Covers(tuple(parts), chart.classes, complete, proved, tuple(best))


def irredundant_covers(masks: Sequence[int], n_rows: int, deadline: Deadline, cap: int) -> Covers:
    """All covers from which no prime can be dropped, of whatever size."""
    chart = _reduced(masks, n_rows)
    parts: list[tuple[ClassCover, ...]] = []
    complete = True
    for rows in chart.parts:
        within = [number for number, mask in enumerate(chart.masks) if mask & rows]
        found: list[ClassCover] = []
        try:
            for cover in all_without_surplus([chart.masks[number] for number in within], rows, deadline):
                found.append(tuple(sorted(within[column] for column in cover)))
                if len(found) > cap:
                    raise OutOfTime
        except OutOfTime:
            complete = False
        parts.append(tuple(sorted(found[:cap], key=lambda cover: (len(cover), cover))))
    best = tuple(chart.classes[number][0] for part in parts if part for number in part[0])
    proved = sum(min((len(cover) for cover in part), default=1) for part in parts) if complete else len(parts)
    return Covers(tuple(parts), chart.classes, complete, proved, best)


@dataclass(frozen=True)
class _Chart:
    masks: tuple[int, ...]
    classes: tuple[tuple[int, ...], ...]
    largest: tuple[int, ...]
    parts: tuple[int, ...]


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
        joined = ordered[number]
        apart = []
        for part in parts:
            if part & joined:
                joined |= part
            else:
                apart.append(part)
        parts = [*apart, joined]
    return _Chart(tuple(ordered), tuple(tuple(classes[mask]) for mask in ordered), tuple(largest), tuple(sorted(parts)))


def _cores(columns: list[int], rows: int, size: int, deadline: Deadline, cap: int) -> tuple[int, list[tuple[int, ...]], bool]:
    """Smallest covers by largest classes; the size is found again should the search meet a smaller cover."""
    cores: list[tuple[int, ...]] = []
    while True:
        try:
            for core in all_of_size(columns, rows, size, deadline):
                cores.append(core)
                if len(cores) > cap:
                    return size, cores, False
        except SmallerCover as smaller:
            size, cores = smaller.size, []
            continue
        except OutOfTime:
            return size, cores, False
        return size, cores, True


def _replacements(core: Sequence[int], within: Sequence[int], masks: Sequence[int], rows: int) -> Iterator[ClassCover]:
    """Every cover that a core stands for: each class of it may give way to a smaller one that still does the work.

    Two classes of a smallest cover never give way to the same larger class, so each smallest cover comes from a core.
    """
    options = []
    for place, number in enumerate(core):
        rest = 0
        for other in (*core[:place], *core[place + 1 :]):
            rest |= masks[other]
        options.append([small for small in within if masks[small] & masks[number] == masks[small] and masks[small] | rest == rows])
    later = [0] * (len(core) + 1)
    for place in range(len(core) - 1, -1, -1):
        later[place] = later[place + 1] | masks[core[place]]

    def extend(place: int, held: int, chosen: ClassCover) -> Iterator[ClassCover]:
        if held | later[place] != rows:
            return
        if place == len(core):
            yield tuple(sorted(chosen))
            return
        for small in options[place]:
            yield from extend(place + 1, held | masks[small], (*chosen, small))

    yield from extend(0, 0, ())
