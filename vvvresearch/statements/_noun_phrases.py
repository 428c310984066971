"""The nouns beside a number: what is counted, and of whom."""

from __future__ import annotations

from collections.abc import Sequence

from vvvresearch.locales import Lang
from vvvresearch.statements._text import Token
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import function_words

_OF: dict[Lang, frozenset[str]] = {"da": frozenset({"af", "blandt"}), "en": frozenset({"of", "among"})}
_AMONG: dict[Lang, frozenset[str]] = {"da": frozenset({"blandt", "hos", "iblandt"}), "en": frozenset({"among", "amongst"})}
_PHRASE_WORDS = 4
# Plurals without an ending, behind which another noun stands alone: "867 børn hjælp".
_PLURALS = frozenset({"børn", "mænd", "folk", "forældre", "unge", "ældre"})


def _continues(sentence: Sequence[Token], at: int, lang: Lang) -> bool:
    """Whether a word can belong to a noun phrase."""
    token = sentence[at]
    if token.value is not None or not token.text[0].isalpha():
        return False
    word = token.word
    if any(word in function_words(kind, lang) for kind in ("preposition", "pronoun", "determiner", "adverb")) or word in (
        "og",
        "eller",
        "and",
        "or",
        "at",
        "that",
        "end",
        "than",
        "men",
        "but",
        "out",
        "vedkommende",
        "mere",
        "mindre",
        "more",
        "less",
    ):
        return False
    form = verb_form(word, lang)
    if form in ("finite", "passive", "supine"):
        return False
    following = sentence[at + 1].word if at + 1 < len(sentence) else ""
    if form in ("past", "either", "agent", "preterite", "bare"):
        # A participle before its noun ("de adspurgte kommuner"), else a verb.
        return not (lang == "da" and word.endswith("r")) and bool(following) and following[0].isalpha() and _is_plain_noun(following, lang)
    return True


def _is_plain_noun(word: str, lang: Lang) -> bool:
    return (
        not verb_form(word, lang)
        and not any(word in function_words(kind, lang) for kind in ("preposition", "pronoun", "determiner", "adverb"))
        and word not in ("og", "and", "at", "that")
    )


def noun_after(sentence: Sequence[Token], at: int, lang: Lang) -> str:
    """The head of the noun phrase that opens at a position, or nothing: "55 adspurgte kommuner" counts "kommuner"."""
    head = ""
    for position in range(at, min(at + _PHRASE_WORDS, len(sentence))):
        if not _continues(sentence, position, lang):
            break
        word = sentence[position].word
        if position == at and _acts_at_once(sentence, at, lang):
            break
        if lang == "en" and head.endswith("s") and not head.endswith("ss") and not word.endswith("s"):
            # "municipalities cite": a plural is the last noun of its phrase.
            break
        if head and verb_form(word, lang) in ("either", "agent", "bare", "past", "preterite"):
            break
        head = word
        if lang == "da" and (not word.endswith(("e", "å")) or word.endswith(("erne", "ene", "ere")) or word in _PLURALS):
            # Behind a number an adjective or a participle ends in -e, and two nouns do not stand beside each other.
            break
    return head


def _acts_at_once(sentence: Sequence[Token], at: int, lang: Lang) -> bool:
    """Whether the word behind a number other than one is what so many do: "96 taler dansk", "96 speak Danish"."""
    value = sentence[at - 1].value if at else None
    form, word = verb_form(sentence[at].word, lang), sentence[at].word
    plural = word.endswith("s") if lang == "en" else not word.endswith("er") or word.endswith(("ere", "ner"))
    return value is not None and value != 1 and form in (("agent",) if lang == "da" else ("bare", "either")) and not plural


def unit_of_share(sentence: Sequence[Token], at: int, lang: Lang) -> str:
    """The noun of whom a share is told: "halvdelen af de 55 kommuner", "60 pct. af lederne", "alle kommuner"."""
    position = at
    if position < len(sentence) and sentence[position].text in "),":
        position += 1
    direct = position < len(sentence) and sentence[position].word not in _OF[lang]
    if not direct:
        position += 1
    skipped = 0
    while (
        position < len(sentence)
        and skipped < 4
        and (
            sentence[position].value is not None
            or sentence[position].word in ("de", "the", "alle", "all", "disse", "these", "those", "dem", "alt", "vores", "our", "samtlige")
            or [token.word for token in sentence[position : position + 2]] == ["i", "alt"]
        )
    ):
        position += 1
        skipped += 1
    return noun_after(sentence, position, lang)


def group_of(sentence: Sequence[Token], lang: Lang) -> str:
    """The noun after "blandt", "hos" or "among"."""
    for at, token in enumerate(sentence):
        if token.word in _AMONG[lang]:
            position = at + 1
            while position < len(sentence) and (
                sentence[position].value is not None or sentence[position].word in ("de", "the", "alle", "all", "those")
            ):
                position += 1
            return noun_after(sentence, position, lang)
    return ""
