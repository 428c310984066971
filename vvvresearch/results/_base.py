"""The base of a number: who was asked, who answered, who said don't know, who was not asked."""

from __future__ import annotations

from dataclasses import dataclass

from vvvresearch.locales import Lang, Phrase, text


@dataclass(frozen=True)
class Base:
    """What a number rests on. Counts that are not known stay None and are not shown.

    Args:
        n: the denominator of the result's percentages, or the number of cases.
        unit: what one of n is: a key of `locales/tables/units.toml` ("municipality", "interview", "match", …).
        group: respondent group in words.
        wave: wave in words.
        source: document or data source in words.
        question: the item's wording.
        asked, answered, dont_know, refused, not_asked, not_in_wave: counts of respondents.
        population: size of the known frame.
        routing: who was asked, in words.
    """

    n: int | None
    unit: str = "respondent"
    group: str = ""
    wave: str = ""
    source: str = ""
    question: str = ""
    asked: int | None = None
    answered: int | None = None
    dont_know: int | None = None
    refused: int | None = None
    not_asked: int | None = None
    not_in_wave: int | None = None
    population: int | None = None
    routing: str | Phrase = ""

    def say(self, lang: Lang = "da") -> str:
        """The base in one line: n, unit, group, wave, how many were asked, routing, source.

        Example:
            >>> Base(42, "municipality", wave="2021").say("en")
            'n = 42 municipalities. Wave: 2021.'
        """
        parts = []
        if self.n is not None:
            parts.append(text("base.n", lang, n=self.n, unit=text(f"units.{self.unit}", lang)))
        for name in ("group", "wave"):
            if value := getattr(self, name):
                parts.append(text(f"base.{name}", lang, value=value))
        counts = ("asked", "answered", "dont_know", "refused", "not_asked", "not_in_wave", "population")
        known = [text(f"base.{name}", lang, n=getattr(self, name)) for name in counts if getattr(self, name) is not None]
        if known:
            joined = ", ".join(known)
            parts.append(joined[0].upper() + joined[1:])
        routing = self.routing.say(lang) if isinstance(self.routing, Phrase) else self.routing
        if routing:
            parts.append(text("base.routing", lang, value=routing))
        if self.source:
            parts.append(text("base.source", lang, value=self.source))
        return " ".join(part.rstrip(".") + "." for part in parts)
