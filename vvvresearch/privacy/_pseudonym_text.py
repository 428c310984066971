"""Names in a text replaced by codes, with where everything went."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from vvvresearch.errors import AnalysisError

# Marks without width that a word processor leaves in words; a name with one in it is still that name.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_HYPHENS = "-\u2010\u2011\u2013"
_LETTER = r"[^\W\d_]"


@dataclass(frozen=True)
class Edit:
    """One name: where it stood, and where its code stands in the new text (code points, ends exclusive)."""

    start: int
    end: int
    new_start: int
    new_end: int


@dataclass(frozen=True)
class Replaced:
    """A text with codes for names.

    Args:
        text: the new text.
        edits: the names that were replaced, in order.
        original: the old text.
    """

    text: str
    edits: tuple[Edit, ...]
    original: str

    def moved(self, start: int, end: int) -> tuple[int, int]:
        """Where a passage of the old text stands in the new one.

        A passage that cuts a name holds the whole code; all else is what it was, which is verified.

        Raises:
            AnalysisError: the passage is not in the text.
        """
        if not 0 <= start <= end <= len(self.original):
            raise AnalysisError(f"the passage {start}–{end} is not in the text", why=f"the text has {len(self.original)} characters")
        first = bisect_right(self.edits, start, key=lambda edit: edit.end)
        last = bisect_left(self.edits, end, key=lambda edit: edit.start)
        new_start = self._shifted(start, first)
        if first < len(self.edits) and self.edits[first].start < start:
            new_start = self.edits[first].new_start
        new_end = new_start
        if end > start:
            cut = last > 0 and end < self.edits[last - 1].end
            new_end = self.edits[last - 1].new_end if cut else self._shifted(end, last)
        self._verify((start, end), (new_start, new_end), self.edits[first:last])
        return new_start, new_end

    def _shifted(self, place: int, edits_before: int) -> int:
        if not edits_before:
            return place
        before = self.edits[edits_before - 1]
        return place + before.new_end - before.end

    def _verify(self, old: tuple[int, int], new: tuple[int, int], edits: Collection[Edit]) -> None:
        """Between its names the passage reads as before."""
        pieces, place = [], old[0]
        for edit in edits:
            pieces += [self.original[place : edit.start], self.text[edit.new_start : edit.new_end]]
            place = edit.end
        pieces.append(self.original[place : old[1]])
        if old[0] < old[1] and "".join(pieces) != self.text[new[0] : new[1]]:
            raise AnalysisError("a passage would move off its text", where=f"characters {old[0]}–{old[1]}")


class Names:
    """Names to look for.

    Args:
        codes: name → code; a name may be several words.
        only_capitalised: names that are words too ("Bo", "Sol"): left alone where they stand in lower case.
    """

    def __init__(self, codes: Mapping[str, str], only_capitalised: Collection[str] = ()) -> None:
        self._codes = {folded(name): code for name, code in codes.items()}
        self._capitalised = {folded(name) for name in only_capitalised}
        longest_first = sorted(
            {unicodedata.normalize("NFC", " ".join(name.split())) for name in codes}, key=lambda name: (-len(name), name)
        )
        names = "|".join(map(_pattern, longest_first))
        # "Ahmads", "Ahmad's"; after s, x and z Danish writes "Idris'".
        genitive = r"([’']?s|(?<=[sxz])[’'])?"
        end = rf"(?!{_LETTER})(?![\u0300-\u036f])"
        self._regex = re.compile(rf"(?<!{_LETTER})({names}){genitive}{end}", re.IGNORECASE) if names else None

    def replace(self, text: str) -> Replaced:
        """The text with a code for every name; a genitive stays one."""
        pieces: list[str] = []
        edits: list[Edit] = []
        place = length = 0
        for match in self._regex.finditer(text) if self._regex else ():
            name = folded(match[1])
            if name not in self._codes or (name in self._capitalised and match[1] == match[1].lower()):
                continue
            code = self._codes[name] + ("s" if match[2] else "")
            length += match.start() - place
            pieces += [text[place : match.start()], code]
            edits.append(Edit(match.start(), match.end(), length, length + len(code)))
            length += len(code)
            place = match.end()
        return Replaced("".join([*pieces, text[place:]]), tuple(edits), text)


def folded(name: str) -> str:
    """One spelling for all that are the same name: case, spaces, hyphens, invisible marks, composed or not, dotted i."""
    bare = "".join("-" if mark in _HYPHENS else mark for mark in name if mark not in _INVISIBLE)
    lowered = unicodedata.normalize("NFC", " ".join(bare.split())).casefold().replace("i\u0307", "i").replace("ı", "i")
    return unicodedata.normalize("NFC", lowered)


def _pattern(name: str) -> str:
    marks = [rf"(?:\s|[{_INVISIBLE}])+" if mark == " " else f"[{_HYPHENS}]" if mark in _HYPHENS else _spellings(mark) for mark in name]
    return f"[{_INVISIBLE}]*".join(marks)


def _spellings(mark: str) -> str:
    """A letter, composed or as letter and accent."""
    if mark in "iİıI":
        return "(?:i\u0307|[iıİ])"
    apart = unicodedata.normalize("NFD", mark)
    return re.escape(mark) if apart == mark else f"(?:{re.escape(mark)}|{re.escape(apart)})"
