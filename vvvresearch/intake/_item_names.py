"""Short ids of items from the wording of questions: the item's number where it has one, else its telling words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

from vvvresearch.intake._fold import fold

_CODE = re.compile(
    r"^(?:(?:spm|sp|spørgsmål|question|q|s|v|var|item)[ ._]?(\d+[a-z]?)((?:[_.]\w+)|(?:\[\w+\]))?|(\d+)([a-z])?[.):])", re.IGNORECASE
)
_PART = re.compile(r" [-–—] |: |\||\[")
_COMMON = frozenset(
    [
        "i",
        "hvor",
        "hvilken",
        "hvilke",
        "hvilket",
        "hvad",
        "hvem",
        "hvordan",
        "hvorfor",
        "har",
        "er",
        "en",
        "et",
        "den",
        "det",
        "de",
        "der",
        "du",
        "jeg",
        "vi",
        "man",
        "din",
        "dit",
        "dine",
        "jeres",
        "deres",
        "at",
        "og",
        "eller",
        "for",
        "til",
        "fra",
        "med",
        "om",
        "af",
        "paa",
        "som",
        "kan",
        "skal",
        "vil",
        "ville",
        "bliver",
        "blevet",
        "blev",
        "faar",
        "faaet",
        "faa",
        "have",
        "haft",
        "vaere",
        "vaeret",
        "ved",
        "nogle",
        "nogen",
        "alle",
        "andre",
        "gerne",
        "ogsaa",
        "efter",
        "inden",
        "under",
        "over",
        "mellem",
        "ud",
        "ind",
        "grad",
        "hoej",
        "mener",
        "synes",
        "oplever",
        "vurderer",
        "what",
        "which",
        "who",
        "how",
        "why",
        "do",
        "does",
        "did",
        "is",
        "are",
        "was",
        "were",
        "the",
        "a",
        "an",
        "of",
        "in",
        "on",
        "to",
        "for",
        "from",
        "with",
        "you",
        "your",
        "they",
        "their",
        "have",
        "has",
        "had",
        "been",
        "be",
        "and",
        "or",
        "it",
        "its",
        "that",
        "this",
        "these",
        "any",
        "some",
        "extent",
        "degree",
        "would",
        "could",
        "think",
        "feel",
        "rate",
        "please",
        "far",
        "all",
        "deltagerne",
        "the",
        "scale",
        "skala",
    ]
)
_LONGEST, _WORDS = 24, 3
_FEW, _MOST = 2, 0.25


def short_names(headings: Mapping[str, str]) -> dict[str, str]:
    """One short id a heading, each of them once; letters, digits and underscores.

    Args:
        headings: key → heading.

    Example:
        >>> short_names({"a": "3. Har kommunen en aftale?", "b": "Hvor tilfreds er I med samarbejdet?", "c": "samarbejde"})
        {'a': 'q3', 'b': 'tilfreds_samarbejdet', 'c': 'samarbejde'}
    """
    taken: set[str] = set()
    names = {}
    # What most questions say tells none of them from the others.
    counts = Counter(word for heading in headings.values() for word in set(fold(heading).split()))
    usual = {word for word, count in counts.items() if count > max(_FEW, _MOST * len(headings))}
    for key, heading in headings.items():
        first = name = _name(heading, usual)
        number = 2
        while name in taken:
            name, number = f"{first}_{number}", number + 1
        taken.add(name)
        names[key] = name
    return names


def _name(heading: str, usual: Collection[str]) -> str:
    found = _CODE.match(heading)
    part = _PART.split(heading)[-1] if _PART.search(heading) else ""
    if found:
        own = f"q{(found[1] or found[3]).lower()}" + (found[4] or "")
        if found[2]:
            return own + "_" + fold(found[2]).replace(" ", "_")
        return f"{own}_{_words(part, 2, usual)}" if part and not _CODE.match(part) and _words(part, 2, usual) else own
    if re.fullmatch(r"[A-Za-z]\w*", heading) and len(heading) <= _LONGEST:
        return heading.lower()
    return _words(part or heading, _WORDS, usual) or "item"


def _words(text: str, most: int, usual: Collection[str]) -> str:
    telling = [word for word in fold(text).split() if word not in _COMMON]
    # "On a scale from 1 to 5": a number tells a question only where nothing else does.
    telling = [word for word in telling if not word.isdigit()] or telling
    words = [word for word in telling if word not in usual] or telling or fold(text).split()
    name = ""
    for word in words[:most]:
        longer = f"{name}_{word}" if name else word[:_LONGEST]
        if len(longer) > _LONGEST:
            break
        name = longer
    return f"v{name}" if name[:1].isdigit() else name
