"""Notes (memos) of a REFI-QDA project: those of a coding travel with it, the others are memos on what they are attached to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vvvresearch.sources.qda._draft import Draft, Memo
from vvvresearch.sources.qda._refi_package import Package, child, children, guid, take, take_content
from vvvresearch.sources.qda._texts import decoded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ATTRIBUTE_NOTE = "vvvresearch: attributes of the coding"
_ESCAPED = re.compile(r"\\(.)")


@dataclass
class Notes:
    """The notes by GUID; `_memos` says who wrote a note, when, and what it is called."""

    draft: Draft
    texts: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    _elements: dict[str, Element] = field(default_factory=dict)
    _users: Mapping[str, str] = field(default_factory=dict)
    _memos: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)

    def on_coding(self, element: Element) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The memo and the attributes that the note references of a coding or its passage stand for."""
        if not self._elements:
            return "", ()
        memos: list[str] = []
        attributes: list[tuple[str, str]] = []
        for reference in children(element, "NoteRef"):
            key = guid(reference.get("targetGUID"))
            if key in self._elements:
                take(reference, "targetGUID")
                attributes += self.attributes.get(key, ())
                memos += [self.texts[key]] if key in self.texts else []
                self._used.add(key)
        return "\n\n".join(memos), tuple(attributes)

    def attach(self, element: Element, on: str, key: str, start: int | None = None, end: int | None = None) -> None:
        """The notes that an element refers to become memos on it."""
        for reference in children(element, "NoteRef") if self._elements else ():
            note = guid(reference.get("targetGUID"))
            if note in self.texts:
                take(reference, "targetGUID")
                self._used.add(note)
                self.draft.memos.append(Memo(on, key, self.texts[note], *self._about(note), start, end))

    def link(self, one: str, other: str, things: Mapping[str, tuple[str, str]]) -> bool:
        """A link between a note and a code, source, case or set makes the note a memo on it; False for any other link.

        Args:
            one, other: the GUIDs of both ends.
            things: GUID → kind of thing and its key.
        """
        for note, thing in ((one, other), (other, one)):
            if note in self.texts and thing in things:
                self._used.add(note)
                self.draft.memos.append(Memo(*things[thing], self.texts[note], *self._about(note)))
                return True
        return False

    def attach_rest(self) -> None:
        """Notes that nothing refers to are memos on the project."""
        for note, text in self.texts.items():
            if note not in self._used:
                self.draft.memos.append(Memo("project", "", text, *self._about(note)))

    def _about(self, note: str) -> tuple[str, str, str]:
        if note not in self._memos:
            element = self._elements[note]
            user = target_user(element)
            self._memos[note] = (take(element, "name"), self._users.get(user, user), take(element, "creationDateTime"))
        return self._memos[note]


def target_user(element: Element) -> str:
    """The GUID of the person who made an element, taken away."""
    return guid(take(element, "creatingUser"))


def read_notes(root: Element, draft: Draft, package: Package, users: Mapping[str, str]) -> Notes:
    """All notes of a project, their texts inside the project file or as files beside it."""
    notes = Notes(draft, _users=users)
    group = child(root, "Notes")
    for element in children(group, "Note") if group is not None else []:
        key = guid(element.get("guid"))
        if not key or key in notes._elements:
            continue
        take(element, "guid")
        text = take_content(element, "PlainTextContent") or take_content(element, "Description") or _from_file(element, package)
        notes._elements[key] = element
        if element.get("name") == ATTRIBUTE_NOTE:
            take(element, "name")
            notes.attributes[key] = unpacked(text)
        elif text:
            notes.texts[key] = text
    return notes


def _from_file(element: Element, package: Package) -> str:
    path = element.get("plainTextPath") or ""
    data = package.source_bytes(path, f"{package.where}, a note") if path else None
    if data is None:
        return ""
    take(element, "plainTextPath")
    return decoded(data, f"{package.where}, a note")[0]


def packed(fields: Mapping[str, str]) -> str:
    """Fields that the standard has no place for as the text of a note, a line each.

    Example:
        >>> packed({"stance": "affirmed", "memo": "two\\nlines"})
        'stance=affirmed\\nmemo=two\\\\nlines'
    """
    return "\n".join(name + "=" + value.replace("\\", "\\\\").replace("\n", "\\n") for name, value in fields.items())


def unpacked(text: str) -> tuple[tuple[str, str], ...]:
    """The reverse of `packed`."""
    pairs = (line.partition("=") for line in text.split("\n") if "=" in line)
    return tuple((name, _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], value)) for name, _, value in pairs)
