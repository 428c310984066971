"""Weighted shares, numbers and means of a table's rows, with the standard errors that the weights and the frame give them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

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
        nothing = dict.fromkeys(WEIGHTED, float("nan"))
        weight = float(self.values @ among)
        if not weight > 0:
            return nothing
        if len(values) < 2:
            total = float(self.values @ np.where(among, values, 0.0))
            return nothing | {"weighted": total / weight, "weighted_total": total}
        settings = {"population": self.population, "among": among, "level": self.level}
        one = (weighted_proportion if proportion else weighted_mean)(values, self.weights, **settings)  # type: ignore[arg-type]
        whole = weighted_total(values, self.weights, **settings)  # type: ignore[arg-type]
        # Freed of the noise of adding floats, which would move a half below itself.
        value = float(f"{one.value:.12g}")
        return dict(zip(WEIGHTED, (value, one.se, one.lower, one.upper, whole.value, whole.se), strict=True))
