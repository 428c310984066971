"""The share of matches that were broken off, under each reading of the criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import REASON_CLASSES
from vvvresearch.monitoring.matches._events import OPEN, Bools, Date, MatchEvents, as_events, date_of, known_day
from vvvresearch.monitoring.matches._risk_sets import Told
from vvvresearch.statistics.intervals import wilson

# Which reasons count as broken off: because of the relation; so or for a reason that nobody stated; everything but a natural end.
READINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "relation": ("premature",),
        "relation_or_unknown": ("premature", "unknown"),
        "not_natural": ("premature", "moved", "changed_life", "unknown"),
    }
)
# Broken off of what: matches that ended; those whose reason is known; matches that started.
DENOMINATORS = ("ended", "ended_known", "started")


@dataclass(frozen=True, repr=False)
class BrokenOff(Told):
    """The share of matches broken off.

    Attributes:
        frame: one row a reading and denominator: reading, denominator, count, n, share, lower, upper.
        readings: which reason classes each reading counts.
        since, until: the period: ends in it for the denominators of ended matches, starts in it for started ones.
        level: of the limits.
    """

    frame: pd.DataFrame
    readings: Mapping[str, tuple[str, ...]]
    since: pd.Timestamp
    until: pd.Timestamp
    level: float


def broken_off(
    events: pd.DataFrame | MatchEvents,
    readings: Mapping[str, Sequence[str]] = READINGS,
    denominators: Sequence[str] = DENOMINATORS,
    since: Date | None = None,
    until: Date | None = None,
    level: float = 0.95,
) -> BrokenOff:
    """The share of matches broken off, with Wilson's interval, under every declared reading and denominator side by side.

    The criterion ("fewer than 15 % broken off") does not say of what, nor which reasons count, so no single one is the answer.
    Of matches that started, those that still last may yet be broken off: that share is a lower one; the share by a horizon is in
    `endings`. The interval takes the register's matches as a sample of how matches go.

    Args:
        events: register of matches (`match_events`).
        readings: name → reason classes, or the register's own reasons, that count as broken off.
        denominators: of `DENOMINATORS`: "ended", "ended_known" (ended for a known reason; ends for unknown reasons are neither counted
            nor in the base), "started".
        since, until: first and last day of the period; default the register's first start and its extract.
        level: confidence level.

    Returns:
        BrokenOff; .frame: reading, denominator, count, n, share, lower, upper.

    Raises:
        AnalysisError: an unknown class or denominator, a day after the extract, a period that ends before it begins.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": list("abcd"), "start": "2020-01-01", "end": ["2020-02-01", "2020-03-01", "2020-04-01", ""],
        ...     "reason": ["premature", "natural", "", ""], "as_of": "2020-12-31"}
        >>> broken_off(pd.DataFrame(rows)).frame.query("reading == 'relation'")[["denominator", "count", "n"]].values.tolist()
        [['ended', 1, 3], ['ended_known', 1, 2], ['started', 1, 4]]
    """
    register = as_events(events)
    reason = register.frame["reason_class"]
    # The register's own words for reasons, where it has some beside their classes.
    words = register.frame["reason"] if "reason" in register.frame.columns else reason
    known = {*REASON_CLASSES, *map(str, words.dropna())}
    for name, classes in readings.items():
        for word in classes:
            if word not in known:
                raise AnalysisError(f"the reading {name!r} counts an unknown reason", where="readings", todo=did_you_mean(word, known))
    for name in denominators:
        if name not in DENOMINATORS:
            raise AnalysisError(f"there is no denominator {name!r}", where="denominators", todo=did_you_mean(name, DENOMINATORS))
    first = int(register.start.min()) if since is None else known_day(register, since)
    last = register.last_day if until is None else known_day(register, until)
    if last < first:
        raise AnalysisError("the period ends before it begins", where="until")
    bases = _bases(register, (reason == "unknown").to_numpy(bool), first, last)
    rows = []
    for reading, classes in readings.items():
        counted = (reason.isin(list(classes)) | words.isin(list(classes))).to_numpy(bool)
        for denominator in denominators:
            base = bases[denominator]
            count, n = int((counted & base).sum()), int(base.sum())
            limits = wilson(count, n, level) if n else None
            share = (count / n, limits.lower, limits.upper) if limits else (np.nan, np.nan, np.nan)
            rows.append((reading, denominator, count, n, *share))
    frame = pd.DataFrame(rows, columns=["reading", "denominator", "count", "n", "share", "lower", "upper"])
    declared = {name: tuple(classes) for name, classes in readings.items()}
    return BrokenOff(frame, MappingProxyType(declared), date_of(first), date_of(last), level)


def _bases(register: MatchEvents, unknown: Bools, first: int, last: int) -> dict[str, Bools]:
    ended = (register.end < OPEN) & (register.end >= first) & (register.end <= last)
    started = (register.start >= first) & (register.start <= last)
    return {"ended": ended, "ended_known": ended & ~unknown, "started": started}
