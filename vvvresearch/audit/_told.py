"""One layer of numbers: a number of a sentence or of a cell, with what it counts, of whom, when, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import combinations

from vvvresearch.audit._bases import ANSWERS, of_whom, years_in
from vvvresearch.audit._document import Cell, TableRow
from vvvresearch.audit._facts import SHOWN, Facts, Said, Shown
from vvvresearch.audit._finding import Place, place_in, place_of
from vvvresearch.audit._sums import head_of, held_numbers, is_total, percents_of
from vvvresearch.audit._units import money_of, unit_of
from vvvresearch.audit._words import AGO, EARLIER, heard, stem, stems, word_list
from vvvresearch.locales import MONTH_NAMES, YEAR
from vvvresearch.statements import Mention

_KINDS = {
    "percentage": "percentage", "points": "points", "money": "money", "duration": "duration",
    "count": "count", "total": "count", "ratio": "count", "base": "count", "sample_size": "count",
}  # fmt: skip
# How far behind the word of a target its number stands, in letters.
_CLOSE = 40
# A sentence of more numbers than this is a list.
_MANY = 9
_NUMBERS = ("percentage", "count", "total", "ratio", "base")
_CALENDAR = re.compile(
    rf"\b(?:{MONTH_NAMES})\b|"
    r"\b\d\. ?kv(?:artal|\.)|\bq[1-4]\b|forår|efterår|spring|autumn|første halvår|andet halvår",
    re.IGNORECASE,
)
OFTEN = re.compile(r"\b(?:gange|times)$", re.IGNORECASE)
_DAY = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_AGES = re.compile(r"\b(\d{1,2}(?:-\d{1,2})?)-(?:årig|year)")
_STEP = re.compile(r"\b([^\W\d_]+)\s+(?:på|of|var|er|was|is)\s+(?:[^\W\d_]+\s+)?[£$€]?$")
_NEGATED = re.compile(r"\b(?:ikke|ingen|uden|aldrig|not|no|without|never|mangler|lack)\b", re.IGNORECASE)
AIM = re.compile(
    r"succeskriteri|måltal|målsætning|\bmål\b|\bmålet\b|\btarget|\bgoal\b|\baims?\b|forvent|planlagt|planlægges|expected|planned|"
    r"vil gerne|hope to|foreslå|propos|forudsat|budgetteret|afsat|bevilget|set aside|allocated|budgeted|assumed|intended",
    re.IGNORECASE,
)
_MEAN = re.compile(r"\b(?:gennemsnit\w*|i snit|average\w*|mean|median\w*)\b|\d\s+(?:[^\W\d_]+\s+)?(?:pr\.|per(?! ?cent))\s", re.IGNORECASE)
_THAN = re.compile(
    r"\b(?:(?:flere|mere|færre|mindre|højere|lavere|længere|kortere|more|fewer|less|higher|lower|longer|shorter)\s+(?:end|than)\s+"
    r"(?:de|den|det|the|those)|\d+(?: ?%| pct\.| procent| per ?cent)?,? (?:mod|imod|against|versus))\s+[£$€]?$",
    re.IGNORECASE,
)
_OF_WHOM = re.compile(r"\b(?:of whom|of which|hvoraf|heraf)\b[^.;\d]{0,40}$", re.IGNORECASE)
_KNOWN = re.compile(r"\b(?:de|disse|vores|the|these|our)\s+$", re.IGNORECASE)
_ELSEWHERE = re.compile(
    rf"{EARLIER}|til sammenligning|by comparison|"
    r"på landsplan|national|tilsvarende indsats|\bnabo|andre kommuner|en lignende|a similar|elsewhere",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:øvrige|andre|kontrolgruppe\w*|resten|the others?|other|control group|comparison group|the rest)\b", re.IGNORECASE
)


@dataclass(frozen=True, eq=False)
class Told:
    """A number where it is told.

    Attributes:
        value: exact; money in its own unit, millions counted out.
        kind: "percentage", "points", "money", "duration" or "count".
        digits: as printed, without marks.
        unit: the stem of the noun that is counted, or empty.
        words: stems of its clause; of a cell, of its row and the head of its column.
        around: stems of its sentence; of a cell, of the caption too.
        years: years named with it.
        role: "from", "to" or "by" beside a change, else empty.
        caption_years: of a cell, the years of its caption.
        parts: which rows of tables with a total, parts of one population, its clause names.
        held: whether an equation of its document holds it.
    """

    facts: Facts
    value: Fraction
    kind: str
    digits: str
    decimals: int
    unit: str
    words: frozenset[str]
    around: frozenset[str]
    years: frozenset[int]
    text: str
    role: str = ""
    said: Said | None = None
    mention: Mention | None = None
    shown: Shown | None = None
    row: TableRow | None = None
    cell: Cell | None = None
    caption_years: frozenset[int] = frozenset()
    parts: frozenset[str] = frozenset()
    held: bool = False

    @property
    def place(self) -> Place:
        """The sentence, or the row."""
        if self.said is not None:
            return place_of(self.said, self.mention)
        assert self.shown is not None
        assert self.row is not None
        return place_in(self.shown, self.row.line, f"{self.row.label}: {' · '.join(cell.text for cell in self.row.cells)}")

    @cached_property
    def group(self) -> str:
        """The stem of the group that it is told of, or empty."""
        return stem(self.mention.group, self.facts.document.lang) if self.mention is not None and self.mention.group else ""

    @property
    def whole(self) -> bool:
        """Whether it is a whole: the base of a ratio, or "of the 42"."""
        return self.mention is not None and (self.mention.kind == "base" or self.value != self.mention.value)

    @cached_property
    def amount(self) -> float:
        """Its value, for comparing quickly."""
        return float(self.value)

    @cached_property
    def in_prose(self) -> bool:
        """Whether a sentence of few numbers tells it, as no part of a change and no whole."""
        if self.said is None or self.role == "by" or self.whole or self.kind not in ("percentage", "count"):
            return False
        return self.said.block.kind != "caption" and len(self.said.of(*_NUMBERS)) <= _MANY

    @cached_property
    def in_note(self) -> bool:
        """Whether a note tells it."""
        return self.said is not None and self.said.block.kind == "note"

    def is_swapped(self, other: Told) -> bool:
        """Whether two whole numbers have the same digits in another order."""
        return self._in_order != "" and self._in_order == other._in_order

    @cached_property
    def _in_order(self) -> str:
        """The digits of a whole number in order."""
        return "".join(sorted(str(int(self.value)))) if self.value.denominator == 1 and self.value >= 10 else ""

    @cached_property
    def worked_out(self) -> bool:
        """Whether two numbers of its own sentence give a percentage: "2.468 af de 2.742, altså 90 pct."."""
        if self.said is None:
            return False
        told = self.said.of("count", "total", "base", "ratio", "money", "duration")
        values = [value for each in told for value in (each.value, each.base) if value is not None and value > 2][:8]
        room = Fraction(1, 2 * 10**self.decimals)
        shares = (100 * min(pair) / max(pair) for pair in combinations(values, 2))
        return any(abs(share - self.value) <= room or abs(100 - share - self.value) <= room for share in shares)

    @cached_property
    def sums(self) -> frozenset[Fraction]:
        """What two cells of its column make together."""
        return frozenset(first + second for first, second in combinations(self.column, 2))

    @cached_property
    def beside(self) -> frozenset[float]:
        """What its sentence tells or its table shows beside it; of a percentage in a table, its column and its row."""
        if self.said is not None:
            told = [one for one in self.said.mentions if one.kind != "year" and one.value is not None]
            values = [money_of(self.said, one) if one.kind == "money" else one.value for one in told]
            # "22 interview. Det er 12 unge, 6 ansatte og 4 forældre": what its counts make together is told of another.
            added = sum(one.value for one in told if one.kind == "count" and one.value is not None)
            return frozenset(float(one) for one in (*values, *(one.base for one in told), added) if one is not None)
        if self.shown is None or self.shown.table is None or self.row is None:
            return frozenset()
        row = (cell.value for cell in self.row.cells if cell.value is not None)
        return self.shown.values if self.kind != "percentage" else frozenset(map(float, (*self.column, *row)))

    @cached_property
    def column(self) -> tuple[Fraction, ...]:
        """The numbers of its column, of a cell."""
        if self.shown is None or self.shown.table is None or self.row is None:
            return ()
        at = next((at for at, cell in enumerate(self.row.cells) if cell is self.cell), 0)
        cells = (row.cells[at].value for row in self.shown.table.rows if at < len(row.cells))
        return tuple(value for value in cells if value is not None)

    @cached_property
    def clause(self) -> str:
        """Its clause; empty for a cell."""
        return self.said.clause(self.mention) if self.said is not None and self.mention is not None else ""

    @cached_property
    def _so_far(self) -> str:
        """Its sentence up to its clause's end: what a later clause says is not of it."""
        if self.said is None or self.mention is None:
            return ""
        return f"{self.said.text[: self.mention.end - self.said.start]} {self.clause}"

    @cached_property
    def wholes(self) -> frozenset[Fraction]:
        """The wholes that its sentence gives: "128 af de 194 (66 %)"."""
        told = self.said.of("base", "ratio", "sample_size") if self.said is not None else ()
        return frozenset(whole for one in told if (whole := one.base or one.value) is not None)

    @cached_property
    def answered(self) -> bool:
        """Whether its sentence tells of answers."""
        return self.said is not None and ANSWERS.search(self.said.text) is not None

    @cached_property
    def months(self) -> frozenset[str]:
        """The months, quarters and seasons that its sentence names."""
        return frozenset(match[0].lower() for match in _CALENDAR.finditer(self.said.text)) if self.said is not None else frozenset()

    @cached_property
    def negated(self) -> bool:
        """Whether it is told of those who do not."""
        if self.row is not None:
            return bool(_NEGATED.search(self.row.label))
        return self.said is not None and self.mention is not None and bool(_NEGATED.search(self.said.clause(self.mention)))

    @cached_property
    def period(self) -> int:
        """The one year that it is told of: named with it, the year before where the words say so, else the report's own; or 0."""
        years = self.years or self.caption_years
        if not years and self.said is not None and self.mention is not None:
            named = years_in(self.said.text[: self.mention.start - self.said.start]) or years_in(self.said.text)
            if not named and self.facts.year and AGO.search(self.said.text):
                return self.facts.year - 1
            years = named
        return (next(iter(years)) if len(years) == 1 else 0) if years else self.facts.year

    @cached_property
    def of_whom(self) -> bool:
        """Whether it is a part of the number before it: "48 were lost, of whom 18 had died"."""
        return self.said is not None and self.mention is not None and bool(
            _OF_WHOM.search(self.said.text[: self.mention.start - self.said.start])
        )  # fmt: skip

    @cached_property
    def known(self) -> bool:
        """Whether an article points back at it: "de 53 medarbejdere"."""
        return self.said is not None and self.mention is not None and bool(
            _KNOWN.search(self.said.text[: self.mention.start - self.said.start])
        )  # fmt: skip

    @cached_property
    def aimed(self) -> bool:
        """Whether it is a target."""
        if self.known:
            # "De 53 medarbejdere har nået målet": a number the reader knows is no target.
            return self.compared and bool(AIM.search(self._so_far))
        return any(not self._passed(match) for match in AIM.finditer(self._so_far))

    def _passed(self, aim: re.Match[str]) -> bool:
        """Whether the word of a target stands behind it, with a number of its own: "14,066 repaired, past the target of 12,000"."""
        assert self.said is not None
        assert self.mention is not None
        end = self.mention.end - self.said.start
        at = end + self.said.text[end:].find(aim[0])
        return aim.start() > end and at >= end and any(at < one.start - self.said.start < at + _CLOSE for one in self.said.mentions)

    @cached_property
    def compared(self) -> bool:
        """Whether another number is said to be more or less than it: "mere end de 25 minutter"."""
        before = self.said.text[: self.mention.start - self.said.start] if self.said is not None and self.mention is not None else ""
        return _THAN.search(before) is not None

    @cached_property
    def elsewhere(self) -> bool:
        """Whether it is told of another time or place, for comparison."""
        return bool(_ELSEWHERE.search(self._so_far))

    @cached_property
    def of_others(self) -> bool:
        """Whether it is told of those whom the text compares with: "de øvrige", "the control group"."""
        return self.said is not None and self.mention is not None and bool(_OTHERS.search(self.said.clause(self.mention, narrow=False)))

    @cached_property
    def ages(self) -> frozenset[str]:
        """The ages that its clause names: "de 12-årige"."""
        return frozenset(_AGES.findall(self.clause))

    @cached_property
    def is_step(self) -> bool:
        """Whether it is the size of a change: "en stigning på 0,3 mio. kr."."""
        before = _STEP.search(self.said.text[: self.mention.start - self.said.start]) if self.said is not None and self.mention else None
        lang = self.facts.document.lang
        if self.role == "by" and self.kind == "percentage":
            return True
        return before is not None and before[1].lower() in word_list("rise", lang) | word_list("drop", lang)

    @cached_property
    def is_mean(self) -> bool:
        """Whether it is an average, or an amount for each: "48 per school"."""
        if self.said is None or self.mention is None:
            return (
                bool(_MEAN.search(f"{self.shown.title} {' '.join(self.shown.table.header)}")) if self.shown and self.shown.table else False
            )
        around = self.said.text[max(0, self.mention.start - self.said.start - 40) : self.mention.end - self.said.start + 24]
        return bool(_MEAN.search(around))

    @cached_property
    def points_at(self) -> frozenset[tuple[str, str]]:
        """The tables and figures that its sentence names."""
        return frozenset(one for one in self.said.references if one[0] in SHOWN) if self.said is not None else frozenset()


def _populations(facts: Facts) -> frozenset[str]:
    """Words that name one row of a table whose last row is its total: the parts of a population."""
    found: set[str] = set()
    for shown in facts.shown:
        rows = shown.table.rows if shown.table is not None else ()
        if len(rows) > 2 and is_total(rows[-1]):
            labels = [stems(row.label, facts.document.lang) for row in rows[:-1]]
            found |= {next(iter(label)) for label in labels if len(label) == 1}
    titles = frozenset[str]().union(*(stems(shown.title, facts.document.lang) for shown in facts.shown))
    return frozenset(word for word in found if not heard(word, titles))


@lru_cache(maxsize=20_000)
def _named(populations: frozenset[str], words: frozenset[str]) -> frozenset[str]:
    """Which parts of populations some words name, alone or as the opening of a compound: "kaptajnkurset"."""
    return frozenset(part for word in words for part in _parts_of(word, populations))


@lru_cache(maxsize=20_000)
def _parts_of(word: str, populations: frozenset[str]) -> tuple[str, ...]:
    return tuple(part for part in populations if len(part) > 2 and (word.startswith(part) or word.endswith(part)))


def tellings(facts: Facts) -> list[Told]:
    """Every number of a document's sentences and of its tables."""
    populations, held = _populations(facts), held_numbers(facts)
    found = []
    for one in _told_in(facts):
        named = _named(populations, one.words) or _named(populations, one.around)
        # The entries of an account are no parts of a population.
        parts = named if len(named) == 1 and one.kind != "money" else frozenset[str]()
        found.append(replace(one, parts=parts, held=id(one.mention) in held))
    return [*found, *(replace(one, held=id(one.cell) in held) for one in _told_by(facts, populations))]


def _told_in(facts: Facts) -> Iterator[Told]:
    for said in facts.said:
        if said.block.kind == "caption":
            # A caption tells its base.
            yield from (of_text(facts, said, one, "count", one.value) for one in said.of("sample_size") if one.value is not None)
        if said.block.kind in ("caption", "heading") or _DAY.search(said.text):
            continue
        for mention in said.mentions:
            kind = "count" if mention.kind == "duration" and OFTEN.search(mention.text) else _KINDS.get(mention.kind, "")
            if not kind or mention.value is None or mention.low is not None:
                continue
            if mention.modifier not in ("", "exactly") and not _KNOWN.search(said.text[: mention.start - said.start]):
                continue
            if mention.spelled and (mention.value <= 10 or kind == "money"):
                continue
            yield of_text(facts, said, mention, kind, mention.value)
            if mention.kind == "ratio" and mention.base:
                yield of_text(facts, said, mention, kind, mention.base)


def of_text(facts: Facts, said: Said, mention: Mention, kind: str, value: Fraction) -> Told:
    """A number of a sentence as one that is told."""
    words = stems(of_whom(said, mention) if mention.kind == "base" else said.clause(mention), said.lang)
    around = words if mention.kind == "base" else said.stems | _looked_back(facts, said)
    if len(words) < 2:
        words = around = said.stems
    behind = re.match(r"[^\d,;:(]{0,40}?\b((?:19|20)\d\d)\b", said.text[mention.end - said.start :])
    years = frozenset({int(behind[1])}) if behind else years_in(said.clause(mention))
    digits = re.sub(r"\D", "", re.split(r"[a-zæøå%]", mention.text.lower())[0]) if value == mention.value else str(int(value))
    unit = unit_of(said, mention) if kind in ("count", "percentage") else ""
    if mention.kind == "duration":
        unit = (re.findall(r"[^\W\d_]+", mention.text) or [""])[-1]
    if kind == "money":
        value, unit = money_of(said, mention), mention.unit
        # Millions and kroner are one number: "3,55 mio. kr.", "3.550.000 kr.".
        digits = str(int(value * 100)).rstrip("0")
    stemmed = stem(unit.lower(), said.lang) if unit else ""
    return Told(
        facts, value, kind, digits or str(int(value)), 0 if kind == "money" else mention.decimals, stemmed, words, around, years,
        mention.text if value != mention.base else str(int(value)), mention.role, said, mention,
    )  # fmt: skip


_IT = re.compile(r"\W*(?:det|dette|disse|de|that|this|it|they|these)\s+(?:er|svarer|var|is|was|are|were|corresponds?)\b", re.IGNORECASE)


def _looked_back(facts: Facts, said: Said) -> frozenset[str]:
    """The words of the sentence before, where a sentence speaks of it as "it": "Det er et fald på 1,5 procentpoint"."""
    before = facts.said[said.position - 1] if said.position else None
    return before.stems if before is not None and before.block is said.block and _IT.match(said.text) else frozenset()


def _told_by(facts: Facts, populations: frozenset[str]) -> Iterator[Told]:
    percents = percents_of(facts)
    for shown in facts.shown:
        if shown.table is None:
            continue
        lang = facts.document.lang
        title = shown.title_words
        for row in shown.table.rows:
            label = stems(row.label, lang)
            for position, cell in enumerate(row.cells):
                if cell.value is None:
                    continue
                head = head_of(shown, row, position)
                words = label | stems(head, lang)
                years = frozenset(int(year) for year in YEAR.findall(f"{head} {row.label}"))
                unit = stem(head.lower(), lang) if re.fullmatch(r"[^\W\d_]{4,}", head) and not _GENERIC.match(head) else ""
                counted = stems(head, lang) if unit else title
                yield Told(
                    facts, cell.value, "percentage" if percents.get(id(cell)) or cell.percent else "count",
                    re.sub(r"\D", "", cell.text), cell.decimals, unit, counted if is_total(row) else words, words | title, years, cell.text,
                    shown=shown, row=row, cell=cell,
                    caption_years=frozenset(int(year) for year in YEAR.findall(shown.title)), parts=_named(populations, label),
                )  # fmt: skip


_GENERIC = re.compile(r"antal|procent|pct|andel|number|count|share|per ?cent|i alt|total|svar$|answers?$", re.IGNORECASE)
