"""From offer to match: how many went from step to step, and how long who accepted waited."""

from __future__ import annotations

import pandas as pd

from vvvresearch.errors import UnanswerableError
from vvvresearch.evidence import Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.monitoring import matches as leaf
from vvvresearch.monitoring._durations import SMALL_N, Known
from vvvresearch.monitoring._records import MONTH, group_labels, root_of, words_of
from vvvresearch.monitoring.matches import Offers
from vvvresearch.results import TOTAL, Base, Column, Interval, Labels, Measure, Picture, Result, Share


def funnel(offers: Register | pd.DataFrame | Offers, *, level: float = 0.95) -> Result:
    """How many were offered a friend, accepted, were matched and started; who stopped where and why.

    Args:
        offers: one row a case: case (id), referred or offered, started or matched, and where known accepted (dates, empty where it did
            not come to that, or yes and no), person, stopped (date), stop_reason, as_of. A register of matches with a column referred
            or offered serves too.
        level: of the limits.

    Returns:
        Result; frame step, n, persons, next, stopped, open, share (of those at the step before), before, lower, upper. Addresses
        `funnel.<step>.n`, `.share`. Part `reasons`: step, reason, n. Picture: bars.

    Raises:
        AnalysisError: no table.
        SchemaError: the register has faults, every one with its row.

    Example:
        >>> rows = {"case": list("abc"), "offered": "2021-01-01", "accepted": ["2021-01-05", "2021-01-06", ""],
        ...     "matched": ["2021-02-01", "", ""], "started": ""}
        >>> funnel(pd.DataFrame(rows)).cell("funnel.matched.share").value
        Fraction(1, 2)
    """
    register, kind = checked_offers(offers)
    found = leaf.funnel(register, level)
    frame = found.frame.drop(columns="share").assign(before=found.frame["n"].shift().astype("Int64"))
    words = Labels({step: Phrase(f"monitoring.step_{step}") for step in register.steps})
    base = Base(int(frame["n"].iloc[0]), "case")
    bars = pd.DataFrame({"label": [words.words[step] for step in frame["step"]], "count": frame["n"], "n": base.n})
    return Result(
        frame=frame,
        base=base,
        title=Phrase("monitoring.funnel_title"),
        notes=(Phrase("monitoring.funnel_note", {"date": register.as_of.date()}),),
        shows=(
            Column("step", Phrase("monitoring.funnel_step")),
            Column("n", Phrase("monitoring.cases"), "count"),
            Column("next", Phrase("monitoring.next"), "count"),
            Column("stopped", Phrase("monitoring.stopped"), "count"),
            Column("open", Phrase("monitoring.waiting"), "count"),
            Share("share", Phrase("monitoring.share_step"), count="n", n="before"),
            Interval("limits", Phrase("monitoring.limits_percent"), scale=100),
        ),
        kind=kind,
        at="funnel",
        keys=("step",),
        measures=(
            *(Measure(name, of="") for name in ("n", "next", "stopped", "open")),
            Measure("persons", of="", only_known=True, unit="person"),
            Measure("share", "share", of="before", count="n"),
        ),
        labels={"step": words},
        bases={(row["step"],): Base(None if pd.isna(row["before"]) else int(row["before"]), "case") for row in frame.to_dict("records")},
        base_on=("step",),
        parts={"reasons": _reasons(found.reasons, words, kind)},
        pictures={"bars": Picture("bars", bars, options={"single": False, "steps": True})},
    )


def waiting(
    offers: Register | pd.DataFrame | Offers, *, by: str | None = None, within: int = 91, small_n: int = SMALL_N, level: float = 0.95
) -> Result:
    """How long who accepted waits for a match, and the share that has one within three months; from the offer, where no acceptance is held.

    Who still waits is censored on the day of the extract; who gave up counts as not matched in the share.

    Args:
        offers: as `funnel`.
        by: a column of the register; left out: all cases together.
        within: days.
        small_n: groups with fewer cases show their counts only.
        level: of the limits.

    Returns:
        Result; frame group ("total" last), n (who waited), matched, waiting, stopped, median, median_lower, median_upper (days), share,
        lower, upper. Addresses `waiting.total.median`, `.share`, `waiting/by-<column>.<group>.median`.

    Raises:
        AnalysisError: no such column.
        UnanswerableError: nobody has waited.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"case": list("abcdef"), "offered": "2021-01-01", "accepted": "2021-01-01", "started": "", "matched": ["2021-01-11",
        ...     "2021-01-21", "2021-01-31", "2021-05-01", "2021-06-01", ""]}
        >>> waiting(pd.DataFrame(rows)).cell("waiting.total.waiting").value
        1
    """
    register, kind = checked_offers(offers)
    since, _ = register.waited
    if register.frame[since].isna().all():
        raise UnanswerableError("nobody waits or has waited for a match", reason=Phrase("absent.waited"), where=since)
    parts = [] if by is None else [leaf.waiting_time(register, within, by, small_n, level)]
    whole = leaf.waiting_time(register, within, None, small_n, level).assign(group=TOTAL)
    frame = pd.concat([*parts, whole], ignore_index=True)
    frame["group"] = frame["group"].astype(object).replace("", "unknown")
    return Result(
        frame=frame,
        base=Base(int(whole["n"].iloc[0]), "case"),
        title=Phrase(f"monitoring.waiting_since_{since}"),
        notes=(Phrase("monitoring.waiting_note", {"days": within, "months": round(within / MONTH)}),),
        shows=(
            Column("group", Phrase("monitoring.group")),
            Column("n", Phrase("monitoring.who_waited"), "count"),
            Column("matched", Phrase("monitoring.step_matched"), "count"),
            Column("waiting", Phrase("monitoring.waiting"), "count"),
            Column("stopped", Phrase("monitoring.stopped"), "count"),
            Column("median", Phrase("monitoring.median_days"), "number"),
            Known("share", Phrase("monitoring.within", {"days": within}), "percent"),
            Interval("limits", Phrase("monitoring.limits_percent"), scale=100),
        ),
        kind=kind,
        at=root_of("waiting", by),
        keys=("group",),
        measures=(
            *(Measure(name) for name in ("n", "matched", "waiting", "stopped")),
            Measure("median", "number"),
            Measure("share", "share"),
        ),
        labels={"group": group_labels()},
        bases={(row["group"],): Base(int(row["n"]), "case") for row in frame.to_dict("records")},
        base_on=("group",),
    )


def checked_offers(offers: Register | pd.DataFrame | Offers) -> tuple[Offers, DataKind]:
    """The checked register of offers and the kind of its data; of matches, the columns that say the same.

    Raises:
        AnalysisError: no table.
        SchemaError: the register has faults.
    """
    if isinstance(offers, Offers):
        return offers, DataKind.REAL
    kind = offers.kind if isinstance(offers, Register) else DataKind.REAL
    frame = offers.frame if isinstance(offers, Register) else offers
    if isinstance(frame, pd.DataFrame) and "case" not in frame.columns and {"match", "start"} <= set(frame.columns):
        frame = frame.rename(columns={"match": "case", "start": "started", "refugee": "person"})
    as_of = None
    if isinstance(frame, pd.DataFrame) and "as_of" in frame.columns:
        days = frame["as_of"].dropna().astype(str)
        as_of = days[days != ""].max() if (days != "").any() else None
    return leaf.offer_events(frame, as_of), kind


def _reasons(frame: pd.DataFrame, words: Labels, kind: DataKind) -> Result:
    if frame.empty:
        return Result.missing(Phrase("monitoring.nobody_stopped"), title=Phrase("monitoring.stop_title"))
    table = frame.assign(reason=frame["reason"].replace("", "unknown"))
    return Result(
        frame=table,
        base=Base(int(table["n"].sum()), "case"),
        title=Phrase("monitoring.stop_title"),
        shows=(
            Column("step", Phrase("monitoring.funnel_step")),
            Column("reason", Phrase("programme.endings_reason")),
            Column("n", Phrase("monitoring.cases"), "count"),
        ),
        kind=kind,
        at="funnel/stopped",
        keys=("step", "reason"),
        measures=(Measure("n", of=""),),
        labels={"step": words, "reason": words_of(table["reason"], "stop")},
    )
