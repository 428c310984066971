"""Slips of the pen: two printed numbers that are alike but for one digit, two exchanged, or one dropped."""

from __future__ import annotations

import re


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
