"""Cells of a table: numbers as people write them, and how far the values of a column are what a role holds, from 0 to 1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from vvvresearch.evidence import Programme
from vvvresearch.intake._dates import judge_dates, read_date
from vvvresearch.intake._fold import fold
from vvvresearch.intake._municipalities import Municipalities
from vvvresearch.intake._scales import NUMBER_WORDS
from vvvresearch.intake._table import Column
from vvvresearch.intake._words import group_words, meanings, reason_class

_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
_CODE = re.compile(r"[A-Za-z]{0,4}[- ._]?\d[\d.,-]*")
# A row that was copied twice makes no key of an id less.
_NEARLY_ALL = 0.9
_SOME_NUMBERS = 0.5
_FILE = re.compile(r".*\.(txt|docx?|pdf|rtf|mp3|wav|m4a|odt)|[\w-]*\d[\w-]*", re.IGNORECASE)
_SIGNED = {"+": "promotes", "-": "hinders", "\u00f7": "hinders", "\u2212": "hinders", "\u2013": "hinders"}
_AGE = re.compile(r"\d{1,3}( ?[-–] ?\d{1,3}|\+)?( ?aar| years?)?|(over|under) \d+.*|voksen|barn|ung|aeldre|adult|child|youth|young|senior")
_TIME_THAT_LASTS = re.compile(r"\b(\d*(dage?|uger?|mdr?|maaneder?|aar|days?|weeks?|months?|years?|yrs?)|halvt|lang|kort|ny)\b")
_TURNS = "runde|boelge|maaling|nedslag|besoeg|gang|wave|round|visit"
_BEFORE_AND_AFTER = (
    "foer|efter|before|after|pre|post|baseline|midline|endline|midt|midtvejs|midway|"
    "(op)?start|(af)?slut(ning)?|opfoelgning|follow ?up|end|final|entry|intake|exit|discharge"
)
_VOCABULARIES = (
    "yesno",
    "need",
    "node_type",
    "mode",
    "sex",
    "arrival",
    "match_type",
    "relation_state",
    "presence",
    "course_format",
    "course_type",
    "measure",
    "unit",
    "verdict",
    "change",
    "event",
    "stage",
    "strength",
)


_QUARTERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<quarter>[1-4]) ?(kvartal|kv|kvt|quarter) ?(?P<year>(20)?\d\d)",
        r"[qk](?P<quarter>[1-4]) ?(?P<year>(20)?\d\d)",
        r"(?P<year>(20)?\d\d) ?([qk]|kvartal|quarter) ?(?P<quarter>[1-4])",
        # A month of one digit is written with a nought; without one it is the number of a quarter.
        r"(?P<year>20\d\d) (?P<quarter>[1-4])",
    )
)


@dataclass(frozen=True)
class Tests:
    """The tests, with what a programme and a country bring to them."""

    programme: Programme
    municipalities: Municipalities

    def share(self, column: Column, test: str) -> float:
        """How far (0–1) a column passes a test; an empty column passes none."""
        if not column.filled:
            return 0.0
        if test == "reason":
            return _matching(column, lambda text: reason_class(text) != "")
        if test == "yesno":
            return _known(column, yes_or_no(column))
        if test in _VOCABULARIES:
            return _known(column, meanings(test))
        return self._tests()[test](column)

    def _tests(self) -> Mapping[str, Callable[[Column], float]]:
        return {
            "any": lambda column: 1.0,
            "stance": lambda column: max(_known(column, _stances()), 0.8 if self._tests()["words"](column) else 0.0),
            "group": lambda column: _known(column, group_words(self.programme)),
            "half": lambda column: _known(
                column, {word: name for word, name in group_words(self.programme).items() if name in self.programme.halves}
            ),
            "municipality": self._municipality,
            "date": lambda column: judge_dates(column.cells).share,
            "id": lambda column: 1.0 if _distinct(column) > _NEARLY_ALL and _words(column) < 3.5 else 0.0,
            "shared": lambda column: 1.0 if _distinct(column) < 0.95 or len(column.filled) < 6 else 0.3,
            "twice": lambda column: 1.0 if 0.4 <= _distinct(column) <= 0.7 else 0.0,
            "person": lambda column: _matching(column, lambda text: bool(re.search(r"\d", text)) and len(text) < 20),
            "small": lambda column: _matching(
                column,
                lambda text: bool(
                    re.fullmatch(
                        rf"(t|{_TURNS})? ?\d{{1,2}}( ?({_TURNS}))?|foerste.*|anden.*|first.*|second.*|(19|20)\d\d|"
                        rf"({_BEFORE_AND_AFTER})( ?({_TURNS}|maalingen))?",
                        fold(text),
                    )
                ),
            ),
            "age": lambda column: _matching(
                column,
                lambda text: bool(_AGE.fullmatch(fold(text).replace(" ", "-", 1) if "-" in text else fold(text)) or _AGE.fullmatch(text)),
            ),
            "lasting": lambda column: _matching(column, lambda text: bool(_TIME_THAT_LASTS.search(fold(text)))),
            "short": lambda column: 1.0 if _words(column) <= 3.5 else 0.0,
            # "Flygtning" says which half speaks, not who.
            "teller": lambda column: 0.0 if _words(column) > 3.5 else 0.5 if _known(column, group_words(self.programme)) > 0.5 else 1.0,
            # A transcript is a file, or a name that one interview has: "D05 Anna".
            "file": lambda column: max(
                _matching(column, lambda text: bool(_FILE.fullmatch(text))),
                1.0 if _distinct(column) > _NEARLY_ALL and _words(column) < 3.5 and not _matching(column, str.isdigit) else 0.0,
            ),
            "text": lambda column: 1.0 if _words(column) >= 4 else 0.4 if _words(column) >= 2.5 else 0.0,
            # "90 %", "højst 10", "≥ 30 kommuner": a number with few words. Goals that are judged in words have none.
            "target": lambda column: (
                1.0 if _matching(column, lambda text: bool(re.search(r"\d", text)) and len(text.split()) <= 5) >= _SOME_NUMBERS else 0.0
            ),
            "title": lambda column: (
                1.0 if _words(column) <= 10 and _matching(column, lambda text: not _CODE.fullmatch(text)) > 0.9 else 0.0
            ),
            "code": lambda column: _matching(column, lambda text: bool(_CODE.fullmatch(text))) if _distinct(column) > _NEARLY_ALL else 0.0,
            "initials": lambda column: 1.0 if len(column.counts) <= 8 and _words(column) <= 2 else 0.0,
            "number": lambda column: share_of_numbers(column.filled),
            "whole": lambda column: share_of_numbers(column.filled, whole=True),
            "words": lambda column: (
                1.0
                if len(column.counts) <= max(12, 0.5 * len(column.filled))
                and _words(column) <= 5
                and _matching(column, lambda text: bool(_NUMBER.fullmatch(text))) < 0.5
                and judge_dates(column.cells).share < 0.5
                else 0.0
            ),
            "category": lambda column: _matching(
                column,
                lambda text: (
                    fold(text)
                    in ("1", "2", "3", "groen", "gul", "roed", "green", "yellow", "red", "kategori 1", "kategori 2", "kategori 3")
                ),
            ),
            "quarter": lambda column: _matching(column, lambda text: quarter_of(text) != ""),
            "period": lambda column: _matching(column, lambda text: bool(re.fullmatch(r"(19|20)\d\d([-/ ].*)?", text))),
            "direction": lambda column: _matching(column, lambda text: direction(text) != ""),
            "membership": lambda column: _matching(column, lambda text: bool(re.fullmatch(r"[01]|0?[.,]\d+|1[.,]0+|0[.,]0+", text))),
        }

    def _municipality(self, column: Column) -> float:
        known = _matching(column, self.municipalities.knows)
        # Slips are looked for only where most cells are names already.
        return _matching(column, lambda text: self.municipalities.find(text).how != "none") if 0.4 <= known < 1 else known


def quarter_of(text: str) -> str:
    """A quarter as people write it, "2023-Q2"; of a date the quarter it lies in; "" where it is none.

    Example:
        >>> quarter_of("2. kvartal 2023"), quarter_of("Q2 23"), quarter_of("2023-05-01"), quarter_of("forår")
        ('2023-Q2', '2023-Q2', '2023-Q2', '')
    """
    folded = fold(text)
    for pattern in _QUARTERS:
        if found := pattern.fullmatch(folded):
            year = found["year"]
            return f"{year if len(year) == 4 else '20' + year}-Q{found['quarter']}"
    reading = read_date(text)
    return f"{reading.value[:4]}-Q{(int(reading.value[5:7]) - 1) // 3 + 1}" if reading.kind in ("day", "month") else ""


def direction(text: str) -> str:
    """Whether a cell says that a link promotes or hinders; "" when it says neither."""
    return _SIGNED.get(text.strip()) or meanings("direction").get(fold(text), "")


@cache
def _stances() -> Mapping[str, str]:
    """Words that say whether an utterance affirms or contradicts, sure ones and others."""
    words = {**meanings("coding_meaning"), **meanings("sure_stance")}
    return {word: meant for word, meant in words.items() if meant in ("affirmed", "contradicted")}


def yes_or_no(column: Column) -> Mapping[str, str]:
    """Folded word → yes or no in a column; the heading's own word in a cell is a tick."""
    return {column.folded: "yes", **meanings("yesno")}


def _known(column: Column, words: Mapping[str, str]) -> float:
    return sum(count for text, count in column.counts.items() if fold(text) in words) / len(column.filled)


def _matching(column: Column, test: Callable[[str], bool]) -> float:
    return sum(count for text, count in column.counts.items() if test(text)) / len(column.filled)


def _distinct(column: Column) -> float:
    return len(column.counts) / len(column.filled)


def _words(column: Column) -> float:
    """Words a cell on average."""
    return sum(len(text.split()) * count for text, count in column.counts.items()) / len(column.filled)


# What a mark between three digits is: nothing to decide, a mark of thousands, a decimal mark, or either.
Marks = Literal["plain", "thousands", "decimals", "open"]

_THREES = re.compile(r"[-+]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_SPACED = re.compile(r"[-+]?\d{1,3}(?:[  \u00a0\u202f'’]\d{3})+(?:,\d+)?")
_DANISH, _ENGLISH = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+,\d+"), re.compile(r"[-+]?\d{1,3}(?:,\d{3})+\.\d+")
_SIMPLE = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
# Who writes "ca. 6" tells the number that he knows.
_ABOUT = re.compile(r"(ca\.?|cirka|omkring|omtrent|about|approx\.?|around|~) *(?=\d)", re.IGNORECASE)
# A mark behind a number points at a remark.
_NOTED = re.compile(r"(?<=\d) ?[*†‡¹²³]+\)?$")
_NOTHING = frozenset(("-", "–", "—", "--", "."))


def is_nothing(text: str) -> bool:
    """Whether a cell holds a sign for no number.

    Example:
        >>> is_nothing("-"), is_nothing("0")
        (True, False)
    """
    return text.strip() in _NOTHING


def is_number(text: str) -> bool:
    """Whether a text is a number, however its thousands and decimals are marked.

    Example:
        >>> is_number("1.204"), is_number("1 204,5"), is_number("12 %"), is_number("ca. 20*"), is_number("over 20")
        (True, True, True, True, False)
    """
    bare = _bare(text)
    return any(pattern.fullmatch(bare) for pattern in (_SIMPLE, _THREES, _SPACED, _DANISH, _ENGLISH))


def marks_of(column: Column) -> Marks:
    """What the marks in the texts of a column are; a number cell of a workbook has none.

    Example:
        >>> [marks_of(Column("Antal", "antal", cells)) for cells in (("1.204", "37"), ("1.204", "3,5"), ("1.204", "1.5"), ("12", "3,5"))]
        ['open', 'thousands', 'decimals', 'plain']
    """
    texts = [_bare(text) for text, cell in zip(column.texts, column.cells, strict=True) if text and isinstance(cell, str)]
    threes = {found[1] for text in texts if (found := _THREES.fullmatch(text))}
    if not threes:
        return "plain"
    if len(threes) > 1:
        return "open"
    mark = threes.pop()
    told = {_told(text, mark) for text in texts} - {""}
    return "thousands" if told == {"thousands"} else "decimals" if told == {"decimals"} else "open"


def _told(text: str, mark: str) -> str:
    """What one text says of a mark: several groups or another decimal mark make it one of thousands."""
    other = "," if mark == "." else "."
    if text.count(mark) > 1 or (mark in text and other in text) or re.fullmatch(rf"[-+]?\d+{re.escape(other)}\d{{1,2}}", text):
        return "thousands"
    found = re.fullmatch(rf"[-+]?\d+{re.escape(mark)}(\d+)", text)
    return "decimals" if found and (len(found[1]) != 3 or text.lstrip("+-").startswith("0")) else ""


def number_text(text: str, thousands: bool) -> str:
    """A number with a decimal point and no other mark; a sign for none as an empty cell, what is no number as it is.

    Args:
        text: a cell.
        thousands: whether a single mark before three digits parts thousands.

    Example:
        >>> [number_text(one, True) for one in ("1.204", "1.204,5", "3,5", "-", "ca. 20", "over 20", "to")]
        ['1204', '1204.5', '3.5', '', '20', 'over 20', '2']
        >>> number_text("1.204", False)
        '1.204'
    """
    bare = _bare(text)
    if is_nothing(bare):
        return ""
    if _SPACED.fullmatch(bare):
        return re.sub(r"[  \u00a0\u202f'’]", "", bare).replace(",", ".")
    if _DANISH.fullmatch(bare):
        return bare.replace(".", "").replace(",", ".")
    if _ENGLISH.fullmatch(bare):
        return bare.replace(",", "")
    if (threes := _THREES.fullmatch(bare)) and (thousands or bare.count(threes[1]) > 1):
        return bare.replace(threes[1], "")
    if _SIMPLE.fullmatch(bare):
        return bare.replace(",", ".")
    # Among numbers somebody writes "en", or "none".
    return f"{NUMBER_WORDS[words]:g}" if (words := bare.casefold()) in NUMBER_WORDS else text


def number_texts(column: Column, marks: str) -> list[str]:
    """The cells of a column as numbers; a number cell of a workbook is one already."""
    return [
        number_text(text, marks == "thousands") if isinstance(cell, str) else text
        for text, cell in zip(column.texts, column.cells, strict=True)
    ]


def share_of_numbers(texts: Iterable[str], whole: bool = False) -> float:
    """How many of the texts that hold more than a sign for nothing are numbers, or whole ones of at most seven digits."""
    held = [text for text in texts if not is_nothing(text)]
    if not held:
        return 0.0
    fits = [re.fullmatch(r"\d{1,7}", number_text(text, True)) is not None if whole else is_number(text) for text in held]
    return sum(fits) / len(held)


def _bare(text: str) -> str:
    return _NOTED.sub("", _ABOUT.sub("", text.strip())).removesuffix("%").rstrip()
