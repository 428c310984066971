"""Boxes with words and arrows between them, in inches: what network figures are drawn with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from vvvresearch.figures._look import INK, wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE = 1.22  # of the type size
PAD = 0.05  # inches between words and the edge of their box
_BOW = 0.16  # inches that an arrow between boxes of one layer bows out
_VOWELS = "aeiouyæøåéü"


@dataclass(frozen=True)
class Line:
    """How an arrow is drawn: colour and pattern, so that it can be told apart without colour."""

    colour: str
    pattern: str | tuple[float, tuple[float, ...]]


def broken(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Words broken into lines that are no wider than `width` inches in type of `size` points.

    A single word that is too wide is broken with a hyphen between a vowel and a consonant.
    """
    lines: list[str] = []
    # A hard blank holds a number and its sign together.
    for word in re.findall(r"[^ \t\r\n]+", text):
        if lines and wide(f"{lines[-1]} {word}", size, bold=bold) <= width:
            lines[-1] += f" {word}"
            continue
        rest = word
        while wide(rest, size, bold=bold) > width and len(rest) > 6:
            at = _cut(rest, width, size, bold)
            lines.append(rest[:at] + "-")
            rest = rest[at:]
        lines.append(rest)
    return lines or [""]


def _cut(word: str, width: float, size: float, bold: bool) -> int:
    most = max(3, max((at for at in range(1, len(word)) if wide(word[:at] + "-", size, bold=bold) <= width), default=3))
    for at in range(most, 2, -1):
        if word[at - 1].lower() in _VOWELS and word[at].lower() not in _VOWELS and len(word) - at > 2:
            return at
    return most


def box_height(lines: Sequence[str], size: float) -> float:
    """Inches that a box with these lines takes."""
    return len(lines) * size * LINE / 72 + 2 * PAD


def sheet(figure: Figure, height: float, width: float) -> Axes:
    """Axes over the whole figure in which one unit is one inch."""
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_axis_off()
    return axes


def draw_box(axes: Axes, middle: tuple[float, float], extent: tuple[float, float], lines: Sequence[str], size: float) -> None:
    """A box (width, height) with its words."""
    from matplotlib.patches import FancyBboxPatch

    width, height = extent
    x, y = middle[0] - width / 2, middle[1] - height / 2
    style = "round,pad=0,rounding_size=0.05"
    axes.add_artist(FancyBboxPatch((x, y), width, height, boxstyle=style, facecolor="#ffffff", edgecolor=INK, linewidth=0.7, zorder=3))
    axes.text(*middle, "\n".join(lines), ha="center", va="center", fontsize=size, linespacing=1.08, color=INK, zorder=4, parse_math=False)


def draw_arrow(axes: Axes, points: Sequence[tuple[float, float]], line: Line, width: float, *, gid: str = "") -> None:
    """A smooth arrow through points; it leaves and enters level. The head is drawn by itself, so that dashes do not cut it."""
    from matplotlib.patches import PathPatch, Polygon
    from matplotlib.path import Path

    *_, before, (x, y) = points
    upright = x == points[0][0]
    # Between boxes above one another the arrow bows out to the right and comes in from there.
    way = 1 if x >= before[0] and not upright else -1
    head = 0.055 + 0.016 * width
    ends = [*points[:-1], (x - way * head, y)]
    vertices, codes = [ends[0]], [Path.MOVETO]
    for (x0, y0), (x1, y1) in pairwise(ends):
        bends = (x0 + _BOW, x1 + _BOW) if upright else (x0 + (x1 - x0) / 2, x1 - (x1 - x0) / 2)
        vertices += [(bends[0], y0), (bends[1], y1), (x1, y1)]
        codes += [Path.CURVE4] * 3
    path: Any = Path(vertices, codes)
    patch = PathPatch(path, fill=False, edgecolor=line.colour, linestyle=line.pattern, linewidth=width, capstyle="butt", zorder=2)
    patch.set_gid(gid or None)
    axes.add_artist(patch)
    half = 0.03 + 0.012 * width
    axes.add_artist(Polygon([(x, y), (x - way * head, y + half), (x - way * head, y - half)], color=line.colour, linewidth=0, zorder=2))


def draw_key(axes: Axes, at: tuple[float, float], entries: Sequence[tuple[str, Line, float]], size: float, width: float) -> None:
    """What the lines mean, in one or more rows from a point downwards."""
    x, y = at
    for words, line, thick in entries:
        needed = 0.42 + wide(words, size) + 0.18
        if x + needed > width and x > at[0]:
            x, y = at[0], y - 0.17
        axes.plot([x, x + 0.34], [y, y], color=line.colour, linestyle=line.pattern, linewidth=thick, solid_capstyle="butt", zorder=3)
        axes.text(x + 0.4, y, words, ha="left", va="center", fontsize=size, zorder=4, parse_math=False)
        x += needed


def key_rows(entries: Sequence[tuple[str, Line, float]], size: float, width: float) -> int:
    """How many rows `draw_key` needs."""
    rows, x = 1, 0.0
    for words, _, _ in entries:
        needed = 0.42 + wide(words, size) + 0.18
        if x + needed > width and x > 0:
            rows, x = rows + 1, 0.0
        x += needed
    return rows
