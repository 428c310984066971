"""Notes (memos) of a REFI-QDA project: those a coding refers to travel with it, the others are counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vvvresearch.sources.qda._draft import LossLog
from vvvresearch.sources.qda._refi_package import child, children, content, guid, target

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ATTRIBUTE_NOTE = "vvvresearch: attributes of the coding"


@dataclass
class Notes:
    """The notes by GUID; `used` collects those that a coding took along."""

    texts: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    elsewhere: int = 0
    used: set[str] = field(default_factory=set)

    def on(self, element: Element) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The memo and the attributes that the note references of an element stand for."""
        if not self.texts and not self.attributes:
            return "", ()
        memos: list[str] = []
        attributes: list[tuple[str, str]] = []
        for reference in children(element, "NoteRef"):
            key = target(reference)
            if key in self.attributes:
                attributes += self.attributes[key]
            elif key in self.texts:
                memos.append(self.texts[key])
                self.used.add(key)
        return "\n\n".join(memos), tuple(attributes)

    def report(self, log: LossLog) -> None:
        """Count what no coding took along."""
        log.add("notes (memos)", len(self.texts.keys() - self.used) + self.elsewhere, "not attached to a coding")


def read_notes(root: Element) -> Notes:
    """All notes of a project; one without its text inside the project file is only counted."""
    notes = Notes()
    group = child(root, "Notes")
    for element in children(group, "Note") if group is not None else []:
        key = guid(element.get("guid"))
        text = content(element, "PlainTextContent") or content(element, "Description")
        if element.get("name") == ATTRIBUTE_NOTE:
            pairs = (line.partition("=") for line in text.split("\n") if "=" in line)
            notes.attributes[key] = tuple((name, value) for name, _, value in pairs)
        elif text and key and key not in notes.texts:
            notes.texts[key] = text
        else:
            notes.elsewhere += 1
    return notes
