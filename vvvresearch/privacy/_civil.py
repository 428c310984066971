"""Danish civil registration numbers in every way of writing and saying them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from vvvresearch.privacy._digit_groups import MASK_SIGNS, Group, digit_groups, holds_digits
from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._labels import belongs_to_an_organisation, is_amount, is_case_number, names_a_document

_CALLED = re.compile(
    r"cpr|person-?\s?(?:nummer|nr)|personid|civil\s?reg|fødselsnummer|erstatningsn|(?:fire|4) sidste|sidste (?:fire|4)\b", re.IGNORECASE
)
# How the six figures of the date and the last four are cut into groups; everything else is read only where it is called so.
_DATES = ((6,), (2, 4), (4, 2), (2, 2, 2), (2, 2, 4), (4, 2, 2), (8,), (3, 3), (1, 1, 1, 1, 1, 1))
_SERIALS = ((4,), (2, 2), (1, 1, 1, 1), (1, 3), (3, 1), (1, 1, 2), (2, 1, 1), (1, 2, 1))
_IN_DATE = re.compile(r" ?[.\-–/,:] ?| ?")
_MASK = re.compile(
    rf"(?P<link>[^\w\n]{{0,3}})(?:(?=[\d{MASK_SIGNS} ]{{0,6}}[{MASK_SIGNS}])(?:[\d{MASK_SIGNS}] ?){{3}}[\d{MASK_SIGNS}]"
    r"|\*{2}\d\d|\.{4}|-{4}|…|\[…\]"
    r"|[\[(<](?:fjernet|slettet|skjult|anonymiseret|udeladt|maskeret|overstreget|cpr|sidste)[^\])>]*[\])>])(?!\d)"
)
_DATE_MASKED = re.compile(rf"(?<![\w])(?=\d{{0,5}}[{MASK_SIGNS}]{{2}})[\d{MASK_SIGNS}]{{6}}\s?[-–]?\s?\d{{4}}(?!\w)")
# Hospitals number people without one by their birth date, letters and figures.
_REPLACED = re.compile(r"(?<![\w-])(\d{2})(\d{2})(\d{2})-(?=[A-ZÆØÅ]*\d)(?=\d*[A-ZÆØÅ])[0-9A-ZÆØÅ]{4}(?![\w-])")
# The last four by themselves, where words say that they are.
_LAST_FOUR = re.compile(
    rf"(?:(?:{_CALLED.pattern})(?:[^.\n\d]|(?<=nr)\.){{0,60}}\b(?:slutter|ender|ende|ends?|ending)\b"
    rf"[^.\n\d]{{0,12}}|\b(?:sidste (?:fire|4)|(?:fire|"
    rf"4) sidste)(?: ci\w+| tal\w*)?(?: i (?:\w+ )?\S*(?:cpr|nummer)\S*)?"
    r"\s?(?:er|:|lyder|var|=)\s?|\b(?:sidste (?:fire|4)|(?:fire|4) sidste|last (?:four|4)) (?:ci\w+|tal\w*|digits?|figures?|numbers?)\b"
    r"[^.\n\d]{0,20}?[ ,:]\s?)(?P<last>\d{4}|\d\d \d\d)(?![\w\-])",
    re.IGNORECASE,
)
_P_NUMBER = re.compile(r"\bp-?(?:nr|nummer)\.?:?\s?$", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
_LONGEST = 12


def civil_numbers(text: str) -> Iterator[Finding]:
    """Civil registration numbers: a valid date is a finding, modulus 11 only raises the confidence."""
    for match in _DATE_MASKED.finditer(text):
        yield Finding(match.start(), match.end(), "CPR", 0.7, "masked date before four digits")
    for match in _LAST_FOUR.finditer(text):
        yield Finding(match.start("last"), match.end("last"), "CPR", 0.7, "called the last four of a civil registration number")
    if not holds_digits(text, 6):
        return
    groups = digit_groups(text)
    done = 0
    for index in range(len(groups)):
        if index < done:
            continue
        for last, finding in _beginning(text, groups, index):
            yield finding
            done = last + 1
            break
    yield from _half_hidden(text, groups)
    for match in _REPLACED.finditer(text):
        if _date_of(match[1] + match[2] + match[3]) and not is_case_number(text, match.start()):
            yield Finding(match.start(), match.end(), "CPR", 0.7, "replacement number with letters")


def _beginning(text: str, groups: Sequence[Group], first: int) -> Iterator[tuple[int, Finding]]:
    """Numbers that begin with a group, the likeliest first: the index of their last group, and the finding."""
    digits = ""
    called = _is_called_so(text, groups[first].start)
    if not called and first and _is_tight(groups[first - 1], groups[first]):
        return
    padded = _padded(groups[first : first + 4], called)
    for last in range(first, min(len(groups), first + _LONGEST)):
        if last > first and groups[last].link is None:
            return
        digits += padded.get(last - first, groups[last].digits)
        if len(digits) > 12:
            return
        part = groups[first : last + 1]
        if called and len(digits) in (9, 10, 11) and len(part) <= 3 and _stands_apart(groups, first, last):
            yield last, Finding(part[0].start, part[-1].end, "CPR", 0.8, "called a civil registration number")
            return
        if len(digits) not in (10, 12) or (len(digits) == 12 and not _has_full_year(part)):
            continue
        finding = _judge(text, groups, first, last, digits, called)
        if finding:
            # Where words are read out without a stop, nothing tells where the number ends: all of them are covered.
            while last + 1 < len(groups) and groups[last].sort == groups[last + 1].sort == "word" and groups[last + 1].link == " ":
                last += 1
            yield last, replace(finding, end=groups[last].end)
            return


def _padded(part: Sequence[Group], called: bool = False) -> dict[int, str]:
    """Days and months of one figure that stand in a date, with their nought; in words only where the number is called so."""
    if len(part) < 3 or any(group.link is None for group in part[1:3]):
        return {}
    day, month, year = (group.digits for group in part[:3])
    joined = all(re.fullmatch(r" ?[./\-–] ?", group.link or "") for group in part[1:3]) or part[1].sort in ("nth", "month")
    joined = joined or (called and all(group.sort == "word" for group in part))
    if joined and len(year) in (2, 4) and len(day) <= 2 and len(month) <= 2:
        return {0: day.zfill(2), 1: month.zfill(2)}
    return {}


def _has_full_year(part: Sequence[Group]) -> bool:
    """Whether groups of twelve digits are cut behind a date with its century."""
    sizes, size = [], 0
    for group in part:
        size += len(group.digits)
        sizes.append(size)
    return len(part) == 1 or 8 in sizes or any(group.sort in ("nth", "month") or len(group.digits) == 1 for group in part[:2])


def _judge(text: str, groups: Sequence[Group], first: int, last: int, digits: str, called: bool) -> Finding | None:
    part = groups[first : last + 1]
    start, end = part[0].start, part[-1].end
    date, serial = digits[:-4], digits[-4:]
    normal = _date_of(date)
    if normal is None or is_amount(text, end) or not (called or _stands_apart(groups, first, last)):
        return None
    valid = _checksum(normal + serial)
    padded = _padded(part, called)
    sizes = tuple(len(padded.get(place, group.digits)) for place, group in enumerate(part))
    cut = next((size for size in range(1, len(sizes) + 1) if sum(sizes[:size]) >= len(date)), len(sizes))
    link = (part[cut].link or "") if cut < len(part) else ""
    said = any(group.sort != "figures" for group in part) or "\x01" in link
    year_first = len(date) == 8 and _date_of(date, year_first=True) is not None
    if not (called or said):
        if not _is_usual(part, sizes, cut) or ("\x02" in link and sizes[0] != 6):
            return None
        # "P-nr." is a house's, but for one that is written as only a person's is.
        written_so = (sizes[0] in (6, 10) and names_a_document(text, start)) or (
            sizes == (6, 4) and link == "-" and _P_NUMBER.search(text[max(0, start - 12) : start]) is not None
        )
        if belongs_to_an_organisation(text, start) and not written_so:
            return None
        if is_case_number(text, start) and not link.strip():
            return None
    if said and not called and not _is_read_out(part):
        return None
    if any(re.search(r"\x01|\n.*\n", group.link or "", re.DOTALL) for group in part[cut + 1 :]):
        return None  # the last four are announced once, before them; what stands lines below is another cell
    if any(group.sort == "month" for group in part) and sum(sizes[:cut]) != len(date) and not called:
        return None  # "10. august 2020", and a number behind it
    if year_first and any(group.sort == "month" for group in part) and not called:
        return None  # "ledere 2027 November 12 2027": the day on which a file was written
    years = len(date) == 8 and serial[:2] in ("19", "20") and any("." in (group.link or "") for group in part[1:cut])
    if valid and not ((years or year_first) and not called):
        return Finding(start, end, "CPR", 0.99, "valid date and check digit")
    if called or said:
        return Finding(start, end, "CPR", 0.85, "valid date, no check digit")
    if years:
        return None
    if year_first and (int(date[:4]) > 2007 or not (link.strip() or len(part) == 1)):
        return None  # the name of a recording, not a number
    if len(part) == 1 or link.strip():
        # People born on 1 January and numbers given out since 2007 need not pass modulus 11.
        return Finding(start, end, "CPR", 0.85, "valid date, no check digit")
    in_pairs = cut > 1 and all(group.link == " " for group in part[1:cut])
    if not _TIME_OF_DAY.fullmatch(serial) or sizes[0] == 6 or in_pairs or int(normal[4:]) > datetime.date.today().year % 100:
        # A date before a time of day is left alone, unless it is written as dates are not, or lies before this century.
        return Finding(start, end, "CPR", 0.6, "valid date before four digits")
    return None


def _is_tight(one: Group, other: Group) -> bool:
    """Whether figures go on in the next group of the same number: a decimal, a longer case number."""
    both = one.sort == other.sort == "figures"
    return both and other.link is not None and bool(re.fullmatch(r"(?:[.\-–:_]|[.–]\s)?", other.link))


def _stands_apart(groups: Sequence[Group], first: int, last: int) -> bool:
    """Whether no other figures belong to the same number, nor to the same row of a table."""
    if last + 1 < len(groups) and _is_tight(groups[last], groups[last + 1]):
        return False
    sizes = [len(group.digits) for group in groups[first : last + 1]]
    before = groups[first].link if first and groups[first - 1].sort == groups[first].sort == "figures" else None
    after = groups[last + 1].link if last + 1 < len(groups) and groups[last + 1].sort == "figures" else None
    if max(sizes) <= 2 and any(link is not None and link.strip(" ,\t|") == "" for link in (before, after)):
        return False
    if sizes[:2] == [3, 3] and before == " ":
        return False  # a telephone number of another country
    loose = sizes[0] < 6 and before is not None and re.fullmatch(r"[ ,/]|, ", before)
    return not (loose and len(groups[first - 1].digits) <= 2)


def _is_usual(part: Sequence[Group], sizes: tuple[int, ...], cut: int) -> bool:
    """Whether figures are cut into groups as people cut them, with the same sign all through the date."""
    if len(part) == 1:
        return sizes[0] in (10, 12)
    links = [group.link or "" for group in part[1:]]
    in_date, between, behind = links[: cut - 1], links[cut - 1 : cut], links[cut:]
    apart = bool(between) and between[0].strip() and set(behind) == {" "}  # a sign between date and serial, and blanks in the serial
    if not (sizes[:cut] in _DATES and sizes[cut:] in _SERIALS) or (cut > 1 and len(sizes) > cut + 1 and len(set(sizes)) > 1 and not apart):
        return False
    if sizes == (1,) * 10:
        return all(re.fullmatch(r"[ .\-–,]|, | ?[-–—./] ?", link) for link in links)
    if sizes[:cut] == (3, 3) and links != [" ", " "]:
        return False
    if sizes == (2,) * 5 and len({link.strip() for link in links}) > 1 and links[3].strip():
        return False
    if sizes == (2,) * 5 and "," in links[0]:
        return False  # a list
    if not all(_IN_DATE.fullmatch(link) for link in in_date) or not all(re.fullmatch(r"[ .\-–]?", link) for link in behind):
        return False
    if cut > 1 and any("," in link or ":" in link for link in in_date):
        return False
    if cut > 1:
        # Behind a date with signs of its own only what binds makes one number of it.
        if re.fullmatch(r" ?, ?", between[0]):
            return sizes == (2, 2, 2, 4) and part[-1].digits[:2] not in ("19", "20")
        return bool(re.fullmatch(r"[^\S\n]{0,2}\n?[^\S\n]?[-–—./_(:*]{0,2}\s{0,2}", between[0]))
    return True


def _is_read_out(part: Sequence[Group]) -> bool:
    """Whether groups in words are a number that is dictated, not counting or a year."""
    if part[0].sort == "month" or any(group.sort in ("nth", "month") for group in part[2:]):
        return False
    words = [group for group in part if group.sort == "word"]
    if words and any("/" in (group.link or "") for group in part[1:]):
        return False  # "1/1 én" is a share
    if len(words) < 2:
        return not words
    steps = {int(later.digits) - int(earlier.digits) for earlier, later in pairwise(part)}
    single = [int(group.digits) for group in part if len(group.digits) == 1]
    counting = (len(steps) == 1 and steps <= {1, 10}) or (
        len(single) > 3 and all(later - earlier == 1 for earlier, later in pairwise(single))
    )
    return len(part) > 2 and not counting


def _half_hidden(text: str, groups: Sequence[Group]) -> Iterator[Finding]:
    """A date before masked figures."""
    for index, group in enumerate(groups):
        for size in (1, 3):
            part = groups[index : index + size]
            match = _MASK.match(text, part[-1].end)
            if match is None or len(part) < size or any(one.sort != "figures" for one in part):
                continue
            padded = _padded(part)
            digits = "".join(padded.get(place, one.digits) for place, one in enumerate(part))
            if len(digits) not in (6, 8) or (size == 3 and not (padded or all(one.link == " " for one in part[1:]))):
                continue
            if _date_of(digits) and not re.search(r"\d[.\-/]$", text[max(0, group.start - 2) : group.start]):
                yield Finding(group.start, match.end(), "CPR", 0.9, "masked civil registration number")


def _is_called_so(text: str, start: int) -> bool:
    """Whether a word for these numbers stands before, in the same sentence or heading and with no other number between."""
    before = text[max(0, start - 60) : start]
    called = max(_CALLED.finditer(before), key=lambda match: match.end(), default=None)
    return called is not None and not re.search(r"\d{4}|[.!?]\s+[A-ZÆØÅ]|\n\n", before[called.end() :])


def _date_of(digits: str, year_first: bool = False) -> str | None:
    """Six figures of a date that exists, day first, or None; eight figures may have the year first."""
    if len(digits) == 8 and (year_first or not _exists(int(digits[:2]), int(digits[2:4]), digits[4:])):
        exists = digits[:2] in ("19", "20") and _exists(int(digits[6:]), int(digits[4:6]), digits[:4])
        return digits[6:] + digits[4:6] + digits[2:4] if exists else None
    if not _exists(int(digits[:2]), int(digits[2:4]), digits[4:]):
        return None
    return digits[:4] + digits[-2:]


def _exists(day: int, month: int, year: str) -> bool:
    # Replacement numbers add 60 to the day.
    real_day = day - 60 if day > 60 else day
    century = int(year) if len(year) == 4 else 2000 + int(year)
    if len(year) == 4 and year[:2] not in ("18", "19", "20"):
        return False
    try:
        datetime.date(century, month, real_day)
    except ValueError:
        # 29 February of a year of the other century
        return (real_day, month) == (29, 2) and int(year[-2:]) % 4 == 0
    return True


def _checksum(digits: str) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(digits, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0
