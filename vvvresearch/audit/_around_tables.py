"""Tables and what stands around them: a base against the rows, sentences that go on about a table, wrong numbers of tables, summaries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from vvvresearch.audit._document import Cell, TableRow
from vvvresearch.audit._facts import REFERENCE, SHOWN, Facts, Said, Shown, exact, reference_kind
from vvvresearch.audit._finding import Finding, Place, place_in, place_of, quoted
from vvvresearch.audit._slips import is_slip
from vvvresearch.audit._sums import columns_of, is_percent, is_total
from vvvresearch.audit._tables import row_of_words
from vvvresearch.audit._words import alike, stems
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

_SURE, _ALL = 0.9, 0.6
_BLOCKS = 2


def around_table_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on tables that no sentence names, or that are named by another's number."""
    told = {
        value
        for said in facts.said
        if said.block.kind != "caption"
        for one in said.mentions
        for value in (one.value, one.base)
        if value is not None
    }
    for shown in facts.shown:
        if shown.table is not None and shown.base is not None and not shown.multiple:
            yield from _base_of_rows(shown, told)
    for said in facts.said:
        if said.block.kind in ("caption", "heading", "note"):
            continue
        yield from _wrong_number(facts, said)
        if any(kind in SHOWN for kind, _ in said.references):
            continue
        near = _near(facts, said)
        if near is not None:
            yield from _goes_on(said, near)
        yield from _summed_up(facts, said, near)


def _counts(shown: Shown) -> list[list[tuple[TableRow, Cell]]]:
    return [column for column in columns_of(shown) if not is_percent(shown, column, _position(column))]


def _position(column: list[tuple[TableRow, Cell]]) -> int:
    row, cell = column[0]
    return next(at for at, one in enumerate(row.cells) if one is cell)


def _base_of_rows(shown: Shown, told: set[Fraction]) -> Iterator[Finding]:
    """ "n = 245" over rows that add up to 254, where the text tells 254 too, or the percentages say so."""
    counts = _counts(shown)
    if len(counts) != 1 or any(is_total(row) for row, _ in counts[0]) or any(cell.value is None or cell.decimals for _, cell in counts[0]):
        return
    assert shown.base is not None
    added = sum((cell.value or Fraction(0) for _, cell in counts[0]), Fraction(0))
    if added == shown.base or len(counts[0]) < 2 or abs(added - shown.base) > shown.base * Fraction(3, 10):
        return
    percents = [column for column in columns_of(shown) if is_percent(shown, column, _position(column))]
    agree = [
        all(
            count.value is not None and percent.value is not None and abs(100 * count.value / added - percent.value) <= Fraction(6, 10)
            for (_, count), (_, percent) in zip(counts[0], column, strict=False)
        )
        for column in percents
        if added
    ]
    if not any(agree) and added not in told:
        return
    what = Phrase("audit.what_base", {"said": exact(added), "base": shown.base})
    rows = tuple(place_in(shown, row.line, f"{row.label}: {cell.text}") for row, cell in counts[0][:8])
    yield Finding(
        "base",
        (place_in(shown, shown.base_line, shown.base_text), *rows),
        what,
        Phrase("audit.why_base", {}),
        Phrase("audit.ground_base_total", {}),
        0.95,
        0.85,
    )


def _near(facts: Facts, said: Said) -> Shown | None:
    """The last table of the section before a sentence, at most two paragraphs above."""
    above = [one for one in facts.shown if one.table is not None and one.section == said.section and one.line < said.line]
    if not above or said.of("year"):
        return None
    shown = above[-1]
    between: list[int] = []
    for other in reversed(facts.said[: said.position + 1]):
        if other.line <= shown.line or len(between) > _BLOCKS:
            break
        if other.block.kind in ("paragraph", "item") and other.section == said.section and id(other.block) not in between:
            between.append(id(other.block))
    last = shown.table.rows[-1].line if shown.table and shown.table.rows else 0
    return shown if len(between) <= _BLOCKS and said.line > last else None


def _values(shown: Shown, mention: Mention) -> set[Fraction]:
    percents = {
        cell.value
        for column in columns_of(shown)
        if is_percent(shown, column, _position(column))
        for _, cell in column
        if cell.value is not None
    }
    if mention.kind == "percentage":
        return percents
    assert shown.table is not None
    return {cell.value for row in shown.table.rows for cell in row.cells if cell.value is not None} - percents


def _readable(said: Said, mention: Mention) -> bool:
    return not (
        mention.value is None
        or mention.low is not None
        or mention.role
        or mention.modifier
        or mention.value <= 4
        or (mention.spelled and mention.value <= 12)
        or (mention.kind != "percentage" and mention.value.denominator != 1)
        or re.search(
            r"\b(?:blandt|among|både|both|samlet|tilsammen|together|sidste år|last year|tidligere)\b", said.clause(mention), re.IGNORECASE
        )
    )


def _goes_on(said: Said, shown: Shown) -> Iterator[Finding]:
    """A sentence under a table that names one of its rows in all its words, with a number that the table does not have."""
    assert shown.table is not None
    if any(one.value != shown.base for one in said.of("base")):
        return
    for mention in said.of("percentage", "count", "ratio"):
        if not _readable(said, mention) or (mention.kind == "ratio" and shown.base is not None and mention.base != shown.base):
            continue
        values = _values(shown, mention)
        if not values or mention.value == shown.base or (mention.kind == "percentage" and mention.decimals):
            continue
        row = row_of_words(said, mention, shown, _SURE if mention.kind != "ratio" else _ALL)
        if row is None or (mention.base is not None and any(cell.value == mention.base for cell in row.cells)):
            # "12 af de 61 brugere": a part of what the row has.
            continue
        beside = [cell.value for cell in row.cells if cell.value in values and cell.value is not None]
        if mention.value in values and (mention.value in beside or not _of_one_row(said, mention, row, shown)):
            continue
        if not beside or (shown.base is not None and mention.kind != "percentage" and (mention.value or 0) > shown.base):
            continue
        if _made_of(mention, values) and re.search(r"\b(?:og|and|eller|or|i alt|in total)\b", said.text):
            continue
        nearest = min(beside, key=lambda value: abs(value - (mention.value or 0)))
        if any(one.value == nearest for one in said.of(*(("percentage",) if mention.kind == "percentage" else ("count", "ratio")))):
            continue
        gap, value = abs(nearest - (mention.value or 0)), mention.value or Fraction(0)
        if is_slip(exact(nearest), exact(value)) or gap <= (15 if mention.kind == "percentage" else nearest / 6):
            yield _table(said, mention, shown, row, nearest, 0.7)


def _of_one_row(said: Said, mention: Mention, row: TableRow, shown: Shown) -> bool:
    """Whether a sentence has one number of its kind, and none of the words of any row but one."""
    assert shown.table is not None
    own = stems(row.label, said.lang)
    others = frozenset[str]().union(*(stems(one.label, said.lang) for one in shown.table.rows if one is not row and not is_total(one)))
    alone = len([one for one in said.of(mention.kind) if one.value is not None]) == 1
    return alone and bool(own - others) and not any(alike(frozenset({word}), said.stems) == 1.0 for word in others - own)


def _made_of(mention: Mention, values: set[Fraction]) -> bool:
    ordered = sorted(values)
    return any(one + other == mention.value for at, one in enumerate(ordered) for other in ordered[at + 1 :])


def _table(said: Said, mention: Mention, shown: Shown, row: TableRow, cell: Fraction, weight: float) -> Finding:
    what = Phrase("audit.what_table", {"said": mention.text, "cell": exact(cell), "label": row.label[:80]})
    words = f"{row.label}: {' · '.join(one.text for one in row.cells)}"
    places = (place_of(said, mention), place_in(shown, row.line, words))
    return Finding("table", places, what, Phrase("audit.why_table", {}), Phrase("audit.ground_table", {}), 0.9, weight)


def _wrong_number(facts: Facts, said: Said) -> Iterator[Finding]:
    """A sentence whose numbers are all of another table than the one it names."""
    named = [match for match in REFERENCE.finditer(said.text) if reference_kind(match["word"]) == "table"]
    if len(named) != 1:
        return
    shown = facts.find("table", named[0]["number"])
    numbers = {one.value for one in said.of("count", "percentage", "ratio") if one.value is not None and one.value > 12 and not one.role}
    if shown is None or shown.table is None or len(numbers) < 2 or numbers & _cells(shown):
        return
    others = [one for one in facts.shown if one is not shown and one.table is not None and one.number and numbers <= _cells(one)]
    if len(others) != 1:
        return
    what = Phrase("audit.what_reference", {"name": Phrase("audit.kind_of_table", {}), "number": named[0]["number"]})
    place = Place(said.document.name, said.block.line_at(said.start + named[0].start("number")), quoted(said.text))
    yield Finding(
        "reference", (place, place_in(others[0])), what, Phrase("audit.why_reference", {}), Phrase("audit.ground_reference", {}), 0.9, 0.9
    )


def _cells(shown: Shown) -> set[Fraction]:
    assert shown.table is not None
    found = {cell.value for row in shown.table.rows for cell in row.cells if cell.value is not None}
    return found | ({Fraction(shown.base)} if shown.base is not None else set())


def _summed_up(facts: Facts, said: Said, near: Shown | None) -> Iterator[Finding]:
    """A summary's percentage whose sentence has the words of a row and of its table's title, with another number."""
    percents = [one for one in said.of("percentage") if _readable(said, one) and not one.decimals]
    if len(said.of("percentage")) != 1 or len(percents) != 1 or said.of("year"):
        return
    mention = percents[0]
    found = []
    for shown in facts.shown:
        if shown.table is None or shown is near:
            continue
        if mention.value in _values(shown, mention):
            return
        title = stems(re.sub(r"^\W*\w+\W+[\d.]+\W*", "", shown.title), said.lang)
        heard = sum(alike(frozenset({word}), said.stems) == 1.0 for word in title)
        row = row_of_words(said, mention, shown, _SURE)
        if row is None or len(title) < 3 or heard < 3 or heard < _ALL * len(title):
            continue
        beside = [cell.value for cell in row.cells if cell.value in _values(shown, mention) and cell.value is not None]
        if beside:
            found.append((shown, row, beside[0]))
    if len(found) == 1 and abs(found[0][2] - (mention.value or 0)) <= 15:
        yield _table(said, mention, *found[0], 0.65)
