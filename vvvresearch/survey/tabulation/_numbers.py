"""Number items: how many gave a number, and where the numbers lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.locales import Phrase
from vvvresearch.results import Column, Measure
from vvvresearch.survey.tabulation._answers import VALID
from vvvresearch.survey.tabulation._banner import Banner
from vvvresearch.survey.tabulation._rows import WEIGHTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vvvresearch.survey.tabulation._rows import Part
    from vvvresearch.survey.tabulation._table import Form

STATISTICS = ("mean", "sd", "min", "q1", "median", "q3", "max", "sum")


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
