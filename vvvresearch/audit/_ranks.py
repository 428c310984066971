"""Superlatives and comparatives against the cells they rank: "flest (40 pct.)", "lavest blandt de 15-årige", "færre (32 pct.)"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from vvvresearch.audit._bases import Bases
from vvvresearch.audit._facts import Facts, Said, Shown
from vvvresearch.audit._finding import Finding, place_in, place_of
from vvvresearch.audit._sums import columns_of, is_percent, is_total
from vvvresearch.audit._words import word_list
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

_WORD = re.compile(r"[^\W\d_]+")
# How far behind a superlative its number stands, in letters.
_FAR = 70
_COMPARED = re.compile(r"\b(?:end|than|af de|of the two|næst\w*|second|one of the|blandt de|en af de)\b", re.IGNORECASE)
_OPENED = re.compile(r"\W*(?P<word>flere|færre|fewer|more)\s+(?:[^\W\d]+\s+){0,3}\(\s*$", re.IGNORECASE)


def rank_findings(facts: Facts, bases: Bases) -> Iterator[Finding]:
    """Findings on words of rank that their number does not have in its column."""
    for said in facts.said:
        if said.block.kind in ("caption", "heading", "note"):
            continue
        yield from _opened(facts, said)
        shown = bases.shown_by(said) or _above(facts, said)
        if shown is not None and shown.table is not None:
            yield from _superlatives(said, shown)


def _above(facts: Facts, said: Said) -> Shown | None:
    found = [one for one in facts.shown if one.table is not None and one.section == said.section and one.line < said.line]
    return found[-1] if found else None


def _superlatives(said: Said, shown: Shown) -> Iterator[Finding]:
    numbers = [
        one for one in said.of("percentage", "count") if one.value is not None and one.low is None and one.role not in ("from", "to")
    ]
    used: set[int] = set()
    for match in _WORD.finditer(said.text):
        word = match[0].lower()
        sign = 1 if word in word_list("most", said.lang) else -1 if word in word_list("least", said.lang) else 0
        if not sign or _COMPARED.search(said.text[max(0, match.start() - 12) : match.end() + 12]):
            continue
        behind = [one for one in numbers if 0 <= one.start - said.start - match.end() <= _FAR and one.start not in used]
        if not behind:
            continue
        behind = [one for one in behind if _column(one, shown) is not None]
        if not behind:
            continue
        between = said.text[match.end() : behind[0].start - said.start]
        if re.search(r"[.;]\s|\b(?:mens|while)\b|\b(?:og|and) \D", between):
            continue
        used.add(behind[0].start)
        column = _column(behind[0], shown)
        if column is None:
            continue
        values, line, label = column
        wanted = max(values) if sign == 1 else min(values)
        other = min(values) if sign == 1 else max(values)
        if behind[0].value == other != wanted:
            what = Phrase("audit.what_rank", {"word": match[0], "number": behind[0].text, "other": _shown(wanted)})
            places = (place_of(said, behind[0]), place_in(shown, line, label))
            yield Finding(
                "direction", places, what, Phrase("audit.why_direction", {}), Phrase("audit.ground_rank", {}), 0.9, 0.85
            )  # fmt: skip


def _shown(value: Fraction) -> str:
    return f"{float(value):g}"


def _column(mention: Mention, shown: Shown) -> tuple[list[Fraction], int, str] | None:
    """The values of the only column that has a number, with the row that has it."""
    found = []
    for column in columns_of(shown):
        at = next(at for at, cell in enumerate(column[0][0].cells) if cell is column[0][1])
        if is_percent(shown, column, at) != (mention.kind == "percentage"):
            continue
        rows = [(row, cell.value) for row, cell in column if cell.value is not None and not is_total(row)]
        own = [row for row, value in rows if value == mention.value]
        if len(own) == 1 and len(rows) >= 3:
            found.append(([value for _, value in rows], own[0].line, own[0].label))
    return found[0] if len(found) == 1 else None


def _opened(facts: Facts, said: Said) -> Iterator[Finding]:
    """ "45 per cent report better health. Fewer (32 per cent) report better sleep"."""
    before = facts.said[said.position - 1] if said.position else None
    percents = said.of("percentage")
    if before is None or before.block is not said.block or len(percents) != 1 or percents[0].value is None:
        return
    opened = _OPENED.match(said.text[: percents[0].start - said.start])
    others = [one for one in before.of("percentage") if one.value is not None]
    if opened is None or not others or re.search(r"\b(?:end|than)\b", said.text):
        return
    sign = 1 if opened["word"].lower() in ("flere", "more") else -1
    gap = percents[0].value - (others[-1].value or Fraction(0))
    if gap * sign < 0:
        printed = {"word": opened["word"], "first": others[-1].text, "last": percents[0].text}
        places = (place_of(said, percents[0]), place_of(before, others[-1]))
        yield Finding(
            "direction", places, Phrase("audit.what_direction", printed),
            Phrase("audit.why_direction", {}), Phrase("audit.ground_direction", {}), 0.9, 0.8,
        )  # fmt: skip
