"""One layer of numbers: a number of a sentence or of a cell, with what it counts, of whom, when, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from vvvresearch.audit._bases import YEAR
from vvvresearch.audit._document import Cell, TableRow
from vvvresearch.audit._facts import SHOWN, Facts, Said, Shown
from vvvresearch.audit._finding import Place, place_in, place_of
from vvvresearch.audit._words import EARLIER, stem, stems, word_list
from vvvresearch.statements import Mention, verb_form

_KINDS = {
    "percentage": "percentage", "points": "points", "money": "money", "duration": "duration",
    "count": "count", "total": "count", "ratio": "count", "base": "count", "sample_size": "count",
}  # fmt: skip
SCALES = ((re.compile(r"\bmia|milliard|billion", re.IGNORECASE), 10**9), (re.compile(r"\bmio|million|\dm\b", re.IGNORECASE), 10**6))
# Amounts that are counted and last no time.
_OFTEN = re.compile(r"\b(?:gange|times|posts?|positions?|(?:fuldtids)?stilling(?:er)?|årsværk)$", re.IGNORECASE)
_DAY = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
_STEP = re.compile(r"\b([^\W\d_]+)\s+(?:på|of)\s+(?:[^\W\d_]+\s+)?[£$€]?$")
_NEGATED = re.compile(r"\b(?:ikke|ingen|uden|aldrig|not|no|without|never|mangler|lack)\b", re.IGNORECASE)
AIM = re.compile(
    r"succeskriteri|måltal|målsætning|\bmål\b|\bmålet\b|\btarget|\bgoal\b|\baims?\b|forvent|planlagt|planlægges|expected|planned|"
    r"vil gerne|hope to|foreslå|propos",
    re.IGNORECASE,
)
_KNOWN = re.compile(r"\b(?:de|disse|vores|the|these|our)\s+$", re.IGNORECASE)
_ELSEWHERE = re.compile(
    rf"{EARLIER}|til sammenligning|by comparison|"
    r"på landsplan|national|\bi en anden\b|\bin another\b|tilsvarende indsats|\bnabo|andre kommuner|en lignende|a similar|elsewhere",
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
        step: what its last printed digit stands for.
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
    step: Fraction = Fraction(1)

    @property
    def place(self) -> Place:
        """The sentence, or the row."""
        if self.said is not None:
            return place_of(self.said, self.mention)
        assert self.shown is not None
        assert self.row is not None
        return place_in(self.shown, self.row.line, f"{self.row.label}: {' · '.join(cell.text for cell in self.row.cells)}")

    @property
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
    def slack(self) -> float:
        """Half of what its last printed digit stands for."""
        return float(self.step) / 2

    @cached_property
    def soft(self) -> bool:
        """Whether it is told roughly, or as a share in words."""
        return self.mention is not None and (self.mention.kind == "share" or self.mention.modifier not in ("", "exactly"))

    @cached_property
    def near_tables(self) -> tuple[Shown, ...]:
        """The tables that its sentence may speak of: those it names, else those of its section."""
        if self.said is None:
            return ()
        pointed = (self.facts.find(*reference) for reference in self.points_at)
        named = tuple(one for one in pointed if one is not None and one.table is not None)
        return named or tuple(one for one in self.facts.shown if one.table is not None and one.section == self.said.section)

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
    def negated(self) -> bool:
        """Whether it is told of those who do not."""
        return self.said is not None and self.mention is not None and bool(_NEGATED.search(self.said.clause(self.mention)))

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
            return False
        return bool(AIM.search(self._so_far))

    @cached_property
    def elsewhere(self) -> bool:
        """Whether it is told of another time or place, for comparison."""
        return bool(_ELSEWHERE.search(self._so_far))

    @cached_property
    def of_others(self) -> bool:
        """Whether it is told of those whom the text compares with: "de øvrige", "the control group"."""
        return self.said is not None and self.mention is not None and bool(_OTHERS.search(self.said.clause(self.mention, narrow=False)))

    @cached_property
    def is_step(self) -> bool:
        """Whether it is the size of a change: "en stigning på 0,3 mio. kr."."""
        before = _STEP.search(self.said.text[: self.mention.start - self.said.start]) if self.said is not None and self.mention else None
        lang = self.facts.document.lang
        if self.role == "by" and self.kind == "percentage":
            return True
        return before is not None and before[1].lower() in word_list("rise", lang) | word_list("drop", lang)

    @cached_property
    def points_at(self) -> frozenset[tuple[str, str]]:
        """The tables and figures that its sentence names."""
        return frozenset(one for one in self.said.references if one[0] in SHOWN) if self.said is not None else frozenset()


def told_in(facts: Facts) -> Iterator[Told]:
    """Every number of a document's sentences, shares in words among them."""
    for said in facts.said:
        yield from _told_in_sentence(facts, said)


def _told_in_sentence(facts: Facts, said: Said) -> Iterator[Told]:
    if said.block.kind == "caption":
        # A caption tells its base.
        yield from (_of_text(facts, said, one, "count", one.value) for one in said.of("sample_size") if one.value is not None)
    if said.block.kind in ("caption", "heading") or _DAY.search(said.text):
        return
    for mention in said.mentions:
        kind = "count" if mention.kind == "duration" and _OFTEN.search(mention.text) else _KINDS.get(mention.kind, "")
        if mention.value is None or mention.low is not None:
            continue
        if mention.kind == "share" or as_word(mention):
            word = in_words(mention) if as_word(mention) else mention
            if word.value not in (None, 0, 1):
                yield _of_text(facts, said, word, "percentage", 100 * (word.value or Fraction(0)))
            continue
        if not kind or (mention.spelled and mention.value < _TELLING):
            continue
        yield _of_text(facts, said, mention, kind, mention.value)
        if mention.kind == "ratio" and mention.base:
            yield _of_text(facts, said, mention, kind, mention.base)


# Smaller numbers in letters are words.
_TELLING = 3


def as_word(mention: Mention) -> bool:
    """Whether "tre ud af fire" stands for a share and no count."""
    return (
        mention.kind == "ratio"
        and mention.base is not None
        and mention.spelled
        and mention.base in (3, 4, 5, 10)
        and mention.value is not None
    )


def in_words(mention: Mention) -> Mention:
    """Such a ratio as a share."""
    assert mention.value is not None
    assert mention.base
    return replace(mention, kind="share", key="fraction", value=mention.value / mention.base, word=None)


def money_of(said: Said, mention: Mention) -> Fraction:
    """A sum of money with its millions counted out."""
    assert mention.value is not None
    printed = mention.text + said.text[mention.end - said.start : mention.end - said.start + 10]
    return mention.value * next((scale for pattern, scale in SCALES if pattern.search(printed)), 1)


_SCHOOL_YEAR = re.compile(r"\b((?:19|20)\d\d)[/–-](\d\d)\b")


def years_in(text: str) -> frozenset[int]:
    """The years that a text names, both of a school year: "2022/23"."""
    both = {int(f"{match[1][:2]}{match[2]}") for match in _SCHOOL_YEAR.finditer(text)}
    return frozenset({*both, *(int(year) for year in YEAR.findall(text))})


def _of_text(facts: Facts, said: Said, mention: Mention, kind: str, value: Fraction) -> Told:
    words = stems(of_whom(said, mention) if mention.kind == "base" else said.clause(mention), said.lang)
    around = words if mention.kind == "base" else said.stems | _looked_back(facts, said)
    if len(words) < 2:
        words = around = said.stems
    behind = re.match(r"[^\d,;:(]{0,40}?\b((?:19|20)\d\d)\b", said.text[mention.end - said.start :])
    years = frozenset({int(behind[1])}) if behind else years_in(said.clause(mention))
    digits = re.sub(r"\D", "", re.split(r"[a-zæøå%]", mention.text.lower())[0]) if value == mention.value else str(int(value))
    unit = unit_of(said, mention) if kind in ("count", "percentage") else ""
    if kind == "duration":
        unit = (re.findall(r"[^\W\d_]+", mention.text) or [""])[-1]
    step = Fraction(1, 10**mention.decimals)
    if kind == "money":
        value, unit, step = money_of(said, mention), mention.unit, step * money_of(said, replace(mention, value=Fraction(1)))
        # Millions and kroner are one number: "3,55 mio. kr.", "3.550.000 kr.".
        digits = str(int(value * 100)).rstrip("0")
    if kind in ("count", "money") and not mention.decimals:
        step *= _rounded(value / step)
    stemmed = stem(unit.lower(), said.lang) if unit else ""
    return Told(
        facts, value, kind, digits or str(int(value)), 0 if kind == "money" else mention.decimals, stemmed, words, around, years,
        mention.text if value != mention.base else str(int(value)), mention.role, said, mention, step=step,
    )  # fmt: skip


def _rounded(value: Fraction) -> int:
    """To what a whole number of three digits and more is rounded, by the noughts at its end."""
    digits = str(int(value))
    noughts = len(digits) - len(digits.rstrip("0"))
    return 10**noughts if len(digits) > 3 and noughts > 1 else 1


_IT = re.compile(r"\W*(?:det|dette|disse|de|that|this|it|they|these)\s+(?:er|svarer|var|is|was|are|were|corresponds?)\b", re.IGNORECASE)


def _looked_back(facts: Facts, said: Said) -> frozenset[str]:
    """The words of the sentence before, where a sentence speaks of it as "it": "Det er et fald på 1,5 procentpoint"."""
    before = facts.said[said.position - 1] if said.position else None
    return before.stems if before is not None and before.block is said.block and _IT.match(said.text) else frozenset()


_COMMA = re.compile(r",\s(?!der\b|som\b|who\b|that\b|which\b)")


def of_whom(said: Said, mention: Mention) -> str:
    """The noun of a base and what is said of it: "de 22 kommuner, der henviser", and not what they do."""
    behind = said.text[mention.start - said.start :]
    relative = re.search(r",\s(?:der|som|who|that|which)\b", behind)
    end = _COMMA.search(behind, relative.end() if relative and relative.start() < 40 else 0)
    return behind[: end.start()] if end else behind[:90]


_PLURAL = re.compile(r"(?:er|ere|es|s)$")
_BEING = frozenset(("er", "var", "are", "were"))
_GROUP = re.compile(
    r"kvinder|mænd|drenge|piger|børn|voksne|unge|ældre|enlige|gifte|(?:[^\W\d]+)(?:ere|erne|inger)|women|men|girls|boys|children|adults|[^\W\d]+(?:ers|ents|ants)",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"(?:(?:al|isk|(?<!frivil)lig|ell|iv)e|^private|^public)$")


def unit_of(said: Said, mention: Mention) -> str:
    """The noun that is counted: the one that was read, else the word right behind the number."""
    if mention.unit and (_ADJECTIVE.search(mention.unit) or (said.lang == "en" and mention.unit.endswith("ed"))):
        # "62 kommunale": of whom is told elsewhere; "7.000 aktive matches": the noun is the word behind.
        second = re.match(rf"\s*{re.escape(mention.unit)}\s+([^\W\d_]{{4,}})", said.text[mention.end - said.start :])
        return second[1].lower() if second and second[1].lower() not in word_list("empty", said.lang) and _PLURAL.search(second[1]) else ""
    if mention.unit and mention.unit not in word_list("empty", said.lang) and len(mention.unit) > 2:
        return mention.unit
    behind = re.match(r"\s*([^\W\d_]{3,})", said.text[mention.end - said.start :])
    word = behind[1].lower() if behind else ""
    if word in _BEING and (predicate := re.match(r"\s*[^\W\d_]+\s+([^\W\d_]{3,})\b(?!\s*-)", said.text[mention.end - said.start :])):
        # "309 were women": the noun behind the verb, where it is one.
        group: str = predicate[1].lower()
        return group if _GROUP.fullmatch(group) else ""
    if _ADJECTIVE.search(word):
        return ""
    if word and verb_form(word, said.lang) in ("finite", "passive", "supine", "past", "preterite", "either"):
        # "528 ledige blev henvist, og 437 gennemførte det": the noun of the count before.
        before = [one.unit for one in said.of("count", "total", "ratio", "base") if one.start < mention.start and one.unit]
        return before[-1] if len(set(before)) == 1 else ""
    return word if word and word not in word_list("empty", said.lang) and mention.kind != "percentage" else ""


_SPAN = re.compile(
    r"\s*(?:[^\W\d]+\s+){0,2}(?:om|pr\.?|per|hver|a|an|each|every)\s+(?P<span>dag|uge|måned|kvartal|år|day|week|month|quarter|year)(?:e?n|et|s)?\b",
    re.IGNORECASE,
)
_SPANS = {"day": "dag", "week": "uge", "month": "måned", "quarter": "kvartal", "year": "år"}


def span_of(said: Said, mention: Mention) -> str:
    """The time that an amount is told of: "40 minutter om ugen", "two hours a week"."""
    found = _SPAN.match(said.text[mention.end - said.start :]) or re.search(rf"{_SPAN.pattern}$", mention.text, re.IGNORECASE)
    name = found["span"].lower() if found else ""
    return _SPANS.get(name, name) if said.lang == "da" else name
