"""Do tests reject as often as they say, and do intervals hold the truth? A table of measured rates.

Run `python benchmarks/inference.py [--sets N] [--seed S] [--other] [--only STUDY]`; 4,000 data sets a design give rates within ± .01,
200 a first look. `--other` takes designs that nothing was built on.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from scipy import stats

from vvvresearch.errors import AnalysisError
from vvvresearch.monitoring.matches import kaplan_meier, log_rank
from vvvresearch.statistics.agreement import coefficient, coefficient_of_patterns, values_of_patterns
from vvvresearch.statistics.cooccurrence import PairTests, attainable_level, documents_together, passages_together
from vvvresearch.statistics.cumulative import cumulative_logit
from vvvresearch.statistics.exact_tests import fisher, freeman_halton, mann_whitney
from vvvresearch.statistics.imputation import imputed_share
from vvvresearch.statistics.intervals import proportion_interval, worst_case_bounds
from vvvresearch.statistics.overlap import overlapping_t
from vvvresearch.statistics.persons import persons_by_group
from vvvresearch.statistics.pooling import pooled_shares
from vvvresearch.statistics.power import least_detectable_in_table, power_of_proportions, power_of_ranks
from vvvresearch.statistics.ranks import cliffs_delta
from vvvresearch.statistics.response import r_indicator

Row = tuple[str, str, str, float, float]
LEVEL = 0.05


@dataclass(frozen=True)
class Designs:
    """What is tried.

    Args:
        texts: length, documents, size of passages, passages of a code.
        together: length, documents, size, passages of which half lie together.
        documents: documents, share in which a code stands.
        people: persons, waves.
        coders: n, prevalences, chances that a coder is right.
        deltas: sizes of two sides, shifts.
        frames: units of the frame, strengths of what goes with answering.
        populations: sample, population.
        shares: n, n, share, share, level.
        orders: n, n, chances of four levels, and of the other side.
        regions: sizes, means of the two kinds that a region may be of, and how many answers the spread within a kind is worth.
        tables: sizes of groups, answers, share of the first group, level.
    """

    texts: tuple[tuple[int, int, int, int], ...] = (
        (150, 6, 1, 4), (150, 6, 3, 4), (150, 6, 5, 4), (150, 6, 10, 4), (100, 6, 10, 4), (60, 12, 5, 3),
    )  # fmt: skip
    together: tuple[tuple[int, int, int, int], ...] = ((150, 6, 1, 3), (150, 6, 5, 3), (150, 6, 10, 3))
    documents: tuple[tuple[int, float], ...] = ((24, 0.3), (60, 0.5))
    people: tuple[int, int] = (24, 2)
    coders: tuple[tuple[int, ...], tuple[float, ...], tuple[float, ...]] = ((10, 20), (0.5, 0.3, 0.15), (0.75, 0.85, 0.95, 1.0))
    deltas: tuple[tuple[tuple[int, int], ...], tuple[float, ...]] = (((4, 4), (4, 6), (6, 6)), (0.0, 0.7, 1.5))
    frames: tuple[int, tuple[float, ...]] = (98, (0.0, 0.5, 1.0, 1.5))
    populations: tuple[tuple[int, int], ...] = ((16, 59), (42, 98), (72, 98))
    shares: tuple[tuple[int, int, float, float, float], ...] = ((20, 20, 0.15, 0.6, 0.05), (40, 30, 0.5, 0.85, 0.05 / 12))
    orders: tuple[tuple[int, int, tuple[float, ...], tuple[float, ...]], ...] = (
        (8, 8, (0.1, 0.2, 0.3, 0.4), (0.5, 0.3, 0.1, 0.1)), (20, 20, (0.1, 0.2, 0.3, 0.4), (0.4, 0.3, 0.2, 0.1)),
    )  # fmt: skip
    regions: tuple[tuple[tuple[int, ...], float, float, float], ...] = (
        ((4, 8, 12, 20, 30), 0.4, 0.4, 20.0), ((5, 6, 8, 10, 12, 15), 0.5, 0.5, 5.0), ((8, 10, 12), 0.25, 0.25, 30.0),
    )  # fmt: skip
    tables: tuple[tuple[tuple[int, ...], int, float, float], ...] = (
        ((20, 18, 6), 2, 0.3, 0.05), ((15, 15, 15, 15), 2, 0.4, 0.05), ((40, 20, 10), 3, 0.3, 0.05), ((25, 25), 4, 0.3, 0.05),
        ((12, 10, 8), 3, 0.3, 0.05 / 3), ((14, 9, 5), 2, 0.6, 0.05 / 6),
    )  # fmt: skip


OTHER = Designs(
    texts=((200, 5, 2, 5), (120, 8, 7, 3), (80, 10, 4, 2), (300, 4, 10, 6)),
    together=((150, 6, 3, 4), (180, 5, 8, 4)),
    documents=((36, 0.2), (48, 0.6)),
    people=(30, 2),
    coders=((12, 20), (0.4, 0.2), (0.8, 0.9, 1.0)),
    deltas=(((4, 5), (5, 5), (5, 6)), (0.3, 1.1)),
    frames=(98, (0.3, 0.8, 1.2)),
    populations=((20, 71), (55, 98), (30, 40)),
    shares=((25, 15, 0.2, 0.7, 0.05), (60, 45, 0.3, 0.6, 0.05 / 5)),
    orders=((10, 7, (0.1, 0.1, 0.3, 0.5), (0.4, 0.4, 0.1, 0.1)), (25, 15, (0.2, 0.2, 0.3, 0.3), (0.5, 0.3, 0.1, 0.1))),
    regions=(
        ((5, 9, 14, 22, 35), 0.35, 0.35, math.inf),
        ((6, 7, 9, 12, 14, 20, 26, 30), 0.2, 0.65, 40.0),
        ((3, 4, 6, 9, 15, 24), 0.07, 0.07, 25.0),
    ),
    tables=(
        ((13, 11, 7), 2, 0.4, 0.05 / 4),
        ((18, 13), 3, 0.6, 0.05),
        ((11, 8, 7, 5), 3, 0.15, 0.05),
        ((24, 9), 4, 0.7, 0.05 / 2),
        ((34, 21, 12), 4, 0.2, 0.05 / 5),
        ((40, 28, 17), 3, 0.45, 0.05),
        ((16, 6, 5, 4), 2, 0.8, 0.05),
    ),
)


def cooccurrence(sets: int, rng: np.random.Generator, designs: Designs) -> Iterator[Row]:
    """Five codes, so ten pairs a data set. A design is discrete where the p-values that its tests can take let them reject in less than
    3 % of cases (counted out in every eighth data set): then no more than that can be asked of it.
    """
    for length, documents, size, passages in designs.texts:
        drawn = [_tests(rng, length, documents, size, passages, 0.0) for _ in range(max(1, sets // 10))]
        told = f"{documents} documents of {length}, {passages} passages of {size}{_discrete(drawn)}"
        yield "co-occurrence, passages", told, "type I", _rejected(drawn), LEVEL
    for length, documents, size, passages in designs.together:
        found = [_tests(rng, length, documents, size, passages, 0.5).p_value[0] <= LEVEL for _ in range(max(1, sets // 5))]
        told = f"{documents} documents of {length}, half of {passages} passages of {size} together"
        yield "co-occurrence, passages", told, "power", float(np.mean(found)), 0.9
    for documents, share in designs.documents:
        drawn = [documents_together(rng.random((documents, 5)) < share) for _ in range(max(1, sets // 10))]
        told = f"{documents} documents, each code in {share:.0%}{_discrete(drawn)}"
        yield "co-occurrence, documents", told, "type I", _rejected(drawn), LEVEL


def _rejected(drawn: list[PairTests]) -> float:
    return float(np.mean([(tests.p_value <= LEVEL).mean() for tests in drawn]))


def _discrete(drawn: list[PairTests]) -> str:
    level = float(np.mean([attainable_level(tests, LEVEL).mean() for tests in drawn[::8]]))
    return f", can reject {level:.3f}{': discrete' if level < 0.03 else ''}"


def _tests(rng: np.random.Generator, length: int, documents: int, size: int, passages: int, together: float) -> PairTests:
    """Every pair of five codes; with `together`, that share of the second code's passages lies on the first's."""
    codes = 5 if not together else 2
    start = rng.integers(0, length - size + 1, size=(codes, documents, passages))
    tied = rng.random((documents, passages)) < together
    start[1][tied] = start[0][tied]
    code, document, _ = np.indices(start.shape)
    return passages_together(document.ravel(), code.ravel(), start.ravel(), start.ravel() + size, [length] * documents)


def persons(sets: int, rng: np.random.Generator, designs: Designs) -> Iterator[Row]:
    """Persons interviewed several times, who say the same each time with the given chance."""
    n, waves = designs.people
    groups = ["a"] * (n // 2) + ["b"] * (n // 2)

    def p_value(shares: np.ndarray, same: float) -> float:
        first = rng.random(n) < shares
        later = [np.where(rng.random(n) < same, first, rng.random(n) < shares) for _ in range(waves - 1)]
        return persons_by_group((first + np.sum(later, axis=0)).astype(int).tolist(), [waves] * n, groups).p_value

    for same in (0.0, 0.5, 1.0):
        null = [p_value(np.full(n, 0.4), same) <= LEVEL for _ in range(sets)]
        yield f"theme by group, {n} persons, {waves} waves", f"within-person correlation {same}", "type I", float(np.mean(null)), LEVEL
    told = [p_value(np.repeat([0.15, 0.9], n // 2), 1.0) <= LEVEL for _ in range(sets)]
    yield f"theme by group, {n} persons, {waves} waves", "15 % against 90 %, correlation 1", "power", float(np.mean(told)), 0.8


def agreement(sets: int, rng: np.random.Generator, designs: Designs) -> Iterator[Row]:
    """Two coders, two categories; data sets whose coefficient is undefined are left out."""
    for name in ("cohen", "gwet", "alpha"):
        for n in designs.coders[0]:
            for prevalence in designs.coders[1]:
                for right in designs.coders[2]:
                    true = np.array([prevalence, 1 - prevalence])
                    hit = np.array([[right**2, right * (1 - right), right * (1 - right), (1 - right) ** 2]])
                    chances = (true @ np.vstack([hit, hit[:, ::-1]])).ravel()
                    truth = _coefficient((chances * 100_000).round(), name)[0]
                    limits: dict[tuple[int, ...], tuple[float, float, float]] = {}
                    found = []
                    for cells in map(tuple, rng.multinomial(n, chances, size=sets).tolist()):
                        if cells not in limits:
                            limits[cells] = _coefficient(np.array(cells), name)
                        value, lower, upper = limits[cells]
                        if not math.isnan(value):
                            found.append((lower, upper))
                    yield _covering(name, f"n = {n}, prevalence {prevalence}, right {right}", found, truth)


def _covering(name: str, design: str, found: list[tuple[float, float]], truth: float) -> Row:
    """How often the limits of a coefficient hold the truth, and how wide they are."""
    held = [lower - 1e-3 <= truth <= upper + 1e-3 for lower, upper in found]
    width = np.mean([upper - lower for lower, upper in found])
    return f"agreement, {name}", f"{design}, mean width {width:.2f}", "coverage", float(np.mean(held)), 0.95


def coders(sets: int, rng: np.random.Generator, _: Designs) -> Iterator[Row]:
    """More coders or categories; who is wrong chooses any other category. Coverage over the data sets whose coefficient is defined."""
    names = ("fleiss", "gwet", "alpha", "conger", "brennan_prediger")
    for many, prevalence in ((3, (0.5, 0.5)), (3, (0.15, 0.85)), (4, (0.3, 0.7)), (2, (0.6, 0.3, 0.1)), (2, (0.3, 0.3, 0.2, 0.1, 0.1))):
        categories = list(range(len(prevalence)))
        chosen = np.array(list(product(categories, repeat=many)))
        for place, (right, n) in enumerate(product((0.7, 0.9, 0.98), (10, 20))):
            name = names[place % len(names)]
            wrong = (1 - right) / (len(categories) - 1)
            chances = sum(share * np.where(chosen == true, right, wrong).prod(axis=1) for true, share in enumerate(prevalence))
            patterns = chosen
            if name != "conger":
                # Only Conger asks who of the coders chose what: for the others, patterns of the same choices are one.
                patterns, alike = np.unique(np.sort(chosen, axis=1), axis=0, return_inverse=True)
                chances = np.bincount(alike.ravel(), chances)
            truth = values_of_patterns(patterns, np.atleast_2d(chances * 1e6), tuple(categories), name)[0]
            tables, times = np.unique(rng.multinomial(n, chances, size=sets), axis=0, return_counts=True)
            limits = [coefficient_of_patterns(patterns, cells, tuple(categories), name).interval for cells in tables]
            found = [own for own, often in zip(limits, times.tolist(), strict=True) for _ in range(often) if not math.isnan(own[0])]
            yield _covering(name, f"{many} coders, {len(categories)} categories, n = {n}, right {right}", found, truth)


def lasting(sets: int, rng: np.random.Generator, _: Designs) -> Iterator[Row]:
    """How long matches last, with open matches, and with matches that came under observation late."""
    horizons, scale, shape = np.array([91, 183, 365, 730]), 600, 0.8
    truth, middle = np.exp(-((horizons / scale) ** shape)), scale * math.log(2) ** (1 / shape)
    for n, late in product((8, 12, 20, 40), (False, True)):
        held, medians = [], []
        for _ in range(max(1, sets // 4)):
            # More than enough, of whom those are seen who last until they come under observation.
            ends, until = np.ceil(scale * rng.weibull(shape, 9 * n)), rng.integers(100, 1400, 9 * n)
            begins = np.where(rng.random(9 * n) < 0.5, 0, rng.integers(0, 300, 9 * n)) * late
            seen = np.flatnonzero(np.minimum(ends, until) > begins)[:n]
            time, ended, entry = np.minimum(ends, until)[seen], (ends <= until)[seen], begins[seen]
            curves = kaplan_meier(time, ended, entry if late else None, conf_type="beta-product")
            shares, median = curves.at(horizons), curves.quantile().iloc[0]
            known = shares["lower"].notna().to_numpy()
            held += ((shares["lower"] <= truth) & (truth <= shares["upper"])).to_numpy()[known].tolist()
            medians.append(not (median["lower"] > middle or median["upper"] < middle))
        told = f"{n} matches{', half under observation late' if late else ''}"
        yield "shares that last, four horizons", told, "coverage", float(np.mean(held)), 0.95
        yield "median duration", told, "coverage", float(np.mean(medians)), 0.95


def curves(sets: int, rng: np.random.Generator, _: Designs) -> Iterator[Row]:
    """Groups of matches that last alike: few, of unlike sizes, censored unlike, in days and in quarters, under observation late."""
    groups = ((5, 5), (5, 15), (8, 12), (6, 20), (5, 5, 5), (5, 8, 15))
    for sizes, censored in product(groups, ("never", "unlike", "unlike, in quarters", "unlike, entry late")):
        group, rejected = np.repeat(np.arange(len(sizes)), sizes), []
        for _ in range(max(1, sets // 4)):
            ends = np.ceil(600 * rng.weibull(0.8, len(group)))
            until = np.where(group == 0, rng.integers(100, 500, len(group)), rng.integers(700, 2000, len(group)))
            until = until if censored != "never" else np.full(len(group), 100_000)
            # Whoever ends before being under observation is never seen.
            entry = np.where(rng.random(len(group)) < 0.5, 0, rng.integers(0, 300, len(group))) * ("late" in censored)
            seen, unit = np.minimum(ends, until) > entry, 90 if "quarters" in censored else 1
            time, ended = np.ceil(np.minimum(ends, until) / unit)[seen], (ends <= until)[seen]
            if ended.any() and len(set(group[seen])) > 1:
                test = log_rank(time, ended, group[seen], entry[seen], draws=399)
                rejected.append((test.p <= LEVEL, stats.chi2.sf(test.statistic, test.df) <= LEVEL))
        ours, chi_squared = np.mean(rejected, axis=0)
        yield "log-rank", f"groups of {sizes}, censored: {censored}; chi-squared {chi_squared:.3f}", "type I", float(ours), LEVEL


def filled(sets: int, rng: np.random.Generator, _: Designs) -> Iterator[Row]:
    """Shares with what was not answered filled in: of all who are like those asked, and of those asked alone."""
    frames = ((18, (0.1, 0.1)), (35, (0.5, 0.6)), (45, (0.9, 0.95)), (42, (0.2, 0.7)))
    answering = (0.5, 0.8)
    for n, shares in frames:
        held: dict[str, list[bool]] = {"everybody": [], "those asked": []}
        for _ in range(sets):
            asked = rng.multinomial(n, [0.5, 0.5])
            yes = rng.binomial(asked, shares)
            given = rng.binomial(yes, answering), rng.binomial(asked - yes, answering)
            if sum(given).sum() > 1:
                for whom, truth, size in (("everybody", np.mean(shares), None), ("those asked", yes.sum() / n, n)):
                    found = imputed_share(given[0].tolist(), sum(given).tolist(), asked.tolist(), size)
                    held[whom].append(found.lower - 1e-9 <= truth <= found.upper + 1e-9)
        for whom, each in held.items():
            yield "filled-in share", f"{n} asked, {shares} say yes, {answering} answer; of {whom}", "coverage", float(np.mean(each)), 0.95


def regions(sets: int, rng: np.random.Generator, designs: Designs) -> Iterator[Row]:
    """Partly pooled shares of regions that are drawn from one distribution, are of two kinds, or all alike: coverage of every region."""
    for sizes, low, high, size in designs.regions:
        held = []
        for _ in range(max(1, sets // 4)):
            mean = np.where(rng.random(len(sizes)) < 0.5, low, high)
            true = rng.beta(mean * size, (1 - mean) * size) if size < math.inf else mean
            found = pooled_shares(rng.binomial(sizes, true).tolist(), sizes).pooled
            held += [share in limits for share, limits in zip(true.tolist(), found, strict=True)]
        told = f"mean {low}" if low == high else f"half of {low}, half of {high}"
        design = f"regions of {sizes}, {told}, {'alike' if size == math.inf else f'as {size:.0f} answers spread'}"
        yield "partly pooled shares", design, "coverage", float(np.mean(held)), 0.95


def _coefficient(cells: np.ndarray, name: str) -> tuple[float, float, float]:
    table = pd.DataFrame(np.repeat([[1, 1], [1, 0], [0, 1], [0, 0]], cells.astype(int), axis=0), columns=["a", "b"])
    found = coefficient(table, name, categories=[0, 1])  # type: ignore[arg-type]
    return found.value, *found.interval


def cliff(sets: int, rng: np.random.Generator, designs: Designs) -> Iterator[Row]:
    for m, n in designs.deltas[0]:
        for shift in designs.deltas[1]:
            cuts = np.array([-math.inf, -1, 0, 1, math.inf])
            high, low = np.diff(stats.norm.cdf(cuts - shift)), np.diff(stats.norm.cdf(cuts))
            truth = float(high @ np.sign(np.arange(4)[:, None] - np.arange(4)) @ low)
            held = [truth in cliffs_delta(rng.choice(4, m, p=high), rng.choice(4, n, p=low)) for _ in range(sets)]
            yield "Cliff's delta", f"{m} against {n}, four levels, delta {truth:.2f}", "coverage", float(np.mean(held)), 0.95


def means(sets: int, rng: np.random.Generator, _: Designs) -> Iterator[Row]:
    """Skewed numbers of two waves that change alike: answers of one wave only, and of those who answered twice."""
    draws: dict[str, Callable[[int], np.ndarray]] = {
        "lognormal": lambda n: rng.lognormal(0, 1, n),
        "counts": lambda n: rng.choice([0.0, 1.0, 2.0], n, p=[0.85, 0.1, 0.05]),
    }
    for name, drawn in draws.items():
        for first, second, both in ((8, 40, 0), (10, 23, 7), (4, 15, 6)):
            rejected = []
            for _ in range(max(1, sets // 2)):
                twice = drawn(both)
                again = np.where(rng.random(both) < 0.6, twice, drawn(both))
                pairs = list(zip(twice.tolist(), again.tolist(), strict=True))
                rejected.append(overlapping_t(drawn(first).tolist(), drawn(second).tolist(), pairs, draws=399).p_value <= LEVEL)
            design = f"{name}, {first} and {second} alone, {both} twice"
            yield "means of two waves", design, "type I", float(np.mean(rejected)), LEVEL


def indicator(sets: int, rng: np.random.Generator, designs: Designs) -> Iterator[Row]:
    units, strengths = designs.frames
    region, size = rng.integers(0, 5, units), rng.integers(0, 3, units)
    variables = {"region": region.tolist(), "size": size.tolist()}
    for strength in strengths:
        true = 1 / (1 + np.exp(-1 - strength * (np.array([-0.8, -0.3, 0, 0.5, 1])[region] + np.array([0, 0.4, -0.4])[size])))
        truth = 1 - 2 * float(true.std(ddof=1))
        found = [r_indicator(rng.random(units) < true, variables) for _ in range(max(1, sets // 2))]
        held = [one.lower <= truth <= one.upper for one in found]
        yield "R-indicator", f"N = {units}, truth {truth:.3f}", "coverage", float(np.mean(held)), 0.95


def grouped(sets: int, rng: np.random.Generator, _: Designs) -> Iterator[Row]:
    """60 leaders in municipalities that differ, four ordered answers; a trait of the municipality, or its interaction with one's own."""
    for groups in (20, 40):
        for interaction in (False, True):
            p_values = []
            for _ in range(max(1, sets // 10)):
                group, own = rng.integers(0, groups, 60), rng.integers(0, 2, 60)
                trait = (rng.random(groups) < 0.35).astype(float)[group]
                answers = np.searchsorted([-1, 0.3, 1.5], rng.normal(0, 1, groups)[group] + 0.5 * own * interaction + rng.logistic(size=60))
                columns = [own, trait, own * trait] if interaction else [trait]
                names = ["own", "trait", "both"][-len(columns) :]
                try:
                    model = cumulative_logit(answers.tolist(), np.column_stack(columns), names, clusters=group.tolist(), wanted=names[-1:])
                except AnalysisError:
                    continue
                p_values.append(model.terms[-1].p_value)
            design = f"60 leaders in {groups} municipalities, {'interaction' if interaction else 'trait of the municipality'}"
            yield "ordered answers, grouped", design, "type I", float(np.mean(np.array(p_values) <= LEVEL)), LEVEL


def finite(sets: int, rng: np.random.Generator, designs: Designs) -> Iterator[Row]:
    """Not drawn: every outcome of every population."""
    for n, size in designs.populations:
        limits = [proportion_interval(x, n, size) for x in range(n + 1)]
        covered = [
            sum(stats.hypergeom.pmf(x, size, hits, n) for x in range(n + 1) if limits[x].lower <= hits / size <= limits[x].upper)
            for hits in range(size + 1)
        ]
        worst = [worst_case_bounds(x, n, size) for x in range(n + 1)]
        outside = sum(limits[x].lower < worst[x].lower or limits[x].upper > worst[x].upper for x in range(n + 1))
        told = f"{n} of {size}, lowest over all populations, {outside} outside the worst case"
        yield "finite interval", told, "coverage", min(covered), 0.95


def power(sets: int, rng: np.random.Generator, designs: Designs) -> Iterator[Row]:
    for n1, n2, p1, p2, level in designs.shares:
        drawn = zip(rng.binomial(n1, p1, sets).tolist(), rng.binomial(n2, p2, sets).tolist(), strict=True)
        found = float(np.mean([fisher([[a, n1 - a], [b, n2 - b]]).p_value <= level for a, b in drawn]))
        stated = power_of_proportions(n1, n2, p1, p2, level)
        yield "power of proportions", f"{n1}, {n2}: {p1} against {p2} at {level:.4f}", "power", found, stated
    for n1, n2, one, two in designs.orders:
        p_values = [mann_whitney(rng.choice(4, n1, p=one), rng.choice(4, n2, p=two)).p_value for _ in range(max(1, sets // 4))]
        found = float(np.mean(np.array(p_values) <= LEVEL))
        yield "power of ranks", f"{n1}, {n2}: {one} against {two}", "power", found, power_of_ranks(one, two, n1, n2)
    for sizes, answers, share, level in designs.tables:
        upwards = share < 0.5
        least = least_detectable_in_table(sizes, answers, share, level, upwards=upwards) or math.nan
        away = least if upwards else -least
        seen = [share, share + away, *[share + away / 2] * (len(sizes) - 2)]
        drawn = [[rng.multinomial(n, [p, *[(1 - p) / (answers - 1)] * (answers - 1)]).tolist() for n, p in zip(sizes, seen, strict=True)]
                 for _ in range(max(1, sets // 4))]  # fmt: skip
        found = float(np.mean([freeman_halton(table).p_value <= level for table in drawn]))
        design = f"{sizes}, {answers} answers, {share} against {share + away:.2f} at {level:.4f}"
        yield "least difference of a cross-table", design, "power", found, 0.8


STUDIES: tuple[Callable[[int, np.random.Generator, Designs], Iterator[Row]], ...] = (
    cooccurrence, persons, agreement, coders, lasting, curves, filled, regions, cliff, means, indicator, grouped, finite, power,
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sets", type=int, default=4000, help="data sets a design")
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument("--other", action="store_true", help="designs that nothing was built on")
    parser.add_argument("--only", default="", help="one study: " + ", ".join(study.__name__ for study in STUDIES))
    chosen = parser.parse_args()
    print("| what | design | rate | measured | stated |\n|---|---|---|---|---|")
    for study in (one for one in STUDIES if chosen.only in ("", one.__name__)):
        began = time.perf_counter()
        for what, design, rate, measured, stated in study(
            chosen.sets, np.random.default_rng(chosen.seed), OTHER if chosen.other else Designs()
        ):
            print(f"| {what} | {design} | {rate} | {measured:.3f} | {stated:.3f} |", flush=True)
        print(f"<!-- {study.__name__}: {time.perf_counter() - began:.0f} s -->", flush=True)


if __name__ == "__main__":
    main()
