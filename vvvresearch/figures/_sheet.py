"""A figure laid out in inches from its top: words measured in the typeface, axes and a key at their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vvvresearch.figures._boxes import LINE, broken
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
