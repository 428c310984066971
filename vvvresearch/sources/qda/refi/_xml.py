"""Pieces of REFI-QDA as text: XML that gives back every character it can hold, and GUIDs that are the same every time."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

# XML 1.0 has no way to write these, not even escaped.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Most texts need nothing done; one search tells.
_SPECIAL = re.compile('[\x00-\x1f\ud800-\udfff\ufffe\uffff&<>"]')
# The ampersand first: the others bring new ones.
_CONTENT = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
_ATTRIBUTE = (*_CONTENT, ('"', "&quot;"), ("\n", "&#10;"), ("\t", "&#9;"))
_FORM = re.compile(r"[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}")
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:vvvresearch:refi-qda").bytes
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?")


def content_text(text: str) -> str:
    """Text between tags."""
    return _escaped(text, _CONTENT) if _SPECIAL.search(text) else text


def attribute_text(text: str) -> str:
    """Text between the quotation marks of an attribute."""
    return _escaped(text, _ATTRIBUTE) if _SPECIAL.search(text) else text


def _escaped(text: str, entities: Sequence[tuple[str, str]]) -> str:
    text = _IMPOSSIBLE.sub("\ufffd", text)
    for letter, entity in entities:
        if letter in text:
            text = text.replace(letter, entity)
    return text


def opening(name: str, attributes: Mapping[str, str | None], *, empty: bool = False) -> str:
    """A start tag (or an empty element); attributes that are None are left out."""
    parts = [f' {key}="{attribute_text(value)}"' for key, value in attributes.items() if value is not None]
    return f"<{name}{''.join(parts)}{'/>' if empty else '>'}"


def element_xml(name: str, text: str) -> list[str]:
    """An element with text, nothing for empty text."""
    return [f"<{name}>{content_text(text)}</{name}>\n"] if text else []


def has_impossible(text: str) -> bool:
    """Whether a text holds characters that XML cannot."""
    return _IMPOSSIBLE.search(text) is not None


def moment(date: str) -> str:
    """A date as the schema's `dateTime`; "" where it is none. A day without an hour begins at midnight.

    Example:
        >>> moment("2023-05-01"), moment("2023-05-01T10:20:30Z"), moment("in May")
        ('2023-05-01T00:00:00', '2023-05-01T10:20:30Z', '')
    """
    whole = f"{date}T00:00:00" if len(date) == 10 else date
    return whole if _MOMENT.fullmatch(whole) else ""


@dataclass
class Ids:
    """Hands out GUIDs, each only once."""

    _taken: set[str] = field(default_factory=set)

    def of(self, kind: str, name: str, wanted: str = "") -> str:
        """A GUID for one thing: `wanted` if it has the right form and is free, else one made from kind and name."""
        chosen = wanted.strip().strip("{}").upper() if wanted else ""
        number = 0
        while not chosen or chosen in self._taken or (number == 0 and not _FORM.fullmatch(chosen)):
            chosen = _made(f"{kind}\0{name}\0{number}")
            number += 1
        self._taken.add(chosen)
        return chosen

    def series(self, kind: str, name: str) -> Iterator[str]:
        """GUIDs for many things of one kind: a common beginning made from kind and name, then a running number."""
        first = _made(f"{kind}\0{name}")[:24]
        for number in count():
            chosen = f"{first}{number:012X}"
            if chosen not in self._taken:
                self._taken.add(chosen)
                yield chosen


def _made(name: str) -> str:
    """A version 5 UUID (RFC 4122, section 4.3), without an object for each of many."""
    octets = bytearray(hashlib.sha1(_SPACE + name.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()[:16])
    octets[6] = octets[6] & 0x0F | 0x50
    octets[8] = octets[8] & 0x3F | 0x80
    text = octets.hex().upper()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
