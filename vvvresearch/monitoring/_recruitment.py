"""How people came to the programme: who referred them, campaigns, and volunteers who came, left and how they were found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd

from vvvresearch.errors import AnalysisError, UnanswerableError
from vvvresearch.evidence import Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, has_words
from vvvresearch.monitoring._records import UNKNOWN, Matches, cells_of, checked, last_day, records, stated, words_of
from vvvresearch.monitoring.matches import MatchEvents
from vvvresearch.results import TOTAL, Base, Column, Labels, Measure, Picture, Result, Share, Total


def referrals(
    matches: Matches,
    *,
    campaigns: Register | pd.DataFrame | None = None,
    by: str = "referral_source",
    period: Literal["year", "quarter"] = "year",
    sources: Sequence[str] = (),
) -> Result:
    """Referral sources, counted by person: how many different people each source has referred, by period and in all.

    A person with two matches is one person; one who came twice in a period by the same source counts once there, and once in all.
    Whom two sources referred is counted under both, and once in the total. A source that nobody stated is "unknown", never none.
    Without ids of persons the matches are counted, and the table says so.

    Args:
        matches: register of referrals (person, referred, referral_source), or of matches (as `duration`) with referral_source, and where
            known refugee (person id). The date is `referred` where the register has it, else the start.
        campaigns: one row a campaign: quarter ("2021-Q2"), campaign, and where counted enquiries and new_volunteers.
        by: the column with the source.
        period: "year" or "quarter".
        sources: the sources in their order; default by how many they referred.

    Returns:
        Result; frame period (all of them, then "total"), source ("total" last), persons, n (different persons of the period), matches.
        Addresses `referrals.<period>.<source>.persons`, `.share`, `referrals.total.<source>.persons`. Totals: `persons`, `twice` (referred
        by more than one source). Part `campaigns`. Picture: trend.

    Raises:
        UnanswerableError: no such column.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": list("abc"), "refugee": ["r", "r", "s"], "start": ["2020-01-01", "2020-09-01", "2021-02-01"],
        ...     "end": ["2020-05-01", "", ""], "referral_source": ["municipality", "municipality", "self"]}
        >>> table = referrals(pd.DataFrame(rows))
        >>> table.cell("referrals.2020.municipality.persons").value, table.cell("referrals.total.total.persons").value
        (1, 2)
    """
    rows, kind, by_person = referral_rows(matches, by, period)
    known = list(rows["source"].value_counts().index)
    order = [*sources, *(one for one in known if one not in sources and one != UNKNOWN), *([UNKNOWN] if UNKNOWN in known else []), TOTAL]
    periods = [*sorted(rows["period"].unique()), TOTAL]
    found = []
    for when in periods:
        own = rows if when == TOTAL else rows[rows["period"] == when]
        n = own["person"].nunique()
        for source in order:
            chosen = own if source == TOTAL else own[own["source"] == source]
            found.append((when, source, chosen["person"].nunique(), n, len(chosen)))
    frame = pd.DataFrame(found, columns=["period", "source", "persons", "n", "matches"])
    n = int(rows["person"].nunique())
    base = Base(n, "person" if by_person else "match")
    twice = int((rows[rows["source"] != UNKNOWN].groupby("person")["source"].nunique() > 1).sum())
    notes: list[Any] = [Phrase("monitoring.referrals_note" if by_person else "monitoring.referrals_by_match")]
    if twice:
        notes.append(Phrase("monitoring.referrals_twice", {"n": twice}))
    drives = Result.missing(Phrase("absent.campaigns")) if campaigns is None else _campaign_table(campaigns, period=period)
    words: dict[Any, Any] = {TOTAL: Phrase("common.total"), UNKNOWN: Phrase("monitoring.not_stated")}
    words |= {one: Phrase(key) for one in known if has_words(key := f"monitoring.source_{one}")}
    return Result(
        frame=frame,
        base=base,
        title=Phrase("monitoring.referrals_title"),
        notes=tuple(notes),
        shows=(
            Column("period", Phrase("programme.volume_period")),
            Column("source", Phrase("monitoring.source")),
            Column("persons", Phrase("monitoring.persons" if by_person else "monitoring.matches"), "count"),
            Share("share", Phrase("programme.endings_share"), count="persons", n="n"),
        ),
        kind=kind,
        at="referrals",
        keys=("period", "source"),
        measures=(Measure("persons"), Measure("matches", of=""), Measure("share", "share", count="persons")),
        labels={"source": Labels(words), "period": Labels({TOTAL: Phrase("common.total")})},
        bases={(row["period"],): Base(int(row["n"]), base.unit) for row in frame.to_dict("records")},
        base_on=("period",),
        totals={"persons": Total(n, base), "twice": Total(twice, base)},
        parts={"campaigns": drives},
        pictures=_picture(frame, order, words, drives),
    )


def referral_rows(matches: Matches, by: str, period: str) -> tuple[pd.DataFrame, DataKind, bool]:
    """The register with the person, source and period of every referral, the kind of the data, and whether persons are known.

    Raises:
        UnanswerableError: no such column.
        SchemaError: the register has faults.
    """
    events: MatchEvents | None = None
    if isinstance(frame := matches.frame if isinstance(matches, Register) else matches, pd.DataFrame) and _is_referrals(frame):
        kind = matches.kind if isinstance(matches, Register) else DataKind.REAL
    else:
        events, kind = checked(matches)
        frame = events.frame
    if by not in frame.columns:
        todo = "the register needs a column that says who referred: referral_source"
        raise UnanswerableError(f"the register has no column {by!r}", reason=Phrase("absent.referral_source"), where="by", todo=todo)
    date = pd.to_datetime(frame["referred"], errors="coerce") if "referred" in frame.columns else frame["start"]
    date = date if events is None else date.fillna(frame["start"])
    when, source = date.dt.year.astype(str), frame[by].astype(object)
    person = frame["person"] if events is None else frame["match"] if events.refugee is None else events.refugee
    rows = frame.assign(
        person=person,
        source=source.where(source.notna() & (source != ""), UNKNOWN).astype(str),
        period=when if period == "year" else when + "-Q" + date.dt.quarter.astype(str),
    )
    return rows, kind, events is None or events.refugee is not None


def _is_referrals(frame: pd.DataFrame) -> bool:
    return {"person", "referred"} <= set(frame.columns) and "start" not in frame.columns


def _picture(frame: pd.DataFrame, order: Sequence[str], words: dict[Any, Any], drives: Result) -> dict[str, Picture]:
    """The four sources with most persons over time; a period with a campaign is starred."""
    chosen = [one for one in order if one not in (TOTAL, UNKNOWN)][:4]
    points = frame[frame["source"].isin(chosen) & (frame["period"] != TOTAL)]
    if points["period"].nunique() < 2:
        return {}
    marked = set(drives.frame["period"]) if drives else set()
    rows = pd.DataFrame(
        {
            "period": [f"{one}*" if one in marked else one for one in points["period"]],
            "value": points["persons"].astype(float).to_numpy(),
            "series": pd.Series([words.get(one, one) for one in points["source"]], dtype=object),
        }
    ).sort_values("series", key=lambda column: points["source"].map(list(chosen).index).to_numpy(), kind="stable", ignore_index=True)
    notes = (Phrase("monitoring.campaign_mark"),) if marked else ()
    return {"trend": Picture("trend", rows, Phrase("monitoring.referrals_title"), notes=notes)}


def campaigns(register: Register | pd.DataFrame, *, period: Literal["year", "quarter"] = "year") -> Result:
    """The campaigns, with enquiries and new volunteers where they were counted. What rose meanwhile need not be their doing.

    Args:
        register: one row a campaign and quarter: quarter ("2021-Q2"), campaign, and where counted enquiries and new_volunteers.
        period: what the column period holds, for what is set beside campaigns.

    Returns:
        Result; frame quarter, campaign, enquiries, new_volunteers, period. Addresses `campaigns.<quarter>.<campaign>.enquiries`.

    Raises:
        AnalysisError: no table, or columns are missing.

    Example:
        >>> rows = {"quarter": ["2021-Q2"], "campaign": ["Bliv ven"], "enquiries": [164]}
        >>> campaigns(pd.DataFrame(rows)).cell("enquiries", quarter="2021-Q2").value
        164
    """
    known = records(register, "campaigns", ("quarter", "campaign"))
    numbers = [name for name in ("enquiries", "new_volunteers") if name in known.frame.columns]
    table = known.frame[["quarter", "campaign", *numbers]].reset_index(drop=True)
    table = table.assign(period=[str(one)[:4] if period == "year" else str(one) for one in table["quarter"]])
    return Result(
        frame=table,
        base=Base(len(table), "value"),
        title=Phrase("monitoring.campaigns_title"),
        notes=(Phrase("monitoring.campaigns_note"),),
        shows=(
            Column("quarter", Phrase("monitoring.quarter")),
            Column("campaign", Phrase("monitoring.campaign")),
            *(Column(name, Phrase(f"monitoring.{name}"), "count") for name in numbers),
        ),
        kind=known.kind,
        at="campaigns",
        keys=("quarter", "campaign"),
        measures=tuple(Measure(name, of="") for name in numbers),
    )


# `referrals` takes campaigns by that name.
_campaign_table = campaigns


def volunteers(register: Register | pd.DataFrame, *, on: str = "") -> Result:
    """Volunteers by year: those there are at its end, those who began in it and those who stopped; three numbers that are never mixed.

    Args:
        register: one row a volunteer: volunteer (id), since, and where known until, organisation, municipality, recruited_by, trained.
        on: the day up to which the register knows, "2022-06-30"; left out: its last date. The last year is counted up to it.

    Returns:
        Result; frame year, active (on 31 December, or on that day), new, left. Addresses `volunteers.<year>.active`, `.new`, `.left`.
        Totals: `active` on the day, `ever`, `trained` (of those active, where the register says). Parts: `organisations` and `sources`
        (active volunteers by organisation, all by how they were found). Picture: stock_flow.

    Raises:
        AnalysisError: no table, columns are missing, or nobody has a date.

    Example:
        >>> rows = {"volunteer": ["a", "b"], "since": ["2020-03-01", "2021-02-01"], "until": ["2021-05-01", ""]}
        >>> volunteers(pd.DataFrame(rows), on="2021-12-31").cell("volunteers.2021.active").value
        1
    """
    known = records(register, "volunteers", ("volunteer", "since"))
    since, until = cells_of(known.frame, "since"), cells_of(known.frame, "until")
    day = last_day(known.frame, on, "since", "until")
    if not (since != "").any():
        raise AnalysisError("no volunteer has a date", where="since", todo="hand in a register with the days on which volunteers began")
    rows = []
    for year in range(int(min(one for one in since if one)[:4]), int(day[:4]) + 1):
        closing = min(f"{year}-12-31", day)
        rows.append(
            (
                str(year),
                int(there_on(known.frame, closing).sum()),
                int((since.str[:4] == str(year)).sum()),
                int((until.str[:4] == str(year)).sum()),
            )
        )
    frame = pd.DataFrame(rows, columns=["year", "active", "new", "left"])
    now = there_on(known.frame, day)
    base = Base(len(known.frame), "volunteer")
    active = Base(int(now.sum()), "volunteer")
    trained = cells_of(known.frame, "trained")
    totals = {"active": Total(active.n, base), "ever": Total(len(known.frame), base)}
    if (trained != "").any():
        totals["trained"] = Total(int((trained[now] == "yes").sum()), active)
    flow = frame.rename(columns={"year": "period", "active": "stock", "new": "inflow", "left": "outflow"})
    drawn = flow.astype({"stock": float, "inflow": float, "outflow": float})
    return Result(
        frame=frame,
        base=base,
        title=Phrase("monitoring.volunteers_title"),
        notes=(Phrase("monitoring.volunteers_note", {"date": day}),),
        shows=(
            Column("year", Phrase("programme.volume_period")),
            *(Column(name, Phrase(f"monitoring.volunteers_{name}"), "count") for name in ("active", "new", "left")),
        ),
        kind=known.kind,
        at="volunteers",
        keys=("year",),
        measures=tuple(Measure(name, of="") for name in ("active", "new", "left")),
        totals=totals,
        parts={
            "organisations": _split(known.frame[now], "organisation", known.kind),
            "sources": _split(known.frame, "recruited_by", known.kind),
        },
        pictures={"stock_flow": Picture("stock_flow", drawn, Phrase("monitoring.volunteers_title"))},
    )


def there_on(frame: pd.DataFrame, day: str) -> pd.Series[bool]:
    """Which volunteers there are at the end of a day."""
    since, until = cells_of(frame, "since"), cells_of(frame, "until")
    return (since != "") & (since <= day) & ((until == "") | (until > day))


def _split(frame: pd.DataFrame, column: str, kind: DataKind) -> Result:
    groups = cells_of(frame, column)
    if not (groups != "").any():
        return Result.missing(Phrase("monitoring.volunteers_unsplit"))
    counts = stated(groups).value_counts().rename_axis(column).reset_index(name="n").assign(of=len(frame))
    return Result(
        frame=counts,
        base=Base(len(frame), "volunteer"),
        title=Phrase(f"monitoring.volunteers_by_{column}"),
        shows=(
            Column(column, Phrase(f"monitoring.{column}")),
            Column("n", Phrase("monitoring.volunteers_title"), "count"),
            Share("share", Phrase("programme.endings_share"), count="n", n="of"),
        ),
        kind=kind,
        at=f"volunteers/by-{column}",
        keys=(column,),
        measures=(Measure("n", of="of"), Measure("share", "share", of="of", count="n")),
        labels={column: words_of(counts[column], "volunteer")},
    )
