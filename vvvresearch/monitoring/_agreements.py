"""Agreements with municipalities: how many are in force on a day, of what type, and which run out soon."""

from __future__ import annotations

import datetime

import pandas as pd

from vvvresearch.evidence import Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._records import cells_of, last_day, names_of, records, stated, words_of
from vvvresearch.results import Base, Column, Labels, Measure, Result, Share, Total

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
