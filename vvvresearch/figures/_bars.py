"""Bars: one question, the same question in several waves, two groups facing each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError
from vvvresearch.figures._drawing import Drawing, Given, given, two_widths
from vvvresearch.figures._frame import rows_of
from vvvresearch.figures._look import ACCENT, GRID, INK, MUTED, SERIES, SMALL, edge_of, look, wide
from vvvresearch.figures._shares import (
    KnownBase,
    SaidShares,
    Share,
    first_and_last,
    first_n,
    has_rounding,
    most_of,
    rounding_note,
    share_of,
)
from vvvresearch.figures._sheet import Entry, lying_bar
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, Sayable, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@two_widths
def bars(
    data: Result | pd.DataFrame,
    *,
    single: bool = True,
    steps: bool = False,
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """One question as bars: single choice (percentages add up) or several answers (they do not).

    Args:
        data: a survey table, or a DataFrame with label, count and n (or percent where only that is known).
        single: whether each respondent gave one answer; only then a total other than 100 gets its note.
        steps: whether the rows are the steps of one way; the message then names the first and the last of them.
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
        rows = rows_of([share.label for share in shares], 0.2, source.kind, source.lang)
        axes = rows.panel()
        _reach(axes, shares, rows.width, source)
        for place, share in zip(rows.middles, shares, strict=True):
            length = _length(share)
            fill = {"facecolor": "#ffffff", "hatch": "////"} if share.role else {"facecolor": ACCENT}
            lying_bar(axes, 0, place, length, 0.2, edgecolor=ACCENT, linewidth=0.8, **fill)
            _write(axes, length, place, share.long(source.lang), INK)
    note = rounding_note({"": shares}) if single else None
    message = first_and_last("", [(share.label, share) for share in shares], source.lang) if steps else most_of(shares, source.lang)
    return _drawing(source, rows.sheet.figure, (_said(Phrase("figures.answers"), shares),), note, message)


@two_widths
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
    known = {wave: sorted({share.n for label in labels if (share := cells.get((wave, label))) and share.n}) for wave in waves}
    names = [wave if not n else f"{wave} (n = {n[0]}–{n[-1]})" if len(n) > 1 else f"{wave} (n = {n[0]})" for wave, n in known.items()]
    entries = [Entry(name, _fill(order)) for order, name in enumerate(names)]
    thick = 0.155
    with look():
        rows = rows_of(labels, thick * len(waves), source.kind, source.lang, entries=entries)
        axes = rows.panel()
        _reach(axes, list(cells.values()), rows.width, source)
        for order, wave in enumerate(waves):
            for middle, label in zip(rows.middles, labels, strict=True):
                share = cells.get((wave, label))
                at = middle + thick * (order + 0.5 - len(waves) / 2)
                length = _length(share)
                lying_bar(axes, 0, at, length, thick * 0.86, linewidth=0.6, **_fill(order))
                words = text("figures.not_asked", source.lang) if share is None else share.long(source.lang)
                _write(axes, length, at, words, INK if share is not None and share.percent is not None else MUTED)
    spoken = tuple(_said(wave, shares) for wave in waves if (shares := [cells[wave, label] for label in labels if (wave, label) in cells]))
    sides = [(wave, share) for wave in waves if (share := cells.get((wave, labels[0])))]
    message = first_and_last(labels[0] if len(labels) > 1 else "", sides, source.lang)
    return _drawing(source, rows.sheet.figure, spoken, None, message)


@two_widths
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
    names = [
        f"{group} ({KnownBase(first_n([one for one in side if one])).say(source.lang)})" for group, side in zip(groups, sides, strict=True)
    ]
    with look():
        rows = rows_of(labels, 0.2, source.kind, source.lang, titles=[(name, 0.48) for name in names])
        every = [share for side in sides for share in side if share]
        for order, (name, side) in enumerate(zip(names, sides, strict=True)):
            axes = rows.panel(0.0 if order == 0 else 0.52, 0.48 if order == 0 else 1.0, title=name, line=False)
            _reach(axes, every, 0.48 * rows.width, source)
            for place, share in zip(rows.middles, side, strict=True):
                length = _length(share)
                lying_bar(axes, 0, place, length, 0.2, facecolor=SERIES[order])
                words = text("figures.not_asked", source.lang) if share is None else share.long(source.lang)
                _write(axes, length, place, words, INK, leftwards=order == 0)
            rows.rule(axes, 0, GRID)
            if order == 0:
                axes.invert_xaxis()
    spoken = tuple(_said(group, known) for group, side in zip(groups, sides, strict=True) if (known := [share for share in side if share]))
    both = [
        (label, [(group, share) for group, share in zip(groups, pair, strict=True) if share])
        for label, *pair in zip(labels, *sides, strict=True)
    ]
    label, widest = max(both, key=lambda one: _apart([share for _, share in one[1]]))
    message = first_and_last(label, widest, source.lang)
    return _drawing(source, rows.sheet.figure, spoken, note or None, message)


def _said(label: str | Sayable, shares: list[Share]) -> Phrase:
    return Phrase("figures.row", {"label": label, "n": KnownBase(first_n(shares)), "shares": SaidShares(tuple(shares))})


def _fill(order: int) -> dict[str, Any]:
    """How the bars of a series are filled; from the sixth on hatched, so that no two are the same."""
    colour = SERIES[order % len(SERIES)]
    return {"facecolor": colour, "edgecolor": edge_of(colour), "hatch": "////" if order >= len(SERIES) else None}


def _length(share: Share | None) -> float:
    return 0.0 if share is None else float(share.percent) if share.percent is not None else float(share.count or 0)


def _reach(axes: Axes, shares: Sequence[Share], width: float, source: Given) -> None:
    """Limits across: percentages on the whole of a hundred, always; room for the longest words behind the bars."""
    whole = [100.0] if any(share.percent is not None for share in shares) else []
    longest = max([*whole, *(_length(share) for share in shares)]) or 1.0
    words = [share.long(source.lang) for share in shares] + [text("figures.not_asked", source.lang)]
    room = max(wide(word, SMALL) for word in words) + 0.1
    axes.set_xlim(0, longest * width / max(0.3 * width, width - room))


def _write(axes: Axes, length: float, place: float, words: str, colour: str, *, leftwards: bool = False) -> None:
    """Words behind the end of a bar."""
    offset, side = ((-4, 0), "right") if leftwards else ((4, 0), "left")
    axes.annotate(
        words, (length, place), offset, textcoords="offset points", va="center", ha=side, fontsize=SMALL, color=colour, parse_math=False
    )


def _apart(shares: Sequence[Share]) -> float:
    """How far two shares are from each other; −1 where one is not known."""
    known = [float(share.percent) for share in shares if share.percent is not None]
    return abs(known[0] - known[1]) if len(known) > 1 else -1.0


def _drawing(source: Given, figure: object, spoken: tuple[Phrase, ...], note: str | Sayable | None, message: str) -> Drawing:
    more = [] if note is None or has_rounding(source.notes) else [note]
    return Drawing(
        figure=figure,  # type: ignore[arg-type]
        title=source.title,
        base=source.base,
        spoken=spoken,
        notes=(*source.notes, *more),
        kind=source.kind,
        lang=source.lang,
        message=message,
    )
