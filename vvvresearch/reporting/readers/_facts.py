"""What a round's numbers say without an author: one answer to each question, one count of each theme, as data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vvvresearch.locales import Lang
from vvvresearch.reporting._answers import told_answer
from vvvresearch.results import folded
from vvvresearch.statements import asks_who

if TYPE_CHECKING:
    from vvvresearch.rounds import Value

_THEMES = "themes"
_AMOUNT = re.compile(r"^\s*[\d.,\s]+")
_PER_SOURCE = 12


@dataclass(frozen=True)
class Fact:
    """A count of a number of people or cases, and what it is about.

    Args:
        address: of the count, the same in every reader's version.
        count, n: how many of how many.
        who: what n is, in words and without its number ("kommuner").
        kind: "answer" to a question, or "theme" of interviews.
        about: the question as asked, or the theme.
        answer: the answer that was counted; "" for a theme.
        group, date, source: whom it is about, when, from where.
    """

    address: str
    count: int
    n: int
    who: str
    kind: str
    about: str
    answer: str = ""
    group: str = ""
    date: str = ""
    source: str = ""


def facts_of(
    values: Iterable[Value], labels: Mapping[str, str], lang: Lang, beside: Collection[tuple[str, str]] = frozenset()
) -> list[Fact]:
    """The facts that a round's numbers carry, by source and question; a question gives the answer that most gave.

    Who they are that answered (age, gender, where they live) is told with the method, and is no finding.

    Args:
        values: every number of the round.
        labels: what answers say, by folded `survey.item.code`.
        lang: language.
        beside: survey and item of questions that only part those who answered.
    """
    answers: dict[tuple[str, str], list[Fact]] = {}
    themes: list[Fact] = []
    for value in values:
        parts = value.key.split(".")
        about = value.about.get(lang, {})
        who = _AMOUNT.sub("", about.get("n", "").partition("=")[2]).strip()
        # A person counts once, however often somebody talked with them.
        if parts[0] == _THEMES and parts[-2:] == ["total", "persons_affirmed"] and value.number and value.n:
            said = about["theme"].replace(" > ", " – ") if "theme" in about else parts[1].replace("/", " – ").replace("-", " ").capitalize()
            themes.append(Fact(value.key, int(value.number), value.n, who, "theme", said))
        elif len(parts) == 4 and parts[3] == "share" and value.count is not None and value.n and about.get("question"):
            if "~" in parts[0] or "/" in parts[0] or (label := labels.get(folded(".".join(parts[:3])))) is None:
                continue
            # "Course: course 2" says which one it was, and nothing of it.
            if folded(label).startswith(folded(about["question"])) or (parts[0], parts[1]) in beside or asks_who(about["question"], lang):
                continue
            count = ".".join([*parts[:3], "count"])
            fact = Fact(
                count,
                value.count,
                value.n,
                who,
                "answer",
                about["question"],
                label,
                about.get("group", ""),
                about.get("wave", ""),
                parts[0],
            )
            answers.setdefault((parts[0], parts[1]), []).append(fact)
    chosen: dict[str, list[Fact]] = {}
    for (source, _item), given in answers.items():
        told_of = told_answer({fact: (fact.address.split(".")[2], fact.answer, fact.count) for fact in given})
        if told_of is not None:
            chosen.setdefault(source, []).append(told_of)
    told = [fact for source in chosen.values() for fact in source[:_PER_SOURCE]]
    return told + sorted(themes, key=lambda fact: (-fact.count / fact.n, fact.address))[:_PER_SOURCE]
