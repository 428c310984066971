"""What is left of words without their endings, so that a sentence and a question may share one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from vvvresearch.locales import Lang
from vvvresearch.statements._numbers import number_words
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import conjunctions, function_words, grammar

_WORD = re.compile(r"[^\W\d_]{3,}")
_STEM = 5
_ENDINGS = ("ernes", "erne", "eres", "ere", "enes", "ene", "ers", "ing", "er", "en", "et", "ed", "es", "ne", "e", "s", "n", "t")


def stems(words: Iterable[str], lang: Lang) -> frozenset[str]:
    """What is left of words without endings, and without those that every question has."""
    general = grammar("general", lang) | function_words("determiner", lang) | function_words("preposition", lang)
    general |= function_words("pronoun", lang) | function_words("adverb", lang) | conjunctions("subordinate", lang)
    general |= conjunctions("always", lang) | conjunctions("maybe", lang)
    spoken = (word for text in words for word in _WORD.findall(text.lower()) if word not in general)
    return frozenset(_stem(word) for word in spoken if not _is_number(word, lang))


@lru_cache
def opposites(lang: Lang) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Pairs of words that deny each other, as stems."""
    sides = (entry.split(" | ") for entry in sorted(grammar("opposites", lang)))
    return tuple((stems(one.split(), lang), stems(other.split(), lang)) for one, other in sides)


@lru_cache(maxsize=4096)
def _is_number(word: str, lang: Lang) -> bool:
    # "tre er i tvivl" is not of "en til tre gange".
    return number_words([word], 0, lang)[1] is not None


def _stem(word: str) -> str:
    # A single letter is an ending of long words only: "tøft" and "meet" are whole.
    ending = next(
        (one for one in _ENDINGS if word.endswith(one) and len(word) - len(one) >= (3 if len(one) > 1 or one in "es" else _STEM)), ""
    )
    stem = word.removesuffix(ending)
    # "cykler" is of "cykel".
    stem = f"{stem[:-2]}l" if stem.endswith("el") and len(stem) >= _STEM and stem[-3] not in "aeiouyæøå" else stem
    # "venner" is of "ven".
    doubled = ending and len(stem) > _STEM - 2 and stem[-1] == stem[-2] and stem[-1] not in "aeiouyæøå"
    return (stem[:-1] if doubled else stem)[:_STEM]


# Endings that inflect a word, and those that make a noun or an adjective of it: "følelsen" is of "føler", "membership" of "member".
_ENDED: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(
        r"^(?:(.{3,}?)(?:ernes|erne|enes|ene|ens|ets|edes|ede|ende|este|ere|ers|est|er|en|et|es|(?<=[åoyøi])r|e|ning|ing|elser?|els|ation|hed|skab|lig|ig)"
        r"|(.{4,}?)(?:te|t|s))$"
    ),
    "en": re.compile(r"^(?:(.{3,}?)(?:ing|ied|ies|ed|es|e|s|ments?|ship|ness|ation|ion|ance|ence|ity|ure|al|age|ers?|ly|y|i))$"),
}
# No word is cut to less.
_WHOLE = 3
_VOWELS = "aeiouyæøå"


@lru_cache(maxsize=8192)
def root(word: str, lang: Lang) -> str:
    """A word without its endings, not cut short, so that two words have one root only where they may be of one word.

    Example:
        >>> {root(word, "da") for word in ("henviser", "henvist", "henvisningerne")}, root("bibliotekaren", "da")
        ({'henvi'}, 'bibliotekar')
    """
    found = word.lower()
    if lang == "da" and re.fullmatch(r"\w{3}te?", found) and verb_form(found, lang) in ("supine", "past"):
        # "lært" and "lærte" are of "lære", and "vent" is whole.
        return found[:_WHOLE]
    while (ended := _ENDED[lang].match(found)) is not None:
        found = ended[1] or ended[ended.lastindex or 1]
        if len(found) > _WHOLE and found[-1] == found[-2] and found[-1] not in _VOWELS:
            # "venner" is of "ven".
            found = found[:-1]
    if lang == "da" and _SYNCOPE.search(found):
        # "vågne" is of "vågen", "cykler" of "cykel", "sikre" of "sikker".
        return root(f"{found[:-1]}e{found[-1]}", lang)
    return found


_SYNCOPE = re.compile(r"..[^aeiouyæøålnr][lnr]$")
