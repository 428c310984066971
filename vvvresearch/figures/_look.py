"""One look for all figures: typeface, colours, sizes, the mark of data that are not real."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from vvvresearch.kinds import DataKind

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Inches: the text width of the page, and of a phone held upright.
WIDE, NARROW = 160 / 25.4, 74 / 25.4
# Points: ten and a half pixels, below which no word may be shown; numbers and keys, labels of rows.
SMALLEST, SMALL, LABEL = 7.875, 8.0, 8.5
INK, MUTED, GRID, ACCENT, MARK = "#1d252c", "#4a5560", "#d5dce1", "#0b4f6c", "#7a1f1f"
# Hues that colour-blind readers tell apart, in falling darkness, so that a grey copy keeps their order.
SERIES = ("#0b3954", "#bf4f38", "#3f9ca3", "#e8b04a", "#b9c7cf")
# What lines are drawn in: pale hues are lost on white, so more lines are told apart by their pattern.
STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 3)))
NO_DATA, HIDDEN = "#ffffff", "#e4e7ea"
_STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": LABEL,
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


_sheet: ContextVar[float] = ContextVar("width of the sheet", default=WIDE)


@contextmanager
def at_width(width: float) -> Iterator[None]:
    """Figures inside the `with` block are drawn for a sheet of this width, in inches."""
    kept = _sheet.set(width)
    try:
        yield
    finally:
        _sheet.reset(kept)


def sheet_width() -> float:
    """Inches across that a figure is drawn for."""
    return _sheet.get()


def is_narrow() -> bool:
    """Whether a figure is drawn for a phone, where labels stand above what they name."""
    return _sheet.get() < WIDE / 1.5


def canvas(height: float) -> Figure:
    """An empty figure as wide as the sheet that pyplot does not know of, so that nothing piles up in memory."""
    from matplotlib.figure import Figure

    return Figure(figsize=(sheet_width(), height))


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
    return [legible(str(to_hex(scale(place)))) for place in places]


def luminance(colour: str) -> float:
    """How light a colour is, 0 to 1 (WCAG relative luminance).

    Example:
        >>> luminance("#000000"), luminance("#ffffff")
        (0.0, 1.0)
    """
    from matplotlib.colors import to_rgb

    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return round(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2], 12)


@lru_cache(maxsize=8192)
def ratio(one: str, other: str) -> float:
    """The contrast between two colours, 1 to 21 (WCAG).

    Example:
        >>> ratio("#000000", "#ffffff")
        21.0
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def contrast(colour: str) -> str:
    """Black or white: white wherever it is read well on a colour, for a dark page leaves more room on dark fillings.

    Example:
        >>> contrast("#000000"), contrast("#ffff00")
        ('#ffffff', '#000000')
    """
    return "#ffffff" if ratio(colour, "#ffffff") >= min(4.55, ratio(colour, "#000000")) else "#000000"


@lru_cache(maxsize=8192)
def legible(colour: str) -> str:
    """A filling on which words can be read on light and on dark screens: one in between the two is taken a little darker.

    Example:
        >>> legible("#0b3954"), round(ratio(legible("#808080"), "#ffffff"), 1)
        ('#0b3954', 4.7)
    """
    from matplotlib.colors import to_hex, to_rgb

    # On a dark page the lightest ink is no further from it than 17.8 to 1, so black on white has less room there.
    if ratio(colour, "#ffffff") >= 4.55 or ratio(colour, "#000000") >= 5.4:
        return colour
    red, green, blue = to_rgb(colour)
    for share in range(99, 0, -1):
        darker = str(to_hex((red * share / 100, green * share / 100, blue * share / 100)))
        if ratio(darker, "#ffffff") >= 4.55:
            return darker
    return "#000000"


def edge_of(colour: str) -> str:
    """The line round a filled mark: dark where the filling is lost on white."""
    return colour if ratio(colour, "#ffffff") >= 3 else MUTED


@lru_cache(maxsize=8192)
def wide(text: str, size: float, *, bold: bool = False) -> float:
    """Width in inches as the typeface sets it, the room after its last letter included."""
    from matplotlib.font_manager import FontProperties

    from vvvresearch.figures._letters import LETTERS

    # Its advance widths are added; outlines would have to be drawn to be measured.
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    return float(LETTERS.get_text_width_height_descent(text, font, ismath=False)[0]) / 72 if text else 0.0


def is_marked(kind: DataKind) -> bool:
    """Whether every copy of a figure must say what kind its data are."""
    return kind in (DataKind.SYNTHETIC, DataKind.RECONSTRUCTED)
