"""The arithmetic check finds the figures that cannot come from their printed base, and no others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError, SchemaError
from vvvresearch.survey import check_percentages

# Listed one by one in the collected facts (INC-09): figure and base.
KNOWN = [(91, 72), (84, 72), (60, 71), (41, 72), (37, 72), (16, 72), (9, 72), (41, 72), (48, 72), (23, 72), (56, 40), (47, 40), (52, 40)]


@pytest.fixture(scope="module")
def published(reference: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((reference / "published" / "figures.json").read_text(encoding="utf-8"))
    return found


def claims_of(published: dict[str, Any], document: str) -> pd.DataFrame:
    rows = [
        {
            "id": f"{fact['id']}.{category['key']}",
            "percent": category["pct_printed"],
            "n": category.get("base_n", fact["base_n"]),
            "count": category.get("count_printed") if fact["type"] != "response_rate" or fact["base_n"] else None,
            "group": fact["id"],
        }
        for fact in published["facts"]
        for category in fact["categories"]
        if fact["document"] == document and category.get("pct_printed") is not None
    ]
    return pd.DataFrame(rows)


def test_exactly_the_thirteen_figures_of_the_2019_report_are_flagged(published: dict[str, Any]) -> None:
    table = check_percentages(claims_of(published, "002"))
    frame = table.frame.assign(explanation=table.shown()["Mulige forklaringer"])
    flagged = frame[frame["flagged"]]
    assert sorted(zip(flagged["percent"], flagged["n"], strict=True)) == sorted(KNOWN)
    assert set(flagged["verdict"]) == {"impossible from the printed base"}
    assert all("Måske" in explanation for explanation in flagged["explanation"])


def test_no_figure_of_the_2021_note_is_flagged(published: dict[str, Any]) -> None:
    frame = check_percentages(claims_of(published, "001")).frame
    assert len(frame) > 20
    assert not frame["flagged"].any()


def test_possible_counts_are_those_collected_by_hand(published: dict[str, Any]) -> None:
    collected = {
        f"{fact['id']}.{category['key']}": category["possible_counts"]
        for fact in published["facts"]
        for category in fact["categories"]
        if category.get("possible_counts") is not None
    }
    for document in ("001", "002"):
        frame = check_percentages(claims_of(published, document)).frame.set_index("id")
        for name, counts in collected.items():
            if name in frame.index:
                assert frame.at[name, "possible_counts"] == counts


def test_smaller_bases_fit_every_figure_of_the_item(published: dict[str, Any]) -> None:
    frame = check_percentages(claims_of(published, "002")).frame
    collected = {
        fact["id"]: fact["bases_at_or_below_printed_where_all_values_are_possible"]
        for fact in published["facts"]
        if "bases_at_or_below_printed_where_all_values_are_possible" in fact
    }
    for _, row in frame[frame["verdict"].str.startswith("impossible")].iterrows():
        if row["group"] in collected and row["group"] != "LG-FIG5-Q4":
            assert row["possible_bases"] == [base for base in collected[row["group"]] if base >= 0.8 * row["n"]]


def check(**columns: list[Any]) -> pd.DataFrame:
    """The rows with what an English reader is told of each."""
    found = check_percentages(pd.DataFrame(columns)).in_language("en")
    return found.frame.assign(explanation=found.shown()["Possible explanations"])


def test_explanations_are_worded_as_hypotheses() -> None:
    found = check(id=["a"], percent=[47], n=[40])
    words = found.at[0, "explanation"]
    assert "may have been cut off instead of rounded: 19 of 40" in words
    assert "The item's base may be smaller than the printed one: 32, 34, 36, 38 would fit" in words
    assert "Nearest possible: 45% (18), 48% (19)." in words
    assert "Måske" in check_percentages(pd.DataFrame({"percent": [47], "n": [40]})).shown().at[0, "Mulige forklaringer"]


def test_a_figure_repeated_from_the_line_before_is_named_as_a_slip() -> None:
    found = check(id=["job", "labour market"], percent=[56, 56], n=[72, 40])
    assert list(found["flagged"]) == [False, True]
    assert "repeats another figure: job" in found.at[1, "explanation"]


def test_text_cells_of_a_csv_are_read_as_printed() -> None:
    found = check(id=["a", "b", "c", "d"], percent=["41,7 %", "41.0", "41", ""], n=["72", "72", "72", "72"], count=["30", "", "", "4"])
    assert list(found["decimals"]) == [1, 1, 0, 0]
    assert list(found["verdict"]) == [
        "possible",
        "impossible from the printed base",
        "impossible from the printed base",
        "not checkable",
    ]


def test_a_printed_count_that_gives_another_percentage_is_a_mismatch() -> None:
    found = check(id=["a", "b", "c"], percent=[56, 56, 100], n=[72, 72, 9], count=[40, 41, 12])
    assert list(found["verdict"]) == ["possible", "count mismatch", "count mismatch"]
    assert found.at[1, "explanation"] == "41 of 72 is 57%, not 56%."
    assert found.at[2, "explanation"] == "The count 12 is larger than the base 9."


def test_parts_are_added_as_counts_so_rounding_alone_is_no_fault() -> None:
    parts = {"id": ["total", "a", "b"], "n": [42, 42, 42], "part_of": ["", "total", "total"]}
    # 8 + 10 of 42 are 19 % and 24 %, together 43 %; 18 of 42 is 42.9 %.
    assert list(check(percent=[43, 19, 24], **parts)["flagged"]) == [False, False, False]
    wrong = check(percent=[48, 19, 24], **parts)
    assert wrong.at[0, "verdict"] == "total mismatch"
    assert wrong.at[0, "explanation"] == "The parts give 18, but the total is printed as 20 (48%)."


def test_one_figure_printed_with_two_values_is_flagged_in_both_places() -> None:
    found = check(id=["table", "text"], percent=[24, 21], n=[42, 42], figure=["some wait", "some wait"])
    assert set(found["verdict"]) == {"two values"}
    assert found.at[0, "explanation"] == "Also printed as 21% (text)."


def test_every_bad_cell_is_named_at_once() -> None:
    table = pd.DataFrame({"percent": ["abc", "41"], "n": ["72", "-4"], "part_of": ["", "nobody"]})
    with pytest.raises(SchemaError) as caught:
        check_percentages(table)
    assert [failure.column for failure in caught.value.failures] == ["percent", "n", "part_of"]


def test_a_table_without_a_base_column_is_refused() -> None:
    with pytest.raises(AnalysisError, match="no column n"):
        check_percentages(pd.DataFrame({"percent": [41]}))


def test_an_empty_table_gives_an_empty_result() -> None:
    found = check_percentages(pd.DataFrame({"percent": [], "n": []}))
    assert found.base.n == 0
    assert found.to_markdown()


def test_the_result_is_shown_in_both_languages() -> None:
    result = check_percentages(pd.DataFrame({"id": ["a"], "percent": [41], "n": [72]}))
    assert "umulig ud fra den trykte base" in result.to_markdown()
    assert "impossible from the printed base" in result.in_language("en").to_markdown()
    assert "may be smaller" in result.in_language("en").to_markdown()
    assert "may be smaller" not in result.to_markdown()
