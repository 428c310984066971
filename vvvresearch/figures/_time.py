"""Numbers over time: stock and flow of participants, and trends that break where their definition changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError
from vvvresearch.figures._drawing import Drawing, given, two_widths
from vvvresearch.figures._frame import Frame, frame_of
from vvvresearch.figures._look import ACCENT, INK, MUTED, SERIES, SMALL, STYLES, contrast, look, wide
from vvvresearch.figures._shares import short
from vvvresearch.figures._sheet import Entry, height_of
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, Sayable, format_number, format_percent, format_period, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd

# Drawn as lines: name, pattern, colour.
_LINES = (("stock", "-", ACCENT), ("total", "--", MUTED))
_PARTS = ("stock", "inflow", "outflow", "total")


@two_widths
def stock_flow(
    data: Result | pd.DataFrame,
    *,
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """Participants over time: how many are active (a line), how many joined and left (bars up and down).

    Args:
        data: a result or DataFrame with period (text) and any of stock, inflow, outflow, total; missing values are not drawn.
        title, base, kind, lang: override what the data say.

    Returns:
        Drawing; the alternative text has every number.

    Raises:
        AnalysisError: no such column, a negative number, a period that stands twice.

    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame({"period": ["2019", "2020"], "stock": [5000, 6063], "inflow": [None, 1200]})
        >>> stock_flow(table, title="Deltagere").alt()
        'Deltagere. 2019: Aktive 5.000. 2020: Aktive 6.063, Kommet til 1.200.'
    """
    source = given(data, ("period",), title=title, base=base, kind=kind, lang=lang)
    frame = source.frame
    parts = [name for name in _PARTS if name in frame.columns]
    if not parts:
        raise AnalysisError("there is neither stock nor flow", where="data", todo=f"give one of the columns {', '.join(_PARTS)}")
    periods = [str(period) for period in frame["period"]]
    if len(set(periods)) != len(periods):
        raise AnalysisError("a period stands twice", where="period")
    said = [format_period(period, source.lang) for period in periods]
    numbers = {name: [_number(value) for value in frame[name]] for name in parts}
    if any(value is not None and value < 0 for values in numbers.values() for value in values):
        raise AnalysisError("a negative number of people", where="data", todo="give those who left as positive numbers")
    flows = [(name, sign, colour) for name, sign, colour in (("inflow", 1, SERIES[2]), ("outflow", -1, SERIES[1])) if name in numbers]
    lines: list[tuple[str, dict[str, Any]]] = [
        (name, {"linestyle": style, "marker": "o", "color": colour}) for name, style, colour in _LINES if name in numbers
    ]
    entries = [Entry(text(f"figures.{name}", source.lang), {"facecolor": colour, "edgecolor": colour}) for name, _, colour in flows]
    entries += [Entry(text(f"figures.{name}", source.lang), line=how) for name, how in lines]
    highest = max([value or 0 for name in ("stock", "total", "inflow") for value in numbers.get(name, [])], default=0) or 1
    lowest = max([value or 0 for value in numbers.get("outflow", [])], default=0)
    with look():
        chart = frame_of(
            2.5,
            source.kind,
            source.lang,
            across=(-0.6, len(periods) - 0.4),
            upwards=(-1.12 * lowest, 1.12 * highest),
            x_ticks=list(enumerate(said)),
            entries=entries,
            room=0.2,
        )
        for name, sign, colour in flows:
            for place, value in enumerate(numbers[name]):
                if value is not None:
                    chart.axes.bar([place], [sign * value], width=0.55, color=colour)
                    ends = (chart.place(place - 0.275, sign * value), chart.place(place + 0.275, 0))
                    chart.marks.append((ends[0][0], min(ends[0][1], ends[1][1]), ends[1][0], max(ends[0][1], ends[1][1])))
        for name, how in lines:
            values = [math.nan if value is None else value for value in numbers[name]]
            chart.axes.plot(range(len(periods)), values, linewidth=2, clip_on=False, zorder=3, **how)
            _write_points(chart, list(range(len(periods))), values, source.lang)
        for name, sign, colour in flows:
            for place, value in enumerate(numbers[name]):
                if value is not None:
                    _write_inside(chart, place, sign * value, colour, source.lang)
        chart.axes.axhline(0, color=INK, linewidth=0.8)
    spoken = tuple(
        Phrase("figures.period", {"period": period, "parts": _Parts({name: numbers[name][place] for name in parts})})
        for place, period in enumerate(said)
    )
    gaps = any(value is None for values in numbers.values() for value in values)
    notes = (*source.notes, *([Phrase("figures.unknown_flow")] if gaps else []))
    figure = chart.sheet.figure
    told = next((name for name in _PARTS if name in numbers and any(value is not None for value in numbers[name])), "")
    known = [(period, value) for period, value in zip(said, numbers.get(told, []), strict=bool(told)) if value is not None]
    return Drawing(
        figure=figure,
        title=source.title,
        base=source.base,
        spoken=spoken,
        notes=notes,
        kind=source.kind,
        lang=source.lang,
        message=_ends(
            [(period, f"{text(f'figures.{told}', source.lang)} {format_number(value, 0, source.lang)}") for period, value in known],
            source.lang,
        ),
    )


def _ends(points: list[tuple[str, str]], lang: Lang) -> str:
    """The first and the last of points in words."""
    if not points:
        return text("figures.message_unknown", lang)
    (first, before), (last, after) = points[0], points[-1]
    if first == last:
        return text("figures.message_time", lang, last=last, after=after)
    return text("figures.message_times", lang, first=first, before=before, last=last, after=after)


class _Parts(Phrase):
    """The numbers of one period that are known."""

    def __init__(self, numbers: dict[str, float | None]) -> None:
        super().__init__("figures.period", {"numbers": numbers})

    def say(self, lang: Lang) -> str:
        """The numbers in words."""
        known = {name: value for name, value in self.values["numbers"].items() if value is not None}
        if not known:
            return text("common.no_data", lang)
        return ", ".join(f"{text(f'figures.{name}', lang)} {format_number(value, 0, lang)}" for name, value in known.items())


@two_widths
def trend(
    data: Result | pd.DataFrame,
    *,
    decimals: int = 0,
    percent: bool = False,
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """One or more series over time; the line breaks where the definition changes, so that nobody reads a jump as a change.

    Args:
        data: a result or DataFrame with period (text, in order), value, and where there are any: series, definition
            (what was counted, in words; a new one breaks the line) and n (the base of a point).
        decimals: digits of the numbers.
        percent: whether the values are percentages.
        title, base, kind, lang: override what the data say.

    Returns:
        Drawing.

    Raises:
        AnalysisError: a column is missing, or a series has two values in one period.

    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame({"period": ["2017", "2018"], "value": [69, 61], "definition": ["alle", "aktive"]})
        >>> print(trend(table, title="Kommuner").note)
        Kurven er brudt, hvor opgørelsen skifter: 2018. Tal på hver side af et brud kan ikke sammenlignes.
    """
    source = given(data, ("period", "value"), title=title, base=base, kind=kind, lang=lang)
    frame = source.frame.assign(period=source.frame["period"].astype(str))
    for column in ("series", "definition"):
        frame[column] = frame[column].fillna("").astype(str) if column in frame else ""
    if frame.duplicated(["series", "period"]).any():
        raise AnalysisError("a series has two values in one period", where="period", todo="name what tells them apart in the column series")
    periods = list(dict.fromkeys(frame["period"]))
    breaks: list[str] = []
    names = [str(name) for name in dict.fromkeys(frame["series"])]
    styles: dict[str, dict[str, Any]] = {
        name: {"color": SERIES[order % 3], "linestyle": STYLES[order % len(STYLES)], "marker": "os^Dv"[order % 5]}
        for order, name in enumerate(names)
    }
    known = [value for item in frame["value"] if (value := _number(item)) is not None]
    low, high = min([0.0, *known]), 100.0 if percent and max(known, default=0) <= 100 else 1.12 * max(known, default=0.0) or 1.0
    with look():
        chart = frame_of(
            1.9,
            source.kind,
            source.lang,
            across=(-0.5, len(periods) - 0.5),
            upwards=(1.12 * low, high),
            x_ticks=list(enumerate(periods)),
            entries=[Entry(name, line=how) for name, how in styles.items() if name],
            room=0.4,
        )
        for name, rows in frame.groupby("series", sort=False):
            pieces = (rows["definition"] != rows["definition"].shift()).cumsum()
            for piece, part in rows.groupby(pieces):
                at = [periods.index(period) for period in part["period"]]
                values = [math.nan if (value := _number(item)) is None else value for item in part["value"]]
                chart.axes.plot(at, values, linewidth=2, clip_on=False, **styles[str(name)])
                _write_points(chart, at, values, source.lang, decimals=decimals, percent=percent)
                if piece != pieces.iloc[0]:
                    breaks.append(str(part["period"].iloc[0]))
        for period in dict.fromkeys(breaks):
            place = periods.index(period) - 0.5
            chart.axes.axvline(place, color=MUTED, linestyle=":", linewidth=1)
            chart.write(text("figures.break_here", source.lang), place, chart.upwards[1], colour=MUTED, above=True)
        chart.axes.axhline(0, color=MUTED, linewidth=0.6)
    figure = chart.sheet.figure
    spoken = tuple(
        Phrase("figures.period", {"period": _joined(str(name), str(row["period"])), "parts": _point(row, decimals, percent)})
        for name, rows in frame.groupby("series", sort=False)
        for _, row in rows.iterrows()
    )
    note = [Phrase("figures.breaks", {"names": ", ".join(dict.fromkeys(breaks))})] if breaks else []
    return Drawing(
        figure=figure,
        title=source.title,
        base=source.base,
        spoken=spoken,
        notes=(*source.notes, *note),
        kind=source.kind,
        lang=source.lang,
        message=_trend_message(frame, breaks, decimals, percent, source.lang),
    )


def _trend_message(frame: pd.DataFrame, breaks: list[str], decimals: int, percent: bool, lang: Lang) -> str:
    """The first and the last number of a line; of several lines their last ones; over a break nothing can be told."""
    points: dict[str, list[tuple[str, str]]] = {}
    for row in frame.to_dict("records"):
        value = _number(row["value"])
        if value is not None:
            n = _number(row.get("n"))
            of = f" (n = {format_number(n, 0, lang)})" if n is not None else ""
            points.setdefault(str(row["series"]), []).append((str(row["period"]), _written(value, decimals, percent, lang) + of))
    if len(points) == 1:
        if breaks:
            return text("figures.message_break", lang, period=breaks[-1])
        return _ends(next(iter(points.values())), lang)
    if not points:
        return text("figures.message_unknown", lang)
    return "; ".join(f"{short(name)}, {own[-1][0]}: {own[-1][1]}" for name, own in list(points.items())[:2])


def _joined(*parts: str) -> str:
    return " – ".join(part for part in parts if part)


class _Point(Phrase):
    """One point of a trend, with its base and definition."""

    def say(self, lang: Lang) -> str:
        """The point in words."""
        value, n = self.values["value"], self.values["n"]
        shown = text("common.no_data", lang) if value is None else _written(value, self.values["decimals"], self.values["percent"], lang)
        more = [f"n = {format_number(n, 0, lang)}"] if n is not None else []
        more += [self.values["definition"]] if self.values["definition"] else []
        return f"{shown} ({', '.join(more)})" if more else shown


def _point(row: pd.Series[Any], decimals: int, percent: bool) -> _Point:
    parts = {"value": _number(row["value"]), "n": _number(row.get("n")), "definition": row["definition"]}
    return _Point("figures.period", {**parts, "decimals": decimals, "percent": percent})


def _written(value: float, decimals: int, percent: bool, lang: Lang) -> str:
    return format_percent(value, decimals, lang) if percent else format_number(value, decimals, lang)


def _write_points(frame: Frame, places: list[int], values: list[float], lang: Lang, *, decimals: int = 0, percent: bool = False) -> None:
    """The numbers of points where there is room: the ends of a line first, then its highest and lowest, then the others."""
    known = [(place, value) for place, value in zip(places, values, strict=True) if not math.isnan(value)]
    if not known:
        return
    first = [known[-1], known[0], max(known, key=lambda point: point[1]), min(known, key=lambda point: point[1])]
    dips = {now for before, now, after in zip(known, known[1:], known[2:], strict=False) if now[1] < min(before[1], after[1])}
    for place, value in dict.fromkeys([*first, *known]):
        frame.write(_written(value, decimals, percent, lang), place, value, bold=True, low=(place, value) in dips)


def _write_inside(frame: Frame, place: int, height: float, colour: str, lang: Lang) -> None:
    """The number of a bar in its middle, where it fits in."""
    words = format_number(abs(height), 0, lang)
    left, low = frame.place(place - 0.27, 0)
    right, high = frame.place(place + 0.27, height)
    if wide(words, SMALL) <= right - left and height_of(1) <= abs(low - high):
        frame.write(words, place, height / 2, colour=contrast(colour), above=False)


def _number(value: Any) -> float | None:
    """A value to draw; what is missing has none."""
    import pandas as pd

    if value is None or pd.isna(value):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise AnalysisError(f"{value!r} is no number that can be drawn", todo="give numbers, or leave the cell empty") from None
    return number if math.isfinite(number) else None
