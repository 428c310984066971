"""The contacts with case pairs over time: one line a pair, from the first contact to what is due or lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vvvresearch.figures._drawing import Drawing
from vvvresearch.figures._look import ACCENT, GRID, MARK, MUTED, SERIES, canvas, look, mark, tidy
from vvvresearch.locales import Lang, Phrase, Sayable, check_lang, format_date, text

if TYPE_CHECKING:
    from vvvresearch.mechanisms import ContactPlan

# Told apart by shape and filling as well as by colour.
_MARKS = {
    "done": ("o", ACCENT, ACCENT),
    "overdue": ("D", SERIES[1], "white"),
    "due": ("s", ACCENT, "white"),
    "planned": ("o", MUTED, "white"),
    "dropped out": ("x", MARK, MARK),
}


def contact_timeline(plan: ContactPlan, *, title: str | Sayable | None = None, lang: str | None = None) -> Drawing:
    """Draw each pair's contacts on a line: done on the day they were, the others on the day they are due.

    Args:
        plan: from `contact_plan`.
        title, lang: override what the plan says.

    Returns:
        Drawing; the alternative text has for every pair how many contacts are done, overdue and ahead, and when it dropped out.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.mechanisms import contact_plan
        >>> dates = pd.DataFrame({"pair": ["P1", "P1"], "contact": ["t0", "t1"], "due": ["2022-01-31", "2022-12-31"]})
        >>> contact_timeline(contact_plan(dates, "2022-02-10"), title="Kontakter").alt()
        'Kontakter. P1: 1 over tiden, 1 planlagt.'
    """
    spoken = check_lang(lang or plan.lang)
    pairs = list(dict.fromkeys(plan.frame["pair"]))
    with look():
        figure = canvas(1.1 + 0.24 * len(pairs))
        axes: Any = figure.subplots()
        for row, pair in enumerate(pairs):
            own = plan.frame[plan.frame["pair"] == pair]
            days = [done if done is not None and done == done else due for done, due in zip(own["done"], own["due"], strict=True)]
            kept = [day for day, status in zip(days, own["status"], strict=True) if status != "dropped out"]
            if kept:
                axes.plot([min(kept), max(kept)], [row, row], color=GRID, linewidth=1.4, zorder=1)
            for day, status in zip(days, own["status"], strict=True):
                axes.plot([day], [row], zorder=3, **_looks(str(status)))
        axes.axvline(plan.today, color=MUTED, linestyle=":", linewidth=1)
        words = format_date(plan.today, spoken)
        axes.annotate(words, (plan.today, 1.0), xycoords=("data", "axes fraction"), fontsize=7, color=MUTED, ha="center", va="bottom")
        axes.set_yticks(range(len(pairs)), pairs)
        axes.set_ylim(len(pairs) - 0.4, -0.6)
        tidy(axes)
        axes.spines["left"].set_visible(False)
        _write_months(axes)
        for status in [status for status in _MARKS if (plan.frame["status"] == status).any()]:
            axes.plot([], [], label=_word(status, spoken), **_looks(status))
        figure.legend(loc="outside lower center", ncols=5)
        mark(figure, plan.kind, spoken)
    return Drawing(
        figure=figure,
        title=plan.title if title is None else title,
        base=plan.base,
        spoken=tuple(_Pair("network.pair", {"plan": plan, "pair": pair}) for pair in pairs),
        notes=plan.notes,
        kind=plan.kind,
        lang=spoken,
    )


class _Pair(Phrase):
    """One pair's contacts in words."""

    def say(self, lang: Lang) -> str:
        """How many contacts have which status, and when the pair dropped out."""
        plan, pair = self.values["plan"], self.values["pair"]
        own = plan.frame.loc[plan.frame["pair"] == pair, "status"]
        parts = [f"{int((own == status).sum())} {_word(status, lang)}" for status in _MARKS if (own == status).any()]
        return text("network.pair", lang, pair=pair, parts=", ".join(parts))


def _word(status: str, lang: Lang) -> str:
    return text(f"network.contact_{status.replace(' ', '_')}", lang)


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
