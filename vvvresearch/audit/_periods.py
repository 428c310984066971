"""What a later report tells of an earlier year, against the report of that year: "I 2027 var der 470 børn", "last year it was 84%"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from vvvresearch.audit._facts import Facts
from vvvresearch.audit._finding import Finding
from vvvresearch.audit._shares import as_word, in_words, word_admits
from vvvresearch.audit._told import Told, of_text
from vvvresearch.audit._weights import Weights, weights_of
from vvvresearch.audit._words import common, stems
from vvvresearch.locales import Phrase

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
