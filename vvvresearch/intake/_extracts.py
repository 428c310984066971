"""Extracts: the month or the day they were drawn, and municipalities that stand twice."""

from __future__ import annotations

import datetime
import re

from vvvresearch.intake._cells import Tests
from vvvresearch.intake._date_columns import AS_OF, days_of, year_in
from vvvresearch.intake._dates import read_date
from vvvresearch.intake._fold import fold
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._table import Column, Table
from vvvresearch.locales import text

# A day in numbers, whose marks are lost once a title is folded.
_WRITTEN = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{2,4}")


def propose_extract(draft: Draft, table: Table, found: dict[str, Column], tests: Tests, name: str) -> None:
    """The month of an extract, from two of its title, its headings and its name (else it is asked), and municipalities that stand twice."""
    if "extract" not in found:
        status = found.get("status")
        named = [month_in([words]) for words in (*table.titles, status.heading if status is not None else "", name)]
        months = [month for month in named if month is not None and "-" in month]
        if len(months) > 1 and len(set(months)) == 1:
            draft.this_file["extract"] = months[0]
            draft.tell(text("intake.told_extract", draft.lang, month=months[0]))
        else:
            likely = next((month for month in (*months, *named) if month is not None), None)
            draft.ask(Question("this_file.extract", "fill", text("intake.ask_extract", draft.lang), proposal=likely))
    town = found.get("municipality")
    if town is None or "extract" in found:
        return
    codes: dict[str, list[int]] = {}
    for line, value in zip(table.lines, town.texts, strict=True):
        code = tests.municipalities.find(value).code if value else ""
        if code:
            codes.setdefault(code, []).append(line)
    # Of rows that are equal in every cell one is left out anyhow.
    rows = dict(zip(table.lines, zip(*(column.texts for column in table.columns), strict=True), strict=True))
    twice = {code: lines for code, lines in codes.items() if len({rows[line] for line in lines}) > 1}
    if twice:
        names = tests.municipalities.names
        items = tuple(f"{names[code]} ({', '.join(map(str, lines))})" for code, lines in twice.items())
        choices = (("first", text("intake.first_row", draft.lang)), ("last", text("intake.last_row", draft.lang)))
        targets = tuple(f"doubles.{code}" for code in twice)
        draft.ask(Question("doubles", "choose", text("intake.ask_twice", draft.lang), choices, items, targets=targets))


def propose_drawn(draft: Draft, table: Table, found: dict[str, Column], name: str) -> datetime.date | None:
    """The day on which a register of matches was drawn, where its title or its file says it, and nothing in it ended later.

    Args:
        draft: of the register; its order of days is decided or proposed already.
        table, found: the register, role → column.
        name: what the file is called, without its ending.
    """
    day = next((day for words in (name, *table.titles) if (day := _day_in(words))), "")
    ends = days_of(draft, found["end"]) if "end" in found else [""]
    if not day or "as_of" in found or "start" not in found or max(ends) > day:
        return None
    draft.decide(AS_OF, day, day, "declared")
    draft.tell(text("intake.told_drawn", draft.lang, day=day))
    return datetime.date.fromisoformat(day)


def _day_in(words: str) -> str:
    """The day that words name: "31-10-2027", "2027-10-31", "as at 31 October 2027"; "" where they name none."""
    written = (read_date(found[0]) for found in _WRITTEN.finditer(words.replace("_", " ")))
    plain = fold(words).split()
    worded = (read_date(" ".join(plain[start : start + 3])) for start in range(len(plain) - 2))
    return next((reading.value for reading in (*written, *worded) if reading.kind == "day"), "")


def month_in(titles: list[str]) -> str | None:
    """The month that a title names, the year where it names no month, None where it names neither."""
    for title in titles:
        for found in _WRITTEN.finditer(title):
            if (reading := read_date(found[0])).kind == "day":
                return reading.value[:7]
        words = fold(title).split()
        for width in (3, 2):
            for start in range(len(words) - width + 1):
                reading = read_date(" ".join(words[start : start + width]))
                if reading.kind in ("day", "month"):
                    return reading.value[:7]
    return year_in(titles)
