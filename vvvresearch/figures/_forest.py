"""Changes with their intervals: two shares as a dumbbell, and beside them what the change may be."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from vvvresearch.errors import AnalysisError
from vvvresearch.figures._drawing import Drawing, given
from vvvresearch.figures._look import ACCENT, GRID, INK, MUTED, SERIES, canvas, look, mark, wrapped
from vvvresearch.figures._shares import SMALL_BASE, Share
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Lang, Phrase, Sayable, format_number, half_up, say, text
from vvvresearch.results import Base, Result, hundredfold, is_missing, whole

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

What = Literal["change", "share", "number"]
_COUNTS = ("x1", "n1", "x2", "n2")


@dataclass(frozen=True)
class _Row:
    """One change: its words, both shares where they are known, the change, its interval and its worst case."""

    label: str
    sides: tuple[Share, Share] | None
    change: float
    interval: tuple[float, float] | None
    worst: tuple[float, float] | None

    @property
    def reach(self) -> list[float]:
        """Everything that must fit on the axis; the worst case may run out of it."""
        return [self.change, *(self.interval or ())]


def forest(
    data: Result | pd.DataFrame,
    *,
    first: str | Sayable = "",
    second: str | Sayable = "",
    what: What = "change",
    decimals: int = 1,
    reference: float = 0.0,
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """Changes or other estimates with their intervals, one a line; with counts of both sides their shares stand beside as a dumbbell.

    The thick line is the interval, the thin one the worst case, which assumes nothing; it may run beyond the axis.

    Args:
        data: a result or DataFrame with label, change, lower and upper; where known x1, n1, x2, n2 (counts and bases of both sides),
            worst_lower and worst_upper. What is missing is not drawn, and said.
        first, second: names of the sides, with counts.
        what: "change" of shares (−1 to 1, written in percentage points), "share" (0 to 1, written in per cent), or another "number".
        decimals: digits of change and limits.
        reference: where there is no change; a line is drawn there.
        title, base, kind, lang: override what the data say.

    Returns:
        Drawing; the alternative text has every number.

    Raises:
        AnalysisError: a column is missing, no row has a change, or limits that do not hold it.

    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame({"label": ["Ja"], "x1": [30], "n1": [42], "x2": [32], "n2": [55], "change": [-0.13247],
        ...     "lower": [-0.261], "upper": [0.01]})
        >>> forest(table, first="2021", second="2022", title="Henviser").alt("en")
        'Henviser. Ja: 2021 71% (30 of 42), 2022 58% (32 of 55), difference −13.2 (interval −26.1 to 1.0).'
    """
    source = given(data, ("label", "change", "lower", "upper"), title=title, base=base, kind=kind, lang=lang)
    rows = [_row(row) for row in source.frame.to_dict("records") if not is_missing(row["change"])]
    if not rows:
        raise AnalysisError("there is nothing to draw", where="change", why="no row has a change")
    scale = 1 if what == "number" else 100
    with_sides = any(row.sides for row in rows)
    names = (say(first, source.lang), say(second, source.lang))
    with look():
        figure = canvas(1.0 + 0.42 * len(rows))
        panels = figure.subplots(1, 2, sharey=True, width_ratios=(1, 1.15)) if with_sides else [figure.subplots()]
        if with_sides:
            _dumbbells(panels[0], rows, source.lang)
        _changes(panels[-1], rows, scale, decimals, None if what == "share" else reference, source.lang)
        panels[0].set_yticks(range(len(rows)), wrapped([row.label for row in rows]))
        panels[0].set_ylim(len(rows) - 0.45, -0.6)
        if with_sides:
            panels[-1].tick_params(labelleft=False)
            panels[0].set_title(text("figures.forest_sides", source.lang, first=names[0], second=names[1]), fontsize=8, color=MUTED)
            handles = [panels[0].plot([], [], "o", color=colour, label=name)[0] for colour, name in zip(SERIES, names, strict=False)]
            figure.legend(handles=handles, loc="outside lower center", ncols=2)
        panels[-1].set_title(text(f"figures.forest_{what}", source.lang), fontsize=8, color=MUTED)
        mark(figure, source.kind, source.lang)
    spoken = tuple(_Spoken(row, (first, second), what, decimals) for row in rows)
    notes = [*source.notes, *([Phrase("figures.forest_worst")] if any(row.worst for row in rows) else [])]
    return Drawing(
        figure=figure, title=source.title, base=source.base, spoken=spoken, notes=tuple(notes), kind=source.kind, lang=source.lang
    )


def _row(row: dict[Any, Any]) -> _Row:
    def limits(low: str, high: str) -> tuple[float, float] | None:
        lower: Any = row.get(low)
        upper: Any = row.get(high)
        return None if is_missing(lower) or is_missing(upper) else (float(lower), float(upper))

    change, interval, label = float(row["change"]), limits("lower", "upper"), str(row["label"])
    if interval is not None and interval[0] > interval[1]:
        raise AnalysisError("the lower limit is above the upper", where=label)
    counts = [whole(row.get(name)) for name in _COUNTS]
    sides = None
    if None not in counts and counts[1] and counts[3]:
        x1, n1, x2, n2 = (count or 0 for count in counts)
        sides = (Share("", x1, n1, Fraction(100 * x1, n1)), Share("", x2, n2, Fraction(100 * x2, n2)))
    return _Row(label, sides, change, interval, limits("worst_lower", "worst_upper"))


def _dumbbells(axes: Axes, rows: list[_Row], lang: Lang) -> None:
    """Both shares of each row on one line, each with its percentage, or its count on a small base."""
    for place, row in enumerate(rows):
        if row.sides is None:
            continue
        at = [float(side.percent or 0) for side in row.sides]
        axes.plot(at, [place, place], color=GRID, linewidth=3, zorder=1, solid_capstyle="round")
        for side, colour, value, beside in zip(row.sides, SERIES, at, _beside(at), strict=False):
            axes.plot([value], [place], "o", color=colour, markersize=6, zorder=2)
            offset, align = (-7, "right") if beside == "left" else (7, "left")
            axes.annotate(
                side.short(lang), (value, place), (offset, 0), textcoords="offset points", ha=align, va="center", fontsize=7, color=colour
            )
    axes.set_xlim(-14, 114)
    axes.set_xticks([])
    for side_of_frame in ("left", "bottom"):
        axes.spines[side_of_frame].set_visible(False)


def _beside(at: list[float]) -> tuple[str, str]:
    """On which side of its point each number stands: outside the two."""
    return ("left", "right") if at[0] <= at[1] else ("right", "left")


def _changes(axes: Axes, rows: list[_Row], scale: int, decimals: int, reference: float | None, lang: Lang) -> None:
    """The change of each row with interval and worst case; without a reference they are shares of a whole, whose axis is fixed."""
    if reference is None:
        axes.set_xlim(0, scale)
    else:
        reach = [scale * value for row in rows for value in (*row.reach, reference)]
        room = 0.12 * (max(reach) - min(reach) or 1)
        axes.set_xlim(min(reach) - room, max(reach) + room)
        axes.axvline(scale * reference, color=INK, linewidth=0.8, zorder=0)
    for place, row in enumerate(rows):
        if row.worst is not None:
            axes.plot([scale * end for end in row.worst], [place, place], color=MUTED, linewidth=0.7, zorder=1, linestyle=(0, (4, 2)))
        if row.interval is not None:
            axes.plot([scale * end for end in row.interval], [place, place], color=ACCENT, linewidth=2.6, zorder=2)
        axes.plot([scale * row.change], [place], "D", color=ACCENT, markersize=5, zorder=3)
        shown = _written(row.change, scale, decimals, lang)
        axes.annotate(shown, (scale * row.change, place), (0, 5), textcoords="offset points", ha="center", fontsize=7, color=INK)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", labelsize=7)


def _written(value: float, scale: int, decimals: int, lang: Lang) -> str:
    return format_number(half_up(hundredfold(value) if scale == 100 else value, decimals), decimals, lang)


def _of(side: Share, lang: Lang) -> str:
    """A share with its count and base; on a small base those alone."""
    if side.n is not None and side.n < SMALL_BASE:
        return side.long(lang)
    return text("common.share_of", lang, percent=side.short(lang), count=side.count, n=side.n)


@dataclass(frozen=True)
class _Spoken:
    """One row in words."""

    row: _Row
    names: tuple[str | Sayable, str | Sayable]
    what: What
    decimals: int

    def say(self, lang: Lang) -> str:
        """The row in `lang`."""

        scale = 1 if self.what == "number" else 100

        def limits(key: str, ends: tuple[float, float]) -> Phrase:
            low, high = (_written(end, scale, self.decimals, lang) for end in ends)
            return Phrase(f"figures.{key}", {"lower": low, "upper": high})

        row = self.row
        sides = [
            Phrase("figures.forest_side", {"name": name, "share": _of(side, lang)})
            for name, side in zip(self.names, row.sides or (), strict=False)
        ]
        inside = [limits("forest_interval", row.interval)] if row.interval else []
        inside += [limits("forest_worst_case", row.worst)] if row.worst else []
        told: Sayable = Phrase(f"figures.forest_{self.what}_told", {"value": _written(row.change, scale, self.decimals, lang)})
        told = Phrase("figures.forest_limits", {"told": told, "limits": Joined(tuple(inside))}) if inside else told
        return Phrase("figures.forest_row", {"label": row.label, "parts": Joined((*sides, told))}).say(lang)
