"""Numeric words in ordinary prose that no claim carries: warnings, and hints that are wrong as often as right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vvvresearch.locales import Lang, check_lang
from vvvresearch.statements._mentions import mentions
from vvvresearch.statements._text import Token, read, sentences, tokens
from vvvresearch.statements._verbs import finite_verbs
from vvvresearch.statements._words import plural_subject

Level = Literal["warning", "hint"]
_WARNED = {
    "share": "fraction", "direction": "direction", "multiple": "direction", "comparison": "direction", "points": "digits", "rank": "rank", "frequency": "frequency",
    "percentage": "digits", "ratio": "digits", "count": "digits", "base": "digits", "total": "digits", "sample_size": "digits",
}  # fmt: skip


@dataclass(frozen=True)
class Flag:
    """A word or number that a reader takes as a finding, with its place; `kind` is fraction, direction, rank, frequency, digits, cause or plural."""

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
        if kind and not (one.kind in ("count", "base") and one.spelled and one.value is not None and one.value < _SMALL and not one.modifier):
            found.append(Flag("warning", kind, one.text, one.start, one.end, one.line, one.column))
        elif one.kind == "cause":
            found.append(Flag("hint", "cause", one.text, one.start, one.end, one.line, one.column))
    found += _bare_plurals(text, lang)
    open_flags = [flag for flag in found if not any(start < flag.end and flag.start < end for start, end in carried)]
    return tuple(sorted(open_flags, key=lambda flag: flag.start))


# A small number in letters ("to møder", "three ways") is prose more often than a finding.
_SMALL = 4


def _bare_plurals(text: str, lang: Lang) -> list[Flag]:
    """A sentence whose subject is a plural without a number: it speaks of all."""
    prepared = read(text)
    found = tokens(prepared, lang)
    made = []
    for first, last in sentences(found, lang):
        sentence = found[first:last]
        verbs = finite_verbs(sentence, lang)
        if verbs and verbs[0] == 1 and _plural(sentence[0], lang):
            token = sentence[0]
            line, column = prepared.place(token.start)
            made.append(Flag("hint", "plural", token.text, token.start, token.end, line, column))
    return made


def _plural(token: Token, lang: Lang) -> bool:
    return token.value is None and token.text.isalpha() and plural_subject(token.word, lang)
