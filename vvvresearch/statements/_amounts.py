"""Proof of numbers that are no part of a whole: stocks, means, medians and lengths of time."""

from __future__ import annotations

from fractions import Fraction

from vvvresearch.locales import half_up
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._verdict import HOLDS, Check, check
from vvvresearch.statements._words import days_in, nouns

# How far a number may lie from the one that is said beside a modifier, as a part of that one: "godt 200" is up to 220.
_BANDS = {
    "just_over": (Fraction(0), Fraction(1, 10)),
    "just_under": (Fraction(-1, 10), Fraction(0)),
    "about": (Fraction(-1, 10), Fraction(1, 10)),
    "over": (Fraction(0), Fraction(1, 4)),
    "under": (Fraction(-1, 4), Fraction(0)),
    "at_least": (Fraction(0), Fraction(1, 4)),
    "at_most": (Fraction(-1, 4), Fraction(0)),
    "or_more": (Fraction(0), Fraction(100)),
    "or_less": (Fraction(-1), Fraction(0)),
    "well_over": (Fraction(1, 10), Fraction(10)),
    "well_under": (Fraction(-1), Fraction(-1, 10)),
}
_BEYOND = frozenset({"just_over", "just_under", "over", "under"})


def near_amount(value: Fraction, said: Fraction, mention: Mention) -> bool:
    """Whether a number is the one that is said: as printed, or within its modifier.

    Args:
        value: the row's number.
        said: the number of the sentence, in the row's unit.
        mention: gives the modifier and the decimals that are printed.
    """
    if mention.modifier in ("", "exactly"):
        return half_up(value, mention.decimals) == half_up(said, mention.decimals)
    if mention.modifier in _BEYOND and value == said:
        return False
    low, high = _BANDS[mention.modifier]
    return bool(said) and low <= (value - said) / abs(said) <= high


def duration(statement: Statement, mention: Mention) -> Check:
    """ "14 måneder", "fire timer": the value, in the unit of time that it was measured in."""
    row = statement.row
    assert row.value is not None
    assert mention.value is not None
    lang = statement.lang
    named = next((word for word in mention.text.lower().split() if word in nouns("time", lang)), "")
    own = [word for word in row.measured_in or " ".join(row.about).lower().split() if word in nouns("time", lang)]
    value = row.value
    if own and named and named not in own:
        scale, other = days_in(own[0], lang), days_in(named, lang)
        if scale is None or other is None:
            return check("contradicted", "unit_is", unit=own[0], said=named)
        value = value * scale / other
    if near_amount(value, mention.value, mention):
        return HOLDS
    return check("contradicted", "amount_is", value=float(half_up(row.value, 1)))


def statistic(statement: Statement, mention: Mention) -> Check:
    """ "i gennemsnit", "medianen": which figure of a distribution the row's value is."""
    row = statement.row
    if row.statistic == mention.key:
        return HOLDS
    return check("contradicted", f"statistic_{row.statistic or 'none'}")
