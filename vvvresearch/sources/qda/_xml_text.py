"""Small pieces of XML text: escaped so that a reader gets back every character that XML can hold."""

from __future__ import annotations

import re
from collections.abc import Mapping

# XML 1.0 has no way to write these, not even escaped.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Most texts need nothing done; one search tells.
_SPECIAL = re.compile('[\x00-\x1f\ud800-\udfff\ufffe\uffff&<>"]')
_CONTENT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_ATTRIBUTE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})


def content_text(text: str) -> str:
    """Text between tags."""
    return _IMPOSSIBLE.sub("\ufffd", text).translate(_CONTENT) if _SPECIAL.search(text) else text


def opening(name: str, attributes: Mapping[str, str | None], *, empty: bool = False) -> str:
    """A start tag (or an empty element); attributes that are None are left out."""
    parts = [f' {key}="{_quoted(value)}"' for key, value in attributes.items() if value is not None]
    return f"<{name}{''.join(parts)}{'/>' if empty else '>'}"


def _quoted(value: str) -> str:
    return _IMPOSSIBLE.sub("\ufffd", value).translate(_ATTRIBUTE) if _SPECIAL.search(value) else value


def element(name: str, text: str) -> list[str]:
    """An element with text, nothing for empty text."""
    return [f"<{name}>{content_text(text)}</{name}>\n"] if text else []


def has_impossible(text: str) -> bool:
    """Whether a text holds characters that XML cannot."""
    return _IMPOSSIBLE.search(text) is not None
