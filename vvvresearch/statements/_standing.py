"""Proof of rank among the answers to a question, and of goals reached or short by some number."""

from __future__ import annotations

import re
from fractions import Fraction

from vvvresearch.statements._mention import Mention
from vvvresearch.statements._polarity import negated
from vvvresearch.statements._row import HOLDS, Check, Goal, check
from vvvresearch.statements._statement import Statement

# What will or can be is told by no reading.
_FUTURE = re.compile(r"\b(?:kan|vil|bliver|kommer|skal|can|will|could|would|going)\b|rækkevidde|out of reach", re.IGNORECASE)


_SIDE_OF_TARGET = re.compile(r"\b(over|under|above|below)\s+(?:the\s+|its\s+)?$", re.IGNORECASE)
_BEFORE = re.compile(r"\b(?:før|inden|indtil|until|before)\b[^,;]*$", re.IGNORECASE)


def rank(statement: Statement, mention: Mention) -> Check:
    """ "flest", "næsthyppigst", "færrest": the place without a tie, with the count beside it or a gap that is shown."""
    row, word = statement.row, mention.word
    assert word is not None
    if row.count is None:
        return check("cannot", row.absent or "nothing_counted")
    if not row.siblings:
        return check("cannot", "no_siblings")
    meant = statement.rank_of(mention)
    if meant is None and len(row.labels) > 1:
        # Answers counted together have no place among the single ones.
        return check("cannot", "rank_of_several")
    own = row.count if meant is None else meant.count
    others = [other.count for other in row.siblings if other is not meant] + ([row.count] if meant is not None else [])
    place = 1 + sum(other > own for other in others)
    bottom = all(other >= own for other in others)
    has_place = bottom if word.place == -1 else place == word.place
    tied = own in others
    if negated(statement, mention):
        return check("contradicted", "rank_is", place=place, of=len(others) + 1) if has_place and not tied else HOLDS
    if not has_place:
        return check("contradicted", "rank_is", place=place, of=len(others) + 1)
    if tied:
        return check("contradicted", "rank_tied", count=own)
    shown = row.gap_lower is not None and row.gap_lower > 0
    return HOLDS if shown or statement.tells_count else check("cannot", "counts_missing")


def goal(statement: Statement, mention: Mention) -> Check:
    """Whether a target is reached in every reading, and by how much it is missed."""
    target = statement.row.goal
    if target is None:
        return check("cannot", "no_goal")
    if mention.key != "depends" and any(one.key == "depends" for one in statement.of("goal")):
        return HOLDS
    if not target.readings:
        return check("cannot", statement.row.absent or "nothing_counted")
    if any(_PART.match(statement.read, one.end) for one in statement.of("percentage", "share")):
        # "85 pct. af målet er nået" says how far it came, which is proved by itself.
        return HOLDS
    met, denied = target.met(), negated(statement, mention)
    if mention.key != "short" and _BEFORE.search(statement.read[: mention.start]) and statement.of("goal")[0].key == "short":
        # "der mangler 14, før målet er nået": nobody says that it is.
        return HOLDS
    if mention.key == "short":
        return _short(statement, mention, target)
    if mention.key == "depends":
        return HOLDS if any(met) and not all(met) else _told(target)
    if mention.key in ("above", "below", "surpassed"):
        sign = 1 if mention.key == "above" or (mention.key == "surpassed" and target.at_least) else -1
        passed = [sign * (reading - target.target) > 0 for reading in target.readings]
        return _agreed(passed, target, wanted=not denied)
    wanted = (mention.key == "reached") != denied
    if mention.key == "reached" and ((_how_far(statement, mention, target) and not denied) or _purpose(statement)):
        return HOLDS
    if not target.ended and _FUTURE.search(statement.read):
        return check("cannot", "goal_not_ended")
    agreed = _agreed(met, target, wanted=wanted)
    if agreed is HOLDS and wanted and not target.ended:
        return check("cannot", "goal_not_ended")
    return agreed


def target(statement: Statement, mention: Mention) -> Check:
    """ "ligger under målsætningen": on which side of the target; the word alone says nothing."""
    goal, side = statement.row.goal, _SIDE_OF_TARGET.search(statement.read[: mention.start])
    if goal is None or side is None or not goal.readings:
        return HOLDS
    above = side[1].lower() in ("over", "above")
    passed = [reading > goal.target if above else reading < goal.target for reading in goal.readings]
    return _agreed(passed, goal, wanted=not negated(statement, mention))


_IN_ORDER_TO = re.compile(
    r"\b(?:for at|i at|før|inden|in order to|to|before)\s+(?:nå|indfri|opfylde|opnå|reach|meet|reaching|meeting)\b", re.IGNORECASE
)


def _purpose(statement: Statement) -> bool:
    """Whether the target is named as what is still to be reached: "der skal findes 150 mere for at nå målet"."""
    return _IN_ORDER_TO.search(statement.read) is not None


def _how_far(statement: Statement, mention: Mention, target: Goal) -> bool:
    """ "nåede 128 af de 150", "reached 128": how far it came, and not that the target was reached."""
    behind = [
        one
        for one in statement.of("count", "ratio", "percentage")
        if one.start >= mention.end and re.fullmatch(r"[\w ]{0,9}", statement.read[mention.end : one.start])
    ]
    if behind and _AND_TARGET.search(statement.read, behind[0].end):
        # "nåede 22 pct. og dermed målet": both are said to be reached.
        return False
    said = behind[0].share if behind and target.share else behind[0].value if behind else None
    return said is not None and said in target.readings and said != target.target


def from_target(statement: Statement, mention: Mention, target: Goal) -> Check:
    """ "36 færre end målet", "tre flere end målet": which side of the target, and how far from it."""
    word = mention.word
    said = [one for one in statement.beside(mention, "count", "points", "percentage") if one.end <= mention.start <= one.end + 2]
    if word is None or not target.readings or not (statement.of("target") or said):
        return check("cannot", "nothing_to_compare")
    beyond = {Fraction(reading - target.target) for reading in target.readings}
    scale = 100 if target.share else 1
    apart = word.sign * Fraction(said[-1].value or 0) / scale if said else None
    if len(beyond) > 1 and len({(gap > 0) - (gap < 0) for gap in beyond} if apart is None else beyond) > 1:
        return check("cannot", "goal_depends")
    gap = beyond.pop()
    gap = -gap if _purpose(statement) else gap
    return HOLDS if (gap == apart if apart is not None else ((gap > 0) - (gap < 0)) == word.sign) else _told(target)


def _agreed(passed: tuple[bool, ...] | list[bool], target: Goal, *, wanted: bool) -> Check:
    if any(passed) and not all(passed):
        return check("cannot", "goal_depends")
    return HOLDS if all(passed) == wanted else _told(target)


def _shown(value: Fraction | int, target: Goal) -> float:
    return float(value) * (100 if target.share else 1)


def _told(target: Goal) -> Check:
    values = sorted(target.readings)
    return check(
        "contradicted", "goal_is", target=_shown(target.target, target), low=_shown(values[0], target), high=_shown(values[-1], target)
    )


def _short(statement: Statement, mention: Mention, target: Goal) -> Check:
    scale = 100 if target.share else 1
    missing = [scale * gap for gap in target.short()]
    if all(gap <= 0 for gap in missing):
        return _told(target)
    named = {scale * Fraction(target.target)} if statement.of("target", "goal") else set()
    said = [
        one
        for one in statement.beside(mention, "count", "points", "percentage", "base")
        if one.value is not None and one.value not in named
    ]
    if target.share and any(one.unit in _whole(statement) for one in statement.beside(mention, "count")):
        # "Der mangler 15 kommuner" of a goal in percent.
        return _told(target)
    told = [one for one in said if one.value in missing]
    if told:
        return HOLDS if all(gap == told[0].value for gap in missing) else check("cannot", "goal_depends")
    # "med 66 pct. er der et stykke til målet": a reading may stand there, but not as what is missing.
    read = {scale * Fraction(one) for one in target.readings}
    wrong = [one for one in said if one.value not in read or _touches(statement, one, mention)]
    if wrong:
        return _told(target)
    return HOLDS if all(gap > 0 for gap in missing) else check("cannot", "goal_depends")


def _whole(statement: Statement) -> frozenset[str]:
    """Nouns that are counted in whole numbers: of the row's own unit and of others."""
    row = statement.row
    return frozenset(name.lower() for name in (*row.unit, *row.group, *row.subjects))


def _touches(statement: Statement, number: Mention, mention: Mention) -> bool:
    """Whether a number stands beside a word, with at most two others between them."""
    first, second = sorted((number, mention), key=lambda one: one.start)
    return len(statement.read[first.end : second.start].split()) <= _BETWEEN


_BETWEEN = 2
_AND_TARGET = re.compile(r"\b(?:og|and)\b[^,;]*\b(?:mål|target|goal)", re.IGNORECASE)
_PART = re.compile(r"\s+(?:af|of)\s+(?:vejen (?:til|mod) |the way to )?\S*(?:mål|target|goal)", re.IGNORECASE)
