"""Statements with a gap in them, which no list of phrases can hold: what cannot be told, multiples, and wholes with an exception."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from vvvresearch.locales import Lang
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._numbers import number_words
from vvvresearch.statements._words import Word, knowing, knows

# Words between what denies and the word of knowing: "man kan ikke ud fra så få svar med sikkerhed fastslå".
_GAP = 9
_STOPS = frozenset(",;:.!?()–—")
_MARKERS: dict[Lang, frozenset[str]] = {"da": frozenset({"at"}), "en": frozenset({"to", "that", "for", "us", "of"})}


def unknown_at(words: Sequence[str], at: int, lang: Lang) -> int:
    """How many words say, from here on, that something cannot be told; 0 where nothing does.

    Example:
        >>> unknown_at("man kan ikke ud fra svarene fastslå , at den er steget".split(), 1, "da")
        6
        >>> unknown_at("it is not possible to say whether it rose".split(), 2, "en")
        4
    """
    return (
        _silent(words, at, lang)
        or _unable(words, at, lang)
        or _hard(words, at, lang)
        or _left_open(words, at, lang)
        or _too_weak(words, at, lang)
        or _by_chance(words, at, lang)
    )


def _silent(words: Sequence[str], at: int, lang: Lang) -> int:
    """ "vi ved ikke, om", "svarene siger ikke noget om, hvorvidt": a source that does not tell whether."""
    if words[at] not in knowing("telling", lang) or (words[at] == "ved" and at and words[at - 1] not in knowing("we", lang)):
        return 0
    denied = next((end for end in range(max(at - 2, 0), min(at + 4, len(words))) if words[end] in knowing("denied", lang)), None)
    if denied is None:
        return 0
    end = next((end for end in range(at + 1, min(max(at, denied) + 6, len(words))) if words[end] in knowing("whether", lang)), 0)
    between = words[at + 1 : end]
    return (end - at) if end and not any(one in _STOPS - {","} for one in between) else 0


def _unable(words: Sequence[str], at: int, lang: Lang) -> int:
    """ "kan … ikke … fastslås", "ikke kan … afgøres", "cannot … be determined"."""
    word = words[at]
    able, denied = knowing("able", lang), knowing("denied", lang)
    if word not in able and word not in denied:
        return 0
    seen_able, seen_denied = word in able, word in denied
    for end in range(at + 1, min(at + _GAP, len(words))):
        here = words[end]
        if here in _STOPS:
            return 0
        if seen_able and seen_denied and knows(here, lang):
            return end + 1 - at
        seen_able, seen_denied = seen_able or here in able, seen_denied or here in denied
    return 0


def _hard(words: Sequence[str], at: int, lang: Lang) -> int:
    """ "ikke muligt at sige", "umuligt at afgøre", "intet grundlag for at konkludere"."""
    without = words[at] in knowing("without", lang)
    for place in range(at, min(at + 5, len(words))) if without else (at,):
        here = words[place]
        if here in _STOPS:
            return 0
        if here not in knowing("hard", lang) or (here in knowing("easy", lang) and not without):
            continue
        for end in range(place + 1, min(place + _GAP, len(words))):
            if without and words[end] in knowing("whether", lang) and here in knowing("easy", lang):
                return end - at
            marked = any(one in _MARKERS[lang] for one in words[place + 1 : end])
            if words[end] in _STOPS - {","}:
                return 0
            if marked and knows(words[end], lang):
                return end + 1 - at
    return 0


def _left_open(words: Sequence[str], at: int, lang: Lang) -> int:
    """ "er fortsat usikkert", "remains an open question"."""
    if words[at] not in knowing("stands", lang):
        return 0
    for end in range(at + 1, min(at + 5, len(words))):
        if words[end] in _STOPS:
            return 0
        if words[end] in knowing("open", lang):
            return end + 1 - at
    return 0


_MAY: dict[Lang, frozenset[str]] = {"da": frozenset({"kan", "kunne"}), "en": frozenset({"may", "might", "could", "can"})}


def _by_chance(words: Sequence[str], at: int, lang: Lang) -> int:
    """ "kan lige så vel være tilfældig", "may just as well be due to chance"."""
    if words[at] not in _MAY[lang]:
        return 0
    for end in range(at + 1, min(at + _GAP, len(words))):
        if words[end] in _STOPS or words[end] in knowing("denied", lang):
            return 0
        if words[end] in knowing("chance", lang):
            return end + 1 - at
    return 0


def _too_weak(words: Sequence[str], at: int, lang: Lang) -> int:
    """ "for usikker til, at man kan tale om": too little for anything to be told by it."""
    if words[at] != {"da": "for", "en": "too"}[lang] or words[at + 1 : at + 2] == [] or words[at + 1] not in knowing("weak", lang):
        return 0
    opener = {"da": "til", "en": "to"}[lang]
    end = next((end for end in range(at + 2, min(at + 7, len(words))) if words[end] == opener), 0)
    following = [one for one in words[end + 1 : end + 3] if one != ","][:1]
    telling = next((place for place in range(end + 1, min(end + 7, len(words))) if knows(words[place], lang)), 0) if end else 0
    return telling + 1 - at if telling and (lang == "en" or following == ["at"]) else 0


_MORE: dict[Lang, frozenset[str]] = {"da": frozenset({"flere", "mere", "oftere", "hyppigere"}), "en": frozenset({"more"})}
_ANY_OTHER = re.compile(
    r"(?:\S+ ){0,9}?(?:end (?:\w+ )?(?:noget|nogen|nogle|alle|alt) (?:som helst )?(?:and\w+)|than (?:\w+ )?(?:any|all) others?)\b"
)


def more_than_any(words: Sequence[str], at: int, lang: Lang) -> bool:
    """ "flere peger på udstyr end på noget andet", "more leaders name it than any other": a rank that is told as a comparison."""
    return words[at] in _MORE[lang] and _ANY_OTHER.match(" ".join(words[at + 1 : at + 14])) is not None


def not_by_chance(words: Sequence[str], at: int, lang: Lang) -> int:
    """ "ikke kan skyldes tilfældigheder": how many words deny that it was chance, which denies nothing that is told."""
    if words[at] not in knowing("denied", lang) or words[at + 1 : at + 2] == [] or words[at + 1] not in _MAY[lang]:
        return 0
    taken = _by_chance(words, at + 1, lang)
    return taken + 1 if taken else 0


_TIMES: dict[Lang, frozenset[str]] = {"da": frozenset({"gange", "gang"}), "en": frozenset({"times"})}
_AS: dict[Lang, str] = {"da": "så", "en": "as"}
_MULTIPLES: dict[Lang, dict[str, Fraction]] = {
    "da": {"dobbelt": Fraction(2), "halvt": Fraction(1, 2), "halvanden": Fraction(3, 2), "tredobbelt": Fraction(3)},
    "en": {"twice": Fraction(2), "half": Fraction(1, 2), "thrice": Fraction(3), "double": Fraction(2)},
}
_AND_A_HALF: dict[Lang, tuple[tuple[str, ...], ...]] = {"da": (("og", "en", "halv"), ("en", "halv")), "en": (("and", "a", "half"),)}
_FOLD: dict[Lang, tuple[str, ...]] = {"da": ("doblet", "dobles", "dobledes", "doblede", "dobling", "doblingen"), "en": ("fold",)}


def multiple_at(words: Sequence[str], values: Sequence[Fraction | None], at: int, lang: Lang) -> tuple[int, Word | None]:
    """ "seks gange så mange", "dobbelt så udbredt", "femdoblet": how many words, and the multiple with its ratio.

    Example:
        >>> multiple_at("halvanden gang så ofte som".split(), [None] * 5, 0, "da")[1].ratio
        Fraction(3, 2)
        >>> multiple_at(["femdoblet"], [None], 0, "da")[1].ratio
        Fraction(5, 1)
    """
    fold = next((ending for ending in _FOLD[lang] if words[at].endswith(ending) and words[at] != ending), "")
    if fold:
        _, number = number_words([words[at].removesuffix(fold).rstrip("-")], 0, lang)
        return (1, _word(Fraction(number))) if number is not None and number > 1 else (0, None)
    ratio = values[at] or _MULTIPLES[lang].get(words[at])
    step = at + 1
    half = next((len(phrase) for phrase in _AND_A_HALF[lang] if tuple(words[step : step + len(phrase)]) == phrase), 0)
    if half and (ratio or words[at] == "one"):
        # "one and a half times as large"
        ratio, step = (ratio or Fraction(1)) + Fraction(1, 2), step + half
    if ratio is None or ratio <= 0:
        return 0, None
    if words[step : step + 1] and words[step] in _TIMES[lang]:
        step += 1
    elif words[at] not in _MULTIPLES[lang] or words[at] == "halvanden":
        return 0, None
    if lang == "en" and words[step : step + 1] in (["that"], ["what"]) and words[step - 1] in _TIMES[lang]:
        # "three times that of 2022"
        return step + 1 - at, _word(ratio)
    described = words[step + 1 : step + 2]
    if words[step : step + 1] != [_AS[lang]] or not described or not described[0].isalpha():
        return 0, None
    return step + 2 - at, _word(ratio)


def _word(ratio: Fraction) -> Word:
    return Word("multiple", "multiple", ratio=ratio)


_NEAR = 12
_ONE = frozenset({"én", "en", "ét", "et", "enkelt", "one", "a"})


def with_exceptions(found: Sequence[Mention], text: str) -> list[Mention]:
    """Wholes of which some are left out, each as one statement: "alle på nær to" is all but two, "ingen ud over to" is two.

    Args:
        found: the mentions of a sentence.
        text: what their offsets lead into.
    """
    exception = next((one for one in found if one.kind == "except"), None)
    left = [one for one in found if one.kind != "except"]
    whole = next((one for one in left if one.kind == "share" and one.key in ("all", "none")), None)
    if exception is None or whole is None:
        return left
    number = next((one for one in left if one.kind in ("count", "base", "ratio", "some") and 0 <= one.start - exception.end <= _NEAR), None)
    following = text[exception.end :].split()[:1]
    if number is not None:
        value = Fraction(1) if number.key == "single" else number.value
    else:
        value = Fraction(1) if following and following[0].strip(",.").lower() in _ONE else None
    if value is None:
        return left
    kept = [replace(number, kind="base", value=number.base, base=None)] if number is not None and number.kind == "ratio" else []
    made = replace(whole, kind="exception", value=value, word=None, unit="")
    return [made if one is whole else one for one in left if one is not number] + kept


_BETWEEN = re.compile(r"\b(?:mellem|between)\s*$", re.IGNORECASE)
_AND = re.compile(r"\s*(?:og|and)\s+(?:(?:en|et|a|an|the)\s+)?")
_ENDS = frozenset({"share", "count", "ratio", "base", "total"})


def with_ranges(found: Sequence[Mention], text: str) -> list[Mention]:
    """ "mellem en fjerdedel og halvdelen", "mellem ti og tyve af de 48": two numbers that are the ends of one.

    Args:
        found: the mentions of a sentence.
        text: what their offsets lead into.
    """
    made: list[Mention] = []
    for one in found:
        first = made[-1] if made else None
        if (
            first is not None
            and {first.kind, one.kind} <= _ENDS
            and (first.kind == "share") == (one.kind == "share")
            and _AND.fullmatch(text[first.end : one.start])
            and _BETWEEN.search(text[: first.start])
            and first.value is not None
            and one.value is not None
        ):
            made[-1] = replace(
                one, start=first.start, text=text[first.start : one.end], low=first.value, high=one.value, word=_range(first, one)
            )
        else:
            made.append(one)
    return made


def _range(first: Mention, last: Mention) -> Word | None:
    return Word("share", "range", first.value, last.value) if last.kind == "share" else None


_OTHER_GOALS = ("formål", "spørgsmål", "gøremål", "søgsmål", "modersmål", "sprogmål", "anliggende")


def joined_word(word: str, lang: Lang) -> Word | None:
    """A composed word that opens with a statistic or ends in a target: "gennemsnitstilskuddet", "bestyrelsesmålet"."""
    openers = {"gennemsnits": "mean", "median": "median"} if lang == "da" else {}
    if found := next((Word("statistic", key) for opener, key in openers.items() if word.startswith(opener)), None):
        return found
    target = lang == "da" and word.endswith(("målet", "målene", "måltallet", "målsætningen")) and not word.startswith(_OTHER_GOALS)
    return Word("target", "target") if target and not any(one in word for one in _OTHER_GOALS) else None
