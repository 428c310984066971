"""Telephone numbers: Danish ones in any grouping, foreign ones, and numbers in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from vvvresearch.privacy._digit_groups import Group, digit_groups, holds_digits
from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._labels import (
    belongs_to_an_organisation,
    is_a_range,
    is_amount,
    is_called_a_telephone,
    is_case_number,
    is_counted,
    is_then_called_a_telephone,
)

_DANISH = re.compile(
    r"(?<![\d\-/])(?<!\d[.,])(?P<prefix>(?:\(?(?:\+|00)45\)?)[ \-.]?)?"
    r"(?P<body>[1-9]\d(?P<a>[^\w\s,;:%=+]| )\d{2}(?P=a)\d{2}(?P=a)\d{2}|[1-9]\d{3}[ \-–.]\d{4}|[1-9]\d{7}"
    r"|[1-9]\d \d{2} \d{4}|[1-9]\d{3} \d{2} \d{2}|[1-9]\d \d{3} \d{3}|[1-9]\d{2} \d{2} \d{3}|[1-9]\d{4} \d{3}|"
    r"[1-9]\d{2} \d{5}|[1-9]\d{2} \d{3} \d{2}|[1-9](?: \d){3},? \d(?: \d){3})"
    r"(?!\d)(?![.,\-]\d)(?!/\d(?!\d{7}\b|\d(?:[ .]\d\d){3}\b|\d{3} \d{4}\b))"  # another telephone may follow
)
_BRACKETED = re.compile(r"\((?:\d{2}\) ?\d{2} ?\d{2} ?\d{2}|\d{4}\) ?\d{4}|[2-9]\d \d{3} \d{3}(?=\)))(?!\d)")
# A date whose month and day are turned, or that cannot be, is one all the same.
_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])[./\-](?:0?[1-9]|1[0-2])[./\-](?:19|20)\d{2}|(?:19|20)\d{2}[./\-]\d\d[./\-]\d\d")
_COMPACT_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{2}")
_FOREIGN = re.compile(r"(?<![\w+/.\-])\(?(?:\+|00)\s?[1-9]\d{0,2}\)?(?:[ \-./]?(?:\(0?\)|\(?\d{1,12}\)?)){1,7}(?!\d)")
_TRUNK = re.compile(r"(?<![\d.,\-/+])(?<!\d )0\d{1,4}(?:[ \-/]\d{2,8}){1,5}(?!\d)(?![.,\-/]\d)")
# Signs that stand between the pairs of a number that nothing announces: those of lists and tables are not among them.
_JOINS = re.compile(r"[ .\-–/·_*]| [\-–.·] |, ")
_WITH_45 = re.compile(r"(?<![\d.,\-/+])(?<!\d )45 ?(?:\d{8}|\d{2}(?: \d{2}){3}|\d{4} \d{4})(?! ?\d)(?![.,\-/]\d)")


_LINKS = re.compile(r"[^\w\x01\x02]{0,3}\x01?[^\w\x01\x02]{0,2}|_")


def phones(text: str) -> Iterator[Finding]:
    """Telephone numbers. Numbers of companies, cases and amounts are left alone."""
    for match in _DANISH.finditer(text):
        finding = _judge(text, match)
        if finding:
            yield finding
    for match in _WITH_45.finditer(text):
        if not (belongs_to_an_organisation(text, match.start()) or is_amount(text, match.end()) or is_case_number(text, match.start())):
            yield Finding(match.start(), match.end(), "PHONE", 0.6, "Danish number with country code")
    for match in _BRACKETED.finditer(text):
        yield Finding(match.start(), match.end(), "PHONE", 0.7, "eight digits in brackets")
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
        swedish = digits > 7 and re.fullmatch(r"0\d{1,3}[-/]\d{2,4}(?: \d{2,4}){1,3}", match[0])
        called = is_called_a_telephone(text, match.start()) or is_then_called_a_telephone(text, match.end())
        called = called and not is_case_number(text, match.start())
        if 8 <= digits <= 14 and (swedish or called):
            yield Finding(match.start(), match.end(), "PHONE", 0.7, "number with a leading nought")


def grouped_phones(text: str) -> Iterator[Finding]:
    """Eight digits in groups of any kind, in figures or in words, where a telephone is spoken of; elsewhere in pairs that are joined."""
    if not holds_digits(text, 8):
        return
    groups = digit_groups(text)
    done = 0
    for first in range(len(groups)):
        if first < done:
            continue
        last, digits = first, groups[first].digits
        while len(digits) < 8 and last + 1 < len(groups) and _LINKS.fullmatch(groups[last + 1].link or "none"):
            last += 1
            digits += groups[last].digits
        part = groups[first : last + 1]
        if len(digits) == 7 and [len(one.digits) for one in part] == [2, 2, 2, 1] and all(one.sort == "word" for one in part):
            digits += "0"  # "otte" at the end of pairs is "nul otte"
        if len(digits) != 8 or len(part) < 2 or digits[0] in "01" or any(one.sort in ("nth", "month") for one in part):
            continue
        start, end = part[0].start, part[-1].end
        if _goes_on(groups, first, last) or _counts_up(" ".join(one.digits for one in part)) or _years([one.digits for one in part]):
            continue
        if _DATE.fullmatch(text, start, end) or "%" in text[start:end]:
            continue
        if belongs_to_an_organisation(text, start) or is_amount(text, end) or is_case_number(text, start) or is_counted(text, start):
            continue
        called = is_called_a_telephone(text, start) or is_then_called_a_telephone(text, end)
        words = sum(one.sort == "word" for one in part)
        if called or (_is_joined(part, words) and max(len(one.digits) for one in part) <= 4):
            done = last + 1
            rule = "eight digits after a word for telephone" if called else "eight digits in groups"
            yield Finding(start, end, "PHONE", 0.8 if called else 0.5, rule)


def _goes_on(groups: Sequence[Group], first: int, last: int) -> bool:
    """Whether figures stand right before or behind, as in a row of a table or a longer number."""
    sorts = groups[first].sort, groups[last].sort
    neighbours = (
        groups[first].link if first and groups[first - 1].sort == sorts[0] else None,
        groups[last + 1].link if last + 1 < len(groups) and groups[last + 1].sort == sorts[1] else None,
    )
    return any(link is not None and len(link) < 3 and "\n" not in link and not re.fullmatch(r"/|, |; ?|: ", link) for link in neighbours)


def _is_joined(part: Sequence[Group], words: int) -> bool:
    """Whether digits stand in pairs with one sign between them, or are read out one by one."""
    links = {re.sub(r" *[\x01\x02] *|, ", " ", one.link or "") if words else one.link or "" for one in part[1:]}
    sizes = {len(one.digits) for one in part}
    if words == 0 and sizes == {2} and " " in links and links <= {" ", "-", "–", ".", "/"} and part[0].digits > "30":
        return True  # pairs joined by whatever sign, and no time of day or day of a month
    if len(links) > 1 or not _JOINS.fullmatch(part[1].link or ""):
        return False
    if words == 0 and links <= {"-", "."} and len(part) == 3 and min(sizes) == 2 and max(sizes) == 4:
        return True
    listed = part[1].link in (", ", "/") and words < len(part)
    return not listed and ((words == 0 and (sizes == {2} or (sizes == {1} and "-" in links))) or words == len(part))


def _judge(text: str, match: re.Match[str]) -> Finding | None:
    start, end, body = match.start(), match.end(), match["body"]
    if belongs_to_an_organisation(text, start) or is_amount(text, end):
        return None
    if match["prefix"]:
        return Finding(start, end, "PHONE", 0.97, "Danish number with country code")
    called = is_called_a_telephone(text, start)
    if not called and re.match(r"70|(?:19|20)\d\d\.", body):
        return None  # numbers of houses begin with 70; a volume and its page
    if is_case_number(text, start) or (re.match(r"[12]\d{3}[ \-–](?:19|20)\d\d$", body) and not called):
        return None
    if called:
        return Finding(start, end, "PHONE", 0.95, "eight digits after a word for telephone")
    if body[0] == "1" or re.search(r"\d[ .\-–]$", text[max(0, start - 2) : start]) or re.match(r"[ .]\d", text[end : end + 2]):
        return None  # No Danish number begins with 1, and a longer row of figures is a table's.
    if match["a"] and not _counts_up(body) and not is_counted(text, start):
        return Finding(start, end, "PHONE", 0.85, "eight digits in pairs")
    if re.search(r"https?://\S*$", text[max(0, start - 120) : start]):
        return None  # a page's number
    if re.fullmatch(r"\d{8}", body) and not (_COMPACT_DATE.fullmatch(body) or is_counted(text, start)):
        return Finding(start, end, "PHONE", 0.6, "eight digits in a row")
    if re.fullmatch(r"\d{4}\D\d{4}", body) and not _years(re.findall(r"\d+", body)) and not is_a_range(text, start, body):
        return Finding(start, end, "PHONE", 0.6, "twice four digits")
    if re.fullmatch(
        r"\d{2} \d{2} \d{4}|\d{4} \d{2} \d{2}|\d{3} \d{3} \d{2}|\d{3} \d{2} \d{3}|\d{5} \d{3}|\d{3} \d{5}|\d(?: \d){3},? \d(?: \d){3}", body
    ) and not _counts_up(body):
        return Finding(start, end, "PHONE", 0.6, "eight digits in groups")
    return None


def _counts_up(body: str) -> bool:
    """The ticks of a scale: even steps, such as people count by."""
    numbers = [int(number) for number in re.findall(r"\d+", body)]
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    return len(steps) == 1 and abs(steps.pop()) in (0, 1, 2, 5, 10)


def _years(groups: list[str]) -> bool:
    return all(len(group) == 4 and 1900 <= int(group) <= 2100 for group in groups)
