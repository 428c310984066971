"""Offsets: which way of counting a file uses, found from evidence, and the exact way from it to code points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

import numpy as np
import numpy.typing as npt

Positions = npt.NDArray[np.int64]

MARK = "\ufeff"
OUTSIDE = -1
# A shorter beginning of a passage may be a title that somebody typed.
_PREFIX = 20
_SHORTEST_CUT = 11
# From here on scripts have no spaces between words; the last space of Unicode comes soon after.
_WITHOUT_SPACES = "\u2e80"
_LAST_SPACE = 0x3000


@dataclass(frozen=True)
class Convention:
    """One way of counting positions in a text.

    Args:
        bom: "stripped" (position 0 is the first character after byte-order marks), "kept", or "one" (of two marks the
            first is not counted).
        crlf: how many units a line end of two characters counts, 1 or 2.
        unit: "codepoint", "utf-16" or "utf-8".
        end: "exclusive" or "inclusive".
        restored: every line end counts two although the text holds one character: it was folded after counting,
            as XML does with text inside a project file. Means nothing in a text that has line ends of two.
    """

    bom: str = "stripped"
    crlf: int = 2
    unit: str = "codepoint"
    end: str = "exclusive"
    restored: bool = False

    def __str__(self) -> str:
        folded = " line-ends=restored" if self.restored else ""
        return f"bom={self.bom} crlf={self.crlf} unit={self.unit} end={self.end}{folded}"


CONVENTIONS = tuple(
    Convention(bom, crlf, unit, end, restored)
    for end, bom, unit, (crlf, restored) in product(
        ("exclusive", "inclusive"), ("stripped", "kept", "one"), ("codepoint", "utf-16"), ((2, False), (1, False), (2, True))
    )
)


@cache
def _letters_and_spaces() -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which characters are letters of scripts with spaces between words, and which are spaces; the last stands for all above it."""
    marks = [chr(mark) for mark in range(_LAST_SPACE + 2)]
    letters = [mark.isalnum() and mark < _WITHOUT_SPACES for mark in marks]
    return np.array(letters, dtype=bool), np.array([mark.isspace() for mark in marks], dtype=bool)


@dataclass(frozen=True)
class CountedText:
    """A text as delivered, and as this package holds it: no byte-order marks, every line end `\\n`."""

    raw: str

    @cached_property
    def _marks(self) -> int:
        """The number of byte-order marks at the beginning; some programs write two."""
        return len(self.raw) - len(self.raw.lstrip(MARK))

    @cached_property
    def text(self) -> str:
        """The normalised text; offsets of `Codings` count its code points."""
        return normal_text(self.raw)

    @property
    def _points(self) -> npt.NDArray[np.uint32]:
        # Made anew for each use: kept, the characters of a large project would fill most of the memory.
        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")

    @cached_property
    def _double_ends(self) -> npt.NDArray[np.bool_]:
        """Which characters of the normalised text stood as two characters."""
        if "\r" not in self.raw:
            return np.zeros(len(self.text), dtype=bool)
        body = self.raw[self._marks :]
        raw = np.frombuffer(body.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        pairs = (raw[:-1] == 13) & (raw[1:] == 10)
        kept = np.ones(len(raw), dtype=bool)
        kept[1:][pairs] = False
        double = np.zeros(len(raw), dtype=bool)
        double[:-1] = pairs
        result: npt.NDArray[np.bool_] = double[kept]
        return result

    @cached_property
    def word_edges(self) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """For each place 0…len whether no word runs across it, and for each character whether it is a space.

        Scripts without spaces between words have no places inside a word.
        """
        letters, spaces = _letters_and_spaces()
        known = np.minimum(self._points, len(letters) - 1)
        inside, space = letters[known], spaces[known]
        edge = np.ones(len(self.text) + 1, dtype=bool)
        if len(self.text) > 1:
            edge[1:-1] = ~(inside[:-1] & inside[1:])
        return edge, space

    @cached_property
    def telling(self) -> tuple[bool, ...]:
        """Whether a mark, a second one, line ends of two, characters outside the basic plane and folded line ends make
        conventions differ."""
        high = bool((self._points > 0xFFFF).any())
        folded_ends = "\r" not in self.raw and "\n" in self.raw
        return self._marks > 0, self._marks > 1, "\r\n" in self.raw, high, folded_ends

    def signature(self, convention: Convention) -> Convention:
        """The convention with everything set to one value that makes no difference in this text."""
        mark, second, double, high, folded_ends = self.telling
        return Convention(
            ("stripped" if convention.bom == "one" and not second else convention.bom) if mark else "stripped",
            convention.crlf if double else 2,
            convention.unit if high or convention.unit == "utf-8" else "codepoint",
            convention.end,
            convention.restored and folded_ends,
        )

    def edges(self, convention: Convention) -> Positions:
        """For every code point (and the text's end) the position at which it starts under the convention."""
        width = np.ones(len(self.text), dtype=np.int8)
        if convention.unit != "codepoint":
            points = self._points
            for bound in (0xFFFF,) if convention.unit == "utf-16" else (0x7F, 0x7FF, 0xFFFF):
                width += points > bound
        width += self._doubled(convention)
        uncounted = {"stripped": self._marks, "one": 1}.get(convention.bom, 0)
        first = max(self._marks - uncounted, 0) * (3 if convention.unit == "utf-8" else 1)
        return np.concatenate(([first], first + np.cumsum(width, dtype=np.int64)))

    def _doubled(self, convention: Convention) -> npt.NDArray[np.bool_]:
        """Which characters count two because they are line ends."""
        if convention.restored and "\r" not in self.raw:
            ends: npt.NDArray[np.bool_] = self._points == 10
            return ends
        none: npt.NDArray[np.bool_] = np.zeros(len(self.text), dtype=bool)
        return self._double_ends if convention.crlf == 2 else none

    def places(self, starts: Positions, ends: Positions, convention: Convention) -> tuple[Positions, Positions]:
        """Positions in the file as code points of `text`; both are `OUTSIDE` where they fall out of it.

        A position between the two halves of a line end means the line end's start for a start and its end for an
        end, so that no passage loses a character; one inside any other character falls out.
        """
        edges = self.edges(convention)
        last = ends + 1 if convention.end == "inclusive" else ends
        # With a counted byte-order mark position 0 is the mark itself: nothing stands before the text.
        begin = starts if convention.bom == "stripped" else np.maximum(starts, edges[0])
        start = np.searchsorted(edges, begin, side="right") - 1
        end = np.searchsorted(edges, last, side="left")
        good = (begin >= edges[0]) & (last <= edges[-1]) & (starts >= 0) & (last >= begin)
        start_safe, end_safe = np.where(good, start, 0), np.where(good, end, 0)
        exact_start = edges[start_safe] == begin
        exact_end = edges[end_safe] == last
        breaks = np.concatenate((self._doubled(convention), [False]))
        good &= exact_start | breaks[start_safe]
        good &= exact_end | breaks[np.maximum(end_safe - 1, 0)]
        good &= start <= end
        return np.where(good, start, OUTSIDE), np.where(good, end, OUTSIDE)


def normal_text(raw: str) -> str:
    """A text without byte-order marks at its beginning and with `\\n` as its only line end."""
    body = raw.lstrip(MARK)
    return body.replace("\r\n", "\n").replace("\r", "\n") if "\r" in body else body


@dataclass(frozen=True)
class Selections:
    """The positions one source's selections have in the file, and the quote each carries ("" where none)."""

    counted: CountedText
    starts: Positions
    ends: Positions
    quotes: Sequence[str]


def selections(counted: CountedText, starts: Sequence[int], ends: Sequence[int], quotes: Sequence[str]) -> Selections:
    """Selections from their starts, ends and quotes."""
    return Selections(counted, np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64), quotes)


def quote_matches(text: str, start: int, end: int, quote: str) -> bool:
    """Whether a passage is what its quote says. Exporters cut long quotes, with or without `…` or `...` at the end."""
    if start == OUTSIDE:
        return False
    passage = text[start:end]
    if passage == quote or (quote[-1:] == "…" and len(quote) > _SHORTEST_CUT and passage.startswith(quote[:-1])):
        return True
    flat = folded(passage)
    cut = cut_quote(quote)
    if cut is not None:
        return flat.startswith(cut)
    short = folded(quote)
    return flat == short or (len(short) >= _PREFIX and flat.startswith(short))


def quotes(text: str, name: str) -> bool:
    """Whether a name stands somewhere in a text, whole or cut."""
    return (cut_quote(name) or folded(name)) in folded(text)


def cut_quote(quote: str) -> str | None:
    """The part of a cut quote that is quoted, None when it is not cut."""
    for mark in ("…", "..."):
        if quote.endswith(mark) and len(quote) >= len(mark) + _SHORTEST_CUT:
            return folded(quote.removesuffix(mark))
    return None


def folded(text: str) -> str:
    """A passage as exporters quote it: line ends and runs of spaces as one space, none around it."""
    return " ".join(text.split())
