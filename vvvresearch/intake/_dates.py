"""Dates as people write them: which day a cell means, and what a whole column leaves open."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from vvvresearch.intake._fold import fold
from vvvresearch.intake._workbook import Cell
from vvvresearch.locales import month_number

_OPEN = frozenset(
    (
        "igangvaerende",
        "i gang",
        "igang",
        "aktiv",
        "loebende",
        "ongoing",
        "still active",
        "still going",
        "active",
        "fortsat",
        "ikke afsluttet",
        "",
    )
)
_UNKNOWN = frozenset(("ukendt", "unknown", "uoplyst", "ikke oplyst", "ved ikke", "n a", "na"))
_SEASONS = "foraar|forar|sommer|efteraar|vinter|spring|summer|autumn|fall|winter"
_PERIODS = re.compile(rf"([1-4] (kvartal|kv|quarter)|q[1-4]|h[12]|[12] halvaar|{_SEASONS})( (19|20)?\d\d)?|(19|20)\d\d( q[1-4]| h[12])?")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})([T ,]+\d{1,2}[:.]\d\d.*)?")
_MONTH_ONLY = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})[-/.](\d{4})")
_NUMBERS = re.compile(r"(\d{1,2})\s?([./-])\s?(\d{1,2})(?:\s?[./-]\s?|\s(?=\d{4}))(\d{4}|\d{2})([T ,]+\d{1,2}[:.]\d\d.*)?")
_NO_YEAR = re.compile(r"(\d{1,2})\s?([./-])\s?(\d{1,2})\.?|(uge|week) \d{1,2}")
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 55_000
Kind = Literal["day", "month", "period", "open", "unknown", "no_year", "none"]


@dataclass(frozen=True)
class Reading:
    """What a cell means.

    Args:
        kind: day or month (both with a value), period (kept as it stands), open (not ended), unknown, no_year, none (no date).
        value: ISO, "2021-05-03" or "2021-05"; "" otherwise.
        slashed: the two leading numbers where a mark leaves open which is the day, None elsewhere.
        text: whether it is text rather than a date cell.
    """

    kind: Kind
    value: str = ""
    slashed: tuple[int, int] | None = None
    text: bool = True


def read_date(cell: Cell, *, month_first: bool = False, year: int | None = None) -> Reading:
    """The date in a cell.

    Args:
        cell: as in the file.
        month_first: whether 3/4/2023 is the fourth of March.
        year: for dates without one.

    Example:
        >>> read_date("3. maj 2023").value, read_date("4/5-2023").value, read_date("aug. 22").value
        ('2023-05-03', '2023-05-04', '2022-08')
    """
    if isinstance(cell, datetime.date):
        day = cell.date() if isinstance(cell, datetime.datetime) else cell
        return Reading("day", day.isoformat(), text=False)
    if isinstance(cell, int | float):
        serial = int(cell)
        if _FIRST_SERIAL <= serial <= _LAST_SERIAL:
            return Reading("day", (datetime.date(1899, 12, 30) + datetime.timedelta(serial)).isoformat(), text=False)
        return Reading("period", str(serial)) if 1990 <= serial <= 2100 else Reading("none")
    text = " ".join(str(cell).split())
    plain = fold(text)
    if plain in _OPEN:
        return Reading("open")
    if plain in _UNKNOWN:
        return Reading("unknown")
    if found := _ISO.fullmatch(text):
        return _day(*(int(found[place]) for place in (1, 3, 4)))
    if found := _NUMBERS.fullmatch(text):
        return _numbers(int(found[1]), found[2], int(found[3]), _full_year(found[4]), month_first)
    if found := _MONTH_ONLY.fullmatch(text):
        whole, month = int(found[1] or found[4]), int(found[2] or found[3])
        return Reading("month", f"{whole}-{month:02}") if 1 <= month <= 12 and 1900 < whole < 2100 else Reading("none")
    if text.isdigit() and _FIRST_SERIAL <= int(text) <= _LAST_SERIAL:
        return read_date(int(text))
    if _PERIODS.fullmatch(plain):
        return Reading("period", text)
    return _words(text, plain, month_first, year)


def _words(text: str, plain: str, month_first: bool, year: int | None) -> Reading:
    parts = plain.removeprefix("d ").removeprefix("den ").split()
    named = [place for place, part in enumerate(parts) if month_number(part)]
    if len(named) == 1 and len(parts) <= 3:
        month, others = (
            month_number(parts[named[0]]),
            [part.removesuffix("th").removesuffix("nd").removesuffix("rd").removesuffix("st") for part in parts if not month_number(part)],
        )
        if all(part.isdigit() for part in others):
            return _named(month, others, named[0], year)
    if found := _NO_YEAR.fullmatch(text.casefold()):
        if year is None or found[4]:
            return Reading("no_year")
        return _numbers(int(found[1]), found[2], int(found[3]), year, month_first)
    return Reading("none")


def _named(month: int, numbers: list[str], place: int, year: int | None) -> Reading:
    """A month by its name with a day, a year, both or neither."""
    if len(numbers) == 2:
        day, whole = (numbers[1], numbers[0]) if len(numbers[0]) == 4 else (numbers[0], numbers[1])
        return _day(_full_year(whole), month, int(day))
    if len(numbers) == 1 and (len(numbers[0]) == 4 or (place == 0 and len(numbers[0]) == 2)):
        return Reading("month", f"{_full_year(numbers[0])}-{month:02}")
    if len(numbers) == 1 and place == 1 and len(numbers[0]) <= 2:
        return _day(year, month, int(numbers[0])) if year else Reading("no_year")
    if not numbers:
        return Reading("month", f"{year}-{month:02}") if year else Reading("no_year")
    return Reading("none")


def _numbers(first: int, mark: str, second: int, year: int, month_first: bool) -> Reading:
    # Dots are written by those who write the day first; a slash or a hyphen says nothing.
    if mark == ".":
        return _day(year, second, first)
    swapped = (second > 12 or month_first) and first <= 12
    found = _day(year, first, second) if swapped else _day(year, second, first)
    return Reading(found.kind, found.value, (first, second))


def _day(year: int, month: int, day: int) -> Reading:
    try:
        value = datetime.date(year, month, day)
    except ValueError:
        return Reading("none")
    return Reading("day", value.isoformat()) if 1900 < year < 2100 else Reading("none")


def _full_year(text: str) -> int:
    number = int(text)
    return number if len(text) == 4 else number + (2000 if number < 70 else 1900)


@dataclass(frozen=True)
class DateColumn:
    """What a column of dates leaves open.

    Args:
        order: "day", "month" (its slashes put the month first), "open" (nothing says which) or "mixed" (both occur: a fault).
        no_year: how many cells have no year.
        swapped: how many date cells a spreadsheet has turned round.
        wrong: the positions of cells that are no dates.
        share: of the cells that are dates, apart from words for open and unknown ones.
    """

    order: Literal["day", "month", "open", "mixed"]
    no_year: int
    swapped: int
    wrong: tuple[int, ...]
    share: float


def judge_dates(cells: Iterable[Cell]) -> DateColumn:
    """What a column of dates leaves open: which number is the day, years that are missing, days that a spreadsheet turned."""
    readings = [(place, read_date(cell)) for place, cell in enumerate(cells) if cell != ""]
    dates = [reading for _, reading in readings if reading.kind in ("day", "month", "period", "no_year", "open", "unknown")]
    slashed = [reading.slashed for _, reading in readings if reading.slashed is not None]
    first, second = any(pair[0] > 12 for pair in slashed), any(pair[1] > 12 for pair in slashed)
    order: Literal["day", "month", "open", "mixed"] = (
        "mixed" if first and second else "month" if second else "day" if first or not slashed else "open"
    )
    real = [reading for _, reading in readings if reading.kind == "day" and not reading.text]
    written = [reading for _, reading in readings if reading.kind == "day" and reading.text]
    # Read in a foreign setting, a spreadsheet turns what can be turned and leaves days over 12 as text.
    turned = (
        len(real) >= 2
        and len(written) >= 2
        and all(int(one.value[8:]) <= 12 for one in real)
        and all(int(one.value[8:]) > 12 for one in written)
    )
    no_year = sum(reading.kind == "no_year" for _, reading in readings)
    wrong = tuple(place for place, reading in readings if reading.kind == "none")
    solid = sum(reading.kind in ("day", "month", "period", "no_year") for reading in dates)
    said = len(readings) - sum(reading.kind in ("open", "unknown") for reading in dates)
    return DateColumn(order, no_year, len(real) if turned else 0, wrong, solid / said if said else 0.0)


def turned_back(value: str) -> str:
    """A day that a spreadsheet turned round, as it was meant."""
    return datetime.date(int(value[:4]), int(value[8:]), int(value[5:7])).isoformat()
