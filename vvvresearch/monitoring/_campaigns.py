"""Campaigns by quarter, with what was counted while they ran."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from vvvresearch.evidence import Register
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._records import records
from vvvresearch.results import Base, Column, Measure, Result


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
