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


def surveymonkey(path: Path) -> Path:
    own = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name", "Custom Data 1"]
    over = [*own, "What brought you?", "", "", "How far do you agree?", "", "What should we change?"]
    under = [*([""] * len(own)), "The food", "The company", "Other (please specify)", "I feel at home", "I wait too long"]
    under += ["Open-Ended Response"]
    steps, rows = ["Strongly agree", "Agree", "Disagree", "Strongly disagree"], []
    for place in range(24):
        when = f"09/{place % 24 + 1:02}/2027 10:{place:02}:00 AM"
        mail = "same@example.org" if place in (5, 17) else f"a{place}@example.org" if place % 4 == 0 else ""
        said = "TEST please ignore" if place == 0 else "more chairs" if place % 6 == 0 else ""
        ticks = ["The food" if place % 2 else "", "The company" if place % 3 else "", ""]
        own_cells = [str(118400000000 + place), f"4200{place % 2}", when, when, "192.0.2.1", mail, "", ""]
        rows.append([*own_cells, *ticks, steps[place % 4], steps[(place + 1) % 4], said])
    return sheet(path, [over, under, *rows])


def test_surveymonkey_says_a_question_once_over_its_answers_and_who_tried_it_or_answered_twice_counts_once(tmp_path: Path) -> None:
    found = proposed(surveymonkey(tmp_path / "Dinner guests 2027.csv"))
    assert [question.id for question in found.questions] == ["same_address"]
    decided = {one.what: one.value for one in found.decided if one.id.startswith(("item.", "group."))}
    assert decided["What brought you?"] == "multiple"
    assert decided["How far do you agree? - I wait too long"] == "likert"
    assert decided["What should we change? (open-ended)"] == "open"
    answers = normalised(found.path, settle(found, {"same_address": "left-out"})).frames["answers"]
    # 24 without the one who tried the form; of two answers from one address the later one holds.
    assert len(answers) == 22
    assert not answers.astype(str).apply(lambda column: column.str.contains("ignore|example")).to_numpy().any()
    assert len(normalised(found.path, settle(found, {"same_address": "kept"})).frames["answers"]) == 23


def test_connections_with_a_case_and_no_teller_count_each_case_once(tmp_path: Path) -> None:
    rows = [["welcome", "belonging", "directed", "+", f"C{place}"] for place in range(6)] + [["wait", "belonging", "directed", "-", "C1"]]
    path = sheet(tmp_path / "kumu_2027.csv", [["From", "To", "Direction", "Polarity", "Source case"], *rows, rows[0]])
    read = normalised(path, settle(proposed(path, kind="mappings"))).frames["mappings"]
    assert Counter(read["direction"]) == {"promotes": 6, "hinders": 1}
    assert sorted(set(read["informant"])) == [f"C{place}" for place in range(6)]


def test_who_was_referred_and_has_not_begun_stays_and_a_double_row_counts_once(tmp_path: Path) -> None:
    head = ["Cook no.", "Referral date", "Accepted", "Start", "End", "Reason for ending", "Site"]
    months = [f"2027-{place % 9 + 1:02}" for place in range(14)]
    rows = [[f"LR-{n:03}", f"{month}-03", "Yes", f"{month}-20", "", "", "Mill Lane"] for n, month in enumerate(months)]
    rows += [["LR-020", "2027-08-01", "No", "", "", "", "Mill Lane"]]
    rows += [["LR-021", "2027-10-20", "Yes", "2027-11-20", "", "", "Mill Lane"], rows[3]]
    found = proposed(sheet(tmp_path / "referrals 31-10-2027.csv", [head, *rows]), kind="matches")
    read = normalised(found.path, settle(found)).frames["matches"]
    assert len(read) == 16
    assert read["start"].tolist().count("") == 2
    assert read["referred"].tolist()[-1] == "2027-10-20"


def test_three_times_side_by_side_are_three_surveys_and_a_column_may_be_called_kind(tmp_path: Path) -> None:
    times, words = ["entry", "exit", "six months"], ["I can cook a meal", "I eat alone often"]
    head = ["Participant no.", *(f"{question} ({time})" for time in times for question in words)]
    steps = ["Completely", "Mostly", "Partly", "A little", "Not at all"]
    rows = [[f"P{place:02}", *(steps[(place + shift) % 5] for shift in range(6))] for place in range(12)]
    found = proposed(sheet(tmp_path / "cooks 2027.csv", [head, *rows]))
    assert found.questions == ()
    assert [one.decisions["occasion"] for one in each_occasion(settle(found))] == ["before", "after", "6m"]
    scale = next(one.value for one in found.decided if one.id.startswith("scale."))
    assert scale == steps
    complaints = sheet(tmp_path / "complaints.csv", [["date", "kind", "settled"], *[["2027-01-02", f"Food {n}", "yes"] for n in range(5)]])
    assert "kind" in normalised(complaints, settle(proposed(complaints, kind="register"))).frames["register"].columns
