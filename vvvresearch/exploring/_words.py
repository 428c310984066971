"""Every word of all transcripts by number, made once: a search looks at the words that there are, and then where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_WORD = re.compile(r"\w+")
_BETWEEN = "\x00"
# Letters that are numbered at a time.
_AT_ONCE = 1 << 21


@dataclass(frozen=True)
class WordIndex:
    """The words of a text.

    Args:
        text: the text.
        starts: where each word begins, in order.
        word: its number among the different ones.
        different: the different words, in one line with a null before each.
        begins: where each of them begins in that line.
    """

    text: str
    starts: NDArray[np.int32]
    word: NDArray[np.int32]
    different: str
    begins: Ints

    @classmethod
    def of(cls, text: str, letters: NDArray[np.unsignedinteger[Any]]) -> WordIndex:
        """The words of a text, given its letters as numbers."""
        there = sorted(map(ord, set(text)))
        is_letter = np.zeros(max(there, default=0) + 1, dtype=bool)
        is_letter[[one for one in there if _WORD.match(chr(one))]] = True
        inside = np.concatenate([[False], is_letter[letters], [False]])
        edges = np.flatnonzero(inside[1:] != inside[:-1])
        starts, ends = edges[::2], edges[1::2]
        numbers, _ = pd.factorize(_hashed(letters[inside[1:-1]], ends - starts))
        first = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=np.int64)
        first[numbers[::-1]] = np.arange(len(numbers))[::-1]
        words = [text[start:end] for start, end in zip(starts[first].tolist(), ends[first].tolist(), strict=True)]
        lengths = np.array([0, *(len(word) + 1 for word in words)], dtype=np.int64)
        line = "".join(_BETWEEN + word for word in words) + _BETWEEN
        return cls(text, starts.astype(np.int32), numbers.astype(np.int32), line, np.cumsum(lengths)[:-1] + 1)

    def places(self, form: list[str], short: int) -> Ints | None:
        """Start and end of each place of some words in a row; None where a word of them has other signs than letters.

        Args:
            form: the words; of several the first may end a word, the last may begin one.
            short: words of so few letters must begin a word.
        """
        if not all(_WORD.fullmatch(word) for word in form):
            return None
        return self._word(form[0], len(form[0]) <= short) if len(form) == 1 else self._phrase(form, short)

    def _word(self, word: str, begins_one: bool) -> Ints:
        found = re.finditer((_BETWEEN if begins_one else "") + re.escape(word), self.different)
        at = np.fromiter((match.end() - len(word) for match in found), dtype=np.int64)
        number = np.searchsorted(self.begins, at, side="right") - 1
        offset = at - self.begins[number]
        parts: list[Ints] = []
        while len(number):
            # A word that has it twice comes again in the next round.
            new = np.concatenate([[True], number[1:] != number[:-1]])
            within = np.full(len(self.begins), -1, dtype=np.int32)
            within[number[new]] = offset[new]
            shift = within[self.word]
            here = np.flatnonzero(shift >= 0)
            parts.append(self.starts[here].astype(np.int64) + shift[here])
            number, offset = number[~new], offset[~new]
        starts = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        return np.column_stack([starts, starts + len(word)])

    def _phrase(self, form: list[str], short: int) -> Ints:
        first, last = re.escape(form[0]), re.escape(form[-1])
        patterns = [f"{_BETWEEN}{first}(?={_BETWEEN})" if len(form[0]) <= short else f"{first}(?={_BETWEEN})"]
        patterns += [f"{_BETWEEN}{re.escape(word)}(?={_BETWEEN})" for word in form[1:-1]] + [f"{_BETWEEN}{last}"]
        meant_at = []
        for pattern in patterns:
            ends = np.fromiter((match.end() - 1 for match in re.finditer(pattern, self.different)), dtype=np.int64)
            if not len(ends):
                # A spelling that nobody uses is told by the list of words alone.
                return np.zeros((0, 2), dtype=np.int64)
            meant_at.append(np.zeros(len(self.begins), dtype=bool))
            meant_at[-1][np.searchsorted(self.begins, ends, side="right") - 1] = True
        here: Ints = np.zeros(0, dtype=np.int64)
        for place, meant in enumerate(meant_at):
            here = here[meant[self.word[here + place]]] if place else np.flatnonzero(meant[self.word[: 1 - len(form)]])
        whole = re.compile(r"\s+".join(map(re.escape, form)))
        spans = []
        for start in self.starts[here].tolist():
            end = _WORD.match(self.text, start).end()  # type: ignore[union-attr]
            if match := whole.match(self.text, end - len(form[0])):
                spans.append(match.span())
        return np.array(spans, dtype=np.int64).reshape(-1, 2)


def _hashed(signs: NDArray[np.unsignedinteger[Any]], lengths: Ints) -> NDArray[np.uint64]:
    """A number for each word, the same for the same: its letters, each times a drawn weight of its place; two unlike words share one of
    2**64 numbers by chance alone.

    Args:
        signs: the letters of all words, one word after the other.
        lengths: of the words.
    """
    longest = int(lengths.max(initial=0))
    weights = np.random.default_rng(20240501).integers(1, 2**64 - 1, size=longest, dtype=np.uint64)
    found = np.zeros(len(lengths), dtype=np.uint64)
    upto = np.cumsum(lengths)
    borders = [0, *np.searchsorted(upto, np.arange(_AT_ONCE, int(upto[-1]) if len(upto) else 0, _AT_ONCE)).tolist(), len(lengths)]
    for low, high in pairwise(sorted(set(borders))):
        own = lengths[low:high]
        offsets = (np.cumsum(own) - own).astype(np.int32)
        within = np.arange(int(own.sum()), dtype=np.int32) - np.repeat(offsets, own)
        first, last = int(upto[low] - own[0]), int(upto[high - 1])
        found[low:high] = np.add.reduceat((signs[first:last].astype(np.uint64) + np.uint64(1)) * weights[within], offsets)
    return found
