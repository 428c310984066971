"""Recruiting campaigns in the demo round: when they ran and what came of them."""

from __future__ import annotations

import datetime

import pandas as pd

# Quarter -> name, enquiries and how many of the volunteers in the register came by it.
CAMPAIGNS = {
    "2018-Q2": ("En bænk i parken", 148, 61),
    "2019-Q3": ("Kom med til marked", 187, 74),
    "2020-Q4": ("Del en kop kaffe", 212, 88),
    "2021-Q2": ("Få en ny nabo", 164, 71),
    "2021-Q4": ("Din hverdag er nok", 240, 95),
    "2022-Q2": ("En time om ugen", 305, 132),
}


def quarter_of(day: datetime.date) -> str:
    """The quarter of a day: 2021-Q2."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def campaigns() -> pd.DataFrame:
    """One row a campaign."""
    rows = [(quarter, *told) for quarter, told in CAMPAIGNS.items()]
    return pd.DataFrame(rows, columns=["quarter", "campaign", "enquiries", "new_volunteers"])
