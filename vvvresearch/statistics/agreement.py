"""Agreement between coders over fixed units: one table of ratings, every coefficient of the field.

All coefficients are computed from the distinct patterns of ratings and how often each occurs, so that a hundred
thousand units cost no more than their patterns, and an interval needs no more than the slopes in those frequencies.

Sources: Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011); Gwet, Handbook of Inter-Rater Reliability
(4th ed. 2014), for missing ratings, weights, AC1, AC2 and Brennan-Prediger; Fleiss (1971); Cohen (1960, 1968); Scott (1955).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.statistics._agreement_interval import delta_interval, dirichlet_interval, of_one_mind, possible_patterns, with_prior
from vvvresearch.statistics._agreement_weights import Level, Weighting, agreement_weights, check_level, check_weights, squared_distance

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CoefficientName = Literal["percent", "cohen", "scott", "fleiss", "conger", "brennan_prediger", "gwet", "alpha"]


@dataclass(frozen=True)
class Coefficient:
    """A coefficient with its interval.

    `value` is NaN where the coefficient is undefined (one category only, or no unit with two ratings), and so is its interval,
    also with one unit only; `n_units` counts the units with at least two ratings.
    """

    name: str
    value: float
    interval: tuple[float, float]
    n_units: int
    n_coders: int
    categories: tuple[Hashable, ...]


@dataclass(frozen=True)
class _Patterns:
    """Distinct rows of ratings as category numbers (-1 missing), how often each occurs, and the row of each unit where known."""

    rows: NDArray[np.int64]
    times: Floats
    categories: tuple[Hashable, ...]
    of_unit: NDArray[np.int64]

    @property
    def counts(self) -> Floats:
        """Patterns × categories: how many coders chose each category."""
        chosen: Floats = (self.rows[:, :, None] == np.arange(len(self.categories))).sum(axis=1).astype(float)
        return chosen


def coefficient(
    ratings: pd.DataFrame,
    name: CoefficientName,
    *,
    level: Level = "nominal",
    weights: Weighting = "identity",
    categories: list[Any] | None = None,
    clusters: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
) -> Coefficient:
    """One coefficient of agreement.

    Perfect agreement in few units does not look certain: limits are quantiles of a Dirichlet distribution over the patterns of
    ratings, with half a unit for those where all agree and half a unit for the rest; at 95 % those of 1.5 and 99.25 %. Clusters have
    the delta method with Student's t after two more units were added, one to either.

    Args:
        ratings: units × coders; NaN or None is a missing rating, never a category.
        name: "percent", "cohen" and "scott" (two coders), "fleiss", "conger", "brennan_prediger", "gwet", "alpha".
        level: for "alpha": nominal, ordinal, interval or ratio.
        weights: for the others: identity, linear, quadratic, ordinal, ratio.
        categories: all categories in order, where some were never used; default those of an ordered categorical that all
            coders share, else those that occur, sorted.
        clusters: one a unit (its document), where units of a cluster are alike; the interval then rests on the clusters.
        confidence: of the interval.

    Raises:
        AnalysisError: fewer than two coders, more than two for "cohen" or "scott", a rating outside `categories`,
            categories that are not numbers where the level or the weights need numbers.

    Source:
        Added fractions of a unit: Agresti 2013, Categorical Data Analysis, 3.1 (delta method), and Agresti and Hitchcock 2005,
        Bayesian inference for categorical data analysis (Dirichlet distributions and how their intervals cover).

    Example:
        >>> import pandas as pd
        >>> found = coefficient(pd.DataFrame({"a": [1, 1, 0, 0, 1], "b": [1, 1, 0, 0, 1]}), "cohen")
        >>> found.value, found.interval[0] < 0.6
        (1.0, True)
    """
    check_level(level)
    check_weights(weights)
    require_table(ratings, "ratings")
    patterns = _patterns(ratings, categories, ordered=level != "nominal" or weights != "identity")
    groups = None
    if clusters is not None:
        groups = np.unique(np.array([str(cluster) for cluster in clusters]), return_inverse=True)[1]
        if len(groups) != len(ratings):
            raise AnalysisError("every unit needs a cluster", where="clusters")
    return _of_patterns(patterns, name, level, weights, confidence, groups)


def coefficient_of_patterns(
    rows: NDArray[np.int64],
    times: NDArray[np.int64],
    categories: tuple[Hashable, ...],
    name: CoefficientName,
) -> Coefficient:
    """As `coefficient`, unweighted, from units that were counted together.

    Args:
        rows: distinct patterns × coders, as numbers of categories, -1 where missing.
        times: how often each pattern occurs.
        categories: what the numbers stand for.
        name: the coefficient.
    """
    return _of_patterns(_Patterns(rows, times.astype(float), categories, np.arange(0)), name, "nominal", "identity", 0.95, None)


def values_of_patterns(
    rows: NDArray[np.int64], times: NDArray[np.int64], categories: tuple[Hashable, ...], name: CoefficientName
) -> Floats:
    """The values alone of `coefficient_of_patterns` for several tables with the same patterns: intervals take a hundred times as long.

    Args:
        rows, categories, name: as there.
        times: tables × patterns, how often each pattern occurs in each.

    Example:
        >>> import numpy as np
        >>> values_of_patterns(np.array([[0, 0], [1, 1], [0, 1]]), np.array([[4, 4, 2], [1, 0, 1]]), (0, 1), "percent").tolist()
        [0.8, 0.5]
    """
    counted = _Patterns(rows, times.sum(axis=0).astype(float), categories, np.arange(0))
    return _choose(name, counted, "nominal", "identity")(times.astype(float))


def _of_patterns(
    patterns: _Patterns,
    name: CoefficientName,
    level: Level,
    weights: Weighting,
    confidence: float,
    clusters: NDArray[np.int64] | None,
) -> Coefficient:
    if name in ("cohen", "scott") and patterns.rows.shape[1] != 2:
        raise AnalysisError(f"{name} compares two coders, the table has {patterns.rows.shape[1]}", todo="use fleiss, conger or alpha")
    value = float(_choose(name, patterns, level, weights)(patterns.times[None, :])[0])
    paired = (patterns.rows >= 0).sum(axis=1) >= 2
    n_units = int(patterns.times[paired].sum())
    interval = (math.nan, math.nan)
    if n_units > 1 and not math.isnan(value):
        interval = _limits(patterns, name, level, weights, value, confidence, clusters, n_units)
    return Coefficient(name, value, interval, n_units, patterns.rows.shape[1], patterns.categories)


def _limits(
    patterns: _Patterns,
    name: CoefficientName,
    level: Level,
    weights: Weighting,
    value: float,
    confidence: float,
    clusters: NDArray[np.int64] | None,
    n_units: int,
) -> tuple[float, float]:
    lowest, categories = 0.0 if name == "percent" else -1.0, patterns.categories
    if len(categories) < 2:  # another could have been chosen: limits without it would meet at 1
        categories, weights = (*categories, None), "identity"
    possible = possible_patterns(patterns.rows.shape[1], len(categories))
    if clusters is None:
        rows, shapes = with_prior(patterns.rows, patterns.times, possible)
        compute = _choose(name, _Patterns(rows, shapes, categories, patterns.of_unit), level, weights)
        return dirichlet_interval(compute, shapes, of_one_mind(rows), value, confidence, lowest)
    filled = _Patterns(np.vstack([patterns.rows, possible]), np.r_[patterns.times, np.zeros(len(possible))], categories, patterns.of_unit)
    compute = _choose(name, filled, level, weights)
    return delta_interval(compute, patterns.times, possible, value, n_units, confidence, lowest, (patterns.of_unit, clusters))


def _patterns(ratings: pd.DataFrame, categories: list[Any] | None, ordered: bool) -> _Patterns:
    import pandas as pd

    if ratings.shape[1] < 2:
        raise AnalysisError(f"agreement needs at least two coders, the table has {ratings.shape[1]}", todo="one column a coder")
    if not len(ratings):
        raise AnalysisError("the table of ratings has no units")
    flat = ratings.to_numpy(dtype=object).ravel()
    present = ~pd.isna(flat)
    try:
        seen = pd.unique(pd.Series(flat[present], dtype=object))
    except TypeError:
        raise AnalysisError("a rating is a list or a table, not one value", where="ratings", todo="one value a cell") from None
    if categories is None:
        categories = _shared_order(ratings) or _in_order(list(seen), ordered)
    position = {category: number for number, category in enumerate(categories)}
    strange = [value for value in seen if value not in position]
    if strange:
        raise AnalysisError(f"the rating {strange[0]!r} is none of the categories", todo=did_you_mean(str(strange[0]), categories))
    numbers = np.array([position[value] if there else -1 for value, there in zip(flat, present, strict=True)], dtype=np.int64)
    rows, of_unit, times = np.unique(numbers.reshape(ratings.shape), axis=0, return_inverse=True, return_counts=True)
    return _Patterns(rows, times.astype(float), tuple(categories), of_unit.reshape(-1))


def _shared_order(ratings: pd.DataFrame) -> list[Any] | None:
    """The order that the table itself states: every coder's ratings are one and the same ordered categorical."""
    import pandas as pd

    kinds = list(ratings.dtypes)
    if all(isinstance(kind, pd.CategoricalDtype) and kind.ordered and kind == kinds[0] for kind in kinds):
        return list(kinds[0].categories)
    return None


def _in_order(seen: list[Any], ordered: bool) -> list[Any]:
    try:
        return sorted(seen)
    except TypeError:
        if ordered:
            raise AnalysisError(
                "the categories cannot be put in order", why="they mix numbers and text", todo="give categories= in order"
            ) from None
        return sorted(seen, key=lambda value: (type(value).__name__, str(value)))


def _choose(name: CoefficientName, patterns: _Patterns, level: Level, weights: Weighting) -> Callable[[Floats], Floats]:
    """The coefficient as a function of the patterns' frequencies, draws × patterns → one value a draw."""
    counts, rows = patterns.counts, patterns.rows
    if name == "alpha":
        return lambda draws: _alphas(counts, draws, level, patterns.categories)
    table = agreement_weights(weights, patterns.categories)
    if name == "scott":  # Scott's pi is defined on units that both coded
        both = (rows >= 0).all(axis=1)
        return lambda draws: _fleiss(counts[both], draws[:, both], table)
    if name in ("cohen", "conger"):
        return lambda draws: _conger(rows, counts, draws, table)
    known = {"percent": _observed, "fleiss": _fleiss, "brennan_prediger": _brennan_prediger, "gwet": _gwet}
    if name not in known:
        raise AnalysisError(f"there is no coefficient {name!r}", todo=did_you_mean(name, [*known, "cohen", "scott", "conger", "alpha"]))
    chosen = known[name]
    return lambda draws: chosen(counts, draws, table)


def _ratio(observed: Floats, expected: Floats) -> Floats:
    defined = expected < 1 - 1e-12
    ratios: Floats = np.divide(observed - expected, 1 - expected, out=np.full(len(observed), np.nan), where=defined)
    return ratios


def _over(amounts: Floats, totals: Floats) -> Floats:
    """Shares; NaN where there is nothing."""
    shares: Floats = np.divide(amounts, totals, out=np.full(amounts.shape, np.nan), where=totals > 0)
    return shares


def _observed(counts: Floats, times: Floats, table: Floats) -> Floats:
    """Gwet's percent agreement: over units with two or more ratings, the weighted share of agreeing pairs."""
    raters = counts.sum(axis=1)
    paired = raters >= 2
    chosen, size = counts[paired], raters[paired]
    agreeing = (chosen * (chosen @ table - 1)).sum(axis=1) / (size * (size - 1))
    return _over(times[:, paired] @ agreeing, times[:, paired].sum(axis=1))


def _shares(counts: Floats, times: Floats) -> Floats:
    """Mean share of each category over units with a rating, draws × categories."""
    raters = counts.sum(axis=1)
    rated = raters > 0
    return _over(times[:, rated] @ (counts[rated] / raters[rated, None]), times[:, rated].sum(axis=1, keepdims=True))


def _by_chance(shares: Floats, table: Floats) -> Floats:
    """Two ratings of these shares agree by chance."""
    agreeing: Floats = ((shares @ table) * shares).sum(axis=-1)
    return agreeing


def _fleiss(counts: Floats, times: Floats, table: Floats) -> Floats:
    return _ratio(_observed(counts, times, table), _by_chance(_shares(counts, times), table))


def _brennan_prediger(counts: Floats, times: Floats, table: Floats) -> Floats:
    observed = _observed(counts, times, table)
    return _ratio(observed, np.full(len(observed), table.mean() if len(table) else np.nan))


def _gwet(counts: Floats, times: Floats, table: Floats) -> Floats:
    size = len(table)
    if size < 2:
        return np.full(len(times), np.nan)
    shares = _shares(counts, times)
    return _ratio(_observed(counts, times, table), table.sum() / (size * (size - 1)) * (shares * (1 - shares)).sum(axis=1))


def _conger(rows: NDArray[np.int64], counts: Floats, times: Floats, table: Floats) -> Floats:
    """Conger's kappa; with two coders and no missing ratings it is Cohen's."""
    coders = rows.shape[1]
    if coders == 2:  # Cohen's kappa: units that both coded
        both = (rows >= 0).all(axis=1)
        rows, counts, times = rows[both], counts[both], times[:, both]
    chose = (rows[:, :, None] == np.arange(len(table))).astype(float)
    # Draws × coders × categories: how often each coder chose each category, of what the coder rated.
    margins = np.tensordot(times, chose, axes=1)
    margins = _over(margins, margins.sum(axis=2, keepdims=True))
    # Pairs of different coders: (coders² mean·W·mean − Σ own·W·own) / (coders (coders − 1))
    own = _by_chance(margins, table).sum(axis=1)
    expected = (coders**2 * _by_chance(margins.mean(axis=1), table) - own) / (coders * (coders - 1))
    return _ratio(_observed(counts, times, table), expected)


def _alphas(counts: Floats, times: Floats, level: Level, categories: tuple[Hashable, ...]) -> Floats:
    """Alpha for several sets of frequencies (draws × patterns) of the same patterns at once."""
    raters = counts.sum(axis=1)
    paired = raters >= 2
    chosen, size = counts[paired], raters[paired]
    # Each pattern's own table of coincidences: pairs of its ratings, each pair over the number of raters less one.
    tables = (chosen[:, :, None] * chosen[:, None, :] - chosen[:, :, None] * np.eye(counts.shape[1])) / (size - 1)[:, None, None]
    coincidences = np.tensordot(times[:, paired], tables, axes=1)
    margins = coincidences.sum(axis=1)
    total = margins.sum(axis=1)
    if level == "ordinal":  # the only distance that depends on how often the categories were used
        distance = np.array([squared_distance(level, categories, own) for own in margins])
    else:
        distance = np.broadcast_to(squared_distance(level, categories, margins[0]), coincidences.shape)
    observed = (coincidences * distance).sum(axis=(1, 2))
    expected = (margins[:, :, None] * margins[:, None, :] * distance).sum(axis=(1, 2))
    defined = (total > 1) & (expected > 0)
    alphas: Floats = 1 - np.divide(observed * (total - 1), expected, out=np.full(len(total), np.nan), where=defined)
    return alphas
