"""A share in words told elsewhere as a figure, or in words that exclude it: "over en tredjedel" in the summary, 31 % in the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.audit._facts import Facts, Said
from vvvresearch.audit._finding import Finding, Place, place_of
from vvvresearch.audit._shares import as_word, in_words, word_admits
from vvvresearch.audit._sums import is_total
from vvvresearch.audit._told import Told
from vvvresearch.audit._weights import Weights, context_bits, weights_of
from vvvresearch.audit._words import common, stems
from vvvresearch.locales import Phrase
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
        for stem in figure.words:
            by_word[stem].append(figure)
    for one in words:
        yield from _said_before(facts, one)
        beside = [figure for figure in figures if figure.said is one.said]
        if (
            beside
            or len(one.said.of("share")) > 1
            or any(mention.kind == "ratio" and not as_word(mention) for mention in one.said.mentions)
        ):
            continue
        near = {id(figure): figure for stem in sorted(one.told.words) for figure in by_word.get(stem, ())}
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
