"""Passages of a REFI-QDA project and what is coded on them, read column by column, since a project can have very many, and written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from vvvresearch.errors import AnalysisError, SourceError
from vvvresearch.sources.qda._draft import Draft, LossLog, Memo
from vvvresearch.sources.qda._offsets import quotes
from vvvresearch.sources.qda._passages import ATTRIBUTES, UNKNOWN_PLACE
from vvvresearch.sources.qda.refi._codebook import MemoWriter, Notes, note_reference, packed
from vvvresearch.sources.qda.refi._package import (
    Ids,
    attribute_text,
    element_xml,
    guid,
    has_impossible,
    moment,
    take,
    take_all,
    take_content,
    target,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    import pandas as pd

_Cell = TypeVar("_Cell")
_LARGEST = 1 << 53


class Selected(NamedTuple):
    """Selections as columns: the elements, and for each where it lies and what its name quotes."""

    elements: Sequence[Element]
    starts: Sequence[int | None]
    ends: Sequence[int | None]
    quotes: Sequence[str]
    regions: Sequence[str]

    def part(self, wanted: Sequence[bool]) -> Selected:
        """The selections that are wanted."""
        return Selected(
            list(compress(self.elements, wanted)),
            list(compress(self.starts, wanted)),
            list(compress(self.ends, wanted)),
            list(compress(self.quotes, wanted)),
            list(compress(self.regions, wanted)),
        )


class _Holders(NamedTuple):
    """What codings inherit from the selection they are on, as columns."""

    selected: Selected
    memos: list[str]
    attributes: list[tuple[tuple[str, str], ...]]
    users: list[str]
    dates: list[str]


@dataclass
class Passages:
    """Codings and comments into a draft.

    Args:
        draft: what is filled.
        users: GUID → coder.
        notes: the project's notes.
    """

    draft: Draft
    users: Mapping[str, str]
    notes: Notes
    _guids: dict[str, str] = field(default_factory=dict)

    def read(self, key: str, selected: Selected) -> None:
        """The codings of selections in a source; each takes along what is said of its selection. A selection without a
        coding is a comment."""
        found = [holder.findall("Coding") for holder in selected.elements]
        if not all(found):
            self._comments(key, selected.part([not one for one in found]))
            selected, found = selected.part([bool(one) for one in found]), [one for one in found if one]
        rows = [row for row, own in enumerate(found) for _ in own]
        codings = [one for own in found for one in own]
        memos = [""] * len(found)
        attributes: list[tuple[tuple[str, str], ...]] = [()] * len(found)
        holders = _Holders(selected, memos, attributes, *self._taken(selected.elements))
        for row, (holder, own) in enumerate(zip(selected.elements, found, strict=True)):
            if len(holder) > len(own):
                memo, holders.attributes[row] = self.notes.on_coding(holder)
                memos[row] = "\n\n".join(part for part in (take_content(holder, "Description"), memo) if part)
        self._codings(key, codings, rows, holders)

    def read_whole(self, key: str, source: Element) -> None:
        """The codings on a source itself."""
        codings = source.findall("Coding")
        nowhere = Selected([source], [None], [None], [""], [""])
        self._codings(key, codings, [0] * len(codings), _Holders(nowhere, [""], [()], [""], [""]))

    def _taken(self, elements: Sequence[Element]) -> tuple[list[str], list[str]]:
        """Who made the selections, and when."""
        users = self._known(take_all(elements, "creatingUser"))
        return users, take_all(elements, "creationDateTime")

    def _codings(self, key: str, codings: Sequence[Element], rows: Sequence[int], holders: _Holders) -> None:
        """Codings as marks; `rows` says which holder each is on."""
        log = self.draft.log
        own_users, own_dates = self._taken(codings)
        coders = [own or holders.users[row] for own, row in zip(own_users, rows, strict=True)]
        dates = [own or holders.dates[row] for own, row in zip(own_dates, rows, strict=True)]
        marked_by_others = {row for row, coder in zip(rows, coders, strict=True) if holders.users[row] not in ("", coder)}
        log.add("passages marked by another person than the coder", len(marked_by_others), "the coder of the coding was taken")
        for row in {row for row, date in zip(rows, dates, strict=True) if holders.dates[row] not in ("", date)}:
            holders.selected.elements[row].set("creationDateTime", holders.dates[row])
        for coder in set(coders) - self.users.keys() - {""}:
            log.add("coders that the project does not name", coders.count(coder), "their GUID is the name", coder)
        persons = [self.users.get(coder, coder) for coder in coders]
        memos = [holders.memos[row] for row in rows]
        attributes = [holders.attributes[row] for row in rows]
        names, regions = _picked(holders.selected.quotes, rows), _picked(holders.selected.regions, rows)
        references = [one.findall("CodeRef") for one in codings]
        for number, (one, found) in enumerate(zip(codings, references, strict=True)):
            if len(one) > len(found):
                note, more = self.notes.on_coding(one)
                carried = dict(more)
                memos[number] = "\n\n".join(part for part in (memos[number], carried.pop("memo", ""), note) if part)
                for name, column in (("text", names), ("region", regions), ("date", dates)):
                    column[number] = carried.pop(name, column[number])
                attributes[number] = (*attributes[number], *carried.items())
        log.add("codings without a code", sum(not found for found in references))
        order = [number for number, found in enumerate(references) for _ in found]
        flat = [reference for found in references for reference in found]
        codes = self._known(take_all(flat, "targetGUID"))
        guids = [one.strip().strip("{}").upper() for one in take_all(codings, "guid")]
        places = [rows[number] for number in order]
        self.draft.marks.extend(
            source=[key] * len(order),
            start=_picked(holders.selected.starts, places),
            end=_picked(holders.selected.ends, places),
            quote=_picked(names, order),
            code=[code or target(one) for code, one in zip(codes, flat, strict=True)],
            coder=_picked(persons, order),
            memo=_picked(memos, order),
            guid=_picked(guids, order),
            region=_picked(regions, order),
            attributes=_picked(attributes, order),
            date=_picked(dates, order),
        )

    def _comments(self, key: str, selected: Selected) -> None:
        """Passages without a coding are comments, or nothing that the model holds."""
        memos = self.draft.memos
        text = self.draft.sources[key].raw or ""
        for selection, start, end, name, region in zip(*selected, strict=True):
            before = len(memos)
            on = "passage" if start is not None else "source"
            self.notes.attach(selection, on, key, start, end)
            described = take_content(selection, "Description")
            if described.strip():
                user, date = guid(take(selection, "creatingUser")), take(selection, "creationDateTime")
                memos.append(Memo(on, key, described, region, self.users.get(user, user), date, start, end))
            if len(memos) == before:
                self.draft.log.add("passages without a code", place=self.draft.sources[key].name)
            elif name.strip() and not quotes(text, name):
                # A name that is no quote of the text is a title, and a comment has none.
                selection.set("name", name)

    def _known(self, written: Sequence[str]) -> list[str]:
        """GUIDs in one form; those of codes and persons come again and again."""
        forms = self._guids
        for one in set(written) - forms.keys():
            forms[one] = guid(one)
        return [forms[one] for one in written]


def _picked(column: Sequence[_Cell], rows: Sequence[int]) -> list[_Cell]:
    return [column[row] for row in rows]


def positions(elements: Sequence[Element], name: str, place: str) -> list[int]:
    """An attribute of every element as a position, taken away.

    Raises:
        SourceError: one that is no whole number, or larger than any text.
    """
    texts = take_all(elements, name)
    try:
        found = [int(text) for text in texts]
    except ValueError:
        found = [_whole(text) for text in texts]
    if found and not -_LARGEST <= min(found) <= max(found) <= _LARGEST:
        text = next(text for text, value in zip(texts, found, strict=True) if not -_LARGEST <= value <= _LARGEST)
        raise SourceError(
            f"the position {name}={text[:40]!r} is no whole number that a text can have", where=place, todo="export the project again"
        )
    return found


def _whole(text: str) -> int:
    """A text as a whole number; more than any position where it is none."""
    try:
        return int(text)
    except ValueError:
        return _LARGEST + 1


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
                lines += element_xml("Description", row.memo)
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
