"""Words in one form: what two people write differently and mean alike."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e"})
_UNSEEN = re.compile("[\ufeff\u200b\u00ad]")
# Of a copy or a sheet of answers, and the moment at which Qualtrics or REDCap wrote it ("_March 3, 2027_10.44", "_DATA_2027-03-03_1044").
_HUNG_ON = re.compile(
    r"(_data(_labels)?_\d{4}-\d\d-\d\d_\d{4}|"
    r" - (copy|kopi)|[_ +][a-z]{3,9}[ +]\d{1,2},[ +]\d{4}_\d\d\.\d\d|\(\d{1,2}\)|\((responses|svar)\)|"
    r" - (form responses|formularsvar|sheet|ark|table|tabel) ?\d+)$",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[^a-z0-9]+")
_MINUS = re.compile(r"^\s*[-−–÷]\s*(?=\d|$)")
_LIMIT = re.compile(r"^\s*([<>≤≥])")
_NAMED = {"+": "plus", "<": "under", ">": "over", "≤": "at most", "≥": "at least", "=": "equal", "±": "plus minus"}


def clean(text: str) -> str:
    """A text without byte-order marks, with composed letters, plain spaces, none at its ends.

    Example:
        >>> clean("\\ufeff Lyngby\\u00a0 Taarbæk ")
        'Lyngby Taarbæk'
    """
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub("", text)).split())


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case, æ as ae, ø as oe, å as aa, every other sign a space.

    Example:
        >>> fold("Årsag (til ophør)")
        'aarsag til ophoer'
    """
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    # What is left of foreign letters loses its accents.
    plain = unicodedata.normalize("NFKD", lowered)
    return _SIGNS.sub(" ", plain).strip()


def with_signs(text: str) -> str:
    """A value with the names of signs that folding would lose though they tell it from others; a digest where folding leaves nothing.

    Example:
        >>> [fold(with_signs(value)) for value in ("<10", "> 1 time", "-1", "10-19", "☺", "C++")]
        ['under 10', 'over 1 time', 'minus 1', '10 19', 'white smiling face', 'c']
        >>> fold(with_signs("Так")) == fold(with_signs("Ні"))
        False
    """
    # Between numbers a dash is no sign, and before a word it begins a list.
    led = _LIMIT.sub(lambda sign: f" {_NAMED[sign[1]]} ", _MINUS.sub(" minus ", text))
    named = led if any(mark.isalpha() for mark in text) else "".join(f" {_NAMED[mark]} " if mark in _NAMED else mark for mark in led)
    bare = clean(text).casefold()
    if fold(named) or not bare:
        return named
    return unicodedata.name(bare, "") if len(bare) == 1 else hashlib.sha256(bare.encode()).hexdigest()[:12]


def slug(text: str, length: int = 60) -> str:
    """A folded text as an id: letters, digits and hyphens.

    Example:
        >>> slug("Har fået job!")
        'har-faaet-job'
    """
    return fold(text).replace(" ", "-")[:length].strip("-") or "x"


def file_words(stem: str) -> str:
    """A file's name without what programs hang on to it: the sheet of a form, the number of a copy.

    Example:
        >>> file_words("Frivillige 2026 (Svar) - Formularsvar 1"), file_words("borgere - Ark1 (2)")
        ('Frivillige 2026', 'borgere')
    """
    while (shorter := _HUNG_ON.sub("", stem).strip(" -_")) not in (stem, ""):
        stem = shorter
    return stem


def slugs(texts: list[str]) -> list[str]:
    """One id a text, each of them once.

    Example:
        >>> slugs(["Ja/nej", "Ja nej"])
        ['ja-nej', 'ja-nej-2']
    """
    taken: dict[str, int] = {}
    ids = []
    for text in texts:
        name = slug(text)
        number = taken[name] = taken.get(name, 0) + 1
        ids.append(name if number == 1 else f"{name}-{number}")
    return ids
