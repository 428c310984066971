"""The register of matches: one row a match, checked as a whole before anything is counted."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from vvvresearch.errors import AnalysisError, Failure, SchemaError, require_table
from vvvresearch.evidence import BEFORE_THE_START, DAY_UNKNOWN, END_DAY, REASON_CLASSES
from vvvresearch.monitoring.matches._risk_sets import Ints

NEEDED_COLUMNS = ("match", "start", "end")
PERSONS = ("refugee", "volunteer")
DATES = ("start", "end", "registered", "as_of")
# Later than every date: the end of a match that still lasts.
OPEN = 2**31

_WHOLE_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")

Bools = npt.NDArray[np.bool_]
Dates = npt.NDArray[np.datetime64]
Fault = tuple[Bools, str, str]
Date = str | datetime.date | pd.Timestamp


@dataclass(frozen=True, repr=False)
class MatchEvents:
    """A checked register of matches; `match_events` makes it.

    Attributes:
        frame: the rows; dates as datetime64, `reason_class` of every ended match.
        as_of: the day up to which the register knows what happened.
        start, end: days since 1970; an end of `OPEN` means that the match lasted on `as_of`.
        refugee, volunteer: one number a person, or None where the register has no such column.
        overlaps: "fault" or "allowed".
    """

    frame: pd.DataFrame
    as_of: pd.Timestamp
    start: Ints
    end: Ints
    refugee: Ints | None
    volunteer: Ints | None
    overlaps: Literal["fault", "allowed"]

    def __repr__(self) -> str:
        return f"MatchEvents({len(self)} matches until {self.as_of:%Y-%m-%d})"

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def last_day(self) -> int:
        """`as_of` in days since 1970."""
        return day_number(self.as_of)


def match_events(frame: pd.DataFrame, as_of: Date | None = None, overlaps: Literal["fault", "allowed"] = "fault") -> MatchEvents:
    """Check a register of matches; every fault is told at once, and nothing is counted twice.

    Args:
        frame: one row a match: match (id), start, end (empty while it lasts; where the register has a column offered or accepted, a row
            without both is no match yet and is left out); and where known refugee and volunteer (person ids),
            reason or reason_class (one of `REASON_CLASSES`), registered (when the register first knew of it, later than the start
            for matches that are older than the register), end_day ("unknown" for what has ended on a day that is not known),
            as_of (the extract's date, one for all rows), organisation, municipality,
            municipality_type, arrival_group and whatever else matches are grouped by. Dates are dates or ISO texts.
        as_of: the extract's date where no column has it; without either the last date of the register.
        overlaps: whether two matches of one person at a time are a "fault" or "allowed".

    Returns:
        MatchEvents.

    Raises:
        AnalysisError: no table, an unknown value of `overlaps`, an `as_of` that contradicts the column.
        SchemaError: with every fault and its row: missing columns and ids, texts that are no dates, an end before or without a start,
            dates after the extract's, unknown reasons, a reason for a match that lasts, a match that stands twice, two extracts
            in one table, overlapping matches of one person.

    Example:
        >>> rows = {"match": ["a", "b"], "start": ["2020-01-01", "2020-03-01"], "end": ["2020-02-01", ""], "reason": ["moved", ""]}
        >>> events = match_events(pd.DataFrame(rows), as_of="2020-06-30")
        >>> len(events), events.frame["reason_class"].tolist()
        (2, ['moved', ''])
    """
    require_table(frame, "events")
    if overlaps not in ("fault", "allowed"):
        raise AnalysisError(f"overlaps is {overlaps!r}", where="overlaps", todo='"fault" or "allowed"')
    if missing := [name for name in NEEDED_COLUMNS if name not in frame.columns]:
        raise _schema_error([Failure(None, name, "", "the column is missing") for name in missing])
    frame = frame[~_not_yet_started(frame)]
    if frame.empty:
        raise AnalysisError("the register holds no match", where="events")
    columns = {name: CodedColumn.of(frame[name]) for name in (*DATES, "reason", "reason_class") if name in frame.columns}
    columns |= {name: CodedColumn.of_ids(frame[name]) for name in ("match", *PERSONS) if name in frame.columns}
    dates = {name: columns[name].dates() for name in DATES if name in columns}
    last, failures = _extract_date(columns, dates, as_of)
    if (over := _ended_some_day(frame, columns)).any():
        # It has ended when the register was drawn; for how long it was seen nobody can say.
        dates["end"] = np.where(over, last.to_datetime64(), dates["end"]).astype("datetime64[D]")
        columns["end"] = dataclasses.replace(columns["end"], empty=columns["end"].empty & ~over)
    reason_name = "reason_class" if "reason_class" in columns else "reason"
    reasons = _reason_classes(columns.get(reason_name), ~np.isnat(dates["end"]))
    first, found = _duplicates(frame, columns["match"], dates.get("as_of"))
    found += [*_date_faults(columns, dates, last), *_reason_faults(reason_name, *reasons, columns["end"])]
    start = dates["start"].astype(np.int64)
    end = np.where(np.isnat(dates["end"]), OPEN, dates["end"].astype(np.int64))
    usable = first & ~np.isnat(dates["start"]) & (end >= start) & (columns["end"].empty | ~np.isnat(dates["end"]))
    for name in PERSONS:
        if name in columns:
            found.append((columns[name].empty, name, "the person's id is missing"))
            if overlaps == "fault":
                overlapping = _overlapping(columns[name].codes, start, end, usable & ~columns[name].empty)
                found.append((overlapping, name, f"an earlier match of the same {name} still lasted"))
    failures += failures_of(frame, found)
    if failures:
        raise _schema_error(failures)
    checked = frame.assign(
        **{name: column.astype("datetime64[s]") for name, column in dates.items()}, reason_class=_as_categories(*reasons)
    )
    refugee, volunteer = (columns[name].codes if name in columns else None for name in PERSONS)
    return MatchEvents(checked.reset_index(drop=True), last, start, end, refugee, volunteer, overlaps)


def _not_yet_started(frame: pd.DataFrame) -> Bools:
    if not any(name in frame.columns for name in BEFORE_THE_START):
        return np.zeros(len(frame), bool)
    return CodedColumn.of(frame["start"]).empty & CodedColumn.of(frame["end"]).empty


def _ended_some_day(frame: pd.DataFrame, columns: dict[str, CodedColumn]) -> Bools:
    """The rows that have ended on a day that is not known."""
    if END_DAY not in frame.columns:
        return np.zeros(len(frame), bool)
    return columns["end"].empty & ~columns["start"].empty & (frame[END_DAY].to_numpy(object) == DAY_UNKNOWN)


def as_events(events: pd.DataFrame | MatchEvents) -> MatchEvents:
    """A register as it was checked, or checked now with the defaults of `match_events`."""
    return events if isinstance(events, MatchEvents) else match_events(events)


def day_number(date: Date) -> int:
    """Days since 1970-01-01.

    Raises:
        AnalysisError: no date.
    """
    try:
        found = pd.Timestamp(date)
    except (ValueError, TypeError) as error:
        raise AnalysisError("this is no date", where="date", todo="write 2021-12-31 or hand in a date") from error
    if pd.isna(found):
        raise AnalysisError("the date is missing", where="date")
    return (found.tz_localize(None).normalize() - pd.Timestamp(0)).days


def date_of(day: int) -> pd.Timestamp:
    """The date of a day number."""
    return pd.Timestamp(0) + pd.Timedelta(days=int(day))


def known_day(events: MatchEvents, date: Date) -> int:
    """A day that the register knows.

    Raises:
        AnalysisError: it lies after the extract.
    """
    day = day_number(date)
    if day > events.last_day:
        raise AnalysisError(
            "the date lies after the extract", where="date", why=f"the register knows nothing after {events.as_of:%Y-%m-%d}"
        )
    return day


def group_column(events: MatchEvents, by: str | None) -> pd.Series | None:
    """The column to group by, "" where it is empty.

    Raises:
        AnalysisError: there is no such column.
    """
    if by is None:
        return None
    if by not in events.frame.columns:
        raise AnalysisError(f"the register has no column {by!r}", where="by", todo="known: " + ", ".join(map(str, events.frame.columns)))
    column = events.frame[by]
    if not column.isna().any():
        return column
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.add_categories([""]).fillna("")
    if column.dtype.kind in "iuf":
        # Numbers and "" have no common order; 3.0 is the code 3 beside a missing one.
        return column.map(lambda value: "" if pd.isna(value) else f"{value:g}")
    return column.astype(object).fillna("")


def categories(codes: Ints, labels: Sequence[Any]) -> pd.Categorical:
    """Values by their position among the labels; −1 is a missing one."""
    found: pd.Categorical = pd.Categorical.from_codes(codes, pd.Index(list(labels)))
    return found


def _schema_error(failures: list[Failure]) -> SchemaError:
    return SchemaError(
        "the register of matches cannot be counted as it stands", failures, todo="mend the rows in the source and read it again"
    )


@dataclass(frozen=True)
class CodedColumn:
    """A column as its distinct values: a register has a million rows, but few dates and reasons."""

    codes: Ints
    values: pd.Index
    empty: Bools

    @classmethod
    def of(cls, column: pd.Series) -> CodedColumn:
        codes, values = pd.factorize(column)
        index = pd.Index(values)
        empty = codes < 0
        if index.dtype.kind not in "biufM":
            # Looking "" up would hash a million ids once more.
            blank = np.flatnonzero(np.asarray(index == "", bool))
            if len(blank):
                empty |= codes == blank[0]
        return cls(codes.astype(np.int64), index, empty)

    @classmethod
    def of_ids(cls, column: pd.Series) -> CodedColumn:
        """A column of ids: almost as many values as rows. What they are is nobody's business, so its values are numbers."""
        words = _as_words(column)
        if words is None:
            return cls.of(column)
        empty = words[0] == 0
        if len(words) == 1 and bool((np.diff(np.sort(words[0])) != 0).all()):
            return cls(np.arange(len(column)), pd.RangeIndex(len(column)), empty)
        codes = np.unique(words[0], return_inverse=True)[1]
        for word in words[1:]:
            further = np.unique(word, return_inverse=True)[1]
            codes = np.unique(codes * (int(further.max()) + 1) + further, return_inverse=True)[1]
        return cls(codes, pd.RangeIndex(int(codes.max(initial=-1)) + 1), empty)

    def dates(self) -> Dates:
        """The days; NaT where there is none, or where the text is no date."""
        if self.values.dtype.kind == "M":
            found = pd.DatetimeIndex(self.values)
        else:
            # pandas would take "2020", 2020 and "2020-05" for the first day of a year or month, which nobody has said.
            dated = [value if isinstance(value, datetime.date) or _WHOLE_DATE.match(str(value)) else None for value in self.values]
            found = pd.to_datetime(pd.Index(dated, dtype=object), errors="coerce", format="ISO8601")
        if found.tz is not None:
            found = found.tz_localize(None)
        days = np.append(found.to_numpy("datetime64[D]"), np.datetime64("NaT", "D"))
        # A missing value has the code −1 and so the last, missing day.
        chosen: Dates = days[self.codes]
        return chosen


# The bytes of a 64-bit number, and into how many of them an id may be read.
_WORD, _MOST_WORDS = 8, 3
# How numpy writes what is missing.
_MISSING = np.array([b"nan", b"<NA>"], f"S{_WORD}").view(np.uint64)


def _as_words(column: pd.Series) -> list[npt.NDArray[np.uint64]] | None:
    """Short texts as whole numbers, eight letters each, which are compared several times as fast; None where they are something else."""
    if not isinstance(column.dtype, pd.StringDtype) and pd.api.types.infer_dtype(column, skipna=False) != "string":
        return None
    texts = column.to_numpy(object)
    # Nearly all ids fit into one number.
    for size in (_WORD, _MOST_WORDS * _WORD):
        try:
            cells = texts.astype(f"S{size + 1}")
        except UnicodeEncodeError:
            return None
        # A letter more than fits shows ids that are longer.
        if not cells.view(np.uint8).reshape(len(texts), size + 1)[:, size].any():
            words = cells.astype(f"S{size}").view(np.uint64).reshape(len(texts), size // _WORD)
            found = [np.ascontiguousarray(words[:, place]) for place in range(size // _WORD)]
            return None if any((found[0] == missing).any() for missing in _MISSING) else found
    return None


def _extract_date(columns: dict[str, CodedColumn], dates: dict[str, Dates], as_of: Date | None) -> tuple[pd.Timestamp, list[Failure]]:
    declared = None if as_of is None else date_of(day_number(as_of))
    if "as_of" not in dates:
        known = [day for name in ("start", "end") for day in (dates[name][~np.isnat(dates[name])],) if len(day)]
        if declared is None and not known:
            raise AnalysisError("no match has a start date", where="start")
        return declared if declared is not None else pd.Timestamp(max(day.max() for day in known)), []
    failures = []
    if columns["as_of"].empty.any():
        failures.append(Failure(None, "as_of", "", "rows have no date of the extract"))
    extracts = [pd.Timestamp(day) for day in np.unique(dates["as_of"][~np.isnat(dates["as_of"])])]
    if len(extracts) > 1:
        written = ", ".join(f"{date:%Y-%m-%d}" for date in extracts[:5])
        failures.append(Failure(None, "as_of", "", f"the table holds extracts of several dates: {written}; keep the latest"))
    if declared is not None and extracts and declared != extracts[-1]:
        raise AnalysisError(
            "the extract has another date", where="as_of", why=f"its rows say {extracts[-1]:%Y-%m-%d}", todo="leave the argument out"
        )
    return extracts[-1] if extracts else date_of(0), failures


def _date_faults(columns: dict[str, CodedColumn], dates: dict[str, Dates], last: pd.Timestamp) -> Iterator[Fault]:
    for name, days in dates.items():
        yield np.isnat(days) & ~columns[name].empty, name, "is no date; write 2021-12-31"
        if name != "as_of" and not columns.get("as_of", columns[name]).empty.all():
            yield days > last.to_datetime64(), name, f"lies after the extract of {last:%Y-%m-%d}"
    nothing, ended = columns["start"].empty, ~np.isnat(dates["end"])
    yield nothing & ended, "start", "the match ends without a start"
    yield nothing & ~ended, "start", "the start is missing"
    yield dates["end"] < dates["start"], "end", "the match ends before it starts"


def _reason_classes(stated: CodedColumn | None, ended: Bools) -> tuple[Ints, list[str]]:
    """The class of every ended match as it stands, by position among the words; none stated is "unknown"."""
    words = [*([] if stated is None else map(str, stated.values)), "", "unknown"]
    nothing, unknown = len(words) - 2, len(words) - 1
    codes = np.full(len(ended), nothing) if stated is None else np.where(stated.empty, nothing, stated.codes)
    return np.where(ended & (codes == nothing), unknown, codes), words


def _reason_faults(name: str, codes: Ints, words: list[str], end: CodedColumn) -> Iterator[Fault]:
    # The word itself may be free text about a person, so it is not repeated.
    known = np.array([word in ("", *REASON_CLASSES) for word in words])
    yield ~known[codes], name, "none of the known classes: " + ", ".join(REASON_CLASSES)
    yield np.array([word != "" for word in words])[codes] & end.empty, name, "a reason, but no end"


def _as_categories(codes: Ints, words: list[str]) -> pd.Categorical:
    classes = ("", *REASON_CLASSES)
    places = np.array([classes.index(word) if word in classes else -1 for word in words])
    return categories(places[codes], classes)


def _duplicates(frame: pd.DataFrame, ids: CodedColumn, extract: Dates | None) -> tuple[Bools, list[Fault]]:
    """Which rows stand for a match the first time, and the others as faults."""
    faults: list[Fault] = [(ids.empty, "match", "the match has no id")]
    if len(ids.values) == len(frame):
        return ~ids.empty, faults
    again = pd.Series(ids.codes).duplicated().to_numpy() & ~ids.empty
    content = frame.drop(columns="as_of", errors="ignore").astype(str)
    same = content.duplicated().to_numpy() & again
    other_date = np.zeros(len(frame), bool)
    if extract is not None:
        first = np.full(len(ids.values) + 1, np.datetime64("NaT", "D"))
        first[ids.codes[::-1]] = extract[::-1]
        other_date = extract != first[ids.codes]
    faults.append((again & other_date, "match", "the match stands in another extract too"))
    faults.append((again & ~other_date & same, "match", "the same row stands twice"))
    faults.append((again & ~other_date & ~same, "match", "another match has the same id"))
    return ~again & ~ids.empty, faults


def _overlapping(persons: Ints, start: Ints, end: Ints, usable: Bools) -> Bools:
    """Rows whose match starts before an earlier match of the same person has ended."""
    found = np.zeros(len(persons), bool)
    chosen = np.flatnonzero(usable)
    rows = chosen[np.bincount(persons[chosen])[persons[chosen]] > 1]
    if len(rows):
        rows = rows[np.lexsort((end[rows], start[rows], persons[rows]))]
        person = persons[rows]
        # The latest end so far of the same person: persons are shifted apart, so that one running maximum serves all.
        shift = person * (2 * OPEN)
        latest = np.maximum.accumulate(end[rows] + shift)[:-1] - shift[1:]
        found[rows[1:]] = (person[1:] == person[:-1]) & (start[rows][1:] < latest)
    return found


def failures_of(frame: pd.DataFrame, faults: Iterable[Fault]) -> list[Failure]:
    """One failure a row and fault, with the row as the frame numbers it; never the value, which may be a person's."""
    numbered = pd.api.types.is_integer_dtype(frame.index.dtype)
    rows = frame.index.to_numpy(np.int64) if numbered else np.arange(len(frame))
    return [Failure(int(rows[position]), name, "", problem) for bad, name, problem in faults for position in np.flatnonzero(bad)]
