"""Figures from outside the programme, year by year: what it works in, and never what it has done."""

from __future__ import annotations

import pandas as pd

from vvvresearch.evidence import Register
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._records import cells_of, records, words_of
from vvvresearch.results import Base, Column, Measure, Picture, Result


def context_figures(register: Register | pd.DataFrame) -> Result:
    """Context figures by year.

    Args:
        register: one row a year and figure: year, figure, value, and where known document.

    Returns:
        Result; frame figure, year, value, document. Addresses `context_figures.<figure>.<year>.value`. Picture: trend of the figure that
        is known for most years.

    Raises:
        AnalysisError: no table, or columns are missing.

    Example:
        >>> rows = {"year": [2020, 2021], "figure": ["arrivals"] * 2, "value": [604, 733]}
        >>> context_figures(pd.DataFrame(rows)).cell("context_figures.arrivals.2021.value").value
        733.0
    """
    known = records(register, "context", ("year", "figure", "value"))
    frame = pd.DataFrame({name: cells_of(known.frame, name).to_numpy() for name in ("figure", "year", "document")})
    frame["value"] = pd.to_numeric(known.frame["value"]).astype(float).to_numpy()
    frame = frame.sort_values(["figure", "year"], kind="stable", ignore_index=True)
    figures = list(dict.fromkeys(frame["figure"]))
    documents = (Column("document", Phrase("monitoring.document")),) if (frame["document"] != "").any() else ()
    labels = words_of(figures, "figure")
    most = max(figures, key=lambda one: int((frame["figure"] == one).sum()), default="")
    points = frame.loc[frame["figure"] == most, ["year", "value"]].rename(columns={"year": "period"}).reset_index(drop=True)
    title = Phrase("monitoring.context_trend", {"figure": labels.words.get(most, most)})
    return Result(
        frame=frame,
        base=Base(len(frame), "value"),
        title=Phrase("monitoring.context_title"),
        notes=(Phrase("monitoring.context_note"),),
        shows=(
            Column("figure", Phrase("monitoring.figure")),
            Column("year", Phrase("programme.volume_period")),
            Column("value", Phrase("monitoring.value"), "number"),
            *documents,
        ),
        kind=known.kind,
        at="context_figures",
        keys=("figure", "year"),
        measures=(Measure("value", "number", of=""),),
        labels={"figure": labels},
        pictures={"trend": Picture("trend", points, title)} if len(points) > 1 else {},
    )
