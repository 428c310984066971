"""Dates of a text by themselves: a stretch of time against its two ends, days that no calendar has, weekdays of other dates."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator

from vvvresearch.audit._facts import Facts, Said
from vvvresearch.audit._finding import Finding, place_of
from vvvresearch.locales import MONTH_NAMES, Phrase, month_number
from vvvresearch.statements import Mention

_DATE = (
    rf"(?:(?:den |the )?(?P<day{{0}}>\d{{{{1,2}}}})(?:\.|st|nd|rd|th)? )?"
    rf"(?P<month{{0}}>{MONTH_NAMES})(?: (?P<year{{0}}>(?:19|20)\d\d))?"
    r"|(?P<only{0}>(?:19|20)\d\d)"
)
RANGE = re.compile(
    rf"(?<![\w.])(?:{_DATE.format(1)})(?: |-|–| – )(?:(?:til|to|until|og|and|frem til|through|til og med|til udgangen af)(?: i| in)? )?"
    rf"(?:{_DATE.format(2)})(?!\w)",
    re.IGNORECASE,
)
_DAYS = ("mandag monday", "tirsdag tuesday", "onsdag wednesday", "torsdag thursday", "fredag friday", "lørdag saturday", "søndag sunday")
_WEEKDAY = {name: number for number, names in enumerate(_DAYS) for name in names.split()}
_DAY = re.compile(rf"(?:\b(?P<weekday>{'|'.join(_WEEKDAY)}),? )?(?:{_DATE.format(0)})(?!\w)", re.IGNORECASE)
_UNITS = (
    (re.compile(r"nætter|overnatninger|nights|dage|days", re.IGNORECASE), 1),
    (re.compile(r"uger|weeks", re.IGNORECASE), 7),
    (re.compile(r"måneder|months", re.IGNORECASE), 30),
    (re.compile(r"(?:skole)?år|(?:school )?years", re.IGNORECASE), 365),
)
# What ties a length to the two ends before it, or behind it.
_ALTOGETHER = re.compile(
    r"[\s,(–-]*(?:(?:altså|dvs\.?|det vil sige|i alt|svarende til|det er|eller|or|that is|which is|in all|"
    r"altogether|a total of|og varede|lasting)\s*)"
    r"{1,2}(?:(?:i|in) )?"
    r"|\s*[(,–]\s*",
    re.IGNORECASE,
)
_FROM = re.compile(r"[\s,(:–-]*(?:(?:from|fra|in|i|over|mellem|between|perioden|the|period|løb|varede|lasted|ran)\s+){0,3}", re.IGNORECASE)


def span_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on lengths of time that their two ends do not have, and on dates that cannot be."""
    for said in facts.said:
        yield from _impossible(said)
        for match in RANGE.finditer(" ".join(said.text.split("\n"))):
            if _is_backwards(match):
                first, last = _ends(match)
                what = Phrase("audit.what_backwards", {"first": first, "last": last})
                yield Finding("date", (place_of(said),), what, Phrase("audit.why_date", {}), Phrase("audit.ground_date", {}), 1.0, 0.95)
                continue
            told = _length_of(said, match)
            lengths = _lengths(match, told[1]) if told is not None else frozenset()
            if told is None or not lengths or told[0].value in lengths:
                continue
            one = told[0]
            first, last = (re.sub(r"\s+", " ", part) for part in _ends(match))
            printed = {"first": first, "last": last, "step": one.text, "actual": max(lengths)}
            yield Finding(
                "difference", (place_of(said, one),), Phrase("audit.what_difference", printed),
                Phrase("audit.why_date", {}), Phrase("audit.ground_date", {}), 0.95, 0.9,
            )  # fmt: skip


def _is_backwards(match: re.Match[str]) -> bool:
    """Whether a stretch of time ends before it begins: "april 2027 til marts 2024"."""
    years = [_whole(match[f"year{at}"]) for at in ("1", "2")]
    return all(years) and years[0] > years[1]


def _ends(match: re.Match[str]) -> tuple[str, str]:
    found = []
    for at in ("1", "2"):
        parts = [match[f"{name}{at}"] for name in ("day", "month", "year", "only") if match[f"{name}{at}"]]
        found.append(" ".join(parts))
    return found[0], found[1]


def _length_of(said: Said, match: re.Match[str]) -> tuple[Mention, int] | None:
    """The one length that a sentence gives a stretch of time, right before it or right behind it, with the days of its unit."""
    for one in said.of("duration", "count"):
        if one.value is None or one.modifier not in ("", "exactly") or one.low is not None:
            continue
        start, end = one.start - said.start, one.end - said.start
        shown = one.text if one.kind == "duration" else f"{one.text} {one.unit}"
        days = next((days for unit, days in _UNITS if unit.search(shown)), 0)
        if not days:
            continue
        behind = said.text[max(end, 0) : match.start()] if end <= match.start() else None
        if behind is not None and one.kind == "count":
            behind = behind.removeprefix(f" {one.unit}")
        before = said.text[match.end() : start] if start >= match.end() else None
        if (behind is not None and _FROM.fullmatch(behind)) or (before is not None and _ALTOGETHER.fullmatch(before)):
            return one, days
    return None


def _lengths(match: re.Match[str], days: int) -> frozenset[int]:
    """The lengths that two ends may have, counted with and without the last."""
    (day, month, year), (last_day, last_month, last_year) = (
        (_whole(match[f"day{at}"]), month_number(match[f"month{at}"] or ""), _whole(match[f"year{at}"] or match[f"only{at}"]))
        for at in ("1", "2")
    )
    if bool(month) != bool(last_month):
        return frozenset()
    year = year or last_year
    if not month:
        gap = last_year - year
        return frozenset((gap, gap + 1)) if days == 365 and gap >= 0 else frozenset()
    months = 12 * (last_year - year) + last_month - month if year else (last_month - month) % 12
    if months < 0:
        return frozenset()
    if days == 365:
        whole = round((months + 1) / 12)
        if whole and abs(months - 12 * whole) < 2:
            return frozenset((whole,))
        return frozenset(years for years in (months // 12, months // 12 + 1) if years)
    if days == 30:
        return frozenset((months, months + 1)) if not (day and last_day) or day > 1 else frozenset((months, months + (last_day > 27)))
    found: set[int] = set()
    for first in (year,) if year else (2022, 2023):
        # A year that is not told may be a leap year.
        leap = last_year or first + (last_month < month)
        try:
            start = datetime.date(first, month, day or 1)
            end = datetime.date(leap, last_month, last_day or calendar.monthrange(leap, last_month)[1])
        except ValueError:
            return frozenset()
        gap = (end - start).days
        found |= {gap, gap + 1} if days == 1 else {gap // 7, gap // 7 + 1, -(-gap // 7) + 1}
    return frozenset(found)


def _whole(shown: str | None) -> int:
    return int(shown) if shown else 0


def _impossible(said: Said) -> Iterator[Finding]:
    """ "31. juni", "mandag den 3. maj 2022": a day that no month has, or that was another day of the week."""
    for match in _DAY.finditer(said.text):
        day, month, year = _whole(match["day0"]), month_number(match["month0"] or ""), _whole(match["year0"])
        if not day or not month:
            continue
        shown = " ".join(match[0].split())
        longest = calendar.monthrange(year or 2024, month)[1]
        if not 1 <= day <= longest:
            what = Phrase("audit.what_day", {"date": shown})
        elif match["weekday"] and year and datetime.date(year, month, day).weekday() != _WEEKDAY[match["weekday"].lower()]:
            what = Phrase("audit.what_weekday", {"date": shown})
        else:
            continue
        yield Finding("date", (place_of(said),), what, Phrase("audit.why_date", {}), Phrase("audit.ground_date", {}), 1.0, 0.95)
