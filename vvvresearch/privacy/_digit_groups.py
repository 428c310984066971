"""Numbers as they are written or read out: groups of figures, number words, ordinals and months, and what stands between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_ONES = {"nul": 0, "en": 1, "én": 1, "een": 1, "et": 1, "ét": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7}
_ONES |= {"otte": 8, "ni": 9}
_TEENS = {
    word: 10 + number
    for number, word in enumerate(("ti", "elleve", "tolv", "tretten", "fjorten", "femten", "seksten", "sytten", "atten", "nitten"))
}
_TENS = {
    "tyve": 20,
    "tredive": 30,
    "fyrre": 40,
    "fyrretyve": 40,
    "halvtreds": 50,
    "halvtres": 50,
    "tres": 60,
    "treds": 60,
    "halvfjerds": 70,
    "firs": 80,
    "halvfems": 90,
}
_NTH = {
    word: number
    for number, words in enumerate(
        (
            "første januar jan",
            "anden februar feb",
            "tredje marts mar",
            "fjerde april apr",
            "femte maj",
            "sjette juni jun",
            "syvende juli jul",
            "ottende august aug",
            "niende september sep sept",
            "tiende oktober okt",
            "elvte ellevte november nov",
            "tolvte december dec",
            "trettende",
            "fjortende",
            "femtende",
            "sekstende",
            "syttende",
            "attende",
            "nittende",
            "tyvende",
            "enogtyvende",
            "toogtyvende",
            "treogtyvende",
            "fireogtyvende",
            "femogtyvende",
            "seksogtyvende",
            "syvogtyvende",
            "otteogtyvende",
            "niogtyvende",
            "tredivte",
            "enogtredivte",
        ),
        start=1,
    )
    for word in words.split()
}
# Parts of words without which hardly any number is read out.
_STEMS = (
    *("nul", "tyve", "tredive", "fyrre", "tres", "treds", "halvfjerds", "firs", "halvfems", "fem", "seks", "syv", "otte", "elleve"),
    *("tolv", "tten", "fjorten"),
)
MASK_SIGNS = "xX*•·●▪■█_#?×○"


_SAID_WORDS = frozenset((*_ONES, *_TEENS, *_TENS, *_NTH, *(f"{one}og{ten}" for one in _ONES for ten in _TENS)))


def _any_of(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


NUMBER_WORD = rf"(?:(?:(?:{_any_of(_ONES)})\s?og\s?)?(?:{_any_of(_TENS)})|{_any_of(_TEENS)}|{_any_of(_ONES)})"
_GROUP = re.compile(
    rf"(?P<figures>\d+)|\b(?P<century>nitten(?:\s?hundrede\s?(?:og\s)?)?|to\s?tusinde?\s?(?:og\s)?)(?P<years>{NUMBER_WORD})\b"
    rf"|\b(?P<nth>{_any_of(_NTH)})\b|\b(?P<word>{NUMBER_WORD})\b",
    re.IGNORECASE,
)
# What is said between the date and the last four, or for a sign: it announces figures.
_SAID = re.compile(
    r"\b(?:(?:bindestreg|skråstreg|tankestreg|streg|minus|mellemrum|punktum)\b"
    r"|(?:(?:sidste|næste)\s(?:fire|4)|(?:fire|4)\s(?:sidste|næste)|løbenummer\w*|løbenr\.?|kontrol(?:ci\w+|nummer\w*)"
    r"|ende(?:tal|cifre|lse)\w*|efterfulgt|slutter|ender|resten|slutningen|bagefter|derefter|dernæst)(?:\s(?:ci\w+|tal\w*|numre))?(?:\s(?:på|af|i\s\w+|er|var|lyder|hedder))*)"
    r"|\bog\s(?:så|til sidst)\b",
    re.IGNORECASE,
)
_DICTATED = re.compile(rf"\b(?:{NUMBER_WORD}|\d+)(?:[ ,.\-–]{{1,3}}{NUMBER_WORD}){{2}}\b", re.IGNORECASE)
_ANNOUNCED = "\x01"
_AND = "\x02"
_ANNOUNCING = re.compile(rf"(?:[^\W\d_]+\s){{0,4}}{_ANNOUNCED}+")
_BORDER = re.compile(r"\s\|\s")
_LINK = re.compile(r"[\W_]{0,8}")


Sort = Literal["figures", "word", "nth", "month"]


def number_words(small: str) -> list[tuple[int, int]]:
    """Where number words stand in a text in lower case, but for those that are articles and adverbs too.

    Example:
        >>> number_words("en nul og otte, natten femogtyve")
        [(3, 6), (10, 14), (23, 32)]
    """
    found = set()
    for stem in _STEMS:
        place = small.find(stem)
        while place >= 0:
            start, end = place, place + len(stem)
            while start > place - 12 and small[start - 1 : start].isalpha():
                start -= 1
            while end < place + 16 and small[end : end + 1].isalpha():
                end += 1
            if small[start:end] in _SAID_WORDS:
                found.add((start, end))
            place = small.find(stem, place + len(stem))
    return sorted(found)


@dataclass(frozen=True)
class Group:
    """Neighbouring figures, or a word for them, in one piece.

    `digits` is what they say, `sort` how, `link` what stands between it and the group before it, None where that is other talk;
    in a link \\x01 stands for words that announce figures and \\x02 for "og".
    """

    start: int
    end: int
    digits: str
    sort: Sort
    link: str | None


def holds_digits(text: str, least: int) -> bool:
    """Whether a text has so many digits, or a row of number words: else there is nothing to group."""
    return sum(map(text.count, "0123456789")) >= least or _DICTATED.search(text) is not None


def digit_groups(text: str) -> Iterator[Group]:
    """The groups of a text in their order."""
    seen = _SAID.sub(lambda match: _ANNOUNCED * len(match[0]), text)
    last: Group | None = None
    for match in _GROUP.finditer(seen):
        digits = _digits(match)
        link = None if last is None else _link(seen[last.end : match.start()])
        if last is not None and last.sort == "nth" and match["nth"] and seen[last.end : match.start()].strip() == "i":
            link = " "  # "den fjerde i tiende"
        if link is not None and last is not None and _BORDER.search(link) and (len(last.digits), len(digits)) != (6, 4):
            # Numbers of two cells are two numbers, but for a date and the four figures that belong to it.
            link = None
        last = Group(match.start(), match.end(), digits, _sort(match), link)
        yield last


def _link(between: str) -> str | None:
    if len(between) > 60:
        return None
    told = re.sub(r"(?i)\bog\b", _AND, _ANNOUNCING.sub(_ANNOUNCED, between)) if between.strip() else between
    return told if _LINK.fullmatch(told) and told.count("\n") <= 2 and not re.search(r"\n[.!?]", told) else None


def _sort(match: re.Match[str]) -> Sort:
    if match["nth"]:
        return "nth" if match["nth"].casefold().endswith(("e", "anden")) else "month"
    return "figures" if match["figures"] else "word"


def _digits(match: re.Match[str]) -> str:
    if match["figures"]:
        return match["figures"]
    if match["nth"]:
        return f"{_NTH[match['nth'].casefold()]:02d}"
    if match["century"]:
        return ("19" if match["century"].casefold().startswith("nitten") else "20") + f"{int(said(match['years'])):02d}"
    return said(match["word"])


def said(word: str) -> str:
    """The digits of a number word below a hundred: one below ten, two from ten on.

    Example:
        >>> said("femogfirs"), said("nul")
        ('85', '0')
    """
    small = re.sub(r"\s", "", word.casefold())
    ones, _, tens = small.rpartition("og")
    if small in _ONES or small in _TEENS:
        return str((_ONES | _TEENS)[small])
    return str(_TENS[tens] + (_ONES[ones] if ones else 0))
