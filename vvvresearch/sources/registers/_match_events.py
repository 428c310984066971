"""A log of events as a register of matches: one row an event becomes one row a match, and nothing is counted twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import Failure
from vvvresearch.sources.registers._tables import TableFile, TypedTable, empty_cells, read_declared, unknown_words

if TYPE_CHECKING:
    import pandas as pd

EVENTS = ("offered", "accepted", "started", "ended")
_NEEDED = ("match", "event", "date")
# What a match's end says, and nothing else of it.
_OF_THE_END = ("reason", "reason_class")


def is_event_log(names: Sequence[str]) -> bool:
    """Whether a table has a row an event, by its headings."""
    return {"event", "date"} <= set(names) and "start" not in names


def matches_of_events(path: TableFile) -> tuple[TypedTable, list[Failure]]:
    """The register of matches that a log of events tells, and what is wrong in the log itself.

    Args:
        path: CSV or XLSX: match, event (one of `EVENTS`), date, and what is known of the match in any of its rows.

    Returns:
        One row a match: match, start, end, reason, municipality, whatever else its rows say, and the days of an offer and of its
        acceptance where the log has such events; the index is the row of its end, else of its first event. And a failure for each
        event that is unknown, stands twice, comes without a date, or says otherwise of the match than another.
    """
    frame = read_declared(path, _NEEDED, ("municipality", "reason"), further=True)
    failures = empty_cells(frame, _NEEDED) + unknown_words(frame, "event", EVENTS, empty=True)
    known: dict[str, dict[str, str]] = {}
    lines: dict[str, int] = {}
    for line, row in zip(map(int, frame.index), frame.to_dict("records"), strict=True):
        match, event = row["match"], row["event"]
        if not match or event not in EVENTS:
            continue
        own = known.setdefault(match, {"match": match})
        lines.setdefault(match, line)
        if event in own:
            failures.append(Failure(line, "event", event, "the event stands twice for this match"))
            continue
        own[event] = row["date"]
        if event == "ended":
            lines[match] = line
        elif row["reason"] or row.get("reason_class"):
            failures.append(Failure(line, "reason", "", "a reason belongs to the end of a match"))
        failures += _taken(own, row, line, event)
    table = _register(known, lines, [str(name) for name in frame.columns if name not in _NEEDED])
    return TypedTable(table, Path(str(path))), failures


def _taken(own: dict[str, str], row: Mapping[Any, str], line: int, event: str) -> list[Failure]:
    """Take what a row says of its match; what contradicts an earlier row is told by its column, not by its words."""
    failures = []
    for name, cell in row.items():
        if name in _NEEDED or not cell or (name in _OF_THE_END and event != "ended"):
            continue
        if own.setdefault(name, cell) != cell:
            failures.append(Failure(line, name, "", "an earlier event of this match says otherwise"))
    return failures


def _register(known: dict[str, dict[str, str]], lines: dict[str, int], further: list[str]) -> pd.DataFrame:
    import pandas as pd

    before = [name for name in ("offered", "accepted") if any(name in own for own in known.values())]
    names = {"match": "match", "start": "started", "end": "ended", **{name: name for name in (*before, *further)}}
    cells = {column: [own.get(name, "") for own in known.values()] for column, name in names.items()}
    return pd.DataFrame(cells, index=pd.Index([lines[match] for match in known], name="line"), dtype=object)


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
