"""Sums of independent counts: the exact distribution of each of many sums, convolved together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

__all__ = ["Counts", "upper_tails", "within"]

# Distributions convolved at a time: one transform of four times the width costs less than two of twice.
_TOGETHER = 4
# Tails are cut where less than this is left, so that sums over a thousand documents stay as narrow as they really are.
_NOTHING = 1e-16
# Values transformed at a time, so that the transforms of half a million documents never stand in memory together.
_SLICE = 200_000
# Sums whose widths differ by less than this factor are transformed together.
_ALIKE = 1.2


@dataclass(frozen=True)
class Counts:
    """Distributions of independent counts, one after the other.

    Args:
        chances: the probabilities of 0, 1, 2, … of the first count, then those of the second …
        widths: how many of them belong to each count.
        sums: the number of the sum that each count belongs to.
    """

    chances: Floats
    widths: Ints
    sums: Ints

    @property
    def starts(self) -> Ints:
        """Where each count's probabilities begin."""
        return np.cumsum(self.widths) - self.widths

    @classmethod
    def joined(cls, parts: list[Counts]) -> Counts:
        """All counts of several lots."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("chances", "widths", "sums")))


def within(sizes: Ints) -> Ints:
    """0, 1, 2, … within each of the stretches of these sizes.

    Example:
        >>> within(np.array([2, 3])).tolist()
        [0, 1, 0, 1, 2]
    """
    return np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def upper_tails(parts: Counts, observed: Ints, spread: Floats | float = 0.0) -> Floats:
    """P(sum ≥ observed) for many sums of independent counts at once.

    Args:
        parts: the counts and the sums that they belong to, 0 … S − 1.
        observed: the observed value of each of the S sums; a sum without parts is 0 for certain.
        spread: by how much the variance of each sum is too large, where amounts were counted in steps: half of it times the slope of the
            distribution is taken off.

    Returns:
        S probabilities, right to about 1e-13 where the spread is 0.

    Example:
        >>> coins = Counts(np.full(6, 0.5), np.array([2, 2, 2]), np.array([0, 0, 0]))
        >>> upper_tails(coins, np.array([2])).round(6).tolist()
        [0.5]
    """
    # Only what stays below the observed value is followed (and that value itself): far less than all that a sum could be.
    limit = observed + 1
    kept = np.minimum(parts.widths, limit[parts.sums])
    inside = within(parts.widths) < np.repeat(kept, parts.widths)
    rows = Counts(parts.chances[inside], kept[kept > 0], parts.sums[kept > 0])
    lowest = np.zeros(len(rows.sums), dtype=np.int64)
    while len(rows.sums) > len(np.unique(rows.sums)):
        rows, lowest = _convolved(rows, lowest, limit)
    at, before = (_at(rows, lowest, observed - back) for back in (0, 1))
    below = np.where(observed > 0, 1.0, 0.0)
    below[rows.sums] = (np.add.reduceat(rows.chances, rows.starts) if len(rows.sums) else 0.0) - at[rows.sums]
    most = np.bincount(parts.sums, parts.widths - 1, minlength=len(observed))
    return np.where(observed > most, 0.0, np.clip(1.0 - below + spread / 2 * (at - before), 0.0, 1.0))


def _at(rows: Counts, lowest: Ints, values: Ints) -> Floats:
    """The chance of one value of each sum, of which there is one row."""
    place = values[rows.sums] - lowest
    there = (place >= 0) & (place < rows.widths)
    found = np.zeros(len(values))
    found[rows.sums[there]] = rows.chances[(rows.starts + place)[there]]
    return found


def _convolved(rows: Counts, lowest: Ints, observed: Ints) -> tuple[Counts, Ints]:
    """Up to four rows of one sum become one, the narrow ones with each other."""
    order = np.lexsort((rows.widths, rows.sums))
    sums, widths, starts = rows.sums[order], rows.widths[order], rows.starts[order]
    place = np.arange(len(sums)) - np.searchsorted(sums, sums)
    begins = np.flatnonzero(place % _TOGETHER == 0)
    members = np.diff(np.append(begins, len(sums)))
    sizes = np.add.reduceat(widths - 1, begins) + 1
    below = np.add.reduceat(lowest[order], begins)
    room = observed[sums[begins]] - below
    made, owners, offsets = [], [], []
    for chosen in _lots(members, sizes):
        product = _product(rows.chances, starts, widths, begins[chosen], members[chosen], int(sizes[chosen].max()))
        part, first = _trimmed(product, sums[begins[chosen]], room[chosen])
        made.append(part)
        offsets.append(first)
        owners.append(chosen)
    return Counts.joined(made), below[np.concatenate(owners)] + np.concatenate(offsets)


def _lots(members: Ints, sizes: Ints) -> Iterator[Ints]:
    """Groups that are convolved in one go: as wide as each other, those of most members first."""
    order = np.lexsort((-members, np.ceil(np.log(sizes) / np.log(_ALIKE))))
    alike = np.ceil(np.log(sizes[order]) / np.log(_ALIKE))
    for groups in np.split(order, np.flatnonzero(np.diff(alike)) + 1):
        step = max(1, _SLICE // int(sizes[groups].max()))
        yield from (groups[i : i + step] for i in range(0, len(groups), step))


def _product(chances: Floats, starts: Ints, widths: Ints, begins: Ints, members: Ints, size: int) -> Floats:
    """The convolution of the members of each group, groups of most members first."""
    from scipy import fft

    n = fft.next_fast_len(size, real=True)
    product = fft.rfft(_padded(chances, starts[begins], widths[begins]), n, axis=1)
    for k in range(1, int(members[0])):
        lines = begins[members > k] + k
        product[: len(lines)] *= fft.rfft(_padded(chances, starts[lines], widths[lines]), n, axis=1)
    made: Floats = fft.irfft(product, n, axis=1)[:, :size]
    return np.maximum(made, 0.0, out=made)


def _padded(chances: Floats, starts: Ints, widths: Ints) -> Floats:
    columns = int(widths.max())
    made = np.zeros(len(widths) * columns)
    own = within(widths)
    made[np.repeat(np.arange(len(widths)) * columns, widths) + own] = chances[np.repeat(starts, widths) + own]
    return made.reshape(len(widths), columns)


def _trimmed(rows: Floats, sums: Ints, room: Ints) -> tuple[Counts, Ints]:
    """Without the ends that hold nothing, and without what lies at or above `room`."""
    n, columns = rows.shape
    filled = (np.cumsum(rows, axis=1) > _NOTHING, np.cumsum(rows[:, ::-1], axis=1) > _NOTHING)
    first = filled[0].argmax(axis=1)
    last = columns - 1 - filled[1].argmax(axis=1)
    widths = np.maximum(np.minimum(last + 1, room) - first, 1)
    chances = rows.ravel()[np.repeat(np.arange(n) * columns + first, widths) + within(widths)]
    chances[np.repeat(first >= room, widths)] = 0.0
    return Counts(chances, widths, sums), first
