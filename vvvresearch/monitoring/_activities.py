"""The activity log: how many activities of each type were held in each year, and how many came."""

from __future__ import annotations

import pandas as pd

from vvvresearch.evidence import Register
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._records import cells_of, records, stated, words_of
from vvvresearch.results import TOTAL, Base, Column, Labels, Measure, Result, Total


def activities(register: Register | pd.DataFrame) -> Result:
    """Activities and attendances by year and type. Who came twice came twice: attendances are no persons.

    Args:
        register: one row an activity: date, activity_type, participants, and where known volunteers (among them), municipality.

    Returns:
        Result; frame year ("total" last), activity_type ("total" last in each), n (activities), participants, volunteers (where the log
        has them). Addresses `activity_log.<year>.<type>.n`, `.participants`. Totals: `n`, `participants`, `municipalities`.

    Raises:
        AnalysisError: no table, or columns are missing.

    Example:
        >>> rows = {"date": ["2021-01-05", "2021-02-05"], "activity_type": ["café", "udflugt"], "participants": [12, 30]}
        >>> activities(pd.DataFrame(rows)).cell("activity_log.2021.total.participants").value
        42
    """
    known = records(register, "activities", ("date", "activity_type", "participants"))
    numbers = [name for name in ("participants", "volunteers") if name in known.frame.columns]
    rows = pd.DataFrame({"year": cells_of(known.frame, "date").str[:4], "activity_type": stated(cells_of(known.frame, "activity_type"))})
    rows = rows.assign(n=1, **{name: pd.to_numeric(known.frame[name]).astype("Int64") for name in numbers})
    order = list(rows["activity_type"].value_counts().index)
    found = []
    for year in [*sorted(rows["year"].unique()), TOTAL]:
        own = rows if year == TOTAL else rows[rows["year"] == year]
        for kind in [*order, TOTAL]:
            chosen = own if kind == TOTAL else own[own["activity_type"] == kind]
            if len(chosen):
                found.append((year, kind, len(chosen), *(int(chosen[name].sum()) for name in numbers)))
    frame = pd.DataFrame(found, columns=["year", "activity_type", "n", *numbers])
    base = Base(len(rows), "activity")
    towns = cells_of(known.frame, "municipality")
    return Result(
        frame=frame,
        base=base,
        title=Phrase("monitoring.activities_title"),
        notes=(Phrase("monitoring.activities_note"),),
        shows=(
            Column("year", Phrase("programme.volume_period")),
            Column("activity_type", Phrase("monitoring.activity_type")),
            Column("n", Phrase("monitoring.activities_title"), "count"),
            *(Column(name, Phrase(f"monitoring.activities_{name}"), "count") for name in numbers),
        ),
        kind=known.kind,
        at="activity_log",
        keys=("year", "activity_type"),
        measures=tuple(Measure(name, of="") for name in ("n", *numbers)),
        labels={"activity_type": words_of(order, "activity"), "year": Labels({TOTAL: Phrase("common.total")})},
        totals={
            "n": Total(len(rows), base),
            "participants": Total(int(rows["participants"].sum()), base),
            "municipalities": Total(int(towns[towns != ""].nunique()), base),
        },
    )
