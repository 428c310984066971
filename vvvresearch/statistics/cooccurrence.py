"""Do two codes share more text than chance? Exact tests, for passages within documents and for whole documents."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import places_of, several
from vvvresearch.statistics._shared_text import Mentions, amounts_by_chance
from vvvresearch.statistics._sums import Amounts, Sums, within

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["PairTests", "attainable_level", "documents_together", "passages_together", "text_shared"]

# A document is short for a pair when it is less than so many times as long as the longest passage of either code. There the ends
# of the document matter: no passage crosses them, and shifts around the end reject too often (.06–.13 instead of .05).
_SHORT = 15
# Chances are right to about 1e-13; two that are nearer to each other than this are the same.
_ALIKE = 1e-12
# Pairs of passages looked at in one lot, so that memory stays small.
_TOGETHER = 20_000


@dataclass(frozen=True)
class PairTests:
    """One test for each pair of codes, the first code before the second.

    Args:
        first, second: numbers of the codes.
        together: what they share: units of text, or documents.
        expected: its mean when chance alone decides.
        most: the most they could share by chance; 0 where no document holds both, so that there is nothing to test.
        p_value: probability of sharing at least as much by chance; 1 where there is nothing to test.
        at_least: the probability of sharing at least so much by chance, asked for one amount a pair.
    """

    first: Ints
    second: Ints
    together: Ints
    expected: Floats
    most: Ints
    p_value: Floats
    at_least: Callable[[Ints], Floats]

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
    shared text is a sum of independent amounts, whose distribution is counted out from their characteristic functions: nothing is
    drawn. What a code covers is counted once, however many of its passages lie there. In documents that are short for a pair (less than
    15 times its longest passage) only those shifts count by which no passage is cut at the end, and either code is the one that moves
    with probability ½.

    p is right to about 1e-12 where a sum has few values, and to 1e-7 where it has many; where a sum over many documents is so smooth that
    its finest oscillations are left out, p is proven to be off by less than .0001.

    Args:
        documents: the document of each passage, 0 … D − 1.
        codes: its code, 0 … C − 1.
        starts, ends: where it begins and ends (exclusive), in whole units: sentences, or characters.
        lengths: length of each document in the same units.
        n_codes: C; default one more than the largest code.

    Returns:
        PairTests of all C(C − 1)/2 pairs; `together` and `most` are in units of text.

    Raises:
        AnalysisError: passages that are empty or leave their document, or places that are no whole numbers.

    Source:
        The exact distribution of a sum of independent permutation statistics from their generating functions (Pagano and Tritchler
        1983), with the circular shifts that are used where neighbouring places are alike (Harrison, Amarasingham and Kass 2013).

    Example:
        >>> found = passages_together([0, 0], [0, 1], [10, 10], [14, 14], [100])
        >>> int(found.together[0]), round(float(found.p_value[0]), 6)
        (4, 0.01)
    """
    document, code, start, end = _passages(documents, codes, starts, ends)
    length = places_of(lengths, "lengths")
    if len(document) and document.max() >= len(length):
        raise AnalysisError("a passage lies in a document without a length", where="documents, lengths")
    _check(start, end, length[document])
    if len(code) and n_codes is not None and code.max() >= n_codes:
        raise AnalysisError(f"a passage has a code beyond the {n_codes} that there are", where="codes, n_codes")
    total = n_codes if n_codes is not None else int(code.max(initial=-1)) + 1
    n = total * (total - 1) // 2
    if len(np.unique(document * max(total, 1) + code)) == len(np.unique(document)):
        nothing = np.zeros(n, dtype=np.int64)
        return _tests(nothing, np.zeros(n), nothing, lambda least: (least <= 0).astype(np.float64))
    mentions = Mentions.of(document, code, start, end, length)
    one, other = mentions.pairs()
    number = np.zeros((total, total), dtype=np.int64)
    number[np.triu_indices(total, k=1)] = np.arange(n)
    order = np.argsort(number[mentions.code[one], mentions.code[other]], kind="stable")
    one, other = one[order], other[order]
    sums = number[mentions.code[one], mentions.code[other]]
    together = np.bincount(sums, mentions.shared(one, other), minlength=n).astype(np.int64)
    short = mentions.length[one] < _SHORT * np.maximum(mentions.longest[one], mentions.longest[other])
    edges = np.flatnonzero(np.diff(np.cumsum(mentions.stretches[one] * mentions.stretches[other]) // _TOGETHER)) + 1
    lots = zip(*(np.split(rows, edges) for rows in (one, other, short, sums)), strict=True)
    found = Sums(Amounts.joined([amounts_by_chance(mentions, *lot) for lot in lots]), n)
    return _tests(together, found.mean, found.most, found.at_least)


def attainable_level(tests: PairTests, alpha: float = 0.05) -> Floats:
    """How often each pair's test rejects at `alpha` where chance alone decides: its largest p that is no more than `alpha`.

    What two codes share is counted in whole units, so p takes few values where passages are short, and a test can be wrong less often
    than it may be.

    Args:
        tests: from `passages_together` or `documents_together`.
        alpha: the level that is asked for.

    Returns:
        One level a pair; 0 where even the most that a pair could share is not rare enough.

    Example:
        >>> tests = documents_together([[1, 1], [1, 1], [1, 1], [0, 0], [0, 0], [0, 0]])
        >>> [round(float(attainable_level(tests, alpha)[0]), 6) for alpha in (0.06, 0.01)]
        [0.05, 0.0]
    """
    low, high = np.zeros_like(tests.most), tests.most + 1
    while (high - low > 1).any():
        middle = (low + high) // 2
        rare = tests.at_least(middle) <= alpha + _ALIKE
        low, high = np.where(rare, low, middle), np.where(rare, middle, high)
    return tests.at_least(high)


def text_shared(documents: ArrayLike, codes: ArrayLike, starts: ArrayLike, ends: ArrayLike, n_codes: int) -> Ints:
    """Codes × codes: how much text both cover, where a code's passages overlap only once; on the diagonal what each covers.

    Args:
        documents, codes, starts, ends, n_codes: as `passages_together`; nobody needs to know how long the documents are.

    Example:
        >>> text_shared([0, 0, 0], [0, 0, 1], [0, 2, 3], [4, 6, 9], 2).tolist()
        [[6, 3], [3, 6]]
    """
    document, code, start, end = _passages(documents, codes, starts, ends)
    if not len(code):
        return np.zeros((n_codes, n_codes), dtype=np.int64)
    _check(start, end, np.full(len(end), end.max()))
    mentions = Mentions.of(document, code, start, end, np.full(int(document.max()) + 1, end.max()))
    # All documents on one line, far enough apart: a stretch meets those that begin before it stops.
    shift = np.repeat(mentions.document, mentions.stretches) * (int(end.max()) + 1)
    order = np.argsort(mentions.begins + shift, kind="stable")
    begins, stops = ((places + shift)[order] for places in (mentions.begins, mentions.stops))
    codes_of = np.repeat(mentions.code, mentions.stretches)[order]
    met = np.searchsorted(begins, stops) - np.arange(len(begins)) - 1
    one = np.repeat(np.arange(len(begins)), met)
    other = one + 1 + within(met)
    both = np.minimum(stops[one], stops[other]) - begins[other]
    shared = np.bincount(codes_of[one] * n_codes + codes_of[other], both, n_codes**2).astype(np.int64).reshape(n_codes, n_codes)
    own = np.bincount(codes_of, stops - begins, n_codes).astype(np.int64)
    return np.asarray(shared + shared.T + np.diag(own), dtype=np.int64)


def _passages(*columns: ArrayLike) -> Iterator[Ints]:
    names = ("documents", "codes", "starts", "ends")
    found = [places_of(values, name) for values, name in zip(columns, names, strict=True)]
    if len({len(column) for column in found}) > 1:
        raise AnalysisError("every passage needs a document, a code, a start and an end", where=", ".join(names))
    return iter(found)


def _check(start: Ints, end: Ints, length: Ints) -> None:
    wrong = np.flatnonzero((end <= start) | (end > length))
    if len(wrong):
        at = int(wrong[0])
        raise AnalysisError(
            "a passage is empty or leaves its document",
            where=f"passage {at}: {start[at]}–{end[at]} in a document of length {length[at]}",
        )


def _tests(together: Ints, expected: Floats, most: Ints, at_least: Callable[[Ints], Floats]) -> PairTests:
    # Nothing is rarer than what differences of probabilities can tell.
    p_value = np.where(together > 0, np.maximum(at_least(together), 1e-15), 1.0)
    first, second = np.triu_indices((1 + math.isqrt(1 + 8 * len(most))) // 2, k=1)
    return PairTests(first.astype(np.int64), second.astype(np.int64), together, expected, most, p_value, at_least)


def documents_together(presence: ArrayLike) -> PairTests:
    """For every pair of codes: do they stand in the same documents more often than chance?

    Fisher's exact test, one-sided.

    Args:
        presence: documents × codes, whether the code stands in the document.

    Returns:
        PairTests of all pairs of codes; `together` and `most` are documents.

    Raises:
        AnalysisError: no documents, or a presence that is not known.

    Source: Fisher 1935.

    Example:
        >>> found = documents_together([[1, 1], [1, 1], [1, 1], [0, 0], [0, 0], [0, 0]])
        >>> round(float(found.p_value[0]), 6)
        0.05
    """
    from scipy import stats

    if not len(several(presence, "presence")):
        raise AnalysisError("there are no documents", where="presence", todo="one row a document, one column a code")
    table = places_of(presence, "presence", 2, most=1)
    one, other = np.triu_indices(table.shape[1], k=1)
    holding = table.sum(axis=0)
    a, b = holding[one], holding[other]

    def at_least(least: Ints) -> Floats:
        tails: Floats = stats.hypergeom.sf(least - 1, len(table), a, b)
        return tails

    return _tests((table.T @ table)[one, other], a * b / len(table), np.minimum(a, b), at_least)
