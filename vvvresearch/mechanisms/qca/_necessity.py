"""Necessity: single conditions, and combinations that are necessary together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from vvvresearch.errors import AnalysisError
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase
from vvvresearch.mechanisms._cases import CaseConditions, Declared, chosen_conditions, read_cases, root_of
from vvvresearch.mechanisms.qca._data import TOLERANCE, SetData, set_data
from vvvresearch.mechanisms.qca._measures import FIT_NAMES, necessity_of
from vvvresearch.mechanisms.qca._terms import literal_key, literal_text
from vvvresearch.results import Base, Column, Measure, Result

if TYPE_CHECKING:
    import pandas as pd

    Floats = np.ndarray[Any, np.dtype[np.float64]]

MOST_COMBINATIONS = 2_000_000
_MEASURES = ("inclN", "RoN", "covN")


def necessity(
    data: pd.DataFrame | CaseConditions,
    outcome: str,
    conditions: Sequence[str] | None = None,
    negate_outcome: bool = False,
    *,
    joined: bool = False,
    kind: DataKind | None = None,
) -> Result:
    """How necessary each single condition, and its absence, is for the outcome.

    Args:
        data, outcome, conditions, negate_outcome: as in `truth_table`.
        joined: also the shortest "X + Y" that are always there where no part of them is (see `superset_search`).
        kind: as in `truth_table`.

    Returns:
        A Result; `.frame` has condition ("X", "~X", or "X[v]"), inclN, RoN (relevance: low when the condition is
        nearly always there) and covN.

    Raises:
        AnalysisError: as in `truth_table`.

    Source: Ragin 2006; Schneider and Wagemann 2012 for the relevance of necessity.

    Example:
        >>> import pandas as pd
        >>> cases = pd.DataFrame({"A": [1, 1, 0], "Y": [1, 0, 0]}, index=["p1", "p2", "p3"])
        >>> necessity(cases, "Y", ["A"]).frame.round(2).to_dict("records")[0]
        {'condition': 'A', 'inclN': 1.0, 'RoN': 0.5, 'covN': 0.5, 'path': 'a'}
    """
    import pandas as pd

    cases, kind, declared = read_cases(data, kind)
    sets = set_data(cases, outcome, chosen_conditions(cases, declared, outcome, conditions), negate_outcome)
    rows: list[tuple[Any, ...]] = []
    for place, name in enumerate(sets.conditions):
        multi_value = sets.levels[place] > 2
        for value in range(sets.levels[place]) if multi_value else (1, 0):
            measures = necessity_of(sets.literal(place, value), sets.outcome)
            rows.append((literal_text(name, value, multi_value), *measures, literal_key(name, value, multi_value)))
    if joined:
        rows += [(row[0], *row[2:]) for row in _disjunctions(sets, len(sets.conditions), (1.0, 0.0))]
    return _result(pd.DataFrame(rows, columns=["condition", *_MEASURES, "path"]), sets, declared, kind, "necessity_method")


def superset_search(
    data: pd.DataFrame | CaseConditions,
    outcome: str,
    conditions: Sequence[str] | None = None,
    negate_outcome: bool = False,
    *,
    inclusion_cut: float = 1.0,
    coverage_cut: float = 0.0,
    relevance_cut: float = 0.0,
    depth: int | None = None,
    kind: DataKind | None = None,
) -> Result:
    """Every combination that is necessary for the outcome: conjunctions, and shortest disjunctions.

    Args:
        data, outcome, conditions, negate_outcome: as in `truth_table`.
        inclusion_cut, coverage_cut, relevance_cut: least inclN, covN and RoN.
        depth: most conditions in one expression; default all.
        kind: as in `truth_table`.

    Returns:
        A Result; `.frame` has expression ("LIT*STB", "DEV + URB"), relation ("conjunction" or "disjunction"), inclN,
        RoN and covN. A disjunction is listed only when no part of it passes the inclusion and coverage cut-offs alone. The
        frame is empty when nothing passes.

    Raises:
        AnalysisError: as in `truth_table`; too many combinations.

    Source: the superset search of Duşa 2019.
    """
    import pandas as pd

    cases, kind, declared = read_cases(data, kind)
    sets = set_data(cases, outcome, chosen_conditions(cases, declared, outcome, conditions), negate_outcome)
    for name, cut in (("inclusion_cut", inclusion_cut), ("coverage_cut", coverage_cut), ("relevance_cut", relevance_cut)):
        if not 0 <= cut <= 1:
            raise AnalysisError(f"{name} is {cut!r}", why="it lies between 0 and 1")
    most = len(sets.conditions) if depth is None else depth
    if most < 1:
        raise AnalysisError(f"depth is {depth!r}", why="an expression has at least one condition")
    cuts = (inclusion_cut, coverage_cut)
    found = [*_conjunctions(sets, most, cuts), *_disjunctions(sets, most, cuts)]
    kept = [row for row in found if row[3] >= relevance_cut - TOLERANCE]
    frame = pd.DataFrame(kept, columns=["expression", "relation", *_MEASURES, "path"])
    return _result(frame, sets, declared, kind, "superset_method")


def _result(frame: pd.DataFrame, sets: SetData, declared: Declared, kind: DataKind, method: str) -> Result:
    words = {"condition": Column("condition", Phrase("qca.condition")), "expression": Column("expression", Phrase("qca.term"))}
    return Result(
        frame=frame,
        base=Base(len(sets.cases), unit="case"),
        title=Phrase("qca.title_necessity", {"outcome": declared.outcome(sets.outcome_name, sets.negated)}),
        notes=(Phrase(f"qca.{method}"), *declared.legend((*sets.conditions, sets.outcome_name))),
        shows=(words[str(frame.columns[0])], *(Column(name, Phrase(f"qca.{name}"), "number", 3) for name in _MEASURES)),
        kind=kind,
        at=root_of("necessity", sets.outcome_name, declared.setting, negated=sets.negated),
        keys=("path",),
        measures=tuple(Measure(FIT_NAMES[name], "number", 3, of="", known=name) for name in _MEASURES),
    )


_Row = tuple[str, str, float, float, float, str]
_Part = tuple[tuple[int, int], ...]


def _conjunctions(sets: SetData, most: int, cuts: tuple[float, float]) -> list[_Row]:
    """Grown literal by literal: a conjunction is never more necessary than its parts, so failures are not grown."""
    found: list[_Row] = []
    level: list[tuple[_Part, Floats]] = [((), np.ones(len(sets.cases)))]
    for _ in range(most):
        grown = []
        for part, held in level:
            for literal in _literals_after(sets, part):
                membership = np.minimum(held, sets.literal(*literal))
                measures = necessity_of(membership, sets.outcome)
                if measures[0] >= cuts[0] - TOLERANCE:
                    longer = (*part, literal)
                    grown.append((longer, membership))
                    if measures[2] >= cuts[1] - TOLERANCE:
                        found.append((_written(sets, longer, "*"), "conjunction", *measures, _path(sets, longer, "/")))
        level = grown
        _check_amount(len(level))
    return found


def _disjunctions(sets: SetData, most: int, cuts: tuple[float, float]) -> list[_Row]:
    """Grown from what does not pass; a disjunction with a part that passes says nothing new."""
    found: list[_Row] = []
    passed: set[frozenset[tuple[int, int]]] = set()
    level: list[tuple[_Part, Floats]] = [((), np.zeros(len(sets.cases)))]
    for length in range(1, most + 1):
        grown = []
        for part, held in level:
            for literal in _literals_after(sets, part):
                longer = (*part, literal)
                if any(frozenset(short) in passed for short in _parts_with(longer)):
                    continue
                membership = np.maximum(held, sets.literal(*literal))
                measures = necessity_of(membership, sets.outcome)
                if measures[0] >= cuts[0] - TOLERANCE and measures[2] >= cuts[1] - TOLERANCE:
                    passed.add(frozenset(longer))
                    if length > 1:
                        found.append((_written(sets, longer, " + "), "disjunction", *measures, _path(sets, longer, "-or-")))
                else:
                    grown.append((longer, membership))
        level = grown
        _check_amount(len(level))
    return found


def _parts_with(whole: _Part) -> list[_Part]:
    """All proper parts; those without the last literal did not pass, or the whole would not have been grown."""
    *earlier, last = whole
    return [
        (*(literal for literal, keep in zip(earlier, kept, strict=True) if keep), last)
        for kept in product((False, True), repeat=len(earlier))
        if not all(kept)
    ]


def _literals_after(sets: SetData, part: _Part) -> list[tuple[int, int]]:
    start = part[-1][0] + 1 if part else 0
    return [
        (place, value)
        for place in range(start, len(sets.conditions))
        for value in (range(sets.levels[place]) if sets.levels[place] > 2 else (1, 0))
    ]


def _written(sets: SetData, part: _Part, joint: str) -> str:
    return joint.join(literal_text(sets.conditions[place], value, sets.multi_value) for place, value in part)


def _path(sets: SetData, part: _Part, joint: str) -> str:
    return joint.join(sorted(literal_key(sets.conditions[place], value, sets.multi_value) for place, value in part))


def _check_amount(amount: int) -> None:
    if amount > MOST_COMBINATIONS:
        raise AnalysisError(
            f"more than {MOST_COMBINATIONS:,} combinations are open",
            todo="search with a smaller depth, or fewer conditions",
        )
