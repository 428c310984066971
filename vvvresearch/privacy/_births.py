"""Birth dates, in figures or as numbers that are said are written (`in_figures`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vvvresearch.privacy._digit_groups import DAYS_AND_MONTHS, MONTH, NUMBER_WORD, ORDINAL
from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._windows import stems

BIRTH_STEMS = stems(
    "født|årgang|fødsel|fødte| f.| b.|(b.|\nf.|(f.|,f.|f.d|fyld|til verden|born|dob|fik |fødes|fdato|f-dato|blev |nedkom|of birth|"
    "d.o.b|fdt|birthd|birth d|runde|foed|fodt|fods| turn"
)
_DAY = r"\d{1,2}(?:\.|st|nd|rd|th)?"
_YEAR = r"(?:,?\s(?:i\s|in\s)?(?:19|20)\d{2}|,?\s?['’]?\d{2}\b)"
_FULL_YEAR = r"(?:19|20)\d{2}"
_THE = r"(?:d(?:en|\.)\s|the\s)"
_WEEKDAY = r"(?:(?:man|tirs|ons|tors|fre|lør|søn)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day),?\s"
_ROMAN = r"(?-i:I{1,3}|I?V|VI{1,3}|I?X|XI{1,2})"
_DATE = (
    rf"(?:(?:{_DAY}\s?(?:(?:of|i)\s)?{MONTH}\b\.?|\d{{1,2}}\.?\s(?:i|of)\s\d{{1,2}}\.?){_YEAR}?"
    rf"|(?:nytårs(?:dag|aften(?:sdag)?)|juleaften(?:sdag)?|juledag|sankthans(?:aften)?|grundlovsdag|"
    rf"(?:new year['’]s|christmas) (?:day|eve)){_YEAR}?"
    rf"|{MONTH}\b\.?,?\s(?:on\s)?{_THE}?{_DAY},?\s{_FULL_YEAR}|{MONTH}\s(?:{_THE}?\d{{1,2}}(?:st|nd|rd|th)|the\s\d{{1,2}})\b"
    rf"|{_FULL_YEAR},?\s{_THE}?{_DAY}\s?{MONTH}\b|\d{{1,2}}[./ -]{{1,2}}{_ROMAN}[./ -]{{1,2}}(?:19|20)?\d{{2}}"
    r"|(?:1[34]|19|20)\d{2}[\-/.]\d{1,2}[\-/.]\d{1,2}|\d{1,2}\s?[./\-– ]\s?\d{1,2}(?:\s?[./\-– ]\s?(?:19|20)?\d{2})?(?!\d))"
)
# The first letters of all that a date begins with are asked for first, since most words have another.
_PLACE = re.compile(rf"\b(?=[\dacdefgjlmnostw])(?<![\w,/\-])(?<!\d\.)(?:{_WEEKDAY})?{_THE}?(?P<date>{_DATE})", re.IGNORECASE)
# Without any of these no date stands in a text, in figures or in words.
# Days that have a name; other dates are figures, or words for them.
DAY_STEMS = (*stems("nytår|jule|sankthans|grundlovsdag|new year|christmas"), *DAYS_AND_MONTHS)
MAY_BE_A_DATE = re.compile(
    rf"\d|\b(?:{MONTH}\b|(?:{ORDINAL}|{NUMBER_WORD})\s(?:i|of)\s|nytårs|jule?(?:aften|dag)|sankthans|grundlovsdag|new year|christmas)",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?<![\w,/\-])(?<!\d\.)(?P<date>(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)?\d{2}"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?![\d\-/])"
)
_HAS_YEAR = re.compile(rf"(?:19|20)\d\d|\d[./\-]\s?\d{{1,2}}[./\-]\s?\d\d$|['’]\d\d|{MONTH}\s\d\d$|\si\s\d\d\s\d\d$", re.IGNORECASE)
# What stands right before a date, but for words that only lead over to it, and makes it a birth's.
_LABEL = re.compile(
    r"(?:(?<!\w)f\.\s?d?\.?|(?<!\w)fdt\.?|(?<!\w)b\.|(?<!\w)d\.o\.b\.?|\bf(?:ødsels)?\.?[\- ]?dat(?:o|a|oen)\b|"
    r"\bf(?:ø|oe?)dsels(?:dag(?:en|e)?|dato|attest\w*|bevis\w*|tidspunkt\w*|"
    r"år(?:et)?)\b(?: og -?\w+)?"
    r"|\b(?:date of birth|birth ?date|birthday|DOB|born)\b|\bdato for (?:\w+ )?fødsel\b|\b(?:fylder|fyldte?|rund(?:er|ede|"
    r"et))\b(?: \w+){0,3}?|\bblev \d\d(?: år)?"
    r"|\bårgang\b|\bturn(?:s|ed|ing)? [\w-]+\b|\b(?:f(?:ø|oe?)dt\w*|til verden)(?:\s(?:i|på|ved)\s[\w\-]+){0,3})"
    r"(?:,?\s+(?:er|står|stod|der|som|angivet|skrevet|siger|lyder|den|d\.|var|på|i|selveste|natten|til|is|was|given|as|on|in|an?|the))*"
    r"[\s\"'»”]*[:,=?]?[\s(\[\"'»“]*$",
    re.IGNORECASE,
)
_NEW_CHILD = r"(?:søn|datter|barn|dreng|pige|første|anden|tredje|yngste|ældste|mindste|lille|tvillinger)\w*"
_BIRTH = re.compile(
    rf"\b(?:født\w?|fødes|fødsel\w*|nedkom|born|fødte (?:hende|ham|mig|os)|f(?:ik|ødte) (?:hende|ham|(?:min|sin|vores|en|"
    rf"et) (?:\w+ )?{_NEW_CHILD}))\b",
    re.IGNORECASE,
)
_THEN_BIRTH = re.compile(
    r"(?:\s(?:(?:er|var|som|til|bliver|står som|blev)\s){1,2}(?:(?:min|hans|hendes|din|deres|vores|jeg|hun|"
    r"han)\s)?(?:\w+\s)?(?:fødselsda\w+|født)\b"
    r"|\s(?:blev\s(?:jeg|hun|han|min \w+)\s)?født\b|,\s(?:det er jeg\s|is when\s)?(?:\w+\s){0,3}(?:født|born)\b|"
    r"\skom\s(?:\w+\s){1,3}til verden\b|[,:;]?\s\(?fødsels(?:dag|dato)|\s(?:fylder|fyldte|"
    r"runder|rundede)\s(?:jeg|hun|han|min|mor|far)\b)",
    re.IGNORECASE,
)
# Something else than a birth happened on that day, or what came about is no person.
_MOVED = re.compile(
    r"\b(?:kom|flyttede|flygtede|rejste|ankom|startede|begyndte|gift|siden|mødte|møde\w*|døde|holdt|samtale\w*|ringede|fik (?!hende|ham|"
    r"min|sin|vores|en|et)|\d+)\b",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"\b(?:projekt\w*|forening\w*|id[eé]\w*|tilbud\w*|initiativ\w*|ordning\w*|samarbejd\w*|organisation\w*|program\w*|tanken)\s(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"(?:,|\s(?:og|and|samt)|\s?[/&])\s?")
_ENDS = re.compile(r"(?<!\bd)(?<!\b[fb])(?<!f\.d)(?<!\bfdt)(?<![dD]\.[oO]\.[bB])(?<!\d)(?:[.!](?=\s)|\?(?=\s[A-ZÆØÅ]))|\n\n|;(?=\s)")


def births(text: str) -> Iterator[Finding]:
    """Dates that are said to be somebody's birth: in every form right behind or before a word for it, with a year in its clause."""
    last_birth = len(text)
    for match in (*_PLACE.finditer(text), *_COMPACT.finditer(text)):
        if match.re is _PLACE and last_birth < match.start() and _LISTED.fullmatch(text, last_birth, match.start()):
            last_birth = match.end()
            yield Finding(match.start("date"), match.end("date"), "DOB", 0.8, "date beside a birth date")
            continue
        before = _ENDS.split(text[max(0, match.start() - 70) : match.start()])[-1]
        after = _ENDS.split(text[match.end() : match.end() + 40])[0]
        label = _LABEL.search(before)
        if label:
            if not _NO_PERSON.search(before[: label.start()]) and not _is_section(match["date"]):
                last_birth = match.end()
                yield Finding(match.start("date"), match.end("date"), "DOB", 0.9, "date after a word for birth")
            continue
        if match.re is _COMPACT:
            continue
        if _THEN_BIRTH.match(after):
            yield Finding(match.start("date"), match.end("date"), "DOB", 0.85, "date before a word for birth")
        elif _HAS_YEAR.search(match["date"]):
            last = max(_BIRTH.finditer(before), key=lambda one: one.end(), default=None)
            if last and not _MOVED.search(before[last.end() :]) and not _NO_PERSON.search(before[: last.start()]):
                yield Finding(match.start("date"), match.end("date"), "DOB", 0.7, "date in a sentence on a birth")


def _is_section(date: str) -> bool:
    """What follows "f." is a chapter's number or a ratio and no date: a date has a month that exists."""
    figures = re.fullmatch(r"(\d{1,2})[./\- –]+(\d{1,2})(?:[./\- –]+\d{2,4})?", date.strip())
    if not figures:
        return False
    first, second = int(figures[1]), int(figures[2])
    return not (1 <= first <= 31 and 1 <= second <= 31 and min(first, second) <= 12)
