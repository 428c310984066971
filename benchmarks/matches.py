"""One million matches: checked, counted, their durations and end reasons by group; beside statsmodels and lifelines on the same groups.

    python benchmarks/matches.py [--matches 1000000] [--repeat 3]

Prints the best of the repeats, the peak memory of each call above the register itself, how time grows from a tenth of the register
to the whole, and the ratios to statsmodels and, where it is installed, lifelines. Their curves have no late entry here, since
statsmodels' incidence has none. lifelines' incidence is asked for one reason each, without its variance, which takes far longer.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from vvvresearch.monitoring.matches import (
    cumulative_incidence,
    duration,
    endings,
    kaplan_meier,
    match_events,
    observation_times,
    volume,
)

REASONS = ["natural", "premature", "moved", "changed_life", "unknown"]


def made_register(n: int, seed: int = 1) -> pd.DataFrame:
    """An invented register of five years with ids and reasons as texts."""
    rng = np.random.default_rng(seed)
    days = 365 * 5
    start = rng.integers(0, days, n)
    end = start + np.maximum(1, rng.exponential(400, n)).astype(int)
    lasts = end > days
    first = np.datetime64("2016-01-01")
    return pd.DataFrame(
        {
            "match": [f"M{number}" for number in range(n)],
            "refugee": [f"R{number}" for number in rng.integers(0, n, n)],
            "volunteer": [f"V{number}" for number in rng.integers(0, n, n)],
            "start": first + start,
            "end": pd.Series(first + end).mask(lasts),
            "reason": pd.Series(rng.choice(REASONS, n)).mask(lasts, ""),
            "organisation": rng.choice(["DRC", "RC"], n),
            "as_of": first + days,
        }
    )


def best(call: Callable[[], Any], repeat: int) -> float:
    """Seconds of processor time of the fastest run."""
    times = []
    for _ in range(repeat):
        begun = time.process_time()
        call()
        times.append(time.process_time() - begun)
    return min(times)


def peak(call: Callable[[], Any]) -> float:
    """Megabytes that a call held at most."""
    tracemalloc.start()
    call()
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return held / 1e6


def calls_of(register: pd.DataFrame) -> dict[str, Callable[[], Any]]:
    """The calls that are timed; all but the first on the checked register."""
    events = match_events(register, overlaps="allowed")
    times, group = observation_times(events), events.frame["organisation"]
    return {
        "check": lambda: match_events(register, overlaps="allowed"),
        "volume": lambda: volume(events),
        "duration by group, with test": lambda: duration(events, by="organisation"),
        "endings by group, with tests": lambda: endings(events, by="organisation"),
        "kaplan_meier by group": lambda: kaplan_meier(times["time"], times["event"], group=group),
        "cumulative_incidence by group": lambda: cumulative_incidence(times["time"], times["reason"], group=group),
    }


def others_of(register: pd.DataFrame) -> dict[tuple[str, str], Callable[[], Any]]:
    """The same curves by other programs, group by group; they take reasons as numbers, so they are coded before the clock starts."""
    events = match_events(register, overlaps="allowed")
    times, group = observation_times(events), events.frame["organisation"].to_numpy(object)
    codes = times["reason"].map({"": 0} | {reason: place for place, reason in enumerate(REASONS, start=1)}).to_numpy()
    days, event = times["time"].to_numpy(float), times["event"].to_numpy()

    def each(curve: Callable[[Any, Any], Any], status: Any) -> Callable[[], Any]:
        return lambda: [curve(days[group == label], status[group == label]) for label in ("DRC", "RC")]

    own, reasons = "kaplan_meier by group", "cumulative_incidence by group"
    found = {(own, "statsmodels"): each(SurvfuncRight, event), (reasons, "statsmodels"): each(CumIncidenceRight, codes)}
    try:
        from lifelines import AalenJohansenFitter, KaplanMeierFitter
    except ImportError:
        return found

    def incidences(time: Any, status: Any) -> Any:
        return [
            AalenJohansenFitter(calculate_variance=False).fit(time, status, event_of_interest=place) for place in range(1, len(REASONS) + 1)
        ]

    found |= {
        (own, "lifelines"): each(lambda time, status: KaplanMeierFitter().fit(time, status), event),
        (reasons, "lifelines"): each(incidences, codes),
    }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--matches", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    warnings.simplefilter("ignore", RuntimeWarning)
    whole, tenth = made_register(given.matches), made_register(given.matches // 10)
    small = {name: best(call, given.repeat) for name, call in calls_of(tenth).items()}
    print(f"{given.matches} matches                      seconds   a tenth: seconds   growth   peak MB")
    for name, call in calls_of(whole).items():
        seconds = best(call, given.repeat)
        print(f"{name:35} {seconds:8.3f} {small[name]:16.3f} {seconds / small[name]:10.1f} {peak(call):9.0f}")
    mine = calls_of(whole)
    for (name, program), call in others_of(whole).items():
        # Turn about, so that a busy machine slows both alike.
        pairs = [(best(mine[name], 1), best(call, 1)) for _ in range(max(given.repeat, 5) if program == "statsmodels" else 1)]
        own, theirs = (min(times) for times in zip(*pairs, strict=True))
        print(f"{name:35} ours {own:.3f} s, {program} {theirs:.3f} s: {theirs / own:.2f} times ours")


if __name__ == "__main__":
    main()
