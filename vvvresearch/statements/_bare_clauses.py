"""Clauses that no word opens: main clauses after a bare comma, and relative clauses without their pronoun."""

from __future__ import annotations

from collections.abc import Sequence

from vvvresearch.locales import Lang
from vvvresearch.statements._text import Token
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import conjunctions, function_words, grammar

RELATIVE: dict[Lang, frozenset[str]] = {"da": grammar("relative", "da"), "en": grammar("relative", "en")}
PERSONS = grammar("persons")
SAYING = grammar("saying")
_LEADING = grammar("leading")
# Between "ligesom" and its verb; "ligesom X med Y, Z" only compares.
SHORT = 5
# Words that lead back to what was said: "heraf", "dermed".
BACK = frozenset(
    ["heraf", "hermed", "herved", "herfor", "deraf", "dermed", "derved", "derfor", "derfra", "herefter", "derefter", "herpå", "derpå"]
)
_ENDS = frozenset(",.;:()–—!?")
# What is done to whom one asks: "de ledere, vi har spurgt".
_ASKED = frozenset(
    [
        "spurgt",
        "spurgte",
        "interviewet",
        "interviewede",
        "besøgt",
        "besøgte",
        "mødt",
        "mødte",
        "hørt",
        "inddraget",
        "kontaktet",
        "undersøgt",
    ]
)


def stretch(sentence: Sequence[Token], at: int, verbs: Sequence[int]) -> tuple[list[str], int | None]:
    """The words between an opener and the next finite verb."""
    verb = next((verb for verb in verbs if verb > at), None)
    words = [token.word for token in sentence[at + 1 : verb]] if verb is not None else []
    if "mellem" in words or "between" in words:
        # "mellem 65 og 75 pct.": this "og" joins the ends of a range.
        first = words.index("mellem" if "mellem" in words else "between")
        joins = next((place for place in range(first + 1, len(words)) if words[place] in ("og", "and")), None)
        words = [word for place, word in enumerate(words) if place != joins]
    return words, verb


def contact(sentence: Sequence[Token], at: int, lang: Lang) -> bool:
    """ "de 12 flygtninge, vi har talt med": a relative clause without its pronoun, that lacks what it is about."""
    end = next((place for place in range(at + 1, len(sentence)) if sentence[place].text in _ENDS), len(sentence))
    tail = [token.word for token in sentence[at + 1 : end]]
    before = sentence[at - 1]
    if lang == "en" or len(tail) < 2 or tail[0] not in PERSONS or verb_form(before.word, lang) == "finite":
        return False
    asked = tail[-1] in _ASKED and len(tail) < SHORT
    return tail[-1] in function_words("preposition", lang) or asked


def main_after_comma(sentence: Sequence[Token], at: int, verbs: Sequence[int], lang: Lang) -> bool:
    """A main clause after a comma: behind a leading "fordi" or "mens", or set beside another without a conjunction."""
    words, verb = stretch(sentence, at, verbs)
    if verb is None or contact(sentence, at, lang):
        return False
    commas = [other for other in range(at) if sentence[other].word == ","]
    if sentence[0].word in _LEADING:
        reason = sentence[0].word in (
            "fordi",
            "mens",
            "da",
            "selvom",
            "skønt",
            "idet",
            "eftersom",
            "because",
            "although",
            "while",
            "since",
            "though",
        )
        return reason and (at + 1 in verbs if lang == "da" else not commas) and not any(other + 1 in verbs for other in commas)
    last = max((other for other in verbs if other < at), default=None)
    if words[1:2] in (["gang"], ["time"]) or words[:1] in (["dengang"], ["once"], ["whenever"]):
        # "første gang de mødes" says when.
        return False
    if lang == "da" and any(token.word.startswith("hvilke") or token.word == "hvilken" for token in sentence[max(0, at - 2) : at]):
        # "i hvilket omfang, deltagerne får": the comma stands within the question.
        return False
    if not words or last is None or sentence[at - 1].word in SAYING | {"dengang"} or len(words) > 5:
        return False
    opener = words[0]
    blocked = (
        RELATIVE[lang]
        | conjunctions("always", lang)
        | conjunctions("maybe", lang)
        | conjunctions("subordinate", lang)
        | _LEADING
        | {",", ";", ":", "–", "(", "både", "enten", "especially", "især", "herunder", "including"}
    )
    if (
        any(word in blocked or word.startswith("hvor") for word in words)
        or opener in ("hvilket", "which", "hvor", "såvel")
        or (opener == "i" and not (verb + 1 < len(sentence) and sentence[verb + 1].word in function_words("pronoun", lang)))
    ):
        return False
    subject = (
        sentence[at + 1].value is not None
        or (lang == "da" and len(words) == 1 and opener in function_words("adverb", "da") | BACK)
        or opener in ("i", "in", "på", "on")
        or opener in function_words("pronoun", lang) | function_words("determiner", lang)
        or words[-1].endswith(("erne", "en", "et", "ene", "s"))
    )
    opened = [other for other in commas if sentence[other + 1].word in RELATIVE[lang] | {"som", "der"}]
    loose = sentence[at - 1].word in ("noget", "det", "alt", "den", "de", "nogen", "ting", "something", "all", "dem") or "så" in [
        token.word for token in sentence[:at]
    ]
    return subject and not loose and not (opened and opened[-1] == (commas[-1] if commas else None))
