"""Do two codes share more text than chance? Exact tests, for passages within documents and for whole documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._shared_text import Mentions, around_the_end, laid_anew, mixed, several_laid_anew
from vvvresearch.statistics.convolution import Counts, upper_tails, within

if TYPE_CHECKING:
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
_TOGETHER = 500_000


@dataclass(frozen=True)
class PairTests:
    """One test for each pair of codes, the first code before the second.

    Args:
        first, second: numbers of the codes.
        together: what they share: units of text, or documents.
        expected: its mean when chance alone decides.
        most: the most they could share by chance; 0 where no document holds both, so that there is nothing to test.
        p_value: probability of sharing at least as much by chance; 1 where there is nothing to test.
        parts: what each pair shares by chance in each document (or stratum).
    """

    first: Ints
    second: Ints
    together: Ints
    expected: Floats
    most: Ints
    p_value: Floats
    parts: Counts

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
    of that length fits, so that none is cut at the end; either code is the one that moves with probability ½. Several passages that
    are laid anew together in a document of more than 400 places are laid at 400 of them, evenly spaced.

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
    if not len(code):
        return _tests(total, code, Counts(np.zeros(0), code, code))
    mentions = Mentions.of(document, code, start, end, length)
    one, other = mentions.pairs()
    number = np.zeros((total, total), dtype=np.int64)
    number[np.triu_indices(total, k=1)] = np.arange(total * (total - 1) // 2)
    sums = number[mentions.code[one], mentions.code[other]]
    edges = np.flatnonzero(np.diff(np.cumsum(mentions.stretches[one] * mentions.stretches[other]) // _TOGETHER)) + 1
    lots = [_chances(mentions, *lot) for lot in zip(*(np.split(rows, edges) for rows in (one, other, sums)), strict=True)]
    return _tests(total, mentions.shared(one, other), Counts.joined(lots))


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
        rare = upper_tails(tests.parts, middle) <= alpha + _ALIKE
        low, high = np.where(rare, low, middle), np.where(rare, middle, high)
    return upper_tails(tests.parts, high)


def text_shared(documents: ArrayLike, codes: ArrayLike, starts: ArrayLike, ends: ArrayLike, n_codes: int) -> Ints:
    """Codes × codes: how much text both cover, where a code's passages overlap only once; on the diagonal what each covers.

    Args:
        documents, codes, starts, ends, n_codes: as `passages_together`; nobody needs to know how long the documents are.

    Example:
        >>> text_shared([0, 0, 0], [0, 0, 1], [0, 2, 3], [4, 6, 9], 2).tolist()
        [[6, 3], [3, 6]]
    """
    document, code, start, end = (np.asarray(values, dtype=np.int64) for values in (documents, codes, starts, ends))
    shared = np.zeros((n_codes, n_codes), dtype=np.int64)
    if len(code):
        mentions = Mentions.of(document, code, start, end, np.full(int(document.max()) + 1, end.max()))
        one, other = mentions.pairs()
        np.add.at(shared, (mentions.code[one], mentions.code[other]), mentions.shared(one, other))
        shared += shared.T
        np.add.at(shared, (mentions.code, mentions.code), np.add.reduceat(mentions.stops - mentions.begins, mentions.first))
    return shared


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


def _tests(n_codes: int, together: Ints, parts: Counts) -> PairTests:
    """From what each pair shares in each document (or stratum) and what it could share there by chance."""
    first, second = np.triu_indices(n_codes, k=1)
    n, sums = len(first), parts.sums
    shared = np.bincount(sums, together, minlength=n).astype(np.int64)
    mean = np.add.reduceat(parts.chances * within(parts.widths), parts.starts) if len(sums) else np.zeros(0)
    # The observed outcome is itself as extreme as it is, so p is never below its probability.
    observed = np.bincount(sums, np.log(parts.chances[parts.starts + together]), minlength=n)
    p_value = np.clip(upper_tails(parts, shared), np.exp(observed), 1.0)
    most = np.bincount(sums, parts.widths - 1, minlength=n).astype(np.int64)
    expected = np.bincount(sums, mean, minlength=n).astype(np.float64)
    return PairTests(first, second, shared, expected, most, np.where(shared > 0, p_value, 1.0), parts)


def _chances(mentions: Mentions, one: Ints, other: Ints, sums: Ints) -> Counts:
    """How much text each two mentions share by chance."""
    short = mentions.length[one] < _SHORT * np.maximum(mentions.longest[one], mentions.longest[other])
    shifted, laid = np.flatnonzero(~short), np.flatnonzero(short)
    moving, resting = np.r_[one[laid], other[laid]], np.r_[other[laid], one[laid]]
    single = mentions.passages[moving] == 1
    pairs = np.tile(laid, 2)
    return mixed(
        [
            around_the_end(mentions, one[shifted], other[shifted], shifted),
            laid_anew(mentions, moving[single], resting[single], pairs[single]),
            *several_laid_anew(mentions, moving[~single], resting[~single], pairs[~single]),
        ],
        sums,
    )


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
    one, other = np.triu_indices(table.shape[1], k=1)
    together, parts = [], []
    for each in np.unique(stratum):
        own = table[stratum == each].astype(np.int64)
        holding = own.sum(axis=0)
        varies = np.flatnonzero((holding[one] > 0) & (holding[other] > 0))
        a, b = holding[one[varies]], holding[other[varies]]
        widths = np.minimum(a, b) + 1
        chances = stats.hypergeom.pmf(within(widths), len(own), np.repeat(a, widths), np.repeat(b, widths))
        together.append((own.T @ own)[one[varies], other[varies]])
        parts.append(Counts(chances, widths, varies))
    return _tests(table.shape[1], np.concatenate(together), Counts.joined(parts))
