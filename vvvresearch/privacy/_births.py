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
    "fik ham",
    "fik hende",
    "fik sin",
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
_TENS = r"(?:(?:en|to|tre|fire|fem|seks|syv|otte|ni)og)?(?:tyve|tredive|fyrre|halvtreds|tres|halvfjerds|firs|halvfems)"
_YEAR = (
    rf"(?:,?\s(?:i\s)?(?:19|20)\d{{2}}|\s?['’]?\d{{2}}\b|,?\s(?:nitten(?:\s?hundrede)?|totusinde|to\s?tusind(?:e)?)(?:\s?og)?(?:\s(?:{_TENS}|"
    rf"nul\s\w+|\w+ten|elleve|tolv|ti|et|to|tre|fire|fem|seks|syv|otte|ni)\b)?|,?\s(?:{_TENS}))"
)
_DATE = (
    rf"(?:(?:(?:man|tirs|ons|tors|fre|lør|søn)dag\s)?(?:d(?:en|\.)\s)?(?:\d{{1,2}}\.?\s?{_MONTH}\b\.?|\d{{1,2}}\.?\si\s\d{{1,2}}\.?|"
    rf"{_ORDINAL}\s(?:i\s)?(?:{_MONTH}\b|{_ORDINAL})){_YEAR}?"
    rf"|(?:nytårs(?:dag|aften(?:sdag)?)|juleaften(?:sdag)?|juledag|sankthans(?:aften)?|grundlovsdag){_YEAR}?"
    rf"|{_MONTH}\s\d{{1,2}}\.?,?\s(?:19|20)\d{{2}}"
    r"|(?:19|20)\d{2}[\-/.]\d{1,2}[\-/.]\d{1,2}|\d{1,2}\s?[./\-– ]\s?\d{1,2}(?:\s?[./\-– ]\s?(?:19|20)?\d{2})?(?!\d))"
)
_BEFORE = re.compile(
    r"(?:\bfødt\b(?:\s(?:i|på|ved)\s[\wæøåÆØÅ\-]+(?:\s(?:i|på)\s[\w\-]+)?)?(?:\sden|\sd\.|\spå)?|\bf\.\s?d?\.?|"
    r"\bfødsels(?:dato|dag|attest|bevis|tidspunkt)\w*(?:\s+(?:er|står|stod|der|som|angivet|skrevet|siger|lyder|den|d\.|var))*"
    r"|\b(?:date of birth|birth ?date|birthday)(?:\s+(?:is|was|on))*"
    r"|\bdato for (?:min |hans |hendes )?fødsel|\b(?:fyld(?:er|te|t)|rund(?:er|ede|et))\s+(?:\w+\s){0,3}?(?:den|d\.)?|\bkom "
    r"til verden(?:\s(?:i|på)\s\w+)?(?:\sden)?|\bborn(?:\s+on)?|\bDOB\b"
    rf"|\b(?:fødte|fik) (?:hende|ham|mig|sin søn|sin datter)(?:\sden)?)\s*[:,=]?\s*(?P<date>{_DATE})",
    re.IGNORECASE,
)
_RUN_TOGETHER = re.compile(
    r"\b(?:født(?:\s(?:i|på|ved)\s[\w\-]+)?(?:\sden|\sd\.)?|fødselsdato\w*|fødselsdag\w*|f\.?\s?dato|f\.|til verden|DOB)\s*"
    r"(?:(?:den|d\.|er|står|stod|som|var|:|=)\s*)*"
    r"(?P<date>(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)?\d{2}|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)",
    re.IGNORECASE,
)
_YEARS_DATE = rf"(?:\d{{1,2}}\.?\s?{_MONTH}\b\.?,?\s(?:19|20)\d{{2}}|\d{{1,2}}[./\-]\d{{1,2}}[./\-](?:19|20)\d{{2}})"
_SAME_SENTENCE = re.compile(rf"\b(?:født|fødsel\w*)\b(?P<between>[^.\n\d]{{0,40}}?)(?P<date>{_YEARS_DATE})", re.IGNORECASE)
_MOVED = re.compile(r"\b(?:kom|flyttede|flygtede|rejste|ankom|startede|begyndte|blev gift|fik|siden|mødte|døde)\b", re.IGNORECASE)
_AS_BIRTHDAY = re.compile(rf"(?<![\d.])(?P<date>{_YEARS_DATE})(?:\s(?:som|til)\s(?:\w+\s)?|[,:;]?\s\(?)fødsels(?:dag|dato)", re.IGNORECASE)
_AFTER = re.compile(
    rf"(?<![\d.])(?P<date>{_DATE})\s(?:(?:(?:er|var|som|bliver|står som|blev)\s){{1,2}}(?:(?:min|hans|hendes|"
    rf"din|deres|vores|jeg|hun|han)\s)(?:\w+\s)?(?:fødselsdag|fødselsdato|født)|(?:fylder|fyldte|runder|rundede)\s(?:jeg|hun|han|min|mor|far)\b)",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"\b(?:projekt\w*|forening\w*|id[eé]\w*|tilbud\w*|initiativ\w*|ordning\w*|samarbejd\w*|organisation\w*|"
    r"program\w*|tanken)\s(?:\w+\s){0,2}$",
    re.IGNORECASE,
)


def births(text: str) -> Iterator[Finding]:
    """Dates that are said to be somebody's birth."""
    for match in _BEFORE.finditer(text):
        if not _NO_PERSON.search(text[max(0, match.start() - 40) : match.start()]) and not _is_section(match):
            yield Finding(match.start("date"), match.end("date"), "DOB", 0.9, "date after a word for birth")
    for match in _RUN_TOGETHER.finditer(text):
        yield Finding(match.start("date"), match.end("date"), "DOB", 0.9, "date after a word for birth")
    for match in _SAME_SENTENCE.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if not _MOVED.search(match["between"]) and not _NO_PERSON.search(before):
            yield Finding(match.start("date"), match.end("date"), "DOB", 0.7, "date in a sentence on a birth")
    for match in (*_AFTER.finditer(text), *_AS_BIRTHDAY.finditer(text)):
        yield Finding(match.start("date"), match.end("date"), "DOB", 0.85, "date before a word for birth")


def _is_section(match: re.Match[str]) -> bool:
    """What follows "f." is a chapter's number or a ratio and no date: a date has a month that exists."""
    figures = re.fullmatch(r"(\d{1,2})[./\- –]+(\d{1,2})(?:[./\- –]+\d{2,4})?", match["date"].strip())
    if not figures:
        return False
    first, second = int(figures[1]), int(figures[2])
    return not (1 <= first <= 31 and 1 <= second <= 31 and min(first, second) <= 12)
