"""What a goal names by its own words: values of a column, answers of a question, what a table counts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vvvresearch.intake import fold, said_of, told_values
from vvvresearch.locales import Lang

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.evidence import Questionnaire

STEM, SHORTEST = 5, 4


def about(words: str) -> str:
    """A goal without the number that it wants, so that no word of that is taken for what it counts.

    Example:
        >>> about("No more than one relative in ten is dissatisfied")
        'relative is dissatisfied'
    """
    wanted = [one for one in said_of(words) if one.share is not None or (one.modifier and one.kind in ("count", "total"))]
    for one in reversed(wanted):
        # Who is counted may stand within the number.
        within = one.unit if one.unit and re.search(rf"\b{re.escape(one.unit)}\b", words[one.start : one.end].lower()) else ""
        words = f"{words[: one.start]}{within}{words[one.end :]}"
    return " ".join(words.split())


@dataclass(frozen=True)
class Named:
    """Values of a column that a goal names.

    Args:
        column: the column.
        values: the values that count together.
        place: where the first of them stands in the goal.
        score: how many words name them.
    """

    column: str
    values: list[str]
    place: int
    score: int


def named_values(frame: pd.DataFrame, words: str) -> list[Named]:
    """The columns of a table whose values a goal names, in the order of the goal; of "yes" and "no" the column is what is named.

    Args:
        frame: a table of rows.
        words: the goal.
    """
    wanted, found = about(words), []
    said = [word[:STEM] for word in fold(wanted).split()]
    for column, own in told_values(frame).groupby("column", sort=False):
        values = [str(one) for one in own["value"]]
        together = named_answers(wanted, {one: [one] for one in values})
        short = [[one] for one in values if len(one) < SHORTEST and covered(str(column), wanted, "") == 1]
        for each in [together] if together else short:
            stems = words_of(" ".join(each) if together else str(column))
            places = [place for place, word in enumerate(said) if word in stems]
            found.append(Named(str(column), each, min(places, default=0), len(places)))
    return sorted(found, key=lambda one: one.place)


def parts_of(survey: Questionnaire, words: str, lang: Lang) -> list[tuple[tuple[str, str], str]]:
    """The groups of those asked that a goal names by an answer to a question of who they are: (item, code), and the answer in words."""
    found = []
    for item in survey.items:
        if item.type != "single":
            continue
        options = [one for one in survey.options(item) if one.role == "answer"]
        chosen = named_answers(about(words), {one.code: [one.label.da, one.label.en] for one in options})
        if len(chosen) == 1:
            found.append(((item.id, chosen[0]), next(one.label.say(lang) for one in options if one.code == chosen[0])))
    return found


def says(folded: str, patterns: Iterable[tuple[str, str]]) -> list[str]:
    """The names of the patterns that a folded sentence has words of.

    Example:
        >>> says("the mean of all", [("mean", "average|mean"), ("sum", "total")])
        ['mean']
    """
    return [name for name, pattern in patterns if re.search(rf"\b(?:{pattern})\b", folded)]


def covered(own: str, words: str, title: str, *, alone: bool = False) -> float:
    """How well a goal speaks of what a table counts: 0 unless it has all of its words, or half of them and one of the table's title.

    Args:
        own: what is counted.
        words: the goal.
        title: of the table.
        alone: whether it counts nothing else.

    Example:
        >>> covered("Referrals received", "Referrals received in 2027", "Quarters"), covered("Talks held", "Referrals in 2027", "Quarters")
        (1.0, 0)
    """
    stems, said = words_of(own) - words_of("antal number"), words_of(words)
    here = len(stems & said)
    if not here:
        return 0
    about = len((words_of(title) - stems) & said)
    return here / len(stems) + about / 10 if here == len(stems) or (2 * here >= len(stems) and (about or alone)) else 0


def words_of(words: str) -> set[str]:
    """The beginnings of the words that say something; short ones whole.

    Example:
        >>> sorted(words_of("Meetings held by the boards"))
        ['board', 'held', 'meeti']
    """
    return {word[:STEM] for word in fold(words).split() if (len(word) > 2 or word == "no") and not _EMPTY.fullmatch(word)}


_EMPTY = re.compile(
    "for|the|and|eller|or|der|som|med|til|fra|ved|var|are|was|were|that|this|have|has|har|det|den|from|than|their|they|them|will|over|under|"
    "out|off|deres"
)


def named_answers(words: str, answers: Mapping[str, Sequence[str]]) -> list[str]:
    """The answers of a question that a sentence names, one or several joined: "definitely or probably yes", "i høj eller meget høj grad".

    Args:
        words: the sentence.
        answers: code → what the answer is called, in either language.

    Returns:
        Codes, in the order of the answers.

    Example:
        >>> scale = {"1": ["Definitely yes"], "2": ["Probably yes"], "4": ["Probably not"], "5": ["Definitely not"]}
        >>> named_answers("three in four say definitely or probably yes", scale)
        ['1', '2']
    """
    labels = [(code, fold(label).split()) for code, own in answers.items() for label in dict.fromkeys(own)]
    known = {word for _, label in labels for word in label}
    said = fold(re.sub(r"[,/]| – |-(?=\d)", " or ", words)).split()
    found: set[str] = set()
    for joined, part in itertools.groupby(said, key=lambda one: one in _OR or any(_inflected(one, word) for word in known)):
        run = [*part] if joined else []
        pieces = [[*own] for is_or, own in itertools.groupby(run, key=lambda one: one in _OR) if not is_or]
        for piece in pieces:
            # What one answer leaves out stands with the one that it is joined to.
            fits = [
                (len(label) - len(piece), code)
                for code, label in labels
                if all(any(_inflected(one, word) for word in label) for one in piece)
                and all(any(_inflected(one, word) for one in run) for word in label)
            ]
            # A figure alone is an amount, and a short word alone says little.
            alone = len(pieces) == 1 and len(piece) == 1 and (piece[0].isdigit() or len(piece[0]) < SHORTEST)
            if fits and not alone:
                found.add(min(fits)[1])
    return [code for code in answers if code in found]


_OR = frozenset(("or", "eller", "og", "and"))


def _inflected(one: str, word: str) -> bool:
    """Whether two words are one, but for up to three letters at its end."""
    return one == word or (len(word) >= SHORTEST and one.startswith(word) and len(one) <= len(word) + 2)


def alike(words: str, other: str) -> int:
    """How many words of two sentences begin alike.

    Example:
        >>> alike("Referrals received, four quarters", "Referral sources")
        1
    """
    return len(_stems(words) & _stems(other))


def _stems(words: str) -> set[str]:
    return {word[:STEM] for word in fold(words).split() if len(word) >= SHORTEST}
