"""The country as tiles: one square a municipality, so that small ones are seen as well as large ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import municipalities
from vvvresearch.figures._drawing import Drawing, given
from vvvresearch.figures._look import HIDDEN, INK, MUTED, NO_DATA, canvas, contrast, look, mark, shades
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Lang, Phrase, Sayable, format_number, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CLASSES = 5


def tile_map(
    data: Result | pd.DataFrame,
    *,
    value: str = "value",
    classes: Sequence[str] | None = None,
    hidden: str = "hidden",
    tiles: pd.DataFrame | None = None,
    marked: str = "",
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """A map of the municipalities as tiles with the first letters of their names.

    A tile without data is white with a dotted edge; a tile that may not be shown is grey and hatched: the two are never
    the same. Numbers are sorted into at most five classes of equal count; words are classes as they are.

    Args:
        data: a result or DataFrame with code (four digits, text) and the column named by `value`, one row a municipality.
        value: the column to show: numbers or words.
        classes: order of the words, darkest first.
        hidden: column of True for what must not be shown; it need not be there.
        tiles: code, name, tile_row, tile_column of the municipalities; default the 98. Synthetic rounds hand in theirs.
        marked: the code of a municipality that is framed and named.
        title, base, kind, lang: override what the data say.

    Returns:
        Drawing; the alternative text counts the municipalities in every class.

    Raises:
        AnalysisError: a code that is not on the map, or that stands twice.

    Example:
        >>> import pandas as pd
        >>> drawing = tile_map(pd.DataFrame({"code": ["0101"], "value": ["ja"]}), title="Aktiv")
        >>> drawing.alt()
        'Aktiv. Kort med et felt for hver af 98 kommuner: ja: 1 kommuner; ingen data: 97 kommuner.'
    """
    source = given(data, ("code", value), title=title, base=base, kind=kind, lang=lang)
    grid = municipalities() if tiles is None else tiles
    known = dict(zip(grid["code"], grid["name"], strict=True))
    codes = [str(code) for code in source.frame["code"]]
    for code in codes:
        if code not in known:
            raise AnalysisError(f"the municipality {code!r} is not on the map", where="code", todo=did_you_mean(code, known))
        if codes.count(code) > 1:
            raise AnalysisError(f"the municipality {code!r} stands twice", where="code", why="a tile shows one value")
    if marked and marked not in known:
        raise AnalysisError(f"the municipality {marked!r} is not on the map", where="marked", todo=did_you_mean(marked, known))
    secret = set(source.frame.loc[source.frame[hidden].fillna(False).astype(bool), "code"]) if hidden in source.frame else set()
    values = {
        code: item
        for code, item in zip(codes, source.frame[value], strict=True)
        if code not in secret and item == item and item is not None
    }
    groups = _classes(values, classes, source.lang)
    colours = dict(zip(groups, shades(len(groups)), strict=True))
    of_code = {code: label for label, members in groups.items() for code in members}
    with look():
        figure = canvas(4.7)
        axes = figure.subplots()
        for code, name, row, column in grid[["code", "name", "tile_row", "tile_column"]].itertuples(index=False, name=None):
            fill = colours[of_code[code]] if code in of_code else HIDDEN if code in secret else NO_DATA
            _tile(axes, column, row, fill, name, hatched=code in secret, dotted=code not in of_code and code not in secret)
            if code == marked:
                _frame(axes, column, row)
        axes.set_xlim(grid["tile_column"].min() - 0.7, grid["tile_column"].max() + 0.7)
        axes.set_ylim(grid["tile_row"].max() + 0.7, grid["tile_row"].min() - 0.7)
        axes.set_aspect("equal")
        axes.axis("off")
        counts = {label: len(members) for label, members in groups.items()}
        missing = len(grid) - len(of_code) - len(secret)
        _legend(figure, colours, counts, len(secret), missing, source.lang)
        mark(figure, source.kind, source.lang)
    spoken: list[Phrase] = [_Counted(len(grid), counts, len(secret), missing)]
    if marked:
        state: object = Phrase("figures.hidden") if marked in secret else of_code.get(marked, Phrase("common.no_data"))
        spoken.append(Phrase("figures.marked", {"name": known[marked], "state": state}))
    return Drawing(
        figure=figure,
        title=source.title,
        base=source.base,
        spoken=tuple(spoken),
        notes=source.notes,
        kind=source.kind,
        lang=source.lang,
    )


class _Counted(Phrase):
    """How many municipalities are in each class."""

    def __init__(self, total: int, counts: Mapping[str, int], hidden: int, missing: int) -> None:
        super().__init__("figures.tiles", {"total": total, "counts": dict(counts), "hidden": hidden, "missing": missing})

    def say(self, lang: Lang) -> str:
        """The counts in words."""
        unit = text("figures.municipalities", lang)
        parts = dict(self.values["counts"])
        if self.values["hidden"]:
            parts[text("figures.hidden", lang)] = self.values["hidden"]
        if self.values["missing"]:
            parts[text("common.no_data", lang)] = self.values["missing"]
        listed = "; ".join(text("figures.tile_class", lang, label=label, n=n, unit=unit) for label, n in parts.items())
        return f"{text('figures.tiles', lang, n=self.values['total'])}: {listed}"


def _classes(values: Mapping[str, object], order: Sequence[str] | None, lang: Lang) -> dict[str, list[str]]:
    """Codes by class, darkest first."""
    import pandas as pd

    series = pd.Series(values, dtype=object)
    numeric = len(series) > 0 and all(isinstance(item, int | float) and not isinstance(item, bool) for item in series)
    if not numeric:
        words = series.astype(str)
        labels = list(order) if order is not None else list(dict.fromkeys(words))
        if unknown := sorted(set(words) - set(labels)):
            raise AnalysisError(
                f"the value {unknown[0]!r} is not among the classes", where="classes", todo=did_you_mean(unknown[0], labels)
            )
        return {label: [str(code) for code in words.index[words == label]] for label in labels}
    numbers = series.astype(float)
    if numbers.nunique() <= _CLASSES:
        return {_number(at, lang): [str(code) for code in numbers.index[numbers == at]] for at in sorted(set(numbers), reverse=True)}
    cut = pd.qcut(numbers, _CLASSES, duplicates="drop")
    found = {}
    for interval in reversed(list(cut.cat.categories)):
        members = numbers[cut == interval]
        if len(members):
            found[f"{_number(members.min(), lang)}–{_number(members.max(), lang)}"] = [str(code) for code in members.index]
    return found


def _number(value: float, lang: Lang) -> str:
    return format_number(value, 0 if float(value).is_integer() else 1, lang)


def _tile(axes: Axes, column: int, row: int, fill: str, name: str, *, hatched: bool, dotted: bool) -> None:
    from matplotlib.patches import Rectangle

    line = MUTED if dotted or hatched else "white"
    look_of: dict[str, Any] = {"facecolor": fill, "edgecolor": line, "hatch": "////" if hatched else None}
    axes.add_patch(Rectangle((column - 0.46, row - 0.46), 0.92, 0.92, linewidth=0.7, linestyle=":" if dotted else "-", **look_of))
    box = {"facecolor": fill, "edgecolor": "none", "pad": 0.6} if hatched else None
    ink = MUTED if dotted else INK if hatched else contrast(fill)
    axes.text(column, row, name[:3], ha="center", va="center", fontsize=5.6, color=ink, bbox=box)


def _frame(axes: Axes, column: int, row: int) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=INK, linewidth=2.2, zorder=3))


def _legend(figure: Figure, colours: Mapping[str, str], counts: Mapping[str, int], hidden: int, missing: int, lang: Lang) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=colour, label=f"{label} ({counts[label]})") for label, colour in colours.items()]
    if hidden:
        handles.append(Patch(facecolor=HIDDEN, edgecolor=MUTED, hatch="////", label=f"{text('figures.hidden', lang)} ({hidden})"))
    if missing:
        label = f"{text('common.no_data', lang)} ({missing})"
        handles.append(Patch(facecolor=NO_DATA, edgecolor=MUTED, linestyle=":", label=label))
    figure.legend(handles=handles, loc="outside lower center", ncols=3, handlelength=1.2, handleheight=1.2, columnspacing=1.4)
