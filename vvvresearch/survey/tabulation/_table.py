"""The result of a survey table: a tidy frame for work, a wide layout for readers."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pandas as pd

from vvvresearch.evidence import Words
from vvvresearch.locales import Sayable, check_lang, half_up
from vvvresearch.results import Result, View

SMALL_N = 10


@dataclass(frozen=True, kw_only=True, repr=False)
class SurveyTable(Result):
    """A survey table.

    `frame` is tidy, one row an item, option and group, with the columns item, text, code, label, role, by, group,
    group_label, count, percent (rounded half up, NaN without a base), share (unrounded, 0–1), n (the base of that row),
    and weighted, percent_unweighted, lower, upper where they were asked for; number items have value instead of count.
    `wide` is what a reader sees. `top_box` holds the top box, one row an item and group, computed from counts.
    `spoken` and `spoken_base` hold the words behind the labels, so that the table can change language.
    """

    wide: pd.DataFrame = field(default_factory=pd.DataFrame)
    top_box: pd.DataFrame = field(default_factory=pd.DataFrame)
    spoken: dict[str, tuple[Sayable | str, ...]] = field(default_factory=dict)
    spoken_base: dict[str, Words] = field(default_factory=dict)

    def view(self) -> View:
        """The wide table."""
        return View(
            Result(
                frame=self.wide,
                base=self.base,
                title=self.title,
                notes=self.notes,
                assumptions=self.assumptions,
                shows=self.shows,
                kind=self.kind,
                lang=self.lang,
            )
        )

    def in_language(self, lang: str) -> SurveyTable:
        """The same table in another language, labels in the tidy frame included."""
        checked = check_lang(lang)
        said = {name: [part if isinstance(part, str) else part.say(checked) for part in parts] for name, parts in self.spoken.items()}
        words: dict[str, Any] = {name: value.say(checked) for name, value in self.spoken_base.items()}
        base = dataclasses.replace(self.base, **words)
        return dataclasses.replace(self, lang=checked, frame=self.frame.assign(**said), base=base)


def percent_of(count: float, base: float, decimals: int) -> float:
    """A percentage, half up: exact for counts; weighted sums are first freed of the noise of adding floats.

    Example:
        >>> percent_of(1, 8, 0), percent_of(5, 8, 1)
        (13.0, 62.5)
    """
    if not base:
        return float("nan")
    if float(count).is_integer() and float(base).is_integer():
        return float(half_up(Fraction(int(count), int(base)) * 100, decimals))
    return float(half_up(float(f"{100 * count / base:.10g}"), decimals))
