"""Monitoring extracts: the month they are from, and municipalities that stand twice."""

from __future__ import annotations

from vvvresearch.intake._cells import Tests
from vvvresearch.intake._date_columns import year_in
from vvvresearch.intake._dates import read_date
from vvvresearch.intake._fold import fold
from vvvresearch.intake._proposal import Draft, Question
from vvvresearch.intake._table import Column, Table
from vvvresearch.locales import text


def propose_extract(draft: Draft, table: Table, found: dict[str, Column], tests: Tests) -> None:
    """Ask for the month of an extract that does not say it, and for municipalities that stand in it twice."""
    if "extract" not in found:
        status = found.get("status")
        titles = [*table.titles, *([status.heading] if status is not None else [])]
        draft.ask(Question("this_file.extract", "fill", text("intake.ask_extract", draft.lang), proposal=_month_in(titles)))
    town = found.get("municipality")
    if town is None or "extract" in found:
        return
    codes: dict[str, list[int]] = {}
    for line, value in zip(table.lines, town.texts, strict=True):
        code = tests.municipalities.find(value).code if value else ""
        if code:
            codes.setdefault(code, []).append(line)
    twice = {code: lines for code, lines in codes.items() if len(lines) > 1}
    if twice:
        names = tests.municipalities.names
        items = tuple(f"{names[code]} ({', '.join(map(str, lines))})" for code, lines in twice.items())
        choices = (("first", text("intake.first_row", draft.lang)), ("last", text("intake.last_row", draft.lang)))
        targets = tuple(f"doubles.{code}" for code in twice)
        draft.ask(Question("doubles", "choose", text("intake.ask_twice", draft.lang), choices, items, targets=targets))


def _month_in(titles: list[str]) -> str | None:
    """The month that a title names, None where it names none."""
    for title in titles:
        words = fold(title).split()
        for width in (3, 2):
            for start in range(len(words) - width + 1):
                reading = read_date(" ".join(words[start : start + width]))
                if reading.kind in ("day", "month"):
                    return reading.value[:7]
    return year_in(titles)
