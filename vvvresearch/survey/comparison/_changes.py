"""One item's change between two waves: shares with their overlap, frames and panel, or means."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.statistics.exact_tests import mcnemar
from vvvresearch.statistics.intervals import worst_case
from vvvresearch.statistics.overlap import Pairs, change_interval, overlapping_t, overlapping_z, unlinked_p
from vvvresearch.survey.comparison._sides import Compared, Side, common_answers
from vvvresearch.survey.tabulation._table import percent_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NAN = math.nan


@dataclass(frozen=True)
class Linking:
    """How the waves hang together and how the figures are made."""

    linked: bool | None
    overlap: int | tuple[int, int] | None
    level: float
    decimals: int


def change_rows(name: str, one: Side, two: Side, settings: Linking) -> list[dict[str, Any]]:
    if (one.numbers is None) != (two.numbers is None) or one.several != two.several:
        raise AnalysisError(
            "the waves hold answers of unlike kinds", where=name or "answers", todo="compare options with options, numbers with numbers"
        )
    if not one.n or not two.n:
        raise AnalysisError("a wave without answers cannot be compared", where=name or "answers")
    linked = settings.linked if settings.linked is not None else one.linkable and two.linkable
    if linked and (one.respondents.has_duplicates or two.respondents.has_duplicates):
        raise AnalysisError(
            "a respondent stands twice in a wave", where=name or "answers", todo="clean double answers first, or say linked=False"
        )
    at_one = at_two = np.array([], dtype=np.intp)
    if linked:
        common = one.respondents.intersection(two.respondents)
        at_one, at_two = one.respondents.get_indexer(common), two.respondents.get_indexer(common)
    if one.numbers is not None and two.numbers is not None:
        return [_number_row(name, one, two, at_one, at_two, linked)]
    return [_row(name, answer, one, two, (at_one, at_two), linked, settings) for answer in common_answers(one, two)]


def _row(
    name: str,
    answer: Compared,
    one: Side,
    two: Side,
    common: tuple[NDArray[np.intp], NDArray[np.intp]],
    linked: bool,
    settings: Linking,
) -> dict[str, Any]:
    x1, n1, x2, n2 = int(answer.first.sum()), one.n, int(answer.second.sum()), two.n
    size1, size2 = one.population, two.population
    before, after = answer.first[common[0]], answer.second[common[1]]
    cells = (before & after, before & ~after, ~before & after, ~before & ~after)
    pairs = Pairs(*(int(cell.sum()) for cell in cells))
    frames = {"population1": size1, "population2": size2} if size1 is not None and size2 is not None else {}
    limits = change_interval(x1, n1, x2, n2, pairs if linked else None, settings.level, **frames)
    row: dict[str, Any] = {
        "item": name,
        "question": one.question,
        "code": answer.code,
        "label": answer.label,
        "x1": x1,
        "n1": n1,
        "percent1": percent_of(x1, n1, settings.decimals),
        "x2": x2,
        "n2": n2,
        "percent2": percent_of(x2, n2, settings.decimals),
        "change": 100 * (x2 / n2 - x1 / n1),
        "worst_lower": _NAN,
        "worst_upper": _NAN,
        "lower": 100 * limits.lower,
        "upper": 100 * limits.upper,
        "z": _NAN,
        "p": _NAN,
        "p_adjusted": _NAN,
        "p_low": _NAN,
        "p_high": _NAN,
        "panel_n": _NAN,
        "panel_x1": _NAN,
        "panel_x2": _NAN,
        "panel_change": _NAN,
        "panel_p": _NAN,
        "_linked": linked,
        "_same": answer.hypothesis,
    }
    if size1 is not None and size2 is not None:
        bounds1, bounds2 = worst_case(x1, n1, size1), worst_case(x2, n2, size2)
        row |= {"worst_lower": 100 * (bounds2.lower - bounds1.upper), "worst_upper": 100 * (bounds2.upper - bounds1.lower)}
    if linked:
        test = overlapping_z(x1, n1, x2, n2, pairs)
        row |= {"z": test.statistic, "p": test.p_value, "_overlap": (pairs.n, pairs.n)}
        if pairs.n:
            yes1, yes2 = pairs.both + pairs.only_first, pairs.both + pairs.only_second
            panel = {"panel_n": pairs.n, "panel_x1": yes1, "panel_x2": yes2, "panel_change": 100 * (yes2 - yes1) / pairs.n}
            row |= panel | {"panel_p": mcnemar(pairs.only_first, pairs.only_second).p_value}
        return row
    shared = size1 if size1 == size2 else None
    spread = unlinked_p(x1, n1, x2, n2, settings.overlap, shared)
    return row | {"p_low": spread.lowest, "p_high": spread.highest, "p": spread.highest, "_overlap": spread.overlap}


def _number_row(name: str, one: Side, two: Side, at_one: NDArray[np.intp], at_two: NDArray[np.intp], linked: bool) -> dict[str, Any]:
    assert one.numbers is not None
    assert two.numbers is not None
    if not linked:
        raise AnalysisError(
            "means of waves that cannot be linked are not tested",
            where=name or "answers",
            why="how numbers of the same respondents go together is not known",
            todo="link the waves, or compare shares above a cut",
        )
    alone1, alone2 = np.delete(one.numbers, at_one), np.delete(two.numbers, at_two)
    twice = list(zip(one.numbers[at_one].tolist(), two.numbers[at_two].tolist(), strict=True))
    test = overlapping_t(alone1.tolist(), alone2.tolist(), twice)
    row: dict[str, Any] = {
        "item": name,
        "question": one.question,
        "code": "mean",
        "label": one.question,
        "n1": one.n,
        "mean1": float(one.numbers.mean()),
        "n2": two.n,
        "mean2": float(two.numbers.mean()),
        "change": float(two.numbers.mean() - one.numbers.mean()),
        "z": test.statistic,
        "p": test.p_value,
        "p_adjusted": _NAN,
        "panel_n": len(twice) or _NAN,
        "panel_change": float(np.mean([b - a for a, b in twice])) if twice else _NAN,
        "_overlap": (len(twice), len(twice)),
        "_linked": linked,
        "_same": "mean",
    }
    return row
