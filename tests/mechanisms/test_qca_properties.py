"""What must hold of every QCA solution, checked on random tables and against counting everything out."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from vvvresearch.errors import AnalysisError
from vvvresearch.mechanisms.qca import TruthTable, enhanced, minimize, robustness, truth_table, untenable

Cube = tuple[int, ...]
NAMES = ("A", "B", "C", "D")
QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


@st.composite
def tables(draw: st.DrawFn, fuzzy: bool = False) -> TruthTable:
    conditions = draw(st.integers(2, 4))
    n = draw(st.integers(4, 14))
    share = st.integers(0, 20).filter(lambda value: value != 10).map(lambda value: value / 20) if fuzzy else st.integers(0, 1)
    levels = [draw(st.sampled_from([2, 2, 2, 3])) for _ in range(conditions)]
    rows = []
    for _ in range(n):
        values = [draw(st.integers(0, level - 1)) if level > 2 else draw(share) for level in levels]
        rows.append([*values, draw(share)])
    data = pd.DataFrame(rows, columns=[*NAMES[:conditions], "Y"], index=[f"case {number}" for number in range(n)])
    try:
        table = truth_table(data, "Y", list(NAMES[:conditions]), inclusion_cut=0.8)
        minimize(table, "parsimonious")
    except AnalysisError:
        assume(False)
    return table


def under(cube: Cube, config: Cube) -> bool:
    return all(value in (-1, held) for value, held in zip(cube, config, strict=True))


def minimal_models_by_counting(positive: list[Cube], allowed: set[Cube], levels: tuple[int, ...]) -> tuple[set[Cube], set[frozenset[Cube]]]:
    """Primes and shortest covers, found by trying every term and every set of terms."""
    space = list(product(*(range(level) for level in levels)))
    terms = [
        cube
        for cube in product(*(range(-1, level) for level in levels))
        if any(under(cube, row) for row in positive) and all(row in allowed for row in space if under(cube, row))
    ]
    primes = {cube for cube in terms if not any(other != cube and under_all(other, cube) for other in terms)}
    for size in range(1, len(positive) + 1):
        found = {
            frozenset(chosen)
            for chosen in combinations(sorted(primes), size)
            if all(any(under(cube, row) for cube in chosen) for row in positive)
        }
        if found:
            return primes, found
    raise AssertionError("the positive rows cover themselves")


def under_all(wide: Cube, narrow: Cube) -> bool:
    return all(value in (-1, held) for value, held in zip(wide, narrow, strict=True))


@pytest.mark.parametrize("solution", ["conservative", "parsimonious"])
@QUICK
@given(table=st.one_of(tables(), tables(fuzzy=True)))
def test_all_minimal_models_are_those_that_counting_everything_out_finds(table: TruthTable, solution: str) -> None:
    positive = [tuple(row) for row in table.rows_with("1").tolist()]
    negative = {tuple(row) for row in table.rows_with("0").tolist()}
    space = set(product(*(range(level) for level in table.data.levels)))
    allowed = space - negative if solution == "parsimonious" else set(positive)
    primes, models = minimal_models_by_counting(positive, allowed, table.data.levels)
    assume(len(primes) <= 22)
    found = minimize(table, solution)  # type: ignore[arg-type]
    assert set(found.primes) == primes
    assert [frozenset(model.cubes) for model in found.models] == list(dict.fromkeys(frozenset(model.cubes) for model in found.models))
    assert {frozenset(model.cubes) for model in found.models} == models
    assert found.complete


@QUICK
@given(table=st.one_of(tables(), tables(fuzzy=True)), expected=st.integers(0, 1))
def test_every_solution_covers_the_positive_rows_and_no_negative_one(table: TruthTable, expected: int) -> None:
    expectations = dict.fromkeys(table.data.conditions, expected)
    for found in (minimize(table), minimize(table, "parsimonious"), minimize(table, "intermediate", expectations)):
        assert found.models
        for model in found.models[:50]:
            for row in table.rows_with("1").tolist():
                assert any(under(cube, row) for cube in model.cubes)
            for row in table.rows_with("0", "C").tolist():
                assert not any(under(cube, row) for cube in model.cubes)


@QUICK
@given(table=st.one_of(tables(), tables(fuzzy=True)), expected=st.integers(0, 1))
def test_an_intermediate_model_lies_between_the_two_it_comes_from(table: TruthTable, expected: int) -> None:
    found = minimize(table, "intermediate", dict.fromkeys(table.data.conditions, expected))
    for pair in found.pairs[:20]:
        for model in pair.models[:20]:
            assert set(model.assumptions) <= set(pair.easy_counterfactuals) <= set(pair.parsimonious.assumptions)
            # min of the smaller set is never above the larger one, case by case
            assert not set(pair.conservative.assumptions)


@QUICK
@given(table=tables())
def test_without_expectations_the_intermediate_solution_is_the_conservative_one(table: TruthTable) -> None:
    plain = {frozenset(model.terms) for model in minimize(table).models}
    assert {frozenset(model.terms) for model in minimize(table, "intermediate", {}).models} == plain


@QUICK
@given(table=st.one_of(tables(), tables(fuzzy=True)))
def test_irredundant_covers_hold_the_minimal_ones_and_lose_a_row_with_any_term(table: TruthTable) -> None:
    every = minimize(table, "parsimonious", covers="irredundant").models
    assume(len(every) < 2000)
    sets = {frozenset(model.cubes) for model in every}
    assert {frozenset(model.cubes) for model in minimize(table, "parsimonious").models} <= sets
    positive = table.rows_with("1").tolist()
    for model in sets:
        for cube in model:
            assert any(not any(under(other, row) for other in model - {cube}) for row in positive)


@QUICK
@given(table=tables(fuzzy=True))
def test_negating_twice_gives_back_the_inclusion_of_every_row(table: TruthTable) -> None:
    data = pd.DataFrame(table.data.values, columns=list(table.data.conditions), index=list(table.data.cases))
    data["Y"] = 1 - table.data.outcome
    again = truth_table(data, "Y", table.data.conditions, negate_outcome=True, inclusion_cut=0.8)
    assert again.frame["OUT"].tolist() == table.frame["OUT"].tolist()
    assert np.allclose(again.frame["incl"], table.frame["incl"])


@QUICK
@given(table=tables())
def test_enhanced_solutions_share_no_assumption_and_make_no_untenable_one(table: TruthTable) -> None:
    data = pd.DataFrame(table.data.values, columns=list(table.data.conditions), index=list(table.data.cases))
    data["Y"] = table.data.outcome
    negated = truth_table(data, "Y", table.data.conditions, negate_outcome=True, inclusion_cut=0.8)
    assume("1" in negated.out and "0" in negated.out)
    impossible = [{"A": 1, "B": 0}]
    both = enhanced(table, negated, impossible=impossible)
    assume(both.complete)
    here = {row for model in both.outcome.models for row in model.assumptions}
    there = {row for model in both.negation.models for row in model.assumptions}
    assert not here & there
    assert not (here | there) & set(untenable(table, impossible))


def random_table(conditions: int, cases: int, seed: int, fuzzy: bool = False) -> TruthTable:
    numbers = np.random.default_rng(seed)
    names = [f"C{place}" for place in range(conditions)]
    values = numbers.integers(0, 2, (cases, conditions + 1)).astype(float)
    if fuzzy:
        values = np.abs(values - numbers.uniform(0, 0.45, values.shape))
    data = pd.DataFrame(values, columns=[*names, "Y"], index=[f"case {number}" for number in range(cases)])
    return truth_table(data, "Y", names, inclusion_cut=0.8)


def test_every_model_of_a_large_table_is_short_and_different_and_covers_it() -> None:
    table = random_table(10, 80, seed=2)
    found = minimize(table, "parsimonious")
    assert found.complete
    assert len({frozenset(model.cubes) for model in found.models}) == len(found.models)
    assert len({len(model.cubes) for model in found.models}) == 1
    for model in found.models[:200]:
        assert all(any(under(cube, row) for cube in model.cubes) for row in table.rows_with("1").tolist())


def test_a_million_models_are_counted_and_looked_at_without_being_made() -> None:
    found = minimize(random_table(8, 80, seed=8), "parsimonious")
    assert found.complete
    assert len(found.models) > 1_000_000
    first, last = found.models[0], found.models[-1]
    assert len(first.cubes) == len(last.cubes)
    assert set(first.cubes) != set(last.cubes)


def test_a_time_limit_leaves_a_proved_partial_state_and_says_so() -> None:
    table = random_table(12, 240, seed=1)
    # A busy machine may prove nothing in the shortest time: then it gets more, so that there is a partial state to look at.
    for limit in (0.7, 3.0, 12.0):
        found = minimize(table, "parsimonious", time_limit=limit)
        if len(found.models) or found.candidate:
            break
    assert not found.complete
    assert len({len(model.cubes) for model in found.models[:1000]}) <= 1
    assert "UFULDSTÆNDIG" in found.note
    assert found.in_language("en").note.count("INCOMPLETE") == 1
    known = found.models[0] if len(found.models) else found.candidate
    assert known is not None
    assert all(any(under(cube, row) for cube in known.cubes) for row in table.rows_with("1").tolist())
    nothing = minimize(table, "parsimonious", time_limit=1e-9)
    assert (len(nothing.models), nothing.complete) == (0, False)


def test_a_cap_on_models_keeps_shortest_models_only_and_says_that_there_are_more() -> None:
    table = random_table(10, 80, seed=1)
    whole = {frozenset(model.cubes) for model in minimize(table, "parsimonious").models[:200_000]}
    capped = minimize(table, "parsimonious", max_models=50)
    assert not capped.complete
    assert {frozenset(model.cubes) for model in capped.models} <= whole


def test_robustness_names_the_cut_off_range_and_the_core() -> None:
    table = random_table(3, 40, seed=3, fuzzy=True)
    tested = robustness(table)
    assert set(tested.frame["test"]) >= {"case", "n_cut"}
    assert (tested.frame["test"] == "case").sum() == 40
    for term in tested.core:
        assert all(term in model.terms for model in tested.reference.models)


def test_a_solution_that_one_case_carries_has_no_robust_core() -> None:
    # Only case d has the outcome, so that leaving it out leaves nothing to explain.
    data = pd.DataFrame({"A": [0, 0, 1, 1], "B": [0, 1, 0, 1], "OUT": [0, 0, 0, 1]}, index=list("abcd"))
    tested = robustness(truth_table(data, "OUT", ["A", "B"]))
    without = tested.frame[(tested.frame["test"] == "case") & (tested.frame["what"] == "d")].iloc[0]
    assert (without["n_models"], without["same"]) == (0, False)
    assert tested.failed >= 1
    assert tested.core == ()
    assert set(tested.terms["of"]) == {len(tested.frame) + 1}
    assert any("no solution" in note.say("en") for note in tested.notes)
    # The note names what its rows hold, and nothing that was not tried.
    counts, told = tested.frame["test"].value_counts(), tested.notes[0].say("en")
    assert told.startswith(f"Solved anew {len(tested.frame)} times:")
    assert f"without a case ({counts['case']})" in told
    assert "threshold" not in told
    assert f"same in {tested.frame['same'].sum()} of them" in told


def test_a_case_without_which_a_condition_no_longer_varies_counts_neither_for_nor_against() -> None:
    # Only case d has B, so that without it B cannot be asked about.
    data = pd.DataFrame({"A": [0, 0, 1, 1], "B": [0, 0, 0, 1], "OUT": [0, 0, 1, 1]}, index=list("abcd"))
    tested = robustness(truth_table(data, "OUT", ["A", "B"]))
    row = tested.frame[tested.frame["what"] == "d"].iloc[0]
    assert (row["moot"], row["refused"]) == ("B", False)
    assert set(tested.terms["of"]) == {len(tested.frame) + 1 - 1}
    assert tested.totals["moot"].value == 1


def test_the_robust_core_is_each_cases_least_membership_over_all_variants() -> None:
    for seed in (3, 4, 5):
        table = random_table(3, 24, seed=seed, fuzzy=True)
        tested = robustness(table)
        whole = tested.reference.models[0]
        members = [whole.membership]
        for row in tested.frame[tested.frame["moot"] == ""].to_dict("records"):
            terms = row["models"].split(" | ")[0].split(" + ") if row["models"] else []
            members.append(np.max([fit_of(table, term) for term in terms], axis=0) if terms else np.zeros(24))
        core = np.min(members, axis=0)
        y = table.data.outcome
        assert tested.core_coverage == pytest.approx(np.minimum(core, y).sum() / np.minimum(whole.membership, y).sum())
        assert tested.changed_cases == pytest.approx(np.mean([len({one[case] > 0.5 for one in members}) > 1 for case in range(24)]))


def fit_of(table: TruthTable, term: str) -> np.ndarray:
    """Membership of the cases in a term as it is written."""
    data = table.data
    parts = [data.values[:, data.conditions.index(one.removeprefix("~"))] for one in term.split("*")]
    signed = [1 - part if one.startswith("~") else part for part, one in zip(parts, term.split("*"), strict=True)]
    return np.min(signed, axis=0)


def test_pri_and_neighbouring_cut_offs_are_tried_too() -> None:
    table = random_table(3, 40, seed=3, fuzzy=True)
    tested = robustness(table)
    rows = table.frame[table.frame["incl"] >= table.inclusion_cut[0] - 1e-9]
    wanted = {round(value, 9) for value in rows["PRI"].dropna()} | {0.0}
    tried = {round(float(cut), 9) for cut in tested.frame.loc[tested.frame["test"] == "pri_cut", "setting"]}
    assert tried == wanted - {round(table.pri_cut, 9)}
    assert "pri_cut" in set(tested.ranges["test"])
