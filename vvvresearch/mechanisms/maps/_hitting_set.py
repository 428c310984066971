"""How few informants hold a connection up: the smallest set without whom no path is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vvvresearch.mechanisms.maps._paths import distances, reversed_graph

Supports = Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True)
class Break:
    """The fewest informants whose removal leaves no path.

    Args:
        informants: one smallest set known.
        proved: at least so many are needed; equal to the size of `informants` when the answer is exact.
    """

    informants: tuple[str, ...]
    proved: int

    @property
    def exact(self) -> bool:
        """Whether no smaller set exists."""
        return self.proved == len(self.informants)


def fewest_informants(supports: Supports, start: str, end: str, time_limit: float | None) -> Break:
    """The smallest set of informants that breaks every path from start to end.

    A link falls only when everyone who names it is gone. Solved as an integer program: who is removed (0 or 1), which
    factors are still reached; a link between a reached and an unreached factor must have lost all its informants. Only
    the first are whole-number variables, the rest follow.
    """
    from scipy import sparse
    from scipy.optimize import Bounds, LinearConstraint, milp

    used = _between(supports, start, end)
    if not used:
        return Break((), 0)
    people = sorted({person for named in used.values() for person in named})
    places = sorted({place for link in used for place in link})
    person_at = {person: number for number, person in enumerate(people)}
    place_at = {place: len(people) + number for number, place in enumerate(places)}
    n = len(people) + len(places)
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    count = 0
    for (cause, effect), named in used.items():
        # For each informant: reached(cause) - reached(effect) <= removed(informant).
        for person in named:
            rows += [count, count, count]
            columns += [place_at[cause], place_at[effect], person_at[person]]
            values += [1.0, -1.0, -1.0]
            count += 1
    matrix = sparse.csr_array((values, (rows, columns)), shape=(count, n))
    lower, upper = np.zeros(n), np.ones(n)
    lower[place_at[start]] = 1.0
    upper[place_at[end]] = 0.0
    cost = np.concatenate([np.ones(len(people)), np.zeros(len(places))])
    solved = milp(
        cost,
        constraints=LinearConstraint(matrix, -np.inf, 0),
        integrality=cost,
        bounds=Bounds(lower, upper),
        options={"mip_rel_gap": 0.0, **({} if time_limit is None else {"time_limit": time_limit})},
    )
    if solved.x is None:
        return Break(_last_link(used, end), 1)
    chosen = tuple(person for person, value in zip(people, solved.x, strict=False) if value > 0.5)
    if solved.status == 0:
        return Break(chosen, len(chosen))
    bound = solved.mip_dual_bound
    proved = max(1, int(np.ceil(bound - 1e-6))) if bound is not None and np.isfinite(bound) else 1
    return Break(chosen, min(proved, len(chosen)))


def _between(supports: Supports, start: str, end: str) -> dict[tuple[str, str], frozenset[str]]:
    """The links that lie on some way from start to end; of these, informants of larger sets than needed stay."""
    graph: dict[str, list[str]] = {}
    for cause, effect in supports:
        graph.setdefault(cause, []).append(effect)
    after, before = distances(graph, start), distances(reversed_graph(graph), end)
    if end not in after:
        return {}
    return {
        (cause, effect): named
        for (cause, effect), named in supports.items()
        if cause in after and effect in before and cause != end and effect != start and cause != effect
    }


def _last_link(used: Supports, end: str) -> tuple[str, ...]:
    """Everyone who names a last link: a set that always breaks every path."""
    return tuple(sorted({person for (_, effect), named in used.items() if effect == end for person in named}))
