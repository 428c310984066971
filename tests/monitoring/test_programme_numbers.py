"""Courses, participants, presence, interviews and the data basis: counted from registers."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.evidence import Interviews, Register
from vvvresearch.monitoring import course_table, data_basis, deviation_table, interview_table, municipality_sheet, presence, volume
from vvvresearch.results import Result
from vvvresearch.rounds import open_round


def test_the_course_register_gives_the_published_totals(project: Path) -> None:
    table = course_table(open_round("2021-note", project).courses)
    assert {name: total.value for name, total in table.totals.items()} == {
        "rows": 12,
        "courses": 11,
        "workshops": 1,
        "participants": 199,
        "workshop_participants": 11,
        "physical_courses": 5,
        "physical_workshops": 1,
        "webinars": 6,
    }
    assert list(table.frame["date"]) == sorted(table.frame["date"])
    assert "datoorden" in table.note


def test_a_register_in_order_has_no_note_about_order(project: Path) -> None:
    register = open_round("2021-note", project).courses
    ordered = Register(register.frame.sort_values("date"))
    assert "datoorden" not in course_table(ordered).note


def totals_of(table: Result) -> dict[str, int | None]:
    return {name: total.value for name, total in table.totals.items()}


def test_interviews_are_counted_from_the_register(project: Path) -> None:
    table = interview_table(open_round("2021-note", project).interviews)
    assert totals_of(table) == {"interviews": 34, "persons": None, "pairs": 11, "half_pairs": 0, "with_interpreter": 3}
    total = table.frame[table.frame["group"] == "total"].set_index("mode")["n"]
    assert (total["phone"], total["online"], total["total"]) == (5, 4, 34)
    assert table.cell("n", group="refugee", mode="total").value == 11
    assert list(table.shown().columns) == ["Respondentgruppe", "Telefon", "Online", "Ikke oplyst", "I alt"]
    first = interview_table(open_round("2019-final", project).interviews)
    assert list(first.frame.loc[first.frame["mode"] == "total", "n"]) == [21, 22, 25, 24, 15, 9, 116]


def test_what_the_register_does_not_tell_is_not_known_and_never_none(project: Path) -> None:
    table = interview_table(open_round("2019-final", project).interviews)
    assert totals_of(table) == {"interviews": 116, "persons": None, "pairs": None, "half_pairs": None, "with_interpreter": None}
    assert table.cell("interviews.total.pairs").say("en") == "no data"
    assert "Registret siger ikke, hvem der hører sammen i par." in table.note
    assert set(table.frame["mode"]) == {"total"}
    assert table.title.say("en") == "Interviews by group"  # type: ignore[union-attr]


def test_half_a_pair_is_named() -> None:
    rows = pd.DataFrame(
        {
            "interview": list("abc"),
            "pair": ["p1", "p1", "p2"],
            "respondent_group": ["refugee", "volunteer", "refugee"],
            "mode": ["phone"] * 3,
            "interpreter": pd.array([True, False, None], dtype="boolean"),
        }
    )
    table = interview_table(Interviews(rows))
    assert totals_of(table)["half_pairs"] == 1
    assert "p2" in table.note


def test_stock_flow_and_total_stay_apart(project: Path) -> None:
    result = volume(open_round("2021-note", project).counts)
    frame = result.frame
    assert list(frame.loc[frame["measure"] == "stock", "value"]) == [7173]
    assert set(frame.loc[frame["measure"] == "flow", "value"]) == {926, 966, 6063}
    total = frame[frame["measure"] == "total"].iloc[0]
    assert (total["value"], total["composite"]) == (9065, True)
    assert "hverken nøjagtigt eller en sikker grænse" in result.note
    assert frame.set_index("count")["role"].to_dict() == {
        "stock-2018": "stock",
        "new-2019": "inflow",
        "new-2020": "inflow",
        "helped-2020": "helped",
        "ever-2020": "total",
    }
    assert result.cell("counts.helped-2020.value").value == 6063


def test_a_total_that_is_no_sum_of_stock_and_flows_is_not_called_one() -> None:
    rows = pd.DataFrame(
        {
            "count": list("abc"),
            "value": pd.array([100, 20, 121], dtype="Int64"),
            "measure": ["stock", "flow", "total"],
            "what": "",
            "unit": "person",
            "period": ["", "2020", "2016/2020"],
            "as_of": ["2019-12", "", "2020-12"],
            "organisation": "",
            "derived": False,
        }
    )
    assert not volume(Register(rows)).frame["composite"].any()


def matches() -> pd.DataFrame:
    day = datetime.date
    return pd.DataFrame(
        {
            "match": list("abcde"),
            "start": [day(2018, 5, 1), day(2019, 1, 1), day(2019, 12, 31), day(2020, 6, 1), None],
            "end": [day(2019, 12, 31), None, day(2020, 1, 1), day(2020, 6, 2), None],
            "reason": ["moved", "", "moved", "moved", ""],
            "persons": [4, 1, 2, 1, 3],
            "municipality": "",
        }
    )


def test_events_are_counted_on_the_last_day_of_the_year() -> None:
    result = volume(Register(matches())).in_language("en")
    frame = result.frame[result.frame["unit"] == "match"]
    assert list(frame.loc[frame["measure"] == "stock", "value"]) == [1, 2, 1]
    assert list(frame.loc[frame["measure"] == "total", "value"]) == [1, 3, 4]
    assert list(frame.loc[frame["measure"] == "flow", "value"]) == [1, 0, 2, 1, 1, 2]
    assert "1 matches without a start date" in result.note


def test_started_less_ended_is_the_change_of_the_stock() -> None:
    frame = volume(Register(matches())).frame
    for unit in ("match", "person"):
        rows = frame[frame["unit"] == unit].reset_index(drop=True)
        stocks = [0, *rows.loc[rows["measure"] == "stock", "value"]]
        flows = list(rows.loc[rows["measure"] == "flow", "value"])
        changes = [after - before for before, after in itertools.pairwise(stocks)]
        assert changes == [started - ended for started, ended in zip(flows[::2], flows[1::2], strict=True)]


def test_persons_and_matches_are_counted_apart() -> None:
    frame = volume(Register(matches())).frame
    persons = frame[(frame["unit"] == "person") & (frame["measure"] == "stock")]
    assert list(persons["value"]) == [4, 3, 1]


def test_volume_of_something_else_is_refused() -> None:
    with pytest.raises(AnalysisError, match="yearly counts or a register of matches"):
        volume(pd.DataFrame({"a": [1]}))


def test_the_picture_says_whose_numbers_it_shows_and_marks_a_part_of_a_year(project: Path) -> None:
    said = volume(open_round("demo", project).counts).plot().alt("en")
    assert said.startswith("Active, joined and left: matches.")
    assert "2022-H1: Active 1,869, Joined 436, Left 371." in said
    assert "matches, RC" in volume(open_round("2019-final", project).counts).plot().alt("en")


def test_roles_come_from_what_a_count_declares_and_not_from_its_id() -> None:
    rows = pd.DataFrame(
        {"count": ["new", "stopped", "x"], "value": pd.array([1, 2, 3], dtype="Int64"), "measure": ["flow", "flow", "stock"]}
    )
    rows = rows.assign(
        what=["ended", "", ""], unit="match", period=["2020", "2020", ""], as_of=["", "", "2020-12"], organisation="", derived=False
    )
    table = volume(Register(rows))
    assert table.frame.set_index("count")["role"].to_dict() == {"x": "stock", "new": "outflow", "stopped": "inflow"}
    assert table.pictures["stock_flow"].frame.to_dict("records") == [{"stock": 3.0, "inflow": 2.0, "outflow": 1.0, "period": "2020"}]


def extract(name: str, statuses: str, definition: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "extract": name,
            "municipality": [str(number) for number in range(len(statuses))],
            "status": ["present" if letter == "p" else "absent" for letter in statuses],
            "definition": definition,
        }
    )


def test_a_change_of_definition_breaks_the_line() -> None:
    rows = pd.concat([extract("2020-10", "ppa", "x"), extract("2021-05", "pap", "x"), extract("2021-10", "ppp", "y")])
    result = presence(Register(rows)).in_language("en")
    here = result.frame[result.frame["status"] == "present"]
    assert list(here["n"]) == [2, 2, 3]
    assert list(here["segment"]) == [1, 1, 2]
    assert [result.cell("share", extract=name, status="present").say("en") for name in here["extract"]] == ["2 of 3", "2 of 3", "3 of 3"]
    assert "cannot be compared" in result.note


def test_a_status_nobody_has_in_an_extract_is_a_zero() -> None:
    rows = pd.concat([extract("2020-10", "ppa", "x"), extract("2021-05", "ppp", "x")])
    assert list(presence(Register(rows)).frame["n"]) == [1, 2, 0, 3]


def test_two_definitions_in_one_extract_are_refused() -> None:
    rows = pd.concat([extract("2020-10", "p", "x"), extract("2020-10", "p", "y")])
    with pytest.raises(AnalysisError, match="2 definitions"):
        presence(Register(rows))


def test_published_presence_keeps_its_two_definitions_apart(project: Path) -> None:
    result = presence(open_round("2019-final", project).published)
    assert list(zip(result.frame["n"], result.shown()["Andel"], result.frame["segment"], strict=True)) == [
        (95, "97\N{NO-BREAK SPACE}%", 1),
        (91, "93\N{NO-BREAK SPACE}%", 2),
    ]


def test_counts_by_status_give_presence_without_inventing_zeros(project: Path) -> None:
    frame = presence(open_round("2021-note", project).monitoring).frame
    assert list(zip(frame["extract"], frame["status"], frame["n"], strict=True)) == [
        ("2020-10", "present", 84),
        ("2021-05", "present", 83),
        ("2021-05", "planned", 4),
        ("2021-05", "absent", 11),
    ]
    categories = presence(open_round("2019-final", project).monitoring).frame
    assert dict(zip(categories["status"], categories["n"], strict=True)) == {"green": 63, "yellow": 32, "red": 3}


def test_more_municipalities_than_there_are_is_refused() -> None:
    rows = pd.DataFrame({"extract": ["2021-05"] * 2, "status": ["present", "absent"], "n": [90, 9], "definition": ["x"] * 2})
    with pytest.raises(AnalysisError, match="99 of 98"):
        presence(Register(rows))


def test_the_methods_table_matches_what_was_read(project: Path) -> None:
    result = open_round("2021-note", project).data_basis()
    rows = result.shown().set_index("Kilde")
    assert rows.at["Spørgeskema til kommunale samarbejdspartnere", "Antal"] == "42"
    assert result.cell("sources.courses.n").value == 12
    assert (rows["Indsamlet af"] != "").all()
    with pytest.raises(AnalysisError, match=r"no column 'source'(.|\n)*give source, title, collector"):
        data_basis(result.frame[["n", "unit", "kind"]])


def test_the_replaced_housing_survey_is_a_deviation_with_its_reason(project: Path) -> None:
    shown = open_round("2021-note", project, lang="en").deviations().shown()
    row = shown[shown["Planned"].str.contains("housing-area")].iloc[0]
    assert "municipal partners" in row["Done"]
    assert "Covid-19" in row["Reason"]
    with pytest.raises(AnalysisError, match="no reason"):
        deviation_table(pd.DataFrame({"planned": ["a"], "done": ["b"], "reason": [" "]}))


def test_a_round_without_deviations_or_caveats_says_so(project: Path) -> None:
    opened = open_round("2019-final", project, lang="en")
    assert not opened.deviations()
    assert opened.caveats().to_markdown().strip() == "The round has no caveats."
    assert len(open_round("2021-note", project).caveats()) == 7


def test_a_municipality_is_marked_on_the_map_of_the_latest_extract(project: Path) -> None:
    opened = open_round("demo", project)
    sheet = municipality_sheet(opened.monitoring, opened.municipalities, municipality="9014", matches=opened.matches, threshold=1)
    own = opened.matches.frame.query("municipality == '9014'")
    assert sheet.cell("municipality/9014.total.ongoing").value == int(own["end"].isna().sum())
    assert sheet.cell("ended").value == int(own["end"].notna().sum())
    name = opened.municipalities.set_index("code").at["9014", "name"]
    assert sheet.in_language("en").plot().alt().endswith(f"Marked: {name}, present.")
    with pytest.raises(AnalysisError, match="no municipality '9999'"):
        municipality_sheet(opened.monitoring, opened.municipalities, municipality="9999")
    assert not municipality_sheet(open_round("2021-note", project).monitoring, opened.municipalities)
