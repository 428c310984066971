"""Whether a number is what was said of it, within its modifier."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from vvvresearch.locales import half_up
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._words import modifier_word


def printed(mention: Mention) -> Decimal:
    """The number as it is printed, with its decimals."""
    return half_up(mention.value or Fraction(0), mention.decimals)


def near(value: Fraction, said: Fraction, mention: Mention, *, exact: bool) -> bool:
    """Whether a value is what was said, given the modifier; "over 50 %" and "mindst 50 %" have no upper end."""
    if not mention.modifier:
        return exact
    if mention.modifier == "exactly":
        return exact
    word = modifier_word(mention.modifier)
    difference = value - said
    if said == Fraction(1, 2) and mention.modifier in ("over", "at_least"):
        return difference > 0 if word.open_low else difference >= 0
    if said == Fraction(1, 2) and mention.modifier in ("under", "at_most"):
        return difference < 0 if word.open_high else difference <= 0
    return word.admits(difference)
