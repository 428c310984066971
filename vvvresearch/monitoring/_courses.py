"""The course register as a table: every course and workshop by date, with the totals that follow from the rows."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from vvvresearch.evidence import Register
from vvvresearch.locales import Phrase, check_lang
from vvvresearch.results import Base, Column, Result


@dataclass(frozen=True, kw_only=True, repr=False)
class CourseTable(Result):
    """The register by date; `totals` holds courses, workshops, participants, physical, webinars, and workshop participants."""

    summary: dict[str, int] = field(default_factory=dict)


def course_table(courses: Register, lang: str = "da") -> CourseTable:
    """The course register sorted by date, with totals counted from the rows.

    Args:
        courses: a course register (`COURSE_COLUMNS`).
        lang: "da" or "en".

    Returns:
        CourseTable; frame name, date, participants, format, type. A note says when the source's rows were not in date order.

    Example:
        >>> import datetime
        >>> import pandas as pd
        >>> rows = pd.DataFrame({"course": ["K1"], "name": ["Dansk"], "date": [datetime.date(2021, 3, 3)], "participants": [9],
        ...     "format": ["webinar"], "type": ["course"]})
        >>> course_table(Register(rows)).summary["participants"]
        9
    """
    said = check_lang(lang)
    frame = courses.frame
    dates = list(frame["date"])
    ordered = frame.sort_values(["date", "name"], kind="stable").reset_index(drop=True)
    workshops = ordered["type"] == "workshop"
    physical = ordered["format"] == "physical"
    totals = {
        "courses": int((~workshops).sum()),
        "workshops": int(workshops.sum()),
        "participants": int(ordered["participants"].sum()),
        "workshop_participants": int(ordered.loc[workshops, "participants"].sum()),
        "physical_courses": int((physical & ~workshops).sum()),
        "physical_workshops": int((physical & workshops).sum()),
        "webinars": int((ordered["format"] == "webinar").sum()),
    }
    notes: list[str | Phrase] = [Phrase("programme.course_totals", dict(totals))]
    if dates != sorted(dates):
        notes.append(Phrase("programme.course_order"))
    shown = pd.DataFrame(
        {
            "name": ordered["name"],
            "date": ordered["date"],
            "participants": ordered["participants"].astype(int),
            "format": [Phrase(f"programme.format_{value}") for value in ordered["format"]],
            "type": [Phrase(f"programme.type_{value}") for value in ordered["type"]],
        }
    )
    formats = {"date": "date", "participants": "count"}
    return CourseTable(
        frame=shown,
        summary=totals,
        base=Base(len(ordered), "course", source=""),
        title=Phrase("programme.course_title"),
        notes=tuple(notes),
        shows=tuple(Column(name, Phrase(f"programme.course_{name}"), formats.get(name, "text")) for name in shown.columns),  # type: ignore[arg-type]
        kind=courses.kind,
        lang=said,
    )
