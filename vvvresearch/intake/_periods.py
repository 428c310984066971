"""Columns that say the same of municipalities at several times, put below each other: one row a municipality and time."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Sequence

from vvvresearch.intake._cells import is_nothing, is_number, quarter_of
from vvvresearch.intake._dates import read_date
from vvvresearch.intake._fold import fold, slugs
from vvvresearch.intake._grid import is_total
from vvvresearch.intake._municipalities import Municipalities
from vvvresearch.intake._proposal import Draft
from vvvresearch.intake._table import Column, Table
from vvvresearch.intake._words import meanings
from vvvresearch.locales import Lang, text

_CATEGORIES = frozenset(("1", "2", "3", "groen", "gul", "roed", "green", "yellow", "red", "kategori 1", "kategori 2", "kategori 3", ""))
_YEAR, _QUARTER = re.compile(r"(19|20)\d\d"), re.compile(r"q?([1-4])( (kvartal|kv|kvt|quarter))?|(?:kvartal|kv|kvt|quarter) ([1-4])")
# What figures side by side may be: those of the context, or a table of the round's own.
OVER_TIME = ("register", "context")
_NAMES = {"da": ("År", "Periode", "Antal"), "en": ("Year", "Period", "Number")}
_NO_NAME = re.compile(r"(ark|sheet|tabel|table|data|udtraek|blad|tal|numbers|maaneder|months|kvartaler|quarters|aar|years)? ?\d*")
_YEARS, _FIRST = re.compile(r"(19|20)\d\d( ?/ ?(20)?\d\d)?"), re.compile(r"\d{4}-\d\d-01( 00:00:00)?")
_TOWNS, _HALF, _TOGETHER, _MOST = 0.8, 0.5, 0.8, 12
_MARKS = " -–—:,(|)."
_HALF_YEAR = re.compile(
    r"\b(?:(?P<before>20\d\d)[ -]*)?(?:(?P<half>[12])\.? (?:halvår|half(?:[ -]year)?)|h(?P<h>[12]))\b(?(before)| *(?P<year>20\d\d))",
    re.IGNORECASE,
)


def with_times_as_rows(table: Table, municipalities: Municipalities) -> Table:
    """A table of municipalities whose headings name quarters or months, as one row a municipality and time; else as it is.

    Quarters are headings over categories ("1. kvartal 2025"), months stand beside what was looked at ("Aktiv maj 2025"). A year and a
    quarter in columns of their own become one.
    """
    town = next((column for column in table.columns if _holds_towns(column, municipalities)), None)
    if town is None:
        return table
    headed = {column: quarter for column in table.columns if (quarter := quarter_of(column.heading))}
    # One quarter may have a word that the others do not: it is judged beside them, and its words are told.
    quarters = {column.id: quarter for column, quarter in headed.items() if _known_categories([column]) >= _HALF}
    if _known_categories(list(headed)) >= _TOGETHER and len(quarters) > 1 and len(set(quarters.values())) == len(quarters):
        return _stacked(table, {name: (quarter, "Kategori") for name, quarter in quarters.items()}, "Kvartal")
    months = {column.id: found for column in table.columns if (found := _month_and_rest(column.heading)) is not None}
    times: dict[str, set[str]] = {}
    for month, rest in months.values():
        times.setdefault(fold(rest), set()).add(month)
    looked_at = any(_is_presence(column) for column in table.columns if column.id in months)
    if looked_at and len({frozenset(one) for one in times.values()}) == 1 and len(next(iter(times.values()))) > 1:
        return _stacked(table, {name: (month, rest or "Status") for name, (month, rest) in months.items()}, "Udtræk")
    return _with_quarters(table)


def over_time(table: Table, lang: Lang) -> Table | None:
    """A table of numbers whose headings are years, quarters or months, as one row a time; None where it is none.

    Each number that is told over time ("Antal 2023", "Antal 2024") has the same times; what stands in front of them tells what it is of.
    """
    # Months side by side are those of the year above them.
    year = next((found[0] for title in table.titles for found in _YEAR.finditer(title)), "")
    times = {column.id: found for column in table.columns if (found := time_and_rest(column.heading, year)) is not None}
    told: dict[str, list[str]] = {}
    for time, rest in times.values():
        told.setdefault(fold(rest), []).append(time)
    cells = [text for column in table.columns if column.id in times for text in column.filled]
    numbers = sum(is_number(text) or is_nothing(text) for text in cells)
    table = dataclasses.replace(table, columns=tuple(one for one in table.columns if one.id in times or not is_total(one.heading)))
    others = [column for column in table.columns if column.id not in times and column.filled]
    alike = len({frozenset(own) for own in told.values()}) == 1 and all(len(set(own)) == len(own) > 1 for own in told.values())
    if not alike or not cells or numbers < _TOGETHER * len(cells) or not 1 <= len(others) <= len(times):
        return None
    year_word, period, number = _NAMES[lang]
    # What a sheet is called says what is counted on it.
    number = number if not table.sheet or _NO_NAME.fullmatch(fold(table.sheet)) else table.sheet
    yearly = all(_YEARS.fullmatch(time) for time, _ in times.values())
    return _stacked(table, {name: (time, rest or number) for name, (time, rest) in times.items()}, year_word if yearly else period)


def time_and_rest(heading: str, year: str = "") -> tuple[str, str] | None:
    """The year, half, quarter or month that a heading names, and what else it says; None where it names none.

    Args:
        heading: of a column.
        year: of a month that is named without one; "" where nothing tells it.
    """
    words = heading.split()
    if (half := _HALF_YEAR.search(heading)) is not None:
        rest = " ".join((heading[: half.start()] + heading[half.end() :]).split())
        return f"{half['year'] or half['before']}-H{half['half'] or half['h']}", rest.strip(_MARKS)
    for width in (3, 2, 1):
        for start in range(len(words) - width + 1):
            said = " ".join(words[start : start + width]).strip(_MARKS)
            reading = read_date(f"{said} {year}" if year and said.isalpha() else said)
            # A spreadsheet keeps a month as its first day.
            if reading.kind == "month" or (reading.kind == "day" and _FIRST.fullmatch(said)):
                time = reading.value[:7]
            else:
                time = said if _YEARS.fullmatch(said) else quarter_of(said) if reading.kind != "day" else ""
            if time:
                return time, " ".join((*words[:start], *words[start + width :])).strip(_MARKS)
    return None


def _holds_towns(column: Column, municipalities: Municipalities) -> bool:
    known = sum(count for text, count in column.counts.items() if municipalities.find(text).how != "none")
    return bool(re.search(r"kommun|municipal", column.folded)) and known >= _TOWNS * len(column.filled) > 0


def _known_categories(columns: Sequence[Column]) -> float:
    """The share of the filled cells of columns that hold a category."""
    known = sum(count for column in columns for text, count in column.counts.items() if fold(text) in _CATEGORIES)
    return known / max(1, sum(len(column.filled) for column in columns))


def tell_other_categories(draft: Draft, column: Column, table: Table) -> None:
    """Words of a column of categories that are none of the usual ones beside cells that are: each becomes a category of its own."""
    if not _HALF <= _known_categories([column]) < 1:
        return
    rows = [f"{cell} ({line})" for line, cell in zip(table.lines, column.texts, strict=True) if cell and fold(cell) not in _CATEGORIES]
    shown = ", ".join(rows[:_MOST]) + (" …" if len(rows) > _MOST else "")
    draft.tell(text("intake.told_other_categories", draft.lang, heading=column.heading, rows=shown))


def _is_presence(column: Column) -> bool:
    known = sum(count for text, count in column.counts.items() if fold(text) in meanings("presence"))
    return known >= _TOGETHER * len(column.filled) > 0


def _month_and_rest(heading: str) -> tuple[str, str] | None:
    """The month and year that a heading names, and what else it says."""
    words = heading.split()
    for width in (3, 2):
        for start in range(len(words) - width + 1):
            reading = read_date(" ".join(words[start : start + width]).strip(_MARKS))
            if reading.kind in ("day", "month"):
                return reading.value[:7], " ".join((*words[:start], *words[start + width :])).strip(_MARKS)
    return None


def _stacked(table: Table, times: dict[str, tuple[str, str]], heading: str) -> Table:
    """Each time's columns below those of the time before; columns without a time stand with every one."""
    order = list(dict.fromkeys(time for time, _ in times.values()))
    names = list(dict.fromkeys(name for _, name in times.values()))
    kept = [column for column in table.columns if column.id not in times]
    there = {times[column.id]: column for column in table.columns if column.id in times}
    empty = ("",) * len(table)
    headings = [*(column.heading for column in kept), heading, *names]
    cells = [column.cells * len(order) for column in kept]
    cells.append(tuple(time for time in order for _ in table.lines))
    cells += [tuple(cell for time in order for cell in (there[time, name].cells if (time, name) in there else empty)) for name in names]
    # Where nothing is written of a municipality at a time there is no data: no row, and nothing that a reader could miss.
    said = [any(column[row] not in (None, "") for column in cells[-len(names) :]) for row in range(len(table) * len(order))]
    columns = tuple(
        Column(name, identifier, tuple(itertools.compress(own, said)))
        for name, identifier, own in zip(headings, slugs(headings), cells, strict=True)
    )
    stacked = tuple(column.heading for column in table.columns if column.id in times)
    lines = tuple(itertools.compress(table.lines * len(order), said))
    return dataclasses.replace(table, columns=columns, lines=lines, stacked=stacked)


def _with_quarters(table: Table) -> Table:
    """A table whose year and quarter stand apart, with both in the column of the quarter."""
    year = next((one for one in table.columns if one.folded in ("aar", "year") and _all(one, _YEAR)), None)
    quarter = next((one for one in table.columns if re.fullmatch(r"kvartal|kvt?|quarter", one.folded) and _all(one, _QUARTER)), None)
    if year is None or quarter is None:
        return table
    numbers = [found[1] or found[4] if (found := _QUARTER.fullmatch(fold(text))) else "" for text in quarter.texts]
    cells = tuple(f"{when}-Q{number}" if number and when else "" for when, number in zip(year.texts, numbers, strict=True))
    columns = tuple(dataclasses.replace(one, cells=cells) if one is quarter else one for one in table.columns if one is not year)
    return dataclasses.replace(table, columns=columns, stacked=(year.heading, quarter.heading))


def _all(column: Column, pattern: re.Pattern[str]) -> bool:
    return bool(column.counts) and all(pattern.fullmatch(fold(text)) for text in column.counts)
