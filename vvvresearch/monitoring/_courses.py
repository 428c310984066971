"""The course register as a table: every course and workshop by date, with the totals that follow from the rows."""

from __future__ import annotations

from vvvresearch.evidence import COURSE_FORMATS, COURSE_TYPES, Register
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._records import cells_of, records, stated, words_of
from vvvresearch.results import Base, Column, Labels, Measure, Result, Total
from vvvresearch.statistics._interval import whole_numbers

_COLUMNS = ("course", "name", "date", "participants", "format", "type")
_WORDS = {
    "format": Labels({value: Phrase(f"programme.format_{value}") for value in COURSE_FORMATS}),
    "type": Labels({value: Phrase(f"programme.type_{value}") for value in COURSE_TYPES}),
}


def course_table(courses: Register) -> Result:
    """The course register sorted by date, with totals counted from the rows.

    Args:
        courses: a course register (`COURSE_COLUMNS`).

    Returns:
        Result; frame course, name, date, participants, format, type. Addresses `courses.<course>.participants` and
        `courses.total.rows`, `.courses`, `.workshops`, `.participants`, `.workshop_participants`, `.physical_courses`,
        `.physical_workshops`, `.webinars`. Part `kinds`: courses and participants by type, format and, where the register says, by whom
        they were for (experience). Part `years`: rows and participants by year,
        addresses `courses/years.<year>.rows`. A note says when the source's rows were not in date order.

    Raises:
        AnalysisError: a column is missing, or a course whose participants were not counted.

    Example:
        >>> import datetime
        >>> import pandas as pd
        >>> rows = pd.DataFrame({"course": ["K1"], "name": ["Dansk"], "date": [datetime.date(2021, 3, 3)], "participants": [9],
        ...     "format": ["webinar"], "type": ["course"]})
        >>> course_table(Register(rows)).cell("participants").value
        9
    """
    ordered = records(courses, "courses", _COLUMNS).frame.sort_values(["date", "name"], kind="stable").reset_index(drop=True)
    frame = ordered[list(_COLUMNS)].assign(participants=whole_numbers(ordered["participants"], "participants"))
    workshop, physical = frame["type"] == "workshop", frame["format"] == "physical"
    numbers = {
        "rows": len(frame),
        "courses": int((~workshop).sum()),
        "workshops": int(workshop.sum()),
        "participants": int(frame["participants"].sum()),
        "workshop_participants": int(frame.loc[workshop, "participants"].sum()),
        "physical_courses": int((physical & ~workshop).sum()),
        "physical_workshops": int((physical & workshop).sum()),
        "webinars": int((frame["format"] == "webinar").sum()),
    }
    notes = [Phrase("programme.course_totals", dict(numbers))]
    if list(courses.frame["date"]) != sorted(courses.frame["date"]):
        notes.append(Phrase("programme.course_order"))
    return Result(
        frame=frame,
        base=Base(len(frame), "course"),
        title=Phrase("programme.course_title"),
        notes=tuple(notes),
        shows=(
            Column("name", Phrase("programme.course_name")),
            Column("date", Phrase("programme.course_date"), "date"),
            Column("participants", Phrase("programme.course_participants"), "count"),
            Column("format", Phrase("programme.course_format")),
            Column("type", Phrase("programme.course_type")),
        ),
        kind=courses.kind,
        at="courses",
        keys=("course",),
        measures=(Measure("participants", of=""),),
        labels=_WORDS,
        totals={name: Total(number) for name, number in numbers.items()},
        parts={"kinds": _kinds(courses), "years": _years(courses)},
    )


def _years(courses: Register) -> Result:
    """Courses and participants by the year in which they were held."""
    rows = courses.frame.assign(year=[str(date)[:4] for date in courses.frame["date"]])
    frame = rows.groupby("year", sort=True).agg(rows=("course", "size"), participants=("participants", "sum")).reset_index()
    return Result(
        frame=frame.astype({"rows": int, "participants": int}),
        base=Base(len(rows), "course"),
        title=Phrase("monitoring.courses_years"),
        shows=(
            Column("year", Phrase("programme.volume_period")),
            Column("rows", Phrase("monitoring.courses_count"), "count"),
            Column("participants", Phrase("programme.course_participants"), "count"),
        ),
        kind=courses.kind,
        at="courses/years",
        keys=("year",),
        measures=(Measure("rows", of=""), Measure("participants", of="")),
    )


def _kinds(courses: Register) -> Result:
    """Courses and participants by type and format, and by whom they were for where the register says."""
    keys = ["type", "format", *(["experience"] if (cells_of(courses.frame, "experience") != "").any() else [])]
    rows = courses.frame.assign(**{name: stated(cells_of(courses.frame, name)) for name in keys})
    frame = rows.groupby(keys, sort=True).agg(n=("course", "size"), participants=("participants", "sum")).reset_index()
    return Result(
        frame=frame.astype({"n": int, "participants": int}),
        base=Base(len(rows), "course"),
        title=Phrase("monitoring.courses_kinds"),
        shows=(
            *(
                Column(name, Phrase("monitoring.courses_experience" if name == "experience" else f"programme.course_{name}"))
                for name in keys
            ),
            Column("n", Phrase("monitoring.courses_count"), "count"),
            Column("participants", Phrase("programme.course_participants"), "count"),
        ),
        kind=courses.kind,
        at="courses/kinds",
        keys=tuple(keys),
        measures=(Measure("n", of=""), Measure("participants", of="")),
        labels={**_WORDS, "experience": words_of(frame["experience"] if "experience" in keys else (), "experience")},
    )
