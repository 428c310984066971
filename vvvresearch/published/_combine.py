"""Putting together what several rounds published, so that one's retelling meets the other's original."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Published
from vvvresearch.kinds import combined_kind

_KEYS = {
    "documents": ["document"],
    "figures": ["figure"],
    "values": ["figure", "key"],
    "facts": ["fact"],
    "mentions": ["mention"],
    "places": [],
}


def combine_published(parts: Sequence[Published]) -> Published:
    """One set of published numbers from several.

    Args:
        parts: at least one.

    Returns:
        Published, with the rows of all parts.

    Raises:
        AnalysisError: nothing is given, or an id stands in two parts.

    Example:
        >>> import vvvresearch as vvv
        >>> both = [vvv.open_round(name).published for name in ("2019-final", "2021-note")]
        >>> combined = combine_published(both)
        >>> len(combined.figures) == sum(len(one.figures) for one in both)
        True
    """
    if not parts:
        raise AnalysisError("nothing was published, so nothing can be put together")
    tables = {}
    for name, keys in _KEYS.items():
        frames = [getattr(part, name) for part in parts]
        table = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
        if keys and table.duplicated(keys).any():
            double = table.loc[table.duplicated(keys), keys[-1]].iloc[0]
            raise AnalysisError(f"{double!r} stands in two of the sources", where=name, todo="give every figure and fact an id of its own")
        tables[name] = table
    return Published(**tables, kind=combined_kind(part.kind for part in parts), origin=", ".join(part.origin for part in parts))
