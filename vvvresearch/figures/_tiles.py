"""The country as tiles: one square a municipality, so that small ones are seen as well as large ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, did_you_mean
from vvvresearch.evidence import municipalities
from vvvresearch.figures._drawing import Drawing, given, two_widths
from vvvresearch.figures._look import (
    HIDDEN,
    INK,
    LABEL,
    MUTED,
    NO_DATA,
    SMALL,
    contrast,
    edge_of,
    is_narrow,
    look,
    shades,
    sheet_width,
    wide,
)
from vvvresearch.figures._shares import short
from vvvresearch.figures._sheet import EDGE, GAP, Entry, Sheet, broken, height_of, key_height, mark_height, sheet_of
from vvvresearch.kinds import DataKind
from vvvresearch.locales import LANGUAGES, Capital, Lang, Phrase, Sayable, format_number, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_CLASSES = 5
# What classes are called in many programmes, in fillings that stay apart as light, middle and dark.
_NAMED = {"green": "#00573f", "yellow": "#f0d04a", "red": "#dd5b45"}
# The map and the code of a municipality on it.
_Place = tuple[str, str]


@two_widths
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
    the same. Numbers are sorted into at most five classes of equal count, none
    always one of its own; words are classes as they are.

    Args:
        data: a result or DataFrame with code (four digits, text) and the column named by `value`, one row a municipality.
        value: the column to show: numbers or words.
        classes: order of the words, darkest first.
        hidden: column of True for what must not be shown; it need not be there. Of a result it is what disclosure control hides.
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
    frame = source.frame
    if isinstance(data, Result) and data.hides and hidden not in frame:
        # What disclosure control took out is no municipality without data.
        frame = frame.assign(**{hidden: frame[value].isna()})
    panels = {str(name): own for name, own in frame.groupby(panel, sort=False)} if panel else {"": frame}
    maps = {name: _sorted(own, value, hidden, known) for name, own in panels.items()}
    # One scale for all maps, so that a colour means the same on each.
    together = {(name, code): item for name, (values, _) in maps.items() for code, item in values.items()}
    groups = _classes(together, classes, source.lang)
    colours = _colours(list(groups))
    of_tile = {place: label for label, members in groups.items() for place in members}
    # A phone has no room for names: there a tile says its class, as where several maps are compared.
    letters = _letters(list(groups)) if panel or is_narrow() else {}
    entries = _entries(_counts(maps, of_tile, groups, len(grid)), colours, letters, source.lang)
    spoken: list[Phrase] = []
    with look():
        plan = _plan(grid, list(maps), bool(panel), entries, source.kind)
        for (name, (_, secret)), (left, top) in zip(maps.items(), plan.places, strict=True):
            own = {code: label for (where, code), label in of_tile.items() if where == name}
            _one_map(plan, left, top, grid, own, secret, colours, letters, marked)
            counts = {label: sum(one == label for one in own.values()) for label in groups}
            counted = _Counted(len(grid), counts, len(secret), len(grid) - len(own) - len(secret))
            if panel:
                plan.sheet.write(
                    "\n".join(broken(name, plan.width, LABEL, bold=True)), left, top - GAP / 2, size=LABEL, va="bottom", fontweight="bold"
                )
            spoken.append(Phrase("figures.tile_panel", {"name": name, "counts": counted}) if panel else counted)
        plan.sheet.mark(source.kind, source.lang)
        plan.sheet.key(entries, plan.below + 0.1)
    if marked:
        for name, (_, secret) in maps.items():
            state: object = Phrase("figures.hidden") if marked in secret else of_tile.get((name, marked), Phrase("common.no_data"))
            spoken.append(Phrase("figures.marked", {"name": known[marked], "state": state}))
    return Drawing(
        figure=plan.sheet.figure,
        title=source.title,
        base=source.base,
        spoken=tuple(spoken),
        notes=source.notes,
        kind=source.kind,
        lang=source.lang,
        message=_message(_counts(maps, of_tile, groups, len(grid)), len(grid), source.lang),
    )


def _message(counts: Mapping[str, list[int]], total: int, lang: Lang) -> str:
    """How many municipalities are in the first class, on each map, of those that anything is known of."""
    first = next((label for label in counts if label not in ("hidden", "no_data")), None)
    if first is None:
        return text("figures.message_tiles_none", lang, total=total)
    label = Capital(short(first)).say(lang)
    if any(missing := counts.get("no_data", [])):
        of = text("common.of", lang, part="{}", whole="{}")
        told = (of.format(one, total - gone) for one, gone in zip(counts[first], missing, strict=True))
        return text("figures.message_tiles_known", lang, label=label, counts=" → ".join(told))
    return text("figures.message_tiles", lang, label=label, counts=" → ".join(map(str, counts[first])), total=total)


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


def _colours(labels: Sequence[str]) -> dict[str, str]:
    """The colour of every class: the one that it is called by, in either language, where each is called by one; else an ordered scale."""
    words = {text(f"figures.colour_{colour}", lang): colour for colour in _NAMED for lang in LANGUAGES}
    called = [next((words[word] for word in re.findall(r"\w+", label.casefold()) if word in words), "") for label in labels]
    if "" not in called and len(set(called)) == len(called):
        return {label: _NAMED[one] for label, one in zip(labels, called, strict=True)}
    return dict(zip(labels, shades(len(labels)), strict=True))


def _letters(labels: Sequence[str]) -> dict[str, str]:
    """A sign for every class: the first letter of its words, where it tells them apart, else its number; a letter for classes of numbers.

    A digit in a tile would be read as its number.
    """
    first = [label.strip()[:1].upper() for label in labels]
    if labels and not any(one.isalpha() for label in labels for one in label):
        first = [chr(ord("A") + place) for place in range(len(labels))]
    return dict(zip(labels, first if len(set(first)) == len(first) else map(str, range(1, len(labels) + 1)), strict=True))


@dataclass(frozen=True)
class _Plan:
    """Where each map lies: inches from the left and from the top, and how large a tile is."""

    sheet: Sheet
    places: list[tuple[float, float]]
    tile: float
    width: float
    below: float


def _plan(grid: pd.DataFrame, names: list[str], titled: bool, entries: Sequence[Entry], kind: DataKind) -> _Plan:
    """Maps beside each other on a page, below each other on a phone; tiles no larger than their letters need."""
    columns = int(grid["tile_column"].max() - grid["tile_column"].min()) + 1
    rows = int(grid["tile_row"].max() - grid["tile_row"].min()) + 1
    across = 1 if is_narrow() else min(2, len(names))
    width = (sheet_width() - 2 * EDGE - (across - 1) * 0.2) / across
    tile = min(width / columns, 0.36)
    heads = [height_of(len(broken(name, width, LABEL, bold=True)), LABEL) + GAP for name in names] if titled else [0.0] * len(names)
    places, y = [], mark_height(kind)
    for start in range(0, len(names), across):
        head = max(heads[start : start + across])
        places += [(EDGE + order * (width + 0.2), y + head) for order in range(len(names[start : start + across]))]
        y += head + rows * tile + GAP
    return _Plan(sheet_of(y + key_height(entries) + EDGE), places, tile, width, y)


def _one_map(
    plan: _Plan,
    left: float,
    top: float,
    grid: pd.DataFrame,
    own: Mapping[str, str],
    secret: set[str],
    colours: Mapping[str, str],
    letters: Mapping[str, str],
    marked: str,
) -> None:
    first_column, first_row = int(grid["tile_column"].min()), int(grid["tile_row"].min())
    columns, rows = int(grid["tile_column"].max()) - first_column + 1, int(grid["tile_row"].max()) - first_row + 1
    axes = plan.sheet.axes(left, top, columns * plan.tile, rows * plan.tile)
    axes.set_xlim(first_column - 0.5, first_column + columns - 0.5)
    axes.set_ylim(first_row + rows - 0.5, first_row - 0.5)
    for code, name, row, column in grid[["code", "name", "tile_row", "tile_column"]].itertuples(index=False, name=None):
        fill = colours[own[code]] if code in own else HIDDEN if code in secret else NO_DATA
        written = letters.get(own.get(code, ""), "") if letters else name[:3]
        # Letters that would run out of their tile are left out: the key and the table have the names.
        fits = wide(written, SMALL) + 0.02 <= 0.92 * plan.tile
        _tile(axes, column, row, fill, written if fits else "", hatched=code in secret, dotted=code not in own and code not in secret)
        if code == marked:
            _frame(axes, column, row)


def _counts(
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
    # None is never one end of a few: it is another answer, and has a class of its own.
    none = numbers == 0 if (numbers >= 0).all() else numbers != numbers
    cut = pd.qcut(numbers[~none], _CLASSES - int(none.any()), duplicates="drop")
    found = {}
    for interval in reversed(list(cut.cat.categories)):
        members = cut.index[cut == interval]
        if len(members):
            least, most = (_number(end, lang) for end in (numbers[members].min(), numbers[members].max()))
            found[least if least == most else f"{least}–{most}"] = [places[at] for at in members]
    return found | ({_number(0.0, lang): [places[at] for at in numbers.index[none]]} if none.any() else {})


def _number(value: float, lang: Lang) -> str:
    return format_number(value, 0 if float(value).is_integer() else 1, lang)


def _tile(axes: Axes, column: int, row: int, fill: str, written: str, *, hatched: bool, dotted: bool) -> None:
    from matplotlib.patches import Rectangle

    line = MUTED if dotted or hatched else edge_of(fill)
    look_of: dict[str, Any] = {"facecolor": fill, "edgecolor": line, "hatch": "////" if hatched else None}
    axes.add_artist(Rectangle((column - 0.46, row - 0.46), 0.92, 0.92, linewidth=0.6, linestyle=":" if dotted else "-", **look_of))
    if written:
        # A hatched tile has no letters: its pattern would run through them.
        ink = MUTED if dotted else contrast(fill)
        axes.text(column, row, "" if hatched else written, ha="center", va="center", fontsize=SMALL, color=ink, parse_math=False)


def _frame(axes: Axes, column: int, row: int) -> None:
    from matplotlib.patches import Rectangle

    axes.add_artist(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=INK, linewidth=2.2, zorder=3))


def _entries(counts: Mapping[str, list[int]], colours: Mapping[str, str], letters: Mapping[str, str], lang: Lang) -> list[Entry]:
    special: dict[str, tuple[str, str, str | None, Any]] = {
        "hidden": (text("figures.hidden", lang), HIDDEN, "////", "-"),
        "no_data": (text("common.no_data", lang), NO_DATA, None, ":"),
    }
    found = []
    for label, numbers in counts.items():
        shown = " → ".join(map(str, numbers))
        if label in colours:
            letter = f"{letters[label]} = " if label in letters and letters[label] != label[:1] else ""
            found.append(Entry(f"{letter}{label} ({shown})", {"facecolor": colours[label], "edgecolor": edge_of(colours[label])}))
        elif any(numbers):
            words, fill, hatch, line = special[label]
            found.append(Entry(f"{words} ({shown})", {"facecolor": fill, "edgecolor": MUTED, "hatch": hatch, "linestyle": line}))
    return found
