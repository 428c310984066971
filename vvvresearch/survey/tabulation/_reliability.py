"""How reliable a battery is as one scale: Cronbach's alpha and McDonald's omega with limits, and alpha without each item."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Battery, Survey
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Interval, Labels, Measure, Result, address_part, recorded
from vvvresearch.statistics.scales import cronbach_alpha, mcdonald_omega
from vvvresearch.survey.tabulation._answers import VALID, as_survey, find_items, read_answers
from vvvresearch.survey.tabulation._tabulate import known_unit

_ROLES = ("answer", "other")


@recorded
def reliability(survey: Survey | pd.DataFrame, items: str | Battery | Sequence[str], *, level: float = 0.95) -> Result:
    """Whether the items of a battery measure one thing, from those who answered all of them.

    Answers count by their place on the scale; don't know and refused are no place. Items that point the other way must be turned
    first: a negative alpha without an item says where to look.

    Args:
        survey: answers with their questionnaire, or a plain table of numbers.
        items: a battery or its id, or several ids of items on one ordered scale (or numbers).
        level: of the limits.

    Returns:
        Result; `.frame`: item ("total" first), n (complete answers), alpha, lower, upper (Feldt), omega, omega_lower, omega_upper (the
        total only), without (alpha of the battery without the item; missing, with a note, where the sum of the others does not vary).
        Address `<survey>/reliability.<battery>.total.alpha`.

    Raises:
        AnalysisError: fewer than two items or two complete respondents, items without an order, or a sum that does not vary.

    Source:
        Cronbach 1951; Feldt 1965; McDonald 1999.

    Example:
        >>> import vvvresearch as vvv
        >>> found = vvv.open_round("demo").reliability("leaders-2021", "benefit")
        >>> found.frame["item"].iloc[0], round(float(found.frame["alpha"].iloc[0]), 2)
        ('total', -0.13)
    """
    survey = as_survey(survey, items, amounts=True)
    chosen, battery = find_items(survey, items)
    if len(chosen) < 2:
        raise AnalysisError("a scale needs at least two items", where="items", todo="name a battery, or several items")
    columns = []
    for item in chosen:
        answers = read_answers(survey, item)
        if answers.numbers is not None:
            columns.append(np.where(answers.state == VALID, answers.numbers, np.nan))
            continue
        if answers.position is None or item.type not in ("likert", "battery"):
            raise AnalysisError(f"{item.id} has no ordered answers", where="items", todo="name items on one scale")
        rank = {place: number for number, place in enumerate(p for p, one in enumerate(answers.options) if one.role in _ROLES)}
        columns.append(np.array([rank.get(int(place), np.nan) for place in answers.position], dtype=float))
    table = np.column_stack(columns)
    found, omega = cronbach_alpha(table, level), mcdonald_omega(table, level)
    nan = float("nan")
    without = found.without or (None,) * len(chosen)
    rows = [
        {
            "item": "total",
            "n": found.n,
            "alpha": found.alpha.estimate,
            "lower": found.alpha.lower,
            "upper": found.alpha.upper,
            "omega": nan if omega is None else omega.estimate,
            "omega_lower": nan if omega is None else omega.lower,
            "omega_upper": nan if omega is None else omega.upper,
            "without": nan,
        },
        *({"item": item.id, "n": found.n, "without": value} for item, value in zip(chosen, without, strict=True)),
    ]
    asked = survey.questionnaire
    assert asked is not None
    name = address_part(battery or "+".join(item.id for item in chosen))
    measures = ("alpha", "lower", "upper", "omega", "omega_lower", "omega_upper", "without")
    return Result(
        frame=pd.DataFrame(rows, columns=["item", "n", *measures]),
        base=Base(found.n, known_unit(asked.frame.unit), group=asked.group, wave=asked.wave),
        title=Phrase("tabulation.reliability_title", {"survey": asked.title}),
        notes=(
            Phrase("tabulation.reliability_note", {"n": found.n, "items": found.items}),
            *((Phrase("tabulation.alpha_without_none"),) if None in found.without else ()),
        ),
        shows=(
            Column("item", Phrase("tabulation.statement")),
            Column("alpha", Phrase("tabulation.alpha"), "number", 2),
            Interval("interval", Phrase("tabulation.interval"), decimals=2),
            Column("omega", Phrase("tabulation.omega"), "number", 2),
            Interval("omega_interval", Phrase("tabulation.interval"), decimals=2, lower="omega_lower", upper="omega_upper"),
            Column("without", Phrase("tabulation.alpha_without"), "number", 2),
        ),
        kind=survey.kind,
        at=f"{survey.id}/reliability-{name}",
        keys=("item",),
        measures=tuple(Measure(one, "number", 2) for one in measures),
        labels={"item": Labels({"total": Phrase("tabulation.whole_battery")} | {item.id: item.text for item in chosen})},
    )
