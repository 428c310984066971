"""Answers that come in groups: mixed models that must agree between two optimisers, and estimating equations."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms._cases import level_setting, root_of
from vvvresearch.results import Base, Column, Measure, Result

# Different ways down the same hill: agreement of all shows that the bottom was reached. bfgs alone has stopped at a
# between-group variance of .178 where .019 is right.
OPTIMISERS = ("lbfgs", "powell", "nm")
_AGREE = 1e-4


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Clustered(Result):
    """A model for grouped answers.

    Args:
        variance: between-group variance; NaN for estimating equations.
        residual: variance within groups.
        trusted: whether two optimisers came to the same optimum.
        runs: each optimiser with its log-likelihood and between-group variance.
        groups: number of groups.
    """

    variance: float
    residual: float
    trusted: bool
    runs: pd.DataFrame
    groups: int


def clustered(
    data: pd.DataFrame,
    outcome: str,
    predictors: Sequence[str],
    group: str,
    model: Literal["mixed", "gee"] = "mixed",
    *,
    binary: bool = False,
    level: float = 0.95,
    kind: DataKind = DataKind.REAL,
) -> Clustered:
    """Estimate effects when cases share a group (a municipality, a volunteer group, a pair).

    Args:
        data: one row a case; numbers in outcome and predictors.
        outcome, predictors, group: columns.
        model: "mixed" (random intercept per group, REML) or "gee" (exchangeable, standard errors corrected for few groups).
        binary: with "gee": a yes/no outcome on the logit scale.
        level: confidence level.
        kind: kind of the data.

    Returns:
        Clustered; `.frame` has term ("1" is the constant), estimate, se, lower, upper, p; `.trusted` is False, and
        the note says that nothing can be concluded, when two optimisers do not agree.

    Raises:
        AnalysisError: unknown columns, fewer than three groups, no repetition within groups, no optimiser converged.

    Source: Laird and Ware 1982; Liang and Zeger 1986 with the correction of Mancl and DeRouen 2001.
    """
    names = [outcome, *predictors, group]
    known = [str(name) for name in data.columns]
    for name in names:
        if name not in known:
            raise AnalysisError(f"there is no column {name!r}", todo=did_you_mean(str(name), known))
    used = data[names].dropna()
    n_groups = int(used[group].nunique())
    if n_groups < 3 or len(used) == n_groups:
        raise AnalysisError(
            f"{n_groups} groups with {len(used)} cases", why="a model of groups needs several groups, and several cases in some"
        )
    if model not in ("mixed", "gee"):
        raise AnalysisError(f"the model {model!r} is not known", todo='use "mixed" or "gee"')
    y = used[outcome].to_numpy(dtype=float)
    design = np.column_stack([np.ones(len(used)), *(used[name].to_numpy(dtype=float) for name in predictors)])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise AnalysisError("a predictor is constant, or follows from the others", where=", ".join(predictors))
    fitted, runs, trusted = _mixed(y, design, used[group]) if model == "mixed" else _gee(y, design, used[group], binary)
    limits = np.asarray(fitted.conf_int(alpha=1 - level))
    width = design.shape[1]
    frame = pd.DataFrame({"term": ["1", *predictors], "estimate": np.asarray(fitted.params)[:width]})
    frame["se"], frame["lower"], frame["upper"] = np.asarray(fitted.bse)[:width], limits[:width, 0], limits[:width, 1]
    frame["p"] = np.asarray(fitted.pvalues)[:width]
    notes = [Phrase(f"mechanisms.clustered_{model}", {"groups": n_groups})]
    if not trusted:
        notes.append(Phrase("mechanisms.clustered_untrusted"))
    numbers = tuple(
        Column(name, Phrase(f"mechanisms.{name}"), format="number", decimals=3) for name in ("estimate", "se", "lower", "upper")
    )
    return Clustered(
        frame=frame,
        base=Base(len(used), unit="case"),
        title=Phrase("mechanisms.title_clustered", {"outcome": outcome}),
        notes=tuple(notes),
        shows=(Column("term", Phrase("mechanisms.candidate")), *numbers, Column("p", format="p")),
        kind=kind,
        at=root_of("clustered", outcome, group, "" if model == "mixed" else model, "logit" if binary else "", level_setting(level)),
        keys=("term",),
        measures=(*(Measure(name, "number", 3, of="") for name in ("estimate", "se", "lower", "upper")), Measure("p", "p", of="")),
        variance=float(np.asarray(fitted.cov_re)[0, 0]) if model == "mixed" else float("nan"),
        residual=float(fitted.scale),
        trusted=trusted,
        runs=runs,
        groups=n_groups,
    )


def _mixed(y: Any, design: Any, groups: pd.Series[Any]) -> tuple[Any, pd.DataFrame, bool]:
    from statsmodels.regression.mixed_linear_model import MixedLM

    fits = []
    for optimiser in OPTIMISERS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                fit = MixedLM(y, design, groups=groups.to_numpy()).fit(reml=True, method=optimiser, maxiter=2000)
            except (ValueError, np.linalg.LinAlgError):
                continue
        if np.isfinite(fit.llf):
            fits.append((optimiser, fit))
    if not fits:
        raise AnalysisError("no optimiser could fit the mixed model", todo='use model="gee", or fewer predictors')
    runs = pd.DataFrame(
        [
            {"optimiser": name, "log_likelihood": float(fit.llf), "variance": float(fit.cov_re[0, 0]), "converged": bool(fit.converged)}
            for name, fit in fits
        ]
    )
    best = max(fits, key=lambda pair: pair[1].llf)[1]
    spread = max(float(np.var(y)), 1e-12)
    close = (runs["log_likelihood"].max() - runs["log_likelihood"] < _AGREE) & (
        (runs["variance"] - float(best.cov_re[0, 0])).abs() < 0.01 * spread
    )
    return best, runs, bool(close.sum() >= 2)


def _gee(y: Any, design: Any, groups: pd.Series[Any], binary: bool) -> tuple[Any, pd.DataFrame, bool]:
    from statsmodels.genmod.cov_struct import Exchangeable
    from statsmodels.genmod.families import Binomial, Gaussian
    from statsmodels.genmod.generalized_estimating_equations import GEE

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        equations = GEE(y, design, groups=groups.to_numpy(), family=Binomial() if binary else Gaussian(), cov_struct=Exchangeable())
        fitted = equations.fit(maxiter=200, cov_type="bias_reduced")
    good = bool(fitted.converged and np.isfinite(fitted.bse).all())
    runs = pd.DataFrame([{"optimiser": "iteration", "log_likelihood": float("nan"), "variance": float("nan"), "converged": good}])
    return fitted, runs, good
