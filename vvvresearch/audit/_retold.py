"""What is told again: a share in words, a number of an earlier year; where texts retell, and how much speaks for one fact."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.audit._facts import Facts, Said
from vvvresearch.audit._finding import Finding, Place, place_of
from vvvresearch.audit._shares import as_word, in_words, word_admits
from vvvresearch.audit._sums import is_total
from vvvresearch.audit._told import Told, of_text
from vvvresearch.audit._words import common, heard, stem, stems, word_list
from vvvresearch.locales import LANGUAGES, Phrase
from vvvresearch.statements import Mention

# Bits of context that are needed, and how far two shares may lie apart to be meant as one.
_NEEDED, _NEAR = 6.5, 35
_SO = re.compile(r"\b(?:altså|dermed|således|dvs|med andre ord|thus|hence|in other words|so)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Word:
    told: Told
    mention: Mention

    @property
    def said(self) -> Said:
        assert self.told.said is not None
        return self.told.said


def word_findings(facts: Facts, told: Sequence[Told]) -> Iterator[Finding]:
    """Findings on shares in words that a figure of the same fact excludes."""
    words = list(_words(facts))
    if not words:
        return
    figures = [one for one in told if one.kind == "percentage" and one.value < 100]
    weights = weights_of([*figures, *(one.told for one in words)])
    by_word: dict[str, list[Told]] = defaultdict(list)
    for figure in figures:
        for root in figure.words:
            by_word[root].append(figure)
    for one in words:
        yield from _said_before(facts, one)
        beside = [figure for figure in figures if figure.said is one.said]
        if (
            beside
            or len(one.said.of("share")) > 1
            or any(mention.kind == "ratio" and not as_word(mention) for mention in one.said.mentions)
        ):
            continue
        near = {id(figure): figure for root in sorted(one.told.words) for figure in by_word.get(root, ())}
        covering = [
            figure
            for figure in (figures if len(figures) < _MANY else near.values())
            if _apart(one, figure) and _covered(one, figure, weights)
        ]
        if covering and not any(word_admits(one.mention, figure.value) for figure in covering):
            yield _finding(one, covering[0].place, covering[0].text, _NEEDED)
            continue
        scored = [(context_bits(one.told, figure, weights), figure) for figure in near.values() if _apart(one, figure)]
        scored = sorted((pair for pair in scored if pair[0] >= _NEEDED), key=lambda pair: -pair[0])
        if not scored or any(word_admits(one.mention, figure.value) for _, figure in scored):
            continue
        bits, figure = scored[0]
        if abs(100 * (one.mention.value or Fraction(0)) - figure.value) <= _NEAR:
            yield _finding(one, figure.place, figure.text, bits)


def _words(facts: Facts) -> Iterator[_Word]:
    for said in facts.said:
        if said.block.kind in ("caption", "heading"):
            continue
        for mention in said.of("share", "ratio"):
            spelled = in_words(mention) if as_word(mention) else mention
            if spelled.kind != "share" or spelled.value is None or spelled.value in (0, 1):
                continue
            words = stems(said.clause(mention).replace(mention.text, " "), said.lang)
            told = Told(
                facts, 100 * spelled.value, "percentage", "", 0, "", words if len(words) > 1 else said.stems, said.stems,
                frozenset(mention.times), mention.text, "", said, mention,
            )  # fmt: skip
            yield _Word(told, spelled)


def _covered(one: _Word, figure: Told, weights: Weights) -> bool:
    """Whether nearly all that is said of a share in words is said of a figure too."""
    words = one.told.words
    shared = common(words, figure.around)
    if figure.said is not None and _RATE.search(figure.said.text) and not _RATE.search(one.said.text):
        return False
    if figure.row is not None and (not figure.words <= common(figure.words, one.told.words) or is_total(figure.row)):
        return False
    if figure.said is not None and figure.said.block is one.said.block:
        return False
    near = abs(100 * (one.mention.value or Fraction(0)) - figure.value) <= _FAR
    return near and len(shared) > 1 and len(shared) >= _MOST * len(words) and weights.of(shared) >= _COVERED * weights.of(words)


_RATE = re.compile(r"svarprocent|svarandel|svarrate|response rate", re.IGNORECASE)
_MANY = 1000
_COVERED, _MOST, _FAR = 0.85, 0.75, 55


def _apart(one: _Word, figure: Told) -> bool:
    told = one.told
    return not (
        (told.years and figure.years and not told.years & figure.years)
        or told.aimed != figure.aimed or told.elsewhere != figure.elsewhere or told.negated != figure.negated
        or told.of_others != figure.of_others or figure.role in ("from", "by")
    )  # fmt: skip


def _said_before(facts: Facts, one: _Word) -> Iterator[Finding]:
    """ "Det er 70 pct. Syv ud af ti oplever altså mere ro": the percentage of the sentence before, said again in words."""
    said = one.said
    if not said.position or not _SO.search(said.text) or said.of("percentage", "count"):
        return
    before = facts.said[said.position - 1]
    percents = [mention for mention in before.of("percentage") if mention.value is not None]
    if before.block is said.block and len(percents) == 1 and len(said.of("share", "ratio")) == 1:
        value = percents[0].value or Fraction(0)
        if not word_admits(one.mention, value):
            yield _finding(one, place_of(before, percents[0]), percents[0].text, _NEEDED)


def _finding(one: _Word, place: Place, text: str, bits: float) -> Finding:
    what = Phrase("audit.what_word_retold", {"word": " ".join(one.mention.text.split()), "number": text})
    places: Sequence[Place] = (place_of(one.said, one.mention), place)
    return Finding(
        "word", tuple(places), what, Phrase("audit.why_word", {}), Phrase("audit.ground_word_retold", {}), 0.7, min(0.75, 0.3 + bits / 50)
    )


# The most that one word can give, in bits, and what a year costs that only one of two tellings names.
_WORD, _UNDATED = 5.0, 2.0


@dataclass(frozen=True)
class Weights:
    """How much, in bits, each word says."""

    bits: dict[str, float]

    def of(self, words: frozenset[str]) -> float:
        """The bits of a set of words."""
        return math.fsum(self.bits.get(word, _WORD) for word in words)


def weights_of(told: Sequence[Told]) -> Weights:
    """The words of some tellings by how few of them have each; words of a scale and of targets say nothing."""
    holders = {id(one.said) if one.said is not None else id(one.row): one.around for one in told}
    counts = Counter(word for words in holders.values() for word in words)
    total = len(holders) + 1
    scale = frozenset(stem(word, lang) for lang in LANGUAGES for word in word_list("scale", lang))
    # That a number is a target says nothing of what it is a target for.
    silent = scale | {stem(word, lang) for lang in LANGUAGES for word in _AIMS[lang]}
    counts = Counter({word: count for word, count in counts.items() if word not in silent})
    return Weights({**dict.fromkeys(silent, 0.0), **_rare(counts, total)})


_AIMS = {"da": ("mål", "målet", "målsætning", "forventet"), "en": ("target", "goal", "aim", "expected")}


def _rare(counts: Counter[str], total: int) -> dict[str, float]:
    return {word: min(_WORD, math.log2(total / (count + 0.5)) if count < total / 2 else 0.0) for word, count in counts.items()}


def context_bits(one: Told, other: Told, weights: Weights) -> float:
    """What the words say: those of both, less those that each has alone."""
    shared = common(one.words, other.around)
    more = common(other.words, one.around)
    alone = weights.of(one.words - shared), weights.of(other.words - more)
    for told, rest in ((one, alone[0]), (other, alone[1])):
        if told.row is not None and rest > 0 and not told.words <= shared | more:
            # A cell is meant only where its row is named in all its words.
            label = told.words
            if sum(heard(word, (other if told is one else one).around) for word in label) < 0.75 * len(label):
                return -20.0
    both = weights.of(frozenset(word for word in shared | more if word in weights.bits))
    undated = _UNDATED if bool(one.years) != bool(other.years) else 0.0
    return both - 0.6 * min(alone) - 0.15 * max(alone) - undated


class Retelling:
    """Stretches of text, a section or a document, most of whose numbers are told outside of it too: a summary, a press release.

    A number of such a stretch that is told nowhere else is the likelier slip of one that is told outside and not in the stretch.
    """

    def __init__(self, told: Sequence[Told]) -> None:
        self._values: dict[tuple[int, int], set[tuple[str, float]]] = defaultdict(set)
        self._owners: dict[tuple[str, float], set[tuple[int, int]]] = defaultdict(set)
        for one in told:
            for place in self._stretches(one):
                self._values[place].add((one.kind, one.amount))
            self._owners[one.kind, one.amount].add((id(one.facts), one.said.section if one.said is not None else -1))
        # Where many small numbers are told, some of them are met by accident.
        small = Counter(kind for kind, value in self._owners if value < _SMALL)
        self._telling = {key for key in self._owners if key[1] >= _SMALL or small[key[0]] <= _FEW}
        self._retold = {place: self._share(place) for place in self._values}

    @staticmethod
    def _stretches(one: Told) -> tuple[tuple[int, int], ...]:
        document = id(one.facts)
        return ((document, _WHOLE), (document, one.said.section)) if one.said is not None else ((document, _WHOLE),)

    def _outside(self, key: tuple[str, float], place: tuple[int, int]) -> bool:
        document, section = place
        return any(owner[0] != document or (section not in (_WHOLE, owner[1])) for owner in self._owners[key])

    def _share(self, place: tuple[int, int]) -> float:
        values = self._values[place] & self._telling
        return sum(self._outside(key, place) for key in values) / len(values) if len(values) >= _ENOUGH else 0.0

    def bits(self, one: Told, other: Told) -> float:
        """What it adds that one of two tellings stands in a stretch that retells, and the number of neither is where the other is."""
        most = 0.0
        for inner, outer in ((one, other), (other, one)):
            for place in self._stretches(inner):
                if place in self._stretches(outer) or self._retold.get(place, 0.0) < _MOSTLY:
                    continue
                if not self._outside((inner.kind, inner.amount), place) and (outer.kind, outer.amount) not in self._values[place]:
                    most = max(most, _RETELLS)
        return most


# A document as a whole; how many numbers a stretch must have, which part of them must be told outside, and what that is worth in bits.
_WHOLE, _ENOUGH, _MOSTLY, _RETELLS = -2, 4, 0.6, 4.0
_SMALL, _FEW = 100, 40


# How much of what is said must be heard in the other report; how near the best another telling may come and confirm.
_HEARD, _NEARLY = 0.45, 0.4
# What the noun that is counted, and a row's label that is said in full, are worth; how many times as much one fact may be told.
_NOUN, _LABEL, _TIMES = 2.0, 6.0, 4
_IT = re.compile(r"\b(?:it|den|det|de|they)\b", re.IGNORECASE)


def period_findings(told: Sequence[Sequence[Told]], facts: Sequence[Facts]) -> Iterator[Finding]:
    """Findings on numbers of an earlier year that the report of that year does not have."""
    years = [one.year for one in facts]
    weights = weights_of([one for own in told for one in own])
    for later, later_facts, year in zip(told, facts, years, strict=True):
        for earlier, earlier_facts, other in zip(told, facts, years, strict=True):
            if not year or not other or other >= year:
                continue
            source = [*(one for one in earlier if one.period == other), *_in_words(earlier_facts, other)]
            for one in (*later, *_in_words(later_facts, other)):
                if one.said is not None and one.period == other:
                    yield from _against(one, source, weights)


def _in_words(facts: Facts, year: int) -> list[Told]:
    """The shares that a report tells in words of a year: "halvdelen", "one in three"."""
    words = [(said, one) for said in facts.said for one in said.mentions if (one.kind == "share" and one.value is not None) or as_word(one)]
    told = (of_text(facts, said, one, "percentage", 100 * (one.share or Fraction(0))) for said, one in words)
    return [one for one in told if one.period == year]


def _against(one: Told, source: Sequence[Told], weights: Weights) -> Iterator[Finding]:
    words = _spoken(one)
    whole, before = weights.of(words), _before(one)
    found = []
    for other in source:
        if other.kind != one.kind or (other.is_mean != one.is_mean and not _IT.search(one.clause)) or other.is_step != one.is_step:
            continue
        if max(one.value, other.value) > _TIMES * min(one.value, other.value):
            continue
        noun = _NOUN if one.unit and one.unit in (other.unit, *other.words) else 0.0
        label = _LABEL if other.row is not None and len(other.row.label) > 3 and other.row.label.lower() in before else 0.0
        score = (weights.of(common(words, other.around | other.words)) + noun + label) / (whole + _NOUN + label)
        found.append((score, other))
    score, best = max(found, key=lambda pair: pair[0], default=(0.0, one))
    if score < _HEARD or any(_agree(one, other) for heard, other in found if heard >= _NEARLY * score):
        return
    what = Phrase("audit.what_retold", {"first": " ".join(best.text.split()), "second": " ".join(one.text.split())})
    yield Finding(
        "documents", (one.place, best.place), what,
        Phrase("audit.why_retold", {}), Phrase("audit.ground_documents", {}), 0.8, 0.78,
    )  # fmt: skip


def _agree(one: Told, other: Told) -> bool:
    """Whether two tellings have one number; a share in words admits many."""
    for word, figure in ((one, other), (other, one)):
        mention = word.mention
        if mention is not None and (mention.kind == "share" or as_word(mention)):
            return bool(word_admits(in_words(mention) if as_word(mention) else mention, figure.value))
    return bool(abs(other.value - one.value) * 10 ** max(one.decimals, other.decimals) < 1)


def _before(one: Told) -> str:
    """The words of a sentence and of the one before it in its paragraph."""
    assert one.said is not None
    position = one.said.position
    before = one.facts.said[position - 1] if position else one.said
    return f"{before.text if before.block is one.said.block else ''} {one.said.text}".lower()


def _spoken(one: Told) -> frozenset[str]:
    """What a number is told of: the words of its sentence, and where these are few those of the sentence before."""
    assert one.said is not None
    words = one.words or one.said.stems
    return words if len(words) > 2 else words | stems(_before(one), one.said.lang)
