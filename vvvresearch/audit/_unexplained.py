"""A base that nothing in the document explains, beside the number of those who were to be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from vvvresearch.audit._document import TableRow
from vvvresearch.audit._facts import Facts, Said, Shown, exact
from vvvresearch.audit._finding import Finding, Place, place_in, place_of
from vvvresearch.audit._slips import is_slip
from vvvresearch.audit._sums import is_total
from vvvresearch.audit._tables import speaks
from vvvresearch.audit._told import percents_of
from vvvresearch.audit._words import stems
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

_ASKED = re.compile(
    r"\b(?:spurgt|spørgsmål|fik|bedt|stillet|adspurgt\w*|besvar\w*|svarede|har svaret|asked|invited to|answered|replied|were put)\b",
    re.IGNORECASE,
)
# How many sentences before a table may say who is asked, how far a sum of rows may lie from a base to be meant as it.
_BEFORE, _NEAR = 5, Fraction(3, 20)
# How well a caption must name a row of another table.
_NAMED = 0.85


def unexplained_base_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on bases of tables that are told nowhere else, where a number beside them nearly is it."""
    cells = percents_of(facts)
    for shown in facts.shown:
        if shown.base is not None:
            other = list(_of_another_row(facts, shown, cells))
            yield from other
            if other:
                continue
        if shown.base is None or _explained(facts, shown, cells):
            continue
        yield from _rows_named(facts, shown, cells)
        yield from _told_before(facts, shown)


def _counts(shown: Shown, percents: dict[int, bool]) -> list[tuple[TableRow, Fraction]]:
    """Rows with their first count."""
    assert shown.table is not None
    found = []
    for row in shown.table.rows:
        counts = [cell.value for cell in row.cells if cell.value is not None and not cell.percent and not percents.get(id(cell))]
        if counts and not is_total(row):
            found.append((row, counts[0]))
    return found


def _explained(facts: Facts, shown: Shown, percents: dict[int, bool]) -> bool:
    """Whether the base is told in a sentence, is the base or a cell of another table, or adds up from rows of one table."""
    assert shown.base is not None
    for said in facts.said:
        if said.block.kind == "caption" or said.block in shown.notes:
            continue
        if any(shown.base in (one.value, one.base) for one in said.mentions if one.kind != "year"):
            return True
    for other in facts.shown:
        if other is not shown and other.base == shown.base:
            return True
        if other.table is None:
            continue
        values = [cell.value for row in other.table.rows for cell in row.cells]
        if shown.base in values:
            return True
        counts = [value for _, value in _counts(other, percents)][:12]
        if any(sum(some) == shown.base for size in (2, 3) for some in combinations(counts, size)) or sum(counts) == shown.base:
            return True
    return False


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]{2,}", text.lower()))


def _rows_named(facts: Facts, shown: Shown, percents: dict[int, bool]) -> Iterator[Finding]:
    """ "Stillet til dem, der svarede i høj eller nogen grad": the rows of an earlier table whose own words the caption has."""
    assert shown.base is not None
    heard = _words(" ".join([shown.title, *(said.text for said, _ in _window(facts, shown))]))
    for other in reversed([one for one in facts.shown if one.table is not None and one.line < shown.line][-3:]):
        rows = _counts(other, percents)
        labels = [_words(row.label) for row, _ in rows]
        for times in (1, 2):
            # Words of one row alone first, then words that two rows share ("ja, meget", "ja, lidt").
            chosen = [
                at
                for at, label in enumerate(labels)
                if any(word in heard and sum(word in one for one in labels) == times for word in label)
            ]
            if not 0 < len(chosen) < len(rows) or (times == 2 and len(chosen) != 2):
                continue
            total = sum((rows[at][1] for at in chosen), Fraction(0))
            if 0 < abs(total - shown.base) <= max(Fraction(3), total * _NEAR):
                row = rows[chosen[0]][0]
                place = place_in(other, row.line, f"{row.label}: {' · '.join(cell.text for cell in row.cells)}")
                yield _finding(shown, total, place)
                return


def _of_another_row(facts: Facts, shown: Shown, percents: dict[int, bool]) -> Iterator[Finding]:
    """ "Alternative, passengers travelling to work (n = 521)": a row of an earlier table, with another row's count."""
    title = [said for said in facts.said if said.block.kind == "caption" and said.line == shown.line] or [
        one for one in facts.said if one.section == shown.section and one.line < shown.line
    ][-1:]
    for other in reversed([one for one in facts.shown if one.table is not None and one.line < shown.line][-3:]):
        rows = _counts(other, percents)
        if not title or not any(count == shown.base for _, count in rows) or len(rows) < 2:
            continue
        labels = [row for row, _ in rows]
        passage = re.sub(r"\([^)]*\d[^)]*\)", "", shown.title)
        named = [(row, count) for row, count in rows if speaks(row, labels, passage, title[0]) >= _NAMED]
        if len(named) == 1 and named[0][1] != shown.base and named[0][1] > 4:
            row, count = named[0]
            place = place_in(other, row.line, f"{row.label}: {' · '.join(cell.text for cell in row.cells)}")
            yield _finding(shown, count, place)
            return


def _window(facts: Facts, shown: Shown) -> list[tuple[Said, bool]]:
    """The last sentences of the section before a table, and whether each speaks of asking or the next one does."""
    above = [one for one in facts.said if one.section == shown.section and one.line < shown.line and one.block.kind != "caption"]
    before = above[-_BEFORE:]
    asked = [bool(_ASKED.search(one.text)) for one in before]
    return [(one, asked[at] or any(asked[max(0, at - 1) : at + 2])) for at, one in enumerate(before)]


def _told_before(facts: Facts, shown: Shown) -> Iterator[Finding]:
    """ "299 had learnt a skill. Those were asked which": a count before the table that its base nearly is."""
    found: list[tuple[Said, Mention]] = []
    for said, asked in _window(facts, shown):
        for one in said.of("count", "base", "ratio", "total"):
            if one.value is None or one.modifier or one.value.denominator != 1:
                continue
            known = asked or len(str(shown.base)) > 2
            if known and is_slip(str(int(one.value)), str(shown.base)) and (_of_one(said, shown) or not asked):
                found.append((said, one))
    if found:
        said, one = found[-1]
        yield _finding(shown, one.value or Fraction(0), place_of(said, one))


def _of_one(said: Said, shown: Shown) -> bool:
    """Whether a sentence and a caption have a word in common, or the sentence asks right before."""
    return bool(_ASKED.search(said.text)) or bool(said.stems & stems(shown.title, said.lang))


def _finding(shown: Shown, count: Fraction, place: Place) -> Finding:
    assert shown.base is not None
    what = Phrase("audit.what_route", {"base": shown.base, "count": exact(count)})
    places = (place_in(shown, shown.base_line, shown.base_text), place)
    return Finding("route", places, what, Phrase("audit.why_route", {}), Phrase("audit.ground_unexplained", {}), 0.85, 0.75)
