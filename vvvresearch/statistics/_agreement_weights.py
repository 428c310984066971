"""How far two categories are from each other, in Krippendorff's metrics and in Gwet's weights.

The two families share the name "ordinal" and differ: Krippendorff's depends on how often the categories between were
used, Gwet's only on their number.
"""

from __future__ import annotations

from collections.abc import Hashable
from math import comb
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from vvvresearch.errors import AnalysisError, did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Weighting = Literal["identity", "linear", "quadratic", "ordinal", "ratio"]
_LEVELS: tuple[str, ...] = get_args(Level)
_WEIGHTS: tuple[str, ...] = get_args(Weighting)


def check_level(level: str) -> None:
    """Raise where there is no such level of measurement."""
    if level not in _LEVELS:
        raise AnalysisError(f"there is no level {level!r}", where="level", todo=did_you_mean(str(level), _LEVELS))


def check_weights(weights: str) -> None:
    """Raise where there are no such weights."""
    if weights not in _WEIGHTS:
        raise AnalysisError(f"there are no weights {weights!r}", where="weights", todo=did_you_mean(str(weights), _WEIGHTS))


def squared_distance(level: Level, categories: tuple[Hashable, ...], margins: Floats) -> Floats:
    """Krippendorff's δ² between categories, q × q.

    Args:
        level: nominal, ordinal, interval or ratio.
        categories: in order; numbers for interval and ratio.
        margins: how often each was used in paired ratings (needed for ordinal).
    """
    size = len(categories)
    if level == "nominal":
        return 1 - np.eye(size)
    if level == "ordinal":
        # The distance is the number of ratings between the middles of the two ranks.
        middles = np.cumsum(margins) - margins / 2
        return np.square(middles[:, None] - middles[None, :])
    values = _numbers(categories, level)
    difference = values[:, None] - values[None, :]
    if level == "interval":
        return np.square(difference)
    if (values < 0).any():
        raise AnalysisError("a ratio scale has no negative ratings")
    total = values[:, None] + values[None, :]
    return np.square(np.divide(difference, total, out=np.zeros_like(total), where=total != 0))


def agreement_weights(weights: Weighting, categories: tuple[Hashable, ...]) -> Floats:
    """Gwet's weights of agreement between categories, q × q, 1 on the diagonal."""
    size = len(categories)
    if weights == "identity" or size < 2:
        return np.eye(size)
    places = np.arange(size)
    if weights == "ordinal":
        apart = np.abs(places[:, None] - places[None, :])
        pairs = np.array([[comb(int(step) + 1, 2) for step in row] for row in apart], dtype=float)
        ordinal: Floats = 1 - pairs / pairs.max()
        return ordinal
    values = _numbers(categories, weights) if weights == "ratio" else _numbers_or_places(categories)
    difference = np.abs(values[:, None] - values[None, :])
    spread = values.max() - values.min()
    if weights == "linear":
        linear: Floats = 1 - difference / spread
        return linear
    if weights == "quadratic":
        quadratic: Floats = 1 - np.square(difference / spread)
        return quadratic
    if (values < 0).any():
        raise AnalysisError("a ratio scale has no negative ratings")
    total = values[:, None] + values[None, :]
    part = np.divide(difference, total, out=np.zeros_like(total), where=total != 0)
    whole = spread / (values.max() + values.min())
    ratio: Floats = 1 - np.square(part / whole)
    return ratio


def _numbers(categories: tuple[Hashable, ...], purpose: str) -> Floats:
    try:
        numbers = np.array([float(str(category)) for category in categories])
        if not np.isfinite(numbers).all():
            raise ValueError
        return numbers
    except ValueError:
        raise AnalysisError(
            f"{purpose} needs categories that are numbers", where=", ".join(map(str, categories[:5])), todo="use nominal or ordinal"
        ) from None


def _numbers_or_places(categories: tuple[Hashable, ...]) -> Floats:
    """Numbers where the categories are numbers, else 1, 2, 3 … in their order."""
    try:
        return _numbers(categories, "weights")
    except AnalysisError:
        return np.arange(1, len(categories) + 1, dtype=float)
