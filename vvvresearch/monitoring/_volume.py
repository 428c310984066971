"""Volume: participants as a stock, a flow and a total, three numbers that are never mixed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, require_table
from vvvresearch.evidence import Register
from vvvresearch.locales import Joined, Phrase
from vvvresearch.results import Base, Column, Labels, Measure, Picture, Result

_ORDER = {"stock": 0, "flow": 1, "total": 2}
_COLUMNS = ("count", "measure", "role", "unit", "organisation", "period", "as_of", "value", "derived", "composite")
# What a count declares (its measure, and what it counts where that is not who is new) -> its part in a picture of the course of time.
_ROLES = {
    ("stock", ""): "stock",
    ("flow", ""): "inflow",
    ("flow", "ended"): "outflow",
    ("flow", "helped"): "helped",
    ("total", ""): "total",
}
_WORDS = {"stock": "stock", "inflow": "flow", "outflow": "ended", "helped": "helped", "total": "total"}
_DRAWN = ("stock", "inflow", "outflow")
_SEVERAL_YEARS = re.compile(r"\d{4}\D+\d{4}")
_MOST_FLOWS = 12
# "person" and "participant" are one unit under two names in the sources.
_SAME_UNIT = {"participant": "person"}


def volume(counts: Register | pd.DataFrame, years: Sequence[int] | None = None) -> Result:
    """How many participants or matches: the stock at a date, the flow over a period, the total over time, side by side.

    From yearly counts the numbers are taken as they are; a total that is exactly a stock plus later flows is flagged:
    it is neither exact nor a proven bound, since people who ended before the stock was counted are missing and people can be
    matched again. From a register of matches they are counted: active on 31 December, started in the year, ended in the
    year, ever started; matches and persons apart.

    Args:
        counts: counts (`COUNT_COLUMNS`) or a register of matches (`MATCH_COLUMNS`).
        years: for matches the years to count; default all from the first start to the last event.

    Returns:
        Result; frame count (id), measure ("stock", "flow", "total"), role ("stock", "inflow", "outflow", "helped", "total"), unit,
        organisation, period, as_of, value, derived (by us), composite (a total made of a stock and flows). Addresses
        `counts.<count>.value`, of a register `matches.<started|ended|active|ever>-<unit>-<year>.value`. Picture: stock_flow.

    Raises:
        AnalysisError: the table is neither.

    Example:
        >>> rows = pd.DataFrame({"match": ["a", "b"], "start": [datetime.date(2019, 5, 1), datetime.date(2020, 2, 1)],
        ...     "end": [datetime.date(2020, 3, 1), None], "reason": ["moved", ""], "persons": [2, 1], "municipality": ["", ""]})
        >>> volume(Register(rows)).cell("matches.active-match-2019.value").value
        1
    """
    data = counts if isinstance(counts, Register) else Register(counts)
    require_table(data.frame, "counts")
    columns = set(data.frame.columns)
    if {"measure", "value"} <= columns:
        at, rows, notes = "counts", _from_counts(data.frame), [Phrase("programme.volume_note")]
    elif {"start", "end"} <= columns:
        at = "matches"
        rows, notes = _from_matches(data.frame, years)
    else:
        raise AnalysisError(
            "volume needs yearly counts or a register of matches",
            why="the table has neither measure and value nor start and end",
            todo="hand in round.counts or round.matches",
        )
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    frame["value"] = frame["value"].astype("Int64")
    if frame["composite"].any():
        notes.append(Phrase("programme.volume_composite"))
    if at == "counts" and frame["derived"].any():
        notes.append(Phrase("programme.volume_derived"))
    if frame["unit"].nunique() > 1:
        notes.append(Phrase("programme.volume_units"))
    shown = (("role", "text"), ("period", "text"), ("as_of", "text"), ("organisation", "text"), ("value", "count"))
    return Result(
        frame=frame,
        base=Base(len(frame), "value"),
        title=Phrase("programme.volume_title"),
        notes=tuple(notes),
        shows=tuple(Column(name, Phrase(f"programme.volume_{name}"), shape) for name, shape in shown),  # type: ignore[arg-type]
        kind=data.kind,
        at=at,
        keys=("count",),
        measures=(Measure("value", of=""),),
        labels={"role": Labels({pair: _what(*pair) for pair in zip(frame["role"], frame["unit"], strict=True)}, on=("role", "unit"))},
        bases={(row["count"],): Base(None, row["unit"], source=row["organisation"]) for row in rows},
        base_on=("count",),
        pictures=_pictures(frame),
    )


def _what(role: str, unit: str) -> Phrase:
    return Phrase("programme.volume_row", {"measure": Phrase(f"programme.measure_{_WORDS[role]}"), "unit": Phrase(f"units.{unit}")})


def _from_counts(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = [
        {
            "count": row["count"],
            "measure": row["measure"],
            "role": _ROLES.get((row["measure"], row["what"] or ""), row["measure"]),
            "unit": row["unit"],
            "organisation": row["organisation"],
            "period": row["period"],
            "as_of": row["as_of"],
            "value": row["value"],
            "derived": bool(row["derived"]),
            "composite": row["measure"] == "total" and _is_stock_plus_flows(row, frame),
        }
        for row in frame.to_dict("records")
    ]
    return sorted(rows, key=lambda row: (_ORDER[row["measure"]], row["as_of"] or row["period"], row["organisation"]))


def _is_stock_plus_flows(total: dict[Any, Any], frame: pd.DataFrame) -> bool:
    flows = [int(value) for value in frame.loc[frame["measure"] == "flow", "value"].dropna()][:_MOST_FLOWS]
    stocks = [int(value) for value in frame.loc[frame["measure"] == "stock", "value"].dropna()]
    sums = {sum(chosen) for size in range(1, len(flows) + 1) for chosen in combinations(flows, size)}
    return any(int(total["value"]) - stock in sums for stock in stocks)


def _from_matches(frame: pd.DataFrame, years: Sequence[int] | None) -> tuple[list[dict[str, Any]], list[Phrase]]:
    starts = [_date(value) for value in frame["start"]]
    ends = [_date(value) for value in frame["end"]]
    persons = [int(value) for value in frame["persons"]] if "persons" in frame.columns else []
    known = [start for start in starts if start is not None]
    if not known:
        raise AnalysisError("no match has a start date", todo="hand in a register with start dates")
    extracts = (_date(value) for value in frame["as_of"].unique()) if "as_of" in frame.columns else ()
    seen = [day for day in extracts if day is not None]
    last = max(seen or [*known, *(end for end in ends if end is not None)])
    rows = []
    for year in years if years is not None else range(min(known).year, last.year + 1):
        # Nothing is known after the extract, or without its date the last event, so the last year is counted up to it.
        closing = min(datetime.date(year, 12, 31), max(last, datetime.date(year, 1, 1)))
        chosen = {
            "active": [s is not None and s <= closing and (e is None or e > closing) for s, e in zip(starts, ends, strict=True)],
            "started": [s is not None and s.year == year for s in starts],
            "ended": [e is not None and e.year == year for e in ends],
            "ever": [s is not None and s <= closing for s in starts],
        }
        for name, mask in chosen.items():
            rows.append(_event_row(name, "match", year, closing, sum(mask)))
            if persons:
                rows.append(_event_row(name, "person", year, closing, sum(n for n, yes in zip(persons, mask, strict=True) if yes)))
    until = "programme.volume_seen" if seen else "programme.volume_until"
    notes = [Phrase("programme.volume_events"), Phrase(until, {"date": last})]
    if missing := len(starts) - len(known):
        notes.append(Phrase("programme.volume_no_start", {"n": missing}))
    if persons:
        notes.append(Phrase("programme.volume_again"))
    return rows, notes


_EVENTS = {"active": ("stock", "stock"), "started": ("flow", "inflow"), "ended": ("flow", "outflow"), "ever": ("total", "total")}


def _event_row(name: str, unit: str, year: int, closing: datetime.date, value: int) -> dict[str, Any]:
    measure, role = _EVENTS[name]
    period = str(year) if closing == datetime.date(year, 12, 31) else f"{year}-01/{closing:%Y-%m}"
    return {
        "count": f"{name}-{unit}-{year}",
        "measure": measure,
        "role": role,
        "unit": unit,
        "organisation": "",
        "period": period if measure == "flow" else "",
        "as_of": "" if measure == "flow" else closing.isoformat(),
        "value": value,
        "derived": True,
        "composite": False,
    }


def _date(value: Any) -> datetime.date | None:
    if value is None or value == "" or pd.isna(value):
        return None
    if isinstance(value, datetime.datetime | pd.Timestamp):
        return value.date()
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value))


def _pictures(frame: pd.DataFrame) -> dict[str, Picture]:
    """Stock, inflow and outflow by year, of the unit and organisation that are known for most years; its title names them."""
    moments = frame["as_of"].where(frame["as_of"] != "", frame["period"]).astype(str)
    rows = frame.assign(year=moments.str[:4], unit=frame["unit"].replace(_SAME_UNIT))
    # A number for several years belongs to none of them, and a stock of places is none of people.
    several = rows["period"].astype(str).str.match(_SEVERAL_YEARS) & ~rows["period"].astype(str).str.match(r"(\d{4})-01/\1")
    rows = rows[rows["role"].isin(_DRAWN) & rows["value"].notna() & ~several & (rows["unit"] != "municipality")]
    if rows.empty:
        return {}
    groups = rows.groupby(["organisation", "unit"], sort=False)
    (organisation, unit), group = max(groups, key=lambda pair: (pair[1]["year"].nunique(), len(pair[1])))
    wide = group.pivot_table(index="year", columns="role", values="value", aggfunc="first")
    table = wide[[name for name in _DRAWN if name in wide]].astype(float).reset_index()
    # A part of a year is said to be one.
    parts = {row["year"]: row["period"] for row in group.to_dict("records") if row["period"] and row["period"] != row["year"]}
    table["period"] = [parts.get(year, year) for year in table.pop("year")]
    who: list[Any] = [Phrase(f"units.{unit}"), *([organisation] if organisation else [])]
    return {"stock_flow": Picture("stock_flow", table, Phrase("programme.flow_title", {"who": Joined(tuple(who), ", ")}))}
