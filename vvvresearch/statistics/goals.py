"""What can be said for certain, or would have to be true, when not everybody answered: goals and tipping points."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from vvvresearch.errors import AnalysisError
from vvvresearch.locales import half_up
from vvvresearch.statistics._interval import counts_of, population_of, whole_number

__all__ = ["GoalVerdict", "TippingPoint", "goal_verdict", "tipping_points"]

Verdict = Literal["reached", "not reached", "cannot tell"]
Direction = Literal["at least", "more than", "at most", "less than"]


@dataclass(frozen=True)
class GoalVerdict:
    """Whether a share of a population reaches its target.

    Args:
        verdict: "reached" and "not reached" hold whatever the others would have said; else "cannot tell".
        lowest, highest: hits in the population if nobody, or everybody, of the others is one.
        needed: hits from which on (or up to which, for a target from above) the goal is reached; None where no count reaches it.
        missing: hits still lacking (or too many) if the answers were all there is; at least 1 where they do not reach it.
    """

    verdict: Verdict
    lowest: int
    highest: int
    needed: int | None
    missing: int


def goal_verdict(x: int, n: int, population: int, target: object, direction: Direction = "at least") -> GoalVerdict:
    """Is a goal such as "75 % of the municipalities" reached, by the bounds that assume nothing about those who did not answer?

    Decided in whole numbers: 74.65 % is not 75 %, however it is rounded.

    Args:
        x: hits among those who answered.
        n: those who answered.
        population: all whom the goal is about.
        target: the wanted share, 0 to 1, as a fraction, a decimal or its text ("0.75", Fraction(3, 4)).
        direction: "at least", "more than", "at most" or "less than".

    Returns:
        GoalVerdict.

    Raises:
        AnalysisError: impossible counts, a target outside 0–1, or an unknown direction.

    Source: bounds without assumptions (Manski 1989).

    Example:
        >>> goal_verdict(16, 59, 98, "0.75").verdict, goal_verdict(70, 72, 98, 0.5).verdict, goal_verdict(40, 72, 98, 0.5).verdict
        ('not reached', 'reached', 'cannot tell')
    """
    x, n = counts_of(x, n)
    size = population_of(population, n)
    share = _share(target)
    if direction not in ("at least", "more than", "at most", "less than"):
        raise AnalysisError(
            f"there is no direction {direction!r}", where="direction", todo='use "at least", "more than", "at most", "less than"'
        )

    def reached(hits: int, base: int) -> bool:
        wanted = share * base
        return {"at least": hits >= wanted, "more than": hits > wanted, "at most": hits <= wanted, "less than": hits < wanted}[direction]

    lowest, highest = x, x + size - n
    ends = {reached(hits, size) for hits in (lowest, highest)}
    verdict: Verdict = "cannot tell" if len(ends) == 2 else "reached" if ends == {True} else "not reached"
    rising = direction in ("at least", "more than")
    meeting = [hits for hits in range(size + 1) if reached(hits, size)]
    needed = (meeting[0] if rising else meeting[-1]) if meeting else None
    among = [hits for hits in range(n + 1) if reached(hits, n)]
    missing = 0 if reached(x, n) else (among[0] - x if rising else x - among[-1]) if among else max(1, x)
    return GoalVerdict(verdict, lowest, highest, needed, missing)


@dataclass(frozen=True)
class TippingPoint:
    """One supposition about those who did not answer.

    Args:
        hits: how many of them are hits.
        share: their share of hits.
        difference: that share less the share among those who answered.
        population_share: the share of the whole population then.
        holds: whether the conclusion still holds.
    """

    hits: int
    share: Fraction
    difference: Fraction
    population_share: Fraction
    holds: bool


def tipping_points(x: int, n: int, population: int, threshold: object, steps: int = 10) -> tuple[TippingPoint, ...]:
    """How different must those who did not answer be for the conclusion to change?

    The conclusion is the side of the threshold on which the share among the answers lies. Rows run from nobody to everybody of
    the others, with the two neighbouring counts between which the conclusion tips.

    Args:
        x, n: hits and answers.
        population: all whom the conclusion is about.
        threshold: the share that decides, 0 to 1.
        steps: evenly spread rows, the tipping rows apart.

    Returns:
        Rows in order of hits; one row where everybody answered. The conclusion tips nowhere when `holds` is the same in all.

    Raises:
        AnalysisError: impossible counts or a threshold outside 0–1.

    Source: the tipping-point analysis of Yan, Lee and Li 2009, for a share and without a model.

    Example:
        >>> [row.hits for row in tipping_points(50, 72, 98, "0.5", steps=2) if not row.holds]
        []
        >>> [(row.hits, row.holds) for row in tipping_points(40, 72, 98, "0.5", steps=2)]
        [(0, False), (8, False), (9, True), (13, True), (26, True)]
    """
    x, n = counts_of(x, n)
    size = population_of(population, n)
    share, parts = _share(threshold), whole_number(steps, "steps")
    if parts < 1:
        raise AnalysisError("a table needs at least one step", where="steps")
    others, seen = size - n, Fraction(x, n)
    if not others:
        return (TippingPoint(0, Fraction(0), Fraction(0), seen, True),)

    def holds(hits: int) -> bool:
        return (Fraction(x + hits, size) >= share) == (seen >= share)

    rows = {int(half_up(Fraction(others * step, parts))) for step in range(parts + 1)}
    rows |= {place for hits in range(others) if holds(hits) != holds(hits + 1) for place in (hits, hits + 1)}
    return tuple(
        TippingPoint(hits, Fraction(hits, others), Fraction(hits, others) - seen, Fraction(x + hits, size), holds(hits))
        for hits in sorted(rows)
    )


def _share(value: object) -> Fraction:
    try:
        share = value if isinstance(value, Fraction) else Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise AnalysisError(f"{value!r} is no share", where="target", todo="write 0.75 for 75 %") from None
    if not 0 <= share <= 1:
        raise AnalysisError(f"{value!r} is no share", where="target", why="a share lies between 0 and 1", todo="write 0.75 for 75 %")
    return share
