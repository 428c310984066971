"""One table of the results of several parts."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from vvvresearch.locales import Joined, Phrase, has_words
from vvvresearch.results._cell import TOTAL
from vvvresearch.results._columns import Column, Labels
from vvvresearch.results._result import Result


def by_column(column: str, parts: Mapping[str, Result], whole: Result) -> Result:
    """The results of parts one below the other, the whole last, each with its own base.

    Its numbers have no addresses, which would be those of the whole; a part that has no answer is told in the note.

    Args:
        column: what tells the parts apart; the first key of the table.
        parts: by the value of the column.
        whole: the result of all of them.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.results import Base
        >>> made = {name: Result(frame=pd.DataFrame({"n": [n]}), base=Base(n)) for name, n in (("RC", 2), ("DRC", 3), ("all", 5))}
        >>> whole = made.pop("all")
        >>> by_column("organisation", made, whole).frame.values.tolist()
        [['RC', 2], ['DRC', 3], ['total', 5]]
    """
    import pandas as pd

    told = {name: one for name, one in {**parts, TOTAL: whole}.items() if not one.absent}
    frames = [one.frame.assign(**{column: name}) for name, one in told.items()]
    names = [column, *(str(name) for name in whole.frame if name != column)]
    without = (Joined((name, one.absent), ": ") for name, one in parts.items() if one.absent)
    words = "groups" if column == "respondent_group" else "attributes"
    heading = Phrase(f"sample.{column}") if has_words(f"sample.{column}") else column
    own = {one.name: getattr(whole, one.name) for one in dataclasses.fields(Result)}
    changed: dict[str, Any] = {
        "frame": pd.concat(frames, ignore_index=True)[names],
        "shows": (Column(column, heading), *(whole.shows or tuple(map(Column, names[1:])))),
        "labels": {**whole.labels, column: Labels({TOTAL: Phrase("groups.total")}, table=words)},
        "keys": (column, *whole.keys),
        "bases": {(name, *key): base for name, one in told.items() for key, base in (one.bases or {(): one.base}).items()},
        "base_on": (column, *whole.base_on),
        "notes": (*whole.notes, Phrase("exploring.parted_note", {"column": column}), *without),
        "at": "",
        "totals": {},
        "parts": {},
        "pictures": {},
        "categories": {},
        "made": None,
    }
    # What a result of its own kind can do besides, it could do of the whole alone.
    return Result(**{**own, **changed})
