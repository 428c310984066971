"""Families of tests told together, held against the rule of Benjamini and Bogomolov as their paper states it."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.results import Base, Result
from vvvresearch.rounds._families import FamilyAnalyses, told_together

P_VALUES = st.lists(st.floats(1e-6, 1), min_size=1, max_size=4)


def table(name: str, p_values: list[float]) -> Result:
    frame = pd.DataFrame({"item": [f"q{k}" for k in range(len(p_values))], "p_adjusted": p_values})
    return Result(frame=frame, base=Base(20), title=name, at=name, keys=("item",))


@settings(max_examples=25, deadline=None)
@given(families=st.lists(P_VALUES, min_size=1, max_size=4))
def test_what_is_told_together_is_what_the_rule_picks_whatever_the_order_of_tables(families: list[list[float]]) -> None:
    smallest = sorted(min(own) for own in families)
    # Benjamini and Hochberg: the largest k whose k-th smallest p is at most k/m of the level.
    chosen = max((k for k, p in enumerate(smallest, start=1) if p <= 0.05 * k / len(smallest)), default=0)
    expected = {f"t{name}.q{k}" for name, own in enumerate(families) for k, p in enumerate(own) if p <= 0.05 * chosen / len(families)}
    tables = [table(f"t{name}", own) for name, own in enumerate(families)]
    for order in (tables, tables[::-1]):
        rows = told_together(order)["rows"].frame
        assert set(rows.loc[rows["told"], "row"]) == expected


def test_a_table_by_itself_keeps_its_own_level_and_beside_nine_empty_ones_it_needs_a_tenth_of_it() -> None:
    alone = told_together([table("a", [0.04, 0.06])])
    assert alone.frame["told"].tolist() == [1]
    assert alone.totals["level"].value == 0.05
    beside = told_together([table("a", [0.04, 0.004]), *(table(f"b{k}", [0.9]) for k in range(9))])
    assert beside.totals["level"].value == pytest.approx(0.005)
    assert beside["rows"].frame.loc[lambda rows: rows["told"], "row"].tolist() == ["a.q1"]
    assert "0,50\u00a0%" in beside.note.replace(" %", "\u00a0%")


def test_a_table_of_a_round_says_that_it_holds_by_itself_only_where_it_decides_something() -> None:
    class Opened(FamilyAnalyses):
        lang, small_n, hidden = "en", 10, frozenset[str]()

    decided, open_, plain = (
        Opened().finish(lambda one=one: one).note
        for one in (table("a", [0.05, 0.9]), table("a", [0.051]), told_together([table("a", [0.01])]))
    )
    assert "by itself" in decided
    assert "by itself" not in open_
    assert plain.count("this table by itself") == 0
