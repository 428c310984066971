"""The base of a number: who was asked, who answered, who said don't know, who was not asked."""

from __future__ import annotations

from dataclasses import dataclass

from vvvresearch.locales import Lang, Sayable, has_words, say, text


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
