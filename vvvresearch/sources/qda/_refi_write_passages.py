"""Writing passages and their codings as REFI-QDA; fields that the standard has no place for travel in a note."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from vvvresearch.errors import AnalysisError
from vvvresearch.sources.qda._draft import LossLog
from vvvresearch.sources.qda._passages import ATTRIBUTES, UNKNOWN_PLACE
from vvvresearch.sources.qda._refi_codebook import note_reference
from vvvresearch.sources.qda._refi_memos import MemoWriter
from vvvresearch.sources.qda._refi_notes import packed
from vvvresearch.sources.qda._refi_xml import Ids, attribute_text, element, has_impossible, moment

if TYPE_CHECKING:
    import pandas as pd

_QUOTE = 100
_NOWHERE = -1


class Row(NamedTuple):
    """A coding to be written; `note` holds what the standard has no place for."""

    start: int
    end: int
    text: str
    code: str
    coder: str
    memo: str
    guid: str
    date: str
    region: str
    note: dict[str, str]


def rows_by_source(frame: pd.DataFrame) -> dict[str, list[Row]]:
    """The codings of each source, in the table's order."""
    count = len(frame)

    def words(name: str) -> list[str]:
        return frame[name].astype(object).where(frame[name].notna(), "").astype(str).tolist() if name in frame else [""] * count

    starts, ends = (frame[name].astype("Int64").fillna(_NOWHERE).astype("int64").tolist() for name in ("start", "end"))
    notes: list[dict[str, str]] = [{} for _ in range(count)] if any(name in frame for name in ATTRIBUTES) else [{}] * count
    for name in ATTRIBUTES:
        if name in frame:
            for note, value in zip(notes, words(name), strict=True):
                if value:
                    note[name] = value
    columns = [words(name) for name in ("text", "code_path", "coder", "memo", "guid", "date", "region")]
    found: dict[str, list[Row]] = {}
    for source, row in zip(words("source"), map(Row, starts, ends, *columns, notes), strict=True):
        found.setdefault(source, []).append(row)
    return found


@dataclass(frozen=True)
class PassageWriter:
    """The passages of a project.

    Args:
        codes: code path → GUID.
        users: coder → GUID.
        texts: source → text.
        memos: the memos on passages, and the notes of codings.
        ids: hands out GUIDs.
        log: where what cannot be written is noted.
    """

    codes: Mapping[str, str]
    users: Mapping[str, str]
    texts: Mapping[str, str]
    memos: MemoWriter
    ids: Ids
    log: LossLog

    def lines(self, source: str, rows: list[Row]) -> list[str]:
        """The selections of a source, then the codings on the source itself. Codings that follow one another on a passage
        share a selection.

        Raises:
            AnalysisError: a code that the codebook lacks, or a passage that does not lie in its text.
        """
        text = self.texts.get(source)
        selections = self.ids.series("selection", source)
        lines: list[str] = []
        whole: list[str] = []
        open_at: tuple[int, int, str, str] | None = None
        impossible = has_impossible(source)
        for row in rows:
            code = self.codes.get(row.code)
            if code is None:
                raise AnalysisError(f"the code {row.code!r} of a coding is not in the codebook", where=source)
            if impossible or has_impossible(row.coder) or (row.memo and has_impossible(row.memo)):
                self.log.add("characters that XML cannot hold", detail="written as U+FFFD", place=source)
            if row.start == _NOWHERE or row.end == _NOWHERE:
                whole.append(self._coding(source, row, code, self._without_place(row, text)))
                continue
            if not 0 <= row.start <= row.end or (text is not None and row.end > len(text)):
                raise AnalysisError(f"the passage {row.start}–{row.end} does not lie in its text", where=source, todo="check start and end")
            quote = text[row.start : row.end] if text is not None else row.text
            place = (row.start, row.end, row.memo, quote)
            if place != open_at:
                lines += ["</PlainTextSelection>\n"] if open_at else []
                lines.append(_selection(next(selections), row.start, row.end, quote))
                lines += element("Description", row.memo)
                open_at = place
            # Where the text is not there to cut the passage from, a name cut short would be all that is left.
            cut = {"text": quote} if text is None and len(quote) > _QUOTE else {}
            lines.append(self._coding(source, row, code, row.note | cut))
        lines += ["</PlainTextSelection>\n"] if open_at else []
        return [*lines, *self._memos(source, selections), *whole]

    def _memos(self, source: str, selections: Iterator[str]) -> list[str]:
        """Passages that carry memos and no coding."""
        lines = []
        for (start, end), notes in self.memos.passages.get(source, {}).items():
            lines += [_selection(next(selections), start, end, ""), *map(note_reference, notes), "</PlainTextSelection>\n"]
        return lines

    def _without_place(self, row: Row, text: str | None) -> dict[str, str]:
        """What a coding on a source says that has no place in its text."""
        region = row.region or (UNKNOWN_PLACE if text is not None else "")
        fields = {"text": row.text, "memo": row.memo, "region": region}
        return row.note | {name: value for name, value in fields.items() if value}

    def _coding(self, source: str, row: Row, code: str, note: Mapping[str, str]) -> str:
        key = self.ids.of("coding", f"{source}\0{row.start}\0{row.end}\0{code}\0{row.coder}", row.guid)
        user = f' creatingUser="{self.users[row.coder]}"' if row.coder else ""
        made = ""
        if row.date:
            date = moment(row.date)
            made = f' creationDateTime="{date}"' if date else ""
            # A day without an hour, or a date as somebody typed it, is no `dateTime`: it comes back as it was.
            note = note if date == row.date else {**note, "date": row.date}
        reference = note_reference(self.memos.attributes(packed(note))).strip() if note else ""
        return f'<Coding guid="{key}"{user}{made}><CodeRef targetGUID="{code}"/>{reference}</Coding>\n'


def _selection(key: str, start: int, end: int, quote: str) -> str:
    shown = quote if len(quote) <= _QUOTE else quote[:_QUOTE] + "…"
    name = f' name="{attribute_text(shown)}"' if shown else ""
    return f'<PlainTextSelection guid="{key}"{name} startPosition="{start}" endPosition="{end}">\n'
