"""Rare combinations: words that single a person out although no name stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vvvresearch.privacy._finding import Finding

_ONLY = re.compile(
    r"\b(?:(?:den|det|de)\s+eneste|(?:kommunens|byens|landsbyens|skolens|områdets|øens)\s+(?:eneste|første)|"
    r"den\s+første\s+(?:kvindelige|mandlige|syriske|eritreiske|afghanske|somaliske|iranske|irakiske|kurdiske))"
    r"\s+(?:\w+\s+){0,4}?(?:fra|i|på|med)\s+\w+",
    re.IGNORECASE,
)
_MANY_CHILDREN = re.compile(
    r"\b(?:syv|otte|ni|ti|elleve|tolv|[789]|1[0-4])\s+børn\b(?:\W+\w+){0,6}?\W+(?:fra|i)\s+[A-ZÆØÅ]\w+|\b(?:tvillinger|trillinger|firlinger)\b(?:\W+\w+){0,6}?\W+(?:fra|i)\s+[A-ZÆØÅ]\w+"
)
_HEADLINE = re.compile(r"\b(?:stod|var|kom|har været)\s+i\s+(?:avisen|fjernsynet|tv|tv-avisen|lokalavisen|radioen)\b", re.IGNORECASE)


def rare(text: str) -> Iterator[Finding]:
    """Passages to look at: the only one of a kind in a place, unusual families, people who were in the news."""
    for match in _ONLY.finditer(text):
        yield Finding(match.start(), match.end(), "RARE", 0.5, "the only or first one in a place")
    for match in _MANY_CHILDREN.finditer(text):
        yield Finding(match.start(), match.end(), "RARE", 0.5, "unusual family with a place")
    for match in _HEADLINE.finditer(text):
        yield Finding(match.start(), match.end(), "RARE", 0.4, "was in the news")
