"""Numeric words in ordinary prose that no claim carries: warnings, and hints that are wrong as often as right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vvvresearch.locales import Lang, check_lang
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._mentions import mentions
from vvvresearch.statements._numbers import number_words
from vvvresearch.statements._text import Token, read, sentences, tokens
from vvvresearch.statements._verbs import finite_verbs
from vvvresearch.statements._words import plural_subject, weak_words

Level = Literal["warning", "hint"]
_KINDS_BY_WARNING = {
    "fraction": ("share",),
    "direction": ("direction", "multiple", "comparison"),
    "rank": ("rank",),
    "frequency": ("frequency",),
    "digits": ("points", "percentage", "ratio", "count", "base", "total", "sample_size"),
}
_WARNED = {kind: warning for warning, kinds in _KINDS_BY_WARNING.items() for kind in kinds}


@dataclass(frozen=True)
class Flag:
    """A word or number that a reader takes as a finding, with its place.

    `kind` is fraction, direction, rank, frequency or digits, and of hints cause or plural.
    """

    level: Level
    kind: str
    text: str
    start: int
    end: int
    line: int
    column: int


def flags(text: str, lang: Lang = "da", *, carried: Sequence[tuple[int, int]] = ()) -> tuple[Flag, ...]:
    """Numeric statements of ordinary prose that stand in no claim.

    Fraction, direction, rank and frequency words and digits in any disguise are warnings; words of cause and bare plurals
    ("kommunerne henviser") are hints. Years, dates, lengths of time and references to tables are none.

    Args:
        text: prose.
        lang: the language of the text.
        carried: stretches (start, end) that are bound, signed or cited.

    Returns:
        The flags in the order of the text.

    Example:
        >>> [(flag.level, flag.kind, flag.text) for flag in flags("Over halvdelen er glade, og andelen er steget takket være lederne.")]
        [('warning', 'fraction', 'Over halvdelen'), ('warning', 'direction', 'steget'), ('hint', 'cause', 'takket være')]
    """
    lang = check_lang(lang)
    found: list[Flag] = []
    for one in mentions(text, lang):
        kind = _WARNED.get(one.kind, "")
        if kind and not _ordinary(one, text, lang):
            found.append(Flag("warning", kind, one.text, one.start, one.end, one.line, one.column))
        elif one.kind == "cause":
            found.append(Flag("hint", "cause", one.text, one.start, one.end, one.line, one.column))
    found += _bare_plurals(text, lang)
    open_flags = [flag for flag in found if not any(start < flag.end and flag.start < end for start, end in carried)]
    return tuple(sorted(open_flags, key=lambda flag: flag.start))


# A small number in letters ("to møder", "three ways") is prose more often than a finding.
_SMALL = 11
_THAN = re.compile(r"(?:\W+\w+){0,8}?\W+(?:end|than)\b(?!\s+(?:blot|bare|just|før|før|nogensinde|ever))")
_TOGETHER = re.compile(r"\s+(?:de\s+|the\s+)?([^\W\d_]+)")
_SUBJECT = re.compile(
    r"\s+(?:(?:de|the|af|of|landets|adspurgte)\s+)*(\d+\s+)?[^\W\d_]{3,}(?:\s+[^\W\d_]+)?\s+(?:er|har|var|blev|får|fik|kan|vil|have|has|are|were|is|was|get|got|\w+(?:er|ede|te))\b",
    re.IGNORECASE,
)


_NOT = re.compile(r"\b(?:ikke|not)\s+$", re.IGNORECASE)
# Five words or more in quotation marks; fewer may be a word that the author only holds at a distance.
_QUOTED = re.compile(r"[\"“”„»](?:[^\s\"“”„»«]+\s+){4,}[^\"“”„»«]*[\"“”«]")
_TO_DO = re.compile(r"\b(?:trying|efforts?|aim(?:s|ed)?|in order|how|seeks?|sought|hoped?) to\s+$", re.IGNORECASE)
_PLACED = re.compile(r"(?:falls?|fell|falder|faldt)\s+(?:within|under|into|outside|inden for|uden for|ind under)\b", re.IGNORECASE)


def _ordinary(mention: Mention, text: str, lang: Lang) -> bool:
    """Whether a word of the vocabulary is ordinary prose where it stands."""
    behind = text[mention.end : mention.end + 120]
    if mention.kind in ("count", "base", "total"):
        return mention.spelled and mention.value is not None and mention.value < _SMALL and not mention.modifier
    if " ".join(mention.text.lower().split()) in weak_words(lang):
        return True
    if mention.kind == "direction" and (_TO_DO.search(text[: mention.start]) or _PLACED.match(f"{mention.text}{behind}")):
        # "trying to increase the support", "falls within the definition": a purpose, a place
        return True
    if mention.kind == "comparison":
        return _THAN.match(behind) is None
    if mention.kind == "frequency" or mention.key in ("all", "none"):
        # "ikke altid" leaves it open; and what somebody else is quoted with is theirs.
        quoted = any(found.start() < mention.start < found.end() for found in _QUOTED.finditer(text))
        if quoted or (mention.key == "always" and _NOT.search(text[: mention.start])):
            return True
    if mention.key == "all" and (counted := _TOGETHER.match(behind)) is not None and number_words(counted[1].lower().split(), 0, lang)[1]:
        # "alle tre niveauer": all of a few things that are named.
        return True
    if mention.key in ("all", "none"):
        return _SUBJECT.match(behind) is None
    return False


def _bare_plurals(text: str, lang: Lang) -> list[Flag]:
    """A sentence whose subject is a plural without a number: it speaks of all."""
    prepared = read(text)
    found = tokens(prepared, lang)
    made = []
    for first, last in sentences(found):
        sentence = found[first:last]
        verbs = finite_verbs(sentence, lang)
        if verbs and verbs[0] == 1 and _plural(sentence[0], lang):
            token = sentence[0]
            line, column = prepared.place(token.start)
            made.append(Flag("hint", "plural", token.text, token.start, token.end, line, column))
    return made


def _plural(token: Token, lang: Lang) -> bool:
    return token.value is None and token.text.isalpha() and plural_subject(token.word, lang)
