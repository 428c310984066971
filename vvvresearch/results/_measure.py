"""Measures and totals of a result and the base of a number: who was asked, who answered, who said don't know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from vvvresearch.locales import Lang, Phrase, Sayable, Written, format_number, half_up, has_words, say, text


@dataclass(frozen=True)
class Base:
    """What a number rests on. Counts that are not known stay None and are not shown.

    Args:
        n: the denominator of the result's percentages, or the number of cases.
        unit: what one of n is: a key of `locales/tables/units.toml` ("municipality", "interview", "match", …).
        group: respondent group.
        wave: wave.
        source: document or data source.
        question: the item's wording.
        asked, answered, dont_know, refused, not_asked, not_in_wave: counts of respondents.
        population: size of the known frame.
        routing: who was asked, in words.
    """

    n: int | None
    unit: str = "respondent"
    group: str | Sayable = ""
    wave: str | Sayable = ""
    source: str | Sayable = ""
    question: str | Sayable = ""
    asked: int | None = None
    answered: int | None = None
    dont_know: int | None = None
    refused: int | None = None
    not_asked: int | None = None
    not_in_wave: int | None = None
    population: int | None = None
    routing: str | Sayable = ""

    def say(self, lang: Lang = "da") -> str:
        """The base in one line: n, unit, group, wave, how many were asked, routing, source.

        Example:
            >>> Base(42, "municipality", wave="2021").say("en")
            'n = 42 municipalities. Wave: 2021.'
        """
        parts = []
        if self.n is not None:
            parts.append(self.short(lang))
        for name in ("group", "wave"):
            if value := say(getattr(self, name), lang):
                parts.append(text(f"base.{name}", lang, value=value))
        counts = ("asked", "answered", "dont_know", "refused", "not_asked", "not_in_wave", "population")
        known = [text(f"base.{name}", lang, n=getattr(self, name)) for name in counts if getattr(self, name) is not None]
        if known:
            joined = ", ".join(known)
            parts.append(joined[0].upper() + joined[1:])
        if routing := say(self.routing, lang):
            parts.append(text("base.routing", lang, value=routing))
        if source := say(self.source, lang):
            parts.append(text("base.source", lang, value=source))
        return " ".join(part.rstrip(".") + "." for part in parts)

    def short(self, lang: Lang = "da") -> str:
        """Only n and who: what stands beside a single number.

        Example:
            >>> Base(42, "municipality", asked=71).short("en"), Base(None).short("en")
            ('n = 42 municipalities', 'base not known')
        """
        if self.n is None:
            return text("base.unknown", lang)
        return text("base.n", lang, n=self.n, unit=unit_words(self.unit, self.n, lang))


def unit_words(unit: str, n: int, lang: Lang) -> str:
    """A unit's name for a number of it: one municipality, two municipalities.

    Example:
        >>> unit_words("municipality", 1, "en"), unit_words("municipality", 2, "da")
        ('municipality', 'kommuner')
    """
    one = f"units.one_{unit}"
    return text(one if n == 1 and has_words(one) else f"units.{unit}", lang)


Format = Literal["count", "number", "coefficient", "percent", "share", "points", "p"]


@dataclass(frozen=True)
class Measure:
    """One number of each row of a result.

    Args:
        name: the column of the frame and the last part of the address. A share with `count` has no column: it is computed.
        format: "count", "number", "coefficient" (written as 1 only where it is 1), "percent" (0–100), "share" (0–1, written as a
            percentage), "points" (difference of two shares, −1 to 1, written as percentage points) or "p".
        decimals: digits when written.
        of: the column that holds its base; "" where a row has none. A count is some of its base: one that counts something else has none.
        count: the column with the count of a share.
        known: the column with the number itself, where it is not called as the measure is, or a share does not follow from its count.
        only_known: left out of a row where it is not known, since it does not belong there: a target in percent has no count.
        label: what it is, for lists of numbers.
        unit: what one of its base, or of a count without one, is where it is not the result's unit: persons beside interviews.
        sides: of a p, the columns with the n of the sides that are compared; where they are small it is not written.
    """

    name: str
    format: Format = "count"
    decimals: int = 0
    of: str = "n"
    count: str = ""
    known: str = ""
    only_known: bool = False
    label: str | Sayable = ""
    unit: str = ""
    sides: tuple[str, ...] = ()

    def value(self, row: Mapping[Any, Any]) -> Any:
        """The number of a row; None where it is not known, exact where it follows from counts."""
        if self.format == "share" and self.count and not self.known:
            count, n = whole(row.get(self.count)), whole(row.get(self.of))
            return Fraction(count, n) if count is not None and n else None
        found: Any = row.get(self.known or self.name)
        if is_missing(found):
            return None
        if self.format == "count":
            return whole(found)
        return found.item() if hasattr(found, "item") else found

    @property
    def counts_part(self) -> bool:
        """Whether it counts some of what its base counts: those with the outcome among all cases."""
        return self.format == "count" and bool(self.of) and self.name != self.of

    def base(self, row: Mapping[Any, Any]) -> int | None:
        """The base of a row's number, None where it is not known."""
        return whole(row.get(self.of)) if self.of else None


@dataclass(frozen=True)
class Total:
    """A number that an analysis declares about its whole: informants of a map, the p of a cross-table.

    Args:
        value: the number, None where it is not known.
        base: what it rests on; default the result's.
        format, decimals: how it is written.
        sides: of a p, the n of the sides that are compared, by name; where they are small it is not written.
    """

    value: Any
    base: Base | None = None
    format: Format = "count"
    decimals: int = 0
    sides: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class SaidP:
    """A p in prose, behind the letter: "= 0,043", or that it is not shown since counts say it better.

    Args:
        value: the p.
        sides: the n of the sides that are compared, by name.
        small_n: sides below it are small; a result sets its own.

    Example:
        >>> SaidP(0.043, {"n1": 40, "n2": 12}).say("en"), SaidP(0.043, {"n1": 40, "n2": 9}).say("en")
        ('= 0.043', 'not shown (few on a side)')
    """

    value: float
    sides: Mapping[str, int]
    small_n: int = 10

    def say(self, lang: Lang) -> str:
        """The p in `lang`."""
        few = counts_say_it(self.sides, tuple(self.sides), self.small_n)
        return text("common.p_few", lang) if few else Written(self.value, "p_said").say(lang)


def largest_sides(sizes: Iterable[int]) -> dict[str, int]:
    """The two largest of several groups, as the sides by which their common p is shown or not.

    Example:
        >>> largest_sides([4, 40, 12])
        {'n1': 40, 'n2': 12}
    """
    return {f"n{place}": int(n) for place, n in enumerate(sorted(sizes, reverse=True)[:2], start=1)}


def counts_say_it(row: Mapping[Any, Any], sides: Sequence[str], small_n: int) -> bool:
    """Whether a p would claim more than the counts beside it: no two sides (or, of one group, not that one) hold `small_n`.

    Example:
        >>> row = {"n1": 12, "n2": 9}
        >>> counts_say_it(row, ("n1", "n2"), 10), counts_say_it(row, ("n1",), 10), counts_say_it(row, (), 10)
        (True, False, False)
    """
    known = sorted((n for n in (whole(row.get(name)) for name in sides) if n is not None), reverse=True)
    return bool(known) and known[: min(2, len(sides))][-1] < small_n


def written(
    value: Any,
    format: Format,
    decimals: int,
    lang: Lang,
    *,
    count: int | None = None,
    n: int | None = None,
    small_n: int,
    few: bool = False,
) -> str:
    """A number as readers see it; a share on a base below `small_n` is written as its count, a p where sides are `few` is not.

    Example:
        >>> written(Fraction(2, 7), "share", 0, "en", count=2, n=7, small_n=10), written(Fraction(5, 8), "share", 0, "en", small_n=0)
        ('2 of 7', '63%')
        >>> written(None, "count", 0, "da", small_n=10)
        'ingen data'
    """
    if value is None:
        return text("common.no_data", lang)
    if format == "share":
        if count is not None and n is not None and n < small_n:
            return text("common.of", lang, part=count, whole=n)
        return Written(half_up(hundredfold(value), decimals), "percent", decimals).say(lang)
    if format == "points":
        return Phrase("common.points", {"n": format_number(half_up(hundredfold(value), decimals), decimals, lang)}).say(lang)
    if format == "p":
        return text("common.p_few", lang) if few else Written(float(value), "p").say(lang)
    return Written(value, format if format in ("percent", "coefficient") else "number", decimals).say(lang)


def hundredfold(value: Any) -> Any:
    """A share as a percentage, exactly: a float is taken as the shortest decimal that prints it, so that a half stays a half.

    Example:
        >>> hundredfold(0.145), hundredfold(Fraction(1, 8))
        (Decimal('14.500'), Fraction(25, 2))
    """
    return 100 * value if isinstance(value, int | Fraction) else 100 * Decimal(str(value))


def whole(value: Any) -> int | None:
    """A count, or None where it is not known or not whole."""
    if is_missing(value) or isinstance(value, str):
        return None
    return int(value) if value == int(value) else None


def is_missing(value: Any) -> bool:
    """Whether a cell of a frame holds nothing: None, NaN or pandas' own marks."""
    # pandas' marks are told by name so that pandas need not be imported here.
    return value is None or type(value).__name__ in ("NAType", "NaTType") or value != value
