"""Weighted shares, numbers and means of a table's rows, with the standard errors that the weights and the frame give them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.calibration import Weights
from vvvresearch.statistics.estimates import weighted_mean, weighted_proportion, weighted_total

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

WEIGHTED = ("weighted", "se", "lower", "upper", "weighted_total", "se_total")


@dataclass(frozen=True)
class Design:
    """How respondents stand for the frame: their weights with the calibration behind them, and the size of the frame.

    Args:
        weights: one a respondent, in the order of the answers.
        population: size of the frame they were drawn from; None for no finite correction.
        level: of the limits.
    """

    weights: Weights
    population: int | None
    level: float

    @property
    def values(self) -> NDArray[np.float64]:
        """The weights as numbers."""
        return np.asarray(self.weights.values, dtype=np.float64)

    def share(self, chosen: ArrayLike, among: NDArray[np.bool_]) -> dict[str, float]:
        """The weighted share and number of those who chose an answer, among those in its base."""
        return self._row(np.asarray(chosen, dtype=float), among, proportion=True)

    def mean(self, numbers: ArrayLike, among: NDArray[np.bool_]) -> dict[str, float]:
        """The weighted mean and sum of numbers, among those who gave one."""
        return self._row(np.asarray(numbers, dtype=float), among, proportion=False)

    def _row(self, values: NDArray[np.float64], among: NDArray[np.bool_], *, proportion: bool) -> dict[str, float]:
        # A frame that is smaller than the answers, or nobody with a weight: there is no estimate to give.
        try:
            settings = {"population": self.population, "among": among, "level": self.level}
            one = (weighted_proportion if proportion else weighted_mean)(values, self.weights, **settings)  # type: ignore[arg-type]
            total = weighted_total(values, self.weights, **settings)  # type: ignore[arg-type]
        except AnalysisError:
            return dict.fromkeys(WEIGHTED, float("nan"))
        # Freed of the noise of adding floats, which would move a half below itself.
        value = float(f"{one.value:.12g}")
        return dict(zip(WEIGHTED, (value, one.se, one.lower, one.upper, total.value, total.se), strict=True))
