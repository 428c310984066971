"""A network on a phone: one row a link, its line as it is drawn on the page, and what it rests on in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vvvresearch.figures._boxes import Line, broken, draw_arrow
from vvvresearch.figures._look import SMALL
from vvvresearch.figures._rows import rows_of
from vvvresearch.figures._sheet import GAP, height_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from vvvresearch.kinds import DataKind
    from vvvresearch.locales import Lang

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
