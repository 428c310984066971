"""The rows of a survey table: one for each item, option and group, with count, percentage and base."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Item, Questionnaire
from vvvresearch.locales import Lang, Phrase, Sayable
from vvvresearch.survey.tabulation._answers import Answers
from vvvresearch.survey.tabulation._asked import Asked, Denominator, complete
from vvvresearch.survey.tabulation._banner import Banner
from vvvresearch.survey.tabulation._counting import Counts
from vvvresearch.survey.tabulation._table import percent_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NAN = float("nan")


@dataclass(frozen=True)
class Part:
    """One item of a table, counted in every banner."""

    answers: Answers
    asked: Asked
    denominator: Denominator
    banners: tuple[Banner, ...]
    counts: tuple[Counts, ...]

    @property
    def item(self) -> Item:
        """The item."""
        return self.answers.item


@dataclass(frozen=True)
class IntervalChoice:
    """Which interval stands beside the percentages, and for which population."""

    method: str
    level: float
    population: int | None


@dataclass(slots=True)
class Row:
    """One row of the tidy frame."""

    item: str
    text: Sayable
    code: str
    label: Sayable
    role: str
    by: str
    group: str
    group_label: Sayable
    count: float
    percent: float
    share: float
    n: int
    weighted: float = _NAN
    percent_unweighted: float = _NAN
    worst_lower: float = _NAN
    worst_upper: float = _NAN
    lower: float = _NAN
    upper: float = _NAN
    value: float = field(default=_NAN)


PHRASES = ("text", "label", "group_label")
PLAIN = ("item", "text", "code", "label", "role", "by", "group", "group_label", "count", "percent", "share", "n")


def rows_of(part: Part, decimals: int, choice: IntervalChoice | None) -> list[Row]:
    """The rows of one item over all banners, in the order of options within groups."""
    found: list[Row] = []
    words = part.item.text
    apart = part.denominator == "valid"
    partial = part.item.missing_reason is not None and not complete(part.answers, part.asked)
    no_answer = Phrase("tabulation.no_answer")
    labels = [option.label for option in part.answers.options]
    for banner, counts in zip(part.banners, part.counts, strict=True):
        for place, group in enumerate(banner.codes):
            n = int(counts.n[place])
            base = float(n) if counts.weighted_n is None else float(counts.weighted_n[place])
            shared: dict[str, Any] = {"item": part.item.id, "text": words, "by": banner.by, "group": group, "n": n}
            shared["group_label"] = banner.labels[place]
            for position, option in enumerate(part.answers.options):
                count = float(counts.counts[place, position])
                row = Row(code=option.code, label=labels[position], role=option.role, count=count, percent=_NAN, share=_NAN, **shared)
                # Where only a part was published, a zero is no count, and what there is has no base.
                if not part.answers.present or option.unknown or (partial and not count):
                    row.count = _NAN
                elif not partial and not (apart and option.role in ("dont_know", "refused")):
                    weighted = None if counts.weighted is None else float(counts.weighted[place, position])
                    _fill(row, base, weighted, decimals)
                    if choice is not None and n:
                        _bound(row, choice, whole=not banner.by)
                found.append(row)
            if part.denominator == "asked" and counts.blank.any():
                count = float(counts.blank[place])
                row = Row(code="", label=no_answer, role="blank", count=count, percent=_NAN, share=_NAN, **shared)
                _fill(row, base, None if counts.weighted_blank is None else float(counts.weighted_blank[place]), decimals)
                found.append(row)
    return found


def _fill(row: Row, base: float, weighted: float | None, decimals: int) -> None:
    counted = row.count if weighted is None else weighted
    row.percent = percent_of(counted, base, decimals)
    row.share = counted / base if base else _NAN
    if weighted is not None:
        row.weighted = weighted
        row.percent_unweighted = percent_of(row.count, row.n, decimals)


def _bound(row: Row, choice: IntervalChoice, *, whole: bool) -> None:
    from vvvresearch.survey.intervals import proportion_interval, worst_case_bounds

    # A group's own population is not known, so only the total is taken as part of a finite frame.
    population = choice.population if whole else None
    count = int(row.count)
    if population is not None:
        worst = worst_case_bounds(count, row.n, population)
        row.worst_lower, row.worst_upper = 100 * worst.lower, 100 * worst.upper
    method = "wilson" if choice.method == "exact" and population is None else choice.method
    limits = proportion_interval(count, row.n, population, method, choice.level)
    row.lower, row.upper = 100 * limits.lower, 100 * limits.upper


def tidy_frame(rows: list[Row], lang: Lang) -> tuple[pd.DataFrame, dict[str, tuple[Sayable, ...]]]:
    """The rows as a tidy DataFrame in `lang`, and the phrases behind its labels."""
    spoken = {name: tuple(getattr(row, name) for row in rows) for name in PHRASES}
    # A phrase stands in many rows; it is said once.
    different = {id(phrase): phrase for phrases in spoken.values() for phrase in phrases}
    said = {key: phrase.say(lang) for key, phrase in different.items()}
    columns: dict[str, list[Any]] = {}
    for name in (one.name for one in fields(Row)):
        values = [getattr(row, name) for row in rows]
        if name in spoken:
            columns[name] = [said[id(phrase)] for phrase in values]
        elif name in PLAIN or any(value == value for value in values):
            columns[name] = values
    frame = pd.DataFrame(columns)
    if not frame["count"].isna().any():
        frame["count"] = frame["count"].astype("int64")
    return frame, spoken


def top_frame(parts: list[Part], questionnaire: Questionnaire, decimals: int, lang: Lang) -> pd.DataFrame:
    """The top box of every item whose scale declares one: counts first, one percentage from their sum."""
    found = []
    for part in parts:
        top = questionnaire.scales[part.item.scale].top if part.item.scale else ()
        places = [place for place, option in enumerate(part.answers.options) if option.code in top]
        if not places or not part.answers.present or any(part.answers.options[place].unknown for place in places):
            continue
        labels = " + ".join(part.answers.options[place].label.say(lang) for place in places)
        for banner, counts in zip(part.banners, part.counts, strict=True):
            for place, group in enumerate(banner.codes):
                count, n = int(counts.counts[place, places].sum()), int(counts.n[place])
                entry = {"item": part.item.id, "by": banner.by, "group": group, "labels": labels, "count": count, "n": n}
                amount, base = float(count), float(n)
                if counts.weighted is not None and counts.weighted_n is not None:
                    amount, base = float(counts.weighted[place, places].sum()), float(counts.weighted_n[place])
                found.append({**entry, "percent": percent_of(amount, base, decimals), "share": amount / base if base else _NAN})
    return pd.DataFrame(found, columns=["item", "by", "group", "labels", "count", "n", "percent", "share"])


def interval_choice(
    method: str | bool | None, level: float, population: int | None, weights: NDArray[np.float64] | None
) -> IntervalChoice | None:
    """The chosen interval, or None.

    Raises:
        AnalysisError: intervals for a weighted table, which would need the design of the weights.
    """
    if method is None or method is False:
        return None
    if weights is not None:
        raise AnalysisError(
            "intervals are not given for weighted percentages here",
            why="their width depends on how the weights were made",
            todo="use weight(...), which shows weighted and unweighted figures with their standard errors",
        )
    chosen = ("exact" if population is not None else "wilson") if method is True else str(method)
    return IntervalChoice(chosen, level, population)
