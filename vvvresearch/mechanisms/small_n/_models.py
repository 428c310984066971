"""Models of few cases: exact tests of two columns, Firth's penalised regression, whether a candidate changes what a mechanism does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError, VvvError, not_installed
from vvvresearch.statistics.cumulative import CumulativeModel, cumulative_logit
from vvvresearch.statistics.differences import miettinen_nurminen
from vvvresearch.statistics.exact_tests import boschloo, mann_whitney
from vvvresearch.statistics.odds_ratios import conditional_odds_ratio
from vvvresearch.statistics.ranks import cliffs_delta

if TYPE_CHECKING:
    import pandas as pd


def is_yes_no(column: pd.Series[Any]) -> bool:
    """Whether a column holds 0 and 1 only."""
    return set(column.unique()) <= {0.0, 1.0}


def association(used: pd.DataFrame, outcome: str, candidate: str, level: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of a candidate, and the counts behind it."""
    x, y = used[candidate], used[outcome]
    if is_yes_no(x) and is_yes_no(y):
        return two_by_two(x, y, candidate, level)
    if is_yes_no(x):
        return ranks(y[x == 1], y[x == 0], candidate, level)
    if is_yes_no(y):
        return ranks(x[y == 1], x[y == 0], candidate, level)
    raise AnalysisError(f"{candidate!r} and {outcome!r} are both ordered", todo="one of the two must be yes/no (1 and 0)")


def two_by_two(x: pd.Series[Any], y: pd.Series[Any], candidate: str, level: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of two yes/no columns by Fisher's test, with the counts."""
    counts = {value: (int(y[x == value].sum()), int((x == value).sum())) for value in (1, 0)}
    (a, n1), (c, n2) = counts[1], counts[0]
    cells = [{"candidate": candidate, "value": value, "yes": yes, "n": n} for value, (yes, n) in counts.items()]
    if not n1 or not n2:
        return {"test": "fisher", "p": math.nan}, cells
    table = [[a, n1 - a], [c, n2 - c]]
    row = {
        "test": "fisher",
        "effect": float(Fraction(a, n1) - Fraction(c, n2)),
        **table_limits(a, n1, c, n2, level),
        "p_boschloo": boschloo(table).p_value if 0 < a + c < n1 + n2 else math.nan,
        "separated": 0 in (a, n1 - a, c, n2 - c),
    }
    return row, cells


def table_limits(a: int, n1: int, c: int, n2: int, level: float) -> dict[str, float]:
    """Limits of the difference and of the conditional odds ratio, with the p of the latter's test."""
    odds = conditional_odds_ratio([[a, n1 - a], [c, n2 - c]], level)
    interval = miettinen_nurminen(a, n1, c, n2, level)
    found = {"lower": interval.lower, "upper": interval.upper, "odds_ratio": odds.value, "or_lower": odds.lower, "or_upper": odds.upper}
    return found | {"p": odds.p_value}


def ranks(first: pd.Series[Any], second: pd.Series[Any], candidate: str, level: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of ordered values on two sides by the exact permutation of ranks, with the numbers of cases."""
    cells = [{"candidate": candidate, "value": value, "yes": math.nan, "n": len(group)} for value, group in ((1, first), (0, second))]
    if first.empty or second.empty:
        return {"test": "ranks", "p": math.nan}, cells
    a, b = first.tolist(), second.tolist()
    delta = cliffs_delta(a, b, level)
    return {
        "test": "ranks",
        "effect": delta.estimate,
        "lower": delta.lower,
        "upper": delta.upper,
        "p": mann_whitney(a, b).p_value,
        "separated": min(a) > max(b) or min(b) > max(a),
    }, cells


_LARGEST = 700.0


@dataclass(frozen=True)
class Modelled:
    """A row of a model, the counts and the simple effects behind it, and the model itself where it could be fitted."""

    row: dict[str, Any]
    cells: list[dict[str, Any]]
    effects: list[dict[str, Any]]
    model: FirthModel | CumulativeModel | None


def modelled(used: pd.DataFrame, outcome: str, candidate: str, mechanism: str | None, cluster: str | None, level: float) -> Modelled:
    """The interaction of a candidate with a mechanism; without one, the candidate's own effect over cases that share groups.

    A yes/no outcome without groups has Firth's logistic model, everything else the penalised cumulative logit model.

    Args:
        used: cases that have a value in every column.
        outcome: yes/no or ordered.
        candidate, mechanism: yes/no; the candidate without a mechanism may be ordered.
        cluster: the group of each case.
        level: of the limits.

    Raises:
        AnalysisError: a column that must be yes/no is not.
    """
    if not mechanism:
        return _own_effect(used, outcome, candidate, cluster, level)
    for name in (candidate, mechanism):
        if not is_yes_no(used[name]):
            raise AnalysisError(f"{name!r} is not yes/no", todo="with a mechanism, the mechanism and the candidates hold 0 and 1")
    yes_no = is_yes_no(used[outcome])
    cells: list[dict[str, Any]] = []
    effects: list[dict[str, Any]] = []
    for value in (1, 0):
        part = used[used[candidate] == value]
        x, y = part[mechanism], part[outcome]
        row, counted = two_by_two(x, y, candidate, level) if yes_no else ranks(y[x == 1], y[x == 0], candidate, level)
        cells += [{"candidate": candidate, "at": value, "mechanism": cell["value"], "yes": cell["yes"], "n": cell["n"]} for cell in counted]
        kept = {name: row.get(name, math.nan) for name in ("effect", "lower", "upper", "odds_ratio", "or_lower", "or_upper", "p")}
        effects.append({"candidate": candidate, "at": value, "n": len(part), **kept})
    both = f"{mechanism} × {candidate}"
    design = np.column_stack([used[mechanism], used[candidate], used[mechanism] * used[candidate]])
    test = "ordinal interaction" if not yes_no else "clustered interaction" if cluster else "firth interaction"
    found = {"test": test, "p": math.nan, "effect": effects[0]["effect"] - effects[1]["effect"]}
    fitted = _fitted(used, outcome, design, [mechanism, candidate, both], cluster, level)
    return Modelled(found | fitted[0], cells, effects, fitted[1])


def _own_effect(used: pd.DataFrame, outcome: str, candidate: str, cluster: str | None, level: float) -> Modelled:
    x, y = used[candidate], used[outcome]
    row: dict[str, Any] = {}
    cells: list[dict[str, Any]] = []
    if is_yes_no(x):
        own, cells = two_by_two(x, y, candidate, level) if is_yes_no(y) else ranks(y[x == 1], y[x == 0], candidate, level)
        # The difference is described; its own limits would take cases of one group for independent.
        row = {"effect": own.get("effect", math.nan)}
    fitted, model = _fitted(used, outcome, np.column_stack([x]), [candidate], cluster, level)
    return Modelled({"test": "clustered", "p": math.nan, **row, **fitted}, cells, [], model)


def _fitted(
    used: pd.DataFrame, outcome: str, design: np.ndarray[Any, np.dtype[np.float64]], names: list[str], cluster: str | None, level: float
) -> tuple[dict[str, Any], FirthModel | CumulativeModel | None]:
    """Odds ratio, limits and p of the last predictor; nothing where the cases leave nothing to estimate: the row then has no p."""
    try:
        if cluster is None and is_yes_no(used[outcome]):
            model = firth(design, names, used[outcome].to_numpy(), level)
            last = model.frame.iloc[-1]
            log_odds, lower, upper, p = (float(last[name]) for name in ("coefficient", "lower", "upper", "p"))
            return _odds(log_odds, lower, upper, p) | {"separated": model.separated}, model
        groups = None if cluster is None else used[cluster].tolist()
        ordered = cumulative_logit(used[outcome].tolist(), design, names, clusters=groups, wanted=names[-1:], level=level)
    except AnalysisError:
        return {}, None
    term = ordered.terms[-1]
    return _odds(term.log_odds, term.lower, term.upper, term.p_value), ordered


def _odds(log_odds: float, lower: float, upper: float, p: float) -> dict[str, float]:
    odds, low, high = (math.exp(min(value, _LARGEST)) for value in (log_odds, lower, upper))
    return {"odds_ratio": odds, "or_lower": low, "or_upper": high, "p": p}


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
