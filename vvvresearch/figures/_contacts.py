"""What happened when, one line each: contacts with case pairs, and how far housing areas have come."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import span_of
from vvvresearch.figures._drawing import Drawing, given, two_widths
from vvvresearch.figures._frame import Rows, rows_of
from vvvresearch.figures._look import ACCENT, GRID, INK, MARK, MUTED, SERIES, SMALL, is_narrow, look, wide
from vvvresearch.figures._sheet import EDGE, Entry
from vvvresearch.locales import Joined, Lang, Phrase, Sayable, format_date, say, text

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.kinds import DataKind
    from vvvresearch.results import Base, Result

# Told apart by shape and filling as well as by colour.
_MARKS = {
    "done": ("o", ACCENT, ACCENT),
    "overdue": ("D", SERIES[1], "white"),
    "due": ("s", ACCENT, "white"),
    "planned": ("o", MUTED, "white"),
    "dropped_out": ("x", MARK, MARK),
}
# For stages in the order in which they were first noted.
_STAGES = (
    ("o", MUTED, "white"),
    ("s", ACCENT, "white"),
    ("D", SERIES[1], "white"),
    ("o", ACCENT, ACCENT),
    ("s", SERIES[1], SERIES[1]),
    ("^", MARK, "white"),
    ("v", INK, INK),
    ("x", MARK, MARK),
)


@two_widths
def contact_timeline(
    plan: Result | pd.DataFrame,
    *,
    today: datetime.date | None = None,
    notes: tuple[str | Sayable, ...] = (),
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """Draw each pair's contacts on a line: done on the day they were, the others on the day they are due.

    Args:
        plan: from `contact_plan`, or its table: pair, due, done, status.
        today: the day that the plan was judged by; a line marks it.
        notes: what stands under the picture; default what a plan says of itself.
        title, base, kind, lang: override what the plan says.

    Returns:
        Drawing; the alternative text has for every pair how many contacts are done, overdue and ahead, and when it dropped out.

    Raises:
        AnalysisError: a table without what is needed.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.mechanisms import contact_plan
        >>> dates = pd.DataFrame({"pair": ["P1", "P1"], "contact": ["t0", "t1"], "due": ["2022-01-31", "2022-12-31"]})
        >>> contact_timeline(contact_plan(dates, "2022-02-10"), title="Kontakter").alt()
        'Kontakter. P1: 1 over tiden, 1 planlagt.'
    """
    about = given(plan, ("pair", "due", "done", "status"), title=title, base=base, kind=kind, lang=lang)
    frame = about.frame
    pairs = list(dict.fromkeys(frame["pair"]))
    every = [done if done is not None and done == done else due for done, due in zip(frame["done"], frame["due"], strict=True)]
    marks = list(zip(frame["pair"], every, map(str, frame["status"]), strict=True))
    looks = {status: (_looks(*_MARKS[status]), text(f"network.contact_{status}", about.lang)) for status in _MARKS}
    chart = _lines(pairs, marks, looks, today, about.kind, about.lang)
    return Drawing(
        figure=chart.sheet.figure,
        title=about.title,
        base=about.base,
        spoken=tuple(_pair(pair, frame.loc[frame["pair"] == pair, "status"]) for pair in pairs),
        notes=notes or about.notes,
        kind=about.kind,
        lang=about.lang,
        message=text(
            "figures.message_contacts",
            about.lang,
            n=len(frame),
            **{status: int((frame["status"] == status).sum()) for status in ("done", "overdue")},
        ),
    )


@two_widths
def stage_timeline(
    data: Result | pd.DataFrame,
    *,
    words: Mapping[str, str | Sayable] = MappingProxyType({}),
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """Draw the steps of each area on a line: a mark in the month in which a stage was noted.

    Args:
        data: area, month (what `span_of` knows) and stage.
        words: what stages are called.
        title, base, kind, lang: override what the data say.

    Returns:
        Drawing; the alternative text has every area's stages with their months.

    Raises:
        AnalysisError: a column is missing, no row, or no month that can be placed.

    Example:
        >>> import pandas as pd
        >>> rows = pd.DataFrame({"area": ["A1", "A1"], "month": ["2021-01", "2021-06"], "stage": ["contact", "started"]})
        >>> stage_timeline(rows, title="Områder").alt()
        'Områder. A1: 2021-01 contact, 2021-06 started.'
    """
    about = given(data, ("area", "month", "stage"), title=title, base=base, kind=kind, lang=lang)
    steps = about.frame
    spans = [span_of(str(month)) for month in steps["month"]]
    marks = [(area, span[0], str(stage)) for area, span, stage in zip(steps["area"], spans, steps["stage"], strict=True) if span]
    if not marks:
        raise AnalysisError("no step has a month", where="month", todo="write months as 2021-06")
    stages = dict.fromkeys(stage for _, _, stage in sorted(marks, key=lambda one: one[1]))
    looks = {
        stage: (_looks(*_STAGES[order % len(_STAGES)]), say(words.get(stage, stage), about.lang)) for order, stage in enumerate(stages)
    }
    areas = list(dict.fromkeys(area for area, _, _ in marks))
    chart = _lines(areas, marks, looks, None, about.kind, about.lang)
    said = steps[steps["area"].isin(areas)].groupby("area", sort=False)
    told = {
        area: [f"{month} {looks[str(stage)][1]}" for month, stage in zip(own["month"], own["stage"], strict=True) if span_of(str(month))]
        for area, own in said
    }
    return Drawing(
        figure=chart.sheet.figure,
        title=about.title,
        base=about.base,
        spoken=tuple(Phrase("network.pair", {"pair": area, "parts": Joined(tuple(parts))}) for area, parts in told.items()),
        notes=about.notes,
        kind=about.kind,
        lang=about.lang,
    )


def _lines(
    names: list[str],
    marks: list[tuple[str, datetime.date, str]],
    looks: Mapping[str, tuple[dict[str, Any], str]],
    today: datetime.date | None,
    kind: DataKind,
    lang: Lang,
) -> Rows:
    """A line for each name with a mark for each day; the states that there are stand in the key."""
    there = {state for _, _, state in marks}
    entries = [Entry(words, line=how) for state, (how, words) in looks.items() if state in there]
    first, last = (edge([*(day for _, day, _ in marks), *([today] if today is not None else [])]) for edge in (min, max))
    room = max((last - first) * 0.05, datetime.timedelta(days=15))
    limits = (first - room, last + room)
    marked = [format_date(today, lang)] if today is not None else []
    with look():
        chart = rows_of([str(name) for name in names], 0.17, kind, lang, entries=entries, titles=[(one, 1.0) for one in marked], foot=0.2)
        axes: Any = chart.panel(line=False)
        axes.set_xlim(*limits)
        for place, name in zip(chart.middles, names, strict=True):
            own = [(day, state) for one, day, state in marks if one == name]
            kept = [day for day, state in own if state != "dropped_out"]
            if kept:
                axes.plot([min(kept), max(kept)], [place, place], color=GRID, linewidth=1.4, zorder=1)
            for day, state in own:
                axes.plot([day], [place], zorder=3, **looks[state][0])
        if today is not None:
            axes.axvline(today, color=MUTED, linestyle=":", linewidth=1)
            half = wide(marked[0], SMALL) / 2
            at = min(max(_across(chart, today, limits), EDGE + half), chart.sheet.width - EDGE - half)
            chart.sheet.write(marked[0], at, chart.top - 0.02, colour=MUTED, ha="center", va="bottom")
        _write_months(chart, limits)
    return chart


def _pair(pair: str, statuses: pd.Series[Any]) -> Phrase:
    """One pair's contacts in words: how many have which status."""
    counted = {status: int((statuses == status).sum()) for status in _MARKS}
    parts = tuple(Joined((str(count), Phrase(f"network.contact_{status}")), " ") for status, count in counted.items() if count)
    return Phrase("network.pair", {"pair": pair, "parts": Joined(parts)})


def _looks(shape: str, edge: str, fill: str) -> dict[str, Any]:
    return {
        "marker": shape,
        "markersize": 5.5,
        "markeredgewidth": 1.3,
        "markeredgecolor": edge,
        "markerfacecolor": fill,
        "linestyle": "none",
    }


def _across(chart: Rows, day: Any, limits: tuple[Any, Any]) -> float:
    """Inches from the left at which a day lies."""
    return float(chart.left + (day - limits[0]) / (limits[1] - limits[0]) * chart.width)


def _write_months(chart: Rows, limits: tuple[Any, Any]) -> None:
    """Year and month in figures, which no language has to translate, where each has room."""
    first, last = (12 * day.year + day.month - 1 for day in limits)
    most = 4 if is_narrow() else 7
    step = next((one for one in (1, 3, 6, 12, 24) if (last - first) / one <= most), 60)
    end = 0.0
    for month in range(first + 1, last + 1):
        if month % step:
            continue
        day = datetime.date(month // 12, month % 12 + 1, 1)
        shown, middle = f"{day:%Y-%m}", _across(chart, day, limits)
        half = wide(shown, SMALL) / 2
        if middle - half > max(end, EDGE) and middle + half < chart.sheet.width - EDGE:
            chart.sheet.write(shown, middle, chart.bottom + 0.03, colour=MUTED, ha="center")
            end = middle + half + 0.06
