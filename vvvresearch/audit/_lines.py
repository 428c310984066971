"""Rules that the lines of a table keep: where all rows or columns but one are a sum, a difference, a share or a mean, that one stands out.

A rule is believed by what its lines say for it, in bits: each line that keeps it says as much as its number has digits, since a number
of two digits is met by accident once in a hundred. Nothing is taken from names but that a heading calls its column a total or a difference.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise, permutations

from vvvresearch.audit._document import Cell, TableRow
from vvvresearch.audit._facts import Facts, Shown, exact
from vvvresearch.audit._finding import Finding, place_in
from vvvresearch.audit._sums import PARTS, columns_of, head_of, is_percent, is_total, is_total_name, position_of
from vvvresearch.locales import Phrase, half_up

DIFFERENCE = re.compile(
    r"forskel|ændring|udvikling|fremgang|stigning|fald|differen|change|gain|growth|drop|\w*forbrug|rest\b|saldo|overskud|balance|surplus",
    re.IGNORECASE,
)
# Bits that the lines must say for a rule that no heading names, and for one that a heading does.
_NEEDED, _NAMED = 13.0, 4.0
_WIDEST, _LONGEST = 9, 14


@dataclass(frozen=True)
class _Rule:
    """A field of every line that follows from others of the line."""

    name: str
    at: int
    of: tuple[int, ...]

    def value(self, line: Sequence[Cell]) -> Fraction | None:
        """What the rule makes of a line."""
        numbers = [line[at].value or Fraction(0) for at in self.of]
        if self.name == "sum":
            return sum(numbers, Fraction(0))
        if self.name == "difference":
            return numbers[0] - numbers[1]
        if not numbers[1]:
            return None
        return numbers[0] / numbers[1] * (100 if self.name == "share" else 1)

    def keeps(self, line: Sequence[Cell]) -> bool:
        """Whether a line keeps the rule, with room for rounding."""
        cell, made = line[self.at], self.value(line)
        if made is None or cell.value is None:
            return False
        if self.name == "mean":
            # Either of the two may itself be a mean that was rounded.
            part, whole = (line[at].value or Fraction(0) for at in self.of)
            room = max(abs(cell.value) * Fraction(1, 10 ** line[self.of[1]].decimals), abs(whole) * Fraction(1, 10**cell.decimals)) / 2
            return bool(abs(part - cell.value * whole) <= room)
        if self.name == "share":
            return abs(made - cell.value) <= Fraction(1, 2 * 10**cell.decimals) or half_up(made, cell.decimals) == cell.value
        decimals = max(line[at].decimals for at in (self.at, *self.of))
        rounded = decimals > 0 or any(line[at].percent for at in (self.at, *self.of))
        room = Fraction(len(self.of) + 1, 2 * 10**decimals) if rounded else Fraction(0)
        gap = abs(made - cell.value)
        # "Ændring" is told with and without its sign.
        return gap <= room or (self.name == "difference" and abs(made + cell.value) <= room)


def line_findings(facts: Facts) -> Iterator[Finding]:
    """Findings on lines of tables that break a rule which all others keep."""
    for shown in facts.shown:
        rows = [row for row in shown.table.rows if row.cells and all(cell.value is not None for cell in row.cells)] if shown.table else []
        width = len(rows[0].cells) if rows else 0
        rows = [row for row in rows if len(row.cells) == width]
        if len(rows) < 2 or not width:
            continue
        percents = {position_of(column) for column in columns_of(shown) if is_percent(shown, column)}
        yield from _rows_that_break(shown, rows, width, percents)
        yield from _columns_that_break(shown, rows, width, percents)


def _rows_that_break(shown: Shown, rows: list[TableRow], width: int, percents: set[int]) -> Iterator[Finding]:
    if not 3 <= width <= _WIDEST:
        return
    heads = [head_of(shown, rows[0], at) for at in range(width)]
    counts = [at for at in range(width) if at not in percents] or list(range(width))

    def named(rule: _Rule) -> bool:
        return is_total_name(heads[rule.at]) if rule.name == "sum" else DIFFERENCE.search(heads[rule.at]) is not None

    rules = [*_rules(counts, with_shares=False), *(rule for rule in _rules(range(width), with_shares=True) if rule.at in percents)]
    rules += [rule for rule in _rules(counts, with_shares=True) if rule.name == "mean"]
    rules += [rule for rule in _rules(sorted(percents), with_shares=False) if named(rule)]
    broken = _broken([row.cells for row in rows], rules, named)
    if broken is not None:
        rule, at = broken
        yield _finding(shown, rule, rows[at].cells, (rows[at],))


def _columns_that_break(shown: Shown, rows: list[TableRow], width: int, percents: set[int]) -> Iterator[Finding]:
    """ "Udmøntet, forbrugt, mindreforbrug" one under the other, by year: a row that follows from others, in every column but one."""
    counts = [at for at in range(width) if at not in percents]
    if not 3 <= len(rows) <= _LONGEST or len(counts) < 2:
        return
    lines = [tuple(row.cells[at] for row in rows) for at in counts]

    def named(rule: _Rule) -> bool:
        return is_total(rows[rule.at]) if rule.name == "sum" else DIFFERENCE.search(rows[rule.at].label) is not None

    yield from _steps_that_break(shown, rows, counts)
    rules = [rule for rule in _rules(range(len(rows)), with_shares=False) if rule.name != "sum" or not named(rule)]
    broken = _broken(lines, rules, named)
    if broken is not None:
        rule, at = broken
        yield _finding(shown, rule, lines[at], (rows[rule.at], *(rows[one] for one in rule.of)))


def _steps_that_break(shown: Shown, rows: list[TableRow], counts: Sequence[int]) -> Iterator[Finding]:
    """ "Ændring fra året før": a column that tells how much another grew from row to row."""
    rule = _Rule("difference", 2, (1, 0))
    for one, other in permutations(counts, 2):
        within = (_Rule("difference", other, pair) for pair in combinations([at for at in counts if at != other], 2))
        if any(sum(own.keeps(row.cells) for row in rows) >= max(2, len(rows) - 1) for own in within):
            # It tells how much a row's own numbers differ.
            continue
        lines = [(before.cells[one], row.cells[one], row.cells[other]) for before, row in pairwise(rows) if not is_total(row)]
        told = DIFFERENCE.search(head_of(shown, rows[0], other)) is not None
        broken = _broken(lines, [rule], {True: _always, False: _never}[told]) if len(lines) > 1 else None
        if broken is not None:
            yield _finding(shown, rule, lines[broken[1]], (rows[broken[1] + 1], rows[broken[1]]))


def _always(_: _Rule) -> bool:
    return True


def _never(_: _Rule) -> bool:
    return False


def _rules(fields: Sequence[int], *, with_shares: bool) -> Iterator[_Rule]:
    """Every rule that may hold between some fields: with sums of all that stand before, and what two make."""
    for place, at in enumerate(fields):
        others = [one for one in fields if one != at]
        if with_shares:
            for part, whole in permutations(others, 2):
                yield _Rule("share", at, (part, whole))
                yield _Rule("mean", at, (part, whole))
            continue
        before = tuple(fields[:place])
        for start in range(max(len(before) - 1, 0)):
            yield _Rule("sum", at, before[start:])
        if place == 0 and len(fields) > 2:
            yield _Rule("sum", at, tuple(fields[1:]))
        for one, other in combinations(others, 2):
            if not one < at < other:
                yield _Rule("difference", at, (one, other))


def _broken(lines: Sequence[Sequence[Cell]], rules: Sequence[_Rule], named: Callable[[_Rule], bool]) -> tuple[_Rule, int] | None:
    """The rule that most speaks for among those that one line breaks, and the line."""
    found: list[tuple[float, _Rule, int]] = []
    explained: set[int] = set()
    for rule in rules:
        if rule.name == "difference" and len(lines) < 3 and not named(rule):
            continue
        wrong: list[int] = []
        bits = 0.0
        for at, line in enumerate(lines):
            if rule.keeps(line):
                bits += _bits(line[rule.at])
            else:
                wrong.append(at)
                if len(wrong) > 1:
                    break
        if len(wrong) > 1 or not any(rule.value(line) for line in lines):
            continue
        needed = _NAMED if named(rule) else _NEEDED
        if not wrong and bits >= needed:
            explained.add(rule.at)
        elif wrong and bits >= needed:
            found.append((bits, rule, wrong[0]))
    # A field that follows from others in every line is right, whatever else nearly holds of it.
    found = [one for one in found if one[1].at not in explained]
    return max(found, key=lambda one: one[0])[1:] if found else None


def _bits(cell: Cell) -> float:
    """How seldom a number is met by accident: as it has digits; 0 and 100 are met everywhere."""
    shown = abs(int((cell.value or Fraction(0)) * 10**cell.decimals))
    return math.log2(shown) if shown > 1 and cell.value != 100 else 0.0


def _finding(shown: Shown, rule: _Rule, line: Sequence[Cell], rows: Sequence[TableRow]) -> Finding:
    cell, made = line[rule.at], rule.value(line) or Fraction(0)
    places = tuple(place_in(shown, row.line, f"{row.label}: {' · '.join(one.text for one in row.cells)}") for row in rows[:PARTS])
    if rule.name in ("share", "mean"):
        part, whole = (line[at] for at in rule.of)
        actual = half_up(made, cell.decimals)
        what = (
            Phrase("audit.what_count", {
                "count": exact(part.value or Fraction(0)), "base": exact(whole.value or Fraction(0)),
                "printed": f"{cell.text.rstrip('% ')} %", "actual": actual,
            })
            if rule.name == "share"
            else Phrase("audit.what_average", {"total": part.text, "number": whole.text, "printed": cell.text, "actual": actual})
        )  # fmt: skip
        ground = "audit.ground_row" if rule.name == "share" else "audit.ground_average"
        return Finding("count", (*places, place_in(shown)), what, Phrase("audit.why_count", {}), Phrase(ground, {}), 0.97, 0.95)
    what = Phrase("audit.what_sum", {"added": exact(abs(made)), "printed": cell.text, "name": shown.name or rows[0].label})
    return Finding("sum", (*places, place_in(shown)), what, Phrase("audit.why_sum", {}), Phrase("audit.ground_sum", {}), 0.97, 0.95)
