"""What only those who run the programme know of matches: whether two of one person may go on at a time, which never began or ended."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from vvvresearch.evidence import BEFORE_THE_START
from vvvresearch.intake._date_columns import days_of
from vvvresearch.intake._fold import fold
from vvvresearch.intake._numbers import is_nothing
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._table import Column, Table
from vvvresearch.locales import text
from vvvresearch.sources import begun_at_once

# The decision, and the field of the source that it becomes.
OVERLAPS = "overlaps"
# Decisions about rows whose state never began, and about rows that are over without the day.
UNBEGUN, UNENDED = "unbegun", "unended"
# And about rows that end before they start: one of the two days is a slip.
BACKWARDS = "backwards"
# And about rows without a day of their start.
UNSTARTED = "unstarted"
_STATE = re.compile(r"(\w+ ?)?(status|tilstand|state|stade)")
_NEVER = re.compile(
    r"(planlagt|planned|annulleret|aflyst|afvist|udeblev\w*|opgivet foer start|cancel+ed|declined|no ?show|did not (take place|start)|"
    r"ikke (startet|begyndt|paabegyndt|gennemfoert|afholdt|moedt|bevilget)|not (started|begun|held)|never (started|began|got going)|"
    r"ej startet|(withdr\w+|cancel\w+|dropped out|sprang fra|trukket) (before|foer) .*|fell through|"
    r"blev ikke til noget|aldrig (startet|begyndt))( .*)?"
)


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


def never_rows(table: Table) -> list[tuple[int, str]]:
    """The places of the rows whose column of a state says that nothing took place ("Annulleret", "aflyst"), with that word."""
    columns = (column for column in table.columns if _STATE.fullmatch(column.folded))
    return [(row, said) for column in columns for row, said in enumerate(column.texts) if said and _NEVER.fullmatch(fold(said))]


def ask_states(draft: Draft, found: Mapping[str, Column], table: Table) -> None:
    """Ask whether what has a start and a state that says that it never began is one, and what is over without a day of its end."""
    ends = found["end"].texts if "end" in found else ("",) * len(table)
    planned = set(draft.this_file.get("planned_rows", "").split())
    never = [(row, said) for row, said in never_rows(table) if not ends[row] and str(table.lines[row]) not in planned]
    never = [(row, said) for row, said in never if "start" not in found or found["start"].texts[row]]
    if never and 2 * len(never) <= len(table):
        rows = ", ".join(str(table.lines[row]) for row, _ in never[:8])
        choices = (("left-out", text("intake.never_began", draft.lang)), ("kept", text("intake.did_begin", draft.lang)))
        states = ", ".join(dict.fromkeys(said for _, said in never))
        words = text("intake.ask_unbegun", draft.lang, count=len(never), rows=rows, states=states)
        draft.ask(Question(UNBEGUN, "choose", words, choices, proposal="left-out"))
    _ask_unstarted(draft, found, table)
    if "start" in found and "end" in found and (turned := backward_rows(days_of(draft, found["start"]), days_of(draft, found["end"]))):
        rows = table.named(turned)
        either = (("day-unknown", text("intake.over_day_unknown", draft.lang)), ("left-out", text("intake.leave_rows_out", draft.lang)))
        draft.ask(Question(BACKWARDS, "choose", text("intake.ask_backwards", draft.lang, count=len(turned), rows=rows), either))
    if "reason" in found and (over := unended_rows(found["reason"].texts, ends)):
        rows = table.named(over)
        what = (
            ("day-unknown", text("intake.over_day_unknown", draft.lang)),
            ("left-out", text("intake.over_left_out", draft.lang)),
            ("going-on", text("intake.over_going_on", draft.lang)),
        )
        draft.ask(Question(UNENDED, "choose", text("intake.ask_unended", draft.lang, count=len(over), rows=rows), what))


def _ask_unstarted(draft: Draft, found: Mapping[str, Column], table: Table) -> None:
    """Rows without a day of their start: they never began where their state says so, else it is asked."""
    waits = {f"role.{name}" for name in BEFORE_THE_START} & draft.questions.keys()
    if "start" not in found or found.keys() & set(BEFORE_THE_START) or waits:
        return
    rows = unstarted_rows(found["start"].texts, found["end"].texts if "end" in found else ("",) * len(table))
    never = {row for row, _ in never_rows(table)}
    lines = table.named(rows)
    if rows and never.issuperset(rows):
        draft.decide(UNSTARTED, found["start"].heading, "left-out", "declared")
        draft.tell(text("intake.told_unstarted", draft.lang, count=len(rows), rows=lines))
    elif rows and 2 * len(rows) <= len(table):
        choices = (("left-out", text("intake.never_began", draft.lang)), ("kept", text("intake.start_to_be_filled", draft.lang)))
        words = text("intake.ask_unstarted", draft.lang, count=len(rows), rows=lines)
        draft.ask(Question(UNSTARTED, "choose", words, choices))


def unstarted_rows(starts: Sequence[str], ends: Sequence[str]) -> list[int]:
    """The places of what has neither a start nor an end."""
    return [row for row, (start, end) in enumerate(zip(starts, ends, strict=True)) if not start and not end]


def backward_rows(starts: Sequence[str], ends: Sequence[str]) -> list[int]:
    """The places of what ends before it starts."""
    return [row for row, (start, end) in enumerate(zip(starts, ends, strict=True)) if start and end and end < start]


def unended_rows(reasons: Sequence[str], ends: Sequence[str]) -> list[int]:
    """The places of what has a reason why it ended, and no day."""
    return [row for row, (reason, end) in enumerate(zip(reasons, ends, strict=True)) if reason and not is_nothing(reason) and not end]
