"""The XY plot of a set analysis: each case's membership in a solution against its membership in the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vvvresearch.errors import AnalysisError
from vvvresearch.figures._drawing import Drawing, two_widths
from vvvresearch.figures._frame import Frame, frame_of
from vvvresearch.figures._look import ACCENT, GRID, INK, MUTED, SMALL, look
from vvvresearch.kinds import DataKind
from vvvresearch.locales import Phrase, Sayable, check_lang, format_number, say, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from vvvresearch.results import Base

Box = tuple[float, float, float, float]


@two_widths
def xy_plot(
    solution: Any,
    *,
    model: int = 0,
    title: str | Sayable | None = None,
    base: Base | None = None,
    kind: DataKind | str | None = None,
    lang: str | None = None,
) -> Drawing:
    """Plot the cases of a set analysis by name: membership in the solution across, in the outcome upwards.

    Cases at one point share a mark and a list of names. A name that would cover another stands in the note.

    Args:
        solution: from `minimize`.
        model: which of its models.
        title, base, kind, lang: override what the solution says.

    Returns:
        Drawing; the alternative text has every case with both memberships.

    Raises:
        AnalysisError: no such model.

    Example:
        >>> import pandas as pd
        >>> from vvvresearch.mechanisms.qca import minimize, truth_table
        >>> cases = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 1, 0]}, index=["p1", "p2", "p3"])
        >>> xy_plot(minimize(truth_table(cases, "Y", ["A", "B"]))).alt().split(". ")[2]
        'p3: 0 i løsningen, 0 i udfaldet'
    """
    if not 0 <= model < len(solution.models):
        raise AnalysisError(f"there is no model {model}", where=f"the solution has {len(solution.models)}, counted from 0")
    spoken = check_lang(lang or solution.lang)
    chosen, kinds = solution.models[model], DataKind(kind or solution.kind)
    data = solution.table.data
    points: dict[tuple[float, float], list[str]] = {}
    for case, x, y in zip(data.cases, chosen.membership, data.outcome, strict=True):
        points.setdefault((float(x), float(y)), []).append(str(case))
    with_outcome = [float(x) for x, y in zip(chosen.membership, data.outcome, strict=True) if y > 0.5]
    # Where conditions have words, letters are left to the tables.
    term = text("network.xy_solution", spoken) if solution.table.declared.words else " + ".join(chosen.terms)
    outcome = say(solution.table.outcome_words, spoken)
    with look():
        ticks = [(0.0, "0"), (0.5, "½"), (1.0, "1")]
        chart = frame_of(
            2.9,
            kinds,
            spoken,
            across=(-0.2, 1.2),
            upwards=(-0.2, 1.2),
            x_ticks=ticks,
            y_ticks=ticks,
            x_label=text("network.xy_x", spoken, term=term),
            y_label=text("network.xy_y", spoken, outcome=outcome),
        )
        _frame(chart.axes)
        for (x, y), names in points.items():
            chart.axes.scatter([x], [y], s=26 + 9 * (len(names) - 1), color=ACCENT, edgecolor="white", linewidth=0.6, zorder=3)
        hidden = _name(chart, points)
    figure = chart.sheet.figure
    fit = {name: format_number(value, 2, spoken) for name, value in (("inclusion", chosen.inclusion), ("coverage", chosen.coverage))}
    sentences = [
        Phrase("network.xy_point", {"cases": ", ".join(names), "x": _short(x, spoken), "y": _short(y, spoken)})
        for (x, y), names in sorted(points.items())
    ]
    unnamed = (Phrase("network.xy_hidden", {"names": ", ".join(hidden)}),) if hidden else ()
    return Drawing(
        figure=figure,
        title=Phrase("network.xy_title", {"outcome": outcome}) if title is None else title,
        base=base or solution.base,
        spoken=(Phrase("network.xy_fit", {"term": term, **fit}), *sentences),
        notes=(Phrase("network.xy_note"), *unnamed),
        kind=kinds,
        lang=spoken,
        message=text("figures.message_covered", spoken, covered=sum(x > 0.5 for x in with_outcome), n=len(with_outcome)),
    )


def _short(value: float, lang: Any) -> str:
    return format_number(value, 0 if value in (0.0, 1.0) else 2, lang)


def _frame(axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], color=MUTED, linewidth=0.9, zorder=1)
    for draw in (axes.axvline, axes.axhline):
        draw(0.5, color=GRID, linewidth=0.9, linestyle="--", zorder=0)


def _name(chart: Frame, points: dict[tuple[float, float], list[str]]) -> list[str]:
    """Write the names where they cover neither each other nor a mark. Returns those that found no place."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure, axes = chart.sheet.figure, chart.axes
    paper: Any = FigureCanvasAgg(figure)
    renderer = paper.get_renderer()
    inside = axes.get_window_extent(renderer).extents
    scale = figure.dpi / 72
    marks = []
    for (x, y), names in points.items():
        at_x, at_y = axes.transData.transform((x, y))
        radius = ((26 + 9 * (len(names) - 1)) ** 0.5 / 2 + 1) * scale
        marks.append((at_x - radius, at_y - radius, at_x + radius, at_y + radius))
    taken: list[Box] = list(marks)
    hidden: list[str] = []
    for (x, y), names in points.items():
        words = _lines(names)
        near = ((26 + 9 * (len(names) - 1)) ** 0.5 / 2) + 3
        for dx, dy, across, up in _sides(near, x, y):
            label = axes.annotate(
                words, (x, y), (dx, dy), textcoords="offset points", ha=across, va=up, fontsize=SMALL, color=INK, zorder=4, parse_math=False
            )
            # The diagonal stays behind the names that stand on it.
            label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.9})
            left, low, right, top = label.get_window_extent(renderer).extents
            box = (left, low, right, top)
            if _within(box, inside) and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                break
            label.remove()
        else:
            hidden += names
    return hidden


def _lines(names: list[str], on_line: int = 3) -> str:
    return ",\n".join(", ".join(names[at : at + on_line]) for at in range(0, len(names), on_line))


def _sides(near: float, x: float, y: float) -> list[tuple[float, float, str, str]]:
    """Places round a mark, those towards the middle of the plot first."""
    right, up = (1 if x <= 0.5 else -1), (1 if y <= 0.5 else -1)
    slant = near * 0.8

    def one(across: int, upwards: int) -> tuple[float, float, str, str]:
        far = near if not (across and upwards) else slant
        return (across * far, upwards * far, ("right", "center", "left")[across + 1], ("top", "center", "bottom")[upwards + 1])

    # The slanting place comes late: there the diagonal runs through the names of cases at its ends.
    order = [(0, up), (right, 0), (-right, up), (right, -up), (0, -up), (-right, 0), (right, up), (-right, -up)]
    return [one(*place) for place in order]


def _within(box: Box, outer: Any) -> bool:
    return bool(box[0] >= outer[0] and box[1] >= outer[1] and box[2] <= outer[2] and box[3] <= outer[3])


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
