"""Slips of the pen: two printed numbers that are alike but for one digit, two exchanged, or one dropped."""

from __future__ import annotations

import re
from functools import lru_cache


def is_slip(first: str, second: str) -> bool:
    """Whether one printed number may be the other with a slip: a digit changed, or two digits exchanged.

    Example:
        >>> is_slip("281", "261"), is_slip("37,2", "32,7"), is_slip("281", "216"), is_slip("28", "41")
        (True, True, False, False)
    """
    one, other = re.sub(r"\D", "", first), re.sub(r"\D", "", second)
    if len(one) != len(other) or one == other:
        return False
    differing = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return (len(differing) == 1 and len(one) > 1) or (len(differing) == 2 and sorted(one) == sorted(other))


@lru_cache(maxsize=100_000)
def surprise(first: str, second: str, *, rough: bool = True) -> float:
    """How seldom, in bits, two different numbers of these digits lie so near by chance; 0 where no slip makes one of the other.

    `rough`: whether numbers of the kind are told in round numbers, so that noughts at the end say nothing.

    Example:
        >>> surprise("281", "261"), surprise("372", "327"), surprise("37", "37"), surprise("281", "216")
        (5.0, 8.0, 0.0, 0.0)
    """
    if len(first) != len(second) or len(first) < 2 or first == second or not first.strip("0") or not second.strip("0"):
        return 0.0
    differing = [at for at, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    length = min(len(one.rstrip("0")) if rough else len(one) for one in (first, second))
    if len(differing) == 2 and sorted(first) == sorted(second):
        return {1: 0.0, 2: 6.5, 3: 8.0, 4: 10.0}.get(length, 11.0)
    if len(first) > 3 and sorted(first) == sorted(second):
        return 9.0
    if len(differing) == 1:
        return {1: 0.0, 2: 2.2, 3: 5.0, 4: 8.0}.get(length, 10.0)
    return 0.0
