"""Sentences cut into clauses by their finite verbs, in Danish and English; a comma cuts only before a new subject and its verb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from vvvresearch.locales import Lang, check_lang
from vvvresearch.statements._openers import BREAKS, opens
from vvvresearch.statements._text import Text, Token, read, sentences, tokens
from vvvresearch.statements._verbs import finite_verbs, verb_form
from vvvresearch.statements._words import conjunctions, function_words, imperatives


@dataclass(frozen=True)
class Clause:
    """A stretch of a sentence with a finite verb of its own, or a sentence that has none.

    `start` and `end` are offsets in the source, `line` and `column` those of its start; `opener` is the word or sign that opened it.
    """

    text: str
    start: int
    end: int
    line: int
    column: int
    verb: str
    opener: str
    sentence: int


def clauses(text: str, lang: Lang = "da") -> tuple[Clause, ...]:
    """Every clause of a text.

    A clause opens at og, men, mens, fordi, for, så, hvor, hvilket and their like, at a semicolon, a colon or a dash, with or without a
    comma, if both what was read so far and what follows have a finite verb; a comma opens one only before a new subject and its verb.
    Relative and conditional clauses and the first that-clause stay with what they belong to.

    Args:
        text: prose of any length.
        lang: "da" or "en".

    Returns:
        The clauses in order; they cover each sentence without gaps.

    Example:
        >>> [clause.text for clause in clauses("32 af 55 kommuner har henvist og andelen er steget, fordi lederne ringer.")]
        ['32 af 55 kommuner har henvist', 'og andelen er steget,', 'fordi lederne ringer.']
        >>> [clause.text for clause in clauses("Kommuner og frivillige mødes hvert år.")]
        ['Kommuner og frivillige mødes hvert år.']
    """
    return _clauses(text, check_lang(lang))


# A proof asks the same sentence for its clauses many times over.
@lru_cache(maxsize=2048)
def _clauses(text: str, lang: Lang) -> tuple[Clause, ...]:
    prepared = read(text)
    found = tokens(prepared, lang)
    made: list[Clause] = []
    for number, (first, last) in enumerate(sentences(found)):
        made += _of_sentence(prepared, found[first:last], number, lang)
    return tuple(made)


def _of_sentence(text: Text, sentence: Sequence[Token], number: int, lang: Lang) -> list[Clause]:
    verbs = finite_verbs(sentence, lang)
    starts = [0]
    # "Giv hver kommune et navn, for …": advice is no statement, but its reason is one.
    advice = sentence[0].word in imperatives(lang) and 0 not in verbs
    for at in range(1, len(sentence)):
        joined = sentence[at].word in ("og", "eller", "and", "or", ",")
        acting = [0, *verbs] if advice and not joined else verbs
        # "Are satisfied or very satisfied": the word before comes again, in another degree.
        again = joined and any(sentence[verb].word == sentence[at - 1].word for verb in verbs if at < verb < at + 3)
        if again or not opens(sentence, at, acting, lang):
            continue
        behind = [verb for verb in acting if starts[-1] <= verb < at and not _relative(sentence, verb, starts[-1], lang)]
        if (behind or _reasons(sentence, starts[-1], at, lang)) and any(verb >= at for verb in verbs):
            starts.append(at + 1 if sentence[at].text in BREAKS or sentence[at].text == "," else at)
    made = []
    for start, end in zip(starts, [*starts[1:], len(sentence)], strict=True):
        own = [verb for verb in verbs if start <= verb < end]
        opened = text.source[sentence[start].start : sentence[end - 1].end]
        line, column = text.place(sentence[start].start)
        verb = sentence[own[0]].text if own else ""
        opener = sentence[start].word if start else ""
        made.append(Clause(opened, sentence[start].start, sentence[end - 1].end, line, column, verb, opener, number))
    return made


def _reasons(sentence: Sequence[Token], start: int, at: int, lang: Lang) -> bool:
    """ "Fewer than in 2022 find it high, so …": a reason or result behind a comma follows a clause, though its verb may be a noun too."""
    if start and sentence[start - 1].text in (":", "–") and any(token.value is not None for token in sentence[start:at]):
        # "…: 60 pct. og ordningen er": figures behind a colon stand for a clause.
        return sentence[at].word in ("og", "men", "and", "but") and at + 2 in finite_verbs(sentence, lang)
    follows = lang == "en" and sentence[at].word in ("so", "because") and sentence[at - 1].text == ","
    return follows and any(verb_form(token.word, lang) for token in sentence[start:at])


def _relative(sentence: Sequence[Token], verb: int, start: int, lang: Lang) -> bool:
    """Whether a verb belongs to a relative clause: "de kommuner, der henviser"."""
    at = verb - 1
    while at > start and sentence[at].word in function_words("adverb", lang) | function_words("pronoun", lang) - {
        "der",
        "som",
        "who",
        "which",
        "that",
    }:
        at -= 1
    if at <= start or sentence[at].word not in ("der", "som", "who", "that", "which"):
        return False
    before = sentence[at - 1]
    if before.text == ",":
        return True
    # After a verb or "hvor" Danish "der" is a subject of its own: "er der", "hvor der er".
    plain = (
        before.text[0].isalpha()
        and not verb_form(before.word, lang)
        and before.word not in conjunctions("always", lang) | conjunctions("maybe", lang) | conjunctions("subordinate", lang)
    )
    return plain and before.word not in function_words("adverb", lang)
