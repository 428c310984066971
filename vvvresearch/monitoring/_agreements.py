"""Collaboration with municipalities: agreements in force on a day, and how far it has come in each housing area."""

from __future__ import annotations

import datetime

import pandas as pd

from vvvresearch.evidence import Register, span_of
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._records import cells_of, last_day, names_of, records, stated, words_of
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result, Share, Total

STATES = ("in_force", "expired", "not_yet", "none")


def agreements(register: Register | pd.DataFrame, *, on: str = "", municipalities: pd.DataFrame | None = None, soon: int = 183) -> Result:
    """Municipalities by their agreement on a day: in force, expired, signed later, or none; each municipality once.

    An agreement is in force from the day it was signed to the day it expires, that day included; one without an end is in force until
    somebody ends it, and one that was never signed is none. A municipality with several counts as in force where one of them is.

    Args:
        register: one row an agreement: municipality, signed, and where known expires, agreement_type, organisation.
        on: the day, "2022-06-30"; left out: the last day on which one was signed.
        municipalities: code and name of all that there are; left out, those without an agreement are not known and not counted. A register
            that has municipalities without an agreement itself is counted among its own.
        soon: agreements in force that expire within so many days are listed.

    Returns:
        Result; frame state, n, of (municipalities). Addresses `agreements.<state>.n`, `.share`. Totals: `agreements` (rows), `standing`
        (agreements in force, each by itself), `several` (municipalities where more than one organisation has one in force; not known
        without organisations), `expiring`. Parts: `types` (agreement_type, n agreements in force), `list` (one row an agreement in
        force), `expiring`.

    Raises:
        AnalysisError: no table, or columns are missing.

    Example:
        >>> rows = {"municipality": ["0101", "0147"], "signed": ["2020-01-01", "2019-01-01"], "expires": ["", "2020-12-31"]}
        >>> agreements(pd.DataFrame(rows), on="2021-06-30").cell("agreements.in_force.n").value
        1
    """
    known = records(register, "agreements", ("municipality", "signed"))
    rows = agreement_states(known.frame, last_day(known.frame, on, "signed"))
    day = last_day(known.frame, on, "signed")
    best = rows.groupby("municipality")["state"].agg(lambda states: min(states, key=STATES.index))
    names = names_of(municipalities)
    # A list with municipalities that have signed nothing says itself of whom it speaks.
    codes = sorted(best.index) if municipalities is None or (rows["state"] == "none").any() else list(names)
    state = pd.Series({code: best.get(code, "none") for code in codes}, dtype=object)
    shown = [one for one in STATES if one != "none" or municipalities is not None or (state == "none").any()]
    frame = pd.DataFrame([(one, int((state == one).sum()), len(codes)) for one in shown], columns=["state", "n", "of"])
    standing = rows[rows["state"] == "in_force"]
    until = (datetime.date.fromisoformat(day) + datetime.timedelta(days=soon)).isoformat() if day else ""
    expiring = standing[(standing["expires"] != "") & (standing["expires"] <= until)]
    base = Base(len(codes), "municipality")
    return Result(
        frame=frame,
        base=base,
        title=Phrase("monitoring.agreements_title", {"date": day}),
        notes=(Phrase("monitoring.agreements_note"),),
        shows=(
            Column("state", Phrase("monitoring.agreement_state")),
            Column("n", Phrase("programme.presence_n"), "count"),
            Share("share", Phrase("programme.presence_percent"), count="n", n="of"),
        ),
        kind=known.kind,
        at="agreements",
        keys=("state",),
        measures=(Measure("n", of="of"), Measure("share", "share", of="of", count="n")),
        labels={"state": Labels({one: Phrase(f"monitoring.agreement_{one}") for one in STATES})},
        totals={
            "agreements": Total(int((rows["signed"] != "").sum()), base),
            "standing": Total(len(standing), base),
            "several": Total(_with_several(standing), base),
            "expiring": Total(len(expiring), base),
        },
        parts={
            "types": _types(standing, known.kind),
            "list": _listed(standing, names, known.kind, "list"),
            "expiring": _listed(expiring, names, known.kind, "expiring"),
        },
    )


def agreement_states(frame: pd.DataFrame, day: str) -> pd.DataFrame:
    """Every agreement with its state on a day: municipality, agreement_type, organisation, signed, expires, state."""
    names = ("municipality", "agreement_type", "organisation", "signed", "expires")
    rows = pd.DataFrame({name: cells_of(frame, name).to_numpy() for name in names})
    over = (rows["expires"] != "") & (rows["expires"] < day)
    rows["state"] = over.map({True: "expired", False: "in_force"}).mask(rows["signed"] > day, "not_yet").mask(rows["signed"] == "", "none")
    return rows


def _with_several(standing: pd.DataFrame) -> int | None:
    """How many municipalities have agreements in force with more than one organisation; None where nobody wrote which."""
    if len(standing) and (standing["organisation"] == "").all():
        return None
    return int((standing[standing["organisation"] != ""].groupby("municipality")["organisation"].nunique() > 1).sum())


def _types(standing: pd.DataFrame, kind: DataKind) -> Result:
    if standing.empty:
        return Result.missing(Phrase("monitoring.agreements_none"))
    counts = stated(standing["agreement_type"]).value_counts(sort=True).rename_axis("agreement_type").reset_index(name="n")
    return Result(
        frame=counts,
        base=Base(len(standing), "agreement"),
        title=Phrase("monitoring.agreement_types"),
        shows=(Column("agreement_type", Phrase("monitoring.agreement_type")), Column("n", Phrase("monitoring.agreements"), "count")),
        kind=kind,
        at="agreements/types",
        keys=("agreement_type",),
        measures=(Measure("n", of=""),),
        labels={"agreement_type": words_of(counts["agreement_type"], "agreement")},
    )


def _listed(rows: pd.DataFrame, names: dict[str, str], kind: DataKind, which: str) -> Result:
    if rows.empty:
        return Result.missing(Phrase(f"monitoring.agreements_none_{which}"))
    shown = [name for name in ("municipality", "agreement_type", "organisation", "signed", "expires") if (rows[name] != "").any()]
    return Result(
        frame=rows.sort_values(["expires" if which == "expiring" else "municipality", "signed"], kind="stable", ignore_index=True)[shown],
        base=Base(len(rows), "agreement"),
        title=Phrase(f"monitoring.agreements_{which}"),
        shows=tuple(Column(name, Phrase(f"monitoring.agreement_{name}")) for name in shown),
        kind=kind,
        labels={"municipality": Labels(names), "agreement_type": words_of(rows["agreement_type"], "agreement")},
    )


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
