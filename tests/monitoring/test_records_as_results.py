"""Agreements, volunteers, activities, materials, housing areas, campaigns and context: counted by hand on six rows each."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from vvvresearch.errors import AnalysisError
from vvvresearch.monitoring import (
    activities,
    agreements,
    context_figures,
    course_table,
    follow_up,
    housing_areas,
    materials,
    presence,
    referrals,
    volunteers,
)
from vvvresearch.rounds import Round, open_round

AGREEMENTS = pd.DataFrame(
    {
        "municipality": ["0101", "0101", "0147", "0151", "0153", "0155"],
        "agreement_type": ["A", "A", "A", "B", "", "A"],
        "signed": ["2018-01-01", "2020-01-01", "2019-01-01", "2021-01-01", "2020-06-01", "2022-09-01"],
        "expires": ["2019-12-31", "", "2022-06-29", "2022-10-01", "2022-06-30", ""],
    }
)


def test_a_municipality_counts_once_by_its_best_agreement_and_the_day_it_expires_still_counts() -> None:
    known = pd.DataFrame({"code": ["0101", "0147", "0151", "0153", "0155", "0157"], "name": list("abcdef")})
    table = agreements(AGREEMENTS, on="2022-06-30", municipalities=known)
    assert dict(zip(table.frame["state"], table.frame["n"], strict=True)) == {"in_force": 3, "expired": 1, "not_yet": 1, "none": 1}
    assert table.frame["of"].unique().tolist() == [6]
    assert table["types"].frame.set_index("agreement_type")["n"].to_dict() == {"A": 1, "B": 1, "unknown": 1}
    assert table["expiring"].frame["municipality"].tolist() == ["0153", "0151"]
    assert table.cell("agreements.in_force.share").say("en") == "3 of 6"


def test_without_a_table_of_municipalities_nobody_is_said_to_have_none() -> None:
    table = agreements(AGREEMENTS, on="2022-06-30")
    assert "none" not in table.frame["state"].tolist()
    assert table.base.n == 5


def test_volunteers_there_new_and_gone_are_three_numbers() -> None:
    rows = pd.DataFrame(
        {
            "volunteer": list("abcdef"),
            "since": ["2019-02-01", "2019-12-31", "2020-01-01", "2020-05-01", "2021-01-01", "2021-03-01"],
            "until": ["2019-12-31", "", "2021-01-01", "2020-05-02", "", "2021-06-30"],
            "organisation": ["RC", "RC", "", "DRC", "DRC", "RC"],
            "trained": ["yes", "yes", "no", "", "no", "yes"],
        }
    )
    table = volunteers(rows, on="2021-06-30")
    assert table.frame.values.tolist() == [["2019", 1, 2, 1], ["2020", 2, 2, 1], ["2021", 2, 2, 2]]
    assert [table.cell(name).value for name in ("active", "ever", "trained")] == [2, 6, 1]
    assert table["organisations"].frame.values.tolist() == [["RC", 1, 2], ["DRC", 1, 2]]


def test_activities_are_counted_by_year_and_type_and_attendances_are_added() -> None:
    rows = pd.DataFrame(
        {
            "date": ["2020-01-01", "2020-02-01", "2021-01-01", "2021-02-01", "2021-03-01", "2021-04-01"],
            "activity_type": ["café", "udflugt", "café", "café", "", "udflugt"],
            "participants": [10, 20, 5, 6, 7, 8],
            "municipality": ["0101", "0101", "", "0147", "0147", "0101"],
        }
    )
    table = activities(rows)
    assert table.cell("activity_log.2021.café.participants").value == 11
    assert table.cell("activity_log.2021.total.n").value == 4
    assert table.cell("activity_log.total.unknown.n").value == 1
    assert [table.cell(f"activity_log.total.{name}").value for name in ("n", "participants", "municipalities")] == [6, 56, 2]


def test_a_housing_area_stands_where_its_latest_row_says() -> None:
    rows = pd.DataFrame(
        {
            "area": ["A2", "A1", "A1", "A3", "A1", "A2"],
            "month": ["2021-01", "2021-03", "2020-01", "2021-05", "2020-06", "2021-09"],
            "stage": ["started", "running", "contact", "planned", "started", "paused"],
            "lesson": ["", "", "mød op", "", "", "to kontaktpersoner"],
        }
    )
    table = housing_areas(rows)
    assert table.frame[["area", "stage", "steps"]].values.tolist() == [["A1", "running", 3], ["A2", "paused", 2], ["A3", "planned", 1]]
    assert [table.cell(name).value for name in ("areas", "here")] == [3, 1]
    assert table["log"].frame["month"].tolist() == ["2020-01", "2020-06", "2021-03", "2021-01", "2021-09", "2021-05"]


def test_referrals_of_their_own_register_are_counted_by_person() -> None:
    rows = pd.DataFrame(
        {
            "person": ["p1", "p1", "p2", "p3", "p3", "p4"],
            "referred": ["2020-01-01", "2020-05-01", "2020-02-01", "2020-03-01", "2021-03-01", "2021-04-01"],
            "referral_source": ["kommunen", "kommunen", "kommunen", "skolen", "kommunen", ""],
        }
    )
    table = referrals(rows)
    assert table.cell("referrals.2020.kommunen.persons").value == 2
    assert table.cell("referrals.total.kommunen.persons").value == 3
    assert [table.cell(name).value for name in ("persons", "twice")] == [4, 1]


def test_materials_and_context_figures_are_listed_in_order() -> None:
    shelf = materials(
        pd.DataFrame(
            {
                "material": ["F2", "F1", "F3"],
                "title": ["b", "a", "c"],
                "published": ["2021-01-01", "2020-01-01", "2021-01-01"],
                "material_type": ["film", "folder", "film"],
                "copies": [10, 500, 30],
            }
        )
    )
    assert shelf.frame["material"].tolist() == ["F1", "F2", "F3"]
    assert shelf["types"].frame.values.tolist() == [["film", 2, 40], ["folder", 1, 500]]
    figures = context_figures(pd.DataFrame({"year": ["2021", "2020", "2020"], "figure": ["a", "a", "b"], "value": [7.5, 6, 1]}))
    assert figures.frame[["figure", "year", "value"]].values.tolist() == [["a", "2020", 6.0], ["a", "2021", 7.5], ["b", "2020", 1.0]]


def test_courses_are_also_counted_by_whom_they_were_for() -> None:
    rows = pd.DataFrame(
        {
            "course": list("abc"),
            "name": list("abc"),
            "date": ["2020-01-01"] * 3,
            "participants": [5, 6, 7],
            "format": ["webinar", "physical", "webinar"],
            "type": ["course", "course", "course"],
            "experience": ["nye", "", "nye"],
        }
    )
    kinds = course_table(rows_of(rows))["kinds"].frame
    assert kinds.values.tolist() == [["course", "physical", "unknown", 1, 6], ["course", "webinar", "nye", 2, 12]]


def rows_of(frame: pd.DataFrame):  # type: ignore[no-untyped-def]
    from vvvresearch.evidence import Register

    return Register(frame)


def test_a_round_finds_every_number_of_its_registers_by_address_and_says_what_it_lacks() -> None:
    opened = open_round("demo")
    for name in ("agreements", "snapshots", "volunteers", "activities", "materials", "housing_areas", "campaigns", "context_figures"):
        table = getattr(opened, name)()
        assert table, name
        for cell in table.cells:
            assert opened.cell(cell.address) == cell
    bare = Round(opened.spec.model_copy(update={"sources": ()}), Path(opened.root))
    for name in ("agreements", "snapshots", "volunteers", "activities", "materials", "housing_areas", "campaigns", "context_figures"):
        assert not getattr(bare, name)(), name
        assert getattr(bare, name)().absent.say("en").endswith(".")


def test_a_code_without_words_is_read_as_its_words_and_a_name_stays_a_name() -> None:
    rows = {"municipality": ["0101"] * 3, "signed": ["2024-02-01"] * 3, "agreement_type": ["cooperation", "mutual_help", "Anna_Hus"]}
    types = agreements(pd.DataFrame(rows), on="2024-12-31")["types"]
    shown = types.in_language("da").to_markdown()
    assert all(word in shown for word in ("samarbejdsaftale", "mutual help", r"Anna\_Hus"))


def test_no_two_analyses_of_a_round_share_a_root() -> None:
    parts = [part for part in Round.__mro__ if vars(part).get("ROOTS")]
    roots = [root for part in parts for root in vars(part)["ROOTS"] if root != "*"]
    assert len(parts) > 4
    assert sorted(roots) == sorted(set(roots))


def test_answers_to_recommendations_need_no_words_where_an_earlier_round_has_them() -> None:
    made = pd.DataFrame({"id": ["1", "2"], "text": ["Mål ventetiden", "Saml kurserne"]})
    seen = pd.DataFrame({"id": ["2", "1"], "answer": ["Delvis enig", "Uenig"], "state": ["I gang", "Afvist"]})
    table = follow_up({"2024": made, "2025": seen}, "2025").frame.set_index("id")
    assert table[["text", "answer", "state"]].values.tolist() == [
        ["Mål ventetiden", "rejected", "dropped"],
        ["Saml kurserne", "partly", "under_way"],
    ]
    with pytest.raises(AnalysisError, match="2025, row 2: 3 has no words"):
        follow_up({"2024": made, "2025": seen.assign(id=["3", "1"])}, "2025")


def test_over_three_rounds_the_latest_answer_counts_an_earlier_other_one_stays_beside_it_and_a_number_is_given_once() -> None:
    """By hand: 1 is accepted and later rejected, 2 answered once and asked in vain later, 3 dropped by its round, 4 never answered."""
    columns = ["id", "text", "answer", "state"]
    words = ["Mål ventetiden", "Saml kurserne", "Luk telefonen", "Spørg klubberne"]
    first = pd.DataFrame([(str(place), one, "", "") for place, one in enumerate(words, 1)], columns=columns)
    second = pd.DataFrame([("1", "", "Enig", ""), ("2", "", "Delvist", "I gang"), ("3", "", "", "Bortfaldet")], columns=columns)
    third = pd.DataFrame([("1", "mål ventetiden!", "Uenig", "Afvist"), ("2", "", "", "")], columns=columns)
    frame = follow_up({"a": first, "b": second, "c": third}, "c").frame
    assert frame[["id", "answer", "answer_before", "state", "observed_in"]].values.tolist() == [
        ["1", "rejected", "accepted", "dropped", "c"],
        ["2", "partly", "", "under_way", "b"],
        ["3", "unknown", "", "dropped", "b"],
        ["4", "unknown", "", "unknown", ""],
    ]
    reused = pd.DataFrame([("3", "Tæl opkaldene hver uge", "", "")], columns=columns)
    with pytest.raises(AnalysisError, match="c, row 2: 3 has other words here"):
        follow_up({"a": first, "b": second, "c": reused}, "c")


def test_agreements_are_counted_by_municipality_by_agreement_and_where_both_organisations_have_one() -> None:
    """By hand: on the day A has one of each organisation, B two of one, C one that ran out; three numbers, none of them another."""
    rows = {"municipality": ["A", "A", "B", "B", "C"], "organisation": ["RC", "DRC", "RC", "RC", "RC"], "signed": "2020-01-01"}
    found = agreements(pd.DataFrame(rows | {"expires": ["", "", "", "", "2020-06-30"]}), on="2021-01-01")
    assert [found.cell(f"agreements.{name}").value for name in ("in_force.n", "total.standing", "total.several")] == [2, 4, 1]


def test_need_is_counted_apart_for_both_groups_and_what_nobody_judged_is_no_need_of_none() -> None:
    rows = {"extract": "2025-05", "municipality": list("abcd"), "status": "present", "definition": "d"}
    table = presence(pd.DataFrame(rows | {"need_new_arrivals": ["yes", "no", "", "yes"], "need_long_term": ["no", "unknown", "", "no"]}))
    found = table["need"].frame.set_index(["group", "verdict"])["n"]
    assert [found["new_arrivals", verdict] for verdict in ("yes", "no", "unknown")] == [2, 1, 1]
    assert [found["long_term", verdict] for verdict in ("yes", "no", "unknown")] == [0, 2, 2]
    assert not presence(pd.DataFrame(rows))["need"]
