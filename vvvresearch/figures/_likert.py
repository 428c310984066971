"""Rated statements: a bar for each row, the middle of the scale at one line, don't know apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError
from vvvresearch.figures._drawing import Drawing, given
from vvvresearch.figures._look import GRID, INK, MUTED, canvas, contrast, look, mark, shades, wrapped
from vvvresearch.figures._shares import KnownBase, SaidShares, Share, first_n, has_rounding, rounding_note, share_of
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, Sayable, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_LEGIBLE = 7.0  # per cent of the axis below which a number does not fit into its bar


def likert(
    data: Result | pd.DataFrame,
    *,
    scale: Sequence[str] | None = None,
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """Statements rated on one scale, as diverging bars with the scale's middle at zero.

    Bars are as long as the exact shares; numbers are rounded half up, and counts on bases below ten. Every row says its
    n. Don't know, refused and unanswered stand apart and are never part of the scale.

    Args:
        data: a survey table, or a DataFrame with the columns text (the statement), label (the answer), count and n,
            or percent where only percentages are known; role "dont_know", "refused" or "blank" for what stands apart;
            group_label for rows by group.
        scale: the answers in order, from the end drawn at the left; default the order of the rows.
        title, base, kind, lang: override what the data say.

    Returns:
        Drawing with `.figure`, `.alt(lang)`, `.caption` and `.base`.

    Raises:
        AnalysisError: a column is missing, an answer is not on the scale, or there are no rows.

    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame({"text": ["Det hjælper"] * 2, "label": ["ja", "nej"], "count": [9, 3], "n": [12, 12]})
        >>> likert(table, title="Nytte").alt()
        'Nytte. Det hjælper (n = 12): ja 75\\xa0% (9), nej 25\\xa0% (3).'
    """
    source = given(data, ("text", "label"), title=title, base=base, kind=kind, lang=lang)
    rows = _rows(source.frame)
    answers = list(dict.fromkeys(share.label for shares in rows.values() for share in shares if not share.role))
    if scale is not None:
        if unknown := [label for label in answers if label not in scale]:
            raise AnalysisError(f"the answer {unknown[0]!r} is not on the scale", where="scale", todo=f"name it in scale={list(scale)!r}")
        answers = list(scale)
    note = rounding_note(rows)
    with look():
        figure = canvas(1.15 + 0.52 * len(rows))
        apart = any(share.role for shares in rows.values() for share in shares)
        panels = figure.subplots(1, 2, sharey=True, width_ratios=(5, 1)) if apart else [figure.subplots()]
        _draw(panels[0], rows, answers, source.lang)
        if apart:
            _draw_apart(panels[1], rows, source.lang)
        mark(figure, source.kind, source.lang)
    return Drawing(
        figure=figure,
        title=source.title,
        base=source.base,
        spoken=tuple(_sentence(label, shares) for label, shares in rows.items()),
        notes=(*source.notes, *([note] if note and not has_rounding(source.notes) else [])),
        kind=source.kind,
        lang=source.lang,
    )


def _rows(frame: pd.DataFrame) -> dict[str, list[Share]]:
    """Shares by row; a row is a statement, or a statement and a group where there are several groups."""
    groups = frame["group_label"].nunique() if "group_label" in frame else 1
    rows: dict[str, list[Share]] = {}
    for _, row in frame.iterrows():
        name = f"{row['text']} – {row['group_label']}" if groups > 1 else str(row["text"])
        rows.setdefault(name, []).append(share_of(row))
    return rows


def _sentence(label: str, shares: list[Share]) -> Phrase:
    return Phrase("figures.row", {"label": label, "n": KnownBase(first_n(shares)), "shares": SaidShares(tuple(shares))})


def _draw(axes: Axes, rows: dict[str, list[Share]], answers: list[str], lang: Lang) -> None:
    colours = dict(zip(answers, shades(len(answers)), strict=True))
    middle = len(answers) / 2
    reach = 5.0
    for place, shares in enumerate(rows.values()):
        by_label = {share.label: share for share in shares if not share.role}
        widths = [float(by_label[label].percent or 0) if label in by_label else 0.0 for label in answers]
        left = -sum(width * min(1.0, max(0.0, middle - position)) for position, width in enumerate(widths))
        reach = max(reach, -left, left + sum(widths))
        for label, width in zip(answers, widths, strict=True):
            if width:
                axes.barh(place, width, left=left, height=0.66, color=colours[label], edgecolor="white", linewidth=0.8)
                if width >= _LEGIBLE:
                    words = by_label[label].short(lang)
                    axes.text(left + width / 2, place, words, ha="center", va="center", fontsize=7.5, color=contrast(colours[label]))
            left += width
        if not any(widths):
            axes.text(0, place, text("common.no_data", lang), ha="center", va="center", fontsize=7.5, color=MUTED)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_xlim(-reach * 1.02, reach * 1.02)
    axes.set_xticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    labels = wrapped(list(rows))
    bases = [KnownBase(first_n(shares)).say(lang) for shares in rows.values()]
    axes.set_yticks(range(len(rows)), [f"{label}\n{n}" for label, n in zip(labels, bases, strict=True)])
    axes.set_ylim(len(rows) - 0.45, -0.55)
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=colours[label], label=label) for label in answers]
    columns = min(len(answers), 4 if sum(map(len, answers)) < 60 else 2)
    figure = axes.figure
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=columns,
        handlelength=1.1,
        columnspacing=1.4,
    )


def _draw_apart(axes: Axes, rows: dict[str, list[Share]], lang: Lang) -> None:
    """What is not an answer on the scale, as counts in a column of its own."""
    most = 1
    for place, shares in enumerate(rows.values()):
        count = sum(share.count or 0 for share in shares if share.role)
        most = max(most, count)
        axes.barh(place, count, height=0.4, color="#ffffff", edgecolor=MUTED, hatch="////", linewidth=0.6)
        axes.text(count, place, f" {count}", ha="left", va="center", fontsize=7.5, color=INK)
    axes.set_xlim(0, most * 1.5)
    axes.set_xticks([])
    axes.spines[["bottom"]].set_visible(False)
    axes.spines["left"].set_color(GRID)
    axes.set_title(text("figures.apart", lang), fontsize=7.5, color=MUTED)
    axes.tick_params(labelleft=False)
