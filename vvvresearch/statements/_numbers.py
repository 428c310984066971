"""Numbers in digits and in words, Danish and English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from vvvresearch.locales import Lang

_UNITS: dict[Lang, dict[str, int]] = {
    "da": {
        "nul": 0, "én": 1, "ét": 1, "to": 2, "tre": 3, "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10,
        "elleve": 11, "tolv": 12, "tretten": 13, "fjorten": 14, "femten": 15, "seksten": 16, "sytten": 17, "atten": 18, "nitten": 19,
    },
    "en": {
        "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
        "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
        "seventeen": 17, "eighteen": 18, "nineteen": 19,
    },
}  # fmt: skip
_TENS: dict[Lang, dict[str, int]] = {
    "da": {
        "tyve": 20, "tredive": 30, "fyrre": 40, "halvtreds": 50, "tres": 60, "halvfjerds": 70, "firs": 80, "halvfems": 90,
        "fyrretyve": 40, "halvtredsindstyve": 50, "tresindstyve": 60, "halvfjerdsindstyve": 70, "firsindstyve": 80, "halvfemsindstyve": 90,
    },
    "en": {
        "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    },
}  # fmt: skip
_ONES = {"en": 1, "et": 1, "én": 1, "ét": 1}
# Old measures of a number, counted like hundreds: "et dusin", "to snese", "half a dozen".
_LOTS: dict[Lang, dict[str, int]] = {
    "da": {"dusin": 12, "dusinet": 12, "snes": 20, "snese": 20},
    "en": {"dozen": 12, "dozens": 12, "score": 20},
}
_HALF: dict[Lang, str] = {"da": "halvt", "en": "half"}
_HUNDRED: dict[Lang, frozenset[str]] = {"da": frozenset({"hundrede", "hundred"}), "en": frozenset({"hundred"})}
_THOUSAND: dict[Lang, frozenset[str]] = {"da": frozenset({"tusind", "tusinde"}), "en": frozenset({"thousand"})}
_JOIN: dict[Lang, str] = {"da": "og", "en": "and"}


@cache
def spelled(number: int) -> tuple[str, ...]:
    """A number below twenty in figures and in the words of both languages, "a year" and "et år" among them.

    Example:
        >>> spelled(2)
        ('2', 'to', 'two')
    """
    words = [word for table in (*_UNITS.values(), _ONES) for word, value in table.items() if value == number]
    return (str(number), *dict.fromkeys([*words, *(("a", "an") if number == 1 else ())]))


def read_number(shown: str) -> tuple[Fraction, int]:
    """The value of a number in digits, and its decimals; thousand signs of either language are understood.

    Three digits after a single sign are thousands, unless the number opens with a zero ("0,285").

    Example:
        >>> read_number("7.173"), read_number("7,173"), read_number("7,2")
        ((Fraction(7173, 1), 0), (Fraction(7173, 1), 0), (Fraction(36, 5), 1))
    """
    groups = re.split(r"[.,'’ ]", shown)
    if len(groups) == 1:
        return Fraction(int(shown)), 0
    thousands = groups[0] != "0" and 1 <= len(groups[0]) <= 3
    if thousands and all(len(group) == 3 for group in groups[1:]):
        return Fraction(int("".join(groups))), 0
    if len(groups) == 2 or (thousands and all(len(group) == 3 for group in groups[1:-1])):
        return Fraction(int("".join(groups)), 10 ** len(groups[-1])), len(groups[-1])
    return Fraction(int(groups[0])), 0


def _below_hundred(word: str, lang: Lang) -> int | None:
    if lang == "da":
        # "seks-og-halvtreds"
        word = word.replace("-", "")
    if word in _UNITS[lang]:
        return _UNITS[lang][word]
    if word in _TENS[lang]:
        return _TENS[lang][word]
    if lang == "da":
        one, joined, ten = word.partition("og")
        units = {**_UNITS["da"], **_ONES}
        if joined and units.get(one, 10) in range(1, 10) and ten in _TENS["da"]:
            return units[one] + _TENS["da"][ten]
    elif "-" in word:
        ten, _, one = word.partition("-")
        if ten in _TENS["en"] and _UNITS["en"].get(one, 10) in range(1, 10):
            return _TENS["en"][ten] + _UNITS["en"][one]
    return None


def _below_thousand(words: Sequence[str], at: int, lang: Lang) -> tuple[int, int | None]:
    """How many words the number takes, and the number."""
    value = _below_hundred(words[at], lang)
    length = 1 if value is not None else 0
    if value in _TENS["en"].values() and lang == "en" and at + 1 < len(words) and _UNITS["en"].get(words[at + 1], 10) in range(1, 10):
        value, length = (value or 0) + _UNITS["en"][words[at + 1]], 2
    opener = _ONES.get(words[at]) if lang == "da" else {"a": 1}.get(words[at])
    hundreds = opener if value is None else value
    after = at + (length or 1)
    if hundreds is not None and hundreds < 100 and after < len(words) and words[after] in _HUNDRED[lang]:
        rest, more = _rest(words, after + 1, lang)
        return after + 1 - at + rest, hundreds * 100 + more
    if words[at] in _HUNDRED[lang] and value is None:
        rest, more = _rest(words, at + 1, lang)
        return 1 + rest, 100 + more
    return length, value


def _rest(words: Sequence[str], at: int, lang: Lang) -> tuple[int, int]:
    """What follows "hundrede": "og femten", "femten", or nothing."""
    skipped = 1 if at < len(words) and words[at] == _JOIN[lang] else 0
    if at + skipped < len(words):
        value = _below_hundred(words[at + skipped], lang)
        if value is not None:
            return skipped + 1, value
    return 0, 0


def _lots(words: Sequence[str], at: int, value: int | None, length: int, lang: Lang) -> tuple[int, int | None]:
    """ "et dusin", "to snese", "half a dozen": how many words, and the number."""
    names, after = _LOTS[lang], at + max(length, 1)
    if words[at] == _HALF[lang]:
        step = at + 2 if words[at + 1 : at + 2] in (["a"], ["et"]) else at + 1
        return (step + 1 - at, names[words[step]] // 2) if step < len(words) and words[step] in names else (0, None)
    many = value if value is not None else 1 if words[at] in {**_ONES, "a": 1} else None
    if many is None or after >= len(words) or words[after] not in names:
        return 0, None
    return after + 1 - at, many * names[words[after]]


_COMPOUND = re.compile(r"(\w+?)(hundrede|hundred|tusinde|tusind)(?:og)?(\w*)")


def _joined(word: str) -> list[str]:
    """The parts of a Danish number that is written in one word."""
    found = _COMPOUND.fullmatch(word)
    if found is None or (found[1] not in _ONES and found[1] not in _UNITS["da"]):
        return [word]
    return [part for part in found.groups() if part]


def number_words(words: Sequence[str], at: int, lang: Lang) -> tuple[int, int | None]:
    """The number that opens at a word: how many words it takes and its value, or (0, None).

    "en", "et" and "a" are articles and no numbers, unless "hundrede" or "tusind" follows.

    Example:
        >>> number_words("toogtredive af femoghalvtreds".split(), 0, "da")
        (1, 32)
        >>> number_words("two hundred and five pairs".split(), 0, "en")
        (4, 205)
    """
    if words[at] in ("halvandet", "halvanden") and words[at + 1 : at + 2] and words[at + 1] in _HUNDRED["da"] | _THOUSAND["da"]:
        return 2, 150 if words[at + 1] in _HUNDRED["da"] else 1500
    parts = _joined(words[at]) if lang == "da" else []
    if len(parts) > 1:
        # "tohundrede og tolv", "tohundredeogtolv"
        taken, whole = number_words([*parts, *words[at + 1 :]], 0, lang)
        return (taken - len(parts) + 1, whole) if whole is not None and taken >= len(parts) else (0, None)
    length, value = _below_thousand(words, at, lang)
    lots, number = _lots(words, at, value, length, lang)
    if number is not None:
        return lots, number
    opener = _ONES.get(words[at]) if lang == "da" else {"a": 1}.get(words[at])
    start = at + (length or (1 if opener else 0))
    if start < len(words) and words[start] in _THOUSAND[lang] and (value or opener):
        thousands, taken = (value or opener or 1) * 1000, start + 1 - at
        if start + 1 < len(words):
            skipped = 1 if words[start + 1] == _JOIN[lang] else 0
            if start + 1 + skipped < len(words):
                rest, more = _below_thousand(words, start + 1 + skipped, lang)
                if more is not None:
                    return taken + skipped + rest, thousands + more
        return taken, thousands
    return length, value


_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_WELL_FORMED = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def roman(word: str) -> int | None:
    """The value of a Roman numeral of two letters or more, or None.

    Example:
        >>> roman("LII"), roman("IIX"), roman("af")
        (52, None, None)
    """
    if len(word) < 2 or not _WELL_FORMED.fullmatch(word):
        return None
    values = [_ROMAN[letter] for letter in word]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
