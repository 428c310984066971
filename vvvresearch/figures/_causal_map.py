"""The causal map as a layered network: what leads to what, by how many informants, promoting or hindering."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError
from vvvresearch.figures._drawing import Drawing, given, two_widths
from vvvresearch.figures._layers import MOST, few_layers, layered, most_told
from vvvresearch.figures._look import MUTED, SERIES, SMALL, canvas, is_narrow, look, sheet_width
from vvvresearch.figures._message import short
from vvvresearch.figures._networks import SIDE, Link, arrow_courses, box_sizes, columns_of, link_rows
from vvvresearch.figures._sheet import Line, Sheet, broken, draw_arrow, draw_box, draw_key, key_rows, mark_height, sheet
from vvvresearch.locales import Lang, Phrase, Sayable, text

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.kinds import DataKind
    from vvvresearch.results import Base, Result

LINES = {"promotes": Line(SERIES[0], "-"), "hinders": Line(SERIES[1], (0, (3.2, 1.6))), "both": Line(SERIES[2], (0, (5, 1.5, 1, 1.5)))}
_NEEDED = ("cause", "effect", "informants", "citations", "promotes", "hinders")
SIZE = SMALL
GAP = 0.08
_THIN, _THICK = 0.7, 4.2


@two_widths
def causal_map_plot(
    bundles: Result | pd.DataFrame,
    *,
    least: int | None = None,
    most: int = MOST,
    notes: tuple[str | Sayable, ...] = (),
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """Draw a causal map from left to right; bundles of few informants are left out and counted.

    A line is as wide as its informants are many; colour and pattern tell promotes, hinders and both. Who names a link once
    does not make a map: by default a bundle needs two informants.

    Args:
        bundles: a causal map, or a part of it (`.only(...)`, `.zoom(...)`); or its bundles as a table, those with most informants
            first: cause, effect, informants, citations, promotes, hinders.
        least: fewest informants of a bundle that is drawn; default two, or one where no bundle has two, which the note says.
        most: most bundles drawn, those with most informants first. Equals at the end are left out together, unless that leaves
            nothing: then the first by citations and name are drawn, which the note says.
        notes: what stands under the picture after what is left out; default what a causal map says of itself.
        title, base, kind, lang: override what a causal map says.

    Returns:
        Drawing; the alternative text has every bundle drawn with its informants and citations.

    Raises:
        AnalysisError: no bundle has so many informants, or a table without what is needed.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.mechanisms import causal_map
        >>> said = pd.DataFrame({"cause": ["Tid", "Tid", "Sjov"], "effect": ["Ro", "Ro", "Ro"], "informant": ["A", "B", "A"]})
        >>> causal_map_plot(causal_map(said), title="Kort").alt()
        'Kort. 1 af 2 forbindelser er tegnet. Tid fremmer Ro (2 informanter, 2 udsagn).'
    """
    about = given(bundles, _NEEDED, title=title, base=base, kind=kind, lang=lang)
    # A causal map knows its bundles by ids; readers see the names of its factors.
    every: pd.DataFrame = getattr(bundles, "named", about.frame)
    drawn, torn = most_told(every, least=least, most=most)
    rows = drawn.to_dict("records")
    loops = [row for row in rows if row["cause"] == row["effect"]]
    lines = [row for row in rows if row["cause"] != row["effect"]]
    if not lines:
        raise AnalysisError("there is nothing to draw", why="every factor leads only to itself")
    with look():
        figure = (_listed if is_narrow() else _draw)(lines, about.kind, about.lang)
    left_out = len(every) - len(drawn)
    told = [Phrase("network.filtered", {"least": int(drawn["informants"].min()), "left_out": left_out, "all": len(every)})]
    if every["informants"].max() < 2:
        told = [Phrase("network.nobody_twice")]
    if torn:
        told.append(Phrase("network.torn", {"shown": len(drawn), "all": len(every)}))
    if loops:
        told.append(Phrase("network.loops", {"names": ", ".join(str(row["cause"]) for row in loops)}))
    return Drawing(
        figure=figure,
        title=about.title,
        base=about.base,
        spoken=(Phrase("network.drawn", {"n": len(drawn), "of": len(every)}), *(_sentence(row) for row in rows)),
        notes=(*told, *(notes or about.notes)),
        kind=about.kind,
        lang=about.lang,
        message=_message(lines, about.lang),
    )


def _message(rows: list[dict[Any, Any]], lang: Lang) -> str:
    """The link that most informants name; where several are equal, the one with most citations."""
    top = max(rows, key=lambda row: (int(row["informants"]), int(row["citations"])))
    if int(top["informants"]) < 2:
        return text("figures.message_links_once", lang)
    return text("figures.message_links", lang, n=int(top["informants"]), cause=short(str(top["cause"])), effect=short(str(top["effect"])))


def direction_of(row: dict[Any, Any]) -> str:
    """What the informants of a bundle say: "promotes", "hinders" or "both"."""
    if row["promotes"] and row["hinders"]:
        return "both"
    return "hinders" if row["hinders"] else "promotes"


def _sentence(row: dict[Any, Any]) -> Phrase:
    """One bundle in words: the number of informants and citations in singular or plural."""
    direction = direction_of(row)
    counted = {
        name: Phrase(f"network.{name}_{'one' if row[name] == 1 else 'many'}", {"n": int(row[name])}) for name in ("informants", "citations")
    }
    said = Phrase(f"network.{direction}_said", {"cause": row["cause"], "effect": row["effect"]})
    split = {"promotes": int(row["promotes"]), "hinders": int(row["hinders"])}
    return Phrase("network.bundle", {"said": said, **counted, "split": Phrase("network.split", split) if direction == "both" else ""})


def _listed(rows: list[dict[Any, Any]], kind: DataKind, lang: Lang) -> Any:
    """The bundles one below the other, those with most informants first."""
    most = max(int(row["informants"]) for row in rows)

    def told(row: dict[Any, Any]) -> str:
        n = int(row["informants"])
        named = "network.informants_one" if n == 1 else "network.informants_many"
        return f"{text(f'network.{direction_of(row)}', lang)}, {text(named, lang, n=n)}"

    links = [
        Link(
            str(row["cause"]),
            str(row["effect"]),
            LINES[direction_of(row)],
            thickness(int(row["informants"]), most),
            told(row),
            f"{row['cause']} > {row['effect']}",
        )
        for row in sorted(rows, key=lambda row: -int(row["informants"]))
    ]
    return link_rows(links, kind, lang)


def _draw(rows: list[dict[Any, Any]], kind: DataKind, lang: Lang) -> Any:
    names = sorted({str(row[end]) for row in rows for end in ("cause", "effect")})
    edges = [(str(row["cause"]), str(row["effect"])) for row in rows]
    rank = few_layers(names, edges)
    # The widest box that leaves room for the lines between the layers.
    layers, page = max(rank.values()) + 1, sheet_width()
    free = 0.0 if layers == 1 else 0.42 if layers < 5 else 0.27
    width = min(1.5, (page - 2 * SIDE - free * (layers - 1)) / layers)
    words = {name: broken(name, width - 0.1, SIZE) for name in names}
    sizes = box_sizes(words, edges, SIZE)
    plan = layered(edges, sizes, GAP, rank)
    most = max(int(row["informants"]) for row in rows)
    key = _key(rows, most, lang)
    below = 0.12 + 0.17 * key_rows(key, SIZE, page - 2 * SIDE)
    height = plan.total + mark_height(kind) + 0.06 + below
    figure = canvas(height)
    axes = sheet(figure, height, page)
    columns = columns_of(plan, width, page)
    courses = arrow_courses(plan, columns, width, sizes, below)
    for row in sorted(rows, key=lambda row: -int(row["informants"])):
        edge = (str(row["cause"]), str(row["effect"]))
        width_of = thickness(int(row["informants"]), most)
        draw_arrow(axes, courses[edge], LINES[direction_of(row)], width_of, gid=f"{edge[0]} > {edge[1]}")
    for name in names:
        draw_box(axes, (columns[plan.rank[name]], plan.height[name] + below), (width, sizes[name]), words[name], SIZE)
    draw_key(axes, (SIDE, below - 0.14), key, SIZE, page - SIDE)
    Sheet(figure, page, height).mark(kind, lang)
    return figure


def thickness(informants: int, most: int) -> float:
    """Points: in proportion to the informants, with a thinnest line that can still be seen."""
    return _THIN + (_THICK - _THIN) * (informants - 1) / max(1, most - 1)


def _key(rows: list[dict[Any, Any]], most: int, lang: Lang) -> list[tuple[str, Line, float]]:
    seen = {direction_of(row) for row in rows}
    entries = [(text(f"network.{name}", lang), line, 1.5) for name, line in LINES.items() if name in seen]
    fewest = min(int(row["informants"]) for row in rows)
    for number in sorted({fewest, most}):
        words = text(f"network.informants_{'one' if number == 1 else 'many'}", lang, n=number)
        entries.append((words, Line(MUTED, "-"), thickness(number, most)))
    return entries
