"""Networks read from left to right: the links a reader can follow, ranks, an order with few crossings, and the course of arrows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError
from vvvresearch.figures._frame import rows_of
from vvvresearch.figures._look import SMALL
from vvvresearch.figures._sheet import GAP, PAD, Line, box_height, broken, draw_arrow, height_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from vvvresearch.kinds import DataKind
    from vvvresearch.locales import Lang


Edge = tuple[str, str]
Place = str | tuple[Edge, int]  # a node, or the place where an edge passes a layer
SWEEPS = 24
# How much room an edge is given where it passes between the nodes of a layer, in inches.
PASS = 0.1
# More layers than this make boxes in which words cannot be read: then neighbouring layers are drawn as one.
MOST_LAYERS = 6


@dataclass(frozen=True)
class Layers:
    """Where nodes stand and edges pass.

    Args:
        rank: the layer of each node, 0 at the left.
        height: the middle of each node, upwards, in the unit of the heights given.
        route: for each edge the (layer, height) of the places that it passes between its ends, from cause to effect.
        total: height of the whole.
    """

    rank: dict[str, int]
    height: dict[str, float]
    route: dict[Edge, list[tuple[int, float]]]
    total: float

    @property
    def count(self) -> int:
        """How many layers there are."""
        return max(self.rank.values()) + 1


def layered(edges: Sequence[Edge], sizes: Mapping[str, float], gap: float, rank: Mapping[str, int] | None = None) -> Layers:
    """Lay out a directed network in layers.

    The layer is the longest way from a beginning, where circles are broken at the link that closes them; beginnings move as
    close to what they lead to as they can. Within the layers, sweeps by barycentre keep the order with the fewest crossings.

    Args:
        edges: pairs of nodes; a node's edge to itself is not laid out.
        sizes: the height of every node; nodes without edges are laid out too.
        gap: free height between two nodes of a layer.
        rank: the layer of each node, where it is given.

    Returns:
        The Layers; the same input gives the same layout.

    Source: Sugiyama, Tagawa and Toda 1981; Gansner et al. 1993.
    """
    links = [edge for edge in dict.fromkeys(edges) if edge[0] != edge[1]]
    ranks = dict(rank) if rank is not None else longest_ways(list(sizes), links)
    chains = {edge: _chain(edge, ranks) for edge in links}
    layers: list[list[Place]] = [[] for _ in range(max(ranks.values()) + 1)]
    for node in sizes:
        layers[ranks[node]].append(node)
    for edge, chain in chains.items():
        low = min(ranks[edge[0]], ranks[edge[1]])
        for step, place in enumerate(sorted(chain[1:-1], key=lambda place: place[1]), start=low + 1):
            layers[step].append(place)
    beside = _neighbours(chains.values())
    layers = _least_crossed(layers, beside, chains.values(), ranks)
    height = _heights(layers, beside, sizes, gap)
    bottom = min((height[place] - _size(place, sizes) / 2 for layer in layers for place in layer), default=0.0)
    top = max((height[place] + _size(place, sizes) / 2 for layer in layers for place in layer), default=0.0)
    routes: dict[Edge, list[tuple[int, float]]] = {}
    for edge, chain in chains.items():
        passed = [(place[1], height[place] - bottom) for place in chain[1:-1] if isinstance(place, tuple)]
        routes[edge] = passed
    return Layers(ranks, {node: height[node] - bottom for node in sizes}, routes, top - bottom)


def longest_ways(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """The layer of each node: the longest way from a beginning, circles broken; beginnings close to what they lead to.

    Example:
        >>> longest_ways(["a", "b", "c", "d"], [("a", "b"), ("b", "c"), ("c", "a"), ("d", "c")])
        {'a': 2, 'b': 3, 'c': 1, 'd': 0}
    """
    forward = _without_circles(nodes, edges)
    causes: dict[str, list[str]] = {node: [] for node in nodes}
    effects: dict[str, list[str]] = {node: [] for node in nodes}
    for cause, effect in forward:
        causes[effect].append(cause)
        effects[cause].append(effect)
    waiting = {node: len(causes[node]) for node in nodes}
    ready = [node for node in nodes if not waiting[node]]
    rank = dict.fromkeys(nodes, 0)
    for node in ready:
        for effect in effects[node]:
            rank[effect] = max(rank[effect], rank[node] + 1)
            waiting[effect] -= 1
            if not waiting[effect]:
                ready.append(effect)
    for node in nodes:
        if not causes[node] and effects[node]:
            rank[node] = min(rank[effect] for effect in effects[node]) - 1
    return rank


def few_layers(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """The layer of each node; where there are more layers than a page has room for, neighbouring ones fall together.

    Example:
        >>> few_layers(list("abcdefghi"), list(zip("abcdefgh", "bcdefghi")))["i"]
        5
    """
    ways = longest_ways(nodes, edges)
    last = max(ways.values())
    return ways if last < MOST_LAYERS else {name: way * (MOST_LAYERS - 1) // last for name, way in ways.items()}


def _without_circles(nodes: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """The edges less those that close a circle in a walk from the first nodes on."""
    following: dict[str, list[str]] = {node: [] for node in nodes}
    entered = {effect for _, effect in edges}
    for cause, effect in edges:
        following[cause].append(effect)
    state: dict[str, int] = {}
    kept: list[Edge] = []
    # Walks begin where nothing leads in, so that a circle is broken at its natural end.
    for start in sorted(nodes, key=lambda node: node in entered):
        if start in state:
            continue
        state[start] = 1
        stack = [(start, iter(following[start]))]
        while stack:
            node, rest = stack[-1]
            for effect in rest:
                if state.get(effect) != 1:
                    kept.append((node, effect))
                if effect not in state:
                    state[effect] = 1
                    stack.append((effect, iter(following[effect])))
                    break
            else:
                state[node] = 2
                stack.pop()
    return kept


def _chain(edge: Edge, ranks: Mapping[str, int]) -> list[Place]:
    cause, effect = edge
    first, last = ranks[cause], ranks[effect]
    step = 1 if last >= first else -1
    return [cause, *((edge, layer) for layer in range(first + step, last, step)), effect]


def _neighbours(chains: Iterable[Sequence[Place]]) -> dict[Place, list[Place]]:
    beside: dict[Place, list[Place]] = {}
    for chain in chains:
        for here, there in pairwise(chain):
            beside.setdefault(here, []).append(there)
            beside.setdefault(there, []).append(here)
    return beside


def _least_crossed(
    layers: list[list[Place]], beside: Mapping[Place, list[Place]], chains: Iterable[Sequence[Place]], ranks: Mapping[str, int]
) -> list[list[Place]]:
    segments = [pair for chain in chains for pair in pairwise(chain)]
    best, fewest = layers, crossings(layers, segments, ranks)
    here = [list(layer) for layer in layers]
    for sweep in range(SWEEPS):
        numbers = list(range(len(here))) if sweep % 2 == 0 else list(range(len(here) - 1, -1, -1))
        for number in numbers:
            place = {item: (at + 0.5) / len(layer) for layer in here for at, item in enumerate(layer)}
            before = number - 1 if sweep % 2 == 0 else number + 1
            known = set(here[before]) if 0 <= before < len(here) else set()

            def pull(item: Place, place: dict[Place, float] = place, known: set[Place] = known) -> float:
                seen = [place[other] for other in beside.get(item, []) if other in known]
                return fmean(seen) if seen else place[item]

            here[number] = sorted(here[number], key=pull)
        found = crossings(here, segments, ranks)
        if found < fewest:
            best, fewest = [list(layer) for layer in here], found
    return best


def crossings(layers: Sequence[Sequence[Place]], segments: Sequence[tuple[Place, Place]], ranks: Mapping[str, int]) -> int:
    """How often two segments between the same layers cross."""

    def rank(item: Place) -> int:
        return ranks[item] if isinstance(item, str) else item[1]

    place = {item: at for layer in layers for at, item in enumerate(layer)}
    between: dict[int, list[tuple[int, int]]] = {}
    for one, other in segments:
        left, right = (one, other) if rank(one) <= rank(other) else (other, one)
        if rank(left) != rank(right):
            between.setdefault(rank(left), []).append((place[left], place[right]))
    total = 0
    for lines in between.values():
        for number, (a, b) in enumerate(lines):
            total += sum((a - c) * (b - d) < 0 for c, d in lines[number + 1 :])
    return total


def _size(place: Place, sizes: Mapping[str, float]) -> float:
    return sizes[place] if isinstance(place, str) else PASS


def _heights(layers: list[list[Place]], beside: Mapping[Place, list[Place]], sizes: Mapping[str, float], gap: float) -> dict[Place, float]:
    """Middles as close to those of the neighbours as the order and the free height between them allow."""
    height: dict[Place, float] = {}
    for layer in layers:
        total = sum(_size(place, sizes) + gap for place in layer)
        at = total / 2
        for place in layer:
            at -= _size(place, sizes) / 2
            height[place] = at
            at -= _size(place, sizes) / 2 + gap
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 == 0 else layers[::-1]:
            if not layer:
                continue
            wish = [fmean([height[other] for other in beside[place]]) if place in beside else height[place] for place in layer]
            apart = [(_size(one, sizes) + _size(other, sizes)) / 2 + gap for one, other in pairwise(layer)]
            for place, value in zip(layer, _spread(wish, apart), strict=True):
                height[place] = value
    return height


def _spread(wish: Sequence[float], apart: Sequence[float]) -> list[float]:
    """The values nearest to the wishes (least squares) that fall by at least the given steps: pooling of neighbours."""
    steps = [0.0]
    for step in apart:
        steps.append(steps[-1] + step)
    # With the steps taken out, the values must only never rise.
    blocks: list[list[float]] = []
    for value, step in zip(wish, steps, strict=True):
        blocks.append([value + step, 1.0])
        while len(blocks) > 1 and blocks[-2][0] < blocks[-1][0]:
            mean, count = blocks.pop()
            other, before = blocks.pop()
            blocks.append([(mean * count + other * before) / (count + before), count + before])
    flat = [mean for mean, count in blocks for _ in range(int(count))]
    return [value - step for value, step in zip(flat, steps, strict=True)]


MOST = 40  # bundles that a page can show and a reader can follow


def most_told(bundles: pd.DataFrame, *, least: int | None = None, most: int = MOST) -> tuple[pd.DataFrame, bool]:
    """The bundles that a picture shows, those with most informants first.

    Args:
        bundles: of a causal map, those with most informants first.
        least: fewest informants of a bundle; default two, or one where no bundle has two.
        most: most bundles. Equals at the end are left out together, unless that leaves nothing.

    Returns:
        The bundles, and whether equals had to be parted, in which case the first of them stand for all.

    Raises:
        AnalysisError: no bundle has so many informants.

    Example:
        >>> import pandas as pd
        >>> told = pd.DataFrame({"cause": ["a", "b", "c"], "informants": [3, 2, 1]})
        >>> most_told(told)[0]["cause"].tolist()
        ['a', 'b']
    """
    if most < 1:
        raise AnalysisError(f"most is {most!r}", todo="draw at least one bundle")
    best = int(bundles["informants"].max())
    wanted = least if least is not None else min(2, best)
    kept = bundles[bundles["informants"] >= wanted]
    if kept.empty:
        raise AnalysisError(f"no bundle has {wanted} informants", why=f"the best supported has {best}", todo="lower least")
    if len(kept) <= most:
        return kept, False
    clear = kept[kept["informants"] > kept["informants"].iloc[most]]
    return (kept.head(most), True) if clear.empty else (clear, False)


Point = tuple[float, float]
SIDE = 0.03  # inches left free at both edges of the sheet
_APART = 0.11  # inches between two arrows at the side of a box


def box_sizes(words: Mapping[str, Sequence[str]], edges: Sequence[Edge], size: float) -> dict[str, float]:
    """Heights that hold the words and keep the arrows at a side apart."""
    sizes = {}
    for name, lines in words.items():
        arrows = max(sum(cause == name for cause, _ in edges), sum(effect == name for _, effect in edges))
        sizes[name] = max(box_height(lines, size), _APART * arrows + PAD)
    return sizes


def columns_of(plan: Layers, width: float, page: float) -> list[float]:
    """The middle of each layer, spread over the page."""
    free = (page - 2 * SIDE - plan.count * width) / max(1, plan.count - 1)
    return [SIDE + width / 2 + number * (width + free) for number in range(plan.count)]


def arrow_courses(
    plan: Layers, columns: Sequence[float], width: float, sizes: Mapping[str, float], below: float
) -> dict[Edge, list[Point]]:
    """The points of each arrow: from the side of one box, level through the layers between, to the side of another.

    Args:
        plan: the layout.
        columns: the middle of each layer.
        width: of the boxes.
        sizes: heights of the boxes.
        below: how much everything is raised.

    Returns:
        The points by edge. Arrows between boxes of one layer leave and enter at the right.
    """
    ends: dict[tuple[str, int], list[tuple[float, Edge]]] = {}
    for (cause, effect), passed in plan.route.items():
        way = _way(plan, cause, effect)
        toward = passed[0][1] if passed else plan.height[effect]
        back = passed[-1][1] if passed else plan.height[cause]
        ends.setdefault((cause, way or 1), []).append((toward, (cause, effect)))
        ends.setdefault((effect, -way or 1), []).append((back, (cause, effect)))
    port: dict[tuple[str, Edge], float] = {}
    for (node, _), arrows in ends.items():
        room = max(0.0, sizes[node] - 2 * PAD)
        step = min(room / len(arrows), 0.16)
        for number, (_, edge) in enumerate(sorted(arrows)):
            port[node, edge] = plan.height[node] + below + (number - (len(arrows) - 1) / 2) * step
    found: dict[Edge, list[Point]] = {}
    for edge, passed in plan.route.items():
        cause, effect = edge
        way = _way(plan, cause, effect)
        half = way * width / 2
        level = [point for at, y in passed for point in ((columns[at] - half, y + below), (columns[at] + half, y + below))]
        start = (columns[plan.rank[cause]] + (half or width / 2), port[cause, edge])
        end = (columns[plan.rank[effect]] + (-half or width / 2), port[effect, edge])
        found[edge] = [start, *level, end]
    return found


def _way(plan: Layers, cause: str, effect: str) -> int:
    difference = plan.rank[effect] - plan.rank[cause]
    return (difference > 0) - (difference < 0)


_SAMPLE = 0.55  # inches that a line takes across


@dataclass(frozen=True)
class Link:
    """One link: its ends in words, how its line is drawn, what it rests on."""

    cause: str
    effect: str
    line: Line
    width: float
    told: str
    name: str


def link_rows(links: Sequence[Link], kind: DataKind, lang: Lang) -> Figure:
    """The links below each other, in the order given."""
    labels = [f"{link.cause} → {link.effect}" for link in links]
    most = max((len(_told(link.told, 2.9)) for link in links), default=1)
    rows = rows_of(labels, max(0.16, height_of(most)), kind, lang)
    axes = rows.panel(line=False)
    axes.set_xlim(rows.left, rows.right)
    for link, middle in zip(links, rows.middles, strict=True):
        draw_arrow(axes, [(rows.left, middle), (rows.left + _SAMPLE, middle)], link.line, link.width, gid=link.name)
        told = "\n".join(_told(link.told, rows.sheet.width))
        rows.sheet.write(told, rows.left + _SAMPLE + GAP, middle, va="center", colour="#4a5560")
    return rows.sheet.figure


def _told(words: str, width: float) -> list[str]:
    return broken(words, width - _SAMPLE - 3 * GAP, SMALL)
