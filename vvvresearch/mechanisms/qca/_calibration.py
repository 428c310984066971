"""Calibration: raw values become set memberships, crisp, multi-value or fuzzy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from vvvresearch.errors import AnalysisError

if TYPE_CHECKING:
    import pandas as pd

    Floats = np.ndarray[Any, np.dtype[np.float64]]

# Memberships this near to nothing or to everything are written as 0 and 1, as the R package QCA does.
_EDGE = 1e-4


def calibrate(
    x: Sequence[float] | pd.Series[Any],
    thresholds: float | Sequence[float],
    kind: Literal["crisp", "fuzzy"] = "fuzzy",
    method: Literal["direct", "indirect"] = "direct",
    idm: float = 0.95,
    *,
    logistic: bool = True,
    ecdf: bool = False,
    below: float = 1.0,
    above: float = 1.0,
) -> pd.Series[Any]:
    """Turn raw values into set memberships.

    Args:
        x: raw values, one a case; a Series keeps its case names. No value may be missing.
        thresholds: crisp: any number of cut-points (a case gets the number of cut-points at or below its value).
            Fuzzy and direct: three, in the order exclusion, crossover, inclusion (rising or falling), or six for a
            bell, in the order exclusion, crossover, inclusion, inclusion, crossover, exclusion. Indirect: any number.
        kind: "crisp" (also multi-value) or "fuzzy".
        method: "direct" or "indirect" (a fractional polynomial fitted to the ordered groups).
        idm: membership at the inclusion threshold of the logistic function, above .5 and below 1.
        logistic: False gives straight lines between three thresholds; a bell is always made of such lines.
        ecdf: with `logistic=False`, follow the empirical distribution between the thresholds.
        below, above: powers that bend the lines below and above the crossover.

    Returns:
        A Series of memberships; of whole numbers for crisp sets. Memberships under .0001 are 0, over .9999 are 1.

    Raises:
        AnalysisError: values missing, thresholds that neither rise nor fall or that no value passes, wrong numbers.

    Source: Ragin 2008, chapter 5; Duşa 2019, chapter 4 (the R package QCA).

    Example:
        >>> calibrate([3, 6, 10], (10, 6, 3)).round(2).tolist()
        [0.95, 0.5, 0.05]
        >>> calibrate([1, 4, 9], 4, kind="crisp").tolist()
        [0, 1, 1]
    """
    import pandas as pd

    if kind not in ("crisp", "fuzzy"):
        raise AnalysisError(f"the kind of set {kind!r} is not known", todo='use "crisp" or "fuzzy"')
    if method not in ("direct", "indirect"):
        raise AnalysisError(f"the calibration method {method!r} is not known", todo='use "direct" or "indirect"')
    if x is None or isinstance(x, str) or not hasattr(x, "__iter__"):
        raise AnalysisError(f"raw values are needed, not {type(x).__name__}", todo="give a list or a column of numbers")
    series = x if isinstance(x, pd.Series) else pd.Series(list(x))
    values = _raw_values(series)
    cuts = _thresholds(thresholds)
    if kind == "crisp":
        return pd.Series(_crisp(values, cuts), index=series.index, name=series.name)
    if method == "indirect":
        fuzzy = _indirect(values, _one_direction(cuts))
    elif len(cuts) == 3:
        fuzzy = _direct(values, cuts, idm, logistic, ecdf, (below, above))
    elif len(cuts) == 6:
        fuzzy = _bell(values, cuts, (below, above))
    else:
        raise AnalysisError(
            f"direct calibration takes three or six thresholds, not {len(cuts)}",
            todo="give (exclusion, crossover, inclusion), or six for a bell",
        )
    fuzzy = np.where(fuzzy < _EDGE, 0.0, np.where(fuzzy > 1 - _EDGE, 1.0, fuzzy))
    return pd.Series(fuzzy, index=series.index, name=series.name)


def _raw_values(series: pd.Series[Any]) -> Floats:
    import pandas as pd

    values = pd.to_numeric(series, errors="coerce").to_numpy(dtype=float)
    if len(values) == 0:
        raise AnalysisError("there are no values to calibrate")
    bad = ~np.isfinite(values)
    if bad.any():
        names = ", ".join(str(name) for name in series.index[bad][:5])
        raise AnalysisError(
            f"{int(bad.sum())} raw values are missing or not finite numbers",
            where=f"case {names}",
            why="a membership cannot be judged from nothing",
            todo="find the value or leave the case out",
        )
    return values


def _thresholds(given: float | Sequence[float]) -> Floats:
    try:
        cuts = np.atleast_1d(np.asarray(given, dtype=float))
    except (TypeError, ValueError):
        raise AnalysisError("thresholds must be numbers", where=repr(given)) from None
    if cuts.ndim != 1 or len(cuts) == 0 or not np.isfinite(cuts).all():
        raise AnalysisError("thresholds must be finite numbers in one row", where=repr(given))
    return cuts


def _one_direction(cuts: Floats) -> Floats:
    steps = np.diff(cuts)
    if not ((steps > 0).all() or (steps < 0).all()):
        raise AnalysisError(
            "the thresholds neither rise nor fall",
            where=", ".join(f"{cut:g}" for cut in cuts),
            why="exclusion, crossover and inclusion must lie in one direction, without equal values",
            todo="put them in order: (exclusion, crossover, inclusion)",
        )
    return np.sort(cuts)


def _crisp(values: Floats, cuts: Floats) -> np.ndarray[Any, np.dtype[np.int64]]:
    rising = _one_direction(cuts)
    if rising[0] < values.min() or rising[-1] > values.max():
        raise AnalysisError(
            "a threshold lies outside the values",
            where=f"values {values.min():g} to {values.max():g}, thresholds {rising[0]:g} to {rising[-1]:g}",
            why="every case would fall on the same side of it",
        )
    return np.searchsorted(rising, values, side="right").astype(np.int64)


def _direct(values: Floats, cuts: Floats, idm: float, logistic: bool, ecdf: bool, powers: tuple[float, float]) -> Floats:
    from scipy.special import expit

    _one_direction(cuts)
    exclusion, crossover, inclusion = cuts
    if logistic:
        if not 0.5 < idm < 1:
            raise AnalysisError(f"idm is {idm:g}", why="the membership at the inclusion threshold lies above .5 and below 1")
        outside = (values < crossover) if inclusion > exclusion else (values > crossover)
        distance = np.where(outside, crossover - exclusion, inclusion - crossover)
        return np.asarray(expit(np.log(idm / (1 - idm)) * (values - crossover) / distance), dtype=float)
    # A falling set is the rising one seen in a mirror.
    sign = 1.0 if inclusion > exclusion else -1.0
    x, e, c, i = sign * values, sign * exclusion, sign * crossover, sign * inclusion
    if ecdf:
        within = np.sort(x[(x >= e) & (x <= i)])
        if not len(within):
            raise AnalysisError("no value lies between the exclusion and the inclusion threshold")
        share = np.searchsorted(within, x, side="right") / len(within)
        at_crossover = np.searchsorted(within, c, side="right") / len(within)
        if not 0 < at_crossover < 1:
            raise AnalysisError("all values lie on one side of the crossover", why="their distribution gives no membership there")
        return np.where(
            x <= e, 0.0, np.where(x >= i, 1.0, np.where(x <= c, share / at_crossover / 2, 1 - (1 - share) / (1 - at_crossover) / 2))
        )
    return _slope(x, e, c, i, powers)


def _slope(x: Floats, e: float, c: float, i: float, powers: tuple[float, float]) -> Floats:
    below, above = powers
    if below <= 0 or above <= 0:
        raise AnalysisError("the powers `below` and `above` must be positive")
    rising = (np.clip((x - e) / (c - e), 0, 1) ** below) / 2
    falling = 1 - (np.clip((i - x) / (i - c), 0, 1) ** above) / 2
    return np.where(x <= c, rising, falling)


def _bell(values: Floats, cuts: Floats, powers: tuple[float, float]) -> Floats:
    e1, c1, i1, i2, c2, e2 = cuts
    upright = e1 < c1 < i1 <= i2 < c2 < e2
    hollow = i1 < c1 < e1 <= e2 < c2 < i2
    if not upright and not hollow:
        raise AnalysisError(
            "the six thresholds make no bell",
            where=", ".join(f"{cut:g}" for cut in cuts),
            todo="order: exclusion, crossover, inclusion, inclusion, crossover, exclusion",
        )
    first = _slope(values, e1, c1, i1, powers) if upright else _slope(-values, -e1, -c1, -i1, powers)
    second = _slope(-values, -e2, -c2, -i2, powers) if upright else _slope(values, e2, c2, i2, powers)
    return np.minimum(first, second) if upright else np.maximum(first, second)


def _indirect(values: Floats, cuts: Floats) -> Floats:
    if (values < 0).any():
        raise AnalysisError("the indirect method needs values of 0 or more", why="it takes their logarithm and square root")
    groups = np.searchsorted(cuts, values, side="left")
    grades = np.round(np.linspace(0, 1, len(cuts) + 1), 3)[groups]
    x = np.where(values == 0, 1e-5, values)
    design = np.column_stack([np.ones_like(x), np.log(x), np.sqrt(x), x, x**2])
    return np.round(_fractional_logit(design / np.abs(design).max(axis=0).clip(1e-300), grades), 6)


def _fractional_logit(design: Floats, grades: Floats) -> Floats:
    """Fitted values of a quasi-binomial regression, by the iteration and the stopping rule of R's glm."""
    from scipy.special import expit, xlogy

    fitted = (grades + 0.5) / 2
    predictor = np.log(fitted / (1 - fitted))
    deviance = np.inf
    for _ in range(25):
        weight = np.clip(fitted * (1 - fitted), 1e-16, None)
        working = predictor + (grades - fitted) / weight
        root = np.sqrt(weight)
        solved, *_ = np.linalg.lstsq(design * root[:, None], working * root, rcond=1e-11)
        predictor = design @ solved
        fitted = np.clip(expit(predictor), 1e-16, 1 - 1e-16)
        before = deviance
        misfit = xlogy(grades, grades) - xlogy(grades, fitted) + xlogy(1 - grades, 1 - grades) - xlogy(1 - grades, 1 - fitted)
        deviance = 2 * float(misfit.sum())
        if abs(deviance - before) / (abs(deviance) + 0.1) < 1e-8:
            break
    return np.asarray(fitted, dtype=float)
