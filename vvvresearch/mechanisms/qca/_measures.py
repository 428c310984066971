"""Parameters of fit: inclusion, PRI, coverage, relevance of necessity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    Floats = np.ndarray[Any, np.dtype[np.float64]]


# What the parameters are called in addresses, by their columns.
FIT_NAMES = {
    "inclS": "inclusion",
    "PRI": "pri",
    "covS": "coverage",
    "covU": "unique",
    "inclN": "inclusion",
    "RoN": "relevance",
    "covN": "coverage",
}


def ratio(part: float, whole: float) -> float:
    """A quotient; NaN where there is nothing to divide by."""
    return float(part / whole) if whole > 1e-12 else float("nan")


def sufficiency(x: Floats, y: Floats) -> tuple[float, float, float]:
    """inclS = Σmin(x,y)/Σx, PRI = (Σmin(x,y) − Σmin(x,y,¬y))/(Σx − Σmin(x,y,¬y)), covS = Σmin(x,y)/Σy (Ragin 2006)."""
    both = np.minimum(x, y)
    doubtful = float(np.minimum(both, 1 - y).sum())
    shared, in_x, in_y = float(both.sum()), float(x.sum()), float(y.sum())
    return ratio(shared, in_x), ratio(shared - doubtful, in_x - doubtful), ratio(shared, in_y)


def necessity_of(x: Floats, y: Floats) -> tuple[float, float, float]:
    """inclN = Σmin(x,y)/Σy, RoN = Σ(1−x)/Σ(1−min(x,y)), covN = Σmin(x,y)/Σx (Schneider and Wagemann 2012)."""
    both = np.minimum(x, y)
    shared = float(both.sum())
    return ratio(shared, float(y.sum())), ratio(float((1 - x).sum()), float((1 - both).sum())), ratio(shared, float(x.sum()))
