"""The interval every interval function returns, and the checks its arguments share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from numbers import Real
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# No count of people, matches or characters is larger, and no number whose square can still be told.
_LARGEST = 10**12
_SQUARED = 1e150


@dataclass(frozen=True)
class Interval:
    """Two limits with the method and the level they belong to; unpacks as `lower, upper`.

    Args:
        lower, upper: the limits (proportions 0–1, or differences −1–1).
        method: how they were found.
        level: confidence level; 1.0 for bounds that hold with certainty.
        estimate: the point estimate, where there is one.
        lower_count, upper_count: the limits as counts of the population, where it is finite and known.

    Example:
        >>> lower, upper = Interval(0.25, 0.75, "wilson", 0.95)
        >>> lower
        0.25
    """

    lower: float
    upper: float
    method: str
    level: float
    estimate: float | None = None
    lower_count: int | None = None
    upper_count: int | None = None

    def __iter__(self) -> Iterator[float]:
        return iter((self.lower, self.upper))

    def __len__(self) -> int:
        return 2

    def __getitem__(self, place: int) -> float:
        return (self.lower, self.upper)[place]

    def __contains__(self, value: object) -> bool:
        return isinstance(value, Real) and self.lower <= float(value) <= self.upper


def whole_number(value: object, name: str) -> int:
    """The value as an int, or one error that names the argument. 40.0 passes, since pandas often makes it of 40."""
    number = float(value) if isinstance(value, Real) else math.nan
    if not math.isfinite(number) or number != math.floor(number):
        raise AnalysisError(f"{name} must be a whole number, not {value!r}", where=name, todo="give counts, not percentages or weights")
    if abs(number) > _LARGEST:
        raise AnalysisError(f"{value!r} is larger than anything that can be counted", where=name)
    return int(number)


def whole_numbers(values: object, name: str) -> list[int]:
    """The values as ints, or one error that names the argument."""
    return [whole_number(value, name) for value in several(values, name)]


def several(values: object, name: str) -> list[object]:
    """The values as a list, or one error that names the argument: a single number or a text is not several values."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise AnalysisError(f"{name} must be several values, not {values!r}", where=name, todo="give a list or a column")
    return list(values)


def numbers_of(values: object, name: str, dimensions: int = 1) -> NDArray[np.float64]:
    """The values as an array of numbers (with so many dimensions), or one error that names the argument."""
    import numpy as np

    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.zeros(())
    if found.ndim != dimensions:
        shape = "a list of numbers" if dimensions == 1 else "a table of numbers"
        raise AnalysisError(f"{name} must be {shape}", where=name, todo="words and empty places are left out first")
    if (np.isfinite(found) & (np.abs(found) > _SQUARED)).any():
        raise AnalysisError(f"{name} holds numbers that are too large to be added up", where=name, todo="count in larger units")
    return found


def places_of(values: object, name: str, dimensions: int = 1, *, most: int = _LARGEST) -> NDArray[np.int64]:
    """The values as an array of whole numbers from 0 to `most`, or one error that names the argument."""
    import numpy as np

    found = numbers_of(values, name, dimensions)
    if not ((found >= 0) & (found <= most) & (found == np.floor(found))).all():
        raise AnalysisError(f"{name} must be whole numbers from 0 to {most}", where=name, todo="leave out what is missing")
    return found.astype(np.int64)


def counts_of(x: object, n: object, *, suffix: str = "") -> tuple[int, int]:
    """A count and its base, checked: 0 ≤ x ≤ n and n ≥ 1."""
    count, base = whole_number(x, f"x{suffix}"), whole_number(n, f"n{suffix}")
    if base < 1:
        raise AnalysisError(
            "the base is empty, so there is no proportion", where=f"n{suffix} = {base}", todo="leave out items that nobody answered"
        )
    if not 0 <= count <= base:
        raise AnalysisError(f"{count} of {base} is no proportion", where=f"x{suffix}, n{suffix}", why="a count lies between 0 and its base")
    return count, base


def population_of(population: object, n: int, *, name: str = "population") -> int:
    """The size of the frame, checked to hold the answers."""
    size = whole_number(population, name)
    if size < n:
        raise AnalysisError(
            f"the population ({size}) is smaller than the number of answers ({n})",
            where=name,
            todo="give the size of the frame the answers come from, or leave it out",
        )
    return size


def alpha_of(level: object) -> float:
    """1 − level, checked to be a share between 0 and 1."""
    if not isinstance(level, Real) or not 0 < float(level) < 1:
        raise AnalysisError(f"the level must lie between 0 and 1, not {level!r}", where="level", todo="write 0.95 for 95 %")
    return 1 - float(level)


def exact_tail(level: float) -> Fraction:
    """(1 − level) / 2 as the fraction that was meant: 0.95 gives 1/40, not its binary neighbour."""
    return (1 - Fraction(str(float(level)))) / 2


def z_of(level: float) -> float:
    """The two-sided normal quantile of a level."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(1 - alpha_of(level) / 2)
