"""The documents' inconsistencies are found by checks that know none of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vvvresearch.evidence import (
    DOCUMENT_COLUMNS,
    FACT_COLUMNS,
    FIGURE_COLUMNS,
    MENTION_COLUMNS,
    PLACE_COLUMNS,
    VALUE_COLUMNS,
    Published,
)
from vvvresearch.published import Finding, check_published, combine_published, find_inconsistencies
from vvvresearch.rounds import open_round


@pytest.fixture(scope="module")
def found(project: Path) -> tuple[Finding, ...]:
    rounds = [open_round(name, project) for name in ("2019-final", "2021-note")]
    return find_inconsistencies(combine_published([each.published for each in rounds]), [rounds[1].courses])


def about(kind: str, *subjects: str) -> Callable[[Finding], bool]:
    return lambda finding: finding.kind == kind and all(any(name.startswith(subject) for name in finding.subjects) for subject in subjects)


# What the collected list of inconsistencies describes, as what a finding about it must speak of.
DESCRIBED = {
    "INC-01": about("text_table", "ALS-TAB7-TEXT", "ALS-TAB7"),
    "INC-02": about("text_table", "als-tab7-summary"),
    "INC-03": about("route", "ALS-TAB11", "ALS-FIG1"),
    "INC-04": about("denominator", "PR-PRESPCT-93", "PR-PRES-1812"),
    "INC-05": about("group", "EN-KEY:refugees_benefit"),
    "INC-06": about("two_values", "LG-FIG5-Q4:labour_market"),
    "INC-07": about("reference", "Figur 3", "job_contribution"),
    "INC-08": about("base", "LG-RESP-2018-Q1", "LG-OVERALL-EFFECT"),
    "INC-09": about("arithmetic", "LG-FIG3-Q4:network"),
    "INC-10": about("response", "LG-RESP-2017", "LG-RESP-2018-Q1"),
    "INC-11": about("base", "ALS-FIG9", "ALS-FIG10"),
    "INC-12": about("caption", "ALS-FIG3-RC", "ALS-FIG5-RC"),
    "INC-13": about("trend", "LG-LACK-TREND-MUN"),
    "INC-14": about("order", "K01"),
    "INC-15": about("frame", "ALS-RESP"),
    "INC-16": about("unit", "ALS-RC-LACKVOL", "ALS-RC-LACKREF"),
    "INC-17": about("two_values", "formalisation_and_rooting"),
    "INC-18": about("scale", "LG-FIG4-Q4", "LG-FIG6"),
    "INC-19": about("holders", "PR-AGR-18END", "PR-AGR-18Q3"),
    "INC-20": about("stock_and_flow", "PR-CUM-20"),
    "INC-21": about("unit", "PR-RC-STOCK-18"),
    "INC-22": about("measure", "PR-ACTIVE-20"),
    "INC-23": about("two_values", "interviewed_pairs"),
    "INC-24": about("unit", "PR-CAMP-18"),
    "INC-25": about("sum", "PR-BUD-TOTAL"),
    "INC-26": about("date", "PR-STOCK-18"),
    "INC-27": about("two_values", "public_meeting"),
    "INC-28": about("reference", "6.2.2"),
    "INC-29": about("reference", "s. 26"),
    "INC-30": about("claim", "lg-claim-refugees"),
    "INC-31": about("two_values", "languages_of_the_booklet"),
    "INC-32": about("retelling", "002", "paper-author"),
    "INC-33": about("two_values", "agency"),
    "INC-34": about("denominator", "lg-covered", "PR-CAT-18Q4-GREEN"),
    "INC-35": about("sum", "ALS-NOREF-CAUSES"),
    "INC-36": about("claim", "als-content-claim"),
    "INC-37": about("denominator", "ALS-TAB6:fewer_staff", "als-tab6-asked"),
}


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_described_inconsistency_is_found(name: str, found: tuple[Finding, ...]) -> None:
    assert any(DESCRIBED[name](finding) for finding in found)


def test_at_least_fourteen_are_found_from_figures_values_and_facts_alone(found: tuple[Finding, ...]) -> None:
    tables = [finding for finding in found if finding.needs == "tables"]
    alone = {name for name, is_it in DESCRIBED.items() if any(is_it(finding) for finding in tables)}
    assert len(alone) >= 14, sorted(alone)


def test_exactly_the_thirteen_impossible_percentages_of_2019_are_found_and_none_of_2021(found: tuple[Finding, ...]) -> None:
    impossible = {subject for finding in found if finding.kind == "arithmetic" for subject in finding.subjects}
    assert impossible == {
        "LG-FIG3-Q4:network",
        "LG-FIG3-Q4:language",
        "LG-FIG2:recruiting",
        "LG-ORG:backup",
        "LG-ORG:routines",
        "LG-NOTOFFERED:too_ill",
        "LG-NOTOFFERED:not_task",
        "LG-NOTOFFERED:other",
        "LG-3M-MUN:yes",
        "LG-SHARE-Q4:b75_100",
        "LG-FIG5-Q4:labour_market",
        "LG-FIG5-Q4:network",
        "LG-FIG5-Q4:retention",
    }


def test_every_finding_is_said_in_both_languages(found: tuple[Finding, ...]) -> None:
    for finding in found:
        for phrase in (finding.printed, finding.possible, *finding.hypotheses):
            if phrase is not None:
                assert phrase.say("da").strip()
                assert phrase.say("en").strip()


def test_the_table_shows_place_printed_possible_and_why(project: Path) -> None:
    table = check_published(open_round("2019-final", project).published).in_language("en")
    assert "hypotheses" in table.note
    row = table.shown()[table.frame["subjects"] == "LG-3M-MUN:yes"].iloc[0]
    assert "48% of 72" in row["Printed"]
    assert "47% (34), 49% (35)" in row["Possible"]
    assert "71" in " ".join(row)
    assert table.cell("consistency.total.n").value == len(table.frame)
    assert table.cell("consistency.count.arithmetic").value == 13
    assert table.to_html().count("<tr>") > 30


def blank(columns: tuple[str, ...], rows: list[dict[str, object]], whole: tuple[str, ...] = ()) -> pd.DataFrame:
    frame = pd.DataFrame([{**dict.fromkeys(columns, ""), **row} for row in rows], columns=list(columns), dtype=object)
    for name in whole:
        frame[name] = pd.array([None if value == "" else value for value in frame[name]], dtype="Int64")
    return frame


def published(
    figures: list[dict[str, object]] = [],  # noqa: B006
    values: list[dict[str, object]] = [],  # noqa: B006
    facts: list[dict[str, object]] = [],  # noqa: B006
    mentions: list[dict[str, object]] = [],  # noqa: B006
    places: list[dict[str, object]] = [],  # noqa: B006
) -> Published:
    documents = [{"document": "d", "title": "T", "author": "A"}]
    whole = ("base", "scale_levels", "levels_shown", "levels_summed", "total_printed")
    table = blank(VALUE_COLUMNS, [{"label_da": "v", "label_en": "v", **value} for value in values], ("count", "inferred"))
    table["percent"] = pd.Series([None if value == "" else value for value in table["percent"]], dtype=object)
    given = [{"document": "d", "lines": "1", "label_da": "f", "label_en": "f", "unit": "municipality", "role": "primary",
              "base_basis": "printed", **figure} for figure in figures]  # fmt: skip
    return Published(
        blank(DOCUMENT_COLUMNS, documents),
        blank(FIGURE_COLUMNS, given, whole),
        table,
        blank(FACT_COLUMNS, [{"document": "d", "lines": "1", "label_da": "f", "label_en": "f", **fact} for fact in facts], ("value",)),
        blank(MENTION_COLUMNS, [{"document": "d", "lines": "1", **mention} for mention in mentions]),
        blank(PLACE_COLUMNS, [{"document": "d", **place} for place in places]),
    )


def kinds(evidence: Published) -> list[str]:
    return [finding.kind for finding in find_inconsistencies(evidence)]


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 150), st.data())
def test_percentages_made_from_counts_are_never_called_impossible(base: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, base))
    percent = (200 * count + base) // (2 * base)
    evidence = published([{"figure": "f", "base": base, "type": "multiple"}], [{"figure": "f", "key": "k", "percent": percent}])
    assert kinds(evidence) == []


def test_a_count_that_does_not_give_its_percentage_is_found() -> None:
    evidence = published([{"figure": "f", "base": 40, "type": "multiple"}], [{"figure": "f", "key": "k", "count": 10, "percent": 30}])
    assert kinds(evidence) == ["count"]


def test_a_route_is_compared_with_the_answers_that_open_it() -> None:
    figures = [
        {"figure": "a", "base": 50, "type": "single"},
        {"figure": "b", "base": 30, "type": "multiple", "filter": "a:yes"},
    ]
    values = [
        {"figure": "a", "key": "yes", "count": 20},
        {"figure": "a", "key": "perhaps", "count": 10},
        {"figure": "a", "key": "no", "count": 20},
    ]
    (finding,) = find_inconsistencies(published(figures, values))
    assert finding.kind == "route"
    assert finding.possible is not None
    assert "20" in finding.possible.say("en")
    figures[1]["base"] = 20
    assert kinds(published(figures, values)) == []


def test_a_total_is_compared_with_its_parts_and_a_stock_plus_flows_is_named() -> None:
    facts = [
        {"fact": "S", "value": 100, "unit": "person", "measure": "stock"},
        {"fact": "F", "value": 20, "unit": "person", "measure": "flow"},
        {"fact": "T", "value": 120, "unit": "person", "measure": "total", "formula": "S + F"},
        {"fact": "A-1", "value": 5, "unit": "area", "formula": "12 - A-2"},
        {"fact": "A-2", "value": 6, "unit": "area"},
    ]
    found = find_inconsistencies(published(facts=facts))
    assert [(finding.kind, finding.subjects[0]) for finding in found] == [("stock_and_flow", "T"), ("sum", "A-1")]


def test_a_share_is_compared_with_every_count_of_its_own_year() -> None:
    facts = [
        {"fact": "N", "value": 49, "unit": "municipality", "indicator": "x", "as_of": "2020-12"},
        {"fact": "P", "value": 50, "unit": "percent", "indicator": "x", "as_of": "2020"},
    ]
    assert kinds(published(facts=facts)) == []
    facts[1]["value"] = 60
    assert kinds(published(facts=facts)) == ["denominator"]
    facts[1]["as_of"] = "2021"
    assert kinds(published(facts=facts)) == []


def test_a_multiple_question_may_exceed_its_base_and_a_single_one_may_not_fall_short() -> None:
    figures = [{"figure": "m", "base": 10, "type": "multiple"}, {"figure": "s", "base": 10, "type": "single"}]
    values = [
        {"figure": "m", "key": "a", "count": 9},
        {"figure": "m", "key": "b", "count": 8},
        {"figure": "s", "key": "a", "count": 5},
        {"figure": "s", "key": "b", "count": 4},
    ]
    assert [finding.subjects[0] for finding in find_inconsistencies(published(figures, values))] == ["s"]


def test_words_for_shares_are_read_strictly_over_and_generously_about() -> None:
    figures = [{"figure": "f", "base": 100, "type": "multiple"}]
    values = [{"figure": "f", "key": "k", "count": 33}]
    said = [("over_third", 1), ("about_third", 0), ("third", 0), ("just_under_half", 1), ("majority", 1)]
    for words, findings in said:
        mention = {"mention": "m", "kind": "words", "about": "f:k", "words": words}
        assert len(kinds(published(figures, values, mentions=[mention]))) == findings, words


def test_a_retelling_may_round_but_not_change_number_group_or_date() -> None:
    facts = [{"fact": "S", "value": 7173, "unit": "person", "as_of": "2018-12"}]
    for value, as_of, kind in (
        ("7200", "2018-12", []),
        ("7200", "2019-12", ["date"]),
        ("7100", "2018-12", ["retelling"]),
        ("7173", "", []),
    ):
        mention = {"mention": "m", "kind": "retold", "about": "S", "value": value, "as_of": as_of}
        assert kinds(published(facts=facts, mentions=[mention])) == kind, (value, as_of)


def test_numbered_sections_are_checked_for_doubles_gaps_and_dead_references() -> None:
    heads = [{"kind": "heading", "label": label, "content": label, "lines": "1"} for label in ("1.1.1", "1.1.1", "1.1.4")]
    refs = [{"kind": "section_reference", "label": "1.1.9", "lines": "2"}, {"kind": "section_reference", "label": "1.1.4", "lines": "3"}]
    found = find_inconsistencies(published(places=[*heads, *refs]))
    assert [(finding.kind, finding.subjects[0]) for finding in found] == [
        ("numbering", "1.1.1"),
        ("numbering", "1.1.2"),
        ("numbering", "1.1.3"),
        ("reference", "1.1.9"),
    ]


def test_rates_that_fit_one_number_of_invited_are_no_finding() -> None:
    figures = [{"figure": name, "type": "response", "role": "response", "base_basis": "unknown"} for name in ("a", "b")]
    values = [{"figure": "a", "key": "r", "count": 50, "percent": 50}, {"figure": "b", "key": "r", "count": 60, "percent": 60}]
    assert kinds(published(figures, values)) == []
    values[1]["percent"] = 80
    assert kinds(published(figures, values)) == ["response"]


def test_two_rounds_with_the_same_figure_cannot_be_put_together(project: Path) -> None:
    from vvvresearch.errors import AnalysisError

    part = open_round("2021-note", project).published
    with pytest.raises(AnalysisError, match="stands in two"):
        combine_published([part, part])
