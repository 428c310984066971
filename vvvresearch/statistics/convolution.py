"""Sums of independent counts: the exact distribution of each of many sums, convolved together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["upper_tails"]

# Distributions convolved at a time: one transform of eight times the width costs less than three of twice.
_TOGETHER = 8
# Tails are cut where less than this is left, so that sums over a thousand documents stay as narrow as they really are.
_NOTHING = 1e-16


def upper_tails(parts: Floats, sums: Ints, observed: Ints) -> Floats:
    """P(sum ≥ observed) for many sums of independent counts at once.

    Args:
        parts: one row a part: the probabilities of 0, 1, 2, … (rows padded with zeros).
        sums: for each row the number of the sum it belongs to, 0 … S − 1.
        observed: the observed value of each of the S sums; a sum without parts is 0 for certain.

    Returns:
        S probabilities, right to about 1e-13.

    Example:
        >>> coins = np.full((3, 2), 0.5)
        >>> upper_tails(coins, np.array([0, 0, 0]), np.array([2])).round(6).tolist()
        [0.5]
    """
    order = np.argsort(sums, kind="stable")
    rows, owner = parts[order], sums[order]
    lowest = np.zeros(len(owner), dtype=np.int64)
    while len(owner) > len(np.unique(owner)):
        rows, owner, lowest = _convolved(rows, owner, lowest)
    tails = np.where(observed <= 0, 1.0, 0.0)
    above = np.cumsum(rows[:, ::-1], axis=1)[:, ::-1]
    place = observed[owner] - lowest
    inside = np.take_along_axis(above, np.clip(place, 0, rows.shape[1] - 1)[:, None], axis=1)[:, 0]
    tails[owner] = np.where(place <= 0, 1.0, np.where(place >= rows.shape[1], 0.0, inside))
    clipped: Floats = np.clip(tails, 0.0, 1.0)
    return clipped


def _convolved(rows: Floats, owner: Ints, lowest: Ints) -> tuple[Floats, Ints, Ints]:
    """Up to eight neighbouring rows of one sum become one."""
    from scipy import fft

    first_of_owner = np.searchsorted(owner, owner)
    group = (np.arange(len(owner)) - first_of_owner) // _TOGETHER
    starts = np.flatnonzero(np.r_[True, (np.diff(owner) != 0) | (np.diff(group) != 0)])
    size = fft.next_fast_len(_TOGETHER * (rows.shape[1] - 1) + 1, real=True)
    made = np.empty((len(starts), size))
    # In slices, so that the transforms of half a million documents never stand in memory together.
    step = max(1, 4_000_000 // (size * _TOGETHER))
    stops = np.r_[starts[1:], len(owner)]
    for i in range(0, len(starts), step):
        chosen = starts[i : i + step]
        turned = fft.rfft(rows[chosen[0] : stops[min(i + step, len(starts)) - 1]], size, axis=1)
        made[i : i + step] = fft.irfft(np.multiply.reduceat(turned, chosen - chosen[0], axis=0), size, axis=1)
    np.maximum(made, 0.0, out=made)
    return _trimmed(made, owner[starts], np.add.reduceat(lowest, starts))


def _trimmed(rows: Floats, owner: Ints, lowest: Ints) -> tuple[Floats, Ints, Ints]:
    first = (np.cumsum(rows, axis=1) > _NOTHING).argmax(axis=1)
    last = rows.shape[1] - 1 - (np.cumsum(rows[:, ::-1], axis=1) > _NOTHING).argmax(axis=1)
    width = int((last - first).max()) + 1
    places = first[:, None] + np.arange(width)
    kept = np.take_along_axis(rows, np.minimum(places, rows.shape[1] - 1), axis=1)
    kept[places > last[:, None]] = 0.0
    return kept, owner, lowest + first
