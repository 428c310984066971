"""How long matches last: the Kaplan–Meier curve with late entry, and the log-rank test of whether groups differ."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.locales import format_p
from vvvresearch.monitoring.matches._risk_sets import (
    Floats,
    Ints,
    Observations,
    Told,
    Values,
    before,
    labelled,
    observe,
    risk_sets,
    survival_curve,
)
from vvvresearch.results import Drawn

ConfidenceType = Literal["log", "log-log", "plain", "beta-product"]
_TYPES = ("log", "log-log", "plain", "beta-product")
# Two survival values nearer than this are one level of the curve, as in R's quantile.survfit.
_SAME_LEVEL = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True, repr=False)
class KaplanMeier(Told):
    """Kaplan–Meier curves.

    Attributes:
        frame: one row a group and distinct exit time: group, time, at_risk, events, survival, se, lower, upper. `se` is the standard
            error of the survival (Greenwood); at a survival of 0 it is not defined.
        sizes: one row a group: group, n, events.
        level: of the limits.
        conf_type: scale of the limits.
        never_at_risk: observations left out because they enter when they end.
    """

    frame: pd.DataFrame
    sizes: pd.DataFrame
    level: float
    conf_type: ConfidenceType
    never_at_risk: int

    def quantile(self, p: float = 0.5) -> pd.DataFrame:
        """When a share `p` has ended, by group; the median by default.

        Where the curve lies exactly on 1 − p, the middle of that step, as R does; NaN where it never gets there.

        Returns:
            DataFrame: group, n, events, quantile, lower, upper.

        Example:
            >>> float(kaplan_meier([2, 4, 6, 8], [1, 1, 1, 0]).quantile(0.5)["quantile"].iloc[0])
            5.0
        """
        if not 0 < p < 1:
            raise AnalysisError(f"a quantile lies between 0 and 1, not at {p}", where="p")
        rows = []
        for group, curve in self.frame.groupby("group", sort=False, observed=True):
            times, first = curve["time"].to_numpy(float), self._at_first(curve)
            found = [_first_below(times, curve[name].to_numpy(float), p) for name in ("survival", "lower", "upper")]
            rows.append((group, found[0], 0.0 if first <= 1 - p else found[1], found[2]))
        found_by_group = pd.DataFrame(rows, columns=["group", "quantile", "lower", "upper"])
        return self.sizes.merge(found_by_group, on="group", how="left")

    def _at_first(self, curve: pd.DataFrame) -> float:
        """The lower limit before anything has ended."""
        if self.conf_type != "beta-product":
            return 1.0
        return float(((1 - self.level) / 2) ** (1 / max(curve["at_risk"].iloc[0], 1)))

    def plot(self) -> Drawn:
        """The curves as a picture; times are days."""
        from vvvresearch.figures import survival_plot

        return survival_plot(self)

    def at(self, times: Values) -> pd.DataFrame:
        """The curves at given times: group, time, at_risk, survival, se, lower, upper; NaN after a group's last time.

        `at_risk` counts who is at risk at the first exit time that is not before the given one.

        Example:
            >>> kaplan_meier([2, 4, 6], [1, 0, 1]).at([3])["survival"].round(3).tolist()
            [0.667]
        """
        wanted = np.asarray(times, float)
        parts = []
        for group, curve in self.frame.groupby("group", sort=False, observed=True):
            known = curve["time"].to_numpy(float)
            last = np.searchsorted(known, wanted, side="right") - 1
            following = np.searchsorted(known, wanted, side="left")
            beyond = wanted > known[-1]
            columns: dict[str, object] = {"group": group, "time": wanted}
            risk = curve["at_risk"].to_numpy()
            columns["at_risk"] = np.where(beyond, 0, risk[np.minimum(following, len(known) - 1)])
            for name, start in (("survival", 1.0), ("se", 0.0), ("lower", self._at_first(curve)), ("upper", 1.0)):
                column = curve[name].to_numpy(float)
                columns[name] = np.where(beyond, np.nan, np.where(last < 0, start, column[np.maximum(last, 0)]))
            parts.append(pd.DataFrame(columns))
        return pd.concat(parts, ignore_index=True)


def kaplan_meier(
    time: Values,
    event: Values,
    entry: Values | None = None,
    group: Values | None = None,
    conf_type: ConfidenceType = "log",
    level: float = 0.95,
) -> KaplanMeier:
    """The share of matches that still last, by time since the start.

    Product-limit estimate (Kaplan and Meier 1958) with Greenwood's variance. Ties as in R's survival: an event comes before a
    censoring of the same time, and who enters at a time is at risk after it only; times that differ by rounding alone are one.

    Args:
        time: length n, time from start to end or to the last observation.
        event: length n, 1 or true when it ended, 0 or false when it still lasted.
        entry: length n, time from start to the first observation (delayed entry); left out: all are observed from the start.
        group: length n, labels; curves come in their sorted order (a categorical keeps its own).
        conf_type: "log" (R's default), "log-log" or "plain"; "beta-product" (Fay, Brittain and Proschan 2013) holds in any number of
            matches, is Clopper and Pearson's interval where nothing is censored, and has limits also while nothing has ended, and
            when all has.
        level: confidence level.

    Returns:
        KaplanMeier; .frame: group, time, at_risk, events, survival, se, lower, upper.

    Raises:
        AnalysisError: unlike lengths, missing or negative times, entry after exit, unknown `conf_type`.

    Example:
        >>> kaplan_meier([1, 2, 2, 3], [1, 1, 0, 1]).frame[["time", "at_risk", "events", "survival"]].values.tolist()
        [[1.0, 4.0, 1.0, 0.75], [2.0, 3.0, 1.0, 0.5], [3.0, 1.0, 1.0, 0.0]]
    """
    from scipy.stats import norm

    if conf_type not in _TYPES:
        raise AnalysisError(f"there are no limits called {conf_type!r}", where="conf_type", todo=did_you_mean(str(conf_type), _TYPES))
    if not 0 < level < 1:
        raise AnalysisError(f"a confidence level lies between 0 and 1, not at {level}", where="level")
    seen = observe(time, event, entry, group)
    sets = risk_sets(seen)
    events = sets.events[0]
    survival = survival_curve(sets.at_risk, events)
    with np.errstate(invalid="ignore", divide="ignore"):
        steps = np.where(events > 0, events / (sets.at_risk * (sets.at_risk - events).astype(float)), 0.0)
    log_se = np.sqrt(np.cumsum(steps, axis=1))
    rows = np.nonzero(sets.leaving > 0)
    curve, se = survival[rows], log_se[rows]
    if conf_type == "beta-product":
        lower, upper = (limit[rows] for limit in _beta_product(sets.at_risk, events, (1 - level) / 2))
    else:
        lower, upper = _limits(curve, se, conf_type, float(norm.ppf(0.5 + level / 2)))
    frame = pd.DataFrame(
        {
            "group": np.array(seen.groups, dtype=object)[rows[0]],
            "time": seen.times[rows[1]],
            "at_risk": sets.at_risk[rows],
            "events": events[rows],
            "survival": curve,
            "se": np.where(curve > 0, curve * np.where(np.isfinite(se), se, np.nan), np.nan),
            "lower": lower,
            "upper": upper,
        }
    )
    frame["group"] = frame["group"].infer_objects()
    sizes = pd.DataFrame({"group": list(seen.groups), "n": sets.leaving.sum(axis=1), "events": events.sum(axis=1)})
    return KaplanMeier(frame, sizes, level, conf_type, seen.never_at_risk)


def _limits(survival: Floats, log_se: Floats, conf_type: str, z: float) -> tuple[Floats, Floats]:
    with np.errstate(invalid="ignore", divide="ignore"):
        alive = np.where(survival > 0, survival, np.nan)
        if conf_type == "plain":
            half = z * alive * log_se
            return np.maximum(alive - half, 0.0), np.minimum(alive + half, 1.0)
        if conf_type == "log":
            return alive * np.exp(-z * log_se), np.minimum(alive * np.exp(z * log_se), 1.0)
        inside = np.where(alive < 1, alive, np.nan)
        shift = z * log_se / np.log(inside)
        centre = np.log(-np.log(inside))
        return np.exp(-np.exp(centre - shift)), np.exp(-np.exp(centre + shift))


def _beta_product(at_risk: Ints, events: Ints, tail: float) -> tuple[Floats, Floats]:
    """Limits after every time: what lasts is a product of beta variables, one an event, and for the lower limit one who is next to end.

    The product is given the beta distribution with its mean and variance.
    """
    from scipy.special import betaincinv

    stayed = np.where(events > 0, at_risk - events + 1.0, 1.0)
    gone = np.where(events > 0, events, 0.0)
    mean = np.cumprod(stayed / (stayed + gone), axis=1)
    square = np.cumprod(stayed * (stayed + 1) / ((stayed + gone) * (stayed + gone + 1)), axis=1)
    left = np.concatenate([at_risk[:, 1:], np.zeros((len(at_risk), 1))], axis=1)

    def quantile(first: Floats, second: Floats, share: float) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            weight = (first - second) / (second - first**2)
            found = betaincinv(first * weight, (1 - first) * weight, share)
        return np.where(first >= 1, 1.0, np.where(first <= 0, 0.0, found))

    lower = quantile(mean * left / (left + 1), square * left / (left + 2), tail)
    return lower, quantile(mean, square, 1 - tail)


def _first_below(times: Floats, curve: Floats, p: float) -> float:
    known = np.isfinite(curve)
    times, ended = times[known], 1 - curve[known]
    reached = np.flatnonzero(ended >= p - _SAME_LEVEL)
    if len(reached) == 0:
        return float("nan")
    first = reached[0]
    if ended[first] > p + _SAME_LEVEL:
        return float(times[first])
    passed = np.flatnonzero(ended > p + _SAME_LEVEL)
    return float(times[first] + (times[passed[0]] if len(passed) else times[-1])) / 2


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
