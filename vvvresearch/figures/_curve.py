"""The curve of saturation: how many new themes each run of interviews still brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvvresearch.figures._drawing import Drawing, given
from vvvresearch.figures._look import INK, MUTED, SERIES, canvas, look, mark
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase, Sayable, Written, format_percent, half_up, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd

_STYLES = ("-", "--", "-.", ":")
_MARKS = "os^Dv"


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
    with look():
        figure = canvas(3.0)
        axes = figure.subplots()
        for place, (name, own) in enumerate(lines.items()):
            style, colour = _STYLES[place % len(_STYLES)], SERIES[place % 3]
            axes.plot(
                own["interviews"],
                100 * own["ratio"],
                style,
                marker=_MARKS[place % len(_MARKS)],
                color=colour,
                label=name.replace("$", r"\$"),
            )
        axes.axhline(100 * threshold, color=MUTED, linewidth=0.9, linestyle=(0, (1, 2)))
        limit = format_percent(100 * threshold, 0, source.lang)
        axes.annotate(limit, (1, 100 * threshold), xycoords=("axes fraction", "data"), fontsize=7.5, color=INK, va="bottom", ha="right")
        axes.set_ylim(bottom=0)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_formatter(lambda value, _: format_percent(half_up(value), 0, source.lang))
        axes.set_xlabel(text("figures.curve_x", source.lang))
        axes.set_ylabel(text("figures.curve_y", source.lang))
        figure.legend(loc="outside lower center", ncols=3)
        mark(figure, source.kind, source.lang)
    return Drawing(
        figure=figure,
        title=source.title,
        base=source.base,
        spoken=tuple(_sentence(name, own) for name, own in lines.items()),
        notes=(Phrase("figures.curve_note", {"threshold": Written(100 * threshold, "percent")}),),
        kind=source.kind,
        lang=source.lang,
    )


def _sentence(name: str, own: pd.DataFrame) -> Phrase:
    points = [
        Phrase("figures.curve_point", {"n": int(n), "ratio": Written(half_up(100 * ratio), "percent")})
        for n, ratio in zip(own["interviews"], own["ratio"], strict=True)
    ]
    return Phrase("figures.curve_line", {"name": name, "points": Joined(tuple(points))})
