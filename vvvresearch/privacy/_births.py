"""Birth dates in figures and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vvvresearch.privacy._finding import Finding

BIRTH_STEMS = (
    "født",
    "fødsel",
    "fødte",
    " f.",
    "\nf.",
    "(f.",
    ",f.",
    "f.d",
    "fyld",
    "til verden",
    "born",
    "dob",
    "fik ",
    "fødes",
    "fdato",
    "f-dato",
    "blev ",
    "nedkom",
    "of birth",
    "birthd",
    "birth d",
    "runde",
)
_MONTH = (
    r"(?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december|jan|feb|"
    r"mar|apr|jun|jul|aug|sept|sep|okt|nov|dec|"
    r"january|february|march|may|june|july|october)"
)
_UNIT = r"(?:første|anden|tredje|fjerde|femte|sjette|syvende|ottende|niende)"
_ORDINAL = (
    rf"(?:{_UNIT}|tiende|el+evte|tolvte|trettende|fjortende|femtende|sekstende|syttende|attende|nittende|"
    rf"tyvende|(?:en|to|tre|fire|fem|seks|syv|otte|ni)ogtyvende|"
    r"tredivte|tredivde|enogtredivte|enogtredivde)"
)
_UNIT_WORD = "en|to|tre|fire|fem|seks|syv|otte|ni"
_TENS = r"(?:(?:en|to|tre|fire|fem|seks|syv|otte|ni)og)?(?:tyve|tredive|fyrre|halvtreds|tres|halvfjerds|firs|halvfems)"
_YEAR = (
    rf"(?:,?\s(?:i\s)?(?:19|20)\d{{2}}|\s?['’]?\d{{2}}\b|,?\s(?:nitten(?:\s?hundrede)?|totusinde|to\s?tusind(?:e)?)(?:\s?og)?(?:\s(?:{_TENS}|"
    rf"(?:{_UNIT_WORD})\sog\s{_TENS}|nul\s\w+|\w+ten|elleve|tolv|ti|et|to|tre|fire|fem|seks|syv|otte|ni)\b)?|,?\s(?:{_TENS}))"
)
_DATE = (
    rf"(?:(?:(?:man|tirs|ons|tors|fre|lør|søn)dag\s)?(?:d(?:en|\.)\s)?(?:\d{{1,2}}\.?\s?{_MONTH}\b\.?|\d{{1,2}}\.?\si\s\d{{1,2}}\.?|"
    rf"{_ORDINAL}\s(?:i\s)?(?:{_MONTH}\b|{_ORDINAL})){_YEAR}?"
    rf"|(?:nytårs(?:dag|aften(?:sdag)?)|juleaften(?:sdag)?|juledag|sankthans(?:aften)?|grundlovsdag){_YEAR}?"
    rf"|{_MONTH}\s\d{{1,2}}\.?,?\s(?:19|20)\d{{2}}"
    r"|(?:19|20)\d{2}[\-/.]\d{1,2}[\-/.]\d{1,2}|\d{1,2}\s?[./\-– ]\s?\d{1,2}(?:\s?[./\-– ]\s?(?:19|20)?\d{2})?(?!\d))"
)
_PLACE = re.compile(rf"(?<![\w,/\-])(?<!\d\.)(?:(?:den|d\.)\s)?(?P<date>{_DATE})", re.IGNORECASE)
_COMPACT = re.compile(
    r"(?<![\w.,/\-])(?P<date>(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)?\d{2}"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?![\d\-/])"
)
_HAS_YEAR = re.compile(rf"(?:19|20)\d\d|\d[./\-]\s?\d{{1,2}}[./\-]\s?\d\d$|['’]\d\d|{_TENS}$", re.IGNORECASE)
# What stands right before a date, but for words that only lead over to it, and makes it a birth's.
_LABEL = re.compile(
    r"(?:(?<!\w)f\.\s?d?\.?|\bf(?:ødsels)?\.?[\- ]?dat(?:o|a|oen)\b|\bfødsels(?:dag(?:en|e)?|attest\w*|bevis\w*|tidspunkt\w*|"
    r"år(?:et)?)\b(?: og -?\w+)?"
    r"|\b(?:date of birth|birth ?date|birthday|DOB|born)\b|\bdato for (?:\w+ )?fødsel\b|\b(?:fylder|fyldte?|rund(?:er|ede|"
    r"et))\b(?: \w+){0,3}?|\bblev \d\d(?: år)?"
    r"|\b(?:født|til verden)(?:\s(?:i|på|ved)\s[\w\-]+){0,3})"
    r"(?:\s+(?:er|står|stod|der|som|angivet|skrevet|siger|lyder|den|d\.|var|på|selveste|is|was|on))*\s*[:,=?]?\s*\(?$",
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
    r"|\s(?:blev\s(?:jeg|hun|han|min \w+)\s)?født\b|\skom\s(?:\w+\s){1,3}til verden\b|[,:;]?\s\(?fødsels(?:dag|dato)|\s(?:fylder|fyldte|"
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
_ENDS = re.compile(r"(?<!\bd)(?<!\bf)(?<!f\.d)(?<!\d)(?:[.!](?=\s)|\?(?=\s[A-ZÆØÅ]))|\n\n|;")


def births(text: str) -> Iterator[Finding]:
    """Dates that are said to be somebody's birth: in every form right behind or before a word for it, with a year in its clause."""
    for match in (*_PLACE.finditer(text), *_COMPACT.finditer(text)):
        before = _ENDS.split(text[max(0, match.start() - 70) : match.start()])[-1]
        after = _ENDS.split(text[match.end() : match.end() + 40])[0]
        label = _LABEL.search(before)
        if label:
            if not _NO_PERSON.search(before[: label.start()]) and not _is_section(match["date"]):
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
