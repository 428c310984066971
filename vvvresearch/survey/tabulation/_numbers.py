"""Number items, and scales taken as numbers: how many gave a number, and where the numbers lie."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Option, Words
from vvvresearch.locales import LANGUAGES, Joined, Phrase, text
from vvvresearch.results import TOTAL, Column, Measure
from vvvresearch.survey.tabulation._answers import BLANK, OTHER_MISSING, VALID, Answers
from vvvresearch.survey.tabulation._counting import Banner
from vvvresearch.survey.tabulation._rows import WEIGHTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vvvresearch.survey.tabulation._rows import Part
    from vvvresearch.survey.tabulation._table import Form

STATISTICS = ("mean", "sd", "min", "q1", "median", "q3", "max", "sum")


# A label that is a number, alone or with words that say what it means ("5 – best"); not a class of numbers ("1 to 2 years", "9-10").
_NUMBER = re.compile(r"\s*(\d+)\s*(?:$|[^\w\s]\s*(?!\d))")
# A scale tells at least three answers apart.
_LEAST = 3


def as_numbers(answers: Answers) -> Answers:
    """The answers on a scale as numbers: those that their labels are, else the codes of an ordered scale, else their places on it.

    Raises:
        AnalysisError: ticks, words and classes have no mean.
    """
    if answers.numbers is not None or answers.position is None:
        if answers.numbers is None:
            raise _no_numbers(answers)
        return answers
    values = _values(answers.options, ordered=answers.item.type in ("likert", "battery"))
    if not values:
        raise _no_numbers(answers)
    places = np.array([*(values.get(one.code, np.nan) for one in answers.options), np.nan])
    numbers = places[answers.position]
    state = np.where((answers.state == VALID) & np.isnan(numbers), OTHER_MISSING, answers.state).astype(np.int8)
    return dataclasses.replace(answers, item=answers.item.model_copy(update={"type": "number"}), numbers=numbers, state=state)


def _no_numbers(answers: Answers) -> AnalysisError:
    todo = f"count them: tabulate(survey, {answers.item.id!r})"
    return AnalysisError(f"the answers to {answers.item.id} are no numbers", where=answers.item.id, todo=todo)


def _values(options: Sequence[Option], *, ordered: bool) -> dict[str, float]:
    """The number of each answer on a scale by its code; none where the answers are words without an order, or classes."""
    scale = [one for one in options if one.role == "answer"]
    for lang in LANGUAGES:
        told = [_NUMBER.match(one.label.say(lang)) for one in scale]
        numbers = [float(one[1]) for one in told if one is not None]
        if len(set(numbers)) == len(scale) >= _LEAST:
            return dict(zip((one.code for one in scale), numbers, strict=True))
    if len(scale) < _LEAST or not ordered:
        return {}
    coded = all(one.code.isdecimal() for one in scale)
    # The high end of a scale stands first, and more is the larger number.
    return {one.code: float(one.code) if coded else float(place) for place, one in enumerate(reversed(scale), start=1)}


def number_notes(answers: Answers) -> list[Phrase]:
    """What the ends of a scale are called that is taken as numbers; nothing of numbers as they were given."""
    values = _values(answers.options, ordered=True)
    ends = sorted((one for one in answers.options if one.code in values), key=lambda one: values[one.code])
    told = [Joined((f"{values[one.code]:g}", one.label), " = ") for one in (*ends[:1], *ends[-1:])]
    return [Phrase("tabulation.as_numbers", {"ends": Joined(tuple(told), "; ")})] if told else []


def whole_of(several: Sequence[Answers]) -> Answers | None:
    """The mean over the items of a battery of each who answered all of them; None where they do not share one scale."""
    first = several[0]
    codes = {tuple(option.code for option in one.options) for one in several}
    if len(several) < 2 or len(codes) > 1 or not first.options:
        return None
    numbers = np.mean([one.numbers for one in several if one.numbers is not None], axis=0)
    words = Words(**{lang: text("tabulation.whole_battery", lang) for lang in LANGUAGES})
    state = np.where(np.all([one.state == VALID for one in several], axis=0), VALID, BLANK).astype(np.int8)
    return dataclasses.replace(first, item=first.item.model_copy(update={"id": TOTAL, "text": words}), numbers=numbers, state=state)


def number_frame(parts: list[Part], heads: tuple[Banner, ...]) -> list[dict[str, Any]]:
    """One row an item and group."""
    rows = []
    for part in parts:
        assert part.answers.numbers is not None
        counted = part.asked.scope & (part.answers.state == VALID)
        for head in heads:
            for place, group in enumerate(head.codes):
                numbers = part.answers.numbers[counted & (head.place == place)]
                row = {
                    "item": part.item.id,
                    "by": head.by,
                    "group": group,
                    "n": len(numbers),
                    "positive": int((numbers > 0).sum()),
                    **_statistics(numbers),
                }
                if part.design is not None:
                    row |= part.design.mean(part.answers.numbers, counted & (head.place == place))
                rows.append(row)
    return rows


def number_measures(decimals: int, *, weighted: bool) -> tuple[Measure, ...]:
    """The base and the statistics."""
    names = (*STATISTICS, *(WEIGHTED if weighted else ()))
    statistics = (Measure(name, "number", max(decimals, 1), label=Phrase(f"tabulation.{_word(name)}")) for name in names)
    # How many gave more than nothing is asked for by its address.
    positive = Measure("positive", of="n", label=Phrase("tabulation.positive"))
    return (Measure("n", label=Phrase("tabulation.n_valid")), *statistics, positive)


def number_shows(form: Form, items: int, decimals: int, *, weighted: bool) -> tuple[Column, ...]:
    """Statistics side by side; items and groups only where there are several."""
    lead = [Column("item", Phrase("tabulation.statement"))] if items > 1 else []
    if form.key:
        lead.append(Column(form.key, form.heading))
    names = ("mean", "weighted", "se", "weighted_total", "se_total") if weighted else STATISTICS
    statistics = (Column(name, Phrase(f"tabulation.{_word(name)}"), "number", max(decimals, 1)) for name in names)
    return (*lead, Column("n", Phrase("tabulation.n_valid"), "count"), *statistics)


def _word(name: str) -> str:
    return {"weighted": "weighted_mean", "weighted_total": "weighted_sum"}.get(name, name)


def _statistics(numbers: NDArray[np.float64]) -> dict[str, float]:
    if not len(numbers):
        return dict.fromkeys(STATISTICS, float("nan"))
    lower, middle, upper = (float(value) for value in np.quantile(numbers, [0.25, 0.5, 0.75]))
    return {
        "mean": float(numbers.mean()),
        "sd": float(numbers.std(ddof=1)) if len(numbers) > 1 else float("nan"),
        "min": float(numbers.min()),
        "q1": lower,
        "median": middle,
        "q3": upper,
        "max": float(numbers.max()),
        "sum": float(numbers.sum()),
    }
