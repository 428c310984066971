"""The codings as arrays: what every filter leaves of them is counted in a few milliseconds, by the rules of the theme table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.exploring._narrow import Narrowing
from vvvresearch.exploring._search import TextIndex
from vvvresearch.themes._coders import CoderRule, readings_of
from vvvresearch.themes._sample import attribute_value
from vvvresearch.themes._states import CONTRADICTED, States, asked_of, lineage, persons, quotable_sources

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vvvresearch.evidence import Codings, Interviews

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]

_REMEMBERED = 12


@dataclass(frozen=True)
class Left:
    """What a filter leaves.

    Args:
        interviews: the rows of the register that stay.
        kept: which passages stay.
        counted: which of them count by the rule of coders.
        states: what was said in the interviews that stay.
    """

    interviews: Ints
    kept: Flags
    counted: Flags
    states: States


class Index:
    """Passages, readers and texts of a round as arrays, made once.

    Args:
        codings: the codings, unfiltered.
        interviews: the register, unfiltered.
        guide: what each group's guide covers; None where everything could be raised.
        rule: which coder counts.

    Attributes:
        register: the interviews, one row each.
        paths: the codes.
        coders: who has read anything.
        reads: interviews × coders.
        interview, code, coder, against, noted, same: of each passage, in the order of the interviews and of their texts: its row of
            the register, its code, its coder, whether it contradicts, whether it has a memo, and which passages are the same one.
        start, end: where it stands; −1 without a place.
        lanes: who coded, in the order of the codings.
        document: the transcript of each passage; two interviews may share one.
    """

    def __init__(self, codings: Codings, interviews: Interviews, guide: pd.DataFrame | None, rule: CoderRule) -> None:
        self.codings, self.interviews, self.guide, self.rule = codings, interviews, guide, rule
        frame = interviews.frame
        self.register = frame.assign(person=persons(frame), source=frame["source"].fillna("")).reset_index(drop=True)
        self.sources = [str(source) for source in self.register["source"]]
        self.paths = codings.codebook.paths
        self.place = {path: number for number, path in enumerate(self.paths)}
        self.above = [[self.place[one] for one in lineage(path) if one in self.place] for path in self.paths]
        self.quotable = quotable_sources(interviews)
        self._take_passages()
        self._take_readers()
        self._known: dict[Narrowing, Left] = {}
        self._found: dict[str, tuple[Ints, Ints, Ints]] = {}

    def _take_passages(self) -> None:
        noted = self.codings.passages()
        frame = self.codings.frame
        notes = (
            noted["memo"].fillna("").astype(str).reindex(frame.index).fillna("") if "memo" in noted else pd.Series("", index=frame.index)
        )
        rows = pd.DataFrame({"source": self.register["source"], "interview_row": np.arange(len(self.register))})
        rows = rows[rows["source"] != ""]
        numbers, names = self.codings.numbered["code_path"]
        codes: Ints = np.array([*(self.place.get(name, -1) for name in names), -1], dtype=np.int64)[numbers]
        own = frame.assign(note=notes, frame_row=np.arange(len(frame)), code=codes)[codes >= 0].merge(rows, on="source")
        start, end = (own[name].to_numpy(dtype=float, na_value=-1.0) for name in ("start", "end"))
        order = np.lexsort((end, np.where(start < 0, np.inf, start), own["interview_row"].to_numpy()))
        own = own.iloc[order].reset_index(drop=True)
        self.start, self.end = start[order].astype(np.int64), end[order].astype(np.int64)
        self.frame_row = own["frame_row"].to_numpy(dtype=np.int64)
        self.interview = own["interview_row"].to_numpy(dtype=np.int64)
        self.code = own["code"].to_numpy(dtype=np.int64)
        self.against = (own["stance"] == CONTRADICTED).to_numpy() if "stance" in own else np.zeros(len(own), dtype=bool)
        self.notes = own["note"].to_numpy(dtype=object)
        self.noted = own["note"].ne("").to_numpy()
        self.words = own["text"].fillna("").to_numpy(dtype=object)
        self.same = _groups([self.interview, self.start, self.end, self.code, self.against])
        # Only what stands at the same place can be the same passage: of 200,000 texts few have to be compared.
        alike = np.flatnonzero(np.bincount(self.same)[self.same] > 1)
        told = [own[name].iloc[alike] for name in ("stance", "text", "region") if name in own.columns]
        self.same[alike] = len(own) + _groups([self.same[alike], *(pd.factorize(one)[0] for one in told)])
        self.coder_names = own["coder"].astype(str).to_numpy(dtype=object)
        self.first_of = np.searchsorted(self.interview, np.arange(len(self.register) + 1))
        depth = np.array([len(one) for one in self.above], dtype=np.int64)[self.code]
        self._of = np.repeat(np.arange(len(own)), depth)
        up = np.array([target for one in self.above for target in one], dtype=np.int64)
        begins = np.concatenate([[0], np.cumsum([len(one) for one in self.above])])[:-1] if self.above else np.zeros(0, dtype=np.int64)
        within = np.arange(len(self._of)) - np.repeat(np.cumsum(depth) - depth, depth)
        self._cell = self.interview[self._of] * len(self.paths) + up[np.repeat(begins[self.code], depth) + within]

    def _take_readers(self) -> None:
        # A leading coder whom the codings do not know is an error here as in every table.
        readings_of(self.codings, self.register, self.rule)
        readings = readings_of(self.codings, self.register, None)
        self.coders = tuple(dict.fromkeys([*self.codings.coders, *map(str, readings["coder"])]))
        number = {name: place for place, name in enumerate(self.coders)}
        self.coder = np.array([number[name] for name in self.coder_names], dtype=np.int64)
        self.reads = np.zeros((len(self.register), len(self.coders)), dtype=bool)
        of_source: dict[str, list[int]] = {}
        for source, coder in zip(readings["source"].astype(str), readings["coder"].astype(str), strict=True):
            of_source.setdefault(source, []).append(number[coder])
        for row, source in enumerate(self.sources):
            if source:
                self.reads[row, of_source.get(source, [])] = True
        self.lanes = tuple(number[name] for name in self.codings.coders)
        self.document = pd.factorize(np.array(self.sources, dtype=object))[0].astype(np.int64)[self.interview]

    @cached_property
    def values(self) -> dict[str, NDArray[np.object_]]:
        """Each column of the register as words."""
        return {str(name): self.register[name].map(attribute_value).to_numpy(dtype=object) for name in self.register.columns}

    @cached_property
    def covered(self) -> Flags:
        """Interviews × codes: what the guide of the interviewee's group covers."""
        return asked_of(self.register, self.codings.codebook, self.guide)

    @cached_property
    def touched(self) -> Flags:
        """Interviews × codes: what any coder has coded there, or below."""
        return self._any(np.ones(len(self.code), dtype=bool))

    @cached_property
    def texts(self) -> TextIndex:
        """The transcripts that may be shown, for searching."""
        sources = [source for source in dict.fromkeys(self.sources) if source in self.quotable and source in self.codings.texts]
        return TextIndex.of(self.codings.texts, sources)

    def places(self, word: str) -> tuple[Ints, Ints, Ints]:
        """Where a word stands: number of the text, start and end; remembered, since search and filter ask for the same."""
        if word not in self._found:
            if len(self._found) >= _REMEMBERED:
                self._found.pop(next(iter(self._found)))
            self._found[word] = self.texts.places(word)
        return self._found[word]

    def mentioned(self, word: str) -> Flags:
        """The interviews whose transcript has a word."""
        found = {self.texts.sources[place] for place in np.unique(self.places(word)[0])}
        return np.array([source in found for source in self.sources], dtype=bool)

    def fitting(self, wanted: Narrowing, without: str = "") -> Flags:
        """The interviews that fit a filter, or all of its parts but one."""
        fits = np.ones(len(self.register), dtype=bool)
        for name, values in wanted.attributes:
            if name != without:
                raw = self.register[name].astype(str).isin(values).to_numpy() if name in self.register.columns else fits & False
                held = self.values[name] if name in self.values else np.full(len(fits), "", dtype=object)
                fits &= np.isin(held, sorted({attribute_value(value) for value in values} | set(values))) | raw
        if wanted.touches and without != "touches":
            fits &= self.touched[:, [self.place[code] for code in wanted.touches]].any(axis=1)
        if wanted.mentions and without != "mentions":
            fits &= np.logical_or.reduce([self.mentioned(word) for word in wanted.mentions])
        if wanted.coder and without != "coder":
            fits &= self.reads[:, self._numbers(wanted.coder)].any(axis=1)
        return fits

    def of_filter(self, wanted: Narrowing, without: str = "") -> Flags:
        """The passages that a coder, a stance and a memo leave, wherever they stand."""
        kept = np.ones(len(self.code), dtype=bool)
        if wanted.coder and without != "coder":
            kept &= np.isin(self.coder, self._numbers(wanted.coder))
        if wanted.stance and without != "stance":
            kept &= self.against == (wanted.stance == CONTRADICTED)
        if wanted.memo is not None and without != "memo":
            kept &= self.noted == wanted.memo
        return kept

    def left(self, wanted: Narrowing) -> Left:
        """What a filter leaves, counted as the theme table of the filtered round counts it."""
        if wanted not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.pop(next(iter(self._known)))
            self._known[wanted] = self._left(wanted)
        return self._known[wanted]

    def applied(self, wanted: Narrowing, codings: Callable[[], Codings]) -> Flags:
        """The passages that a table of codings alone counts under a filter.

        Args:
            wanted: the filter.
            codings: gives the codings that the filter leaves; who has read them decides which coder counts.
        """
        kept = self.left(wanted).kept
        rule = CoderRule() if wanted.coder else self.rule
        if rule.coders == "any":
            return kept
        readings = readings_of(codings(), None, rule)
        if rule.coders == "lead":
            of_source = dict(zip(readings["source"].astype(str), readings["coder"].astype(str), strict=True))
            chosen = np.array([of_source.get(source, "") for source in self.sources], dtype=object)
            own_coder: Flags = self.coder_names == chosen[self.interview]
            return kept & own_coder
        own = self.codings.frame.iloc[self.frame_row[kept]]
        keys = ["source", "code_path", *(["stance"] if "stance" in own else [])]
        agreeing = own.groupby(keys, dropna=False)["coder"].transform("nunique")
        counted = np.zeros(len(kept), dtype=bool)
        counted[np.flatnonzero(kept)] = agreeing >= own["source"].map(readings["source"].value_counts())
        return counted

    def _left(self, wanted: Narrowing) -> Left:
        fits = self.fitting(wanted)
        there = fits[self.interview]
        kept = self.of_filter(wanted) & there
        rule = CoderRule() if wanted.coder else self.rule
        reads = self.reads & fits[:, None]
        if wanted.coder:
            others = np.ones(len(self.coders), dtype=bool)
            others[self._numbers(wanted.coder)] = False
            reads = reads & ~others
        counted = kept
        coded: Flags = np.logical_or.reduce(reads, axis=1)
        if rule.coders == "lead":
            order = self._numbers(rule.lead)
            coded = np.logical_or.reduce(reads[:, order], axis=1)
            lead = np.array(order)[np.argmax(reads[:, order], axis=1)]
            counted = kept & (self.coder == lead[self.interview]) & coded[self.interview]
        affirmed, contradicted = self._any(counted & ~self.against), self._any(counted & self.against)
        if rule.coders == "consensus":
            affirmed, contradicted = self._agreed(kept, reads, affirmed, contradicted)
        asked = self.covered | affirmed | contradicted
        if wanted.stance or wanted.memo is not None:
            asked |= self._any(self.of_filter(Narrowing(coder=wanted.coder)) & there)
        asked &= coded[:, None]
        rows = np.flatnonzero(fits)
        once = np.zeros(len(self.code), dtype=bool)
        once[self.once(np.flatnonzero(counted))] = True
        counts = np.bincount(self._cell[once[self._of]], minlength=affirmed.size).reshape(affirmed.shape)
        states = States(
            self.register.iloc[rows].reset_index(drop=True),
            self.paths,
            affirmed[rows],
            contradicted[rows],
            asked[rows],
            counts[rows],
            coded[rows],
        )
        return Left(rows, kept, counted, states)

    def _agreed(self, kept: Flags, reads: Flags, affirmed: Flags, contradicted: Flags) -> tuple[Flags, Flags]:
        """What all who have read an interview say of it."""
        present = np.unique(self.coder[kept])
        for coder in present:
            own, read = kept & (self.coder == coder), reads[:, [coder]]
            affirmed = affirmed & (self._any(own & ~self.against) | ~read)
            contradicted = contradicted & (self._any(own & self.against) | ~read)
        silent = np.ones(len(self.coders), dtype=bool)
        silent[present] = False
        heard = ~np.logical_or.reduce(reads & silent, axis=1)[:, None]
        return affirmed & heard, contradicted & heard

    def _any(self, passages: Flags) -> Flags:
        """Interviews × codes: where one of these passages stands, for the codes above it too."""
        found = np.zeros(len(self.register) * len(self.paths), dtype=bool)
        found[self._cell[passages[self._of]]] = True
        return found.reshape(len(self.register), len(self.paths))

    def once(self, passages: Ints) -> Ints:
        """Of passages that are the same one (coded by two) the first."""
        first = np.full(int(self.same.max(initial=-1)) + 1, -1, dtype=np.int64)
        first[self.same[passages[::-1]]] = passages[::-1]
        return np.sort(first[first >= 0])

    def under(self, code: int) -> Flags:
        """Which passages have a code or one below it."""
        below = np.array([code in one for one in self.above], dtype=bool)
        found: Flags = below[self.code]
        return found

    def _numbers(self, names: Sequence[str]) -> list[int]:
        return [self.coders.index(name) for name in names if name in self.coders]

    def row_of(self, interview: str) -> int | None:
        """The row of an interview by its id or the name of its transcript; None where there is none."""
        for name in ("interview", "source"):
            rows: Any = np.flatnonzero(self.register[name].astype(str).to_numpy() == interview)
            if interview and len(rows):
                return int(rows[0])
        return None


def _groups(keys: list[NDArray[Any]]) -> Ints:
    """The number of each row's group: rows are of one group where all keys agree."""
    number = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        ranks = np.unique(key, return_inverse=True)[1]
        number = np.unique(number * (int(ranks.max(initial=0)) + 1) + ranks, return_inverse=True)[1]
    return number
