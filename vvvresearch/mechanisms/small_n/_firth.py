"""Firth's penalised logistic regression: finite estimates also where a predictor separates the outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError, VvvError, not_installed

if TYPE_CHECKING:
    import pandas as pd

    Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class FirthModel:
    """A fitted model.

    Args:
        frame: one row a term: term, coefficient, lower, upper (profile penalised likelihood), p (penalised likelihood
            ratio), odds_ratio.
        separated: whether ordinary logistic regression would have run off to infinity.
        n: cases used.
        level: confidence level.
    """

    frame: pd.DataFrame
    separated: bool
    n: int
    level: float


def firth(design: Floats, names: Sequence[str], outcome: Floats, level: float = 0.95) -> FirthModel:
    """Fit by penalised likelihood (Firth 1993; Heinze and Schemper 2002); the same numbers as R's logistf.

    Args:
        design: cases × predictors, without a constant.
        names: predictors in order.
        outcome: 0 or 1 per case.
        level: confidence level.

    Raises:
        AnalysisError: one outcome only, predictors that repeat each other, or a fit that does not converge.
        VvvError: firthmodels is not there; no AnalysisError, since callers take those for a property of the data.
    """
    import warnings

    import pandas as pd

    try:
        from firthmodels import FirthLogisticRegression, detect_separation
    except ImportError:
        raise not_installed(VvvError, "firthmodels", "mechanisms", why="it fits the penalised logistic regression") from None

    y = np.asarray(outcome, dtype=int)
    x = np.asarray(design, dtype=float)
    if len(set(y.tolist())) < 2:
        raise AnalysisError("all cases have the same outcome", why="there is nothing to explain")
    full = np.column_stack([np.ones(len(y)), x])
    if np.linalg.matrix_rank(full) < full.shape[1]:
        raise AnalysisError(
            "a predictor is constant, or follows from the others",
            where=", ".join(names),
            todo="leave it out; an interaction needs cases in all four combinations",
        )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            model = FirthLogisticRegression(backend="numpy", max_iter=500, gtol=1e-8, xtol=1e-8).fit(x, y)
            limits = model.conf_int(alpha=1 - level, method="pl", max_iter=500)
            tested = model.lrt()
        except (Warning, ValueError, np.linalg.LinAlgError) as problem:
            raise AnalysisError("the penalised model did not converge", why=str(problem), todo="use fewer predictors") from None
    coefficients = np.asarray(model.coef_, dtype=float).ravel()
    rows = {
        "term": list(names),
        "coefficient": coefficients,
        "lower": np.asarray(limits)[: len(names), 0],
        "upper": np.asarray(limits)[: len(names), 1],
        "p": np.asarray(tested.lrt_pvalues_)[: len(names)],
        "odds_ratio": np.exp(coefficients),
    }
    return FirthModel(pd.DataFrame(rows), bool(detect_separation(x, y).separation), len(y), level)
