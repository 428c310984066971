"""Curves of how long something lasts, or of how often it has ended: steps with their limits and who is at risk below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.figures._drawing import Drawing, given
from vvvresearch.figures._look import MUTED, SERIES, canvas, look, mark
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase, Sayable, Written, format_number, format_percent, half_up, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


class Curves(Protocol):
    """What estimates curves: it has them in `.frame`."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row a curve and time."""
        ...


_STYLES = ("-", "--", "-.", ":")
_VALUES = ("survival", "incidence")
_YEAR = 365.25
# Points below the axis at which the numbers at risk begin, and from line to line.
_RISK_TOP, _RISK_LINE = 38, 11
# Curves in one picture that a reader can still follow.
_MOST = 6


def survival_plot(
    data: Result | pd.DataFrame | Curves,
    *,
    value: str = "",
    limits: bool | None = None,
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """Kaplan–Meier curves, or cumulative incidences, as steps over the years since the start.

    Args:
        data: a result, a DataFrame or what `kaplan_meier` and `cumulative_incidence` give: time (days), survival or incidence (0–1), and
            where there are any: group (one line each; else reason), lower and upper, at_risk (a line of numbers under the axis).
        value: "survival" or "incidence"; default the column that there is.
        limits: whether the band of the limits is drawn; default for at most two curves.
        title, base, kind, lang: override what the data say.

    Returns:
        Drawing; the alternative text says every curve at each whole year.

    Raises:
        AnalysisError: a column is missing, there are no rows, or there are more than six curves.

    Example:
        >>> import pandas as pd
        >>> curve = pd.DataFrame({"time": [200, 400, 800], "survival": [0.9, 0.6, 0.4]})
        >>> survival_plot(curve, title="Varighed").alt()
        'Varighed. Andel, der stadig er i gang: efter 1 år 90\\xa0%, efter 2 år 60\\xa0%.'
    """
    import pandas as pd

    table = data if isinstance(data, Result | pd.DataFrame) else data.frame
    source = given(table, ("time",), title=title, base=base, kind=kind, lang=lang)
    columns = list(map(str, source.frame.columns))
    value = value or next((name for name in _VALUES if name in columns), "survival")
    if value not in _VALUES or value not in columns:
        raise AnalysisError(f"the figure needs the column {value!r}", where="data", todo=did_you_mean(value, columns))
    frame = source.frame
    by = [name for name in ("group", "reason") if name in columns and (name == "group" or value == "incidence")]
    names = (
        ["" for _ in range(len(frame))] if not by else [" – ".join(str(part) for part in row if str(part)) for row in frame[by].to_numpy()]
    )
    curves = {str(name): own for name, own in frame.groupby(names, sort=False)}
    if len(curves) > _MOST:
        what = f"{len(curves)} curves cannot be told apart"
        raise AnalysisError(what, where="data", todo=f"choose at most {_MOST} groups, or draw them one by one")
    banded = (len(curves) <= 2) if limits is None else limits
    longest = max(float(own["time"].max()) for own in curves.values()) / _YEAR
    step = next((one for one in (0.5, 1, 2, 5) if longest / one <= 8), 10)
    ticks = np.arange(0, longest + 1e-9, step)
    with look():
        risk = "at_risk" in columns
        figure = canvas(3.1 + (0.16 * len(curves) + 0.15 if risk else 0))
        axes = figure.subplots()
        for place, (name, own) in enumerate(curves.items()):
            _curve(axes, own, value, name, place, banded)
        axes.set_xlim(0, max(longest, step))
        axes.set_ylim(0, 1.02 if value == "survival" else None)
        axes.set_xticks(ticks, [format_number(tick, 0 if float(tick).is_integer() else 1, source.lang) for tick in ticks])
        axes.yaxis.set_major_formatter(lambda share, _: format_percent(half_up(100 * share), 0, source.lang))
        axes.grid(axis="y", color="#d5dce1", linewidth=0.6)
        axes.set_xlabel(text("figures.survival_x", source.lang))
        axes.set_ylabel(text(f"figures.{value}_y", source.lang))
        if risk:
            _numbers_at_risk(axes, curves, ticks, source.lang)
        if any(curves):
            figure.legend(loc="outside lower center", ncols=min(3, len(curves)), handlelength=2.6)
        mark(figure, source.kind, source.lang)
    return Drawing(
        figure=figure,
        title=source.title,
        base=source.base,
        spoken=tuple(_sentence(name, own, value, longest) for name, own in curves.items()),
        notes=source.notes if banded is False or "lower" not in columns else (*source.notes, Phrase("figures.survival_band")),
        kind=source.kind,
        lang=source.lang,
    )


def _curve(axes: Axes, own: pd.DataFrame, value: str, name: str, place: int, banded: bool) -> None:
    start = 1.0 if value == "survival" else 0.0
    years = np.concatenate([[0.0], own["time"].to_numpy(float) / _YEAR])
    level = np.concatenate([[start], own[value].to_numpy(float)])
    colour = SERIES[place % 3]
    label = name.replace("$", r"\$") or "_"
    axes.step(years, level, _STYLES[place % len(_STYLES)], where="post", color=colour, linewidth=1.8, label=label)
    if banded and {"lower", "upper"} <= set(own.columns):
        low, high = (np.concatenate([[start], own[side].to_numpy(float)]) for side in ("lower", "upper"))
        axes.fill_between(years, low, high, step="post", color=colour, alpha=0.16, linewidth=0)


def _numbers_at_risk(axes: Axes, curves: dict[str, pd.DataFrame], ticks: Any, lang: Any) -> None:
    """How many are still followed at each tick, one line a curve, under the axis."""
    # In points, not in shares of the axes: so the layout keeps the room that they take when it makes the axes smaller.
    under = {"textcoords": "offset points", "va": "center", "annotation_clip": False}
    header = text("figures.at_risk", lang)
    axes.annotate(header, (0, 0), (0, -_RISK_TOP), xycoords="axes fraction", fontsize=7, ha="left", color=MUTED, **under)
    for row, (name, own) in enumerate(curves.items()):
        times, risk = own["time"].to_numpy(float) / _YEAR, own["at_risk"].to_numpy()
        below, colour = -_RISK_TOP - _RISK_LINE * (row + 1), SERIES[row % 3]
        for tick in ticks:
            at = int(np.searchsorted(times, tick, side="left"))
            shown = format_number(int(risk[at]) if at < len(risk) else 0, 0, lang)
            axes.annotate(shown, (tick, 0), (0, below), xycoords=("data", "axes fraction"), fontsize=7, ha="center", color=colour, **under)
        if name:
            axes.annotate(name[:18], (0, 0), (-14, below), xycoords="axes fraction", fontsize=6.5, ha="right", color=colour, **under)


def _sentence(name: str, own: pd.DataFrame, value: str, longest: float) -> Phrase:
    times, level = own["time"].to_numpy(float) / _YEAR, own[value].to_numpy(float)
    last = times[-1]
    years = [year for year in range(1, int(longest) + 1) if year <= last] or [last]
    start = 1.0 if value == "survival" else 0.0
    points = []
    for year in years:
        at = int(np.searchsorted(times, year, side="right")) - 1
        share = start if at < 0 else float(level[at])
        written = Written(year, "number", 0 if float(year).is_integer() else 1)
        points.append(Phrase("figures.survival_point", {"year": written, "share": Written(half_up(100 * share), "percent")}))
    words = Phrase(f"figures.{value}_y")
    whose = Joined((name, words), ": ") if name else words
    return Phrase("figures.survival_line", {"name": whose, "points": Joined(tuple(points))})
