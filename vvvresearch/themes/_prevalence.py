"""Words for how common a theme is, by one declared rule."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.locales import Phrase


@dataclass(frozen=True)
class PrevalenceRule:
    """When "a few", "several" and "most" are said.

    0 is "none", the whole group (at least two) "all", 1 "one", up to `few` "a few"; more than the share `most` of at
    least `most_from` interviews is "most"; what remains is "several".
    """

    few: int = 3
    most: Fraction = Fraction(1, 2)
    most_from: int = 5

    def word(self, count: int, of: int) -> str:
        """The key of the word: none, one, few, several, most or all; "" when nobody was asked.

        Example:
            >>> [PrevalenceRule().word(count, 11) for count in (0, 1, 3, 5, 6, 11)]
            ['none', 'one', 'few', 'several', 'most', 'all']
        """
        if of == 0:
            return ""
        if count == 0:
            return "none"
        if count == of and of > 1:
            return "all"
        if count == 1:
            return "one"
        if of >= self.most_from and Fraction(count, of) > self.most:
            return "most"
        return "few" if count <= self.few else "several"

    def note(self) -> Phrase:
        """The rule in words, printed with every table that uses it."""
        values = {"few": self.few, "most": f"{self.most.numerator}/{self.most.denominator}", "most_from": self.most_from}
        return Phrase("themes.prevalence_rule", values)
