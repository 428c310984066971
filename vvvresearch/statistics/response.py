"""How representative a response is: propensities, the R-indicator with bias adjustment and standard error, partial indicators."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import numbers_of, places_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["PartialIndicator", "RIndicator", "partial_indicators", "r_indicator"]


@dataclass(frozen=True)
class RIndicator:
    """1 − 2·S(ρ): 1 when every unit was equally likely to answer, 0 when response is wholly determined.

    Args:
        value: without adjustment; too low in small groups, since estimated propensities vary by chance.
        adjusted: with the bias adjustment, at most 1.
        standard_error: of `value`, never to be read with `adjusted`; NaN where the estimated propensities do not vary.
        lower, upper: limits, found on the scale of S² (adjusted S² ± t·√(V(S²)·n/(n−p)) with n−p degrees of freedom for p
            coefficients), V taken at the estimate and at the limit itself, the wider of the two; cut at 0 and 1.
        response_rate: mean propensity.
        propensities: one a unit, in order.
        level: of the limits.
    """

    value: float
    adjusted: float
    standard_error: float
    lower: float
    upper: float
    response_rate: float
    propensities: NDArray[Any]
    level: float


def r_indicator(
    responded: Sequence[bool],
    variables: Mapping[str, Sequence[object]],
    level: float = 0.95,
    *,
    adjustment: Literal["published", "centred"] = "published",
) -> RIndicator:
    """The R-indicator of a response, with respect to some frame variables.

    Propensities come from a logistic regression on the variables' categories (main effects). The units given are the whole frame or
    everybody invited, so nothing is added for sampling.

    Args:
        responded: whether each unit answered.
        variables: variable → the category of each unit; without gaps.
        level: of the limits.
        adjustment: "published" takes the mean variance of the estimated propensities from S², as the RISQ tools of the statistical
            offices do; "centred" takes only their variance around the mean, which in small frames comes nearer to the truth.

    Raises:
        AnalysisError: nobody or everybody answered, no variables, or categories that are missing.

    Source:
        Schouten, Cobben and Bethlehem 2009; bias adjustment and the variance of S² by Shlomo, Skinner and Schouten 2012.

    Example:
        >>> found = r_indicator([True] * 30 + [False] * 10 + [True] * 20 + [False] * 20, {"size": ["small"] * 40 + ["large"] * 40})
        >>> f"{found.value:.3f} {found.adjusted:.3f}"
        '0.748 0.796'
    """
    import numpy as np
    from scipy.stats import t

    answered = places_of(responded, "responded", most=1).astype(float)
    if not len(answered):
        raise AnalysisError("there are no units", where="responded")
    design = _design(variables, len(answered))
    if design.shape[1] < 2:
        raise AnalysisError("all units are alike, so nothing tells whether those who answered are like the rest", where="variables")
    propensities, covariance = _propensities(answered, design)
    n = len(answered)
    if adjustment not in ("published", "centred"):
        raise AnalysisError(f"there is no bias adjustment {adjustment!r}", where="adjustment", todo='use "published" or "centred"')
    variance, noise, spread = _moments(propensities, design, covariance, adjustment)
    # S² counts one unit less than there are, so it can be a little more than the ¼ of willingness that is all or nothing.
    value, adjusted = (max(0.0, 1 - 2 * math.sqrt(max(0.0, squares))) for squares in (variance, variance - noise))
    # By the delta method the variance of 1 − 2√S² is that of S², divided by S².
    error = math.sqrt(spread / float(propensities.var())) if variance > 1e-12 else math.nan
    # The indicator bends sharply where S² is 0, which is where small frames mostly are; S² itself does not.
    # Coefficients fitted to few units scatter more than their covariance says: degrees of freedom as for any fitted model.
    left = max(1, n - design.shape[1])
    stretch = float(t.ppf(0.5 + level / 2, left)) * math.sqrt(n / left)
    reach = stretch * math.sqrt(spread)
    least, most = max(0.0, variance - noise - reach), max(0.0, variance - noise + reach)
    if variance > 1e-12:
        # An S² that came out small by chance has a small variance too, so that its limits would be too near.
        compatible = _compatible(propensities, design, variance, stretch, adjustment)
        least, most = float(np.fmin(least, compatible[0])), float(np.fmax(most, compatible[1]))
    lower, upper = (max(0.0, 1 - 2 * math.sqrt(side)) for side in (most, least))
    return RIndicator(value, adjusted, error, lower, upper, float(propensities.mean()), propensities, level)


def _moments(propensities: NDArray[Any], design: NDArray[Any], covariance: NDArray[Any], adjustment: str) -> tuple[float, float, float]:
    """S² of propensities, what estimating them adds to it, and its variance."""
    import numpy as np

    n = len(propensities)
    gradient = (propensities * (1 - propensities))[:, None] * design
    deviation, slopes = propensities - propensities.mean(), gradient - gradient.mean(axis=0)
    noisy = gradient if adjustment == "published" else slopes
    first, second = (deviation[:, None] * slopes).mean(axis=0), slopes.T @ slopes / n @ covariance
    return (
        float(propensities.var(ddof=1)),
        float(np.einsum("ij,jk,ik->", noisy, covariance, noisy)) / n,
        4 * float(first @ covariance @ first) + 2 * float(np.trace(second @ second)),
    )


def _compatible(propensities: NDArray[Any], design: NDArray[Any], variance: float, stretch: float, adjustment: str) -> tuple[float, float]:
    """The smallest and largest true S² that the estimated one is within reach of, by the variance it would have there; NaN without one.

    The propensities are drawn together or apart around their mean, in the pattern that was estimated.
    """
    import numpy as np
    from scipy import optimize

    mean, edge = float(propensities.mean()), 1 / (2 * len(propensities))
    held = np.clip(propensities, edge, 1 - edge)
    pattern = np.log(held / (1 - held))
    pattern, middle = pattern - pattern.mean(), math.log(mean / (1 - mean))

    @cache
    def drawn(factor: float) -> tuple[float, float]:
        """S² there, and how far the estimate lies above what would be expected, in units of the reach."""

        def share(level: float) -> NDArray[Any]:
            spread: NDArray[Any] = 1 / (1 + np.exp(-np.clip(level + factor * pattern, -25, 25)))
            return spread

        lowest, highest = (middle - factor * float(edge) for edge in (pattern.max(), pattern.min()))
        level = optimize.brentq(lambda one: float(share(one).mean()) - mean, lowest - 0.1, highest + 0.1, xtol=1e-5)
        rho = share(level)
        weights = rho * (1 - rho)
        covariance = np.linalg.pinv(design.T @ (weights[:, None] * design), rcond=1e-9, hermitian=True)
        true, noise, spread = _moments(rho, design, covariance, adjustment)
        return true, (variance - noise - true) / max(stretch * math.sqrt(spread), 1e-12)

    def within(side: float) -> float:
        """Where the estimate comes within reach, from no difference outwards; NaN where it never does."""
        beyond = next((2.0**step for step in range(7) if drawn(2.0**step)[1] < side), math.nan)
        if math.isnan(beyond) or drawn(0.0)[1] <= side:
            return math.nan
        return drawn(optimize.brentq(lambda factor: drawn(factor)[1] - side, 0.0, beyond, xtol=1e-3))[0]

    least, most = within(1.0), within(-1.0)
    return 0.0 if drawn(0.0)[1] <= 1 else least, most


def _design(variables: Mapping[str, Sequence[object]], n: int) -> NDArray[Any]:
    import numpy as np
    import pandas as pd

    if not variables:
        raise AnalysisError("representativeness needs at least one variable", where="by")
    columns = [np.ones(n)]
    for name, values in variables.items():
        column = pd.Series(list(values), dtype=object)
        if len(column) != n or column.isna().any() or (column.astype(str) == "").any():
            raise AnalysisError(
                f"{name!r} is not known for every unit", where="by", todo="complete the list, or give the unknown their own category"
            )
        categories = sorted(column.astype(str).unique())
        columns += [(column.astype(str) == category).to_numpy(dtype=float) for category in categories[1:]]
    design = np.column_stack(columns)
    # A category that others already determine (a region with one size only) adds nothing and would make the fit singular.
    kept: list[int] = []
    for place in range(design.shape[1]):
        if np.linalg.matrix_rank(design[:, [*kept, place]]) > len(kept):
            kept.append(place)
    return design[:, kept]


def _propensities(answered: NDArray[Any], design: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Logistic propensities by Newton steps, and the covariance of the coefficients.

    A category in which nobody or everybody answered has a propensity of exactly 0 or 1; its coefficient runs away while its weight
    vanishes, so the steps are stopped there and the generalised inverse gives it no share in the noise.
    """
    import numpy as np

    if answered.min() == answered.max():
        raise AnalysisError("everybody answered, or nobody did", where="responded", why="then there is nothing to represent unequally")
    beta = np.zeros(design.shape[1])
    for _ in range(60):
        linear = np.clip(design @ beta, -25, 25)
        rho = 1 / (1 + np.exp(-linear))
        information = design.T @ ((rho * (1 - rho))[:, None] * design)
        step = np.linalg.pinv(information, rcond=1e-9, hermitian=True) @ (design.T @ (answered - rho))
        beta = beta + np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-10:
            break
    rho = 1 / (1 + np.exp(-np.clip(design @ beta, -25, 25)))
    information = design.T @ ((rho * (1 - rho))[:, None] * design)
    return rho, np.linalg.pinv(information, rcond=1e-9, hermitian=True)


@dataclass(frozen=True)
class PartialIndicator:
    """How much one variable, or one of its categories, takes part in unequal response.

    Args:
        variable: its name.
        category: one of its categories, "" for the variable as a whole.
        unconditional: for a category with its sign (negative: under-represented), for a variable the root of the sum of squares.
        conditional: what is left when the other variables are held.
    """

    variable: str
    category: str
    unconditional: float
    conditional: float


def partial_indicators(propensities: NDArray[Any], variables: Mapping[str, Sequence[object]]) -> tuple[PartialIndicator, ...]:
    """Partial R-indicators for every variable and category.

    Args:
        propensities: from `r_indicator`.
        variables: variable → the category of each unit.

    Returns:
        For each variable one row for itself and one for each category.

    Raises:
        AnalysisError: fewer than two units, or a propensity that is not known.

    Source:
        Schouten, Shlomo and Skinner 2011.

    Example:
        >>> import numpy as np
        >>> rows = partial_indicators(np.array([0.75, 0.75, 0.5, 0.5]), {"size": ["s", "s", "l", "l"]})
        >>> [(row.category, round(row.unconditional, 4)) for row in rows]
        [('', 0.125), ('l', -0.0884), ('s', 0.0884)]
    """
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame({name: pd.Series(list(values), dtype=object).astype(str) for name, values in variables.items()})
    rho = pd.Series(numbers_of(propensities, "propensities"))
    n, mean = len(rho), float(rho.mean())
    if n < 2 or rho.isna().any():
        raise AnalysisError("two units or more need a known propensity each", where="propensities")
    rows: list[PartialIndicator] = []
    for name in frame.columns:
        others = [other for other in frame.columns if other != name]
        strata_mean = rho.groupby([frame[other] for other in others]).transform("mean") if others else pd.Series(mean, index=rho.index)
        within = (rho - strata_mean) ** 2
        categories = []
        for category, place in rho.groupby(frame[name]).groups.items():
            share = len(place) / n
            signed = math.sqrt(share) * (float(rho.loc[place].mean()) - mean)
            categories.append(PartialIndicator(str(name), str(category), signed, math.sqrt(float(within.loc[place].sum()) / (n - 1))))
        total = math.sqrt(float(np.sum([row.unconditional**2 for row in categories])))
        rows.append(PartialIndicator(str(name), "", total, math.sqrt(float(within.sum()) / (n - 1))))
        rows += categories
    return tuple(rows)
