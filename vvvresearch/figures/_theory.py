"""The theory of change as a figure: elements by level, arrows coloured by the evidence for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError, did_you_mean, require_table
from vvvresearch.figures._drawing import Drawing, two_widths
from vvvresearch.figures._layers import layered
from vvvresearch.figures._look import INK, MUTED, SERIES, SMALL, canvas, is_narrow, look, sheet_width
from vvvresearch.figures._networks import SIDE, Link, arrow_courses, box_sizes, columns_of, link_rows
from vvvresearch.figures._sheet import Line, Sheet, broken, draw_arrow, draw_box, draw_key, height_of, key_rows, mark_height, sheet
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Joined, Lang, Phrase, Sayable, check_lang, text
from vvvresearch.results import Base, Result

if TYPE_CHECKING:
    import pandas as pd

    from vvvresearch.evidence import Arrow, Theory

# A moderator stands beside the mechanism that it moderates.
LEVELS = ("input", "activity", "mechanism", "moderator", "short_term", "outcome", "goal")
_COLUMN_OF = {"moderator": "mechanism"}
EVIDENCE = {
    "supported": (Line(SERIES[0], "-"), 1.9),
    "contested": (Line("#8a5a00", (0, (5, 1.5, 1, 1.5))), 1.7),
    "contradicted": (Line(SERIES[1], (0, (3.2, 1.6))), 1.7),
    "no evidence": (Line("#8b959c", (0, (1, 1.6))), 1.1),
}
SIZE = SMALL
GAP = 0.1
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
        figure = (_listed if is_narrow() else _draw)(theory, labels, {name: row["state"] for name, row in found.items()}, kinds, spoken)
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


def _listed(theory: Theory, labels: Mapping[str, str], state: Mapping[str, str], kind: DataKind, lang: Lang) -> Any:
    """The arrows one below the other, those with evidence first."""
    arrows = sorted(theory.arrows, key=lambda arrow: list(EVIDENCE).index(state[arrow.id]))
    links = [
        Link(labels[arrow.cause], labels[arrow.effect], *EVIDENCE[state[arrow.id]], _state(state[arrow.id]).say(lang), arrow.id)
        for arrow in arrows
    ]
    return link_rows(links, kind, lang)


def _draw(theory: Theory, labels: Mapping[str, str], state: Mapping[str, str], kind: DataKind, lang: Lang) -> Any:
    columns = {element.id: _COLUMN_OF.get(element.level, element.level) for element in theory.elements}
    used = [level for level in LEVELS if level in columns.values()]
    rank = {name: used.index(level) for name, level in columns.items()}
    edges = [(arrow.cause, arrow.effect) for arrow in theory.arrows]
    page = sheet_width()
    width = min(1.4, (page - 2 * SIDE - _FREE * (len(used) - 1)) / len(used))
    words = {name: broken(label, width - 0.08, SIZE) for name, label in labels.items()}
    sizes = box_sizes(words, edges, SIZE)
    plan = layered(edges, sizes, GAP, rank)
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
