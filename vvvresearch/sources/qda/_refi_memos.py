"""Writing memos and sets of a REFI-QDA project, and the notes that carry attributes of codings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vvvresearch.sources.qda._draft import LossLog
from vvvresearch.sources.qda._refi_notes import ATTRIBUTE_NOTE
from vvvresearch.sources.qda._refi_values import is_missing
from vvvresearch.sources.qda._refi_xml import Ids, attribute_text, element, has_impossible, moment, opening


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
        self._lines += [opening("Note", head) + "\n", *element("PlainTextContent", str(row["text"])), "</Note>\n"]
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
            lines += [opening("Note", {"guid": key, "name": ATTRIBUTE_NOTE}) + "\n", *element("PlainTextContent", text), "</Note>\n"]
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
