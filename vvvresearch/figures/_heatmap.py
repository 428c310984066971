"""The heat map of themes: one line a theme, one column a group, darker where more of those who were asked affirm it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vvvresearch.figures._drawing import Drawing, given
from vvvresearch.figures._look import ACCENT, INK, MUTED, canvas, contrast, look, mark, wrapped
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Phrase, Sayable, has_words, say
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

_LEVEL = " > "
_TOTAL = "total"


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
    if frame[by].nunique() > 1:
        frame = frame[frame[by] != _TOTAL]
    paths, groups = (list(dict.fromkeys(frame[name])) for name in ("code_path", by))
    counts = {
        (path, group): (int(count), int(n))
        for path, group, count, n in zip(frame["code_path"], frame[by], frame["persons_affirmed"], frame["persons_asked"], strict=True)
    }
    words = {group: Phrase(f"groups.{group}") if has_words(f"groups.{group}") else str(group) for group in groups}
    with look():
        figure = canvas(1.3 + 0.24 * len(paths))
        _draw(figure.subplots(), paths, groups, counts, [say(words[group], source.lang) for group in groups])
        mark(figure, source.kind, source.lang)
    asked_all = all(counts.get((path, group), (0, 0))[1] for path in paths for group in groups)
    return Drawing(
        figure=figure,
        title=source.title,
        base=source.base,
        spoken=tuple(_sentence(path, groups, words, counts) for path in paths),
        notes=(Phrase("figures.heat_note"), *([] if asked_all else [Phrase("figures.heat_not_asked")])),
        kind=source.kind,
        lang=source.lang,
    )


def _draw(axes: Axes, paths: list[str], groups: list[str], counts: dict[tuple[str, str], tuple[int, int]], names: list[str]) -> None:
    import numpy as np
    import seaborn

    cells = [[counts.get((path, group), (0, 0)) for group in groups] for path in paths]
    shares = np.array([[count / n if n else np.nan for count, n in row] for row in cells])
    scale = _scale()
    seaborn.heatmap(shares, ax=axes, cmap=scale, vmin=0, vmax=1, linewidths=0.8, linecolor="white", cbar=False)
    for line, row in enumerate(cells):
        for place, (count, n) in enumerate(row):
            words, colour = (f"{count}/{n}", contrast(_hex(scale(count / n)))) if n else ("–", MUTED)
            axes.text(place + 0.5, line + 0.5, words, ha="center", va="center", fontsize=7, color=colour)
    axes.set_xticks([place + 0.5 for place in range(len(groups))], wrapped(names, 16), rotation=0)
    axes.set_yticks([line + 0.5 for line in range(len(paths))], [_indented(path) for path in paths], rotation=0)
    axes.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    for label, path in zip(axes.get_yticklabels(), paths, strict=True):
        label.set(color=INK, fontweight="normal" if _LEVEL in path else "bold")


def _scale() -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("themes", ["#f1f4f6", ACCENT])


def _hex(colour: Any) -> str:
    from matplotlib.colors import to_hex

    return str(to_hex(colour))


def _indented(path: str) -> str:
    # Names come from outside: a dollar sign would begin mathematics.
    return ("    " * path.count(_LEVEL) + path.rsplit(_LEVEL, 1)[-1]).replace("$", r"\$")


def _sentence(path: str, groups: list[str], words: dict[str, Any], counts: dict[tuple[str, str], tuple[int, int]]) -> Phrase:
    parts = []
    for group in groups:
        count, n = counts.get((path, group), (0, 0))
        said: str | Phrase = f"{count}/{n}" if n else Phrase("figures.not_asked")
        parts.append(Joined((words[group], said), " "))
    return Phrase("figures.heat_row", {"theme": path.rsplit(_LEVEL, 1)[-1], "parts": Joined(tuple(parts))})
