"""A figure laid out in inches from its top: words measured in the typeface, axes, a key, boxes and arrows at their places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from vvvresearch.figures._look import INK, MARK, SMALL, canvas, is_marked, sheet_width, wide

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from vvvresearch.kinds import DataKind
    from vvvresearch.locales import Lang


# Inches free at the edges of a sheet; between two things beside each other.
EDGE, GAP = 0.04, 0.08
_SWATCH, _ENTRY_GAP = 0.26, 0.2


def height_of(lines: int, size: float = SMALL) -> float:
    """Inches that lines of type take."""
    return lines * size * LINE / 72


@dataclass(frozen=True)
class Entry:
    """One entry of a key.

    Args:
        label: its words.
        patch: how its field is filled; None for a line.
        line: how its line or mark is drawn.
    """

    label: str
    patch: Mapping[str, Any] | None = None
    line: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A figure in which places are inches from the left and from the top."""

    figure: Figure
    width: float
    height: float

    def write(self, words: str, x: float, top: float, *, size: float = SMALL, colour: str = INK, **how: Any) -> None:
        """Words as they stand, their upper left corner at a place unless `ha` and `va` say otherwise."""
        at = {"va": "top", "ha": "left", "linespacing": 1.08, "parse_math": False, **how}
        place = self.figure.dpi_scale_trans
        self.figure.text(x, self.height - top, words, fontsize=size, color=colour, transform=place, **at)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Empty axes without ticks or frame."""
        place = (left / self.width, 1 - (top + height) / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(place)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.patch.set_visible(False)
        for side in axes.spines.values():
            side.set_visible(False)
        return axes

    def mark(self, kind: DataKind, lang: Lang) -> None:
        """Write the data kind on a figure of data that are not real, so that it goes with every copy."""
        if is_marked(kind):
            self.write(kind.label(lang), self.width - EDGE, EDGE, colour=MARK, ha="right", fontweight="bold")

    def key(self, entries: Sequence[Entry], top: float) -> None:
        """A key from a place downwards, as many entries in a row as there is room for."""
        from matplotlib.lines import Line2D
        from matplotlib.patches import Rectangle

        place = self.figure.dpi_scale_trans
        for entry, lines, x, row in _flow(entries, self.width):
            y = self.height - top - row
            if entry.patch is not None:
                how = {"linewidth": 0.8, **entry.patch}
                self.figure.add_artist(Rectangle((x, y - 0.125), _SWATCH - 0.06, 0.105, transform=place, **how))
            else:
                ends = [x, x + _SWATCH / 2 - 0.02, x + _SWATCH - 0.04]
                self.figure.add_artist(Line2D(ends, [y - 0.07] * 3, transform=place, markevery=[1], **entry.line))
            self.write("\n".join(lines), x + _SWATCH + 0.04, top + row)


def lying_bar(axes: Axes, left: float, middle: float, length: float, thick: float, **how: Any) -> None:
    """A bar along the axes from a place; no limits are looked for, as matplotlib's own bar does, for every panel is given its own."""
    from matplotlib.patches import Rectangle

    axes.add_artist(Rectangle((left, middle - thick / 2), length, thick, **how))


def sheet_of(height: float) -> Sheet:
    """An empty sheet of a height, as wide as figures are drawn just now."""
    figure = canvas(height)
    figure.set_layout_engine("none")
    return Sheet(figure, sheet_width(), height)


def mark_height(kind: DataKind) -> float:
    """Inches that the mark of the data kind takes at the top."""
    return height_of(1) + 2 * EDGE if is_marked(kind) else EDGE


def key_height(entries: Sequence[Entry]) -> float:
    """Inches that a key takes, the room before it included."""
    flown = _flow(entries, sheet_width())
    return max((row + height_of(len(lines)) for _, lines, _, row in flown), default=0.0) + (0.1 if flown else 0.0)


def _flow(entries: Sequence[Entry], width: float) -> list[tuple[Entry, list[str], float, float]]:
    """Each entry with its lines, its place across and how far down it stands."""
    found: list[tuple[Entry, list[str], float, float]] = []
    x, row, tallest = EDGE, 0.0, 0.0
    for entry in entries:
        lines = broken(entry.label, width - 2 * EDGE - _SWATCH - 0.05, SMALL)
        needed = _SWATCH + 0.04 + max(wide(line, SMALL) for line in lines)
        if x + needed > width - EDGE and x > EDGE:
            x, row, tallest = EDGE, row + tallest + 0.03, 0.0
        found.append((entry, lines, x, row))
        x, tallest = x + needed + _ENTRY_GAP, max(tallest, height_of(len(lines)))
    return found


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
