"""Charts along an axis and charts in rows: margins measured in the typeface, ticks and labels that never cover each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from vvvresearch.figures._look import GRID, INK, LABEL, MUTED, SMALL, is_narrow, sheet_width, wide
from vvvresearch.figures._sheet import EDGE, GAP, Entry, Sheet, broken, height_of, key_height, mark_height, sheet_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from vvvresearch.kinds import DataKind
    from vvvresearch.locales import Lang


Box = tuple[float, float, float, float]  # left, top, right, bottom in inches
Ticks = Sequence[tuple[float, str]]


@dataclass
class Frame:
    """Axes at a known place of a sheet, and what is already written on them.

    Args:
        sheet: the sheet.
        axes: the axes.
        box: their place.
        below: where the room under the ticks begins.
        across, upwards: the limits of the axes.
        taken: boxes of the words written.
        marks: boxes of filled marks, which words beside points keep clear of.
    """

    sheet: Sheet
    axes: Axes
    box: Box
    below: float
    across: tuple[float, float]
    upwards: tuple[float, float]
    taken: list[Box] = field(default_factory=list)
    marks: list[Box] = field(default_factory=list)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where on the sheet a point of the axes lies."""
        left, top, right, bottom = self.box
        share = (x - self.across[0]) / (self.across[1] - self.across[0])
        high = (y - self.upwards[0]) / (self.upwards[1] - self.upwards[0])
        return left + share * (right - left), bottom - high * (bottom - top)

    def write(
        self, words: str, x: float, y: float, *, colour: str = INK, bold: bool = False, above: bool | None = None, low: bool = False
    ) -> bool:
        """Words at a point, above it, else below it; False where both would cover other words or leave the sheet.

        Args:
            words: one line.
            x, y: the point, on the axes.
            colour, bold: of the words.
            above: True for above only, False for on it.
            low: whether below is tried first, as for the foot of a dip.
        """
        from matplotlib.patheffects import withStroke

        at, level = self.place(x, y)
        width, height = wide(words, SMALL, bold=bold), height_of(1)
        left = min(max(at - width / 2, EDGE), self.sheet.width - EDGE - width)
        sides = {
            True: [level - 0.06 - height],
            False: [level - height / 2],
            None: [level - 0.06 - height, level + 0.06][:: -1 if low else 1],
        }[above]
        others = self.taken if above is False else [*self.taken, *self.marks]
        for top in sides:
            box = (left, top, left + width, top + height)
            if top >= 0 and top + height <= self.box[3] and not any(overlap(box, other) for other in others):
                self.taken.append(box)
                halo = [] if above is False else [withStroke(linewidth=2, foreground="#ffffff")]
                self.sheet.write(words, left, top + 0.01, colour=colour, fontweight="bold" if bold else "normal", path_effects=halo)
                return True
        return False


def frame_of(
    height: float,
    kind: DataKind,
    lang: Lang,
    *,
    across: tuple[float, float],
    upwards: tuple[float, float],
    x_ticks: Ticks = (),
    y_ticks: Ticks = (),
    x_label: str = "",
    y_label: str = "",
    entries: Sequence[Entry] = (),
    room: float = 0.0,
    under: float = 0.0,
) -> Frame:
    """A sheet with one pair of axes: ticks and labels written, the key below.

    Args:
        height: inches upright of the axes themselves.
        kind, lang: the mark at the top and its language.
        across, upwards: limits of the axes.
        x_ticks, y_ticks: values with their words.
        x_label, y_label: words below the ticks, and above the axes at the left.
        entries: of the key.
        room: inches above the axes for what is written there.
        under: inches between the ticks' words and the key.
    """
    width = sheet_width()
    left = EDGE + max((wide(words, SMALL) for _, words in y_ticks), default=0.0) + (GAP if y_ticks else 0.0)
    right = width - EDGE - 0.04
    named = broken(y_label, width - 2 * EDGE, SMALL) if y_label else []
    top = mark_height(kind) + height_of(len(named)) + (GAP / 2 if named else 0.0) + room
    bottom = top + height
    ticks = _x_ticks(x_ticks, across, left, right, width)
    below = bottom + GAP / 2 + max((height_of(len(lines)) for _, lines in ticks), default=0.0)
    lines = broken(x_label, right - left, SMALL) if x_label else []
    end = below + (GAP / 2 + height_of(len(lines)) if lines else 0.0)
    sheet = sheet_of(end + under + key_height(entries) + EDGE)
    if named:
        sheet.write("\n".join(named), EDGE, mark_height(kind), colour=MUTED)
    axes = sheet.axes(left, top, right - left, height)
    axes.set_xlim(*across)
    axes.set_ylim(*upwards)
    made = Frame(sheet, axes, (left, top, right, bottom), end, across, upwards)
    for value, words in y_ticks:
        _, y = made.place(across[0], value)
        sheet.write(words, left - GAP, y, colour=MUTED, ha="right", va="center")
        axes.axhline(value, color=GRID, linewidth=0.6, zorder=0)
    for middle, words_of in ticks:
        sheet.write("\n".join(words_of), middle, bottom + GAP / 2, colour=MUTED, ha="center", multialignment="center")
    if lines:
        sheet.write("\n".join(lines), left, below + GAP / 2, colour=MUTED)
    sheet.mark(kind, lang)
    sheet.key(entries, end + under + 0.1)
    return made


def _x_ticks(ticks: Ticks, across: tuple[float, float], left: float, right: float, width: float) -> list[tuple[float, list[str]]]:
    """The words of ticks with their middles on the sheet: broken where that gives all of them room, else every second, third …"""
    if not ticks:
        return []
    scale = (right - left) / (across[1] - across[0])
    apart = min((abs(after[0] - before[0]) for before, after in pairwise(ticks)), default=across[1] - across[0]) * scale
    longest = max(wide(word, SMALL) for _, words in ticks for word in words.split() or [""])
    step = next((one for one in range(1, len(ticks)) if longest <= one * apart - 0.06), len(ticks))
    cell = max(step * apart - 0.06, min(longest, width - 2 * EDGE))
    found: list[tuple[float, list[str]]] = []
    end = 0.0
    for value, words in ticks[::step]:
        lines = broken(words, cell, SMALL)
        half = max(wide(line, SMALL) for line in lines) / 2
        middle = min(max(left + (value - across[0]) * scale, EDGE + half), width - EDGE - half)
        if middle - half >= end:
            found.append((middle, lines))
            end = middle + half + 0.04
    return found


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share room."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


_COLUMN = 2.4  # inches that labels take at most beside their rows
_BETWEEN, _BETWEEN_NARROW = 0.1, 0.17


@dataclass(frozen=True)
class Rows:
    """Rows on a sheet.

    Args:
        sheet: the sheet, its labels written.
        left, right: inches from the left between which marks are drawn.
        top, bottom: inches from the top between which rows lie.
        middles: of each row's marks, from the top.
        band: inches that each row's marks take upright.
    """

    sheet: Sheet
    left: float
    right: float
    top: float
    bottom: float
    middles: tuple[float, ...]
    band: float

    @property
    def width(self) -> float:
        """Inches across for marks."""
        return self.right - self.left

    def rule(self, axes: Axes, at: float, colour: str) -> None:
        """An upright line through the rows at a value; on a phone it leaves out the labels, which stand between them."""
        from matplotlib.lines import Line2D

        ends = [(middle - self.band / 2, middle + self.band / 2) for middle in self.middles] if is_narrow() else [(self.top, self.bottom)]
        for top, bottom in ends:
            axes.add_artist(Line2D([at, at], [top, bottom], color=colour, linewidth=0.8, zorder=0.5, solid_capstyle="butt"))

    def panel(self, start: float = 0.0, end: float = 1.0, *, title: str = "", line: bool = True) -> Axes:
        """Axes over a part of the rows' width, from the top downwards in inches; its title above it.

        Args:
            start, end: of the width, 0 to 1.
            title: words above.
            line: whether there is a line at its left end, which bars stand on.
        """
        left, width = self.left + start * self.width, (end - start) * self.width
        axes = self.sheet.axes(left, self.top, width, self.bottom - self.top)
        axes.set_ylim(self.bottom, self.top)
        if line:
            self.rule(axes, 0, GRID)
        if title:
            lines = broken(title, width - GAP / 2, SMALL)
            self.sheet.write("\n".join(lines), left, self.top - GAP / 2 - height_of(len(lines)), colour="#4a5560")
        return axes


def rows_of(
    labels: Sequence[str],
    band: float,
    kind: DataKind,
    lang: Lang,
    *,
    entries: Sequence[Entry] = (),
    under: Sequence[str] = (),
    titles: Sequence[tuple[str, float]] = (),
    foot: float = 0.0,
) -> Rows:
    """A sheet with a row for each label, the key below.

    Args:
        labels: of the rows.
        band: inches that a row's marks take upright.
        kind: data kind, marked at the top.
        lang: language of the mark.
        entries: of the key.
        under: small words under each label, such as its base.
        titles: of the panels, each with its part of the rows' width, so that there is room above.
        foot: inches below the rows, for the ticks of an axis.
    """
    width, narrow = sheet_width(), is_narrow()
    column = width - 2 * EDGE if narrow else min(_COLUMN, max((wide(label, LABEL) for label in (*labels, *under)), default=0) + 0.02)
    words = [broken(label, column, LABEL) for label in labels]
    small = [broken(line, column, SMALL) if line else [] for line in under] or [[] for _ in labels]
    heights = [height_of(len(own), LABEL) + height_of(len(below)) for own, below in zip(words, small, strict=True)]
    left = EDGE if narrow else EDGE + column + GAP
    right = width - EDGE
    panels = [broken(title, share * (right - left) - GAP / 2, SMALL) for title, share in titles if title]
    head = mark_height(kind)
    top = head + max((height_of(len(lines)) + GAP / 2 for lines in panels), default=0.0)
    between = _BETWEEN_NARROW if narrow else _BETWEEN
    places, middles, y = [], [], top + between / 2
    for height in heights:
        taken = height + band if narrow else max(height, band)
        places.append(y if narrow else y + (taken - height) / 2)
        middles.append(y + height + band / 2 if narrow else y + taken / 2)
        y += taken + between
    bottom = y - between / 2
    below = bottom + foot
    sheet = sheet_of(below + key_height(entries) + EDGE)
    for own, under_it, place in zip(words, small, places, strict=True):
        at, how = (EDGE, "left") if narrow else (left - GAP, "right")
        sheet.write("\n".join(own), at, place, size=LABEL, ha=how, multialignment=how)
        if under_it:
            sheet.write("\n".join(under_it), at, place + height_of(len(own), LABEL), colour="#4a5560", ha=how, multialignment=how)
    sheet.mark(kind, lang)
    sheet.key(entries, below + 0.1)
    return Rows(sheet, left, right, top, bottom, tuple(middles), band)
