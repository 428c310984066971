"""Do intervals of matches hold the planted truth where reasons compete, groups are small and the register began late?

Another design than that of `coverage.py`.

    python benchmarks/coverage_reasons.py [--seeds 1000] [--first 0] [--matches 240] [--part curves|shares|waiting|scenario]

Planted: four latent lengths of every match, of which the shortest is the length and its reason: natural (Weibull, shape 2.2, later and
later), the relation (Weibull, shape 0.7, early), a move (as often at any age), a changed life (log-logistic, first rising, then
falling); one end in ten has a reason that nobody wrote down. Three organisations of 70, 22 and 8 % of the matches
(170, 53 and 17 of 240) with other natural lengths. Starts crowd towards the later years; the register is drawn after 1,700 days. Curves
are read from a register that began on day 450: what went on then was written in that day, what had ended is not there. Who waits is
matched after a log-normal time or gives up. A scenario looks four quarters ahead, with eight new matches each, and what then happens is
drawn from the planted lengths. Truths are computed by integration, or from three million draws where the register's own window is part
of what is asked (shares among ended).
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from vvvresearch.monitoring import broken_off, duration, endings, waiting
from vvvresearch.monitoring.matches import ending_rates, match_events, matches_scenario, presence_scenario

NATURAL = {"A": 700.0, "B": 480.0, "C": 900.0}
SHARE = {"A": 0.70, "B": 0.22, "C": 0.08}
REASONS = ("natural", "premature", "moved", "changed_life")
LOST, BEGAN, DRAWN, FIRST = 0.1, 450, 1700, np.datetime64("2018-01-01")
DAYS = (183, 365, 730)
WAIT, SPREAD, GIVES_UP, WITHIN = 45.0, 1.1, 260.0, 91
STARTS, QUARTERS = 8, 4


def survivals(days: np.ndarray, organisation: str) -> dict[str, np.ndarray]:
    """The chance that a match outlives each day as far as each reason goes."""
    return {
        "natural": np.exp(-((days / NATURAL[organisation]) ** 2.2)),
        "premature": np.exp(-((days / 2600.0) ** 0.7)),
        "moved": np.exp(-days / 3100.0),
        "changed_life": 1 / (1 + (days / 1500.0) ** 3),
    }


def drawn(rng: np.random.Generator, organisation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lengths in whole days, and reasons."""
    n = len(organisation)
    scale = np.vectorize(NATURAL.__getitem__)(organisation)
    odds = rng.random(n)
    latent = np.stack([
        scale * rng.weibull(2.2, n), 2600.0 * rng.weibull(0.7, n), rng.exponential(3100.0, n), 1500.0 * (odds / (1 - odds)) ** (1 / 3)
    ])  # fmt: skip
    reason = np.array(REASONS)[latent.argmin(axis=0)]
    return np.ceil(latent.min(axis=0)).astype(int), np.where(rng.random(n) < LOST, "unknown", reason)


def register(rng: np.random.Generator, n: int, *, late: bool) -> pd.DataFrame:
    organisation = rng.choice(list(SHARE), n, p=list(SHARE.values()))
    start = np.floor(DRAWN * rng.beta(1.6, 1.1, n)).astype(int)
    length, reason = drawn(rng, organisation)
    end, entered = start + length, np.maximum(start, BEGAN) if late else start
    lasts = end > DRAWN
    rows = {
        "match": [f"m{number}" for number in range(n)],
        "start": FIRST + start,
        "registered": FIRST + entered,
        "end": pd.Series(FIRST + end).mask(lasts),
        "reason_class": pd.Series(reason).mask(lasts, ""),
        "organisation": organisation,
        "as_of": FIRST + DRAWN,
    }
    return pd.DataFrame(rows)[(entered < end) & (entered < DRAWN)].reset_index(drop=True)


def curve_truths() -> dict[str, float]:
    days = np.arange(0, 5001)
    truth: dict[str, float] = {}
    whole, incidence = np.zeros(len(days)), {name: np.zeros(len(days)) for name in REASONS}
    for organisation, weight in SHARE.items():
        fine = np.linspace(0, 5000, 500_001)
        own = survivals(fine, organisation)
        lasts = np.prod(list(own.values()), axis=0)
        for name in REASONS:
            # A reason's own density times what the others leave.
            left = lasts / own[name]
            steps = -np.diff(own[name]) * (left[1:] + left[:-1]) / 2
            incidence[name] += weight * np.concatenate([[0.0], np.cumsum(steps)])[:: (len(fine) - 1) // 5000]
        at = lasts[:: (len(fine) - 1) // 5000]
        whole += weight * at
        truth[f"median length, {organisation}"] = float(days[np.argmax(at <= 0.5)])
        truth[f"lasting {DAYS[1]} days, {organisation}"] = float(at[DAYS[1]])
    truth["median length"] = float(days[np.argmax(whole <= 0.5)])
    truth |= {f"lasting {day} days": float(whole[day]) for day in DAYS}
    for day in DAYS[:2]:
        truth |= {f"{name} within {day} days": float((1 - LOST) * incidence[name][day]) for name in REASONS}
        truth[f"unknown within {day} days"] = float(LOST * (1 - whole[day]))
    return truth


def curves(seed: int, n: int) -> Iterator[tuple[str, float, float]]:
    events = match_events(register(np.random.default_rng(seed), n, late=True))
    found = duration(events, by="organisation", at=DAYS)
    for row in found.frame.to_dict("records"):
        yield "median length" + ("" if row["group"] == "total" else f", {row['group']}"), row["lower"], row["upper"]
    for row in found["lasting"].frame.to_dict("records"):
        if row["group"] == "total" or row["days"] == DAYS[1]:
            yield f"lasting {row['days']} days" + ("" if row["group"] == "total" else f", {row['group']}"), row["lower"], row["upper"]
    for row in endings(events, at=DAYS[:2])["incidence"].frame.to_dict("records"):
        yield f"{row['reason_class']} within {row['days']} days", row["lower"], row["upper"]


READINGS = {"relation": ("premature",), "relation_or_unknown": ("premature", "unknown")}


def share_truths() -> dict[str, float]:
    """From one large register: what a share among ended is depends on the window."""
    rows = register(np.random.default_rng(987), 3_000_000, late=False)
    reason = rows["reason_class"].to_numpy()
    bases = {"ended": reason != "", "ended_known": (reason != "") & (reason != "unknown"), "started": np.ones(len(rows), bool)}
    return {
        f"{reading}, of {name}": float(np.isin(reason[base], counted).mean())
        if reading == "relation" or name != "ended_known"
        else math.nan
        for reading, counted in READINGS.items()
        for name, base in bases.items()
    }


def shares(seed: int, n: int) -> Iterator[tuple[str, float, float]]:
    found = broken_off(match_events(register(np.random.default_rng(seed), n, late=False))).frame
    for row in found.to_dict("records"):
        yield f"{row['reading']}, of {row['denominator']}", row["lower"], row["upper"]


def wait_truths() -> dict[str, float]:
    from scipy.stats import lognorm

    fine = np.linspace(0, WITHIN, 200_001)
    matched = lognorm.cdf(fine, SPREAD, scale=WAIT)
    stays = np.exp(-fine / GIVES_UP)
    within = float((np.diff(matched) * (stays[1:] + stays[:-1]) / 2).sum())
    return {"median wait": float(math.ceil(WAIT)), f"matched within {WITHIN} days": within}


def waits(seed: int, n: int) -> Iterator[tuple[str, float, float]]:
    rng = np.random.default_rng(seed)
    accepted = rng.integers(0, DRAWN, n)
    wait, gives_up = np.ceil(WAIT * np.exp(SPREAD * rng.standard_normal(n))), np.ceil(rng.exponential(GIVES_UP, n))
    matched, stopped = accepted + wait, accepted + gives_up
    # A day on which both would have come belongs to either as often.
    first = (wait < gives_up) | ((wait == gives_up) & (rng.random(n) < 0.5))
    days = {
        "offered": accepted.astype(float),
        "accepted": accepted.astype(float),
        "matched": np.where(first & (matched <= DRAWN), matched, np.nan),
        "stopped": np.where(~first & (stopped <= DRAWN), stopped, np.nan),
    }
    dates = {name: [str(FIRST + int(day)) if day == day else "" for day in column] for name, column in days.items()}
    rows = pd.DataFrame({"case": [f"c{number}" for number in range(n)], **dates, "started": "", "as_of": str(FIRST + DRAWN)})
    row = waiting(rows).frame.iloc[-1]
    yield "median wait", row["median_lower"], row["median_upper"]
    yield f"matched within {WITHIN} days", row["lower"], row["upper"]


def predictions(seed: int, n: int) -> Iterator[tuple[str, float, float, float]]:
    """What a scenario says of each coming quarter, and what came."""
    rng = np.random.default_rng(seed)
    organisation = rng.choice(list(SHARE), n, p=list(SHARE.values()))
    # Drawn on the last day of a quarter, so that all quarters are whole.
    last = int((np.datetime64("2022-06-30") - FIRST).astype(int))
    start = np.floor((last + 1) * rng.beta(1.6, 1.1, n)).astype(int)
    end = start + drawn(rng, organisation)[0]
    rows = pd.DataFrame({
        "match": [f"m{number}" for number in range(n)], "start": FIRST + start, "end": pd.Series(FIRST + end).mask(end > last),
        "as_of": FIRST + last,
    })  # fmt: skip
    said = matches_scenario(ending_rates(match_events(rows)), [STARTS] * QUARTERS, draws=2000, seed=seed + 1).frame
    edges = [last + 1 + round(91.25 * quarter) for quarter in range(QUARTERS + 1)]
    new = np.concatenate([rng.integers(edges[quarter], edges[quarter + 1], STARTS) for quarter in range(QUARTERS)])
    new_end = new + drawn(rng, rng.choice(list(SHARE), len(new), p=list(SHARE.values())))[0]
    for quarter in range(QUARTERS):
        day = edges[quarter + 1]
        truth = int(((start <= last) & (end >= day)).sum() + ((new < day) & (new_end >= day)).sum())
        yield f"matches in quarter {quarter + 1}", said["lower"].iloc[quarter], said["upper"].iloc[quarter], truth
    tried, kept = 24, 83 * 8
    plans = presence_scenario(
        83, [3] * QUARTERS, (rng.binomial(tried, 0.7), tried), (rng.binomial(kept, 0.012), kept), seed=seed + 1, draws=2000
    ).frame
    now = 83
    for quarter in range(QUARTERS):
        now = now - rng.binomial(now, 0.012) + rng.binomial(3, 0.7)
        yield f"municipalities in quarter {quarter + 1}", plans["lower"].iloc[quarter], plans["upper"].iloc[quarter], now


def main() -> None:
    """Draw, analyse, and print how many intervals hold the truth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--matches", type=int, default=240)
    parser.add_argument("--part", choices=("curves", "shares", "waiting", "scenario"), default="curves")
    given = parser.parse_args()
    held, of, above = Counter[str](), Counter[str](), Counter[str]()
    planted = {"curves": curve_truths, "shares": share_truths, "waiting": wait_truths, "scenario": dict}[given.part]()
    for seed in range(given.first, given.first + given.seeds):
        if given.part == "scenario":
            rows = [*predictions(seed, given.matches)]
        else:
            part = {"curves": curves, "shares": shares, "waiting": waits}[given.part]
            rows = [(name, lower, upper, planted.get(name, math.nan)) for name, lower, upper in part(seed, given.matches)]
        for name, lower, upper, truth in rows:
            if pd.isna(truth) or pd.isna(lower):
                continue  # nothing is said where there are too few
            of[name] += 1
            held[name] += bool(lower <= truth <= (math.inf if pd.isna(upper) else upper))
            above[name] += bool(lower > truth)
    print(f"{given.part}: {given.seeds} seeds from {given.first}, {given.matches} matches")
    for name in of:
        truth = f"{planted[name]:9.4f}" if name in planted else "    drawn"
        said = f"held in {held[name]} of {of[name]}, {100 * held[name] / of[name]:.1f} %"
        print(f"{name:36} truth {truth}  {said}, too high {100 * above[name] / of[name]:.1f} %")


if __name__ == "__main__":
    main()
