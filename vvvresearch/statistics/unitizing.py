"""Krippendorff's unitizing alpha family: agreement on free spans of text.

Source: Krippendorff, Mathet, Bouvry & Widlöcher, "On the reliability of unitizing textual continua" (Quality & Quantity 50,
2016) and Krippendorff, Content Analysis (4th ed. 2019), section 12.6.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError, require_table
from vvvresearch.statistics._interval import whole_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

Value = str | None  # None is matter that the coder left uncoded
Span = tuple[int, int, Value]
Pairs = dict[tuple[Value, Value], float]


@dataclass(frozen=True)
class Unitizing:
    """The family of coefficients on one set of continua.

    `u` compares spans and values, `binary` coded against uncoded matter, `cu` the values where both coded; `per_value`
    is value → (cu of that value against all others, share of its length that was matched in kind).
    NaN is undefined. `length` is the matter compared, summed over sources; `coders` all that took part.
    """

    u: float
    binary: float
    cu: float
    per_value: dict[str, tuple[float, float]]
    length: int
    coders: tuple[str, ...]


def unitizing(segments: pd.DataFrame, lengths: Mapping[str, int] | int, readers: Mapping[str, Sequence[str]] | None = None) -> Unitizing:
    """The unitizing alpha family.

    Args:
        segments: source, coder, start, end (exclusive), value; text not covered by a coder's segments is uncoded.
        lengths: source → length of its text, or one length for all.
        readers: source → the coders who read it, including those who marked nothing there; default the coders with a
            segment in that source.

    Raises:
        AnalysisError: overlapping segments of one coder, a segment outside its text, fewer than two coders everywhere.
    """
    continua = _continua(segments, lengths, readers)
    observed: Pairs = defaultdict(float)
    own_all: dict[Value, float] = defaultdict(float)
    own_valued: dict[Value, float] = defaultdict(float)
    length = 0
    for tilings in continua.values():
        _add_coincidences(tilings, observed)
        _add_self_pairings(tilings, own_all, own_valued)
        length += max(spans[-1][1] for spans in tilings.values())
    binary_pairs: Pairs = defaultdict(float)
    for (one, other), amount in observed.items():
        binary_pairs[_coded(one), _coded(other)] += amount
    binary_own: dict[Value, float] = defaultdict(float)
    for value, amount in own_all.items():
        binary_own[_coded(value)] += amount
    valued = {pair: amount for pair, amount in observed.items() if None not in pair}
    coders = sorted({coder for tilings in continua.values() for coder in tilings})
    return Unitizing(
        u=_alpha(observed, own_all),
        binary=_alpha(binary_pairs, binary_own),
        cu=_alpha(valued, own_valued),
        per_value=_per_value(observed, valued, own_valued),
        length=length,
        coders=tuple(coders),
    )


def _coded(value: Value) -> Value:
    return None if value is None else "coded"


def _continua(
    segments: pd.DataFrame, lengths: Mapping[str, int] | int, readers: Mapping[str, Sequence[str]] | None
) -> dict[str, dict[str, list[Span]]]:
    """source → coder → spans that tile the whole text."""
    spans: dict[str, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for source, people in (readers or {}).items():
        for coder in people:
            spans[str(source)][str(coder)] = []
    one_length = None if isinstance(lengths, Mapping) else whole_number(lengths, "lengths")
    for source, coder, start, end, value in _rows(segments):
        if end > start:
            spans[source][coder].append((start, end, value))
    tiled = {}
    for source, people_spans in spans.items():
        if len(people_spans) < 2:
            continue
        if isinstance(lengths, Mapping) and source not in lengths:
            raise AnalysisError(f"the length of the source {source!r} is not given", todo="give it in lengths=")
        length = whole_number(lengths[source], f"length of {source}") if isinstance(lengths, Mapping) else one_length or 0
        tiled[source] = {coder: _tile(own, length, f"{source}, coder {coder}") for coder, own in people_spans.items()}
    if not tiled:
        raise AnalysisError("no source was read by two coders", why="agreement compares what two or more coders did with one text")
    return tiled


def _rows(segments: pd.DataFrame) -> Iterator[tuple[str, str, int, int, str]]:
    """The segments, each with a source, a coder, a value and two whole numbers."""
    require_table(segments, "segments")
    names = ("source", "coder", "start", "end", "value")
    missing = [name for name in names if name not in segments.columns]
    if missing:
        raise AnalysisError(f"the segments have no column {missing[0]!r}", where="segments", todo="give " + ", ".join(names))
    chosen = segments.loc[:, list(names)]
    for row, cells in zip(segments.index, chosen.itertuples(index=False, name=None), strict=True):
        empty = [name for name, cell in zip(names, cells, strict=True) if cell is None or cell != cell]
        if empty:
            raise AnalysisError(f"a segment has no {empty[0]}", where=f"segments, row {row}", todo="complete the row or leave it out")
        source, coder, start, end, value = cells
        first, last = whole_number(start, f"start in row {row}"), whole_number(end, f"end in row {row}")
        if first < 0 or last < first:
            raise AnalysisError(
                "a segment does not lie in its text", where=f"segments, row {row}: {first}–{last}", todo="end is exclusive and behind start"
            )
        yield str(source), str(coder), first, last, str(value)


def _tile(spans: list[Span], length: int, where: str) -> list[Span]:
    tiles: list[Span] = []
    place = 0
    for start, end, value in sorted(spans, key=lambda span: span[:2]):
        if start < place:
            raise AnalysisError(
                "two segments of one coder overlap",
                where=f"{where}, {start}–{end}",
                why="the unitizing coefficients compare one value at each place",
                todo="compare one code, or one branch of the codebook, at a time",
            )
        if end > length:
            raise AnalysisError("a segment ends behind its text", where=f"{where}, {start}–{end} of {length}")
        if start > place:
            tiles.append((place, start, None))
        tiles.append((start, end, value))
        place = end
    if place < length:
        tiles.append((place, length, None))
    return tiles


def _add_coincidences(tilings: dict[str, list[Span]], observed: Pairs) -> None:
    share = 1 / (len(tilings) - 1)
    people = list(tilings.values())
    for number, own in enumerate(people):
        for other in people[number + 1 :]:
            for value, matched, overlap in _overlaps(own, other):
                observed[value, matched] += overlap * share
                observed[matched, value] += overlap * share


def _overlaps(own: list[Span], other: list[Span]) -> list[tuple[Value, Value, int]]:
    """Intersections of two tilings of one text, in one pass over both."""
    found = []
    i = j = 0
    while i < len(own) and j < len(other):
        overlap = min(own[i][1], other[j][1]) - max(own[i][0], other[j][0])
        if overlap > 0:
            found.append((own[i][2], other[j][2], overlap))
        if own[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
    return found


def _add_self_pairings(tilings: dict[str, list[Span]], own_all: dict[Value, float], own_valued: dict[Value, float]) -> None:
    """What can only be paired with itself, and so is no chance agreement.

    A valued segment counts as a whole (its length squared), uncoded matter atom by atom (its length). Among valued matter
    a segment counts by the square of the mean overlap with the valued matter of the other coders.
    """
    valued = {coder: [(start, end) for start, end, value in spans if value is not None] for coder, spans in tilings.items()}
    for coder, spans in tilings.items():
        others = [valued[other] for other in tilings if other != coder]
        for start, end, value in spans:
            length = end - start
            own_all[value] += length if value is None else length**2
            if value is not None:
                met = sum(max(0, min(end, stop) - max(start, first)) for ranges in others for first, stop in ranges)
                own_valued[value] += (met / len(others)) ** 2


def _alpha(observed: Mapping[tuple[Value, Value], float], own: Mapping[Value, float]) -> float:
    margins: dict[Value, float] = defaultdict(float)
    for (value, _), amount in observed.items():
        margins[value] += amount
    total = sum(margins.values())
    free = total**2 - sum(own.get(value, 0.0) for value in margins)
    if free <= 0:
        return math.nan
    agreeing = sum(margin**2 - own.get(value, 0.0) for value, margin in margins.items())
    expected = total * (1 - agreeing / free)
    disagreeing = sum(amount for (value, other), amount in observed.items() if value != other)
    return 1 - disagreeing / expected if expected > 1e-12 else math.nan


def _per_value(observed: Pairs, valued: Mapping[tuple[Value, Value], float], own: Mapping[Value, float]) -> dict[str, tuple[float, float]]:
    values = sorted({value for pair in observed for value in pair if value is not None})
    total = sum(valued.values())
    free = total**2 - sum(own.values())
    result = {}
    for value in values:
        everywhere = sum(amount for (one, _), amount in observed.items() if one == value)
        matched = observed.get((value, value), 0.0)
        margin = sum(amount for (one, _), amount in valued.items() if one == value)
        expected = margin - total * (margin**2 - own.get(value, 0.0)) / free if free > 0 else 0.0
        alpha = 1 - (margin - matched) / expected if expected > 1e-12 else math.nan
        result[value] = (alpha, matched / everywhere if everywhere else math.nan)
    return result
