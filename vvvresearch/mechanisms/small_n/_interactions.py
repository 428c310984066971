"""Models of few cases: whether a candidate changes what a mechanism does, and what goes with an outcome where cases share a group."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.mechanisms.small_n._associations import is_yes_no, ranks, two_by_two
from vvvresearch.mechanisms.small_n._firth import FirthModel, firth
from vvvresearch.statistics.cumulative import CumulativeModel, cumulative_logit

if TYPE_CHECKING:
    import pandas as pd

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
