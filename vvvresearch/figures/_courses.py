"""The course of arrows between boxes in layers: columns, sizes of boxes, and where on a box each arrow begins and ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vvvresearch.figures._boxes import PAD, box_height
from vvvresearch.figures._layers import Edge, Layers

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
