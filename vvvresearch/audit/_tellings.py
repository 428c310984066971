"""The tellings of some documents side by side: what each word says, which numbers agree, and which pairs may be one fact."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from vvvresearch.audit._facts import Facts, Shown
from vvvresearch.audit._shares import word_admits
from vvvresearch.audit._slips import surprise
from vvvresearch.audit._sums import is_total
from vvvresearch.audit._tables import speaks
from vvvresearch.audit._told import Told, told_in
from vvvresearch.audit._told_cells import told_by
from vvvresearch.audit._words import stem, stems, word_list

# The weights of a logistic regression, in natural logarithms of odds, and what a finding needs.
WEIGHTS = {
    "across": 0.47, "aimed": -0.73, "around": 0.12, "block": -2.40, "cell": -2.87, "close": 0.75, "column": 0.82,
    "elsewhere": -0.63, "fewer": -0.14, "group": -2.65, "known": -0.28, "money": 1.23, "near": 0.51, "negated": -0.71,
    "often": -0.21, "one": -6.18, "other_column": 1.28, "others": -2.26, "percent": 0.21, "percent_silent": -2.10,
    "retells": 2.58, "rival": -1.80, "row": 1.49, "row_close": 1.20, "row_column": 0.48, "row_has": -2.51, "row_sentence": 1.97,
    "section": 1.09, "shared": 0.36, "size": -0.24, "slip": 0.85, "slip_heard": 0.20, "soft": 0.46, "summed": -1.14,
    "table_has": -1.72, "total": 3.22, "total_heard": -1.21, "unique": 0.47, "unique_often": 0.50, "unit": 1.21, "units": -0.75,
    "word": 1.05, "years": 1.96,
}  # fmt: skip
NEEDED = 1.4
# The most that one word can give, in bits; and how many tellings may share a word that brings two together.
_WORD, _OFTEN = 5.0, 60
# In shorter texts than this, in sentences and rows, words are as rare as there.
_SHORT = 40
# Bits of words from which on two tellings are looked at; digits of a slip do as well.
_LOOKED_AT, _SLIP = 2.0, 5.0
# What all else may add to the odds of two tellings, and a row that the words name; and how many tellings the documents had on which
# the weights were fitted.
_REST, _ROW, _USUAL = 5.5, 4.0, 300


class Tellings:
    """The tellings of some documents, with what each word says and who agrees with whom."""

    def __init__(self, documents: Sequence[Facts]) -> None:
        self.told = [one for facts in documents for one in (*told_in(facts), *told_by(facts))]
        holders = {id(one.said) if one.said is not None else id(one.row): one.around for one in self.told}
        counts = Counter(word for words in holders.values() for word in words)
        total = max(len(holders) + 1, _SHORT)
        scale = {stem(word, lang) for lang in ("da", "en") for word in word_list("scale", lang)}
        self.bits = {
            word: 0.0 if word in scale or count >= total / 2 else min(_WORD, math.log2(total / (count + 0.5)))
            for word, count in counts.items()
        }
        self._hears = _hearing(self.bits)
        self._near: dict[tuple[str, int], list[Told]] = defaultdict(list)
        for one in self.told:
            if not one.soft:
                self._near[one.kind, _bucket(one)].append(one)
        self._agreeing: dict[int, list[Told]] = {}
        self._sentences: dict[int, list[Told]] = defaultdict(list)
        self._cells: dict[int, list[Told]] = defaultdict(list)
        for one in self.told:
            (self._sentences[id(one.said)] if one.said is not None else self._cells[id(one.shown)]).append(one)
        self._of_section: dict[tuple[int, int], list[Told]] = defaultdict(list)
        for one in self.told:
            if one.said is not None:
                self._of_section[id(one.facts), one.said.section].append(one)
        self._known: dict[int, float] = {}
        self._sums: dict[tuple[int, int], set[float]] = {}
        # Of the more tellings there are, the more are like each other by accident.
        self.needed = NEEDED + math.log(max(len(self.told) / _USUAL, 1.0))
        self._spoken: dict[tuple[int, int, str], dict[int, float]] = {}
        self._summaries: dict[tuple[int, int], float] = {}

    def weight(self, words: frozenset[str]) -> float:
        """The bits of some words."""
        return sum(self.bits.get(word, 0.0) for word in words)

    def common(self, one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
        """The words of a set that another has too, compounds counting by their parts."""
        return frozenset(word for word in one if word in other or not self._hears.get(word, _NONE).isdisjoint(other))

    def agreeing(self, one: Told) -> list[Told]:
        """The tellings elsewhere of which a number may be the same."""
        if id(one) not in self._agreeing:
            at = _bucket(one)
            found = (other for near in (at - 1, at, at + 1) for other in self._near.get((one.kind, near), ()))
            self._agreeing[id(one)] = [other for other in found if not _beside(one, other) and agrees(one, other)]
        return self._agreeing[id(one)]

    def context(self, one: Told, other: Told) -> tuple[float, float, float, float]:
        """Bits of the words of both clauses, of one clause and the other's sentence, and of those that each has alone, the fewer first."""
        both = self.common(one.words, other.words)
        here, there = self.common(one.words, other.around), self.common(other.words, one.around)
        alone = sorted((self.weight(one.words - here), self.weight(other.words - there)))
        shared = self.weight(both)
        return shared, max(0.0, self.weight(here | there) - shared), alone[0], alone[1]

    def known(self, one: Told) -> float:
        """How much the words say that a number is told elsewhere as it is here."""
        if id(one) not in self._known:
            self._known[id(one)] = max((_total(self.context(one, other)) for other in self.agreeing(one)), default=0.0)
        return self._known[id(one)]

    def retells(self, one: Told) -> float:
        """Which part of the other numbers of a telling's section is told outside of it too: much in a summary."""
        if one.said is None:
            return 0.0
        place = id(one.facts), one.said.section
        if place not in self._summaries:
            outside = [any(not _in_section(other, *place) for other in self.agreeing(each)) for each in self._of_section[place]]
            self._summaries[place] = sum(outside) / len(outside) if len(outside) > 2 else 0.0
        return self._summaries[place]

    def pairs(self) -> Iterator[tuple[Told, Told]]:
        """Pairs of tellings that words or digits bring together and whose numbers do not agree; the first is one of a text."""
        postings: dict[tuple[str, str], list[Told]] = defaultdict(list)
        slips: dict[tuple[str, str], list[Told]] = defaultdict(list)
        units: dict[tuple[str, str], list[Told]] = defaultdict(list)
        order = {id(one): at for at, one in enumerate(self.told)}
        for one in self.told:
            for word in one.words if one.said is not None else one.around:
                postings[one.kind, word].append(one)
            for key in _slip_keys(one):
                slips[one.kind, key].append(one)
            if one.unit:
                units[one.kind, one.unit].append(one)
        for one in self.told:
            if one.said is None:
                continue
            bits: dict[int, float] = defaultdict(float)
            for word in one.around:
                worth = self.bits.get(word, 0.0)
                for more in {word, *self._hears.get(word, ())}:
                    found = postings.get((one.kind, more), ())
                    if worth and len(found) <= _OFTEN:
                        for other in found:
                            bits[order[id(other)]] += worth
            for key in _slip_keys(one):
                found = slips[one.kind, key]
                if len(found) <= _OFTEN:
                    for other in found:
                        bits[order[id(other)]] += _SLIP
            if one.unit and len(units[one.kind, one.unit]) <= _OFTEN:
                for other in units[one.kind, one.unit]:
                    bits[order[id(other)]] += _LOOKED_AT
            for shown in one.near_tables:
                for other in self.cells_of(shown):
                    if other.kind == one.kind:
                        bits[order[id(other)]] += _LOOKED_AT
            for at, worth in bits.items():
                other = self.told[at]
                if worth < _LOOKED_AT or not (other.said is None or order[id(one)] < at) or not self._possible(one, other, worth):
                    continue
                if may_be_one(one, other) and not self._told_beside(one, other):
                    yield one, other

    def _possible(self, one: Told, other: Told, worth: float) -> bool:
        """Whether what is known at once of two tellings may suffice: most pairs of a long document are told apart here."""
        known = WEIGHTS["shared"] * min(worth, 15.0) + WEIGHTS["near"] * nearness(one, other)
        known += WEIGHTS["slip"] * surprise(one.digits, other.digits) + (WEIGHTS["unit"] if one.unit and one.unit == other.unit else 0.0)
        if other.row is not None:
            named = stems(other.row.label, other.facts.document.lang)
            known += _ROW if not named or is_total(other.row) or self.common(named, one.around) else WEIGHTS["cell"]
        return known + WEIGHTS["one"] + _REST >= self.needed

    def spoken(self, one: Told, shown: Shown, passage: str) -> dict[int, float]:
        """How much of its own words each row of a table, but its total, has in a passage of a telling's sentence."""
        key = id(one.said), id(shown), passage
        if key not in self._spoken:
            assert one.said is not None
            labels = [row for row in shown.table.rows if row.label and not is_total(row)] if shown.table is not None else []
            self._spoken[key] = {id(row): min(speaks(row, labels, passage, one.said), 1.0) for row in labels}
        return self._spoken[key]

    def is_made_of(self, one: Told, other: Told) -> bool:
        """Whether a number is the sum or the difference of two cells of the other's column: "63 % er i skole eller lære"."""
        if other.shown is None or other.shown.table is None or other.row is None or other.cell is None:
            return False
        at = next((at for at, cell in enumerate(other.row.cells) if cell is other.cell), 0)
        if (id(other.shown), at) not in self._sums:
            cells = (row.cells[at].value for row in other.shown.table.rows if at < len(row.cells))
            column = [float(value) for value in cells if value is not None]
            pairs = [(first, second) for number, first in enumerate(column) for second in column[number + 1 :]]
            made = {round(value, 3) for first, second in pairs for value in (first + second, abs(first - second))}
            self._sums[id(other.shown), at] = made
        return round(one.amount, 3) in self._sums[id(other.shown), at]

    def _told_beside(self, one: Told, other: Told) -> bool:
        """Whether the sentence of one has the other's number too."""
        return any(agrees(third, other) for third in self.sentence(one)) or any(agrees(third, one) for third in self.sentence(other))

    def sentence(self, one: Told) -> list[Told]:
        """The numbers of a telling's kind in its sentence."""
        return [] if one.said is None else [third for third in self._sentences[id(one.said)] if third.kind == one.kind]

    def cells_of(self, shown: Shown | None) -> list[Told]:
        """The cells of a table."""
        return self._cells[id(shown)]


_NONE: frozenset[str] = frozenset()


def _hearing(words: dict[str, float]) -> dict[str, frozenset[str]]:
    """Of each word the others that end in it, in which it ends, or that open like it: "interview", "telefoninterview"."""
    found: dict[str, set[str]] = defaultdict(set)
    openings: dict[str, list[str]] = defaultdict(list)
    for word in words:
        if len(word) > 5:
            for at in range(1, len(word) - 5):
                rest = word[at:]
                if rest in words and word[:at] not in _TURNING:
                    found[word].add(rest)
                    found[rest].add(word)
            if len(word) > 7:
                openings[word[:7]].append(word)
        for at in range(max(5, len(word) - _ENDING), len(word)):
            if word[:at] in words:
                found[word].add(word[:at])
                found[word[:at]].add(word)
    for alike in openings.values():
        for word in alike:
            found[word].update(one for one in alike if one != word)
    return {word: frozenset(others) for word, others in found.items()}


# How many letters an ending has that the stem was not cut of: "employ", "employe".
_ENDING = 3
_TURNING = frozenset(("u", "un", "dis", "in", "ikke-"))


def _bucket(one: Told) -> int:
    return round(one.amount) if one.kind == "percentage" else int(8 * math.log2(one.amount)) if one.amount > 0 else -1


def _slip_keys(one: Told) -> list[str]:
    if one.soft or not 1 < len(one.digits) < 8 or one.kind not in ("count", "money", "percentage"):
        return []
    keys = ["".join(sorted(one.digits))]
    return keys + [f"{one.digits[:at]}?{one.digits[at + 1 :]}" for at in range(len(one.digits)) if len(one.digits) > 2]


def _beside(one: Told, other: Told) -> bool:
    return one is other or (one.said is not None and one.said is other.said) or (one.row is not None and one.row is other.row)


def _in_section(one: Told, document: int, section: int) -> bool:
    return id(one.facts) == document and one.said is not None and one.said.section == section


def _total(context: tuple[float, float, float, float]) -> float:
    return context[0] + context[1] - 0.6 * context[2] - 0.15 * context[3]


def agrees(one: Told, other: Told) -> bool:
    """Whether two numbers may be one: within what is printed, within "knap" and "over", within a share in words."""
    if not (one.soft or other.soft):
        return abs(one.amount - other.amount) <= max(one.slack, other.slack) * (one.slack != other.slack) + _SAME
    for first, second in ((one, other), (other, one)):
        if first.mention is not None and first.mention.kind == "share":
            return (second.mention is not None and second.mention.kind == "share") or word_admits(first.mention, second.value)
    return abs(one.amount - other.amount) <= max(one.slack, other.slack) + _SAME or _roughly(one, other) or _roughly(other, one)


# What floating point may make of two equal numbers.
_SAME = 1e-9


def _roughly(one: Told, other: Told) -> bool:
    modifier = one.mention.modifier if one.mention is not None else ""
    if modifier in ("", "exactly"):
        return False
    room = max(abs(other.amount) * 0.15, 2.0)
    low = -room if modifier not in ("under", "just_under", "well_under", "at_most") else 0.0
    high = room if modifier not in ("over", "just_over", "well_over", "at_least") else 0.0
    return low <= one.amount - other.amount <= high


def may_be_one(one: Told, other: Told) -> bool:
    """Whether nothing sets two tellings apart for certain, and their numbers lie so near that a slip may be between them."""
    if one.kind == "percentage":
        near = abs(one.amount - other.amount) <= _POINTS
    else:
        near = 0 < max(one.amount, other.amount) <= _TIMES * min(one.amount, other.amount)
    if not near and surprise(one.digits, other.digits) < _SLIP:
        return False
    if _beside(one, other) or agrees(one, other) or (one.soft and other.soft) or {one.role, other.role} == {"from", "to"}:
        return False
    if one.said is not None and other.said is not None and one.said.block is other.said.block and bool(one.years) != bool(other.years):
        # "Her er 212 frivillige. I 2019 var der 221": in a paragraph a year sets apart.
        return False
    times = one.years or one.caption_years, other.years or other.caption_years
    if one.elsewhere != other.elsewhere and bool(times[0]) != bool(times[1]):
        return False
    return not (times[0] and times[1] and not times[0] & times[1])


# How far two numbers may lie from each other.
_POINTS, _TIMES = 35, 4


def nearness(one: Told, other: Told) -> float:
    """How near two numbers lie, in bits."""
    gap = max(abs(one.amount - other.amount), 0.01)
    whole = 50.0 if one.kind == "percentage" else max(one.amount, other.amount, 0.01)
    return max(0.0, min(-math.log2(gap / whole), 6.0))
