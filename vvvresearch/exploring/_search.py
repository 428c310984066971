"""Searching transcripts: one folded string, whole and part of words, compounds found, and who could not be searched counted."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.exploring._turns import context_of
from vvvresearch.exploring._words import WordIndex
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Result, Total
from vvvresearch.themes._states import quotable_sources

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vvvresearch.evidence import Codings, Interviews

    Ints = NDArray[np.int64]

_PAIRS = (("å", "aa"), ("æ", "ae"), ("ø", "oe"))
_SPELLINGS = 64
_SHORT = 3
_BETWEEN = "\x00"
_WORD = re.compile(r"\w")
_AROUND = 120


def fold(text: str) -> str:
    """A text as it is searched: small letters without accents, every character in its place. æ, ø and å stay.

    Example:
        >>> fold("Café Ågård İ"), len(fold("Café Ågård İ"))
        ('cafe ågård i', 12)
    """
    lowered, letters = text.lower(), set(text)
    # The letters one by one say the same, many times slower; a whole text in small letters differs where one becomes two, and in Σ.
    if "Σ" in letters or any(len(letter.lower()) != 1 for letter in letters):
        return "".join(map(_fold_letter, text))
    for letter in set(lowered):
        if not letter.isascii() and (plain := _fold_letter(letter)) != letter:
            lowered = lowered.replace(letter, plain)
    return lowered


def _fold_letter(letter: str) -> str:
    small = letter.lower()
    if small in "æøå":
        return small
    plain = unicodedata.normalize("NFD", small)[:1]
    return plain if len(plain) == 1 else letter


def spellings(query: str) -> list[str]:
    """The ways a folded query may be spelt: å as aa and the other way round, æ and ae, ø and oe.

    Example:
        >>> spellings("århus")
        ['århus', 'aarhus']
    """
    pieces = re.split("(å|aa|æ|ae|ø|oe)", query)
    both = {one: pair for pair in _PAIRS for one in pair}
    ways = ((piece, *(other for other in both[piece] if other != piece)) if piece in both else (piece,) for piece in pieces)
    return list(dict.fromkeys("".join(way) for way in islice(product(*ways), _SPELLINGS)))


@dataclass(frozen=True)
class TextIndex:
    """All transcripts as one folded string.

    Args:
        sources: their names, in order.
        starts: where each begins in the string.
        text: the folded texts, a null between them.
    """

    sources: tuple[str, ...]
    starts: tuple[int, ...]
    text: str

    @classmethod
    def of(cls, texts: dict[str, str], sources: list[str]) -> TextIndex:
        """The index of some transcripts."""
        starts, parts, place = [], [], 0
        for source in sources:
            folded_text = fold(texts[source])
            starts.append(place)
            parts.append(folded_text)
            place += len(folded_text) + 1
        return cls(tuple(sources), tuple(starts), _BETWEEN.join(parts))

    def number(self) -> TextIndex:
        """The same with its words numbered, which pays where much is looked for."""
        _ = self._words
        return self

    def hits(self, query: str) -> list[tuple[str, int, int]]:
        """Where a query stands: source, start and end in its text, in the order of the texts.

        Words are parted by any space; three letters or fewer must begin a word, longer ones may stand inside one.
        """
        return [(self.sources[place], start, end) for place, start, end in zip(*map(np.ndarray.tolist, self.places(query)), strict=True)]

    def places(self, query: str) -> tuple[Ints, Ints, Ints]:
        """As `hits`: the number of the text, start and end in it."""
        # Words are found as parts anyway: what other programs have stars for needs none.
        words = fold(unicodedata.normalize("NFC", query)).replace("*", " " if " " in query.strip() else "").split()
        if not words:
            return (np.zeros(0, dtype=np.int64),) * 3
        # Each spelling by itself is a plain string, which is found many times faster than a choice of several.
        found = np.concatenate([self._spans(form.split()) for form in dict.fromkeys(spellings(" ".join(words)))])
        if len(words[0]) <= _SHORT:
            found = found[~self._inside_word(found[:, 0])]
        found = _apart(found[np.lexsort((-found[:, 1], found[:, 0]))])
        starts = np.array(self.starts, dtype=np.int64)
        place = np.searchsorted(starts, found[:, 0], side="right") - 1
        return place, found[:, 0] - starts[place], found[:, 1] - starts[place]

    def _spans(self, words: list[str]) -> Ints:
        """Start and end of each place of some words in a row, spelt like this."""
        # Until the words are numbered, which takes seconds, the text is read through.
        if "_words" in self.__dict__:
            found = self._words.places(words, _SHORT)
            if found is not None:
                return found
        spans = (match.span() for match in re.finditer(r"\s+".join(map(re.escape, words)), self.text))
        return np.array(list(spans), dtype=np.int64).reshape(-1, 2)

    @cached_property
    def _words(self) -> WordIndex:
        return WordIndex.of(self.text, self._letters)

    @cached_property
    def _letters(self) -> NDArray[np.unsignedinteger[Any]]:
        """The letters as numbers, two bytes each where that is enough."""
        wide = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return wide.astype(np.uint16) if wide.max(initial=0) < 2**16 else wide

    def _inside_word(self, at: Ints) -> NDArray[np.bool_]:
        """Whether a letter, a digit or a low line stands before each place."""
        before = self._letters[at - 1]
        letters = [letter for letter in np.unique(before).tolist() if _WORD.match(chr(letter))]
        return np.isin(before, np.array(letters, dtype=before.dtype)) & (at > 0)


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
    shown = ("interview", "speaker", "before", "match", "after", "codes")
    return Result(
        frame=frame,
        base=Base(len(searched), "source", source=codings.origin),
        title=Phrase("exploring.search_title", {"text": text.strip()}),
        notes=(Phrase("exploring.search_note", found),),
        shows=tuple(Column(name, Phrase(f"exploring.column_{name}")) for name in shown),
        kind=codings.kind,
        at="search",
        totals={name: Total(count, Base(len(sources), "source")) for name, count in found.items()},
    )
