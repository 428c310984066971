"""A forest draws what its numbers say: points, intervals and worst cases at their places, and says them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.figures import Drawing, forest

ROWS = pd.DataFrame(
    {
        "label": ["Ja", "Nej", "Andet"],
        "x1": [30, 3, None],
        "n1": [42, 7, None],
        "x2": [32, 5, None],
        "n2": [55, 9, None],
        "change": [-0.1325, 0.127, 0.0425],
        "lower": [-0.261, -0.2, None],
        "upper": [0.01, 0.4, None],
        "worst_lower": [-0.55, None, None],
        "worst_upper": [0.46, None, None],
    }
)


def lines_at(drawing: Drawing, panel: int, place: int) -> list[list[float]]:
    """The ends of every line or point of a panel on one row, the rows counted from the top."""
    level: dict[float, list[list[float]]] = {}
    for line in drawing.figure.axes[panel].lines:
        xs: Any = line.get_xdata()
        ys: Any = line.get_ydata()
        if len(ys) and len(set(ys)) == 1:
            level.setdefault(float(ys[0]), []).append([round(float(x), 6) for x in xs])
    return level[sorted(level)[place]]


def test_points_intervals_and_worst_cases_are_drawn_at_their_numbers() -> None:
    drawing = forest(ROWS, first="2021", second="2022")
    assert sorted(lines_at(drawing, 1, 0)) == sorted([[-55.0, 46.0], [-26.1, 1.0], [-13.25]])
    assert lines_at(drawing, 1, 2) == [[4.25]]
    left = lines_at(drawing, 0, 0)
    assert [round(100 * 30 / 42, 6)] in left
    assert [round(100 * 32 / 55, 6)] in left


def test_every_number_is_said_and_what_is_missing_is_not() -> None:
    said = forest(ROWS, first="2021", second="2022", title="Henviser").alt("en")
    assert "Ja: 2021 71% (30 of 42), 2022 58% (32 of 55), difference −13.3 (interval −26.1 to 1.0, worst case −55.0 to 46.0)." in said
    # On a small base counts are said, never percentages.
    assert "Nej: 2021 3 of 7, 2022 5 of 9, difference 12.7 (interval −20.0 to 40.0)." in said
    assert said.endswith("Andet: difference 4.3.")


def test_estimates_that_are_no_shares_keep_their_scale_and_have_one_panel() -> None:
    drawing = forest(ROWS.drop(columns=["x1", "n1", "x2", "n2"]), what="number", decimals=2)
    assert len(drawing.figure.axes) == 1
    assert "Ja: −0.13 (interval −0.26 to 0.01, worst case −0.55 to 0.46)." in drawing.alt("en")
    assert [-0.261, 0.01] in lines_at(drawing, 0, 0)


def test_limits_the_wrong_way_round_and_nothing_to_draw_are_refused() -> None:
    with pytest.raises(AnalysisError, match="above the upper"):
        forest(ROWS.assign(lower=0.9))
    with pytest.raises(AnalysisError, match="nothing to draw"):
        forest(ROWS.assign(change=float("nan")))
