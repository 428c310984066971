"""Ways from one factor to another: within so many steps, and as told by one person alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

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
