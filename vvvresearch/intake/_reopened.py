"""Rows of a register that go on from another row of it: one course that was taken up again, not two."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._settle import LEFT_OUT
from vvvresearch.intake._table import Column, Table
from vvvresearch.locales import text

if TYPE_CHECKING:
    import pandas as pd

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
