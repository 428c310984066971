"""What goes with a higher rate of ending: Cox regression with a check of its assumption."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.monitoring.matches._kaplan_meier import stratified
from vvvresearch.monitoring.matches._risk_sets import (
    Floats,
    Ints,
    Observations,
    Told,
    Values,
    before,
    labelled,
    observe,
    plain,
    risk_sets,
    survival_curve,
)

Ties = Literal["efron", "breslow"]


@dataclass(frozen=True, repr=False)
class ProportionalHazards(Told):
    """A regression on the hazard.

    Attributes:
        frame: one row a coefficient: term, level (of a covariate in words, against the first one), coefficient, se, hazard_ratio,
            lower, upper, p.
        check: one row a covariate and one for all (term ""): term, statistic, df, p of proportional hazards; empty where the
            method has no check.
        n: observations used.
        events: events used.
        dropped: observations left out for a missing covariate or because they enter when they end.
        log_likelihood: of the model and of the model without covariates.
        level: of the limits.
        clusters: that the errors rest on; 0 where each observation stands for itself.
    """

    frame: pd.DataFrame
    check: pd.DataFrame
    n: int
    events: int
    dropped: int
    log_likelihood: tuple[float, float]
    level: float
    clusters: int = 0


def cox(
    time: Values,
    event: Values,
    covariates: pd.DataFrame,
    entry: Values | None = None,
    strata: Values | None = None,
    ties: Ties = "efron",
    level: float = 0.95,
    clusters: Values | None = None,
) -> ProportionalHazards:
    """Cox regression of the hazard of ending, with the score test of proportional hazards.

    The model is fitted by statsmodels. It would count who enters at an event time as at risk at that time, so it is given the
    order of the times instead of the times, and entries half a step later. The check is the score test of Grambsch and Therneau
    as R's survival 3 computes it (time on the Kaplan–Meier scale): a small p speaks against a ratio that is constant over time.

    Args:
        time: length n.
        event: length n, 1 ended, 0 censored.
        covariates: n rows; numbers are used as they are, words and categoricals as contrasts to their first level.
        entry: length n, delayed entry.
        strata: length n, labels; each stratum has a baseline hazard of its own.
        ties: "efron" (R's default) or "breslow".
        level: confidence level.
        clusters: length n, labels; matches of one organisation are no independent witnesses. Standard errors then come from how far
            the coefficients move when each cluster is left out, limits and p from Student's t with one degree of freedom less than
            there are clusters. (The sandwich of Lin and Wei covers down to 87 % with six to twenty clusters.)

    Returns:
        ProportionalHazards; .frame: term, level, coefficient, se, hazard_ratio, lower, upper, p; .check: term, statistic, df, p.

    Raises:
        AnalysisError: no event, a covariate that does not vary or follows from others, a coefficient without limit (every event
            in one group, or but for one cluster), fewer than three clusters, what `kaplan_meier` raises.

    Example:
        >>> model = cox([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 1, 1], pd.DataFrame({"family": [1, 0, 1, 0, 0, 1]}))
        >>> model.frame[["term", "hazard_ratio"]].round(2).values.tolist()
        [['family', 1.11]]
    """
    if ties not in ("efron", "breslow"):
        raise AnalysisError(f"there is no way {ties!r} to treat ties", where="ties", todo=did_you_mean(str(ties), ("efron", "breslow")))
    everyone = observe(time, event, entry)
    design = design_of(covariates, len(everyone.kept))
    used = design.complete & everyone.kept
    seen = everyone.of(design.complete[everyone.kept])
    matrix = design.matrix[everyone.kept[design.complete]]
    matrix = matrix - matrix.mean(axis=0)
    layers, _ = labelled(strata, len(everyone.kept), "strata")
    layers = layers[used]
    n_events = int((seen.cause > 0).sum())
    if n_events == 0:
        raise AnalysisError("no observation with every covariate ended", where="event")
    coefficients, covariance, log_likelihood = _fitted(seen, matrix, layers, ties)
    groups, freedom = 0, np.inf
    if clusters is not None:
        cluster = np.unique(labelled(clusters, len(everyone.kept), "cluster")[0][used], return_inverse=True)[1]
        groups = int(cluster.max()) + 1
        covariance, freedom = _left_out(seen, matrix, layers, ties, cluster, coefficients), groups - 1
    frame = coefficient_table(design.terms, design.levels, coefficients, covariance, level, freedom)
    check = _score_test(seen, matrix, layers, coefficients, design.terms, ties)
    return ProportionalHazards(frame, check, len(matrix), n_events, int((~used).sum()), log_likelihood, level, groups)


def coefficient_table(
    terms: tuple[str, ...], levels: tuple[str, ...], coefficients: Floats, covariance: Floats, level: float, freedom: float = np.inf
) -> pd.DataFrame:
    """Coefficients, hazard ratios, Wald limits and p-values, by Student's t where the variance has few degrees of freedom."""
    from scipy.stats import t

    if not 0 < level < 1:
        raise AnalysisError(f"a confidence level lies between 0 and 1, not at {level}", where="level")
    se = np.sqrt(np.diag(covariance))
    half = float(t.ppf(0.5 + level / 2, freedom)) * se
    return pd.DataFrame(
        {
            "term": list(terms),
            "level": list(levels),
            "coefficient": coefficients,
            "se": se,
            "hazard_ratio": np.exp(coefficients),
            "lower": np.exp(coefficients - half),
            "upper": np.exp(coefficients + half),
            "p": 2 * t.sf(np.abs(coefficients / se), freedom),
        }
    )


def no_limit() -> AnalysisError:
    """The error for a likelihood that rises for ever."""
    return AnalysisError(
        "a coefficient has no finite estimate",
        where="covariates",
        why="in one of the groups that it compares everybody or nobody ended",
        todo="merge small groups, or compare the curves instead",
    )


def _fitted(
    seen: Observations, matrix: Floats, layers: Ints, ties: Ties, start: Floats | None = None
) -> tuple[Floats, Floats, tuple[float, float]]:
    from statsmodels.duration.hazard_regression import PHReg

    scale = matrix.std(axis=0)
    options: dict[str, Any] = {"status": (seen.cause > 0).astype(float), "ties": ties}
    if seen.enter is not None:
        # Positions count from 0, times from 1: at risk from position `enter` on is entry between the times enter and enter + 1.
        options["entry"] = seen.enter + 0.5
    if layers.any():
        options["strata"] = layers
    model = PHReg(seen.exit + 1.0, matrix / scale, **options)
    with warnings.catch_warnings():
        # Non-convergence is judged below, by the score and the information themselves.
        warnings.simplefilter("ignore")
        try:
            coefficients = np.asarray(model.fit(start_params=None if start is None else start * scale, disp=0).params, float)
            # The optimiser may stop some digits early; one more Newton step is exact to rounding.
            information = -np.asarray(model.hessian(coefficients), float)
            coefficients = coefficients + np.linalg.solve(information, np.asarray(model.score(coefficients), float))
            information = -np.asarray(model.hessian(coefficients), float)
            covariance = np.linalg.inv(information)
        except np.linalg.LinAlgError as error:
            raise no_limit() from error
        likelihood = float(model.loglike(coefficients)), float(model.loglike(np.zeros_like(coefficients)))
    if not is_finite_estimate(coefficients, covariance):
        raise no_limit()
    return coefficients / scale, covariance / np.outer(scale, scale), likelihood


def is_finite_estimate(coefficients: Floats, covariance: Floats) -> bool:
    """Whether standardised coefficients are estimates at all: under separation they and their variances run away."""
    spread = np.diag(covariance)
    return bool(np.isfinite(coefficients).all() and np.isfinite(spread).all() and (spread > 0).all() and (spread < 1e4).all())


def _left_out(seen: Observations, matrix: Floats, layers: Ints, ties: Ties, cluster: Ints, coefficients: Floats) -> Floats:
    """The covariance of the coefficients from how far they move when each cluster in turn is left out."""
    groups = int(cluster.max()) + 1
    if groups < 3:
        raise AnalysisError(f"{groups} groups", where="clusters", why="errors that rest on groups need several of them")
    found = []
    for one in range(groups):
        kept = cluster != one
        if not np.ptp(matrix[kept], axis=0).all():
            raise AnalysisError(
                "an effect rests on one group alone", where="clusters", why="without that group there is nothing to compare"
            )
        found.append(_fitted(seen.of(kept), matrix[kept], layers[kept], ties, coefficients)[0])
    moved = np.array(found) - np.mean(found, axis=0)
    spread: Floats = (groups - 1) / groups * moved.T @ moved
    return spread


def _score_test(seen: Observations, matrix: Floats, layers: Ints, coefficients: Floats, terms: tuple[str, ...], ties: Ties) -> pd.DataFrame:
    """Score test that no coefficient changes with g(t) = 1 − S(t−), S over all observations."""
    everyone = risk_sets(seen)
    clock = 1 - before(survival_curve(everyone.at_risk[0], everyone.events[0, 0]), 1.0)
    p = len(coefficients)
    information, crossed, squared, score = np.zeros((p, p)), np.zeros((p, p)), np.zeros((p, p)), np.zeros(p)
    for part, rows in zip(stratified(seen, layers), (matrix[layers == layer] for layer in np.unique(layers)), strict=True):
        places, residual, variance = _moments(part, rows, coefficients, ties)
        g = clock[places]
        score += g @ residual
        information += variance.sum(axis=0)
        crossed += np.einsum("t,tij->ij", g, variance)
        squared += np.einsum("t,tij->ij", g**2, variance)
    # Held at the estimate, the coefficients' own score is 0; what they absorb is taken out of the variance.
    spread = squared - crossed @ np.linalg.solve(information, crossed)
    found = []
    for term in dict.fromkeys(terms):
        chosen = [place for place, name in enumerate(terms) if name == term]
        found.append((term, *_quadratic(score[chosen], spread[np.ix_(chosen, chosen)])))
    found.append(("", *_quadratic(score, spread)))
    return pd.DataFrame(found, columns=["term", "statistic", "df", "p"])


def _quadratic(score: Floats, spread: Floats) -> tuple[float, int, float]:
    from scipy.stats import chi2

    if np.linalg.matrix_rank(spread) < len(score):
        return float("nan"), len(score), float("nan")
    statistic = float(score @ np.linalg.solve(spread, score))
    return statistic, len(score), float(chi2.sf(statistic, len(score)))


def _moments(seen: Observations, matrix: Floats, coefficients: Floats, ties: Ties) -> tuple[Ints, Floats, Floats]:
    """Event times, their Schoenfeld residual and the covariates' variance in the risk set (one row an event; Efron's ties)."""
    n_times = len(seen.times)
    score = np.exp(matrix @ coefficients)
    p = matrix.shape[1]
    products = np.column_stack([np.ones(len(matrix)), matrix, (matrix[:, :, None] * matrix[:, None, :]).reshape(len(matrix), -1)])
    weighted = products * score[:, None]

    def summed(places: Ints, rows: Floats, size: int) -> Floats:
        return np.column_stack([np.bincount(places, weights=column, minlength=size) for column in rows.T])

    leaving = summed(seen.exit, weighted, n_times)
    if seen.enter is None:
        at_risk = leaving[::-1].cumsum(axis=0)[::-1]
    else:
        at_risk = summed(seen.enter, weighted, n_times + 1).cumsum(axis=0)[:n_times] - (leaving.cumsum(axis=0) - leaving)
    ended = seen.cause > 0
    dying = summed(seen.exit[ended], weighted[ended], n_times)
    deaths = np.bincount(seen.exit[ended], minlength=n_times)
    places = np.repeat(np.arange(n_times), deaths)
    nth = np.arange(len(places)) - np.repeat(np.cumsum(deaths) - deaths, deaths)
    share = nth / deaths[places] if ties == "efron" else np.zeros(len(places))
    sums = at_risk[places] - share[:, None] * dying[places]
    mean = sums[:, 1 : p + 1] / sums[:, :1]
    variance = sums[:, p + 1 :].reshape(-1, p, p) / sums[:, :1, None] - mean[:, :, None] * mean[:, None, :]
    covariates_of_event = summed(seen.exit[ended], matrix[ended], n_times)
    residual = covariates_of_event[places] / deaths[places][:, None] - mean
    return places, residual, variance


@dataclass(frozen=True)
class Design:
    """The columns of a regression: `matrix` (complete rows × columns), `terms` (the covariate of each column), `levels` and
    `complete`, which rows have every covariate."""

    matrix: Floats
    terms: tuple[str, ...]
    levels: tuple[str, ...]
    complete: np.ndarray[tuple[int], np.dtype[np.bool_]]


def design_of(covariates: pd.DataFrame, n: int) -> Design:
    """Make the columns; rows with a missing covariate are left out, as R does.

    Raises:
        AnalysisError: no table, another length, nothing that varies, columns that repeat one another.
    """
    require_table(covariates, "covariates")
    if len(covariates) != n:
        raise AnalysisError(f"covariates has {len(covariates)} rows, time has {n} values", where="covariates")
    if covariates.shape[1] == 0:
        raise AnalysisError("there is no covariate", where="covariates")
    complete = covariates.notna().all(axis=1).to_numpy()
    if not complete.any():
        raise AnalysisError("no row has every covariate", where="covariates")
    columns, terms, levels = [], [], []
    for name in covariates.columns:
        column = covariates.loc[complete, name]
        if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
            columns.append(column.to_numpy(float))
            terms.append(str(name))
            levels.append("")
            continue
        kinds = column.astype("category").cat.remove_unused_categories().cat
        for place, level in enumerate(kinds.categories[1:], start=1):
            columns.append((kinds.codes == place).to_numpy(float))
            terms.append(str(name))
            levels.append(str(plain(level)))
    if not columns:
        raise AnalysisError("no covariate varies", where="covariates")
    matrix = np.column_stack(columns)
    centred = matrix - matrix.mean(axis=0)
    scale = np.sqrt((centred**2).mean(axis=0))
    flat = [f"{term} {level}".strip() for term, level, width in zip(terms, levels, scale, strict=True) if width == 0]
    if flat:
        raise AnalysisError(f"{', '.join(flat)} does not vary", where="covariates", todo="leave it out")
    if np.linalg.matrix_rank(centred / scale) < matrix.shape[1]:
        raise AnalysisError("one covariate follows from the others", where="covariates", todo="leave one of them out")
    return Design(matrix, tuple(terms), tuple(levels), complete)
