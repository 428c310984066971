"""The register of matches as analyses take it: a register of a round, a table of one's own, or what was checked already."""

from __future__ import annotations

import dataclasses

import pandas as pd

from vvvresearch.errors import AnalysisError, UnanswerableError, did_you_mean, require_table
from vvvresearch.evidence import Register
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, has_words
from vvvresearch.monitoring.matches import REASON_CLASSES, MatchEvents, match_events
from vvvresearch.results import TOTAL, Labels, address_part

Matches = Register | pd.DataFrame | MatchEvents
# A month as a twelfth of a year, in days.
MONTH = 365.25 / 12
UNKNOWN = "unknown"


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
