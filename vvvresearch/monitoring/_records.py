"""Registers as analyses take them, and the days up to which they are counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.evidence import Register
from vvvresearch.locales import Phrase, has_words
from vvvresearch.results import TOTAL, Labels

UNKNOWN = "unknown"
# no_arrivals, but no name and no sentence.
_CODE = re.compile(r"[a-zæøå]+(_[a-zæøå0-9]+)+")


def records(register: Register | pd.DataFrame, what: str, needed: Sequence[str]) -> Register:
    """A register with the columns that an analysis needs; a table of one's own is one too.

    Raises:
        AnalysisError: no table, or a column is missing.
    """
    known = register if isinstance(register, Register) else Register(register)
    require_table(known.frame, what)
    for name in needed:
        if name not in known.frame.columns:
            todo = did_you_mean(name, map(str, known.frame.columns))
            raise AnalysisError(f"the register of {what} has no column {name!r}", where=what, todo=todo)
    return known


def names_of(municipalities: pd.DataFrame | None) -> dict[str, str]:
    """Code → name of the municipalities that there are, in the order of their table; none without one.

    Raises:
        AnalysisError: no table, no codes or names, or a code that stands twice.
    """
    if municipalities is None:
        return {}
    table = records(municipalities, "municipalities", ("code", "name")).frame
    codes = cells_of(table, "code")
    if codes.duplicated().any() or (codes == "").any():
        raise AnalysisError("every municipality has one code of its own", where="municipalities", todo="take out double and empty rows")
    return dict(zip(codes, table["name"], strict=True))


def cells_of(frame: pd.DataFrame, column: str) -> pd.Series[str]:
    """A column as text, "" where a cell is empty or the column is not there."""
    if column not in frame.columns:
        return pd.Series([""] * len(frame), index=frame.index, dtype=object)
    return frame[column].astype(object).where(frame[column].notna(), "").map(str)


def last_day(frame: pd.DataFrame, on: str, *columns: str) -> str:
    """The day up to which something is counted: the one that is given, else the last that its columns name."""
    if on:
        return str(on)[:10]
    return max((day for column in columns for day in cells_of(frame, column)), default="")


def stated(column: pd.Series[str]) -> pd.Series[str]:
    """Groups with a name for those who state none."""
    return column.where(column != "", UNKNOWN)


def words_of(values: Iterable[str], table: str) -> Labels:
    """The words of values that have some, the whole and what is not stated among them; a code without words is read as its words."""
    words: dict[Any, Any] = {TOTAL: Phrase("common.total"), UNKNOWN: Phrase("monitoring.not_stated")}
    for one in values:
        if has_words(key := f"monitoring.{table}_{one}"):
            words[one] = Phrase(key)
        elif _CODE.fullmatch(one):
            words.setdefault(one, one.replace("_", " "))
    return Labels(words)
