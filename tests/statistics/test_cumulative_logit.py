"""The cumulative logit model against R, against logistic regression, and against leaving groups out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.mechanisms.small_n._models import firth
from vvvresearch.statistics.cumulative import cumulative_logit

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "data/reference/statistics/penalised_cumulative_logit.json").read_text(encoding="utf-8")
)


def interaction(x: list[int], m: list[int]) -> np.ndarray:
    return np.column_stack([x, m, np.array(x) * np.array(m)])


@pytest.mark.parametrize("case", list(REFERENCE))
def test_estimates_limits_and_p_are_those_of_r(case: str) -> None:
    known = REFERENCE[case]
    model = cumulative_logit(known["y"], interaction(known["x"], known["m"]), ["x", "m", "x × m"])
    assert model.thresholds == pytest.approx(known["thresholds"], abs=5e-5)
    assert [term.log_odds for term in model.terms] == pytest.approx(known["log_odds"], abs=5e-5)
    assert [term.p_value for term in model.terms] == pytest.approx(known["p"], abs=1e-5)
    assert [model.terms[-1].lower, model.terms[-1].upper] == pytest.approx(known["limits"], abs=1e-3)


def test_with_two_answers_it_is_firths_logistic_regression() -> None:
    rng = np.random.default_rng(2)
    x, m, y = (rng.integers(0, 2, 24).tolist() for _ in range(3))
    mine = cumulative_logit(y, interaction(x, m), ["x", "m", "x × m"], wanted=["x × m"]).terms
    known = firth(interaction(x, m).astype(float), ["x", "m", "x × m"], np.array(y, dtype=float)).frame.iloc[-1]
    assert len(mine) == 1
    assert mine[0].log_odds == pytest.approx(known["coefficient"], abs=1e-4)
    assert (mine[0].lower, mine[0].upper) == pytest.approx((known["lower"], known["upper"]), abs=1e-3)
    assert mine[0].p_value == pytest.approx(known["p"], abs=1e-5)


def test_errors_that_rest_on_groups_are_those_of_leaving_each_group_out() -> None:
    rng = np.random.default_rng(7)
    group = np.arange(120) % 30
    x = (group % 3 == 0).astype(float)
    y = np.searchsorted([-1, 0.5], x + rng.normal(0, 1, 30)[group] + rng.logistic(size=120))
    term = cumulative_logit(y.tolist(), x[:, None], ["x"], clusters=group.tolist()).terms[0]
    left = np.array(
        [
            cumulative_logit(y[group != one].tolist(), x[group != one, None], ["x"], clusters=group[group != one].tolist())
            .terms[0]
            .log_odds
            for one in range(30)
        ]
    )
    assert term.se == pytest.approx(np.sqrt(29 / 30 * ((left - left.mean()) ** 2).sum()), rel=0.05)
    assert term.freedom < 29
    alone = cumulative_logit(y.tolist(), x[:, None], ["x"]).terms[0]
    assert term.log_odds == pytest.approx(alone.log_odds)
    assert term.upper - term.lower > alone.upper - alone.lower


def test_the_scale_can_be_turned_round() -> None:
    rng = np.random.default_rng(3)
    y, x = rng.integers(0, 4, 30), rng.integers(0, 2, 30)[:, None]
    up, down = (cumulative_logit(answers.tolist(), x, ["x"]).terms[0] for answers in (y, 10 - 2 * y))
    assert (up.log_odds, up.lower, up.upper) == pytest.approx((-down.log_odds, -down.upper, -down.lower), abs=1e-4)


def test_what_cannot_be_estimated_is_refused() -> None:
    x = [[0.0], [1.0], [0.0], [1.0], [1.0], [0.0]]
    for answers, design, clusters, words in (
        ([1] * 6, x, None, "the same answer"),
        ([1, 2, 1, 2, 2, 1], [[1.0]] * 6, None, "constant"),
        ([1, 2, 1, 2, 2, 1], x, list("aabbab"), "2 groups"),
        ([1, 2, 1, 2, 1, 2], x, list("abcbbd"), "one group alone"),
        ([1, 2, 1, 2, 1, float("nan")], x, None, "missing"),
        ([1, 2], x, None, "one row a case"),
    ):
        with pytest.raises(AnalysisError, match=words):
            cumulative_logit(answers, design, ["x"], clusters=clusters)
