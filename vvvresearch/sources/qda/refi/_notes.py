"""Notes (memos) of a REFI-QDA project, read and written: those of a coding travel with it, the others hang on what they are about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vvvresearch.sources.qda._draft import Draft, LossLog, Memo
from vvvresearch.sources.qda._passages import decoded
from vvvresearch.sources.qda.refi._cases import is_missing
from vvvresearch.sources.qda.refi._package import (
    Ids,
    Package,
    attribute_text,
    child,
    children,
    element_xml,
    guid,
    has_impossible,
    moment,
    opening,
    take,
    take_content,
)

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


@dataclass
class MemoWriter:
    """The memos of a project as notes, and who refers to them.

    Args:
        ids: hands out GUIDs.
        users: name of a person → GUID.
        log: where what cannot be written is noted.
        codes: code path → GUIDs of its notes.
        sources: name of a source → GUIDs of its notes.
        project: GUIDs of the notes on the project.
        cases: case → its memo, where that is a text and nothing else.
        passages: source → (start, end) → GUIDs of the notes there.
    """

    ids: Ids
    users: Mapping[str, str]
    log: LossLog
    codes: dict[str, list[str]] = field(default_factory=dict)
    sources: dict[str, list[str]] = field(default_factory=dict)
    project: list[str] = field(default_factory=list)
    cases: dict[str, str] = field(default_factory=dict)
    passages: dict[str, dict[tuple[int, int], list[str]]] = field(default_factory=dict)
    _lines: list[str] = field(default_factory=list)
    _linked: list[tuple[str, str]] = field(default_factory=list)
    _attributes: dict[str, str] = field(default_factory=dict)

    def learn(self, rows: list[dict[str, Any]]) -> None:
        """Make a note of every memo and remember who refers to it."""
        for number, row in enumerate(rows):
            on, target = str(row["on"]), str(row["target"])
            # Cases have no notes in the standard: one memo is their description, any other a note that is linked to them.
            if on == "case" and target not in self.cases and not any(row[name] for name in ("title", "author", "date")):
                self.cases[target] = str(row["text"])
                continue
            key = self._note(number, row)
            if on == "passage" and not is_missing(row["start"]):
                self.passages.setdefault(target, {}).setdefault((int(row["start"]), int(row["end"])), []).append(key)
            elif on in ("source", "passage"):
                self.sources.setdefault(target, []).append(key)
            elif on == "code":
                self.codes.setdefault(target, []).append(key)
            elif on == "case":
                self._linked.append((key, target))
            else:
                self.project.append(key)

    def _note(self, number: int, row: Mapping[str, Any]) -> str:
        key = self.ids.of("memo", f"{row['on']}\0{row['target']}\0{row['title']}\0{number}")
        date = moment(str(row["date"]))
        self.log.add("dates of memos that are none of the standard's", int(bool(row["date"]) and not date))
        self.log.add("characters that XML cannot hold", int(has_impossible(str(row["text"]) + str(row["title"]))), "written as U+FFFD")
        author = str(row["author"])
        head = {"guid": key, "name": str(row["title"]) or None, "creatingUser": self.users.get(author), "creationDateTime": date or None}
        self._lines += [opening("Note", head) + "\n", *element_xml("PlainTextContent", str(row["text"])), "</Note>\n"]
        return key

    def attributes(self, note: str) -> str:
        """The GUID of the note that holds attributes of codings, one for all codings that have the same."""
        key = self._attributes.get(note)
        if key is None:
            key = self._attributes[note] = self.ids.of("note", note)
        return key

    def notes_xml(self) -> list[str]:
        """The `Notes` element, nothing when there are none."""
        lines = list(self._lines)
        for text, key in self._attributes.items():
            lines += [opening("Note", {"guid": key, "name": ATTRIBUTE_NOTE}) + "\n", *element_xml("PlainTextContent", text), "</Note>\n"]
        return ["<Notes>\n", *lines, "</Notes>\n"] if lines else []

    def links_xml(self, cases: Mapping[str, str]) -> list[str]:
        """The `Links` element: notes that are linked to cases, nothing when there are none."""
        lines = []
        for note, case in self._linked:
            if case in cases:
                ends = {"guid": self.ids.of("link", note), "originGUID": note, "targetGUID": cases[case]}
                lines.append(opening("Link", ends, empty=True) + "\n")
        known = {case for case in (*self.cases, *(case for _, case in self._linked)) if case not in cases}
        self.log.add("memos on cases that the project lacks", len(known))
        return ["<Links>\n", *lines, "</Links>\n"] if lines else []


def sets_xml(rows: list[dict[str, Any]], codes: Mapping[str, str], sources: Mapping[str, str], ids: Ids, log: LossLog) -> list[str]:
    """The `Sets` element from one row a member; codes and sources map names to GUIDs."""
    grouped: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        guids = codes if row["kind"] == "code" else sources
        members = grouped.setdefault(str(row["set"]), {"code": [], "source": []})
        if row["member"] in guids:
            members[str(row["kind"])].append(guids[row["member"]])
        else:
            log.add("members of sets that the project lacks", place=str(row["set"]))
    if not grouped:
        return []
    lines = ["<Sets>\n"]
    for name, members in grouped.items():
        lines.append(f'<Set guid="{ids.of("set", name)}" name="{attribute_text(name)}">\n')
        lines += [f'<MemberCode targetGUID="{key}"/>\n' for key in members["code"]]
        lines += [f'<MemberSource targetGUID="{key}"/>\n' for key in members["source"]]
        lines.append("</Set>\n")
    return [*lines, "</Sets>\n"]
