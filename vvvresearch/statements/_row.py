"""A row: all that a sentence may be proved against, as numbers and the words that name them; and the outcome of a proof."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import Lang, Phrase

Reason = str
REASONS = ("few_answers", "break", "not_asked", "other_question", "dont_know", "sources_disagree", "told_together", "only_described")


@dataclass(frozen=True)
class Side:
    """Another reading beside the row's own: an earlier wave, or another group.

    `names` are the words that name it in a sentence ("lederne", "leaders"); a wave is named by the years of its period.
    """

    count: int
    n: int
    names: tuple[str, ...] = ()
    period: str = ""
    months: int | None = None
    version: str = ""

    @property
    def share(self) -> Fraction:
        """Count over n, exact."""
        return Fraction(self.count, self.n)


@dataclass(frozen=True)
class Amount:
    """Another number beside a row's own that is no part of a whole either: of an earlier time, or of another group."""

    value: Fraction
    names: tuple[str, ...] = ()
    period: str = ""


@dataclass(frozen=True)
class Sibling:
    """Another answer to the same question: how many gave it, and the words that name it."""

    count: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Goal:
    """A target and the readings held against it, each in the goal's own unit (a count, or a share between 0 and 1).

    `readings` holds one number, or several where the definition is open; `ended` says whether the period of the goal is over.
    """

    target: Fraction | int
    readings: tuple[Fraction | int, ...]
    at_least: bool = True
    ended: bool = True
    due: str = ""
    share: bool = False

    def met(self) -> tuple[bool, ...]:
        """For each reading whether it meets the target."""
        return tuple(reading >= self.target if self.at_least else reading <= self.target for reading in self.readings)

    def short(self) -> tuple[Fraction, ...]:
        """For each reading how much is missing; negative where the target is passed."""
        sign = 1 if self.at_least else -1
        return tuple(Fraction(sign * (self.target - reading)) for reading in self.readings)


@dataclass(frozen=True)
class Row:
    """What a statement is held against.

    Attributes:
        count, n: how many of how many; both None where nothing was counted.
        denominator: in words, what n counts.
        population: the size of the whole; equal to n where everybody was counted.
        lower, upper: limits of the share in the whole population.
        unit: the noun that is counted: singular, plural, definite plural, then any other form ("kommune", "kommuner", "kommunerne").
        says: what the counted did, finite verb and rest parted by a bar ("har | henvist"), for sentences made of it.
        group: every form of the group's name.
        period: when, as written; its years are read from it. `months` is its length.
        version: the version of the definition.
        labels: the answer's own words ("de fleste får en ven"): inside a sentence they are no claim. Several where the number counts
            several answers together.
        negative: whether the answer itself denies ("har ikke henvist").
        foreign: words that name other units, groups or answers; a sentence that uses one speaks of something else.
        subjects: nouns that name other units and groups; only as the subject of a sentence do they make it speak of something else.
        occasions: whether n counts occasions, not persons asked once; frequency words need it.
        causal: whether the design shows effects.
        before: the earlier reading of a change. `other`: the other side of a comparison.
        change_lower, change_upper: limits of the share minus the share of `before` or `other`.
        panel_change: the change among those who answered both times.
        unsure: those who do not know, where they are no answer of their own.
        siblings: the other answers to the question; `gap_lower`: lower limit of the gap to the next.
        goal: the target this row is held against.
        value: a number that is no count of n (a stock, a median, a number of rows); None beside a count.
        statistic: "mean" or "median" where the value is one; `value_n`: of how many values.
        beside: the number that the value is compared with.
        measured_in: the time noun that the value is told in, singular and plural ("måned", "måneder").
        several: whether a person could give several answers, so that those who did not give this one are all the others.
        about: the words of the row's own question and answers, or where nobody was asked what it is called: a theme, the heads of its row
            and column; `others`: the name and words of each question, theme or number beside it.
        titled: whether `about` is such a name, and no question. `told`: whether those are counted who spoke of it.
        called: words of the name of the row's source, which may say who was asked ("guest survey", "Borgerskema").
        absent: why there is no number; `obstacle`: why change or comparison cannot be told, though both numbers exist. One of REASONS.

    Raises:
        AnalysisError: a count outside 0…n, half an interval, or a reason that is not known.
    """

    count: int | None = None
    n: int | None = None
    denominator: str = ""
    population: int | None = None
    lower: Fraction | None = None
    upper: Fraction | None = None
    unit: tuple[str, ...] = ()
    says: str = ""
    group: tuple[str, ...] = ()
    period: str = ""
    months: int | None = None
    version: str = ""
    labels: tuple[str, ...] = ()
    negative: bool = False
    foreign: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    occasions: bool = False
    causal: bool = False
    before: Side | None = None
    other: Side | None = None
    change_lower: Fraction | None = None
    change_upper: Fraction | None = None
    panel_change: Fraction | None = None
    siblings: tuple[Sibling, ...] = ()
    unsure: Sibling | None = None
    gap_lower: Fraction | None = None
    goal: Goal | None = None
    value: Fraction | None = None
    statistic: str = ""
    value_n: int | None = None
    beside: Amount | None = None
    measured_in: tuple[str, ...] = ()
    several: bool = False
    about: tuple[str, ...] = ()
    others: tuple[tuple[str, tuple[str, ...]], ...] = ()
    titled: bool = False
    told: bool = False
    called: tuple[str, ...] = ()
    absent: Reason = ""
    obstacle: Reason = ""

    def __post_init__(self) -> None:
        if (self.count is None) != (self.n is None):
            raise AnalysisError("a row has a count without its n, or an n without its count", todo="give both, or neither")
        if self.count is not None and self.n is not None and not (0 <= self.count <= self.n and self.n > 0):
            raise AnalysisError(f"a row counts {self.count} of {self.n}", why="a count lies between 0 and n, and n is above 0")
        if (self.lower is None) != (self.upper is None) or (self.change_lower is None) != (self.change_upper is None):
            raise AnalysisError("a row has half an interval", todo="give both limits, or neither")
        for reason in (self.absent, self.obstacle):
            if reason and reason not in REASONS:
                raise AnalysisError(f"the reason {reason!r} is not known", todo=f"use one of {', '.join(REASONS)}")

    @property
    def share(self) -> Fraction | None:
        """Count over n, exact, or None."""
        return Fraction(self.count, self.n) if self.count is not None and self.n else None

    @property
    def full_count(self) -> bool:
        """Whether everybody was counted, so that the share is the population's own."""
        return self.n is not None and self.population == self.n

    @property
    def side(self) -> Side | None:
        """The earlier reading or the other group."""
        return self.before or self.other

    @property
    def difference(self) -> Fraction | None:
        """The share minus the other side's, exact."""
        return None if self.share is None or self.side is None else self.share - self.side.share


def years(period: str) -> frozenset[int]:
    """The years that a period names; "2021-22" names two.

    Example:
        >>> sorted(years("maj 2021–juni 2022"))
        [2021, 2022]
    """
    found = {int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", period)}
    found |= {int(century + year) for century, year in re.findall(r"(?<!\d)(19|20)\d\d[-–/](\d\d)(?!\d)", period)}
    return frozenset(found)


# "asks": every number is carried, and whether the words say what was asked is for a person to read.
Outcome = Literal["holds", "contradicted", "cannot", "asks"]


@dataclass(frozen=True)
class Check:
    """What one word or number of a statement came to. `code` names the reason for programs, `reason` says it to readers."""

    outcome: Outcome
    code: str
    reason: Phrase


@dataclass(frozen=True)
class Verdict:
    """Whether a statement holds, is contradicted, cannot be told, or asks for somebody who reads it, and why.

    `true_words` are sentences that the same row does carry, ready to paste. Where it asks, `readings` are what is to be read side by
    side: what those counted are called beside their source, and the words beside the question of their number.
    """

    outcome: Outcome
    checks: tuple[Check, ...]
    true_words: tuple[str, ...] = ()
    readings: tuple[tuple[str, str], ...] = ()

    @property
    def reading(self) -> tuple[str, str]:
        """The first that is to be read; two empty texts where nothing is."""
        return next(iter(self.readings), ("", ""))

    @property
    def holds(self) -> bool:
        """Whether every word of the statement is carried by the row."""
        return self.outcome == "holds"

    @property
    def codes(self) -> tuple[str, ...]:
        """The reasons of the checks that did not hold."""
        return tuple(check.code for check in self.checks if check.outcome != "holds")

    def say(self, lang: Lang = "da") -> str:
        """The reasons in words, one a line; nothing where the statement holds."""
        return "\n".join(check.reason.say(lang) for check in self.checks if check.outcome != "holds")


def check(outcome: Outcome, code: str, /, **values: object) -> Check:
    """A check whose words stand in the table `statements` under its code."""
    return Check(outcome, code, Phrase(f"statements.{code}", dict(values)))


HOLDS = Check("holds", "holds", Phrase("statements.holds"))
