"""Published values beside ours: what is reproduced, what is not, and why."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from vvvresearch.published import ComparisonTable, published_comparison
from vvvresearch.rounds import open_round


@pytest.fixture(scope="module")
def tables(project: Path) -> dict[str, ComparisonTable]:
    rounds = {name: open_round(name, project) for name in ("2019-final", "2021-note")}
    return {name: published_comparison(each.published, each.recomputed()) for name, each in rounds.items()}


def test_every_published_value_has_one_row(tables: dict[str, ComparisonTable], project: Path) -> None:
    for name, table in tables.items():
        published = open_round(name, project).published
        assert len(table.frame) == len(published.values) + len(published.facts)
        assert not table.frame.duplicated(["figure", "key"]).any()


def test_of_2021_everything_that_can_be_computed_is_the_printed_digit(tables: dict[str, ComparisonTable]) -> None:
    totals = tables["2021-note"].totals
    assert totals["reproduced"] == totals["checkable"]
    assert (totals["differs"], totals["impossible"], totals["no_base"]) == (0, 0, 0)


def test_of_2019_thirteen_percentages_are_impossible_and_one_total_differs(tables: dict[str, ComparisonTable]) -> None:
    totals, frame = tables["2019-final"].totals, tables["2019-final"].frame
    assert totals["impossible"] == 13
    assert list(frame.loc[frame["outcome"] == "differs", "key"]) == ["PR-BUD-TOTAL"]


def test_reproduced_means_the_same_count_and_the_same_digits(tables: dict[str, ComparisonTable]) -> None:
    for table in tables.values():
        for row in table.frame[table.frame["outcome"] == "reproduced"].to_dict("records"):
            if not pd.isna(row["count"]) and not pd.isna(row["our_count"]):
                assert row["count"] == row["our_count"], row["key"]
            if row["percent"] is not None and not pd.isna(row["percent"]):
                assert row["percent"] == row["our_percent"], row["key"]


def test_whatever_is_not_reproduced_says_why(tables: dict[str, ComparisonTable]) -> None:
    for table in tables.values():
        without = table.frame[(table.frame["outcome"] != "reproduced") & (table.frame["why"] == "")]
        assert list(without["key"]) == []


def test_values_of_2021_come_from_answers_and_registers(tables: dict[str, ComparisonTable]) -> None:
    frame = tables["2021-note"].frame.set_index(["figure", "key"])
    assert frame.at[("ALS-TAB6", "fewer_staff"), "how"] == "tabulate(municipal-2021, reorganised_how)"
    assert frame.at[("ALS-TAB11", "public_system"), "our_count"] == 7
    assert frame.at[("", "PR-COURSE-PART"), "how"] == "sum(participants)(courses)"
    assert frame.at[("", "PR-INT-ALS-TOTAL"), "our_count"] == 34
    assert frame.at[("ALS-RESP", "complete"), "our_percent"] == 59


def test_values_printed_only_as_an_image_are_listed_as_such(tables: dict[str, ComparisonTable]) -> None:
    frame = tables["2021-note"].frame.set_index(["figure", "key"])
    row = frame.loc[("ALS-FIG1", "no_longer")]
    assert (row["outcome"], row["why"]) == ("not_printed", "Kun trykt som billede.")


def test_response_rates_name_the_numbers_of_invited_that_fit(tables: dict[str, ComparisonTable]) -> None:
    rows = tables["2019-final"].frame.set_index("figure")
    fits = {name: rows.at[f"LG-RESP-{name}", "why"].split("passer med ")[1].rstrip(".") for name in ("2017", "2018-Q1", "2018-Q4")}
    assert fits == {"2017": "91", "2018-Q1": "95, 96", "2018-Q4": "96"}


def test_the_totals_add_up_and_are_said(tables: dict[str, ComparisonTable]) -> None:
    for table in tables.values():
        parts = ("reproduced", "differs", "impossible", "no_base", "alone", "retelling")
        assert sum(table.totals[name] for name in parts) == table.totals["published"]
        assert str(table.totals["reproduced"]) in table.note
        assert "genskabt" in table.to_markdown()


def test_without_data_only_what_is_printed_together_can_be_checked(project: Path) -> None:
    published = open_round("2021-note", project).published
    table = published_comparison(published)
    assert table.totals["differs"] == 0
    assert set(table.frame.loc[table.frame["figure"] == "ALS-TAB6", "how"]) == {"printed_count"}
