"""The attack finds what a reader can work out, and no more."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest

from tests.privacy.counting_tables import equations, interval, random_table
from vvvresearch.errors import AnalysisError
from vvvresearch.privacy import attack


def small_table() -> pd.DataFrame:
    table = pd.DataFrame({"a": [2, 3], "b": [1, 4]}, index=["x", "y"])
    table["Total"] = table.sum(axis=1)
    table.loc["Total"] = table.sum()
    return table


def marks(table: pd.DataFrame, *cells: tuple[str, str]) -> pd.DataFrame:
    hidden = pd.DataFrame(False, table.index, table.columns)
    for cell in cells:
        hidden.at[cell] = True
    return hidden


def test_the_intervals_are_those_of_counting_every_table() -> None:
    table = small_table()
    cells = [("x", "a"), ("x", "b"), ("y", "a"), ("y", "b")]
    found = attack(table, marks(table, *cells))
    fitting = [
        values
        for values in product(range(11), repeat=4)
        if values[0] + values[1] == 3 and values[2] + values[3] == 7 and values[0] + values[2] == 5 and values[1] + values[3] == 5
    ]
    for number, cell in enumerate(cells):
        column = [values[number] for values in fitting]
        assert found[cell] == (min(column), max(column))


@pytest.mark.parametrize("seed", range(25))
def test_the_intervals_are_those_of_the_plain_linear_program(seed: int) -> None:
    numbers = np.random.default_rng(seed)
    table, hierarchy = random_table(numbers, 5, 4, ("both", "rows", "columns")[seed % 3])
    hidden = pd.DataFrame(numbers.random(table.shape) < 0.4, table.index, table.columns)
    found = attack(table.astype(object).mask(hidden, "×"), hidden, hierarchy=hierarchy)
    places = np.flatnonzero(hidden.to_numpy().ravel()).tolist()
    cells = list(product(table.index, table.columns))
    for place in places:
        low, high = interval(equations(table, hierarchy), table.to_numpy().ravel(), places, place)
        assert found[cells[place]] == pytest.approx((math.ceil(low - 1e-6), math.floor(high + 1e-6) if high < math.inf else high))


def test_whole_numbers_bound_tighter_than_fractions() -> None:
    # 51 percent of 7 is 3.57: between 3.54 and 3.60 lies no whole number.
    table = pd.DataFrame({"a": [4], "b": [3], "Total": [7]}, index=["x"])
    hidden = marks(table, ("x", "a"), ("x", "b"))
    assert attack(table, hidden)["x", "a"] == (0, 7)
    assert attack(table, hidden, percentages=pd.DataFrame({"a": [57]}, index=["x"]))["x", "a"] == (4, 4)
    with pytest.raises(AnalysisError, match="contradicts itself"):
        attack(table, hidden, percentages=pd.DataFrame({"a": [51]}, index=["x"]))


def test_a_percentage_bounds_a_hidden_base_too() -> None:
    table = pd.DataFrame({"a": [1], "b": [7], "Total": [8]}, index=["x"])
    found = attack(table, marks(table, ("x", "a"), ("x", "Total")), percentages=pd.DataFrame({"a": [12.5]}, index=["x"]), decimals=1)
    assert found["x", "Total"] == (8, 8)


def test_hidden_counts_are_never_read() -> None:
    table, hidden = small_table(), marks(small_table(), ("x", "a"), ("x", "b"))
    lied = table.astype(object).mask(hidden, 99)
    assert dict(attack(lied, hidden)) == dict(attack(table, hidden))


def test_a_cell_alone_in_its_row_is_computed_and_one_without_a_sum_has_no_end() -> None:
    table = small_table()
    found = attack(table, marks(table, ("x", "a")))
    assert found.exact == [("x", "a")]
    assert found.below(5) == [("x", "a")]
    assert "1 of them" in repr(found)
    free = attack(table.iloc[:2, :2], marks(table.iloc[:2, :2], ("x", "a")))
    assert free["x", "a"] == (0, math.inf)
    assert free.frame.to_dict("records") == [{"row": "x", "column": "a", "lower": 0, "upper": math.inf}]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda table, hidden: (table, hidden.iloc[:1]), "not labelled"),
        (lambda table, hidden: (table, hidden.astype(int)), "true or false"),
        (lambda table, hidden: (table.astype(object).mask(~hidden, "?"), hidden), "no count"),
        (lambda table, hidden: (table.replace(10, 11), hidden), "contradicts"),
        (lambda table, hidden: (table.replace(7, 2), hidden), "contradicts"),
        (lambda table, hidden: (table.set_axis(["x", "x", "Total"]), hidden.set_axis(["x", "x", "Total"])), "twice"),
    ],
)
def test_what_does_not_fit_together_is_one_error_in_words(change, words: str) -> None:  # type: ignore[no-untyped-def]
    table = small_table()
    with pytest.raises(AnalysisError, match=words):
        attack(*change(table, marks(table, ("x", "a"), ("x", "b"), ("y", "a"), ("y", "b"))))
