"""Stems of words: enough to see that two passages speak of one thing."""

from __future__ import annotations

import re
from functools import cache

from vvvresearch.locales import Lang

_ENDINGS: dict[Lang, tuple[str, ...]] = {
    "da": ("ernes", "ernes", "erne", "enes", "ene", "ers", "ede", "ende", "er", "en", "et", "es", "te", "e", "s", "t", "n"),
    "en": ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "y", "e"),
}
_EMPTY: dict[Lang, frozenset[str]] = {
    "da": frozenset(
        """og i at af det der som er en et den de til på med for ikke har om fra var blev ved kan man men eller så også være været bliver
        blevet hvor når end sig dette denne disse deres dem han hun vi jeg du alle nogle flere fleste andre anden andet over under mellem
        efter før mens hvis ud op ned ind kun mere mindre meget lidt samt således dog endnu igen her dermed derfor samtidig heraf hvoraf
        hvilket hvilke hvis hvad alt ca omkring knap godt cirka næsten mindst højst samlet pct procent procentpoint procentdel andel andelen antal antallet tabel
        figur afsnit side svarende svarer viser ses fremgår angiver oplyser siger peger ifølge samtlige i alt blandt hos pr ifm ift dvs
        bl.a f.eks hver begge øvrige resten resterende tilsvarende ligeledes endelig desuden netop fortsat ses set året år årene gange
        nedenstående ovenstående tabellen figuren hele denne derudover heller både enten kunne skulle ville må skal vil havde""".split()
    ),
    "en": frozenset(
        """the of and a an to in for on that is are was were be been with as by at from or not it its this these those their they them we our
        he she you i have has had than then there which who whom whose what when where while but so also only more most less least very all
        some many few other others each both every any no per cent percent percentage points share number total table figure section page
        about around approximately nearly almost over under between among within after before during out up down into had can could would
        should may might will shall do does did according shows show shown see respectively overall said say report reported answered
        corresponding equal same still just well rest remaining one two year years""".split()
    ),
}


@cache
def stem(word: str, lang: Lang) -> str:
    """A word without its inflection; short words stay as they are.

    Example:
        >>> stem("kommunerne", "da") == stem("kommuner", "da") == stem("kommune", "da")
        True
    """
    word = word.lower().strip(".'’-")
    for ending in _ENDINGS[lang]:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@cache
def _content(word: str, lang: Lang) -> str:
    lower = word.lower()
    if lower in _EMPTY[lang] or len(lower) < 3 or not lower[0].isalpha():
        return ""
    return stem(lower, lang)


_WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*")


def stems(text: str, lang: Lang) -> frozenset[str]:
    """The stems of the words of a text that carry content."""
    found = (_content(part, lang) for word in _WORD.findall(text.replace("-\n", "")) for part in re.split(r"[-/]", word) if part)
    return frozenset(one for one in found if one)


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the smaller set both share, compounds counting by their parts: 0 to 1."""
    if not one or not other:
        return 0.0
    small, large = sorted((one, other), key=len)
    shared = sum(1 for word in small if word in large or any(_part(word, more) for more in large))
    return shared / len(small)


def _part(word: str, other: str) -> bool:
    if len(word) < 5 or len(other) < 5:
        return False
    return word.startswith(other[:7]) and min(len(word), len(other)) >= 7 or other.endswith(word) or word.endswith(other)
