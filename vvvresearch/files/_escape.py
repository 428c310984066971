"""Text from data is shown as text: never run as a formula, as HTML, as Markdown or as a shortcode."""

from __future__ import annotations

import html
import re

_FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*\s?%?$")
# Bidirectional overrides, zero-width characters and other format controls can make a name read as another.
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~^$@#&]|--|:::|(?<=\A)[+\-:=%]|(?<=\A)\d+[.)](?=\s))")


def plain_text(text: str) -> str:
    """Text without control, bidirectional and zero-width characters.

    Example:
        >>> plain_text("a\\u202eb")
        'ab'
    """
    return _HIDDEN.sub("", text)


def cell_text(text: str) -> str:
    """Text for a CSV cell: formula-like text gets a leading apostrophe, plain numbers stay as they are.

    Example:
        >>> cell_text("=1+1"), cell_text("-3,5")
        ("'=1+1", '-3,5')
    """
    if text.startswith(_FORMULA_START) and not _NUMBER.match(text):
        return "'" + text
    return text


def original_text(text: str) -> str:
    """The text that `cell_text` wrote: a leading apostrophe before formula-like text is taken away again.

    Example:
        >>> original_text("'=1+1"), original_text("'tis")
        ('=1+1', "'tis")
    """
    return text[1:] if text.startswith("'") and cell_text(text[1:]) == text else text


def html_text(text: str) -> str:
    """Text for HTML, quotes included.

    Example:
        >>> html_text("<b>")
        '&lt;b&gt;'
    """
    return html.escape(plain_text(text), quote=True)


def markdown_text(text: str) -> str:
    """Text for Markdown (also inside a pipe table): whatever could start markup is escaped.

    Example:
        >>> markdown_text("a|b {{x}}")
        'a\\\\|b \\\\{\\\\{x\\\\}\\\\}'
    """
    one_line = plain_text(text).replace("\r\n", " ").replace("\n", " ").strip()
    return _MARKDOWN.sub(lambda match: re.sub(r"([^\w\s]|_)", r"\\\1", match[0]), one_line)
