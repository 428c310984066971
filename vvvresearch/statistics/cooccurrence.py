"""Do two codes share more text than chance? Exact tests, for passages within documents and for whole documents."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.convolution import upper_tails

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["PairTests", "documents_together", "passages_together"]

# A document is short for a pair when it is less than so many times as long as the longest passage of either code. There the ends
# of the document matter: no passage crosses them, and shifts around the end reject too often (.06–.13 instead of .05).
_SHORT = 15


@dataclass(frozen=True)
class PairTests:
    """One test for each pair of codes, the first code before the second.

    Args:
        first, second: numbers of the codes.
        together: what they share: units of text, or documents.
        expected: its mean when chance alone decides.
        most: the most they could share by chance; 0 where no document holds both, so that there is nothing to test.
        p_value: probability of sharing at least as much by chance; 1 where there is nothing to test.
    """

    first: Ints
    second: Ints
    together: Ints
    expected: Floats
    most: Ints
    p_value: Floats

    @property
    def testable(self) -> NDArray[np.bool_]:
        """Pairs that could occur together: the family of the tests."""
        found: NDArray[np.bool_] = self.most > 0
        return found


def passages_together(
    documents: ArrayLike, codes: ArrayLike, starts: ArrayLike, ends: ArrayLike, lengths: ArrayLike, n_codes: int | None = None
) -> PairTests:
    """For every pair of codes: is the text they share more than circular shifts within the documents would give?

    Within a document every shift of one code's passages around its end is equally likely, and documents are independent. So the
    shared text is a sum of independent counts whose distribution is a convolution, and p is exact: nothing is drawn. What a code
    covers is counted once, however many of its passages lie there. In documents that are short for a pair (less than 15 times its
    longest passage) the passages of one code are laid anew instead: their beginnings are shifted around the places where a passage
    of that length fits, so that none is cut at the end; either code is the one that moves with probability ½.

    Args:
        documents: the document of each passage, 0 … D − 1.
        codes: its code, 0 … C − 1.
        starts, ends: where it begins and ends (exclusive), in whole units: sentences, or characters.
        lengths: length of each document in the same units.
        n_codes: C; default one more than the largest code.

    Returns:
        PairTests of all C(C − 1)/2 pairs; `together` and `most` are in units of text.

    Raises:
        AnalysisError: passages that are empty or leave their document.

    Source:
        The exact distribution of a sum of independent permutation statistics (Pagano and Tritchler 1983), with the circular shifts
        that are used where neighbouring places are alike (Harrison, Amarasingham and Kass 2013).

    Example:
        >>> found = passages_together([0, 0], [0, 1], [10, 10], [14, 14], [100])
        >>> int(found.together[0]), round(float(found.p_value[0]), 6)
        (4, 0.01)
    """
    document, code = np.asarray(documents, dtype=np.int64), np.asarray(codes, dtype=np.int64)
    start, end = np.asarray(starts, dtype=np.int64), np.asarray(ends, dtype=np.int64)
    length = np.asarray(lengths, dtype=np.int64)
    _check(document, code, start, end, length)
    total = n_codes if n_codes is not None else int(code.max(initial=-1)) + 1
    order = np.lexsort((start, code, document))
    document, code, start, end = document[order], code[order], start[order], end[order]
    sums = _Sums(total)
    edges = [0, *(np.flatnonzero(np.diff(document)) + 1).tolist(), len(document)]
    for i, j in pairwise(edges if len(document) else []):
        _add_document(sums, code[i:j], start[i:j], end[i:j], int(length[document[i]]))
    return sums.tests()


def _check(document: Ints, code: Ints, start: Ints, end: Ints, length: Ints) -> None:
    if not len(document) == len(code) == len(start) == len(end):
        raise AnalysisError("every passage needs a document, a code, a start and an end", where="documents, codes, starts, ends")
    if len(document) and (document.min() < 0 or document.max() >= len(length) or code.min() < 0):
        raise AnalysisError("a passage lies in a document without a length", where="documents, lengths")
    wrong = np.flatnonzero((start < 0) | (end <= start) | (end > length[document]))
    if len(wrong):
        at = int(wrong[0])
        raise AnalysisError(
            "a passage is empty or leaves its document",
            where=f"passage {at}: {start[at]}–{end[at]} in a document of length {length[document[at]]}",
        )


class _Sums:
    """What the documents contribute to each pair: distributions, observed and expected text."""

    def __init__(self, codes: int) -> None:
        self.first, self.second = np.triu_indices(codes, k=1)
        self.number = np.zeros((codes, codes), dtype=np.int64)
        self.number[self.first, self.second] = np.arange(len(self.first))
        self.parts: list[Floats] = []
        self.owners: list[Ints] = []
        self.together = np.zeros(len(self.first), dtype=np.int64)
        self.expected = np.zeros(len(self.first))
        self.most = np.zeros(len(self.first), dtype=np.int64)
        # The observed outcome is itself as extreme as it is, so p is never below its probability.
        self.log_of_observed = np.zeros(len(self.first))

    def add(self, pairs: Ints, parts: Floats, observed: Ints) -> None:
        """One row of `parts` for each of the pairs."""
        values = np.arange(parts.shape[1])
        self.together[pairs] += observed
        self.expected[pairs] += parts @ values
        self.most[pairs] += ((parts > 0) * values).max(axis=1)
        self.log_of_observed[pairs] += np.log(parts[np.arange(len(parts)), observed])
        self.parts.append(parts)
        self.owners.append(pairs)

    def tests(self) -> PairTests:
        p_value = np.ones(len(self.first))
        if self.parts:
            width = max(part.shape[1] for part in self.parts)
            parts = np.zeros((sum(len(part) for part in self.parts), width))
            row = 0
            for part in self.parts:
                parts[row : row + len(part), : part.shape[1]] = part
                row += len(part)
            p_value = upper_tails(parts, np.concatenate(self.owners), self.together)
        p_value = np.clip(p_value, np.exp(self.log_of_observed), 1.0)
        return PairTests(self.first, self.second, self.together, self.expected, self.most, np.where(self.together > 0, p_value, 1.0))


def _add_document(sums: _Sums, code: Ints, start: Ints, end: Ints, length: int) -> None:
    present, first = np.unique(code, return_index=True)
    if len(present) < 2:
        return
    last = np.append(first[1:], len(code))
    cover = np.zeros((len(present), length + 1), dtype=np.int64)
    rows = np.repeat(np.arange(len(present)), last - first)
    np.add.at(cover, (rows, start), 1)
    np.add.at(cover, (rows, end), -1)
    covered = np.cumsum(cover[:, :-1], axis=1) > 0
    before = np.zeros((len(present), length + 1), dtype=np.int64)
    np.cumsum(covered, axis=1, out=before[:, 1:])
    observed = (covered.astype(np.float64) @ covered.T.astype(np.float64)).astype(np.int64)
    longest = np.maximum.reduceat(end - start, first)
    short = length < _SHORT * np.maximum(longest[:, None], longest[None, :])
    one, other = np.triu_indices(len(present), k=1)
    numbers = sums.number[present[one], present[other]]
    around = ~short[one, other]
    if around.any():
        sums.add(numbers[around], _shifted(covered, before, short), observed[one, other][around])
    if not around.all():
        passages = [(start[i:j], end[i:j]) for i, j in zip(first, last, strict=True)]
        laid = _laid_anew(passages, before, short)
        both = (laid[one, other] + laid[other, one])[~around] / 2
        sums.add(numbers[~around], both, observed[one, other][~around])


def _shifted(covered: NDArray[np.bool_], before: Ints, short: NDArray[np.bool_]) -> Floats:
    """The distribution of the shared text under all shifts around the end, for the pairs that are not short, in their order."""
    length = covered.shape[1]
    around = np.concatenate([before, before[:, 1:] + before[:, -1:]], axis=1)
    edges = np.diff(np.pad(covered.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    owner, begins = np.nonzero(edges == 1)
    stops = np.nonzero(edges == -1)[1]
    rows = []
    for place in range(len(covered) - 1):
        long_enough = ~short[place, place + 1 :]
        others = around[place + 1 :] if long_enough.all() else around[place + 1 :][long_enough]
        shared = np.zeros((len(others), length), dtype=np.int64)
        own = slice(*np.searchsorted(owner, [place, place + 1]))
        for begin, stop in zip(begins[own].tolist(), stops[own].tolist(), strict=True):
            shared += others[:, stop : stop + length]
            shared -= others[:, begin : begin + length]
        rows.append(shared)
    return _distributions(np.concatenate(rows))


def _laid_anew(passages: list[tuple[Ints, Ints]], before: Ints, short: NDArray[np.bool_]) -> Floats:
    """For each code that moves and each other code of a short pair the distribution of the text they share."""
    codes, length = len(before), before.shape[1] - 1
    made = np.zeros((codes, codes, int(before[:, -1].max()) + 1))
    for place, (start, end) in enumerate(passages):
        others = np.flatnonzero(short[place])
        if len(others):
            begins, stops = _stretches(start, end, length)
            own = before[others]
            shared = sum(own[:, stops[:, k]] - own[:, begins[:, k]] for k in range(len(start)))
            found = _distributions(np.asarray(shared))
            made[place, others, : found.shape[1]] = found
    return made


def _stretches(start: Ints, end: Ints, length: int) -> tuple[Ints, Ints]:
    """Every shift of the passages' beginnings: begin and end of the disjoint stretches they cover, shifts × passages."""
    size = end - start
    places = length - size + 1
    shifts = np.arange(places.max())[:, None]
    begins = (start + shifts * places // places.max()) % places
    order = np.argsort(begins, axis=1, kind="stable")
    begins = np.take_along_axis(begins, order, axis=1)
    stops = begins + size[order]
    reached = np.maximum.accumulate(stops, axis=1)
    begins[:, 1:] = np.maximum(begins[:, 1:], reached[:, :-1])
    return begins, np.maximum(begins, stops)


def _distributions(shared: Ints) -> Floats:
    """The distribution of each row over 0, 1, 2, …"""
    rows, columns = shared.shape
    width = int(shared.max()) + 1
    flat = np.bincount((shared + np.arange(rows)[:, None] * width).ravel(), minlength=rows * width)
    made: Floats = flat.reshape(rows, width) / columns
    return made


def documents_together(presence: ArrayLike, strata: ArrayLike | None = None) -> PairTests:
    """For every pair of codes: do they stand in the same documents more often than chance?

    Fisher's exact test, one-sided, within strata whose documents are alike (a respondent group): the number of shared documents is
    then a sum of independent hypergeometric counts.

    Args:
        presence: documents × codes, whether the code stands in the document.
        strata: the stratum of each document; None takes all documents as alike.

    Returns:
        PairTests of all pairs of codes; `together` and `most` are documents.

    Raises:
        AnalysisError: no documents, or strata for another number of documents.

    Source: Fisher 1935; Birch 1964 for the sum over strata.

    Example:
        >>> found = documents_together([[1, 1], [1, 1], [1, 1], [0, 0], [0, 0], [0, 0]])
        >>> round(float(found.p_value[0]), 6)
        0.05
    """
    from scipy import stats

    table = np.asarray(presence).astype(bool)
    if table.ndim != 2 or not len(table):
        raise AnalysisError("there are no documents", where="presence", todo="one row a document, one column a code")
    stratum = np.zeros(len(table), dtype=np.int64) if strata is None else np.unique(np.asarray(strata), return_inverse=True)[1]
    if len(stratum) != len(table):
        raise AnalysisError("every document needs a stratum", where="strata")
    sums = _Sums(table.shape[1])
    for one in np.unique(stratum):
        own = table[stratum == one].astype(np.int64)
        holding = own.sum(axis=0)
        a, b = holding[sums.first], holding[sums.second]
        shared = (own.T @ own)[sums.first, sums.second]
        values = np.arange(int(np.minimum(a, b).max(initial=0)) + 1)
        parts = stats.hypergeom.pmf(values, len(own), a[:, None], b[:, None])
        varies = np.flatnonzero((a > 0) & (b > 0))
        if len(varies):
            sums.add(varies, parts[varies], shared[varies])
    return sums.tests()
