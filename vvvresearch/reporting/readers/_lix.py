"""LIX: how hard a text is to read, by the length of its sentences and of its words."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_END = re.compile(r"[.!?:]+(?=\s|$|[»«”\"])|\n+")
_LONG = 6


def lix(text: str) -> float:
    """Words to a sentence, plus the share in percent of words of more than six letters (Björnsson 1968).

    Args:
        text: plain text; a line break ends a sentence, as a heading or a list item does.

    Returns:
        The number; 0 for a text without words. Under 25 is easy, over 55 very hard.

    Example:
        >>> lix("Vi spurgte 42 kommuner. De svarede ja.")
        46.4
    """
    words = _WORD.findall(text)
    if not words:
        return 0.0
    sentences = sum(bool(_WORD.search(part)) for part in _END.split(text))
    long = sum(len(word) > _LONG for word in words)
    return round(len(words) / sentences + 100 * long / len(words), 1)
