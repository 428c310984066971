"""Answers are whole, right and at one with each other; what was decided once is not asked again, and what is new is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.intake.first_set import DEGREE, FIRST, survey
from tests.intake.planted import D, Planted
from vvvresearch.errors import SchemaError, SourceError
from vvvresearch.evidence import read_programme
from vvvresearch.intake import Map, Proposal, load_map, normalised, propose, save_map, settle
from vvvresearch.intake._fold import slug
from vvvresearch.kinds import DataKind

PROGRAMME = read_programme(Path("nowhere"))
BY_NAME = {planted.name: planted for planted in FIRST}


def proposed(planted: Planted, folder: Path, earlier: Map | None = None) -> Proposal:
    return propose(planted.write(folder), programme=PROGRAMME, earlier=earlier)


def asked(proposal: Proposal) -> set[str]:
    return {question.id for question in proposal.questions}


def test_every_missing_answer_is_named_in_one_error(tmp_path: Path) -> None:
    proposal = proposed(BY_NAME["monitorering-delt.csv"], tmp_path)
    with pytest.raises(SchemaError) as caught:
        settle(proposal, {})
    assert {failure.column.partition(",")[0] for failure in caught.value.failures} == {"municipality.give", "municipality.nykoebing"}


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"municipality.give": "0101", "municipality.nykoebing": "Guldborgsund", "municipality.vejl": "0630"}, "no such question"),
        ({"municipality.give": "0630", "municipality.nykoebing": "Atlantis"}, "no municipality of today"),
        ({"municipality.give": "0630", "municipality.nykoebing": "Guldborgsund", "column.kommune": "status"}, "two columns are status"),
    ],
)
def test_a_wrong_or_contradictory_answer_is_one_clear_error(answers: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=words):
        settle(proposed(BY_NAME["monitorering-delt.csv"], tmp_path), answers)


def test_an_answer_that_is_none_of_the_choices_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="none of the choices"):
        settle(proposed(BY_NAME["matches-nye-grunde.xlsx"], tmp_path), {"values.reason": "divorced"})


def test_a_question_may_not_be_answered_as_a_whole_and_in_part(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="answered twice"):
        settle(proposed(BY_NAME["matches-nye-grunde.xlsx"], tmp_path), {"values.reason": "moved", "value.reason.andet": "natural"})


def test_answers_may_come_as_tables_of_a_toml_file_and_names_of_municipalities_become_codes(tmp_path: Path) -> None:
    proposal = proposed(BY_NAME["monitorering-delt.csv"], tmp_path)
    settled = settle(proposal, {"municipality": {"give": "0630", "nykoebing": "guldborgsund"}})
    codes = normalised(proposal.path, settled).frames["monitoring"]["municipality"].tolist()
    assert codes == ["0630", "0615", "0630", "0851", "0376", "0461", "0561"]


def test_a_decision_can_be_corrected_by_its_id(tmp_path: Path) -> None:
    settled = settle(proposed(BY_NAME["matches.xlsx"], tmp_path), {"value.reason.flyttet": "premature"})
    assert settled.decisions["value.reason.flyttet"] == "premature"
    assert settled.why["value.reason.flyttet"] == "answer"


def test_the_kind_is_asked_where_two_are_near_and_the_answer_goes_on(tmp_path: Path) -> None:
    towns = ["Varde", "Ringsted", "Solrød", "Lejre", "Stevns", "Vejle"]
    rows = [["Kommune", "Indgået", "Ophører", "Type"], *[[town, D(2021, 1, 5), D(2024, 1, 5), "familie"] for town in towns]]
    proposal = proposed(Planted("uklar.xlsx", rows, ""), tmp_path)
    assert (proposal.kind, asked(proposal)) == ("", {"kind"})
    assert {value for value, _ in proposal.questions[0].choices} >= {"agreements", "matches"}
    with pytest.raises(SchemaError, match="kind"):
        settle(proposal, {})
    settled = settle(proposal, {"kind": "agreements"})
    assert normalised(proposal.path, settled).frames["agreements"]["signed"].tolist()[0] == "2021-01-05"


def matches(name: str, year: int, reasons: list[str], headings: list[str] | None = None) -> Planted:
    head = headings or ["Match", "Startdato", "Slut", "Hvorfor stoppede det", "Personer"]
    rows = [[f"M{n}", D(year, 1, n + 1), D(year, 6, n + 1), reasons[n % len(reasons)], 1] for n in range(9)]
    return Planted(name, [head, *rows], "matches")


def test_next_years_file_goes_in_without_questions(tmp_path: Path) -> None:
    first = proposed(matches("i-fjor.xlsx", 2022, ["Flyttet", "Fik hund"]), tmp_path)
    assert asked(first) == {"values.reason"}
    saved = save_map(settle(first, {"values.reason": "changed_life"}))
    second = proposed(matches("i-aar.xlsx", 2023, ["Fik hund", "Flyttet"]), tmp_path, load_map(saved))
    assert asked(second) == set()
    assert {one.why for one in second.decided if one.id == "value.reason.fik-hund"} == {"map"}
    frame = normalised(second.path, settle(second)).frames["matches"]
    assert frame["reason_class"].tolist()[:2] == ["changed_life", "moved"]


def test_a_new_word_is_the_only_thing_that_is_asked_next_year(tmp_path: Path) -> None:
    saved = save_map(settle(proposed(matches("i-fjor.xlsx", 2022, ["Flyttet", "Fik hund"]), tmp_path), {"values.reason": "changed_life"}))
    second = proposed(matches("i-aar.xlsx", 2023, ["Fik hund", "Flyttet", "Købte båd"]), tmp_path, load_map(saved))
    assert [(question.id, question.items) for question in second.questions] == [("values.reason", ("Købte båd",))]


def register(name: str, rows: int) -> Planted:
    listed = [[f"M{n}", D(2023, 1 + n % 12, 1 + n % 28), "", 1] for n in range(rows)]
    return Planted(name, [["Match", "Startdato", "Slut", "Personer"], *listed], "matches")


def test_a_file_that_is_much_shorter_than_the_last_one_says_so(tmp_path: Path) -> None:
    saved = load_map(save_map(settle(proposed(register("i-fjor.xlsx", 50), tmp_path))))

    def told(rows: int) -> bool:
        found = proposed(register(f"i-aar-{rows}.xlsx", rows), tmp_path, saved)
        return any("50" in words and str(rows) in words for words in found.told)

    assert [rows for rows in (10, 25, 34, 35, 49, 60) if told(rows)] == [10, 25, 34]


def test_year_extract_and_hash_of_one_file_never_go_on_to_the_next(tmp_path: Path) -> None:
    first = proposed(BY_NAME["matches-uden-aar.csv"], tmp_path)
    saved = save_map(settle(first, {"this_file.year": "2021", "this_file.wave": "1"}))
    assert 'year = "2021"' in saved
    assert "hash = " in saved
    assert all("2021" not in str(value) for value in load_map(saved).decisions.values())
    again = propose(first.path, programme=PROGRAMME, earlier=load_map(saved))
    assert asked(again) == {"this_file.year"}


def test_the_kind_of_data_stands_in_the_map(tmp_path: Path) -> None:
    path = BY_NAME["kodninger.csv"].write(tmp_path)
    settled = settle(propose(path, programme=PROGRAMME, round_kind=DataKind.SYNTHETIC))
    assert 'data_kind = "synthetic"' in save_map(settled)


def wave(name: str, question: str, more: dict[str, list] | None = None) -> Planted:
    columns = {"Respondent": [str(n) for n in range(20)], question: DEGREE, "Kender I tilbuddet fra organisationen?": ["Ja", "Nej"]}
    return Planted(name, survey(columns | (more or {})), "survey")


def test_a_changed_wording_is_asked_and_keeps_its_id_when_it_is_the_same_item(tmp_path: Path) -> None:
    first = proposed(wave("et.csv", "I hvilken grad styrkes sproget hos deltagerne?"), tmp_path)
    assert asked(first) == set()
    settled = settle(first)
    old = settled.decisions["name.i-hvilken-grad-styrkes-sproget-hos-deltagerne"]
    second = proposed(wave("to.csv", "I hvilken grad styrkes sproget hos deltagere?"), tmp_path, load_map(save_map(settled)))
    assert asked(second) == {"name.i-hvilken-grad-styrkes-sproget-hos-deltagere"}
    again = settle(second, {second.questions[0].id: old})
    assert old in normalised(second.path, again).frames["answers"].columns


def test_an_item_that_is_gone_is_told_and_a_new_scale_word_is_asked(tmp_path: Path) -> None:
    first = settle(
        proposed(
            wave(
                "et.csv", "I hvilken grad styrkes sproget?", {"Hvor tit mødes I egentlig med de frivillige?": ["Ofte", "Aldrig", "Altid"]}
            ),
            tmp_path,
        )
    )
    columns = {
        "Respondent": [str(n) for n in range(20)],
        "I hvilken grad styrkes sproget?": [*DEGREE, "I meget høj grad"],
        "Kender I tilbuddet fra organisationen?": ["Ja", "Nej"],
    }
    second = proposed(Planted("to.csv", survey(columns), "survey"), tmp_path, load_map(save_map(first)))
    assert any("Hvor tit mødes I" in told for told in second.told)
    (question,) = second.questions
    assert question.proposal == ["I meget høj grad", *DEGREE]
    settled = settle(second, {question.id: question.proposal})
    assert settled.decisions["scale.i-hvilken-grad-styrkes-sproget"] == ["I meget høj grad", *DEGREE]


def test_an_order_must_name_every_label_once(tmp_path: Path) -> None:
    proposal = proposed(BY_NAME["uordnet.csv"], tmp_path)
    with pytest.raises(SchemaError, match="every label once"):
        settle(proposal, {"order.1": "Som en klippe > Som sand", "missing.ved-ikke-ikke-relevant": "dont_know"})
    settled = settle(proposal, {"order.1": "Som en klippe > Som et reb > Som sand", "missing.ved-ikke-ikke-relevant": "not_asked"})
    frame = normalised(proposal.path, settled).frames["answers"]
    assert "" in frame.iloc[:, 2].tolist()


@pytest.mark.parametrize("content", ["kind = ", 'what = "x"', 'kind = "survey"\n[decided.a]\nwhat = "b"'])
def test_a_broken_map_is_one_clear_error(content: str) -> None:
    with pytest.raises(SourceError, match="map"):
        load_map(content)


def test_nothing_that_names_or_reaches_a_person_stands_in_a_proposal(tmp_path: Path) -> None:
    secret = ["Testa Prøvesen", "t@eksempel.dk", "20 00 00 00", "010190-1234", "Prøvevej 4", "det har været svært for mig med naboen"]
    rows = [["Nr", "Navn", "Mail", "Telefon", "CPR", "Adresse", "Rolle", "Tolk", "Note"]]
    rows += [
        [str(n), secret[0], secret[1], secret[2], secret[3], secret[4], ["Flygtning", "Frivillig", "Jens Prøvesen"][n % 3], "Ja", secret[5]]
        for n in range(9)
    ]
    proposal = proposed(Planted("personer.csv", rows, "interviews"), tmp_path)
    printed = json.dumps(proposal.as_dict(), ensure_ascii=False) + save_map(settle(proposal, {"values.respondent_group": "volunteer"}))
    folded = slug(printed, 100_000)
    assert not [word for word in [*secret, "Jens"] if word in printed or slug(word) in folded]
    assert [one.value for one in proposal.decided if one.what in ("Navn", "Mail", "Telefon", "CPR", "Adresse")] == ["-"] * 5


def test_the_json_has_the_promised_shape(tmp_path: Path) -> None:
    given = proposed(BY_NAME["matches-nye-grunde.xlsx"], tmp_path).as_dict()
    assert list(given) == ["kind", "unit", "source", "decided", "questions", "told", "losses"]
    assert all(set(one) == {"id", "what", "value", "why"} for one in given["decided"])
    assert {one["why"] for one in given["decided"]} <= {"heading+values", "declared", "nearest", "map", "answer"}
    (question,) = given["questions"]
    assert set(question) == {"id", "type", "question", "choices", "items", "proposal"}
    assert question["type"] in ("kind", "confirm", "choose", "fill")
    assert {"value", "label"} == set(question["choices"][0])


def test_cells_with_the_shape_of_addresses_or_cpr_numbers_are_left_out_whatever_their_heading(tmp_path: Path) -> None:
    planted = BY_NAME["register.xlsx"]
    rows = [[*planted.rows[0], "Felt 8", "Felt 9"], *[[*row, f"p{row[0]}@eksempel.dk", "010190-1234"] for row in planted.rows[1:]]]
    proposal = proposed(Planted("felter.xlsx", rows, "interviews"), tmp_path)
    assert {one.what: one.value for one in proposal.decided if one.what.startswith("Felt")} == {"Felt 8": "-", "Felt 9": "-"}
    assert proposal.losses == ()


def test_a_known_scale_of_two_labels_is_proposed_and_not_decided(tmp_path: Path) -> None:
    columns = {
        "Respondent": [str(n) for n in range(20)],
        "I hvilken grad styrkes sproget?": ["Slet ikke", "I høj grad"],
        "Q2": ["Ja", "Nej"],
    }
    proposal = proposed(Planted("to-ord.csv", survey(columns), "survey"), tmp_path)
    assert [(question.id, question.proposal) for question in proposal.questions] == [("order.1", ["I høj grad", "Slet ikke"])]


def test_a_column_that_was_answered_is_read_by_its_words_and_what_is_unknown_of_them_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "folk.csv"
    path.write_text("Interview nr;Kasse;Køn\nI-1;flygtning;Kvinde\nI-2;frivillig;Mand\nI-3;Nabokone;Mand\n", encoding="utf-8")
    found = propose(path, programme=PROGRAMME, kind="interviews")
    assert "role.respondent_group" in [question.id for question in found.questions]
    with pytest.raises(SchemaError) as caught:
        settle(found, {"role.respondent_group": "kasse"})
    assert "values.respondent_group" in str(caught.value)
    settled = settle(found, {"role.respondent_group": "kasse", "value.respondent_group.nabokone": "other_partner"})
    frame = normalised(path, settled).frames["interviews"]
    assert list(frame["respondent_group"]) == ["refugee", "volunteer", "other_partner"]
    assert settled.why["column.kasse"] == "answer"


def test_an_answer_that_the_map_has_given_may_be_given_again_or_otherwise(tmp_path: Path) -> None:
    planted = BY_NAME["matches-nye-grunde.xlsx"]
    first = proposed(planted, tmp_path)
    (question,) = (one for one in first.questions if one.id == "values.reason")
    answers: dict[str, Any] = {"values.reason": dict.fromkeys(question.items, "natural")}
    answers |= {one.id: one.proposal for one in first.questions if one.id not in answers}
    before = settle(first, answers)
    again = proposed(planted, tmp_path, load_map(save_map(before)))
    assert "values.reason" not in asked(again)
    assert settle(again).decisions == settle(again, answers).decisions
    target = question.targets[0]
    changed = settle(again, {target: "moved"})
    assert (changed.decisions[target], changed.why[target]) == ("moved", "answer")
    assert [name for name, value in changed.decisions.items() if before.decisions[name] != value] == [target]
    with pytest.raises(SchemaError, match="none of the choices"):
        settle(again, {target: "divorced"})


def test_an_option_with_a_comma_in_it_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    cells = ["Books", "Books, The news, online or not", "The news, online or not", "Letters, The news, online or not", "Books, Letters"] * 2
    rows = ["Timestamp,What do you read together? (tick all that apply)", *(f'9/1{n}/2024 10:00,"{cell}"' for n, cell in enumerate(cells))]
    path.write_text("\n".join(rows), encoding="utf-8")
    proposal = propose(path, programme=PROGRAMME, kind="survey", lang="en")
    assert not proposal.questions, "the question says itself that several may be ticked"
    frame = normalised(path, settle(proposal)).frames["answers"]
    ticked = {str(name).partition(":")[2]: list(frame[name]).count("1") for name in frame.columns if ":" in str(name)}
    assert ticked == {"books": 6, "the_news_online_or_not": 6, "letters": 4}
