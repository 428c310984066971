"""How many matches and persons: active at a date, new in a year, ever; three numbers that are never mixed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vvvresearch.monitoring.matches._events import OPEN, PERSONS, Bools, MatchEvents, as_events, date_of, day_number, group_column
from vvvresearch.monitoring.matches._risk_sets import Ints, labelled

_COLUMNS = ["group", "measure", "unit", "period", "as_of", "value", "bound"]


def volume(events: pd.DataFrame | MatchEvents, years: Sequence[int] | None = None, by: str | None = None) -> pd.DataFrame:
    """Active, new, ended and ever for every year, from events: exact; matches, refugees and volunteers apart.

    A year closes on 31 December, the last one on the day of the extract. New are all who start a match in the year, a person
    with two starts once; first are those who never had a match before, so that their sum over years is ever. Ended persons
    are those with a match that ended, whether or not another began.

    Args:
        events: register of matches (`match_events`).
        years: default all from the first start to the extract.
        by: a column, counted for each of its values and in all; a person in two groups is in both, and once in all.

    Returns:
        DataFrame group ("total" first), measure ("active", "new", "first", "ended", "ever"), unit ("match", "refugee", "volunteer"),
        period (year; "" for active and ever), as_of (day; "" for new, first and ended), value, bound ("exact"). A unit that the
        register does not know has no rows.

    Raises:
        AnalysisError: no such column.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": ["a", "b"], "refugee": ["r", "r"], "start": ["2020-01-01", "2020-09-01"], "end": ["2020-05-01", ""]}
        >>> frame = volume(pd.DataFrame(rows), [2020])
        >>> frame.query("measure == 'new'")[["unit", "value"]].values.tolist()
        [['match', 2], ['refugee', 1]]
    """
    register = as_events(events)
    column = group_column(register, by)
    codes, labels = labelled(column, len(register), str(by))
    groups = 0 if column is None else len(labels)
    if years is None:
        first = date_of(register.start.min()).year
        years = range(first, register.as_of.year + 1)
    rows: list[tuple[object, ...]] = []
    for unit in ("match", *PERSONS):
        ids = np.arange(len(register)) if unit == "match" else getattr(register, unit)
        if ids is None:
            continue
        for where, chosen in _slices(codes, groups):
            label = "total" if where is None else labels[where]
            rows += [(label, *row) for row in _counts(register, unit, ids, years, chosen)]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _slices(codes: Ints, groups: int) -> list[tuple[int | None, Ints | slice]]:
    """All rows, then the rows of each group."""
    if not groups:
        return [(None, slice(None))]
    order = np.argsort(codes, kind="stable")
    edges = np.searchsorted(codes[order], np.arange(groups + 1))
    return [(None, slice(None)), *((place, order[edges[place] : edges[place + 1]]) for place in range(groups))]


def _counts(register: MatchEvents, unit: str, ids: Ints, years: Sequence[int], chosen: Ints | slice) -> list[tuple[object, ...]]:
    start, end, who = register.start[chosen], register.end[chosen], ids[chosen]
    if not isinstance(chosen, slice):
        # Small numbers keep the marks of a group short, whatever the register's size.
        who = pd.factorize(who)[0]
    size = int(who.max()) + 1
    seen = np.zeros(size, bool)

    def different(rows: Bools) -> int:
        if unit == "match":
            return int(np.count_nonzero(rows))
        mark = np.zeros(size, bool)
        mark[who[rows]] = True
        return int(np.count_nonzero(mark))

    found: list[tuple[object, ...]] = []
    counted_until = -OPEN
    for year in sorted(years):
        opening, closing = day_number(f"{year}-01-01"), min(day_number(f"{year}-12-31"), register.last_day)
        if opening > register.last_day:
            continue
        day = f"{date_of(closing):%Y-%m-%d}"
        starting = (start >= opening) & (start <= closing)
        seen[who[(start > counted_until) & (start < opening)]] = True
        earlier = int(np.count_nonzero(seen))
        seen[who[starting]] = True
        ever, counted_until = int(np.count_nonzero(seen)), closing
        found.append(("active", unit, "", day, different((start <= closing) & (end > closing)), "exact"))
        found.append(("new", unit, str(year), "", different(starting), "exact"))
        if unit != "match":
            found.append(("first", unit, str(year), "", ever - earlier, "exact"))
        found.append(("ended", unit, str(year), "", different((end >= opening) & (end <= closing)), "exact"))
        found.append(("ever", unit, "", day, ever, "exact"))
    return found
