"""Sources of a REFI-QDA project: texts, PDF and media with their texts, and the codings on all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from vvvresearch.errors import SourceError
from vvvresearch.sources.qda._draft import Draft, DraftSource, unique_name
from vvvresearch.sources.qda._passages import UNKNOWN_PLACE, decoded, given_text
from vvvresearch.sources.qda.refi._cases import variable_values
from vvvresearch.sources.qda.refi._codebook import Notes
from vvvresearch.sources.qda.refi._package import Package, child, children, forget, guid, local, report_rest, take, take_all, take_content
from vvvresearch.sources.qda.refi._passages import Passages, Selected, positions

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
    _in_media: bool = False

    def __post_init__(self) -> None:
        self._passages = Passages(self.draft, self.users, self.notes)

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
        self.draft.sources[key] = DraftSource(name, None, variable_values(element, self.variables, self.draft))
        self.draft.add_memo("source", key, take_content(element, "Description"))
        self.notes.attach(element, "source", key)
        return key

    def _text(self, element: Element, key: str) -> None:
        """The text of a text source or representation, and the codings on it."""
        source = self.draft.sources[key]
        raw = self._raw(element, source.name)
        if source.raw is None:
            source.raw = raw
        self._passages_in(children(element, "PlainTextSelection"), key)
        self._passages.read_whole(key, element)

    def _passages_in(self, selections: Sequence[Element], key: str) -> None:
        """Selections of passages in a text."""
        self._place(selections, key)
        where = f"{self.package.where}, source {self.draft.sources[key].name}"
        starts, ends = (positions(selections, name, where) for name in ("startPosition", "endPosition"))
        names = take_all(selections, "name")
        self._passages.read(key, Selected(selections, starts, ends, names, [""] * len(selections)))

    def _place(self, selections: Sequence[Element], key: str) -> None:
        """Remember the source of selections that a case, or a region of the same medium, may refer to."""
        own = take_all(selections, "guid")
        if self._in_media or self.wanted:
            for one in own:
                self.selection_source.setdefault(guid(one), key)

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
            self._place([selection], key)
            self._passages.read(key, Selected([selection], [None], [None], [quote], [_region(selection)]))
        self._passages.read_whole(key, element)

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
        self._passages_in([one for one in selections if local(one) == "PlainTextSelection"], key)
        self._timed([one for one in selections if local(one) != "PlainTextSelection"], children(element, "SyncPoint"), key)

    def _timed(self, selections: Sequence[Element], marks: Sequence[Element], key: str) -> None:
        """Selections of a transcript between two marks of time; a mark that no selection uses stays where it is."""
        source = self.draft.sources[key]
        place = f"{self.package.where}, source {source.name}"
        self._place(selections, key)
        sides = [[guid(take(one, side)) for one in selections] for side in ("fromSyncPoint", "toSyncPoint")]
        used = {one for side in sides for one in side}
        points: dict[str, int] = {}
        for mark in marks:
            own = guid(take(mark, "guid"))
            if own in used and mark.get("position") is not None:
                points[own] = positions([mark], "position", place)[0]
        length = len(source.raw) if source.raw is not None else None
        starts = [points.get(one) for one in sides[0]]
        ends = [None if start is None else points.get(one, length) for start, one in zip(starts, sides[1], strict=True)]
        self.draft.log.add("transcript passages without a place in the text", starts.count(None), place=source.name)
        regions = [UNKNOWN_PLACE if start is None else "" for start in starts]
        self._passages.read(key, Selected(selections, starts, ends, [take(one, "name") for one in selections], regions))


def _region(selection: Element) -> str:
    """A region in words: what a picture, PDF or media selection says about its place."""
    return " ".join(f"{name}={take(selection, name)}" for name in _REGION if selection.get(name) is not None)
