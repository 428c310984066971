"""E-mail addresses, plain or written so that machines do not see them, and names in social media."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vvvresearch.privacy._finding import Finding
from vvvresearch.privacy._lexicon import is_word

# No part may be tried from every place of one long word: times must grow with the text, not with its square.
_AT = tuple(f"{opens}{blank}{word}" for opens in "([{<" for blank in ("", " ") for word in ("at", "a)", "a]", "a}", "a>", "a "))
_STOPS = ("_dot_", "-dot-", ".dot.", " dot ", " punktum ", " prik ")
EMAIL_STEMS = ("@", "snabel", *_AT, *_STOPS, ".dk", ".com", ".net", ".org", ".se", ".no", ".eu")
HANDLE_STEMS = (
    "@",
    ".com/",
    ".me/",
    ".dk/",
    "insta",
    "tiktok",
    "snap",
    "telegram",
    "discord",
    "facebook",
    "messenger",
    "twitter",
    "skype",
    "signal",
    "viber",
    "brugernavn",
    "profil",
)
_LOCAL = r"(?<![\w.+\-])[\w][\w.+\-]*+"
_DOT = r"(?:\s?\.\s?|\s?[\(\[{<]\s?(?:dot|punktum|\.)\s?[\)\]}>]\s?|\s(?:dot|punktum|prik)\s)"
_DOMAIN = rf"[\w\-]+(?:{_DOT}[\w\-]+){{0,4}}"
_TOP = r"(?:dk|com|net|org|se|no|de|eu|info|uk|fi|fr|nl|io|me|ru|ua|nu|mail|edu|gov|[a-z]{2,12})\b"
_EMAIL = re.compile(
    (rf"{_LOCAL}\s?(?:@|[\(\[{{<]\s?(?:at|a|@|snabel-?\s?a)\s?[\)\]}}>]|\s(?:snabel-?\s?a)\s)\s?{_DOMAIN}{_DOT}{_TOP}"),
    re.IGNORECASE,
)
_SPELT = re.compile(rf"{_LOCAL}\sat\s[\w\-]+(?:\s(?:dot|punktum|prik)\s[\w\-]+){{1,4}}", re.IGNORECASE)
_JOINED = re.compile(
    r"(?<![\w.+\-])[\w.+\-]{2,60}?(?P<sign>[_\-.])(?:at|snabel-?a)(?P=sign)[\w\-]{2,60}?(?P=sign)(?:dot|punktum|prik)(?P=sign)"
    rf"{_TOP}",
    re.IGNORECASE,
)
_QUOTED = re.compile(rf'"[^"@\n]{{1,60}}"@[\w\-]+(?:\.[\w\-]+){{0,4}}\.{_TOP}', re.IGNORECASE)
_BARE_AT = re.compile(rf"({_LOCAL})\sat\s[\w\-]+\.(?:dk|com|net|org|se|no|de|eu)\b", re.IGNORECASE)
_HANDLE = re.compile(
    r"(?<![\w.@/])@(?!(?:media|import|page|font|charset|keyframes|supports|property|param|return|pytest)\b)[A-Za-zÀ-ÿ][\w.]{1,28}\w"
)
_PROFILE = re.compile(
    r"\b(?:facebook|instagram|tiktok|linkedin|twitter|snapchat|telegram|youtube|vk|fb|t|x|wa)\.(?:com|me|dk)/"
    r"(?!groups|pages|events|watch|share|hashtag|sharer|intent|help|policies|about|company|login)"
    r"(?:in/|people/|add/|u/|user/|c/|channel/|profile\.php\?id=)?@?([\w.\-%]{3,60})",
    re.IGNORECASE,
)
_MEDIUM = (
    r"\b(?:instagram|insta|tiktok|snapchat|snap|telegram|discord|facebook|messenger|twitter|skype|signal|viber|"
    r"brugernavn(?:et)?|profil(?:navn)?(?:en|et)?)\b"
)
_CALLED = re.compile(
    rf"{_MEDIUM}(?:[ \w]{{0,25}}?\s(?:er|hedder|navnet)(?:\s(?:han|hun|jeg|de|er|hende|ham|mig))?\s|\s?:\s?|\s(?:som|under)\s)@?"
    r"((?=[\w.]*[\d_.])[a-zæøå0-9][\w.]{2,28}\w)",
    re.IGNORECASE,
)
_REACHED = re.compile(rf"{_MEDIUM}\s(?:til|hos|efter|med)\s@?((?=[\w.]*[^\W\d_])(?=[\w.]*[\d_])[a-zæøå0-9][\w.]{{2,28}}\w)", re.IGNORECASE)
_CALLED_BEFORE = re.compile(
    (rf"(?<![\w.@/])((?=[\w.]*[\d_])[a-zæøå0-9][\w.]{{2,28}}\w)\s(?:på|i)\s(?:min |hendes |hans )?{_MEDIUM}"), re.IGNORECASE
)


def emails(text: str) -> Iterator[Finding]:
    """E-mail addresses."""
    for match in _EMAIL.finditer(text):
        yield Finding(match.start(), match.end(), "EMAIL", 0.98 if "@" in match[0] else 0.9, "e-mail address")
    for match in (*_JOINED.finditer(text), *_QUOTED.finditer(text)):
        yield Finding(match.start(), match.end(), "EMAIL", 0.95, "e-mail address")
    for match in _SPELT.finditer(text):
        yield Finding(match.start(), match.end(), "EMAIL", 0.85, "e-mail address in words")
    for match in _BARE_AT.finditer(text):
        if re.search(r"[._\d]", match[1]) or not is_word(match[1].casefold()):
            yield Finding(match.start(), match.end(), "EMAIL", 0.7, "e-mail address in words")


def handles(text: str) -> Iterator[Finding]:
    """Names in social media."""
    for match in _HANDLE.finditer(text):
        yield Finding(match.start(), match.end(), "ID", 0.7, "name in social media")
    for match in _PROFILE.finditer(text):
        yield Finding(match.start(1), match.end(1), "ID", 0.85, "address of a profile")
    for match in (*_CALLED.finditer(text), *_REACHED.finditer(text), *_CALLED_BEFORE.finditer(text)):
        yield Finding(match.start(1), match.end(1), "ID", 0.7, "name in social media")
