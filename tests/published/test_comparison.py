"""Published values beside ours: what is reproduced, what is not, and why."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from vvvresearch.published import published_comparison
from vvvresearch.results import Result
from vvvresearch.rounds import open_round


def counts(table: Result) -> dict[str, int]:
    """Every count by outcome, and the totals, by the last part of their address."""
    return {cell.address.rpartition(".")[2]: cell.value for cell in table.cells if cell.address.split(".")[1] in ("count", "total")}


def why(table: Result) -> pd.Series:
    """What is said of each value, by figure and key."""
    return table.shown().set_axis(pd.MultiIndex.from_frame(table.frame[["figure", "key"]]))["Bemærkning"]


@pytest.fixture(scope="module")
def tables(project: Path) -> dict[str, Result]:
    rounds = {name: open_round(name, project) for name in ("2019-final", "2021-note")}
    return {name: published_comparison(each.published, each.recomputed()) for name, each in rounds.items()}


def test_every_published_value_has_one_row(tables: dict[str, Result], project: Path) -> None:
    for name, table in tables.items():
        published = open_round(name, project).published
        assert len(table.frame) == len(published.values) + len(published.facts)
        assert not table.frame.duplicated(["figure", "key"]).any()


def test_of_2021_everything_that_can_be_computed_is_the_printed_digit(tables: dict[str, Result]) -> None:
    totals = counts(tables["2021-note"])
    assert totals["reproduced"] == totals["checkable"]
    assert (totals["differs"], totals["impossible"], totals["no_base"]) == (0, 0, 0)


def test_of_2019_thirteen_percentages_are_impossible_and_one_total_differs(tables: dict[str, Result]) -> None:
    totals, frame = counts(tables["2019-final"]), tables["2019-final"].frame
    assert totals["impossible"] == 13
    assert list(frame.loc[frame["outcome"] == "differs", "key"]) == ["PR-BUD-TOTAL"]


def test_reproduced_means_the_same_count_and_the_same_digits(tables: dict[str, Result]) -> None:
    for table in tables.values():
        for row in table.frame[table.frame["outcome"] == "reproduced"].to_dict("records"):
            if not pd.isna(row["count"]) and not pd.isna(row["our_count"]):
                assert row["count"] == row["our_count"], row["key"]
            if row["percent"] is not None and not pd.isna(row["percent"]):
                assert row["percent"] == row["our_percent"], row["key"]


def test_whatever_is_not_reproduced_says_why(tables: dict[str, Result]) -> None:
    for table in tables.values():
        without = table.frame[(table.frame["outcome"] != "reproduced").to_numpy() & (why(table) == "").to_numpy()]
        assert list(without["key"]) == []


def test_values_of_2021_come_from_answers_and_registers(tables: dict[str, Result]) -> None:
    frame = tables["2021-note"].frame.set_index(["figure", "key"])
    assert frame.at[("ALS-TAB6", "fewer_staff"), "how"] == "tabulate(municipal-2021, reorganised_how)"
    assert frame.at[("ALS-TAB11", "public_system"), "our_count"] == 7
    assert frame.at[("", "PR-COURSE-PART"), "how"] == "sum(participants)(courses)"
    assert frame.at[("", "PR-INT-ALS-TOTAL"), "our_count"] == 34
    assert frame.at[("ALS-RESP", "complete"), "our_percent"] == 59


def test_values_printed_only_as_an_image_are_listed_as_such(tables: dict[str, Result]) -> None:
    frame = tables["2021-note"].frame.set_index(["figure", "key"])
    row = frame.loc[("ALS-FIG1", "no_longer")]
    said = why(tables["2021-note"])["ALS-FIG1", "no_longer"]
    assert (row["outcome"], said) == ("not_printed", "Kun trykt som billede.")


def test_response_rates_name_the_numbers_of_invited_that_fit(tables: dict[str, Result]) -> None:
    said = why(tables["2019-final"]).droplevel("key")
    fits = {name: said[f"LG-RESP-{name}"].split("passer med ")[1].rstrip(".") for name in ("2017", "2018-Q1", "2018-Q4")}
    assert fits == {"2017": "91", "2018-Q1": "95, 96", "2018-Q4": "96"}


def test_the_totals_add_up_and_are_said(tables: dict[str, Result]) -> None:
    for table in tables.values():
        parts = ("reproduced", "differs", "impossible", "no_base", "alone", "retelling")
        assert sum(counts(table)[name] for name in parts) == counts(table)["published"]
        assert str(counts(table)["reproduced"]) in table.note
        assert "genskabt" in table.to_markdown()


def test_without_data_only_what_is_printed_together_can_be_checked(project: Path) -> None:
    published = open_round("2021-note", project).published
    table = published_comparison(published)
    assert counts(table)["differs"] == 0
    assert set(table.frame.loc[table.frame["figure"] == "ALS-TAB6", "how"]) == {"printed_count"}
