"""Volume: participants as a stock, a flow and a total, three numbers that are never mixed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, require_table
from vvvresearch.evidence import Register
from vvvresearch.locales import Lang, Phrase, check_lang
from vvvresearch.results import Base, Column, Result

_ORDER = {"stock": 0, "flow": 1, "total": 2}
_COLUMNS = ("measure", "what", "period", "as_of", "unit", "organisation", "value", "derived", "composite")
_MOST_FLOWS = 12


def volume(register: Register | pd.DataFrame, years: Sequence[int] | None = None, lang: str = "da") -> Result:
    """How many participants or matches: the stock at a date, the flow over a period, the total over time, side by side.

    From yearly counts the numbers are taken as they are; a total that is exactly a stock plus later flows is flagged:
    it is neither exact nor a proven bound, since people who ended before the stock was counted are missing and people can be
    matched again. From a register of matches they are counted: active on 31 December, started in the year, ended in the
    year, ever started; matches and persons apart.

    Args:
        register: counts (`COUNT_COLUMNS`) or matches (`MATCH_COLUMNS`).
        years: for matches the years to count; default all from the first start to the last event.
        lang: "da" or "en".

    Returns:
        Result; frame measure ("stock", "flow", "total"), what, period, as_of, unit, organisation, value, derived (by us), composite
        (a total made of a stock and flows).

    Raises:
        AnalysisError: the table is neither.

    Example:
        >>> rows = pd.DataFrame({"match": ["a", "b"], "start": [datetime.date(2019, 5, 1), datetime.date(2020, 2, 1)],
        ...     "end": [datetime.date(2020, 3, 1), None], "reason": ["moved", ""], "persons": [2, 1], "municipality": ["", ""]})
        >>> frame = volume(Register(rows)).frame
        >>> int(frame.query("measure == 'stock' and as_of == '2019-12-31' and unit == 'match'")["value"].iloc[0])
        1
    """
    said = check_lang(lang)
    data = register if isinstance(register, Register) else Register(register)
    require_table(data.frame, "register")
    columns = set(data.frame.columns)
    if {"measure", "value"} <= columns:
        rows, notes = _from_counts(data.frame), [Phrase("programme.volume_note")]
    elif {"start", "end"} <= columns:
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
    if frame["derived"].any():
        notes.append(Phrase("programme.volume_derived"))
    units = set(frame["unit"])
    if len(units) > 1:
        notes.append(Phrase("programme.volume_units"))
    return Result(
        frame=frame,
        base=Base(len(frame), "value"),
        title=Phrase("programme.volume_title"),
        notes=tuple(notes),
        shows=_shown(),
        kind=data.kind,
        lang=said,
    )


def _shown() -> tuple[Column, ...]:
    names = (("what", "text"), ("period", "text"), ("as_of", "text"), ("organisation", "text"), ("value", "count"))
    return tuple(Column(name, Phrase(f"programme.volume_{name}"), shape) for name, shape in names)  # type: ignore[arg-type]


def _what(measure: str, unit: str) -> Phrase:
    return Phrase("programme.volume_row", {"measure": Phrase(f"programme.measure_{measure}"), "unit": Phrase(f"units.{unit}")})


def _from_counts(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = [
        {
            "measure": row["measure"],
            "what": _what(row.get("what") or row["measure"], row["unit"]),
            "period": row["period"],
            "as_of": row["as_of"],
            "unit": row["unit"],
            "organisation": row["organisation"],
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
    last = max([*known, *(end for end in ends if end is not None)])
    rows = []
    for year in years if years is not None else range(min(known).year, last.year + 1):
        # Nothing is known after the register's last event, so the last year is counted up to it.
        closing = min(datetime.date(year, 12, 31), max(last, datetime.date(year, 1, 1)))
        chosen = {
            "stock": [s is not None and s <= closing and (e is None or e > closing) for s, e in zip(starts, ends, strict=True)],
            "flow": [s is not None and s.year == year for s in starts],
            "ended": [e is not None and e.year == year for e in ends],
            "total": [s is not None and s <= closing for s in starts],
        }
        for name, mask in chosen.items():
            rows.append(_event_row(name, "match", year, closing, sum(mask)))
            if persons:
                rows.append(_event_row(name, "person", year, closing, sum(n for n, yes in zip(persons, mask, strict=True) if yes)))
    notes = [Phrase("programme.volume_events"), Phrase("programme.volume_until", {"date": last})]
    if missing := len(starts) - len(known):
        notes.append(Phrase("programme.volume_no_start", {"n": missing}))
    if persons:
        notes.append(Phrase("programme.volume_again"))
    return rows, notes


def _event_row(name: str, unit: str, year: int, closing: datetime.date, value: int) -> dict[str, Any]:
    measure = "flow" if name == "ended" else name
    return {
        "measure": measure,
        "what": _what(name, unit),
        "period": str(year) if measure == "flow" else "",
        "as_of": "" if measure == "flow" else closing.isoformat(),
        "unit": unit,
        "organisation": "",
        "value": value,
        "derived": False,
        "composite": False,
    }


def _date(value: Any) -> datetime.date | None:
    if value is None or value == "" or pd.isna(value):
        return None
    if isinstance(value, datetime.datetime | pd.Timestamp):
        return value.date()
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value))


def stock_and_flow(result: Result, *, years: Iterable[str] = (), lang: Lang = "da") -> Result:
    """The stocks and flows of a volume table alone, in time order, as the stock-flow figure draws them.

    Args:
        result: what `volume` gave.
        years: only these years; default all.
        lang: "da" or "en".

    Returns:
        Result; .frame: the rows of `volume` that are no totals, with their year.

    Example:
        >>> import vvvresearch as vvv
        >>> counts = volume(vvv.open_round("2021-note").counts)
        >>> set(stock_and_flow(counts).frame["measure"]) <= {"stock", "flow"}
        True
    """
    wanted = set(years)
    frame = result.frame[result.frame["measure"].isin(("stock", "flow"))]
    moments = (frame["as_of"].where(frame["as_of"] != "", frame["period"])).str[:4]
    frame = frame.assign(year=moments)
    if wanted:
        frame = frame[frame["year"].isin(wanted)]
    frame = frame.sort_values(["year", "measure"], kind="stable").reset_index(drop=True)
    return Result(
        frame=frame,
        base=Base(len(frame), "value"),
        title=result.title,
        notes=result.notes,
        shows=_shown(),
        kind=result.kind,
        lang=check_lang(lang),
    )
