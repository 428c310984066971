"""What a question asks of somebody, so that a sentence which leaves it out is told: "har en tolk" of those who need one."""

from __future__ import annotations

import re
from functools import lru_cache

from vvvresearch.locales import Lang
from vvvresearch.statements._answers import NUMBERS
from vvvresearch.statements._covered import alike, claims_nothing, functional
from vvvresearch.statements._numbers import number_words
from vvvresearch.statements._own_words import root
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import conjunctions, function_words, grammar, nouns, plain

_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[^\W\d_]+|[,;:.?]")
_HOW_MANY = re.compile(r"(?:hvor mange|how many)\s+(\w+)", re.IGNORECASE)
# What a verb may be in a question, and a verb that is told as done.
_FINITE = frozenset({"finite", "past", "preterite", "either", "agent"})
_DONE, _BARE = frozenset({"past", "supine"}), frozenset({"finite", "bare", "either"})
# A Danish noun behind its verb that is its subject: "Har biblioteket", "Trænger hegnet".
_DEFINITE = re.compile(r"(?:en|et|ne)$")
_SUBJECTS = frozenset({"du", "i", "der", "det", "de", "you", "there", "they"})
_HELPING: dict[Lang, frozenset[str]] = {lang: grammar("having", lang) | grammar("being", lang) | {"did", "does"} for lang in ("da", "en")}
_THAN, _ENOUGH = frozenset({"end", "than", "since", "før"}), frozenset({"nok", "enough", "selv", "yourself"})
_MODAL = frozenset({"vil", "ville", "kan", "kunne", "skal", "skulle", "må", "måtte", "bør"})
# How much of a word its root must be to be found within another: "interpreter" in "interpreters".
_PART = 4


def left_out(statement: Statement) -> str:
    """What a sentence about a yes or no, or about how many, leaves out of what was asked.

    Args:
        statement: the clause and its row.

    Returns:
        The word of the question that is missing; "" where none is, where the sentence says nothing of the question's own ("40 said
        yes"), or where the question is not read.
    """
    row, lang = statement.row, statement.lang
    people = frozenset(
        root(word, lang) for name in (*row.unit, *row.group, *(row.side.names if row.side else ())) for word in _WORD.findall(name.lower())
    )
    said = _WORD.findall(statement.text.lower())
    if row.statistic and (asked := _HOW_MANY.match(row.about[0])) is not None:
        others = {root(word, lang) for word in _content(row.about[0], people, lang)} - {root(asked[1].lower(), lang)}
        numbers = [one for one in statement.mentions if one.value is not None and one.kind not in ("statistic", "duration")]
        behind = [_WORD.match(statement.read[one.end :].strip().lower()) for one in numbers]
        counted = next((found[0] for found in behind if found is not None), "")
        # "4.7 advisers" of how many meetings they had.
        return asked[1] if root(counted, lang) in others and not verb_form(counted, lang) else ""
    if not statement.of(*NUMBERS):
        return ""
    predicate = _predicate(row.about[0], people, lang)
    content = [word for word in _content(row.about[0], people, lang) if any(alike(word, one, lang) for one in said)]
    if not predicate or not content or any(_says(word, said, lang) for word in predicate):
        return ""
    return predicate[0]


def _says(word: str, said: list[str], lang: Lang) -> bool:
    stem = root(word, lang)
    return any(alike(one, word, lang) or (len(stem) >= _PART and stem in one) for one in said)


def _content(question: str, people: frozenset[str], lang: Lang) -> list[str]:
    return [word for word in _WORD.findall(question.lower()) if not _is_light(word, people, lang)]


def _is_light(word: str, people: frozenset[str], lang: Lang) -> bool:
    """Whether a word of a question asks nothing by itself."""
    return (
        word in functional(lang)
        or claims_nothing(word, lang)
        or word in _ENOUGH
        or root(word, lang) in people
        or word in nouns("time", lang)
        or root(word, lang) in {root(size, lang) for size in plain("sizes", lang)}
        or number_words([word], 0, lang)[1] is not None
    )


@lru_cache(maxsize=1024)
def _predicate(question: str, people: frozenset[str], lang: Lang) -> tuple[str, ...]:
    """The verb that is asked about with the head of its object, or what is asked for by a verb that says nothing by itself.

    Empty where the question begins with no verb, or nothing is left of it.
    """
    words = [one.lower() for one in _TOKEN.findall(question)]
    stops = conjunctions("subordinate", lang) | _THAN
    stated = not question.rstrip().endswith("?")
    if stated:
        # A statement that people agree with: what stands before its verb is its subject.
        verb = next((at for at, word in enumerate(words) if at and (verb_form(word, lang) in _FINITE or word in _HELPING[lang])), 0)
        words = words[verb:] if verb else []
    words = words[: next((at for at, word in enumerate(words) if at and (not word.isalpha() or word in stops)), len(words))]
    opened = bool(words) and (verb_form(words[0], lang) in _FINITE or words[0] in functional(lang) | {"do", "does", "did"})
    if not opened:
        return ()
    first = words[0]
    determiners = function_words("determiner", lang)
    start = 2 if words[1:2] and words[1] in _SUBJECTS and not stated else 1
    # "an interpreter you needed": what stands behind a second subject is another clause.
    again = (at for at in range(start + 1, len(words)) if words[at] in ("you", "du", "i") and words[at - 1] not in functional(lang))
    words = words[: next(again, len(words))]
    if not stated and start == 1 and lang == "da" and words[1:] and _DEFINITE.search(words[1]) and words[1] not in determiners:
        start = 2
    elif not stated and lang == "en" and words[1:2] == ["the"]:
        start = 3
    if (lang == "da" or stated) and not _is_light(first, people, lang):
        # "Regner du med at fortsætte", "Holder I faste møder"
        deed = next((words[at + 1] for at in range(start, len(words) - 1) if words[at] == "at"), "")
        return (first, deed) if deed else (first, *_heads(words, start, people, lang))
    content = [at for at in range(start, len(words)) if not _is_light(words[at], people, lang)]
    helped = first in grammar("having", lang) | grammar("being", lang) | {"blev", "do", "does", "did"}
    for at in content:
        if helped and verb_form(words[at], lang) in _DONE and words[at - 1] not in determiners:
            behind = at + 2 if words[at + 1 : at + 2] and words[at + 1] in function_words("preposition", lang) - {"af", "by"} else at + 1
            return (words[at], *_heads(words, behind, people, lang))
    if not content:
        return ()
    at = content[0]
    if lang == "da" and first in _MODAL:
        return (words[at], *_heads(words, at + 1, people, lang))
    if (verb_form(words[at], lang) in _BARE and words[at - 1] not in determiners) or words[at - 1] in ("at", "to"):
        return (words[at], *(_heads(words, at + 1, people, lang) if lang == "en" else ()))
    return _heads(words, at, people, lang)


def _heads(words: list[str], at: int, people: frozenset[str], lang: Lang) -> tuple[str, ...]:
    """The last words of the phrases that begin at a place: "certificate" of "a valid certificate"; both of "refugees a friend"."""
    determiners, heads = function_words("determiner", lang), []
    while at < len(words):
        while at < len(words) and words[at] in determiners | {"mere", "færre", "større", "more", "less"}:
            at += 1
        head = ""
        while at < len(words) and not _is_light(words[at], people, lang):
            head, at = words[at], at + 1
        if not head:
            break
        heads.append(head)
        if at < len(words) and words[at] not in determiners:
            break
    return tuple(heads)
