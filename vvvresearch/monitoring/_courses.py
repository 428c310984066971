"""Courses, activities and materials: what was held and what was published, by date, year and language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from vvvresearch.evidence import COURSE_FORMATS, COURSE_TYPES, Register
from vvvresearch.locales import Phrase
from vvvresearch.monitoring._records import UNKNOWN, cells_of, records, stated, words_of
from vvvresearch.results import TOTAL, Base, Column, Labels, Measure, Result, Total
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
    return Result(
        frame=_summed(courses, {"year": [str(date)[:4] for date in courses.frame["date"]]}, "rows"),
        base=Base(len(courses.frame), "course"),
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


def _summed(courses: Register, keys: Mapping[str, Sequence[str]], n: str) -> pd.DataFrame:
    """How many courses, under the name `n`, and participants have the same keys, in their order."""
    held: dict[tuple[str, ...], list[int]] = {}
    for key, participants in zip(zip(*keys.values(), strict=True), courses.frame["participants"], strict=True):
        held.setdefault(key, []).append(int(participants))
    return pd.DataFrame([(*key, len(own), sum(own)) for key, own in sorted(held.items())], columns=[*keys, n, "participants"])


def _kinds(courses: Register) -> Result:
    """Courses and participants by type and format, and by whom they were for where the register says."""
    cells = {name: list(cells_of(courses.frame, name)) for name in ("type", "format", "experience")}
    keys = [name for name, own in cells.items() if name != "experience" or any(own)]
    frame = _summed(courses, {name: [one or UNKNOWN for one in cells[name]] for name in keys}, "n")
    return Result(
        frame=frame,
        base=Base(len(courses.frame), "course"),
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


def activities(register: Register | pd.DataFrame) -> Result:
    """Activities and attendances by year and type. Who came twice came twice: attendances are no persons.

    Args:
        register: one row an activity: date, activity_type, participants, and where known volunteers (among them), municipality.

    Returns:
        Result; frame year ("total" last), activity_type ("total" last in each), n (activities), participants, volunteers (where the log
        has them). Addresses `activity_log.<year>.<type>.n`, `.participants`. Totals: `n`, `participants`, `municipalities`.

    Raises:
        AnalysisError: no table, or columns are missing.

    Example:
        >>> rows = {"date": ["2021-01-05", "2021-02-05"], "activity_type": ["café", "udflugt"], "participants": [12, 30]}
        >>> activities(pd.DataFrame(rows)).cell("activity_log.2021.total.participants").value
        42
    """
    known = records(register, "activities", ("date", "activity_type", "participants"))
    numbers = [name for name in ("participants", "volunteers") if name in known.frame.columns]
    rows = pd.DataFrame({"year": cells_of(known.frame, "date").str[:4], "activity_type": stated(cells_of(known.frame, "activity_type"))})
    rows = rows.assign(n=1, **{name: pd.to_numeric(known.frame[name]).astype("Int64") for name in numbers})
    order = list(rows["activity_type"].value_counts().index)
    found = []
    for year in [*sorted(rows["year"].unique()), TOTAL]:
        own = rows if year == TOTAL else rows[rows["year"] == year]
        for kind in [*order, TOTAL]:
            chosen = own if kind == TOTAL else own[own["activity_type"] == kind]
            if len(chosen):
                found.append((year, kind, len(chosen), *(int(chosen[name].sum()) for name in numbers)))
    frame = pd.DataFrame(found, columns=["year", "activity_type", "n", *numbers])
    base = Base(len(rows), "activity")
    towns = cells_of(known.frame, "municipality")
    return Result(
        frame=frame,
        base=base,
        title=Phrase("monitoring.activities_title"),
        notes=(Phrase("monitoring.activities_note"),),
        shows=(
            Column("year", Phrase("programme.volume_period")),
            Column("activity_type", Phrase("monitoring.activity_type")),
            Column("n", Phrase("monitoring.activities_title"), "count"),
            *(Column(name, Phrase(f"monitoring.activities_{name}"), "count") for name in numbers),
        ),
        kind=known.kind,
        at="activity_log",
        keys=("year", "activity_type"),
        measures=tuple(Measure(name, of="") for name in ("n", *numbers)),
        labels={"activity_type": words_of(order, "activity"), "year": Labels({TOTAL: Phrase("common.total")})},
        totals={
            "n": Total(len(rows), base),
            "participants": Total(int(rows["participants"].sum()), base),
            "municipalities": Total(int(towns[towns != ""].nunique()), base),
        },
    )


def materials(register: Register | pd.DataFrame) -> Result:
    """Materials in the order in which they were published, with their number by type.

    Args:
        register: one row a material: material (id), title, published, material_type, and where known audience, language, copies.

    Returns:
        Result; frame material, title, published, material_type and what else is known. Addresses `materials.<material>.copies`. Totals:
        `n`, `copies`. Part `types`: material_type, n, copies.

    Raises:
        AnalysisError: no table, or columns are missing.

    Example:
        >>> rows = {"material": ["F1"], "title": ["Kom i gang"], "published": ["2021-03-01"], "material_type": ["folder"], "copies": [500]}
        >>> materials(pd.DataFrame(rows)).cell("materials.total.copies").value
        500
    """
    known = records(register, "materials", ("material", "title", "published", "material_type"))
    counted = "copies" in known.frame.columns
    further = [name for name in ("audience", "language") if (cells_of(known.frame, name) != "").any()]
    names = ["material", "title", "published", "material_type", *further]
    frame = pd.DataFrame({name: cells_of(known.frame, name).to_numpy() for name in names})
    if counted:
        frame["copies"] = pd.array(pd.to_numeric(known.frame["copies"]).to_numpy(), dtype="Int64")
    frame = frame.sort_values(["published", "material"], kind="stable", ignore_index=True)
    numbers = ["copies"] if counted else []
    base = Base(len(frame), "material")
    groups = frame.assign(material_type=stated(frame["material_type"])).groupby("material_type", sort=True)
    types = groups.size().reset_index(name="n")
    if counted:
        types["copies"] = groups["copies"].sum().to_numpy()
    copies = (Column("copies", Phrase("monitoring.copies"), "count"),) if counted else ()
    return Result(
        frame=frame,
        base=base,
        title=Phrase("monitoring.materials_title"),
        shows=(*(Column(name, Phrase(f"monitoring.{name}")) for name in names if name != "material"), *copies),
        kind=known.kind,
        at="materials",
        keys=("material",),
        measures=tuple(Measure(name, of="") for name in numbers),
        labels={
            "material_type": words_of(frame["material_type"], "material"),
            **({"audience": words_of(frame["audience"], "audience")} if "audience" in further else {}),
        },
        totals={"n": Total(len(frame), base), **{name: Total(int(frame[name].sum()), base) for name in numbers}},
        parts={
            "types": Result(
                frame=types,
                base=base,
                title=Phrase("monitoring.material_types"),
                shows=(
                    Column("material_type", Phrase("monitoring.material_type")),
                    Column("n", Phrase("monitoring.materials_title"), "count"),
                    *copies,
                ),
                kind=known.kind,
                at="materials/types",
                keys=("material_type",),
                measures=tuple(Measure(name, of="") for name in ("n", *numbers)),
                labels={"material_type": words_of(types["material_type"], "material")},
            )
        },
    )
