"""How a result's columns are headed and written when shown to a reader."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from vvvresearch.locales import Lang, Phrase, format_date, format_number, format_p, format_percent, has_words, text

Format = Literal["text", "count", "number", "percent", "p", "date"]


@dataclass(frozen=True)
class Column:
    """One shown column of a result.

    Args:
        name: the column of the frame.
        label: its heading, as words or a phrase; default the name.
        format: "text", "count", "number" (with `decimals`), "percent" (values 0–100), "p" or "date".
        decimals: digits for numbers and percentages.
        words: a table of words whose keys the values are ("groups"), so that a key is shown as its words; a value without words
            there is shown as it is.
    """

    name: str
    label: str | Phrase = ""
    format: Format = "text"
    decimals: int = 0
    words: str = ""

    def heading(self, lang: Lang) -> str:
        """The heading in a language."""
        if isinstance(self.label, Phrase):
            return self.label.say(lang)
        return self.label or self.name

    def write(self, value: Any, lang: Lang) -> str:
        """One value as a reader sees it; what is missing is an en dash."""
        if isinstance(value, Phrase):
            return value.say(lang)
        if self.words and isinstance(value, str) and has_words(f"{self.words}.{value}"):
            return text(f"{self.words}.{value}", lang)
        # pandas' own marks of what is missing, told by name so that pandas need not be imported here.
        if value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and math.isnan(value)):
            return "" if self.format == "text" else "–"
        if self.format == "text" or isinstance(value, str):
            return str(value) if self.format != "date" else format_date(value, lang)
        if self.format == "date":
            return format_date(value, lang)
        number = value if isinstance(value, int | float | Fraction) else float(value)
        if self.format == "percent":
            return format_percent(number, self.decimals, lang)
        if self.format == "p":
            return format_p(float(number), lang)
        return format_number(number, self.decimals, lang)

    @property
    def is_number(self) -> bool:
        """Whether the column is set flush right."""
        return self.format in ("count", "number", "percent", "p")
