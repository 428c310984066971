"""What figures of networks share: the course of arrows between boxes in layers, and, on a phone, one row a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vvvresearch.figures._layers import Edge, Layers
from vvvresearch.figures._look import SMALL
from vvvresearch.figures._rows import rows_of
from vvvresearch.figures._sheet import GAP, PAD, Line, box_height, broken, draw_arrow, height_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from vvvresearch.kinds import DataKind
    from vvvresearch.locales import Lang

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
