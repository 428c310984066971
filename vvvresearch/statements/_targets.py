"""Numbers of a goal in a sentence: the target, what is read off, what is lacking, and how far it came."""

from __future__ import annotations

import re
from fractions import Fraction

from vvvresearch.locales import half_up
from vvvresearch.statements._mention import Mention
from vvvresearch.statements._near import near, printed
from vvvresearch.statements._row import Goal
from vvvresearch.statements._statement import Statement
from vvvresearch.statements._verdict import HOLDS, Check, check

_NAMED_TARGET = re.compile(
    r"(?:måltal\w*|mål(?:et|s[æa]tning\w*)?|succeskriteri\w*|targets?|goals?|objective)\s*(?:på|om,? at|om|that|of|er|var|is|was|:|=|\()\s*"
    r"(?:(?:mindst|højst|at least|at most|over|under)\s+)?$",
    re.IGNORECASE,
)


# "skulle findes i 40 kommuner": what was meant to be; "er 38 for få": what is lacking.
_MEANT = re.compile(r"\b(?:skulle|skal|should|was to|were to|ønskede|planlagte|lovede|planned|wanted)\b[^,;:]*$", re.IGNORECASE)


_AIMED_FOR = re.compile(r"\s+(?:\w+\s+)?(?:aimed for|hoped for|planned|wanted|promised|targeted|planlagte|ønskede|lovede)\b", re.IGNORECASE)
_TOO_FEW = re.compile(r"\s+(?:for få|for lidt|too few|too little)\b", re.IGNORECASE)


_IS_AWAY = re.compile(r"\s+(?:\S+\s+)?(?:short|away|off|væk|borte)\b", re.IGNORECASE)
OF_TARGET = re.compile(
    r"\s+(?:af|of)\s+(?:vejen til mål|vejen mod mål|the way to|mål|the target|its target|the goal|its goal|target)", re.IGNORECASE
)


def read_off(goal: Goal, mention: Mention) -> bool:
    """Whether a percentage is one of the goal's readings, as printed."""
    return any(half_up(reading * 100, mention.decimals) == printed(mention) for reading in goal.readings)


def part_of_target(goal: Goal, mention: Mention) -> Check:
    """ "85 pct. af målet er nået": the reading as a part of the target."""
    parts = [Fraction(reading) / Fraction(goal.target) for reading in goal.readings if goal.target]
    assert mention.value is not None
    reached = bool(parts) and all(
        near(part, mention.value / 100, mention, exact=half_up(part * 100, mention.decimals) == printed(mention)) for part in parts
    )
    scale = 100 if goal.share else 1
    ends = sorted(scale * Fraction(reading) for reading in goal.readings) or [scale * Fraction(goal.target)]
    told = {"target": float(scale * goal.target), "low": float(ends[0]), "high": float(ends[-1])}
    return HOLDS if reached else check("contradicted", "goal_is", **told)


_SIDE_NAMED = re.compile(r"\b(?:over|under|above|below)\s+(?:the\s+)?\w+:\s*$", re.IGNORECASE)


def misnamed_target(statement: Statement, mention: Mention, value: Fraction) -> Check | None:
    """ "Målet på 15": the number that is called the target is the target."""
    goal = statement.row.goal
    if goal is None or value == goal.target or not _NAMED_TARGET.search(statement.read[: mention.start]):
        return None
    if read_off(goal, mention) and _SIDE_NAMED.search(statement.read[: mention.start]):
        # "over måltallet: 70 pct.": behind the colon stands how far it came.
        return None
    if _IS_AWAY.match(statement.read, mention.end) and value in map(abs, goal.short()):
        # "the goal is two short", "målet er to væk": how far it is.
        return None
    scale = 100 if goal.share else 1
    ends = sorted(goal.readings) or [goal.target]
    return check("contradicted", "goal_is", target=float(goal.target * scale), low=float(ends[0] * scale), high=float(ends[-1] * scale))


_ENDS = frozenset({"at_least", "at_most", "under", "over"})


def _meets(goal: Goal, mention: Mention, value: Fraction) -> bool:
    """Whether every reading is on the side of a number that the sentence says."""
    above = mention.modifier in ("at_least", "over")
    return all(reading >= value if above else reading <= value for reading in goal.readings)


def is_target(statement: Statement, mention: Mention, value: Fraction) -> bool:
    """Whether a number is the goal's target, which the sentence may name."""
    goal = statement.row.goal
    if goal is None:
        return False
    # "under 8 pct. overvejer at stoppe" names no target: it tells how many they are.
    beside = bool(statement.of("target", "goal")) or (mention.modifier in _ENDS and _meets(goal, mention, value))
    beside = beside or _MEANT.search(statement.read[: mention.start]) is not None
    # "five fewer than the twelve aimed for"
    beside = beside or any(
        one.value is not None
        and (one.value / 100 if goal.share else one.value) == goal.target
        and _AIMED_FOR.match(statement.read, one.end)
        for one in statement.of("count", "percentage", "base", "total")
    )
    if _TOO_FEW.match(statement.read, mention.end) and value in goal.short():
        return value > 0
    # "59 pct. mod de ønskede 55"
    beside = beside or any(one is not mention and read_off(goal, one) for one in statement.of("percentage") if goal.share)
    numbers = {Fraction(goal.target), *map(Fraction, goal.readings), *(abs(missing) for missing in goal.short())}
    if goal.share and beside and mention.kind == "percentage":
        # A reading is printed rounded: 7 of 15 are 47 per cent.
        return any(half_up(number * 100, mention.decimals) == half_up(value * 100, mention.decimals) for number in numbers)
    return beside and value in numbers
