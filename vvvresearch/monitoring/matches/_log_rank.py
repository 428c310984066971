"""Do groups of matches last equally long: the log-rank test and its weighted family."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import format_p
from vvvresearch.monitoring.matches._risk_sets import Floats, Observations, Values, before, labelled, observe, risk_sets, survival_curve

# Below so many in a group chi-squared rejects too often: up to 9 % in groups of five.
_FEW = 50
# Observations that change groups in all, and how many counts are held at once.
_CELLS, _TOGETHER = 10_000_000, 1_000_000


@dataclass(frozen=True, repr=False)
class GroupTest:
    """A test of equal curves.

    Attributes:
        statistic: chi-squared statistic.
        df: degrees of freedom.
        p: p-value; NaN where fewer than two groups can be compared.
        frame: one row a group, the numbers that the test sets against each other.
    """

    statistic: float
    df: int
    p: float
    frame: pd.DataFrame

    def __repr__(self) -> str:
        return f"GroupTest({told_test(self.statistic, self.df, self.p)})"


def told_test(statistic: float, df: int, p: float) -> str:
    """A test in one line, or why there is none.

    Example:
        >>> told_test(5.0523, 1, 0.0246), told_test(float("nan"), 1, float("nan"))
        ('chi-squared 5.05, df 1, p 0.025', 'no p: too few ended in the groups to compare them')
    """
    if math.isnan(p):
        return "no p: too few ended in the groups to compare them"
    return f"chi-squared {statistic:.2f}, df {df}, p {format_p(p, 'en')}"


def log_rank(
    time: Values,
    event: Values,
    group: Values,
    entry: Values | None = None,
    strata: Values | None = None,
    rho: float = 0.0,
    *,
    draws: int = 9_999,
    seed: int = 2021,
) -> GroupTest:
    """Whether groups have the same survival curve.

    Log-rank test (Mantel 1966) with the hypergeometric variance at ties; `rho` weights the times by S(t−)^rho as Harrington and
    Fleming (1982) do: 0 the log-rank test, 1 the Peto–Peto modification of the Wilcoxon test. With strata, groups are compared inside each.

    p comes from chi-squared where every group has fifty or more. Else chance is what the statistic is when observations change groups,
    which holds in small groups and where some are censored earlier (Neuhaus 1993).

    Args:
        time: length n.
        event: length n, 1 ended, 0 censored.
        group: length n, labels of at least two groups.
        entry: length n, delayed entry.
        strata: length n, labels.
        rho: weight.
        draws, seed: of the exchanges between groups; fewer are made of very large registers, where it is a matter of time.

    Returns:
        GroupTest; .frame: group, n, observed, expected.

    Raises:
        AnalysisError: one group only; what `kaplan_meier` raises.

    Example:
        >>> test = log_rank([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 0, 1], ["a", "a", "a", "b", "b", "b"])
        >>> test.df, round(test.statistic, 3)
        (1, 5.052)
    """
    seen = observe(time, event, entry, group)
    need_groups(seen)
    n_groups = len(seen.groups)
    parts = stratified(seen, strata)
    observed, expected, variance = (found[0] for found in _compared(parts, n_groups, rho))
    statistic, df, p = quadratic_test(observed - expected, variance, expected > 0)
    sizes = np.bincount(seen.group, minlength=n_groups)
    if sizes.min() < _FEW and not math.isnan(p):
        p = _exchanged(parts, n_groups, rho, statistic, draws, seed)
    frame = pd.DataFrame({"group": list(seen.groups), "n": sizes, "observed": observed, "expected": expected})
    return GroupTest(statistic, df, p, frame)


def _compared(parts: list[Observations], n_groups: int, rho: float) -> tuple[Floats, Floats, Floats]:
    """Observed and expected ends of each group and the covariance of their difference, over the strata.

    Of one arrangement of the observations among the groups, or of several at once: then their groups are numbered through.
    """
    found = []
    for part in parts:
        sets = risk_sets(part)
        deaths, own = (counts.reshape(-1, n_groups, len(part.times)) for counts in (sets.events[0], sets.at_risk))
        total, risk = deaths[0].sum(axis=0), own[0].sum(axis=0)
        used = total > 0
        total, risk, deaths, own = total[used], risk[used], deaths[..., used], own[..., used]
        weight = before(survival_curve(risk, total), 1.0) ** rho
        share = own / risk
        spread = weight**2 * total * (risk - total) / np.maximum(risk - 1, 1) * share
        variance = spread.sum(axis=2)[:, :, None] * np.eye(n_groups) - spread @ share.swapaxes(1, 2)
        found.append(((weight * deaths).sum(axis=2), (weight * total * share).sum(axis=2), variance))
    observed, expected, variance = (np.sum(each, axis=0) for each in zip(*found, strict=True))
    return observed, expected, variance


def _exchanged(parts: list[Observations], n_groups: int, rho: float, statistic: float, draws: int, seed: int) -> float:
    """How often the statistic is as large when observations change groups inside their stratum.

    Neither the order of the rows nor that of the groups matters: rows are sorted, and groups are filled in order of their sizes.
    """
    sizes = np.array([np.bincount(part.group, minlength=n_groups) for part in parts])
    sizes = sizes[:, np.lexsort(sizes)]
    ordered = [part.of(np.lexsort((part.cause, part.exit if part.enter is None else part.enter, part.exit))) for part in parts]
    n, rng, as_large = int(sizes.sum()), np.random.default_rng(seed), 0
    draws = min(draws, max(999, _CELLS // n))
    for lot in np.array_split(np.arange(draws), -(-draws * n * n_groups // _TOGETHER)):
        moved = []
        for part, filled in zip(ordered, sizes, strict=True):
            groups = rng.permuted(np.tile(np.repeat(np.arange(n_groups), filled), (len(lot), 1)), axis=1)
            numbered = (groups + n_groups * np.arange(len(lot))[:, None]).ravel()
            repeated = part.of(np.tile(np.arange(len(part.exit)), len(lot)))
            moved.append(replace(repeated, group=numbered, groups=tuple(range(n_groups * len(lot)))))
        observed, expected, variance = _compared(moved, n_groups, rho)
        difference = observed - expected
        drawn = np.einsum("bi,bij,bj->b", difference, np.linalg.pinv(variance, rcond=1e-9, hermitian=True), difference)
        as_large += int((drawn >= statistic * (1 - 1e-9)).sum())
    return (as_large + 1) / (draws + 1)


def need_groups(seen: Observations) -> None:
    """Raise where there is nothing to compare."""
    if len(seen.groups) < 2:
        raise AnalysisError("a comparison needs at least two groups", where="group")


def stratified(seen: Observations, strata: Values | None) -> list[Observations]:
    """The observations of each stratum."""
    if strata is None:
        return [seen]
    codes, labels = labelled(strata, len(seen.kept), "strata")
    codes = codes[seen.kept]
    return [seen.of(codes == place) for place in range(len(labels)) if (codes == place).any()]


def quadratic_test(difference: Floats, variance: Floats, comparable: npt.NDArray[np.bool_]) -> tuple[float, int, float]:
    """Chi-squared test of differences that sum to 0, among the groups that could be compared at all."""
    from scipy.stats import chi2

    places = np.flatnonzero(comparable)[1:]
    if len(places) == 0 or np.linalg.matrix_rank(variance[np.ix_(places, places)]) < len(places):
        return float("nan"), max(len(places), 0), float("nan")
    chosen = difference[places]
    statistic = float(chosen @ np.linalg.solve(variance[np.ix_(places, places)], chosen))
    return statistic, len(places), float(chi2.sf(statistic, len(places)))
