"""Tables that a reader can hold beside each other are protected together."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, DisclosureError
from vvvresearch.privacy import HIDDEN, attack, attack_linked, suppress, suppress_linked


def count(people: pd.DataFrame, rows: str, columns: str, totals: bool = True) -> pd.DataFrame:
    table = pd.crosstab(people[rows], people[columns])
    table = pd.DataFrame(table.to_numpy(), index=list(table.index), columns=list(table.columns))
    if totals:
        table["Total"] = table.sum(axis=1)
        table.loc["Total"] = table.sum()
    return table.rename_axis(index=rows, columns=columns)


def random_people(seed: int) -> pd.DataFrame:
    numbers = np.random.default_rng(seed)
    n = int(numbers.integers(40, 160))
    return pd.DataFrame(
        {
            "region": numbers.choice(list("ABCD"), n, p=[0.5, 0.3, 0.15, 0.05]),
            "sex": numbers.choice(["f", "m"], n, p=[0.6, 0.4]),
            "age": numbers.choice(["18", "30", "60"], n, p=[0.2, 0.5, 0.3]),
        }
    )


@pytest.mark.parametrize("seed", range(8))
def test_tables_that_share_margins_stand_the_attack_together(seed: int) -> None:
    people = random_people(seed)
    tables = {"sex": count(people, "region", "sex"), "age": count(people, "region", "age", totals=seed % 2 == 0)}
    result = suppress_linked(tables, 3, time_limit=5)
    found = attack_linked({name: one.shown for name, one in result.items()}, {name: one.hidden for name, one in result.items()})
    for name, one in result.items():
        for cell, (low, high) in found[name].items():
            assert low <= one.counts.at[cell] <= high
            assert high >= 3 if one.primary.at[cell] else low < high
    shared = result["sex"].hidden["Total"]
    if seed % 2 == 0:
        assert shared.tolist() == result["age"].hidden["Total"].tolist()


def test_tables_that_are_safe_alone_are_not_safe_together() -> None:
    people = pd.DataFrame({"region": ["A"] * 11 + ["B"] * 30, "sex": ["f"] * 9 + ["m"] * 2 + ["f"] * 14 + ["m"] * 16})
    sex = count(people, "region", "sex")
    half = sex[["f"]].rename_axis(columns="sex")
    alone = suppress(sex)
    assert HIDDEN in alone.shown["f"].tolist()
    shown = attack_linked({"sex": alone.shown, "f": half}, {"sex": alone.hidden}, overlapping=["f"])
    assert shown["sex"].below(5)
    together = suppress_linked({"sex": sex, "f": half})
    assert together.overlapping == ("f",)
    hidden = {name: one.hidden for name, one in together.items()}
    found = attack_linked({name: one.shown for name, one in together.items()}, hidden, overlapping=together.overlapping)
    assert not [cell for cell in found["sex"].below(5) if together["sex"].primary.at[cell]]
    assert together["f"].hidden["f"].tolist() == together["sex"].hidden["f"].tolist()


def grown() -> tuple[pd.DataFrame, pd.DataFrame]:
    old = pd.DataFrame({"matched": [20, 30], "Total": [20, 30]}, index=["Thy", "Aarhus"]).rename_axis(index="place", columns="state")
    return old, old + np.array([[2, 2], [9, 9]])


def test_a_small_growth_between_two_rounds_is_hidden() -> None:
    old, new = grown()
    relation = {"where": {"2021": {"round": "2021"}}, "subsets": [("2023", "2021")]}
    plain = attack_linked({"2021": old, "2023": new}, {}, **relation)
    assert plain["2023 - 2021"]["Thy", "matched"] == (2, 2)
    result = suppress_linked({"2023": new}, 5, released={"2021": old}, **relation)
    assert result["2023"].hidden.loc["Thy"].all()
    assert not result["2023"].hidden.loc["Aarhus"].any()
    found = attack_linked({"2021": old, "2023": result["2023"].shown}, {"2023": result["2023"].hidden}, **relation)
    assert found["2023 - 2021"]["Thy", "matched"] == (0, math.inf)


def test_the_men_are_hidden_where_all_and_women_are_shown() -> None:
    everybody = pd.DataFrame({"n": [12, 40]}, index=["Thy", "Aarhus"]).rename_axis(index="place", columns="what")
    women = pd.DataFrame({"n": [9, 22]}, index=["Thy", "Aarhus"]).rename_axis(index="place", columns="what")
    result = suppress_linked({"all": everybody, "women": women}, where={"women": {"sex": "f"}}, subsets=[("all", "women")])
    assert result.cells == 1
    assert result.answers == 9
    assert result["women"].shown["n"].tolist() == [HIDDEN, 22]


def test_what_was_published_stays_published_and_limits_what_can_be_protected() -> None:
    table = pd.DataFrame({"f": [9, 20], "m": [2, 30], "Total": [11, 50]}, index=["Thy", "Aarhus"]).rename_axis(index="place", columns="sex")
    small_is_out = suppress_linked({"now": table}, released={"then": table})
    assert small_is_out.cells == 0
    with pytest.raises(DisclosureError, match="cannot be protected") as caught:
        suppress_linked({"now": table}, released={"women": table[["f"]], "sum": table[["Total"]]})
    assert "'m'" in str(caught.value)
    earlier = suppress(table)
    again = suppress_linked({"now": table}, released={"then": earlier})
    assert again["now"].hidden.equals(earlier.hidden)


def test_a_group_in_one_table_ties_its_parts_in_another() -> None:
    parts = pd.DataFrame({"n": [3, 9, 8]}, index=["a", "b", "c"]).rename_axis(index="place", columns="what")
    whole = pd.DataFrame({"n": [12]}, index=["North"]).rename_axis(index="place", columns="what")
    groups = {"place": {"North": ["a", "b"]}}
    alone = suppress_linked({"parts": parts}, hierarchies=groups)
    assert alone.cells == 1
    both = suppress_linked({"parts": parts, "whole": whole}, hierarchies=groups)
    assert both["parts"].hidden["n"].tolist() == [True, True, False]
    found = attack_linked({"parts": parts, "whole": whole}, {"parts": alone["parts"].hidden}, hierarchies=groups)
    assert found["parts"]["a", "n"] == (3, 3)


def test_categories_that_overlap_tie_no_other_table() -> None:
    tables = {
        "all": pd.DataFrame({"Total": [10]}, index=["Thy"]).rename_axis(index="place", columns="who"),
        "needs": pd.DataFrame({"language": [8], "work": [7]}, index=["Thy"]).rename_axis(index="place", columns="need"),
    }
    result = suppress_linked(tables)
    assert (result.cells, result.overlapping) == (0, ("needs",))
    with pytest.raises(AnalysisError, match="different counts"):
        suppress_linked(tables | {"again": tables["all"] + 1})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"tables": {}}, "name of its own"),
        ({"where": {"x": {"sex": "f"}}}, "no table 'x'"),
        ({"subsets": [("now", "x")]}, "no table 'x'"),
        ({"tables": {"now": pd.DataFrame({"a": [1]})}}, "need names"),
    ],
)
def test_what_does_not_hang_together_is_one_error_in_words(options: dict[str, object], words: str) -> None:
    table = pd.DataFrame({"a": [9]}, index=["x"]).rename_axis(index="place", columns="what")
    with pytest.raises(AnalysisError, match=words):
        suppress_linked(**{"tables": {"now": table}, **options})  # type: ignore[arg-type]


def test_a_part_larger_than_its_whole_is_refused() -> None:
    old, new = grown()
    with pytest.raises(AnalysisError, match="counts more"):
        suppress_linked({"2021": old, "2023": new}, where={"2023": {"round": "2023"}}, subsets=[("2021", "2023")])


def test_the_linked_attack_on_one_table_is_the_plain_attack() -> None:
    table = count(random_people(3), "region", "age")
    result = suppress(table)
    assert dict(attack_linked({"one": result.shown}, {"one": result.hidden})["one"]) == dict(attack(result.shown, result.hidden))
