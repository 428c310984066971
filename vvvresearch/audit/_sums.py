"""Sums of tables, columns and rows beside their total; and numbers that an equation of their own document holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, product

from vvvresearch.audit._document import THE_WHOLE, Cell, TableRow
from vvvresearch.audit._facts import Facts, Said, Shown, exact
from vvvresearch.audit._finding import Finding, Place, place_in
from vvvresearch.locales import Phrase
from vvvresearch.statements import Mention

TOTAL = re.compile(
    r"^\W*(?:total|i alt|ialt|sum|samlet|alle|all|overall|hele|tilsammen|in total|totals?|grand total|i\s?alt.*|total.*|samlet.*|"
    r"[^\W\d]+ (?:i alt|ialt|in total|total))\W*$",
    re.IGNORECASE,
)


def sum_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on sums of tables."""
    for shown in facts.shown:
        if shown.table is not None:
            yield from _columns(shown)
            yield from _row_shares(shown)


def is_total(row: TableRow) -> bool:
    """Whether a row is a total, by its name or by its numbers."""
    return row.total or bool(TOTAL.match(row.label))


@lru_cache(maxsize=20_000)
def is_total_name(words: str) -> bool:
    """Whether the name of a row or a column is that of a total."""
    return bool(TOTAL.match(words) or THE_WHOLE.match(words))


def columns_of(shown: Shown) -> list[list[tuple[TableRow, Cell]]]:
    """The numeric columns of a table; rows that hold fewer cells than most are left out."""
    assert shown.table is not None
    rows = [row for row in shown.table.rows if any(cell.value is not None for cell in row.cells)]
    widths = [len(row.cells) for row in rows]
    width = max(set(widths), key=widths.count, default=0)
    even = [row for row in rows if len(row.cells) == width]
    columns = []
    for position in range(width):
        column = [(row, row.cells[position]) for row in even]
        if sum(cell.value is not None for _, cell in column) >= max(2, len(column) - 2):
            columns.append(column)
    return columns


def is_percent(shown: Shown, column: Sequence[tuple[TableRow, Cell]]) -> bool:
    """Whether a column holds percentages, by its cells, its heading, or the caption where that is the only column."""
    assert shown.table is not None
    if any(cell.percent for _, cell in column):
        return True
    header = shown.table.header
    width, position = len(column[0][0].cells), position_of(column)
    # A heading row without a heading for the labels has as many cells as there are columns.
    at = position + len(header) - width
    heading = header[at] if len(header) in (width, width + 1) else ""
    if re.search(r"%|pct|procent|per ?cent|andel|share", heading, re.IGNORECASE):
        return True
    if any(is_total(row) and cell.value == 100 for row, cell in column) and _of_hundred(column):
        return True
    if shares_by_row(shown) or (position == 1 and width == 2 and not heading and _of_base(shown, column)):
        return True
    if not re.search(r"%|\bpct\b|procent|per ?cent|^\W*\w+[ \d.:]*(?:andel|share)", shown.title, re.IGNORECASE):
        return False
    # The caption says so: of the only column, or of columns of years and groups that no heading calls counts.
    values = [cell.value for _, cell in column if cell.value is not None]
    counted = re.search(r"antal|number|count|\bn\b", f"{table_head(shown)} {shown.title}", re.IGNORECASE)
    return (not heading and width == 1) or (counted is None and max(values, default=Fraction(0)) <= 100)


def table_head(shown: Shown) -> str:
    """The words of a table's heading row."""
    return shown.table.text if shown.table else ""


def _of_hundred(column: Sequence[tuple[TableRow, Cell]]) -> bool:
    """Whether the parts of a column are about 100 together and none is more."""
    values = [cell.value for row, cell in column if not is_total(row) and cell.value is not None]
    return bool(values) and max(values) <= 100 and abs(sum(values, Fraction(0)) - 100) <= 20


def _of_base(shown: Shown, column: Sequence[tuple[TableRow, Cell]]) -> bool:
    """Whether most cells are the percentage that the cell before them is of the printed base, or of what those cells make."""
    pairs = [(row.cells[0].value, cell.value) for row, cell in column]
    made = sum((count for count, _ in pairs if count is not None), Fraction(0))
    right = (
        sum(count is not None and share is not None and abs(100 * count / base - share) <= 1 for count, share in pairs)
        for base in (shown.base, made if len(pairs) > 2 else 0)
        if base
    )
    return len(column) > 1 and any(number >= max(2, len(pairs) - 1) for number in right)


def head_of(shown: Shown, row: TableRow, position: int) -> str:
    """The heading of a column."""
    assert shown.table is not None
    at = position + len(shown.table.header) - len(row.cells)
    return shown.table.header[at] if shown.table.header and 0 <= at < len(shown.table.header) else ""


def percents_of(facts: Facts) -> dict[int, bool]:
    """Which cells of a document are percentages, by id."""
    found: dict[int, bool] = {}
    for shown in facts.shown:
        if shown.table is None:
            continue
        for column in columns_of(shown):
            percent = is_percent(shown, column)
            found.update({id(cell): percent for _, cell in column})
    return found


def position_of(column: Sequence[tuple[TableRow, Cell]]) -> int:
    """Which of its row's cells the cells of a column are."""
    row, cell = column[0]
    return next(at for at, one in enumerate(row.cells) if one is cell)


def _columns(shown: Shown) -> Iterator[Finding]:
    for column in columns_of(shown):
        totals = [(row, cell) for row, cell in column if is_total(row) and cell.value is not None]
        parts = [(row, cell) for row, cell in column if not is_total(row) and cell.value is not None]
        percent = is_percent(shown, column)
        decimals = max((cell.decimals for _, cell in parts), default=0)
        added = sum((cell.value for _, cell in parts if cell.value is not None), Fraction(0))
        slack = Fraction(len(parts) + 1, 2 * 10**decimals) if percent or decimals else Fraction(0)
        if len(totals) > 1:
            yield from _stretches(shown, column, percent)
        elif len(totals) == 1 and len(parts) >= 2:
            row, cell = totals[0]
            assert cell.value is not None
            if shown.multiple or _average(parts, cell.value, percent) or _of_means(shown):
                continue
            if abs(added - cell.value) > slack:
                yield _finding(shown, row, parts[0][0], added, cell.value, percent)
        elif (
            percent
            and not totals
            and len(parts) >= 3
            and not shown.multiple
            and slack < abs(added - 100) <= (15 if _classes(shown) else 8)
            and _whole(shown)
        ):
            yield _finding(shown, parts[-1][0], parts[0][0], added, Fraction(100), True, 0.6)


def _stretches(shown: Shown, column: Sequence[tuple[TableRow, Cell]], percent: bool) -> Iterator[Finding]:
    """A column with several totals, each under its own rows: "Indtægter i alt", "Udgifter i alt"."""
    parts: list[tuple[TableRow, Cell]] = []
    stretches: list[tuple[TableRow, Fraction, Fraction, list[tuple[TableRow, Cell]]]] = []
    for row, cell in column:
        if cell.value is None:
            continue
        if not is_total(row):
            parts.append((row, cell))
            continue
        stretches.append((row, sum((one.value or Fraction(0) for _, one in parts), Fraction(0)), cell.value, parts))
        parts = []
    if parts or percent or any(len(own) < 2 for *_, own in stretches):
        return
    for row, added, printed, own in stretches:
        if added != printed and abs(added - printed) <= printed * Fraction(3, 10) and not any(cell.decimals for _, cell in own):
            yield _finding(shown, row, own[0][0], added, printed, False, 0.9)


def _row_shares(shown: Shown) -> Iterator[Finding]:
    """Rows of percentages that add up to 100, all but one."""
    assert shown.table is not None
    rows = [(row, [cell.value for cell in row.cells if cell.value is not None]) for row in shown.table.rows if not is_total(row)]
    rows = [(row, values) for row, values in rows if len(values) == len(row.cells) >= 3 and max(values) <= 100]
    if len(rows) < 3:
        return
    slack = 1 + len(rows[0][1]) // 3
    off = [(row, sum(values, Fraction(0))) for row, values in rows if abs(sum(values, Fraction(0)) - 100) > slack]
    if len(off) == 1 and abs(off[0][1] - 100) <= 30:
        row, added = off[0]
        yield _finding(shown, row, row, added, Fraction(100), True, 0.8)


def shares_by_row(shown: Shown) -> bool:
    """Whether the cells of each row add up to 100, so that they are percentages though nothing says so."""
    assert shown.table is not None
    sums = [
        sum((cell.value for cell in row.cells if cell.value is not None), Fraction(0))
        for row in shown.table.rows
        if len(row.cells) >= 2 and all(cell.value is not None for cell in row.cells)
    ]
    return len(sums) >= 3 and sum(abs(one - 100) <= 2 for one in sums) >= len(sums) - 1


def _whole(shown: Shown) -> bool:
    """Whether the rows of a table name all answers there are: the last is "don't know", "other", "not at all"."""
    assert shown.table is not None
    labels = " ".join(row.label for row in shown.table.rows).lower()
    return _classes(shown) or bool(
        re.search(r"ved ikke|uoplyst|andet|slet ikke|ingen svar|don.t know|other|not at all|no answer|\bnej\b|\bno\b", labels)
    )


_OPEN_CLASS = re.compile(
    r"\b(?:under|over|højst|mindst|below|above|at least)\b|(?:og|eller|and|or) (?:derover|derunder|flere|færre|more|fewer|over|under)",
    re.IGNORECASE,
)


def _classes(shown: Shown) -> bool:
    """Whether the rows are classes of one number with an open end: then they are all there are."""
    assert shown.table is not None
    labels = [row.label for row in shown.table.rows if not is_total(row)]
    return any(_OPEN_CLASS.search(label) for label in labels) and all(
        re.search(r"\d", label) or _OPEN_CLASS.search(label) for label in labels
    )


def _of_means(shown: Shown) -> bool:
    """Whether the total row of a table tells means: in every column it lies among the rows."""
    columns = [[(is_total(row), cell.value) for row, cell in column if cell.value is not None] for column in columns_of(shown)]
    rows = [[value for total, value in column if not total] for column in columns]
    totals = [next((value for total, value in column if total), None) for column in columns]
    among = [bool(own) and total is not None and min(own) < total < max(own) for own, total in zip(rows, totals, strict=True)]
    return len(among) > 1 and all(among)


def _average(parts: Sequence[tuple[TableRow, Cell]], total: Fraction, percent: bool) -> bool:
    """Whether a total row gives the share of all, and no sum: it lies among its rows, far from their sum."""
    values = [cell.value for _, cell in parts if cell.value is not None]
    added = sum(values, Fraction(0))
    decimals = max(cell.decimals for _, cell in parts)
    return min(values) <= total <= max(values) and abs(added - total) > total / 5 and (percent or decimals > 0 or added > 2 * total)


def _finding(
    shown: Shown, row: TableRow, first: TableRow, added: Fraction, printed: Fraction, percent: bool, weight: float = 1.0
) -> Finding:
    sign = " %" if percent else ""
    what = Phrase("audit.what_sum", {"added": exact(added) + sign, "printed": exact(printed) + sign, "name": shown.name or row.label})
    assert shown.table is not None
    parts = [one for one in shown.table.rows if one is not row and not is_total(one)][:PARTS] if first is not row else []
    places = tuple(dict.fromkeys((_row_place(shown, row), *(_row_place(shown, one) for one in parts), place_in(shown))))
    return Finding("sum", places, what, Phrase("audit.why_sum", {}), Phrase("audit.ground_sum", {}), 0.97 if percent else 0.99, weight)


# The parts of a sum that a finding names, at most.
PARTS = 12


def _row_place(shown: Shown, row: TableRow) -> Place:
    return place_in(shown, row.line, f"{row.label}: {' · '.join(cell.text for cell in row.cells)}")


def has_money(shown: Shown) -> bool:
    """Whether a table tells sums of money, by its caption and its heading row."""
    return _MONEY.search(f"{shown.title} {shown.table.text if shown.table else ''}") is not None


def scale_of_table(shown: Shown) -> int:
    """What one in a table of money stands for: "mio. kr.", "1.000 kr."."""
    words = f"{shown.title} {shown.table.text if shown.table else ''}"
    if not has_money(shown):
        return 1
    return 10**6 if _MILLIONS.search(words) else 1000 if _THOUSANDS.search(words) else 1


_MONEY = re.compile(r"\bkr\b|kroner|\bmio\b|[£$€]|\b(?:EUR|GBP|USD|DKK)\b|euros?\b|pounds", re.IGNORECASE)
_MILLIONS = re.compile(r"\bmio\b|million", re.IGNORECASE)
_THOUSANDS = re.compile(r"\b1[.,]?000\b|\bt\.?\s?kr\b|tusind|thousand|[£$€]\s?['’]?000", re.IGNORECASE)


_COUNTS = ("count", "total", "base", "ratio", "sample_size")
# Sums up to these, of numbers told together and of two cells, are met by accident; how many numbers of a sentence are tried.
_FEW = 20
_SMALL, _LARGE, _MOST = 50, 500, 10


def held_numbers(facts: Facts) -> frozenset[int]:
    """The ids of the mentions and cells of a document that agree with others of it."""
    found: set[int] = set()
    # What two cells make together, and what stands in a column that adds up.
    sums: set[Fraction] = set()
    told: set[Fraction] = {Fraction(shown.base) for shown in facts.shown if shown.base is not None}
    for shown in facts.shown:
        for column in columns_of(shown) if shown.table is not None else ():
            values = [cell.value for row, cell in column if cell.value is not None and not is_total(row)]
            sums |= {first + second for first, second in combinations(values, 2)}
            told |= {cell.value for _, cell in column if cell.value is not None}
            held = list(_adding_up(shown, [(is_total(row), cell) for row, cell in column], is_percent(shown, column)))
            found |= set(map(id, held))
            sums |= {cell.value for cell in held if cell.value is not None}
    for said in facts.said:
        told |= {value for one in said.of(*_COUNTS) for value in (one.value, one.base) if value is not None}
    for said in facts.said:
        found |= {id(one) for one in (*_parts(said, told), *_shares(facts, said))}
        found |= {id(one) for one in _whole_numbers(said) if one.value in sums and one.value > _LARGE}
    return frozenset(found)


def _adding_up(shown: Shown, column: Sequence[tuple[bool, Cell]], percent: bool) -> Iterator[Cell]:
    parts = [cell for total, cell in column if not total and cell.value is not None]
    totals = [cell.value for total, cell in column if total]
    whole = totals[0] if len(totals) == 1 else 100 if percent else shown.base
    decimals = max((cell.decimals for cell in parts), default=0)
    slack = Fraction(len(parts) + 1, 2 * 10**decimals) if percent or decimals else Fraction(0)
    if whole and len(parts) > 1 and abs(sum((cell.value or Fraction(0) for cell in parts), Fraction(0)) - whole) <= slack:
        yield from (cell for _, cell in column)


def _whole_numbers(said: Said) -> list[Mention]:
    counts = [one for one in said.of(*_COUNTS) if one.value is not None and one.value.denominator == 1 and not one.modifier]
    return counts if len(counts) <= _MOST else []


def _parts(said: Said, told: set[Fraction]) -> Iterator[Mention]:
    """Numbers told one after the other that make a number which the document tells too."""
    counts = _whole_numbers(said)
    for start in range(len(counts)):
        for end in range(start + 2, len(counts) + 1):
            added = sum((one.value or Fraction(0) for one in counts[start:end]), Fraction(0))
            if added > _SMALL and added in told:
                yield from counts[start:end]


def _shares(facts: Facts, said: Said) -> Iterator[Mention]:
    """A count, its whole and their percentage, in one sentence or with the whole in the one before."""
    before = facts.said[said.position - 1] if said.position else said
    near = _whole_numbers(before) if before.block is said.block else []
    for percent in said.of("percentage"):
        room = Fraction(1, 2 * 10**percent.decimals)
        for part, whole in product(_whole_numbers(said), (*near, *_whole_numbers(said))):
            count, base = part.value or Fraction(0), whole.base or whole.value or Fraction(0)
            if percent.value is not None and base > _FEW and count < base and abs(100 * count / base - percent.value) <= room:
                yield from (percent, part, whole)
