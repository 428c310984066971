"""Need: in how many municipalities there is one, for new arrivals and for those who have lived here long, extract by extract."""

from __future__ import annotations

import pandas as pd

from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.results import Base, Column, Labels, Measure, Result, Share

# Column of the extracts -> the group whose need it judges.
NEEDS = {"need_new_arrivals": "new_arrivals", "need_long_term": "long_term"}
_VERDICTS = ("yes", "no", "unknown")
_ALSO = {"true": "yes", "false": "no"}


def need(extracts: pd.DataFrame, kind: DataKind) -> Result:
    """Municipalities by whether there is a need, for both groups apart; what nobody judged is unknown, never no need.

    Args:
        extracts: one row a municipality and extract, with `need_new_arrivals` or `need_long_term`.
        kind: of the extracts.

    Returns:
        Result; frame extract, group (`new_arrivals`, `long_term`), verdict (`yes`, `no`, `unknown`), n, of. Addresses
        `presence/need.<extract>.<group>.<verdict>.n`, `.share`. Absent where no need is judged.
    """
    columns = [name for name in NEEDS if name in extracts.columns]
    rows = []
    for extract, group in extracts.groupby("extract", sort=True) if columns else ():
        for name in columns:
            said = needs_told(group, NEEDS[name])
            rows += [(extract, NEEDS[name], verdict, int((said == verdict).sum()), len(group)) for verdict in _VERDICTS]
    if not any(row[2] != "unknown" and row[3] for row in rows):
        return Result.missing(Phrase("monitoring.need_none"), title=Phrase("monitoring.need_title"))
    frame = pd.DataFrame(rows, columns=["extract", "group", "verdict", "n", "of"])
    return Result(
        frame=frame,
        base=Base(int(frame["of"].max()), "municipality"),
        title=Phrase("monitoring.need_title"),
        notes=(Phrase("monitoring.need_note"),),
        shows=(
            Column("extract", Phrase("programme.presence_extract")),
            Column("group", Phrase("monitoring.need_group")),
            Column("verdict", Phrase("monitoring.need_verdict")),
            Column("n", Phrase("programme.presence_n"), "count"),
            Share("share", Phrase("programme.presence_percent"), count="n", n="of"),
        ),
        kind=kind,
        at="presence/need",
        keys=("extract", "group", "verdict"),
        measures=(Measure("n", of="of"), Measure("share", "share", of="of", count="n")),
        labels={
            "group": Labels({group: Phrase(f"monitoring.need_{group}") for group in NEEDS.values()}),
            "verdict": Labels({verdict: Phrase(f"monitoring.need_is_{verdict}") for verdict in _VERDICTS}),
        },
    )


def needs_told(extract: pd.DataFrame, group: str) -> pd.Series:
    """Whether each municipality of an extract has a need of one group: yes, no, or unknown."""
    column = next(name for name, one in NEEDS.items() if one == group)
    said = extract[column].fillna("").astype(str).str.strip().str.casefold().replace(_ALSO)
    return said.where(said.isin(_VERDICTS), "unknown")
