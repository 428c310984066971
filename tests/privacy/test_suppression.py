"""Small counts cannot be worked out, and no fewer cells would do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from tests.privacy.counting_tables import brute_force, equations, interval, is_safe, random_table
from vvvresearch.errors import AnalysisError, DisclosureError
from vvvresearch.privacy import HIDDEN, attack, suppress, suppress_linked
from vvvresearch.privacy._final_audit import FinalAudit
from vvvresearch.privacy._optimum import Choice, Search
from vvvresearch.privacy._sums import Sums

TOTALS = ("rows", "columns", "both", "")


@pytest.mark.parametrize("seed", range(16))
def test_no_small_cell_can_be_shown_to_be_small_and_no_other_can_be_computed(seed: int) -> None:
    numbers = np.random.default_rng(seed)
    table, hierarchy = random_table(numbers, numbers.integers(2, 9), numbers.integers(2, 7), TOTALS[seed % 4])
    threshold = (3, 5, 10)[seed % 3]
    result = suppress(table, threshold, hierarchy)
    values = table.to_numpy().ravel()
    hidden = np.flatnonzero(result.hidden.to_numpy().ravel()).tolist()
    assert is_safe(equations(table, hierarchy), values, hidden, threshold)
    assert set(np.flatnonzero((values > 0) & (values < threshold))) <= set(hidden)
    assert result.primary.to_numpy().ravel().tolist() == ((values > 0) & (values < threshold)).tolist()
    assert result.optimal


@pytest.mark.parametrize("seed", range(8))
def test_trying_every_choice_finds_none_with_fewer_cells_or_answers(seed: int) -> None:
    numbers = np.random.default_rng(1000 + seed)
    table, hierarchy = random_table(numbers, numbers.integers(1, 4), numbers.integers(1, 4), TOTALS[seed % 4])
    threshold = (3, 5, 10)[seed % 3]
    result = suppress(table, threshold, hierarchy)
    assert (result.cells, 0, result.answers) == brute_force(table, hierarchy, threshold)
    assert (result.cells, result.answers) == (result.least_cells, result.least_answers)
    # Where something rests on cells, others are hidden as long as they are no more.
    marks = pd.DataFrame(numbers.random(table.shape) < 0.4, index=table.index, columns=table.columns)
    named = {"t": table.rename_axis(index="row", columns="column")}
    spared = suppress_linked(named, threshold, hierarchies={"row": hierarchy} if hierarchy else None, spare={"t": marks})
    lost = int((spared["t"].hidden & marks).to_numpy().sum())
    wanted = brute_force(table, hierarchy, threshold, np.flatnonzero(marks.to_numpy().ravel()).tolist())
    assert (spared.cells, lost, spared.answers) == wanted
    assert spared.optimal


@pytest.mark.parametrize("seed", range(4))
def test_hierarchies_in_both_directions_stand_the_attack(seed: int) -> None:
    numbers = np.random.default_rng(2000 + seed)
    table, hierarchy = random_table(numbers, 4, 3, "both")
    columns = {"Some": ["c0", "c1"]}
    table.insert(2, "Some", table["c0"] + table["c1"])
    result = suppress(table, 5, hierarchy, column_hierarchy=columns)
    found = attack(result.shown, result.hidden, hierarchy=hierarchy, column_hierarchy=columns)
    small = {cell for cell in found if result.primary.at[cell]}
    assert not small & set(found.below(5))
    assert not found.exact
    assert result.optimal


@pytest.mark.parametrize("seed", range(3))
def test_a_reader_who_knows_the_rule_learns_nothing_when_that_is_asked_for(seed: int) -> None:
    numbers = np.random.default_rng(3000 + seed)
    table, hierarchy = random_table(numbers, 4, 3, "both")
    result = suppress(table, 5, hierarchy, reader_knows_rule=True)
    found = attack(result.shown, result.hidden, hierarchy=hierarchy, threshold=5)
    assert not {cell for cell in found.below(5) if result.primary.at[cell]}
    assert not found.exact


def test_the_rule_alone_can_give_two_hidden_cells_away() -> None:
    table = pd.DataFrame({"a": [1, 9], "b": [4, 8], "Total": [5, 17]}, index=["x", "y"])
    plain = suppress(table)
    assert plain.hidden.loc["x"].tolist() == [True, True, False]
    assert attack(table, plain.hidden).below(5) == []
    # 5 + 0 is the only table with a cell of 5, and nothing would be hidden in it: zeros are shown and 5 is not small.
    assert attack(table, plain.hidden, threshold=5).below(5) == [("x", "a"), ("x", "b")]
    careful = suppress(table, reader_knows_rule=True)
    assert careful.hidden.loc["x"].all()
    assert attack(table, careful.hidden, threshold=5).below(5) == []


def test_hidden_cells_are_marked_alike_and_everything_else_stands() -> None:
    table = pd.DataFrame({"ja": [9, 2, 11], "nej": [8, 12, 20], "I alt": [17, 14, 31]}, index=["Aalborg", "Thisted", "I alt"])
    result = suppress(table, lang="en")
    assert result.shown.loc["Thisted"].tolist() == [HIDDEN, HIDDEN, 14]
    assert result.shown.loc["I alt"].tolist() == [11, 20, 31]
    assert result.primary.sum().sum() == 1
    assert "below 5" in result.note
    assert "14" in repr(result)


def test_a_table_without_small_counts_is_left_alone() -> None:
    table = pd.DataFrame({"a": [0, 7, 7], "b": [5, 12, 17]}, index=["x", "y", "Total"])
    result = suppress(table)
    assert (result.cells, result.note, result.optimal) == (0, "", True)


def test_zeros_are_treated_as_the_rule_says() -> None:
    table = pd.DataFrame({"a": [0, 3, 9], "b": [8, 0, 7], "c": [9, 9, 0]}, index=["x", "y", "z"])
    table["Total"] = table.sum(axis=1)
    table.loc["Total"] = table.sum()
    zero = table == 0
    assert suppress(table, zeros="small").primary[zero].sum().sum() == 3
    assert suppress(table).primary[zero].sum().sum() == 0
    known = suppress(table, zeros="known")
    assert known.hidden[zero].sum().sum() == 0
    found = attack(known.shown, known.hidden, zeros_known=True)
    assert found["y", "a"][0] == 1
    assert found["y", "a"][1] >= 5


def test_percentages_are_hidden_with_their_count_and_with_their_base() -> None:
    table = pd.DataFrame({"a": [1, 9, 10], "b": [7, 9, 16], "Total": [8, 18, 26]}, index=["x", "y", "Total"])
    result = suppress(table)
    shares = result.percentages(decimals=1)
    assert shares.loc["Total"].tolist() == [38.5, 61.5, 100.0]
    assert shares.at["x", "a"] == HIDDEN
    down = result.percentages(of="columns")
    assert down.at["y", "Total"] == 69
    tiny = suppress(pd.DataFrame({"a": [3, 20], "Total": [3, 20]}, index=["x", "y"]))
    assert tiny.percentages().loc["x"].tolist() == [HIDDEN, HIDDEN]


def test_a_time_limit_gives_a_safe_choice_and_says_what_is_not_proved() -> None:
    numbers = np.random.default_rng(5)
    table = pd.DataFrame(numbers.poisson(numbers.gamma(0.8, 8, (10, 5))), index=[f"r{row}" for row in range(10)]).rename(columns=str)
    table["Total"] = table.sum(axis=1)
    table.loc["Total"] = table.sum()
    result = suppress(table, time_limit=0.001)
    found = attack(result.shown, result.hidden)
    assert not {cell for cell in found.below(5) if result.primary.at[cell]}
    assert result.least_cells <= suppress(table).cells <= result.cells
    assert not result.optimal


GOOD = pd.DataFrame({"a": [1, 7], "b": [6, 8]}, index=["x", "y"])


@pytest.mark.parametrize(
    ("table", "options", "words"),
    [
        ([1, 2], {}, "DataFrame"),
        (GOOD.iloc[:0], {}, "no cells"),
        (GOOD.astype(float).replace(7, np.nan), {}, "no count"),
        (GOOD.replace(7, -1), {}, "no count"),
        (GOOD.astype(float).replace(7, 7.5), {}, "no count"),
        (GOOD.replace(7, "mange"), {}, "no number"),
        (GOOD.set_axis(["x", "x"]), {}, "twice"),
        (GOOD.set_axis(["Total", "I alt"]), {}, "two totals"),
        (GOOD.set_axis(["x", "Total"]), {}, "not the sum"),
        (GOOD, {"threshold": 1}, "threshold"),
        (GOOD, {"threshold": 2.5}, "threshold"),
        (GOOD, {"zeros": "nul"}, "zeros"),
        (GOOD, {"time_limit": 0}, "time limit"),
        (GOOD, {"hierarchy": {"North": ["x"]}}, "not in the table"),
        (GOOD, {"hierarchy": {"x": "y"}}, "no list"),
        (GOOD, {"hierarchy": {"x": ["x"]}}, "part of"),
        (GOOD, {"hierarchy": {"x": ["y"], "y": ["x"]}}, "part of itself"),
    ],
)
def test_what_is_no_table_of_counts_is_one_error_in_words(table: object, options: dict[str, object], words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        suppress(table, **options)  # type: ignore[arg-type]


def test_what_cannot_be_protected_is_said_and_not_released() -> None:
    lone = pd.DataFrame({"a": [3]}, index=["x"])
    assert suppress(lone).cells == 1
    # Without sums there is nothing to hide behind: a hidden cell alone is small, to a reader who knows the rule.
    with pytest.raises(DisclosureError, match="cannot be protected"):
        suppress(lone, reader_knows_rule=True)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("search", ["stopped before it began", "erred"])
def test_what_a_search_gives_is_audited_before_it_is_handed_on(seed: int, search: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both what hides all (some of it can be computed) and what hides too little come back safe, with no cell that could be shown."""
    numbers = np.random.default_rng(4000 + seed)
    table, hierarchy = random_table(numbers, numbers.integers(2, 6), numbers.integers(2, 5), TOTALS[seed % 4])

    def run(self: Search) -> Choice:
        return Choice(self.can if search == "stopped before it began" else self.must, 0, 0)

    monkeypatch.setattr(Search, "run", run)
    result = suppress(table, 5, hierarchy)
    assert is_safe(equations(table, hierarchy), table.to_numpy().ravel(), np.flatnonzero(result.hidden.to_numpy()).tolist(), 5)


def test_an_audit_finds_the_cells_that_linear_programs_find_one_by_one() -> None:
    found = {"computed": 0, "small": 0}
    for seed in range(8):
        numbers = np.random.default_rng(5000 + seed)
        table, hierarchy = random_table(numbers, 3, 3, "both")
        table = table.where(numbers.random(table.shape) < 0.5, 0) if seed % 2 and not hierarchy else table
        leaves = [row for row in table.index if row not in ("North", "Total")]
        table["Total"] = table.drop(columns="Total").sum(axis=1)
        table.loc["Total"] = table.loc[leaves].sum()
        matrix, values = equations(table, hierarchy), table.to_numpy().ravel()
        hidden = numbers.random(len(values)) < (0.5, 0.7)[seed % 3 == 0]
        cells = np.flatnonzero(hidden).tolist()
        bounds = {cell: interval(matrix, values, cells, cell) for cell in cells}
        audit = FinalAudit(Sums(values, csr_matrix(matrix)), hidden, np.zeros(len(values), dtype=np.int64))
        fixed = {cell for cell, (low, high) in bounds.items() if high - low < 1e-6}
        below = {cell for cell, (_, high) in bounds.items() if values[cell] < 5 and high < 5 - 1e-6}
        assert set(audit.computed()) == fixed
        assert set(audit.cannot_rise({cell: 5 - int(values[cell]) for cell in cells if values[cell] < 5})) == below
        found = {"computed": found["computed"] + len(fixed), "small": found["small"] + len(below)}
    assert min(found.values()) > 5


def test_cells_that_can_only_move_against_each_other_are_not_taken_for_known() -> None:
    table = pd.DataFrame({"a": [44, 12], "b": [0, 23], "c": [0, 0], "d": [0, 35]}, index=["x", "y"])
    table.loc["Total"] = table.sum()
    table["Total"] = table.sum(axis=1)
    result = suppress(table, 10, zeros="small")
    found = attack(result.shown, result.hidden)
    assert not {cell for cell in found.below(10) if result.primary.at[cell]}
    assert not found.exact
