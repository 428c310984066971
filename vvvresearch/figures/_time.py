"""Numbers over time: stock and flow of participants, and trends that break where their definition changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError
from vvvresearch.figures._drawing import Drawing, given
from vvvresearch.figures._look import ACCENT, INK, MUTED, SERIES, canvas, contrast, look, mark
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, Sayable, format_number, format_percent, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd

_PARTS = ("stock", "inflow", "outflow", "total")


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
    numbers = {name: [_number(value) for value in frame[name]] for name in parts}
    if any(value is not None and value < 0 for values in numbers.values() for value in values):
        raise AnalysisError("a negative number of people", where="data", todo="give those who left as positive numbers")
    places = range(len(periods))
    with look():
        figure = canvas(3.4)
        axes = figure.subplots()
        for name, sign, colour in (("inflow", 1, SERIES[2]), ("outflow", -1, SERIES[1])):
            if name in numbers:
                known = [(place, value) for place, value in zip(places, numbers[name], strict=True) if value is not None]
                heights = [sign * value for _, value in known]
                axes.bar([place for place, _ in known], heights, width=0.55, color=colour, label=text(f"figures.{name}", source.lang))
                for (place, value), height in zip(known, heights, strict=True):
                    shown = format_number(value, 0, source.lang)
                    axes.text(place, height / 2, shown, ha="center", va="center", fontsize=7, color=contrast(colour))
        for name, style in (("stock", "-"), ("total", "--")):
            if name in numbers:
                values = [math.nan if value is None else value for value in numbers[name]]
                colour = ACCENT if name == "stock" else MUTED
                label = text(f"figures.{name}", source.lang)
                axes.plot(places, values, style, marker="o", color=colour, linewidth=2, clip_on=False, label=label)
                _write_points(axes, places, values, source.lang)
        axes.axhline(0, color=INK, linewidth=0.8)
        axes.set_xticks(list(places), periods)
        axes.set_yticks([])
        axes.margins(y=0.18)
        axes.spines[["left", "bottom"]].set_visible(False)
        figure.legend(loc="outside lower center", ncols=4)
        mark(figure, source.kind, source.lang)
    spoken = tuple(
        Phrase("figures.period", {"period": period, "parts": _Parts({name: numbers[name][place] for name in parts})})
        for place, period in enumerate(periods)
    )
    gaps = any(value is None for values in numbers.values() for value in values)
    notes = (*source.notes, *([Phrase("figures.unknown_flow")] if gaps else []))
    return Drawing(figure=figure, title=source.title, base=source.base, spoken=spoken, notes=notes, kind=source.kind, lang=source.lang)


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
    with look():
        figure = canvas(3.1)
        axes = figure.subplots()
        for order, (name, rows) in enumerate(frame.groupby("series", sort=False)):
            pieces = (rows["definition"] != rows["definition"].shift()).cumsum()
            for piece, part in rows.groupby(pieces):
                at = [periods.index(period) for period in part["period"]]
                values = [math.nan if (value := _number(item)) is None else value for item in part["value"]]
                label = str(name) if piece == pieces.iloc[0] and name else "_"
                axes.plot(at, values, marker="o", color=SERIES[order % len(SERIES)], linewidth=2, clip_on=False, label=label)
                _write_points(axes, at, values, source.lang, decimals=decimals, percent=percent)
                if piece != pieces.iloc[0]:
                    breaks.append(str(part["period"].iloc[0]))
        for period in dict.fromkeys(breaks):
            place = periods.index(period) - 0.5
            axes.axvline(place, color=MUTED, linestyle=":", linewidth=1)
            words = text("figures.break_here", source.lang)
            axes.annotate(words, (place, 1.0), xycoords=("data", "axes fraction"), fontsize=7, color=MUTED, ha="center", va="bottom")
        axes.set_xticks(range(len(periods)), periods)
        axes.set_ylim(bottom=0)
        axes.margins(x=0.08, y=0.2)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        if frame["series"].any():
            figure.legend(loc="outside lower center", ncols=3)
        mark(figure, source.kind, source.lang)
    spoken = tuple(
        Phrase("figures.period", {"period": _joined(str(name), str(row["period"])), "parts": _point(row, decimals, percent)})
        for name, rows in frame.groupby("series", sort=False)
        for _, row in rows.iterrows()
    )
    note = [Phrase("figures.breaks", {"names": ", ".join(dict.fromkeys(breaks))})] if breaks else []
    return Drawing(
        figure=figure, title=source.title, base=source.base, spoken=spoken, notes=(*source.notes, *note), kind=source.kind, lang=source.lang
    )


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


def _write_points(axes: Any, places: Any, values: list[float], lang: Lang, *, decimals: int = 0, percent: bool = False) -> None:
    for place, value in zip(places, values, strict=True):
        if not math.isnan(value):
            shown = _written(value, decimals, percent, lang)
            axes.annotate(
                shown, (place, value), (0, 6), textcoords="offset points", ha="center", fontsize=7.5, fontweight="bold", color=INK
            )


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
