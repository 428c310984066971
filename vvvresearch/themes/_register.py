"""Attributes of interviewees as a register holds them, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vvvresearch.locales import Phrase, has_words
from vvvresearch.results import is_missing

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN = "unknown"
# Between the parts of a combination of attributes.
AND = " · "


def attribute_value(value: object) -> str:
    """An attribute as a word: yes and no for truth values, "unknown" where nothing is recorded.

    Example:
        >>> attribute_value(True), attribute_value(""), attribute_value("phone"), attribute_value(float("nan"))
        ('yes', 'unknown', 'phone', 'unknown')
    """
    if is_missing(value) or str(value) == "":
        return UNKNOWN
    return {"True": "yes", "False": "no"}.get(str(value), str(value))


def attribute_name(attribute: str) -> Phrase | str:
    """What a column of the register is called."""
    return Phrase(f"sample.{attribute}") if has_words(f"sample.{attribute}") else attribute


def attribute_values(register: pd.DataFrame, names: str | Sequence[str]) -> pd.Series[str]:
    """The value of an attribute in each row of the register, or the combination of several."""
    first, *others = [names] if isinstance(names, str) else names
    values = register[first].map(attribute_value)
    for name in others:
        values = values + AND + register[name].map(attribute_value)
    return values
