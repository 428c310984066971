"""Housing areas: how far the collaboration has come in each, what stood in its way, and what was learnt."""

from __future__ import annotations

import pandas as pd

from vvvresearch.evidence import Register, span_of
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._records import cells_of, names_of, records, words_of
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result, Total

HERE = ("started", "running")


def housing_areas(register: Register | pd.DataFrame, *, municipalities: pd.DataFrame | None = None) -> Result:
    """Housing areas by the stage that the last row of their log names.

    Args:
        register: one row a step: area, month, stage, and where known municipality, barrier, lesson.
        municipalities: code and name, for the lists.

    Returns:
        Result; frame area, municipality, since and latest (months), stage, steps. Addresses `housing_areas.<area>.steps`, the number
        of areas at a stage `housing_areas.count.<stage>`, `housing_areas.total.areas`, `.here` (started or running). Part `log`: every
        step with its barrier and lesson. Picture: the stages of each area over time.

    Raises:
        AnalysisError: no table, or columns are missing.

    Example:
        >>> rows = {"area": ["A1", "A1", "A2"], "month": ["2021-01", "2021-06", "2021-02"], "stage": ["contact", "started", "planned"]}
        >>> housing_areas(pd.DataFrame(rows)).cell("housing_areas.count.started").value
        1
    """
    known = records(register, "housing_areas", ("area", "month", "stage"))
    names = ("area", "municipality", "month", "stage", "barrier", "lesson")
    log = pd.DataFrame({name: cells_of(known.frame, name).to_numpy() for name in names})
    log = log.sort_values(["area", "month"], kind="stable", ignore_index=True)
    groups = log.groupby("area", sort=True)
    frame = groups.agg(
        municipality=("municipality", "last"),
        since=("month", "first"),
        latest=("month", "last"),
        stage=("stage", "last"),
        steps=("stage", "size"),
    ).reset_index()
    towns = names_of(municipalities)
    stages = tuple(dict.fromkeys(log["stage"]))
    base = Base(len(frame), "area")
    labels = {"municipality": Labels(towns), "stage": words_of(stages, "stage")}
    placed = log[[span_of(month) is not None for month in log["month"]]]
    return Result(
        frame=frame,
        base=base,
        title=Phrase("monitoring.housing_title"),
        notes=(Phrase("monitoring.housing_note"),),
        shows=(
            Column("area", Phrase("monitoring.area")),
            Column("municipality", Phrase("monitoring.agreement_municipality")),
            Column("since", Phrase("monitoring.since")),
            Column("latest", Phrase("monitoring.latest_month")),
            Column("stage", Phrase("monitoring.stage")),
            Column("steps", Phrase("monitoring.steps"), "count"),
        ),
        kind=known.kind,
        at="housing_areas",
        keys=("area",),
        measures=(Measure("steps", of=""),),
        categories={"stage": stages},
        labels=labels,
        totals={"areas": Total(len(frame), base), "here": Total(int(frame["stage"].isin(HERE).sum()), base)},
        parts={"log": _log(log, labels, known.kind)},
        pictures={} if not len(placed) else {"timeline": Picture("stage_timeline", placed, options={"words": labels["stage"].words})},
    )


def _log(log: pd.DataFrame, labels: dict[str, Labels], kind: DataKind) -> Result:
    shown = [name for name in ("area", "month", "stage", "barrier", "lesson") if (log[name] != "").any()]
    return Result(
        frame=log[shown],
        base=Base(len(log), "contact"),
        title=Phrase("monitoring.housing_log"),
        shows=tuple(Column(name, Phrase(f"monitoring.{name}")) for name in shown),
        kind=kind,
        labels={"stage": labels["stage"]},
    )
