"""Numbers that an equation of their own document holds: parts that make their whole, a count and its percentage. They are no slips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

from vvvresearch.audit._document import Cell
from vvvresearch.audit._facts import Facts, Said, Shown
from vvvresearch.audit._sums import columns_of, is_percent, is_total
from vvvresearch.statements import Mention

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
