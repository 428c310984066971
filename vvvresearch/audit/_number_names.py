"""A printed number by itself: what the words beside it say that it is, and slips of the pen."""

from __future__ import annotations

import re
from functools import lru_cache

from vvvresearch.locales import Lang
from vvvresearch.statements import Mention, verb_form

_CONTACT = re.compile(r"\S@\S|\b\d{2} ?\d{2} ?\d{2} ?\d{2}\b|\b\d{4} \d{4}\b")
_SECOND = re.compile(
    r"\b(?:tabel|figur|afsnit|table|figure|section|tables|figures|tabellerne|figurerne)\s+[\d.]+\s*(?:og|and|,|til|to|-|–)\s*$",
    re.IGNORECASE,
)
_ITS = re.compile(r"\b(?:den|det|it)\s+(?:var|er|was|is)\s+$|\b(?:var|er|was|is)\s+(?:den|det|it)\s+(?:kun |only )?$", re.IGNORECASE)


def as_last(text: str, first: int, mention: Mention, last: Mention | None) -> Mention:
    """ "Gennemførelsen er 75 pct. I 2021 var den 69.": a bare number of "it" is of the kind of the number before."""
    bare = mention.kind == "count" and not mention.unit and re.match(r"\s*(?:[.,;)]|$)", text[mention.end - first :])
    if last is None or last.kind != "percentage" or not bare or not _ITS.search(text[: mention.start - first]):
        return mention
    return mention.changed(kind=last.kind)


_RATE_IS = re.compile(
    r"(?:\w*procent(?:en)?|rate|percentage)\s+(?:[^\W\d_]+\s+)?"
    r"(?:(?:ender|endte|lander|landede|ligger|lå|kom|nåede|stands?|stood|came|comes)\s+)?(?:(?:er|var|blev|på|op på|of|is|was|at|to)\s+)"
    r"(?:(?:[^\W\d_]+|ca\.)\s+)?$|\b(?:er|var|blev|is|was)\s+[^\W\d_]*(?:procenten|rate)\s+$",
    re.IGNORECASE,
)


_MEASURE = re.compile(
    r"\s*(?:meter|metre|metres|meters|km|kilometer|kilometre|kilometres|miles?|kg|kilo|kilogram|gram|liter|litres?|m2|m²|kvadratmeter|hektar|"
    r"hectares?|acres?|cm|mm|kWh|grader|degrees)\b",
    re.IGNORECASE,
)
_AGED = re.compile(r"\b(?:ældste|yngste|oldest|youngest|aged)\s+(?:(?:er|var|was|is)\s+)?$", re.IGNORECASE)
# "henholdsvis 60 og 40 pct.": the sign behind the second number is of both.
_BOTH_PERCENT = re.compile(r"\s+(?:og|and|eller|or)\s+\d{1,3}(?:[.,]\d+)?\s*(?:%|pct\b|procent\b|per ?cent\b)", re.IGNORECASE)
_AGENT: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(r"\b([^\W\d_]+es|besvaret|udfyldt|returneret|nævnt|fremhævet)(?:\s+[^\W\d_]+){0,2},?\s+af\s+$", re.IGNORECASE),
    "en": re.compile(r"\b([^\W\d_]+(?:ed|en))\s+(?:only |also )?by\s+$", re.IGNORECASE),
}
_MOVED = re.compile(r"increased|decreased|risen|fallen|reduced|dropped|grown|shortened|extended|lowered|raised|improved", re.IGNORECASE)


def named(text: str, first: int, mention: Mention, lang: Lang) -> Mention:
    """A number as what the word before it says it is: "svarprocenten er 64", "£412,000"."""
    before = text[: mention.start - first]
    agent = _AGENT[lang].search(before)
    by_whom = (
        agent is not None
        and not _MOVED.fullmatch(agent[1])
        and (lang == "en" or not agent[1].endswith("es") or verb_form(agent[1].lower(), lang) != "")
    )
    if by_whom and mention.kind in ("base", "count", "ratio", "percentage"):
        # "nævnes af 81 deltagere", "named by 11 of the 20": those who do it.
        return mention.changed(kind="count" if mention.kind == "base" else mention.kind, role="")
    if mention.kind == "money" or (mention.kind == "count" and _COIN_BEFORE.search(before)):
        return _of_money(text, first, mention, lang)
    if mention.kind == "duration" and lang == "en" and mention.text.lower().endswith(" time"):
        # "33 full time": no hours.
        number = re.match(r"\S+", mention.text)
        mention = mention.changed(kind="count", text=number[0], end=mention.start + number.end()) if number else mention
    if mention.kind != "count":
        return mention
    measured = _MEASURE.match(text, mention.end - first)
    if measured:
        # "25 meter", "94,2 kg": an amount with its unit, as a duration is.
        end = measured.end()
        return mention.changed(kind="duration", end=first + end, unit="", text=text[mention.start - first : end])
    if _AGED.search(before) and not mention.unit:
        # "The youngest was 18": years, though no word says so.
        return mention.changed(kind="duration")
    percent = _RATE_IS.search(before) or _BOTH_PERCENT.match(text, mention.end - first)
    return mention.changed(kind="percentage", unit="") if percent and not mention.spelled else mention


_COIN_BEFORE = re.compile(r"(?:[£$€]|\b(?:USD|EUR|GBP|DKK|kr\.)\s?)$")
# "kr.", "pr. imødekommet ansøgning", "per participant", "an hour": the coin behind a sum of money, and what it is paid for.
_COIN = re.compile(r"\s*(?:kr\b\.?|kroner|dkk|euros?|pounds|£|€)(?![^\W\d_])", re.IGNORECASE)
_EACH: dict[Lang, re.Pattern[str]] = {
    "da": re.compile(r"\s*(?:pr\.|per|for hvert?|til hvert?|om)\s+(?:[^\W\d_]+(?:et|te|ede|en|ne)\s+)?([^\W\d_]{2,})", re.IGNORECASE),
    "en": re.compile(r"\s*(?:per|for each|for every|each|an?)\s+(?:[^\W\d_]+(?:ed|ing|ful)\s+)?([^\W\d_]{3,})", re.IGNORECASE),
}


# "Udgiften pr. kursist var 3.750 kr."
_EACH_BEFORE = re.compile(
    r"\b(?:pr\.|per|for each|for every)\s+([^\W\d_]{3,})\s+(?:[^\W\d_]+\s+){0,2}"
    r"(?:var|er|blev|været|udgjorde|was|is|been)\s+(?:[^\W\d_]+\s+)?[£$€]?$",
    re.IGNORECASE,
)


def _of_money(text: str, first: int, mention: Mention, lang: Lang) -> Mention:
    """A sum of money with its coin; its unit is the noun that it is paid for."""
    end = mention.end - first
    coin = _COIN.match(text, end)
    end = coin.end() if coin else end
    each = _EACH[lang].match(text, end) or _EACH_BEFORE.search(text, 0, mention.start - first)
    return mention.changed(
        kind="money", end=first + end, unit=each[1].lower() if each else "", text=text[mention.start - first : end]
    )  # fmt: skip


def also_named(text: str, start: int, kind: str) -> bool:
    """Whether a number counts nothing: the second of "tabel 1 og 2", a telephone, a footnote."""
    if kind == "base":
        # "blandt de 18-29-årige"
        return _AGE.match(text, start) is not None
    if kind != "count":
        return False
    if _LABEL.search(text[max(0, start - 30) : start]):
        return True
    if _CONTACT.search(text) or (start == 0 and _NUMBERING.match(text)):
        # A telephone number, the number of a footnote or a heading.
        return True
    if (
        _AGE.match(text, start)
        or _LOWER_END.match(text, start)
        or _AND_OVER.match(text, start)
        or _UPPER_END.search(text[max(0, start - 16) : start])
    ):
        return True
    return _SECOND.search(text[max(0, start - 30) : start]) is not None


# "Year 10", "Years 9 and 10", "uge 12": the number is a name.
_LABEL = re.compile(
    r"\b(?:Years?|Grades?|Phases?|Waves?|Weeks?|Steps?|Rounds?|Levels?|Cohorts?|Zones?|(?i:uge|fase|trin|runde|bølge|niveau|årgang))\s+"
    r"(?:\d{1,2}\s*(?:,|og|and|to|til|-|–)\s*)*$"
)
_NUMBERING = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}\.? [A-ZÆØÅ]")
# "65-79-årige": the lower end of an age.
# "aged 12 to 15", "kl. 10-16", "open 4pm to 9pm", "0300": the ends of a stretch count nothing, nor does what opens with a nought.
_LOWER_END = re.compile(r"0\d|(?<!from )(?<!fra )\d{1,2}\.?(?:\s?[ap]m)?(?:\s?[-–]\s?| to )\d{1,2}\b(?![.,]?\d)(?! (?:percent|points))")
_AND_OVER = re.compile(
    r"\d{1,2}(?: år)?(?:-årige)? (?:or|and|og|eller) (?:older|over|above|younger|under|derover|derunder|ældre|yngre)\b", re.IGNORECASE
)
_UPPER_END = re.compile(r"(?:^|(?<!from)(?<!fra)\s|\()\d{1,2}\.?(?:\s?[ap]m)?(?:\s?[-–]\s?| to )$")
_AGE = re.compile(r"\d{1,2}\s?[-–]\s?\d{1,3}[- ](?:årig|year)")


def is_slip(first: str, second: str) -> bool:
    """Whether one printed number may be the other with a slip: a digit changed, or two digits exchanged.

    Example:
        >>> is_slip("281", "261"), is_slip("37,2", "32,7"), is_slip("281", "216"), is_slip("28", "41")
        (True, True, False, False)
    """
    one, other = re.sub(r"\D", "", first), re.sub(r"\D", "", second)
    if len(one) != len(other) or one == other:
        return False
    differing = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return (len(differing) == 1 and len(one) > 1) or (len(differing) == 2 and sorted(one) == sorted(other))


@lru_cache(maxsize=100_000)
def surprise(first: str, second: str, *, rough: bool = True) -> float:
    """How seldom, in bits, two different numbers of these digits lie so near by chance; 0 where no slip makes one of the other.

    `rough`: whether numbers of the kind are told in round numbers, so that noughts at the end say nothing.

    Example:
        >>> surprise("281", "261"), surprise("372", "327"), surprise("37", "37"), surprise("281", "216")
        (5.0, 8.0, 0.0, 0.0)
    """
    if len(first) != len(second) or len(first) < 2 or first == second or not first.strip("0") or not second.strip("0"):
        return 0.0
    differing = [at for at, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    length = min(len(one.rstrip("0")) if rough else len(one) for one in (first, second))
    if len(differing) == 2 and sorted(first) == sorted(second):
        return {1: 0.0, 2: 6.5, 3: 8.0, 4: 10.0}.get(length, 11.0)
    if len(first) > 3 and sorted(first) == sorted(second):
        return 9.0
    if len(differing) == 1:
        return {1: 0.0, 2: 2.2, 3: 5.0, 4: 8.0}.get(length, 10.0)
    return 0.0
