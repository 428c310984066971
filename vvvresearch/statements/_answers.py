"""Which answer to a question a number is told of: "96 hver uge, 74 et par gange om måneden, de øvrige 30 sjældnere"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from vvvresearch.locales import Lang
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._numbers import spelled
from vvvresearch.statements._own_words import stems
from vvvresearch.statements._row import Row, Sibling
from vvvresearch.statements._words import grammar

Name = TypeVar("Name")
NUMBERS = frozenset({"count", "ratio", "percentage", "share", "total"})
_THAN = re.compile(r"\b(?:end|than)\s", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_OF_IT = re.compile(r"\s+(?:for|til|i|på|med|of|for the|by|on|in|with)\s+", re.IGNORECASE)
UNSURE: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(
        r"\bved\s+(?:det\s+)?ikke\b|\bikke\s+(?:ved|vidste|tog\s+stilling|taget\s+stilling)\b|\bikke\s+(?:kan|kunne|kunnet)\s+(?:huske|svare)\b|\bkan\s+ikke\s+(?:huske|svare)\b|\b(?:er|var)\s+i\s+tvivl\b|\btvivler\b|\busikre\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:do|does|did)(?:\s+not|n['’]t)\s+know\b|\b(?:unsure|not\s+sure|(?:do|did)\s+not\s+remember|uncertain|undecided|(?:could|can)\s*not\s+(?:say|answer)|unable\s+to\s+say)\b",
        re.IGNORECASE,
    ),
}


# Where those who do not know are left out of the base, or those are spoken of who took a position.
_KNOWING: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(
        r",?\s*(?:\b(?:når|hvis|hvor)\s+)?\W?ved[\s-]ikke\b\W*(?:svar\w*\s+)?(?:er\s+|bliver\s+)?"
        r"(?:holdes|holdt|regnes|regnet|trækkes|trukket|tages|taget|lades|ladt|udelades|udeladt)\b(?:\s+(?:ude|ud|fra|ikke\s+med|udenfor))?"
        r"|,?\s*\b(?:uden|fraregnet|bortset\s+fra|(?:når\s+)?(?:der|man)?\s*ses?\s+bort\s+fra)\s+(?:dem,?\s+der\s+svare[rt]?\s+)?\W?ved[\s-]ikke\b\W?"
        r"|,?\s*\b(?:der|som)\s+(?:(?:har|havde)\s+en\s+(?:mening|holdning)|(?:har\s+taget|tog|tager)\s+stilling)\b,?",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r",?\s*\b(?:leaving\s+(?:out|aside)|excluding|not\s+counting|without|apart\s+from|(?:if|when)\s+we\s+leave\s+out)\s+"
        r"(?:those\s+who\s+|the\s+|answers?\s+of\s+)?\W?do(?:\s+not|n['’]t)[\s-]know(?:s|\s+answers)?\b\W?"
        r"|,?\s*\W?don['’]t[\s-]knows?\b\W?\s*(?:is|are|being)?\s*(?:left\s+(?:out|aside)|excluded|not\s+counted)\b"
        r"|\s*\b(?:with|who\s+(?:had|have|gave|expressed))\s+(?:a\s+view|an\s+opinion)\b|\s*\bwho\s+took\s+a\s+(?:position|view)\b",
        re.IGNORECASE,
    ),
}


def of_those_who_know(row: Row, text: str, lang: Lang) -> tuple[Row, str]:
    """A row and a sentence on it: where that leaves out who does not know, the others are the row's base, and those words are read."""
    if row.unsure is None or row.n is None or row.side is not None or row.goal is not None:
        return row, text
    said = _KNOWING[lang].search(text)
    if said is None:
        return row, text
    known = replace(row, n=row.n - row.unsure.count, unsure=None, population=None, lower=None, upper=None)
    return known, text[: said.start()] + " " * len(said[0]) + text[said.end() :]


def answer_of(row: Row, text: str, lang: Lang, mention: Mention, numbers: Sequence[Mention]) -> Sibling | None:
    """The answer that a number belongs to, None where the words do not say.

    Each number goes with the name before it where the clause opens with a name, with the one behind it where it opens with a number, and
    in turn where all names stand on one side of all numbers.

    Args:
        row: with the other answers, and those who do not know.
        text: the clause.
        lang: its language.
        mention: the number.
        numbers: every number of the clause that may be some answer's, in order.
    """
    mention = next((one for one in numbers if one.start == mention.start), mention)
    if row.count is None or not row.siblings or mention not in numbers:
        return None
    named = named_in(row, text, lang)
    part = _part(text, mention)
    in_part = [answer for at, answer in named if part[0] <= at < part[1]]
    if part[0] and len(in_part) == 1 and [one for one in numbers if part[0] <= one.start < part[1]] == [mention]:
        # "…; 50 nævner boligen": what stands behind a semicolon goes together.
        return in_part[0]
    told = {id(answer) for _, answer in named}
    if len(told) < 2:
        unsure = bool(told) and row.unsure is not None and named[0][1] is row.unsure
        return row.unsure if unsure else None
    own_named = any(answer.names == row.labels for _, answer in named)
    if mention is numbers[0] and not own_named and mention.value == row.count:
        # "75 nævner dem, mod 45 kommunen og ni nettet": the first number is the row's own.
        return None
    beside = [answer for at, answer in named if mention.end < at and _OF_IT.fullmatch(text[mention.end : at])]
    if beside:
        # "mod 64 for samtaler"
        return beside[0]
    if named[-1][0] < numbers[0].start and _THAN.search(text[: named[0][0]]):
        # "Oftere end netværk nævnes sprog, 27 mod 18": the names stand the other way round.
        return None
    return aligned(named, numbers, mention)


def _part(text: str, mention: Mention) -> tuple[int, int]:
    """Where what stands between semicolons around a mention begins and ends."""
    end = text.find(";", mention.end)
    return text.rfind(";", 0, mention.start) + 1, end if end >= 0 else len(text)


_ANSWERING = r"(?:svar\w*|sagt|sagde|siger|sige|kryds\w*|answer\w*|sa(?:y|ys|id)|repl(?:y|ies|ied))\W+(?:\w+\s+)?"


def said_otherwise(row: Row, behind: str) -> bool:
    """Whether words behind a number say that so many gave the only other answer: "36 svarede nej", "alle 60 siger nej til, at"."""
    if row.negative or len(row.siblings) != 1 or row.several:
        return False
    return any(re.search(rf"{_ANSWERING}{spoken(name)}", behind, re.IGNORECASE) for name in row.siblings[0].names)


_SHORT_LABEL = 3


def spoken(label: str) -> str:
    """A pattern of an answer's label in a sentence, its last word inflected; "no" before a noun is no answer, nor "said no to"."""
    if label.lower() == "no":
        said = "|".join(f"(?<={verb} )" for verb in ("answer", "answers", "answered", "say", "says", "said", "reply", "replied"))
        return rf"(?:(?:{said})no(?!\w)(?!\s+to\s+(?!that\b))|(?<!\w)no(?!\w)(?!\s+\w))"
    said = re.sub(r"\b\d{1,2}\b", lambda number: rf"(?:{'|'.join(spelled(int(number[0])))})", re.escape(label))
    return rf"(?<!\w){said}{r'[a-zæøå]{0,2}' if len(label) > _SHORT_LABEL else ''}(?!\w)"


def aligned(named: Sequence[tuple[int, Name]], numbers: Sequence[Mention], mention: Mention) -> Name | None:
    """Which of several names a number goes with.

    Args:
        named: the names with their places, in order.
        numbers: the numbers of the clause, in order.
        mention: one of them.
    """
    first, last = named[0][0], named[-1][0]
    if len(named) == len(numbers):
        return named[numbers.index(mention)][1]
    if last < numbers[0].start or first > numbers[-1].start:
        return None
    if first < numbers[0].start:
        before = [name for at, name in named if at < mention.start]
        return before[-1] if before else None
    behind = [name for at, name in named if at > mention.start]
    return behind[0] if behind else None


def left_out(row: Row, text: str) -> str:
    """Of several answers that a number counts together the first that a text does not name though it names another; "" for none."""
    named = []
    for label in sorted(row.labels, key=len, reverse=True):
        # A label within a longer one names nothing: "tilfreds" in "meget tilfreds".
        text, times = re.subn(spoken(label), " ", text, flags=re.IGNORECASE)
        named += [label] if times else []
    # Who strongly agrees agrees: a label that ends in one that is named is named with it.
    return next((label for label in row.labels if named and not label.lower().endswith(tuple(one.lower() for one in named))), "")


def named_in(row: Row, text: str, lang: Lang, *, whole: bool = False) -> list[tuple[int, Sibling]]:
    """Where a clause names an answer, by its label or by words that no other answer has.

    Args:
        row: with its answers.
        text: the clause.
        lang: its language.
        whole: whether all those words are needed, and not any of them.
    """
    own = Sibling(row.count or 0, row.labels)
    answers = [own, *row.siblings, *((row.unsure,) if row.unsure is not None else ())]
    counted = stems((*row.unit, *row.group), lang)
    found: list[tuple[int, int, Sibling]] = []
    for answer in answers:
        places = [match.span() for name in answer.names for match in re.finditer(spoken(name), text, re.IGNORECASE)]
        if not places and answer is row.unsure:
            places = [match.span() for match in UNSURE[lang].finditer(text)]
        if not places:
            others = [name for other in answers if other is not answer for name in other.names]
            alone = stems(answer.names, lang) - stems(others, lang) - counted
            if not whole or alone <= stems((text,), lang):
                places = [match.span() for match in _WORD.finditer(text) if any(_of(one, alone) for one in stems((match[0],), lang))]
        found += [(start, end, answer) for start, end in places]
    # A label within a longer one names nothing: "enig" in "delvist enig".
    kept = [
        one
        for one in found
        if not any(other[0] <= one[0] and one[1] <= other[1] and other[1] - other[0] > one[1] - one[0] for other in found)
    ]
    ordered = sorted(kept, key=lambda one: one[0])
    return [(start, answer) for place, (start, _, answer) in enumerate(ordered) if not place or ordered[place - 1][2] is not answer]


def _of(word: str, alone: Iterable[str]) -> bool:
    """Whether a word is one of some stems, or opens one that is composed: "bold" of "boldspil"."""
    return any(one == word or (len(word) < len(one) and len(word) >= _SHORT_LABEL and one.startswith(word)) for one in alone)


def is_rest(text: str, mention: Mention, lang: Lang) -> bool:
    """Whether a number is said to be what is left over: "de resterende 30", "the other 74"."""
    before = _WORD.findall(text[: mention.start].lower())[-1:]
    return bool(before) and before[0] in grammar("remaining", lang)
