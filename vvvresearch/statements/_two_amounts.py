"""Proof of what is said of two numbers that are no parts of a whole: from one to the other, more, fewer, so many times."""

from __future__ import annotations

from fractions import Fraction

from vvvresearch.locales import half_up
from vvvresearch.statements._amounts import near_amount
from vvvresearch.statements._changes import is_multiple
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._polarity import negated
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._verdict import HOLDS, Check, check


def proved(statement: Statement, mention: Mention) -> Check | None:
    """What a word comes to beside two numbers; None where it says nothing of both."""
    row = statement.row
    if row.value is None or row.beside is None:
        return None
    if row.obstacle and mention.kind in ("direction", "comparison", "multiple"):
        return check("cannot", row.obstacle)
    own, other, word = row.value, row.beside.value, mention.word
    wrong = check("contradicted", "amounts_are", before=float(half_up(other, 1)), after=float(half_up(own, 1)))
    if mention.kind in ("direction", "comparison") and word is not None:
        turned = -1 if mention.kind == "comparison" and statement.subject(mention) == "other" else 1
        sign = ((own > other) - (own < other)) * turned
        held = sign != 0 if word.sign == 2 else sign == word.sign
        return HOLDS if held != negated(statement, mention) else wrong
    if mention.kind == "multiple" and word is not None and word.ratio is not None:
        reached = other != 0 and is_multiple(own / other, word.ratio, mention)
        return HOLDS if reached and not negated(statement, mention) else wrong
    if mention.kind == "percentage" and other:
        return HOLDS if near_amount(abs(own - other) / other * 100, mention.value or Fraction(0), mention) else wrong
    if mention.kind in ("count", "total", "base", "duration", "money"):
        return HOLDS if any(near_amount(value, mention.value or Fraction(0), mention) for value in _meant(statement, mention)) else wrong
    return None


def _meant(statement: Statement, mention: Mention) -> tuple[Fraction, ...]:
    """The numbers that one may be: of the side that its words name, else either, or how far they lie apart."""
    row = statement.row
    assert row.value is not None
    assert row.beside is not None
    if mention.role == "by":
        return (abs(row.value - row.beside.value),)
    if mention.role in ("from", "to"):
        return (row.beside.value,) if mention.role == "from" else (row.value,)
    named = statement.side_of(mention)
    apart = (abs(row.value - row.beside.value),) if statement.of("comparison", "direction") else ()
    return {"own": (row.value,), "other": (row.beside.value,)}.get(named, (row.value, row.beside.value, *apart))
