"""Calibration: the way of counting that agrees best with the passages of a whole project, and how well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from vvvresearch.errors import SourceError
from vvvresearch.evidence import OffsetChoice
from vvvresearch.sources.qda._offsets import (
    CONVENTIONS,
    OUTSIDE,
    Convention,
    Selections,
    cut_quote,
    folded,
    quote_matches,
)

# What an exporter is known to do decides only between conventions that the evidence cannot tell apart.
_HABITS = (
    ("nvivo", Convention("stripped", 2, "utf-16", "exclusive")),
    ("atlas", Convention("stripped", 1, "codepoint", "exclusive")),
    ("qualcoder database", Convention("kept", 2, "codepoint", "exclusive")),
    ("qualcoder", Convention("stripped", 2, "codepoint", "exclusive")),
    ("requal", Convention("kept", 2, "codepoint", "exclusive")),
)
# qc codes whole lines as Python reads them, the line's end included; from version 1.7 it counts code points.
_QC = re.compile(r"qc (\d+)\.(\d+)")
_QC_COUNTING = Convention("kept", 1, "codepoint", "exclusive")
_DEFAULT = Convention()
_SAMPLE = 200
_SOURCES = 25
_FAR = 0.7
_ENOUGH = 5


@dataclass(frozen=True)
class _Marks:
    """How the passages of one source fare under one convention."""

    quoted: npt.NDArray[np.bool_]
    exact: npt.NDArray[np.bool_]
    words: npt.NDArray[np.bool_]
    trimmed: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Evidence:
    """A sample of one source's passages, marked under each convention when it is asked for."""

    selected: Selections
    _marks: dict[Convention, _Marks] = field(default_factory=dict)

    @cached_property
    def usable(self) -> npt.NDArray[np.bool_]:
        return _usable_quotes(self.selected)

    @cached_property
    def sure_quotes(self) -> int:
        """How many different names of several words stand in the text."""
        names = [self.selected.quotes[row] for row in np.flatnonzero(self.usable).tolist()]
        return len({name for name in names if len(name.split()) > 1})

    @cached_property
    def places(self) -> int:
        """How many different passages there are."""
        return len(set(zip(self.selected.starts.tolist(), self.selected.ends.tolist(), strict=True)))

    def marks(self, convention: Convention) -> _Marks:
        """How the sample fares under a convention; conventions that place everything alike share one answer."""
        signature = self.selected.counted.signature(convention)
        if signature not in self._marks:
            self._marks[signature] = _mark(self.selected, self.usable, signature)
        return self._marks[signature]


def habit(origin: str) -> Convention | None:
    """The convention to prefer where evidence is silent, from the program's name; None where the program is not known."""
    lower = origin.casefold()
    version = _QC.match(lower)
    if version:
        return _QC_COUNTING if (int(version[1]), int(version[2])) >= (1, 7) else None
    return next((convention for name, convention in _HABITS if name in lower), None)


def calibrate(
    project: Mapping[str, Selections],
    where: object,
    *,
    origin: str = "",
    floor: float = 0.8,
) -> tuple[dict[str, Convention], dict[str, OffsetChoice]]:
    """Choose a convention per source, with evidence pooled over all sources of one project.

    Quotes decide where selections carry them; else the boundaries of words do. Conventions that place every passage
    alike are no rivals; between rivals with equal evidence the exporter's known habit decides. Fewer than five passages
    that merely begin or end inside a word are too little to refuse a project; a quote that stands elsewhere in the
    text, or a passage outside of it, is enough.

    Args:
        project: source → selections; sources without selections take the project's choice.
        where: the file, for errors.
        origin: the program that wrote it.
        floor: the lowest share of passages that must agree.

    Returns:
        source → convention, and source → the choice with its score and evidence.

    Raises:
        SourceError: no convention reaches the floor.
    """
    known = habit(origin)
    ordered = sorted(CONVENTIONS, key=lambda convention: -_likeness(convention, known or _DEFAULT))
    evidence = {name: _Evidence(_sample(selected)) for name, selected in project.items()}
    best, by_quotes = _best(ordered, [evidence[name] for name in _most_telling(project)], known)
    chosen: dict[str, Convention] = {}
    choices: dict[str, OffsetChoice] = {}
    weak: list[str] = []
    total, agreed = 0, 0.0
    for name, selected in project.items():
        own, quotes = best, by_quotes
        score, checked = _score(selected, own, quotes)
        # Among many sources a small one may fall below the floor by chance. One that was not counted so, or whose text
        # is another one, falls far below: passages at random begin and end inside a word two times out of three.
        if checked >= _ENOUGH and score < _FAR * floor:
            alone, alone_quotes = _best(ordered, [evidence[name]], known)
            alone_score, alone_checked = _score(selected, alone, alone_quotes)
            if alone_score >= floor:
                own, quotes, score, checked = alone, alone_quotes, alone_score, alone_checked
            else:
                weak.append(f"{name} ({score:.2f} of {checked})")
        chosen[name] = own
        choices[name] = OffsetChoice(str(own), score, checked, "quote" if quotes else "words")
        total += checked
        agreed += score * checked
    if total and (agreed / total < floor or weak) and (total >= _ENOUGH or _contradicted(evidence.values(), best)):
        listed = "; ".join(weak[:5]) or f"all sources together ({agreed:.0f} of {total})"
        raise SourceError(
            f"the positions of the passages do not fit the texts: best score {agreed / total:.2f}, floor {floor:.2f}",
            where=where,
            why=f"under the best convention ({best}) too few passages agree with their quotes or with the boundaries of words: {listed}",
            todo="check that the texts are the ones that were coded, or give a lower min_offset_score",
        )
    return chosen, choices


def _most_telling(project: Mapping[str, Selections]) -> list[str]:
    """Some sources for each set of things that conventions differ in: evidence enough for the choice, since every source
    is scored afterwards."""
    alike: dict[tuple[bool, ...], list[str]] = {}
    for name, selected in project.items():
        alike.setdefault(selected.counted.telling, []).append(name)
    return [name for names in alike.values() for name in sorted(names, key=lambda name: -len(project[name].starts))[:_SOURCES]]


def _contradicted(evidence: Iterable[_Evidence], convention: Convention) -> bool:
    """Whether some passage clearly does not stand where the convention puts it."""
    for one in evidence:
        selected = one.selected
        starts, _ = selected.counted.places(selected.starts, selected.ends, convention)
        if (starts == OUTSIDE).any() or (one.usable & ~one.marks(convention).quoted).any():
            return True
    return False


def declared(selected: Selections, convention: Convention) -> OffsetChoice:
    """The record of a convention that the format itself prescribes; its score is the share of passages that lie in
    the text and are what their stored quote says."""
    starts, ends = selected.counted.places(selected.starts, selected.ends, convention)
    good = [
        start != OUTSIDE and (not quote.strip() or quote_matches(selected.counted.text, start, end, quote))
        for start, end, quote in zip(starts.tolist(), ends.tolist(), selected.quotes, strict=True)
    ]
    return OffsetChoice(str(convention), sum(good) / len(good) if good else 1.0, len(good), "declared")


def _likeness(convention: Convention, preferred: Convention) -> int:
    return (
        -16 * convention.restored
        + 8 * (convention.end == preferred.end)
        + 4 * (convention.unit == preferred.unit)
        + 2 * (convention.crlf == preferred.crlf)
        + (convention.bom == preferred.bom)
    )


def _sample(selected: Selections) -> Selections:
    count = len(selected.starts)
    if count <= _SAMPLE:
        return selected
    # Evenly over the source, its last passages included: there the ways of counting lie furthest apart.
    order = np.argsort(selected.starts, kind="stable")
    picked = order[np.linspace(0, count - 1, _SAMPLE).astype(np.int64)]
    return Selections(selected.counted, selected.starts[picked], selected.ends[picked], [selected.quotes[i] for i in picked])


def _usable_quotes(selected: Selections) -> npt.NDArray[np.bool_]:
    """Which names are quotes: those that occur in the text; the others are titles somebody typed."""
    flat = folded(selected.counted.text)
    found = [bool(quote.strip()) and (cut_quote(quote) or folded(quote)) in flat for quote in selected.quotes]
    # A passage without length quotes nothing, unless its end is included: then it is one character long.
    short = np.array([len(quote) == 1 for quote in selected.quotes], dtype=bool)
    usable: npt.NDArray[np.bool_] = np.array(found, dtype=bool) & ((selected.starts != selected.ends) | short)
    return usable


def _mark(selected: Selections, usable: npt.NDArray[np.bool_], convention: Convention) -> _Marks:
    text = selected.counted.text
    starts, ends = selected.counted.places(selected.starts, selected.ends, convention)
    edge, space = selected.counted.word_edges
    placed = starts != OUTSIDE
    start, end = np.where(placed, starts, 0), np.where(placed, ends, 0)
    # A passage without length may stand anywhere; that it stands in the text is all it tells.
    empty = selected.starts == selected.ends
    words = placed & (empty | (edge[start] & edge[end]))
    padded = np.concatenate((space, [False]))
    trimmed = words & (empty | (~padded[start] & ~padded[np.maximum(end - 1, 0)]))
    quoted, exact = np.zeros(len(starts), dtype=bool), np.zeros(len(starts), dtype=bool)
    for row in np.flatnonzero(usable).tolist():
        quoted[row] = quote_matches(text, int(starts[row]), int(ends[row]), selected.quotes[row])
        exact[row] = quoted[row] and text[starts[row] : ends[row]] == selected.quotes[row]
    # A name of nothing but spaces may be no quote at all; where it is the passage to the letter, that counts.
    for row in [row for row, quote in enumerate(selected.quotes) if quote.isspace()]:
        exact[row] = trimmed[row] = placed[row] and text[starts[row] : ends[row]] == selected.quotes[row]
    return _Marks(quoted, exact, words, trimmed)


def _best(
    ordered: Sequence[Convention],
    evidence: Sequence[_Evidence],
    known: Convention | None,
) -> tuple[Convention, bool]:
    """The best convention for these sources together, and whether quotes decided."""
    quotes = sum(int(one.usable.sum()) for one in evidence)
    passages = sum(len(one.selected.starts) for one in evidence)
    tallies = []
    for convention in ordered:
        found = [one.marks(convention) for one in evidence]
        quoted = sum(int(mark.quoted.sum()) for mark in found)
        # A quote may leave out the spaces around a passage; where one convention needs no such leave, it is the better.
        exact = sum(int(mark.exact.sum()) for mark in found)
        # A passage that ends in a space is rarer than one that ends in its last letter: that tells the end apart.
        words = sum(2 * int(mark.words.sum()) + int(mark.trimmed.sum()) for mark in found)
        tallies.append((quoted + exact, words, quoted, convention))
    most = max((tally[2] for tally in tallies), default=0)
    # Names that mostly agree under no convention are titles that happen to occur in the text.
    agreeing = quotes > 0 and 2 * most >= quotes and (5 * quotes >= passages or quotes >= 10)
    # Several words that differ from passage to passage and stand in the text are no titles: when they agree under no
    # convention, that is what the evidence says.
    by_quotes = agreeing or sum(one.sure_quotes for one in evidence) >= max(2, sum(one.places for one in evidence) / 2)
    if by_quotes:
        return max(tallies, key=lambda tally: tally[:2])[3], True
    best = max(tallies, key=lambda tally: (tally[1], tally[0]), default=(0, 0, 0, ordered[0]))[3]
    # Whether passages end in a space tells nothing about a program that marks whole lines: where its own way of counting
    # cuts no more words, it is the right one.
    if known is not None and _uncut(known, evidence) >= _uncut(best, evidence):
        return known, False
    return best, False


def _uncut(convention: Convention, evidence: Sequence[_Evidence]) -> int:
    return sum(int(one.marks(convention).words.sum()) for one in evidence)


def _score(selected: Selections, convention: Convention, by_quotes: bool) -> tuple[float, int]:
    """The share of a source's passages that agree with a convention, and how many could be checked."""
    text = selected.counted.text
    starts, ends = selected.counted.places(selected.starts, selected.ends, convention)
    if by_quotes:
        flat = ""
        agreed = checked = 0
        for quote, start, end in zip(selected.quotes, starts.tolist(), ends.tolist(), strict=True):
            if not quote.strip() or start == end != OUTSIDE:
                continue
            if quote_matches(text, start, end, quote):
                agreed, checked = agreed + 1, checked + 1
                continue
            flat = flat or folded(text)
            checked += (cut_quote(quote) or folded(quote)) in flat
        if checked:
            return agreed / checked, checked
    # A passage without length lies somewhere, but says nothing about how positions are counted unless it falls out.
    placed = starts != OUTSIDE
    edge, _ = selected.counted.word_edges
    # Each passage has two edges; one of them inside a word is half an agreement.
    words = (placed & edge[np.where(placed, starts, 0)]) / 2 + (placed & edge[np.where(placed, ends, 0)]) / 2
    telling = (selected.starts != selected.ends) | ~placed
    checked = int(telling.sum())
    return (float(words[telling].sum()) / checked if checked else 1.0), checked
