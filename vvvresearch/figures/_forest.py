"""Changes with their intervals: two shares as a dumbbell, and beside them what the change may be."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from vvvresearch.errors import AnalysisError
from vvvresearch.figures._drawing import Drawing, given, two_widths
from vvvresearch.figures._frame import Rows, rows_of
from vvvresearch.figures._look import ACCENT, GRID, INK, MUTED, NO_DATA, SERIES, SMALL, is_narrow, look, wide
from vvvresearch.figures._shares import SMALL_BASE, Share, short, told_apart
from vvvresearch.figures._sheet import Entry
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Lang, Phrase, Sayable, format_number, half_up, say, text
from vvvresearch.results import Base, Result, hundredfold, is_missing, whole

if TYPE_CHECKING:
    import pandas as pd

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


@two_widths
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
    heads = [text("figures.forest_sides", source.lang, first=names[0], second=names[1])] if with_sides else []
    heads.append(text(f"figures.forest_{what}", source.lang))
    # A phone has no room for two panels: there the shares stand in words under each label.
    drawn_sides = with_sides and not is_narrow()
    under = [_both(row.sides, names, source.lang) if row.sides else "" for row in rows] if with_sides and is_narrow() else []
    marks: list[dict[str, Any]] = [{"marker": "o", "linestyle": "none", "markersize": 6, "color": colour} for colour in SERIES[:2]]
    entries = [Entry(name, line=how) for name, how in zip(names, marks, strict=True) if name] if drawn_sides else []
    split = 0.45 if drawn_sides else 0.0
    titles = [(heads[0], split - 0.02), (heads[-1], 0.98 - split)] if drawn_sides else [(heads[-1], 1.0)]
    with look():
        chart = rows_of([row.label for row in rows], 0.36, source.kind, source.lang, entries=entries, under=under, titles=titles, foot=0.2)
        if drawn_sides:
            _dumbbells(chart, rows, split - 0.02, heads[0], source.lang)
        _changes(
            chart,
            rows,
            split + (0.02 if drawn_sides else 0),
            heads[-1],
            scale,
            decimals,
            None if what == "share" else reference,
            source.lang,
        )
    spoken = tuple(_Spoken(row, (first, second), what, decimals) for row in rows)
    notes = [*source.notes, *([Phrase("figures.forest_worst")] if any(row.worst for row in rows) else [])]
    return Drawing(
        figure=chart.sheet.figure,
        title=source.title,
        base=source.base,
        spoken=spoken,
        notes=tuple(notes),
        kind=source.kind,
        lang=source.lang,
        message=_message(rows, what, decimals, reference, source.lang),
    )


def _message(rows: list[_Row], what: What, decimals: int, reference: float, lang: Lang) -> str:
    """How many changes can be told; of estimates the highest and the lowest."""
    if what == "change":
        return told_apart([(row.change, row.interval) for row in rows], reference, lang)
    scale, unit = (100, "\u00a0%") if what == "share" else (1, "")
    order = sorted(rows, key=lambda row: row.change)
    ends = list(dict.fromkeys([order[-1].label, order[0].label]))
    values = {row.label: row.change for row in rows}
    return ", ".join(f"{short(label)}: {_written(values[label], scale, decimals, lang)}{unit}" for label in ends)


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


def _both(sides: tuple[Share, Share], names: tuple[str, str], lang: Lang) -> str:
    """Both shares in words."""
    return " → ".join(f"{name} {side.short(lang)}".strip() for name, side in zip(names, sides, strict=True))


def _dumbbells(chart: Rows, rows: list[_Row], end: float, title: str, lang: Lang) -> None:
    """Both shares of each row on one line, each with its percentage, or its count on a small base."""
    axes = chart.panel(0.0, end, title=title, line=False)
    for place, row in zip(chart.middles, rows, strict=True):
        if row.sides is None:
            continue
        at = [float(side.percent or 0) for side in row.sides]
        axes.plot(at, [place, place], color=GRID, linewidth=3, zorder=1, solid_capstyle="round")
        for side, colour, value, beside in zip(row.sides, SERIES, at, _beside(at), strict=False):
            axes.plot([value], [place], "o", color=colour, markersize=6, zorder=2)
            offset, align = (-6, "right") if beside == "left" else (6, "left")
            axes.annotate(
                side.short(lang), (value, place), (offset, 0), textcoords="offset points", ha=align, va="center", fontsize=SMALL, color=INK
            )
    room = max((wide(side.short(lang), SMALL) for row in rows for side in row.sides or ()), default=0.0) + 0.14
    width = end * chart.width
    beyond = 100 * room / max(0.3 * width, width - 2 * room)
    axes.set_xlim(-beyond, 100 + beyond)


def _beside(at: list[float]) -> tuple[str, str]:
    """On which side of its point each number stands: outside the two."""
    return ("left", "right") if at[0] <= at[1] else ("right", "left")


def _changes(
    chart: Rows, rows: list[_Row], start: float, title: str, scale: int, decimals: int, reference: float | None, lang: Lang
) -> None:
    """The change of each row with interval and worst case; without a reference they are shares of a whole, whose axis is fixed."""
    axes = chart.panel(start, 1.0, title=title, line=False)
    words = [_written(row.change, scale, decimals, lang) for row in rows]
    width = (1 - start) * chart.width
    half = max(wide(word, SMALL) for word in words) / 2 + 0.02
    if reference is None:
        low, high = 0.0, float(scale)
    else:
        reach = [scale * value for row in rows for value in (*row.reach, reference)]
        low, high = min(reach), max(reach)
        chart.rule(axes, scale * reference, INK)
    free = (high - low or 1.0) * half / max(0.3 * width, width - 2 * half)
    axes.set_xlim(low - free, high + free)
    for place, row, shown in zip(chart.middles, rows, words, strict=True):
        line = place + 0.08
        if row.worst is not None:
            axes.plot([scale * end for end in row.worst], [line, line], color=MUTED, linewidth=0.7, zorder=1, linestyle=(0, (4, 2)))
        if row.interval is not None:
            axes.plot([scale * end for end in row.interval], [line, line], color=ACCENT, linewidth=2.6, zorder=2)
        axes.plot([scale * row.change], [line], "D", color=ACCENT, markersize=5, zorder=3)
        # On a ground of its own: the line of no change runs through numbers near it.
        ground = {"facecolor": NO_DATA, "linewidth": 0, "pad": 0.8}
        at = (scale * row.change, line)
        axes.annotate(shown, at, (0, 5), textcoords="offset points", ha="center", fontsize=SMALL, color=INK, bbox=ground, zorder=2.5)
    _ticks(chart, (low - free, high + free), start, width, lang)


def _ticks(chart: Rows, limits: tuple[float, float], start: float, width: float, lang: Lang) -> None:
    """A few round numbers under the axis, where each has room."""
    from matplotlib.ticker import MaxNLocator

    values = [float(value) for value in MaxNLocator(4).tick_values(*limits) if limits[0] <= value <= limits[1]]
    left = chart.left + start * chart.width
    end = 0.0
    for value in values:
        shown = format_number(value, len(f"{value:g}".partition(".")[2]), lang)
        at = left + (value - limits[0]) / (limits[1] - limits[0]) * width
        half = wide(shown, SMALL) / 2
        if at - half > end and at + half < chart.sheet.width:
            chart.sheet.write(shown, at, chart.bottom + 0.03, colour=MUTED, ha="center")
            end = at + half + 0.06


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
