"""Words for how common a theme is, by one declared rule."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.locales import Phrase


@dataclass(frozen=True)
class PrevalenceRule:
    """When "a few", "several" and "most" are said: by the share, so that a larger share never has the smaller word.

    0 is "none", 1 "one" (a number, not a share), the whole group (at least two) "all"; up to the share `few` is "a few", more than
    the share `most` is "most"; what lies between is "several".
    """

    few: Fraction = Fraction(1, 3)
    most: Fraction = Fraction(1, 2)

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
        share = Fraction(count, of)
        return "most" if share > self.most else "few" if share <= self.few else "several"

    def note(self) -> Phrase:
        """The rule in words, printed with every table that uses it."""
        return Phrase("themes.prevalence_rule", {name: f"{share.numerator}/{share.denominator}" for name, share in vars(self).items()})
