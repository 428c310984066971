"""Columns whose heading alone misleads: keys that come again, starts that lie in the past, ages, ticks in words, halves by other names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_sheets_as_people_lay_them_out import PROGRAMME, TOWNS, book, decided

from vvvresearch.evidence import read_questionnaire
from vvvresearch.intake import Proposal, load_map, normalised, propose, save_map, settle
from vvvresearch.locales import text
from vvvresearch.sources import read_survey
from vvvresearch.survey import tabulate


def survey(path: Path, key: str, *, timed: bool = True) -> Proposal:
    """Ten answers of nine persons: the last one answered twice, and says something else the second time."""
    heads = ["id", *(["submitdate"] if timed else []), key, "Vil du fortsætte som ven?", "Ses I hver uge?", "Hvad kunne være bedre?"]
    persons = [f"tk{number}" for number in (*range(1, 10), 9)]
    rows: list[list[Any]] = [
        [number, *([f"2025-05-{number:02} 10:00:00"] if timed else []), who, "Ja" if number < 10 else "Nej", "Ja", ""]
        for number, who in enumerate(persons, start=1)
    ]
    return book(path / "svar.xlsx", [heads, *rows])


@pytest.mark.parametrize("key", ["token", "Respondent-id", "Respondentnr"])
def test_a_person_who_answered_twice_is_counted_once_and_the_key_is_no_question(key: str, tmp_path: Path) -> None:
    found = survey(tmp_path, key)
    assert [one.id for one in found.questions] == []
    normal = normalised(found.path, settle(found))
    answers = normal.frames["answers"]
    assert sorted(answers["respondent"]) == [f"tk{number}" for number in range(1, 10)]
    given = answers.set_index("respondent").drop(columns="submitted", errors="ignore")
    assert (given.loc["tk9"] != given.loc["tk1"]).sum() == 1
    assert "tk9" not in answers.drop(columns="respondent").to_numpy()
    assert key.casefold() not in normal.questionnaire.casefold()


def test_a_group_that_nobody_filled_in_is_said_nowhere(tmp_path: Path) -> None:
    found = survey(tmp_path, "token")
    normal = normalised(found.path, settle(found))
    (tmp_path / "q.toml").write_text(normal.questionnaire, encoding="utf-8")
    (tmp_path / "q.csv").write_text(normal.frames["answers"].to_csv(index=False), encoding="utf-8")
    table = tabulate(read_survey(tmp_path / "q.csv", read_questionnaire(tmp_path / "q.toml")), "ses_hver_uge")
    for lang in ("da", "en"):
        assert text("intake.todo", lang) in normal.questionnaire
        assert text("intake.todo", lang) not in table.in_language(lang).to_markdown()


def test_which_of_two_answers_holds_is_asked_where_nothing_says_when_they_came(tmp_path: Path) -> None:
    found = survey(tmp_path, "token", timed=False)
    assert [one.id for one in found.questions] == ["doubles"]
    for holds, others in (("first", 0), ("last", 1)):
        answers = normalised(found.path, settle(found, {"doubles": holds})).frames["answers"].set_index("respondent")
        assert len(answers) == 9
        assert (answers.loc["tk9"] != answers.loc["tk1"]).sum() == others


@pytest.mark.parametrize("begun", [True, False])
def test_a_start_is_planned_only_where_the_programme_is_not_there_yet(begun: bool, tmp_path: Path) -> None:
    rows = [[town, "Ja" if number % 2 else "Nej", 2019 if bool(number % 2) == begun else None] for number, town in enumerate(TOWNS)]
    found = book(tmp_path / "Status maj 2025.xlsx", [["Kommune", "Ordningen til stede i dag", "Opstart"], *rows])
    assert (decided(found).get("column.opstart") == "planned_start") is not begun


def test_ages_in_years_are_put_into_classes_that_hold_them(tmp_path: Path) -> None:
    ages = [18, 19, 20, 29, 30, 64, 70, 101]
    rows = [[f"I{number}", "Frivillig", age, "ja", "ja"] for number, age in enumerate(ages)]
    found = book(tmp_path / "a.xlsx", [["Interviewnr", "Rolle", "Alder", "Samtykke", "Må citeres"], *rows])
    bands = normalised(found.path, settle(found)).frames["interviews"]["age_band"]
    limits = [tuple(map(int, band.split("-"))) for band in bands]
    assert all(low <= age <= high and high - low == 9 and low % 10 == 0 for age, (low, high) in zip(ages, limits, strict=True))


def test_the_word_of_a_heading_is_a_tick_and_empty_cells_are_asked_about(tmp_path: Path) -> None:
    rows = [[f"I{number}", "Flygtning", "Tolk" if number < 3 else "", "ja", "ja"] for number in range(8)]
    found = book(tmp_path / "a.xlsx", [["Interviewnr", "Rolle", "Tolk", "Samtykke", "Må citeres"], *rows])
    assert [one.id for one in found.questions] == ["blank.interpreter"]
    read = normalised(found.path, settle(found, {"blank.interpreter": "no"})).frames["interviews"]["interpreter"]
    assert read.tolist() == ["yes"] * 3 + ["no"] * 5


@pytest.mark.parametrize("heads", [["Document group", "Document name", "Age"], ["Dokumentgruppe", "Dokumentname", "Alter"]])
def test_the_variables_of_documents_are_a_register_of_interviews(heads: list[str], tmp_path: Path) -> None:
    rows = [["Flygtninge" if number < 5 else "Frivillige", f"Samtale {number:02}", 20 + number] for number in range(9)]
    found = book(tmp_path / "variables.xlsx", [heads, *rows])
    assert (found.kind, found.questions) == ("interviews", ())
    read = normalised(found.path, settle(found, {})).frames["interviews"]
    assert read["interview"].tolist() == [row[1] for row in rows]
    assert read["respondent_group"].tolist() == ["refugee"] * 5 + ["volunteer"] * 4


def test_who_is_in_a_match_is_asked_where_only_the_programme_has_words_for_them(tmp_path: Path) -> None:
    rows = [[f"M{n}", f"0{n + 1}-02-2024", "", "", f"T{n}", f"L{n % 3}"] for n in range(8)]
    found = book(tmp_path / "a.xlsx", [["Matchnr", "Startdato", "Slutdato", "Årsag", "Tilflytter (ID)", "Lods-nr"], *rows])
    asked = {one.id: [choice for choice, _ in one.choices] for one in found.questions if one.id.startswith("role.")}
    assert asked == {half: ["tilflytter-id", "lods-nr", "-"] for half in ("role.refugee", "role.volunteer")}
    settled = settle(found, {"role.refugee": "tilflytter-id", "role.volunteer": "lods-nr", "overlaps": "allowed"})
    matches = normalised(found.path, settled).frames["matches"]
    assert matches["refugee"].tolist() == [f"T{n}" for n in range(8)]
    assert matches["volunteer"].tolist() == [f"L{n % 3}" for n in range(8)]
    # The year after, what was answered is known, and what follows from it too.
    again = propose(found.path, programme=PROGRAMME, earlier=load_map(save_map(settled)))
    assert [one.id for one in again.questions] == []
    assert decided(again)["overlaps"] == "allowed"
    alone = settle(found, {"role.refugee": "tilflytter-id", "role.volunteer": "-"})
    assert "volunteer" not in alone.roles().values()


@pytest.mark.parametrize("heading", ["Besøg", "Runde", "Nedslag"])
def test_visits_before_and_after_are_the_waves_of_a_mapping(heading: str, tmp_path: Path) -> None:
    rows = [[f"P{n % 4}", "før" if n % 2 else "efter", "Flygtning", "tid", "tryghed", "fremmer"] for n in range(12)]
    found = book(tmp_path / "a.xlsx", [["Par", heading, "Fortalt af", "Fra", "Til", "Retning"], *rows])
    assert decided(found)[f"column.{heading.casefold().replace('ø', 'oe')}"] == "wave"
