"""A text as a reader sees it: without invisible characters and marks of layout, with ordinary digits, signs, spaces and letters."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

# Soft hyphen, zero-width and bidirectional marks, fillers, variation selectors, keycaps; full-width forms; digits of any script but
# ours; spaces of odd widths; accents that stand by themselves, as file names from some systems have them.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20f0\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0001-\U000e007f\U000e0100-\U000e01ef"
)
_ACCENT = "\u0300-\u036f"
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
_RINGED_A = "\u24b6\u24d0"
_HYPHENS = dict.fromkeys("\u02d7\u058a\u1806\u2010\u2011\u2012\u2015\u207b\u208b\u2212\u2e3a\u2e3b\u30fc\ufe58\ufe63\uff0d", "-")
_ODD = re.compile(rf"[{_INVISIBLE}{_ACCENT}{_SPACES}{''.join(_HYPHENS)}{_RINGED_A}\u3002\ufe50-\ufe6b\uff01-\uff5e]|(?![0-9])\d")
_HIDDEN = re.compile(rf"[{_INVISIBLE}]")
# Raised, lowered and ringed figures: a few of them are a note's number, many are somebody's.
_RAISED = re.compile(
    "[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u2468\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792]"
)
_SMALL = re.compile(rf"{_RAISED.pattern}{{4,}}")
# Marks that lay a text out and stand inside numbers, and what pages and addresses write for a sign.
_MARK = re.compile(
    r"</?(?:b|i|u|em|strong|span|font|mark|sub|sup|small|wbr|code|tt)(?: [^<>@\d]{0,80})?>"
    r"|</?t[dh](?: [^<>]{0,80})?>|<br ?/?>"
    r"|&(?:#\d{2,6}|#[xX][0-9A-Fa-f]{2,6}|nbsp|ndash|mdash|minus|shy|hyphen|zwn?j|thinsp|ensp|emsp|commat|period);|%(?:2[0BDE]|40|3[0-9])|(?<=\w)=40(?=[a-z])",
    re.IGNORECASE,
)
# A word that is parted at a line's end is one word; a stop or a letter between figures is a pause or a figure; a sign like no other
# before a domain is what the keyboard has beside the at. Each begins with what is rare, so that a long text is passed over quickly.
_BROKEN = re.compile(r"-\n(?<=[^\W\d_]{2}-\n)(?=[a-zæøåß-öø-ÿ]{2})")
_AMONG_FIGURES = re.compile(r"\d( ?(?:\.{2,4}|…) ?|[OoIl])(?=\d)|(?<!\w)([OI])(?=\d{4})")
_FIGURES = re.compile(r"\d+")
_AT = re.compile(r"[®©¤§](?<=\w.)(?=[\w\-]{2,40}\.[a-z]{2})")
# Sounds of somebody who thinks are nothing of what is said.
_SOUNDS = ("øh", "eh", "hm", "uh")
_SOUND = re.compile(r",? ?\b(?:ø+h+m*|e+h+m*|h+m+|u+h+m*)\b(?=,? ?\w)")


def plain(text: str) -> tuple[str, list[int] | None]:
    """The text to look at, and where each of its characters stands in the original (None: it is the original)."""
    signs = "".join(set(text))
    small = {place for match in _SMALL.finditer(text) for place in range(*match.span())} if _RAISED.search(signs) else set()
    marks = {start: (end, _meant(text[start:end])) for start, end in _marks(text, signs)}
    if not (small or marks or _ODD.search(signs)):
        return text, None
    shown: list[str] = []
    places: list[int] = []
    skip = 0
    for place, character in enumerate(text):
        if place < skip:
            continue
        if place in marks:
            skip, character = marks[place]
        if not character or _HIDDEN.match(character):
            continue
        if "\u0300" <= character <= "\u036f" and shown:
            composed = unicodedata.normalize("NFC", shown[-1] + character)
            if len(composed) == 1:
                shown[-1] = composed
            continue
        shown.append(_ordinary(character) if place in small or _ODD.match(character) else character)
        places.append(place)
    return "".join(shown), places


def _marks(text: str, signs: str) -> Iterator[tuple[int, int]]:
    """Where something stands that is read as one sign or as none."""
    if any(map(signs.__contains__, "<&%=")):
        yield from (match.span() for match in _MARK.finditer(text))
    yield from (match.span() for match in _BROKEN.finditer(text))
    if any(map(signs.__contains__, "®©¤§")):
        yield from (match.span() for match in _AT.finditer(text))
    for figures in _FIGURES.finditer(text):
        start, end = figures.span()
        if match := _AMONG_FIGURES.match(text, end - 1) or _AMONG_FIGURES.match(text, max(0, start - 1)):
            yield match.span(match.lastindex or 0)
    for sound in _SOUNDS:
        place = text.find(sound)
        while place >= 0:
            start = place
            while start and text[start - 1] in "øehum":
                start -= 1
            start -= text[start - 1 : start] == " "
            start -= text[start - 1 : start] == ","
            if match := _SOUND.match(text, start):
                yield match.span()
            place = text.find(sound, place + 2)


def _meant(mark: str) -> str:
    """The sign that a mark stands for; layout and sounds stand for none."""
    if mark[0] not in "<&%=":
        return {"O": "0", "o": "0", "I": "1", "l": "1", "®": "@", "©": "@", "¤": "@", "§": "@"}.get(
            mark, " " if mark.strip(" .…") == "" else ""
        )
    if mark[0] == "<":
        return "|" if mark[:3].casefold() == "</t" else "\n" if mark[:3].casefold() == "<br" else ""
    sign = chr(int(mark[1:], 16)) if mark[0] in "%=" else html.unescape(mark)
    return sign if len(sign) == 1 else " "


def _ordinary(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if _HIDDEN.match(character):
        return ""
    if character in _RINGED_A:
        return "@"
    if character == "\u3002":
        return "."
    return _HYPHENS.get(character) or (" " if character == "\u2800" else unicodedata.normalize("NFKC", character)[:1])
