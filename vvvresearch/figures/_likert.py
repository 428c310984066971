"""Rated statements: a bar for each row, the middle of the scale at one line, don't know apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError
from vvvresearch.figures._drawing import Drawing, given, two_widths
from vvvresearch.figures._frame import Rows, rows_of
from vvvresearch.figures._look import INK, MUTED, SMALL, contrast, look, shades, wide
from vvvresearch.figures._shares import (
    KnownBase,
    SaidShares,
    Share,
    counted,
    ends_of,
    first_n,
    has_rounding,
    quoted,
    rounding_note,
    share_of,
)
from vvvresearch.figures._sheet import Entry, lying_bar
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, Sayable, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd

_BAND = 0.27
_APART = 0.84  # of the width, where what is no answer on the scale begins


@two_widths
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
    colours = dict(zip(answers, shades(len(answers)), strict=True))
    entries = [Entry(label, {"facecolor": colour, "edgecolor": INK, "linewidth": 0.4}) for label, colour in colours.items()]
    apart = any(share.role for shares in rows.values() for share in shares)
    title_apart = text("figures.apart", source.lang)
    with look():
        chart = rows_of(
            list(rows),
            _BAND,
            source.kind,
            source.lang,
            entries=entries,
            under=[KnownBase(first_n(shares)).say(source.lang) for shares in rows.values()],
            titles=[(title_apart, 1 - _APART)] if apart else [],
        )
        _draw(chart, rows, colours, source.lang, _APART - 0.02 if apart else 1.0)
        if apart:
            _draw_apart(chart, rows, title_apart)
    return Drawing(
        figure=chart.sheet.figure,
        title=source.title,
        base=source.base,
        spoken=tuple(_sentence(label, shares) for label, shares in rows.items()),
        notes=(*source.notes, *([note] if note and not has_rounding(source.notes) else [])),
        kind=source.kind,
        lang=source.lang,
        message=_message(rows, answers, source.lang),
    )


def _message(rows: dict[str, list[Share]], answers: list[str], lang: Lang) -> str:
    """How many gave the first answer of the scale: in the one row, or in those with most and fewest."""
    if not answers:
        return text("figures.message_unknown", lang)
    first = {label: next((share for share in shares if share.label == answers[0]), None) for label, shares in rows.items()}
    known = {label: share for label, share in first.items() if share is not None and share.percent is not None}
    if not known:
        return text("figures.message_unknown", lang) if any(first.values()) else ""
    named = quoted(answers[0], lang)
    if len(first) == 1:
        return text("figures.message_answered", lang, count=counted(next(iter(known.values())), lang), label=named)
    return text("figures.message_answer", lang, label=named, rows=ends_of(first, lang))


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


def _draw(chart: Rows, rows: dict[str, list[Share]], colours: dict[str, str], lang: Lang, end: float) -> None:
    axes = chart.panel(0.0, end, line=False)
    middle = len(colours) / 2
    placed: list[tuple[float, dict[str, Share], list[float]]] = []
    reach = 5.0
    for shares in rows.values():
        by_label = {share.label: share for share in shares if not share.role}
        widths = [float(by_label[label].percent or 0) if label in by_label else 0.0 for label in colours]
        left = -sum(width * min(1.0, max(0.0, middle - position)) for position, width in enumerate(widths))
        reach = max(reach, -left, left + sum(widths))
        placed.append((left, by_label, widths))
    inch = end * chart.width / (2.04 * reach)
    for place, (left, by_label, widths) in zip(chart.middles, placed, strict=True):
        start = left
        for (label, colour), width in zip(colours.items(), widths, strict=True):
            if width:
                lying_bar(axes, start, place, width, _BAND, facecolor=colour, edgecolor=INK, linewidth=0.4)
                words = by_label[label].short(lang)
                if wide(words, SMALL) + 0.05 <= width * inch:
                    at = start + width / 2
                    axes.text(at, place, words, ha="center", va="center", fontsize=SMALL, color=contrast(colour), parse_math=False)
            start += width
        if not any(widths):
            axes.text(0, place, text("common.no_data", lang), ha="center", va="center", fontsize=SMALL, color=MUTED)
    chart.rule(axes, 0, INK)
    axes.set_xlim(-reach * 1.02, reach * 1.02)


def _draw_apart(chart: Rows, rows: dict[str, list[Share]], title: str) -> None:
    """What is not an answer on the scale, as counts in a column of its own."""
    axes = chart.panel(_APART, 1.0, title=title)
    counts = [sum(share.count or 0 for share in shares if share.role) for shares in rows.values()]
    most = max(counts) or 1
    free = (1 - _APART) * chart.width
    axes.set_xlim(0, most * free / max(0.2, free - wide(str(most), SMALL) - 0.08))
    for place, count in zip(chart.middles, counts, strict=True):
        lying_bar(axes, 0, place, count, 0.16, facecolor="#ffffff", edgecolor=MUTED, hatch="////", linewidth=0.6)
        axes.annotate(str(count), (count, place), (3, 0), textcoords="offset points", va="center", fontsize=SMALL, color=INK)
