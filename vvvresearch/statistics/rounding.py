"""Which counts and which bases a printed percentage can come from, decided in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil
from typing import Literal

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics._interval import whole_number

__all__ = [
    "Explanation",
    "PercentageVerdict",
    "SmallerBase",
    "SummedLevels",
    "SwappedDigits",
    "Truncation",
    "common_bases",
    "explain_percentage",
    "possible_counts",
    "printed_number",
    "summed_level_counts",
]

Rounding = Literal["half-up", "truncate"]


# A percentage with more digits than this, before or after its mark, is no printed figure.
_MOST_DIGITS = 15


def printed_number(value: object, where: str = "percent") -> Decimal:
    """A printed number as an exact decimal; "41,7 %" is 41.7, and a float is the shortest decimal that prints it."""
    words = str(value).replace("%", "").replace("\N{NO-BREAK SPACE}", " ").strip().replace(",", ".")
    try:
        number = Decimal(words)
    except InvalidOperation:
        raise AnalysisError(f"{value!r} is not a number", where=where, todo="write a percentage such as 41 or 41.7") from None
    if isinstance(value, bool) or not number.is_finite() or number.adjusted() > _MOST_DIGITS:
        raise AnalysisError(f"{value!r} is not a number", where=where, todo="write a percentage such as 41 or 41.7")
    return number


def _steps(percent: object, decimals: int) -> int:
    """The percentage in units of its last printed digit."""
    scaled = printed_number(percent).scaleb(decimals)
    if scaled != scaled.to_integral_value():
        raise AnalysisError(f"{percent} has more than {decimals} decimals", where="decimals", todo="say how many decimals are printed")
    return int(scaled)


def _base(n: object) -> int:
    base = whole_number(n, "n")
    if base < 1:
        raise AnalysisError("the base is empty, so no percentage can come from it", where=f"n = {base}")
    return base


def possible_counts(percent: object, n: int, decimals: int = 0, rounding: Rounding = "half-up") -> list[int]:
    """All k of 0 … n whose percentage is printed so.

    Args:
        percent: the printed percentage (41, 41.7 or "41,7 %").
        n: the printed base, at least 1.
        decimals: how many decimals are printed.
        rounding: "half-up", or "truncate" for digits cut off.

    Returns:
        The counts in order; an empty list says that the percentage cannot come from this base.

    Raises:
        AnalysisError: an empty base, a percentage that is no number or has more decimals than stated, an unknown rounding.

    Source:
        The idea of the GRIM test (Brown and Heathers 2017), decided in whole numbers: half up is floor(100·10^d·k/n + ½).

    Example:
        >>> possible_counts(56, 72), possible_counts(41, 72), possible_counts(41, 72, rounding="truncate")
        ([40], [], [30])
    """
    places = whole_number(decimals, "decimals")
    if not 0 <= places <= _MOST_DIGITS:
        raise AnalysisError(f"decimals lie between 0 and {_MOST_DIGITS}", where=f"decimals = {places}")
    base, steps = _base(n), _steps(percent, places)
    scale = 100 * 10**places
    if rounding == "half-up":
        # (2s−1)/2 ≤ scale·k/n < (2s+1)/2
        first, last = _ceiling((2 * steps - 1) * base, 2 * scale), _ceiling((2 * steps + 1) * base, 2 * scale) - 1
    elif rounding == "truncate":
        first, last = _ceiling(steps * base, scale), _ceiling((steps + 1) * base, scale) - 1
    else:
        raise AnalysisError(f"the rounding {rounding!r} is not known", where="rounding", todo='use "half-up" or "truncate"')
    return list(range(max(0, first), min(base, last) + 1))


def _ceiling(numerator: int, denominator: int) -> int:
    return -((-numerator) // denominator)


def _half_up_steps(k: int, n: int, scale: int) -> int:
    return (2 * scale * k + n) // (2 * n)


def summed_level_counts(percent: object, n: int, decimals: int = 0, levels: int = 2) -> list[int]:
    """All k that, split over `levels` answer levels rounded half up one by one, add up to the printed percentage.

    Args:
        percent: the printed percentage.
        n: the base.
        decimals: digits printed.
        levels: how many rounded levels were added, at least 2.

    Example:
        >>> summed_level_counts(91, 72)
        [65, 66]
    """
    base, steps = _base(n), _steps(percent, decimals)
    parts = whole_number(levels, "levels")
    if parts < 2:
        raise AnalysisError("at least two levels are added", where=f"levels = {parts}")
    scale = 100 * 10**decimals
    rounded = [_half_up_steps(k, base, scale) for k in range(base + 1)]
    # Each of the added levels can be half a step off, so only counts near the printed percentage come into question.
    near = [k for k in range(base + 1) if abs(rounded[k] - steps) <= parts]
    # reached[k]: every total that k answers give when split over all levels but the last.
    reached: list[set[int]] = [{value} for value in rounded]
    for _ in range(parts - 2):
        reached = [{total + rounded[k - part] for part in range(k + 1) for total in reached[part]} for k in range(base + 1)]
    return [k for k in near if any(steps - rounded[k - part] in reached[part] for part in range(k + 1))]


def common_bases(percents: Sequence[tuple[object, int]], n: int, smallest_share: float = 0.8) -> list[int]:
    """All bases from n−1 down to a share of n on which every given percentage is possible.

    Args:
        percents: (percentage, decimals) of each figure that should rest on one base.
        n: the printed base.
        smallest_share: where to stop, as a share of n.

    Example:
        >>> common_bases([(46, 0), (42, 0), (41, 0), (37, 0), (10, 0)], 72)
        [59, 71]
    """
    base = _base(n)
    if not 0 < smallest_share <= 1:
        raise AnalysisError("the smallest base is a share of the printed one", where=f"smallest_share = {smallest_share}")
    smallest = max(1, ceil(Fraction(str(smallest_share)) * base))
    return [size for size in range(smallest, base) if all(possible_counts(percent, size, places) for percent, places in percents)]


@dataclass(frozen=True)
class SmallerBase:
    """Hypothesis: some did not answer this item, so its base is smaller than the printed one."""

    bases: tuple[int, ...]


@dataclass(frozen=True)
class Truncation:
    """Hypothesis: the digits were cut off instead of rounded."""

    counts: tuple[int, ...]


@dataclass(frozen=True)
class SummedLevels:
    """Hypothesis: answer levels were rounded one by one and then added."""

    counts: tuple[int, ...]
    levels: int


@dataclass(frozen=True)
class SwappedDigits:
    """Hypothesis: a slip in typing; with its digits swapped the percentage is possible."""

    percent: Decimal
    counts: tuple[int, ...]


Explanation = SmallerBase | Truncation | SummedLevels | SwappedDigits


@dataclass(frozen=True)
class PercentageVerdict:
    """What the printed base allows, and what would explain a percentage that it does not allow.

    Args:
        counts: the counts that give the percentage on the printed base.
        possible: whether there are any.
        explanations: hypotheses, empty when the percentage is possible.
        nearest: the printed percentages just below and above that the base does allow, each with its count.
    """

    counts: tuple[int, ...]
    possible: bool
    explanations: tuple[Explanation, ...]
    nearest: tuple[tuple[Decimal, int], ...]


def explain_percentage(
    percent: object, n: int, decimals: int = 0, *, levels: int | None = None, smallest_share: float = 0.8
) -> PercentageVerdict:
    """Whether a printed percentage can come from its printed base and, if not, what would explain it.

    Args:
        percent: the printed percentage.
        n: the printed base.
        decimals: digits printed.
        levels: how many answer levels the figure adds; 1 rules the explanation out, None leaves it open with two levels.
        smallest_share: smaller bases are tried down to this share of n.

    Returns:
        PercentageVerdict. An explanation is a hypothesis: it would give the printed figure, it is not shown to have happened.

    Example:
        >>> verdict = explain_percentage(47, 40)
        >>> verdict.possible, verdict.explanations[-1]
        (False, Truncation(counts=(19,)))
    """
    counts = tuple(possible_counts(percent, n, decimals))
    if counts:
        return PercentageVerdict(counts, True, (), ())
    found: list[Explanation] = []
    if bases := common_bases([(percent, decimals)], n, smallest_share):
        found.append(SmallerBase(tuple(bases)))
    if levels is None or levels >= 2:
        parts = levels or 2
        if summed := summed_level_counts(percent, n, decimals, parts):
            found.append(SummedLevels(tuple(summed), parts))
    if cut := possible_counts(percent, n, decimals, "truncate"):
        found.append(Truncation(tuple(cut)))
    if swapped := _swapped(percent, n, decimals):
        found.append(swapped)
    return PercentageVerdict((), False, tuple(found), _nearest(percent, n, decimals))


def _swapped(percent: object, n: int, decimals: int) -> SwappedDigits | None:
    steps = _steps(percent, decimals)
    digits = str(steps)
    if steps < 10 or len(digits) != 2 + decimals or digits == digits[::-1]:
        return None
    other = Decimal(int(digits[1] + digits[0] + digits[2:])).scaleb(-decimals)
    counts = possible_counts(other, n, decimals)
    return SwappedDigits(other, tuple(counts)) if counts else None


def _nearest(percent: object, n: int, decimals: int) -> tuple[tuple[Decimal, int], ...]:
    scale = 100 * 10**decimals
    exact = Fraction(_steps(percent, decimals) * n, scale)
    around = sorted({min(n, max(0, int(exact))), min(n, max(0, int(exact) + 1))})
    return tuple((Decimal(_half_up_steps(k, n, scale)).scaleb(-decimals), k) for k in around)
