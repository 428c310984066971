"""Volunteers: how many there are at the end of each year, who came, who left, and how they were found."""

from __future__ import annotations

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._records import cells_of, last_day, records, stated, words_of
from vvvresearch.results import Base, Column, Measure, Picture, Result, Share, Total


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
