"""A mention: one numeric statement of a text, in figures or in words, with its place."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from vvvresearch.statements._words import Word


@dataclass(frozen=True)
class Mention:
    """One numeric statement of a text.

    Attributes:
        kind: "percentage", "points", "ratio" (x of y), "base" (of y), "sample_size" (n = y), "count", "total", "share" (a fraction or
            quantity in words), "some", "vague", "rank", "frequency", "direction", "multiple", "comparison", "goal", "unknown", "reason",
            "cause", "span", "answered", "negation", "target", "year", "date", "reference", "duration", "money", "ordinal".
        text: the words as they stand in the source.
        start, end: offsets in the source; `line` and `column` count from 1.
        sentence: number of the sentence, from 0.
        key: the entry of the vocabulary ("half", "majority", "rise"), else empty.
        value: the number, exact; of a percentage the number before the sign, of a ratio its count, of a fraction word the fraction.
        low, high: the two ends where the text gives a range ("75-100 pct.").
        base: of a ratio the whole.
        decimals: digits printed after the decimal mark.
        modifier: the entry that qualifies the number ("over", "just_under", "at_least"), else empty.
        role: "from", "to", "by" beside a change, else empty.
        unit: the noun that is counted, as written in small letters.
        group: the noun after "blandt", "hos" or "among" in the same sentence.
        times: the years of the sentence.
        spelled: whether the number stands in letters.
        word: the vocabulary's entry with its bounds, for words.
        degree: beside a direction, its size in words ("small", "large").
    """

    kind: str
    text: str
    start: int
    end: int
    line: int
    column: int
    sentence: int
    key: str = ""
    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    base: Fraction | None = None
    decimals: int = 0
    modifier: str = ""
    role: str = ""
    unit: str = ""
    group: str = ""
    times: tuple[int, ...] = ()
    spelled: bool = False
    word: Word | None = None
    degree: str = ""

    def changed(self, **fields: object) -> Mention:
        """The mention with other values in some fields, as `dataclasses.replace`, which takes ten times as long."""
        made = object.__new__(Mention)
        made.__dict__.update(self.__dict__, **fields)
        return made

    @property
    def share(self) -> Fraction | None:
        """The share that is said, between 0 and 1 as a rule: of a percentage, a ratio or a fraction word."""
        if self.value is None:
            return None
        if self.kind == "percentage":
            return self.value / 100
        if self.kind == "ratio" and self.base:
            return self.value / self.base
        return self.value if self.kind == "share" else None


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text: its words, its place, and the mentions in it."""

    text: str
    start: int
    end: int
    words: tuple[str, ...]
    mentions: tuple[Mention, ...]
