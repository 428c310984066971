"""The tables of words: `vocabulary.toml` and `verbs.toml`, read once and indexed by their first word."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from vvvresearch.locales import Lang

_KINDS = (
    "share", "modifier", "vague", "some", "direction", "multiple", "degree", "comparison", "rank", "frequency",
    "goal", "unknown", "reason", "cause", "span", "answered", "negation", "target", "statistic", "except",
)  # fmt: skip


@dataclass(frozen=True)
class Word:
    """An entry of the vocabulary: what kind of word it is, and the bounds within which it is true.

    `low` and `high` bound a share, or for modifiers and degrees a difference as a part of the whole; an open end is excluded.
    """

    kind: str
    key: str
    low: Fraction | None = None
    high: Fraction | None = None
    open_low: bool = False
    open_high: bool = False
    exact: str = ""
    sign: int = 0
    place: int = 0
    ratio: Fraction | None = None
    min_n: int = 0
    beside: str = ""

    def admits(self, value: Fraction) -> bool:
        """Whether a value lies within the bounds.

        Example:
            >>> Word("share", "most", Fraction(2, 3), Fraction(1), open_high=True).admits(Fraction(1))
            False
        """
        assert self.low is not None
        assert self.high is not None
        above = value > self.low if self.open_low else value >= self.low
        return above and (value < self.high if self.open_high else value <= self.high)


# A fraction word without a modifier is true within 2.5 points.
TOLERANCE = Fraction(1, 40)


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("vvvresearch.statements") / f"{name}.toml").read_text(encoding="utf-8"))


def _word(kind: str, entry: Mapping[str, Any]) -> Word:
    def fraction(name: str) -> Fraction | None:
        return Fraction(entry[name]) if name in entry else None

    low, high = fraction("low"), fraction("high")
    centre = fraction("centre")
    if centre is not None:
        low, high = centre - TOLERANCE, centre + TOLERANCE
    return Word(
        kind,
        entry["key"],
        low,
        high,
        entry.get("open_low", False),
        entry.get("open_high", False),
        entry.get("exact", ""),
        entry.get("sign", 0),
        entry.get("place", 0),
        fraction("ratio"),
        entry.get("min_n", 0),
        entry.get("beside", ""),
    )


def _forms(kind: str, entry: Mapping[str, Any], lang: Lang) -> tuple[str, ...]:
    """Every phrase of an entry: as written, its verbs inflected, and of a direction what has become more or less."""
    found = [*entry[lang], *(form for verb in entry.get("verbs", {}).get(lang, ()) for form in inflected(verb, lang))]
    if kind == "direction":
        grown = [word for other in _table("vocabulary")["comparison"] if other["sign"] == entry["sign"] for word in other[lang]]
        if entry["sign"] in (1, -1):
            found += [f"{become} {word}" for become in _table("vocabulary")["become"][lang] for word in grown]
    if kind == "rank":
        graded = [f"{grade} {done}" for grade in entry.get("graded", {}).get(lang, ()) for done in _table("vocabulary")["graded"][lang]]
        found += [*graded, *(f"{article} {phrase}" for article in _ARTICLES[lang] for phrase in graded)]
    if kind == "answered":
        found += [f"{opener} {done}" for opener in entry["openers"][lang] for done in entry["did"][lang]]
        found += entry["places"][lang]
    return tuple(dict.fromkeys(found))


# "the least popular" is one phrase, though "the least" is one too.
_ARTICLES: dict[Lang, tuple[str, ...]] = {"da": ("det", "den", "de"), "en": ("the",)}


def inflected(verb: str, lang: Lang) -> tuple[str, ...]:
    """The forms of a verb that tell what happens or has happened; the infinitive is none of them.

    Args:
        verb: its infinitive, or its own forms parted by strokes where it is irregular.

    Example:
        >>> inflected("vokse", "da")
        ('vokser', 'voksede', 'vokset', 'voksende')
        >>> inflected("carry", "en"), inflected("stige/stiger/steg/steget", "da")
        (('carries', 'carried', 'carrying'), ('stiger', 'steg', 'steget'))
    """
    if "/" in verb:
        return tuple(verb.split("/")[1:])
    if lang == "da":
        stem = verb.removesuffix("e")
        return (f"{verb}r", f"{stem}ede", f"{stem}et", f"{stem}ende")
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return (f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing")
    stem = verb.removesuffix("e")
    return (f"{verb}es" if verb.endswith(("s", "sh", "ch", "x")) else f"{verb}s", f"{stem}ed", f"{stem}ing")


@cache
def phrases(lang: Lang) -> dict[str, list[tuple[tuple[str, ...], Word]]]:
    """Every phrase of the vocabulary by its first word, longest first; a phrase may have several meanings."""
    index: dict[str, list[tuple[tuple[str, ...], Word]]] = {}
    table = _table("vocabulary")
    for kind in _KINDS:
        for entry in table[kind]:
            for phrase in _forms(kind, entry, lang):
                words = tuple(phrase.split())
                index.setdefault(words[0], []).append((words, _word(kind, entry)))
    for phrase in table["trap"][lang]:
        words = tuple(phrase.split())
        index.setdefault(words[0], []).append((words, Word("trap", "trap")))
    for found in index.values():
        found.sort(key=lambda pair: -len(pair[0]))
    return index


def match_at(words: Sequence[str], start: int, lang: Lang) -> tuple[int, tuple[Word, ...]]:
    """The longest phrase that opens at a word: how many words it takes and all its meanings."""
    length, meanings = 0, []
    for phrase, word in phrases(lang).get(words[start], ()):
        if len(phrase) < length:
            break
        if tuple(words[start : start + len(phrase)]) == phrase:
            length = len(phrase)
            meanings.append(word)
    return length, tuple(meanings)


@cache
def behind(lang: Lang) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Phrases that qualify the number before them, each with its modifier."""
    table = _table("vocabulary")["behind"]
    return tuple((tuple(phrase.split()), key) for key, said in table.items() for phrase in said[lang])


@cache
def knowing(name: str, lang: Lang) -> frozenset[str]:
    """Words by which something is said to be beyond telling: able, denied, hard, easy, without, open, stands, weak, chance."""
    return frozenset(_table("vocabulary")["knowing"][name][lang])


@cache
def _telling(lang: Lang) -> frozenset[str]:
    verbs_of = _table("vocabulary")["knowing"][lang]
    if lang == "en":
        return frozenset(form for verb in verbs_of for form in verb.split("/")) | {
            "concluding",
            "saying",
            "telling",
            "determining",
            "knowing",
            "judging",
        }
    return frozenset(form for verb in verbs_of for form in (verb, f"{verb}s"))


def knows(word: str, lang: Lang) -> bool:
    """Whether a word is one of telling, in the infinitive or the passive: "fastslå", "afgøres", "determined"."""
    return word in _telling(lang)


@cache
def fractions(lang: Lang) -> dict[str, Fraction]:
    """Names of fractions, singular and plural: "tredjedel", "tredjedele"."""
    found = {}
    for entry in _table("vocabulary")["fraction"]:
        for name in entry[lang]:
            found[name] = Fraction(entry["centre"])
            plural = name + ("s" if lang == "en" else "e" if name.endswith("del") else "")
            found[plural] = Fraction(entry["centre"])
    return found


@cache
def ordinals(lang: Lang) -> dict[str, int]:
    """Ordinals from first to twentieth."""
    return {word: number for number, word in enumerate(_table("vocabulary")["ordinals"][lang], 1)}


@cache
def nouns(kind: str, lang: Lang) -> frozenset[str]:
    """Nouns of one kind: time, money, reference, month, percent, points, total, answer, post, somebody."""
    return frozenset(_table("vocabulary")["noun"][kind][lang])


# Days of a mean year's parts, so that "14 måneder" and 426 days are one length.
_DAYS = {"day": Fraction(1), "week": Fraction(7), "month": Fraction(487, 16), "quarter": Fraction(1461, 16), "year": Fraction(1461, 4)}
_DAYS["half"] = _DAYS["year"] / 2
_LENGTHS = {"dag": "day", "uge": "week", "måned": "month", "kvartal": "quarter", "halvår": "half", "år": "year"}
_ENDINGS = ("", "e", "er", "r", "s")


def days_in(noun: str, lang: Lang) -> Fraction | None:
    """How many days a noun of time is, None of one that is shorter or no length.

    Example:
        >>> days_in("uger", "da"), days_in("weeks", "en"), days_in("timer", "da")
        (Fraction(7, 1), Fraction(7, 1), None)
    """
    if lang == "en":
        return _DAYS.get(noun.removesuffix("s"))
    return next((_DAYS[kind] for stem, kind in _LENGTHS.items() if any(noun == stem + ending for ending in _ENDINGS)), None)


@cache
def verbs(lang: Lang) -> dict[str, Any]:
    """The verb lexicon of a language as sets: finite, either, regular, prefixes.

    In Danish also agents, supines, preterites, and words that are never verbs.
    """
    return {name: frozenset(words.split()) for name, words in _table("verbs")[lang].items() if name != "imperatives"}


@cache
def function_words(kind: str, lang: Lang) -> frozenset[str]:
    """Determiners, prepositions, pronouns or adverbs."""
    return frozenset(_table("verbs")["function"][lang][kind])


@cache
def conjunctions(kind: str, lang: Lang) -> frozenset[str]:
    """Conjunctions that open a clause always, maybe, or a subordinate one."""
    return frozenset(_table("verbs")["conjunctions"][lang][kind])


@cache
def abbreviations(lang: Lang) -> frozenset[str]:
    """Abbreviations whose full stop ends no sentence."""
    return frozenset(_table("verbs")["abbreviations"][lang])


@cache
def _bounds(kind: str) -> dict[str, Word]:
    return {entry["key"]: _word(kind, entry) for entry in _table("vocabulary")[kind]}


def modifier_word(key: str) -> Word:
    """The bounds of a modifier: how far a value may lie from the number beside it."""
    return _bounds("modifier")[key]


def rank_word(key: str) -> Word:
    """The place of a rank."""
    return _bounds("rank")[key]


def degree_word(key: str) -> Word:
    """The bounds of a degree: how large a change it may qualify."""
    return _bounds("degree")[key]


@cache
def imperatives(lang: Lang) -> frozenset[str]:
    """Verbs that open a piece of advice: "giv", "spørg", "count"."""
    found = set(_table("verbs")[lang]["imperatives"].split())
    if lang == "da":
        for infinitive in verbs("da")["regular"]:
            stem = infinitive.removesuffix("e")
            found.add(stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem)
    else:
        found |= verbs("en")["regular"]
    return frozenset(found)


def plural_subject(word: str, lang: Lang) -> bool:
    """Whether a word looks like a plural noun that can open a sentence: "kommunerne", "volunteers"."""
    if lang == "da":
        return (word.endswith(("erne", "ene", "rne")) and len(word) > 5) or word in (
            "kommuner",
            "frivillige",
            "flygtninge",
            "ledere",
            "familier",
        )
    return word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 4


@cache
def weak_words(lang: Lang) -> frozenset[str]:
    """Words that ordinary prose uses for other things more often than for a finding."""
    return frozenset(_table("vocabulary")["weak"][lang])


@cache
def grammar(name: str, lang: str = "") -> frozenset[str]:
    """A list of words that decide how a clause is cut or a verb is told from a noun."""
    found = _table("verbs")["grammar"][name]
    return frozenset(found[lang] if lang else found)


@cache
def plain(kind: str, lang: Lang) -> frozenset[str]:
    """Words that claim nothing of what was asked: neutral, sizes, goal."""
    return frozenset(_table("plain")[kind][lang].split())


@cache
def akin(lang: Lang) -> tuple[frozenset[str], ...]:
    """Groups of words that a question and its answer use for the same."""
    return tuple(frozenset(entry.split()) for entry in _table("plain")["akin"][lang])


@cache
def turned(lang: Lang) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Pairs of neutral verbs, each in all its forms, that say the opposite of each other."""
    sides = (entry.split(" | ") for entry in _table("plain")["turned"][lang])
    return tuple((frozenset(one.split()), frozenset(other.split())) for one, other in sides)
