"""The codebook of a REFI-QDA project or `.qdc`: codes, groups of codes, and what else hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvvresearch.sources.qda._draft import CodeNode, LossLog
from vvvresearch.sources.qda._refi_package import child, children, content, guid, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TRUE = ("true", "1")


def read_codes(codebook: Element, log: LossLog) -> list[CodeNode]:
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
        own = guid(element.get("guid"))
        key = own
        if not own or own in taken:
            log.add(
                "codes without a GUID of their own", detail="codings refer to the first code with a GUID", place=element.get("name") or ""
            )
            key = f"{own}#{len(nodes)}"
        taken.add(key)
        log.add("references from codes to notes", len(children(element, "NoteRef")))
        codable = (element.get("isCodable") or "true").strip().casefold() in _TRUE
        nodes.append(
            CodeNode(key, element.get("name") or "", parent, codable, content(element, "Description"), element.get("color") or "", own)
        )
        waiting.extend((inner, key) for inner in reversed(children(element, "Code")))
    return nodes


def report_sets(parent: Element, log: LossLog) -> None:
    """Groups of codes, sources or notes: counted, not held."""
    sets = child(parent, "Sets")
    if sets is None:
        return
    for group in children(sets, "Set"):
        members = sum(local(member).startswith("Member") for member in group)
        log.add("sets (groups of codes or sources)", place=f"{group.get('name') or 'unnamed'} ({members})")
