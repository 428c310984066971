"""Weighted totals, means and proportions with the standard errors that the weights and the frame give them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import alpha_of, numbers_of, population_of, z_of
from vvvresearch.statistics.calibration import Weights
from vvvresearch.statistics.intervals import wilson_limits

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["Estimate", "weighted_mean", "weighted_proportion", "weighted_total"]

# R's package survey takes out the margins of raked weights in so many turns.
_TURNS = 10


@dataclass(frozen=True)
class Estimate:
    """A weighted estimate.

    Args:
        value: the estimate.
        se: its linearised standard error; 0 for a full count.
        lower, upper: limits at the level.
        n: respondents it rests on, those with weight zero included.
        level: confidence level.
    """

    value: float
    se: float
    lower: float
    upper: float
    n: int
    level: float


def weighted_total(
    values: ArrayLike,
    weights: Weights | Sequence[float],
    population: int | None = None,
    *,
    among: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """The total of a variable in the population: Σ w·y. With values of 0 and 1 it is a weighted number.

    The standard error is that of a sample drawn with unequal weights, with the finite correction 1 − n/N when the frame is known.
    Calibrated weights bring their calibration: only what their totals do not explain varies.

    Args:
        values: one number a respondent.
        weights: `Weights` from `post_stratify`, `rake` or `greg`, or plain ones that are not calibrated (zero allowed).
        population: size of the frame the respondents were drawn from; None for no correction.
        among: which respondents belong to the group that is asked about; default all.
        level: of the limits (Student's t with n − 1 degrees of freedom).

    Returns:
        Estimate, equal to R's `svytotal`.

    Raises:
        AnalysisError: fewer than two respondents, missing values, negative weights, nobody with weight in the group, or a frame
            smaller than the sample.

    Source:
        Taylor linearisation as in Lumley 2004 (R package survey); Deville and Särndal 1992 for calibrated weights.

    Example:
        >>> found = weighted_total([1, 0, 1, 1], [10.0, 10.0, 10.0, 10.0], population=40)
        >>> round(found.value), round(found.se, 3)
        (30, 9.487)
    """
    answers, chosen, own = _checked(values, weights, among)
    total = float(own.values @ (answers * chosen))
    return _estimate(total, answers * chosen, own, chosen, population, level)


def weighted_mean(
    values: ArrayLike,
    weights: Weights | Sequence[float],
    population: int | None = None,
    *,
    among: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """The mean of a variable in the population: Σ w·y / Σ w, with the arguments and errors of `weighted_total`.

    Returns:
        Estimate, equal to R's `svymean`.

    Example:
        >>> found = weighted_mean([3, 5, 8], [1.0, 2.0, 1.0])
        >>> round(found.value, 2), round(found.se, 4)
        (5.25, 1.0986)
    """
    answers, chosen, own = _checked(values, weights, among)
    size = float(own.values @ chosen)
    mean = float(own.values @ (answers * chosen)) / size
    return _estimate(mean, (answers - mean) * chosen / size, own, chosen, population, level)


def weighted_proportion(
    values: ArrayLike,
    weights: Weights | Sequence[float],
    population: int | None = None,
    *,
    among: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """The share of ones, with the arguments and errors of `weighted_total`.

    Limits are Wilson's for the number of equal answers that would have the same standard error; where all answer alike that number
    is Kish's, so a share of 0 or 1 has limits too unless everybody was asked.

    Returns:
        Estimate; value and standard error are those of `weighted_mean`.

    Example:
        >>> found = weighted_proportion([1, 1, 1], [1.0, 2.0, 1.0])
        >>> found.value, round(found.lower, 2)
        (1.0, 0.41)
    """
    answers, chosen, own = _checked(values, weights, among)
    if not np.isin(answers, (0, 1)).all():
        raise AnalysisError("a proportion needs values of 0 and 1", where="values")
    found = weighted_mean(answers, own, population, among=chosen, level=level)
    if population is not None and population_of(population, len(answers)) == len(answers):
        return found
    share, heavy = min(1.0, max(0.0, found.value)), own.values * chosen / own.values.max()
    alike = share in (0, 1) or found.se == 0
    size = heavy.sum() ** 2 / (heavy @ heavy) if alike else share * (1 - share) / found.se**2
    lower, upper = wilson_limits(share, float(size), z_of(level))
    return Estimate(found.value, found.se, min(lower, share), max(upper, share), found.n, level)


def _checked(values: ArrayLike, weights: Weights | Sequence[float], among: ArrayLike | None) -> tuple[Floats, Floats, Weights]:
    answers = numbers_of(values, "values")
    own = weights if isinstance(weights, Weights) else Weights(numbers_of(weights, "weights"), "given")
    chosen = np.ones(len(answers)) if among is None else np.asarray(among).astype(bool).astype(float)
    if not len(answers) == len(own.values) == len(chosen):
        raise AnalysisError("every respondent needs a value and a weight", where="values, weights, among")
    if len(answers) < 2:
        raise AnalysisError("a standard error needs at least two respondents", where="values")
    if not np.isfinite(answers[chosen > 0]).all():
        raise AnalysisError("a value is missing", where="values", todo="leave those without an answer out with among=")
    if not np.isfinite(own.values).all() or (own.start is None and (own.values < 0).any()):
        raise AnalysisError("weights must be numbers that are not negative", where="weights")
    if not float(own.values @ chosen) > 0:
        raise AnalysisError("nobody in the group has a weight, so there is nothing to estimate", where="among, weights")
    told = np.where(chosen > 0, answers, 0.0)
    # Standard errors square what is added up.
    if max(np.abs(told).max(), 1.0) * max(np.abs(own.values).max(), 1.0) * len(told) > 1e150:
        raise AnalysisError("values and weights are too large to be added up", where="values, weights", todo="count in larger units")
    return told, chosen, own


def _estimate(value: float, linearised: Floats, weights: Weights, chosen: Floats, population: int | None, level: float) -> Estimate:
    n = len(linearised)
    spread = weights.values * _unexplained(linearised, weights)
    correction = 1.0 if population is None else 1 - n / population_of(population, n)
    se = float(np.sqrt(correction * n / (n - 1) * ((spread - spread.mean()) ** 2).sum()))
    reach = _errors_each_side(alpha_of(level), n - 1) * se
    return Estimate(value, se, value - reach, value + reach, int(chosen.sum()), level)


@cache
def _errors_each_side(alpha: float, freedom: int) -> float:
    """The quantile of Student's t: a table asks for the same one in every cell."""
    from scipy import special

    return float(special.stdtrit(freedom, 1 - alpha / 2))


def _unexplained(values: Floats, weights: Weights) -> Floats:
    """What is left of the values when the calibration's variables are taken out."""
    start = weights.start
    if start is None:
        return values
    if weights.design is not None:
        root = np.sqrt(start)
        slopes = np.linalg.lstsq(weights.design * root[:, None], values * root, rcond=None)[0]
        left: Floats = values - weights.design @ slopes
        return left
    alone = len(weights.groups) == 1
    heavy = start if alone else np.ones(len(values))
    sizes = [np.bincount(group, weights=heavy) for group in weights.groups]
    for _ in range(1 if alone else _TURNS):
        for group, size in zip(weights.groups, sizes, strict=True):
            values = values - (np.bincount(group, weights=heavy * values) / size)[group]
    return values
