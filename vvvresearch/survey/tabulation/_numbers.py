"""Number items: how many gave a number, and where the numbers lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import Phrase
from vvvresearch.results import Column
from vvvresearch.survey.tabulation._answers import VALID
from vvvresearch.survey.tabulation._banner import Banner
from vvvresearch.survey.tabulation._rows import PHRASES, Part
from vvvresearch.survey.tabulation._table import SurveyTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATISTICS = ("n_valid", "mean", "sd", "min", "q1", "median", "q3", "max", "sum")


def number_table(
    parts: list[Part], weights: NDArray[np.float64] | None, decimals: int, heads: tuple[Banner, ...], shared: dict[str, Any]
) -> SurveyTable:
    """The table of one number item or several."""
    from vvvresearch.survey.tabulation import _notes

    if weights is not None:
        raise AnalysisError("number items are tabulated without weights", where=parts[0].item.id)
    rows = []
    for part in parts:
        assert part.answers.numbers is not None
        counted = part.asked.scope & (part.answers.state == VALID)
        for head in heads:
            for place, group in enumerate(head.codes):
                numbers = part.answers.numbers[counted & (head.place == place)]
                for name, value in _statistics(numbers).items():
                    rows.append(
                        {
                            "item": part.item.id,
                            "text": part.item.text,
                            "code": name,
                            "label": Phrase(f"tabulation.{name}"),
                            "by": head.by,
                            "group": group,
                            "group_label": head.labels[place],
                            "value": value,
                            "n": len(numbers),
                        }
                    )
    frame = pd.DataFrame(rows)
    spoken = {name: tuple(frame[name]) for name in PHRASES}
    for name in PHRASES:
        frame[name] = [phrase.say(shared["lang"]) for phrase in frame[name]]
    wide = pd.DataFrame({"label": spoken["label"], "value": frame["value"], "n": frame["n"]})
    columns = [Column("label", Phrase("tabulation.statistic")), Column("value", Phrase("tabulation.value"), "number", max(decimals, 1))]
    if len(parts) > 1:
        wide["text"] = list(spoken["text"])
        columns.insert(0, Column("text", Phrase("tabulation.statement")))
    if len(heads) > 1:
        wide["group"] = list(spoken["group_label"])
        columns.insert(0, Column("group", Phrase("tabulation.group")))
    if len(parts) > 1 or len(heads) > 1:
        columns.append(Column("n", "n", "count"))
    wide = wide[frame["code"] != "n_valid"].reset_index(drop=True)
    notes = [Phrase("tabulation.denominator_number"), Phrase("tabulation.quartiles"), *_notes.banner_notes(heads, parts)]
    return SurveyTable(frame=frame, wide=wide, shows=tuple(columns), notes=tuple(notes), spoken=spoken, **shared)


def _statistics(numbers: NDArray[np.float64]) -> dict[str, float]:
    if not len(numbers):
        return {name: 0.0 if name == "n_valid" else float("nan") for name in STATISTICS}
    lower, middle, upper = (float(value) for value in np.quantile(numbers, [0.25, 0.5, 0.75]))
    return {
        "n_valid": float(len(numbers)),
        "mean": float(numbers.mean()),
        "sd": float(numbers.std(ddof=1)) if len(numbers) > 1 else float("nan"),
        "min": float(numbers.min()),
        "q1": lower,
        "median": middle,
        "q3": upper,
        "max": float(numbers.max()),
        "sum": float(numbers.sum()),
    }
