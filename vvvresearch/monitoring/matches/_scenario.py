"""What the coming quarters may bring: presence and matches under planned starts and expected endings, by seeded simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.monitoring.matches._events import OPEN, MatchEvents, as_events
from vvvresearch.monitoring.matches._risk_sets import Floats, Ints, Told

DRAWS = 10_000
_MONTHS = 3


@dataclass(frozen=True, repr=False)
class EndingRates(Told):
    """How often matches end within a quarter, by the number of quarter ends they have lived through.

    Attributes:
        frame: one row an age: age (quarters), at_risk, ended. Age 0 is the quarter in which a match starts; the last age stands for
            all later ones.
        active: matches that are active at the last quarter end, by age (from 1 on, one number an age).
        quarter: the last whole quarter, such as "2021Q2".
    """

    frame: pd.DataFrame
    active: tuple[int, ...]
    quarter: str


@dataclass(frozen=True, repr=False)
class Scenario(Told):
    """A simulated course.

    Attributes:
        frame: one row a quarter: quarter (1 is the next), expected, lower, upper.
        reached: share of the draws that reach the target at the end; NaN without a target.
        needed: matches to start a quarter to reach the target at the end: expected, lower, upper; None without a target.
        draws, seed, level: of the simulation.
    """

    frame: pd.DataFrame
    reached: float
    needed: tuple[float, float, float] | None
    draws: int
    seed: int
    level: float


def presence_scenario(
    present: int,
    planned: Sequence[int],
    success: float | tuple[int, int] = 1.0,
    loss: float | tuple[int, int] = 0.0,
    target: int | None = None,
    most: int | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    level: float = 0.95,
) -> Scenario:
    """In how many municipalities the programme may be present, if planned starts succeed and some present ones stop.

    Args:
        present: municipalities with a volunteer effort now.
        planned: planned starts in each coming quarter.
        success: the chance that a planned start succeeds: a number, or (succeeded, tried) from earlier plans, whose uncertainty is then
            drawn too (Jeffreys' posterior).
        loss: the chance that a present one stops within a quarter: a number, or (stopped, observed).
        target: how many are wanted at the end.
        most: how many there can be.
        draws: simulated courses.
        seed: of the random numbers.
        level: of the intervals.

    Returns:
        Scenario.

    Raises:
        AnalysisError: negative numbers, a chance outside 0–1, no quarter.

    Example:
        >>> presence_scenario(83, [4], target=90).frame.values.tolist()
        [[1.0, 87.0, 87.0, 87.0]]
    """
    _whole(present, "present")
    for starts in planned:
        _whole(starts, "planned")
    _simulated(len(planned), draws, level)
    rng = np.random.default_rng(seed)
    succeeding, stopping = _chance(rng, success, draws, "success"), _chance(rng, loss, draws, "loss")
    now = np.full(draws, present)
    course = np.empty((len(planned), draws))
    for quarter, starts in enumerate(planned):
        now = now - rng.binomial(now, stopping) + rng.binomial(starts, succeeding)
        if most is not None:
            now = np.minimum(now, most)
        course[quarter] = now
    reached = float((course[-1] >= target).mean()) if target is not None else float("nan")
    return Scenario(_summary(course, level), reached, None, draws, seed, level)


def ending_rates(events: pd.DataFrame | MatchEvents, ages: int = 12, since: int | None = None) -> EndingRates:
    """How often matches end within a quarter, by age, from whole quarters of the register.

    A match counts at age 0 in the quarter in which it starts, and once more at every quarter end that it lives through.

    Args:
        events: register of matches (`match_events`).
        ages: how many ages are told apart; later ones are one.
        since: only quarters that begin in this year or later.

    Raises:
        AnalysisError: the register has no whole quarter.
        SchemaError: the register has faults.

    Example:
        >>> rows = {"match": list("abc"), "start": ["2020-01-10", "2020-02-01", "2020-05-01"], "end": ["2020-03-01", "2020-06-01", ""],
        ...     "as_of": "2020-06-30"}
        >>> ending_rates(pd.DataFrame(rows), ages=2).frame.values.tolist()
        [[0, 3, 1], [1, 1, 1]]
    """
    register = as_events(events)
    first, last = _quarters(register.start), _quarters(np.where(register.end < OPEN, register.end, register.last_day))
    closing = _quarters(np.array([register.last_day + 1]))[0] - 1
    if closing < first.min():
        raise AnalysisError("the register has no whole quarter", where="events")
    ended = (register.end < OPEN) & (last <= closing)
    # A match that registered late was not under observation before; it counts from the quarter after.
    seen_from = first
    if "registered" in register.frame.columns:
        registered = register.frame["registered"].to_numpy("datetime64[D]")
        days = np.where(np.isnat(registered), register.start, registered.astype(np.int64))
        seen_from = np.where(days > register.start, _quarters(days) + 1, first)
    if since is not None:
        seen_from = np.maximum(seen_from, (since - 1970) * 4)
    until = np.where(ended, last, closing)
    # One that has ended on a day that is not known tells of no quarter.
    counted = (seen_from <= until) & ~register.some_day
    from_age, to_age = (seen_from - first)[counted], (until - first)[counted]
    longest = int(max(to_age.max(initial=0), ages)) + 1
    at_risk = np.cumsum(np.bincount(from_age, minlength=longest + 1) - np.bincount(to_age + 1, minlength=longest + 1))
    endings = np.bincount((last - first)[counted & ended], minlength=longest + 1)
    active = (first <= closing) & ~ended & ~register.some_day
    by_age = np.bincount(closing - first[active] + 1, minlength=ages + 1)
    frame = pd.DataFrame({"age": np.arange(ages), "at_risk": _pooled(at_risk, ages), "ended": _pooled(endings, ages)})
    return EndingRates(frame, tuple(int(n) for n in by_age[1:]), f"{1970 + closing // 4}Q{closing % 4 + 1}")


def matches_scenario(
    rates: EndingRates,
    planned: Sequence[int],
    target: int | None = None,
    persons_per_match: float = 1.0,
    draws: int = DRAWS,
    seed: int = 1,
    level: float = 0.95,
) -> Scenario:
    """How many persons may be in a match, if so many matches start each quarter, and how many would have to start to reach a target.

    The chance to end by age is drawn anew for every course (Jeffreys' posterior of its rate), then every match lives or ends by it: the
    intervals hold both uncertainties. They assume that matches end as they did, and that rates differ by age only. Needed is the
    same number every quarter.

    Args:
        rates: what `ending_rates` gave.
        planned: matches to start in each coming quarter.
        target: persons wanted in active matches at the end.
        persons_per_match: persons on the refugees' side of a match.
        draws: simulated courses.
        seed: of the random numbers.
        level: of the intervals.

    Returns:
        Scenario; .frame in persons, .needed in matches a quarter.

    Raises:
        AnalysisError: negative numbers, no quarter, persons_per_match not above 0.

    Example:
        >>> nobody_ends = EndingRates(pd.DataFrame({"age": [0, 1], "at_risk": [10**9, 10**9], "ended": [0, 0]}), (6063,), "2020Q4")
        >>> matches_scenario(nobody_ends, [0] * 4, target=7000, draws=100).needed
        (235.0, 235.0, 235.0)
    """
    for starts in planned:
        _whole(starts, "planned")
    _simulated(len(planned), draws, level)
    if not persons_per_match > 0:
        raise AnalysisError("persons_per_match must lie above 0", where="persons_per_match")
    rng = np.random.default_rng(seed)
    ended, at_risk = rates.frame["ended"].to_numpy(), rates.frame["at_risk"].to_numpy()
    hazard = rng.beta(ended[:, None] + 0.5, (at_risk - ended)[:, None] + 0.5, size=(len(ended), draws))
    oldest = len(hazard) - 1
    by_age = np.zeros((max(len(rates.active), oldest) + len(planned) + 2, draws), dtype=np.int64)
    by_age[1 : len(rates.active) + 1] = np.array(rates.active, dtype=np.int64).reshape(-1, 1)
    first = by_age.copy()
    course, old = np.empty((len(planned), draws)), first
    for quarter, starts in enumerate(planned):
        by_age[0] = starts
        by_age = _one_quarter(rng, by_age, hazard)
        old = _one_quarter(rng, old, hazard) if target is not None else old
        course[quarter] = by_age.sum(axis=0)
    frame = _summary(course * persons_per_match, level)
    if target is None:
        return Scenario(frame, float("nan"), None, draws, seed, level)
    reached = float((course[-1] * persons_per_match >= target).mean())
    missing = np.maximum(np.ceil(target / persons_per_match - 1e-9) - old.sum(axis=0), 0.0)
    needed = _needed(rng, missing, hazard, len(planned))
    return Scenario(frame, reached, _interval(needed, level), draws, seed, level)


def _one_quarter(rng: np.random.Generator, by_age: Ints, hazard: Floats) -> Ints:
    """Who is still active a quarter later, one age older."""
    ages = np.minimum(np.arange(len(by_age)), len(hazard) - 1)
    lasting = np.zeros_like(by_age)
    for age in np.flatnonzero(by_age.any(axis=1)):
        lasting[age + 1] = rng.binomial(by_age[age], 1 - hazard[ages[age]])
    return lasting


def _needed(rng: np.random.Generator, missing: Floats, hazard: Floats, quarters: int) -> Floats:
    """Starts a quarter so that as many as are missing are active at the end.

    Of n starts in each quarter the number still active at the end is a sum of binomials, near normal with mean n·c and variance n·v; for
    each course its random part z is drawn and n·c + z·√(n·v) = missing solved.
    """
    ages = np.minimum(np.arange(quarters), len(hazard) - 1)
    lasting = np.cumprod(1 - hazard[ages], axis=0)
    mean, variance = lasting.sum(axis=0), (lasting * (1 - lasting)).sum(axis=0)
    noise = rng.standard_normal(len(missing)) * np.sqrt(variance)
    root = (-noise + np.sqrt(noise**2 + 4 * mean * missing)) / (2 * mean)
    solved: Floats = np.where(missing > 0, np.ceil(root**2 - 1e-4), 0.0)
    return solved


def _pooled(counts: Ints, ages: int) -> Ints:
    return np.append(counts[: ages - 1], counts[ages - 1 :].sum())


def _quarters(days: Ints) -> Ints:
    """Quarters since 1970."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    quarters: Ints = months // _MONTHS
    return quarters


def _chance(rng: np.random.Generator, given: float | tuple[int, int], draws: int, name: str) -> Floats:
    if isinstance(given, tuple):
        hits, n = given
        if not 0 <= hits <= n:
            raise AnalysisError(f"{hits} of {n} is no count", where=name)
        return rng.beta(hits + 0.5, n - hits + 0.5, size=draws)
    if not 0 <= given <= 1:
        raise AnalysisError(f"a chance lies between 0 and 1, not at {given}", where=name)
    return np.full(draws, float(given))


def _summary(course: Floats, level: float) -> pd.DataFrame:
    rows = [(quarter, *_interval(values, level)) for quarter, values in enumerate(course, start=1)]
    return pd.DataFrame(rows, columns=["quarter", "expected", "lower", "upper"])


def _interval(values: Floats, level: float) -> tuple[float, float, float]:
    lower, upper = np.quantile(values, [0.5 - level / 2, 0.5 + level / 2], method="inverted_cdf")
    return float(values.mean()), float(lower), float(upper)


def _whole(value: int, name: str) -> None:
    if value < 0 or value != int(value):
        raise AnalysisError(f"{value} is no count", where=name)


def _simulated(quarters: int, draws: int, level: float) -> None:
    if quarters == 0:
        raise AnalysisError("there is no quarter to look at", where="planned")
    if draws < 1 or not 0 < level < 1:
        raise AnalysisError("a simulation needs at least one draw and a level between 0 and 1", where="draws")
