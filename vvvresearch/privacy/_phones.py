"""Telephone numbers: Danish ones in any grouping, foreign ones, and numbers in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._labels import (
    belongs_to_an_organisation,
    is_amount,
    is_called_a_telephone,
    is_case_number,
    is_then_called_a_telephone,
)

_DANISH = re.compile(
    r"(?<![\d\-/])(?<!\d[.,])(?P<prefix>(?:\(?(?:\+|00)45\)?)[ \-.]?)?"
    r"(?P<body>[1-9]\d(?P<a>[ .\-–/])\d{2}(?P=a)\d{2}(?P=a)\d{2}|[1-9]\d{3}[ \-–.]\d{4}|[1-9]\d{7}"
    r"|[1-9]\d \d{2} \d{4}|[1-9]\d{3} \d{2} \d{2}|[1-9]\d \d{3} \d{3}|[1-9]\d{2} \d{2} \d{3}|[1-9]\d{2} \d{3} \d{2}|[1-9](?: \d){7})"
    r"(?!\d)(?![.,\-/]\d)"
)
_ANY_GROUPS = re.compile(r"(?<![\d\-/.,])(?<!\d )[2-9]\d{1,3}(?:[ .\-]\d{2,3}){2,3}(?![\d])(?![ .,\-/]\d)")
_BRACKETED = re.compile(r"\(\d{2}\) ?\d{2} ?\d{2} ?\d{2}(?!\d)")
_COMPACT_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{2}")
_FOREIGN = re.compile(r"(?<![\w+])\(?(?:\+|00)\s?[1-9]\d{0,2}\)?(?:[ \-./]?(?:\(0?\)|\(?\d{1,12}\)?)){1,7}(?!\d)")
_TRUNK = re.compile(r"(?<![\d.,\-/+])(?<!\d )0\d{1,4}(?:[ \-/]\d{2,8}){1,5}(?!\d)(?![.,\-/]\d)")
PHONE_STEMS = (
    "tlf",
    "tel",
    "mobil",
    "nummer",
    " ring",
    "\nring",
    "kald",
    "kontakt",
    "sms",
    "whatsapp",
    "viber",
    "signal",
    "phone",
    "call",
    "fang",
)
_WORD = (
    r"(?:(?:en|et|to|tre|fire|fem|seks|syv|otte|ni)og(?:tyve|tredive|fyrre|halvtreds|tres|halvfjerds|"
    r"firs|halvfems)|nul|en|et|to|tre|fire|fem|seks|syv|otte|ni|ti"
    r"|elleve|tolv|tretten|fjorten|femten|seksten|sytten|atten|nitten|tyve|tredive|fyrre|halvtreds|tres|halvfjerds|firs|halvfems)"
)
_IN_WORDS = re.compile(rf"\b{_WORD}(?:[ ,\-]{{1,2}}{_WORD}){{3,9}}\b", re.IGNORECASE)


def phones(text: str) -> Iterator[Finding]:
    """Telephone numbers. Numbers of companies, cases and amounts are left alone."""
    for match in _DANISH.finditer(text):
        finding = _judge(text, match)
        if finding:
            yield finding
    for match in _ANY_GROUPS.finditer(text):
        called = is_called_a_telephone(text, match.start()) and not is_case_number(text, match.start())
        if called and sum(sign.isdigit() for sign in match[0]) == 8 and not belongs_to_an_organisation(text, match.start()):
            yield Finding(match.start(), match.end(), "PHONE", 0.8, "eight digits after a word for telephone")
    for match in _BRACKETED.finditer(text):
        yield Finding(match.start(), match.end(), "PHONE", 0.7, "eight digits, the first two in brackets")
    if "+" in text or "00" in text:
        for match in _FOREIGN.finditer(text):
            if 8 <= sum(sign.isdigit() for sign in match[0]) <= 17 and not (
                is_amount(text, match.end())
                or belongs_to_an_organisation(text, match.start())
                or (match[0][0] == "0" and re.search(r"\d[ .\-]$", text[max(0, match.start() - 2) : match.start()]))
            ):
                yield Finding(match.start(), match.end(), "PHONE", 0.9, "number with country code")
    for match in _TRUNK.finditer(text):
        digits = sum(sign.isdigit() for sign in match[0])
        swedish = digits > 8 and re.match(r"0\d{2,3}-\d{3} \d\d", match[0])
        called = is_called_a_telephone(text, match.start()) and not is_case_number(text, match.start())
        if 8 <= digits <= 12 and (swedish or called):
            yield Finding(match.start(), match.end(), "PHONE", 0.7, "number with a leading nought")


def spoken_phones(text: str) -> Iterator[Finding]:
    """Telephone numbers in words."""
    for match in _IN_WORDS.finditer(text):
        called = is_called_a_telephone(text, match.start()) or (_digits(match[0]) == 8 and is_then_called_a_telephone(text, match.end()))
        if called and not _in_order(match[0]):
            yield Finding(match.start(), match.end(), "PHONE", 0.7, "number in words")


def _judge(text: str, match: re.Match[str]) -> Finding | None:
    start, end, body = match.start(), match.end(), match["body"]
    if belongs_to_an_organisation(text, start) or is_amount(text, end):
        return None
    if match["prefix"]:
        return Finding(start, end, "PHONE", 0.97, "Danish number with country code")
    called = is_called_a_telephone(text, start)
    if is_case_number(text, start) or (re.match(r"[12]\d{3}[ \-–](?:19|20)\d\d$", body) and not called):
        return None
    if called:
        return Finding(start, end, "PHONE", 0.95, "eight digits after a word for telephone")
    if body[0] == "1" or re.search(r"\d[ .\-–]$", text[max(0, start - 2) : start]) or re.match(r"[ .]\d", text[end : end + 2]):
        return None  # No Danish number begins with 1, and a longer row of figures is a table's.
    if match["a"] and not _counts_up(body):
        return Finding(start, end, "PHONE", 0.85, "eight digits in pairs")
    if re.fullmatch(r"\d{8}", body) and not _COMPACT_DATE.fullmatch(body):
        return Finding(start, end, "PHONE", 0.6, "eight digits in a row")
    if re.fullmatch(r"\d{4}\D\d{4}", body) and not _years(body):
        return Finding(start, end, "PHONE", 0.6, "twice four digits")
    if re.fullmatch(r"\d{2} \d{2} \d{4}|\d{4} \d{2} \d{2}|\d{3} \d{3} \d{2}|\d{3} \d{2} \d{3}|\d(?: \d){7}", body) and not _counts_up(body):
        return Finding(start, end, "PHONE", 0.6, "eight digits in groups")
    return None


def _counts_up(body: str) -> bool:
    """The ticks of a scale: even steps, such as people count by."""
    numbers = [int(number) for number in re.findall(r"\d+", body)]
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    return len(steps) == 1 and abs(steps.pop()) in (0, 1, 2, 5, 10)


def _years(body: str) -> bool:
    return all(1900 <= int(part) <= 2100 for part in re.findall(r"\d{4}", body))


def _digits(words: str) -> int:
    """How many digits are read out, a number from ten on being two."""
    ones = ("nul", "en", "et", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni")
    return sum(1 if word in ones else 2 for word in re.findall(r"\w+", words.casefold()))


def _in_order(words: str) -> bool:
    """One, two, three, four: somebody counts."""
    return bool(re.match(r"en\W+to\W+tre", words, re.IGNORECASE))
