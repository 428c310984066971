"""Do intervals of matches hold the planted truth? Drawn registers, each analysed as a round would, and how often 95 % intervals hold it.

    python benchmarks/coverage.py [--seeds 1000] [--first 0] [--matches 200] [--shape 1] [--late] [--hazards]

Planted: lengths of relations Weibull with a scale of 500 days, in whole days (shape 1: ends come as often at any age; below 1 more often
early, above 1 more often late); 30 % of ends premature whatever the length; starts over
four years, the register drawn after five. With --late every third match is older than its registration, and those that ended before it
are not in the register. Waits: exponential with a mean of 60 days. Target: 93 to 97 % of the intervals hold the truth; the limits of
Monte Carlo at 1,000 seeds are 1.4 points.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter

import numpy as np
import pandas as pd

from vvvresearch.monitoring import broken_off, duration, endings, waiting
from vvvresearch.monitoring.matches import cox, match_events, observation_times

MEAN, PREMATURE, WAIT, DAY = 500.0, 0.3, 60.0, 365
FIRST, DRAWN = np.datetime64("2017-01-01"), 1825


def truths(shape: float) -> dict[str, float]:
    """What is planted. A day that is whole rounds a length up, so its chance to last longer than a day is that of the length itself."""
    lasts = math.exp(-((DAY / MEAN) ** shape))
    return {
        "share lasting after a year": lasts,
        "median length": math.ceil(MEAN * math.log(2) ** (1 / shape)),
        "ended prematurely within a year": PREMATURE * (1 - lasts),
        "premature among ended": PREMATURE,
        "matched within three months": 1 - math.exp(-91 / WAIT),
        "hazard ratio of two like groups": 1.0,
    }


def made(seed: int, n: int, *, late: bool, shape: float = 1.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A register of matches, and one of offers."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, 1460, n)
    end = start + np.floor(MEAN * rng.weibull(shape, n)).astype(int) + 1
    entered = np.where(rng.random(n) < 1 / 3, start + rng.integers(1, 300, n), start) if late else start
    seen = (entered < end) & (entered < DRAWN)
    lasts = end > DRAWN
    matches = pd.DataFrame(
        {
            "match": [f"m{number}" for number in range(n)],
            "start": FIRST + start,
            "registered": FIRST + entered,
            "end": pd.Series(FIRST + end).mask(lasts),
            "reason_class": pd.Series(np.where(rng.random(n) < PREMATURE, "premature", "natural")).mask(lasts, ""),
            "organisation": rng.choice(["A", "B"], n),
            "as_of": FIRST + DRAWN,
        }
    )[seen].reset_index(drop=True)
    accepted = rng.integers(0, 1825, n)
    matched = accepted + np.floor(rng.exponential(WAIT, n)).astype(int) + 1
    dates = {"offered": accepted, "accepted": accepted, "matched": matched, "started": matched}
    days = {name: pd.Series(FIRST + column).mask(column > DRAWN).dt.strftime("%Y-%m-%d").fillna("") for name, column in dates.items()}
    offers = pd.DataFrame({"case": [f"c{number}" for number in range(n)], **days, "as_of": str(FIRST + DRAWN)})
    return matches, offers


def limits(matches: pd.DataFrame, offers: pd.DataFrame, *, hazards: bool) -> dict[str, tuple[float, float]]:
    """The intervals that the analyses print."""
    events = match_events(matches)
    lasting = duration(events, at=(DAY,))
    after = lasting["lasting"].frame.iloc[0]
    whole = lasting.frame.iloc[0]
    reasons = endings(events, at=(DAY,))["incidence"].frame
    early = reasons[reasons["reason_class"] == "premature"].iloc[0]
    shares = broken_off(events).frame
    ended = shares[(shares["reading"] == "relation") & (shares["denominator"] == "ended")].iloc[0]
    waits = waiting(offers).frame.iloc[-1]
    found = {
        "share lasting after a year": (after["lower"], after["upper"]),
        "median length": (whole["lower"], whole["upper"]),
        "ended prematurely within a year": (early["lower"], early["upper"]),
        "premature among ended": (ended["lower"], ended["upper"]),
        "matched within three months": (waits["lower"], waits["upper"]),
    }
    if hazards:
        times, group = observation_times(events), pd.DataFrame({"b": (events.frame["organisation"] == "B").astype(float)})
        row = cox(times["time"], times["event"], group, times.get("entry")).frame.iloc[0]
        found["hazard ratio of two like groups"] = (row["lower"], row["upper"])
    return found


def main() -> None:
    """Draw, analyse, and print how many intervals hold the truth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the first seed, to draw in parts")
    parser.add_argument("--matches", type=int, default=200)
    parser.add_argument(
        "--shape", type=float, default=1.0, help="of the lengths: 1 ends alike at any age, 0.6 mostly early, 1.8 mostly late"
    )
    parser.add_argument("--late", action="store_true", help="matches that are older than their registration among them")
    parser.add_argument("--hazards", action="store_true", help="Cox regressions too, which take as long as all the rest")
    given = parser.parse_args()
    held: Counter[str] = Counter()
    planted = truths(given.shape)
    for seed in range(given.first, given.first + given.seeds):
        for name, (lower, upper) in limits(*made(seed, given.matches, late=given.late, shape=given.shape), hazards=given.hazards).items():
            # An upper limit of a median that is not reached is not known: it lies above everything that was seen.
            held[name] += bool(lower <= planted[name] <= (math.inf if pd.isna(upper) else upper))
    print(f"{given.seeds} seeds from {given.first}, {given.matches} matches, shape {given.shape:g}{', late entry' if given.late else ''}")
    for name, truth in list(planted.items())[: None if given.hazards else -1]:
        print(f"{name:40} truth {truth:8.4f}   held in {held[name]} of {given.seeds}, {100 * held[name] / given.seeds:.1f} %")


if __name__ == "__main__":
    main()
