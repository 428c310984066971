"""What a single word says about persons: a name, a word, a place, both, or nothing that is known."""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import cache, lru_cache

from vvvresearch.evidence import municipalities
from vvvresearch.privacy._data import NAME_LISTS, words_of
from vvvresearch.privacy._lexicon import is_english, is_listed, is_word

_INNER_CAPITAL = re.compile(r"^(?!Mc|Mac|O['’]|D['’])\w+?[^\W\d_A-ZÆØÅ][A-ZÆØÅ]")
_INFLECTED = re.compile(r"(?:..en|..et|erne|ene|ing|else|hed|ion|isk|iske|ede|ende|ere|ske|inger|elser|ioner|heder)s?$")
_FOREIGN_LETTER = re.compile(r"[\u0100-\u024f\u1e00-\u1eff\u00ee\u00fb\u00f0\u00fe\u00fd]")
_STROKES = str.maketrans("łđıħŧ", "ldiht")
_FAMILY_ENDING = re.compile(
    r"(?:toft|lykke|gaard|gård|holm|lund|berg|skov|bjerg|bæk|dal|by|lind|kær|sen|vang|strup|vig|mark|borg|"
    r"høj|rup|bo|trup|sted|feldt|kilde|lev|rød|ager|bech|krog|hus|ø|løv|kvist|stam|lind|gren|strand|sø)$"
)

_TITLE = re.compile(
    r"(?:lærer|leder|plejerske|giver|behandler|arbejder|assistent|pædagog|konsulent|læge|præst|betjent|sekretær|formand)(?:en|n)?$"
)


class Sort(IntEnum):
    """Sorts of words; the order carries no meaning, but PLAIN is false."""

    PLAIN = 0  # small, and of no interest
    SMALL_NAME = 1  # a known name written small
    SMALL_NAME_WORD = 2  # a name that is an ordinary word too, written small
    SMALL_UNKNOWN = 3
    WORD = 4  # an ordinary word with a capital
    NAME = 5
    NAME_WORD = 6  # a name that is an ordinary word too
    NAME_PLACE = 7  # a name that is a place too
    PROPER = 8  # a place, an organisation, a work, a feast
    UNKNOWN = 9
    INITIAL = 10


@cache
def names() -> frozenset[str]:
    """Every known first name and family name, in lower case."""
    return frozenset().union(*(words_of(key) for key in NAME_LISTS))


@cache
def only_family_names() -> frozenset[str]:
    """Danish family names that are nobody's first name: alone they are mostly the word or the place."""
    return words_of("danish_family").difference(*(words_of(key) for key in NAME_LISTS if key != "danish_family"))


@cache
def places() -> frozenset[str]:
    """Known places in lower case."""
    return words_of("places") | {part for name in municipalities()["name"] for part in (name.casefold(), *name.casefold().split("-"))}


@cache
def _proper() -> frozenset[str]:
    return words_of("organisations") | words_of("others")


def bare_forms(word: str) -> tuple[str, ...]:
    """A word in lower case, as it stands and without what may be a genitive."""
    lowered = word.casefold().replace("’", "'").replace("i\u0307", "i")
    for ending in ("'s", "'", "s"):
        if lowered.endswith(ending) and len(lowered) > len(ending) + 1:
            return lowered, lowered.removesuffix(ending)
    return (lowered,)


def has_foreign_letter(word: str) -> bool:
    """Whether a word has a letter that neither Danish nor English words have, those that they borrow included: ł, ş, đ, ễ."""
    return not word.isascii() and bool(_FOREIGN_LETTER.search(word.casefold()))


def _is_known(form: str) -> bool:
    """Whether a form is a known name, as it stands or without the marks of a foreign spelling."""
    return form in names() or (has_foreign_letter(form) and _unmarked(form) in names())


def _unmarked(form: str) -> str:
    parted = unicodedata.normalize("NFD", form.translate(_STROKES))
    return "".join(sign for sign in parted if not unicodedata.combining(sign))


def names_nobody(word: str) -> bool:
    """Whether a word has its capital for another reason than a name: it opens sentences, or is one of titles and bodies."""
    small = word.casefold()
    return small in words_of("openers") or small in words_of("no_names") or small in words_of("bodies") or word[:-1].isupper()


def looks_like_a_first_name(word: str) -> bool:
    """Whether a Danish word with a capital may be somebody's name: short, as it is written, and no inflection."""
    return 1 < len(word) < 10 and word.isalpha() and not names_nobody(word) and not is_inflected(word)


def is_inflected(word: str) -> bool:
    """Whether a word ends as definite forms and things done do: Mariehønen, Samlingen."""
    return bool(_INFLECTED.search(word.casefold()))


def looks_like_a_family_name(word: str) -> bool:
    """Whether a Danish word with a capital is put together as family names are: Egelykke, Stentoft."""
    small = bare_forms(word)[-1]
    return len(small) > 5 and bool(_FAMILY_ENDING.search(small)) and small not in words_of("bodies")


def is_title(word: str) -> bool:
    """Whether a word is what somebody works as, which stands before family names."""
    return bool(_TITLE.search(word.casefold()))


def is_genitive(word: str) -> bool:
    """Whether a word that is a name can only be read as a genitive of it."""
    forms = bare_forms(word)
    return len(forms) == 2 and forms[0] not in names()


@lru_cache(maxsize=200_000)
def sort_of(word: str) -> Sort:
    """The sort of a word as it is written."""
    if word[0].islower():
        article, hyphen, rest = word.partition("-")
        return Sort.NAME if hyphen and article in words_of("articles") and rest[:1].isupper() else _small(word)
    if len(word) == 1:
        return Sort.INITIAL
    forms = bare_forms(word)
    shouted = word.isupper() and len(word) > 2
    if any(form in _proper() for form in forms):
        return Sort.PROPER
    known = any(map(_is_known, forms))
    if "-i-" in word or "-e-" in word:
        return Sort.PROPER  # Mazar-i-Sharif, Dasht-e-Barchi: persons are not joined so
    if not known and "-" in word:
        return _joined(word)
    if any(form in places() for form in forms):
        return Sort.NAME_PLACE if known else Sort.PROPER
    if known:
        return Sort.NAME_WORD if any(is_word(form) or is_english(form) for form in forms) else Sort.NAME
    if is_word(forms[0]) or is_word(forms[-1]):
        return Sort.WORD
    if forms[-1].endswith("sen") and is_listed(forms[-1].capitalize()):
        return Sort.NAME
    if shouted or _INNER_CAPITAL.match(word) or any(is_listed(form.capitalize()) for form in forms):
        return Sort.PROPER
    if word.isupper() or word.endswith(("-e", "-i")) or (len(word) > 8 and forms[0].endswith(("ske", "gade", "stræde", "torvet"))):
        return Sort.PROPER  # "den Bruunske": what is called after somebody
    return Sort.UNKNOWN


def _small(word: str) -> Sort:
    forms = bare_forms(word)
    if is_listed(word):
        known = word not in words_of("openers") and any(form in names() and form not in only_family_names() for form in forms)
        return Sort.SMALL_NAME_WORD if known else Sort.PLAIN
    if "-" in word and all(part in names() for part in forms[-1].split("-")):
        return Sort.SMALL_NAME
    if any(map(_is_known, forms)):
        return Sort.SMALL_NAME_WORD if any(is_word(form) or form in words_of("everyday") for form in forms) else Sort.SMALL_NAME
    if "-" in word or any(is_word(form) or form in _proper() or form in places() for form in forms):
        return Sort.PLAIN
    return Sort.SMALL_UNKNOWN


def _joined(word: str) -> Sort:
    """A word with hyphens, none of them a known name as a whole."""
    parts = [part for part in word.split("-") if part]
    if parts[0].casefold() in words_of("articles") and len(parts) > 1 and parts[-1][0].isupper():
        return Sort.NAME
    sorts = [sort_of(part) for part in parts]
    if len(parts) == 2 and parts[0].casefold() in words_of("nicknaming") and sorts[1] in (Sort.NAME, Sort.NAME_WORD):
        return Sort.NAME  # Lille-Per
    if parts[-1][0].islower() and sorts[-1] not in (Sort.SMALL_NAME, Sort.SMALL_UNKNOWN):
        return Sort.WORD
    if Sort.NAME in sorts:
        return Sort.NAME
    if len(sorts) > 1 and all(sort in (Sort.NAME_WORD, Sort.UNKNOWN) for sort in sorts):
        return Sort.NAME if Sort.NAME_WORD in sorts else Sort.UNKNOWN
    if sorts[0] == Sort.UNKNOWN and all(part[0].isupper() for part in parts) and Sort.PROPER not in sorts:
        return Sort.UNKNOWN
    return Sort.PROPER if Sort.PROPER in sorts or Sort.NAME_PLACE in sorts else Sort.WORD
