"""Rows of a register of matches that hang together: two of one person at a time, and one that was taken up again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from vvvresearch.evidence import BEFORE_THE_START
from vvvresearch.intake._cells import is_nothing
from vvvresearch.intake._date_columns import days_of
from vvvresearch.intake._fold import fold
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._settle import LEFT_OUT
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import reason_class
from vvvresearch.locales import text
from vvvresearch.sources import begun_at_once

if TYPE_CHECKING:
    import pandas as pd


# The decision, and the field of the source that it becomes.
OVERLAPS = "overlaps"
# Decisions about rows whose state never began, and about rows that are over without the day.
UNBEGUN, UNENDED = "unbegun", "unended"
# And about rows that end before they start: one of the two days is a slip.
BACKWARDS = "backwards"
# And about rows without a day of their start.
UNSTARTED = "unstarted"
# And about a number that two rows have which are not alike.
ONE_NUMBER = "one_number"
# The column of the state, where it says of rows without a reason that they came to their natural end.
STATE_AS_REASON = "state_as_reason"
_STATE = re.compile(r"(\w+ ?)?(status|tilstand|state|stade)|(blev )?(afholdt|gennemfoert)|held|took place")
_OVER = re.compile(
    r"(afslut\w*|afbrud?t|afbrudt|ophoert?|stoppet|lukket|slut|ended|closed|completed|stopped|terminated|finished|discontinued|broken off)"
    r"( .*)?"
)
_PARTS = re.compile(r"[,;:()–—]| - ")
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
    return [(row, said) for row, said in _states(table) if any(_NEVER.fullmatch(fold(part)) for part in (said, *_PARTS.split(said)))]


def told_by_states(table: Table, column: Column) -> dict[str, str]:
    """Reason → the one word with which the column of a state says why all rows of that reason ended; those that it says nothing of lack."""
    told: dict[str, set[str]] = {}
    for row, said in _states(table):
        if column.texts[row]:
            told.setdefault(column.texts[row], set()).add(said)
    return {reason: next(iter(words)) for reason, words in told.items() if len(words) == 1}


def _states(table: Table) -> list[tuple[int, str]]:
    columns = [one for one in table.columns if _STATE.fullmatch(one.folded)]
    return [(row, said) for column in columns for row, said in enumerate(column.texts) if said]


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
    if "reason" in found and "reason_class" not in found:
        pairs = ((column, states_as_reasons(found["reason"].texts, column.texts)) for column in table.columns)
        for column, natural in [(one, told) for one, told in pairs if _STATE.fullmatch(one.folded) and told][:1]:
            draft.decide(STATE_AS_REASON, column.heading, column.id, "heading+values")
            draft.tell(text("intake.told_state_as_reason", draft.lang, count=len(natural), heading=column.heading))
    if "match" in found and (again := rows_of_one_number(found["match"].texts, table)):
        rows, named = table.named(again), ", ".join(dict.fromkeys(found["match"].texts[row] for row in again))
        ways = tuple((way, text(f"intake.one_number_{way}", draft.lang)) for way in ("two", "last", "first"))
        draft.ask(Question(ONE_NUMBER, "choose", text("intake.ask_one_number", draft.lang, numbers=named, rows=rows), ways))
    _ask_unstarted(draft, found, table)
    if "start" in found and "end" in found and (turned := backward_rows(days_of(draft, found["start"]), days_of(draft, found["end"]))):
        rows = table.named(turned)
        either = (("day-unknown", text("intake.over_day_unknown", draft.lang)), ("left-out", text("intake.leave_rows_out", draft.lang)))
        draft.ask(Question(BACKWARDS, "choose", text("intake.ask_backwards", draft.lang, count=len(turned), rows=rows), either))
    if over := unended_rows(table, found["reason"].texts if "reason" in found else (), ends):
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


def states_as_reasons(reasons: Sequence[str], states: Sequence[str]) -> list[int]:
    """The places of rows without a reason whose state says that it came to its natural end ("Ended as planned")."""
    return [row for row, (reason, state) in enumerate(zip(reasons, states, strict=True)) if not reason and reason_class(state) == "natural"]


def rows_of_one_number(numbers: Sequence[str], table: Table) -> list[int]:
    """The places of rows whose number another row has as well, which is not equal to it in every cell."""
    same = {line for line, _ in table.repeated()}
    rows = [row for row, number in enumerate(numbers) if number and table.lines[row] not in same]
    times = Counter(numbers[row] for row in rows)
    return [row for row in rows if times[numbers[row]] > 1]


def unstarted_rows(starts: Sequence[str], ends: Sequence[str]) -> list[int]:
    """The places of what has neither a start nor an end."""
    return [row for row, (start, end) in enumerate(zip(starts, ends, strict=True)) if not start and not end]


def backward_rows(starts: Sequence[str], ends: Sequence[str]) -> list[int]:
    """The places of what ends before it starts."""
    return [row for row, (start, end) in enumerate(zip(starts, ends, strict=True)) if start and end and end < start]


def unended_rows(table: Table, reasons: Sequence[str], ends: Sequence[str]) -> list[int]:
    """The places of what has a reason why it ended, or a state that says so, and no day."""
    over = {row for row, said in _states(table) if _OVER.fullmatch(fold(said))}
    over |= {row for row, reason in enumerate(reasons) if reason and not is_nothing(reason)}
    return [row for row in sorted(over) if not ends[row]]


# The decision which column names the row that a row goes on from.
CONTINUES = "continues"
_CALLED = re.compile(
    r"fortsaet|tidligere|genaab|genoptag|forrige|foregaaende|oprindelig|continu|previous|reopen|resum|earlier|original|follows"
)
_OF_THE_END = ("end", "reason", "reason_class")


def propose_reopened(draft: Draft, found: Mapping[str, Column], table: Table) -> None:
    """Decide which column names an earlier row of the same register: its cells are numbers of other rows, and its heading says so; where
    only the cells say it, it is asked.

    Args:
        draft: of the register.
        found: role → column.
        table: the register.
    """
    key = found.get("match")
    if key is None:
        return
    for column in table.columns:
        pairs = [(own, named) for own, named in zip(key.texts, column.texts, strict=True) if named]
        if column in found.values() or not pairs or 2 * len(pairs) > len(table):
            continue
        if any(named == own or named not in key.counts for own, named in pairs):
            continue
        if _CALLED.search(column.folded):
            draft.decide(CONTINUES, column.heading, column.id)
            draft.tell(text("intake.told_reopened", draft.lang, count=len(dict(pairs)), heading=column.heading))
        else:
            choices = ((column.id, text("intake.one_course", draft.lang)), (LEFT_OUT, text("intake.two_courses", draft.lang)))
            words = text("intake.ask_reopened", draft.lang, heading=column.heading, count=len(dict(pairs)))
            draft.ask(Question(CONTINUES, "choose", words, choices))
        draft.decide(f"column.{column.id}", column.heading, LEFT_OUT, "declared")
        return


def with_reopened(frame: pd.DataFrame, table: Table, column: str, gone: Sequence[int]) -> list[tuple[int, str, str]]:
    """Put what was taken up again into one row, in place: the first start, and the end and the reason of the row that goes on last.

    Args:
        frame: the register as our readers take it; its index is the row of the file.
        table: the register as it stands in the file.
        column: the id of the column that names the row before.
        gone: the rows that are left out anyhow.

    Returns:
        (row, what, why) of the rows that are part of another one now.
    """
    named = table.column(column)
    if named is None:
        return []
    line_of = {key: line for line, key in reversed([*zip(map(int, frame.index), frame["match"], strict=True)]) if line not in gone}
    before = {line: line_of[own] for line, own in zip(table.lines, named.texts, strict=True) if own in line_of and line not in gone}
    parts: dict[int, list[int]] = {}
    for line in before:
        first, seen = line, {line}
        while first in before and before[first] not in seen:
            first = before[first]
            seen.add(first)
        parts.setdefault(first, []).append(line)
    left = []
    for first, later in parts.items():
        last = max(later, key=lambda line: str(frame.at[line, "start"]))
        for name in _OF_THE_END:
            if name in frame:
                frame.loc[first, name] = str(frame.at[last, name])
        left += [(line, "taken up again", f"goes on from row {first}") for line in later if line != first]
    return left
