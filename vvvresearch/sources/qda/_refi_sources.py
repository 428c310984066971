"""Sources of a REFI-QDA project: texts, PDF and media with their texts, and the codings on all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from vvvresearch.errors import SourceError
from vvvresearch.sources.qda._draft import Draft, DraftSource, Mark, unique_name
from vvvresearch.sources.qda._refi_cases import variable_values
from vvvresearch.sources.qda._refi_notes import Notes
from vvvresearch.sources.qda._refi_package import Package, child, children, content, guid, local, target
from vvvresearch.sources.qda._texts import decoded, given_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MEDIA = {
    "PictureSource": ("picture", "PictureSelection"),
    "PDFSource": ("PDF", "PDFSelection"),
    "AudioSource": ("audio", "AudioSelection"),
    "VideoSource": ("video", "VideoSelection"),
}


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
        selection_source: filled with selection GUID → source key.
    """

    draft: Draft
    package: Package
    users: Mapping[str, str]
    notes: Notes
    variables: Mapping[str, str]
    texts: Mapping[str, str]
    selection_source: dict[str, str] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def read(self, element: Element) -> None:
        """One child of `Sources`."""
        kind = local(element)
        if kind == "TextSource":
            key = self._source(element)
            self._text(element, key)
            if element.get("richTextPath"):
                self.draft.log.add("formatted versions of texts", detail="the plain text is read")
        elif kind in _MEDIA:
            self._media(element, *_MEDIA[kind])
        else:
            self.draft.log.add(f"unknown sources <{kind}>")

    def _source(self, element: Element) -> str:
        log = self.draft.log
        path = element.get("plainTextPath") or element.get("path") or ""
        key = guid(element.get("guid"))
        wanted = element.get("name") or PurePosixPath(path.replace("\\", "/")).name or key or "source"
        name = unique_name(wanted, self._names)
        if name != wanted:
            log.add("sources with the name of another", detail="told apart by a number", place=name)
        if not key or key in self.draft.sources:
            log.add("sources without a GUID of their own", place=name)
            key = f"{key}#{len(self.draft.sources)}"
        values = variable_values(element, self.variables, log)
        self.draft.sources[key] = DraftSource(name, None, values)
        if content(element, "Description").strip():
            log.add("descriptions of sources")
        log.add("references from sources to notes", len(children(element, "NoteRef")))
        return key

    def _text(self, element: Element, key: str) -> None:
        """The text of a text source or representation, and the codings on it."""
        source = self.draft.sources[key]
        if source.raw is None:
            source.raw = self._raw(element, source.name)
        for selection in children(element, "PlainTextSelection"):
            start, end = (self._integer(selection, name, source.name) for name in ("startPosition", "endPosition"))
            self._codings(selection, key, start, end, selection.get("name") or "")
        self._codings(element, key, None, None, "")

    def _raw(self, element: Element, name: str) -> str | None:
        inline = child(element, "PlainTextContent")
        path = element.get("plainTextPath") or ""
        place = f"{self.package.where}, source {name}"
        if inline is not None and inline.text:
            if path:
                self.draft.log.add("source files beside a text inside the project", detail="the text inside was taken", place=name)
            return inline.text
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
                self._text(text, key)
        for number, transcript in enumerate(children(element, "Transcript")):
            self._transcript(transcript, key, number)
        for selection in children(element, selection_kind):
            representation = child(selection, "Representation")
            quote = content(representation, "PlainTextContent") if representation is not None else ""
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
        points = {
            guid(point.get("guid")): self._integer(point, "position", name)
            for point in children(element, "SyncPoint")
            if point.get("position") is not None
        }
        self.draft.log.add("time marks in transcripts", len(children(element, "SyncPoint")), "positions are used, times are not kept")
        for selection in selections:
            if local(selection) == "PlainTextSelection":
                start, end = (self._integer(selection, attribute, name) for attribute in ("startPosition", "endPosition"))
                self._codings(selection, key, start, end, selection.get("name") or "")
                continue
            first, last = (points.get(guid(selection.get(side))) for side in ("fromSyncPoint", "toSyncPoint"))
            if first is None:
                self.draft.log.add("transcript passages without a place in the text", place=name)
                self._codings(selection, key, None, None, selection.get("name") or "", region="unknown place")
                continue
            length = len(raw) if raw is not None else None
            self._codings(selection, key, first, last if last is not None else length, selection.get("name") or "")

    def _codings(self, holder: Element, key: str, start: int | None, end: int | None, quote: str, *, region: str = "") -> None:
        log = self.draft.log
        is_selection = local(holder).endswith("Selection")
        if is_selection:
            self.selection_source.setdefault(guid(holder.get("guid")), key)
        codings = children(holder, "Coding")
        memo = ""
        shared: tuple[tuple[str, str], ...] = ()
        if is_selection:
            memo, shared = self.notes.on(holder)
            memo = "\n\n".join(part for part in (content(holder, "Description"), memo) if part)
            if not codings:
                log.add("comments on passages without a code" if memo else "passages without a code", place=self.draft.sources[key].name)
        selecting = guid(holder.get("creatingUser")) if is_selection else ""
        for coding in codings:
            coder = guid(coding.get("creatingUser")) or selecting
            if selecting and coder != selecting:
                log.add("passages marked by another person than the coder", detail="the coder of the coding was taken")
            note, attributes = self.notes.on(coding)
            if coder and coder not in self.users:
                log.add("coders that the project does not name", detail="their GUID is the name", place=coder)
            references = children(coding, "CodeRef")
            if not references:
                log.add("codings without a code")
            for reference in references:
                self.draft.marks.append(
                    Mark(
                        key,
                        start,
                        end,
                        quote,
                        target(reference),
                        self.users.get(coder, coder),
                        "\n\n".join(part for part in (memo, note) if part),
                        guid(coding.get("guid")),
                        region,
                        (*shared, *attributes),
                    )
                )

    def _integer(self, element: Element, name: str, source: str) -> int:
        text = element.get(name) or ""
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
    names = ("page", "firstX", "firstY", "secondX", "secondY", "begin", "end")
    return " ".join(f"{name}={selection.get(name)}" for name in names if selection.get(name) is not None)
