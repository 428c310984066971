"""The curve of saturation: how many new themes each run of interviews still brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vvvresearch.figures._drawing import Drawing, given, two_widths
from vvvresearch.figures._frame import frame_of
from vvvresearch.figures._look import MUTED, SERIES, STYLES, look
from vvvresearch.figures._sheet import Entry
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase, Sayable, Written, format_percent, half_up, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd

_MARKS = "os^Dv"


@two_widths
def saturation_curve(
    data: Result | pd.DataFrame,
    *,
    threshold: float = 0.05,
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """New themes of each run of interviews over the themes of the first ones, one line a group.

    Args:
        data: a result or DataFrame with series (the group), interviews (held when the run ends) and ratio (new themes over the
            base, 0.05 is five per cent).
        threshold: drawn as a line: at or below it a group is saturated.
        title, base, kind, lang: override what the data say.

    Returns:
        Drawing; the alternative text has every number.

    Raises:
        AnalysisError: a column is missing, or there are no rows.

    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame({"series": ["Frivillige"] * 2, "interviews": [6, 7], "ratio": [0.25, 0.04]})
        >>> saturation_curve(table, title="Mætning").alt()
        'Mætning. Frivillige, nye temaer efter antal interview: 6: 25\\xa0%, 7: 4\\xa0%.'
    """
    source = given(data, ("series", "interviews", "ratio"), title=title, base=base, kind=kind, lang=lang)
    from matplotlib.ticker import MaxNLocator

    lines = {str(name): own for name, own in source.frame.groupby("series", sort=False)}
    styles: list[dict[str, Any]] = [
        {"color": SERIES[place % 3], "linestyle": STYLES[place % len(STYLES)], "marker": _MARKS[place % len(_MARKS)]}
        for place in range(len(lines))
    ]
    held = source.frame["interviews"].astype(float)
    most = max(10.0, *(100 * source.frame["ratio"].astype(float).fillna(0)), 120 * threshold)
    high = next((level for level in (10.0, 25.0, 50.0, 100.0) if most <= level), most)
    ends = (float(held.min()) - 0.5, float(held.max()) + 0.5)
    whole = [float(tick) for tick in MaxNLocator(8, integer=True).tick_values(*ends) if ends[0] <= tick <= ends[1]]
    levels = {level: format_percent(half_up(level), 0, source.lang) for level in (0.0, high / 2, high)}
    limit = format_percent(half_up(100 * threshold), 0, source.lang)
    reached = sum(float(own["ratio"].iloc[-1]) <= threshold for own in lines.values())
    with look():
        chart = frame_of(
            2.3,
            source.kind,
            source.lang,
            across=ends,
            upwards=(0.0, 1.04 * high),
            x_ticks=[(tick, f"{tick:g}") for tick in whole],
            y_ticks=list(levels.items()),
            x_label=text("figures.curve_x", source.lang),
            y_label=text("figures.curve_y", source.lang),
            entries=[Entry(name, line=how) for name, how in zip(lines, styles, strict=True)],
        )
        for own, how in zip(lines.values(), styles, strict=True):
            chart.axes.plot(own["interviews"], 100 * own["ratio"], clip_on=False, **how)
        chart.axes.axhline(100 * threshold, color=MUTED, linewidth=0.9, linestyle=(0, (1, 2)))
        chart.write(limit, ends[1], 100 * threshold, above=True)
    return Drawing(
        figure=chart.sheet.figure,
        title=source.title,
        base=source.base,
        spoken=tuple(_sentence(name, own) for name, own in lines.items()),
        notes=(Phrase("figures.curve_note", {"threshold": Written(100 * threshold, "percent")}),),
        kind=source.kind,
        lang=source.lang,
        message=text("figures.message_curve", source.lang, threshold=limit, reached=reached, n=len(lines)),
    )


def _sentence(name: str, own: pd.DataFrame) -> Phrase:
    points = [
        Phrase("figures.curve_point", {"n": int(n), "ratio": Written(half_up(100 * ratio), "percent")})
        for n, ratio in zip(own["interviews"], own["ratio"], strict=True)
    ]
    return Phrase("figures.curve_line", {"name": name, "points": Joined(tuple(points))})
