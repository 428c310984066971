"""One municipality: what every extract says of it, and its matches."""

from __future__ import annotations

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import Published, Register
from vvvresearch.kinds import combined_kind
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._presence import latest_map, status_words
from vvvresearch.results import Base, Column, Labels, Result, Total


def municipality_sheet(
    monitoring: Register | Published, municipalities: pd.DataFrame, *, municipality: str = "", matches: Register | None = None
) -> Result:
    """A municipality's state in every extract, its place on the map, and its matches.

    Args:
        monitoring: monitoring extracts, one row a municipality and extract.
        municipalities: code, name, tile_row, tile_column of those that there are.
        municipality: the code; default the first of the table.
        matches: the register of matches, where there is one.

    Returns:
        Result; frame extract, status, reason (where the extracts give one). Addresses `municipality/<code>.total.ongoing`, `.ended`.
        Picture: the map of the latest extract with the municipality marked. Absent where extracts tell only counts.

    Raises:
        AnalysisError: no such municipality.

    Example:
        >>> import vvvresearch as vvv
        >>> r = vvv.open_round("demo")
        >>> list(municipality_sheet(r.monitoring, r.municipalities).frame["extract"])
        ['2020-11', '2021-05', '2021-11', '2022-05']
    """
    if isinstance(monitoring, Published) or "municipality" not in monitoring.frame.columns:
        return Result.missing(Phrase("absent.municipality"))
    names = dict(zip(municipalities["code"].astype(str), municipalities["name"], strict=True))
    code = municipality or next(iter(names))
    if code not in names:
        raise AnalysisError(f"there is no municipality {code!r}", where="municipality", todo=did_you_mean(code, names))
    rows = monitoring.frame[monitoring.frame["municipality"] == code].sort_values("extract", kind="stable")
    shown = [name for name in ("extract", "status", "reason") if name in rows.columns]
    words = status_words(monitoring.frame["status"])
    own = None
    if matches is not None:
        # Who was offered a friend and has not met one yet stands in the register too, and goes on with nothing.
        own = matches.frame[(matches.frame["municipality"] == code) & (matches.frame["start"].notna() | matches.frame["end"].notna())]
    numbers: dict[str, int] = {}
    if own is not None:
        ongoing = int(own["end"].isna().sum())
        numbers = {"ongoing": ongoing, "ended": len(own) - ongoing}
    base = Base(len(rows), "value")
    return Result(
        frame=rows[shown].reset_index(drop=True),
        base=base,
        title=Phrase("programme.sheet_title", {"name": names[code]}),
        notes=(Phrase("programme.sheet_matches", numbers),) if numbers else (),
        shows=tuple(Column(name, Phrase(f"programme.sheet_{name}")) for name in shown),
        kind=combined_kind([monitoring.kind, *([matches.kind] if matches is not None else [])]),
        at=f"municipality/{code}",
        keys=("extract",),
        labels={"status": Labels(words)},
        totals={name: Total(number, Base(None if own is None else len(own), "match")) for name, number in numbers.items()},
        pictures={"tile_map": latest_map(monitoring.frame, words, {"tiles": municipalities, "marked": code})},
    )
