"""Matches of one person at a time."""

from __future__ import annotations

from collections.abc import Sequence

_OPEN = "9999-12-31"


def begun_at_once(matches: Sequence[str], persons: Sequence[str], starts: Sequence[str], ends: Sequence[str]) -> list[int]:
    """Which matches begin while an earlier one of the same person lasts; what stands twice, or ends before it starts, is passed over.

    Args:
        matches: ids.
        persons: ids, "" where there is none.
        starts, ends: ISO days, "" where there is none; a match without an end lasts.

    Returns:
        Their places, by person and start.

    Example:
        >>> begun_at_once(["a", "b", "c"], ["V1"] * 3, ["2023-01-01", "2023-05-01", "2023-06-01"], ["2023-06-01", "2023-05-20", ""])
        [1]
    """
    first: dict[str, int] = {}
    for place, match in enumerate(matches):
        first.setdefault(match, place)
    usable = sorted(
        (person, start, end or _OPEN, place)
        for place, (match, person, start, end) in enumerate(zip(matches, persons, starts, ends, strict=True))
        if person and start and (not end or end >= start) and first[match] == place
    )
    found = []
    last: dict[str, str] = {}
    for person, start, end, place in usable:
        if start < last.get(person, ""):
            found.append(place)
        last[person] = max(end, last.get(person, ""))
    return found
