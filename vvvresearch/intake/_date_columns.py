"""Columns of dates: which number is the day, years that are missing, days that a spreadsheet turned round."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence

from vvvresearch.evidence import BEFORE_THE_START
from vvvresearch.intake._dates import judge_dates, read_date
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._table import Column, Table
from vvvresearch.locales import text

# The decision whether what was over before the period of the round counts.
BEFORE = "before_period"
_FEW = 5
# The day of a register as a cell of all its rows.
AS_OF = "default.as_of"
_ENGLISH = re.compile(
    r"\b(date|start|started|end|ended|begin|began|matched|month|reason|why|municipality|volunteer|refugee|"
    r"participants|course|interview date|when|title|id|no|status|closed|city)\b"
)
_DANISH = re.compile(
    r"\b(dato|slut|startdato|slutdato|aarsag|grund|kommune|frivillig|flygtning|deltagere|kursus|maaned|"
    r"afholdt|matchet|antal|koen|alder|tolk|gruppe|rolle|nr|ophoer|begyndt|form|borger|titel)"
)


def propose_dates(draft: Draft, columns: Iterable[Column], table: Table) -> None:
    """Decide and ask about columns of dates."""
    columns = list(columns)
    judged = {column.id: judge_dates(column.cells) for column in columns}
    settled = {one.order for one in judged.values()} & {"day", "month"} if any(_has_marks(column) for column in columns) else set()
    no_year = 0
    for column in columns:
        found = judged[column.id]
        key = f"dates.{column.id}"
        choices = (("day", text("intake.day_first", draft.lang)), ("month", text("intake.month_first", draft.lang)))
        if found.order == "mixed":
            draft.ask(Question(key, "choose", text("intake.ask_mixed_dates", draft.lang, heading=column.heading), choices))
        elif found.order == "open" and (is_english(table) or "month" in settled):
            proposal = "month" if "month" in settled else None
            draft.ask(Question(key, "choose", text("intake.ask_dates", draft.lang, heading=column.heading), choices, proposal=proposal))
        else:
            order = "month" if found.order == "month" else "day"
            draft.decide(key, column.heading, order, "declared" if found.order == "open" else "heading+values")
        if found.swapped:
            options = (("turn", text("intake.turn", draft.lang)), ("keep", text("intake.keep", draft.lang)))
            words = text("intake.ask_swapped", draft.lang, heading=column.heading, count=found.swapped)
            draft.ask(Question(f"swapped.{column.id}", "choose", words, options, proposal="turn"))
        if found.wrong:
            rows = ", ".join(str(table.lines[place]) for place in found.wrong[:8])
            draft.losses.append(text("intake.no_dates", draft.lang, heading=column.heading, count=len(found.wrong), rows=rows))
        no_year += found.no_year
    if no_year:
        draft.ask(Question("this_file.year", "fill", text("intake.ask_year", draft.lang, count=no_year), proposal=year_in(table.titles)))


def ask_drawn(draft: Draft, found: Mapping[str, Column], table: Table, last_day: datetime.date) -> None:
    """Ask when a register was drawn that has days which cannot have come yet, and nothing says whether they are plans.

    Args:
        draft, found, table: the register, role → column.
        last_day: the last one that can have come: today, or the end of the round's period.
    """
    told = [days_of(draft, found[name]) for name in ("start", "end") if name in found]
    late = {row: max(days) for row, days in enumerate(zip(*told, strict=True)) if max(days) > last_day.isoformat()}
    # One most of whose days lie after the round is of another time, which its reader tells.
    if late and 2 * len(late) <= len(table) and "as_of" not in found:
        rows, latest = [str(table.lines[row]) for row in late], max(late.values())
        words = text("intake.ask_drawn", draft.lang, count=len(rows), rows=", ".join(rows[:8]), day=last_day)
        choices = (
            (last_day.isoformat(), text("intake.drawn_then", draft.lang, day=last_day)),
            (latest, text("intake.drawn_later", draft.lang, day=latest)),
        )
        draft.ask(Question(AS_OF, "choose", words, choices))


def leave_planned(draft: Draft, found: Mapping[str, Column], table: Table, seen_until: datetime.date | None) -> None:
    """Rows that start within a year after the last day that the register knows of, and have no end: planned and not begun. They are told
    and left out; a day that lies farther off, or one with an end, is a slip that their reader refuses."""
    if seen_until is None or "start" not in found or "as_of" in found:
        return
    ended = [found[name].texts for name in ("end", "reason", "reason_class") if name in found]
    lines = planned_rows(found["start"], ended, table, seen_until, month_first=_month_first(draft, found["start"]))
    if lines and 2 * len(lines) <= len(table):
        draft.this_file["planned"] = seen_until.isoformat()
        draft.this_file["planned_rows"] = " ".join(map(str, lines))
        told = "intake.told_not_begun" if found.keys() & BEFORE_THE_START else "intake.told_planned"
        draft.tell(text(told, draft.lang, count=len(lines), rows=", ".join(map(str, lines[:8])), day=seen_until))
    if "end" in found and (later := planned_ends(days_of(draft, found["end"]), seen_until)):
        draft.this_file["going_on"] = seen_until.isoformat()
        rows = table.named(later)
        draft.tell(text("intake.told_planned_ends", draft.lang, count=len(later), rows=rows, day=seen_until))


def ask_before(draft: Draft, found: Mapping[str, Column], table: Table, since: datetime.date | None) -> None:
    """Ask whether the few rows that were over before the period of the round count in it; a register of many years is left as it is."""
    if since is None or "end" not in found:
        return
    over = [row for row, end in enumerate(days_of(draft, found["end"])) if end and end < since.isoformat()]
    if over and _FEW * len(over) <= len(table):
        draft.this_file[BEFORE] = since.isoformat()
        rows = table.named(over)
        choices = (("left-out", text("intake.before_out", draft.lang)), ("kept", text("intake.before_kept", draft.lang)))
        draft.ask(Question(BEFORE, "choose", text("intake.ask_before", draft.lang, count=len(over), rows=rows, day=since), choices))


def planned_ends(ends: Sequence[str], seen_until: datetime.date) -> list[int]:
    """The places of days of an end within a year after the last day that a register knows of: it was going on then."""
    first, last = seen_until.isoformat(), (seen_until + datetime.timedelta(days=365)).isoformat()
    return [place for place, day in enumerate(ends) if first < day <= last]


def planned_rows(start: Column, ended: Iterable[Sequence[str]], table: Table, seen_until: datetime.date, *, month_first: bool) -> list[int]:
    """The rows of what starts in the year after a day and has no end."""
    first, last = seen_until.isoformat(), (seen_until + datetime.timedelta(days=365)).isoformat()
    days = (read_date(cell, month_first=month_first) for cell in start.cells)
    open_rows = [not any(cells) for cells in zip(*ended, strict=True)] or [True] * len(table)
    rows = zip(table.lines, days, open_rows, strict=True)
    return [line for line, day, is_open in rows if is_open and day.kind == "day" and first < day.value <= last]


def days_of(draft: Draft, column: Column) -> list[str]:
    """ISO days as the draft reads them; "" where there is none."""
    readings = (read_date(cell, month_first=_month_first(draft, column)) for cell in column.cells)
    return [one.value if one.kind == "day" else "" for one in readings]


def _month_first(draft: Draft, column: Column) -> bool:
    """Whether days are read with the month first: as decided, else as it is proposed."""
    key = f"dates.{column.id}"
    decided = draft.decided.get(key)
    return (decided.value if decided is not None else draft.questions[key].proposal if key in draft.questions else "day") == "month"


def tell_without_day(draft: Draft, columns: Iterable[Column], table: Table) -> None:
    """Which rows have a month where a day is needed; their reader refuses them."""
    for column in columns:
        rows = [str(line) for line, cell in zip(table.lines, column.cells, strict=True) if cell != "" and read_date(cell).kind == "month"]
        if rows:
            words = text("intake.told_no_day", draft.lang, heading=column.heading, count=len(rows), rows=", ".join(rows[:8]))
            draft.tell(words)


def _has_marks(column: Column) -> bool:
    return any(isinstance(cell, str) and re.search(r"\d/\d", cell) for cell in column.cells)


def is_english(table: Table) -> bool:
    """Whether headings are English: then a slash leaves open which number is the day."""
    danish = sum(bool(_DANISH.search(column.folded)) for column in table.columns)
    english = sum(bool(_ENGLISH.search(column.folded)) for column in table.columns)
    return english > danish


def year_in(titles: Iterable[str]) -> str | None:
    """The year that a title above the table names, None when none or several are named."""
    years = {year for title in titles for year in re.findall(r"\b((?:19|20)\d\d)\b", title)}
    return years.pop() if len(years) == 1 else None
