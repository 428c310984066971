"""Dates in columns and the month an extract is from: which number is the day, years that are missing, municipalities that stand twice."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vvvresearch.intake._cells import Tests
from vvvresearch.intake._dates import judge_dates, read_date
from vvvresearch.intake._fold import fold
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._table import Column, Table
from vvvresearch.locales import text

_ENGLISH = re.compile(
    r"\b(date|start|started|end|ended|begin|began|matched|month|reason|why|municipality|volunteer|refugee|"
    r"participants|course|interview date|when|title|id|no|status|closed|city)\b"
)
_DANISH = re.compile(
    r"\b(dato|slut|startdato|slutdato|aarsag|grund|kommune|frivillig|flygtning|deltagere|kursus|maaned|"
    r"afholdt|matchet|antal|koen|alder|tolk|gruppe|rolle|nr|ophoer|begyndt|form|borger|titel)"
)


def propose_dates(draft: Draft, columns: Iterable[Column], table: Table) -> None:
    """Decide and ask about columns of dates."""
    columns = list(columns)
    judged = {column.id: judge_dates(column.cells) for column in columns}
    settled = {one.order for one in judged.values()} & {"day", "month"} if any(_has_marks(column) for column in columns) else set()
    no_year = 0
    for column in columns:
        found = judged[column.id]
        key = f"dates.{column.id}"
        choices = (("day", text("intake.day_first", draft.lang)), ("month", text("intake.month_first", draft.lang)))
        if found.order == "mixed":
            draft.ask(Question(key, "choose", text("intake.ask_mixed_dates", draft.lang, heading=column.heading), choices))
        elif found.order == "open" and (is_english(table) or "month" in settled):
            proposal = "month" if "month" in settled else None
            draft.ask(Question(key, "choose", text("intake.ask_dates", draft.lang, heading=column.heading), choices, proposal=proposal))
        else:
            order = "month" if found.order == "month" else "day"
            draft.decide(key, column.heading, order, "declared" if found.order == "open" else "heading+values")
        if found.swapped:
            options = (("turn", text("intake.turn", draft.lang)), ("keep", text("intake.keep", draft.lang)))
            words = text("intake.ask_swapped", draft.lang, heading=column.heading, count=found.swapped)
            draft.ask(Question(f"swapped.{column.id}", "choose", words, options, proposal="turn"))
        if found.wrong:
            rows = ", ".join(str(table.lines[place]) for place in found.wrong[:8])
            draft.losses.append(text("intake.no_dates", draft.lang, heading=column.heading, count=len(found.wrong), rows=rows))
        no_year += found.no_year
    if no_year:
        draft.ask(Question("this_file.year", "fill", text("intake.ask_year", draft.lang, count=no_year), proposal=year_in(table.titles)))


def tell_without_day(draft: Draft, columns: Iterable[Column], table: Table) -> None:
    """Which rows have a month where a day is needed; their reader refuses them."""
    for column in columns:
        rows = [str(line) for line, cell in zip(table.lines, column.cells, strict=True) if cell != "" and read_date(cell).kind == "month"]
        if rows:
            words = text("intake.told_no_day", draft.lang, heading=column.heading, count=len(rows), rows=", ".join(rows[:8]))
            draft.tell(words)


def _has_marks(column: Column) -> bool:
    return any(isinstance(cell, str) and re.search(r"\d/\d", cell) for cell in column.cells)


def is_english(table: Table) -> bool:
    """Whether headings are English: then a slash leaves open which number is the day."""
    danish = sum(bool(_DANISH.search(column.folded)) for column in table.columns)
    english = sum(bool(_ENGLISH.search(column.folded)) for column in table.columns)
    return english > danish


def year_in(titles: Iterable[str]) -> str | None:
    """The year that a title above the table names, None when none or several are named."""
    years = {year for title in titles for year in re.findall(r"\b((?:19|20)\d\d)\b", title)}
    return years.pop() if len(years) == 1 else None


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
