"""Sums of tables of a round's own against plain adding up; what is told is added, what is not told is no nought."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pandas as pd
import pytest

from vvvresearch.evidence import Register
from vvvresearch.intake import read_goal, told_numbers, told_values
from vvvresearch.monitoring import column_sums, ended_by_reason

PLACES = ["Northmoor", "Eastley", "Southwick", "Westby"]
PERIODS = {"2027-Q1": ("Q1 2027", "1. kvartal 2027"), "2027-Q2": ("Q2 2027", "2. kvartal 2027"), "2027-Q3": ("Q3 2027", "3. kvartal 2027")}


@pytest.mark.parametrize("layout", ["times in headings", "bare times in headings", "long", "measures as rows"])
@pytest.mark.parametrize("seed", range(3))
def test_sums_equal_adding_up_however_the_table_lies(layout: str, seed: int) -> None:
    draw = random.Random(seed)
    # None stands for what a place did not tell.
    planted = {
        (what, place, when): draw.choice([None, 0, *range(1, 20)]) for what in ("Calls", "Walks") for place in PLACES for when in PERIODS
    }
    said = {key: "-" if value is None else str(value) for key, value in planted.items()}
    if layout == "times in headings":
        columns = {"Place": PLACES} | {
            f"{PERIODS[when][1]} - {what}": [said[what, place, when] for place in PLACES] for what in ("Calls", "Walks") for when in PERIODS
        }
        table = pd.DataFrame(columns)
        table.loc[len(table)] = ["In all", *["999"] * (len(columns) - 1)]
    elif layout == "bare times in headings":
        kinds = [(what, place) for what in ("Calls", "Walks") for place in PLACES]
        columns = {"Indicator": [what for what, _ in kinds], "Place": [place for _, place in kinds]}
        table = pd.DataFrame(columns | {when[-2:]: [said[*kind, when] for kind in kinds] for when in PERIODS} | {"Total": "999"})
    elif layout == "long":
        rows = [(place, PERIODS[when][0], said["Calls", place, when], said["Walks", place, when]) for when in PERIODS for place in PLACES]
        table = pd.DataFrame(rows, columns=["Place", "Quarter", "Calls", "Walks"])
    else:
        rows = [(place, what, PERIODS[when][0], said[what, place, when]) for what, place, when in planted]
        table = pd.DataFrame(rows, columns=["Place", "Indicator", "Quarter", "Number"])
    found = column_sums(told_numbers(table, year="2027"), at="t")
    for what in ("Calls", "Walks"):
        for when in (*PERIODS, "total"):
            own = {key: value for key, value in planted.items() if key[0] == what and when in (key[2], "total")}
            told = [value for value in own.values() if value is not None]
            address = f"t/sums.{what.lower()}.{when.lower()}"
            assert (found.cell(f"{address}.sum").value if told else 0) == sum(told)
            assert found.cell(f"{address}.unknown").value == len(own) - len(told)
            if when != "total" and told:
                assert found.cell(f"{address}.mean").value == pytest.approx(sum(told) / len(told))
                assert found.cell(f"{address}.positive").value == sum(value > 0 for value in told)
        for place in PLACES:
            told = [value for key, value in planted.items() if key[:2] == (what, place) and value is not None]
            assert not told or found.parts["units"].cell(f"t/sums/units.{what.lower()}.{place.lower()}.sum").value == sum(told)


def test_what_says_nothing_when_added_up_has_no_sum() -> None:
    table = pd.DataFrame(
        {
            "Kommune": PLACES,
            "Nr.": ["1", "2", "3", "4"],
            "Ventetid i uger": ["0", "4", "ikke oplyst", "3"],
            "Andel kvinder": ["50 %", "40 %", "45 %", "60 %"],
            "Forbrug (kr.)": ["1.200,50", "800,00", "-", "12.000,25"],
            "Aktive frivillige 2026": ["4", "5", "6", "7"],
            "Aktive frivillige 2027": ["4", "5", "6", "8"],
        }
    )
    frame = column_sums(told_numbers(table)).frame.set_index(["measure", "period"])
    assert "Nr." not in frame.index.get_level_values(0)
    assert math.isnan(frame.loc[("Ventetid i uger", "total"), "sum"])
    assert frame.loc[("Ventetid i uger", "total"), "mean"] == 7 / 3
    assert math.isnan(frame.loc[("Andel kvinder", "total"), "sum"])
    assert frame.loc[("Forbrug (kr.)", "total"), "sum"] == 14000.75
    assert frame.loc[("Aktive frivillige", "2027"), "sum"] == 23
    assert math.isnan(frame.loc[("Aktive frivillige", "total"), "sum"])


def test_unlike_things_that_nothing_tells_apart_are_never_added_up() -> None:
    rows = [(colour, shape, "3") for colour in ("red", "blue") for shape in ("round", "square")]
    frame = column_sums(told_numbers(pd.DataFrame(rows, columns=["Colour", "Shape", "Number"]))).frame
    assert sorted(frame["sum"]) == [3, 3, 3, 3]


def test_a_list_is_counted_by_what_puts_it_into_groups_and_by_no_name() -> None:
    table = pd.DataFrame({"Host": list("abcdef"), "Contact": ["Ann"] * 3 + ["Bo"] * 3, "Active?": ["Yes", "yes", "No", "-", "Yes", "No"]})
    assert told_values(table).values.tolist() == [["Active?", "Yes", 3, 5], ["Active?", "No", 2, 5]]


def test_named_reasons_of_a_register_are_counted_together_of_each_whole() -> None:
    words = ["Finished", "Found work", "Found work", "Dropped out", ""]
    rows = {"match": list("abcde"), "start": "2027-01-01", "end": [*["2027-02-01"] * 4, ""], "as_of": "2027-06-30", "reason": words}
    register = pd.DataFrame(rows).assign(reason_class=["natural", "changed_life", "changed_life", "premature", ""])
    found = ended_by_reason(Register(register), together=["Finished", "Found work"])
    assert found["reasons"].cell("ended.found-work.share").value == Fraction(2, 4)
    assert found["reasons"].cell("ended.finished/found-work.count").value == 3
    assert ended_by_reason(Register(register), of="started", together=["found-work", "finished"])["reasons"].frame[
        "n"
    ].unique().tolist() == [5]


@pytest.mark.parametrize(
    ("words", "target", "how", "expected", "direction"),
    [
        ("Placements last", "24 weeks", "", (168.0, False), "at_least"),
        ("Hurtigt i gang", "5 uger", "Gennemsnitlig ventetid, højst", (35.0, False), "at_most"),
        ("Pengene bliver brugt", "10 mio. kr.", "", (10_000_000.0, False), "at_least"),
        ("Evenings are worth it", "4", "Mean rating, 1-5", (4.0, False), "at_least"),
    ],
)
def test_a_target_beside_a_goal_is_a_time_money_or_a_mean(
    words: str, target: str, how: str, expected: tuple[float, bool], direction: str
) -> None:
    read = read_goal(words, target, how=how)
    assert (read.targets, read.direction) == ((expected,), direction)


def test_months_of_one_thing_are_added_up_by_quarter_under_their_table_s_title_and_percentages_below_them_are_no_unit() -> None:
    draw = random.Random(12)
    months = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt"]
    told = {club: [draw.randrange(90) for _ in months] for club in ("Nord", "Syd", "Øst")}
    rows = [[club, *map(str, own)] for club, own in told.items()]
    rows += [["I alt", *(str(sum(own[n] for own in told.values())) for n in range(len(months)))], ["Andel af mål", "87 %", *[""] * 9]]
    table = pd.DataFrame(rows, columns=["Klub", *months])
    table.attrs["title"] = "Tal for 2027: antal ture"
    found = column_sums(told_numbers(table, year="2027"), at="t")
    each = [sum(own[n] for own in told.values() for n in range(first, first + 3)) for first in (0, 3, 6)]
    quarters = found.parts["quarters"]
    assert [quarters.cell(f"t/sums/quarters.antal-ture.2027-q{n}.sum").value for n in (1, 2, 3)] == each
    # October alone is no quarter.
    assert "2027-Q4" not in set(quarters.frame["period"])
    assert [quarters.cell(f"t/sums/quarters.antal-ture.total.{one}").value for one in ("smallest", "largest")] == [min(each), max(each)]
    assert found.parts["units"].cell("t/sums/units.antal-ture.syd.sum").value == sum(told["Syd"])
    assert found.cell("t/sums.antal-ture.total.sum").value == sum(map(sum, told.values()))
