"""Classes of numbers from their labels: ages, times, amounts, as questionnaires word them in Danish and English."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TOKEN = re.compile(r"\d{1,3}(?:\.\d{3})+(?!\d)|\d+(?:[.,]\d+)?|[½¼¾]|[^\W\d_]+|[-–—%+<>≤≥]")
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_NUMBERS = {
    "ingen": 0, "none": 0, "nul": 0, "zero": 0, "halvt": 0.5, "halv": 0.5, "half": 0.5, "halvandet": 1.5, "halvanden": 1.5,
    "et": 1, "en": 1, "én": 1, "ét": 1, "one": 1, "to": 2, "two": 2, "tre": 3, "three": 3, "fire": 4, "four": 4, "fem": 5, "five": 5,
    "seks": 6, "six": 6, "syv": 7, "seven": 7, "otte": 8, "eight": 8, "ni": 9, "nine": 9, "ti": 10, "ten": 10, "tolv": 12, "twelve": 12,
}  # fmt: skip
# In days, so that months and years stand in one order; what is no time counts as it is.
_UNITS = {
    **dict.fromkeys(("minut", "minutter", "min", "minutes", "minute"), 1 / 1440),
    **dict.fromkeys(("time", "timer", "hour", "hours"), 1 / 24),
    **dict.fromkeys(("dag", "dage", "day", "days"), 1.0),
    **dict.fromkeys(("uge", "uger", "week", "weeks"), 7.0),
    **dict.fromkeys(("måned", "måneder", "maaned", "maaneder", "mdr", "md", "mnd", "month", "months"), 365 / 12),
    **dict.fromkeys(("år", "aar", "årig", "årige", "year", "years", "yrs"), 365.0),
    **dict.fromkeys(("%", "procent", "pct", "percent", "kr", "kroner", "dkk", "gang", "gange", "times", "møder", "meetings"), 1.0),
    **dict.fromkeys(("personer", "people", "persons", "deltagere", "participants", "frivillige", "volunteers", "børn", "children"), 1.0),
}  # fmt: skip
_BELOW = frozenset(("under", "mindre", "færre", "yngre", "derunder", "nedefter", "below", "less", "fewer", "younger", "højst", "<", "≤"))
_ABOVE = frozenset(("over", "mere", "flere", "more", "above", "ældre", "older", ">"))
_FROM = frozenset(("derover", "opefter", "up", "mindst", "+", "≥"))
_JOINING = frozenset(("eller", "or", "og", "and", "til", "mellem", "between", "fra", "from", "end", "than", "at", "op", "-", "–", "—"))
_FILLING = _JOINING | frozenset(("om", "gammel", "old", "least", "most", "a", "an", "hel", "helt", "whole", "full"))
_WORDS = frozenset(_NUMBERS) | frozenset(_UNITS) | _BELOW | _ABOVE | _FROM | _FILLING
_LEAST = 3


def number_classes(labels: Iterable[str]) -> tuple[str, ...]:
    """Labels that are classes of numbers, from low to high; nothing where one is none, or two begin at the same number.

    Args:
        labels: what stands in the cells of one question, each once.

    Example:
        >>> number_classes(["65 år eller derover", "18-29 år", "30-64 år"])
        ('18-29 år', '30-64 år', '65 år eller derover')
        >>> number_classes(["Mere end et år", "6-12 måneder", "Under ½ år"])
        ('Under ½ år', '6-12 måneder', 'Mere end et år')
        >>> number_classes(["2019", "2020", "2021"])
        ()
    """
    asked = list(labels)
    if len(asked) < _LEAST or not any(re.search(r"[^\d.,\s]", label) for label in asked):
        return ()
    # A unit that one label leaves out is that of the others: "0-6", "7-12 måneder".
    parts = [_TOKEN.findall(label.casefold()) for label in asked]
    named = {_UNITS[word] for words in parts for word in words if word in _UNITS}
    only = named.pop() if len(named) == 1 else 1.0
    begins = [_begin(words, only) for words in parts]
    known = [begin for begin in begins if begin is not None]
    if len(known) < len(asked) or len(set(known)) < len(asked):
        return ()
    return tuple(label for _, label in sorted(zip(known, asked, strict=True)))


def _begin(words: list[str], only: float) -> tuple[float, int] | None:
    """Where a class begins, and whether it lies below that number, at it, or above it; None for other words."""
    numbers = [number for place, word in enumerate(words) if (number := _number(words, place, word)) is not None]
    if not numbers or any(word not in _WORDS and _digits(word) is None for word in words):
        return None
    unit = next((_UNITS[word] for word in words if word in _UNITS), only)
    # "Fewer than", "or less" turn only a class with one end; "6 months or more" begins at six months, "more than six" above them.
    said = set(words)
    if len(numbers) == 1 and (said & _BELOW or {"op", "til"} <= said or {"up", "to"} <= said or {"at", "most"} <= said):
        return numbers[0] * unit, -1
    past = said & _ABOVE and not said & {"eller", "or", "og", "and"}
    return numbers[0] * unit, 1 if past else 0


def _number(words: list[str], place: int, word: str) -> float | None:
    if (digits := _digits(word)) is not None:
        return digits
    if word not in _NUMBERS:
        return None
    # "To" between two numbers is English; "en" and "et" are numbers before a unit only: "mere end et år".
    follows = words[place + 1] if place + 1 < len(words) else ""
    if word == "to" and place and (_digits(follows) is not None or words[place - 1] == "up"):
        return None
    if word in ("en", "et", "to", "one") and follows and follows not in _UNITS and follows not in _FILLING | _BELOW | _ABOVE:
        return None
    return float(_NUMBERS[word])


def _digits(word: str) -> float | None:
    if word in _FRACTIONS:
        return _FRACTIONS[word]
    if not word[:1].isdigit():
        return None
    return float(word.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", word) else word.replace(",", "."))
