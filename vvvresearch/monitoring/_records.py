"""Registers as analyses take them, checked, with the days up to which they are counted."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from vvvresearch.errors import AnalysisError, UnanswerableError, did_you_mean, require_table
from vvvresearch.evidence import Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, has_words
from vvvresearch.monitoring.matches import REASON_CLASSES, MatchEvents, match_events
from vvvresearch.results import TOTAL, Labels, address_part

UNKNOWN = "unknown"
# no_arrivals, but no name and no sentence.
_CODE = re.compile(r"[a-zæøå]+(_[a-zæøå0-9]+)+")


def records(register: Register | pd.DataFrame, what: str, needed: Sequence[str]) -> Register:
    """A register with the columns that an analysis needs; a table of one's own is one too.

    Raises:
        AnalysisError: no table, or a column is missing.
    """
    known = register if isinstance(register, Register) else Register(register)
    require_table(known.frame, what, needed)
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
    own = frame[column]
    return pd.Series(["" if empty else str(one) for one, empty in zip(own, own.isna(), strict=True)], index=frame.index, dtype="str")


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


Matches = Register | pd.DataFrame | MatchEvents
# A month as a twelfth of a year, in days.
MONTH = 365.25 / 12


def checked(matches: Matches) -> tuple[MatchEvents, DataKind]:
    """The checked register and the kind of its data. Reasons in free words are left to whoever needs them (`with_reasons`).

    Raises:
        AnalysisError: no table.
        SchemaError: the register has faults, every one with its row.
    """
    if isinstance(matches, MatchEvents):
        return matches, DataKind.REAL
    kind, overlaps = (matches.kind, matches.overlaps) if isinstance(matches, Register) else (DataKind.REAL, "fault")
    frame = matches.frame if isinstance(matches, Register) else matches
    require_table(frame, "matches")
    in_words = frame.drop(columns="reason") if "reason" in frame.columns and not has_classes(frame) else frame
    return match_events(in_words, overlaps=overlaps), kind


def has_classes(frame: pd.DataFrame) -> bool:
    """Whether a register says why matches ended in classes: by a column of its own, or by words of which one at least is a class."""
    if "reason_class" in frame.columns:
        return True
    return "reason" in frame.columns and not {str(one) for one in frame["reason"].dropna().unique()}.isdisjoint(REASON_CLASSES)


def with_reasons(matches: Matches) -> tuple[MatchEvents, DataKind]:
    """The checked register, where it says why matches ended.

    Raises:
        UnanswerableError: matches have ended, and the register does not say why, or in words that belong to no class.
        SchemaError: the register has faults.
    """
    events, kind = checked(matches)
    if events.frame["end"].notna().any() and not has_classes(matches if isinstance(matches, pd.DataFrame) else matches.frame):
        what = "the register does not say why matches ended"
        raise UnanswerableError(what, reason=Phrase("absent.reason_class"), todo="add a column reason_class: " + ", ".join(REASON_CLASSES))
    return events, kind


def grouped(events: MatchEvents, by: str | None, municipalities: pd.DataFrame | None = None) -> MatchEvents:
    """The register with its groups named: what is empty is "unknown", what only the table of municipalities has is joined.

    Args:
        events: the register.
        by: a column of the register, or of the table of municipalities (region, size, …).
        municipalities: code and what else is known of each.

    Raises:
        AnalysisError: neither has the column.
    """
    if by is None:
        return events
    frame = events.frame
    if by in frame.columns:
        column = frame[by]
    elif municipalities is not None and by in municipalities.columns and "municipality" in frame.columns:
        column = frame["municipality"].map(dict(zip(municipalities["code"], municipalities[by], strict=True)))
    else:
        raise AnalysisError(f"the register has no column {by!r}", where="by", todo=did_you_mean(str(by), map(str, frame.columns)))
    if isinstance(column.dtype, pd.CategoricalDtype) or column.dtype.kind not in "OUT":
        column = column.astype(object)
    filled = column.where(column.notna() & (column != ""), UNKNOWN).map(str)
    return dataclasses.replace(events, frame=frame.assign(**{by: filled}))


def root_of(name: str, by: str | None) -> str:
    """The root of a result's addresses: `duration`, split `duration/by-organisation`."""
    return name if by is None else f"{name}/by-{address_part(by)}"


def group_labels() -> Labels:
    """Groups as the register writes them; the whole, and what has none, in words."""
    return Labels({TOTAL: Phrase("common.total"), UNKNOWN: Phrase("monitoring.not_stated")}, table="attributes")


def split_title(key: str, by: str | None) -> Phrase:
    """A title, and by what it is split."""
    if by is None:
        return Phrase(key)
    return Phrase(
        "monitoring.split_title", {"title": Phrase(key), "by": Phrase(known) if has_words(known := f"monitoring.by_{by}") else by}
    )
