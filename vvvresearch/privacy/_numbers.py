"""Numbers that name a person: civil registration numbers, telephone numbers, birth dates, number plates."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from itertools import pairwise

from vvvresearch.privacy._finding import Finding

_GAP = r"[ .\-–/\u00a0]"
_CPR = re.compile(
    rf"(?<![\d.,])(\d{{2}}){_GAP}?(\d{{2}}){_GAP}?((?:19|20)?\d{{2}})(\s?[-–./]?\s?|\s)(\d{{4}}|[xX*•_]{{4}})(?![\d])(?![.,]\d)"
)
_CASE_BEFORE = re.compile(
    r"(?:sags?|sagsnr|sagsnummer|journal|journalnr|j\.?nr|cvr|cvr-nr|ean|konto|kontonr|kontonummer|faktura|fakturanr|ordre|ordrenr|isbn|"
    r"dok|doknr|dokument|reg|løbenr|løbenummer|p-nr|stelnr)[.:]?(?:\s?(?:nr|nummer)[.:]?)?\s{0,2}$",
    re.IGNORECASE,
)
_AMOUNT_AFTER = re.compile(
    r"\s?(?:kr|kroner|dkk|euro|eur|€|mio|mia|%|pct|procent|flygtninge|personer|deltagere|borgere|kommuner)\b", re.IGNORECASE
)
_PHONE = re.compile(
    r"(?<![\d.,\-/])(?P<prefix>(?:\(?(?:\+|00)45\)?)[ \-.]?)?"
    r"(?P<body>[1-9]\d(?P<a>[ .\-–\u00a0])\d{2}(?P=a)\d{2}(?P=a)\d{2}|[1-9]\d{3}[ \-–\u00a0]\d{4}|[1-9]\d{7}"
    r"|[1-9]\d \d{3} \d{3}|[1-9]\d{2} \d{2} \d{3})"
    r"(?![\d])(?![.,\-/]\d)"
)
_PHONE_WORD = re.compile(
    r"(?:tlf|telefon|mobil|mobilen|mobilnummer|ring|ringe|ringer|sms|nummer|nr|kald|kontakt|whatsapp|viber|phone)\W", re.IGNORECASE
)
_TELEPHONE = re.compile(r"(?:tlf|telefon|mobil|mobilen|mobilnummer|ring|ringe|ringer|sms|whatsapp|viber|phone)\W", re.IGNORECASE)
_COMPACT_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{2}")
_MONTHS = (
    "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|okt|nov|dec"
)
_DATE = (
    rf"(?:\d{{1,2}}\.?\s?(?:{_MONTHS})\.?,?\s?(?:19|20)?\d{{2}}"
    r"|\d{1,2}[./\-–]\s?\d{1,2}[./\-–]\s?(?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2})"
)
_BIRTH = re.compile(
    rf"(?:\bfødt(?:\s+(?:den|d\.))?|\bf\.(?:\s?d\.)?|\bfødselsdato(?:en)?(?:\s+er)?|\bfødselsdag(?:en)?(?:\s+(?:er|den|d\.))*|"
    rf"\bfylder\s+år(?:\s+(?:den|d\.))?|\bborn(?:\s+on)?)\s*[:,]?\s*({_DATE})",
    re.IGNORECASE,
)
_PLATE = re.compile(r"(?<![A-Za-zÆØÅæøå\d])([A-ZÆØÅ]{2})[ \-]?(\d{2})[ \-.]?(\d{3})(?![\d])(?![.,]\d)")
_NO_PLATE = {"EU", "DK", "KL", "RK", "FN", "US", "UK", "NR", "KR", "CA", "PÅ", "OG", "AF", "TO", "NO", "SE", "DE", "PR", "ID"}
_PLATE_WORD = re.compile(r"(?:bil|bilen|nummerplade|reg|registrering|kører)\w*\W", re.IGNORECASE)


def numbers(text: str) -> Iterator[Finding]:
    """All findings of this module."""
    yield from _civil(text)
    yield from _phones(text)
    yield from _births(text)
    yield from _plates(text)


def _civil(text: str) -> Iterator[Finding]:
    for match in _CPR.finditer(text):
        day, month, year, gap, serial = match.groups()
        if not _is_date(int(day), int(month), year) or _named_otherwise(text, match):
            continue
        if not serial.isdigit():
            yield Finding(match.start(), match.end(), "CPR", 0.9, "masked civil registration number")
            continue
        digits = day + month + year[-2:] + serial
        if _checksum(digits):
            yield Finding(match.start(), match.end(), "CPR", 0.99, "valid date and check digit")
        elif gap.strip() or not gap or re.search(r"cpr|personnummer", text[max(0, match.start() - 25) : match.start()], re.IGNORECASE):
            # People born on 1 January and numbers given out since 2007 need not pass modulus 11.
            yield Finding(match.start(), match.end(), "CPR", 0.85, "valid date, no check digit")
        elif not re.fullmatch(r"(?:[01]\d|2[0-3])[0-5]\d", serial) or re.search(r"\d\s\d", match[0][:8]):
            # A date before a time of day is left alone, unless it is written in spaced pairs, which dates are not.
            yield Finding(match.start(), match.end(), "CPR", 0.6, "valid date before four digits")


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


def _named_otherwise(text: str, match: re.Match[str]) -> bool:
    """A case number, an account, an amount: what stands beside the digits says what they are."""
    return bool(_CASE_BEFORE.search(text[max(0, match.start() - 24) : match.start()]) or _AMOUNT_AFTER.match(text, match.end()))


def _phones(text: str) -> Iterator[Finding]:
    for match in _PHONE.finditer(text):
        if _named_otherwise(text, match):
            continue
        before = text[max(0, match.start() - 30) : match.start()]
        said = bool(_PHONE_WORD.search(before))
        body = match["body"]
        if body[0] == "1" and not (match["prefix"] or _TELEPHONE.search(before)):
            continue  # No Danish number begins with 1; one that is called a telephone number is masked or invented, and still flagged.
        if match["prefix"]:
            yield Finding(match.start(), match.end(), "PHONE", 0.97, "Danish number with country code")
        elif said:
            yield Finding(match.start(), match.end(), "PHONE", 0.95, "eight digits after a word for telephone")
        elif match["a"] and not _counts_up(body):
            yield Finding(match.start(), match.end(), "PHONE", 0.85, "eight digits in pairs")
        elif re.fullmatch(r"\d{8}", body) and not _COMPACT_DATE.fullmatch(body):
            yield Finding(match.start(), match.end(), "PHONE", 0.6, "eight digits in a row")
        elif re.fullmatch(r"\d{4}\D\d{4}", body) and not _years(body):
            yield Finding(match.start(), match.end(), "PHONE", 0.6, "twice four digits")
    yield from _foreign_phones(text)


def _foreign_phones(text: str) -> Iterator[Finding]:
    if "+" not in text and "00" not in text:
        return
    import phonenumbers

    for match in phonenumbers.PhoneNumberMatcher(re.sub(r"\b00(?=[1-9])", " +", text), "ZZ", leniency=phonenumbers.Leniency.POSSIBLE):
        start = match.start - 1 if text[max(0, match.start - 1) : match.start + 1] == "00" else match.start
        yield Finding(start, match.end, "PHONE", 0.9, "number with country code")


def _counts_up(body: str) -> bool:
    pairs = [int(pair) for pair in re.findall(r"\d{2}", body)]
    return all(later - earlier == pairs[1] - pairs[0] for earlier, later in pairwise(pairs))


def _years(body: str) -> bool:
    return all(1900 <= int(part) <= 2100 for part in re.findall(r"\d{4}", body))


def _births(text: str) -> Iterator[Finding]:
    for match in _BIRTH.finditer(text):
        yield Finding(match.start(1), match.end(1), "DOB", 0.9, "date after a word for birth")


def _plates(text: str) -> Iterator[Finding]:
    for match in _PLATE.finditer(text):
        if match[1] in _NO_PLATE or _named_otherwise(text, match):
            continue
        said = bool(_PLATE_WORD.search(text[max(0, match.start() - 25) : match.start()]))
        yield Finding(match.start(), match.end(), "PLATE", 0.9 if said else 0.7, "two letters and five digits")
