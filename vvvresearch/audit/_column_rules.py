"""Columns that follow from others: where every row but one is a share, a sum or a difference of two cells, that one stands out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, permutations

from vvvresearch.audit._document import Cell, TableRow
from vvvresearch.audit._facts import Facts, Shown, exact
from vvvresearch.audit._finding import Finding, place_in
from vvvresearch.audit._sums import columns_of, is_percent, is_total, position_of
from vvvresearch.audit._told import head_of
from vvvresearch.locales import Phrase, half_up

_WIDEST = 8
# Two columns and what lies between them.
_TWO_AND_STEP = 3
DIFFERENCE = re.compile(r"forskel|ændring|udvikling|fremgang|stigning|fald|differen|change|gain|growth|drop", re.IGNORECASE)


def column_rule_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on cells that break a rule which all other rows of their table keep."""
    for shown in facts.shown:
        if shown.table is None:
            continue
        rows = [row for row in shown.table.rows if row.cells and all(cell.value is not None for cell in row.cells)]
        width = len(rows[0].cells) if rows else 0
        rows = [row for row in rows if len(row.cells) == width]
        if len(rows) < 2 or not 3 <= width <= _WIDEST:
            continue
        percents = {position_of(column) for column in columns_of(shown) if is_percent(shown, column)}
        yield from _shares(shown, rows, width, percents)
        yield from _steps(shown, rows, width)
        yield from _means(shown, rows, width)


def _value(row: TableRow, at: int) -> Fraction:
    value = row.cells[at].value
    assert value is not None
    return value


def _shares(shown: Shown, rows: list[TableRow], width: int, percents: set[int]) -> Iterator[Finding]:
    """ "Indsendt, besvaret, procent": a column of percentages that is one column of another."""
    for at in percents:
        for part, whole in permutations([one for one in range(width) if one not in percents], 2):
            if any(not 0 < _value(row, part) <= _value(row, whole) for row in rows):
                continue
            wrong = [row for row in rows if not _is_share(row.cells[at], _value(row, part), _value(row, whole))]
            if len(wrong) == 1 and len(rows) >= 4:
                row = wrong[0]
                share = 100 * _value(row, part) / _value(row, whole)
                printed = {
                    "count": exact(_value(row, part)), "base": exact(_value(row, whole)),
                    "printed": f"{row.cells[at].text.rstrip('% ')} %", "actual": half_up(share, row.cells[at].decimals),
                }  # fmt: skip
                yield _finding(shown, row, "count", Phrase("audit.what_count", printed), "ground_row")
                return


def _is_share(cell: Cell, part: Fraction, whole: Fraction) -> bool:
    assert cell.value is not None
    share = 100 * part / whole
    return abs(share - cell.value) <= Fraction(1, 2 * 10**cell.decimals) or half_up(share, cell.decimals) == half_up(
        cell.value, cell.decimals
    )


def _steps(shown: Shown, rows: list[TableRow], width: int) -> Iterator[Finding]:
    """A column that is the sum or the difference of two others: "2020, 2022, forskel"."""
    for at in range(width):
        for one, other in combinations([column for column in range(width) if column != at], 2):
            for sign in (1, -1):
                wrong = [row for row in rows if abs(_value(row, other) + sign * _value(row, one)) != abs(_value(row, at))]
                told = [row for row in rows if not is_total(row)]
                named = DIFFERENCE.search(head_of(shown, rows[0], at)) is not None
                least = 2 if named and width == _TWO_AND_STEP and sign == -1 else 3 if named and len(rows) > 3 else 4
                if len(wrong) == 1 and len(told) >= least and _is_last(at, one, other):
                    row = wrong[0]
                    made = abs(_value(row, other) + sign * _value(row, one))
                    what = Phrase("audit.what_sum", {"added": exact(made), "printed": row.cells[at].text, "name": shown.name or row.label})
                    yield _finding(shown, row, "sum", what, "ground_sum")
                    return


def _means(shown: Shown, rows: list[TableRow], width: int) -> Iterator[Finding]:
    """ "Botilbud, pladser, pladser pr. tilbud": a column that is one of the others divided by another, in every row but one."""
    for at in range(width):
        for part, whole in permutations([one for one in range(width) if one != at], 2):
            if any(not _value(row, whole) for row in rows) or {_value(row, at) for row in rows} <= {0, 1, 100}:
                continue
            wrong = [row for row in rows if half_up(_value(row, part) / _value(row, whole), row.cells[at].decimals) != _value(row, at)]
            if len(wrong) == 1 and len(rows) >= 4:
                row = wrong[0]
                actual = half_up(_value(row, part) / _value(row, whole), row.cells[at].decimals)
                printed = {
                    "total": row.cells[part].text, "number": row.cells[whole].text, "printed": row.cells[at].text, "actual": actual,
                }  # fmt: skip
                yield _finding(shown, row, "count", Phrase("audit.what_average", printed), "ground_average")
                return


def _is_last(at: int, one: int, other: int) -> bool:
    """Whether a column stands behind the two it is made of, or before both."""
    return at > max(one, other) or at < min(one, other)


def _finding(shown: Shown, row: TableRow, kind: str, what: Phrase, ground: str) -> Finding:
    words = f"{row.label}: {' · '.join(cell.text for cell in row.cells)}"
    places = (place_in(shown, row.line, words), place_in(shown))
    return Finding(kind, places, what, Phrase(f"audit.why_{kind}", {}), Phrase(f"audit.{ground}", {}), 0.97, 0.95)
