"""The contacts with case pairs over time: one line a pair, from the first contact to what is due or lost."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from vvvresearch.figures._drawing import Drawing, given
from vvvresearch.figures._look import ACCENT, GRID, MARK, MUTED, SERIES, canvas, look, mark, tidy
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
    with look():
        figure = canvas(1.1 + 0.24 * len(pairs))
        axes: Any = figure.subplots()
        for row, pair in enumerate(pairs):
            own = frame[frame["pair"] == pair]
            days = [done if done is not None and done == done else due for done, due in zip(own["done"], own["due"], strict=True)]
            kept = [day for day, status in zip(days, own["status"], strict=True) if status != "dropped_out"]
            if kept:
                axes.plot([min(kept), max(kept)], [row, row], color=GRID, linewidth=1.4, zorder=1)
            for day, status in zip(days, own["status"], strict=True):
                axes.plot([day], [row], zorder=3, **_looks(str(status)))
        if today is not None:
            axes.axvline(today, color=MUTED, linestyle=":", linewidth=1)
            at, words = (today, 1.0), format_date(today, about.lang)
            axes.annotate(words, at, xycoords=("data", "axes fraction"), fontsize=7, color=MUTED, ha="center", va="bottom")
        axes.set_yticks(range(len(pairs)), pairs)
        axes.set_ylim(len(pairs) - 0.4, -0.6)
        tidy(axes)
        axes.spines["left"].set_visible(False)
        _write_months(axes)
        for status in [status for status in _MARKS if (frame["status"] == status).any()]:
            axes.plot([], [], label=text(f"network.contact_{status}", about.lang), **_looks(status))
        figure.legend(loc="outside lower center", ncols=5)
        mark(figure, about.kind, about.lang)
    return Drawing(
        figure=figure,
        title=about.title,
        base=about.base,
        spoken=tuple(_pair(pair, frame.loc[frame["pair"] == pair, "status"]) for pair in pairs),
        notes=notes or about.notes,
        kind=about.kind,
        lang=about.lang,
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


def _write_months(axes: Any) -> None:
    """Year and month in figures, which no language has to translate."""
    from matplotlib import dates

    # The library's date classes carry no types.
    untyped: Any = dates
    axes.xaxis.set_major_locator(untyped.AutoDateLocator(minticks=3, maxticks=7))
    axes.xaxis.set_major_formatter(untyped.DateFormatter("%Y-%m"))
