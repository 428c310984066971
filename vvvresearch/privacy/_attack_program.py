"""What a reader can compute: whole numbers that are not negative, sums and roundings, solved for each unknown in turn."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from vvvresearch.errors import AnalysisError

_NEAR = 1e-6


@dataclass(frozen=True)
class Relation:
    """lower ≤ Σ coefficient × unknown ≤ upper, with the words that say where it stands."""

    coefficients: Mapping[Hashable, float]
    lower: float
    upper: float
    where: str


@dataclass
class Knowledge:
    """Everything that is shipped, as known cells and relations between cells.

    Args:
        known: cell → its count.
        relations: sums and roundings over known and unknown cells.
        least: the least value that an unknown cell can have.
        threshold: given when the reader also knows that something small stands among unknown cells tied by sums.
        smallest: the smallest count that counts as small.
    """

    known: dict[Hashable, int] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    least: int = 0
    threshold: int | None = None
    smallest: int = 1

    def is_sum(self, whole: Hashable, parts: Iterable[Hashable], where: str) -> None:
        """A cell is the sum of others."""
        self.relations.append(Relation({whole: 1.0, **dict.fromkeys(parts, -1.0)}, 0.0, 0.0, where))

    def bounds(self, unknown: list[Hashable]) -> dict[Hashable, tuple[int, float]]:
        """The least and the greatest whole number that each unknown cell can be.

        Raises:
            AnalysisError: no whole numbers fit what is shown.
        """
        unknown_set = set(unknown)
        reduced = [self._reduced(relation) for relation in self.relations]
        live = [relation for relation in reduced if relation.coefficients]
        extra = {cell for relation in live for cell in relation.coefficients} - unknown_set
        cells = [*unknown, *sorted(extra, key=repr)]
        found: dict[Hashable, tuple[int, float]] = {}
        for group, relations in _groups(cells, live):
            wanted = [cell for cell in group if cell in unknown_set]
            found.update(_Program(group, relations, self).bounds(wanted))
        return {cell: found[cell] for cell in unknown}

    def _reduced(self, relation: Relation) -> Relation:
        """A relation with the known cells taken out."""
        constant = sum(coefficient * self.known[cell] for cell, coefficient in relation.coefficients.items() if cell in self.known)
        rest = {cell: coefficient for cell, coefficient in relation.coefficients.items() if cell not in self.known}
        lower, upper = relation.lower - constant, relation.upper - constant
        if not rest and not lower - _NEAR <= 0 <= upper + _NEAR:
            raise AnalysisError("what is shown contradicts itself", where=relation.where, why="the parts do not give the whole", todo="check the table")
        return Relation(rest, lower, upper, relation.where)


def _groups(cells: list[Hashable], relations: list[Relation]) -> Iterable[tuple[list[Hashable], list[Relation]]]:
    """Unknown cells that no relation ties together are solved apart."""
    place = {cell: number for number, cell in enumerate(cells)}
    rows = [number for number, relation in enumerate(relations) for _ in relation.coefficients]
    columns = [place[cell] for relation in relations for cell in relation.coefficients]
    size = len(cells) + len(relations)
    graph = coo_matrix((np.ones(len(rows)), (columns, np.array(rows, dtype=int) + len(cells))), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    members: dict[int, list[Hashable]] = {}
    for cell in cells:
        members.setdefault(int(label[place[cell]]), []).append(cell)
    ties: dict[int, list[Relation]] = {}
    for number, relation in enumerate(relations):
        ties.setdefault(int(label[len(cells) + number]), []).append(relation)
    return [(group, ties.get(number, [])) for number, group in members.items()]


class _Program:
    """The reader's program over one group of unknown cells."""

    def __init__(self, cells: list[Hashable], relations: list[Relation], knowledge: Knowledge) -> None:
        self.cells = cells
        self.place = {cell: number for number, cell in enumerate(cells)}
        self.where = relations[0].where if relations else ""
        rows = [number for number, relation in enumerate(relations) for _ in relation.coefficients]
        columns = [self.place[cell] for relation in relations for cell in relation.coefficients]
        data = [coefficient for relation in relations for coefficient in relation.coefficients.values()]
        self.matrix: Any = coo_matrix((data, (rows, columns)), shape=(len(relations), len(cells))).tocsr()
        self.lower = np.array([relation.lower for relation in relations], dtype=float)
        self.upper = np.array([relation.upper for relation in relations], dtype=float)
        self.knowledge = knowledge

    def bounds(self, wanted: list[Hashable]) -> dict[Hashable, tuple[int, float]]:
        """Both ends for some of the cells."""
        return {cell: (int(self._end(cell, 1.0)), self._end(cell, -1.0)) for cell in wanted}

    def _end(self, cell: Hashable, sign: float) -> float:
        objective = np.zeros(len(self.cells))
        objective[self.place[cell]] = sign
        if self.knowledge.threshold is not None:
            return self._whole_end(objective, sign)
        equal = self.lower == self.upper
        a_ub, b_ub = None, None
        if not equal.all():
            between = self.matrix[~equal]
            a_ub = coo_matrix(np.vstack([between.toarray(), -between.toarray()]))
            b_ub = np.concatenate([self.upper[~equal], -self.lower[~equal]])
        a_eq, b_eq = (self.matrix[equal], self.lower[equal]) if equal.any() else (None, None)
        solved = linprog(objective, A_ub=a_ub, b_ub=b_ub, A_eq=a_eq, b_eq=b_eq, bounds=(self.knowledge.least, None))
        if solved.status == 0 and np.abs(solved.x - np.round(solved.x)).max() < _NEAR:
            return round(sign * solved.fun)
        # Not at a whole table, without an end, or without a solution: the exact program decides.
        return self._whole_end(objective, sign)

    def _whole_end(self, objective: Any, sign: float) -> float:
        n = len(self.cells)
        threshold = self.knowledge.threshold
        constraints = [LinearConstraint(_wide(self.matrix, n if threshold else 0), self.lower, self.upper)] if len(self.lower) else []
        lower = np.full(n, float(self.knowledge.least))
        upper = np.full(n, np.inf)
        if threshold is not None:
            constraints.append(self._something_small(threshold))
            lower, upper = np.concatenate([lower, np.zeros(n)]), np.concatenate([upper, np.ones(n)])
            objective = np.concatenate([objective, np.zeros(n)])
        solved = milp(objective, constraints=constraints, bounds=Bounds(lower, upper), integrality=np.ones(len(lower)))
        if solved.status == 0:
            return round(sign * solved.fun)
        feasible = milp(np.zeros(len(lower)), constraints=constraints, bounds=Bounds(lower, upper), integrality=np.ones(len(lower)))
        if feasible.x is None:
            raise AnalysisError("what is shown contradicts itself", where=self.where, why="no counts fit it", todo="check the tables and the sums")
        return math.inf if sign < 0 else float(self.knowledge.least)

    def _something_small(self, threshold: int) -> LinearConstraint:
        """One choice a cell says "this one is small"; at least one of them holds."""
        n = len(self.cells)
        slack = 1e6
        chosen = np.eye(n)
        below = np.hstack([chosen, slack * chosen])
        above = np.hstack([chosen, -self.knowledge.smallest * chosen])
        some = np.concatenate([np.zeros(n), np.ones(n)])[np.newaxis, :]
        lower = np.concatenate([np.full(n, -np.inf), np.zeros(n), [1.0]])
        upper = np.concatenate([np.full(n, threshold - 1 + slack), np.full(n, np.inf), [np.inf]])
        return LinearConstraint(np.vstack([below, above, some]), lower, upper)


def _wide(matrix: Any, more: int) -> Any:
    coordinates = matrix.tocoo()
    return coo_matrix((coordinates.data, (coordinates.row, coordinates.col)), shape=(matrix.shape[0], matrix.shape[1] + more)).tocsr()
