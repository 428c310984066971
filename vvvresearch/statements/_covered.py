"""Whether every word of a sentence is its row's own or claims nothing: the verb, the object, the group, what narrows it, the place."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from vvvresearch.locales import Lang
from vvvresearch.statements._answers import UNSURE
from vvvresearch.statements._mentions import mentions
from vvvresearch.statements._numbers import number_words
from vvvresearch.statements._own_words import answer_signs, opposites, root, stems
from vvvresearch.statements._polarity import DENYING
from vvvresearch.statements._readings import unit_beside
from vvvresearch.statements._row import Check, Row, check
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._verbs import verb_form
from vvvresearch.statements._words import akin, conjunctions, function_words, grammar, nouns, plain, verbs

_WORD = re.compile(r"[^\W\d_]+")
# How much of a word a part of it needs: to be one of two, and alone to name the same thing ("ferien" of "sommerferien").
_PART, _HEAD, _PARTICLE = 3, 4, 2
_LINKS = ("", "s", "e", "n")
# Answers that are no name of anything.
PLAIN_ANSWERS = frozenset({"ja", "nej", "yes", "no"})
# "Dit køn" asks what "Køn" asks.
_YOURS = frozenset(("din", "dit", "dine", "jeres", "your"))
_OCCASIONS = re.compile(r"\b(?:gange?|times?)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Own:
    """The words of a row, their roots, and the groups of words akin to them."""

    words: frozenset[str]
    roots: frozenset[str]
    groups: frozenset[object]
    stems: frozenset[str]
    asked: frozenset[str]
    pairs: frozenset[tuple[str, str]]


def covered(statement: Statement) -> Check | None:
    """The words that the row's own question, answers, group and unit do not have, and that are no neutral ones either.

    Args:
        statement: the clause and its row.

    Returns:
        None where every word is carried, or where the row asks nothing in the sentence's language.
    """
    row, lang = statement.row, statement.lang
    if not row.about:
        return None
    if row.titled and (another := _of_another(statement)) is not None:
        return another
    if not row.titled and not asked_in(row, lang, titles=True):
        return None
    if row.titled and (missing := _unnamed(statement)) is not None:
        return missing
    own, others = answer_signs(row, lang)
    if (
        own
        and {1, -1} <= own | others
        and not statement.of("comparison", "direction", "rank", "unknown")
        and not _SAME.search(statement.text)
    ):
        return check("asks", "no_change_told")
    left = unread(statement)
    carried = own_words(row, lang)
    neutral = _neutral(lang, row.goal is not None, row.several or bool(statement.of("rank")))
    words, unknown = list(_WORD.finditer(left)), []
    sides = [side.period for side in (row.side, row.beside) if side is not None]
    times = frozenset(root(word, lang) for word in _WORD.findall(" ".join(sides).lower()))
    # What those counted are called is asked by itself.
    counted = statement.of("ratio", "count", "share") if row.goal is None else ()
    names = {root(one.unit, lang) for one in counted if one.unit and unit_beside(statement, one).code == "called"}
    if row.told:
        names |= _roots("telling", lang)
    elif row.titled:
        # Where the sentence names its own row, another of the table says of whom: "161 of those referred were accepted".
        names |= {root(word, lang) for _, others in row.others for other in others for word in _WORD.findall(other.lower())}
    for place, found in enumerate(words):
        word = found[0].lower()
        if len(word) == 1 or root(word, lang) in times | names or _carried(word, carried, lang):
            continue
        following = words[place + 1][0].lower() if place + 1 < len(words) else ""
        if word in plain("carriers", lang) and following in carried.words and following in plain("particles", lang) | {"frem", "tilbage"}:
            # "nå frem" of "komme frem": a verb that only carries the question's own particle.
            continue
        if root(word, lang) in _roots("sizes", lang) and (verb_form(word, lang) != "finite" or following == "sig"):
            behind = words[place + 1] if place + 1 < len(words) else None
            # "store biblioteker": before those counted it narrows them.
            if behind is None or left[found.end() : behind.start()].strip() or behind.start() - found.end() > 1:
                continue
            if _is_neutral(behind[0].lower(), neutral, lang) or not _carried(behind[0].lower(), carried, lang):
                continue
        elif _is_neutral(word, neutral, lang):
            continue
        unknown.append(found[0])
    if not unknown:
        return None
    said = ", ".join(f"“{word}”" for word in dict.fromkeys(unknown))
    return check("asks", "unasked_word", said=said)


def asks_who(question: str, lang: Lang) -> bool:
    """Whether a question asks who somebody is, and nothing that anybody did, got or thinks: age, gender, where they live.

    Example:
        >>> asks_who("Hvor gammel er du?", "da"), asks_who("What is your gender?", "en"), asks_who("Har du fået et job?", "da")
        (True, True, False)
    """
    first, *words = [word for word in _WORD.findall(question.lower()) if word not in _YOURS] or [""]
    content = [word for word in words if word not in functional(lang) | {"do", "does"}]
    known = _roots("who", lang)
    # A heading of one or two words ("Køn", "Age group") asks so too.
    opened = first in grammar("asking") | {"what", "hvad", "which"} or root(first, lang) in known
    return opened and bool(content or root(first, lang) in known) and all(root(word, lang) in known for word in content)


def _of_another(statement: Statement) -> Check | None:
    """Whether words name another theme, row or column and nothing of their own, where the row asks no question."""
    row, lang = statement.row, statement.lang
    small = function_words("preposition", lang) | function_words("determiner", lang) | function_words("pronoun", lang)
    small |= conjunctions("always", lang) | conjunctions("subordinate", lang) | grammar("being", lang) | grammar("having", lang)

    def roots(*texts: str) -> set[str]:
        return {root(word, lang) for text in texts for word in _WORD.findall(text.lower()) if word not in small}

    said, own = roots(statement.text) - roots(*row.unit, *row.group), roots(*row.about)
    # Times of one number have the same words; what two numbers share tells them not apart.
    named = {frozenset(word for word in roots(*words) if len(word) > 1): name for name, words in row.others}
    shared = Counter(word for words in named for word in words)
    for words, name in named.items():
        alone = {word for word in words - own if shared[word] == 1}
        if alone and alone <= said and not said & (own - words):
            return check("contradicted", "other_topic", question=name)
    return None


_SAME = re.compile(r"\b(?:samme|uændre\w+|ens|same|unchanged|moved|flyttede|rykke\w*|chang\w+|ændr\w+|\w{3,}(?:ere|ier))\b", re.IGNORECASE)
# Those who were spoken with are no proof that somebody spoke of it.
_SPOKEN_WITH = re.compile(
    r"\b(?:we|vi)\s+(?:(?:har|have|had)\s+)?(?:tal\w*|spoke\w*|interview\w*)(?:\s+(?:to|with|med))?|\binterviewe(?:de|d)\b|\btalt med\b",
    re.IGNORECASE,
)


def _unnamed(statement: Statement) -> Check | None:
    """Whether a sentence does not name what its row counts, or tells as a fact what was counted as told."""
    row, lang = statement.row, statement.lang
    own = {word for word in _WORD.findall(row.about[0].lower()) if word not in functional(lang)}
    common = {word for _, names in row.others for name in names for word in _WORD.findall(name.lower())} if not row.told else set()
    said = _WORD.findall(statement.text.lower())
    people = {root(one, lang) for name in (*row.unit, *row.group) for one in name.lower().split()}
    if all(word in functional(lang) or root(word, lang) in people for word in _WORD.findall(unread(statement).lower())):
        # "44 of the 60 municipalities": a number and of whom, and nothing said of them.
        return None
    named = {word for word in own - common if root(word, lang) not in people}
    # What its table alone names, a length of time, is named by its figure.
    only_title = row.about[0] in row.about[1:]
    if (
        (named := named if named - PLAIN_ANSWERS else own)
        and not only_title
        and not any(_names(word, one, lang) for word in said for one in named)
    ):
        return check("asks", "unnamed", title=row.about[0])
    telling = _roots("telling", lang)
    if row.told and not any(root(word, lang) in telling for word in _WORD.findall(_SPOKEN_WITH.sub(" ", statement.text).lower())):
        return check("asks", "told_only")
    return None


def _names(word: str, own: str, lang: Lang) -> bool:
    return alike(word, own, lang) or (len(word) >= _HEAD and (own in word or word in own))


def unread(statement: Statement) -> str:
    """The words that no proof of a number reads."""
    row, lang = statement.row, statement.lang
    # A length of time is read where time was asked for, and between two times.
    timed = row.side is not None or bool(nouns("time", lang) & set(_WORD.findall(" ".join((*row.about, *row.measured_in)).lower())))
    taken = [(one.start, one.end) for one in mentions(statement.text, lang) if timed or row.several or one.kind != "duration"]
    if row.value is not None and row.statistic and not nouns("time", lang) & set(_WORD.findall(row.about[0].lower())):
        # "have met their adviser 4.1 times" of how many meetings they had.
        taken += [found.span() for found in _OCCASIONS.finditer(statement.text)]
    if row.unsure is not None:
        taken += [found.span() for found in UNSURE[lang].finditer(statement.text)]
    left = list(statement.text)
    for start, end in taken:
        left[start:end] = " " * (end - start)
    return "".join(left)


def asked_in(row: Row, lang: Lang, *, titles: bool = False) -> bool:
    """Whether a question is told in a language: one that was never translated stands in the other, and the name of a theme asks nothing.

    Args:
        row: with the question.
        lang: the language.
        titles: whether one without a word by which a language is known, "Overblik", is read as it stands; the title of a goal always is.
    """
    if row.titled:
        return False
    other: Lang = "en" if lang == "da" else "da"
    words = _WORD.findall(row.about[0].lower())
    marks = [{word for word in words if word in functional(one) or number_words([word], 0, one)[1] is not None} for one in (lang, other)]
    own, foreign = (len(marks[0] - marks[1]), len(marks[1] - marks[0]))
    return (
        own >= foreign
        if own or foreign
        else titles or row.goal is not None or bool(marks[0]) or any(verb_form(word, lang) for word in words[:1])
    )


@cache
def functional(lang: Lang) -> frozenset[str]:
    kinds = [function_words(kind, lang) for kind in ("preposition", "determiner", "pronoun", "adverb")]
    joins = [conjunctions(kind, lang) for kind in ("always", "maybe", "subordinate")]
    return frozenset().union(*kinds, *joins, grammar("having", lang), grammar("being", lang))


@cache
def _roots(kind: str, lang: Lang) -> frozenset[str]:
    return frozenset(root(word, lang) for word in plain(kind, lang))


@cache
def _neutral(lang: Lang, goal: bool, ranked: bool) -> tuple[frozenset[str], dict[str, list[str]]]:
    """Neutral words as they stand, and by their roots those of which other forms are neutral too."""
    listed = [grammar(name, lang) for name in ("stating", "measures", "remaining", "counted_more")]
    listed += [nouns(kind, lang) for kind in ("answer", "somebody", "percent", "points", "reference")]
    listed += [grammar(name) for name in ("saying", "asking", "leading")]
    times = (word for name in ("earlier", "today", "looking_back") for phrase in grammar(name, lang) for word in phrase.split())
    kinds = ["neutral", *(["goal"] if goal else []), *(["answers"] if ranked else [])]
    exact = functional(lang).union(*listed, times, plain("exact", lang), *(plain(kind, lang) for kind in kinds))
    forms: dict[str, list[str]] = {}
    for word in frozenset().union(*(plain(kind, lang) for kind in kinds)):
        forms.setdefault(root(word, lang), []).append(word)
    return exact, forms


def claims_nothing(word: str, lang: Lang) -> bool:
    """Whether a word says nothing of what was asked, whatever was asked."""
    return _is_neutral(word, _neutral(lang, False, False), lang)


def _is_neutral(word: str, neutral: tuple[frozenset[str], dict[str, list[str]]], lang: Lang) -> bool:
    # A short root may be of two words, "bilen" and "billede"; forms of one have more in common.
    return word in neutral[0] or any(word.startswith(one[:_HEAD]) for one in neutral[1].get(root(word, lang), ()))


@cache
def _groups(lang: Lang) -> dict[str, frozenset[int]]:
    """For each root the groups of words akin that it is in."""
    found: dict[str, set[int]] = {}
    for number, words in enumerate(akin(lang)):
        for word in words:
            found.setdefault(root(word, lang), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


@cache
def _kin(stem: str, lang: Lang) -> frozenset[object]:
    """The groups of words akin that a root is in; behind a prefix those of its verb, "optræde" and "optrådt" by "træde" and "trådt"."""
    plainly = _groups(lang).get(stem, frozenset())
    if plainly:
        return frozenset(plainly)
    parted = ((one, root(stem.removeprefix(one), lang)) for one in sorted(verbs(lang)["prefixes"]) if stem.startswith(one))
    return frozenset((one, group) for one, rest in parted for group in _groups(lang).get(rest, ()))


@cache
def own_words(row: Row, lang: Lang) -> Own:
    answers = (name for one in (*row.siblings, *((row.unsure,) if row.unsure else ())) for name in one.names)
    side = (*(row.side.names if row.side else ()), *(row.beside.names if row.beside else ()))
    named = (*row.unit, *row.group, *side, *row.measured_in, row.denominator, row.period, row.says, *row.called)
    words = frozenset(_WORD.findall(" ".join((*row.about, *row.labels, *answers, *named)).lower()))
    roots = frozenset(root(word, lang) for word in words)
    question = [word for word in _WORD.findall(row.about[0].lower()) if word not in function_words("determiner", lang)] if row.about else []
    asked = frozenset(root(word, lang) for word in question if word not in functional(lang))
    groups = frozenset().union(*(_kin(one, lang) for one in roots))
    labels = pairwise(word for label in row.labels for word in _WORD.findall(label.lower()))
    return Own(words, roots, groups, stems(words, lang), asked, frozenset((*pairwise(question), *labels)))


def akin_groups(own: Own, lang: Lang) -> list[frozenset[str]]:
    """The groups of words akin to a row's own."""
    return [akin(lang)[number] for number in own.groups if isinstance(number, int)]


def _carried(word: str, own: Own, lang: Lang) -> bool:
    """Whether a word is one of the row's own, akin to one, its denial, less than it, or composed of such."""
    stem = root(word, lang)
    less = len(stem) >= _HEAD and any(one.endswith(stem) for one in own.roots | (own.words if stem == word else frozenset()))
    less = less or (len(word) > _HEAD and any(one.endswith(word) for one in own.words))
    return is_one_of(word, own, lang) or less or _composed(word, own, lang)


def alike(word: str, other: str, lang: Lang) -> bool:
    """Whether two words have one root, are akin, or deny each other."""
    first, second = root(word, lang), root(other, lang)
    if first == second or _kin(first, lang) & _kin(second, lang):
        return True
    both = stems((word,), lang), stems((other,), lang)
    return any((both[0] & one and both[1] & two) or (both[0] & two and both[1] & one) for one, two in opposites(lang))


def is_one_of(word: str, own: Own, lang: Lang) -> bool:
    stem = root(word, lang)
    if word in own.words or stem in own.roots or _kin(stem, lang) & own.groups:
        return True
    plain_words = (word.removeprefix(prefix) for prefix in DENYING[lang] if word.startswith(prefix))
    if any(len(one) >= _HEAD and root(one, lang) in own.roots for one in plain_words):
        return True
    said = stems((word,), lang)
    return any((said & one and own.stems & other) or (said & other and own.stems & one) for one, other in opposites(lang))


def _composed(word: str, own: Own, lang: Lang) -> bool:
    """Whether a word is made of two of the row's own: "skoleaftale", "foreningslivet", or "udlæg" of "lægge ud"."""
    for cut in range(_PARTICLE, len(word) - _PART + 1):
        first, head = word[:cut], word[cut:]
        if not (is_one_of(head, own, lang) or root(head, lang) in _roots("heads", lang)):
            continue
        if cut < _PART:
            if first in own.words:
                return True
            continue
        parts = {first.removesuffix(link) for link in _LINKS}
        if any(len(part) >= _PART and is_one_of(part, own, lang) for part in parts):
            return True
    return False
