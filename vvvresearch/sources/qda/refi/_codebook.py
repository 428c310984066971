"""The codebook of a REFI-QDA project or `.qdc`, read and written: codes, what hangs on them, and groups of codes and sources."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.evidence import Codebook
from vvvresearch.sources.qda._assembly import join_description
from vvvresearch.sources.qda._draft import CodeNode, LossLog, records, unique_name
from vvvresearch.sources.qda.refi._notes import Notes
from vvvresearch.sources.qda.refi._package import ORIGIN, Ids, child, children, element_xml, guid, opening, take, take_content, target

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
