"""Who is at risk when: observations in a common clock, and the counts at every time by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vvvresearch.errors import AnalysisError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Values = Sequence[Any] | npt.NDArray[Any] | pd.Series | pd.Index | pd.Categorical

# Times nearer than this, in themselves or against the mean time, are one time, as in R survival's `timefix`.
_SAME_TIME = float(np.sqrt(np.finfo(float).eps))


class Told:
    """What shows the first rows of its table where it stands alone; what there is no number for is a dash.

    Example:
        >>> class KaplanMeier(Told):
        ...     frame = pd.DataFrame({"time": [3], "se": [float("nan")]})
        >>> print(KaplanMeier())
        KaplanMeier, 1 rows
         time se
            3  –
    """

    frame: pd.DataFrame

    def __repr__(self) -> str:
        shown = self.frame.head(12).astype(object)
        return f"{type(self).__name__}, {len(self.frame)} rows\n{shown.where(shown.notna(), '–').to_string(index=False)}"


@dataclass(frozen=True)
class Observations:
    """Observed persons or matches, their times as positions among the distinct exit times.

    `exit` and `enter` are positions in `times`: an observation is at risk at positions enter … exit. Who enters at a time is not
    yet at risk at that time; who is censored at a time still is. `cause` is 0 for censored, else 1 + position in `causes`.
    """

    times: Floats
    exit: Ints
    enter: Ints | None
    cause: Ints
    causes: tuple[Any, ...]
    group: Ints
    groups: tuple[Any, ...]
    kept: npt.NDArray[np.bool_]

    @property
    def never_at_risk(self) -> int:
        """Observations whose entry and exit are the same time: they were never under observation."""
        return int((~self.kept).sum())

    def of(self, chosen: npt.NDArray[np.bool_] | Ints) -> Observations:
        """Some of the observations, on the same clock and with the same groups and causes."""
        enter = None if self.enter is None else self.enter[chosen]
        return Observations(
            self.times,
            self.exit[chosen],
            enter,
            self.cause[chosen],
            self.causes,
            self.group[chosen],
            self.groups,
            np.ones(len(self.exit[chosen]), bool),
        )


@dataclass(frozen=True)
class RiskSets:
    """Counts at every time: `at_risk` and `leaving` (group × time), `events` (cause × group × time)."""

    at_risk: Ints
    leaving: Ints
    events: Ints


def observe(
    time: Values, cause: Values, entry: Values | None = None, group: Values | None = None, *, reasons: bool = False
) -> Observations:
    """Check the columns and put them on one clock.

    Args:
        time: exit times, any unit, not negative.
        cause: 0/1 or false/true; with `reasons` names or codes; "", 0 and missing mean censored.
        entry: entry times; who has none is under observation from the start.
        group: labels; one group when left out.
        reasons: whether `cause` holds reasons.

    Raises:
        AnalysisError: unlike lengths, missing or negative times, entry after exit, an event that is neither 0 nor 1, a missing group.
    """
    exits = _times(time, "time")
    n = len(exits)
    if n == 0:
        raise AnalysisError("there are no observations", where="time")
    codes, causes = _reasons(cause, n) if reasons else _events(cause, n)
    groups, labels = labelled(group, n, "group")
    entries = None if entry is None else _times(entry, "entry", n, negative=True)
    clock, exit_, moments = _clock(exits, entries)
    if entries is None:
        return Observations(clock, exit_, None, codes, causes, groups, labels, np.ones(n, bool))
    times, position = np.unique(exit_, return_inverse=True)
    late = moments > exit_
    if late.any():
        raise AnalysisError(
            f"{int(late.sum())} observations enter after they end",
            where=_rows("entry", late),
            todo="hand in entry times that lie before the exit times",
        )
    kept = moments < exit_
    if not kept.any():
        raise AnalysisError("nobody was under observation", where="entry", why="every observation enters when it ends")
    enter = np.searchsorted(times, moments, side="right")
    whole = Observations(clock[times], position.astype(np.int64), enter.astype(np.int64), codes, causes, groups, labels, kept)
    chosen = whole.of(kept)
    return Observations(chosen.times, chosen.exit, chosen.enter, chosen.cause, causes, chosen.group, labels, kept)


def risk_sets(seen: Observations) -> RiskSets:
    """Count who is at risk, who leaves and with which event, by group and time."""
    n_groups, n_times, n_causes = len(seen.groups), len(seen.times), len(seen.causes)
    cell = seen.group * n_times + seen.exit
    by_cause = np.bincount(seen.cause * (n_groups * n_times) + cell, minlength=(n_causes + 1) * n_groups * n_times)
    counts = by_cause.reshape(n_causes + 1, n_groups, n_times)
    leaving = counts.sum(axis=0)
    gone = np.cumsum(leaving, axis=1) - leaving
    if seen.enter is None:
        entered = leaving.sum(axis=1, keepdims=True)
    else:
        width = n_times + 1
        arrivals = np.bincount(seen.group * width + seen.enter, minlength=n_groups * width).reshape(n_groups, width)
        entered = np.cumsum(arrivals, axis=1)[:, :n_times]
    return RiskSets(entered - gone, leaving, counts[1:])


def survival_curve(at_risk: Ints, events: Ints) -> Floats:
    """The product-limit estimate along the last axis; where nobody is at risk it stays as it was."""
    with np.errstate(invalid="ignore", divide="ignore"):
        hazard = np.where(at_risk > 0, events / at_risk, 0.0)
    return np.asarray(np.cumprod(1.0 - hazard, axis=-1), np.float64)


def before(curve: Floats, first: float) -> Floats:
    """A step curve just before each time: its value at the time before, `first` at the first."""
    start = np.full((*curve.shape[:-1], 1), first)
    return np.concatenate([start, curve[..., :-1]], axis=-1)


def labelled(values: Values | None, n: int, name: str) -> tuple[Ints, tuple[Any, ...]]:
    """Positions and the sorted labels as plain values; a categorical keeps its order.

    Raises:
        AnalysisError: the lengths differ or labels are missing.
    """
    if values is None:
        return np.zeros(n, np.int64), ("",)
    codes, labels = _distinct(values, n, name)
    if (missing := codes < 0).any():
        raise AnalysisError(
            f"{int(missing.sum())} observations have no {name}",
            where=_rows(name, missing),
            todo=f"leave them out, or give them a {name} of their own",
        )
    return codes, labels


def _distinct(values: Values, n: int, name: str) -> tuple[Ints, tuple[Any, ...]]:
    """Positions (−1 where a value is missing) and the distinct values in order."""
    column = pd.Series(values)
    _same_length(column, n, name)
    try:
        codes, labels = pd.factorize(column, sort=True)
    except TypeError as error:
        raise AnalysisError(f"the column {name} mixes numbers and text", where=name) from error
    return np.asarray(codes, np.int64), tuple(plain(label) for label in labels)


def plain(value: Any) -> Any:
    """A numpy scalar as Python's own number; everything else as it is."""
    return value.item() if isinstance(value, np.generic) else value


def _times(values: Values, name: str, n: int | None = None, *, negative: bool = False) -> Floats:
    column = pd.to_numeric(pd.Series(values), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    if n is not None:
        _same_length(column, n, name)
    bad = ~np.isfinite(column) if negative else ~(np.isfinite(column) & (column >= 0))
    if bad.any():
        problem = "missing or no number" if negative else "missing, negative or no number"
        raise AnalysisError(f"{int(bad.sum())} values of {name} are {problem}", where=_rows(name, bad))
    return column


def _events(values: Values, n: int) -> tuple[Ints, tuple[Any, ...]]:
    column = pd.to_numeric(pd.Series(values), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    _same_length(column, n, "event")
    bad = ~((column == 0) | (column == 1))
    if bad.any():
        raise AnalysisError(
            f"{int(bad.sum())} values of event are neither 0 (censored) nor 1 (ended)",
            where=_rows("event", bad),
            todo="hand in a comparison, such as status == 2",
        )
    return column.astype(np.int64), (1,)


def _reasons(values: Values, n: int) -> tuple[Ints, tuple[Any, ...]]:
    codes, found = _distinct(values, n, "reason")
    causes = tuple(label for label in found if label not in ("", 0))
    if not causes:
        raise AnalysisError("no observation has a reason", where="reason", why="all are censored, so nothing has an incidence")
    # The last entry is for missing values, whose code is −1.
    numbers = np.array([causes.index(label) + 1 if label in causes else 0 for label in found] + [0], np.int64)
    return numbers[codes], causes


def _clock(exits: Floats, entries: Floats | None) -> tuple[Floats, Ints, Ints]:
    """Distinct times, and the position of every exit and entry among them; nearly equal times are one."""
    values = exits if entries is None else np.concatenate([exits, entries])
    codes, distinct = _ranked(values)
    gap = np.diff(distinct)
    scale = float(np.mean(np.abs(distinct)))
    tied = (gap <= _SAME_TIME) | (gap <= _SAME_TIME * scale)
    if tied.any():
        start = np.concatenate([[True], ~tied])
        codes, distinct = (np.cumsum(start) - 1)[codes], distinct[start]
    n = len(exits)
    return distinct, codes[:n], codes[n:]


def _ranked(values: Floats) -> tuple[Ints, Floats]:
    """The rank of every value among the distinct ones, and these; days and months are counted instead of sorted."""
    lowest, highest = values.min(), values.max()
    if highest - lowest <= len(values):
        whole = values.astype(np.int64)
        if (whole == values).all():
            whole -= int(lowest)
            present = np.bincount(whole) > 0
            return (np.cumsum(present) - 1)[whole], np.flatnonzero(present) + lowest
    codes, distinct = pd.factorize(values, sort=True)
    return np.asarray(codes, np.int64), np.asarray(distinct, float)


def _same_length(column: Any, n: int, name: str) -> None:
    if len(column) != n:
        raise AnalysisError(f"{name} has {len(column)} values, time has {n}", where=name)


def _rows(name: str, bad: npt.NDArray[np.bool_]) -> str:
    places = np.flatnonzero(bad)
    shown = ", ".join(str(place) for place in places[:10])
    return f"{name}, position {shown}{' …' if len(places) > 10 else ''}"
