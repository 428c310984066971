"""The rows of a survey table: one for each item, group and option, with count and base; shares follow from both."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.evidence import Item, Option, Questionnaire, Survey, Words
from vvvresearch.locales import text
from vvvresearch.statistics.calibration import Weights
from vvvresearch.statistics.estimates import weighted_mean, weighted_proportion, weighted_total
from vvvresearch.survey.intervals import proportion_interval, worst_case_bounds
from vvvresearch.survey.tabulation._answers import BLANK, NOT_IN_WAVE, VALID, Answers
from vvvresearch.survey.tabulation._asked import Asked, Denominator, OffRoute, complete, counted, who_was_asked
from vvvresearch.survey.tabulation._counting import Banner, Counts, count

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from vvvresearch.locales import Sayable

NO_ANSWER = "no_answer"
LIMITS = ("worst_lower", "worst_upper", "lower", "upper")
APART = ("dont_know", "refused")
_NAN = float("nan")
_ASKED_FOR = ("weighted", "se", *LIMITS, "weighted_total", "se_total")
_OPEN = tuple(
    Option(code=code, label=Words(da=text(f"tabulation.open_{name}", "da"), en=text(f"tabulation.open_{name}", "en")))
    for code, name in (("1", "given"), ("0", "blank"))
)


@dataclass(frozen=True)
class Part:
    """One item of a table, counted in every banner."""

    answers: Answers
    asked: Asked
    denominator: Denominator
    banners: tuple[Banner, ...]
    counts: tuple[Counts, ...]
    design: Design | None = None

    @property
    def item(self) -> Item:
        """The item."""
        return self.answers.item

    @property
    def partial(self) -> bool:
        """Whether only a part of its figures was published, so that there is no base."""
        return self.item.missing_reason is not None and not complete(self.answers, self.asked)

    def n(self, place: int = 0) -> int | None:
        """The base of everybody, or of one of the first banner's groups; None where it is not known."""
        return None if self.partial else int(self.counts[0].n[place])


def part_of(
    survey: Survey,
    answers: Answers,
    heads: tuple[Banner, ...],
    wanted: Denominator | None,
    design: Design | None,
    off_route: OffRoute,
) -> Part:
    """One item counted in every banner.

    Args:
        survey, answers, heads: whose answers to what, and the banners.
        wanted: the denominator; None for the one that the questionnaire declares.
        design: weights, or None.
        off_route: "keep" or "drop".
    """
    answers, item = in_waves(answers, heads), answers.item
    if item.type == "open":
        places = np.where(answers.state == VALID, 0, np.where(answers.state == BLANK, 1, -1))
        answers = dataclasses.replace(answers, options=_OPEN, position=places.astype(np.intp))
    asked = who_was_asked(survey, answers, off_route)
    if item.type == "open":
        # Whoever was asked and wrote nothing is counted as such, so both rows have the same base.
        written = dataclasses.replace(answers, state=np.where(answers.state == NOT_IN_WAVE, NOT_IN_WAVE, VALID).astype(np.int8))
        return Part(answers, asked, "asked", heads, count(written, asked, heads, "answered"), design)
    denominator: Denominator = "valid" if item.type == "number" else wanted or item.denominator
    return Part(answers, asked, denominator, heads, count(answers, asked, heads, denominator), design)


def in_waves(answers: Answers, heads: tuple[Banner, ...]) -> Answers:
    """Respondents of a wave in which nobody has any value for the item were not asked it in that wave."""
    wave = next((head for head in heads if head.by.casefold() == "wave"), None)
    if wave is None or not answers.present:
        return answers
    some = np.bincount(wave.place[(wave.place >= 0) & (answers.state != BLANK)], minlength=len(wave.codes)) > 0
    absent = np.append(~some, False)[wave.place]
    return dataclasses.replace(answers, state=np.where(absent, NOT_IN_WAVE, answers.state).astype(np.int8))


@dataclass(frozen=True)
class IntervalChoice:
    """Which interval stands beside the percentages, and for which population."""

    method: str
    level: float
    population: int | None


def rows_of(part: Part, choice: IntervalChoice | None) -> Iterator[dict[str, Any]]:
    """The rows of one item over all banners, in the order of options within groups; a row that nobody asks for is not counted."""
    apart = part.denominator == "valid"
    base = counted(part.answers, part.asked, part.denominator)
    for banner, counts in zip(part.banners, part.counts, strict=True):
        for place, group in enumerate(banner.codes):
            n = int(counts.n[place])
            own = base & (banner.place == place)
            shared = {"item": part.item.id, "by": banner.by, "group": group}
            for position, option in enumerate(part.answers.options):
                number: float = int(counts.counts[place, position])
                row: dict[str, Any] = {**shared, "code": option.code, "role": option.role, "count": number, "n": n}
                # Where only a part was published, a zero is no count, and what there is has no base.
                if not part.answers.present or option.unknown or (part.partial and not number):
                    row["count"] = _NAN
                if part.partial or (apart and option.role in APART):
                    row["n"] = _NAN
                elif row["count"] == number:
                    if part.design is not None:
                        row |= part.design.share(part.answers.chose([position]), own)
                    elif choice is not None and n:
                        row |= limits_of(int(number), n, choice, whole=not banner.by)
                yield row
            if part.denominator == "asked" and counts.blank.any():
                row = {**shared, "code": NO_ANSWER, "role": "blank", "count": int(counts.blank[place]), "n": n}
                if part.design is not None:
                    row |= part.design.share(~part.answers.given, own)
                yield row


def limits_of(count: int, n: int, choice: IntervalChoice, *, whole: bool) -> dict[str, float]:
    """Worst case and interval of one share, as shares."""
    # A group's own population is not known, so only the total is taken as part of a finite frame.
    population = choice.population if whole else None
    found = {}
    if population is not None:
        worst = worst_case_bounds(count, n, population)
        found = {"worst_lower": worst.lower, "worst_upper": worst.upper}
    method = "wilson" if choice.method == "exact" and population is None else choice.method
    limits = proportion_interval(count, n, population, method, choice.level)
    return found | {"lower": limits.lower, "upper": limits.upper}


def top_rows(parts: list[Part], questionnaire: Questionnaire, choice: IntervalChoice | None) -> list[dict[str, Any]]:
    """The top box of every item whose scale declares one: counts first, one share from their sum."""
    found = []
    for part in parts:
        top = questionnaire.scales[part.item.scale].top if part.item.scale else ()
        places = [place for place, option in enumerate(part.answers.options) if option.code in top]
        if not places or not part.answers.present or part.partial or any(part.answers.options[place].unknown for place in places):
            continue
        base = counted(part.answers, part.asked, part.denominator)
        for banner, counts in zip(part.banners, part.counts, strict=True):
            for place, group in enumerate(banner.codes):
                number, n = int(counts.counts[place, places].sum()), int(counts.n[place])
                row: dict[str, Any] = {"item": part.item.id, "by": banner.by, "group": group, "count": number, "n": n}
                if part.design is not None:
                    row |= part.design.share(part.answers.chose(places), base & (banner.place == place))
                elif choice is not None and n:
                    row |= limits_of(number, n, choice, whole=not banner.by)
                found.append(row)
    return found


def top_words(part: Part, questionnaire: Questionnaire) -> tuple[Sayable, ...]:
    """The answers that an item's top box holds."""
    top = questionnaire.scales[part.item.scale].top if part.item.scale else ()
    return tuple(option.label for option in part.answers.options if option.code in top)


def tidy_frame(rows: list[dict[str, Any]], names: tuple[str, ...]) -> pd.DataFrame:
    """The named columns of rows, and those that were asked for; counts are whole numbers where all are known."""
    asked_for = [name for name in _ASKED_FOR if any(name in row for row in rows)]
    return pd.DataFrame({name: [row.get(name, _NAN) for row in rows] for name in (*names, *asked_for)})


def interval_choice(method: str | bool | None, level: float, population: int | None) -> IntervalChoice | None:
    """The chosen interval, or None."""
    if method is None or method is False:
        return None
    chosen = ("exact" if population is not None else "wilson") if method is True else str(method)
    return IntervalChoice(chosen, level, population)


WEIGHTED = ("weighted", "se", "lower", "upper", "weighted_total", "se_total")


@dataclass(frozen=True)
class Design:
    """How respondents stand for the frame: their weights with the calibration behind them, and the size of the frame.

    Args:
        weights: one a respondent, in the order of the answers.
        population: size of the frame they were drawn from; None for no finite correction.
        level: of the limits.
    """

    weights: Weights
    population: int | None
    level: float

    @property
    def values(self) -> NDArray[np.float64]:
        """The weights as numbers."""
        return np.asarray(self.weights.values, dtype=np.float64)

    def share(self, chosen: ArrayLike, among: NDArray[np.bool_]) -> dict[str, float]:
        """The weighted share and number of those who chose an answer, among those in its base."""
        return self._row(np.asarray(chosen, dtype=float), among, proportion=True)

    def mean(self, numbers: ArrayLike, among: NDArray[np.bool_]) -> dict[str, float]:
        """The weighted mean and sum of numbers, among those who gave one."""
        return self._row(np.asarray(numbers, dtype=float), among, proportion=False)

    def _row(self, values: NDArray[np.float64], among: NDArray[np.bool_], *, proportion: bool) -> dict[str, float]:
        nothing = dict.fromkeys(WEIGHTED, float("nan"))
        weight = float(self.values @ among)
        if not weight > 0:
            return nothing
        if len(values) < 2:
            total = float(self.values @ np.where(among, values, 0.0))
            return nothing | {"weighted": total / weight, "weighted_total": total}
        settings = {"population": self.population, "among": among, "level": self.level}
        one = (weighted_proportion if proportion else weighted_mean)(values, self.weights, **settings)  # type: ignore[arg-type]
        whole = weighted_total(values, self.weights, **settings)  # type: ignore[arg-type]
        # Freed of the noise of adding floats, which would move a half below itself.
        value = float(f"{one.value:.12g}")
        return dict(zip(WEIGHTED, (value, one.se, one.lower, one.upper, whole.value, whole.se), strict=True))
