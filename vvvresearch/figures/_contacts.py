"""The contacts with case pairs over time: one line a pair, from the first contact to what is due or lost."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from vvvresearch.figures._drawing import Drawing, given, two_widths
from vvvresearch.figures._look import ACCENT, GRID, MARK, MUTED, SERIES, SMALL, is_narrow, look, wide
from vvvresearch.figures._rows import Rows, rows_of
from vvvresearch.figures._sheet import EDGE, Entry
from vvvresearch.locales import Joined, Phrase, Sayable, format_date, text

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
    entries = [
        Entry(text(f"network.contact_{status}", about.lang), line=_looks(status)) for status in _MARKS if (frame["status"] == status).any()
    ]
    every = [done if done is not None and done == done else due for done, due in zip(frame["done"], frame["due"], strict=True)]
    days = dict(zip(frame.index, every, strict=True))
    first, last = (edge([*every, *([today] if today is not None else [])]) for edge in (min, max))
    room = max((last - first) * 0.05, datetime.timedelta(days=15))
    marked = [format_date(today, about.lang)] if today is not None else []
    with look():
        chart = rows_of(
            [str(pair) for pair in pairs], 0.17, about.kind, about.lang, entries=entries, titles=[(one, 1.0) for one in marked], foot=0.2
        )
        axes: Any = chart.panel(line=False)
        limits = (first - room, last + room)
        axes.set_xlim(*limits)
        for place, pair in zip(chart.middles, pairs, strict=True):
            own = frame[frame["pair"] == pair]
            kept = [days[row] for row, status in zip(own.index, own["status"], strict=True) if status != "dropped_out"]
            if kept:
                axes.plot([min(kept), max(kept)], [place, place], color=GRID, linewidth=1.4, zorder=1)
            for row, status in zip(own.index, own["status"], strict=True):
                axes.plot([days[row]], [place], zorder=3, **_looks(str(status)))
        if today is not None:
            axes.axvline(today, color=MUTED, linestyle=":", linewidth=1)
            half = wide(marked[0], SMALL) / 2
            at = min(max(_across(chart, today, limits), EDGE + half), chart.sheet.width - EDGE - half)
            chart.sheet.write(marked[0], at, chart.top - 0.02, colour=MUTED, ha="center", va="bottom")
        _write_months(chart, limits)
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


def _pair(pair: str, statuses: pd.Series[Any]) -> Phrase:
    """One pair's contacts in words: how many have which status."""
    counted = {status: int((statuses == status).sum()) for status in _MARKS}
    parts = tuple(Joined((str(count), Phrase(f"network.contact_{status}")), " ") for status, count in counted.items() if count)
    return Phrase("network.pair", {"pair": pair, "parts": Joined(parts)})


def _looks(status: str) -> dict[str, Any]:
    shape, edge, fill = _MARKS[status]
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
