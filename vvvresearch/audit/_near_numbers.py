"""The numbers near a sentence: its own, those told before it, and the totals of its section's tables, each with how far off it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from vvvresearch.audit._document import Cell, TableRow
from vvvresearch.audit._facts import Facts, Said, Shown
from vvvresearch.audit._finding import Place, place_in, place_of
from vvvresearch.audit._sums import columns_of, head_of, is_percent, is_total
from vvvresearch.audit._told import OFTEN
from vvvresearch.audit._units import money_of, unit_of
from vvvresearch.audit._words import stem, stems
from vvvresearch.locales import YEAR, half_up
from vvvresearch.statements import Mention

_FAMILY = {
    "count": "count", "total": "count", "base": "count", "ratio": "count", "sample_size": "count", "money": "money", "duration": "duration",
    "percentage": "percent", "points": "points", "share": "share",
}  # fmt: skip
# How far back numbers are looked for, in sentences.
_BACK = 4
# How many numbers of a document may be known to its readers; and how many tables of a section are looked at, the nearest first.
_KNOWN, _TABLES = 8, 4
# Sums up to this are met by accident.
_SMALL = 20
OF_THEM = re.compile(r"\s*(?:[^\W\d]+\s+){0,2}(?:af dem|af disse|heraf|of them|of these|of those)\b", re.IGNORECASE)
_APART = re.compile(
    r"\b(?:end|than|mod|against|ud af|out of|compared|hvis|if|per|pr\.)\b|\b(?:af|of) (?:de|the) (?:øvrige|others?|rest)\b|[.:]\s",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[,;]|\b(?:og|and|mens|while|samt|plus)\b", re.IGNORECASE)


@dataclass(eq=False)
class Number:
    """A number that may take part in an equation; `away` is how far off it is told, in sentences."""

    value: Fraction
    family: str
    decimals: int
    place: Place
    away: float
    text: str
    words: frozenset[str] = frozenset()
    unit: str = ""
    said: Said | None = None
    mention: Mention | None = None
    loose: bool = False

    def seen_from(self, away: float) -> Number:
        """The same number, as far off as it is from another sentence; what was worked out of it stays."""
        made = object.__new__(Number)
        made.__dict__.update(self.__dict__)
        made.away = away
        return made

    @property
    def at(self) -> Mention:
        """Its mention, of a number that a sentence tells."""
        assert self.mention is not None
        return self.mention

    @property
    def owner(self) -> Said:
        """Its sentence."""
        assert self.said is not None
        return self.said

    @cached_property
    def amount(self) -> float:
        """Its value, for comparing quickly."""
        return float(self.value)

    @cached_property
    def digits(self) -> str:
        """The digits as printed; of a sum of money in millions those in front."""
        return re.sub(r"\D", "", re.split(r"[^\W\d]|%", self.text.lstrip("£$€ "))[0]) or str(int(self.value))


def numbers_of(said: Said, away: float) -> Iterator[Number]:
    """Every number of a sentence, the whole of a ratio as one of its own."""
    for one in said.mentions:
        family = "count" if one.kind == "duration" and OFTEN.search(one.text) else _FAMILY.get(one.kind)
        if (
            family is None
            or one.value is None
            or one.low is not None
            or (one.kind == "share" and one.key not in ("half", "fraction", "every"))
        ):
            continue
        place, words = place_of(said, one), stems(said.clause(one), said.lang)
        unit = stem(unit_of(said, one) or "", said.lang) if family == "count" else ""
        value = money_of(said, one) if family == "money" else one.value
        loose = one.modifier not in ("", "exactly")
        if one.kind == "ratio" and one.base:
            if one.base <= 10:
                yield Number(100 * one.value / one.base, "share", 0, place, away, one.text, words, unit, said, one, True)
                continue
            yield Number(one.base, "count", 0, place, away, str(int(one.base)), words, unit, said, one)
            yield Number(one.value, "count", 0, place, away, str(int(one.value)), words, unit, said, one)
            continue
        if family == "share":
            yield Number(100 * value, "share", 0, place, away, one.text, words, unit, said, one, True)
            continue
        yield Number(value, family, one.decimals, place, away, one.text, words, unit, said, one, loose)


class Pool:
    """The numbers near each sentence of a document."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._cells: dict[int, tuple[list[tuple[TableRow, Cell]], list[tuple[TableRow, Cell]]]] = {}
        self._near: dict[int, list[Number]] = {}
        self.own = [list(numbers_of(said, 0.0)) if said.block.kind not in ("heading",) else [] for said in facts.said]
        # How often each number is told, in the text and in tables.
        self.told = Counter(one.value for own in self.own for one in own)
        self.told.update(Fraction(value) for shown in facts.shown for value in shown.values)
        self.told.update(Fraction(shown.base) for shown in facts.shown if shown.base is not None)
        # What is counted, by its number.
        self.nouns: dict[Fraction, str] = {}
        for own in self.own:
            for one in own:
                if one.unit and one.family == "count":
                    self.nouns.setdefault(one.value, one.unit)
        first: dict[Fraction, Number] = {}
        times = Counter[Fraction]()
        for one in (one for own in self.own for one in own if one.family == "count" and one.value > 12):
            first.setdefault(one.value, one)
            times[one.value] += 1
        # What a document tells again and again may be meant from afar.
        self.known = [first[value].seen_from(9.0) for value, often in times.most_common(_KNOWN) if often >= 3]

    def _counts(self, shown: Shown) -> tuple[list[tuple[TableRow, Cell]], list[tuple[TableRow, Cell]]]:
        """The cells of a table's totals, and its other counts where no column gives their percentages."""
        if id(shown) not in self._cells:
            columns = columns_of(shown)
            counts = [column for column in columns if not is_percent(shown, column)]
            cells = [pair for column in counts for pair in column if pair[1].value is not None]
            rows = [pair for pair in cells if not is_total(pair[0])] if len(counts) == len(columns) else []
            self._cells[id(shown)] = [pair for pair in cells if is_total(pair[0])], rows
        return self._cells[id(shown)]

    def near(self, said: Said) -> list[Number]:
        """The numbers of a sentence and of those before it, the one behind it, and the totals of its section's tables."""
        if said.position not in self._near:
            self._near[said.position] = self._numbers_near(said)
        return self._near[said.position]

    def _numbers_near(self, said: Said) -> list[Number]:
        found = list(self.own[said.position])
        for at in range(max(0, said.position - _BACK), min(len(self.facts.said), said.position + 2)):
            other = self.facts.said[at]
            if at == said.position or other.section != said.section:
                continue
            away = said.position - at if at < said.position else 1.5
            away += 0.0 if other.block is said.block else 0.5
            found += [one.seen_from(float(away)) for one in self.own[at]]
        tables = self.facts.shown_of[said.section]
        for shown in sorted(tables, key=lambda one: abs(one.line - said.line))[:_TABLES]:
            if shown.base is not None:
                place = place_in(shown, shown.base_line, shown.base_text)
                found.append(Number(Fraction(shown.base), "count", 0, place, 2.0, str(shown.base)))
            if shown.table is None:
                continue
            totals, rows = self._counts(shown)
            found += [_cell(shown, row, cell, _years_of(shown, row, cell)) for row, cell in totals]
            # A part is known by the words of its row, where the sentence has those of one row only.
            labels = {row.label: stems(row.label, said.lang) for row, _ in rows}
            named = [label for label, words in labels.items() if words and words <= said.stems]
            found += [
                _cell(shown, row, cell, labels[row.label] | _years_of(shown, row, cell)) for row, cell in rows if [row.label] == named
            ]
        values = {one.amount for one in found}
        found += [one for one in self.known if one.amount not in values]
        return found


def _years_of(shown: Shown, row: TableRow, cell: Cell) -> frozenset[str]:
    """The years that the row or the column of a cell is named by."""
    at = next(number for number, one in enumerate(row.cells) if one is cell)
    return frozenset(YEAR.findall(f"{row.label} {head_of(shown, row, at)}"))


def _cell(shown: Shown, row: TableRow, cell: Cell, words: frozenset[str]) -> Number:
    at = next(number for number, one in enumerate(row.cells) if one is cell)
    head = re.match(r"\W*([^\W\d_]{3,})\W*$", head_of(shown, row, at))
    unit = stem(head[1].lower(), shown.document.lang) if head is not None and not _NO_UNIT.match(head[1]) else ""
    return Number(cell.value or Fraction(0), "count", cell.decimals, place_in(shown, row.line, row.label), 2.0, cell.text, words, unit)


_NO_UNIT = re.compile(r"antal|number|total|alle?$|count|sum|i alt|andel|share|procent|percent", re.IGNORECASE)


def around(said: Said, target: Number) -> tuple[str, str]:
    start, end = target.at.start - said.start, target.at.end - said.start
    left, right = said.text[:start], said.text[end:]
    return left, right


def text_between(said: Said, one: Number, other: Number) -> str:
    return said.text[one.at.end - said.start : other.at.start - said.start]


def follows(said: Said, one: Number, other: Number) -> bool:
    between = text_between(said, one, other)
    return len(between) <= 90 and not _APART.search(between) and bool(_JOINED.search(between))


def scale_of(one: Number) -> Fraction:
    """What the last digit printed of a sum of money stands for."""
    return one.value / int(one.digits) if one.digits.strip("0") else Fraction(1)


def printed_as(target: Number, value: Fraction) -> str:
    """The digits of a value, printed as a number is."""
    if target.family == "money":
        return str(half_up(value / scale_of(target)))
    return re.sub(r"\D", "", str(half_up(value, target.decimals)))
