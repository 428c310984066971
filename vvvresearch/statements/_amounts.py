"""Proof of numbers that are no part of a whole: stocks, means, medians and lengths of time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from vvvresearch.locales import Lang, half_up
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._polarity import negated
from vvvresearch.statements._row import HOLDS, Check, check
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._words import days_in, nouns

# How far a number may lie from the one that is said beside a modifier, as a part of that one: "godt 200" is up to 220.
_BANDS = {
    "just_over": (Fraction(0), Fraction(1, 10)),
    "just_under": (Fraction(-1, 10), Fraction(0)),
    "about": (Fraction(-1, 10), Fraction(1, 10)),
    "over": (Fraction(0), Fraction(1, 4)),
    "under": (Fraction(-1, 4), Fraction(0)),
    "at_least": (Fraction(0), Fraction(1, 4)),
    "at_most": (Fraction(-1, 4), Fraction(0)),
    "or_more": (Fraction(0), Fraction(100)),
    "or_less": (Fraction(-1), Fraction(0)),
    "well_over": (Fraction(1, 10), Fraction(10)),
    "well_under": (Fraction(-1), Fraction(-1, 10)),
}
_NEAR, _SMALL = frozenset({"just_over", "just_under", "about"}), 5
_BEYOND = frozenset({"just_over", "just_under", "over", "under"})


def near_amount(value: Fraction, said: Fraction, mention: Mention) -> bool:
    """Whether a number is the one that is said: as printed, or within its modifier.

    Args:
        value: the row's number.
        said: the number of the sentence, in the row's unit.
        mention: gives the modifier and the decimals that are printed.
    """
    if mention.modifier in ("", "exactly"):
        return half_up(value, mention.decimals) == half_up(said, mention.decimals)
    if mention.modifier in _BEYOND and value == said:
        return False
    low, high = _BANDS[mention.modifier]
    if mention.modifier in _NEAR and abs(said) <= _SMALL:
        # "godt to venner" are up to two and a half.
        return low / Fraction(1, 10) * Fraction(1, 2) <= value - said <= high / Fraction(1, 10) * Fraction(1, 2)
    return bool(said) and low <= (value - said) / abs(said) <= high


def duration(statement: Statement, mention: Mention) -> Check:
    """ "14 måneder", "fire timer": the value, in the unit of time that it was measured in."""
    row = statement.row
    assert row.value is not None
    assert mention.value is not None
    lang = statement.lang
    named = next((word for word in mention.text.lower().split() if word in nouns("time", lang)), "")
    if _other_rhythm(statement):
        return check("contradicted", "amount_is", value=float(half_up(row.value, 1)))
    own = [word for word in row.measured_in or " ".join(row.about).lower().split() if word in nouns("time", lang)]
    value = row.value
    if own and named and named not in own:
        scale, other = days_in(own[0], lang), days_in(named, lang)
        if scale is None or other is None:
            return check("contradicted", "unit_is", unit=own[0], said=named)
        value = value * scale / other
    if negated(statement, mention):
        return check("contradicted", "amount_is", value=float(half_up(row.value, 1)))
    inside = mention.low is not None and mention.high is not None and mention.low <= value <= mention.high
    if inside or (mention.high is None and near_amount(value, mention.value, mention)):
        return HOLDS
    return check("contradicted", "amount_is", value=float(half_up(row.value, 1)))


RHYTHM = re.compile(
    r"\b(?:(?:om|per|pr\.?|i|a|an|each|every|hvert?|(?:inden for|efter|within|after) (?:en|et|an?|one))\s+"
    r"(dag|uge|måned|kvartal|år|day|week|month|quarter|year)(?:en|n|et)?"
    r"|(dag|uge|ugent|måned|år|week|month|quarter|year)(?:lig|ligt|lige|ly)"
    r"|(dag|uge|måned|år|day|week|month|year) (?:for|efter|after|by|on|in,? \w+ out) (?:dag|uge|måned|år|day|week|month|year))\b",
    re.IGNORECASE,
)


def _other_rhythm(statement: Statement) -> bool:
    """Whether "om ugen" is said of what was asked a month."""
    asked = frozenset().union(*map(rhythms, statement.row.about))
    said = rhythms(statement.read)
    return bool(asked and said) and not asked & said


def rhythms(text: str) -> frozenset[str]:
    """How often a text says that something is done, as nouns of time: "måned" of "et par gange om måneden" and of "månedligt"."""
    return frozenset("".join(found).lower().removesuffix("nt") for found in RHYTHM.findall(text))


_MILLIONS = (("mio", 10**6), ("million", 10**6), ("mia", 10**9), ("milliard", 10**9), ("billion", 10**9))


def money(statement: Statement, mention: Mention) -> Check:
    """ "175 kroner", "1,2 mio. kr.": the value, where the question asks for money."""
    row = statement.row
    if row.value is None or mention.value is None or not money_noun((*row.about, *row.unit, *row.measured_in), statement.lang):
        return check("cannot", "not_in_row", number=mention.text)
    named = money_noun((mention.text,), statement.lang)
    if (named[:2] == "eu") != (money_noun((*row.about, *row.unit, *row.measured_in), statement.lang)[:2] == "eu"):
        return check("contradicted", "unit_is", unit=money_noun((*row.about, *row.unit, *row.measured_in), statement.lang), said=named)
    scale = next((size for name, size in _MILLIONS if name in mention.text.lower()), 1)
    held = near_amount(row.value / scale, mention.value, mention)
    return HOLDS if held else check("contradicted", "amount_is", value=float(half_up(row.value, 1)))


def money_noun(words: Iterable[str], lang: Lang) -> str:
    """The first word of money among some words: "kroner" of "Hvor mange kroner har du lagt ud?"; "" where there is none."""
    return next((word for word in re.findall(r"[^\W\d_]+\.?", " ".join(words).lower()) if word in nouns("money", lang)), "")


_ENDS = frozenset({"at_least", "at_most", "or_more", "or_less", "over", "under"})


def half(statement: Statement, mention: Mention) -> Check | None:
    """ "Halvdelen bruger seks timer eller mere": what a median says; None of any other row or word."""
    row = statement.row
    if row.statistic != "median" or mention.value != Fraction(1, 2) or mention.modifier:
        return None
    ends = [one for one in statement.of("duration", "count", "money") if one.modifier in _ENDS or one.kind == "duration"]
    return HOLDS if ends else check("cannot", "nothing_counted")


def typical(statement: Statement, mention: Mention) -> Check | None:
    """ "typisk 495 dage": what a median is called; None of any other row."""
    return HOLDS if statement.row.statistic == "median" and mention.key == "usually" else None


def statistic(statement: Statement, mention: Mention) -> Check:
    """ "i gennemsnit", "medianen": which figure of a distribution the row's value is."""
    row = statement.row
    if row.statistic == mention.key:
        return check("contradicted", "amount_is", value=float(half_up(row.value or 0, 1))) if negated(statement, mention) else HOLDS
    return check("contradicted", f"statistic_{row.statistic or 'none'}")
