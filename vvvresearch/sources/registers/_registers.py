"""Reading registers of courses, matches, counts, monitoring extracts and other plain tables."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Literal

from vvvresearch.errors import Failure
from vvvresearch.evidence import (
    COUNT_COLUMNS,
    COURSE_COLUMNS,
    COURSE_FORMATS,
    COURSE_TYPES,
    DAY_UNKNOWN,
    END_DAY,
    MATCH_COLUMNS,
    MEASURES,
    MONITORING_COLUMNS,
    MONITORING_COUNT_COLUMNS,
    REASON_CLASSES,
    Register,
    code_failures,
    span_of,
)
from vvvresearch.kinds import DataKind
from vvvresearch.sources.registers._match_events import begun_at_once, is_event_log, matches_of_events
from vvvresearch.sources.registers._tables import (
    TableFile,
    cells,
    double_ids,
    empty_cells,
    future_dates,
    header,
    raise_all,
    read_declared,
    unknown_words,
    whole_numbers,
)

if TYPE_CHECKING:
    import pandas as pd

_MUNICIPALITIES = 98
_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2])|-Q[1-4]|-H[12])?(/\d{4}(-(0[1-9]|1[0-2]))?)?")


def read_courses(path: TableFile, *, kind: DataKind = DataKind.REAL) -> Register:
    """Read a course register: one row a course or workshop held.

    Args:
        path: CSV or XLSX with `COURSE_COLUMNS`: course (id), name, date (ISO), participants, format ("physical", "webinar"),
            type ("course", "workshop").
        kind: the kind of data, as the round says.

    Returns:
        Register with `COURSE_COLUMNS`; participants as whole numbers.

    Raises:
        SchemaError: with every fault at once.

    Example:
        >>> read_courses("surveys/2021-note/courses.csv").frame["participants"].sum().item()
        199
    """
    frame = read_declared(path, COURSE_COLUMNS, further=True)
    failures = empty_cells(frame, ("course", "name")) + double_ids(frame, "course")
    failures += unknown_words(frame, "format", COURSE_FORMATS) + unknown_words(frame, "type", COURSE_TYPES)
    participants, wrong = whole_numbers(frame, "participants")
    dates, late = _dates(frame, "date", empty=False)
    raise_all([*failures, *wrong, *late], path, "the course register")
    frame["participants"], frame["date"] = participants, dates
    return Register(frame.reset_index(drop=True), kind, str(path))


def read_counts(path: TableFile, *, kind: DataKind = DataKind.REAL) -> Register:
    """Read yearly counts of participants or matches: one row a count, which says whether it is a stock, a flow or a total.

    Args:
        path: CSV or XLSX with `COUNT_COLUMNS`: count (id), value, measure (`MEASURES`), what ("helped" or "ended" where a
            flow is not of new ones), unit (person, participant, match),
            period ("2020", for flows), as_of ("2018-12", for stocks), organisation, document, lines, derived ("yes" or "").
        kind: the kind of data, as the round says.

    Returns:
        Register with `COUNT_COLUMNS`; values as whole numbers.

    Raises:
        SchemaError: with every fault at once; a count without a unit or a measure is refused.

    Example:
        >>> read_counts("surveys/2021-note/counts.csv").frame["measure"].iloc[0]
        'stock'
    """
    import pandas as pd

    frame = read_declared(path, COUNT_COLUMNS)
    failures = empty_cells(frame, ("count", "unit", "measure")) + double_ids(frame, "count")
    failures += unknown_words(frame, "measure", MEASURES, empty=True)
    failures += unknown_words(frame, "what", ("helped", "ended"), empty=True)
    values, wrong = whole_numbers(frame, "value")
    for column in ("period", "as_of"):
        failures += [
            Failure(int(row), column, value, "write 2020, 2020-12 or 2019/2020")
            for row, value in cells(frame, column)
            if value and not _PERIOD.fullmatch(value)
        ]
    failures += [
        Failure(int(row), "as_of", "", "a stock needs the date it stands for")
        for row, measure, date in zip(frame.index, frame["measure"], frame["as_of"], strict=True)
        if measure == "stock" and not date
    ]
    raise_all([*failures, *wrong], path, "the table of counts")
    frame["value"] = pd.array(values, dtype="Int64")
    frame["derived"] = frame["derived"] == "yes"
    return Register(frame.reset_index(drop=True), kind, str(path))


def read_monitoring(path: TableFile, *, kind: DataKind = DataKind.REAL, municipalities: Collection[str] | None = None) -> Register:
    """Read monitoring extracts: one row a municipality in an extract, or one row a status where only counts were published.

    Args:
        path: CSV or XLSX with `MONITORING_COLUMNS`: extract ("2021-05" or "2018-Q4"), municipality (code), status (a category),
            definition (what the status means; a change of words is a change of definition); or with
            `MONITORING_COUNT_COLUMNS`, where n is the number of municipalities.
        kind: the kind of data, as the round says.
        municipalities: the codes that may occur; default the 98.

    Returns:
        Register with the columns of its file.

    Raises:
        SchemaError: with every fault at once, two rows of one municipality in one extract among them.

    Example:
        >>> read_monitoring("surveys/2021-note/monitoring.csv").frame["extract"].unique().tolist()
        ['2020-10', '2021-05']
    """
    if "municipality" not in header(path) and "n" in header(path):
        return _monitoring_counts(path, kind, municipalities)
    frame = read_declared(path, MONITORING_COLUMNS, further=True)
    failures = empty_cells(frame, ("extract", "municipality", "status")) + _no_extracts(frame)
    failures += code_failures([(int(row), code) for row, code in cells(frame, "municipality") if code], municipalities)
    double = frame.duplicated(["extract", "municipality"])
    failures += [
        Failure(int(row), "municipality", code, "two rows of one municipality in one extract")
        for row, code in cells(frame[double], "municipality")
    ]
    raise_all(failures, path, "the monitoring extract")
    return Register(frame.reset_index(drop=True), kind, str(path))


def _no_extracts(frame: pd.DataFrame) -> list[Failure]:
    said = "an extract is written 2021-05, 2021-05-31 or 2018-Q4"
    return [Failure(row, "extract", cell, said) for row, cell in cells(frame, "extract") if cell and span_of(cell) is None]


def _monitoring_counts(path: TableFile, kind: DataKind, municipalities: Collection[str] | None) -> Register:
    frame = read_declared(path, MONITORING_COUNT_COLUMNS, further=True)
    failures = empty_cells(frame, ("extract", "status")) + _no_extracts(frame)
    numbers, wrong = whole_numbers(frame, "n")
    double = frame.duplicated(["extract", "status"])
    failures += [Failure(row, "status", status, "the status stands twice in one extract") for row, status in cells(frame[double], "status")]
    of, counted = _MUNICIPALITIES if municipalities is None else len(municipalities), dict.fromkeys(frame["extract"], 0)
    for row, extract, n, twice in zip(frame.index, frame["extract"], numbers, double, strict=True):
        counted[extract] += 0 if twice else n or 0
        if counted[extract] > of and not twice:
            failures.append(Failure(int(row), "n", str(n), f"the extract counts {counted[extract]} of {of} municipalities"))
    raise_all([*failures, *wrong], path, "the monitoring extract")
    frame["n"] = numbers
    return Register(frame.reset_index(drop=True), kind, str(path))


def read_matches(
    path: TableFile,
    *,
    kind: DataKind = DataKind.REAL,
    municipalities: Collection[str] | None = None,
    overlaps: Literal["fault", "allowed"] = "fault",
    seen_until: datetime.date | None = None,
    latest: datetime.date | None = None,
) -> Register:
    """Read a register of matches: one row a match with its start, its end and why it ended.

    Args:
        path: CSV or XLSX with `MATCH_COLUMNS`: match (id), start and end (ISO dates, end "" while it lasts), reason ("" while
            it lasts), persons (refugees in the match), municipality (code); end_day "unknown" where it has ended and the day is
            not known. Further columns are kept as text. Or one row an event: match, event ("offered", "accepted", "started",
            "ended"), date and the other columns, each where it is known.
        kind: the kind of data, as the round says.
        municipalities: the codes that may occur; default the 98.
        overlaps: whether two matches of one person (columns refugee and volunteer) at a time are a "fault" or "allowed".
        seen_until: the day on which the register was drawn, where it has no column as_of; later dates are faults.
        latest: where nobody says when it was drawn, the last day on which something can have happened.

    Returns:
        Register with `MATCH_COLUMNS` and what else the table holds.

    Raises:
        SchemaError: with every fault at once: an end before or without its start, a reason without an end or of no known class, dates
            after the extract, a match that stands twice, overlapping matches of one person among them.

    Example:
        >>> from vvvresearch.files import read_csv
        >>> invented = read_csv("rounds/demo/municipalities.csv")["code"]
        >>> len(read_matches("surveys/demo/matches.csv", municipalities=invented))
        4695
    """
    log = is_event_log(header(path))
    table, failures = matches_of_events(path) if log else (path, [])
    frame = read_declared(table, [name for name in MATCH_COLUMNS if name != "persons" or not log], further=True)
    failures += empty_cells(frame, ("match",)) + double_ids(frame, "match")
    failures += code_failures([(int(row), code) for row, code in cells(frame, "municipality") if code], municipalities)
    starts, wrong_start = _dates(frame, "start", empty=True)
    ends, wrong_end = _dates(frame, "end", empty=True)
    persons, wrong = whole_numbers(frame, "persons", empty=log) if "persons" in frame.columns else ([], [])
    if "reason_class" in frame.columns:
        failures += unknown_words(frame, "reason_class", REASON_CLASSES, empty=True)
    failures += future_dates(frame, ("start", "end"), _drawn(frame, seen_until), latest)
    for row, start, end, reason in zip(frame.index, starts, ends, frame["reason"], strict=True):
        if start and end and end < start:
            failures.append(Failure(int(row), "end", end.isoformat(), "the match ends before it starts"))
        if end and not frame.at[row, "start"]:
            failures.append(Failure(int(row), "start", "", "the match ends without a start"))
        if reason and not end and not frame.at[row, "end"] and not (END_DAY in frame and frame.at[row, END_DAY] == DAY_UNKNOWN):
            failures.append(Failure(int(row), "reason", reason, "a reason without an end date"))
    at_once = _overlapping(frame, starts, ends) if overlaps == "fault" else []
    otherwise = 'where a person may have several matches at a time, write overlaps = "allowed" at the source' if at_once else ""
    raise_all([*failures, *at_once, *wrong_start, *wrong_end, *wrong], path, "the register of matches", otherwise)
    frame["start"], frame["end"] = starts, ends
    if persons:
        frame["persons"] = persons
    return Register(frame.reset_index(drop=True), kind, str(path), overlaps)


def _drawn(frame: pd.DataFrame, seen_until: datetime.date | None) -> datetime.date | None:
    """The day on which the register was drawn: the latest of its own column, else what the round says."""
    known = [day for day in _dates(frame, "as_of", empty=True)[0] if day] if "as_of" in frame.columns else []
    return max(known, default=seen_until)


def _overlapping(frame: pd.DataFrame, starts: Sequence[datetime.date | None], ends: Sequence[datetime.date | None]) -> list[Failure]:
    """Matches that start while an earlier one of the same person lasts; what stands twice is told as that."""
    days = [["" if day is None else day.isoformat() for day in column] for column in (starts, ends)]
    return [
        Failure(int(frame.index[place]), name, "", f"an earlier match of the same {name} still lasted")
        for name in ("refugee", "volunteer")
        if name in frame.columns
        for place in begun_at_once(list(frame["match"]), list(frame[name]), *days)
    ]


def read_register(
    path: TableFile,
    *,
    kind: DataKind = DataKind.REAL,
    municipalities: Collection[str] | None = None,
    numbers: Sequence[str] = (),
    shares: Sequence[str] = (),
) -> Register:
    """Read any other table of a round, such as context figures, campaigns or the plan of contacts; cells stay text.

    Args:
        path: CSV or XLSX with a header.
        kind: the kind of data, as the round says.
        municipalities: the codes that may occur in a column `municipality`, if there is one; default the 98.
        numbers: columns that hold counts.
        shares: columns that hold numbers from 0 to 1, such as memberships.

    Returns:
        Register; .frame holds text, the columns in `numbers` whole numbers, those in `shares` numbers.

    Raises:
        SchemaError: with every fault at once, unknown municipality codes, counts and shares that are none among them.

    Example:
        >>> len(read_register("surveys/2021-note/courses.csv", numbers=["participants"]))
        12
    """
    import pandas as pd

    frame = read_declared(path, (*numbers, *shares), further=True)
    failures = []
    if "municipality" in frame.columns:
        failures += code_failures([(int(row), code) for row, code in cells(frame, "municipality") if code], municipalities)
    for column in numbers:
        values, wrong = whole_numbers(frame, column, empty=True)
        failures += wrong
        frame[column] = pd.array(values, dtype="Int64")
    for column in shares:
        frame[column], wrong = _shares(frame, column)
        failures += wrong
    raise_all(failures, path, "the table")
    return Register(frame.reset_index(drop=True), kind, str(path))


def _shares(frame: pd.DataFrame, column: str) -> tuple[pd.Series, list[Failure]]:
    """A column of numbers from 0 to 1, with a decimal point or comma; <NA> where empty."""
    import pandas as pd

    shares = pd.to_numeric(frame[column].str.replace(",", ".").replace("", None), errors="coerce").astype("Float64")
    wrong = (frame[column] != "") & ~shares.between(0, 1).fillna(False)
    return shares, [Failure(row, column, value, "a number from 0 to 1 is needed") for row, value in cells(frame[wrong], column)]


def _dates(frame: pd.DataFrame, column: str, *, empty: bool) -> tuple[list[datetime.date | None], list[Failure]]:
    dates: list[datetime.date | None] = []
    failures = []
    for row, value in cells(frame, column):
        if not value and empty:
            dates.append(None)
            continue
        try:
            dates.append(datetime.date.fromisoformat(value))
        except ValueError:
            dates.append(None)
            failures.append(Failure(int(row), column, value, "a date is written 2021-08-25" if value else "a value is missing"))
    return dates, failures
