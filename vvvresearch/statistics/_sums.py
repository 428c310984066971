"""Sums of independent amounts: the tails of many sums at once, from the generating functions of what is added."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Complex = NDArray[np.complex128]

__all__ = ["Amounts", "Sums", "within"]

# Frequencies are left out once the generating function there is proven to be below e to the power of minus this: no tail is off by .0001.
_SMOOTH = 9.5
# A sum lies outside the values that are told apart with a probability below e to the power of minus this.
_OUTSIDE = 18.0
# Knots that are followed together, and frequencies of each, so that they stay in the processor's cache.
_TOGETHER, _BLOCK = 1_500, 64
# Sums of so few values are counted out without any loss.
_FEW = 256
# Slopes whose lengths differ by less than this factor are as long as each other in proofs.
_FACTOR = 1.4


def within(sizes: Ints) -> Ints:
    """0, 1, 2, … within each of the stretches of these sizes.

    Example:
        >>> within(np.array([2, 3])).tolist()
        [0, 1, 0, 1, 2]
    """
    return np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)


@dataclass(frozen=True)
class Amounts:
    """Distributions of independent whole amounts, each given by the knots of a line that says which amounts occur.

    A line that stays at v for m places has m v's; one that climbs from v to w has v, v + 1, …, w, half of the first and half of the last.
    So an amount's generating function is the sum over its knots of z to the power of v × (flat + climb × (z + 1) / (2 z − 2)).

    Args:
        part: the amount that each knot belongs to, in order; every amount has one.
        value: of the line at the knot.
        flat: the chance of the value at the knot.
        climb: the chance of a place, once for each side on which the line lies below the knot, minus one for each where it lies above.
        steep: by how much the line changes from one place to the next; 1 is the usual case.
        sums: the sum that each amount belongs to, 0 … S − 1, in order.
        slope_part, slope_chance, slope_length: of every slope the amount it belongs to, the chance to be on it, and its places.
    """

    part: Ints
    value: Ints
    flat: Floats
    climb: Floats
    steep: Ints
    sums: Ints
    slope_part: Ints
    slope_chance: Floats
    slope_length: Ints

    @classmethod
    def joined(cls, lots: list[Amounts]) -> Amounts:
        """All amounts of several lots, of which each has later sums than those before."""
        made = {one.name: np.concatenate([getattr(lot, one.name) for lot in lots]) for one in fields(cls)}
        shift = np.cumsum([0, *(len(lot.sums) for lot in lots)])[:-1]
        for name in ("part", "slope_part"):
            made[name] += np.repeat(shift, [len(getattr(lot, name)) for lot in lots])
        return cls(**made)

    def moments(self) -> tuple[Floats, Floats, Ints]:
        """Mean, mean square and largest value of each amount."""
        n, v, s = len(self.sums), self.value.astype(np.float64), self.steep
        amounts = self.flat * v + self.climb * v * v / (2 * s)
        squares = self.flat * v * v + self.climb * (v**3 / (3 * s) + s * v / 6)
        mean, square = (np.bincount(self.part, each, minlength=n).astype(np.float64) for each in (amounts, squares))
        most = np.zeros(n, dtype=np.int64)
        np.maximum.at(most, self.part, self.value)
        return mean, square, most


class Sums:
    """Sums of independent amounts.

    Args:
        amounts: what is added, and to which sum.
        n: how many sums there are; one without amounts is 0 for certain.

    Attributes:
        mean: of each sum.
        most: its largest value.
    """

    def __init__(self, amounts: Amounts, n: int) -> None:
        self._amounts = amounts
        mean, square, largest = amounts.moments()
        self.mean, squares, variance = (
            np.bincount(amounts.sums, each, minlength=n).astype(np.float64) for each in (mean, square, np.maximum(square - mean**2, 0))
        )
        self.most = np.bincount(amounts.sums, largest, minlength=n).astype(np.int64)
        widest = np.zeros(n)
        np.maximum.at(widest, amounts.sums, largest)
        # Bernstein's inequality above the mean, and its form for amounts that are never negative below it.
        third = widest * _OUTSIDE / 3
        self._high = np.minimum(np.ceil(self.mean + third + np.sqrt(third**2 + 2 * variance * _OUTSIDE)), self.most).astype(np.int64)
        self._low = np.maximum(np.floor(self.mean - np.sqrt(2 * squares * _OUTSIDE)), 0).astype(np.int64)

    def at_least(self, observed: Ints) -> Floats:
        """P(sum ≥ observed) of each sum: right to about 1e-12 where it has few values, else to 1e-7, and to .0001 where a sum is so
        smooth that frequencies are left out."""
        x = np.maximum(observed, 1)
        period = _even(np.maximum(self._high - x + 1, x - self._low))
        counts = _frequencies(self._amounts, period)
        # Only what is below is followed: on a smaller circle what is above vanishes.
        narrow = (counts == period // 2) & (counts > _FEW) & (_even(x) < period)
        period = np.where(narrow, _even(x), period)
        counts = np.where(narrow, period // 2, counts)
        radius = np.where(narrow, np.exp(-_OUTSIDE / period), 1.0)
        below = np.where(narrow, 0.0, 0.5) + 2 / period * radius ** (1 - x) * _turned(self._amounts, period, counts, radius, x)
        return np.where(observed > self.most, 0.0, np.where(observed <= 0, 1.0, np.clip(np.round(1 - below, 14), 0.0, 1.0)))


def _even(periods: Ints) -> Ints:
    """Periods at whose odd frequencies no slope looks flat."""
    return -(-np.maximum(periods, 1) // 16) * 16


def _frequencies(amounts: Amounts, period: Ints) -> Ints:
    """How many frequencies each sum needs."""
    n, full = len(period), period // 2
    length = np.floor(np.log(np.maximum(amounts.slope_length, 1)) / np.log(_FACTOR)).astype(np.int64)
    wide = int(length.max(initial=0)) + 1
    chance = np.bincount(amounts.sums[amounts.slope_part] * wide + length, amounts.slope_chance, minlength=n * wide).reshape(n, wide)
    found, asked, lengths = full.copy(), 8, _FACTOR ** np.arange(wide)
    while len(still := np.flatnonzero((found == full) & (asked < full))):
        x = np.pi * (asked + 0.5) / period[still, None] * lengths
        # |sin x / x| is at most 1 − (x/π)² up to π, and 1/x anywhere.
        lost = np.where(x < np.pi, np.minimum((x / np.pi) ** 2, 1 - 1 / np.pi), 1 - 1 / np.maximum(x, 1))
        found[still[(chance[still] * lost).sum(axis=1) > _SMOOTH]] = asked
        asked += asked // 8
    return found


def _turned(amounts: Amounts, period: Ints, counts: Ints, radius: Floats, x: Ints) -> Floats:
    """Of each sum the real part of its generating function at the odd frequencies, over 1 − z and turned back to the values below x."""
    made = np.zeros(len(period))
    present, first = np.unique(amounts.sums, return_index=True)
    parts = np.diff(np.append(first, len(amounts.sums)))
    knot = np.searchsorted(amounts.part, np.append(first, len(amounts.sums)))
    # Sums that need as many frequencies are followed together.
    order = np.argsort(counts[present], kind="stable")
    lot = np.cumsum(np.diff(knot)[order]) // _TOGETHER
    for chosen in np.split(order, np.flatnonzero(np.diff(lot)) + 1):
        if not len(chosen):
            continue
        sums = present[chosen]
        own = np.repeat(first[chosen], parts[chosen]) + within(parts[chosen])
        for j, waves in _followed(amounts, own, parts[chosen], period[sums], radius[sums], int(counts[sums].max())):
            angle = np.pi * (2 * j + 1) / period[sums, None]
            each = waves * np.exp(-1j * angle * (x[sums, None] - 1)) / (1 - radius[sums, None] * np.exp(1j * angle))
            made[sums] += np.where(j < counts[sums, None], each.real, 0.0).sum(axis=1)
    return made


def _followed(amounts: Amounts, parts: Ints, sizes: Ints, period: Ints, radius: Floats, most: int) -> Iterator[tuple[Ints, Complex]]:
    """The generating functions of some sums of so many parts each, some frequencies at a time: sums × frequencies."""
    from scipy.sparse import csr_array

    begin, end = (np.searchsorted(amounts.part, parts, side) for side in ("left", "right"))
    # The first knot is that of 0, which never turns.
    begin, zero = begin + 1, begin
    pointers = np.concatenate([[0], np.cumsum(end - begin)])
    knots = np.repeat(begin, end - begin) + within(end - begin)
    base = np.log(radius) + 1j * np.pi / period
    here, steep = np.repeat(np.repeat(base, sizes), end - begin), amounts.steep[knots]
    flat, usual, rare = (
        csr_array(
            (np.where(chosen, chance, 0).astype(np.complex128), np.arange(len(knots)), pointers.copy()), shape=(len(parts), len(knots))
        )
        for chosen, chance in ((True, amounts.flat[knots]), (steep == 1, amounts.climb[knots]), (steep > 1, amounts.climb[knots]))
    )
    rare.eliminate_zeros()
    own = np.unique(rare.indices)
    starts = np.cumsum(sizes) - sizes
    turn = np.exp(2j * here.imag * amounts.value[knots])[:, None]
    block = np.exp(here * amounts.value[knots])[:, None]
    while block.shape[1] < min(_BLOCK, most):
        block, turn = np.hstack([block, block * turn]), turn * turn
    for at in range(0, most, block.shape[1]):
        j = np.arange(at, min(at + block.shape[1], most))
        now = block[:, : len(j)]
        wave = usual @ now
        wave += amounts.climb[zero][:, None]
        wave *= np.repeat(_climbing(base[:, None], j), sizes, axis=0)
        wave += flat @ now
        wave += amounts.flat[zero][:, None]
        if len(own):
            turned = np.zeros_like(now)
            turned[own] = now[own] * _climbing(here[own, None], j, steep[own, None])
            wave += rare @ turned
        yield j, np.multiply.reduceat(wave, starts, axis=0)
        if at + block.shape[1] < most:
            block = block * turn


def _climbing(base: Complex, j: Ints, steep: Ints | int = 1) -> Complex:
    """½ (z + 1) / (z − 1) at z to the power of `steep`."""
    z = np.exp(steep * (base.real + 1j * base.imag * (2 * j + 1)))
    found: Complex = (z + 1) / (2 * (z - 1))
    return found
