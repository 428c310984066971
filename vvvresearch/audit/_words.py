"""Stems of words: enough to see that two passages speak of one thing."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources

from vvvresearch.locales import Lang

_ENDINGS: dict[Lang, tuple[str, ...]] = {
    "da": ("ernes", "ernes", "erne", "enes", "ene", "ere", "ers", "ede", "ende", "er", "en", "et", "es", "te", "e", "s", "t", "n"),
    "en": ("ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "s", "y", "e"),
}


# The words that say that a number is of an earlier time, for the patterns of other files.
EARLIER = (
    r"tidligere|foregående|forrige|(?:år|sæson|vinter|sommer|måned|kvartal|uge)\w{1,3} (?:før|forinden)|sidste (?:år|sæson|vinter)|dengang|"
    r"(?:the|a) (?:year|season|winter|summer|term|month|quarter|week) (?:before|ago)|last (?:year|season|winter|summer|term)|year ago|"
    r"earlier|previous\w*"
)
# Behind a number: "10.000 kr. mere om året end før", against what is told nowhere near.
THAN_AGO = re.compile(
    r"[^.;,\d]{0,40}\b(?:end før|end (?:i )?(?:sidste|forrige)|end året før|than before|than (?:in )?(?:the )?(?:last|previous))\b[^\d]*$",
    re.IGNORECASE,
)
AGO = re.compile(rf"\b(?:{EARLIER}|sidste års|i fjor)\b", re.IGNORECASE)

# "pige", "piger", "pigerne": a stem of three letters, where the ending is that of a noun.
_SHORT, _OF_NOUNS = 3, ("erne", "ene", "er", "e")
_IRREGULAR = {
    "børn": "barn", "børnene": "barn", "barnet": "barn", "mænd": "mand", "mændene": "mand", "manden": "mand",
    "people": "person", "women": "woman", "men": "man", "children": "child",
}  # fmt: skip


@cache
def word_list(name: str, lang: Lang) -> frozenset[str]:
    """A list of `vocabulary.toml`."""
    table = tomllib.loads((resources.files("vvvresearch.audit") / "vocabulary.toml").read_text(encoding="utf-8"))
    return frozenset(table[name][lang].split())


@cache
def stem(word: str, lang: Lang) -> str:
    """A word without its inflection; short words stay as they are.

    Example:
        >>> stem("kommunerne", "da") == stem("kommuner", "da") == stem("kommune", "da")
        True
    """
    word = word.lower().strip(".'’-")
    if (single := _IRREGULAR.get(word)) is not None:
        return single
    for ending in _ENDINGS[lang]:
        if word.endswith(ending) and len(word) - len(ending) >= (_SHORT if lang == "da" and ending in _OF_NOUNS else 4):
            word = word[: -len(ending)]
            # "trygge" is "tryg".
            return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word
    return word


@cache
def _content(word: str, lang: Lang) -> str:
    lower = word.lower()
    if lower in word_list("empty", lang) or len(lower) < 3 or not lower[0].isalpha():
        return ""
    return stem(lower, lang)


_WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*")


@lru_cache(maxsize=60_000)
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


def akin(word: str, other: str) -> bool:
    """Whether two stems are of one word, where the endings of one were not all taken off: "caféaft", "caféaften".

    Example:
        >>> akin("projek", "projekt"), akin("elev", "elevator")
        (True, False)
    """
    short, long = sorted((word, other), key=len)
    return short == long or (len(short) > 3 and len(long) - len(short) < 3 and long.startswith(short))


def _opposite(word: str, other: str) -> bool:
    """Whether one word is the other with a prefix that turns it: "tilfreds", "utilfreds"."""
    long, short = sorted((word, other), key=len, reverse=True)
    return long in (f"u{short}", f"un{short}", f"dis{short}", f"in{short}", f"ikke-{short}")


def _part(word: str, other: str) -> bool:
    if len(word) < 5 or len(other) < 5:
        return False
    opens = word[:7] == other[:7] and min(len(word), len(other)) >= 7
    return (opens or other.endswith(word) or word.endswith(other)) and not _opposite(word, other)


@lru_cache(maxsize=10_000)
def ends_of(words: frozenset[str]) -> frozenset[str]:
    """The words with their openings and ends: two sets without one of these in common have no word that is heard in the other.

    Example:
        >>> [ends_of(frozenset({"kursus"})).isdisjoint(ends_of(frozenset({other}))) for other in ("grundkursus", "kurv")]
        [False, True]
    """
    return frozenset(end for word in words for end in (word, word[:7], f"-{word[-5:]}"))


@lru_cache(maxsize=100_000)
def is_heard(word: str, words: frozenset[str]) -> bool:
    """Whether a word is among others, compounds counting by their parts."""
    return word in words or any(_part(word, more) for more in words)


def heard(word: str, words: frozenset[str]) -> bool:
    """Whether a word, a compound that ends in it, or one with its opening, is among others."""
    if word in words:
        return True
    if len(word) < 6:
        return False
    opening = word[:7] if len(word) > 7 else ""
    for more in words:
        if len(more) > 5 and (more.endswith(word) or word.endswith(more) or more[:7] == opening) and not _opposite(word, more):
            return True
    return False


@lru_cache(maxsize=200_000)
def common(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The words of a set that another has too, compounds counting by their parts."""
    return frozenset(word for word in one if heard(word, other))
