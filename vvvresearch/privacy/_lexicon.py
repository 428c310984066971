"""What is an ordinary word: the dictionaries of `simplemma`, for Danish with genitives, drawn-out sounds and compounds not listed there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from vvvresearch.privacy._data import words_of

LONGEST = 40
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_CONTRACTED = re.compile(r"(?:n['’]t|['’](?:s|d|m|ll|re|ve))$")
_SOUND = re.compile(
    r"([aæeiouyøå])\1*|[aæeiouyøå]{1,2}h+|[bcdfghjklmnpqrstvwxz]+|(?:h[aeiouæø])+h*|nå+[ehrjd]?a?|n[aæ]h+|"
    r"ja[hs]*|j[oø][ohe]*|nej[hj]*|p[uy]h?a?|uha|øh+m*|[aå]rh+"
)


@cache
def _dictionary(lang: str) -> Mapping[str, str]:
    from simplemma.strategies import DEFAULT_DICTIONARY_FACTORY

    found: Mapping[str, str] = DEFAULT_DICTIONARY_FACTORY.get_dictionary(lang)
    return found


def is_listed(word: str) -> bool:
    """Whether the dictionary has this very spelling; names and places stand there with a capital."""
    return _dictionary("da").get(word) is not None


def is_english(word: str) -> bool:
    """Whether a word in lower case is in the English dictionary, alone or with what is drawn together with it: she'd, that's."""
    return _dictionary("en").get(_CONTRACTED.sub("", word)) is not None


@lru_cache(maxsize=200_000)
def is_word(word: str) -> bool:
    """Whether a word in lower case is Danish: listed, a genitive, a sound, or put together of listed words."""
    if len(word) > LONGEST:
        return True
    return _plain_word(word) or _compound(word)


def _plain_word(word: str) -> bool:
    if is_listed(word) or word in words_of("shortened") or _SOUND.fullmatch(word) or word.endswith("nr"):
        return True
    if len(word) > 5 and word[0] == "u" and is_listed(word[1:]):
        return True
    if word.endswith("s") and is_listed(word.removesuffix("s").removesuffix("'")):
        return True
    shorter = _DRAWN_OUT.sub(r"\1", word)
    return shorter != word and (is_listed(shorter) or bool(_SOUND.fullmatch(shorter)))


def _compound(word: str) -> bool:
    """Two known parts of which the last is a whole word, or three; a name hides in short parts, so none has fewer than three letters."""
    if len(word) < 8:
        return False
    return _parts(word, 4, _plain_word) or (len(word) > 12 and _parts(word, 8, lambda rest: _parts(rest, 4, _plain_word)))


def respelled(word: str) -> str:
    """A word as Danish writes it where only plain letters could be used: "spoergsmaal"."""
    return word.replace("ae", "æ").replace("oe", "ø").replace("aa", "å")


def resembles_a_word(word: str) -> bool:
    """Whether it ends in a word of five letters, or in a shorter one after a longer, or is two words of three or more.

    Enough to pass over a word that nothing announces as a name.
    """
    if is_word(word) or _parts(word, 3, _plain_word):
        return True
    if any(is_listed(word[cut:]) for cut in range(3, len(word) - 4)):
        return True
    return any(_first_part(word[:cut]) and is_listed(word[cut:]) for cut in range(5, len(word) - 2))


def _parts(word: str, least: int, rest_is_word: Callable[[str], bool]) -> bool:
    return any(_first_part(word[:cut]) and rest_is_word(word[cut:]) for cut in range(3, len(word) - least + 1))


def _first_part(part: str) -> bool:
    if is_listed(part):
        return True
    return len(part) > 4 and part[-1] in "se" and is_listed(part[:-1])
