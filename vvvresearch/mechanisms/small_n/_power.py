"""What a study of this size could have seen: exact power of Fisher's test, and the least difference it would find."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError

if TYPE_CHECKING:
    Bools = np.ndarray[Any, np.dtype[np.bool_]]

# Beyond this, every table is still counted but takes long; normal approximations are no better than a larger study.
_MOST_CASES = 400


@cache
def _rejections(n1: int, n2: int, alpha: float) -> Bools:
    """For every pair of counts whether Fisher's two-sided test rejects."""
    from scipy.stats import hypergeom

    rejected = np.zeros((n1 + 1, n2 + 1), dtype=bool)
    for total in range(n1 + n2 + 1):
        first = np.arange(max(0, total - n2), min(n1, total) + 1)
        chances = hypergeom.pmf(first, n1 + n2, n1, total)
        # Tables that are as probable as the observed one count too; the factor allows for rounding errors.
        p_values = np.asarray([chances[chances <= chance * (1 + 1e-7)].sum() for chance in chances])
        rejected[first, total - first] = p_values <= alpha + 1e-12
    return rejected


def power(p1: float, p2: float, n1: int, n2: int, alpha: float = 0.05) -> float:
    """The chance that Fisher's test rejects when the true shares are p1 and p2.

    Example:
        >>> round(power(0.9, 0.2, 10, 10), 3)
        0.841
    """
    from scipy.stats import binom

    if max(n1, n2) > _MOST_CASES:
        raise AnalysisError(f"{max(n1, n2)} cases in a group are too many to count out", todo="this is meant for small studies")
    first = binom.pmf(np.arange(n1 + 1), n1, p1)
    second = binom.pmf(np.arange(n2 + 1), n2, p2)
    return float(first @ _rejections(n1, n2, alpha) @ second)


def detectable_difference(base: float, n1: int, n2: int, alpha: float = 0.05, wanted: float = 0.8) -> tuple[float | None, float | None]:
    """The least fall and rise from a base share that would be found with the wanted power; None where even 0 or 1 is not.

    Args:
        base: share in the second group.
        n1, n2: sizes of the groups.
        alpha: significance level.
        wanted: power.

    Returns:
        (fall, rise) as positive differences in hundredths, rounded up.
    """
    found: list[float | None] = []
    start = int(np.floor(base * 100 + 1e-9))
    for path in (range(start, -1, -1), range(start + 1, 101)):
        hit = next((share / 100 for share in path if power(share / 100, base, n1, n2, alpha) >= wanted), None)
        found.append(None if hit is None else abs(hit - base))
    return found[0], found[1]
