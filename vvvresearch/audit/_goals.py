"""Goals and what is said of them: a verdict against the number that was reached, against its own margin, and against another verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vvvresearch.audit._facts import Facts, Said, exact
from vvvresearch.audit._finding import Finding, Place, place_in, place_of
from vvvresearch.audit._near_numbers import Number, Pool
from vvvresearch.audit._sums import is_total
from vvvresearch.audit._words import AGO
from vvvresearch.locales import Phrase

_GOAL = re.compile(
    r"\b(?:[^\W\d_]*mål(?:et|ene|tal|tallet|sætning(?:en)?)?|[^\W\d_]*krav(?:et)?|succeskriteri\w*|loftet?|grænsen?|"
    r"targets?|goals?|aim(?:s|ed)?|objectives?|requirements?|benchmark|threshold|ceiling|limit|cap)\b(?! group)|"
    r"\b(?:hoped|wanted|planned|set out|aimed|satte os for|håbede|ønskede|skulle nå)\b",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"\b(?:højst|maksimalt|maks\.?|ikke over|under|loft\w*|grænse\w*|at most|no more than|not more than|maximum|below|limit|ceiling|cap)\b",
    re.IGNORECASE,
)
_MET = re.compile(
    r"\b(?:nåe[dt]e?|nået|opnåe[dt]e?|opfyldt\w*|opfylder|indfriet|overholdt|indfrier|i hus|i mål|met|reached|achieved|fulfilled|attained|"
    r"satisfied|respected|honou?red|surpassed|beaten|made it|hit|in the bag)\b",
    re.IGNORECASE,
)
_UNMET = re.compile(
    r"\b(?:forfejlet|misset|missed|fell\b[^.;,]{0,12}\bshort|falls?\b[^.;,]{0,12}\bshort|short of|"
    r"overskredet|breached|failed|under målet|below target)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:ikke(?! kun)|aldrig|ej|not(?! only)|never|nor|nowhere near|neither|hverken|kun delvist?|only partly)\b|n['’]t\b", re.IGNORECASE
)
# "der mangler 3 procentpoint", "missed by 5 points": how far it is, and to which side.
_LACKS = re.compile(r"\b(?:mangl\w+|short|shy|missed by|fejlet med|under målet|below (?:the )?target)\b", re.IGNORECASE)
_SPARE = re.compile(r"\b(?:til overs|to spare|over målet|above (?:the )?target|beaten by|exceeded by)\b", re.IGNORECASE)
_PARTS = re.compile(r"[;:]\s|,?\s\b(?:mens|men|hvorimod|while|whereas|but|although|selv om)\b\s")
# How far back a goal is told, in sentences and letters; up to which number a word counts goals; how many times a goal a result may be.
_BACK, _FAR, _NOW, _TIMES = 2, 70, 3, 3
# "Kun én region nåede målet", "no contractor exceeded the limit": of some, and not of all that is told.
_SOME = re.compile(r"\W*(?:kun|only|ingen|no|none|alle|all|two|three|to|tre)\s", re.IGNORECASE)


@dataclass(frozen=True)
class _Verdict:
    """What is said of one goal: its number, whether it was met, and in which sentence."""

    said: Said
    goal: Number
    met: bool
    word: str
    at_most: bool
    at: int
    end: int

    @property
    def place(self) -> Place:
        """Where the verdict stands."""
        return place_of(self.said)


def goal_findings(facts: Facts, pool: Pool) -> Iterator[Finding]:
    """Findings on goals that are said to be met, or not, where the numbers beside them or another place say the opposite."""
    verdicts = [one for said in facts.said for one in _verdicts(facts, said, pool)]
    for one in verdicts:
        reached = _reached(facts, one, pool)
        if reached is not None:
            short = reached.amount > one.goal.amount if one.at_most else reached.amount < one.goal.amount
            if short == one.met:
                yield _finding(one, reached.text, reached.place)
                continue
        part = _part(one.said, one.at)[0]
        if (one.met and _LACKS.search(part)) or (not one.met and _SPARE.search(part)):
            found = _LACKS.search(part) if one.met else _SPARE.search(part)
            yield _finding(one, found[0] if found else "", one.place)
    open_ones = [one for one in verdicts if _reached(facts, one, pool) is None]
    for at, one in enumerate(verdicts):
        for other in verdicts[at + 1 :]:
            if (
                (one in open_ones or other in open_ones)
                and one.said is not other.said
                and one.met != other.met
                and _is_one_goal(one.goal, other.goal)
            ):
                yield _finding(other, one.word, one.place)


def _is_one_goal(one: Number, other: Number) -> bool:
    return one.value == other.value and one.family == other.family and (not one.unit or not other.unit or one.unit == other.unit)


def _part(said: Said, at: int) -> tuple[str, int]:
    """The part of a sentence that a place stands in, and where it opens."""
    start = max((cut.end() for cut in _PARTS.finditer(said.text, 0, at)), default=0)
    stop = _PARTS.search(said.text, at)
    return said.text[start : stop.start() if stop else len(said.text)], start


def _verdicts(facts: Facts, said: Said, pool: Pool) -> Iterator[_Verdict]:
    """The goals of a sentence that are judged in it."""
    if said.block.kind in ("caption", "heading") or AGO.search(said.text):
        return
    for found in (*_MET.finditer(said.text), *_UNMET.finditer(said.text)):
        part, start = _part(said, found.start())
        if not (_GOAL.search(said.text) or (_PRONOUN.search(said.text[: found.start()]) and _goal_before(facts, said))):
            continue
        if _SOME.match(part):
            continue
        goal = _goal_of(facts, said, pool, start, found.start(), start + len(part))
        if goal is None:
            continue
        around = said.text[max(start, found.start() - _FAR) : found.end() + 14]
        clause = (
            re.split(r",\s", said.text[max(start, found.start() - _FAR) : found.start()])[-1]
            + re.split(r"[,.;]\s", said.text[found.start() : found.end() + 16])[0]
        )
        denied = _NOT.search(clause) is not None
        owner = goal.owner.text
        yield _Verdict(
            said, goal, denied if _UNMET.fullmatch(found[0]) else not denied, " ".join(around.split()),
            _AT_MOST.search(owner[max(0, goal.at.start - goal.owner.start - _FAR) : goal.at.end - goal.owner.start]) is not None,
            found.start(), found.end(),
        )  # fmt: skip
        return


_PRONOUN = re.compile(r"\b(?:det|den|dette|this|that|it)\b", re.IGNORECASE)


def _goal_before(facts: Facts, said: Said) -> bool:
    before = facts.said[said.position - 1] if said.position else None
    return before is not None and before.block is said.block and _GOAL.search(before.text) is not None


def _goal_of(facts: Facts, said: Said, pool: Pool, start: int, at: int, end: int) -> Number | None:
    """The number of a goal: behind its word, in the sentence of the verdict or in one before."""
    for back in range(_BACK + 1):
        owner = facts.said[said.position - back] if said.position >= back else None
        if owner is None or owner.block is not said.block:
            return None
        found = [
            (match, one)
            for match in _GOAL.finditer(owner.text)
            for one in pool.own[owner.position]
            if one.family in ("percent", "count", "money", "points", "duration")
            and 0 <= one.at.start - owner.start - match.end() <= _FAR
            and (back or not match.end() <= at < one.at.start - owner.start)
            and not _PARTS.search(owner.text, match.end(), one.at.start - owner.start)
            and not _NAMED.search(owner.text[match.end() - 1 : one.at.start - owner.start])
            and not (one.at.spelled and one.amount <= _NOW)
        ]
        inner = [pair for pair in found if not back and start <= pair[1].at.start - owner.start < end]
        if inner or (found and (back or len({pair[1].value for pair in found}) == 1)):
            return max(inner or found, key=lambda pair: pair[0].start())[1]
        if found:
            return None
    return None


# "Resultatmål 4 var …": the number of a goal names it.
_NAMED = re.compile(r"^\w\s$")


def _reached(facts: Facts, verdict: _Verdict, pool: Pool) -> Number | None:
    """The one number of a goal's kind that is told beside its verdict."""
    goal, said = verdict.goal, verdict.said
    own = [one for one in pool.own[said.position] if _may_be_reached(one, goal)]
    if own:
        own = [one for one in own if _part(said, one.at.start - said.start)[1] == _part(said, verdict.at)[1]]
    if own:
        return _of_one_side(own, goal)
    for back in range(1, _BACK + 2):
        other = facts.said[said.position - back] if said.position >= back else None
        if other is None or other.block is not said.block:
            break
        near = [one for one in pool.own[other.position] if _may_be_reached(one, goal) and one.at.role != "from"]
        if near:
            return _of_one_side(near, goal)
    return _total_reached(facts, said, goal) if goal.family == "count" else None


def _of_one_side(numbers: Sequence[Number], goal: Number) -> Number | None:
    """The last of some numbers that all lie on one side of a goal, of those in its own noun where there are any."""
    numbers = [one for one in numbers if one.unit and one.unit == goal.unit] or numbers
    return numbers[-1] if len({one.value > goal.value for one in numbers}) == 1 else None


def _may_be_reached(one: Number, goal: Number) -> bool:
    alike = one.family == goal.family and (not one.unit or not goal.unit or one.unit == goal.unit)
    alike = alike and goal.value < _TIMES * one.value and one.value < _TIMES * goal.value
    return alike and one.mention is not goal.mention and one.value != goal.value and one.at.low is None and not _is_aim(one)


def _is_aim(one: Number) -> bool:
    left = one.owner.text[: one.at.start - one.owner.start]
    found = _GOAL.search(left[-_FAR:])
    if found is not None and (_MET.search(left[-_FAR:], found.end()) or _UNMET.search(left[-_FAR:], found.end())):
        return False
    return found is not None and not _PARTS.search(left[-_FAR:]) and not re.search(r",\s(?:og|and)\s", left[-_FAR:])


def _total_reached(facts: Facts, said: Said, goal: Number) -> Number | None:
    """The last total of the one table of a section."""
    tables = [one for one in facts.shown_of[said.section] if one.table is not None and one.line < said.line]
    rows = [row for shown in tables[-1:] if shown.table is not None for row in shown.table.rows if is_total(row)]
    cells = [
        cell
        for row in rows
        for cell in row.cells
        if cell.value is not None and not cell.percent and cell.value * 4 > goal.value > cell.value / 4
    ]
    if len(rows) != 1 or not cells:
        return None
    cell = cells[-1]
    return Number(cell.value or goal.value, "count", cell.decimals, place_in(tables[-1], rows[0].line, rows[0].label), 1.0, cell.text)


def _finding(verdict: _Verdict, reached: str, place: Place) -> Finding:
    what = Phrase("audit.what_goal", {"goal": verdict.goal.text, "verdict": verdict.word, "reached": reached or exact(verdict.goal.value)})
    places: Sequence[Place] = tuple(dict.fromkeys((verdict.place, place, verdict.goal.place)))
    return Finding("goal", tuple(places), what, Phrase("audit.why_goal", {}), Phrase("audit.ground_goal", {}), 0.9, 0.8)
