"""The heat map of themes: one line a theme, one column a group, darker where more of those who were asked affirm it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from vvvresearch.figures._drawing import Drawing, given, two_widths
from vvvresearch.figures._look import ACCENT, LABEL, MUTED, SMALL, contrast, is_narrow, legible, look, sheet_width, wide
from vvvresearch.figures._shares import short
from vvvresearch.figures._sheet import EDGE, GAP, Sheet, broken, height_of, mark_height, sheet_of
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Lang, Phrase, Sayable, has_words, say, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

_LEVEL = " > "
_TOTAL = "total"
# Inches: how far a level is set in, and how high a cell is.
_STEP, _CELL = 0.14, 0.22


@two_widths
def theme_heatmap(
    data: Result | pd.DataFrame,
    *,
    by: str = "respondent_group",
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """Themes by group: how many of those who were asked affirm each, as counts on a scale of colour.

    The colour is the share, the number in it says of how many. Where nobody was asked the tile is empty, which is not zero.

    Args:
        data: a theme table, or a DataFrame with code_path, a column of groups, persons_affirmed and persons_asked.
        by: the column of groups; their total is not drawn beside them.
        title, base, kind, lang: override what the data say.

    Returns:
        Drawing; the alternative text has every number.

    Raises:
        AnalysisError: a column is missing, or there are no rows.

    Example:
        >>> import pandas as pd
        >>> rows = [("Udbytte > Dansk", "refugee", 9, 12), ("Udbytte > Dansk", "municipal", 0, 0)]
        >>> table = pd.DataFrame(rows, columns=["code_path", "respondent_group", "persons_affirmed", "persons_asked"])
        >>> theme_heatmap(table, title="Temaer").alt()
        'Temaer. Dansk: Flygtninge 9/12, Kommuner ikke spurgt.'
    """
    source = given(data, ("code_path", by, "persons_affirmed", "persons_asked"), title=title, base=base, kind=kind, lang=lang)
    frame = source.frame
    every = _counts(frame, by)
    if frame[by].nunique() > 1:
        frame = frame[frame[by] != _TOTAL]
    paths, groups = (list(dict.fromkeys(frame[name])) for name in ("code_path", by))
    counts = _counts(frame, by)
    words = {group: Phrase(f"groups.{group}") if has_words(f"groups.{group}") else str(group) for group in groups}
    with look():
        sheet = _draw(paths, groups, counts, [say(words[group], source.lang) for group in groups], source.kind, source.lang)
    asked_all = all(counts.get((path, group), (0, 0))[1] for path in paths for group in groups)
    return Drawing(
        figure=sheet.figure,
        title=source.title,
        base=source.base,
        spoken=tuple(_sentence(path, groups, words, counts) for path in paths),
        notes=(Phrase("figures.heat_note"), *([] if asked_all else [Phrase("figures.heat_not_asked")])),
        kind=source.kind,
        lang=source.lang,
        message=_message(paths, every, {group: say(words[group], source.lang) for group in groups}, source.lang),
    )


def _counts(frame: pd.DataFrame, by: str) -> dict[tuple[str, str], tuple[int, int]]:
    """How many affirm and how many were asked, by theme and group."""
    numbers = zip(frame["code_path"], frame[by], frame["persons_affirmed"], frame["persons_asked"], strict=True)
    return {(path, group): (int(count), int(n)) for path, group, count, n in numbers}


def _message(paths: list[str], counts: dict[tuple[str, str], tuple[int, int]], names: dict[str, str], lang: Lang) -> str:
    """The theme that most of those asked affirm: of all where their total is known, else of the group that affirms it most.

    Themes within others come before those that hold them. Groups are not added up, since a person may be in several.
    """
    leaves = [path for path in paths if not any(other.startswith(path + _LEVEL) for other in paths)]
    groups = [_TOTAL] if any(group == _TOTAL for _, group in counts) else list(names)
    asked = {(path, group): counts[path, group] for path in leaves for group in groups if counts.get((path, group), (0, 0))[1]}
    if not asked:
        return text("figures.message_unknown", lang)
    (path, group), (count, n) = max(asked.items(), key=lambda one: (one[1][0] / one[1][1], one[1][1]))
    where = short(_name(path)) if group == _TOTAL or len(groups) == 1 else f"{short(_name(path))} ({names[group]})"
    return text("figures.message_themes", lang, label=where, count=text("common.of", lang, part=count, whole=n))


def _draw(
    paths: list[str], groups: list[str], counts: dict[tuple[str, str], tuple[int, int]], names: list[str], kind: DataKind, lang: Lang
) -> Sheet:
    """The map; where the groups do not fit beside each other it stands in several parts, one under the other."""
    width, narrow = sheet_width(), is_narrow()
    labels = [_name(path) for path in paths]
    column = (
        0.0
        if narrow
        else min(2.3, max(wide(label, LABEL, bold=True) + _STEP * path.count(_LEVEL) for label, path in zip(labels, paths, strict=True)))
    )
    left = EDGE + column + (0.0 if narrow else GAP)
    shown = {key: f"{count}/{n}" if n else "–" for key, (count, n) in counts.items()}
    cell = max((wide(word, SMALL) for word in shown.values()), default=0.2) + 0.08
    across = max(1, min(len(groups), int((width - EDGE - left) / cell)))
    across = -(-len(groups) // -(-len(groups) // across))
    size = min(1.1, (width - EDGE - left) / across)
    parts = [range(start, min(start + across, len(groups))) for start in range(0, len(groups), across)]
    heads = [[broken(names[at], size - 0.06, SMALL) for at in part] for part in parts]
    lines = [
        broken(label, (width - 2 * EDGE if narrow else column) - _STEP * path.count(_LEVEL), LABEL - 0.4, bold=True)
        for label, path in zip(labels, paths, strict=True)
    ]
    above = [height_of(len(own), LABEL) if narrow else 0.0 for own in lines]
    rows = [up + max(_CELL, 0.0 if narrow else height_of(len(own), LABEL)) for up, own in zip(above, lines, strict=True)]
    tops = [max(height_of(len(head)) for head in part) + GAP / 2 for part in heads]
    sheet = sheet_of(mark_height(kind) + sum(tops) + len(parts) * (sum(rows) + 0.12) + EDGE)
    axes = sheet.axes(0, 0, sheet.width, sheet.height)
    axes.set_xlim(0, sheet.width)
    axes.set_ylim(sheet.height, 0)
    y = mark_height(kind)
    for part, head, top in zip(parts, heads, tops, strict=True):
        for place, own in enumerate(head):
            sheet.write(
                "\n".join(own),
                left + (place + 0.5) * size,
                y + top - GAP / 2,
                ha="center",
                va="bottom",
                multialignment="center",
                colour=MUTED,
            )
        y += top
        for path, words, up, height in zip(paths, lines, above, rows, strict=True):
            bold = "normal" if _LEVEL in path else "bold"
            x = EDGE + _STEP * path.count(_LEVEL)
            at, how = (y, "top") if narrow else (y + height / 2, "center")
            sheet.write("\n".join(words), x, at, size=LABEL - 0.4, va=how, fontweight=bold)
            for place, order in enumerate(part):
                count, n = counts.get((path, groups[order]), (0, 0))
                _cell(axes, left + place * size, y + up, size, height - up, count, n)
            y += height
        y += 0.12
    sheet.mark(kind, lang)
    return sheet


def _cell(axes: Axes, x: float, y: float, width: float, height: float, count: int, n: int) -> None:
    from matplotlib.patches import Rectangle

    fill = legible(_hex(_scale()(count / n))) if n else "#ffffff"
    axes.add_artist(Rectangle((x, y), width, height, facecolor=fill, edgecolor="#ffffff", linewidth=0.8))
    words, colour = (f"{count}/{n}", contrast(fill)) if n else ("–", MUTED)
    axes.text(x + width / 2, y + height / 2, words, ha="center", va="center", fontsize=SMALL, color=colour)


@cache
def _scale() -> Colormap:
    import seaborn

    scale: Colormap = seaborn.blend_palette(["#f1f4f6", ACCENT], as_cmap=True)
    return scale


def _hex(colour: Any) -> str:
    from matplotlib.colors import to_hex

    return str(to_hex(colour))


def _name(path: str) -> str:
    return path.rsplit(_LEVEL, 1)[-1]


def _sentence(path: str, groups: list[str], words: dict[str, Any], counts: dict[tuple[str, str], tuple[int, int]]) -> Phrase:
    parts = []
    for group in groups:
        count, n = counts.get((path, group), (0, 0))
        said: str | Phrase = f"{count}/{n}" if n else Phrase("figures.not_asked")
        parts.append(Joined((words[group], said), " "))
    return Phrase("figures.heat_row", {"theme": path.rsplit(_LEVEL, 1)[-1], "parts": Joined(tuple(parts))})
