"""A comparison of two sides as one row an answer and side, which is how figures take it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import Sayable, say
from vvvresearch.results import Result
from vvvresearch.survey.tabulation._labelled import SaidResult


def long_form(result: SaidResult, labels: tuple[str | Sayable, str | Sayable], side: str) -> Result:
    """The rows of both sides under one another.

    Args:
        result: a comparison whose frame has x1, n1, x2, n2.
        labels: names of the two sides.
        side: the column that names the side: "wave" or "group_label".

    Raises:
        AnalysisError: a comparison of means, which has no counts.
    """
    frame = result.frame
    if not {"x1", "n1", "x2", "n2"} <= set(frame.columns):
        raise AnalysisError("a comparison of means has no counts to draw", where="frame")
    single = frame["item"].nunique() == 1
    one_each = not frame["item"].duplicated().any()
    rows: list[dict[str, Any]] = []
    for row in frame.to_dict("records"):
        label = row["label"] if single else row["question"] if one_each else f"{row['question']}: {row['label']}"
        for place, name in zip("12", labels, strict=True):
            rows.append(
                {
                    "item": row["item"],
                    "code": row["code"],
                    "label": label,
                    side: say(name, result.lang),
                    "count": int(row[f"x{place}"]),
                    "n": int(row[f"n{place}"]),
                }
            )
    columns = ["item", "code", "label", side, "count", "n"]
    return Result(
        frame=pd.DataFrame(rows, columns=columns),
        base=result.base,
        title=result.title,
        notes=result.notes,
        kind=result.kind,
        lang=result.lang,
    )
