"""Layouts that tools elsewhere write: codes over questions, two times side by side, logs by visit, days of extracts, sums."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from vvvresearch.evidence import read_programme
from vvvresearch.evidence._programme import Programme
from vvvresearch.intake import Proposal, each_occasion, load_map, normalised, propose, save_map, settle

WORDS = {"label": {"da": "Kokke", "en": "Cooks"}, "one": {"da": "kok", "en": "cook"}}
PROGRAMME = Programme.model_validate(
    read_programme(Path("nowhere")).model_dump()
    | {
        "halves": ["cook", "diner"],
        "groups": {"cook": WORDS, "diner": {"label": {"da": "Gæster", "en": "Diners"}, "one": {"da": "gæst", "en": "diner"}}},
        "units": {"match": {"many": {"da": "forløb", "en": "apprenticeships"}, "one": {"da": "forløb", "en": "apprenticeship"}}},
    }
)


def sheet(path: Path, rows: list[list[Any]]) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def proposed(path: Path, **given: Any) -> Proposal:
    return propose(path, programme=PROGRAMME, lang="en", **given)


def qualtrics(path: Path, answers: list[tuple[str, str, str, str, str, str]]) -> Path:
    codes = [
        "StartDate",
        "Status",
        "IPAddress",
        "Progress",
        "Finished",
        "RecordedDate",
        "ResponseId",
        "ExternalReference",
        "Q1",
        "Q2_1",
        "Q2_2",
    ]
    texts = ["Start Date", "Response Type", "IP Address", "Progress", "Finished", "Recorded Date", "Response ID", "External Data Reference",
             "How satisfied are you?", "What helps? - Selected Choice - Time", "What helps? - Selected Choice - Rest, sleep"]  # fmt: skip
    ids = [f'{{"ImportId":"QID{place}"}}' for place in range(len(codes))]
    rows = [
        [f"2027-03-{place + 1:02} 10:00:00", state, "10.0.0.1", "100", done, f"2027-03-{place + 1:02} 10:09:00", f"R_{place}x", who, said,
         "Time" if "T" in ticks else "", "Rest, sleep" if "R" in ticks else ""]
        for place, (state, done, who, said, ticks, _) in enumerate(answers)
    ]  # fmt: skip
    return sheet(path, [codes, texts, ids, *rows])


def test_qualtrics_rows_of_codes_questions_and_ids_are_a_heading_and_previews_are_no_answers(tmp_path: Path) -> None:
    said = ["Very satisfied", "Satisfied", "Neither satisfied nor dissatisfied", "Dissatisfied"]
    answers = [("IP Address", "True", f"C-{place:02}", said[place % 4], "TR"[: place % 3], "") for place in range(16)]
    answers += [("Survey Preview", "True", "", "Satisfied", "T", ""), ("IP Address", "False", "C-90", "Satisfied", "", "")]
    answers.append(("IP Address", "True", "C-03", "Very satisfied", "T", ""))
    found = proposed(qualtrics(tmp_path / "cooks_March 3, 2027_10.44.csv", answers))
    assert [question.id for question in found.questions] == ["partials"]
    assert found.source == "cooks"
    settled = settle(found, {"partials": "complete-before-partial"})
    read = normalised(found.path, settled).frames["answers"]
    # Sixteen, of whom one answered again, and the one who did not finish; nobody who only looked.
    assert sorted(read["respondent"]) == sorted([*(f"C-{place:02}" for place in range(16)), "C-90"])
    assert not {"ip_address", "ipaddress"} & set(read.columns)
    wanted = Counter(said[place % 4] for place in range(16) if place != 3) + Counter(["Very satisfied", "Satisfied"])
    item = next(name for name in read.columns if "satisfied" in name)
    assert sorted(Counter(read[item]).values()) == sorted(wanted.values())
    boxes = [name for name in read.columns if ":" in name]
    assert {int((read[name] == "1").sum()) for name in boxes} == {sum("T" in "TR"[: p % 3] for p in range(16) if p != 3) + 1, 5}


@pytest.mark.parametrize("heading", ["{time}: {words}", "{words} ({time})"])
@pytest.mark.parametrize("times", [("Before", "After"), ("Før", "Efter"), ("T0", "T1")])
def test_two_times_side_by_side_become_two_surveys_of_the_same_persons(heading: str, times: tuple[str, str], tmp_path: Path) -> None:
    words = ("I sleep well", "I see my friends")
    scale = ["Strongly agree", "Agree", "Neither agree nor disagree", "Disagree"]
    rows = [["Respondent ID", *(heading.format(time=time, words=one) for time in times for one in words)]]
    for person in range(20):
        late = person % 5 != 0
        rows.append([f"P{person}", scale[person % 4], scale[person % 3], *((scale[person % 4], scale[person % 3]) if late else ("", ""))])
    settled = settle(proposed(sheet(tmp_path / "cooks 2027.csv", rows)))
    parts = each_occasion(settled)
    assert [part.source for part in parts] == ["cooks-2027-before", "cooks-2027-after"]
    read = [normalised(part.path, part) for part in parts]
    assert [len(one.frames["answers"]) for one in read] == [20, 16]
    assert list(read[0].frames["answers"].columns) == list(read[1].frames["answers"].columns)
    assert set(read[1].frames["answers"]["respondent"]) < set(read[0].frames["answers"]["respondent"])
    for one in read:
        assert all(f'en = "{question}"' in one.questionnaire for question in words)
        assert times[0] not in one.questionnaire.replace("wave", "")


def test_a_log_of_visits_calls_each_interview_by_its_person_and_visit(tmp_path: Path) -> None:
    head = ["Person", "Group", "Visit", "Date", "Consent"]
    rows = [
        [f"K{number:02}", "Cook" if number % 2 else "Diner", visit, f"2027-0{visit}-11", "Yes"] for visit in (1, 2) for number in range(6)
    ]
    found = proposed(sheet(tmp_path / "log.csv", [head, *rows]), kind="interviews")
    assert "role.interview" not in {question.id for question in found.questions}
    register = normalised(found.path, settle(found, {"value.consent_analysis.yes": "quote"})).frames["interviews"]
    assert sorted(register["interview"]) == sorted(f"K{number:02}-{visit}" for visit in (1, 2) for number in range(6))
    again = proposed(sheet(tmp_path / "log2.csv", [head, *rows, ["K01", "Cook", 1, "2027-01-30", "Yes"]]), kind="interviews")
    assert "role.interview" in {question.id for question in again.questions}


def register(tmp_path: Path, name: str, more: list[list[Any]]) -> Path:
    head = ["Apprenticeship", "Cook", "Diner", "Start", "End", "Reason for ending"]
    rows = [[f"AP-{n:03}", f"CO-{n}", f"DI-{n}", f"2027-0{1 + n % 9}-15", "", ""] for n in range(12)]
    return sheet(tmp_path / name, [head, *rows, *more])


def test_the_programmes_word_numbers_its_matches_and_what_begins_after_the_extract_is_planned(tmp_path: Path) -> None:
    double, planned = ["AP-003", "CO-3", "DI-3", "2027-04-15", "", ""], ["AP-099", "CO-99", "DI-99", "2027-11-20", "", ""]
    found = proposed(register(tmp_path, "extract_2027-10-31.csv", [double, planned]))
    assert {one.id: one.value for one in found.decided}["column.apprenticeship"] == "match"
    assert found.questions == ()
    assert any("13" in words or "15" in words for words in found.told)
    settled = settle(found)
    frame = normalised(found.path, settled).frames["matches"]
    assert sorted(frame["match"]) == [f"AP-{n:03}" for n in range(12)]
    assert set(frame["as_of"]) == {"2027-10-31"}
    # The day is of this file: next year's says its own.
    later = proposed(register(tmp_path, "extract_2028-10-31.csv", []), earlier=load_map(save_map(settled)))
    assert {one.id: one.value for one in later.decided}["default.as_of"] == "2028-10-31"
    assert later.questions == ()


def test_sums_below_a_list_are_told_by_adding_up_and_a_remark_by_standing_alone(tmp_path: Path) -> None:
    rows = [[f"{n} March 2027", f"Hall {n % 3}", n, 2 * n] for n in range(1, 9)]
    for last in (["Everybody", "", 36, 72], ["", "", 36, 72]):
        path = sheet(
            tmp_path / "evenings.csv",
            [["Date", "Venue", "Cooks", "Diners"], *rows, last, ["", "", "", ""], ["Counted at the door by two", "", "", ""]],
        )
        found = proposed(path, kind="register")
        (frame,) = normalised(path, settle(found)).frames.values()
        assert len(frame) == 8
    kept = sheet(tmp_path / "kept.csv", [["Date", "Venue", "Cooks", "Diners"], *rows, ["9 March 2027", "Hall 1", 36, 71]])
    (frame,) = normalised(kept, settle(proposed(kept, kind="register"))).frames.values()
    assert len(frame) == 9


def test_tellers_named_by_their_group_are_one_person_a_case(tmp_path: Path) -> None:
    head = ["Case", "From", "To", "Sign", "Quote", "Said by"]
    rows = [[f"C{n % 4}", "Time", "Trust", "+", f"words {n}", ("Cook", "Diner")[n % 2]] for n in range(8)]
    found = proposed(sheet(tmp_path / "links.csv", [head, *rows]))
    frame = normalised(found.path, settle(found)).frames["mappings"]
    assert set(frame["informant"]) == {f"C{n % 4} {('Cook', 'Diner')[n % 2]}" for n in range(8)}


def test_an_answer_that_was_sent_twice_within_a_minute_is_asked_and_left_out(tmp_path: Path) -> None:
    head = ["Timestamp", "Which evening did you come to?", "Would you come again?", "How far did you come?"]
    said = [[f"{n} May", ("Yes", "No", "Perhaps")[n % 3], f"{n} km"] for n in range(1, 13)]
    times = [f"2027/05/{n:02} {n % 12 or 12}:03:44 {'PM' if n % 2 else 'AM'} GMT" for n in range(1, 13)]
    # Again after half a minute, again in the other half of the day, and again after two minutes.
    again = [["2027/05/03 3:04:14 PM GMT", *said[2]], ["2027/05/05 5:03:50 AM GMT", *said[4]], ["2027/05/07 7:05:45 PM GMT", *said[6]]]
    path = sheet(tmp_path / "evenings.csv", [head, *([when, *one] for when, one in zip(times, said, strict=True)), *again])
    found = proposed(path)
    (question,) = (one for one in found.questions if one.id == "sent_again")
    assert question.proposal == "left-out"
    answers = {one.id: one.proposal for one in found.questions if one.id != "sent_again"}
    counts = [len(normalised(path, settle(found, answers | {"sent_again": word})).frames["answers"]) for word in ("left-out", "kept")]
    assert counts == [14, 15]
