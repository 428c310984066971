"""Ordered answers and what they go with: the cumulative logit model, kept finite by a penalty, and its errors when cases share a group."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import alpha_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["CumulativeModel", "Term", "cumulative_logit"]

_STEPS = 200
_CLOSE = 1e-6
_WIDTH = 1e-4
# Where the profile has not come down so far out, a limit is not reached.
_FARTHEST = 60.0


@dataclass(frozen=True)
class Term:
    """What one predictor does to the odds of a higher answer.

    Args:
        name: of the predictor.
        log_odds: change of the log odds at every cut of the scale; 0 when nothing changes.
        se: its standard error.
        lower, upper: limits of the log odds; infinite where the data set no limit.
        p_value: against 0.
        freedom: degrees of freedom of the limits; infinite where they rest on the likelihood.
    """

    name: str
    log_odds: float
    se: float
    lower: float
    upper: float
    p_value: float
    freedom: float


@dataclass(frozen=True)
class CumulativeModel:
    """A fitted model.

    Args:
        terms: one a predictor, in order.
        thresholds: log odds of an answer at or below each cut of the scale, where all predictors are 0.
        cases: used.
        clusters: groups that the errors rest on; 0 where each case stands for itself.
        level: confidence level.
    """

    terms: tuple[Term, ...]
    thresholds: tuple[float, ...]
    cases: int
    clusters: int
    level: float


@dataclass(frozen=True)
class _Counts:
    """Cases counted by their pattern of predictors: patterns × predictors, patterns × answers."""

    design: Floats
    times: Floats

    @property
    def cuts(self) -> int:
        return int(self.times.shape[1]) - 1

    def slopes(self, parameters: Floats) -> tuple[Floats, Floats]:
        """Chance of every answer in every pattern, and its slopes: (sets ×) patterns × answers (× parameters)."""
        linear = parameters[..., None, : self.cuts] - np.einsum("gj,...j->...g", self.design, parameters[..., self.cuts :])[..., None]
        below = 1 / (1 + np.exp(-np.clip(linear, -500, 500)))
        density = below * (1 - below)
        around = [(0, 0)] * (density.ndim - 1) + [(1, 1)]
        chances = np.diff(np.pad(below, around, constant_values=(0.0, 1.0)), axis=-1)
        # A cut adds to the answer below it what it takes from the answer above.
        of_cuts = density[..., None, :] * (np.eye(self.cuts + 1, self.cuts) - np.eye(self.cuts + 1, self.cuts, -1))
        of_terms = -np.diff(np.pad(density, around), axis=-1)[..., None] * self.design[:, None, :]
        return chances, np.concatenate([of_cuts, of_terms], axis=-1)

    def information(self, parameters: Floats) -> Floats:
        """The expected information, (sets ×) parameters × parameters."""
        chances, slopes = self.slopes(parameters)
        weighted = slopes * (self.times.sum(axis=1)[:, None] / np.maximum(chances, 1e-300))[..., None]
        flat = (*slopes.shape[:-3], -1, slopes.shape[-1])
        found: Floats = np.swapaxes(weighted.reshape(flat), -1, -2) @ slopes.reshape(flat)
        return found

    def score(self, parameters: Floats) -> Floats:
        """The slope of the log likelihood."""
        chances, slopes = self.slopes(parameters)
        found: Floats = np.einsum("gk,gkj->j", self.times / np.maximum(chances, 1e-300), slopes)
        return found

    def penalty(self, parameters: Floats) -> Floats:
        """Half the log determinant of the information."""
        sign, size = np.linalg.slogdet(self.information(parameters))
        found: Floats = np.where(sign > 0, size / 2, -math.inf)
        return found

    def objective(self, parameters: Floats) -> float:
        """The penalised log likelihood; minus infinity where the cuts are out of order."""
        chances = self.slopes(parameters)[0]
        if (chances <= 0).any():
            return -math.inf
        return float((self.times * np.log(chances)).sum() + self.penalty(parameters))


def cumulative_logit(
    answers: Sequence[float],
    design: ArrayLike,
    names: Sequence[str],
    *,
    clusters: Sequence[Hashable] | None = None,
    wanted: Sequence[str] | None = None,
    level: float = 0.95,
) -> CumulativeModel:
    """How predictors move the odds of a higher answer, the same at every cut of the scale (proportional odds).

    The likelihood is penalised by Jeffreys' prior, so that estimates stay finite where a predictor separates the answers; with two
    answers this is Firth's logistic regression. Limits and p come from the penalised likelihood's profile. With `clusters` they rest
    on what happens when each group is left out, with Student's t: cases of one municipality are no independent witnesses.

    Args:
        answers: ordered answers as numbers, one a case.
        design: cases × predictors, without a constant; an interaction is a column of its own.
        names: of the predictors.
        clusters: the group of each case.
        wanted: the predictors whose terms are given; default all.
        level: confidence level.

    Raises:
        AnalysisError: one answer only, predictors that repeat each other, too few groups, or an effect that rests on one group.

    Source:
        McCullagh 1980; Firth 1993; Kosmidis 2014; leaving out groups: Bell and McCaffrey 2002 (CR3).

    Example:
        >>> model = cumulative_logit([1, 2, 2, 3, 3, 1, 2, 3], [[0], [0], [0], [0], [1], [0], [1], [1]], ["new"])
        >>> model.terms[0].log_odds > 0, model.terms[0].lower < 0
        (True, True)
    """
    alpha = alpha_of(level)
    values, matrix = np.asarray(answers, dtype=float), np.asarray(design, dtype=float)
    _check(values, matrix, names)
    codes = np.unique(values, return_inverse=True)[1]
    group = None if clusters is None else np.unique(np.array([str(one) for one in clusters]), return_inverse=True)[1]
    counts, pattern = _counted(codes, matrix)
    found = _fit(counts, _start(counts), np.ones(counts.cuts + matrix.shape[1], dtype=bool))
    places = {name: counts.cuts + number for number, name in enumerate(names) if wanted is None or name in wanted}
    if group is None:
        errors = np.sqrt(np.diag(np.linalg.inv(counts.information(found))))
        terms = [_profiled(counts, found, place, name, float(errors[place]), alpha) for name, place in places.items()]
    else:
        spread, freedom = _left_out(counts, found, codes, pattern, group)
        terms = [_student(name, float(found[place]), float(spread[place]), float(freedom[place]), alpha) for name, place in places.items()]
    clustered = 0 if group is None else int(group.max()) + 1
    return CumulativeModel(tuple(terms), tuple(found[: counts.cuts].tolist()), len(values), clustered, level)


def _check(values: Floats, matrix: Floats, names: Sequence[str]) -> None:
    if matrix.ndim != 2 or len(matrix) != len(values) or matrix.shape[1] != len(names):
        raise AnalysisError("the design needs one row a case and one column a name", where="design")
    if not (np.isfinite(values).all() and np.isfinite(matrix).all()):
        raise AnalysisError("an answer or a predictor is missing", where="answers, design", todo="leave such cases out first")
    if len(np.unique(values)) < 2:
        raise AnalysisError("everybody gave the same answer, so there is nothing to model", where="answers")
    full = np.column_stack([np.ones(len(values)), matrix])
    if np.linalg.matrix_rank(full) < full.shape[1]:
        raise AnalysisError(
            "a predictor is constant, or follows from the others",
            where=", ".join(names),
            todo="leave it out; an interaction needs cases in all four combinations",
        )


def _counted(codes: NDArray[np.int64], matrix: Floats) -> tuple[_Counts, NDArray[np.int64]]:
    patterns, of_case = np.unique(matrix, axis=0, return_inverse=True)
    of_case = of_case.reshape(-1)
    times = np.zeros((len(patterns), int(codes.max()) + 1))
    np.add.at(times, (of_case, codes), 1.0)
    return _Counts(patterns, times), of_case


def _start(counts: _Counts) -> Floats:
    shares = (counts.times.sum(axis=0) + 0.5) / (counts.times.sum() + 0.5 * counts.times.shape[1])
    below = np.cumsum(shares)[:-1]
    return np.concatenate([np.log(below / (1 - below)), np.zeros(counts.design.shape[1])])


def _fit(counts: _Counts, start: Floats, free: NDArray[np.bool_]) -> Floats:
    """Fisher scoring on the penalised likelihood over the free parameters, with halved steps where one overshoots."""
    now, height = start.copy(), counts.objective(start)
    shifts = _WIDTH * np.eye(len(start))[free]
    for _ in range(_STEPS):
        steeper = (counts.penalty(now + shifts) - counts.penalty(now - shifts)) / (2 * _WIDTH)
        step = np.zeros(len(now))
        step[free] = np.linalg.solve(counts.information(now)[np.ix_(free, free)], counts.score(now)[free] + steeper)
        size = 1.0
        while (ahead := counts.objective(now + size * step)) < height - 1e-9 and size > 1e-6:
            size /= 2
        now, height = now + size * step, ahead
        if np.abs(size * step).max() < _CLOSE:
            return now
    raise AnalysisError("the model of ordered answers did not converge", why="the answers are too few or too unevenly spread")


def _profiled(counts: _Counts, found: Floats, place: int, name: str, error: float, alpha: float) -> Term:
    from scipy import optimize, stats

    top, free = counts.objective(found), np.ones(len(found), dtype=bool)
    free[place] = False
    drop = float(stats.chi2.ppf(1 - alpha, 1)) / 2
    near = found.copy()

    def fallen(value: float) -> float:
        nonlocal near
        near = _fit(counts, np.where(free, near, value), free)
        return top - counts.objective(near)

    def limit(side: float) -> float:
        reach = side * max(error, 0.1)
        inside, outside = found[place], found[place] + reach
        while fallen(outside) < drop:
            inside, outside = outside, outside + 2 * reach
            if abs(outside) > _FARTHEST:
                return math.copysign(math.inf, side)
        return float(optimize.brentq(lambda value: fallen(value) - drop, inside, outside, xtol=1e-6))

    p_value = float(stats.chi2.sf(max(0.0, 2 * fallen(0.0)), 1))
    near = found.copy()
    lower = limit(-1.0)
    near = found.copy()
    return Term(name, float(found[place]), error, lower, limit(1.0), p_value, math.inf)


def _left_out(
    counts: _Counts, found: Floats, codes: NDArray[np.int64], pattern: NDArray[np.int64], group: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Standard errors from how far the estimates move when each group in turn is left out, and degrees of freedom of each predictor."""
    groups = int(group.max()) + 1
    if groups < 3:
        raise AnalysisError(f"{groups} groups", where="clusters", why="errors that rest on groups need several of them")
    chances, slopes = counts.slopes(found)
    own = slopes[pattern, codes] / chances[pattern, codes][:, None]
    each = np.einsum("gki,gkj,gk->gij", slopes, slopes, 1 / chances)
    total = np.einsum("g,gij->ij", counts.times.sum(axis=1), each)
    moved = np.zeros((groups, len(found)))
    for number in range(groups):
        mine = group == number
        left = total - each[pattern[mine]].sum(axis=0)
        if np.linalg.cond(left) > 1e10:
            raise AnalysisError(
                "an effect rests on one group alone", where="clusters", why="without that group there is nothing to compare"
            )
        moved[number] = np.linalg.solve(left, own[mine].sum(axis=0))
    spread = np.sqrt((groups - 1) / groups * ((moved - moved.mean(axis=0)) ** 2).sum(axis=0))
    # Satterthwaite: groups that move an estimate little add little to what is known of its error.
    weights = _weights(total, each, pattern, group, groups)
    freedom = weights.sum(axis=0) ** 2 / (weights**2).sum(axis=0) - 1
    return spread, np.maximum(1.0, freedom)


def _weights(total: Floats, each: Floats, pattern: NDArray[np.int64], group: NDArray[np.int64], groups: int) -> Floats:
    """What each group is expected to add to the variance of every parameter: groups × parameters."""
    inverse = np.linalg.inv(total)
    added = np.zeros((groups, len(total)))
    for number in range(groups):
        own = each[pattern[group == number]].sum(axis=0)
        added[number] = np.einsum("ij,jk,ki->i", inverse, own, inverse)
    return added


def _student(name: str, value: float, error: float, freedom: float, alpha: float) -> Term:
    from scipy import stats

    reach = float(stats.t.ppf(1 - alpha / 2, freedom)) * error
    p_value = float(2 * stats.t.sf(abs(value) / error, freedom)) if error > 0 else math.nan
    return Term(name, value, error, value - reach, value + reach, p_value, freedom)
