"""What a reader can compute: whole numbers that are not negative, sums and roundings, solved for each unknown in turn."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_matrix, csr_matrix, hstack, identity, vstack
from scipy.sparse.csgraph import connected_components

from vvvresearch.errors import AnalysisError

_NEAR = 1e-6
# More than any count that lies within reach of a small cell.
_SLACK = 1e6


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
        least: the least value that a printed unknown cell can have.
        unprinted: cells that stand in no table, such as differences; they can be 0 and are not hidden because they are small.
        threshold: given when the reader also knows that something small stands among unknown cells tied by sums.
        smallest: the smallest count that counts as small.
    """

    known: dict[Hashable, int] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    least: int = 0
    unprinted: set[Hashable] = field(default_factory=set)
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
            raise AnalysisError(
                "what is shown contradicts itself", where=relation.where, why="the parts do not give the whole", todo="check the table"
            )
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
        self.place = {cell: number for number, cell in enumerate(cells)}
        self.where = relations[0].where if relations else ""
        rows = [number for number, relation in enumerate(relations) for _ in relation.coefficients]
        columns = [self.place[cell] for relation in relations for cell in relation.coefficients]
        data = [coefficient for relation in relations for coefficient in relation.coefficients.values()]
        self.matrix: Any = coo_matrix((data, (rows, columns)), shape=(len(relations), len(cells))).tocsr()
        self.lower = np.array([relation.lower for relation in relations], dtype=float)
        self.upper = np.array([relation.upper for relation in relations], dtype=float)
        self.printed = np.array([cell not in knowledge.unprinted for cell in cells])
        self.least = np.where(self.printed, float(knowledge.least), 0.0)
        self.small = None if knowledge.threshold is None else (knowledge.smallest, knowledge.threshold)

    def bounds(self, wanted: list[Hashable]) -> dict[Hashable, tuple[int, float]]:
        """Both ends for some of the cells."""
        end = self._linear_end if self.small is None else self._whole_end
        return {cell: (int(end(self.place[cell], 1.0)), end(self.place[cell], -1.0)) for cell in wanted}

    def _linear_end(self, cell: int, sign: float) -> float:
        """The least (sign 1) or greatest (-1) value of a cell: that of the linear program where a whole table has it."""
        objective = np.zeros(len(self.least))
        objective[cell] = sign
        a_ub, b_ub, a_eq, b_eq = self._linear
        solved = linprog(objective, A_ub=a_ub, b_ub=b_ub, A_eq=a_eq, b_eq=b_eq, bounds=np.c_[self.least, np.full(len(self.least), np.inf)])
        if solved.status == 0 and np.abs(solved.x - np.round(solved.x)).max() < _NEAR:
            return round(float(sign * solved.fun))
        if solved.status == 3 and self._fits:
            # All coefficients are rational, so that whole tables go on for ever where fractional ones do.
            return math.inf
        return self._whole_end(cell, sign)

    @cached_property
    def _linear(self) -> tuple[Any, Any, Any, Any]:
        """The relations as `linprog` takes them."""
        equal = self.lower == self.upper
        sides = vstack([self.matrix[~equal], -self.matrix[~equal]], format="csr")
        ends = np.concatenate([self.upper[~equal], -self.lower[~equal]])
        finite = np.isfinite(ends)
        inequalities = (sides[finite], ends[finite]) if finite.any() else (None, None)
        return *inequalities, *((self.matrix[equal], self.lower[equal]) if equal.any() else (None, None))

    def _whole_end(self, cell: int, sign: float) -> float:
        objective = np.zeros(len(self.least))
        objective[cell] = sign
        solved = self._solve(objective)
        if solved.status == 0:
            return round(float(sign * solved.fun))
        if not self._fits:
            raise AnalysisError("what is shown contradicts itself", where=self.where, why="no counts fit it", todo="check the tables")
        return math.inf

    @cached_property
    def _fits(self) -> bool:
        """Whether any whole table agrees with what is known."""
        return self._solve(np.zeros(len(self.least))).x is not None

    def _solve(self, objective: Any) -> Any:
        """The exact program; where the rule is known, one choice a printed cell says "this one is small", and one of them holds."""
        n = len(self.least)
        matrix, lower, upper, start, end = self.matrix, self.lower, self.upper, self.least, np.full(n, np.inf)
        if self.small is not None:
            smallest, threshold = self.small
            chosen = identity(n, format="csr")[np.flatnonzero(self.printed)]
            k = chosen.shape[0]
            none = csr_matrix((len(lower), k))
            # count ≤ threshold - 1 and count ≥ smallest, each only where chosen.
            below = hstack([chosen, _SLACK * identity(k)])
            above = hstack([chosen, -smallest * identity(k)])
            some = hstack([csr_matrix((1, n)), csr_matrix(np.ones((1, k)))])
            matrix = vstack([hstack([matrix, none]), below, above, some], format="csr")
            lower = np.concatenate([lower, np.full(k, -np.inf), np.zeros(k), [1.0]])
            upper = np.concatenate([upper, np.full(k, threshold - 1 + _SLACK), np.full(k, np.inf), [np.inf]])
            start, end, objective = (
                np.concatenate([one, fill]) for one, fill in ((start, np.zeros(k)), (end, np.ones(k)), (objective, np.zeros(k)))
            )
        constraints = [LinearConstraint(matrix, lower, upper)] if len(lower) else []
        return milp(objective, constraints=constraints, bounds=Bounds(start, end), integrality=np.ones(len(start)))
