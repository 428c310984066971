"""Curves: of how long something lasts, with steps and limits, and of how many new themes each run of interviews still brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.figures._drawing import Drawing, given, two_widths
from vvvresearch.figures._frame import Frame, frame_of
from vvvresearch.figures._look import MUTED, SERIES, SMALL, STYLES, is_narrow, look, sheet_width, wide
from vvvresearch.figures._shares import short
from vvvresearch.figures._sheet import EDGE, Entry, broken, height_of
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase, Sayable, Written, format_number, format_percent, half_up, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd


class Curves(Protocol):
    """What estimates curves: it has them in `.frame`."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row a curve and time."""
        ...


_VALUES = ("survival", "incidence")
_YEAR = 365.25
# Curves in one picture that a reader can still follow.
_MOST = 6


@two_widths
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
    step = next((one for one in (0.5, 1, 2, 5) if longest / one <= (4 if is_narrow() else 8)), 10)
    ticks = [float(tick) for tick in np.arange(0, longest + 1e-9, step)]
    highest = (
        1.0
        if value == "survival"
        else _round_up(max(float(own[side].max()) for own in curves.values() for side in ("upper", value) if side in own))
    )
    levels = [level for level in (0.0, 0.25, 0.5, 0.75, 1.0) if level <= highest] if highest > 0.5 else [0.0, highest / 2, highest]
    risk = "at_risk" in columns
    names_of = {name: broken(name, sheet_width() - 2 * EDGE, SMALL) if name else [] for name in curves}
    with look():
        chart = frame_of(
            2.5,
            source.kind,
            source.lang,
            across=(0.0, max(longest, step)),
            upwards=(0.0, 1.02 * highest),
            x_ticks=[(tick, format_number(tick, 0 if tick.is_integer() else 1, source.lang)) for tick in ticks],
            y_ticks=[(level, format_percent(half_up(100 * level), 0, source.lang)) for level in levels],
            x_label=text("figures.survival_x", source.lang),
            y_label=text(f"figures.{value}_y", source.lang),
            entries=[Entry(name, line=_line(place)) for place, name in enumerate(curves)] if any(curves) else [],
            under=0.08 + height_of(1 + sum(len(lines) + 1 for lines in names_of.values())) if risk else 0.0,
        )
        for place, own in enumerate(curves.values()):
            _curve(chart, own, value, place, banded)
        if risk:
            _numbers_at_risk(chart, curves, names_of, ticks, source.lang)
    return Drawing(
        figure=chart.sheet.figure,
        title=source.title,
        base=source.base,
        spoken=tuple(_sentence(name, own, value, longest) for name, own in curves.items()),
        notes=source.notes if banded is False or "lower" not in columns else (*source.notes, Phrase("figures.survival_band")),
        kind=source.kind,
        lang=source.lang,
        message=_message(curves, value, longest, source.lang),
    )


def _message(curves: dict[str, pd.DataFrame], value: str, longest: float, lang: Any) -> str:
    """Each of the first curves at one year, or at the end of what is known where that is earlier."""
    year = 1.0 if longest >= 1 else longest
    parts = []
    for name, own in list(curves.items())[:3]:
        times, level = own["time"].to_numpy(float) / _YEAR, own[value].to_numpy(float)
        at = int(np.searchsorted(times, year, side="right")) - 1
        share = (1.0 if value == "survival" else 0.0) if at < 0 else float(level[at])
        words = "message_still" if value == "survival" else "message_over"
        shown = format_percent(half_up(100 * share), 0, lang)
        parts.append(text(f"figures.{words}", lang, name=f"{short(name)}: " if name else "", share=shown))
    # What ends before a year is over is told in days.
    days = text("figures.message_after_days", lang, days=format_number(half_up(year * _YEAR, 0), 0, lang))
    when = text("figures.message_after", lang) if longest >= 1 else days
    return text("figures.message_survival", lang, when=when, parts="; ".join(parts))


def _round_up(share: float) -> float:
    """The next of the shares that an axis of shares may end at."""
    return next((level for level in (0.05, 0.1, 0.2, 0.5, 1.0) if share <= level), 1.0)


def _line(place: int) -> dict[str, Any]:
    return {"color": SERIES[place % 3], "linestyle": STYLES[place % len(STYLES)], "linewidth": 1.8}


def _curve(chart: Frame, own: pd.DataFrame, value: str, place: int, banded: bool) -> None:
    start = 1.0 if value == "survival" else 0.0
    years = np.concatenate([[0.0], own["time"].to_numpy(float) / _YEAR])
    level = np.concatenate([[start], own[value].to_numpy(float)])
    chart.axes.step(years, level, where="post", **_line(place))
    if banded and {"lower", "upper"} <= set(own.columns):
        low, high = (np.concatenate([[start], own[side].to_numpy(float)]) for side in ("lower", "upper"))
        chart.axes.fill_between(years, low, high, step="post", color=SERIES[place % 3], alpha=0.16, linewidth=0)


def _numbers_at_risk(chart: Frame, curves: dict[str, pd.DataFrame], names: dict[str, list[str]], ticks: list[float], lang: Any) -> None:
    """How many are still followed at each tick, under the axis: a line of numbers a curve, its name above them."""
    y = chart.below + 0.06
    chart.sheet.write(text("figures.at_risk", lang), EDGE, y, colour=MUTED)
    y += height_of(1)
    for name, own in curves.items():
        if name:
            chart.sheet.write("\n".join(names[name]), EDGE, y)
            y += height_of(len(names[name]))
        times, risk = own["time"].to_numpy(float) / _YEAR, own["at_risk"].to_numpy()
        end = 0.0
        for tick in ticks:
            at = int(np.searchsorted(times, tick, side="left"))
            shown = format_number(int(risk[at]) if at < len(risk) else 0, 0, lang)
            half = wide(shown, SMALL) / 2
            middle = min(max(chart.place(tick, 0)[0], EDGE + half), chart.sheet.width - EDGE - half)
            if middle - half > end:
                chart.sheet.write(shown, middle, y, ha="center")
                end = middle + half + 0.04
        y += height_of(1)


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
        spoken=tuple(_ratios_in_words(name, own) for name, own in lines.items()),
        notes=(Phrase("figures.curve_note", {"threshold": Written(100 * threshold, "percent")}),),
        kind=source.kind,
        lang=source.lang,
        message=text("figures.message_curve", source.lang, threshold=limit, reached=reached, n=len(lines)),
    )


def _ratios_in_words(name: str, own: pd.DataFrame) -> Phrase:
    points = [
        Phrase("figures.curve_point", {"n": int(n), "ratio": Written(half_up(100 * ratio), "percent")})
        for n, ratio in zip(own["interviews"], own["ratio"], strict=True)
    ]
    return Phrase("figures.curve_line", {"name": name, "points": Joined(tuple(points))})
