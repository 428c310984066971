"""Bars: one question, the same question in several waves, two groups facing each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvvresearch.errors import AnalysisError
from vvvresearch.figures._drawing import Drawing, Given, given
from vvvresearch.figures._look import ACCENT, MUTED, SERIES, canvas, look, mark, tidy, wrapped
from vvvresearch.figures._shares import KnownBase, SaidShares, Share, first_n, has_rounding, rounding_note, share_of
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, Sayable, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def bars(
    data: Result | pd.DataFrame,
    *,
    single: bool = True,
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """One question as bars: single choice (percentages add up) or several answers (they do not).

    Args:
        data: a survey table, or a DataFrame with label, count and n (or percent where only that is known).
        single: whether each respondent gave one answer; only then a total other than 100 gets its note.
        title, base, kind, lang: override what the data say.

    Returns:
        Drawing.

    Raises:
        AnalysisError: a column is missing or there are no rows.

    Example:
        >>> import pandas as pd
        >>> table = pd.DataFrame({"label": ["ja", "nej"], "count": [22, 20], "n": [42, 42]})
        >>> bars(table, title="Henviser", base=Base(42, "municipality")).alt("en")
        'Henviser. Answers (n = 42): ja 52% (22), nej 48% (20).'
    """
    source = given(data, ("label",), title=title, base=base, kind=kind, lang=lang)
    shares = [share_of(row) for _, row in source.frame.iterrows()]
    with look():
        figure = canvas(0.5 + 0.36 * len(shares))
        axes = figure.subplots()
        lengths = [float(share.percent) if share.percent is not None else float(share.count or 0) for share in shares]
        colours = ["#ffffff" if share.role else ACCENT for share in shares]
        drawn = axes.barh(range(len(shares)), lengths, height=0.62, color=colours, edgecolor=ACCENT, linewidth=0.8)
        for bar, share in zip(drawn, shares, strict=True):
            if share.role:
                bar.set_hatch("////")
        for place, (share, length) in enumerate(zip(shares, lengths, strict=True)):
            axes.text(length, place, "  " + share.long(source.lang), va="center", ha="left", fontsize=8)
        _lines(axes, [share.label for share in shares], max(lengths, default=1) * 1.28 or 1)
        mark(figure, source.kind, source.lang)
    note = rounding_note({"": shares}) if single else None
    return _drawing(source, figure, (_said(Phrase("figures.answers"), shares),), note)


def wave_bars(
    data: Result | pd.DataFrame,
    *,
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """The same items in several waves, side by side; an item that a wave did not have is said, not drawn as zero.

    Args:
        data: a result or DataFrame with label (the item), wave, and count and n, or percent.
        title, base, kind, lang: override what the data say.

    Returns:
        Drawing; every wave's legend entry says its n.

    Raises:
        AnalysisError: a column is missing or there are no rows.
    """
    source = given(data, ("label", "wave"), title=title, base=base, kind=kind, lang=lang)
    waves = list(dict.fromkeys(source.frame["wave"].astype(str)))
    labels = list(dict.fromkeys(source.frame["label"].astype(str)))
    cells = {(str(row["wave"]), str(row["label"])): share_of(row) for _, row in source.frame.iterrows()}
    with look():
        figure = canvas(0.8 + 0.24 * len(labels) * len(waves) + 0.14 * len(labels))
        axes = figure.subplots()
        thick = 0.8 / len(waves)
        longest = 1.0
        for order, wave in enumerate(waves):
            n = sorted({share.n for label in labels if (share := cells.get((wave, label))) and share.n})
            shown_n = f" (n = {n[0]}–{n[-1]})" if len(n) > 1 else f" (n = {n[0]})" if n else ""
            for place, label in enumerate(labels):
                share = cells.get((wave, label))
                at = place - 0.4 + thick * (order + 0.5)
                known = share is not None and share.percent is not None
                length = float(share.percent) if share is not None and share.percent is not None else 0.0
                longest = max(longest, length)
                name = f"{wave}{shown_n}" if place == 0 else "_"
                axes.barh(at, length, height=thick * 0.88, color=SERIES[order % len(SERIES)], label=name)
                words = text("figures.not_asked", source.lang) if share is None else share.long(source.lang)
                axes.text(length, at, "  " + words, va="center", ha="left", fontsize=7.5, color="black" if known else MUTED)
        _lines(axes, labels, longest * 1.3)
        figure.legend(loc="outside lower center", ncols=min(3, len(waves)))
        mark(figure, source.kind, source.lang)
    spoken = tuple(_said(wave, shares) for wave in waves if (shares := [cells[wave, label] for label in labels if (wave, label) in cells]))
    return _drawing(source, figure, spoken, None)


def mirror_bars(
    data: Result | pd.DataFrame,
    *,
    note: str | Sayable = "",
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """Two groups facing each other on the same items; where their scales differ, the note must say so.

    Args:
        data: a result or DataFrame with label (the item), group_label (two of them), and count and n, or percent.
        note: what keeps the two sides from being compared directly, such as different scales.
        title, base, kind, lang: override what the data say.

    Returns:
        Drawing.

    Raises:
        AnalysisError: a column is missing, or there are not exactly two groups.
    """
    source = given(data, ("label", "group_label"), title=title, base=base, kind=kind, lang=lang)
    groups = list(dict.fromkeys(source.frame["group_label"].astype(str)))
    if len(groups) != 2:
        raise AnalysisError(f"a mirror has two sides, not {len(groups)}", where="group_label", todo="keep the rows of two groups")
    labels = list(dict.fromkeys(source.frame["label"].astype(str)))
    cells = {(str(row["group_label"]), str(row["label"])): share_of(row) for _, row in source.frame.iterrows()}
    sides = [[cells.get((group, label)) for label in labels] for group in groups]
    reach = max((float(share.percent or 0) for side in sides for share in side if share), default=1.0) * 1.5 or 1.0
    with look():
        figure = canvas(0.9 + 0.42 * len(labels))
        panels = figure.subplots(1, 2, sharey=True)
        for order, (axes, group, side) in enumerate(zip(panels, groups, sides, strict=True)):
            for place, share in enumerate(side):
                length = float(share.percent or 0) if share else 0.0
                axes.barh(place, length, height=0.62, color=SERIES[order])
                words = text("figures.not_asked", source.lang) if share is None else share.long(source.lang)
                beside = f"{words}  " if order == 0 else f"  {words}"
                axes.text(length, place, beside, va="center", ha="right" if order == 0 else "left", fontsize=7.5)
            _lines(axes, labels, reach)
            n = KnownBase(first_n([share for share in side if share])).say(source.lang)
            axes.set_title(f"{group} ({n})", fontsize=8, color=MUTED, loc="right" if order == 0 else "left")
        panels[0].invert_xaxis()
        panels[0].spines["left"].set_visible(False)
        panels[1].tick_params(labelleft=False)
        mark(figure, source.kind, source.lang)
    spoken = tuple(_said(group, known) for group, side in zip(groups, sides, strict=True) if (known := [share for share in side if share]))
    return _drawing(source, figure, spoken, note or None)


def _said(label: str | Sayable, shares: list[Share]) -> Phrase:
    return Phrase("figures.row", {"label": label, "n": KnownBase(first_n(shares)), "shares": SaidShares(tuple(shares))})


def _lines(axes: Axes, labels: list[str], reach: float) -> None:
    axes.set_yticks(range(len(labels)), wrapped(labels))
    axes.set_ylim(len(labels) - 0.45, -0.55)
    axes.set_xlim(0, reach)
    axes.set_xticks([])
    tidy(axes)


def _drawing(source: Given, figure: object, spoken: tuple[Phrase, ...], note: str | Sayable | None) -> Drawing:
    more = [] if note is None or has_rounding(source.notes) else [note]
    return Drawing(
        figure=figure,  # type: ignore[arg-type]
        title=source.title,
        base=source.base,
        spoken=spoken,
        notes=(*source.notes, *more),
        kind=source.kind,
        lang=source.lang,
    )
