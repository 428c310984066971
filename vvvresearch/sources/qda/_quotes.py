"""Quotes without positions: found in the transcript where one place matches, never guessed."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

# Characters that nobody sees belong to the word they stand in, combining marks too.
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_WORD = re.compile(f"[\\w\u0300-\u036f{_UNSEEN}]+")
_HIDDEN = dict.fromkeys(map(ord, _UNSEEN))
# What a writer left out of a quote or put into it: […], (...), …, [hun].
_ELISION = re.compile(r"\[[^\]\n]{0,40}\]|\(\s*(?:\.{2,}|…)\s*\)|/\s*(?:\.{2,}|…)\s*/|…|\.{3,}|- - -|\( - \)")
# What word processors change by themselves.
_SAME = str.maketrans({**dict.fromkeys("’‘‚‛´`", "'"), **dict.fromkeys("“”„‟»«", '"'), **dict.fromkeys("‐‑‒–—−", "-")})
_WORDS_PER_SLIP = 10
_MOST_LEFT_OUT = 200
_MOST_PLACES = 200
_SURE_WORDS, _SURE_LETTERS = 3, 10
_NEAR = 1_000


@dataclass(frozen=True)
class Located:
    """Where a quote stands; `matches` tells why there is no place: 0 is missing, more than 1 ambiguous."""

    start: int | None
    end: int | None
    matches: int


def settled(places: Sequence[tuple[int, int]]) -> Located:
    """The place when there is one, else the number of places."""
    return Located(*places[0], 1) if len(places) == 1 else Located(None, None, len(places))


def nearest(text: str, quote: str, position: int) -> Located:
    """The only place of a passage in a text, or the only one near its old position."""
    everywhere = _verbatim(text, quote)
    if len(everywhere) <= 1:
        return settled(everywhere)
    near = [place for place in everywhere if abs(place[0] - position) <= _NEAR]
    return settled(near) if len(near) == 1 else Located(None, None, len(everywhere))


@dataclass(frozen=True)
class Transcript:
    """A text to find quotes in."""

    text: str

    @cached_property
    def _spans(self) -> list[tuple[int, int, str]]:
        """The words: start, end and the word in one form."""
        found = ((*match.span(), _folded(match[0])) for match in _WORD.finditer(self.text))
        return [word for word in found if word[2]]

    @cached_property
    def _words(self) -> list[str]:
        return [word for _, _, word in self._spans]

    @cached_property
    def _joined(self) -> str:
        return f" {' '.join(self._words)} "

    @cached_property
    def _starts(self) -> list[int]:
        """Where each word starts in the joined text."""
        starts, place = [], 0
        for word in self._words:
            starts.append(place)
            place += len(word) + 1
        return starts

    def locate(self, quote: str) -> Located:
        """The place of a quote, when one place matches: case, spaces and punctuation apart, what `[…]` leaves out apart,
        and at most one word in ten another.

        Example:
            >>> Transcript("Vi mødes hver  tirsdag, sagde hun.").locate("hver tirsdag sagde hun")
            Located(start=9, end=33, matches=1)
        """
        return settled(self.places(quote))

    def places(self, quote: str) -> list[tuple[int, int]]:
        """All places that a quote can mean; the strictest way of comparing that finds any decides."""
        verbatim = _verbatim(self.text, quote) if quote.strip() else []
        pieces = [words for words in (_words_of(part) for part in _ELISION.split(quote)) if words]
        count = sum(map(len, pieces))
        if not count:
            return verbatim
        if len(pieces) == 1:
            alike = [self._span(first, first + count, quote) for first in self._exact(pieces[0])]
            if len(alike) == 1:
                # The passage as it was copied, signs and spaces around it included.
                return next(([place] for place in verbatim if place[0] <= alike[0][0] and alike[0][1] <= place[1]), alike)
            if alike:
                return alike
            if verbatim and count >= _SURE_WORDS:
                # It begins or ends inside words, as programs let people mark.
                return verbatim
            if joined := self._apart_from_spaces(pieces[0]):
                return [self._span(first, last, quote) for first, last in joined]
        return self._close(pieces, count // _WORDS_PER_SLIP, quote)

    def _exact(self, words: Sequence[str]) -> list[int]:
        """The numbers of the words at which these words stand."""
        wanted = f" {' '.join(words)} "
        found: list[int] = []
        place = self._joined.find(wanted)
        while place >= 0 and len(found) < _MOST_PLACES:
            found.append(bisect_left(self._starts, place))
            place = self._joined.find(wanted, place + 1)
        return found

    @cached_property
    def _letters(self) -> tuple[str, dict[int, int]]:
        """All words without spaces, and the place there → the word that starts (or, at its end, follows)."""
        places, place = {}, 0
        for number, word in enumerate(self._words):
            places[place] = number
            place += len(word)
        return "".join(self._words), places | {place: len(self._words)}

    def _apart_from_spaces(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Places of whole words that are these letters: exporters part a word where its formatting changes."""
        wanted = "".join(words)
        if len(words) < _SURE_WORDS and len(wanted) < _SURE_LETTERS:
            return []
        letters, places = self._letters
        found = ((place, place + len(wanted)) for place, _ in _verbatim(letters, wanted))
        return [(places[start], places[end]) for start, end in found if start in places and end in places]

    def _close(self, pieces: Sequence[Sequence[str]], slips: int, quote: str) -> list[tuple[int, int]]:
        """Places where all pieces stand in order, with at most so many words another."""
        chains = [(first, last, errors) for first, last, errors in self._near(pieces[0], slips)]
        for piece in pieces[1:]:
            following = self._near(piece, slips)
            chains = [
                (first, next_last, errors + more)
                for first, last, errors in chains
                for next_first, next_last, more in following
                if last <= next_first <= last + _MOST_LEFT_OUT and errors + more <= slips
            ]
        best: dict[int, tuple[int, int]] = {}
        for first, last, _ in sorted(chains, key=lambda chain: (chain[2], chain[1] - chain[0])):
            # The same place seen with another edge, or with a later end of what was left out, is one place.
            if not any(abs(first - other) <= slips for other in best):
                best[first] = (first, last)
        return [self._span(first, last, quote) for first, last in best.values()]

    def _near(self, words: Sequence[str], slips: int) -> list[tuple[int, int, int]]:
        """Places (first word, word after the last, number of slips) of one piece.

        With s slips at least one of s + 1 parts of a piece stands there unchanged, so only places of parts are compared.
        """
        parts = slips + 1
        if slips == 0 or len(words) < 2 * parts:
            return [(first, first + len(words), 0) for first in self._exact(words)]
        edges = [len(words) * number // parts for number in range(parts + 1)]
        begins = {place - begin for begin, end in pairwise(edges) for place in self._exact(words[begin:end])}
        found: dict[tuple[int, int], int] = {}
        seen: list[int] = []
        for begin in sorted(begins):
            if seen and begin - seen[-1] <= slips // 2:
                continue
            seen.append(begin)
            low = max(0, begin - slips)
            match = _alignment(words, self._words[low : begin + len(words) + slips], slips)
            if match is not None:
                found.setdefault((low + match[0], low + match[1]), match[2])
        return [(first, last, errors) for (first, last), errors in found.items()]

    def _span(self, first: int, last: int, quote: str) -> tuple[int, int]:
        """The passage from one word to another, with the signs that the quote has after its last word."""
        start, end = self._spans[first][0], self._spans[last - 1][1]
        words = list(_WORD.finditer(quote))
        place = end
        for sign in quote[words[-1].end() :].translate(_SAME) if words else "":
            while place < len(self.text) and self.text[place].isspace():
                place += 1
            if sign.isspace():
                continue
            if place == len(self.text) or self.text[place].translate(_SAME) != sign:
                break
            place += 1
            end = place
        return start, end


def _verbatim(text: str, quote: str) -> list[tuple[int, int]]:
    """The places of a string as it is, overlapping ones too."""
    found: list[tuple[int, int]] = []
    place = text.find(quote) if quote else -1
    while place >= 0 and len(found) < _MOST_PLACES:
        found.append((place, place + len(quote)))
        place = text.find(quote, place + 1)
    return found


def _words_of(text: str) -> list[str]:
    return [word for word in map(_folded, _WORD.findall(text)) if word]


def _folded(word: str) -> str:
    """A word in one form, whatever its case, its way of writing accents and what is hidden in it."""
    return word if word.isascii() and word.islower() else unicodedata.normalize("NFKC", word.translate(_HIDDEN).casefold()).strip("_")


def _alignment(words: Sequence[str], window: Sequence[str], most: int) -> tuple[int, int, int] | None:
    """Where in a window words stand with the fewest words changed, left out or put in: start, end and their number.

    Sellers' algorithm: an edit distance whose first row is free, so that a match may start anywhere.
    """
    row = [(0, place) for place in range(len(window) + 1)]
    for number, word in enumerate(words, start=1):
        previous, row = row, [(number, 0)]
        for place, other in enumerate(window, start=1):
            row.append(
                min(
                    (previous[place - 1][0] + (word != other), previous[place - 1][1]),
                    (previous[place][0] + 1, previous[place][1]),
                    (row[place - 1][0] + 1, row[place - 1][1]),
                )
            )
        if min(cost for cost, _ in row) > most:
            return None
    cost, end = min((cell[0], place) for place, cell in enumerate(row))
    return (row[end][1], end, cost) if cost <= most and end > row[end][1] else None
