"""Searching transcripts: case and accents folded away, whole and part of words, compounds found, and who could not be searched counted."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.exploring._passages import context_of
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Result, Total
from vvvresearch.themes._states import quotable_sources

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vvvresearch.evidence import Codings, Interviews

    Ints = NDArray[np.int64]

_SPELT = {one: pair for pair in (("å", "aa"), ("æ", "ae"), ("ø", "oe")) for one in pair}
_PIECE = re.compile(f"({'|'.join(_SPELT)}| )")
_SHORT = 3
_BETWEEN = b"\x00"
# What a letter is searched as: ASCII as itself, the Danish letters, every other sign, and from there on letters of other alphabets.
_DANISH = {"æ": 2, "ø": 3, "å": 4}
_OTHER, _LETTERS = 1, 128
_IN_WORDS = np.array([number >= _LETTERS or number in _DANISH.values() or bool(re.match(r"\w", chr(number))) for number in range(256)])
_AROUND = 120
_AT_ONCE = 1 << 18


def fold(text: str) -> str:
    """A text as it is searched: small letters without accents, every character in its place. æ, ø and å stay.

    Example:
        >>> fold("Café Ågård İ"), len(fold("Café Ågård İ"))
        ('cafe ågård i', 12)
    """
    return "".join(map(_fold_letter, text))


def _fold_letter(letter: str) -> str:
    small = letter.lower()
    if small in "æøå":
        return small
    plain = unicodedata.normalize("NFD", small)[:1]
    return plain if len(plain) == 1 else letter


def _sign(letter: str) -> int:
    """The byte that a letter is searched as; letters of other alphabets share some, signs that are no letters share one."""
    small = _fold_letter(letter)
    if small.isspace():
        return ord(" ")
    if small in "æøå" or (small.isascii() and small.isprintable()):
        return _DANISH.get(small, ord(small))
    return _LETTERS + ord(small) % _LETTERS if small.isalnum() else _OTHER


_LATIN = bytes(_sign(chr(number)) for number in range(256))


def _signs_of(text: str) -> bytes:
    """A text as it is searched, a byte for each character."""
    letters: NDArray[Any] = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    if len(letters) != len(text):
        letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    signs = letters.astype(np.uint8).tobytes().translate(_LATIN)
    wide = np.flatnonzero(letters > 255)
    if not len(wide):
        return signs
    different, which = np.unique(letters[wide], return_inverse=True)
    mended = np.frombuffer(signs, dtype=np.uint8).copy()
    mended[wide] = np.array([_sign(chr(letter)) for letter in different.tolist()], dtype=np.uint8)[which]
    return mended.tobytes()


@dataclass(frozen=True)
class TextIndex:
    """Transcripts as one run of signs, a byte for each character: a place in it is a place in a text.

    Args:
        texts: the transcripts by name, in order.
        starts: where each begins among the signs.
        signs: what is searched, a null before and after each transcript.
    """

    texts: dict[str, str]
    starts: Ints
    signs: bytes

    @classmethod
    def of(cls, texts: dict[str, str], sources: list[str]) -> TextIndex:
        """The index of some transcripts."""
        own = {source: texts[source] for source in sources}
        starts = np.cumsum([1, *(len(text) + 1 for text in own.values())], dtype=np.int64)[:-1]
        return cls(own, starts, _BETWEEN.join([b"", *map(_signs_of, own.values()), b""]))

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The names of the transcripts."""
        return tuple(self.texts)

    @cached_property
    def _numbers(self) -> NDArray[np.uint8]:
        return np.frombuffer(self.signs, dtype=np.uint8)

    def hits(self, query: str) -> list[tuple[str, int, int]]:
        """Where a query stands: source, start and end in its text, in the order of the texts.

        Words are parted by any space; three letters or fewer must begin a word, longer ones may stand inside one.
        """
        return [(self.sources[place], start, end) for place, start, end in zip(*map(np.ndarray.tolist, self.places(query)), strict=True)]

    def places(self, query: str) -> tuple[Ints, Ints, Ints]:
        """As `hits`: the number of the text, start and end in it."""
        # Words are found as parts anyway: what other programs have stars for needs none.
        words = fold(unicodedata.normalize("NFC", query)).replace("*", " " if " " in query.strip() else "").split()
        pieces = [piece for piece in _PIECE.split(" ".join(words)) if piece]
        if not pieces:
            return (np.zeros(0, dtype=np.int64),) * 3
        forms = [[_signs_of(spelt) for spelt in _SPELT.get(piece, (piece,))] for piece in pieces]
        # The longest piece that has one spelling is looked for, and then what stands beside it: all texts are read once.
        first = max(range(len(pieces)), key=lambda place: (pieces[place] != " ", len(forms[place]) == 1, len(pieces[place])))
        begins = len(words[0]) <= _SHORT
        found = np.concatenate([self._all(form, begins and not first) for form in forms[first]])
        for choice in forms[first + 1 :]:
            found = self._grown(found, choice, 1)
        for choice in forms[:first][::-1]:
            found = self._grown(found, choice, 0)
        if begins:
            found = found[~_IN_WORDS[self._numbers[found[:, 0] - 1]]]
        place = np.searchsorted(self.starts, found[:, 0], side="right") - 1
        if any(sign == _OTHER or sign >= _LETTERS for choice in forms for sign in b"".join(choice)):
            place, found = self._meant(pieces, place, found)
        found = _apart(found[np.lexsort((-found[:, 1], found[:, 0]))])
        place = np.searchsorted(self.starts, found[:, 0], side="right") - 1
        return place, found[:, 0] - self.starts[place], found[:, 1] - self.starts[place]

    def _all(self, form: bytes, begins: bool) -> Ints:
        """Start and end of each place where some signs stand, or where they begin a word."""
        if len(form) <= _SHORT:
            # So few stand at so many places that all are compared, a stretch at a time that the processor keeps at hand.
            stretches = ((begin, self._numbers[begin : begin + _AT_ONCE + len(form) - 1]) for begin in range(0, len(self.signs), _AT_ONCE))
            parts = (begin + _compared(own, form) for begin, own in stretches)
            at = np.concatenate([part[~_IN_WORDS[self._numbers[part - 1]]] if begins else part for part in parts])
        else:
            found = [self.signs.find(form)]
            while found[-1] >= 0:
                found.append(self.signs.find(form, found[-1] + 1))
            at = np.array(found[:-1], dtype=np.int64)
        return np.column_stack([at, at + len(form)])

    def _grown(self, spans: Ints, forms: list[bytes], side: int) -> Ints:
        """The spans that have one of these forms after them (side 1) or before (side 0), with it."""
        grown = []
        for form in forms:
            own = spans.copy()
            for sign in form if side else form[::-1]:
                own = own[self._beside(own, side) == sign]
                own[:, side] += 1 if side else -1
            while form == b" " and (more := self._beside(own, side) == form[0]).any():
                own[more, side] += 1 if side else -1
            grown.append(own)
        return np.concatenate(grown)

    def _beside(self, spans: Ints, side: int) -> NDArray[np.uint8]:
        return self._numbers[spans[:, 1] if side else spans[:, 0] - 1]

    def _meant(self, pieces: list[str], place: Ints, found: Ints) -> tuple[Ints, Ints]:
        """Without the places that only share their signs with what is looked for."""
        forms = (r"\s+" if piece == " " else "|".join(map(re.escape, _SPELT.get(piece, (piece,)))) for piece in pieces)
        meant = re.compile("".join(f"(?:{form})" for form in forms))
        spans = (found - self.starts[place][:, None]).tolist()
        same = [
            bool(meant.fullmatch(fold(self.texts[self.sources[number]][start:end])))
            for number, (start, end) in zip(place.tolist(), spans, strict=True)
        ]
        return place[same], found[same]


def _compared(signs: NDArray[np.uint8], form: bytes) -> Ints:
    size = len(signs) - len(form) + 1
    same = np.ones(max(size, 0), dtype=bool)
    for place, sign in enumerate(form):
        same &= signs[place : size + place] == sign
    return np.flatnonzero(same)


def _apart(spans: Ints) -> Ints:
    """Spans in order without those that begin inside the one before."""
    if not len(spans) or (spans[1:, 0] >= spans[:-1, 1]).all():
        return spans
    kept: list[tuple[int, int]] = []
    for start, end in spans.tolist():
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return np.array(kept, dtype=np.int64)


def search(codings: Codings, interviews: Interviews, text: str) -> Result:
    """Every place in the transcripts where words stand, coded or not.

    Case and accents do not matter; å and aa, æ and ae, ø and oe are the same; three letters or fewer begin a word, longer ones are
    found inside compounds too. Transcripts of people who are not to be quoted are not searched; how many that are, and how many
    have no text here, is counted.

    Args:
        codings: codings with the texts of their transcripts.
        interviews: the register; `consent_quote` must be true.
        text: what is looked for, one word or several in a row.

    Returns:
        Result, one row a hit: interview, respondent_group, wave, speaker, before, match, after (the same turn's words around it),
        codes (on the words), source, start, end. Totals: hits, interviews, searched, refused, without_text.

    Raises:
        AnalysisError: nothing is looked for.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> r.search("kaffe").frame[["interview", "match"]].values.tolist()[:1]
        [['p03-r1', 'kaffe']]
    """
    if not isinstance(text, str) or not text.strip():
        raise AnalysisError("nothing is looked for", where="search", todo='give a word or some words in a row: search("arbejde")')
    register = interviews.frame[interviews.frame["source"].fillna("") != ""]
    quotable = quotable_sources(interviews)
    sources = list(dict.fromkeys(register["source"]))
    searched = [source for source in sources if source in quotable and source in codings.texts]
    counts = {
        "refused": sum(source not in quotable for source in sources),
        "without_text": sum(source in quotable and source not in codings.texts for source in sources),
    }
    hits = TextIndex.of(codings.texts, searched).hits(text)
    of_source = {str(source): own for source, own in register.groupby("source", sort=False)}
    coded = {str(source): own for source, own in codings.frame.groupby("source", sort=False)}
    rows = []
    for source, start, end in hits:
        whole, own = codings.texts[source], of_source[source].iloc[0]
        begins, stops = whole.rfind("\n", 0, start) + 1, whole.find("\n", end)
        stops = len(whole) if stops < 0 else stops
        first, last = max(begins, start - _AROUND), min(stops, end + _AROUND)
        around = coded.get(source)
        on = around[(around["start"] < end) & (around["end"] > start)]["code_path"] if around is not None else ()
        rows.append(
            {
                "interview": own["interview"],
                "respondent_group": own["respondent_group"],
                "wave": own["wave"],
                "speaker": context_of(whole, start, end)[0],
                "before": ("…" if first > begins else "") + whole[first:start],
                "match": whole[start:end],
                "after": whole[end:last] + ("…" if last < stops else ""),
                "codes": "; ".join(dict.fromkeys(on)),
                "source": source,
                "start": start,
                "end": end,
            }
        )
    names = ["interview", "respondent_group", "wave", "speaker", "before", "match", "after", "codes", "source", "start", "end"]
    frame = pd.DataFrame(rows, columns=names)
    found = {"hits": len(frame), "interviews": int(frame["interview"].nunique()), "searched": len(searched), **counts}
    shown = {name: name for name in ("interview", "speaker", "before", "match", "after", "codes")} | {"match": "hit"}
    return Result(
        frame=frame,
        base=Base(len(searched), "source", source=codings.origin),
        title=Phrase("exploring.search_title", {"text": text.strip()}),
        notes=(Phrase("exploring.search_note", found),),
        shows=tuple(Column(name, Phrase(f"exploring.column_{word}")) for name, word in shown.items()),
        kind=codings.kind,
        at="search",
        totals={name: Total(count, Base(len(sources), "source")) for name, count in found.items()},
    )
