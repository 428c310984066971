"""The codebook of a REFI-QDA project or `.qdc`: codes, what hangs on them, and groups of codes and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvvresearch.sources.qda._draft import CodeNode, LossLog, unique_name
from vvvresearch.sources.qda._refi_notes import Notes
from vvvresearch.sources.qda._refi_package import child, children, guid, take, take_content, target

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
