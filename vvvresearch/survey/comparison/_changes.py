"""One item's change between two waves: shares with their overlap, frames and panel, or means."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.exact_tests import mcnemar
from vvvresearch.statistics.intervals import worst_case_bounds
from vvvresearch.statistics.overlap import (
    MeanChange,
    Pairs,
    change_interval,
    least_detectable_change,
    overlapping_t,
    overlapping_z,
    unlinked_interval,
    unlinked_p,
)
from vvvresearch.survey.comparison._compared import Inference, Question, counts_of
from vvvresearch.survey.comparison._sides import Compared, Side

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NAN = math.nan
_PANEL = ("panel_before", "panel_after", "panel_n", "panel_change", "panel_p")


@dataclass(frozen=True)
class Linking:
    """How the waves hang together, and the confidence level."""

    linked: bool | None
    overlap: int | tuple[int, int] | None
    level: float


@dataclass(frozen=True)
class Link:
    """Who answered an item in both waves: their places in each; `known` whether that can be told at all."""

    known: bool
    first: NDArray[np.intp]
    second: NDArray[np.intp]

    @property
    def n(self) -> int:
        """How many."""
        return len(self.first)


def link_of(name: str, one: Side, two: Side, settings: Linking) -> Link:
    """Link two waves of an item.

    Raises:
        AnalysisError: answers of unlike kinds, a wave without answers, a respondent who stands twice.
    """
    if (one.numbers is None) != (two.numbers is None) or one.several != two.several:
        raise AnalysisError(
            "the waves hold answers of unlike kinds", where=name or "answers", todo="compare options with options, numbers with numbers"
        )
    if not one.n or not two.n:
        raise AnalysisError("a wave without answers cannot be compared", where=name or "answers")
    linked = settings.linked if settings.linked is not None else one.linkable and two.linkable
    if not linked:
        nobody = np.array([], dtype=np.intp)
        return Link(False, nobody, nobody)
    if one.respondents.has_duplicates or two.respondents.has_duplicates:
        raise AnalysisError(
            "a respondent stands twice in a wave", where=name or "answers", todo="clean double answers first, or say linked=False"
        )
    common = one.respondents.intersection(two.respondents)
    return Link(True, one.respondents.get_indexer(common), two.respondents.get_indexer(common))


def change_row(question: Question, answer: Compared, link: Link, settings: Linking) -> tuple[dict[str, Any], Inference, tuple[int, int]]:
    """The change of one answer, what chance does to it, and how many answered twice (fewest, most)."""
    one, two = question.one, question.two
    row = counts_of(answer, question)
    waves = x1, n1, x2, n2 = int(row["x1"]), int(row["n1"]), int(row["x2"]), int(row["n2"])
    size1, size2 = one.population, two.population
    row |= {"z": _NAN, "p_low": _NAN, "p_high": _NAN, **dict.fromkeys(_PANEL, _NAN)}
    if size1 is not None and size2 is not None:
        bounds1, bounds2 = worst_case_bounds(x1, n1, size1), worst_case_bounds(x2, n2, size2)
        row |= {"worst_lower": bounds2.lower - bounds1.upper, "worst_upper": bounds2.upper - bounds1.lower}
    if not link.known:
        within = size1 if size1 == size2 else None
        spread = unlinked_p(*waves, settings.overlap, within)
        inference = Inference(
            spread.highest,
            lambda level: unlinked_interval(*waves, settings.overlap, level, within),
            lambda alpha: least_detectable_change(*waves, None, alpha),
        )
        return row | {"p_low": spread.lowest, "p_high": spread.highest}, inference.possible(row), spread.overlap
    before, after = answer.first[link.first], answer.second[link.second]
    cells = (before & after, before & ~after, ~before & after, ~before & ~after)
    pairs = Pairs(*(int(cell.sum()) for cell in cells))
    frames = {"population1": size1, "population2": size2} if size1 is not None and size2 is not None else {}
    test = overlapping_z(*waves, pairs, **frames)
    inference = Inference(
        test.p_value,
        lambda level: change_interval(*waves, pairs, level, **frames),
        lambda alpha: least_detectable_change(*waves, pairs, alpha, **frames),
    )
    row["z"] = test.statistic
    if pairs.n:
        yes1, yes2 = pairs.both + pairs.only_first, pairs.both + pairs.only_second
        row |= {"panel_before": yes1, "panel_after": yes2, "panel_n": pairs.n, "panel_change": (yes2 - yes1) / pairs.n}
        row["panel_p"] = mcnemar(pairs.only_first, pairs.only_second).p_value
    return row, inference.possible(row), (pairs.n, pairs.n)


def mean_row(name: str, one: Side, two: Side, link: Link) -> tuple[dict[str, Any], MeanChange]:
    """The change of a mean, and what chance does to it.

    Raises:
        AnalysisError: waves that cannot be linked.
    """
    assert one.numbers is not None
    assert two.numbers is not None
    if not link.known:
        raise AnalysisError(
            "means of waves that cannot be linked are not tested",
            where=name or "answers",
            why="how numbers of the same respondents go together is not known",
            todo="link the waves, or compare shares above a cut",
        )
    alone1, alone2 = np.delete(one.numbers, link.first), np.delete(two.numbers, link.second)
    twice = list(zip(one.numbers[link.first].tolist(), two.numbers[link.second].tolist(), strict=True))
    test = overlapping_t(alone1.tolist(), alone2.tolist(), twice)
    row = {
        "item": name,
        "n1": one.n,
        "mean1": float(one.numbers.mean()),
        "n2": two.n,
        "mean2": float(two.numbers.mean()),
        "change": float(two.numbers.mean() - one.numbers.mean()),
        "t": test.statistic,
        "p": test.p_value,
        "panel_n": len(twice) or _NAN,
        "panel_change": float(np.mean([b - a for a, b in twice])) if twice else _NAN,
    }
    return row, test
