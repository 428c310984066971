"""Which rows of a settled file stay, and why the others do not."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from vvvresearch.evidence import BEFORE_THE_START, DAY_UNKNOWN, END_DAY
from vvvresearch.intake._coding_tables import LOOPS, MARKS, WITHHELD, rows_left_out
from vvvresearch.intake._column_words import DROPPED, UNHELD, dropped_rows, is_dropped
from vvvresearch.intake._date_columns import AS_OF, BEFORE, planned_ends, planned_rows
from vvvresearch.intake._fold import fold
from vvvresearch.intake._match_rows import (
    BACKWARDS,
    CONTINUES,
    ONE_NUMBER,
    UNBEGUN,
    UNENDED,
    UNSTARTED,
    backward_rows,
    never_rows,
    rows_of_one_number,
    unended_rows,
    unstarted_rows,
    with_reopened,
)
from vvvresearch.intake._meaning import UNREGISTERED
from vvvresearch.intake._settle import LEFT_OUT, Settled
from vvvresearch.intake._table import Table, equal_rows
from vvvresearch.intake._words import TableKind

if TYPE_CHECKING:
    import pandas as pd


def _of_one_number(frame: pd.DataFrame, table: Table, again: list[int], way: str) -> list[tuple[int, str, str]]:
    """Matches that were given one number: each with a number of its own, or the rows that give way to the first or the last of them."""
    of_number: dict[str, list[int]] = {}
    for row in again:
        of_number.setdefault(frame["match"].iloc[row], []).append(row)
    if way == "two":
        numbers = list(frame["match"])
        for number, rows in of_number.items():
            for turn, row in enumerate(rows[1:], start=2):
                numbers[row] = f"{number} ({turn})"
        frame["match"] = numbers
        return []
    kept = {rows[0] if way == "first" else rows[-1] for rows in of_number.values()}
    return [(table.lines[row], "two rows of one number", f"the {way} one was chosen") for row in again if row not in kept]


def without_left_rows(frame: pd.DataFrame, table: Table, kind: TableKind, settled: Settled) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that stay, and a log of those that were left out.

    Args:
        frame: the table as our readers take it; its index is the row of the file.
        table: as it stands in the file.
        kind: what it is.
        settled: what is decided about it.
    """
    import pandas as pd

    gone = equal_rows(table) if "doubled_rows" in settled.decisions else []
    if settled.decisions.get(WITHHELD) == "left-out":
        whose, *names = settled.this_file.get(WITHHELD, "").split(" | ")
        persons = next((one.texts for one in table.columns if settled.roles().get(one.id) == whose), ("",) * len(table))
        gone += [(line, "consent", "withheld on another sheet") for line, who in zip(table.lines, persons, strict=True) if who in names]
    if settled.decisions.get(LOOPS) == "left-out":
        rows = zip(table.lines, frame["cause"], frame["effect"], strict=True)
        gone += [(line, "cause and effect", "a factor does not lead to itself") for line, one, other in rows if fold(one) == fold(other)]
    answered = str(settled.decisions[AS_OF]) if settled.why.get(AS_OF) == "answer" else ""
    if (day := settled.this_file.get("planned") or answered) and kind.type == "matches":
        columns = {role: column for column in table.columns if (role := settled.roles().get(column.id))}
        ended = [columns[name].texts for name in ("end", "reason", "reason_class") if name in columns]
        month_first = settled.decisions.get(f"dates.{columns['start'].id}") == "month"
        lines = planned_rows(columns["start"], ended, table, datetime.date.fromisoformat(day), month_first=month_first)
        if columns.keys() & BEFORE_THE_START:
            # Who was referred counts as that, and has not begun.
            frame.loc[frame.index.isin(lines), "start"] = ""
        else:
            gone += [(line, "planned start", f"begins after {day}") for line in lines if line not in {one for one, _, _ in gone}]
    if kind.name == "mappings" and "direction" in frame:
        # A link of which it was answered that it neither promotes nor hinders is none that a map can draw.
        said = next((column.texts for column in table.columns if settled.roles().get(column.id) == "direction"), ("",) * len(frame))
        rows = zip(table.lines, said, frame["direction"], strict=True)
        gone += [(line, f"direction: {cell}", "left out as answered") for line, cell, meant in rows if cell and not meant]
    gone += rows_left_out(table, settled)
    if settled.decisions.get(UNREGISTERED) == "left-out":
        names = settled.this_file.get(UNREGISTERED, "").split(" | ")
        pairs = zip(table.lines, frame["source"], strict=True)
        gone += [(line, "transcript of no register", "left out as answered") for line, source in pairs if source in names]
    if settled.decisions.get(MARKS):
        rows = zip(table.lines, table.columns[2].texts, frame["stance"], strict=True)
        gone += [(line, f"mark: {cell}", "no coding, as answered") for line, cell, meant in rows if not meant]
    if settled.decisions.get(DROPPED) == "left-out":
        pairs = zip(table.lines, frame["memo"], strict=True)
        gone += [(line, "comment", "left out as answered") for line, memo in pairs if is_dropped(memo)]
    if kind.type == "matches":
        ends = list(frame["end"]) if "end" in frame else [""] * len(frame)
        if settled.decisions.get(UNBEGUN) == "left-out":
            gone += [(table.lines[row], f"state: {said}", "never began, as answered") for row, said in never_rows(table) if not ends[row]]
        if (way := settled.decisions.get(ONE_NUMBER)) and (again := rows_of_one_number(list(frame["match"]), table)):
            gone += _of_one_number(frame, table, again, str(way))
        over = unended_rows(table, list(frame["reason"]) if "reason" in frame else (), ends)
        if settled.decisions.get(UNENDED) == "left-out":
            gone += [(table.lines[row], "ended without a day", "left out as answered") for row in over]
        if settled.decisions.get(UNSTARTED) == "left-out":
            # A day that cannot be read is one.
            by_role = {settled.roles().get(column.id): column.texts for column in table.columns}
            written = by_role["start"], by_role.get("end", ("",) * len(table))
            gone += [(table.lines[row], "no start", "never began") for row in unstarted_rows(*written)]
        turned = backward_rows(list(frame["start"]), ends) if "start" in frame and BACKWARDS in settled.decisions else []
        if settled.decisions.get(BACKWARDS) == "left-out":
            gone += [(table.lines[row], "ends before it starts", "left out as answered") for row in turned]
        some_day = {
            row for name, rows in ((UNENDED, over), (BACKWARDS, turned)) if settled.decisions.get(name) == "day-unknown" for row in rows
        }
        if some_day:
            frame["end"] = ["" if row in some_day else cell for row, cell in enumerate(ends)]
            frame[END_DAY] = [DAY_UNKNOWN if row in some_day else "" for row in range(len(frame))]
        open_rows = over if settled.decisions.get(UNENDED) == "going-on" else []
        if day := settled.this_file.get("going_on") or answered:
            open_rows = [*open_rows, *planned_ends(ends, datetime.date.fromisoformat(day))]
        for name in ("end", "reason", "reason_class"):
            if name in frame:
                frame[name] = [("" if row in open_rows else cell) for row, cell in enumerate(frame[name])]
        if (column := str(settled.decisions.get(CONTINUES, LEFT_OUT))) != LEFT_OUT:
            gone += with_reopened(frame, table, column, [line for line, _, _ in gone])
        if settled.decisions.get(BEFORE) == "left-out":
            first, out = settled.this_file.get(BEFORE, ""), {line for line, _, _ in gone}
            over = [line for line, end in zip(map(int, frame.index), frame["end"], strict=True) if end and end < first and line not in out]
            gone += [(line, "ended before the period", "left out as answered") for line in over]
    if UNHELD in settled.decisions:
        held = (frame[[name for name in ("month", "consent_analysis", "mode") if name in frame]] != "").any(axis=1)
        empty = {
            *map(int, frame.index[~held]),
            *(table.lines[row] for row in (*(row for row, _ in never_rows(table)), *dropped_rows(table))),
        }
        gone += [(line, "interview without date and consent, or cancelled", "not held") for line in sorted(empty)]
    for code, keep in settled.starting("doubles.").items():
        lines = [int(line) for line, own in zip(frame.index, frame["municipality"], strict=True) if own == code]
        kept = lines[0] if keep == "first" else lines[-1]
        gone += [(line, "double municipality", f"row {kept} was chosen") for line in lines if line != kept]
    log = pd.DataFrame(gone, columns=["row", "what", "why"])
    return frame.drop(index=list(dict.fromkeys(log["row"]))), log
