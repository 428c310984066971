"""Danish civil registration numbers in every way of writing them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._labels import belongs_to_an_organisation, is_amount, is_case_number, names_a_document

_PART = r"[ .\-–/]?"
_GAP = r"\s{0,2}[-–—./_]{0,2}\s{0,2}"
_MASK = r"xX*•·●▪■█_#?"
_NUMBER = re.compile(
    rf"(?<!\d)(?<!\d\.)(\d{{2}}){_PART}(\d{{2}}){_PART}((?:19|20)?\d{{2}})({_GAP})"
    rf"(\d{{4}}|(?=[\d{_MASK}]{{0,3}}[{_MASK}])[\d{_MASK}]{{4}}|\.{{4}}|-{{4}})(?!\d)(?!\.\d)"
)
# The last four read out as two pairs; in a longer row of pairs they are a table's.
_PAIRS = re.compile(r"(?<!\d)(?<!\d[ .,])(\d{2})( ?)(\d{2})\2(\d{2})( ?[-–]? ?)(\d{2}) (\d{2})(?!\d)(?![ .,]\d)")
_LOOSE = re.compile(r"(?<!\d)(?<!\d[.\-/])(\d{1,2})[.\-/](\d{1,2})[.\-/](\d{2}|\d{4})([-–—])(\d{4})(?!\d)(?!\.\d)")
_SPACED = re.compile(r"(?<!\d)(?<!\d )(\d) (\d) (\d) (\d) (\d) (\d)( ?[-–—./]? ?)(\d) (\d) (\d) (\d)(?! ?\d)")
_DATE_MASKED = re.compile(rf"(?<![\w])[{_MASK}]{{6}}\s?[-–]?\s?\d{{4}}(?!\w)")
# The last four with blanks between them, behind a date in one piece.
_BROKEN = re.compile(r"(?<!\d)(?<!\d )(\d{2})(\d{2})(\d{2})( ?[-–]? ?)(\d ?\d ?\d ?\d)(?! ?\d)")
# Hospitals number people without one by their birth date, letters and figures.
_REPLACED = re.compile(r"(?<![\w-])(\d{2})(\d{2})(\d{2})-(?=[A-ZÆØÅ]*\d)(?=\d*[A-ZÆØÅ])[0-9A-ZÆØÅ]{4}(?![\w-])")
_CALLED = re.compile(
    (
        r"(?:cpr|personnummer|person-nr|personnr)[\w.\-]*\W{0,3}(?:nr\.?|nummer(?:et)?)?\W{0,3}(?:er|var|på|hedder|"
        r"lyder)?\W{0,3}$"
    ),
    re.IGNORECASE,
)
_ANY_TEN = re.compile(r"(?<!\d)\d{6}\s{0,2}[-–—]?\s{0,2}\d{4}(?!\d)")
_TIME_OF_DAY = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")


def civil_numbers(text: str) -> Iterator[Finding]:
    """Civil registration numbers: a valid date is a finding, modulus 11 only raises the confidence."""
    for match in _NUMBER.finditer(text):
        yield from _judge(text, match.start(), match.end(), match.groups())
    for match in _LOOSE.finditer(text):
        day, month, year, gap, serial = match.groups()
        yield from _judge(text, match.start(), match.end(), (day.zfill(2), month.zfill(2), year, gap, serial))
    for match in _SPACED.finditer(text):
        digits = "".join(match.groups()).translate({ord(sign): None for sign in " -–—./"})
        yield from _judge(text, match.start(), match.end(), (digits[:2], digits[2:4], digits[4:6], "-", digits[6:]))
    for match in _PAIRS.finditer(text):
        day, _, month, year, gap, first, last = match.groups()
        yield from _judge(text, match.start(), match.end(), (day, month, year, gap, first + last))
    for match in _DATE_MASKED.finditer(text):
        yield Finding(match.start(), match.end(), "CPR", 0.7, "masked date before four digits")
    for match in _BROKEN.finditer(text):
        if " " in match[5]:
            yield from _judge(text, match.start(), match.end(), (match[1], match[2], match[3], match[4], match[5].replace(" ", "")))
    for match in _REPLACED.finditer(text):
        if _is_date(int(match[1]), int(match[2]), match[3]) and not is_case_number(text, match.start()):
            yield Finding(match.start(), match.end(), "CPR", 0.7, "replacement number with letters")
    for match in _ANY_TEN.finditer(text):
        if _is_called_so(text, match.start()):
            yield Finding(match.start(), match.end(), "CPR", 0.8, "called a civil registration number")


def _judge(text: str, start: int, end: int, parts: tuple[str, ...]) -> Iterator[Finding]:
    day, month, year, gap, serial = parts
    called = _is_called_so(text, start)
    if not _is_date(int(day), int(month), year) or is_amount(text, end):
        return
    if not serial.isdigit():
        yield Finding(start, end, "CPR", 0.9, "masked civil registration number")
        return
    valid = _checksum(day + month + year[-2:] + serial)
    hyphen = bool(gap.strip())
    of_a_body = belongs_to_an_organisation(text, start) and not names_a_document(text, start)
    if not called and (of_a_body or (is_case_number(text, start) and not hyphen)):
        return
    years = len(year) == 4 and serial[:2] in ("19", "20") and "." in text[start:end]
    if valid and not (years and not called):
        yield Finding(start, end, "CPR", 0.99, "valid date and check digit")
    elif called or ((hyphen or not gap) and not years):
        # People born on 1 January and numbers given out since 2007 need not pass modulus 11.
        yield Finding(start, end, "CPR", 0.85, "valid date, no check digit")
    elif (not _TIME_OF_DAY.fullmatch(serial) and not years) or re.search(r"\d\s\d", text[start : start + 8]):
        # A date before a time of day is left alone, unless it is written in spaced pairs, which dates are not.
        yield Finding(start, end, "CPR", 0.6, "valid date before four digits")


def _is_called_so(text: str, start: int) -> bool:
    return bool(_CALLED.search(text[max(0, start - 40) : start]))


def _is_date(day: int, month: int, year: str) -> bool:
    # Replacement numbers add 60 to the day.
    real_day = day - 60 if day > 60 else day
    century = int(year) if len(year) == 4 else 2000 + int(year)
    try:
        datetime.date(century, month, real_day)
    except ValueError:
        # 29 February of a year of the other century
        return (real_day, month) == (29, 2) and int(year[-2:]) % 4 == 0
    return True


def _checksum(digits: str) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(digits, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0
