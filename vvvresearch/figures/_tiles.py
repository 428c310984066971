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
# The map and the code of a municipality on it.
_Place = tuple[str, str]


def tile_map(
    data: Result | pd.DataFrame,
    *,
    value: str = "value",
    classes: Sequence[str] | None = None,
    hidden: str = "hidden",
    tiles: pd.DataFrame | None = None,
    marked: str = "",
    panel: str = "",
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
        panel: column that names the map each row belongs to, for two or more maps side by side; every tile then has the first letter of its
            class, or its number.
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
    source = given(data, ("code", value, panel) if panel else ("code", value), title=title, base=base, kind=kind, lang=lang)
    grid = municipalities() if tiles is None else tiles
    known = dict(zip(grid["code"], grid["name"], strict=True))
    if marked and marked not in known:
        raise AnalysisError(f"the municipality {marked!r} is not on the map", where="marked", todo=did_you_mean(marked, known))
    panels = {str(name): own for name, own in source.frame.groupby(panel, sort=False)} if panel else {"": source.frame}
    maps = {name: _sorted(own, value, hidden, known) for name, own in panels.items()}
    # One scale for all maps, so that a colour means the same on each.
    together = {(name, code): item for name, (values, _) in maps.items() for code, item in values.items()}
    groups = _classes(together, classes, source.lang)
    colours = dict(zip(groups, shades(len(groups)), strict=True))
    of_tile = {place: label for label, members in groups.items() for place in members}
    letters = _letters(list(groups)) if panel else {}
    with look():
        figure = canvas(4.7 if len(maps) == 1 else 3.0)
        spoken: list[Phrase] = []
        for axes, (name, (_, secret)) in zip(figure.subplots(1, len(maps), squeeze=False)[0], maps.items(), strict=True):
            own = {code: label for (where, code), label in of_tile.items() if where == name}
            _one_map(axes, grid, own, secret, colours, letters, marked, half=len(maps) > 1)
            counts = {label: sum(one == label for one in own.values()) for label in groups}
            counted = _Counted(len(grid), counts, len(secret), len(grid) - len(own) - len(secret))
            if panel:
                axes.set_title(name)
            spoken.append(Phrase("figures.tile_panel", {"name": name, "counts": counted}) if panel else counted)
        _legend(figure, _entries(maps, of_tile, groups, len(grid)), colours, letters, source.lang)
        mark(figure, source.kind, source.lang)
    if marked:
        for name, (_, secret) in maps.items():
            state: object = Phrase("figures.hidden") if marked in secret else of_tile.get((name, marked), Phrase("common.no_data"))
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


def _sorted(frame: pd.DataFrame, value: str, hidden: str, known: Mapping[str, str]) -> tuple[dict[str, object], set[str]]:
    """The values of one map, and the codes that may not be shown."""
    codes = [str(code) for code in frame["code"]]
    for code in codes:
        if code not in known:
            raise AnalysisError(f"the municipality {code!r} is not on the map", where="code", todo=did_you_mean(code, known))
        if codes.count(code) > 1:
            raise AnalysisError(f"the municipality {code!r} stands twice", where="code", why="a tile shows one value")
    secret = set(frame.loc[frame[hidden].fillna(False).astype(bool), "code"]) if hidden in frame else set()
    shown = zip(codes, frame[value], strict=True)
    return {code: item for code, item in shown if code not in secret and item == item and item is not None}, secret


def _letters(labels: Sequence[str]) -> dict[str, str]:
    """A letter for every class: the first sign of its words, where it tells them apart, else their number."""
    first = [label.strip()[:1].upper() for label in labels]
    return dict(zip(labels, first if len(set(first)) == len(first) else map(str, range(1, len(labels) + 1)), strict=True))


def _one_map(
    axes: Axes,
    grid: pd.DataFrame,
    own: Mapping[str, str],
    secret: set[str],
    colours: Mapping[str, str],
    letters: Mapping[str, str],
    marked: str,
    *,
    half: bool,
) -> None:
    for code, name, row, column in grid[["code", "name", "tile_row", "tile_column"]].itertuples(index=False, name=None):
        fill = colours[own[code]] if code in own else HIDDEN if code in secret else NO_DATA
        written = letters.get(own.get(code, ""), "") if letters else name[:3]
        _tile(axes, column, row, fill, written, hatched=code in secret, dotted=code not in own and code not in secret, half=half)
        if code == marked:
            _frame(axes, column, row)
    axes.set_xlim(grid["tile_column"].min() - 0.7, grid["tile_column"].max() + 0.7)
    axes.set_ylim(grid["tile_row"].max() + 0.7, grid["tile_row"].min() - 0.7)
    axes.set_aspect("equal")
    axes.axis("off")


def _entries(
    maps: Mapping[str, tuple[dict[str, object], set[str]]],
    of_tile: Mapping[tuple[str, str], str],
    groups: Mapping[str, object],
    total: int,
) -> dict[str, list[int]]:
    """How many municipalities each class, the hidden and those without data have, map by map."""
    found: dict[str, list[int]] = {label: [] for label in (*groups, "hidden", "no_data")}
    for name, (values, secret) in maps.items():
        for label in groups:
            found[label].append(sum(of_tile[(name, code)] == label for code in values))
        found["hidden"].append(len(secret))
        found["no_data"].append(total - len(values) - len(secret))
    return found


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


def _classes(values: Mapping[_Place, object], order: Sequence[str] | None, lang: Lang) -> dict[str, list[_Place]]:
    """Tiles by class, darkest first."""
    import pandas as pd

    places = list(values)
    series = pd.Series(list(values.values()), dtype=object)
    numeric = len(series) > 0 and all(isinstance(item, int | float) and not isinstance(item, bool) for item in series)
    if not numeric:
        words = series.astype(str)
        labels = list(order) if order is not None else list(dict.fromkeys(words))
        if unknown := sorted(set(words) - set(labels)):
            raise AnalysisError(
                f"the value {unknown[0]!r} is not among the classes", where="classes", todo=did_you_mean(unknown[0], labels)
            )
        return {label: [places[at] for at in words.index[words == label]] for label in labels}
    numbers = series.astype(float)
    if numbers.nunique() <= _CLASSES:
        return {_number(at, lang): [places[one] for one in numbers.index[numbers == at]] for at in sorted(set(numbers), reverse=True)}
    cut = pd.qcut(numbers, _CLASSES, duplicates="drop")
    found = {}
    for interval in reversed(list(cut.cat.categories)):
        members = numbers[cut == interval]
        if len(members):
            found[f"{_number(members.min(), lang)}–{_number(members.max(), lang)}"] = [places[at] for at in members.index]
    return found


def _number(value: float, lang: Lang) -> str:
    return format_number(value, 0 if float(value).is_integer() else 1, lang)


def _tile(axes: Axes, column: int, row: int, fill: str, written: str, *, hatched: bool, dotted: bool, half: bool) -> None:
    from matplotlib.patches import Rectangle

    line = MUTED if dotted or hatched else "white"
    look_of: dict[str, Any] = {"facecolor": fill, "edgecolor": line, "hatch": "////" if hatched else None}
    axes.add_patch(Rectangle((column - 0.46, row - 0.46), 0.92, 0.92, linewidth=0.7, linestyle=":" if dotted else "-", **look_of))
    box = {"facecolor": fill, "edgecolor": "none", "pad": 0.6} if hatched else None
    ink = MUTED if dotted else INK if hatched else contrast(fill)
    size = 4.2 if half else 5.6
    axes.text(column, row, written, ha="center", va="center", fontsize=size, color=ink, bbox=box)


def _frame(axes: Axes, column: int, row: int) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=INK, linewidth=2.2, zorder=3))


def _legend(figure: Figure, entries: Mapping[str, list[int]], colours: Mapping[str, str], letters: Mapping[str, str], lang: Lang) -> None:
    from matplotlib.patches import Patch

    special: dict[str, tuple[str, str, str | None, Any]] = {
        "hidden": (text("figures.hidden", lang), HIDDEN, "////", "-"),
        "no_data": (text("common.no_data", lang), NO_DATA, None, ":"),
    }
    handles = []
    for label, counts in entries.items():
        shown = " → ".join(map(str, counts))
        if label in colours:
            letter = f"{letters[label]} = " if label in letters and letters[label] != label[:1] else ""
            handles.append(Patch(facecolor=colours[label], label=f"{letter}{label} ({shown})"))
        elif any(counts):
            words, fill, hatch, line = special[label]
            handles.append(Patch(facecolor=fill, edgecolor=MUTED, hatch=hatch, linestyle=line, label=f"{words} ({shown})"))
    columns = 3 if max((len(label) for label in entries), default=0) < 34 else 2
    figure.legend(handles=handles, loc="outside lower center", ncols=columns, handlelength=1.2, handleheight=1.2, columnspacing=1.4)
