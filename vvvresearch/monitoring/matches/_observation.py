"""From the register to times: how long every match was seen to last."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vvvresearch.evidence import DAY_UNKNOWN, END_DAY
from vvvresearch.monitoring.matches._events import OPEN, MatchEvents, as_events


def observation_times(events: pd.DataFrame | MatchEvents) -> pd.DataFrame:
    """How many days each match was seen to last, whether it ended and since when it was under observation.

    A match that started before the register knew of it (`registered` later than `start`) is under observation from then on: had it
    ended before, the register would not hold it. One that has ended on a day that is not known was never under observation.
    One that was registered at its start is under observation from the start, so its entry is −1: it is at risk on its first day too.

    Args:
        events: register of matches (`match_events`).

    Returns:
        DataFrame match, time (days), event (1 ended), reason (class, "" while it lasts), entry (days; no column where every match
        was registered at its start).

    Raises:
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": ["a", "b"], "start": ["2020-01-01", "2020-01-11"], "end": ["2020-01-31", ""], "as_of": "2020-02-10"}
        >>> observation_times(pd.DataFrame(rows))[["time", "event"]].values.tolist()
        [[30, 1], [30, 0]]
    """
    register = as_events(events)
    ended = register.end < OPEN
    time = np.where(ended, register.end, register.last_day) - register.start
    columns = {
        "match": register.frame["match"],
        "time": time,
        "event": ended.astype(int),
        "reason": register.frame["reason_class"],
    }
    entry = np.full(len(register), -1)
    if "registered" in register.frame.columns:
        registered = register.frame["registered"].to_numpy("datetime64[D]")
        late = np.where(np.isnat(registered), 0, registered.astype(np.int64) - register.start)
        # Who was registered after the end was never under observation; entry at the end says so.
        entry = np.where(late > 0, np.minimum(late, time), -1)
    if END_DAY in register.frame.columns:
        # Nor is a length seen that nobody knows.
        entry = np.where(register.frame[END_DAY] == DAY_UNKNOWN, time, entry)
    if (entry >= 0).any():
        columns["entry"] = entry
    return pd.DataFrame(columns)
