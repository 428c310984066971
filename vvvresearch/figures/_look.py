"""One look for all figures: typeface, colours, sizes, the mark of data that are not real."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 6.3  # inches: the text width of the page
INK, MUTED, GRID, ACCENT, MARK = "#1d252c", "#4a5560", "#d5dce1", "#0b4f6c", "#7a1f1f"
# Hues that colour-blind readers tell apart, in falling darkness, so that a grey copy keeps their order.
SERIES = ("#0b3954", "#c8553d", "#3f9ca3", "#e8b04a", "#b9c7cf")
NO_DATA, HIDDEN = "#ffffff", "#e4e7ea"
_STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "text.color": INK,
    "axes.edgecolor": GRID,
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlesize": 9,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "ytick.major.size": 0,
    "xtick.major.size": 0,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "figure.facecolor": "white",
    "hatch.linewidth": 0.6,
    "figure.dpi": 110,
}


@contextmanager
def look() -> Iterator[None]:
    """The style inside a `with` block; nothing outside it changes."""
    import matplotlib

    # Files of the user's own settings would make two machines draw two pictures. Only what differs is set: matplotlib checks
    # every setting it is given, which for all of them takes as long as drawing.
    wanted: dict[Any, Any] = {**matplotlib.rcParamsDefault, **_STYLE}
    kept = ("backend", "interactive", "toolbar")
    changed = {name: value for name, value in wanted.items() if name not in kept and matplotlib.rcParams[name] != value}
    with matplotlib.rc_context(changed):
        yield


def canvas(height: float, *, width: float = WIDTH) -> Figure:
    """An empty figure that pyplot does not know of, so that nothing piles up in memory."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def shades(count: int) -> list[str]:
    """Colours for an ordered scale: each darker than the next, told apart without colour.

    Example:
        >>> len(shades(4)), shades(1)
        (4, ['#003070'])
    """
    import matplotlib
    from matplotlib.colors import to_hex

    scale = matplotlib.colormaps["cividis"]
    places = [0.08 + 0.84 * place / max(1, count - 1) for place in range(count)]
    return [str(to_hex(scale(place))) for place in places]


def contrast(colour: str) -> str:
    """Black or white, whichever is read better on a colour (WCAG relative luminance).

    Example:
        >>> contrast("#000000"), contrast("#ffff00")
        ('#ffffff', '#000000')
    """
    from matplotlib.colors import to_rgb

    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000000"


def wrapped(labels: Sequence[str], width: int = 34) -> list[str]:
    """Labels broken into lines."""
    return ["\n".join(textwrap.wrap(label, width)) or label for label in labels]


def mark(figure: Figure, kind: DataKind, lang: Lang) -> None:
    """Write the data kind on a figure of data that are not real, so that it goes with every copy."""
    if kind in (DataKind.SYNTHETIC, DataKind.RECONSTRUCTED):
        # An empty title line keeps the mark clear of what is drawn.
        figure.suptitle(kind.label(lang), x=0.995, ha="right", fontsize=7.5, fontweight="bold", color=MARK)


def tidy(axes: Axes) -> None:
    """Remove the frame but for the line that bars stand on."""
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
