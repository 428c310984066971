"""Two matches of one person at a time: whether that may be, only those who run the programme know."""

from __future__ import annotations

from collections.abc import Mapping

from vvvresearch.intake._date_columns import days_of
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._table import Column, Table
from vvvresearch.locales import text
from vvvresearch.sources import begun_at_once

# The decision, and the field of the source that it becomes.
OVERLAPS = "overlaps"


def ask_at_once(draft: Draft, found: Mapping[str, Column], table: Table) -> None:
    """Ask whether a person may have several matches at a time, where the register has such.

    Args:
        draft: of the register; its order of days is decided or proposed already.
        found: role → column.
        table: the register.
    """
    if "start" not in found:
        return
    starts = days_of(draft, found["start"])
    ends = days_of(draft, found["end"]) if "end" in found else [""] * len(starts)
    ids = found["match"].texts if "match" in found else [str(place) for place in range(len(starts))]
    rows = {place for half in ("refugee", "volunteer") if half in found for place in begun_at_once(ids, found[half].texts, starts, ends)}
    # What stands twice is left out, and no second match.
    twice = {line for line, _ in table.repeated()}
    rows = {place for place in rows if table.lines[place] not in twice}
    if rows:
        choices = (("allowed", text("intake.at_once_allowed", draft.lang)), ("fault", text("intake.at_once_fault", draft.lang)))
        shown = ", ".join(str(table.lines[place]) for place in sorted(rows)[:12]) + (" …" if len(rows) > 12 else "")
        draft.ask(Question(OVERLAPS, "choose", text("intake.ask_at_once", draft.lang, count=len(rows), rows=shown), choices))
