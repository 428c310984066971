"""Ways from one factor to another: within so many steps, through which factors; and how few informants a connection stands by."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vvvresearch.locales import Phrase
from vvvresearch.mechanisms.maps._links import link_of
from vvvresearch.results import Column, Measure, Result

if TYPE_CHECKING:
    from vvvresearch.mechanisms.maps._causal_map import CausalMap


Graph = Mapping[str, Iterable[str]]


def distances(graph: Graph, start: str) -> dict[str, int]:
    """The fewest steps from a factor to every factor it leads to."""
    found = {start: 0}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for after in graph.get(here, ()):
            if after not in found:
                found[after] = found[here] + 1
                waiting.append(after)
    return found


def reversed_graph(graph: Graph) -> dict[str, list[str]]:
    """The same links, read from effect to cause."""
    made: dict[str, list[str]] = {}
    for cause, effects in graph.items():
        for effect in effects:
            made.setdefault(effect, []).append(cause)
    return made


def ways(graph: Graph, start: str, end: str, most_steps: int) -> Iterator[tuple[str, ...]]:
    """Every way without a repeated factor, shortest first; two breadth-first searches keep out what cannot arrive in time."""
    to_end = distances(reversed_graph(graph), end)
    if start not in to_end:
        return
    ordered = {cause: sorted(effect for effect in effects if effect in to_end) for cause, effects in graph.items() if cause in to_end}

    def extend(way: tuple[str, ...], steps: int) -> Iterator[tuple[str, ...]]:
        here = way[-1]
        if here == end:
            if steps == 0:
                yield way
            return
        for after in ordered.get(here, ()):
            if after not in way and to_end[after] <= steps - 1:
                yield from extend((*way, after), steps - 1)

    for length in range(to_end[start], most_steps + 1):
        yield from extend((start,), length)


def shortest(graph: Graph, start: str, end: str) -> tuple[str, ...] | None:
    """One shortest way, or None; among equals the first in alphabetical order."""
    to_end = distances(reversed_graph(graph), end)
    if start not in to_end:
        return None
    way = [start]
    while way[-1] != end:
        here = way[-1]
        way.append(min(after for after in graph.get(here, ()) if to_end.get(after, -2) == to_end[here] - 1))
    return tuple(way)


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


if TYPE_CHECKING:
    Floats = np.ndarray[Any, np.dtype[np.float64]]

# Sources are handled together in blocks whose matrices stay within some tens of megabytes.
_CELLS = 2_000_000


def betweenness(n: int, edges: Sequence[tuple[int, int]]) -> Floats:
    """The share of ordered pairs of other factors whose shortest paths pass through each factor.

    Brandes' accumulation (2001), with all sources of a block in one matrix: paths are counted level by level forwards,
    then credit is handed back. Divided by (n−1)(n−2).

    Example:
        >>> betweenness(3, [(0, 1), (1, 2)]).tolist()
        [0.0, 0.5, 0.0]
    """
    from scipy import sparse

    total = np.zeros(n)
    kept = [(cause, effect) for cause, effect in edges if cause != effect]
    if n < 3 or not kept:
        return total
    causes, effects = zip(*kept, strict=True)
    links = sparse.csr_array((np.ones(len(kept)), (causes, effects)), shape=(n, n))
    links.data[:] = 1.0
    back = links.T.tocsr()
    block = max(1, _CELLS // n)
    for start in range(0, n, block):
        sources = np.arange(start, min(n, start + block))
        total += _credit(links, back, sources, n)
    return total / ((n - 1) * (n - 2))


def _credit(links: Any, back: Any, sources: Any, n: int) -> Floats:
    here = np.arange(len(sources))
    paths = np.zeros((n, len(sources)))
    paths[sources, here] = 1.0
    reached = paths > 0
    levels = [paths.copy()]
    while True:
        step = back @ levels[-1]
        step[reached] = 0.0
        if not step.any():
            break
        reached |= step > 0
        paths += step
        levels.append(step)
    credit = np.zeros_like(paths)
    for later, earlier in zip(levels[:0:-1], levels[-2::-1], strict=True):
        share = np.divide(1.0 + credit, paths, out=np.zeros_like(paths), where=later > 0)
        handed = links @ share
        credit += np.where(earlier > 0, handed * paths, 0.0)
    credit[sources, here] = 0.0
    return np.asarray(credit.sum(axis=1))


ROOT = "robustness"
_COUNTS = ("fewest", "threads", "flow_informants", "flow_citations")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Support(Result):
    """How well a connection from one factor to another is supported.

    Args:
        value: the fewest informants whose removal breaks every path; 0 where there is no path.
        informants: one such set.
        exact: whether no smaller set exists; otherwise at least `proved` are needed.
        proved: the proved lower bound.
        threads: informants who state a whole chain themselves.
        citation_flow, informant_flow: max-flow over citations and over informants of each link, for comparison: one
            talkative informant inflates them.
    """

    value: int = 0
    informants: tuple[str, ...] = ()
    exact: bool = True
    proved: int = 0
    threads: int = 0
    citation_flow: int = 0
    informant_flow: int = 0

    def __int__(self) -> int:
        return self.value


def support_of(whole: CausalMap, start: str, end: str, time_limit: float | None) -> Support:
    """The support of one connection; see `CausalMap.robustness`."""
    found = fewest_informants(whole.supports, start, end, time_limit)
    threads = len(whole.threads(start, end))
    names = {"a": whole.name_of(start), "b": whole.name_of(end)}
    notes = [Phrase("mechanisms.robustness_method", names)]
    if found.informants and not threads:
        notes.append(Phrase("mechanisms.transitivity", names))
    if not found.exact:
        notes.append(Phrase("mechanisms.robustness_partial", {"least": found.proved, "most": len(found.informants)}))
    flows = {name: _flow(whole, start, end, name) for name in ("informants", "citations")}
    row = {
        "path": link_of(start, end),
        "start": start,
        "end": end,
        # What is certain: where time ran out, at least so many.
        "fewest": found.proved,
        "exact": found.exact,
        "threads": threads,
        "flow_informants": flows["informants"],
        "flow_citations": flows["citations"],
        "told": "told" if threads else "put_together" if found.informants else "no_way",
    }
    return Support(
        frame=pd.DataFrame([row]),
        title=Phrase("mechanisms.title_robustness", names),
        notes=tuple(notes),
        **described(whole, ("start", "end")),
        value=len(found.informants),
        informants=found.informants,
        exact=found.exact,
        proved=found.proved,
        threads=threads,
        citation_flow=flows["citations"],
        informant_flow=flows["informants"],
    )


def described(whole: CausalMap, ends: Sequence[str]) -> dict[str, Any]:
    """What every table of connections has in common: columns, addresses, labels and base."""
    words = {"start": Phrase("mapping_tables.start"), "end": Phrase("mapping_tables.end")}
    return {
        "base": whole.base,
        "shows": (
            *(Column(end, words[end]) for end in ends),
            *(Column(name, Phrase(f"mapping_tables.{name}"), "count") for name in _COUNTS),
            Column("told", Phrase("mapping_tables.chain"), words="mapping_tables"),
        ),
        "kind": whole.kind,
        "at": "/".join((ROOT, *whole.settings)),
        "keys": ("path",),
        "measures": tuple(Measure(name, of="") for name in _COUNTS),
        "labels": dict.fromkeys(("start", "end"), whole.labels["cause"]),
    }


def _flow(whole: CausalMap, start: str, end: str, name: str) -> int:
    import numpy as np
    from scipy import sparse
    from scipy.sparse.csgraph import maximum_flow

    bundles = whole.bundles
    factors = sorted(set(bundles["cause"]) | set(bundles["effect"]))
    place = {factor: number for number, factor in enumerate(factors)}
    causes, effects = ([place[factor] for factor in bundles[side]] for side in ("cause", "effect"))
    capacities = sparse.csr_array((bundles[name].to_numpy(dtype=np.int32), (causes, effects)), shape=(len(factors), len(factors)))
    return int(maximum_flow(capacities, place[start], place[end]).flow_value)
