"""Attributes of interviewees as a register holds them, in words."""

from __future__ import annotations

from vvvresearch.locales import Phrase, has_words
from vvvresearch.results import is_missing

UNKNOWN = "unknown"


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
