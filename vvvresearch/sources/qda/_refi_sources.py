"""Sources of a REFI-QDA project: texts, PDF and media with their texts, and the codings on all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from vvvresearch.errors import SourceError
from vvvresearch.sources.qda._draft import Draft, DraftSource, Mark, Memo, unique_name
from vvvresearch.sources.qda._refi_cases import variable_values
from vvvresearch.sources.qda._refi_notes import Notes
from vvvresearch.sources.qda._refi_package import Package, child, children, forget, guid, local, report_rest, take, take_content, target
from vvvresearch.sources.qda._texts import decoded, given_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MEDIA = {
    "PictureSource": ("picture", "PictureSelection"),
    "PDFSource": ("PDF", "PDFSelection"),
    "AudioSource": ("audio", "AudioSelection"),
    "VideoSource": ("video", "VideoSelection"),
}
_REGION = ("page", "firstX", "firstY", "secondX", "secondY", "begin", "end")


@dataclass
class SourceReader:
    """Reads source elements into a draft.

    Args:
        draft: what is filled.
        package: where source files are fetched from.
        users: GUID → coder.
        notes: the project's notes.
        variables: GUID → column name.
        texts: texts handed over for sources that the project lacks.
        wanted: the selections whose source cases ask for.
        selection_source: filled with selection GUID → source key for these, and for all of PDF and media.
    """

    draft: Draft
    package: Package
    users: Mapping[str, str]
    notes: Notes
    variables: Mapping[str, str]
    texts: Mapping[str, str]
    wanted: set[str]
    selection_source: dict[str, str] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)
    _guids: dict[str, str] = field(default_factory=dict)
    _in_media: bool = False

    def read(self, element: Element) -> None:
        """One child of `Sources`; what is left of it is reported, and its memory is given back."""
        kind = local(element)
        if kind == "TextSource":
            self._in_media = False
            self._text(element, self._source(element))
        elif kind in _MEDIA:
            self._in_media = True
            self._media(element, *_MEDIA[kind])
        else:
            self.draft.log.add(f"unknown sources <{kind}>")
        report_rest(element, self.draft.log)
        forget(element)

    def _source(self, element: Element) -> str:
        log = self.draft.log
        path = element.get("plainTextPath") or element.get("path") or ""
        key = guid(take(element, "guid"))
        wanted = take(element, "name") or PurePosixPath(path.replace("\\", "/")).name or key or "source"
        name = unique_name(wanted, self._names)
        if name != wanted:
            log.add("sources with the name of another", detail="told apart by a number", place=name)
        if not key or key in self.draft.sources:
            log.add("sources without a GUID of their own", place=name)
            key = f"{key}#{len(self.draft.sources)}"
        self.draft.sources[key] = DraftSource(name, None, variable_values(element, self.variables, log))
        self.draft.add_memo("source", key, take_content(element, "Description"))
        self.notes.attach(element, "source", key)
        return key

    def _text(self, element: Element, key: str) -> None:
        """The text of a text source or representation, and the codings on it."""
        source = self.draft.sources[key]
        raw = self._raw(element, source.name)
        if source.raw is None:
            source.raw = raw
        for selection in children(element, "PlainTextSelection"):
            start, end = self._integer(selection, "startPosition", source.name), self._integer(selection, "endPosition", source.name)
            self._codings(selection, key, start, end, take(selection, "name"))
        self._codings(element, key, None, None, "")

    def _raw(self, element: Element, name: str) -> str | None:
        inline = child(element, "PlainTextContent")
        path = take(element, "plainTextPath")
        place = f"{self.package.where}, source {name}"
        if inline is not None and inline.text:
            if path:
                self.draft.log.add("source files beside a text inside the project", detail="the text inside was taken", place=name)
            return take_content(element, "PlainTextContent")
        given = given_text(self.texts, name)
        if path:
            data = self.package.source_bytes(path, place) if given is None else self._unless_outside(path, place)
            if data is not None:
                text, encoding = decoded(data, place)
                self.draft.log.add("texts that are not UTF-8", int(encoding != "utf-8"), f"read as {encoding}", name)
                return text
            if given is None:
                self.draft.log.add("texts that the project names and does not hold", place=name)
        if given is None and inline is not None:
            return ""
        return given

    def _unless_outside(self, path: str, place: str) -> bytes | None:
        try:
            return self.package.source_bytes(path, place)
        except SourceError:
            # The text was handed over instead, so the path is not needed.
            return None

    def _media(self, element: Element, what: str, selection_kind: str) -> None:
        key = self._source(element)
        log = self.draft.log
        log.add(f"media files ({what})", detail="codings on them are kept, the files are not read")
        for name in ("Representation", "TextDescription"):
            text = child(element, name)
            if text is not None:
                take(text, "guid")
                self._text(text, key)
        for number, transcript in enumerate(children(element, "Transcript")):
            self._transcript(transcript, key, number)
        for selection in children(element, selection_kind):
            representation = child(selection, "Representation")
            quote = take_content(representation, "PlainTextContent") if representation is not None else ""
            coded = len(children(selection, "Coding"))
            if coded:
                log.add(f"regions of {what} sources", detail="kept as text in the column region")
            if guid(selection.get("guid")) in self.selection_source:
                log.add("codings on regions that stand on the same passage of the text too", coded, "both are in the table")
            self._codings(selection, key, None, None, quote, region=_region(selection))
        self._codings(element, key, None, None, "")

    def _transcript(self, element: Element, media: str, number: int) -> None:
        """A transcript: the first one is the medium's text, a further one with text or codings a source of its own."""
        name = self.draft.sources[media].name
        take(element, "guid")
        raw = self._raw(element, element.get("name") or name)
        selections = children(element, "TranscriptSelection", "PlainTextSelection")
        if number == 0:
            key = media
            self.draft.sources[key].raw = raw
        elif raw is not None or selections:
            key = f"{media}/transcript {number + 1}"
            self.draft.sources[key] = DraftSource(unique_name(f"{name} (transcript {number + 1})", self._names), raw)
        else:
            return
        marks = children(element, "SyncPoint")
        points = {guid(take(mark, "guid")): self._integer(mark, "position", name) for mark in marks if mark.get("position") is not None}
        for selection in selections:
            if local(selection) == "PlainTextSelection":
                start, end = (self._integer(selection, attribute, name) for attribute in ("startPosition", "endPosition"))
                self._codings(selection, key, start, end, take(selection, "name"))
                continue
            first, last = (points.get(guid(take(selection, side))) for side in ("fromSyncPoint", "toSyncPoint"))
            if first is None:
                self.draft.log.add("transcript passages without a place in the text", place=name)
                self._codings(selection, key, None, None, take(selection, "name"), region="unknown place")
                continue
            length = len(raw) if raw is not None else None
            self._codings(selection, key, first, last if last is not None else length, take(selection, "name"))

    def _codings(self, holder: Element, key: str, start: int | None, end: int | None, quote: str, *, region: str = "") -> None:
        """The codings of a selection (or of a whole source) as marks; each takes along what is said of its selection."""
        codings = holder.findall("Coding")
        memo = selecting = selected = ""
        shared: tuple[tuple[str, str], ...] = ()
        if holder.tag[-9:] == "Selection":
            own = take(holder, "guid")
            if self._in_media or self.wanted:
                self.selection_source.setdefault(guid(own), key)
            if not codings:
                self._comment(holder, key, start, end, region)
                return
            memo, shared = self.notes.on_coding(holder)
            memo = "\n\n".join(part for part in (take_content(holder, "Description"), memo) if part)
            selecting, selected = self._known(holder.get("creatingUser")), holder.get("creationDateTime") or ""
        marks, same_user, same_date = self.draft.marks, True, True
        for coding in codings:
            values = coding.attrib
            coder = self._known(values.pop("creatingUser", None)) or selecting
            date = values.pop("creationDateTime", "") or selected
            same_user &= coder == selecting
            same_date &= date == selected
            note, attributes = self.notes.on_coding(coding)
            name = self.users.get(coder)
            if name is None and coder:
                self.draft.log.add("coders that the project does not name", detail="their GUID is the name", place=coder)
                name = coder
            references = coding.findall("CodeRef")
            if not references:
                self.draft.log.add("codings without a code")
            own = guid(values.pop("guid", None))
            told = f"{memo}\n\n{note}" if memo and note else memo or note
            for reference in references:
                code = self._known(reference.attrib.pop("targetGUID", None)) or target(reference)
                marks.append(Mark(key, start, end, quote, code, name or "", told, own, region, (*shared, *attributes), date))
        if codings and same_user:
            take(holder, "creatingUser")
        elif selecting:
            take(holder, "creatingUser")
            self.draft.log.add("passages marked by another person than the coder", detail="the coder of the coding was taken")
        if codings and same_date:
            take(holder, "creationDateTime")

    def _comment(self, selection: Element, key: str, start: int | None, end: int | None, region: str) -> None:
        """A passage without a coding is a comment, or nothing that the model holds."""
        before = len(self.draft.memos)
        self.notes.attach(selection, "passage" if start is not None else "source", key, start, end)
        described = take_content(selection, "Description")
        if described.strip():
            user, date = self._known(take(selection, "creatingUser")), take(selection, "creationDateTime")
            author = self.users.get(user, user)
            self.draft.memos.append(Memo("passage" if start is not None else "source", key, described, region, author, date, start, end))
        if len(self.draft.memos) == before:
            self.draft.log.add("passages without a code", place=self.draft.sources[key].name)

    def _known(self, written: str | None) -> str:
        """A GUID in one form; those of codes and persons come again and again."""
        if not written:
            return ""
        found = self._guids.get(written)
        if found is None:
            found = self._guids[written] = guid(written)
        return found

    def _integer(self, element: Element, name: str, source: str) -> int:
        text = take(element, name)
        try:
            value = int(text)
        except ValueError:
            value = -1 << 62
        if abs(value) > 1 << 53:
            raise SourceError(
                f"the position {name}={text[:40]!r} is no whole number that a text can have",
                where=f"{self.package.where}, source {source}",
                todo="export the project again",
            )
        return value


def _region(selection: Element) -> str:
    """A region in words: what a picture, PDF or media selection says about its place."""
    return " ".join(f"{name}={take(selection, name)}" for name in _REGION if selection.get(name) is not None)
