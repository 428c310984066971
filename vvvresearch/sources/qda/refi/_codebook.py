"""Codes of a REFI-QDA project or `.qdc` and notes (memos), read and written: what hangs on what, and groups of codes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vvvresearch.evidence import Codebook
from vvvresearch.sources.qda._assembly import join_description
from vvvresearch.sources.qda._draft import CodeNode, Draft, LossLog, Memo, records, unique_name
from vvvresearch.sources.qda._passages import decoded
from vvvresearch.sources.qda.refi._cases import is_missing
from vvvresearch.sources.qda.refi._package import (
    ORIGIN,
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
    target,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


_TRUE = ("true", "1")
_MEMBERS = {"MemberCode": "code", "MemberSource": "source"}


def read_codes(codebook: Element, log: LossLog, notes: Notes | None = None) -> list[CodeNode]:
    """The codes below a `CodeBook` element, parents before children.

    A code without or with a second use of a GUID gets a key of its own, so that no code hides another.
    """
    top = child(codebook, "Codes")
    nodes: list[CodeNode] = []
    if top is None:
        return nodes
    taken: set[str] = set()
    waiting = [(element, "") for element in reversed(children(top, "Code"))]
    while waiting:
        element, parent = waiting.pop()
        own, name = guid(take(element, "guid")), take(element, "name")
        key = own
        if not own or own in taken:
            log.add("codes without a GUID of their own", detail="codings refer to the first code with a GUID", place=name)
            key = f"{own}#{len(nodes)}"
        taken.add(key)
        if notes is not None:
            notes.attach(element, "code", key)
        codable = (take(element, "isCodable") or "true").strip().casefold() in _TRUE
        nodes.append(CodeNode(key, name, parent, codable, take_content(element, "Description"), take(element, "color"), own))
        waiting.extend((inner, key) for inner in reversed(children(element, "Code")))
    return nodes


def read_sets(parent: Element, log: LossLog) -> list[tuple[str, str, str]]:
    """Groups of codes and sources: (set, kind, key) a member. Groups of notes stay where they are and are reported."""
    found: list[tuple[str, str, str]] = []
    taken: set[str] = set()
    group = child(parent, "Sets")
    for element in children(group, "Set") if group is not None else []:
        take(element, "guid")
        name = unique_name(take(element, "name") or "unnamed", taken)
        before = len(found)
        for member in element:
            kind = _MEMBERS.get(str(member.tag))
            if kind is not None:
                found.append((name, kind, target(member)))
        log.add("sets without codes and sources", int(len(found) == before), place=name)
    return found


_COLOR = re.compile(r"#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})")
CODEBOOK_NAMESPACE = "urn:QDA-XML:codebook:1.0"
_SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def code_guids(codebook: Codebook, ids: Ids) -> dict[str, str]:
    """Path → GUID."""
    frame = codebook.frame
    return {path: ids.of("code", path, str(own or "")) for path, own in zip(frame["code_path"], frame["guid"], strict=True)}


def codes_xml(codebook: Codebook, guids: Mapping[str, str], notes: Mapping[str, Sequence[str]], log: LossLog) -> list[str]:
    """The `Codes` element; notes maps a code's path to the GUIDs of its memos."""
    rows = records(codebook.frame)
    below: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        below.setdefault(row["parent"] if row["parent"] in guids else "", []).append(row)
    lines = ["<Codes>\n"]
    # A stack instead of recursion: codebooks from elsewhere may be deeper than the interpreter's stack.
    waiting: list[dict[str, Any] | str] = list(reversed(below.get("", [])))
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            lines.append(item)
            continue
        row = item
        color = str(row["color"] or "")
        if color and not _COLOR.fullmatch(color):
            log.add("colours that are not written as #RRGGBB", place=row["code_path"])
        attributes = {
            "guid": guids[row["code_path"]],
            "name": str(row["name"]),
            "isCodable": "true" if row["is_codable"] else "false",
            "color": color if _COLOR.fullmatch(color) else None,
        }
        lines.append(opening("Code", attributes) + "\n")
        lines += element_xml("Description", join_description(row))
        lines += [note_reference(note) for note in notes.get(row["code_path"], ())]
        waiting.append("</Code>\n")
        waiting += reversed(below.get(row["code_path"], []))
    lines.append("</Codes>\n")
    return lines


def note_reference(note: str) -> str:
    """A reference to a note."""
    return f'<NoteRef targetGUID="{note}"/>\n'


def codebook_bytes(codebook: Codebook, log: LossLog) -> bytes:
    """A whole `.qdc`."""
    head = {
        "xmlns": CODEBOOK_NAMESPACE,
        "xmlns:xsi": _SCHEMA_INSTANCE,
        "xsi:schemaLocation": f"{CODEBOOK_NAMESPACE} http://schema.qdasoftware.org/versions/Codebook/v1.0/Codebook.xsd",
        "origin": ORIGIN,
    }
    log.add("marks of codes that stand for cases", sum(map(bool, codebook.frame["is_case"])) if "is_case" in codebook.frame else 0)
    lines = codes_xml(codebook, code_guids(codebook, Ids()), {}, log)
    text = ['<?xml version="1.0" encoding="utf-8"?>\n', opening("CodeBook", head), "\n", *lines, "</CodeBook>\n"]
    return "".join(text).encode("utf-8")


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
