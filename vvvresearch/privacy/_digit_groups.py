"""Numbers as they are written or read out: groups of figures, number words, ordinals and months, and what stands between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from vvvresearch.privacy._windows import places, stems


def _counted(words: str, first: int) -> dict[str, int]:
    """Words of a row that counts up by one, those of one number joined by "|"."""
    return {word: first + place for place, row in enumerate(words.split()) for word in row.split("|")}


ONES = _counted("nul|zero|oh en|én|een|et|ét|one to|two tre|three fire|four fem|five seks|six syv|seven otte|eight ni|nine", 0)
_TEENS = _counted(
    "ti|ten elleve|eleven tolv|twelve tretten|thirteen fjorten|fourteen femten|fifteen seksten|sixteen sytten|seventeen atten|eighteen "
    "nitten|nineteen",
    10,
)
_TENS = {
    word: 10 * number
    for word, number in _counted(
        "tyve|twenty tredive|tredve|thirty fyrre|fyrretyve|forty|fourty halvtreds|halvtres|fifty tres|treds|sixty halvfjerds|seventy "
        "firs|eighty halvfems|ninety",
        2,
    ).items()
}
_MONTHS = _counted(
    "januar|january|jan februar|february|feb marts|march|mar april|apr maj|may juni|june|jun juli|july|jul august|aug "
    "september|sept|sep oktober|october|okt|oct november|nov december|dec",
    1,
)
_NTH = _counted(
    "første|first anden|second tredje|third fjerde|fourth femte|fifth sjette|sixth syvende|seventh ottende|eighth niende|ninth "
    "tiende|tenth elvte|ellevte|eleventh tolvte|twelfth trettende|thirteenth fjortende|fourteenth femtende|fifteenth "
    "sekstende|sixteenth syttende|seventeenth attende|eighteenth nittende|nineteenth tyvende|twentieth enogtyvende|twenty-first "
    "toogtyvende|twenty-second treogtyvende|twenty-third fireogtyvende|twenty-fourth femogtyvende|twenty-fifth "
    "seksogtyvende|twenty-sixth syvogtyvende|twenty-seventh otteogtyvende|twenty-eighth niogtyvende|twenty-ninth "
    "tredivte|tredivde|thirtieth enogtredivte|enogtredivde|thirty-first",
    1,
)
# Numbers below a hundred as they are said, without blanks and strokes: one figure below ten, two from ten on.
_SAID_AS = {word: str(number) for word, number in (ONES | _TEENS | _TENS).items()}
_SAID_AS |= {f"{one}og{ten}": str(_TENS[ten] + ONES[one]) for one in ONES for ten in _TENS}
_SAID_AS |= {f"{ten}{one}": str(_TENS[ten] + ONES[one]) for one in ONES for ten in _TENS if ten[-1] == "y"}
_SAID_AS |= {f"nul{one}": f"0{ONES[one]}" for one in ONES}
_TIMES = {"dobbelt": 2, "double": 2, "triple": 3}
# Parts of words without which hardly any number is read out.
_STEMS = stems(
    "nul|hundred|tyve|tredive|fyrre|tres|treds|halvfjerds|firs|halvfems|fem|seks|syv|otte|elleve|tolv|tten|fjorten|zero|three|four|five|"
    "six|seven|eight|nine|twel|teen|twent|thirt|forty|fift"
)
MASK_SIGNS = "xX*•·●▪■█_#?×○"
_SAID_WORDS = frozenset(("hundrede", "hundred", *_SAID_AS, *_NTH, *_MONTHS))


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of the words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True)).replace("-", "[ -]")


# Words for days and months, those that say other things too among them.
DAYS_AND_MONTHS = tuple(word.replace("-", " ") for word in (*_NTH, *_MONTHS) if word not in ("jan", "aug", "dec"))
MONTH = rf"(?:{any_of(_MONTHS)})"
ORDINAL = rf"(?:{any_of(_NTH)})"
_ONE = rf"(?:{any_of(ONES)})"
# "twenty to thirty" is no twenty-two.
_AFTER_TEN = r"(?<=y)[ -](?:one|two|three|four|five|six|seven|eight|nine)\b"
NUMBER_WORD = (
    rf"(?:(?:{_ONE}\s?og\s?)?(?:{any_of(_TENS)})(?:{_AFTER_TEN})?|(?:(?:{any_of(_TIMES)})[ -]|nul(?=\w))?{_ONE}\b|{any_of(_TEENS)})"
)
# What stands for the first two figures of a year.
_CENTURY = r"nitten(?:\s?hundrede\s?(?:og\s)?)?|to\s?tusinde?\s?(?:og\s)?|nineteen hundred (?:and )?|two thousand (?:and )?"
_GROUP = re.compile(
    rf"(?P<figures>\d+)|\b(?P<century>{_CENTURY})(?P<years>{NUMBER_WORD})\b"
    rf"|\b(?P<hundreds>(?:(?P<times>{_ONE}) )?(?:hundrede|hundred)(?: (?:og |and )?(?P<over>{NUMBER_WORD}))?)\b"
    rf"|\b(?P<nth>{ORDINAL}|{MONTH})\b|\b(?P<word>{NUMBER_WORD})\b",
    re.IGNORECASE,
)
# What is said between the date and the last four, or for a sign: it announces figures.
_SAID = re.compile(
    r"\b(?:(?:bindestreg|skråstreg|tankestreg|streg|minus|mellemrum|punktum|dash|hyphen|slash|space)\b"
    r"|(?:the\s)?(?:(?:sidste|næste|last|next)\s(?:fire|four|4)|(?:fire|4)\s(?:sidste|næste)|løbenummer\w*|løbenr\.?|kontrol(?:ci\w+|nummer\w*)"
    r"|ende(?:tal|cifre|lse)\w*|efterfulgt|slutter|ender|resten|slutningen|bagefter|derefter|dernæst|followed\sby|ending)(?:\s(?:ci\w+|tal\w*|numre))?(?:\s(?:på|af|i\s\w+|er|var|lyder|hedder))*)"
    r"|\b(?:og\s(?:så|til sidst)|(?:and\s)?then)\b",
    re.IGNORECASE,
)
_SIGNS = {
    word: sign
    for sign, words in {
        "-": "bindestreg tankestreg streg minus dash hyphen",
        "/": "skråstreg slash",
        ".": "punktum",
        " ": "mellemrum space",
    }.items()
    for word in words.split()
}
_SIGN_SAID = re.compile(rf"[\s,]*({'|'.join(_SIGNS)})[\s,]*", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(?:nr\.?|nummer|number|no\.?) $", re.IGNORECASE)
# Number words that are longer are nothing else.
_SHORT = 5
_DICTATED = re.compile(rf"\b(?:{NUMBER_WORD}|\d+)(?:[ ,.\-–]{{1,3}}{NUMBER_WORD}){{2}}\b", re.IGNORECASE)
_ANNOUNCED = "\x01"
_AND = "\x02"
_ANNOUNCING = re.compile(rf"(?:[^\W\d_]+\s){{0,4}}{_ANNOUNCED}+")
_BORDER = re.compile(r"\s\|\s")
_LINK = re.compile(r"[\W_]{0,8}")


Sort = Literal["figures", "word", "nth", "month"]


def number_words(small: str) -> list[tuple[int, int]]:
    """Where number words stand in a text in lower case, but for those that are articles and adverbs too.

    Example:
        >>> number_words("en nul og otte, natten femogtyve")
        [(3, 6), (10, 14), (23, 32)]
    """
    found = set()
    for stem in _STEMS:
        for place in places(small, stem):
            start, end = place, place + len(stem)
            while start > place - 12 and small[start - 1 : start].isalpha():
                start -= 1
            while end < place + 16 and small[end : end + 1].isalpha():
                end += 1
            if small[start:end] in _SAID_WORDS:
                found.add((start, end))
    return sorted(found)


@dataclass(frozen=True)
class Group:
    """Neighbouring figures, or a word for them, in one piece.

    `digits` is what they say, `sort` how, `link` what stands between it and the group before it, None where that is other talk;
    in a link \\x01 stands for words that announce figures and \\x02 for "og".
    """

    start: int
    end: int
    digits: str
    sort: Sort
    link: str | None


def holds_digits(text: str, least: int) -> bool:
    """Whether a text has so many digits, or a row of number words: else there is nothing to group."""
    return sum(map(text.count, "0123456789")) >= least or _DICTATED.search(text) is not None


@lru_cache(maxsize=4)
def digit_groups(text: str) -> tuple[Group, ...]:
    """The groups of a text in their order; several recognisers ask for those of one stretch in turn."""
    return tuple(_groups(text))


def _groups(text: str) -> Iterator[Group]:
    seen = _SAID.sub(lambda match: _ANNOUNCED * len(match[0]), text)
    last: Group | None = None
    for match in _GROUP.finditer(seen):
        digits = _digits(match)
        link = None if last is None else _link(seen[last.end : match.start()])
        if last is not None and last.sort == "nth" and match["nth"] and seen[last.end : match.start()].strip() in ("i", "of"):
            link = " "  # "den fjerde i tiende"
        if link is not None and last is not None and _BORDER.search(link) and (len(last.digits), len(digits)) != (6, 4):
            # Numbers of two cells are two numbers, but for a date and the four figures that belong to it.
            link = None
        last = Group(match.start(), match.end(), digits, _sort(match), link)
        yield last


def _link(between: str) -> str | None:
    if len(between) > 60:
        return None
    told = re.sub(r"(?i)\bog\b", _AND, _ANNOUNCING.sub(_ANNOUNCED, between)) if between.strip() else between
    return told if _LINK.fullmatch(told) and told.count("\n") <= 2 and not re.search(r"\n[.!?]", told) else None


def _sort(match: re.Match[str]) -> Sort:
    if match["nth"]:
        return "month" if match["nth"].casefold() in _MONTHS else "nth"
    return "figures" if match["figures"] else "word"


def _digits(match: re.Match[str]) -> str:
    if match["figures"]:
        return match["figures"]
    if match["nth"]:
        return f"{(_NTH | _MONTHS)[match['nth'].casefold().replace(' ', '-')]:02d}"
    if match["hundreds"]:
        return said(match["times"] or "en") + (said(match["over"]).zfill(2) if match["over"] else "00")
    if match["century"]:
        return ("19" if match["century"][0] in "nN" else "20") + f"{int(said(match['years'])):02d}"
    return said(match["word"])


def in_figures(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A text with what is read out written in figures and signs, and where each of its characters stands in the text: start and end.

    Small numbers are articles and adverbs too: they are written where another number or a word for "number" stands beside them.

    Example:
        >>> in_figures("nummer syv, bindestreg, toogtyve")[0]
        'nummer 7-22'
    """
    groups = digit_groups(text)
    written: list[str] = []
    places: list[tuple[int, int]] = []
    done = 0

    def copy(until: int) -> None:
        written.extend(text[done:until])
        places.extend((place, place + 1) for place in range(done, until))

    for number, group in enumerate(groups):
        beside = (group.link, groups[number + 1].link if number + 1 < len(groups) else None)
        spoken = group.sort == "nth" or (
            group.sort == "word"
            and (
                any(link is not None for link in beside)
                or group.end - group.start > _SHORT
                or _NUMBERED.search(text, max(0, group.start - 10), group.start)
            )
        )
        sign = (
            _SIGN_SAID.fullmatch(text, done, group.start) if number and group.link is not None and groups[number - 1].end == done else None
        )
        if sign:
            written.append(_SIGNS[sign[1].casefold()])
            places.append((sign.start(1), sign.end(1)))
        elif (spoken or group.sort == "figures") and not (
            number and spoken and group.link == " " and groups[number - 1].sort == "word" and groups[number - 1].digits in ("0", "19", "20")
        ):
            copy(group.start)
        if spoken:
            written.extend(group.digits)
            places.extend([(group.start, group.end)] * len(group.digits))
        elif sign or group.sort == "figures":
            written.extend(text[group.start : group.end])
            places.extend((place, place + 1) for place in range(group.start, group.end))
        else:
            continue
        done = group.end
    copy(len(text))
    return "".join(written), places


def said(word: str) -> str:
    """The digits of a number word below a hundred: one below ten, two from ten on, one of them twice where that is said.

    Example:
        >>> said("femogfirs"), said("nul"), said("sixty-two"), said("double four")
        ('85', '0', '62', '44')
    """
    small = re.sub(r"[\s-]", "", word.casefold())
    times = next((again for again in _TIMES if small.startswith(again)), "")
    return _SAID_AS[small.removeprefix(times)] * _TIMES.get(times, 1)
