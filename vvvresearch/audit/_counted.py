"""What a number counts, and how much a sum of money is."""

from __future__ import annotations

import re
from fractions import Fraction

from vvvresearch.audit._facts import Said
from vvvresearch.audit._words import word_list
from vvvresearch.statements import Mention, verb_form

_SCALES = ((re.compile(r"\bmia|milliard|billion", re.IGNORECASE), 10**9), (re.compile(r"\bmio|million|\dm\b", re.IGNORECASE), 10**6))


def money_of(said: Said, mention: Mention) -> Fraction:
    """A sum of money with its millions counted out."""
    assert mention.value is not None
    printed = mention.text + said.text[mention.end - said.start : mention.end - said.start + 10]
    return mention.value * next((scale for pattern, scale in _SCALES if pattern.search(printed)), 1)


_PLURAL = re.compile(r"(?:er|ere|es|s)$")
_BEING = frozenset(("er", "var", "are", "were"))
_GROUP = re.compile(
    r"kvinder|mænd|drenge|piger|børn|voksne|unge|ældre|enlige|gifte|(?:[^\W\d]+)(?:ere|erne|inger)|women|men|girls|boys|children|adults|[^\W\d]+(?:ers|ents|ants)",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"(?:(?:al|isk|(?<!frivil)lig|ell|iv)e|^private|^public)$")


def unit_of(said: Said, mention: Mention) -> str:
    """The noun that is counted: the one that was read, else the word right behind the number."""
    if mention.unit and (_ADJECTIVE.search(mention.unit) or (said.lang == "en" and mention.unit.endswith("ed"))):
        # "62 kommunale": of whom is told elsewhere; "7.000 aktive matches": the noun is the word behind.
        second = re.match(rf"\s*{re.escape(mention.unit)}\s+([^\W\d_]{{4,}})", said.text[mention.end - said.start :])
        return second[1].lower() if second and second[1].lower() not in word_list("empty", said.lang) and _PLURAL.search(second[1]) else ""
    if mention.unit and mention.unit not in word_list("empty", said.lang) and len(mention.unit) > 2:
        return _head_noun(said, mention)
    behind = re.match(r"\s*([^\W\d_]{3,})", said.text[mention.end - said.start :])
    word = behind[1].lower() if behind else ""
    if word in _BEING and (predicate := re.match(r"\s*[^\W\d_]+\s+([^\W\d_]{3,})\b(?!\s*-)", said.text[mention.end - said.start :])):
        # "309 were women": the noun behind the verb, where it is one.
        group: str = predicate[1].lower()
        return group if _GROUP.fullmatch(group) else ""
    if _ADJECTIVE.search(word):
        return ""
    if said.lang == "en" and word.endswith("s") and (mention.value or 0) > 1 and word not in word_list("empty", said.lang):
        # "4,228 stays": many do not "stays".
        return word if mention.kind != "percentage" else ""
    if word and verb_form(word, said.lang) in ("finite", "passive", "supine", "past", "preterite", "either"):
        # "528 ledige blev henvist, og 437 gennemførte det": the noun of the count before.
        before = [one.unit for one in said.of("count", "total", "ratio", "base") if one.start < mention.start and one.unit]
        return before[-1] if len(set(before)) == 1 else ""
    return word if word and word not in word_list("empty", said.lang) and mention.kind != "percentage" else ""


def _head_noun(said: Said, mention: Mention) -> str:
    """The noun that was read, or in English the plural behind it: "4,228 overnight stays"."""
    if said.lang != "en" or mention.unit.endswith("s") or (mention.value or 0) < 2:
        return mention.unit
    second = re.match(rf"\s*{re.escape(mention.unit)}\s+([^\W\d_]{{3,}}s)\b", said.text[mention.end - said.start :], re.IGNORECASE)
    head = second[1].lower() if second and _SINGULAR.match(mention.unit) else ""
    return head if head and head not in word_list("empty", "en") else mention.unit


# A plural that no "s" ends.
_SINGULAR = re.compile(r"(?!(?:children|people|women|men|police|staff|young|older|elderly)$)")
