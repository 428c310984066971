"""Charts in rows: a label for each, beside its marks on a page and above them on a phone, with panels that share the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vvvresearch.figures._look import GRID, LABEL, SMALL, is_narrow, sheet_width, wide
from vvvresearch.figures._sheet import EDGE, GAP, Entry, Sheet, broken, height_of, key_height, mark_height, sheet_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from vvvresearch.kinds import DataKind
    from vvvresearch.locales import Lang

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
