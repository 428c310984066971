"""Figures of networks: the causal map by informants, and the theory of change with the evidence for each arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.figures._drawing import Drawing, given, two_widths
from vvvresearch.figures._layers import MOST, SIDE, Link, arrow_courses, box_sizes, columns_of, few_layers, layered, link_rows, most_told
from vvvresearch.figures._look import INK, MUTED, SERIES, SMALL, canvas, is_narrow, look, sheet_width
from vvvresearch.figures._shares import short
from vvvresearch.figures._sheet import Line, Sheet, broken, draw_arrow, draw_box, draw_key, height_of, key_rows, mark_height, sheet
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Lang, Phrase, Sayable, check_lang, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.evidence import Arrow, Theory
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


# A moderator stands beside the mechanism that it moderates.
LEVELS = ("input", "activity", "mechanism", "moderator", "short_term", "outcome", "goal")
_COLUMN_OF = {"moderator": "mechanism"}
EVIDENCE = {
    "supported": (Line(SERIES[0], "-"), 1.9),
    "contested": (Line("#8a5a00", (0, (5, 1.5, 1, 1.5))), 1.7),
    "contradicted": (Line(SERIES[1], (0, (3.2, 1.6))), 1.7),
    "no evidence": (Line("#8b959c", (0, (1, 1.6))), 1.1),
}
THEORY_GAP = 0.1
_FREE = 0.27


@two_widths
def theory_of_change(
    theory: Theory,
    evidence: Result | pd.DataFrame | None = None,
    *,
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """Draw a theory of change from left to right, each arrow by what supports and what contradicts it.

    Args:
        theory: from `read_theory`.
        evidence: from `arrow_table`, or one row an arrow: arrow (its id), state ("supported", "contested", "contradicted",
            "no evidence") and where there are n_supporting and n_contradicting (counts). An arrow without a row has no evidence.
        title, base, kind, lang: override what the theory and the evidence say.

    Returns:
        Drawing with one box an element and one arrow an arrow of the file; the alternative text says each arrow's evidence.

    Raises:
        AnalysisError: evidence for an arrow that is not there, or an unknown state.

    Example:
        >>> from vvvresearch.evidence import Theory
        >>> kurser = {"id": "a", "level": "activity", "label": {"da": "Kurser", "en": "Courses"}}
        >>> trivsel = {"id": "b", "level": "outcome", "label": {"da": "Trivsel", "en": "Well-being"}}
        >>> plan = {"schema_version": 1, "id": "t", "version": "1", "title": {"da": "Teori", "en": "Theory"}}
        >>> arrows = [{"id": "a-b", "from": "a", "to": "b"}]
        >>> theory_of_change(Theory.model_validate({**plan, "elements": [kurser, trivsel], "arrows": arrows})).alt()
        'Teori. Elementer: 2. Pile: 1, heraf 1 uden belæg. Kurser → Trivsel: uden belæg.'
    """
    if not hasattr(theory, "elements"):
        raise AnalysisError(f"a theory of change is needed, not {type(theory).__name__}", todo="read one: evidence.read_theory(path)")
    own = evidence if isinstance(evidence, Result) else None
    table = evidence.frame if isinstance(evidence, Result) else evidence
    spoken = check_lang(lang or (own.lang if own else "da"))
    labels = {element.id: element.label.say(spoken) for element in theory.elements}
    found = _states(theory.arrows, table)
    kinds = DataKind(kind or (own.kind if own else theory.kind))
    with look():
        figure = (_theory_listed if is_narrow() else _theory_drawn)(
            theory, labels, {name: row["state"] for name, row in found.items()}, kinds, spoken
        )
    counts = {state: sum(row["state"] == state for row in found.values()) for state in EVIDENCE}
    counted = Joined(tuple(Joined((str(n), _state(state)), " ") for state, n in counts.items() if n))
    return Drawing(
        figure=figure,
        title=theory.title.say(spoken) if title is None else title,
        base=base or (own.base if own else Base(None)),
        spoken=(
            Phrase("network.theory_counts", {"nodes": len(labels), "arrows": len(theory.arrows), "counts": counted}),
            *(_told(theory, arrow, found[arrow.id]) for arrow in theory.arrows),
        ),
        notes=(own.notes if own else ()) or ((Phrase("network.theory_missing_note"),) if counts["no evidence"] else ()),
        kind=kinds,
        lang=spoken,
        message=text("figures.message_arrows", spoken, supported=counts["supported"], n=len(theory.arrows), missing=counts["no evidence"]),
    )


def _told(theory: Theory, arrow: Arrow, found: Mapping[str, Any]) -> Phrase:
    """One arrow with its evidence."""
    ends = {"cause": theory.element(arrow.cause).label, "effect": theory.element(arrow.effect).label}
    is_counted = found["supporting"] or found["contradicting"]
    return Phrase(
        "network.theory_arrow_counted" if is_counted else "network.theory_arrow", {**found, **ends, "state": _state(found["state"])}
    )


def _state(state: str) -> Phrase:
    return Phrase(f"network.{state.replace(' ', '_')}")


def _states(arrows: Sequence[Arrow], evidence: pd.DataFrame | None) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {arrow.id: {"state": "no evidence", "supporting": 0, "contradicting": 0} for arrow in arrows}
    if evidence is None:
        return found
    require_table(evidence, "evidence", ("arrow", "state"))
    for row in evidence.to_dict("records"):
        name, state = str(row["arrow"]), str(row["state"])
        if name not in found:
            raise AnalysisError(f"the theory has no arrow {name!r}", todo=did_you_mean(name, found))
        if state not in EVIDENCE:
            raise AnalysisError(f"the state {state!r} is not known", where=f"arrow {name}", todo=did_you_mean(state, EVIDENCE))
        counts = {side: int(row.get(f"n_{side}", 0) or 0) for side in ("supporting", "contradicting")}
        found[name] = {"state": state, **counts}
    return found


def _theory_listed(theory: Theory, labels: Mapping[str, str], state: Mapping[str, str], kind: DataKind, lang: Lang) -> Any:
    """The arrows one below the other, those with evidence first."""
    arrows = sorted(theory.arrows, key=lambda arrow: list(EVIDENCE).index(state[arrow.id]))
    links = [
        Link(labels[arrow.cause], labels[arrow.effect], *EVIDENCE[state[arrow.id]], _state(state[arrow.id]).say(lang), arrow.id)
        for arrow in arrows
    ]
    return link_rows(links, kind, lang)


def _theory_drawn(theory: Theory, labels: Mapping[str, str], state: Mapping[str, str], kind: DataKind, lang: Lang) -> Any:
    columns = {element.id: _COLUMN_OF.get(element.level, element.level) for element in theory.elements}
    used = [level for level in LEVELS if level in columns.values()]
    rank = {name: used.index(level) for name, level in columns.items()}
    edges = [(arrow.cause, arrow.effect) for arrow in theory.arrows]
    page = sheet_width()
    width = min(1.4, (page - 2 * SIDE - _FREE * (len(used) - 1)) / len(used))
    words = {name: broken(label, width - 0.08, SIZE) for name, label in labels.items()}
    sizes = box_sizes(words, edges, SIZE)
    plan = layered(edges, sizes, THEORY_GAP, rank)
    key = [(_state(name).say(lang), *style) for name, style in EVIDENCE.items() if name in state.values()]
    below = 0.14 + 0.17 * key_rows(key, SIZE, page - 2 * SIDE)
    headings = {level: broken(text(f"network.level_{level}", lang), width, SIZE, bold=True) for level in used}
    height = plan.total + below + 0.14 + max(height_of(len(lines)) for lines in headings.values()) + mark_height(kind)
    figure = canvas(height)
    axes = sheet(figure, height, page)
    places = columns_of(plan, width, page)
    for level, x in zip(used, places, strict=True):
        axes.text(
            x,
            plan.total + below + 0.1,
            "\n".join(headings[level]),
            linespacing=1.08,
            ha="center",
            va="bottom",
            fontsize=SIZE,
            fontweight="bold",
            color=MUTED,
        )
    courses = arrow_courses(plan, places, width, sizes, below)
    # What has evidence lies over what has none.
    for arrow in sorted(theory.arrows, key=lambda arrow: -list(EVIDENCE).index(state[arrow.id])):
        line, thick = EVIDENCE[state[arrow.id]]
        draw_arrow(axes, courses[arrow.cause, arrow.effect], line, thick, gid=arrow.id)
    for name in labels:
        draw_box(axes, (places[rank[name]], plan.height[name] + below), (width, sizes[name]), words[name], SIZE)
    draw_key(axes, (SIDE, below - 0.16), key, SIZE, page - SIDE)
    axes.axhline(plan.total + below + 0.06, color=INK, linewidth=0.4)
    Sheet(figure, page, height).mark(kind, lang)
    return figure
